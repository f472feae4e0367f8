"""One command at a time in the folder of an ensemble.

The lock is held by the system for the process, so that it is gone with the process, however that ended; what stands in
its file is only for people.
"""

import os
import platform
import sys
from pathlib import Path
from typing import Final

from dehliz.base.errors import StoreError
from dehliz.study.ensemble_disk import explain

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK: Final = "lock"


class Lock:
    """The lock of a folder, held until it is closed."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises
        ------
        StoreError
            When another command holds it, or the folder cannot be written to.
        """
        path = folder / LOCK
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise explain(error, path) from error
        try:
            _hold(self._handle)
        except OSError as error:
            holder = os.read(self._handle, 200).decode("utf-8", "replace").strip() or "another process"
            os.close(self._handle)
            if isinstance(error, BlockingIOError | PermissionError):
                raise StoreError(
                    f"{folder} is in use by {holder}. One command at a time works in the folder of an ensemble. Wait "
                    "for it to end, stop it, or choose another place with --folder."
                ) from error
            raise explain(error, path) from error
        self._sign(path)

    def _sign(self, path: Path) -> None:
        try:
            os.ftruncate(self._handle, 0)
            os.write(self._handle, f"process {os.getpid()} on {platform.node()}\n".encode())
        except OSError as error:
            self.close()
            raise explain(error, path) from error

    def close(self) -> None:
        """Give the lock back; the file stays, for removing it would let two hold it."""
        os.close(self._handle)


def _hold(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
