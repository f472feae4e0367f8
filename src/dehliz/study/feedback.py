"""The loop between choice and operations: simulated times return into the choice of ways until shares settle.

Each round loads the network, simulates what was loaded, and compares the time that the simulation found on each arc
with the time that the choice had believed in. The difference, averaged over the rounds (method of successive averages,
Robbins and Monro, 1951, Annals of Mathematical Statistics 22, 400-407), is what the next round adds. The files before
are ``assignment/corridor_choice.py`` and ``simulation/arc_times.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import ChoiceModel, choose_corridors, find_corridor_sets
from dehliz.assignment.flow_tables import Loaded, tell_corridors
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.schema import read_spec
from dehliz.graph.graph import FloatArray
from dehliz.simulation.arc_times import ArcTimes

KEY = ["corridor_id", "segment_id"]


@dataclass(frozen=True, slots=True)
class FeedbackSettings:
    """When the loop has settled, and what unreliability costs.

    Attributes
    ----------
    round_count : int
        Most rounds.
    share_tolerance_share : float
        Settled when no corridor's share of any segment moves by more in two rounds, one after the other.
    reliability_factor : float
        Value of one hour of standard deviation over the value of one hour: the reliability ratio (de Jong and others,
        2009, European Journal of Transport and Infrastructure Research 9(2), define it). An assumption; 0 leaves
        unreliability out.
    most_h : float
        Largest correction of one arc that a round may find: where a queue grows without end its length says how long
        the run was, not what shippers would have borne. An assumption.
    """

    round_count: int = 8
    share_tolerance_share: float = 0.01
    reliability_factor: float = 0.4
    most_h: float = 240.0


@dataclass(frozen=True, slots=True)
class Settled:
    """How the loop went.

    Attributes
    ----------
    is_settled : bool
        Whether shares came to rest within the rounds.
    rounds : DataFrame
        Table ``feedback``: one row per round, corridor and segment.
    loaded : Loaded
        The last loading.
    correction_h : (n_arc,) float64
        What a further round would add to the time of each arc [h].
    """

    is_settled: bool
    rounds: pd.DataFrame
    loaded: Loaded
    correction_h: FloatArray


Operate = Callable[[Loaded, int], ArcTimes]
"""Simulates what was loaded in a round, with the same draws each time."""


def settle(
    problem: LoadProblem,
    model: ChoiceModel,
    operate: Operate,
    settings: FeedbackSettings | None = None,
    assigning: AssignmentSettings | None = None,
    on_round: Callable[[int, float], None] | None = None,
) -> Settled:
    """Load, simulate, correct, until the shares of corridors settle.

    Parameters
    ----------
    problem : LoadProblem
        Network and demand.
    model : ChoiceModel
        Choice of corridor and route.
    operate : callable
        From a loading and the number of its round to simulated times of arcs.
    settings : FeedbackSettings, optional
        When to stop.
    assigning : AssignmentSettings, optional
        Of each loading.
    on_round : callable, optional
        Told the number of each round and the largest change of a share in it.

    Returns
    -------
    Settled
        ``is_settled`` is False when the rounds were spent, or a loading did not converge.
    """
    wanted = settings or FeedbackSettings()
    sets = find_corridor_sets(problem)
    correction = np.zeros(problem.graph.n_arc)
    shares: pd.DataFrame | None = None
    parts: list[pd.DataFrame] = []
    changes, is_sound = [np.inf, np.inf], True
    for number in range(1, wanted.round_count + 1):
        costs = replace(problem.costs, fixed_h=np.maximum(problem.costs.fixed_h + correction, 0.0))
        assignment = choose_corridors(
            replace(problem, costs=costs), model, assigning or AssignmentSettings(method="sue"), sets
        )
        is_sound &= assignment.status == AssignStatus.CONVERGED
        loaded = problem.tell(assignment)
        before, shares = shares, share_corridors(loaded)
        changes.append(np.inf if before is None else float(_find_changes(before, shares).abs().max()))
        times = operate(loaded, number)
        found = find_correction(problem, assignment.time_h, times, wanted.reliability_factor)
        gap = np.clip(found, -wanted.most_h, wanted.most_h) - correction
        correction = correction + gap / number
        residual_h = float(np.average(np.abs(gap), weights=times.count)) if times.count.any() else 0.0
        parts.append(_tell_round(number, shares, before, float(np.abs(correction).max()), residual_h))
        if on_round:
            on_round(number, changes[-1])
        if max(changes[-2:]) <= wanted.share_tolerance_share:
            break
    rounds = pd.concat(parts, ignore_index=True)[list(read_spec("feedback").column_names)]
    is_settled = is_sound and max(changes[-2:]) <= wanted.share_tolerance_share
    return Settled(bool(is_settled), rounds, loaded, correction)


def find_correction(
    problem: LoadProblem, time_h: FloatArray, times: ArcTimes, reliability_factor: float
) -> FloatArray:
    """What the simulation found beyond the time that the choice believed in [h].

    Parameters
    ----------
    problem : LoadProblem
        Gives free times and the spreads of the tables.
    time_h : (n_arc,) float64
        Time of each arc in the loading, congestion included.
    times : ArcTimes
        Simulated.
    reliability_factor : float
        Value of an hour of standard deviation over that of an hour.

    Returns
    -------
    (n_arc,) float64
        Simulated median less believed time, plus the reliability factor times the simulated spread less that of the
        tables; 0 where nobody was held. On a service the whole time is compared, elsewhere only the queue, of which
        the tables know no spread. A service without a spread in the tables is compared by its median alone.
    """
    believed = np.where(times.is_service, time_h, time_h - problem.costs.free_time_h)
    believed_spread = np.where(times.is_service, problem.graph.time_spread_h, 0.0)
    spread = np.where(np.isnan(believed_spread), 0.0, times.spread_h - believed_spread)
    return np.where(times.count > 0, times.median_h - believed + reliability_factor * spread, 0.0)


def share_corridors(loaded: Loaded) -> pd.DataFrame:
    """Tonnes and share of each corridor, by segment and in all."""
    return tell_corridors(loaded)[[*KEY, "volume_t_a", "volume_share"]]


def _find_changes(before: pd.DataFrame, after: pd.DataFrame) -> "pd.Series[float]":
    """Share after less share before, by corridor and segment; a corridor that is not told has none."""
    old, new = (table.set_index(KEY)["volume_share"] for table in (before, after))
    return new.sub(old, fill_value=0.0)


def _tell_round(
    number: int, shares: pd.DataFrame, before: pd.DataFrame | None, correction_h: float, residual_h: float
) -> pd.DataFrame:
    change = (
        np.nan
        if before is None
        else _find_changes(before, shares)[pd.MultiIndex.from_frame(shares[KEY])].to_numpy()
    )
    return shares.assign(
        round_count=number, change_share=change, correction_h=correction_h, residual_h=residual_h
    )
