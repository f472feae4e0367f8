"""An assignment's routes to a plan to be simulated: the bridge between two floors that do not know each other.

``assignment`` loads a network; ``simulation`` runs its operations. The file before is ``assignment/problem.py``; the
next ``simulation/draws.py``.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from dehliz.assignment.flow_tables import Loaded, name_routes
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import IntArray
from dehliz.routing.compare import find_best, value_of_time_usd_h
from dehliz.routing.corridors import OTHER_ID, name_corridor
from dehliz.routing.planner import Planner
from dehliz.simulation.plan import Plan
from dehliz.simulation.plan_make import make_plan
from dehliz.simulation.routes_in import PlanSettings, Probe, RouteSet, add_probes

HOURS_PER_DAY = 24.0
LEVEL_M: Final = {2020: -28.15, 2024: -28.99, 2025: -29.71}
"""Level of the Caspian by year: facts risk-0014 (May 2020), risk-0015 (June 2024) and risk-0011 (October 2025)."""
LAST_PAST_YEAR: Final = 2025
"""Last year whose cargo is known to have been carried."""
MOST_USED_SHARE: Final = 0.95
"""Use of a capacity up to which the delay of the table ``delay`` is that of a queue."""


class Watch(NamedTuple):
    """A pair to be watched.

    Attributes
    ----------
    origin_id, destination_id : str
        Zones.
    corridor_id : str
        Corridor; the best way of all where it is empty.
    avoid_country_ids : str
        Countries that the way does not cross, with semicolons between.
    """

    origin_id: str
    destination_id: str
    corridor_id: str = ""
    avoid_country_ids: str = ""


def find_level_m(year: int) -> float:
    """Level of the Caspian in a year over the Baltic datum [m], between the published ones; the nearest one outside.

    Examples
    --------
    >>> round(find_level_m(2022), 2)
    -28.57
    """
    return float(np.interp(year, list(LEVEL_M), list(LEVEL_M.values())))


def settle_year(year: int, lines_only: bool = True, level_m: float | None = None) -> PlanSettings:
    """Settings of a plan that runs through a calendar year.

    Parameters
    ----------
    year : int
        Year, from 1 January 00:00 Coordinated Universal Time on.
    lines_only : bool
        Whether only routes by services that fill and go or keep a timetable become consignments.
    level_m : float, optional
        Level of the Caspian; none limits the draught when left out.
    """
    most_used_share = MOST_USED_SHARE if year <= LAST_PAST_YEAR else None
    start = np.datetime64(f"{year:04d}-01-01T00", "h")
    horizon_h = float((np.datetime64(f"{year + 1:04d}-01-01T00", "h") - start) / np.timedelta64(1, "h"))
    return PlanSettings(
        start=start,
        horizon_h=horizon_h,
        lines_only=lines_only,
        level_m=level_m,
        most_used_share=most_used_share,
    )


def read_routes(loaded: Loaded) -> RouteSet:
    """Routes of an assignment as the simulation takes them; yearly volumes are 365 times those of the design day."""
    visits = loaded.visits
    flows, trips, n_zone = visits.flows, visits.trips, loaded.graph.n_zone
    segment_ids = loaded.segment_ids
    return RouteSet(
        first_arc=flows.first_arc.astype(np.int64),
        arc=flows.arc.astype(np.int32),
        origin=trips.origin[flows.trip],
        destination=(trips.destination[flows.trip] - n_zone).astype(np.int32),
        market=visits.segment,
        segment=loaded.segment,
        corridor=name_routes(visits, loaded.corridors).astype(np.int32),
        volume_t_a=flows.volume_t_d * DAYS_PER_YEAR,
        is_probe=np.zeros(visits.n_route, dtype=bool),
        market_ids=trips.segment_ids,
        segment_ids=segment_ids,
        corridor_ids=(*(one.corridor_id for one in loaded.corridors), OTHER_ID),
        money_usd_t=loaded.money_usd_t,
    )


def plan_loaded(
    loaded: Loaded, settings: PlanSettings, probes: Sequence[Probe] = (), planner: Planner | None = None
) -> Plan:
    """The plan of a loaded network, the bundled one or one's own.

    Parameters
    ----------
    loaded : Loaded
        Network, capacities and routes, such as ``prepare_own(path).problem.tell(assignment)``.
    settings : PlanSettings
        Start, horizon, what becomes consignments.
    probes : sequence of Probe
        Ways to be watched.
    planner : Planner, optional
        Gives what the probes pay.
    """
    routes = read_routes(loaded)
    money = None if planner is None else planner.costs.cost_usd / planner.shipment.cargo_t
    routes = add_probes(routes, probes, money)
    return make_plan(loaded.network, loaded.graph, loaded.assignment.costs, routes, settings)


def find_probes(planner: Planner, rows: Sequence[Watch]) -> list[Probe]:
    """The best ways between watched places, for the planner's shipment; pairs without a way are left out.

    Parameters
    ----------
    planner : Planner
        Of the network that is loaded.
    rows : sequence of Watch
        What is to be watched.
    """
    probes = []
    for row in dict.fromkeys(rows):
        arcs = _find_way(planner, row)
        if arcs is not None:
            name = name_corridor(planner.teller.corridors, arcs)[0]
            ends = (
                planner.graph.zone_ids.index(row.origin_id),
                planner.graph.zone_ids.index(row.destination_id),
            )
            probes.append(Probe(*ends, name, planner.shipment.segment_id, arcs))
    return probes


def _find_way(planner: Planner, row: Watch) -> IntArray | None:
    avoid = [one for one in row.avoid_country_ids.split(";") if one]
    question = planner.ask(row.origin_id, row.destination_id, avoid=avoid)
    if row.corridor_id:
        best = find_best(planner, question, row.corridor_id)
        return None if best is None else best.arc
    found = planner.find(question)
    if not len(found):
        return None
    money = found.total(planner.costs.cost_usd)
    least = int(np.argmin(money + value_of_time_usd_h(planner) * found.total(planner.costs.time_h)))
    return found.pick([least]).arc
