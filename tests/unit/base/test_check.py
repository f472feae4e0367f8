"""check_table: the dictionary's columns, types and order, and everything that is wrong at once."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.check import (
    check_references,
    check_table,
    describe_column,
    find_out_of_bounds,
    list_unknown,
    make_empty,
)
from dehliz.base.schema import list_tables, read_spec
from dehliz.base.sheet import Sheet

NODE = read_spec("node")


def nodes(**columns: list[str]) -> pd.DataFrame:
    cells = {
        "node_id": ["a", "b"],
        "name": ["A", "B"],
        "country_id": ["KZ", "AZ"],
        "lon_deg": ["71.4", "49.9"],
        "lat_deg": ["51.1", "40.4"],
        "kind": ["city", "port"],
    }
    return pd.DataFrame(cells | columns, dtype="str")


def test_good_table_has_the_dictionarys_columns_and_types() -> None:
    typed, issues = check_table(nodes(), NODE, "node.csv")
    assert issues == []
    assert tuple(typed.columns) == NODE.column_names
    assert typed["lon_deg"].dtype == np.float64
    assert typed["unlocode"].tolist() == ["", ""]


def test_checking_twice_changes_nothing() -> None:
    once, _ = check_table(nodes(), NODE, "node.csv")
    twice, issues = check_table(once, NODE, "node.csv")
    assert issues == []
    pd.testing.assert_frame_equal(once, twice)


def test_input_is_left_alone() -> None:
    frame = nodes(lon_deg=["x", "y"])
    before = frame.copy()
    check_table(frame, NODE, "node.csv")
    pd.testing.assert_frame_equal(frame, before)


def test_all_faults_come_at_once() -> None:
    frame = nodes(lon_deg=["x", "200"], kind=["town", "port"], node_id=["a", "a"], country_id=["", "AZ"])
    _, issues = check_table(frame, NODE, "node.csv", (2, 3))
    assert sorted(issue.rule for issue in issues) == [
        "node.country_id.present",
        "node.kind.choice",
        "node.lon_deg.bounds",
        "node.lon_deg.type",
        "node.node_id.unique",
    ]


def test_faulty_number_is_nan_afterwards() -> None:
    typed, _ = check_table(nodes(lon_deg=["x", "200"]), NODE, "node.csv")
    assert typed["lon_deg"].isna().all()


def test_many_rows_are_one_issue() -> None:
    frame = pd.concat([nodes(lon_deg=["x", "y"])] * 100, ignore_index=True)
    frame["node_id"] = [f"n{row}" for row in range(200)]
    _, issues = check_table(frame, NODE, "node.csv", range(2, 202))
    assert len(issues) == 1
    assert "and 195 more" in str(issues[0])
    assert len(issues[0].ids) == 200


def test_missing_column_names_the_nearest() -> None:
    frame = nodes().rename(columns={"lon_deg": "lon_degr"})
    _, issues = check_table(frame, NODE, "node.csv")
    assert [issue.rule for issue in issues] == ["node.lon_deg.present"]
    assert "'lon_degr' to 'lon_deg'" in issues[0].remedy


def test_unknown_column_that_resembles_nothing_is_no_fault() -> None:
    frame = nodes().assign(population="1")
    assert check_table(frame, NODE, "node.csv")[1] == []
    assert list_unknown(list(frame.columns), NODE) == ["population"]


def test_unknown_column_like_a_present_one_is_no_fault() -> None:
    assert check_table(nodes().assign(names="1"), NODE, "node.csv")[1] == []


def test_unknown_column_like_a_missing_optional_one_is_a_fault() -> None:
    _, issues = check_table(nodes().assign(unlocodes="KZAAU"), NODE, "node.csv")
    assert [issue.rule for issue in issues] == ["node.unlocodes.known"]


@pytest.mark.parametrize("table", list_tables())
def test_empty_table_passes(table: str) -> None:
    spec = read_spec(table)
    typed, issues = check_table(make_empty(spec), spec, table)
    assert issues == []
    assert tuple(typed.columns) == spec.column_names


@pytest.mark.parametrize("table", list_tables())
def test_every_column_can_be_described(table: str) -> None:
    for column in read_spec(table).columns:
        assert describe_column(column).endswith("needed")
        assert describe_column(column)[0].isupper()


def test_bounds_are_inclusive() -> None:
    column = NODE.column("lat_deg")
    assert find_out_of_bounds(pd.Series([-90.0, 90.0, np.nan]), column) == {}
    assert list(find_out_of_bounds(pd.Series([-90.001, 90.001]), column)) == [0, 1]


def _sheets(countries: list[str]) -> dict[str, Sheet]:
    country = pd.DataFrame({"country_id": countries, "name": countries}, dtype="str")
    return {
        name: Sheet(read_spec(name), check_table(frame, read_spec(name), name)[0], name)
        for name, frame in (("node", nodes()), ("country", country))
    }


def test_reference_to_a_missing_row_is_found() -> None:
    (issue,) = check_references(_sheets(["KZ"]))
    assert (issue.rule, issue.ids) == ("node.country_id.refers", ("b",))


def test_reference_to_a_table_that_is_not_given_is_left_alone() -> None:
    sheets = _sheets(["KZ", "AZ"])
    assert check_references({"node": sheets["node"]}) == []


def test_reference_to_a_table_that_was_lost_is_left_alone() -> None:
    assert check_references(_sheets(["KZ"]), lost={"country"}) == []


def test_empty_reference_is_no_reference() -> None:
    spec = read_spec("tariff")
    cells = {"tariff_id": ["t"], "mode_id": ["road"], "load_unit": ["teu"], "basis": ["fact"]}
    tariff = Sheet(spec, check_table(pd.DataFrame(cells, dtype="str"), spec, "tariff")[0], "tariff")
    assert check_references({"tariff": tariff, **_sheets(["KZ", "AZ"])}) == []


def test_words_of_other_makers_are_not_turned_round() -> None:
    columns = ["link_id", "init_node", "term_node", "directed", "mode_id", "length_km"]
    frame = pd.DataFrame([["a", "x", "y", "false", "road", "1"]], columns=columns)
    _, issues = check_table(frame, read_spec("link"), "link.csv")
    told = " ".join(str(issue) for issue in issues)
    assert "'init_node' to 'from_node_id'" in told
    assert "'term_node' to 'to_node_id'" in told
