"""Scenarios on corridor3: what each change does, and that the base stays as it is."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import LookupFailed, ScenarioError
from dehliz.network.changes import (
    AddRows,
    Change,
    Close,
    Open,
    PutInService,
    RemoveRows,
    Scale,
    Scenario,
    SetValue,
    make_rows,
)
from dehliz.network.network import Network
from dehliz.network.scenario import Applied, apply, avoid_countries, close_all, open_all, resolve
from dehliz.network.scenario_year import select_year

NEW_LINK = {
    "link_id": "xa_west_gate_new", "from_node_id": "west", "to_node_id": "gate", "directed": False,
    "mode_id": "rail_1435", "country_id": "XA", "length_km": 285.0, "speed_km_h": 100, "status": "open",
    "length_basis": "graph",
}  # fmt: skip


def run(network: Network, *changes: Change) -> Applied:
    return apply(Scenario("test", changes), network)


def open_rows(network: Network) -> set[str]:
    return {
        str(row_id)
        for name in ("link", "terminal", "service_leg")
        for row_id in network.table(name)[f"{name}_id"][network.table(name)["status"] == "open"]
    }


def cell(frame: pd.DataFrame, key: str, column: str) -> object:
    return frame.loc[frame.iloc[:, 0] == key, column].iat[0]


def test_closing_closes_what_is_named(corridor3: Network) -> None:
    closed = run(corridor3, Close(link_ids=("xa_gate_mark",), terminal_ids=("quay_road_ship",)))
    assert open_rows(corridor3) - open_rows(closed.network) == {"xa_gate_mark", "quay_road_ship"}
    assert closed.notes == ("closed xa_gate_mark, quay_road_ship",)
    assert closed.network.notes == ("scenario test: closed xa_gate_mark, quay_road_ship",)


def test_closing_a_country_leaves_the_sea_and_the_others(corridor3: Network) -> None:
    closed = run(corridor3, Close(country_ids=("XB",))).network
    assert open_rows(closed) == {
        "xa_gate_mark", "xa_west_gate", "xa_west_mark_road", "gate_gauge", "ferry_quay_haven", "roro_quay_haven",
    }  # fmt: skip


def test_closing_then_opening_gives_the_base_again(corridor3: Network) -> None:
    ids = ("xb_mark_quay",)
    assert (
        run(corridor3, Close(link_ids=ids), Open(link_ids=ids)).network.fingerprint == corridor3.fingerprint
    )


def test_opening_a_country_builds_nothing(corridor3: Network) -> None:
    opened = run(corridor3, Close(country_ids=("XB",)), Open(country_ids=("XB",))).network
    assert "xb_mark_quay_fast" not in open_rows(opened)
    assert open_rows(opened) == open_rows(corridor3)


def test_planned_things_open_by_their_own_id(corridor3: Network) -> None:
    assert "xb_mark_quay_fast" in open_rows(run(corridor3, Open(link_ids=("xb_mark_quay_fast",))).network)


@pytest.mark.parametrize(("year", "is_open"), [(2025, False), (2027, False), (2028, True), (2035, True)])
def test_project_is_in_service_from_its_year(corridor3: Network, year: int, is_open: bool) -> None:
    done = PutInService(("xb_mark_quay_fast",), 2028)
    first = run(select_year(corridor3, year), done).network
    later = select_year(run(corridor3, done).network, year)
    assert ("xb_mark_quay_fast" in open_rows(first)) is is_open
    assert open_rows(first) == open_rows(later)


def test_change_survives_a_year_chosen_later(corridor3: Network) -> None:
    closed = select_year(run(corridor3, Close(link_ids=("xa_gate_mark",))).network, 2025)
    opened = select_year(run(corridor3, Open(link_ids=("xb_mark_quay_fast",))).network, 2025)
    assert "xa_gate_mark" not in open_rows(closed)
    assert "xb_mark_quay_fast" in open_rows(opened)


def test_scaling_named_rows(corridor3: Network) -> None:
    changed = run(corridor3, Scale("link", "speed_km_h", 0.5, ("xa_west_gate",))).network
    assert cell(changed.link, "xa_west_gate", "speed_km_h") == 25
    assert cell(changed.link, "xa_gate_mark", "speed_km_h") == 40


def test_scaling_all_rows_leaves_absence_alone(corridor3: Network) -> None:
    changed = run(corridor3, Scale("link", "capacity_veh_d", 2.0)).network
    before = corridor3.link["capacity_veh_d"].to_numpy()
    assert np.array_equal(changed.link["capacity_veh_d"].to_numpy(), 2 * before, equal_nan=True)


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        (Scale("link", "speed_km_h", 0.5, country_ids=("XB",)),
         ["xb_mark_quay", "xb_mark_quay_fast", "xb_mark_quay_road"]),
        (Scale("link", "speed_km_h", 0.5, country_ids=("XA",), mode_ids=("road",)), ["xa_west_mark_road"]),
        (Scale("link", "speed_km_h", 0.5, node_ids=("gate",)), ["xa_gate_mark", "xa_west_gate"]),
        (Scale("service_leg", "time_h", 2.0, passage_ids=("narrows",)), ["roro_quay_haven"]),
        (Scale("terminal", "handling_time_h", 2.0, country_ids=("XB",), mode_ids=("rail_1520",)),
         ["mark_rail_ab", "mark_rail_ba", "quay_rail_ship"]),
        (Scale("terminal", "handling_time_h", 2.0, ids=("mark_rail_ab",), node_ids=("mark",)), ["mark_rail_ab"]),
        (Scale("tariff", "rate_usd_teu_km", 2.0, mode_ids=("rail_1520",)), ["rail_1520_teu"]),
    ],
)  # fmt: skip
def test_scaling_by_what_a_row_is(corridor3: Network, change: Scale, ids: list[str]) -> None:
    after, before = run(corridor3, change).network.table(change.table), corridor3.table(change.table)
    column = before[change.column]
    differs = after[change.column].ne(column) & column.notna()
    assert before.iloc[:, 0][differs].tolist() == ids
    assert (after[change.column][differs] == change.factor * column[differs]).all()


def test_setting_numbers_text_and_absence(corridor3: Network) -> None:
    changed = run(
        corridor3,
        SetValue("link", "speed_km_h", ("xa_west_gate",), 80),
        SetValue("node", "name", ("gate",), "Gateway"),
        SetValue("link", "capacity_veh_d", ("xa_gate_mark",), ""),
        SetValue("terminal", "directed", ("gate_gauge",), True),
    ).network
    assert cell(changed.link, "xa_west_gate", "speed_km_h") == 80
    assert cell(changed.node, "gate", "name") == "Gateway"
    assert np.isnan(cell(changed.link, "xa_gate_mark", "capacity_veh_d"))  # type: ignore[call-overload]
    assert cell(changed.terminal, "gate_gauge", "directed")
    for table in ("link", "terminal"):
        assert list(changed.table(table).dtypes) == list(corridor3.table(table).dtypes)


def test_changed_value_is_called_an_assumption(corridor3: Network) -> None:
    changed = run(corridor3, SetValue("link", "length_km", ("xa_west_gate",), 290)).network
    row = changed.value.iloc[0]
    assert (row["row_id"], row["column_name"], row["value"], row["basis"]) == (
        "xa_west_gate", "length_km", "290", "assumption",
    )  # fmt: skip
    assert row["rule"].startswith("scenario: ")
    assert len(changed.value) == len(corridor3.value)


def test_added_rows_stand_in_order_with_their_provenance(corridor3: Network) -> None:
    changed = run(corridor3, AddRows("link", make_rows([NEW_LINK]))).network
    assert changed.link["link_id"].tolist() == sorted(changed.link["link_id"])
    assert cell(changed.link, "xa_west_gate_new", "length_km") == 285
    added = changed.value[changed.value["row_id"] == "xa_west_gate_new"]
    assert set(added["column_name"]) == {"length_km", "speed_km_h"}
    assert set(added["basis"]) == {"assumption"}


def test_later_change_may_name_an_added_row(corridor3: Network) -> None:
    changed = run(
        corridor3,
        AddRows("link", make_rows([NEW_LINK])),
        Scale("link", "speed_km_h", 0.5, ("xa_west_gate_new",)),
    ).network
    assert cell(changed.link, "xa_west_gate_new", "speed_km_h") == 50


def test_removed_rows_take_their_line_and_provenance_with_them(corridor3: Network) -> None:
    changed = run(
        corridor3, AddRows("link", make_rows([NEW_LINK])), RemoveRows("link", ("xa_west_gate",))
    ).network
    assert "xa_west_gate" not in set(changed.link["link_id"])
    assert "xa_west_gate" not in set(changed.value["row_id"])
    assert "xa_west_gate" not in set(changed.shape["row_id"])


def test_resolving_changes_nothing_and_tells_all(corridor3: Network) -> None:
    scenario = Scenario(
        "test", (Close(link_ids=("nope",)), Scale("link", "speed", 2.0), Open(country_ids=("XA",)))
    )
    assert [issue.rule for issue in resolve(scenario, corridor3)] == [
        "scenario.ids.known", "scenario.column.known", "scenario.change.effect",
    ]  # fmt: skip
    with pytest.raises(ScenarioError) as caught:
        apply(scenario, corridor3)
    assert len(caught.value.issues) == 3


def test_scenario_can_be_used_twice(corridor3: Network) -> None:
    scenario = Scenario("test", (Scale("terminal", "handling_time_h", 0.5),))
    assert resolve(scenario, corridor3) == []
    assert apply(scenario, corridor3).network.fingerprint == apply(scenario, corridor3).network.fingerprint


def test_no_changes_no_difference(corridor3: Network) -> None:
    assert run(corridor3).network.fingerprint == corridor3.fingerprint


def test_ids_of_any_kind_close(corridor3: Network) -> None:
    changes = close_all(
        corridor3, ["xa_gate_mark", "quay_rail_ship", "roro_quay_haven", "gate", "XC", "narrows"]
    )
    assert changes == (
        Close(("xa_gate_mark",), ("quay_rail_ship",), ("roro_quay_haven",), ("gate",), ("XC",), ("narrows",)),
    )


def test_kind_may_be_said(corridor3: Network) -> None:
    assert close_all(corridor3, ["passage:narrows"]) == (Close(passage_ids=("narrows",)),)
    with pytest.raises(LookupFailed, match="'country:narrows'"):
        close_all(corridor3, ["country:narrows"])


def test_no_ids_no_change(corridor3: Network) -> None:
    assert close_all(corridor3, []) == ()


def test_unknown_id_gets_the_nearest(corridor3: Network) -> None:
    with pytest.raises(LookupFailed, match="Did you mean 'xa_gate_mark'"):
        open_all(corridor3, ["xa_gate_marc"])


def test_opening_ids(corridor3: Network) -> None:
    opened = run(corridor3, *open_all(corridor3, ["xb_mark_quay_fast"])).network
    assert "xb_mark_quay_fast" in open_rows(opened)


def test_avoiding_countries(corridor3: Network) -> None:
    assert avoid_countries(corridor3, ["XB"]) == (Close(country_ids=("XB",)),)
    with pytest.raises(LookupFailed):
        avoid_countries(corridor3, ["RU"])
