"""Which rows a change means."""

from dehliz.base.sheet import texts_of
from dehliz.network.changes import Close
from dehliz.network.network import Network
from dehliz.network.selecting import MOVABLE, Picked, find_ids, pick


def around(picked: Picked, network: Network) -> set[str]:
    return {
        row_id
        for name in MOVABLE
        for row_id in texts_of(network.table(name)[f"{name}_id"][picked.around[name]])
    }


def test_node_means_all_that_touches_it(corridor3: Network) -> None:
    picked = pick(Close(node_ids=("quay",)), corridor3.tables(), "x")
    assert around(picked, corridor3) == {
        "xb_mark_quay", "xb_mark_quay_fast", "xb_mark_quay_road", "quay_rail_ship", "quay_road_ship",
        "ferry_quay_haven", "roro_quay_haven",
    }  # fmt: skip


def test_country_means_its_links_terminals_and_posts_but_not_the_sea(corridor3: Network) -> None:
    picked = pick(Close(country_ids=("XB",)), corridor3.tables(), "x")
    assert around(picked, corridor3) == {
        "xb_mark_quay", "xb_mark_quay_fast", "xb_mark_quay_road", "quay_rail_ship", "quay_road_ship",
        "mark_rail_ab", "mark_rail_ba", "mark_road_ab", "mark_road_ba",
    }  # fmt: skip


def test_passage_means_what_passes_it(corridor3: Network) -> None:
    picked = pick(Close(passage_ids=("narrows",)), corridor3.tables(), "x")
    assert around(picked, corridor3) == {"roro_quay_haven"}


def test_own_ids_stand_apart(corridor3: Network) -> None:
    picked = pick(Close(link_ids=("xa_gate_mark",), node_ids=("haven",)), corridor3.tables(), "x")
    assert texts_of(corridor3.link["link_id"][picked.own["link"]]) == ["xa_gate_mark"]
    assert around(picked, corridor3) == {"ferry_quay_haven", "roro_quay_haven"}


def test_unknown_and_repeated_ids_are_told() -> None:
    issues = find_ids(["a", "a", "zz"], ["a", "b"], "link", "here")
    assert [issue.rule for issue in issues] == ["scenario.ids.known", "scenario.ids.unique"]
    assert find_ids([], ["a"], "link", "here") == []
