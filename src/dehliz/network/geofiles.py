"""Geo."""

from pathlib import Path

from dehliz.network.network import Network


def has_geometry(folder: Path) -> bool:
    return False


def read_geopackage(folder: Path, name: str) -> Network:
    raise NotImplementedError


def read_geoparquet(folder: Path, name: str) -> Network:
    raise NotImplementedError


def write_geopackage(network: Network, folder: Path) -> Path:
    raise NotImplementedError


def write_geoparquet(network: Network, folder: Path) -> Path:
    raise NotImplementedError
