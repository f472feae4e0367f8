"""Cargo that is on a line besides the routes: local cargo of the table ``background``, and what comes back empty.

Used by ``simulation/plan_make.py``. A ship that fills and goes needs both, or it would wait for cargo that is there.
Wagons have no other way back, and boxes are counted so (fact titr_volumes-0108: both ways, empties included); trucks
choose their own way home.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.direction import is_forward
from dehliz.graph.graph import ArcTable, Graph
from dehliz.simulation.flows import Flow
from dehliz.simulation.plan import Activity
from dehliz.simulation.plan_lines import T_PER_UNIT, Fleet, count_fleet
from dehliz.simulation.plan_parts import Parts, Stage
from dehliz.simulation.plan_room import HOURS_PER_DAY, HOURS_PER_YEAR, Rooms
from dehliz.simulation.plan_stages import Overload
from dehliz.simulation.routes_in import PlanSettings

RETURN_BLOCK_COUNT = 5
"""Units that come back together: fewer consignments, and nobody watches them."""
OTHER_LOT_H = 4.0
"""Hours of other cargo in one lot where it queues as well."""
SHIP_TOLERANCE = 0.05
"""Part of a ship that is rounding: departures of a run are whole."""
LEAST_LOAD = 1e-9
"""Smaller flows of shares of a ship a day are rounding."""


def list_traffic(
    graph: Graph,
    rooms: Rooms,
    fleet: Fleet,
    flows: list[Flow],
    chains: list[list[Stage]],
    settings: PlanSettings,
) -> Iterator[tuple[Flow, Stage]]:
    """Flows with one stage each, aboard a line.

    Parameters
    ----------
    graph, rooms, fleet : Graph, Rooms, Fleet
        Services and what is on them.
    flows : list of Flow
        Flows of routes.
    chains : list of list of Stage
        Their stages.
    settings : PlanSettings
        Whether what crosses comes back empty.
    """
    load_d = count_loads(flows, chains)
    arcs = _find_arcs(graph, fleet)
    for line in fleet.lines:
        leg = line.row
        unit = fleet.unit_load(leg.service_leg_id)
        if unit == 0.0:
            continue
        for side, resource in enumerate(line.resource):
            other_d = _count_other(rooms, arcs.get((leg.service_leg_id, side), -1), fleet, leg)
            load_d[resource] = load_d.get(resource, 0.0) + other_d * unit
            if other_d * unit > LEAST_LOAD:
                yield _make(graph, leg, side, resource, "background", other_d, unit)
        comes_back = settings.returns_empty and leg.departs == "fills" and count_fleet(leg) > 0
        if comes_back and fleet.unit(leg.service_leg_id) != "truck":
            lack = load_d[line.resource[1]] - load_d[line.resource[0]]
            side = 0 if lack > 0.0 else 1
            block = unit * RETURN_BLOCK_COUNT
            if abs(lack) > LEAST_LOAD:
                yield _make(graph, leg, side, line.resource[side], "returns", abs(lack) / block, block)


def count_loads(flows: Sequence[Flow], chains: Iterable[Sequence[Stage]]) -> dict[int, float]:
    """Ships a day that the cargo of flows fills on each side of each line, by resource."""
    load_d: dict[int, float] = {}
    for flow, chain in zip(flows, chains, strict=True):
        for stage in chain:
            if stage.load_share > 0.0:
                load_d[stage.resource] = load_d.get(stage.resource, 0.0) + stage.load_share * flow.rate_d
    return load_d


def tell_short_lines(fleet: Fleet, load_d: Mapping[int, float]) -> list[str]:
    """Lines whose ships cannot carry what there is, one note for all; empty where they can.

    Parameters
    ----------
    fleet : Fleet
        Lines.
    load_d : mapping of int to float
        Ships a day that the cargo of each side fills.

    Notes
    -----
    Each ship takes a crossing and a turn for each departure; weather and queues for berths take more.
    """
    short = []
    for line in fleet.lines:
        leg, count = line.row, count_fleet(line.row)
        if leg.departs != "fills" or count == 0:
            continue
        turn_h = float(leg.turn_time_h) if float(leg.turn_time_h) > 0.0 else 0.0
        most_d = line.capacity * count * HOURS_PER_DAY / (2.0 * (float(leg.time_h) + turn_h))
        needed_d = max(load_d.get(resource, 0.0) for resource in line.resource)
        if needed_d > most_d:
            short.append(f"{leg.service_leg_id} ({needed_d:.2f} full ships a day, {most_d:.2f} can be had)")
    if not short:
        return []
    return [f"Ships cannot carry what these services are loaded with, queues there grow: {', '.join(short)}."]


def tell_few_ships(fleet: Fleet) -> list[str]:
    """Services whose number of ships does not count: hours that they cannot keep, and one way only; a note for each.

    Parameters
    ----------
    fleet : Fleet
        Lines.

    Notes
    -----
    Departures by the clock take place whatever the number of ships. A ship takes two crossings and two turns for a
    round, in which one departs from each side.
    """
    few = []
    for line in fleet.lines:
        leg, count = line.row, count_fleet(line.row)
        if leg.departs == "fills" or count == 0:
            continue
        turn_h = float(leg.turn_time_h) if float(leg.turn_time_h) > 0.0 else 0.0
        span_h = fleet.settings.horizon_h + fleet.settings.drain_h
        round_h = 2.0 * (float(leg.time_h) + turn_h)
        needed = max(len(departures) for departures in line.departure_h) * round_h / span_h
        if needed > count + SHIP_TOLERANCE:
            few.append(f"{leg.service_leg_id} ({needed:.1f} ships are needed, it has {count})")
    one_way = [
        line.row.service_leg_id for line in fleet.lines if line.row.directed and line.row.fleet_count > 0
    ]
    notes = (
        ("These services leave at their hours, though they have too few ships for that", few),
        ("These services run one way only, and how many ships they have is not simulated", one_way),
    )
    return [f"{words}: {', '.join(names)}." for words, names in notes if names]


def list_overloads(
    graph: Graph, parts: Parts, overloads: Mapping[int, Overload]
) -> Iterator[tuple[Flow, Stage]]:
    """Other cargo where there is too much: it stands in the same queue, in lots of ``OTHER_LOT_H`` hours of it.

    Parameters
    ----------
    graph : Graph
        Gives places.
    parts : Parts
        Gives servers.
    overloads : mapping of int to Overload
        Queues by resource.
    """
    for resource, one in sorted(overloads.items()):
        if one.other_t_h > 0.0:
            row = parts.rows[resource]
            work_h = row.server_count * one.other_t_h * OTHER_LOT_H / one.capacity_t_h
            place = int(graph.vertex_node[graph.tail[one.arc]])
            ends = graph.node_ids[place], graph.node_ids[graph.vertex_node[graph.head[one.arc]]]
            flow = Flow(
                f"background:{row.name}", *ends, "background", "background", "", 0.0, HOURS_PER_DAY / OTHER_LOT_H,
                is_regular=True,
            )  # fmt: skip
            yield flow, Stage(resource, Activity.PATH, place, -1, 0, work_h)


def _find_arcs(graph: Graph, fleet: Fleet) -> dict[tuple[str, int], int]:
    """Arc of each side of each service."""
    forward = is_forward(graph, fleet.network)
    return {
        (graph.row_id(arc), 0 if forward[arc] else 1): arc
        for arc in np.flatnonzero(graph.table == ArcTable.SERVICE_LEG).tolist()
    }


def _count_other(rooms: Rooms, arc: int, fleet: Fleet, leg: Any) -> float:
    """Units a day of cargo that no route of the plan carries; both directions alike where they share a capacity."""
    if arc < 0:
        return 0.0
    sharing = int((rooms.facility == rooms.facility[arc]).sum())
    other_t_d = float(rooms.other_t_h[arc]) * HOURS_PER_YEAR / DAYS_PER_YEAR / sharing
    return other_t_d / T_PER_UNIT[fleet.unit(leg.service_leg_id)]


def _make(
    graph: Graph, leg: Any, side: int, resource: int, what: str, rate_d: float, load: float
) -> tuple[Flow, Stage]:
    ends = (leg.from_node_id, leg.to_node_id) if side == 0 else (leg.to_node_id, leg.from_node_id)
    flow = Flow(f"{what}:{leg.service_leg_id}:{ends[0]}", *ends, what, what, "", 0.0, rate_d)
    place = graph.node_ids.index(ends[0])
    return flow, Stage(resource, Activity.SAIL, place, -1, 0, 0.0, load)
