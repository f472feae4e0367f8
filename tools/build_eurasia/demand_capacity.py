"""Makes the tables ``capacity`` and ``background``: what the network can carry, and what is on it before any market.

``curated/capacity.csv`` and ``curated/background.csv`` hold what is published or assumed row by row. Every other
railway link gets trains a day by its tracks and wires, times the load of a train; domestic trains take a part of that.
Both need the finished tables, so ``assemble.py`` calls ``complete`` after all parts.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from tools.build_eurasia.demand import Means, read_means
from tools.build_eurasia.demand_formula import evaluate, list_facts
from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Parameter, read_parameters

FIRST_YEAR: Final = 2019
LAST_YEAR: Final = 2035
DAYS: Final = 365
LIGHT_TRAINS: Final = frozenset(
    {
        "AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FR", "GR", "HR", "HU", "IT", "LT", "LU",
        "LV", "MD", "MK", "NL", "PL", "RO", "RS", "SE", "SI", "SK", "TR", "UA",
    }
)  # fmt: skip
"""Countries whose trains of standard gauge are short."""
DENSITY: Final = {
    "KZ": (
        "0.7 * {ktz} * 1e9",
        "Mean density of Kazakh railways in 2023 (327 billion tkm), seven tenths of it no market's; half each way",
    ),
    "AZ": (
        "({all_az} - {transit_az}) / 2",
        "Cargo of Azerbaijan Railways in 2024 that is not transit, half each way",
    ),
    "GE": (
        "{all_ge} * 1e6 * (1 - {transit_ge} / 100) / 2",
        "Cargo of Georgian Railway in 2024 that is not transit, half each way",
    ),
}
"""Countries whose domestic trains are known in sum [t/a each way]; Kazakhstan's are divided by its railways' length."""

Row = dict[str, object]


def read_curated(path: Path, column: str, means: Means) -> list[Row]:
    """Rows of ``capacity`` or ``background`` that are curated, one for each id.

    Raises
    ------
    ValueError
        With all faults together: a fact without a number, an assumption outside its range, a fact that is a sum.
    """
    rows, faults = [], []
    for raw in read_rows(path):
        value = evaluate(raw["formula"], means)
        low, high = (float(raw[end] or "nan") for end in ("low", "high"))
        if raw["basis"] == "assumption" and not low <= value <= high:
            faults.append(
                f"{raw['row_ids']} {raw['first_year']}: {value:g} is not between {low:g} and {high:g}"
            )
        if raw["basis"] != "assumption" and not list_facts(raw["formula"]):
            faults.append(f"{raw['row_ids']} {raw['first_year']}: no fact is named")
        named = sorted({*list_facts(raw["formula"]), *(name for name in raw["fact_ids"].split(";") if name)})
        kept = {
            name: raw[name]
            for name in ("table_name", "first_year", "last_year", "direction", "basis", "rule")
        } | {name: raw[name] for name in ("facility_id",) if name in raw}
        ends = {column: round(value, 1), "low_t_a": low, "high_t_a": high, "fact_ids": ";".join(named)}
        rows += [kept | ends | {"row_id": row_id} for row_id in raw["row_ids"].split(";")]
    if faults:
        raise ValueError(f"{path.name}: " + "; ".join(faults))
    return rows


def find_pairs(link: dict[str, str]) -> str:
    """Name of the parameter that says how many pairs of trains a day a railway link takes."""
    if link["tracks_count"]:
        return "rail_pairs_double" if float(link["tracks_count"]) >= 2 else "rail_pairs_single"
    return "rail_pairs_bare" if link["electrification"] in ("", "none", "unknown") else "rail_pairs_wired"


def find_load(link: dict[str, str]) -> str:
    """Name of the parameter that says what a train carries on a railway link."""
    if link["mode_id"] == "rail_1520":
        return "train_load_1520_t"
    return "train_load_europe_t" if link["country_id"] in LIGHT_TRAINS else "train_load_1435_t"


def make_rail_capacity(link: dict[str, str], parameters: dict[str, Parameter]) -> Row:
    """Capacity of one railway link, each direction, by rule."""
    names = (find_pairs(link), find_load(link), "rail_days_share")
    parts = [parameters[name] for name in names]
    value, low, high = (
        DAYS * math.prod(getattr(part, end) for part in parts) for end in ("value", "low", "high")
    )
    return _fill("link", link["link_id"]) | {
        "capacity_t_a": round(value, 1), "low_t_a": round(low, 1), "high_t_a": round(high, 1),
        "fact_ids": ";".join(sorted({part.fact_id for part in parts if part.fact_id})),
        "rule": f"{parts[0].value:g} pairs of trains a day ({names[0]}) of {parts[1].value:g} t "
        f"({names[1]}) on {parts[2].value:.0%} of the days",
    }  # fmt: skip


def _fill(table: str, row_id: str) -> Row:
    return {
        "table_name": table, "row_id": row_id, "first_year": FIRST_YEAR, "last_year": LAST_YEAR,
        "direction": "each", "basis": "assumption",
    }  # fmt: skip


def list_rail(link: pd.DataFrame) -> list[dict[str, str]]:
    """Railway links, as text."""
    rows = link[link["mode_id"].str.startswith("rail_")].to_dict("records")
    return [{str(name): str(cell) for name, cell in row.items()} for row in rows]


def make_rail_background(
    links: list[dict[str, str]],
    capacity: dict[str, float],
    parameters: dict[str, Parameter],
    density: dict[str, tuple[float, str, str]],
) -> Iterator[Row]:
    """Domestic trains on railway links, each direction, by rule."""
    share, most = parameters["background_share"], parameters["background_most_share"]
    for link in links:
        room_t_a = capacity[link["link_id"]]
        ends = [room_t_a * number for number in (share.value, share.low, share.high)]
        rule, facts = f"{share.value:.0%} of capacity", ""
        if link["country_id"] in density:
            known_t_a, told, facts = density[link["country_id"]]
            value = min(known_t_a, most.value * room_t_a)
            ends = [value, value * 0.5, min(value * 2.0, most.high * room_t_a)]
            rule = f"{told}; not above {most.value:.0%} of capacity"
        yield _fill("link", link["link_id"]) | {
            "volume_t_a": round(ends[0], 1), "low_t_a": round(min(ends), 1), "high_t_a": round(max(ends), 1),
            "fact_ids": facts, "rule": rule,
        }  # fmt: skip


def find_density(links: list[dict[str, str]], means: Means) -> dict[str, tuple[float, str, str]]:
    """Domestic cargo each way on a link of a country [t/a], what it is, and its facts."""
    ids = {row["key"]: row["fact_id"] for row in read_rows(CURATED / "background_fact.csv")}
    found = {}
    for country, (formula, told) in DENSITY.items():
        text = formula.format_map(ids)
        value = evaluate(text, means)
        if country == "KZ":
            value /= 2.0 * sum(
                float(link["length_km"])
                for link in links
                if link["country_id"] == "KZ" and link["status"] == "open"
            )
        found[country] = (value, told, ";".join(sorted(list_facts(text))))
    return found


def complete(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables ``capacity`` and ``background`` of finished tables.

    Parameters
    ----------
    tables : dict of str to DataFrame
        All tables of the parts, as text.

    Raises
    ------
    ValueError
        When a curated row names a row that does not exist; all of them are listed.
    """
    facts = tables["fact"]
    means = read_means(facts.assign(value_mean=pd.to_numeric(facts["value_mean"])))
    parameters = read_parameters(facts.assign(value_mean=pd.to_numeric(facts["value_mean"])))
    links = list_rail(tables["link"])
    capacity = read_curated(CURATED / "capacity.csv", "capacity_t_a", means)
    held = {row["row_id"] for row in capacity}
    capacity += [make_rail_capacity(link, parameters) for link in links if link["link_id"] not in held]
    background = read_curated(CURATED / "background.csv", "volume_t_a", means)
    told = {row["row_id"] for row in background}
    lost = sorted(
        f"{row['table_name']} {row['row_id']}"
        for row in (*capacity, *background)
        if row["row_id"] not in set(tables[str(row["table_name"])].iloc[:, 0])
    )
    if lost:
        raise ValueError(
            f"capacity and background name rows that do not exist: {', '.join(dict.fromkeys(lost))}"
        )
    rows = [
        row for row in capacity if row["table_name"] == "link" and float(str(row["first_year"])) <= FIRST_YEAR
    ]
    room = {
        str(row["row_id"]): float(str(row["capacity_t_a"])) / (2.0 if row["direction"] == "both" else 1.0)
        for row in rows
    }
    background += list(
        make_rail_background(
            [link for link in links if link["link_id"] not in told],
            room,
            parameters,
            find_density(links, means),
        )
    )
    return {"capacity": pd.DataFrame(capacity), "background": pd.DataFrame(background)}
