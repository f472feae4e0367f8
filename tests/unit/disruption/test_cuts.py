"""Cuts and ways that share nothing on the example corridor by hand, and on Eurasia beside a linear programme."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.disruption.cuts import Sides, cut_by_capacity, tell_cuts, tell_disjoint
from dehliz.disruption.disjoint import by_node, find_disjoint_ways
from dehliz.disruption.ground import Ground, load_tables, prepare_ground
from dehliz.disruption.max_flow import MOST
from dehliz.disruption.regions import read_region
from dehliz.eurasia.load import load, read_reference
from dehliz.graph.price_loads import LoadTables
from dehliz.network.network import Network
from dehliz.routing.corridors import read_corridors
from tests.oracles.cuts import most_flow

CAPACITY = [
    ("link", "xa_west_gate", "", 365_000.0, "both"),
    ("link", "xb_mark_quay", "", 182_500.0, "both"),
    ("link", "xa_west_mark_road", "", 109_500.0, "both"),
    ("terminal", "quay_rail_ship", "quay_berths", 146_000.0, "both"),
    ("terminal", "quay_road_ship", "quay_berths", 146_000.0, "both"),
]
"""Tonnes a year: 1000, 500 and 300 t a day, and one set of berths of 400 t a day for rail ferry and ro-ro."""


def make_ground(network: Network, capacity: list[tuple[str, str, str, float, str]]) -> Ground:
    columns = ["table_name", "row_id", "facility_id", "capacity_t_a", "direction"]
    rows = pd.DataFrame(capacity, columns=columns).assign(basis="fact")
    there = ["table_name", "row_id", "volume_t_a", "direction"]
    background = pd.DataFrame([("link", "xb_mark_quay", 36_500.0, "both")], columns=there)
    return prepare_ground(network, LoadTables(rows, background, read_reference("delay")), "containers")


def make_sides(ground: Ground, source: str = "west", sink: str = "haven") -> Sides:
    ids = ground.graph.zone_ids
    start = np.array([ids.index(source)], np.int32)
    return Sides(source, sink, start, np.array([ground.graph.n_zone + ids.index(sink)], np.int32), (), ground)


def test_shared_berths_are_the_cut_and_count_once(corridor3: Network) -> None:
    tables = tell_cuts(make_sides(make_ground(corridor3, CAPACITY)))
    head = tables["cut"].set_index("kind").loc["capacity"]
    assert (head["section_count"], head["uncapped_count"], head["known_t_d"]) == (1, 0, 400.0)
    assert head["known_teu_a"] == pytest.approx(400.0 * 365 / 10)
    (row,) = tables["cut_section"][tables["cut_section"]["kind"] == "capacity"].to_dict("records")
    assert (row["table_name"], row["row_ids"]) == ("terminal", "quay_rail_ship;quay_road_ship")
    assert (row["capacity_t_d"], row["basis"]) == (400.0, "fact")
    for name, table in tables.items():
        assert list(table) == list(read_spec(name).column_names)


def test_without_berths_the_cut_is_two_lines(corridor3: Network) -> None:
    """300 t by road up to the border and 500 t by rail beyond it; 100 t of the rail are taken already."""
    cut = tell_cuts(make_sides(make_ground(corridor3, CAPACITY[:3])))
    rows = cut["cut_section"][cut["cut_section"]["kind"] == "capacity"].set_index("row_ids")
    assert rows["capacity_t_d"].to_dict() == {"xb_mark_quay": 500.0, "xa_west_mark_road": 300.0}
    assert rows["background_t_d"].to_dict() == {"xb_mark_quay": 100.0, "xa_west_mark_road": 0.0}
    assert cut["cut"].set_index("kind").loc["capacity", "known_t_d"] == 800.0


def test_a_way_of_unknown_capacity_has_no_known_end(corridor3: Network) -> None:
    cut = tell_cuts(make_sides(make_ground(corridor3, CAPACITY[:2])))
    head = cut["cut"].set_index("kind").loc["capacity"]
    assert (head["section_count"], head["uncapped_count"], head["known_t_d"]) == (2, 1, 500.0)
    unknown = cut["cut_section"][
        cut["cut_section"]["capacity_t_d"].isna() & (cut["cut_section"]["kind"] == "capacity")
    ]
    assert len(unknown) == 1
    assert unknown["basis"].tolist() == [""]


def test_rail_and_road_share_no_section_but_a_node(corridor3: Network) -> None:
    ground = make_ground(corridor3, [])
    sides = make_sides(ground)
    corridors = read_corridors(ground.graph, corridor3)
    found = find_disjoint_ways(ground, ground.by_row(), sides.source, sides.sink)
    assert found.is_proven
    tables = tell_disjoint(sides, "section", found, corridors)
    assert tables["disjoint_way"]["time_h"].tolist() == pytest.approx([58.0, 71.5])
    assert tables["disjoint_way"]["length_km"].tolist() == pytest.approx([810.0, 830.0])
    assert tables["disjoint_way"]["country_ids"].tolist() == ["XA;XB;XZ;XC", "XA;XB;XZ;XC"]
    through_mark = find_disjoint_ways(
        ground, by_node(ground, sides.source, sides.sink), sides.source, sides.sink
    )
    assert (len(through_mark.ways), through_mark.most_count) == (1, 1)
    for name, table in tables.items():
        assert list(table) == list(read_spec(name).column_names)


def test_shared_berths_are_one_section(corridor3: Network) -> None:
    ground = make_ground(corridor3, CAPACITY)
    sides = make_sides(ground)
    found = find_disjoint_ways(ground, ground.by_row(), sides.source, sides.sink)
    assert (len(found.ways), found.most_count) == (1, 1)
    assert tell_cuts(sides)["cut"].set_index("kind").loc["count", "section_count"] == 1


def test_narrowest_section_of_a_way_is_told(corridor3: Network) -> None:
    ground = make_ground(corridor3, CAPACITY[:3])
    sides = make_sides(ground)
    found = find_disjoint_ways(ground, ground.by_row(), sides.source, sides.sink)
    ways = tell_disjoint(sides, "section", found, ())["disjoint_way"]
    assert ways["capacity_t_d"].tolist() == [300.0, 500.0]
    assert ways["narrowest_ids"].tolist() == ["xa_west_mark_road", "xb_mark_quay"]


def test_what_is_cut_off_has_an_empty_cut(corridor3: Network) -> None:
    ground = make_ground(corridor3, CAPACITY)
    ground = ground.without(ground.in_countries(("XB",)))
    sides = make_sides(ground)
    cut = tell_cuts(sides)["cut"]
    assert cut["section_count"].tolist() == [0, 0]
    assert cut["known_t_d"].tolist() == [0.0, 0.0]
    assert find_disjoint_ways(ground, ground.by_row(), sides.source, sides.sink).ways == ()


@pytest.fixture(scope="module")
def eurasia() -> Ground:
    return prepare_ground(load(2024), load_tables(2024))


def between(ground: Ground, avoid: tuple[str, ...], modes: tuple[str, ...]) -> Sides:
    """Central Asia to Europe without some countries and modes."""
    graph, network = ground.graph, ground.network
    barred = ground.in_countries(avoid) | np.isin(graph.mode, [graph.mode_ids.index(one) for one in modes])
    zones = [read_region(network, one).zones(network) for one in ("central_asia", "europe")]
    source, sink = (np.flatnonzero(one).astype(np.int32) for one in zones)
    return Sides("central_asia", "europe", source, sink + graph.n_zone, avoid, ground.without(barred))


@pytest.mark.parametrize("avoid", [("RU",), ("RU", "IR"), ("RU", "CN"), ("RU", "IR", "CN")])
def test_cut_between_central_asia_and_europe_is_proven(eurasia: Ground, avoid: tuple[str, ...]) -> None:
    """A programme in which every arc of a facility knows whence and whither it leads carries as much as the cut."""
    sides = between(eurasia, avoid, ("road",))
    cut, sections = cut_by_capacity(sides)
    layout = sides.ground.layout(sections, sides.source, sides.sink)
    assert cut.uncapped_count == 0
    assert len(cut.sections)
    flow = most_flow(layout, sides.ground.capacity_t_d[sections.first_arc])
    assert cut.known_t_d == pytest.approx(flow, abs=1.0 * sections.count)
    assert cut.known_t_d == pytest.approx(flow, rel=1e-3)


def test_the_caspian_alone_is_three_sections(eurasia: Ground) -> None:
    """Without Russia, Iran and China only the two rail ferries and the boxes of Alat are left beside the trucks."""
    cut, sections = cut_by_capacity(between(eurasia, ("RU", "IR", "CN"), ("road",)))
    rows = {eurasia.graph.row_id(int(sections.first_arc[one])) for one in cut.sections}
    assert {"ferry_kuryk_alat", "ferry_turkmenbashi_alat"} < rows
    assert len(rows) == 3


def test_no_more_ways_than_the_fewest_sections(eurasia: Ground) -> None:
    """Menger: ways that share no section are as many as the sections of the smallest cut; nodes allow no more."""
    for avoid in (("RU",), ("RU", "IR", "CN")):
        sides = between(eurasia, avoid, ())
        ground = sides.ground
        found = find_disjoint_ways(ground, ground.by_row(), sides.source, sides.sink)
        heads = tell_cuts(sides)["cut"].set_index("kind")
        assert found.is_proven
        assert len(found.ways) == heads.loc["count", "section_count"]
        apart = find_disjoint_ways(
            ground, by_node(ground, sides.source, sides.sink), sides.source, sides.sink
        )
        assert 0 < len(apart.ways) <= apart.most_count <= len(found.ways) < MOST
        check_apart(ground, found.ways, ground.graph.row_id)
        check_nodes(ground, apart.ways)


def check_apart(ground: Ground, ways: tuple[np.ndarray, ...], name: Callable[[int], str]) -> None:
    seen: set[str] = set()
    for way in ways:
        assert ground.is_usable[way].all()
        assert (ground.graph.head[way[:-1]] == ground.graph.tail[way[1:]]).all()
        cuttable = [arc for arc in way.tolist() if ground.graph.table[arc] in (0, 1, 2)]
        used = {name(arc) for arc in cuttable}
        assert not used & seen
        seen |= used


def check_nodes(ground: Ground, ways: tuple[np.ndarray, ...]) -> None:
    graph = ground.graph
    seen: set[int] = set()
    for way in ways:
        used = {int(graph.vertex_node[vertex]) for vertex in graph.head[way[:-1]].tolist()}
        assert not used & seen
        seen |= used


def test_drawn_weights_give_the_same_ways_each_time(eurasia: Ground) -> None:
    sides = between(eurasia, (), ())
    nodes = by_node(sides.ground, sides.source, sides.sink)
    one, other = (find_disjoint_ways(sides.ground, nodes, sides.source, sides.sink) for _ in range(2))
    assert [way.tolist() for way in one.ways] == [way.tolist() for way in other.ways]
    check_nodes(sides.ground, one.ways)
    assert len(one.ways) >= 6
