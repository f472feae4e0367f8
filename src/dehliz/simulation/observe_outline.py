"""``Outline``: what is the same in every replication of a plan: groups of flows, causes of stages, known closures.

Made once by ``simulation/simulate.py``; ``simulation/observe.py`` reads each log with it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dehliz.graph.graph import BoolArray, ByteArray, FloatArray, IntArray
from dehliz.kernels.observe_data import Setting, Spells
from dehliz.kernels.search import freeze
from dehliz.simulation.observe_causes import find_causes
from dehliz.simulation.observe_spells import make_spells
from dehliz.simulation.plan import Plan
from dehliz.simulation.system import ResourceKind, System

WEEK_H = 168.0
ALL = "all"
EMPTY = ""


class Group(NamedTuple):
    """Flows that are told together; empty words stand for all."""

    scope: str
    corridor_id: str
    origin_id: str
    destination_id: str
    market_id: str


@dataclass(frozen=True, slots=True)
class Level:
    """One way of grouping flows.

    Attributes
    ----------
    scope : str
        ``all``, ``corridor``, ``od``, ``market`` (origin, destination and market) or ``probe``.
    flow_group : (n_flow,) int32
        Group of each flow; -1 where it is in none. Flows without cargo, such as empties, are in none.
    groups : tuple of Group
        Position ``g`` is group ``g``.
    """

    scope: str
    flow_group: IntArray
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What statistics need of a plan.

    Attributes
    ----------
    plan : Plan
        What is run.
    levels : tuple of Level
        all, corridor, probe, od, market; the first ``n_broad`` groups have a tree of causes.
    first_group : tuple of int
        Where the groups of each level begin; one more at the end.
    setting, known : Setting, Spells
        For the kernel.
    wait_cause, work_cause : (n_stage,) int8
        ``Cause``.
    flow_t : (n_flow,) float64
        Cargo of a consignment; 0 for probes, which stand for no demand.
    least_load : (2 n_line,) float64
        Smallest load of a consignment at each quay; 0 where none is taken.
    is_unlimited : (n_resource,) bool
        Quays of services without a known capacity: cargo goes aboard and takes no room.
    is_boarded : (2 n_line,) bool
        Quays at which others than probes go aboard.
    week_count : int
        Weeks until the end of the run.
    """

    plan: Plan
    levels: tuple[Level, ...]
    first_group: tuple[int, ...]
    setting: Setting
    known: Spells
    wait_cause: ByteArray
    work_cause: ByteArray
    flow_t: FloatArray
    least_load: FloatArray
    is_unlimited: BoolArray
    is_boarded: BoolArray
    week_count: int

    @property
    def groups(self) -> tuple[Group, ...]:
        """All groups in order."""
        return tuple(group for level in self.levels for group in level.groups)

    @property
    def n_broad(self) -> int:
        """Groups that have a tree of causes: all, corridors, probes."""
        return self.first_group[3]


def make_outline(plan: Plan) -> Outline:
    """The outline of a plan."""
    system = plan.system
    wait, work = find_causes(plan)
    chances = plan.chances
    levels = _make_levels(plan)
    is_loaded = find_loaded_stages(plan)
    quays = system.lines.resource.reshape(-1)
    first = np.cumsum([0, *(len(level.groups) for level in levels)])
    return Outline(
        plan=plan,
        levels=levels,
        first_group=tuple(int(one) for one in first),
        setting=Setting(
            stage_resource=freeze(system.stage_resource, np.int32),
            stage_time_h=freeze(system.stage_time_h, np.float64),
            wait_cause=freeze(wait, np.int8),
            work_cause=freeze(work, np.int8),
            kind=freeze(system.kind, np.int8),
            partner=freeze(system.partner, np.int32),
            quay=freeze(np.where(system.line >= 0, 2 * system.line + system.side, -1), np.int32),
            dock=freeze(find_docks(plan), np.int32),
        ),
        known=make_spells(system, chances.fixed_first, chances.fixed_start_h, chances.fixed_end_h),
        wait_cause=wait,
        work_cause=work,
        flow_t=np.where(plan.flows.is_probe, 0.0, plan.flows.lot_t),
        least_load=find_least_loads(system, is_loaded),
        is_unlimited=find_unlimited(system, is_loaded),
        is_boarded=np.isin(quays, system.stage_resource[is_loaded]),
        week_count=int(np.ceil((plan.horizon_h + plan.drain_h) / WEEK_H)),
    )


def find_docks(plan: Plan) -> IntArray:
    """(n_resource,) int32: the berths that ships from a side go to, or the other side where there is always room."""
    system, lines = plan.system, plan.system.lines
    dock = np.full(system.n_resource, -1, dtype=np.int32)
    for berth, pair in zip(lines.berth, lines.resource, strict=True):
        for side in (0, 1):
            far = 1 - side
            dock[pair[side]] = berth[far] if berth[far] >= 0 else pair[far]
    return dock


def find_loaded_stages(plan: Plan) -> BoolArray:
    """(n_stage,) bool: stages that others than probes can come to."""
    system = plan.system
    found = np.zeros(len(system.stage_resource), dtype=bool)
    ahead = np.unique(system.entry_stage[~plan.flows.is_probe])
    while len(ahead):
        found[ahead] = True
        after = np.unique(np.concatenate([system.stage_next[ahead], system.stage_detour[ahead]]))
        ahead = after[(after >= 0) & ~found[after]]
    return found


def find_least_loads(system: System, is_loaded: BoolArray) -> FloatArray:
    """(2 n_line,) smallest load of a consignment at each quay, but for probes; 0 where none is taken."""
    least = np.full(system.n_resource, np.inf)
    has_load = (system.stage_load > 0.0) & is_loaded
    np.minimum.at(least, system.stage_resource[has_load], system.stage_load[has_load])
    quays = least[system.lines.resource.reshape(-1)]
    return np.where(np.isfinite(quays), quays, 0.0)


def find_unlimited(system: System, is_loaded: BoolArray) -> BoolArray:
    """(n_resource,) bool: quays at which cargo goes aboard, and none of it takes room."""
    count = np.bincount(system.stage_resource[is_loaded], minlength=system.n_resource)
    load = np.bincount(system.stage_resource, weights=system.stage_load, minlength=system.n_resource)
    return np.asarray((system.kind == ResourceKind.BOARD) & (count > 0) & (load <= 0.0))


def _make_levels(plan: Plan) -> tuple[Level, ...]:
    flows = plan.flows
    is_cargo = ~flows.is_probe & (flows.lot_t > 0.0)
    n = len(flows.flow_ids)
    empty, all_ = (EMPTY,) * n, (ALL,) * n
    od = (flows.origin_ids, flows.destination_ids)
    return (
        _group("all", is_cargo, empty, empty, empty, all_),
        _group("corridor", is_cargo, flows.corridor_ids, empty, empty, all_),
        _group("probe", flows.is_probe, flows.corridor_ids, *od, flows.market_ids),
        _group("od", is_cargo, empty, *od, all_),
        _group("market", is_cargo, empty, *od, flows.market_ids),
    )


def _group(scope: str, is_in: np.ndarray, *columns: tuple[str, ...]) -> Level:
    """Groups in the order of their words."""
    keys = [key if chosen else None for key, chosen in zip(zip(*columns, strict=True), is_in, strict=True)]
    found = sorted({key for key in keys if key is not None})
    place = {key: at for at, key in enumerate(found)}
    flow_group = np.array([-1 if key is None else place[key] for key in keys], dtype=np.int32)
    return Level(scope, flow_group, tuple(Group(scope, *key) for key in found))
