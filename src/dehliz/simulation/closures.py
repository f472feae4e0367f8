"""Spells in which a place is shut by weather, drawn as an alternating renewal process month by month.

Used by ``simulation/draws.py`` for what is drawn and by ``simulation/plan_shut.py`` for what is known beforehand.
"""

from collections.abc import Callable, Mapping

import numpy as np

Spans = list[tuple[float, float]]
"""Half-open spells [h]."""

_HOUR = np.timedelta64(1, "h")


def join_spans(spans: Spans) -> Spans:
    """The union of spells, ascending and disjoint; empty ones are left out."""
    joined: Spans = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def list_months(start: np.datetime64, end_h: float) -> list[tuple[int, int, float, float]]:
    """Months that a run touches.

    Parameters
    ----------
    start : datetime64
        Hour 0.
    end_h : float
        End of the run [h].

    Returns
    -------
    list of (int, int, float, float)
        Months since January 1970, month of the year 1 to 12, first and last hour within ``[0, end_h]``.
    """
    found: list[tuple[int, int, float, float]] = []
    step = int(start.astype("datetime64[M]").astype(np.int64))
    origin = start.astype("datetime64[h]")
    while True:
        first_h = float((np.datetime64(step, "M").astype("datetime64[h]") - origin) / _HOUR)
        last_h = float((np.datetime64(step + 1, "M").astype("datetime64[h]") - origin) / _HOUR)
        if first_h >= end_h:
            return found
        found.append((step, step % 12 + 1, max(first_h, 0.0), min(last_h, end_h)))
        step += 1


def draw_weather(
    generator: Callable[[int], np.random.Generator],
    months: Mapping[int, tuple[float, float]],
    start: np.datetime64,
    end_h: float,
) -> Spans:
    """Spells in which a place is shut.

    Parameters
    ----------
    generator : callable
        From the number of a month (since January 1970) to its generator: a change in one month touches no other.
    months : mapping of int to (float, float)
        Share of each month (1 to 12) in which it is shut, and the mean spell [h]; a month that is not there is open.
    start : datetime64
        Hour 0.
    end_h : float
        End of the run [h].

    Returns
    -------
    list of (float, float)
        Ascending and disjoint.

    Notes
    -----
    Within a month open and closed spells are exponential, the mean open one ``spell (1 - share) / share``. The month
    begins in its own steady state, so that the share holds in every month: a place that was shut stays shut as far as
    both shares allow, and exponential spells have no memory to lose at the turn of the month.
    """
    spans: Spans = []
    was_shut, old_share = False, 0.0
    for step, month, first_h, last_h in list_months(start, end_h):
        share, spell_h = months.get(month, (0.0, 1.0))
        rng = generator(step)
        is_shut = _turn_month(rng.random(), was_shut, old_share, share)
        found, is_shut = _draw_month(rng, is_shut, share, spell_h, first_h, last_h)
        spans += found
        was_shut, old_share = is_shut, share
    return join_spans(spans)


def _turn_month(uniform: float, was_shut: bool, old_share: float, share: float) -> bool:
    """State at the start of a month in its steady state, as near to the state before as may be."""
    if was_shut:
        return uniform < (1.0 if share >= old_share else share / old_share)
    return uniform < ((share - old_share) / (1.0 - old_share) if share > old_share else 0.0)


def _draw_month(
    rng: np.random.Generator, is_shut: bool, share: float, spell_h: float, first_h: float, last_h: float
) -> tuple[Spans, bool]:
    if share >= 1.0 or share <= 0.0:
        return ([(first_h, last_h)] if share >= 1.0 else []), share >= 1.0
    mean_h = (spell_h * (1.0 - share) / share, spell_h)
    found: Spans = []
    now_h = first_h
    while now_h < last_h:
        next_h = now_h + float(rng.standard_exponential()) * mean_h[is_shut]
        if is_shut:
            found.append((now_h, min(next_h, last_h)))
        if next_h >= last_h:
            break
        now_h, is_shut = next_h, not is_shut
    return found, is_shut
