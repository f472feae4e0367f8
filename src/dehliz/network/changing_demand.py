"""``shift_demand``: part of the cargo of some rows grows, shrinks, or starts and ends elsewhere."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.errors import Issue, list_ids
from dehliz.base.sheet import texts_of
from dehliz.network.changed import Changed, Frames, fail
from dehliz.network.changes import ShiftDemand
from dehliz.network.selecting import find_ids, say_demand, say_scenario

VOLUMES: Final = ("volume_t_a", "low_t_a", "high_t_a")
"""Cargo of a row, and the ends of its range where it has one."""
_KEY: Final = ["year", "market_id", "origin_zone_id", "destination_zone_id"]
_SHOWN_COUNT: Final = 3


def shift_demand(change: ShiftDemand, tables: Frames, place: str) -> Changed:
    """Make a change of kind ``shift_demand``.

    Notes
    -----
    A row of volume ``v`` keeps ``(1 - share) v``; ``share factor v`` stays with it too, or goes to the row between the
    new ends, which is made where there is none. So a move alone keeps the sum of all volumes.
    """
    issues = _find_numbers(change, place)
    if "demand" not in tables:
        return fail(tables, [say_demand(place, "a change of demand"), *issues])
    issues = _find_keys(change, tables, place) + issues
    if issues:
        return fail(tables, issues)
    demand = tables["demand"]
    mask = _find_rows(change, tables) & (demand["volume_t_a"] > 0).to_numpy()
    if not mask.any():
        return fail(tables, [say_scenario("change.effect", place, "no cargo fits the keys")])
    kept = demand.copy()
    moved = demand[mask].copy()
    own = 1.0 - change.share if _is_move(change) else 1.0 - change.share + change.share * change.factor
    for column in VOLUMES:
        kept.loc[mask, column] = kept.loc[mask, column] * own
        moved[column] = moved[column] * (change.share * change.factor)
    kept.loc[mask, "basis"] = "assumption"
    if _is_move(change):
        moved["basis"] = "assumption"
        issues = _redirect(change, moved, place)
        if issues:
            return fail(tables, issues)
        kept = _merge(kept, moved)
    return Changed(dict(tables) | {"demand": kept}, (), _say(change, demand, mask))


def _is_move(change: ShiftDemand) -> bool:
    return bool(change.to_origin_zone_id or change.to_destination_zone_id)


def _find_keys(change: ShiftDemand, tables: Frames, place: str) -> list[Issue]:
    """Ids that mean nothing."""
    zones = texts_of(tables["zone"]["zone_id"])
    countries = texts_of(tables["country"]["country_id"])
    markets = sorted(
        set(texts_of(tables["demand"]["market_id"])) | set(texts_of(tables["market"]["market_id"]))
    )
    issues: list[Issue] = []
    for key, ids, known, what in (
        ("to_origin_zone_id", (change.to_origin_zone_id,), [*zones, ""], "zone"),
        ("to_destination_zone_id", (change.to_destination_zone_id,), [*zones, ""], "zone"),
        ("market_ids", change.market_ids, markets, "market"),
        ("segment_ids", change.segment_ids, texts_of(tables["segment"]["segment_id"]), "segment"),
        ("origin_zone_ids", change.origin_zone_ids, zones, "zone"),
        ("origin_country_ids", change.origin_country_ids, countries, "country"),
        ("destination_zone_ids", change.destination_zone_ids, zones, "zone"),
        ("destination_country_ids", change.destination_country_ids, countries, "country"),
    ):
        issues += find_ids([text for text in ids if text], known, what, f"{place}, key {key}")
    return issues


def _find_numbers(change: ShiftDemand, place: str) -> list[Issue]:
    """Shares and factors that are none, or that change nothing."""
    issues: list[Issue] = []
    if not 0 < change.share <= 1:
        issues.append(say_scenario("share.bounds", f"{place}, key share", f"{change.share:g}"))
    if not (np.isfinite(change.factor) and change.factor >= 0):
        issues.append(say_scenario("factor.bounds", f"{place}, key factor", f"{change.factor:g}"))
    if not issues and change.factor == 1 and not _is_move(change):
        found = "the factor is 1 and no other zone is named"
        issues.append(say_scenario("change.effect", f"{place}, key factor", found))
    return issues


def _find_rows(change: ShiftDemand, tables: Frames) -> NDArray[np.bool_]:
    """Rows that fit all keys that are given, and do not go between the new ends already."""
    demand, zone = tables["demand"], tables["zone"]
    country = dict(zip(texts_of(zone["zone_id"]), texts_of(zone["country_id"]), strict=True))
    origin, destination = demand["origin_zone_id"], demand["destination_zone_id"]
    mask = np.ones(len(demand), dtype=bool)
    for column, ids in (
        (demand["market_id"], change.market_ids),
        (demand["segment_id"], change.segment_ids),
        (origin, change.origin_zone_ids),
        (origin.map(country), change.origin_country_ids),
        (destination, change.destination_zone_ids),
        (destination.map(country), change.destination_country_ids),
    ):
        if ids:
            mask &= column.isin(list(ids)).to_numpy()
    if _is_move(change):
        start = change.to_origin_zone_id or origin
        end = change.to_destination_zone_id or destination
        mask &= ~((origin == start) & (destination == end)).to_numpy()
    return mask


def _redirect(change: ShiftDemand, moved: pd.DataFrame, place: str) -> list[Issue]:
    """Write the new ends into the moved rows; a fault where they are the same."""
    before = [
        f"{start} - {end}"
        for start, end in zip(
            texts_of(moved["origin_zone_id"]), texts_of(moved["destination_zone_id"]), strict=True
        )
    ]
    for column, zone_id in (
        ("origin_zone_id", change.to_origin_zone_id),
        ("destination_zone_id", change.to_destination_zone_id),
    ):
        if zone_id:
            moved[column] = zone_id
    same = (moved["origin_zone_id"] == moved["destination_zone_id"]).to_numpy()
    lost = list(dict.fromkeys(text for text, hit in zip(before, same, strict=True) if hit))
    if not lost:
        return []
    more = f" and {len(lost) - _SHOWN_COUNT} more" if len(lost) > _SHOWN_COUNT else ""
    found = f"cargo of {', '.join(lost[:_SHOWN_COUNT])}{more} would go to where it starts"
    return [say_scenario("demand.ends", place, found)]


def _merge(kept: pd.DataFrame, moved: pd.DataFrame) -> pd.DataFrame:
    """Both together, with one row for each market and pair of zones.

    A row that gets cargo is an assumption from then on. It has a range where each of its parts has one.
    """
    both = pd.concat([kept, moved], ignore_index=True)
    twice = both.duplicated(_KEY, keep=False)
    groups = both[twice].groupby(_KEY, sort=True)
    merged = groups.agg(
        segment_id=("segment_id", "first"),
        basis=("basis", lambda _: "assumption"),
        total_ids=("total_ids", _join),
        fact_ids=("fact_ids", _join),
        **{column: (column, lambda cells: cells.sum(skipna=False)) for column in VOLUMES},
    ).reset_index()
    parts = [both[~twice], merged[list(both.columns)]] if len(merged) else [both]
    return pd.concat(parts, ignore_index=True).sort_values(_KEY, kind="stable", ignore_index=True)


def _join(cells: pd.Series) -> str:
    """All ids of lists of ids, each once, in order."""
    return ";".join(sorted({text for cell in texts_of(cells) for text in cell.split(";")} - {""}))


def _say(change: ShiftDemand, demand: pd.DataFrame, mask: NDArray[np.bool_]) -> str:
    total_t_a = float(demand["volume_t_a"][mask].sum())
    markets = list(dict.fromkeys(texts_of(demand["market_id"][mask])))
    cargo = f"{change.share:.0%} of {total_t_a:,.0f} t a year of {list_ids(markets)}"
    words = [f"times {change.factor:g}"] if change.factor != 1 else []
    words += [f"from {change.to_origin_zone_id}"] if change.to_origin_zone_id else []
    words += [f"to {change.to_destination_zone_id}"] if change.to_destination_zone_id else []
    return f"demand: {cargo} {' '.join(words)}"
