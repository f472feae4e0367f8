"""Makes the table of hazards: what may happen, how often, for how long.

``curated/hazard.csv`` names a rate of ``curated/hazard_rate.csv`` and parameters of ``curated/hazard_parameter.csv``.
A rate is counted (events in years, with a range by the Gamma distribution) or assumed. Rates of instability are made
from the stability of each country of ``curated/hazard_country.csv`` by ``dehliz.disruption.stability``.
"""

from pathlib import Path
from typing import Final

import pandas as pd
from scipy.stats import gamma

from dehliz.disruption.stability import MAPPING_SOURCE, RANGE_FACTOR, find_rate_per_a
from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters

TABLE: Final = "hazard"
RANGE_ENDS: Final = (0.05, 0.95)
EFFECTS: Final = ("capacity_factor", "time_factor", "waiting_add_h", "tariff_factor")
LENGTHS: Final = ("duration_d", "duration_spread_d")
RATES: Final = ("rate_per_a", "rate_low_per_a", "rate_high_per_a")
KEPT: Final = (
    "hazard_id", "name", "kind", "country_id", "targets", "is_closed", "first_month", "last_month", "duration_form",
    "from_year", "to_year", "basis", "note",
)  # fmt: skip

Row = dict[str, object]


def count_rate(event_count: int, years_count: int) -> tuple[float, float, float]:
    """Rate of events that were counted, and the ends of its range, times per year.

    Parameters
    ----------
    event_count : int
        Events.
    years_count : int
        Years in which they would have been told.

    Returns
    -------
    tuple of float
        Count over years; 5% and 95% of a Gamma distribution of shape count + 1/2 and rate years, which is what is
        known of the rate of a Poisson process after the count, with Jeffreys' prior (Gelman and others, Bayesian Data
        Analysis, 3rd edition, section 2.8).
    """
    low, high = (float(gamma.ppf(end, event_count + 0.5)) / years_count for end in RANGE_ENDS)
    return event_count / years_count, low, high


def read_rates(facts: pd.DataFrame, path: Path = CURATED / "hazard_rate.csv") -> dict[str, Parameter]:
    """Rates by name, each an assumption with its range.

    Raises
    ------
    ValueError
        When a rate names a fact that does not exist, or lies outside its range.
    """
    known = set(facts["fact_id"])
    rates: dict[str, Parameter] = {}
    for row in read_rows(path):
        rule = row["rule"]
        if row["event_count"]:
            first, last = int(row["first_year"]), int(row["last_year"])
            value, low, high = count_rate(int(row["event_count"]), last - first + 1)
            rule = f"{row['event_count']} in {last - first + 1} years, {first} to {last}. {rule}"
        else:
            value, low, high = (float(row[name]) for name in ("value", "low", "high"))
        lost = {row["fact_id"], *row["rival_fact_ids"].split(";")} - known - {""}
        if lost or not low <= value <= high or row["rate_id"] in rates:
            raise ValueError(f"{path.name}: {row['rate_id']}: {value} from {low} to {high}, no facts {lost}")
        rates[row["rate_id"]] = Parameter(
            row["rate_id"], value, "assumption", row["fact_id"], row["rival_fact_ids"], low, high, rule
        )
    return rates


def note_rate(ledger: Ledger, row_id: str, rate: Parameter) -> Row:
    """The three cells of a rate; the ends of its range are noted as such."""
    cells: Row = {}
    for column, value in zip(RATES, (rate.value, rate.low, rate.high), strict=True):
        rule = rate.rule if column == "rate_per_a" else f"End of the range of rate_per_a. {rate.rule}"
        cells[column] = ledger.note(
            TABLE, row_id, column,
            Parameter("", value, rate.basis, rate.fact_id, rate.rival_fact_ids, rate.low, rate.high, rule),
        )  # fmt: skip
    return cells


def make_rows(ledger: Ledger, rates: dict[str, Parameter]) -> list[Row]:
    """Rows of the curated hazards."""
    rows: list[Row] = []
    for row in read_rows(CURATED / "hazard.csv"):
        row_id = row["hazard_id"]
        made: Row = {name: row[name] for name in KEPT} | note_rate(ledger, row_id, rates[row["rate"]])
        for column in (*EFFECTS, *LENGTHS):
            made[column] = ledger.take(TABLE, row_id, column, row[column])
        rows.append(made | {"fact_ids": ledger.list_facts(TABLE, row_id)})
    return rows


def make_instability(ledger: Ledger) -> list[Row]:
    """Rows of kind instability: one for each country, at a rate by its stability."""
    scores = {row["country_id"]: row for row in read_rows(CURATED / "country.csv")}
    rows: list[Row] = []
    for country in read_rows(CURATED / "hazard_country.csv"):
        row = scores[country["country_id"]]
        score = float(row["stability_score"])
        rate = find_rate_per_a(score)
        row_id = f"borders_shut_{country['country_id'].lower()}"
        rule = f"{MAPPING_SOURCE}. Stability {score:g} in {row['stability_year']}"
        parameter = Parameter(
            "",
            rate,
            "assumption",
            row["stability_fact_id"],
            "",
            rate / RANGE_FACTOR,
            rate * RANGE_FACTOR,
            rule,
        )
        made: Row = {
            "hazard_id": row_id,
            "name": f"Land borders of {country['name']} shut",
            "kind": "instability",
            "country_id": country["country_id"],
            "targets": f"border:{country['country_id']}",
            "is_closed": "true",
            "duration_form": "lognormal",
            "basis": "assumption",
            "note": "All land borders at once; ports stay open",
        }
        made |= note_rate(ledger, row_id, parameter)
        made["duration_d"] = ledger.take(TABLE, row_id, "duration_d", "instability_d")
        made["duration_spread_d"] = ledger.take(TABLE, row_id, "duration_spread_d", "instability_spread_d")
        rows.append(made | {"fact_ids": ledger.list_facts(TABLE, row_id)})
    return rows


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the hazards.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not read.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``hazard`` and ``value``.
    """
    del inputs
    ledger = Ledger(read_parameters(facts, CURATED / "hazard_parameter.csv"))
    rows = [*make_rows(ledger, read_rates(facts)), *make_instability(ledger)]
    return {TABLE: pd.DataFrame(rows), "value": ledger.make_table()}
