"""What everything that can fail is worth: each element closed in turn, over worker processes, then pairs of the worst.

A year or a problem comes in, ``Criticality`` goes out: the tables ``criticality``, ``criticality_bearer`` and
``criticality_pair``. The files before are ``disruption/criticality.py`` and ``disruption/ranking.py``.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.warm import is_loaded, warm_up_network
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.errors import Issue, SettingsError
from dehliz.disruption.criticality import Loss, close_elements
from dehliz.disruption.elements import KINDS, Element, keep_used, list_elements
from dehliz.disruption.impact import Baseline
from dehliz.disruption.ranking import MEASURES, By, list_pairs, tell_bearers, tell_losses, tell_pairs
from dehliz.network.network import Network
from dehliz.study.ensemble_job import WorkersError
from dehliz.study.frozen import read_frozen, write_frozen

OnStep = Callable[[str, float], None]
"""Told what is being done and the share that is done, 0 to 1."""
MOST_WORKER_COUNT: Final = 256
MOST_PAIRED_COUNT: Final = 200
MOST_DURATION_D: Final = 3_650.0
WARM_SHARE: Final = 0.05
"""Share of the time that loading the network takes, for the progress line."""
QUEUE_COUNT: Final = 4
"""Elements that lie ready for each worker."""

Group = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class CriticalSettings:
    """What is closed, for how long, and how it is ranked.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of elements, of ``disruption.elements.KINDS``.
    duration_d : float
        How long each stays shut, known to all from the start; above 0.
    paired_count : int
        So many of the worst are also closed two by two; 0 for none.
    by : {"others", "net", "transit"}
        What to rank by: the loss of countries where the element does not lie, of all, of trips that only pass.
    worker_count : int
        Processes; the answer is the same for any number.
    """

    kinds: tuple[str, ...] = KINDS
    duration_d: float = 90.0
    paired_count: int = 0
    by: By = "others"
    worker_count: int = 1

    def __post_init__(self) -> None:
        found = []
        if not 0.0 < self.duration_d <= MOST_DURATION_D:
            need = f"a number above 0 and at most {MOST_DURATION_D:g}"
            found.append(_complain("duration", "duration_d", self.duration_d, need))
        if not 0 <= self.paired_count <= MOST_PAIRED_COUNT:
            need = f"a whole number from 0 to {MOST_PAIRED_COUNT}"
            found.append(_complain("pairs", "paired_count", self.paired_count, need))
        if self.by not in MEASURES:
            found.append(_complain("by", "by", self.by, f"one of {', '.join(MEASURES)}"))
        if not 1 <= self.worker_count <= MOST_WORKER_COUNT:
            need = f"a whole number from 1 to {MOST_WORKER_COUNT}"
            found.append(_complain("workers", "worker_count", self.worker_count, need))
        if found:
            raise SettingsError("The ranking cannot start", found)


def _complain(rule: str, name: str, found: object, need: str) -> Issue:
    return Issue(f"study.critical.{rule}", name, (), f"It is {found}", f"It needs {need}", "Correct it")


@dataclass(frozen=True, slots=True)
class Effort:
    """What a ranking took.

    Attributes
    ----------
    wall_s : float
        From the loaded network to the last loss.
    cpu_s : float
        Of all elements and pairs, whichever process closed them.
    """

    wall_s: float
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Criticality:
    """What each element is worth.

    Attributes
    ----------
    elements : tuple of Element
        Those of the kinds asked for that carry cargo, by kind and id.
    losses : tuple of Loss
        Of each.
    pairs : tuple of tuple of Element
        Two that were closed at once.
    pair_losses : tuple of Loss
        Of each pair.
    country_ids : tuple of str
        Countries of the graph, those of ``Loss.bearer_usd_d``.
    settings : CriticalSettings
        What was asked.
    effort : Effort
        What it took; not part of ``tables``.
    listed_count : int
        Elements of these kinds in the network, with those that carry nothing, whose loss is 0.
    is_base_converged : bool
        Whether the network as it is had converged.
    """

    elements: tuple[Element, ...]
    losses: tuple[Loss, ...]
    pairs: tuple[tuple[Element, Element], ...]
    pair_losses: tuple[Loss, ...]
    country_ids: tuple[str, ...]
    settings: CriticalSettings
    effort: Effort
    listed_count: int
    is_base_converged: bool

    @property
    def unconverged_count(self) -> int:
        """Losses whose equilibrium or choice to wait stopped above its gap."""
        return sum(not one.is_converged for one in (*self.losses, *self.pair_losses))

    @property
    def status(self) -> str:
        """``converged``, or ``not_converged`` when any of it has not."""
        is_fine = self.is_base_converged and self.unconverged_count == 0
        return "converged" if is_fine else "not_converged"

    def tables(self) -> dict[str, pd.DataFrame]:
        """``criticality``, ``criticality_bearer`` and ``criticality_pair``, the costliest first."""
        wanted = self.settings
        single = {one.token: loss.net_usd_d for one, loss in zip(self.elements, self.losses, strict=True)}
        return {
            "criticality": tell_losses(self.elements, self.losses, wanted.duration_d, wanted.by),
            "criticality_bearer": tell_bearers(self.country_ids, self.elements, self.losses),
            "criticality_pair": tell_pairs(
                self.pairs, self.pair_losses, single, wanted.duration_d, wanted.by
            ),
        }


def criticality(
    year: int = 2024,
    settings: CriticalSettings | None = None,
    network: Network | None = None,
    on_step: OnStep | None = None,
) -> Criticality:
    """What each country, border, passage, place, line, ship and section is worth in a year.

    Parameters
    ----------
    year : int
        Year of demand, capacities and, unless a network is given, of the network.
    settings : CriticalSettings, optional
        What is closed, for how long. A script that asks for more than one worker must guard its start by
        ``if __name__ == "__main__":``, since workers begin by reading it.
    network : Network, optional
        The bundled network after a scenario.
    on_step : callable, optional
        Told of progress.

    Returns
    -------
    Criticality

    Raises
    ------
    SettingsError
        When there is no demand of the year, or no such kind of element.
    WorkersError
        When a worker process ended before its work was done.
    """
    wanted = settings or CriticalSettings()
    _tell(on_step, "Loading the network", 0.0)
    baseline = Baseline(warm_up_network(prepare_year(year, network), read_choice_model(year)))
    return rank_network(baseline, wanted, on_step)


def rank_network(
    baseline: Baseline, settings: CriticalSettings, on_step: OnStep | None = None
) -> Criticality:
    """The same for a network that is loaded already; see ``criticality``."""
    problem: LoadProblem = baseline.warm.problem
    listed = list_elements(problem, settings.kinds)
    elements = keep_used(listed, baseline.settled.volume_t_d)
    start_s = time.perf_counter()
    singles: list[Group] = [(one,) for one in elements]
    chosen: list[tuple[Element, Element]] = []
    with _open_workers(baseline, settings, len(singles)) as workers:
        share = 1.0 - WARM_SHARE
        if settings.paired_count:
            most = settings.paired_count * (settings.paired_count - 1) // 2
            share *= len(singles) / max(len(singles) + most, 1)
        done = workers.close(singles, lambda step, part: _tell(on_step, step, WARM_SHARE + share * part))
        losses = [loss for loss, _ in done]
        if settings.paired_count:
            chosen = list_pairs(elements, losses, settings.paired_count, settings.by)
        before = WARM_SHARE + share
        both = workers.close(chosen, lambda step, part: _tell(on_step, step, before + (1.0 - before) * part))
    cpu_s = sum(taken for _, taken in (*done, *both))
    return Criticality(
        tuple(elements), tuple(losses), tuple(chosen), tuple(loss for loss, _ in both),
        problem.graph.country_ids, settings, Effort(time.perf_counter() - start_s, cpu_s), len(listed),
        is_loaded(baseline.warm),
    )  # fmt: skip


def _tell(on_step: OnStep | None, step: str, share: float) -> None:
    if on_step is not None:
        on_step(step, share)


Timed = tuple[Loss, float]
"""A loss and the CPU seconds it took."""


class _Here:
    """Closes elements in this process."""

    def __init__(self, baseline: Baseline, duration_d: float) -> None:
        self.baseline = baseline
        self.duration_d = duration_d

    def close(self, groups: Sequence[Group], on_step: OnStep) -> list[Timed]:
        """The loss of each group, in their order."""
        losses = []
        for count, group in enumerate(groups, 1):
            losses.append(_close(self.baseline, group, self.duration_d))
            on_step(_name(group), count / len(groups))
        return losses


class _Workers:
    """Closes elements in other processes."""

    def __init__(self, pool: ProcessPoolExecutor, path: str, duration_d: float, ahead_count: int) -> None:
        self.pool = pool
        self.path = path
        self.duration_d = duration_d
        self.ahead_count = ahead_count

    def close(self, groups: Sequence[Group], on_step: OnStep) -> list[Timed]:
        """The loss of each group, in their order."""
        waiting: list[Future[Timed]] = []
        losses: list[Timed] = []
        try:
            for count, group in enumerate(groups, 1):
                while len(waiting) < min(self.ahead_count, len(groups) - len(losses)):
                    following = groups[len(losses) + len(waiting)]
                    waiting.append(self.pool.submit(_close_there, self.path, following, self.duration_d))
                losses.append(waiting.pop(0).result())
                on_step(_name(group), count / len(groups))
        except BrokenProcessPool as error:
            raise WorkersError(
                f"A worker process was ended after {len(losses)} of {len(groups)} elements. All must stay until the "
                "work is done. Look whether memory is short, or close elements in one process: --workers 1."
            ) from error
        return losses


def _name(group: Group) -> str:
    return " and ".join(one.name for one in group)


def _close(baseline: Baseline, group: Group, duration_d: float) -> Timed:
    start_s = time.process_time()
    loss = close_elements(baseline, group, duration_d)
    return loss, time.process_time() - start_s


@contextmanager
def _open_workers(
    baseline: Baseline, settings: CriticalSettings, group_count: int
) -> Iterator["_Here | _Workers"]:
    """Processes that know the baseline, or this one when one is enough."""
    count = min(settings.worker_count, group_count)
    if count <= 1:
        yield _Here(baseline, settings.duration_d)
        return
    with tempfile.TemporaryDirectory(prefix="dehliz-critical-") as folder:
        path = Path(folder) / "baseline"
        write_frozen(path, baseline)
        pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))
        try:
            yield _Workers(pool, str(path), settings.duration_d, QUEUE_COUNT * count)
        finally:
            pool.shutdown(cancel_futures=True)


@lru_cache(maxsize=1)
def _recall(path: str) -> Baseline:
    """What this worker process closes elements on, read once."""
    found: Baseline = read_frozen(Path(path))
    return found


def _close_there(path: str, group: Group, duration_d: float) -> Timed:
    return _close(_recall(path), group, duration_d)
