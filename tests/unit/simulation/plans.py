"""Plans around small systems, for tests of statistics."""

from collections.abc import Sequence

import numpy as np

from dehliz.simulation.plan import Activity, Chances, Family, Flows, Plan
from dehliz.simulation.system import ResourceKind, System

_ACTIVITY = {
    ResourceKind.DELAY: Activity.MOVE, ResourceKind.SERVE: Activity.HANDLE, ResourceKind.BOARD: Activity.SAIL,
    ResourceKind.TAKE: Activity.WAGON, ResourceKind.GIVE: Activity.WAGON,
}  # fmt: skip


def wrap(
    system: System,
    *,
    horizon_h: float = 1000.0,
    drain_h: float = 0.0,
    rate_d: Sequence[float] | float = 1.0,
    probes: Sequence[int] = (),
    activities: dict[int, Activity] | None = None,
    families: dict[int, tuple[Family, float]] | None = None,
    fixed: dict[int, list[tuple[float, float]]] | None = None,
    weather: dict[int, tuple[float, float]] | None = None,
    value_usd_t: float = np.nan,
    is_regular: bool = False,
) -> Plan:
    """A plan of a system: flow ``f`` from a to ``f`` in corridor ``c{f % 2}`` with 20 t a consignment.

    ``activities`` by resource, ``families`` (with spread) by stream, ``fixed`` closures and ``weather`` (share and
    spell of each month) by resource.
    """
    n, n_flow = system.n_resource, system.n_flow
    by_resource = [_ACTIVITY[ResourceKind(int(kind))] for kind in system.kind]
    for resource, activity in (activities or {}).items():
        by_resource[resource] = activity
    flows = Flows(
        flow_ids=tuple(f"a>{number}" for number in range(n_flow)),
        origin_ids=("a",) * n_flow,
        destination_ids=tuple(str(number) for number in range(n_flow)),
        market_ids=("boxes",) * n_flow,
        segment_ids=("boxes",) * n_flow,
        corridor_ids=tuple(f"c{number % 2}" for number in range(n_flow)),
        is_probe=np.isin(np.arange(n_flow), probes),
        lot_t=np.full(n_flow, 20.0),
        rate_d=np.broadcast_to(np.asarray(rate_d, float), (n_flow,)).copy(),
        is_regular=np.full(n_flow, is_regular),
        value_usd_t=np.full(n_flow, value_usd_t),
        value_of_time_usd_t_h=np.full(n_flow, np.nan),
    )
    count = system.n_stage
    return Plan(
        system=system,
        flows=flows,
        chances=_make_chances(system, families or {}, fixed or {}, weather or {}),
        start=np.datetime64("2024-01-01T00", "h"),
        horizon_h=horizon_h,
        drain_h=drain_h,
        stage_activity=np.array([by_resource[at] for at in system.stage_resource], np.int8),
        stage_place=np.zeros(count, np.int32),
        stage_arc=np.full(count, -1, np.int32),
        stage_length_km=np.full(count, np.nan),
        stage_cost_usd=np.full(count, np.nan),
        node_ids=("a",),
        resource_names=tuple(f"Resource {number}" for number in range(n)),
    )


def _make_chances(
    system: System,
    families: dict[int, tuple[Family, float]],
    fixed: dict[int, list[tuple[float, float]]],
    weather: dict[int, tuple[float, float]],
) -> Chances:
    n, n_stream = system.n_resource, system.n_stream
    spells = [fixed.get(at, []) for at in range(n)]
    edges = np.array([edge for some in spells for edge in some], float).reshape(-1, 2)
    months = [(month, *weather[at]) for at in range(n) if at in weather for month in range(1, 13)]
    family, spread = np.zeros(n_stream, np.int8), np.zeros(n_stream)
    for stream, (kind, factor) in families.items():
        family[stream], spread[stream] = kind, factor
    return Chances(
        family=family,
        spread_factor=spread,
        least_factor=np.zeros(n_stream),
        shut_first=np.cumsum([0, *(12 * (at in weather) for at in range(n))]).astype(np.int32),
        shut_month=np.array([row[0] for row in months], np.int8),
        shut_share=np.array([row[1] for row in months], float),
        shut_spell_h=np.array([row[2] for row in months], float),
        shut_key=tuple(f"place:{at}" for at in range(n) if at in weather for _ in range(12)),
        fixed_first=np.cumsum([0, *map(len, spells)]).astype(np.int32),
        fixed_start_h=np.ascontiguousarray(edges[:, 0]),
        fixed_end_h=np.ascontiguousarray(edges[:, 1]),
    )
