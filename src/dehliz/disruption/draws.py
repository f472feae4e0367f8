"""Draws what happens in a year, and cuts the year into states of what is struck at once.

Hazards go in, ``Events`` come out, and ``States`` of them: the days of the year on which each set of hazards is active.
Each hazard has a stream of its own, so that two draws with the same seed and run differ only where their hazards do
(common random numbers). Formulas and their checks: ``docs/background/hazards.md``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dehliz.base.errors import Issue, SettingsError, say_count, suggest
from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.disruption.hazard_rules import RATE_RULES
from dehliz.disruption.hazards import FORMS, TABLE, Hazards
from dehliz.graph.graph import FloatArray, IntArray

MONTH_ENDS_D: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
"""Days of a year of 365 days before each month, and before the next year."""
YEARS_BEFORE: Final = 10
"""Years before the year that are drawn too, for what begins in them and lasts into it."""
FIRST_BAND_PER_A: Final = 1.0
MOST_FACTOR: Final = 1000.0


@dataclass(frozen=True, slots=True, repr=False)
class Events:
    """What happens in a year, in the order of start, then of hazard; arrays are read-only.

    Attributes
    ----------
    hazard : (n_event,) int32
        Position of the hazard.
    start_d, end_d : (n_event,) float64
        Days since the year began.
    is_early : (n_event,) bool
        True when it began before the year; its start is then 0.
    is_cut : (n_event,) bool
        True when it outlasts the year; its end is then that of the year.
    last_d : (n_event,) float64
        When it truly ends, perhaps after the year.
    """

    hazard: IntArray
    start_d: FloatArray
    end_d: FloatArray
    is_early: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]
    last_d: FloatArray

    def __post_init__(self) -> None:
        _freeze(self)

    def __len__(self) -> int:
        return len(self.hazard)

    def __repr__(self) -> str:
        """One line: how many, and how many of them reach over an end of the year."""
        return f"<Events: {len(self)}, {self.is_early.sum()} from before the year, {self.is_cut.sum()} outlast it>"


@dataclass(frozen=True, slots=True, repr=False)
class States:
    """The distinct sets of hazards that are active at once in a year.

    Attributes
    ----------
    sets : tuple of tuple of int
        Positions of the hazards of each state, ascending; sorted by number of hazards, then by position.
    days_d : (n_state,) float64
        Days of the year in each state; they add up to the year.
    span_state : (n_span,) int32
        State of each span of time, in the order of time; neighbours differ.
    span_start_d : (n_span,) float64
        Where each span begins; it ends where the next begins, the last one with the year.
    """

    sets: tuple[tuple[int, ...], ...]
    days_d: FloatArray
    span_state: IntArray
    span_start_d: FloatArray

    def __post_init__(self) -> None:
        _freeze(self)

    def __len__(self) -> int:
        return len(self.sets)

    def __repr__(self) -> str:
        """One line: how many states and spans, and the days on which nothing is struck."""
        calm = [days for found, days in zip(self.sets, self.days_d, strict=True) if not found]
        return f"<States: {len(self)} in {len(self.span_state)} spans, calm on {sum(calm):.1f} days>"


def _freeze(value: object) -> None:
    for field in fields(value):  # type: ignore[arg-type]
        array = getattr(value, field.name)
        if isinstance(array, np.ndarray):
            array.flags.writeable = False


def draw_year(
    hazards: Hazards,
    seed: int,
    run: int,
    *,
    rate_factor: Mapping[str, float] | None = None,
    duration_factor: Mapping[str, float] | None = None,
    years_before: int = YEARS_BEFORE,
) -> Events:
    """What happens in one drawn year.

    Parameters
    ----------
    hazards : Hazards
        Rates, seasons and lengths.
    seed, run : int
        Of the study, and of the run in it, both at least 0: the same pair always gives the same events.
    rate_factor, duration_factor : mapping of str to float, optional
        By kind of hazard: its rates, or its lengths, are multiplied by the factor.
    years_before : int
        Years drawn before this one, so that what began in them may last into it. With 0 the year begins calm.

    Returns
    -------
    Events

    Raises
    ------
    SettingsError
        When a factor is none, or belongs to no kind of hazard.

    Notes
    -----
    A hazard is a Poisson process in its season: points in the plane of time and rate, of unit density, of which those
    below the rate happen. A higher rate thus keeps every event and adds some; a longer duration keeps every start.
    """
    rates = hazards.rate_per_a * _spread_factors(hazards, rate_factor or {}, "rate_factor")
    lengths = _spread_factors(hazards, duration_factor or {}, "duration_factor")
    drawn = [
        _draw_hazard(hazards, place, (seed, run), float(rates[place]), float(lengths[place]), years_before)
        for place in range(len(hazards))
    ]
    counts = [len(starts) for starts, _ in drawn]
    hazard = np.repeat(np.arange(len(hazards), dtype=np.int32), counts)
    empty = np.zeros(0)
    start_d = np.concatenate([empty, *(starts for starts, _ in drawn)])
    end_d = np.concatenate([empty, *(ends for _, ends in drawn)])
    order = np.lexsort((end_d, hazard, start_d))
    hazard, start_d, end_d = hazard[order], start_d[order], end_d[order]
    return Events(
        hazard=hazard,
        start_d=np.maximum(start_d, 0.0),
        end_d=np.minimum(end_d, DAYS_PER_YEAR),
        is_early=start_d < 0.0,
        is_cut=end_d > DAYS_PER_YEAR,
        last_d=end_d,
    )


def _spread_factors(hazards: Hazards, factors: Mapping[str, float], what: str) -> FloatArray:
    """A factor for each hazard, from those of the kinds."""
    from_dictionary = _list_kinds()
    issues: list[Issue] = []
    for kind, factor in factors.items():
        if kind not in from_dictionary:
            rule, found = RATE_RULES["hazard.draw.kind"], "there is no such kind"
            remedy = suggest(kind, from_dictionary) or f"Kinds are {', '.join(from_dictionary)}"
            issues.append(Issue(rule.name, what, (kind,), found, rule.expected, remedy))
        elif not 0 < factor <= MOST_FACTOR:
            rule = RATE_RULES["hazard.draw.factor"]
            issues.append(Issue(rule.name, what, (kind,), f"{factor:g}", rule.expected, rule.remedy))
    if issues:
        raise SettingsError(f"The factors cannot be used: {say_count(len(issues), 'fault')}.", issues)
    return np.array([factors.get(kind, 1.0) for kind in hazards.kinds], dtype=np.float64)


def _list_kinds() -> tuple[str, ...]:
    return read_spec(TABLE).column("kind").choices


def list_season_days(first_month: int, last_month: int) -> tuple[tuple[float, float], ...]:
    """Stretches of the year that a season covers, as days since the year began.

    Parameters
    ----------
    first_month, last_month : int
        1 to 12; the last before the first when the season spans the new year.

    Examples
    --------
    >>> list_season_days(1, 12), list_season_days(11, 2)
    (((0.0, 365.0),), ((0.0, 59.0), (304.0, 365.0)))
    """
    begin, end = float(MONTH_ENDS_D[first_month - 1]), float(MONTH_ENDS_D[last_month])
    return ((begin, end),) if first_month <= last_month else ((0.0, end), (begin, DAYS_PER_YEAR))


def _draw_hazard(
    hazards: Hazards,
    place: int,
    key: tuple[int, int],
    rate_per_a: float,
    length_factor: float,
    years_before: int,
) -> tuple[FloatArray, FloatArray]:
    """Starts and ends of one hazard's events that touch the year, in days since it began."""
    stream = np.random.default_rng([*key, *_hash_id(hazards.hazard_ids[place])])
    stretches = list_season_days(int(hazards.first_month[place]), int(hazards.last_month[place]))
    starts, ends = [np.zeros(0)], [np.zeros(0)]
    low, high = 0.0, FIRST_BAND_PER_A
    while low < rate_per_a:
        # All draws of a band are made whatever the rate, so that the next band does not depend on it.
        count = stream.poisson((high - low) * (1 + years_before))
        level = stream.uniform(low, high, count)
        start_d = _place_in_season(stream.random(count) * (1 + years_before), stretches)
        length_d = length_factor * _draw_lengths(hazards, place, stream, count)
        end_d = start_d + length_d
        happens = (level < rate_per_a) & (end_d > 0.0)
        starts.append(start_d[happens])
        ends.append(end_d[happens])
        low, high = high, 2 * high
    return np.concatenate(starts), np.concatenate(ends)


