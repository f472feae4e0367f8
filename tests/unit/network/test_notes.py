"""What is worth a look: parts, lone nodes, gauges that only touch."""

import pandas as pd

from dehliz.network.network import Network, build_network
from dehliz.network.notes import find_parts, list_notes

Frames = dict[str, pd.DataFrame]


def test_one_part(corridor3: Network) -> None:
    assert find_parts(corridor3.tables()) == [["gate", "haven", "mark", "quay", "west"]]
    assert list_notes(corridor3.tables()) == []


def test_parts_and_lone_nodes(corridor3_tables: Frames) -> None:
    leg = corridor3_tables["service_leg"]
    corridor3_tables["service_leg"] = leg.iloc[:0]
    notes = list_notes(corridor3_tables)
    assert notes == ["1 node without a link or a service leg: haven"]
    link = corridor3_tables["link"]
    corridor3_tables["link"] = link[link["link_id"].isin(["xa_west_gate", "xb_mark_quay"])]
    assert list_notes(corridor3_tables)[0] == (
        "The network falls into 2 parts without a way between them: 2 nodes around gate, and the parts of mark"
    )


def test_gauges_that_meet_without_a_terminal(corridor3_tables: Frames) -> None:
    terminal = corridor3_tables["terminal"]
    corridor3_tables["terminal"] = terminal[terminal["kind"] != "gauge_change"]
    network = build_network(corridor3_tables)
    assert network.notes == (
        "Two gauges meet without a terminal between them at 1 node: gate (rail_1435 and rail_1520)",
    )
