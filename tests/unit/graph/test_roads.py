"""From a path to what can be loaded: test networks, GMNS folders, demand beside them or from elsewhere."""

from pathlib import Path

import pytest

from dehliz.base.errors import DataError
from dehliz.graph.roads import find_folder, is_roads, read_roads

CASES = Path(__file__).parents[2] / "cases"
SMALL, ROADS = f"tntp:{CASES / 'tntp_small'}", str(CASES / "gmns_roads")


def test_who_knows_freight_is_read_elsewhere() -> None:
    assert is_roads("tntp:anything")
    assert is_roads(ROADS)
    assert not is_roads(str(CASES / "corridor3"))
    assert not is_roads(None)


def test_home_behind_the_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_folder("tntp:~/nets") == tmp_path / "nets"
    assert find_folder("nets") == Path("nets")


def test_test_network() -> None:
    roads = read_roads(SMALL, toll_factor=0.1)
    assert (roads.name, roads.time_unit) == ("tntp_small", "as in the file")
    assert roads.trips.volume_t_d.tolist() == [10, 4, 5]
    assert (roads.demand.within_count, roads.demand.within_t_d) == (1, 7.0)
    assert roads.costs.fixed_h.sum() == 10.0


def test_gmns() -> None:
    roads = read_roads(ROADS, distance_factor=0.01)
    assert (roads.name, roads.time_unit) == ("gmns_roads", "h")
    assert roads.trips.volume_t_d.tolist() == [1500, 400]
    assert roads.costs.fixed_h[0].sum() == pytest.approx(0.01 * 2 * (5 + 12 + 3 + 12))
    assert roads.notes[0] == "link.csv: 1 link for walking and cycling left out"


def test_demand_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("origin_id,destination_id,volume\n3,2,5\n", encoding="utf-8")
    roads = read_roads(SMALL, demand=path)
    assert roads.graph.node_ids[roads.graph.node[roads.trips.origin[0]]] == "3"
    path.write_text("origin_id,destination_id,volume\nwest,east,5\n", encoding="utf-8")
    assert read_roads(ROADS, demand=path).trips.volume_t_d.tolist() == [5]
    with pytest.raises(DataError, match="'west'"):
        read_roads(SMALL, demand=path)
