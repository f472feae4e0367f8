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

ALL = "all"


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
        What the simulation added to the time of each arc in the last loading [h].
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
        changes.append(np.inf if before is None else _largest_change(before, shares))
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
        tables; 0 where nobody was held. On a service the whole time is compared, elsewhere only the queue.
    """
    graph = problem.graph
    believed = np.where(times.is_service, time_h, time_h - problem.costs.free_time_h)
    table_spread = np.where(times.is_service, np.nan_to_num(graph.time_spread_h), 0.0)
    found = times.median_h - believed + reliability_factor * (times.spread_h - table_spread)
    return np.where(times.count > 0, found, 0.0)


def share_corridors(loaded: Loaded) -> pd.DataFrame:
    """Tonnes and share of each corridor, by segment and in all."""
    table = tell_corridors(loaded)[["corridor_id", "segment_id", "volume_t_a"]].copy()
    total = table.groupby("segment_id")["volume_t_a"].transform("sum")
    table["volume_share"] = np.where(total > 0.0, table["volume_t_a"] / total.where(total > 0.0, 1.0), 0.0)
    return table


def _largest_change(before: pd.DataFrame, after: pd.DataFrame) -> float:
    key = ["corridor_id", "segment_id"]
    both = before.merge(after, on=key, how="outer", suffixes=("_before", "_after")).fillna(0.0)
    return float((both["volume_share_after"] - both["volume_share_before"]).abs().max())


def _tell_round(
    number: int, shares: pd.DataFrame, before: pd.DataFrame | None, correction_h: float, residual_h: float
) -> pd.DataFrame:
    table = shares.copy()
    table["round_count"] = number
    table["change_share"] = np.nan
    if before is not None:
        key = ["corridor_id", "segment_id"]
        old = table[key].merge(before, on=key, how="left")["volume_share"].fillna(0.0)
        table["change_share"] = table["volume_share"].to_numpy() - old.to_numpy()
    return table.assign(correction_h=correction_h, residual_h=residual_h)
