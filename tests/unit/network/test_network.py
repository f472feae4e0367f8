"""Network: what it holds, that it says all faults, and that nothing changes it."""

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.base.schema import read_spec
from dehliz.network.network import NEEDED_TABLES, TABLES, Network, RawTable, build_network, replace_tables

Frames = dict[str, pd.DataFrame]


def test_repr_is_one_line(corridor3: Network) -> None:
    assert repr(corridor3) == ("<Network corridor3: 5 nodes, 6 links, 7 terminals, 2 service legs, 2 zones>")


def test_tables_are_sorted_and_have_the_dictionarys_columns(corridor3: Network) -> None:
    for name in TABLES:
        frame = corridor3.table(name)
        spec = read_spec(name)
        assert tuple(frame.columns) == spec.column_names
        assert list(frame.index) == list(range(len(frame)))
        keys = [tuple(row) for row in frame[list(spec.key)].itertuples(index=False)]
        assert keys == sorted(keys)


def test_good_example_has_no_notes(corridor3: Network) -> None:
    assert corridor3.notes == ()


def test_building_again_gives_the_same(corridor3: Network, corridor3_tables: Frames) -> None:
    again = build_network(corridor3_tables)
    assert again.fingerprint == corridor3.fingerprint
    assert again.shape.equals(corridor3.shape)


def test_tables_that_come_in_are_copied(corridor3_tables: Frames) -> None:
    network = build_network(corridor3_tables)
    before = network.fingerprint
    corridor3_tables["link"].loc[0, "length_km"] = 1.0
    assert network.fingerprint == before


@pytest.mark.parametrize(
    ("table", "column"), [("link", "length_km"), ("country", "name_ka"), ("value", "rule")]
)
def test_fingerprint_sees_every_cell(corridor3_tables: Frames, table: str, column: str) -> None:
    before = build_network(corridor3_tables).fingerprint
    frame = corridor3_tables[table]
    frame.loc[0, column] = frame[column].iat[0] + 1 if column == "length_km" else "other"
    assert build_network(corridor3_tables).fingerprint != before


def test_fingerprint_leaves_drawing_name_and_notes_out(corridor3_tables: Frames) -> None:
    before = build_network(corridor3_tables).fingerprint
    del corridor3_tables["shape"]
    assert build_network(corridor3_tables, name="other", notes=["x"]).fingerprint == before


def test_optional_tables_may_be_missing(corridor3_tables: Frames) -> None:
    least = {
        name: corridor3_tables[name] for name in (*NEEDED_TABLES, "terminal", "service_leg", "departure")
    }
    network = build_network(least)
    assert network.zone.empty
    assert tuple(network.tariff.columns) == read_spec("tariff").column_names


def test_needed_tables_may_not(corridor3_tables: Frames) -> None:
    with pytest.raises(DataError) as caught:
        build_network({})
    assert [issue.rule for issue in caught.value.issues] == [f"{name}.table.rows" for name in NEEDED_TABLES]


def test_unknown_table_is_told(corridor3_tables: Frames) -> None:
    with pytest.raises(DataError, match=r"Did you mean 'zone'\?.*rule zones\.table\.known"):
        build_network({**corridor3_tables, "zones": corridor3_tables["zone"]})


def test_faults_of_all_tables_and_given_ones_come_together(corridor3_tables: Frames) -> None:
    corridor3_tables["link"].loc[0, "length_km"] = -1.0
    corridor3_tables["terminal"].loc[0, "status"] = "ready"
    corridor3_tables["zone"].loc[0, "country_id"] = "XA"
    with pytest.raises(DataError) as caught:
        build_network(corridor3_tables)
    rules = {issue.rule for issue in caught.value.issues}
    assert rules == {"link.length_km.bounds", "terminal.status.choice", "zone.country_id.node"}


def test_unused_column_is_noted(corridor3_tables: Frames) -> None:
    raw = RawTable(corridor3_tables["node"].assign(population=5), "node.csv")
    network = build_network({**corridor3_tables, "node": raw})
    assert network.notes == ("node.csv: column 'population' is not in the data dictionary and was left out",)


def test_network_is_frozen(corridor3: Network) -> None:
    with pytest.raises(FrozenInstanceError):
        corridor3.name = "other"  # type: ignore[misc]


def test_unknown_table_is_asked_for(corridor3: Network) -> None:
    with pytest.raises(DataError, match="Did you mean 'link'"):
        corridor3.table("links")


def test_replacing_sorts_and_leaves_the_old_one(corridor3: Network) -> None:
    backwards = corridor3.link.iloc[::-1].assign(status="closed")
    changed = replace_tables(corridor3, {"link": backwards}, notes=["closed all"])
    assert changed.link["link_id"].tolist() == corridor3.link["link_id"].tolist()
    assert set(changed.link["status"]) == {"closed"}
    assert changed.notes == ("closed all",)
    assert set(corridor3.link["status"]) == {"open", "planned"}
