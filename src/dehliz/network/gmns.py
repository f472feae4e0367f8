"""GMNS."""

from pathlib import Path

from dehliz.network.network import Network


def is_gmns(folder: Path) -> bool:
    return False


def read_gmns(folder: Path, name: str) -> Network:
    raise NotImplementedError


def write_gmns(network: Network, folder: Path) -> Path:
    raise NotImplementedError
