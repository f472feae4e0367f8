"""``policy``: countries that act as one, by their tariffs and by the posts between two of them."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.check import check_table
from dehliz.base.errors import Issue, list_ids
from dehliz.base.schema import read_spec
from dehliz.base.sheet import texts_of
from dehliz.network.changed import Changed, Frames, fail, with_provenance
from dehliz.network.changes import Policy
from dehliz.network.changing_numbers import find_factor
from dehliz.network.selecting import find_ids, say_scenario

OUTSIDE: Final = ("observer", "candidate")
"""Standings in a group that bind a country to nothing."""
RATES: Final = ("rate_usd_teu_km", "fixed_usd_teu", "rate_usd_t_km", "fixed_usd_t")
TIMES: Final = ("handling_time_h", "waiting_time_h", "time_spread_h")


def list_members(change: Policy, tables: Frames) -> tuple[str, ...]:
    """Countries that a policy is for, in order.

    Parameters
    ----------
    change : Policy
        With a group, countries, or both.
    tables : mapping of str to DataFrame
        Tables of a network.
    """
    group = tables["country_group"]
    inside = (
        (group["group_id"] == change.group_id)
        & ~group["standing"].isin(OUTSIDE)
        & (group["to_date"].fillna("") == "")
    )
    found = set(texts_of(group["country_id"][inside])) if change.group_id else set()
    return tuple(sorted(found | set(change.country_ids)))


def make_policy(change: Policy, tables: Frames, place: str) -> Changed:
    """Make a change of kind ``policy``."""
    members = list_members(change, tables)
    issues = _find_keys(change, tables, place) + _find_numbers(change, place)
    has_tariffs = change.tariff_factor != 1 or change.rate_usd_teu_km is not None
    has_borders = change.border_factor != 1 or change.border_time_h is not None
    if not issues and len(members) < (2 if has_borders else 1):
        found = f"{list_ids(members)} alone" if members else "no countries"
        issues.append(say_scenario("group.members", place, found))
    if not issues and not (has_tariffs or has_borders):
        issues.append(say_scenario("change.effect", place, "neither tariffs nor borders change"))
    if issues:
        return fail(tables, issues)
    name = change.group_id or list_ids(members)
    made: Frames = tables
    notes: list[str] = []
    for is_wanted, make in ((has_tariffs, _make_tariffs), (has_borders, _make_borders)):
        if is_wanted:
            done = make(change, made, members, f"policy of {name}", place)
            issues += done.issues
            made, notes = done.tables, [*notes, done.note]
    if issues:
        return fail(tables, issues)
    return Changed(made, (), f"policy of {name}: {'; '.join(notes)}", needs_check=True)


def _find_keys(change: Policy, tables: Frames, place: str) -> list[Issue]:
    groups = texts_of(tables["country_group"]["group_id"])
    issues = find_ids([change.group_id] if change.group_id else [], groups, "group", f"{place}, key group_id")
    countries = texts_of(tables["country"]["country_id"])
    issues += find_ids(change.country_ids, countries, "country", f"{place}, key country_ids")
    modes = texts_of(tables["mode"]["mode_id"])
    return issues + find_ids(change.mode_ids, modes, "mode", f"{place}, key mode_ids")


def _find_numbers(change: Policy, place: str) -> list[Issue]:
    issues = find_factor(change.tariff_factor, "tariff_factor", place)
    issues += find_factor(change.border_factor, "border_factor", place)
    for key, number, other, factor in (
        ("rate_usd_teu_km", change.rate_usd_teu_km, "tariff_factor", change.tariff_factor),
        ("border_time_h", change.border_time_h, "border_factor", change.border_factor),
    ):
        if number is None:
            continue
        issues += find_factor(number, key, place)
        if factor != 1:
            issues.append(say_scenario("policy.single", f"{place}, key {key}", f"{other} is given too"))
    return issues


def _make_borders(change: Policy, tables: Frames, members: tuple[str, ...], name: str, place: str) -> Changed:
    """Shorten the stay at border posts between two members."""
    terminal = tables["terminal"]
    own = list(members)
    inner = (
        (terminal["kind"] == "border_post")
        & terminal["from_country_id"].isin(own)
        & terminal["to_country_id"].isin(own)
    ).to_numpy()
    stay_h = (terminal["handling_time_h"] + terminal["waiting_time_h"]).to_numpy()
    if change.border_time_h is None:
        mask, factor = inner & (stay_h > 0), np.full(len(terminal), change.border_factor)
        words = f"stay times {change.border_factor:g}"
    else:
        mask = inner & (stay_h > change.border_time_h)
        factor = change.border_time_h / np.where(mask, stay_h, 1.0)
        words = f"stay of {change.border_time_h:g} h"
    if not mask.any():
        found = "no border post between two of the countries changes"
        return fail(tables, [say_scenario("change.effect", place, found)])
    copy = terminal.copy()
    for column in TIMES:
        copy.loc[mask, column] = copy.loc[mask, column] * factor[mask]
    if change.border_time_h is not None:
        copy.loc[mask, "handling_time_h"] = change.border_time_h
        copy.loc[mask, "waiting_time_h"] = 0.0
    note = f"{words} at {list_ids(texts_of(terminal['terminal_id'][mask]))}"
    value = with_provenance(tables["value"], copy, "terminal", list(TIMES), mask, f"{name}: {note}")
    return Changed(dict(tables) | {"terminal": copy, "value": value}, (), note)


def _make_tariffs(change: Policy, tables: Frames, members: tuple[str, ...], name: str, place: str) -> Changed:
    """Give the members tariffs of their own, changed, where a general one holds for them; change those they have."""
    tariff = tables["tariff"]
    own = list(members)
    legs = _legs_between(tables, own) if change.rate_usd_teu_km is None else []
    inside = _rows_inside(tables, own) | {leg_id for leg_id, _ in legs}
    is_own = tariff["country_id"].isin(own) & (tariff["row_id"] == "") | tariff["row_id"].isin(inside)
    copies = [*_copy_for_countries(tables, own), *_copy_for_legs(tariff, legs)]
    both = (
        pd.concat([tariff, pd.DataFrame(copies, columns=tariff.columns)], ignore_index=True)
        if copies
        else tariff
    )
    both = both.astype(tariff.dtypes.to_dict()).copy()
    mask = np.concatenate([is_own.to_numpy(), np.ones(len(copies), dtype=bool)])
    if change.mode_ids:
        mask &= both["mode_id"].isin(list(change.mode_ids)).to_numpy()
    before = both[list(RATES)].copy()
    words = _write_rates(change, both, mask)
    differs = ((both[list(RATES)] != before) & before.notna()).any(axis=1).to_numpy()
    if not differs.any():
        return fail(tables, [say_scenario("change.effect", place, "no tariff of the countries changes")])
    keep = np.concatenate([np.ones(len(tariff), dtype=bool), differs[len(tariff) :]])
    both, differs = both[keep].reset_index(drop=True), differs[keep]
    note = f"{words} in {list_ids(texts_of(both['tariff_id'][differs]))}"
    both.loc[differs, "basis"] = "assumption"
    both.loc[differs, "note"] = f"scenario: {name}"
    typed, faults = check_table(both, read_spec("tariff"), f"{place}, table tariff")
    if faults:
        return fail(tables, faults)
    value = tables["value"]
    for column in RATES:
        told = differs & typed[column].notna().to_numpy()
        value = with_provenance(value, typed, "tariff", [column], told, f"{name}: {words}")
    return Changed(dict(tables) | {"tariff": typed, "value": value}, (), note)


def _write_rates(change: Policy, tariff: pd.DataFrame, mask: NDArray[np.bool_]) -> str:
    """Write the new rates into the rows of the mask, and say what they are."""
    if change.rate_usd_teu_km is not None:
        hit = mask & tariff["rate_usd_teu_km"].notna().to_numpy()
        tariff.loc[hit, "rate_usd_teu_km"] = float(change.rate_usd_teu_km)
        return f"{change.rate_usd_teu_km:g} USD per TEU-km"
    for column in RATES:
        tariff.loc[mask, column] = tariff.loc[mask, column] * change.tariff_factor
    return f"tariffs times {change.tariff_factor:g}"


def _rows_inside(tables: Frames, members: list[str]) -> set[str]:
    """Links and service legs of the members."""
    return {
        row_id
        for name in ("link", "service_leg")
        for row_id in texts_of(tables[name][f"{name}_id"][tables[name]["country_id"].isin(members)])
    }


def _legs_between(tables: Frames, members: list[str]) -> list[tuple[str, str]]:
    """Service legs of no member from a member's port to a member's port, and their modes."""
    node, leg = tables["node"], tables["service_leg"]
    inside = texts_of(node["node_id"][node["country_id"].isin(members)])
    mask = (
        leg["from_node_id"].isin(inside) & leg["to_node_id"].isin(inside) & ~leg["country_id"].isin(members)
    )
    return list(zip(texts_of(leg["service_leg_id"][mask]), texts_of(leg["mode_id"][mask]), strict=True))


def _copy_for_countries(tables: Frames, members: list[str]) -> Iterator[dict[str, object]]:
    """Rows for countries that pay the general tariff of a mode, which is left to all others."""
    tariff = tables["tariff"]
    for country_id in members:
        modes = {
            mode_id
            for name in ("link", "service_leg")
            for mode_id in texts_of(tables[name]["mode_id"][tables[name]["country_id"] == country_id])
        }
        for row in _general(tariff, modes):
            same = tariff[
                (tariff["mode_id"] == row["mode_id"])
                & (tariff["load_unit"] == row["load_unit"])
                & (tariff["country_id"] == country_id)
                & (tariff["row_id"] == "")
            ]
            # A country's own rate comes before a general one, whatever the segment.
            if not same["segment_id"].isin(["", row["segment_id"]]).any():
                suffix = country_id.lower()
                yield row | {"tariff_id": f"{row['tariff_id']}_{suffix}", "country_id": country_id}


def _copy_for_legs(tariff: pd.DataFrame, legs: list[tuple[str, str]]) -> Iterator[dict[str, object]]:
    """Rows for service legs between members that pay the general tariff of a mode."""
    for leg_id, mode_id in legs:
        for row in _general(tariff, {mode_id}):
            same = tariff[(tariff["row_id"] == leg_id) & (tariff["load_unit"] == row["load_unit"])]
            if not same["segment_id"].isin(["", row["segment_id"]]).any():
                yield row | {"tariff_id": f"{row['tariff_id']}_{leg_id}", "row_id": leg_id}


def _general(tariff: pd.DataFrame, modes: set[str]) -> list[dict[str, object]]:
    """Tariffs of modes for any country and row."""
    mask = (tariff["country_id"] == "") & (tariff["row_id"] == "") & tariff["mode_id"].isin(sorted(modes))
    return [{str(key): cell for key, cell in row.items()} for row in tariff[mask].to_dict("records")]
