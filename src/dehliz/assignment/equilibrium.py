"""User equilibrium: no trip can find a cheaper route at the times that all trips together cause.

Graph, costs and trips come in, an ``Assignment`` goes out. Flows live in pruned acyclic bushes, one for each group of
segments and origin; each iteration renews the bushes at frozen costs, which also gives the exact gap, and then shifts
flow inside them in a few sweeps. Called from ``assign.py``.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dehliz.assignment.bushes import Block, Groups, drop_lost, group_trips, share_bushes
from dehliz.assignment.gap import arc_times, beckmann, paid_fixed_h, relative_gap
from dehliz.assignment.result import Assignment, AssignStatus, Iteration, OnIteration, UnservedReason
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.topology import Topology
from dehliz.graph.graph import FloatArray, IntArray
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips
from dehliz.kernels.bush_data import (
    Load,
    Network,
    Pool,
    Work,
    join_pools,
    make_labels,
    make_pool,
    make_work,
    take_pool,
)
from dehliz.kernels.bush_renew import renew_block
from dehliz.kernels.bush_shift import all_costs, sum_flows, sweep_block
from dehliz.kernels.jit import Status
from dehliz.kernels.search import freeze

SWEEP_COUNT = 40
"""Sweeps an iteration at most. Measured on the first version of this loop, Chicago-Sketch and Sioux Falls to 1e-12:
12 need 0.64 and 0.016 s, 20 0.54 and 0.013, 40 0.47 and 0.011; to 1e-6 they are alike."""
SLEEP_SHARE = 0.03
"""Share of the gap below which a bush sleeps. Measured likewise with 20 sweeps, Chicago-Sketch to 1e-6 and 1e-12: 0.5
needs 0.46 and 1.06 s, 0.25 0.37 and 0.74, 0.1 0.33 and 0.60, 0.03 0.31 and 0.54."""
FORESIGHT_FACTOR = 0.5
"""Power of (all demand / demand loaded so far) by which volumes are scaled up while loading. Gap of Chicago-Sketch
after loading: all at once 0.83; in twelve steps with power 0 0.047, 0.5 0.026, 1 0.071. To 1e-6 it took 0.24 s with
0.5 against 0.31 all at once, in the version of that day."""
WAVE_COUNT = 2
WAVE_FROM_COUNT = 8
"""Blocks that are loaded at the same costs, so that two threads have work, and how many blocks there must be; the same
for any number of threads. One thread loses 2%."""
TINY_SHARE = 1e-13
"""Flow, as a share of the mean trip, that counts as none."""
JOINED_COUNT = 4_000_000
"""Bush arcs of a group up to which its blocks are swept as one: calls are saved, but it takes the memory twice."""
STALL_SHARE = 1e-13
STALL_COUNT = 20
"""A gap below this that this many iterations have not lowered is rounding: to go on would change nothing."""


class _Desk:
    """Workspace of one thread, and a pool that grows until the largest block fits."""

    def __init__(self, n_vertex: int) -> None:
        self.work: Work = make_work(n_vertex)
        self.pool = make_pool(0, 0, 0, 0)

    def room(self, bush_count: int, size: int) -> Pool:
        """A pool with room for a block; its arrays are used again."""
        if len(self.pool.arc) < size:
            self.pool = make_pool(0, size, size, size)
        starts = make_pool(bush_count, 0, 0, 0)
        return self.pool._replace(
            node_start=starts.node_start,
            arc_start=starts.arc_start,
            tree_start=starts.tree_start,
            core=starts.core,
        )


@dataclass(slots=True)
class _Run:
    """One equilibrium under way."""

    network: Network
    groups: Groups
    blocks: list[Block]
    own: list[Pool]
    pools: list[Pool]
    units: list[tuple[int, Pool, FloatArray]]
    loads: list[Load]
    desks: list[_Desk]
    costs: LoadCosts
    paid: list[FloatArray]
    least: list[FloatArray]
    kernels: dict[str, Any]
    tiny: float

    @property
    def volume(self) -> FloatArray:
        return self.loads[0].volume


def find_equilibrium(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    settings: AssignmentSettings,
    on_iteration: OnIteration | None = None,
) -> Assignment:
    """User equilibrium of all segments at once.

    Parameters
    ----------
    graph : Topology
        The network.
    costs : LoadCosts
        Delays and fixed costs.
    trips : Trips
        Demand between vertices.
    settings : AssignmentSettings
        Gap, iteration limit, time limit, threads, marginal costs.
    on_iteration : callable, optional
        Called with each ``Iteration``.

    Returns
    -------
    Assignment
        ``not_converged`` if a limit came before the gap. Trips that no route serves are in ``unserved``. With marginal
        costs the gap is of these; objective and total time are always of plain times.

    Notes
    -----
    Relative gap: (sum of flow times cost - sum of demand times least cost) / sum of flow times cost, recomputed from
    the volumes by plain Dijkstra at the end. The equilibrium minimises the Beckmann objective.

    References
    ----------
    Beckmann, M., McGuire, C. B., Winsten, C. B. (1956), Studies in the economics of transportation. Dafermos, S. C.
    (1972), The traffic assignment problem for multiclass-user transportation networks, Transportation Science 6(1),
    73-87. Dial, R. B. (2006), Transportation Research Part B 40(10), 917-936.
    """
    started = time.perf_counter()
    run = _prepare(graph, costs, trips, settings)
    history: list[Iteration] = []
    with _threads(settings.thread_count) as threads:
        lost = _load(run, threads)
        for number in range(1, settings.iteration_limit_count + 1):
            gap = _renew(run, threads)
            step = Iteration(number, gap, time.perf_counter() - started)
            history.append(step)
            if on_iteration is not None:
                on_iteration(step)
            if gap <= settings.target_gap_share or step.seconds_s > settings.time_limit_s or _stalls(history):
                break
            if number < settings.iteration_limit_count and run.units:
                _sweep(run, SLEEP_SHARE * gap)
                _sum(run)
    return _tell(graph, costs, trips, settings, run, lost, history)


def _prepare(graph: Topology, costs: LoadCosts, trips: Trips, settings: AssignmentSettings) -> _Run:
    groups = group_trips(costs, trips)
    n_vertex, n_arc = len(graph.first_out) - 1, len(graph.head)
    network = Network(*(freeze(part, np.uint32) for part in (graph.first_out, graph.head, graph.tail)))
    flag = freeze([settings.is_marginal], np.int8)
    state = tuple(np.zeros(n_arc) for _ in range(4))
    delay = costs.delay._replace(
        **{name: freeze(part, part.dtype) for name, part in costs.delay._asdict().items()}
    )
    mate, offset_h = freeze(_ring(costs.facilities), np.int32), costs.offset_h
    loads = [Load(delay, freeze(row + offset_h, np.float64), mate, flag, *state) for row in groups.fixed_h]
    blocks = list(groups.blocks)
    counts = [len(block.demand.origin) for block in blocks]
    work_count = 50 * n_arc * sum(counts)
    return _Run(
        network=network,
        groups=groups,
        blocks=blocks,
        own=[make_pool(count, 0, 0, 0) for count in counts],
        pools=[make_pool(count, 0, 0, 0) for count in counts],
        units=[],
        loads=loads,
        desks=[_Desk(n_vertex) for _ in range(max(1, min(settings.thread_count, len(blocks))))],
        costs=costs,
        paid=[np.zeros(count) for count in counts],
        least=[np.zeros(count) for count in counts],
        kernels={
            one.__name__: one.pick(work_count) for one in (renew_block, sweep_block, sum_flows, all_costs)
        },
        tiny=TINY_SHARE * float(trips.volume_t_d.mean()) if trips.n_trip else 0.0,
    )


def _ring(facilities: IntArray) -> IntArray:
    """Next arc of the same facility, in a ring, for each arc."""
    order = np.argsort(facilities, kind="stable")
    is_last = np.ones(len(order), bool)
    is_last[:-1] = facilities[order[1:]] != facilities[order[:-1]]
    is_first = np.roll(is_last, 1)
    following = np.roll(order, -1)
    following[is_last] = order[is_first]
    mate = np.empty(len(order), np.int32)
    mate[order] = following
    return mate


@contextmanager
def _threads(thread_count: int) -> Iterator[ThreadPoolExecutor | None]:
    with ThreadPoolExecutor(thread_count) if thread_count > 1 else nullcontext() as threads:
        yield threads


def _load(run: _Run, threads: ThreadPoolExecutor | None) -> npt.NDArray[np.int64]:
    """Put all trips on shortest paths, some blocks at a time at the costs of those before; returns what has none."""
    lost = [np.zeros(len(block.trip), np.int8) for block in run.blocks]
    whole = sum(float(block.demand.volume.sum()) for block in run.blocks)
    done = 0.0
    loaded = np.zeros_like(run.volume)
    order = sorted(range(len(run.blocks)), key=lambda at: (run.blocks[at].number, run.blocks[at].group))
    size = WAVE_COUNT if len(order) >= WAVE_FROM_COUNT else 1
    for wave in (order[low : low + size] for low in range(0, len(order), size)):
        ahead = (whole / done) ** FORESIGHT_FACTOR if done > 0.0 else 1.0
        run.volume[:] = run.costs.shared_t_d(ahead * loaded)
        run.kernels["all_costs"](run.loads[0])
        _renew_some(run, wave, threads, lost)
        for at in wave:
            run.kernels["sum_flows"](run.pools[at], loaded)
            done += float(run.blocks[at].demand.volume.sum())
    nowhere = [block.trip[flags == 1] for block, flags in zip(run.blocks, lost, strict=True)]
    run.blocks = [drop_lost(block, flags == 1) for block, flags in zip(run.blocks, lost, strict=True)]
    _join(run)
    _sum(run)
    return np.concatenate([np.zeros(0, np.int64), *nowhere])


def _renew_some(
    run: _Run,
    some: list[int],
    threads: ThreadPoolExecutor | None,
    lost: list[npt.NDArray[np.int8]] | None = None,
) -> None:
    """Renew some blocks at the costs of now, shared out among the threads; cold if it is to be found what is lost."""
    frozen = {
        group: freeze(run.loads[0].time + run.loads[group].fixed, np.float64)
        for group in sorted({run.blocks[at].group for at in some})
    }
    unused = np.zeros(max((len(block.trip) for block in run.blocks), default=0), np.int8)

    def work(number: int) -> None:
        for at in some[number :: len(run.desks)]:
            out_lost = unused if lost is None else lost[at]
            _renew_one(run, at, frozen[run.blocks[at].group], lost is not None, run.desks[number], out_lost)

    if threads is None or len(run.desks) == 1:
        work(0)
    else:
        list(threads.map(work, range(len(run.desks))))


def _renew(run: _Run, threads: ThreadPoolExecutor | None) -> float:
    """New bushes at the costs of now; returns the relative gap at them."""
    _renew_some(run, list(range(len(run.blocks))), threads)
    _join(run)
    paid = float(sum(part.sum() for part in run.paid))
    least = float(sum(part.sum() for part in run.least))
    return max(0.0, (paid - least) / paid) if paid > 0.0 else 0.0


def _renew_one(
    run: _Run, at: int, cost: FloatArray, is_cold: bool, desk: _Desk, out_lost: npt.NDArray[np.int8]
) -> None:
    """Renew one block, in a larger pool if it must be. Blocks know nothing of each other."""
    block = run.blocks[at]
    count = len(block.demand.origin)
    size = max(len(desk.pool.arc), 4 * len(run.network.first_out))
    while True:
        room = desk.room(count, size)
        out = (room, run.paid[at], run.least[at], out_lost)
        status = run.kernels["renew_block"](
            run.network, cost, block.demand, is_cold, run.pools[at], desk.work, *out
        )
        if status != Status.OVERFLOW:
            break
        size *= 2
    run.own[at] = take_pool(room, run.own[at])
    run.pools[at] = run.own[at]


def _join(run: _Run) -> None:
    """Put the blocks of each group into one pool where it is not too large, and keep them as views of it."""
    run.units = []
    for group in range(len(run.loads)):
        mine = [at for at, block in enumerate(run.blocks) if block.group == group]
        pools, paid = [run.pools[at] for at in mine], [run.paid[at] for at in mine]
        if len(mine) > 1 and sum(int(pool.arc_start[-1]) for pool in pools) <= JOINED_COUNT:
            whole, views = join_pools(pools)
            for at, view in zip(mine, views, strict=True):
                run.pools[at] = view
            pools, paid = [whole], [np.concatenate(paid)]
        run.units += [(group, *unit) for unit in zip(pools, paid, strict=True)]


def _sweep(run: _Run, worth: float) -> None:
    """Shift flow inside all bushes, pool after pool, until each has had its sweeps or sleeps."""
    labels = make_labels(max(int(pool.core.max()) for _, pool, _ in run.units))
    asleep = [np.zeros(len(paid), np.int8) for _, _, paid in run.units]
    enough = [worth * paid for _, _, paid in run.units]
    awake = list(range(len(run.units)))
    at_once = SWEEP_COUNT if len(run.units) == 1 else 1
    before = -1
    for _ in range(SWEEP_COUNT // at_once):
        still: list[int] = []
        for at in awake:
            group, pool, _ = run.units[at]
            settings = (at_once, group != before, enough[at], run.tiny)
            before = group
            if run.kernels["sweep_block"](pool, run.loads[group], labels, *settings, asleep[at]) > 0:
                still.append(at)
        awake = still


def _sum(run: _Run) -> None:
    """Volumes anew from the flows of the bushes, which undoes drift, and times at them."""
    own = np.zeros_like(run.volume)
    for _, pool, _ in run.units:
        run.kernels["sum_flows"](pool, own)
    run.volume[:] = run.costs.shared_t_d(own)
    run.kernels["all_costs"](run.loads[0])


def _stalls(history: list[Iteration]) -> bool:
    """Whether the gap is round-off and falls no more."""
    if len(history) <= STALL_COUNT or history[-1].relative_gap_share > STALL_SHARE:
        return False
    before = min(step.relative_gap_share for step in history[:-STALL_COUNT])
    return min(step.relative_gap_share for step in history[-STALL_COUNT:]) >= before


def _tell(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    settings: AssignmentSettings,
    run: _Run,
    lost: npt.NDArray[np.int64],
    history: list[Iteration],
) -> Assignment:
    for desk in run.desks:
        desk.pool = make_pool(0, 0, 0, 0)
    volume_t_d, bushes = share_bushes(
        run.groups, run.blocks, run.pools, trips, run.desks[0].work, len(graph.head)
    )
    for kept in (run.units, run.pools, run.own, run.blocks, run.desks):
        kept.clear()  # room for the trees below
    is_lost = np.isin(run.groups.flow, lost) if len(lost) else np.zeros(trips.n_trip, bool)
    time_h = arc_times(costs, volume_t_d.sum(axis=0))
    gap = relative_gap(graph, costs, trips, volume_t_d, ~is_lost, settings.is_marginal, settings.thread_count)
    return Assignment(
        method="ue",
        status=AssignStatus.CONVERGED
        if gap <= settings.target_gap_share + 1e-15
        else AssignStatus.NOT_CONVERGED,
        volume_t_d=volume_t_d,
        time_h=time_h,
        relative_gap_share=gap,
        beckmann_objective=beckmann(costs, volume_t_d),
        total_time=float((volume_t_d * time_h).sum()) + paid_fixed_h(costs, volume_t_d),
        lower_bound=float("nan"),
        history=tuple(history),
        unserved=np.where(is_lost, trips.volume_t_d, 0.0),
        unserved_reason=tuple(np.where(is_lost, UnservedReason.NO_ROUTE.value, "").tolist()),
        price_usd_t=None,
        routes=None,
        bushes=bushes,
        trips=trips,
        costs=costs,
    )
