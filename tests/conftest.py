"""Fixtures that many tests share: `corridor3`, five nodes known by hand (tests/cases/corridor3/README.md)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from dehliz.network.files import read_network
from dehliz.network.network import Network

CASES = Path(__file__).parent / "cases"


@pytest.fixture(scope="session")
def corridor3_folder() -> Path:
    return CASES / "corridor3"


@pytest.fixture(scope="session")
def gmns_folder() -> Path:
    return CASES / "gmns_small"


@pytest.fixture(scope="session")
def _corridor3(corridor3_folder: Path) -> Network:
    return read_network(corridor3_folder)


@pytest.fixture
def corridor3(_corridor3: Network) -> Iterator[Network]:
    """The example network; a test that changes it fails."""
    before = _corridor3.fingerprint
    yield _corridor3
    assert _corridor3.fingerprint == before, "the test has changed a table of corridor3"


@pytest.fixture
def corridor3_tables(_corridor3: Network) -> dict[str, pd.DataFrame]:
    """Copies of its tables, to change at will."""
    return {name: _corridor3.table(name).copy() for name in (*_corridor3.tables(), "shape")}
