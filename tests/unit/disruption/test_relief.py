"""Ways of relief beside the planner's own answers, and by hand on the example corridor."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import LookupFailed, SettingsError
from dehliz.base.schema import read_spec
from dehliz.disruption.gateways import find_gateways, start_at
from dehliz.disruption.ground import Ground, load_tables, prepare_ground
from dehliz.disruption.inbound import find_blocked, time_inbound
from dehliz.disruption.relief import Relief, relief
from dehliz.eurasia.load import load, read_reference
from dehliz.graph.price_loads import LoadTables
from dehliz.graph.shipment import read_shipment
from dehliz.network.changes import Scenario
from dehliz.network.network import Network
from dehliz.network.scenario import apply, open_all
from dehliz.routing.planner import Planner, prepare

ORIGINS = ("Moscow", "Tehran", "Ankara", "Aktau")


@pytest.fixture(scope="module")
def planner() -> Planner:
    network = load(2024)
    return prepare(network, read_shipment(network, segment="container_high_value"))


def fastest_h(planner: Planner, origin: str, place: str, without: tuple[str, ...]) -> float:
    found = planner.find(planner.ask(origin, place, without=without))
    return float(found.total(planner.costs.time_h).min()) if len(found) else np.nan


@pytest.mark.parametrize("without", [(), ("red_bridge", "sadakhlo"), ("mode:road", "lars"), ("alat",)])
def test_times_are_those_of_the_planner(planner: Planner, without: tuple[str, ...]) -> None:
    ways = relief("Tbilisi", without=without, origins=ORIGINS).tables["relief_way"]
    assert len(ways) == len(ORIGINS)
    for row in ways.itertuples():
        assert row.time_h == pytest.approx(
            fastest_h(planner, row.gateway_id, "tbilisi", without), nan_ok=True
        )
        assert row.before_time_h == pytest.approx(fastest_h(planner, row.gateway_id, "tbilisi", ()))
        assert row.status == ("longer" if row.time_h > row.before_time_h + 1e-6 else "open")


@pytest.fixture(scope="module")
def yerevan() -> Relief:
    """Georgia's posts towards Armenia are shut, and what leads to Iran."""
    return relief("Yerevan", without=["sadakhlo", "ayrum", "norduz"])


def test_a_place_that_is_shut_in_has_no_way(yerevan: Relief) -> None:
    assert yerevan.status == "no_way"
    assert "No gateway reaches the place" in yerevan.reason
    assert "shut: " in yerevan.reason
    ways, total = yerevan.tables["relief_way"], yerevan.tables["relief_total"].set_index("moment")
    assert set(ways["status"]) == {"cut_off", "never"}
    assert ways["time_h"].isna().all()
    assert total.loc["after", ["gateway_count", "disjoint_count", "known_t_d"]].tolist() == [0, 0, 0.0]
    assert total.loc["before", "gateway_count"] > 5
    for name, table in yerevan.tables.items():
        assert list(table) == list(read_spec(name).column_names)


def test_what_blocks_is_what_was_shut(yerevan: Relief) -> None:
    graph = prepare_ground(load(2024), load_tables(2024)).graph
    near = {graph.node_ids.index(one) for one in ("sadakhlo", "ayrum", "norduz")}
    touches = np.isin(graph.vertex_node[graph.tail], list(near)) | np.isin(
        graph.vertex_node[graph.head], list(near)
    )
    barred = {graph.row_id(arc) for arc in np.flatnonzero(touches).tolist()}
    ways = yerevan.tables["relief_way"]
    lost = ways[ways["status"] == "cut_off"]
    assert len(lost) > 3
    for row in lost.itertuples():
        assert set(str(row.blocked_ids).split(";")) <= barred
        assert row.blocked_ids


def test_opening_what_blocks_opens_a_way() -> None:
    """Margara is closed in 2024: relief from Turkey's side names it, and a scenario that opens the rows gives a way."""
    ways = relief("Yerevan").tables["relief_way"].set_index(["gateway_id", "country_id"])
    row = ways.loc["margara", "TR"]
    assert row["status"] == "never"
    network = load(2024)
    ids = str(row["blocked_ids"]).split(";")
    after = apply(Scenario("margara", open_all(network, ids)), network).network
    answer = relief("Yerevan", after=after).tables["relief_way"].set_index(["gateway_id", "country_id"])
    assert answer.loc["margara", "TR"]["status"] == "open"
    assert np.isnan(answer.loc["margara", "TR"]["before_time_h"])


