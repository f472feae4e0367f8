"""Makes the oil pipelines: links of mode pipeline.

Lengths are published where a source was found (``curated/pipeline.csv``), else great circle times a factor.
The ends meet ports and stations in ``port.py``.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters, spread
from tools.build_eurasia.place_node import read_nodes
from tools.build_eurasia.road import measure_straight

MODE = "pipeline"
POST = {
    "handling_time_h": "pipe_border_h",
    "waiting_time_h": "pipe_border_h",
    "time_spread_h": "pipe_border_h",
    "cost_usd_teu": "pipe_border_usd_teu",
    "cost_usd_t": "pipe_border_usd_t",
    "emissions_kgco2e_t": "hub_none_kgco2e_t",
}
"""Columns of a crossing and the parameters that fill them."""


def find_length(source: str, straight_km: float, ledger: Ledger) -> tuple[Parameter, str]:
    """Length of a pipeline [km] as a parameter, and its basis as the table ``link`` names it."""
    if source:
        return ledger.find(source), "published"
    factor = ledger.find("pipe_detour_factor")
    rule = f"Great circle of {straight_km:.1f} km times {factor.value:g}"
    low, high = straight_km * factor.low, straight_km * factor.high
    return replace(
        factor, value=round(straight_km * factor.value, 1), low=low, high=high, rule=rule
    ), "geometry"


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the pipelines.

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
    rows = read_rows(CURATED / "pipeline.csv")
    share = ledger.find("pipe_spread_share")
    links = []
    for row, straight_km in zip(rows, measure_straight(rows), strict=True):
        link_id = f"{row['country_id'].lower()}_{row['from_node_id']}_{row['to_node_id']}_pipeline"
        length, basis = find_length(row["length"], straight_km, ledger)
        length_km = ledger.note("link", link_id, "length_km", length)
        speed_km_h = ledger.take("link", link_id, "speed_km_h", "pipe_speed_km_h")
        varied = spread(round(share.value * length_km / speed_km_h, 2), f"{share.value:.0%} of the time")
        links.append(
            {
                "link_id": link_id,
                "name": row["name"],
                "from_node_id": row["from_node_id"],
                "to_node_id": row["to_node_id"],
                "directed": True,
                "mode_id": MODE,
                "country_id": row["country_id"],
                "length_km": length_km,
                "speed_km_h": speed_km_h,
                "time_spread_h": ledger.note("link", link_id, "time_spread_h", varied),
                "operator": row["operator"],
                "opening_year": row["opening_year"],
                "status": "open",
                "length_basis": basis,
                "fact_ids": ledger.list_facts("link", link_id),
                "note": row["note"],
            }
        )
    return {"link": pd.DataFrame(links), "terminal": make_posts(rows, ledger), "value": ledger.make_table()}


def make_posts(rows: list[dict[str, str]], ledger: Ledger) -> pd.DataFrame:
    """The table ``terminal`` of the points where a pipeline passes from one country to the next."""
    names = read_nodes()
    posts = []
    for before in rows:
        for after in rows:
            if before["to_node_id"] != after["from_node_id"] or before["country_id"] == after["country_id"]:
                continue
            node_id, home, away = before["to_node_id"], before["country_id"], after["country_id"]
            post_id = f"{node_id}_pipeline_{home.lower()}_{away.lower()}"
            posts.append(
                {
                    "terminal_id": post_id,
                    "node_id": node_id,
                    "name": f"{names[node_id]['name']}, pipeline, {home} to {away}",
                    "kind": "border_post",
                    "from_mode_id": MODE,
                    "to_mode_id": MODE,
                    "from_country_id": home,
                    "to_country_id": away,
                    "directed": True,
                    "status": "open",
                }
                | {column: ledger.take("terminal", post_id, column, name) for column, name in POST.items()}
            )
    return pd.DataFrame(posts)
