"""Makes the long-distance roads and their border posts.

``curated/road_leg.csv`` lists the legs: their length is published, or a share of a published whole, or the great
circle times a stated factor. ``curated/road_border.csv`` lists the posts, one row a direction, each the sum of
what the leaving and the entering side take. Trucks rest: the speed holds over day and night.
"""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters, spread
from tools.build_eurasia.place_node import read_nodes, read_places
from tools.build_eurasia.sea_graph import measure_km

MODE = "road"
SHARE = "share:"
SPEED = {"AZ": "road_speed_az_km_h", "GE": "road_speed_ge_km_h"}
DEFAULT_SPEED = "road_speed_km_h"

Rows = list[dict[str, str]]


def measure_straight(rows: Rows) -> list[float]:
    """Great circle [km] between the ends of each row."""
    places = read_places()
    start = np.array([places[row["from_node_id"]] for row in rows])
    end = np.array([places[row["to_node_id"]] for row in rows])
    return [float(km) for km in measure_km(start[:, 0], start[:, 1], end[:, 0], end[:, 1])]


def find_lengths(rows: Rows, ledger: Ledger) -> list[tuple[Parameter, str]]:
    """Length of each leg [km] as a parameter, and its basis as the table ``link`` names it."""
    straight = measure_straight(rows)
    whole: dict[str, float] = defaultdict(float)
    for row, km in zip(rows, straight, strict=True):
        whole[row["length"]] += km
    return [_find_length(row["length"], km, whole, ledger) for row, km in zip(rows, straight, strict=True)]


def _find_length(
    source: str, straight_km: float, whole: dict[str, float], ledger: Ledger
) -> tuple[Parameter, str]:
    if source.startswith(SHARE):
        total = ledger.find(source.removeprefix(SHARE))
        length_km = round(total.value * straight_km / whole[source], 1)
        rule = f"Share of {total.value:g} km ({total.rule}) by great circle"
        return replace(total, value=length_km, basis="derived", rule=rule), "published"
    if source:
        return ledger.find(source), "published"
    factor = ledger.find("road_detour_factor")
    rule = f"Great circle of {straight_km:.1f} km times {factor.value:g}"
    low, high = straight_km * factor.low, straight_km * factor.high
    return replace(
        factor, value=round(straight_km * factor.value, 1), low=low, high=high, rule=rule
    ), "geometry"


def make_links(ledger: Ledger) -> pd.DataFrame:
    """The table ``link`` of the roads."""
    rows = read_rows(CURATED / "road_leg.csv")
    share = ledger.find("road_spread_share")
    links = []
    for row, (length, basis) in zip(rows, find_lengths(rows, ledger), strict=True):
        link_id = f"{row['country_id'].lower()}_{row['from_node_id']}_{row['to_node_id']}_road"
        length_km = ledger.note("link", link_id, "length_km", length)
        speed_km_h = ledger.take("link", link_id, "speed_km_h", SPEED.get(row["country_id"], DEFAULT_SPEED))
        varied = spread(
            round(share.value * length_km / speed_km_h, 2), f"{share.value:.0%} of the driving time"
        )
        links.append(
            {
                "link_id": link_id,
                "name": row["name"],
                "from_node_id": row["from_node_id"],
                "to_node_id": row["to_node_id"],
                "directed": False,
                "mode_id": MODE,
                "country_id": row["country_id"],
                "length_km": length_km,
                "speed_km_h": speed_km_h,
                "time_spread_h": ledger.note("link", link_id, "time_spread_h", varied),
                "opening_year": row["opening_year"],
                "status": row["status"],
                "length_basis": basis,
                "fact_ids": ledger.list_facts("link", link_id),
                "note": row["note"],
            }
        )
    return pd.DataFrame(links)


def make_posts(ledger: Ledger) -> pd.DataFrame:
    """The table ``terminal`` of the border posts on roads.

    Notes
    -----
    The published hours do not say what is work and what is queue: all of it stands as handling time.
    """
    nodes = read_nodes()
    posts = []
    for row in read_rows(CURATED / "road_border.csv"):
        home, away = row["from_country_id"], row["to_country_id"]
        post_id = f"{row['node_id']}_road_{home.lower()}_{away.lower()}"
        sides = (row["out_side"], row["in_side"])
        costs = (row["out_cost"], row["in_cost"])

        def take(column: str, names: list[str], post_id: str = post_id) -> float:
            return ledger.take_sum("terminal", post_id, column, ";".join(names))

        handling_h = take("handling_time_h", [f"{side}_h" for side in sides])
        varied = spread(handling_h, "As large as the mean, as waiting times in queues are")
        posts.append(
            {
                "terminal_id": post_id,
                "node_id": row["node_id"],
                "name": f"{nodes[row['node_id']]['name']}, road, {home} to {away}",
                "kind": "border_post",
                "from_mode_id": MODE,
                "to_mode_id": MODE,
                "from_country_id": home,
                "to_country_id": away,
                "directed": True,
                "handling_time_h": handling_h,
                "waiting_time_h": take("waiting_time_h", ["border_road_wait_h"]),
                "time_spread_h": ledger.note("terminal", post_id, "time_spread_h", varied),
                "cost_usd_teu": take("cost_usd_teu", [f"{cost}_usd_teu" for cost in costs]),
                "cost_usd_t": take("cost_usd_t", [f"{cost}_usd_t" for cost in costs]),
                "emissions_kgco2e_t": take("emissions_kgco2e_t", ["hub_border_road_kgco2e_t"]),
                "status": row["status"],
                "opening_year": row["opening_year"],
                "fact_ids": ledger.list_facts("terminal", post_id),
                "note": row["note"],
            }
        )
    return pd.DataFrame(posts)


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the roads.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not read.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``link``, ``terminal`` and ``value``.
    """
    del inputs
    ledger = Ledger(read_parameters(facts))
    return {"link": make_links(ledger), "terminal": make_posts(ledger), "value": ledger.make_table()}
