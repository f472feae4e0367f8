"""Roads join where their countries meet, and posts stand there in both directions."""

from collections import defaultdict

import pytest
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters
from tools.build_eurasia.place_node import read_nodes
from tools.build_eurasia.road import find_lengths, make_links, make_posts

FREE = frozenset(
    {
        "PL",
        "DE",
        "NL",
        "BE",
        "FR",
        "ES",
        "IT",
        "CH",
        "AT",
        "CZ",
        "SK",
        "HU",
        "SI",
        "HR",
        "GR",
        "BG",
        "RO",
        "LT",
        "LV",
    }
)
"""Countries of the Schengen area among those with roads in the model: no posts between them."""


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger(read_parameters(build_facts()["fact"]))


def list_countries_at_nodes() -> dict[str, set[str]]:
    countries: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(CURATED / "road_leg.csv"):
        countries[row["from_node_id"]].add(row["country_id"])
        countries[row["to_node_id"]].add(row["country_id"])
    return countries


def test_where_countries_meet_there_is_a_post() -> None:
    posts: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(CURATED / "road_border.csv"):
        posts[row["node_id"]] |= {row["from_country_id"], row["to_country_id"]}
    for node_id, countries in list_countries_at_nodes().items():
        if len(countries) > 1 and not countries <= FREE:
            assert countries - FREE <= posts[node_id], node_id


def test_every_post_has_roads_on_both_sides_and_works_both_ways() -> None:
    countries = list_countries_at_nodes()
    rows = read_rows(CURATED / "road_border.csv")
    ways = {(row["node_id"], row["from_country_id"], row["to_country_id"]) for row in rows}
    assert len(ways) == len(rows)
    for node_id, home, away in ways:
        assert (node_id, away, home) in ways
        assert {home, away} <= countries[node_id], node_id


def test_every_road_ends_at_known_nodes_and_is_listed_once() -> None:
    nodes = read_nodes()
    rows = read_rows(CURATED / "road_leg.csv")
    pairs = [frozenset((row["from_node_id"], row["to_node_id"])) for row in rows]
    assert len(set(pairs)) == len(pairs)
    assert set().union(*pairs) <= nodes.keys()


def test_shares_of_a_published_length_add_up_to_it(ledger: Ledger) -> None:
    rows = read_rows(CURATED / "road_leg.csv")
    lengths = find_lengths(rows, ledger)
    parts = [
        one.value for row, (one, _) in zip(rows, lengths, strict=True) if row["length"].startswith("share:")
    ]
    assert len(parts) == 7
    assert sum(parts) == pytest.approx(2787, abs=0.5)


def test_other_roads_are_the_great_circle_times_a_factor(ledger: Ledger) -> None:
    table = make_links(ledger)
    length_km = dict(zip(table["link_id"], table["length_km"].astype(float), strict=True))
    basis = dict(zip(table["link_id"], table["length_basis"], strict=True))
    # Tashkent 69.29 E 41.29 N to Samarkand 66.93 E 39.68 N: 268 km as the crow flies; about 300-310 by road
    assert 268 * 1.2 < length_km["uz_tashkent_samarkand_road"] < 268 * 1.4
    assert basis["uz_tashkent_samarkand_road"] == "geometry"
    assert length_km["kz_beyneu_aktau_road"] == 470


def test_a_post_takes_what_both_sides_take(ledger: Ledger) -> None:
    post = make_posts(ledger).set_index("terminal_id")
    # Red Bridge westbound: 2.9 h and 26 USD out of Azerbaijan, 1.8 h and 44 USD into Georgia
    west = post.loc["red_bridge_road_az_ge"]
    assert west["handling_time_h"] == pytest.approx(4.7)
    assert west["cost_usd_teu"] == pytest.approx(35)
    assert west["cost_usd_t"] == pytest.approx(3.5)
    east = post.loc["red_bridge_road_ge_az"]
    assert east["handling_time_h"] == pytest.approx(2.4 + 3.1)


def test_a_union_inside_is_quicker_than_a_border(ledger: Ledger) -> None:
    table = make_posts(ledger)
    post = dict(zip(table["terminal_id"], table["handling_time_h"].astype(float), strict=True))
    assert post["iletsk_road_kz_ru"] < post["saryagash_road_kz_uz"] < post["nur_zholy_road_cn_kz"]


def test_closed_and_planned_ways_do_not_carry() -> None:
    status = {
        (row["node_id"], row["from_country_id"]): row["status"]
        for row in read_rows(CURATED / "road_border.csv")
    }
    assert status[("margara", "AM")] == "closed"
    assert status[("ordubad", "AM")] == "planned"
