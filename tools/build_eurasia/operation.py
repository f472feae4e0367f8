"""Makes the tables of how things run day by day: departures, closures, holidays, servers, loading by sea level.

The curated files beside this module name a parameter for every number. A closure is written for several ports and
months at once, a holiday for several days and for all road posts between two countries. No pools of wagons are made:
no source says how many wagons of one gauge stand at a border. Comes after ``road.py``, whose posts it names.
"""

from pathlib import Path

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters

ROAD_POST_KINDS = "border_post"

Row = dict[str, object]


def make_departures(ledger: Ledger) -> list[Row]:
    """Rows of the table ``departure``."""
    rows: list[Row] = []
    for row in read_rows(CURATED / "departure.csv"):
        clock_h = ledger.take("departure", row["departure_id"], "clock_h", row.pop("clock"))
        rows.append({**row, "clock_h": clock_h})
    return rows


def make_closures(ledger: Ledger) -> list[Row]:
    """Rows of the table ``closure``: one for each node and month."""
    rows: list[Row] = []
    for row in read_rows(CURATED / "closure.csv"):
        for node_id in row["node_ids"].split(";"):
            for month in row["months"].split(";"):
                row_id = f"{row['closure_id'].format(node=node_id)}_{int(month):02d}"
                made: Row = {
                    "closure_id": row_id,
                    "node_id": node_id,
                    "month": int(month),
                    "closed_share": ledger.take("closure", row_id, "closed_share", row["share"]),
                    "spell_h": ledger.take("closure", row_id, "spell_h", row["spell"]),
                    "cause": row["cause"],
                    "note": row["note"],
                }
                rows.append(made | {"fact_ids": ledger.list_facts("closure", row_id)})
    return rows


def list_road_posts(one: str, other: str) -> list[str]:
    """Terminals of the road posts between two countries, both ways."""
    pairs = {(one, other), (other, one)}
    return sorted(
        f"{row['node_id']}_road_{row['from_country_id'].lower()}_{row['to_country_id'].lower()}"
        for row in read_rows(CURATED / "road_border.csv")
        if (row["from_country_id"], row["to_country_id"]) in pairs
    )


def make_holidays() -> list[Row]:
    """Rows of the table ``holiday``: one for each day."""
    rows: list[Row] = []
    for row in read_rows(CURATED / "holiday.csv"):
        dates = row["dates"].split(";")
        for number, date in enumerate(dates, 1):
            rows.append(
                {
                    "holiday_id": row["holiday_id"] if len(dates) == 1 else f"{row['holiday_id']}_{number}",
                    "country_id": row["country_id"],
                    "date": date,
                    "terminal_kinds": ROAD_POST_KINDS,
                    "terminal_ids": ";".join(list_road_posts(row["country_id"], row["with_country_id"])),
                    "fact_ids": row["fact_ids"],
                    "note": row["note"],
                }
            )
    return rows


def make_servers(ledger: Ledger) -> list[Row]:
    """Rows of the table ``server``."""
    rows: list[Row] = []
    for row in read_rows(CURATED / "server.csv"):
        row_id = row["server_id"]
        made: Row = {
            name: row[name] for name in ("server_id", "kind", "node_id", "mode_id", "terminal_id", "note")
        }
        made |= {
            "server_count": int(ledger.take("server", row_id, "server_count", row["servers"])),
            "work_h_t": ledger.take("server", row_id, "work_h_t", row["work"]),
        }
        rows.append(made | {"fact_ids": ledger.list_facts("server", row_id)})
    return rows


def make_draught_limits(ledger: Ledger) -> list[Row]:
    """Rows of the table ``draught_limit``."""
    rows: list[Row] = []
    for row in read_rows(CURATED / "draught_limit.csv"):
        row_id = f"{row['service_leg_id']}_{row['year']}"
        made: Row = {
            "draught_limit_id": row_id,
            "service_leg_id": row["service_leg_id"],
            "level_m": ledger.take("draught_limit", row_id, "level_m", row["level"]),
            "load_share": ledger.take("draught_limit", row_id, "load_share", row["load"]),
        }
        rows.append(made | {"fact_ids": ledger.list_facts("draught_limit", row_id)})
    return rows


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the operations.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not read.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``departure``, ``closure``, ``holiday``, ``server``, ``draught_limit`` and ``value``.
    """
    del inputs
    ledger = Ledger(read_parameters(facts))
    made = {
        "departure": make_departures(ledger),
        "closure": make_closures(ledger),
        "holiday": make_holidays(),
        "server": make_servers(ledger),
        "draught_limit": make_draught_limits(ledger),
    }
    return {name: pd.DataFrame(rows) for name, rows in made.items()} | {"value": ledger.make_table()}
