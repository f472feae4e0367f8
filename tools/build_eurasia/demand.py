"""Makes the markets, their published totals, the demand from zone to zone and what was observed.

``curated/demand_total.csv`` holds a formula over facts for each market and year; ``curated/demand_market_zone.csv``
says where a market starts and ends. Each total is spread by ``demand_gravity.py`` and reproduced exactly. What
corridors carried stands apart, in ``observed_volume``, to be predicted. Comes after ``place.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from dehliz.network.geo import great_circle_km
from tools.build_eurasia.demand_formula import evaluate, list_facts
from tools.build_eurasia.demand_gravity import spread
from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, read_parameters
from tools.build_eurasia.place_node import read_places

DETERRENCE: Final = "deterrence_1000km"
Row = dict[str, str]
Means = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Total:
    """One part of a market's size in a year; meanings as in the table ``demand_total``."""

    total_id: str
    market_id: str
    year: int
    zone_ids: tuple[str, ...]
    value: float
    unit: str
    unit_factor: float
    basis: str
    fact_ids: tuple[str, ...]
    rival_fact_ids: str
    low_t_a: float
    high_t_a: float
    rule: str

    @property
    def volume_t_a(self) -> float:
        """Cargo in tonnes a year."""
        return self.value * self.unit_factor


def read_means(facts: pd.DataFrame) -> dict[str, float]:
    """Number of each fact."""
    return dict(zip(facts["fact_id"], facts["value_mean"].astype(float), strict=True))


def read_totals(means: Means, path: Path = CURATED / "demand_total.csv") -> list[Total]:
    """Every total, computed from the facts.

    Raises
    ------
    ValueError
        With all faults together: a fact without a number, an assumption outside its range, a fact that is a sum.
    """
    totals, faults = [], []
    for row in read_rows(path):
        try:
            total = _read_total(row, means)
        except ValueError as error:
            faults.append(f"{row['market_id']} {row['year']}: {error}")
            continue
        totals.append(total)
        faults += [f"{total.total_id}: {text}" for text in _find_faults(total, row)]
    if faults:
        raise ValueError(f"{path.name}: " + "; ".join(faults))
    return totals


def _read_total(row: Row, means: Means) -> Total:
    value, factor = evaluate(row["formula"], means), float(row["unit_factor"])
    name = "_".join(part for part in (row["market_id"], row["year"], row["part"]) if part)
    ends = [float(row[end]) * factor if row[end] else np.nan for end in ("low", "high")]
    return Total(
        name, row["market_id"], int(row["year"]), tuple(zone for zone in row["origin_zone_ids"].split(";") if zone),
        value, row["unit"], factor, row["basis"], list_facts(row["formula"]), row["rival_fact_ids"],
        ends[0], ends[1], row["rule"],
    )  # fmt: skip


def _find_faults(total: Total, row: Row) -> list[str]:
    if total.basis == "assumption" and not total.low_t_a <= total.volume_t_a <= total.high_t_a:
        return [f"an assumption lies between low and high: {total.value:g}, {row['low']} to {row['high']}"]
    if total.basis == "fact" and len(total.fact_ids) != 1:
        return ["a fact names one fact"]
    if total.basis == "derived" and not total.fact_ids:
        return ["what is derived leans on a fact"]
    return []


def read_weights(rows: list[Row]) -> dict[tuple[str, str], dict[str, float]]:
    """Share of each zone by market and side."""
    weights: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        weights.setdefault((row["market_id"], row["side"]), {})[row["zone_id"]] = float(row["weight"])
    return {
        key: {zone: weight / sum(side.values()) for zone, weight in side.items()}
        for key, side in weights.items()
    }


def spread_market(
    totals: list[Total],
    weights: Mapping[tuple[str, str], Mapping[str, float]],
    places: Mapping[str, tuple[float, float]],
    per_km: float,
) -> list[dict[str, object]]:
    """Rows of the table ``demand`` of one market and year.

    Parameters
    ----------
    totals : list of Total
        Its parts; a part that names zones starts in them, in equal shares, any other by the market's weights.
    weights : mapping
        From ``read_weights``.
    places : mapping of str to tuple of float
        Longitude and latitude of each zone's node [deg].
    per_km : float
        Deterrence [1/km].
    """
    market_id = totals[0].market_id
    destination = weights[market_id, "destination"]
    start: dict[str, float] = {}
    parts: dict[str, list[Total]] = {}
    for total in totals:
        own = dict.fromkeys(total.zone_ids, 1.0 / len(total.zone_ids)) if total.zone_ids else None
        for zone, share in (own or weights[market_id, "origin"]).items():
            start[zone] = start.get(zone, 0.0) + share * total.volume_t_a
            parts.setdefault(zone, []).append(total)
    whole = sum(total.volume_t_a for total in totals)
    names, ends = list(start), list(destination)
    lon, lat = (np.array([[places[zone][at] for zone in side] for side in (names,)])[0] for at in (0, 1))
    lon_to, lat_to = (np.array([places[zone][at] for zone in ends]) for at in (0, 1))
    distance_km = great_circle_km(lon[:, None], lat[:, None], lon_to[None, :], lat_to[None, :])
    flow = spread(whole, list(start.values()), list(destination.values()), distance_km, per_km)
    return [
        _make_row(parts[origin], origin, end, float(flow[row, column]), flow.size == 1)
        for row, origin in enumerate(names)
        for column, end in enumerate(ends)
        if flow[row, column] > 0.0
    ]


