"""What the page tells, taken from a run's tables: pairs, their corridors under each scenario, names of things.

Computes nothing but choices and differences of stored numbers. Next come the sections of the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.lines import LineBook, Tables, read_lines

BASELINE: Final = "baseline"
MIDDLE: Final = ("middle_btk", "middle_black_sea", "middle_caspian", "zangezur")
"""Corridors of the Middle Corridor's family, for which the claims are made, when the manifest names no others."""
PAIR: Final = ["origin_id", "destination_id"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of places and its corridors.

    Attributes
    ----------
    origin_id, destination_id : str
        Zones.
    origin, destination : str
        Their names.
    routes : DataFrame
        Rows of ``route``: those of the baseline, then corridors that only another scenario opens; ``option`` is
        the number on the badge, ``is_only_with`` names the scenario that a corridor needs, or is empty.
    legs : DataFrame
        Rows of ``route_leg`` with the same ``option``.
    by_scenario : dict of str to DataFrame
        Rows of ``route`` of each scenario.
    """

    origin_id: str
    destination_id: str
    origin: str
    destination: str
    routes: pd.DataFrame
    legs: pd.DataFrame
    by_scenario: dict[str, pd.DataFrame]

    @property
    def name(self) -> str:
        """Both ends, for people."""
        return f"{self.origin} → {self.destination}"

    @property
    def anchor(self) -> str:
        """Id of its section on the page."""
        return f"pair-{self.origin_id}-{self.destination_id}"


@dataclass(frozen=True, slots=True)
class Story:
    """All that the page needs.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        Tables of the run.
    manifest : mapping
        Manifest of the run.
    pairs : tuple of Pair
        In the order of the ``route`` table.
    scenario_name : dict of str to str
        Scenarios in their order, the baseline first.
    country_name, corridor_name : dict of str to str
        Names for people.
    shipment : str
        What is moved.
    book : LineBook
        Where nodes lie and rows run.
    claimants : tuple of str
        Corridors for which the claims are made.
    """

    tables: Tables
    manifest: Mapping[str, Any]
    pairs: tuple[Pair, ...]
    scenario_name: dict[str, str]
    country_name: dict[str, str]
    corridor_name: dict[str, str]
    shipment: str
    book: LineBook
    claimants: tuple[str, ...] = MIDDLE

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run; an empty one when the run has none of that name."""
        return self.tables.get(name, pd.DataFrame())


def tell(tables: Tables, manifest: Mapping[str, Any]) -> Story:
    """The story of a run.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the run; ``route`` and ``route_leg`` are needed, all others may be absent.
    manifest : mapping
        Manifest of the run.
    """
    routes, legs = _with_scenario(tables["route"]), _with_scenario(tables["route_leg"])
    zone_name = _read_names(tables, "zone") or {}
    pairs = []
    for origin_id, destination_id in routes[PAIR].drop_duplicates().itertuples(index=False, name=None):
        own, own_legs = _of_pair(routes, origin_id, destination_id), _of_pair(legs, origin_id, destination_id)
        ends = _end_names(own_legs, zone_name, str(origin_id), str(destination_id))
        merged, merged_legs = merge_scenarios(own, own_legs)
        by_scenario = {
            str(key): best_per_corridor(group) for key, group in own.groupby("scenario_id", sort=False)
        }
        pairs.append(Pair(str(origin_id), str(destination_id), *ends, merged, merged_legs, by_scenario))
    shipment = str(manifest.get("shipment") or "the shipment")
    return Story(
        tables,
        manifest,
        tuple(pairs),
        _name_scenarios(tables, routes),
        _read_names(tables, "country"),
        dict(zip(routes["corridor_id"], routes["corridor_name"], strict=True)),
        shipment,
        read_lines(tables),
        _read_claimants(manifest),
    )


def _read_claimants(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The corridors that the study names in ``compare.claimants``."""
    study = manifest.get("study") or {}
    return tuple((study.get("compare") or {}).get("claimants") or MIDDLE)


def _with_scenario(table: pd.DataFrame) -> pd.DataFrame:
    if "scenario_id" not in table.columns:
        return table.assign(scenario_id=BASELINE)
    return table.assign(scenario_id=table["scenario_id"].replace("", BASELINE).fillna(BASELINE))


def _of_pair(table: pd.DataFrame, origin_id: object, destination_id: object) -> pd.DataFrame:
    return table[(table["origin_id"] == origin_id) & (table["destination_id"] == destination_id)]


def _read_names(tables: Tables, name: str) -> dict[str, str]:
    table = tables.get(name, pd.DataFrame())
    return dict(zip(table[f"{name}_id"], table["name"], strict=True)) if len(table) else {}


def _name_scenarios(tables: Tables, routes: pd.DataFrame) -> dict[str, str]:
    known = _read_names(tables, "scenario")
    used = [str(key) for key in dict.fromkeys(routes["scenario_id"])]
    used.sort(key=lambda key: key != BASELINE)
    return {
        key: known.get(key, "As it is" if key == BASELINE else key.replace("_", " ").capitalize())
        for key in used
    }


def _end_names(
    legs: pd.DataFrame, zones: Mapping[str, str], origin_id: str, destination_id: str
) -> tuple[str, str]:
    first, last = origin_id, destination_id
    if len(legs):
        ordered = legs.sort_values(["option", "leg"])
        first, last = str(ordered["from_name"].iloc[0]), str(ordered["to_name"].iloc[-1])
    return zones.get(origin_id, first), zones.get(destination_id, last)


def best_per_corridor(routes: pd.DataFrame) -> pd.DataFrame:
    """The first option of each corridor, in the order of the options."""
    return routes.sort_values("option").drop_duplicates("corridor_id").reset_index(drop=True)


def merge_scenarios(routes: pd.DataFrame, legs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Corridors of the baseline, then those that only other scenarios have, numbered from 1; and their legs."""
    parts: list[pd.DataFrame] = []
    leg_parts: list[pd.DataFrame] = []
    seen: set[str] = set()
    order = sorted(dict.fromkeys(routes["scenario_id"]), key=lambda key: key != BASELINE)
    for scenario_id in order:
        for row in each_row(best_per_corridor(routes[routes["scenario_id"] == scenario_id])):
            if row.corridor_id in seen:
                continue
            seen.add(row.corridor_id)
            is_own = (legs["scenario_id"] == scenario_id) & (legs["option"] == row.option)
            only_with = "" if scenario_id == BASELINE else scenario_id
            number = len(parts) + 1
            parts.append(pd.DataFrame([row._asdict()]).assign(option=number, is_only_with=only_with))
            leg_parts.append(legs[is_own].assign(option=number))
    if not parts:
        return routes.assign(is_only_with=""), legs
    return pd.concat(parts, ignore_index=True), pd.concat(leg_parts, ignore_index=True)


def best_middle(story: Story, routes: pd.DataFrame) -> pd.Series | None:
    """The Middle Corridor's quickest row, or None when it has none."""
    own = routes[routes["corridor_id"].isin(story.claimants)]
    if not len(own):
        return None
    return own.sort_values(["time_h", "corridor_id"]).iloc[0]
