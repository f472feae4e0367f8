"""Files that a command is asked to write: refused before any work when they cannot be, and never half-written."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from dehliz.base.errors import StoreError, quote

_DEVICES = (Path("/dev"), Path("/proc"))
"""Folders in which a link to a file is no file of the user's, such as ``/dev/stdout``."""


def check_file(option: str, path: Path, ending: str = "") -> None:
    """Refuse a file that cannot be written.

    Parameters
    ----------
    option : str
        Option that names the file, such as ``--flows``.
    path : Path
        The file; it need not exist.
    ending : str
        Ending that its name must have, such as ``.svg``; any when empty.

    Raises
    ------
    StoreError
        When it is a folder or a device, or stands in no folder that can be written to.
    """
    if path.is_dir():
        raise StoreError(f"Option {option}: {path} is a folder. A file is needed. Give another name.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"Option {option}: there is no folder {path.parent}. It is needed. Make it first.")
    try:
        place = path.resolve()
    except (OSError, RuntimeError):  # the latter until Python 3.12
        place = path
    if place.is_symlink():
        raise StoreError(
            f"Option {option}: {path} is a link that leads to itself. A file is needed. Remove the link, or give "
            "another name."
        )
    if not place.parent.is_dir():
        raise StoreError(
            f"Option {option}: {path} is a link into {place.parent}, and there is no such folder. It is needed. "
            "Make it first."
        )
    is_linked_device = path.is_symlink() and folder.resolve() in _DEVICES
    if is_linked_device or (path.exists() and not path.is_file()):
        raise StoreError(f"Option {option}: {path} is a device. A file is needed. Give another name.")
    if not os.access(place.parent, os.W_OK):
        raise StoreError(
            f"Option {option}: nothing can be written into the folder {path.parent}. The file is put there. "
            "Change its permissions, or give another folder."
        )
    if ending and path.suffix.lower() != ending:
        raise StoreError(
            f"Option {option}: {quote(path.name)} was given. It is a file of the form {ending}. Give it that ending."
        )


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file aside and put it in its place at once, so that it is never half a file.

    Parameters
    ----------
    path : Path
        The file; a link to a file stays one.
    write : callable
        Writes everything into the file that it is given.
    """
    place = path.resolve()
    handle, aside = tempfile.mkstemp(prefix=".dehliz-", suffix=place.suffix, dir=place.parent)
    os.close(handle)
    try:
        write(Path(aside))
        Path(aside).chmod(0o644)
        Path(aside).replace(place)
    finally:
        Path(aside).unlink(missing_ok=True)
