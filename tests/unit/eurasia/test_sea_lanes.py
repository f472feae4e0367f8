"""The bundled ocean lanes have published lengths, and closing a passage sends ships where ships would go.

Expected: Shanghai - Rotterdam 10,600 nm by Suez (19,631 km) and 13,800 nm by the Cape (25,558 km), Port Economics,
Management and Policy; 19,531 and 25,680 km on the undivided marine network.
"""

import heapq
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

import dehliz.eurasia

TABLES = Path(dehliz.eurasia.__file__).parent / "tables"
CASPIAN = ("aktau", "kuryk", "alat", "turkmenbashi", "anzali", "makhachkala")

Lanes = dict[str, list[tuple[str, float, str]]]


@pytest.fixture(scope="module")
def lanes() -> Lanes:
    table = pd.read_csv(TABLES / "link.csv", keep_default_na=False)
    table = table[table["mode_id"] == "sea_container"]
    out: Lanes = defaultdict(list)
    for start, end, length_km, passage in zip(
        table["from_node_id"],
        table["to_node_id"],
        table["length_km"].astype(float),
        table["passage_id"],
        strict=True,
    ):
        out[start].append((end, length_km, passage))
        out[end].append((start, length_km, passage))
    return out


def sail(lanes: Lanes, start: str, end: str, *closed: str) -> tuple[float, set[str]]:
    """Length of the shortest way and the passages on it; infinite when there is none."""
    queue: list[tuple[float, str, frozenset[str]]] = [(0.0, start, frozenset())]
    done: set[str] = set()
    while queue:
        length_km, node_id, passages = heapq.heappop(queue)
        if node_id in done:
            continue
        done.add(node_id)
        if node_id == end:
            return length_km, set(passages) - {""}
        for other, more_km, passage in lanes.get(node_id, []):
            if passage not in closed:
                heapq.heappush(queue, (length_km + more_km, other, passages | {passage}))
    return float("inf"), set()


def test_shanghai_to_rotterdam_goes_by_suez(lanes: Lanes) -> None:
    length_km, passages = sail(lanes, "shanghai", "rotterdam")
    assert length_km == pytest.approx(19_631, rel=0.02)
    assert {"malacca", "bab_el_mandeb", "suez", "gibraltar"} <= passages


@pytest.mark.parametrize("closed", ["suez", "bab_el_mandeb"])
def test_without_suez_it_goes_by_the_cape(lanes: Lanes, closed: str) -> None:
    length_km, passages = sail(lanes, "shanghai", "rotterdam", closed)
    assert length_km == pytest.approx(25_558, rel=0.02)
    assert "cape_good_hope" in passages


def test_without_suez_and_the_cape_there_is_no_panama_to_go_by(lanes: Lanes) -> None:
    assert sail(lanes, "shanghai", "rotterdam", "suez", "cape_good_hope")[0] == float("inf")


@pytest.mark.parametrize(("end", "km"), [("hamburg", 20_030), ("mersin", 14_121)])
def test_other_computed_lengths_are_kept(lanes: Lanes, end: str, km: float) -> None:
    assert sail(lanes, "shanghai", end)[0] == pytest.approx(km, rel=0.02)


@pytest.mark.parametrize("port", CASPIAN)
def test_the_ocean_cannot_reach_the_caspian(lanes: Lanes, port: str) -> None:
    assert sail(lanes, "shanghai", port)[0] == float("inf")


@pytest.mark.parametrize(
    ("end", "passage"),
    [("istanbul", "dardanelles"), ("bandar_abbas", "hormuz"), ("gdansk", "danish_straits")],
)
def test_a_sea_with_one_door_is_shut_by_it(lanes: Lanes, end: str, passage: str) -> None:
    assert passage in sail(lanes, "shanghai", end)[1]
    assert sail(lanes, "shanghai", end, passage)[0] == float("inf")


def test_every_strait_has_a_way_round_or_none_but_never_a_shorter_one(lanes: Lanes) -> None:
    for passage in ("malacca", "sunda", "suez", "gibraltar", "dover", "cape_good_hope"):
        assert sail(lanes, "shanghai", "hamburg", passage)[0] >= sail(lanes, "shanghai", "hamburg")[0]
    assert sail(lanes, "shanghai", "hamburg", "dover")[0] < 1.1 * sail(lanes, "shanghai", "hamburg")[0]
