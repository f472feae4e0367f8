"""``simulate``: a plan run many times, and what is read from all the logs.

After ``simulation/plan.py``; the tables are made in ``simulation/result.py``. Replications run in threads, whose
kernels need no lock; each is drawn from its own streams and they are gathered in the order of their numbers, so the
answer is the same, byte for byte, for any number of threads.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from dehliz.base.errors import SettingsError
from dehliz.graph.graph import FloatArray
from dehliz.simulation.draws import draw_replication
from dehliz.simulation.gather import Gathered, gather
from dehliz.simulation.log import EventLog
from dehliz.simulation.observe import Observation, observe_replication
from dehliz.simulation.observe_outline import Outline, make_outline
from dehliz.simulation.observe_use import Window
from dehliz.simulation.plan import Plan
from dehliz.simulation.result import Simulation
from dehliz.simulation.run import run_events
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.system import Draws
from dehliz.simulation.warmup import WarmUp, average_days, find_warm_up

PILOT_COUNT = 5
"""Replications that are run once more beforehand, without records, to find the warm-up."""
LEAST_OBSERVED_H = 672.0
"""What a given warm-up must leave of the horizon: four whole weeks, since queues and use are told by the week; half of
the horizon where that is less."""
AHEAD_COUNT = 2
"""Replications that may be finished or under way per thread while an earlier one is waited for."""

OnReplication = Callable[[int, int], None]
"""Told how many replications are done, and of how many."""
ReadLog = Callable[[int, Draws, EventLog], object]
"""Reads the number, the draws and the log of a replication before the log is let go; called in threads."""


def simulate(
    plan: Plan,
    settings: SimulationSettings | None = None,
    on_replication: OnReplication | None = None,
    *,
    read_log: ReadLog | None = None,
) -> Simulation:
    """Run a plan many times.

    Parameters
    ----------
    plan : Plan
        What is run.
    settings : SimulationSettings, optional
        How often, from which seed, with how many threads.
    on_replication : callable, optional
        Told how many replications are done, and of how many.
    read_log : callable, optional
        Called with the number, the draws and the log of each replication; what it returns is in ``readings``.

    Returns
    -------
    Simulation
        ``status`` says whether the system keeps up.

    Raises
    ------
    SettingsError
        When settings make no sense together, such as fewer than two replications.

    Notes
    -----
    Memory holds one log per thread and that of replication 0.
    """
    chosen = settings or SimulationSettings()
    check_settings(chosen, plan)
    outline = make_outline(plan)
    with ThreadPoolExecutor(chosen.thread_count) as pool:
        warm_up = _find_window(pool, outline, chosen)
        window = Window(warm_up.end_h, plan.horizon_h)
        run = _Runner(outline, window, chosen, read_log)
        gathered, first, readings = _gather(pool, run, chosen, on_replication)
    return Simulation(
        outline=outline,
        settings=chosen,
        window=window,
        warm_up=warm_up,
        gathered=gathered,
        draws=first[0],
        log=first[1],
        readings=readings,
    )


def find_latest_warm_up_h(horizon_h: float) -> float:
    """Latest end of a given warm-up that leaves enough to be observed [h].

    Examples
    --------
    >>> find_latest_warm_up_h(8760.0), find_latest_warm_up_h(100.0)
    (8088.0, 50.0)
    """
    return horizon_h - min(LEAST_OBSERVED_H, 0.5 * horizon_h)


def check_settings(settings: SimulationSettings, plan: Plan) -> None:
    """Refuse settings that cannot be.

    Parameters
    ----------
    settings : SimulationSettings
        To be checked.
    plan : Plan
        Gives the horizon.

    Raises
    ------
    SettingsError
        Says which, and what is needed.
    """
    warm_h, promise_h, holding = settings.warm_up_h, settings.promise_h, settings.holding_share
    latest_h = find_latest_warm_up_h(plan.horizon_h)
    rules = (
        (settings.replication_count >= 2, "replication_count", settings.replication_count,
         "At least 2 are needed: bounds come from the differences between replications"),
        (settings.thread_count >= 1, "thread_count", settings.thread_count, "At least 1 is needed"),
        (settings.seed >= 0, "seed", settings.seed, "A whole number from 0 on is needed"),
        (0.0 < settings.confidence_share < 1.0, "confidence_share", settings.confidence_share,
         "A share between 0 and 1 is needed"),
        (0.5 <= settings.service_share < 1.0, "service_share", settings.service_share,
         "A share from 0.5 to below 1 is needed"),
        (holding is None or 0.0 <= holding < np.inf, "holding_share", holding, "A share from 0 on is needed"),
        (warm_h is None or 0.0 <= warm_h <= latest_h, "warm_up_h", warm_h,
         f"It must leave {plan.horizon_h - latest_h:g} h of the {plan.horizon_h:g} h of the horizon to be observed"),
        (promise_h is None or 0.0 < promise_h < np.inf, "promise_h", promise_h,
         "A promised time above 0 is needed: nothing is delivered before it sets out"),
    )  # fmt: skip
    faults = [
        f"{name}: {value} was given. {needed}." for is_right, name, value, needed in rules if not is_right
    ]
    if faults:
        raise SettingsError(f"Settings of the simulation: {' '.join(faults)} Correct them.")


class _Runner:
    """Runs and observes one replication."""

    def __init__(
        self, outline: Outline, window: Window, settings: SimulationSettings, read_log: ReadLog | None
    ) -> None:
        self._outline, self._window = outline, window
        self._settings, self._read_log = settings, read_log

    def __call__(self, number: int) -> tuple[Observation, object, tuple[Draws, EventLog] | None]:
        settings = self._settings
        draws, log = run_replication(self._outline.plan, settings, number)
        promise_h = np.nan if settings.promise_h is None else settings.promise_h
        observation = observe_replication(self._outline, self._window, draws, log, promise_h)
        reading = self._read_log(number, draws, log) if self._read_log else None
        return observation, reading, (draws, log) if number == 0 else None


def run_replication(
    plan: Plan, settings: SimulationSettings, number: int, keeps_log: bool = True
) -> tuple[Draws, EventLog]:
    """Draw and run one replication.

    Parameters
    ----------
    plan : Plan
        What is run.
    settings : SimulationSettings
        Seed, and whether consignments re-plan.
    number : int
        Number of the replication.
    keeps_log : bool
        Whether there is a record of each stage.
    """
    draws = draw_replication(plan, settings, number)
    log = run_events(
        plan.system,
        draws,
        can_replan=settings.can_replan,
        patience_h=settings.patience_h,
        keeps_log=keeps_log,
    )
    return draws, log


def _find_window(pool: ThreadPoolExecutor, outline: Outline, settings: SimulationSettings) -> WarmUp:
    """Warm-up of cargo; of all that moves where nothing has cargo."""
    plan, flow_t = outline.plan, outline.flow_t
    is_read = flow_t > 0.0 if (flow_t > 0.0).any() else np.ones(len(flow_t), dtype=bool)
    if settings.warm_up_h is not None:
        return WarmUp(settings.warm_up_h, "given", True)

    def measure(number: int) -> FloatArray:
        draws, log = run_replication(plan, settings, number, keeps_log=False)
        done_h = np.where(np.isfinite(log.done_h), log.done_h, draws.end_h)
        chosen = is_read[draws.flow]
        return average_days(draws.release_h[chosen], (done_h - draws.release_h)[chosen], plan.horizon_h)

    count = min(PILOT_COUNT, settings.replication_count)
    return find_warm_up(np.stack(list(pool.map(measure, range(count)))))


def _gather(
    pool: ThreadPoolExecutor, run: _Runner, settings: SimulationSettings, on_replication: OnReplication | None
) -> tuple[Gathered, tuple[Draws, EventLog], tuple[object, ...]]:
    count = settings.replication_count
    kept: list[tuple[Draws, EventLog]] = []
    readings: list[object] = []

    def walk() -> Iterator[Observation]:
        waiting: deque[Future[tuple[Observation, object, tuple[Draws, EventLog] | None]]] = deque()
        begun = 0
        for number in range(count):
            while begun < count and len(waiting) < AHEAD_COUNT * settings.thread_count:
                waiting.append(pool.submit(run, begun))
                begun += 1
            observation, reading, first = waiting.popleft().result()
            kept.extend([first] if first else [])
            readings.append(reading)
            if on_replication:
                on_replication(number + 1, count)
            yield observation

    gathered = gather(walk())
    return gathered, kept[0], tuple(readings)
