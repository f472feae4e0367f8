"""Builds the tables that price and weigh a route: countries, groups, segments, boxes, tariffs, emissions, corridors.

The numbers stand in ``curated/*.csv``, each with its fact, its rivals and its range; this module brings them into
the dictionary's columns and writes a row of ``value`` for each, so that nothing is without a reason. Tariffs
that were fitted to through rates are computed in the open in ``curated/calibration.csv``, which the tests
recompute. ``assemble.py`` calls ``build``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from tools.build_eurasia.demand_segment import explain_segments, make_segments
from tools.build_eurasia.facts import read_rows

CURATED: Final = Path(__file__).parent / "curated"
Row = dict[str, str]
Table = list[Row]

COUNTRY_VALUES: Final = (
    (
        "stability_score",
        "stability_year",
        "stability_fact_id",
        "newest year whose value was found for this country",
    ),
    ("logistics_score", "logistics_year", "logistics_fact_id", "edition of 2023"),
    ("grid_gco2e_kwh", "grid_year", "grid_fact_id", "newest year published for this country"),
)
TARIFF_VALUES: Final = ("rate_usd_teu_km", "fixed_usd_teu", "rate_usd_t_km", "fixed_usd_t")
FACTOR_VALUES: Final = ("wtw_gco2e_tkm", "energy_kwh_tkm")
PROVENANCE: Final = ("fact_id", "rival_fact_ids")
TARIFF_EXTRA: Final = frozenset({"low_factor", "high_factor", *PROVENANCE})
TARIFF_EMPTY: Final = dict.fromkeys(("country_id", "segment_id", "rate_usd_t_km", "fixed_usd_t"), "")
FEEDER_MODE: Final = "sea_container"
OCEAN_TIME: Final = "speed:sea_lane_speed_km_h"
"""The time of a service that ocean ships work, in ``curated/service_leg.csv``."""


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every table of this part, with the rows of ``value`` that explain it.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; none is needed here.
    facts : DataFrame
        The table ``fact``; every fact that a row names must be in it.

    Returns
    -------
    dict of str to DataFrame
        Keys ``country, country_group, segment, container, tariff, emission_factor, corridor, value``.

    Raises
    ------
    ValueError
        When a curated row names a fact that does not exist; all of them are listed.
    """
    del inputs
    read = {path.stem: read_rows(path) for path in sorted(CURATED.glob("*.csv"))}
    tariffs = read["tariff"] + list(expand_feeders(read, "tariff"))
    factors = read["emission_factor"] + list(expand_feeders(read, "emission_factor"))
    tables: dict[str, Table] = {
        "country": list(join_countries(read["country"], read["country_name"])),
        "country_group": read["country_group"],
        "segment": make_segments(read["segment"]),
        "container": drop(read["container"], {"tariff_low", "tariff_high", "note"}),
        "tariff": drop(tariffs, TARIFF_EXTRA),
        "emission_factor": drop(factors, set(PROVENANCE)),
        "corridor": read["corridor"],
        "value": [
            *explain_countries(read["country"]),
            *explain_segments(read["segment"]),
            *explain_containers(read["container"]),
            *explain_rates("tariff", tariffs, TARIFF_VALUES),
            *explain_rates("emission_factor", factors, FACTOR_VALUES),
        ],
    }
    check_fact_ids(tables, set(facts["fact_id"]))
    return {name: pd.DataFrame(rows) for name, rows in tables.items()}


def drop(rows: Table, columns: frozenset[str] | set[str]) -> Table:
    """The rows without some columns."""
    return [{key: cell for key, cell in row.items() if key not in columns} for row in rows]


def join_countries(countries: Table, names: Table) -> Iterator[Row]:
    """Rows of ``country``: codes and scores with the names in the region's languages."""
    name_of = {row["country_id"]: row for row in names}
    for row in countries:
        facts = sorted({row[key] for _, _, key, _ in COUNTRY_VALUES if row[key]})
        kept = {key: cell for key, cell in row.items() if not key.endswith("_fact_id")}
        yield {**kept, **name_of[row["country_id"]], "fact_ids": ";".join(facts)}


def make_value(table: str, row_id: str, column: str, value: str, basis: str, rule: str, **more: str) -> Row:
    """One row of the table ``value``."""
    empty = {"fact_id": "", "rival_fact_ids": "", "low": "", "high": ""}
    named = {"table_name": table, "row_id": row_id, "column_name": column, "value": value, "basis": basis}
    return {**named, **empty, "rule": rule, **more}