def test_all_gateways_together_carry_what_their_cut_does() -> None:
    answer = relief("Dushanbe")
    total = answer.tables["relief_total"].set_index("moment")
    cut = answer.tables["cut"].set_index("kind")
    assert total.loc["after", "known_t_d"] == cut.loc["capacity", "known_t_d"]
    assert total.loc["after", "section_count"] == cut.loc["capacity", "section_count"]
    assert total.loc["before"].tolist() == [
        "before" if name == "moment" else value for name, value in total.loc["after"].items()
    ]
    ways = answer.tables["relief_way"]
    assert ways["time_h"].is_monotonic_increasing


def test_an_origin_that_is_cut_off_is_told() -> None:
    """Aktau loads on rails, on trucks and aboard: with its node shut nothing leaves it."""
    answer = relief("Baku", without=["aktau"], origins=["Aktau", "Tbilisi"])
    ways = answer.tables["relief_way"].set_index("gateway_id")
    assert ways["status"].to_dict() == {"tbilisi": "open", "aktau": "cut_off"}
    assert answer.status == "cut_off"
    assert answer.reason == "No way is left from aktau"
    assert ways.loc["aktau", "reason"].startswith("shut: loading at Aktau")


@pytest.mark.parametrize("place", ["Vienna", "Baku", "Aktau"])
def test_without_an_event_nothing_changes(place: str) -> None:
    """Vienna has Bratislava as a border and as a capital: each is compared with itself."""
    answer = relief(place)
    ways = answer.tables["relief_way"]
    assert not ways.duplicated(["gateway_id", "kind", "country_id"]).any()
    assert set(ways["status"]) <= {"open", "never"}
    pd.testing.assert_series_equal(ways["time_h"], ways["before_time_h"], check_names=False)
    before, after = answer.tables["relief_total"].drop(columns="moment").to_dict("records")
    assert before == after


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(SettingsError, match="struck place itself"):
        relief("Baku", origins=["Baku", "Tbilisi"])
    with pytest.raises(LookupFailed, match="'gold' is not known"):
        relief("Baku", segment="gold")
    with pytest.raises(LookupFailed, match="--without: 'nowhere'"):
        relief("Baku", without=["nowhere"])


@pytest.fixture
def ground(corridor3: Network) -> Ground:
    capacity = ["table_name", "row_id", "facility_id", "capacity_t_a", "direction", "basis"]
    background = ["table_name", "row_id", "volume_t_a", "direction"]
    tables = LoadTables(
        pd.DataFrame([], columns=capacity), pd.DataFrame([], columns=background), read_reference("delay")
    )
    return prepare_ground(corridor3, tables, "containers")


def test_ways_from_a_border_by_hand(corridor3: Network, ground: Ground) -> None:
    """From the far side of Mark by road: border inbound 1 + 9, 350 km at 70 km/h, unloading 1 h at Westburg."""
    (gateway,) = [one for one in find_gateways(ground.graph, corridor3, "XA") if one.kind == "border"]
    posts = corridor3.terminal.set_index("terminal_id").loc["mark_road_ba"]
    border_h = posts["handling_time_h"] + posts["waiting_time_h"]
    inbound = time_inbound(ground, "west")
    assert inbound.reach_h(gateway) == pytest.approx(border_h + 350 / 70 + 1.0)
    assert {ground.graph.row_id(arc) for arc in inbound.way(gateway).tolist()} - {""} == {
        "mark_road_ba", "xa_west_mark_road", "west_road",
    }  # fmt: skip


def test_the_fewest_rows_that_block_are_told(corridor3: Network, ground: Ground) -> None:
    """Both ferries and one railway shut: the ro-ro alone would do, as the road is open."""
    graph = ground.graph
    shut = {"ferry_quay_haven", "roro_quay_haven", "xa_gate_mark"}
    after = ground.without(np.array([graph.row_id(arc) in shut for arc in range(graph.n_arc)]))
    west = start_at(graph, corridor3, "west")
    assert not np.isfinite(time_inbound(after, "haven").reach_h(west))
    (blocked,) = find_blocked(after, ground, [west], "haven")
    assert blocked.row_ids == ("roro_quay_haven",)
    assert blocked.reason == "shut: Ro-ro Quay - Haven"


def test_what_was_never_open_is_the_last_to_be_named(corridor3: Network, ground: Ground) -> None:
    """The planned fast line would be the shorter way round; what the event shut is named before it."""
    graph = ground.graph
    shut = {"xb_mark_quay", "xb_mark_quay_road"}
    after = ground.without(np.array([graph.row_id(arc) in shut for arc in range(graph.n_arc)]))
    (blocked,) = find_blocked(after, ground, [start_at(graph, corridor3, "west")], "haven")
    assert blocked.row_ids in (("xb_mark_quay",), ("xb_mark_quay_road",))
