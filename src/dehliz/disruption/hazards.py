"""Hazards: what may happen, how often, for how long, and what it does to which arcs.

A checked table ``hazard`` and a network with its graph go in; frozen arrays come out, in the order of hazard ids. The
next file is ``disruption/draws.py``, which draws what happens in a year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.check import check_references, check_table, list_unknown
from dehliz.base.errors import DataError, Issue, SettingsError, say_count, suggest
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Sheet, texts_of
from dehliz.disruption.hazard_rules import RATE_RULES, check_hazards
from dehliz.disruption.targets import find_target
from dehliz.graph.graph import BoolArray, FloatArray, Graph, IntArray
from dehliz.network.csvtext import read_text_table, say_file_issue
from dehliz.network.network import Network

TABLE: Final = "hazard"
INSTABILITY: Final = "instability"
COUNTRY: Final = "country:"
FORMS: Final = ("fixed", "exponential", "lognormal")
MOST_PER_A: Final = 365.0
"""Greatest rate that a hazard can be given; the same bound as in the dictionary."""

UNCHANGED: Final = {"capacity_factor": 1.0, "time_factor": 1.0, "waiting_add_h": 0.0, "tariff_factor": 1.0}
"""Effects, each with the value that changes nothing."""

_TEXTS: Final = ("hazard_id", "name", "kind", "country_id")
_NUMBERS: Final = (
    "capacity_factor", "time_factor", "waiting_add_h", "tariff_factor", "rate_per_a", "rate_low_per_a",
    "rate_high_per_a", "duration_d", "duration_spread_d",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Hazards:
    """Hazards of one year in the order of their ids; all arrays are read-only.

    Attributes
    ----------
    hazard_ids, names, kinds, country_ids : tuple of str
        As in the table; a country is empty where the hazard is no single country's.
    targets : tuple of tuple of str
        What each strikes.
    is_closed : (n_hazard,) bool
        Whether nothing passes while it lasts.
    capacity_factor, time_factor, waiting_add_h, tariff_factor : (n_hazard,) float64
        What it does otherwise; NaN where it changes nothing.
    rate_per_a, rate_low_per_a, rate_high_per_a : (n_hazard,) float64
        How often it begins in a year, and the rates believed possible.
    first_month, last_month : (n_hazard,) int32
        Season in which it begins: 1 to 12 where it has none; the last before the first when it spans the new year.
    duration_d, duration_spread_d : (n_hazard,) float64
        Mean and standard deviation of its length; a spread of NaN goes with the forms fixed and exponential.
    duration_form : (n_hazard,) int32
        Position in ``FORMS``.
    first_arc : (n_hazard + 1,) int32
        Arcs of hazard ``h`` are ``arcs[first_arc[h]:first_arc[h + 1]]``.
    arcs : (n,) int32
        Arcs that each strikes, in order; empty when the hazards were read without a graph.
    notes : tuple of str
        Hazards that were left out, and why.
    """

    hazard_ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    country_ids: tuple[str, ...]
    targets: tuple[tuple[str, ...], ...]
    is_closed: NDArray[np.bool_]
    capacity_factor: FloatArray
    time_factor: FloatArray
    waiting_add_h: FloatArray
    tariff_factor: FloatArray
    rate_per_a: FloatArray
    rate_low_per_a: FloatArray
    rate_high_per_a: FloatArray
    first_month: IntArray
    last_month: IntArray
    duration_d: FloatArray
    duration_spread_d: FloatArray
    duration_form: IntArray
    first_arc: IntArray
    arcs: IntArray
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __repr__(self) -> str:
        """One line: how many, how many begin in a year, how many were left out."""
        return (
            f"<Hazards: {len(self)}, {self.rate_per_a.sum():.1f} events a year, {len(self.notes)} left out>"
        )

    def __len__(self) -> int:
        return len(self.hazard_ids)

    def find(self, hazard_id: str) -> int:
        """Position of a hazard.

        Raises
        ------
        SettingsError
            When there is none of that id.
        """
        if hazard_id not in self.hazard_ids:
            raise SettingsError("A hazard is not known.", [_say_unknown(hazard_id, self)])
        return self.hazard_ids.index(hazard_id)

    def arcs_of(self, hazard: int) -> IntArray:
        """Arcs that a hazard strikes."""
        return self.arcs[self.first_arc[hazard] : self.first_arc[hazard + 1]]

    def mask_of(self, hazard: int, arc_count: int) -> BoolArray:
        """Which of a graph's arcs a hazard strikes; as (n_arc,) bool."""
        mask = np.zeros(arc_count, dtype=bool)
        mask[self.arcs_of(hazard)] = True
        return mask

    def effect_of(self, hazard: int) -> dict[str, float]:
        """What a hazard does to its arcs, by column of the table: 1 for a factor and 0 for hours that stay."""
        return {
            name: unchanged if np.isnan(value := float(getattr(self, name)[hazard])) else value
            for name, unchanged in UNCHANGED.items()
        }

    def with_rates(self, changes: Mapping[str, float]) -> "Hazards":
        """The same hazards with other rates.

        Parameters
        ----------
        changes : mapping of str to float
            Hazard id, or ``country:ID`` for the rate at which that country's borders are shut, to times per year.

        Raises
        ------
        SettingsError
            With every name that means nothing and every rate that is none.
        """
        rates = self.rate_per_a.copy()
        issues: list[Issue] = []
        for key, rate in changes.items():
            place = self._place(key)
            if place is None:
                issues.append(_say_unknown(key, self))
            elif not 0 <= rate <= MOST_PER_A:
                rule = RATE_RULES["hazard.rate.bounds"]
                issues.append(
                    Issue(rule.name, "rates of hazards", (key,), f"{rate:g}", rule.expected, rule.remedy)
                )
            else:
                rates[place] = rate
        if issues:
            raise SettingsError(
                f"Rates of hazards cannot be changed: {say_count(len(issues), 'fault')}.", issues
            )
        return replace(self, rate_per_a=rates)

    def _place(self, key: str) -> int | None:
        if key in self.hazard_ids:
            return self.hazard_ids.index(key)
        country = key.removeprefix(COUNTRY) if key.startswith(COUNTRY) else ""
        found = [
            place
            for place, (kind, country_id) in enumerate(zip(self.kinds, self.country_ids, strict=True))
            if kind == INSTABILITY and country and country_id == country
        ]
        return found[0] if found else None