def _make_row(
    totals: list[Total], origin: str, destination: str, volume_t_a: float, is_whole: bool
) -> dict[str, object]:
    is_assumed = any(total.basis == "assumption" for total in totals)
    whole = sum(total.volume_t_a for total in totals)
    low, high = (
        sum(getattr(total, end) if total.basis == "assumption" else total.volume_t_a for total in totals)
        for end in ("low_t_a", "high_t_a")
    )
    return {
        "year": totals[0].year,
        "market_id": totals[0].market_id,
        "origin_zone_id": origin,
        "destination_zone_id": destination,
        "volume_t_a": volume_t_a,
        "basis": "assumption" if is_assumed else "published" if is_whole else "spread",
        "low_t_a": round(volume_t_a * low / whole, 1) if is_assumed else np.nan,
        "high_t_a": round(volume_t_a * high / whole, 1) if is_assumed else np.nan,
        "total_ids": ";".join(total.total_id for total in totals),
        "fact_ids": ";".join(sorted({fact_id for total in totals for fact_id in total.fact_ids})),
    }


def make_demand(
    totals: list[Total], weights: Mapping[tuple[str, str], Mapping[str, float]], per_km: float
) -> pd.DataFrame:
    """The table ``demand`` without segments: every market and year spread over its zones."""
    groups: dict[tuple[str, int], list[Total]] = {}
    for total in totals:
        groups.setdefault((total.market_id, total.year), []).append(total)
    places = read_places()
    return pd.DataFrame(
        [row for key in sorted(groups) for row in spread_market(groups[key], weights, places, per_km)]
    )


def make_totals(totals: list[Total]) -> pd.DataFrame:
    """The table ``demand_total``."""
    return pd.DataFrame(
        {
            "total_id": total.total_id,
            "market_id": total.market_id,
            "year": total.year,
            "value": total.value,
            "unit": total.unit,
            "unit_factor": total.unit_factor,
            "volume_t_a": total.volume_t_a,
            "basis": total.basis,
            "fact_id": total.fact_ids[0] if total.fact_ids else "",
            "fact_ids": ";".join(total.fact_ids),
            "rival_fact_ids": total.rival_fact_ids,
            "low_t_a": total.low_t_a,
            "high_t_a": total.high_t_a,
            "rule": total.rule,
        }
        for total in totals
    )


def make_observed(rows: list[Row], means: Means) -> pd.DataFrame:
    """The table ``observed_volume``."""
    kept = (
        "observed_id",
        "scope",
        "scope_id",
        "year",
        "period",
        "segment_ids",
        "unit",
        "direction",
        "table_name",
    )
    made = []
    for row in rows:
        value = evaluate(f"{row['fact_id']} * {row['fact_factor']}", means)
        factor = float(row["unit_factor"] or "nan")
        made.append(
            {
                column: row[column]
                for column in (*kept, "row_ids", "basis", "fact_id", "rival_fact_ids", "note")
            }
            | {"value": round(value, 3), "volume_t": round(value * factor, 3)}
        )
    return pd.DataFrame(made)


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the markets and of what was observed.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not read.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``market, market_zone, demand_total, demand`` and ``observed_volume``.
    """
    del inputs
    means = read_means(facts)
    markets = pd.DataFrame(read_rows(CURATED / "demand_market.csv"))
    zones = read_rows(CURATED / "demand_market_zone.csv")
    weights, totals = read_weights(zones), read_totals(means)
    per_km = read_parameters(facts)[DETERRENCE].value / 1000.0
    demand = make_demand(totals, weights, per_km)
    demand["segment_id"] = demand["market_id"].map(
        dict(zip(markets["market_id"], markets["segment_id"], strict=True))
    )
    shares = [
        {column: row[column] for column in ("market_id", "side", "zone_id", "basis", "fact_ids", "rule")}
        | {"weight_share": weights[row["market_id"], row["side"]][row["zone_id"]]}
        for row in zones
    ]
    return {
        "market": markets,
        "market_zone": pd.DataFrame(shares),
        "demand_total": make_totals(totals),
        "demand": demand,
        "observed_volume": make_observed(read_rows(CURATED / "demand_observed.csv"), means),
    }
