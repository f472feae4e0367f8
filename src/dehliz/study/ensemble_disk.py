"""What an ensemble does on disk: files put in their place whole, and what is said when the disk refuses.

Everything goes through calls of ``os``, so that tests can fail each of them in turn. The next file is
``study/ensemble_member.py``.
"""

import errno
import io
import os
import secrets
from pathlib import Path
from typing import Any, Final

from dehliz.base.errors import StoreError

ASIDE: Final = ".tmp"
"""Ending of everything that is not whole yet."""

_NEW: Final = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
_PERMISSION: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class AsideFile(io.RawIOBase):
    """A new file that is written piece by piece."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._handle = os.open(path, _NEW | os.O_TRUNC, 0o644)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: Any) -> int:
        """Write all of a piece."""
        content = memoryview(piece).cast("B")
        write_all(self._handle, content)
        return len(content)

    def close(self) -> None:
        """Have it on disk and close it; a second time nothing happens."""
        if not self.closed:
            try:
                os.fsync(self._handle)
            finally:
                os.close(self._handle)
                super().close()


def write_aside(path: Path, content: bytes) -> None:
    """Put a file in its place whole: written aside, on disk, renamed.

    Its name is on disk after ``sync_folder``, which who records the file calls first.

    Raises
    ------
    StoreError
        When the disk refuses; what was written aside is gone then.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{ASIDE}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(aside, _NEW | os.O_EXCL, 0o644)
        try:
            write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(aside, path)  # noqa: PTH105  (tests count and fail these calls)
    except OSError as error:
        remove_quietly(aside)
        raise explain(error, path, len(content)) from error


def write_all(handle: int, content: bytes | memoryview) -> None:
    """Write all of it, in as many pieces as the system takes."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk; systems that cannot open folders do it by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_quietly(path: Path) -> None:
    """Remove a file if it can be removed."""
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return


def explain(error: OSError, path: Path, needed_count: int = 0) -> StoreError:
    """What the disk refused, and what to do."""
    if error.errno in _ROOM:
        need = f"{needed_count:,} bytes are needed there. " if needed_count else ""
        return StoreError(
            f"{path}: the disk is full ({error.strerror}). {need}Runs that are done are kept. Free some room and give "
            "the same command again: it goes on where it was."
        )
    if error.errno in _PERMISSION:
        return StoreError(
            f"{path}: {error.strerror}. The folder of an ensemble must be one that can be written to. Change its "
            "permissions and give the same command again, or choose another place with --folder."
        )
    return StoreError(
        f"{path}: {error.strerror or error}. The folder of an ensemble and its disk must be readable and writable. "
        "Look at the disk and give the same command again: runs that are done are kept."
    )