def _say_unknown(key: str, hazards: Hazards) -> Issue:
    countries = [
        COUNTRY + country
        for kind, country in zip(hazards.kinds, hazards.country_ids, strict=True)
        if kind == INSTABILITY
    ]
    known = [*hazards.hazard_ids, *countries]
    rule = RATE_RULES["hazard.rate.known"]
    hint = suggest(key, known) or rule.remedy
    return Issue(rule.name, "rates of hazards", (key,), "there is no such hazard", rule.expected, hint)


def read_hazards(
    path: Path, network: Network, graph: Graph | None = None, *, year: int | None = None
) -> Hazards:
    """Hazards of a file of one's own.

    Parameters
    ----------
    path : Path
        Comma-separated table with the columns of ``hazard`` in the data dictionary.
    network : Network
        Gives countries.
    graph : Graph, optional
        Compiled from the network; without it, targets are not looked up.
    year : int, optional
        Year for which they are wanted; that of the network when left out.

    Raises
    ------
    DataError
        With every fault of the file.
    """
    if not path.is_file():
        missing = say_file_issue("exists", TABLE, path.name, "there is no such file")
        raise DataError(f"{path.name} cannot be used.", [missing])
    text = read_text_table(path, TABLE)
    if text.issues and not len(text.frame.columns):
        raise DataError(f"{path.name} cannot be used.", text.issues)
    frame = check_hazard_table(text.frame, network, path.name, text.lines, text.issues)
    unknown = [
        f"{path.name}: column '{column}' is not in the data dictionary and was left out"
        for column in list_unknown([str(name) for name in text.frame.columns], read_spec(TABLE))
    ]
    hazards = make_hazards(frame, network, graph, year=year)
    return replace(hazards, notes=(*text.notes, *unknown, *hazards.notes))


