"""Tables of the page on hazards, from the bundled tables ``hazard`` and ``value``."""

import csv
from collections.abc import Iterable
from typing import Final

from tools.docs.insert_tables import TABLES
from tools.docs.markdown import code, sentence, table

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHOWN_TARGET_COUNT: Final = 3

Row = dict[str, str]


def _read(name: str) -> list[Row]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _list_hazards(is_instability: bool) -> list[Row]:
    return [row for row in _read("hazard") if (row["kind"] == "instability") == is_instability]


def _read_rules(columns: Iterable[str]) -> dict[tuple[str, str], Row]:
    wanted = set(columns)
    return {
        (row["row_id"], row["column_name"]): row
        for row in _read("value")
        if row["table_name"] == "hazard" and row["column_name"] in wanted
    }


def make_hazards() -> str:
    """Hazards but those of instability: what they strike and do, how often, for how long."""
    rows = [
        (
            code(row["hazard_id"]),
            row["kind"].replace("_", " "),
            _targets(row["targets"]),
            _effect(row),
            row["rate_per_a"],
            f"{row['rate_low_per_a']}-{row['rate_high_per_a']}",
            _season(row),
            _length(row),
            row["basis"],
            _facts(row["fact_ids"]),
        )
        for row in _list_hazards(is_instability=False)
    ]
    titles = ("hazard", "kind", "strikes", "does", "a year>", "believed", "season", "days", "basis", "facts")
    return table(titles, rows)


def make_hazard_rates() -> str:
    """Where each rate comes from."""
    rules = _read_rules(["rate_per_a"])
    rows = [
        (code(row["hazard_id"]), row["rate_per_a"], sentence(rules[row["hazard_id"], "rate_per_a"]["rule"]))
        for row in _list_hazards(is_instability=False)
    ]
    return table(("hazard", "a year>", "why"), rows)


def make_instability() -> str:
    """Stability of countries and the rates made of it."""
    score = {row["country_id"]: row for row in _read("country")}
    rows = [
        (
            score[row["country_id"]]["name"],
            code(f"country:{row['country_id']}"),
            f"{float(score[row['country_id']]['stability_score']):+.2f}",
            score[row["country_id"]]["stability_year"],
            row["rate_per_a"],
            f"{row['rate_low_per_a']}-{row['rate_high_per_a']}",
            _facts(row["fact_ids"]),
        )
        for row in _list_hazards(is_instability=True)
    ]
    return table(("country", "name of its rate", "stability>", "of", "a year>", "believed", "facts"), rows)


def _targets(text: str) -> str:
    tokens = text.split(";")
    shown = " ".join(code(token) for token in tokens[:SHOWN_TARGET_COUNT])
    more = len(tokens) - SHOWN_TARGET_COUNT
    return f"{shown} and {more} more" if more > 0 else shown


def _effect(row: Row) -> str:
    if row["is_closed"] == "true":
        return "closes"
    words = (
        ("capacity_factor", "capacity x {}"),
        ("time_factor", "time x {}"),
        ("waiting_add_h", "wait + {} h"),
        ("tariff_factor", "tariff x {}"),
    )
    return ", ".join(text.format(row[name]) for name, text in words if row[name])


def _season(row: Row) -> str:
    if not row["first_month"]:
        return ""
    return f"{MONTHS[int(row['first_month']) - 1]}-{MONTHS[int(row['last_month']) - 1]}"


def _length(row: Row) -> str:
    spread = f" ± {row['duration_spread_d']}" if row["duration_spread_d"] else ""
    return f"{row['duration_d']}{spread}, {row['duration_form']}"


def _facts(text: str) -> str:
    ids = [one for one in text.split(";") if one]
    shown = " ".join(code(one) for one in ids[:2])
    return shown if len(ids) <= 2 else f"{shown} and {len(ids) - 2} more"
