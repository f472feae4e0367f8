"""What the rules let pass; what they catch stands in tests/cases/broken, one folder for each."""

from collections.abc import Callable

import pandas as pd
import pytest

from dehliz.base.errors import DataError
from dehliz.network.network import build_network
from dehliz.network.rulebook import CHAPTERS, find_rule
from dehliz.network.rules import CHECKS, RULES

Frames = dict[str, pd.DataFrame]


def rules_broken(tables: Frames) -> set[str]:
    try:
        build_network(tables)
    except DataError as error:
        return {issue.rule for issue in error.issues}
    return set()


def put(tables: Frames, table: str, key: str, **cells: object) -> None:
    frame = tables[table]
    for column, value in cells.items():
        frame.loc[frame.iloc[:, 0] == key, column] = value


def test_names_are_unique_and_have_three_parts() -> None:
    assert len(RULES) == len(CHECKS)
    assert all(len(name.split(".")) == 3 for name in RULES)


def test_rules_are_written_for_messages() -> None:
    for rules in CHAPTERS.values():
        for rule in rules.values():
            assert rule.expected[0].isupper()
            assert not rule.expected.endswith(".")
            assert not rule.remedy.endswith(".")


def test_rulebook_finds_rules_by_pattern() -> None:
    assert find_rule("link.length_km.bounds") is CHAPTERS["Columns of any table"]["*.*.bounds"]
    assert find_rule("link.file.encoding") is CHAPTERS["Files"]["*.file.encoding"]
    assert find_rule("link.length_km.great_circle") is RULES["link.length_km.great_circle"]
    assert find_rule("link.length_km.nonsense") is None


@pytest.mark.parametrize("length_km", [10.0, 20000.0])
def test_a_note_excuses_a_length(corridor3_tables: Frames, length_km: float) -> None:
    put(corridor3_tables, "link", "xa_west_gate", length_km=length_km, note="measured from the bridge")
    assert rules_broken(corridor3_tables) == set()


def test_two_per_cent_under_the_great_circle_pass(corridor3_tables: Frames) -> None:
    put(corridor3_tables, "link", "xa_west_gate", length_km=277.99 * 0.981)
    assert rules_broken(corridor3_tables) == set()
    put(corridor3_tables, "link", "xa_west_gate", length_km=277.99 * 0.979)
    assert rules_broken(corridor3_tables) == {"link.length_km.great_circle"}


@pytest.mark.parametrize("group", ["eu", "schengen"])
def test_no_border_post_inside_a_free_group(corridor3_tables: Frames, group: str) -> None:
    terminal = corridor3_tables["terminal"]
    corridor3_tables["terminal"] = terminal[terminal["kind"] != "border_post"]
    assert rules_broken(corridor3_tables) == {"node.node_id.border_post"}
    corridor3_tables["country_group"]["group_id"] = group
    assert rules_broken(corridor3_tables) == set()
    corridor3_tables["country_group"].loc[0, "standing"] = "candidate"
    assert rules_broken(corridor3_tables) == {"node.node_id.border_post"}


def test_closed_border_needs_a_post_too(corridor3_tables: Frames) -> None:
    terminal = corridor3_tables["terminal"]
    corridor3_tables["terminal"] = terminal[terminal["kind"] != "border_post"]
    corridor3_tables["link"]["status"] = "closed"
    assert rules_broken(corridor3_tables) == {"node.node_id.border_post"}


def test_undirected_post_serves_both_directions(corridor3_tables: Frames) -> None:
    terminal = corridor3_tables["terminal"]
    corridor3_tables["terminal"] = terminal[~terminal["terminal_id"].isin(["mark_rail_ba", "mark_road_ba"])]
    assert rules_broken(corridor3_tables) == {"node.node_id.border_post"}
    corridor3_tables["terminal"] = corridor3_tables["terminal"].assign(directed=False)
    assert rules_broken(corridor3_tables) == set()


def test_gauge_change_does_border_work_for_the_track_that_leads_to_it(corridor3_tables: Frames) -> None:
    # west (XA) --- 1435, XA --- gate --- 1435, XB --- mark, where the gauge changes from 1435 XA to 1520 XB
    put(corridor3_tables, "link", "xa_gate_mark", mode_id="rail_1435", country_id="XB")
    terminal = corridor3_tables["terminal"]
    corridor3_tables["terminal"] = terminal[
        ~terminal["terminal_id"].isin(["mark_rail_ab", "mark_rail_ba"])
    ].copy()
    put(corridor3_tables, "terminal", "gate_gauge", node_id="mark")
    assert rules_broken(corridor3_tables) == {"node.node_id.border_post"}
    put(corridor3_tables, "terminal", "gate_gauge", from_country_id="XA", to_country_id="XB")
    assert rules_broken(corridor3_tables) == set()


def test_ships_need_no_border_post(corridor3_tables: Frames) -> None:
    leg = corridor3_tables["service_leg"]
    corridor3_tables["service_leg"] = leg.assign(country_id=["XB", "XC"])
    assert rules_broken(corridor3_tables) == set()


def test_parallel_links_of_different_length_pass(corridor3_tables: Frames) -> None:
    twin = corridor3_tables["link"].iloc[[1]].assign(link_id="twin", length_km=301.0)
    corridor3_tables["link"] = pd.concat([corridor3_tables["link"], twin], ignore_index=True)
    assert rules_broken(corridor3_tables) == set()


def test_two_directed_links_there_and_back_pass(corridor3_tables: Frames) -> None:
    link = corridor3_tables["link"].assign(directed=True)
    back = link.rename(columns={"from_node_id": "to_node_id", "to_node_id": "from_node_id"})[link.columns]
    corridor3_tables["link"] = pd.concat(
        [link, back.assign(link_id=back["link_id"] + "_back")], ignore_index=True
    )
    assert rules_broken(corridor3_tables) == set()


def test_order_of_rows_means_nothing(corridor3_tables: Frames) -> None:
    put(corridor3_tables, "link", "xa_west_gate", length_km=1.0)
    put(corridor3_tables, "terminal", "gate_gauge", kind="port")
    before = rules_broken(corridor3_tables)
    assert rules_broken({name: frame.iloc[::-1] for name, frame in corridor3_tables.items()}) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: put(t, "link", "xa_west_gate", mode_id="rail_1453"), {"link.mode_id.refers"}),
        (lambda t: put(t, "link", "xa_west_gate", length_km=-1.0), {"link.length_km.bounds"}),
        (lambda t: put(t, "node", "west", lat_deg=95.0), {"node.lat_deg.bounds"}),
        (lambda t: t.pop("node"), {"node.table.rows"}),
    ],
)
def test_one_slip_is_told_once(
    corridor3_tables: Frames, change: Callable[[Frames], object], told: set[str]
) -> None:
    change(corridor3_tables)
    broken = rules_broken(corridor3_tables)
    assert {name for name in broken if not name.endswith("node_id.refers")} == told
