"""Chooses the length of every leg, and sets published lengths beside those of the open graph.

A published length may cover several legs in a chain; it is then divided among them as their lengths on the graph.
Comes after ``rail_leg.py``; ``rail.py`` calls it.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Parameter
from tools.build_eurasia.rail_leg import GRAPH_FACTOR, GRAPH_RULE, Leg

NEAR_FACTOR: Final = (0.95, 1.05)
"""A graph length outside this ratio to the published one needs a written reason."""

LengthBasis = Literal["published", "graph", "geometry"]


@dataclass(frozen=True, slots=True)
class Length:
    """Length of a leg, with the entry for the table ``value`` and that for ``link.length_basis``."""

    parameter: Parameter
    basis: LengthBasis


def read_published() -> list[dict[str, str]]:
    """Rows of ``rail_length.csv``: a published length and the links that it covers."""
    return read_rows(CURATED / "rail_length.csv")


def _number(text: str) -> float:
    return float(text) if text else np.nan


def find_lengths(legs: list[Leg], facts: pd.DataFrame) -> dict[str, Length]:
    """Length of each leg by link id.

    Rule 1: a published length that is marked as used, divided among the legs that it covers as their lengths on
    the open graph. Rule 2: the published length of a line that the graph does not have. Rule 3: the open graph times
    ``GRAPH_FACTOR``. Rule 4: the great circle by the points of the leg, times the detour factor of its row.

    Parameters
    ----------
    legs : list of Leg
        Measured legs.
    facts : DataFrame
        The table ``fact``, to check the published numbers against.

    Raises
    ------
    ValueError
        When a row says something else than its fact, or names an unknown link, or two used rows cover one link.
    """
    by_id = {leg.link_id: leg for leg in legs}
    published = _divide(
        read_published(), by_id, dict(zip(facts["fact_id"], facts["value_mean"], strict=True))
    )
    return {link_id: published.get(link_id) or _measure(leg) for link_id, leg in by_id.items()}


def _divide(rows: list[dict[str, str]], legs: dict[str, Leg], mean: dict[str, float]) -> dict[str, Length]:
    """Rule 1."""
    lengths: dict[str, Length] = {}
    faults = []
    for row in rows:
        ids = row["link_ids"].split(";")
        faults += [f"{row['length_id']}: no link '{link_id}'" for link_id in ids if link_id not in legs]
        if row["basis"] == "fact" and not np.isclose(
            mean.get(row["fact_id"], np.nan), float(row["published_km"])
        ):
            faults.append(f"{row['length_id']}: {row['published_km']} here, not so in {row['fact_id']}")
        if faults or row["is_used"] != "true":
            continue
        faults += [f"{link_id}: two published lengths are used" for link_id in ids if link_id in lengths]
        total_km = sum(legs[link_id].graph_km for link_id in ids)
        for link_id in ids:
            lengths[link_id] = _take_share(row, legs[link_id].graph_km / total_km)
    if faults:
        raise ValueError("rail_length.csv: " + "; ".join(faults))
    return lengths


def _take_share(row: dict[str, str], share: float) -> Length:
    is_whole = share > 1.0 - 1e-9
    rule = f"Published length of {row['name']}"
    if not is_whole:
        rule += f", {row['published_km']} km, divided among its legs as their lengths on the open graph"
    basis = row["basis"] if is_whole or row["basis"] == "assumption" else "derived"
    parameter = Parameter(
        "", round(float(row["published_km"]) * share, 1), basis, row["fact_id"], row["rival_fact_ids"],
        round(_number(row["low_km"]) * share, 1), round(_number(row["high_km"]) * share, 1), rule,
    )  # fmt: skip
    return Length(parameter, "published")


def _measure(leg: Leg) -> Length:
    """Rules 2 to 4."""
    row = leg.row
    if row.get("length_km"):  # Rule 2
        basis = "derived" if row["length_rule"] else "fact"
        rule = row["length_rule"] or "Published length of the line"
        parameter = Parameter(
            "", float(row["length_km"]), basis, row["length_fact_id"], "", np.nan, np.nan, rule
        )
        return Length(parameter, "published")
    if not np.isnan(leg.graph_km):  # Rule 3
        km = round(leg.graph_km * GRAPH_FACTOR, 1)
        return Length(Parameter("", km, "geometry", "", "", np.nan, np.nan, GRAPH_RULE), "graph")
    factor = float(row["detour_factor"])  # Rule 4
    rule = f"Great circle by the points of the leg times {factor:g}, a usual detour of lines in such country"
    km = round(leg.straight_km * factor, 1)
    low, high = round(leg.straight_km, 1), round(leg.straight_km * (2 * factor - 1), 1)
    return Length(Parameter("", km, "assumption", "", "", low, high, rule), "geometry")


def make_check(legs: list[Leg]) -> pd.DataFrame:
    """Lengths on the open graph times ``GRAPH_FACTOR`` beside published ones: the table ``rail_length_check``.

    Left out are lengths that stand in ``rail_gap.csv``, and so in the repaired graph: they would prove nothing.

    Parameters
    ----------
    legs : list of Leg
        Measured legs.

    Raises
    ------
    ValueError
        When a ratio lies outside ``NEAR_FACTOR`` and no reason is written.
    """
    graph_km = {leg.link_id: leg.graph_km for leg in legs}
    rows, faults = [], []
    for row in read_published():
        if row["is_independent"] != "true":
            continue
        km = round(sum(graph_km[link_id] for link_id in row["link_ids"].split(";")) * GRAPH_FACTOR, 1)
        ratio = km / float(row["published_km"])
        if not NEAR_FACTOR[0] <= ratio <= NEAR_FACTOR[1] and not row["reason"]:
            faults.append(
                f"{row['length_id']}: {km} km on the graph, {row['published_km']} published ({ratio:.3f})"
            )
        rows.append(
            {
                "link_id": row["length_id"],
                "name": row["name"],
                "link_ids": row["link_ids"],
                "graph_km": km,
                "published_km": float(row["published_km"]),
                "ratio_factor": round(ratio, 4),
                "is_used": row["is_used"] == "true",
                "fact_id": row["fact_id"],
                "reason": row["reason"],
            }
        )
    if faults:
        raise ValueError("rail_length.csv: a reason is needed for " + "; ".join(faults))
    return pd.DataFrame(rows)
