"""Reading the bundled tables on trust gives what checking them gives."""

import pandas as pd
import pytest

from dehliz.eurasia.load import load, read_reference
from dehliz.network.network import TABLES


@pytest.mark.parametrize("table", TABLES)
def test_trusted_tables_equal_checked_ones(table: str) -> None:
    pd.testing.assert_frame_equal(load(None).table(table), load(None, check=True).table(table))


def test_references_are_not_empty() -> None:
    assert len(read_reference("time_reference")) > 25
    assert len(read_reference("length_reference")) > 5