def _place_in_season(position: FloatArray, stretches: tuple[tuple[float, float], ...]) -> FloatArray:
    """Days of points that lie evenly in the seasons of this year (below 1) and of the years before it (above)."""
    years_back = np.floor(position)
    in_season_d = (position - years_back) * sum(end - begin for begin, end in stretches)
    day = np.zeros(len(position))
    passed_d = 0.0
    for begin, end in stretches:
        here = in_season_d >= passed_d
        day[here] = begin + in_season_d[here] - passed_d
        passed_d += end - begin
    return day - DAYS_PER_YEAR * years_back


def _draw_lengths(hazards: Hazards, place: int, stream: np.random.Generator, count: int) -> FloatArray:
    """Lengths in days; all forms take the same draws from the stream."""
    exponential, normal = stream.standard_exponential(count), stream.standard_normal(count)
    mean_d, form = float(hazards.duration_d[place]), FORMS[int(hazards.duration_form[place])]
    if form == "fixed":
        return np.full(count, mean_d)
    if form == "exponential":
        return np.asarray(mean_d * exponential)
    variance = np.log1p((float(hazards.duration_spread_d[place]) / mean_d) ** 2)
    return np.asarray(mean_d * np.exp(np.sqrt(variance) * normal - variance / 2))


def _hash_id(hazard_id: str) -> tuple[int, int]:
    """A hazard's part of the key of its stream: by its id, so that other hazards may come and go."""
    digest = hashlib.sha256(hazard_id.encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")


def split_year(events: Events, *, days_d: float = DAYS_PER_YEAR) -> States:
    """Which hazards are active at once, and for how many days of the year.

    Parameters
    ----------
    events : Events
        Of one year; events of one hazard may overlap.
    days_d : float
        Length of the year; what comes later is left out.

    Returns
    -------
    States
        Without events: one state without hazards, for the whole year.
    """
    starts, ends = np.minimum(events.start_d, days_d), np.minimum(events.end_d, days_d)
    cuts = np.unique(np.concatenate([[0.0], starts, ends]))
    cuts = cuts[cuts < days_d]
    first, last = np.searchsorted(cuts, starts), np.searchsorted(cuts, ends)
    active: list[set[int]] = [set() for _ in cuts]
    for hazard, begin, end in zip(events.hazard.tolist(), first.tolist(), last.tolist(), strict=True):
        for span in range(begin, end):
            active[span].add(hazard)
    spans = [tuple(sorted(found)) for found in active]
    is_new = np.array([True, *(spans[at] != spans[at - 1] for at in range(1, len(spans)))])
    sets = tuple(sorted(set(spans), key=lambda found: (len(found), found)))
    position = {found: at for at, found in enumerate(sets)}
    state = np.array([position[found] for found in spans], dtype=np.int32)
    widths_d = np.diff(np.append(cuts, days_d))
    return States(
        sets=sets,
        days_d=np.bincount(state, weights=widths_d, minlength=len(sets)).astype(np.float64),
        span_state=state[is_new],
        span_start_d=cuts[is_new],
    )
