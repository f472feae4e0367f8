"""Lengths of legs follow their four rules, and a difference from a published one needs a reason."""

import numpy as np
import pandas as pd
import pytest
from tools.build_eurasia import rail_length
from tools.build_eurasia.rail_leg import Leg, parse_via
from tools.build_eurasia.rail_length import find_lengths, make_check

ROW = {
    "from_node_id": "a", "to_node_id": "b", "country_id": "KZ", "via": "", "gauge_mm": "", "status": "open",
}  # fmt: skip
PUBLISHED = {
    "length_id": "kz_x", "name": "A - C", "link_ids": "kz_a_b;kz_b_c", "published_km": "303", "basis": "fact",
    "fact_id": "f-0001", "rival_fact_ids": "", "is_used": "true", "low_km": "", "high_km": "", "reason": "",
    "is_independent": "true",
}  # fmt: skip
FACTS = pd.DataFrame({"fact_id": ["f-0001"], "value_mean": [303.0]})


def make_leg(start: str, end: str, graph_km: float, **cells: str) -> Leg:
    return Leg(
        ROW | {"from_node_id": start, "to_node_id": end} | cells, graph_km, 90.0, [(0.0, 0.0), (1.0, 0.0)]
    )


LEGS = [make_leg("a", "b", 100.0), make_leg("b", "c", 200.0)]


def publish(monkeypatch: pytest.MonkeyPatch, **cells: str) -> None:
    monkeypatch.setattr(rail_length, "read_published", lambda: [PUBLISHED | cells])


def test_a_used_published_length_is_divided_as_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch)
    lengths = find_lengths(LEGS, FACTS)
    assert [lengths[link].parameter.value for link in ("kz_a_b", "kz_b_c")] == [101.0, 202.0]
    assert lengths["kz_a_b"].basis == "published"
    assert lengths["kz_a_b"].parameter.basis == "derived"


def test_a_published_length_of_one_leg_is_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, link_ids="kz_a_b")
    found = find_lengths(LEGS, FACTS)["kz_a_b"]
    assert (found.parameter.value, found.parameter.basis, found.parameter.fact_id) == (
        303.0,
        "fact",
        "f-0001",
    )


def test_without_a_published_length_the_graph_is_taken_with_its_factor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(monkeypatch, is_used="false")
    found = find_lengths(LEGS, FACTS)["kz_a_b"]
    assert (found.parameter.value, found.basis, found.parameter.basis) == (101.5, "graph", "geometry")


def test_a_line_that_the_graph_lacks_is_published_or_measured_straight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(monkeypatch, is_used="false", link_ids="kz_a_b")
    missing = {"length_fact_id": "f-0001", "length_rule": "", "detour_factor": ""}
    legs = [
        make_leg("c", "d", np.nan, length_km="13.9", **missing),
        make_leg("d", "e", np.nan, length_km="", **missing | {"detour_factor": "1.2"}),
    ]
    lengths = find_lengths([*LEGS, *legs], FACTS)
    assert lengths["kz_c_d"].parameter.value == 13.9
    assert lengths["kz_d_e"].basis == "geometry"
    assert lengths["kz_d_e"].parameter.value == 108.0
    assert lengths["kz_d_e"].parameter.low == 90.0


def test_a_row_that_says_something_else_than_its_fact_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, published_km="300")
    with pytest.raises(ValueError, match="kz_x: 300 here, not so in f-0001"):
        find_lengths(LEGS, FACTS)


def test_an_unknown_link_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, link_ids="kz_a_b;kz_b_z")
    with pytest.raises(ValueError, match="kz_x: no link 'kz_b_z'"):
        find_lengths(LEGS, FACTS)


def test_a_large_difference_needs_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, published_km="400")
    with pytest.raises(
        ValueError, match=r"a reason is needed for kz_x: 304.5 km on the graph, 400 published"
    ):
        make_check(LEGS)
    publish(monkeypatch, published_km="400", reason="the graph takes a shorter line")
    assert make_check(LEGS)["ratio_factor"].tolist() == [0.7612]


def test_a_length_that_stands_in_the_graph_itself_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, is_independent="false")
    assert make_check(LEGS).empty


def test_points_to_pass_are_written_latitude_first() -> None:
    assert parse_via("34.569 105.888;35.58 104.61") == [(105.888, 34.569), (104.61, 35.58)]
