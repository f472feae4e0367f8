"""The versions that decide what a run's numbers are: equal in every process of an ensemble, or it does not take part.

The file before is ``study/ensemble_job.py``.
"""

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Final

from dehliz.base.errors import StoreError
from dehliz.version import __version__

PACKAGES: Final = ("numpy", "scipy", "numba", "highspy", "pandas", "pyarrow")
"""Packages that compute or write."""


@cache
def read_environment() -> dict[str, str]:
    """Versions of Dehliz, of its source text, of Python and of the packages that compute."""
    found = {
        "dehliz": __version__,
        "source": _hash_source(),
        "python": ".".join(map(str, sys.version_info[:2])),
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def _hash_source() -> str:
    """First 16 digits of SHA-256 over the package's files in Python, CSV and TOML, by their paths."""
    root = Path(str(files("dehliz")))
    total = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".csv", ".toml")):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest())
    return total.hexdigest()[:16]


def check_environment(needed: dict[str, str], who: str) -> None:
    """Refuse a process whose versions are not those of the ensemble.

    Parameters
    ----------
    needed : dict of str to str
        Versions of the ensemble.
    who : str
        Who is refused, such as ``This worker``.

    Raises
    ------
    StoreError
        With every difference.
    """
    found = read_environment()
    wrong = [name for name in sorted({*needed, *found}) if needed.get(name) != found.get(name)]
    if wrong:
        told = ", ".join(
            f"{name} {found.get(name, 'none')} instead of {needed.get(name, 'none')}" for name in wrong
        )
        raise StoreError(
            f"{who} has other versions than the ensemble was begun with: {told}. Runs of different versions are not "
            "put into one table. Use the same versions, or begin a new ensemble in another folder."
        )
