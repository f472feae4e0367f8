"""Wagons that cannot leave their gauge: pools of tokens taken where cargo comes from another mode, and given back.

Used by ``simulation/plan_stages.py``. The table is ``wagon_pool``; a token carries one consignment.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dehliz.base.rows import each_row
from dehliz.graph.graph import ArcKind, ArcTable, BoolArray, Graph
from dehliz.network.network import Network
from dehliz.simulation.flows import Lots
from dehliz.simulation.plan import Activity
from dehliz.simulation.plan_chances import Durations
from dehliz.simulation.plan_parts import Parts, Stage
from dehliz.simulation.routes_in import RouteSet
from dehliz.simulation.system import ResourceKind

RAIL_FERRY = "rail_ferry"


@dataclass(frozen=True, slots=True)
class _Pool:
    row: Any
    take: int
    give: int
    segment_ids: frozenset[str]


@dataclass(slots=True)
class Pools:
    """Pools of a network, by the terminals at which their wagons are taken."""

    graph: Graph
    of_terminal: dict[str, list[_Pool]] = field(default_factory=dict)

    def take(self, arc: int, step: int, segment_id: str, held: list[_Pool]) -> list[Stage]:
        """Wagons that a consignment takes before it is handled on an arc; ``held`` grows by them."""
        graph = self.graph
        if not self.of_terminal or graph.table[arc] != ArcTable.TERMINAL:
            return []
        mode_id = graph.mode_ids[graph.mode[arc]]
        place = int(graph.vertex_node[graph.tail[arc]])
        stages = []
        for pool in self.of_terminal.get(graph.row_id(arc), []):
            if pool.row.mode_id == mode_id and segment_id in pool.segment_ids and pool not in held:
                stages.append(Stage(pool.take, Activity.WAGON, place, arc, step))
                held.append(pool)
        return stages

    def give(self, arc: int, step: int, held: list[_Pool]) -> list[Stage]:
        """Wagons that it gives back after an arc: those whose mode it leaves for another than their ferry."""
        if not held:
            return []
        graph = self.graph
        kind, mode_id = graph.kind[arc], graph.mode_ids[graph.mode[arc]]
        if kind not in (ArcKind.TRANSFER, ArcKind.UNLOAD):
            return []
        place = int(graph.vertex_node[graph.head[arc]])
        left = [
            pool for pool in held if kind == ArcKind.UNLOAD or mode_id not in (pool.row.mode_id, RAIL_FERRY)
        ]
        held[:] = [pool for pool in held if pool not in left]
        return [
            Stage(pool.give, Activity.WAGON, place, arc, step, float(pool.row.return_time_h)) for pool in left
        ]


def find_pools(
    network: Network,
    graph: Graph,
    routes: RouteSet,
    is_simulated: BoolArray,
    lots: Lots,
    parts: Parts,
    durations: Durations,
) -> Pools:
    """Pools of a network as resources.

    Notes
    -----
    Tokens are wagons times their load over the mean consignment, and the simulated part of the cargo that needs them:
    other cargo holds its own part of the wagons.
    """
    pools = Pools(graph)
    for row in each_row(network.wagon_pool):
        terminal_ids, segment_ids = _words(row.terminal_ids), frozenset(_words(row.segment_ids))
        volume = _find_users(graph, routes, terminal_ids, segment_ids)
        mine = np.where(is_simulated, volume, 0.0)
        if not mine.any():
            continue
        lot_t = mine.sum() / (mine / lots.lot_t[routes.segment]).sum()
        count = int(row.wagon_count * row.load_t / lot_t * mine.sum() / volume.sum())
        name = str(row.wagon_pool_id)
        take = parts.add(f"take:{name}", f"Wagons {name}", ResourceKind.TAKE, server_count=max(count, 1))
        chance = durations.find("turn", "rail", "")
        give = parts.add(
            f"give:{name}", f"Wagons {name}, back", ResourceKind.GIVE, chance=chance, partner=take
        )
        for terminal_id in terminal_ids:
            pools.of_terminal.setdefault(terminal_id, []).append(_Pool(row, take, give, segment_ids))
    return pools


def _find_users(
    graph: Graph, routes: RouteSet, terminal_ids: list[str], segment_ids: frozenset[str]
) -> np.ndarray:
    """(n_route,) volume of the routes that need a pool."""
    ids = np.array(graph.row_ids[ArcTable.TERMINAL], dtype=object)
    is_here = np.zeros(graph.n_arc, dtype=bool)
    arcs = graph.table == ArcTable.TERMINAL
    is_here[arcs] = np.isin(ids[graph.row[arcs]], terminal_ids)
    wanted = np.array([one in segment_ids for one in routes.segment_ids], dtype=bool)[routes.segment]
    return np.where(wanted & ~routes.is_probe & routes.touches(is_here), routes.volume_t_a, 0.0)


def _words(cell: str) -> list[str]:
    return [word for word in str(cell).split(";") if word]
