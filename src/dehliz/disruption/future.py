"""One drawn year: its events, the state of the network at each moment, and what the year loses.

A ``Responder`` and factors come in, the tables ``future_loss``, ``future_event`` and ``future_status`` go out. The
events of the year are cut into spans of time in which the same hazards are active; each span costs its days times the
answer of the responder, cargo that waits paying the true mean wait until the event ends. ``risk.py`` reads many years.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR, HOURS_PER_DAY
from dehliz.disruption.draws import Events, draw_year, split_year
from dehliz.disruption.response import SYSTEM, Responder, Response, Set
from dehliz.disruption.waits import find_span_wait_d
from dehliz.graph.graph import FloatArray

HAZARD: Final = "hazard"
FUTURE_MEASURES: Final = ("loss_usd", "held_t", "extra_t_h", "emission_tco2e")


@dataclass(frozen=True, slots=True)
class Span:
    """A time of the year in which the same hazards are active.

    Attributes
    ----------
    active : tuple of int
        Positions of the hazards, ascending.
    days_d : float
        How long.
    waits_d : (n_active,) float64
        Mean wait until each of them truly ends.
    """

    active: Set
    days_d: float
    waits_d: FloatArray


def list_spans(events: Events, longest_wait_d: float) -> list[Span]:
    """The spans of a year in which something is active, in the order of time.

    Parameters
    ----------
    events : Events
        Of one year.
    longest_wait_d : float
        Longest wait that is counted.
    """
    states = split_year(events)
    ends_d = np.append(states.span_start_d[1:], DAYS_PER_YEAR)
    spans = []
    for state, start_d, end_d in zip(
        states.span_state.tolist(), states.span_start_d.tolist(), ends_d.tolist(), strict=True
    ):
        active = states.sets[state]
        if not active:
            continue
        middle_d = 0.5 * (start_d + end_d)
        waits_d = []
        for hazard in active:
            own = (events.hazard == hazard) & (events.start_d < middle_d) & (events.last_d > middle_d)
            # A span ends where the set changes: another event of the hazard may follow on without a gap.
            left_d = max(float(events.last_d[own].max()) - start_d, end_d - start_d)
            waits_d.append(find_span_wait_d(left_d, end_d - start_d, longest_wait_d))
        spans.append(Span(active, end_d - start_d, np.array(waits_d)))
    return spans


@dataclass(frozen=True, slots=True)
class Future:
    """What a drawn year loses.

    Attributes
    ----------
    events : Events
        What happened.
    spans : list of Span
        When something was active.
    by_scope : (n_scope, 4) float64
        ``FUTURE_MEASURES`` of each scope of the responder.
    by_hazard : (n_hazard, 4) float64
        The same of the system, shared among the hazards that are active at once.
    is_converged : bool
        Whether all equilibria are settled.
    """

    events: Events
    spans: list[Span]
    by_scope: FloatArray
    by_hazard: FloatArray
    is_converged: bool


def live_year(
    responder: Responder,
    seed: int,
    run: int,
    rate_factor: Mapping[str, float] | None = None,
    duration_factor: Mapping[str, float] | None = None,
) -> Future:
    """Draw a year and add up what it loses.

    Parameters
    ----------
    responder : Responder
        Answers for sets of hazards.
    seed, run : int
        Of the study, and of the run.
    rate_factor, duration_factor : mapping of str to float, optional
        Factors by kind of hazard.

    Returns
    -------
    Future

    Notes
    -----
    The loss of a span is shared among its hazards in the ratio of what each would lose alone in the same span, gains
    as nothing; equally when none would lose.
    """
    events = draw_year(responder.hazards, seed, run, rate_factor=rate_factor, duration_factor=duration_factor)
    spans = list_spans(events, responder.longest_wait_d)
    by_scope = np.zeros((len(responder.scopes.ids), len(FUTURE_MEASURES)))
    by_hazard = np.zeros((len(responder.hazards), len(FUTURE_MEASURES)))
    is_converged = True
    for span in spans:
        found = responder.respond(span.active)
        is_converged &= found.is_converged
        lost = span.days_d * measure_span(found, span.waits_d)
        by_scope += lost
        part = share_among(
            np.array(
                [
                    responder.respond((at,)).cost_usd_d(span.waits_d[place : place + 1])[0]
                    for place, at in enumerate(span.active)
                ]
            )
        )
        by_hazard[list(span.active)] += part[:, None] * lost[0]
    return Future(events, spans, by_scope, by_hazard, is_converged)


def measure_span(found: Response, waits_d: FloatArray) -> FloatArray:
    """``FUTURE_MEASURES`` of each scope a day, (n_scope, 4), at the waits of a span."""
    loss, extra, emission = found.going
    return np.stack(
        [
            loss + waits_d @ found.held_usd_d2,
            found.held_t_d.sum(axis=0),
            extra + HOURS_PER_DAY * (waits_d @ found.held_t_d),
            emission,
        ],
        axis=1,
    )


def share_among(alone_usd_d: FloatArray) -> FloatArray:
    """Parts of hazards that are active at once, (n_active,), adding up to 1, by what each would lose alone.

    Examples
    --------
    >>> share_among(np.array([30.0, 10.0, -5.0])).tolist()
    [0.75, 0.25, 0.0]
    """
    lost = np.maximum(alone_usd_d, 0.0)
    total = float(lost.sum())
    return np.asarray(lost / total) if total > 0.0 else np.full(len(lost), 1.0 / len(lost))


def tell_future(responder: Responder, future: Future) -> dict[str, pd.DataFrame]:
    """The tables ``future_loss``, ``future_event`` and ``future_status`` of a year."""
    hazards, events = responder.hazards, future.events
    kinds = [*responder.scopes.kinds, *[HAZARD] * len(hazards)]
    ids = [*responder.scopes.ids, *hazards.hazard_ids]
    values = np.vstack([future.by_scope, future.by_hazard])
    kept = np.flatnonzero((values != 0.0).any(axis=1) | (np.array(kinds) == SYSTEM))
    loss = pd.DataFrame(
        {
            "scope_kind": np.array(kinds, dtype=object)[kept],
            "scope_id": np.array(ids, dtype=object)[kept],
            **{name: values[kept, at] for at, name in enumerate(FUTURE_MEASURES)},
        }
    )
    event = pd.DataFrame(
        {
            "hazard_id": np.array(hazards.hazard_ids, dtype=object)[events.hazard],
            "start_d": events.start_d,
            "end_d": events.end_d,
            "last_d": events.last_d,
            "is_early": events.is_early,
        }
    )
    status = pd.DataFrame(
        {
            "event_count": [len(events)],
            "state_count": [len({span.active for span in future.spans})],
            "struck_d": [float(sum(span.days_d for span in future.spans))],
            "is_converged": [future.is_converged],
        }
    )
    return {
        name: table.loc[:, list(read_spec(name).column_names)]
        for name, table in (("future_loss", loss), ("future_event", event), ("future_status", status))
    }