def check_hazard_table(
    frame: pd.DataFrame,
    network: Network,
    file: str = f"table {TABLE}",
    lines: Sequence[int] | None = None,
    issues: Sequence[Issue] = (),
) -> pd.DataFrame:
    """The table with the dictionary's types.

    Parameters
    ----------
    frame : DataFrame
        Text, or typed columns.
    network : Network
        Gives countries.
    file : str
        What messages call it.
    lines : sequence of int, optional
        Line of each row in an editor.
    issues : sequence of Issue
        Faults found while reading; raised together with those found here.

    Raises
    ------
    DataError
        With every fault.
    """
    typed, found = check_table(frame, read_spec(TABLE), file, lines)
    sheet = Sheet(read_spec(TABLE), typed, file, lines)
    country = Sheet(read_spec("country"), network.country, "country.csv")
    found = [*issues, *found]
    found += [
        one for one in check_references({TABLE: sheet, "country": country}) if one.rule.startswith(TABLE)
    ]
    found += check_hazards(sheet)
    if found:
        raise DataError(f"The hazards cannot be used: {say_count(len(found), 'fault')}.", found)
    return typed


def make_hazards(
    frame: pd.DataFrame, network: Network, graph: Graph | None = None, *, year: int | None = None
) -> Hazards:
    """Hazards of a checked table, as far as they hold in the year and strike something in the network.

    Parameters
    ----------
    frame : DataFrame
        Table ``hazard`` with the dictionary's types.
    network : Network
        Gives passages and border posts.
    graph : Graph, optional
        Compiled from the network; without it, targets are not looked up and no hazard is left out for them.
    year : int, optional
        Year for which they are wanted; that of the network when left out; None means every hazard.
    """
    year = network.year if year is None else year
    ordered = frame.sort_values("hazard_id", kind="stable").reset_index(drop=True)
    kept: list[int] = []
    struck: list[IntArray] = []
    notes: list[str] = []
    for row, (hazard_id, targets) in enumerate(
        zip(texts_of(ordered["hazard_id"]), texts_of(ordered["targets"]), strict=True)
    ):
        reason = _find_other_year(ordered, row, year)
        arcs = np.zeros(0, dtype=np.int32)
        if not reason and graph is not None:
            arcs, reason = _find_arcs(graph, network, targets.split(";"))
        if reason:
            notes.append(f"hazard {hazard_id}: {reason}")
        else:
            kept.append(row)
            struck.append(arcs)
    return _fill(ordered.iloc[kept].reset_index(drop=True), struck, notes)


def _find_other_year(frame: pd.DataFrame, row: int, year: int | None) -> str:
    first, last = (frame[name].to_numpy(dtype=np.float64)[row] for name in ("from_year", "to_year"))
    if year is not None and (first > year or last < year):
        return f"left out, since it does not hold in {year}"
    return ""


def _find_arcs(graph: Graph, network: Network, tokens: Sequence[str]) -> tuple[IntArray, str]:
    """Arcs of all targets, or why there are none."""
    mask = np.zeros(graph.n_arc, dtype=bool)
    for token in tokens:
        try:
            mask |= find_target(graph, network, token)
        except DataError as error:
            what = error.issues[0].found if error.issues else str(error)
            return np.zeros(0, dtype=np.int32), f"left out, {what}: '{token}'"
    mask &= graph.is_open
    arcs = np.flatnonzero(mask).astype(np.int32)
    return arcs, "" if len(arcs) else "left out, since nothing of what it strikes is open"


def _fill(frame: pd.DataFrame, struck: Sequence[IntArray], notes: Sequence[str]) -> Hazards:
    texts = {name: tuple(texts_of(frame[name])) for name in _TEXTS}
    numbers = {name: frame[name].to_numpy(dtype=np.float64, copy=True) for name in _NUMBERS}
    months = {
        name: frame[name].fillna(whole).to_numpy(dtype=np.int32, copy=True)
        for name, whole in (("first_month", 1), ("last_month", 12))
    }
    counts = np.array([0, *map(len, struck)], dtype=np.int64)
    return Hazards(
        hazard_ids=texts["hazard_id"],
        names=texts["name"],
        kinds=texts["kind"],
        country_ids=texts["country_id"],
        targets=tuple(tuple(cell.split(";")) for cell in texts_of(frame["targets"])),
        is_closed=frame["is_closed"].to_numpy(dtype=bool, copy=True),
        **numbers,
        **months,
        duration_form=np.array(
            [FORMS.index(form) for form in texts_of(frame["duration_form"])], dtype=np.int32
        ),
        first_arc=np.cumsum(counts).astype(np.int32),
        arcs=np.concatenate([np.zeros(0, dtype=np.int32), *struck]).astype(np.int32),
        notes=tuple(notes),
    )