def scale(value: str, factor: str) -> str:
    """A number times a factor, as text with six significant digits; empty when either is missing."""
    return f"{float(value) * float(factor):.6g}" if value and factor else ""


def explain_countries(rows: Table) -> Iterator[Row]:
    """Where each score of a country comes from, and of which year it is."""
    for row in rows:
        for column, year, fact, rule in COUNTRY_VALUES:
            if row[column]:
                for name in (column, year):
                    yield make_value(
                        "country", row["country_id"], name, row[name], "fact", rule, fact_id=row[fact]
                    )


def explain_containers(rows: Table) -> Iterator[Row]:
    """Where the multiples of a box come from."""
    for row in rows:
        fact = row["fact_ids"].split(";")[0]
        spread = {"low": row["tariff_low"], "high": row["tariff_high"]}
        size = f"A {row['container_id']}-foot box is {row['load_factor']} TEU by definition of the unit"
        yield make_value("container", row["container_id"], "load_factor", row["load_factor"], "derived", size)
        yield make_value(
            "container", row["container_id"], "tariff_factor", row["tariff_factor"], "derived", row["note"],
            fact_id=fact, **spread,
        )  # fmt: skip


def explain_rates(table: str, rows: Table, columns: tuple[str, ...]) -> Iterator[Row]:
    """Where rates and intensities come from, with their plausible range."""
    for row in rows:
        row_id = row[f"{table}_id"]
        for column in columns:
            if row.get(column):
                yield make_value(
                    table, row_id, column, row[column], row["basis"], row["note"],
                    fact_id=row["fact_id"], rival_fact_ids=row["rival_fact_ids"],
                    low=scale(row[column], row["low_factor"]), high=scale(row[column], row["high_factor"]),
                )  # fmt: skip
        if table == "emission_factor":
            for column in ("low_factor", "high_factor"):
                yield make_value(
                    table, row_id, column, row[column], "assumption",
                    "Chosen so that the rival values lie between the two ends", low="0", high="10",
                )  # fmt: skip


def find_basin(leg: Row, basins: Table) -> Row:
    """The basin in which both ends of a service leg lie; the last one when there is none."""
    ends = {leg["from_node_id"], leg["to_node_id"]}
    return next((row for row in basins if ends <= set(row["node_ids"].split(";"))), basins[-1])


def expand_feeders(read: dict[str, Table], table: str) -> Iterator[Row]:
    """One row of ``tariff`` or ``emission_factor`` for each container feeder, by the basin that it serves.

    Ocean rates per kilometre would make the short lines of the Caspian and the Black Sea nearly free, and ocean
    ships are several times larger: feeders have their own rates and factors. Services of ocean ships, known by
    their speed, keep those of the ocean.
    """
    for leg in read["service_leg"]:
        if leg["mode_id"] != FEEDER_MODE or leg["time"] == OCEAN_TIME:
            continue
        basin = find_basin(leg, read["feeder"])
        row = {"mode_id": FEEDER_MODE, "row_id": leg["service_leg_id"], "rival_fact_ids": "", **basin}
        name = leg["service_leg_id"]
        if table == "tariff":
            wanted = ("rate_usd_teu_km", "fixed_usd_teu", "basis", "fact_id", "fact_ids", "note")
            row = TARIFF_EMPTY | {"tariff_id": name, "load_unit": "teu"} | _pick(row, wanted)
        else:
            row = read["emission_feeder"][0] | {"emission_factor_id": name, "row_id": leg["service_leg_id"]}
        yield row


def _pick(row: Row, wanted: tuple[str, ...]) -> Row:
    always = ("mode_id", "row_id", "rival_fact_ids", "low_factor", "high_factor")
    return {key: row[key] for key in (*always, *wanted)}


def check_fact_ids(tables: dict[str, Table], known: set[str]) -> None:
    """Refuse rows that lean on facts that do not exist.

    Raises
    ------
    ValueError
        With every such fact and the table that names it.
    """
    columns = ("fact_ids", "fact_id", "rival_fact_ids")
    lost = sorted(
        {
            f"{name}: {fact_id}"
            for name, rows in tables.items()
            for row in rows
            for column in columns
            for fact_id in row.get(column, "").split(";")
            if fact_id and fact_id not in known
        }
    )
    if lost:
        raise ValueError(f"curated rows name facts that do not exist: {', '.join(lost)}")
