"""Cargo and operations brought together for a year, and the same cargo under changed operations.

A network is loaded, the loop between choice and operations is run until the shares of corridors settle, and what was
loaded becomes a plan with the published pairs to be watched. A what-if keeps who moves and by which way, so that base
and what-if differ by nothing but operations; where it opens ways or shuts ones in use, cargo is loaded anew. The files
before are ``study/feedback.py`` and ``study/simulating.py``; the next is ``simulation/simulate.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.errors import DataError
from dehliz.base.rows import each_row
from dehliz.eurasia.load import load, read_reference
from dehliz.graph.compile import compile_graph, revalue
from dehliz.graph.graph import Graph
from dehliz.network.network import Network
from dehliz.routing.planner import prepare
from dehliz.simulation.arc_times import ArcTimes, measure_arcs
from dehliz.simulation.draws import draw_replication
from dehliz.simulation.plan import Plan
from dehliz.simulation.routes_in import MOST_CONSIGNMENT_COUNT, PlanSettings, Probe
from dehliz.simulation.run import run_events
from dehliz.simulation.settings import SimulationSettings
from dehliz.study.feedback import FeedbackSettings, settle
from dehliz.study.simulating import Watch, find_level_m, find_probes, plan_loaded, settle_year

PILOT_COUNT = 2
"""Replications of each round. Medians of two lay about an hour from those of twenty others on the mean of all services
of 2024; of truck ferries near their capacity single ones lay up to a day away, with eight still half a day: more would
not settle them. Draws are the same in all rounds, so that rounds do not differ by chance."""

OnRound = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Operations:
    """Cargo of a year on its ways, ready to be simulated under this and changed operations.

    Attributes
    ----------
    loaded : Loaded
        Network and volumes after the last round.
    plan : Plan
        Made of them.
    pairs : tuple of Watch
        Watched pairs.
    probes : tuple of Probe
        Their ways, which a what-if keeps.
    settings : PlanSettings
        Start, horizon, level of the Caspian.
    rounds : DataFrame
        Table ``feedback``; no rows when the loop was not run.
    is_settled : bool
        Whether the shares came to rest; True when the loop was not run.
    """

    loaded: Loaded
    plan: Plan
    pairs: tuple[Watch, ...]
    probes: tuple[Probe, ...]
    settings: PlanSettings
    rounds: pd.DataFrame
    is_settled: bool


def prepare_operations(
    year: int,
    network: Network | None = None,
    *,
    feedback: FeedbackSettings | None = None,
    pairs: Sequence[Watch] | None = None,
    seed: int = 1,
    most_consignment_count: int = MOST_CONSIGNMENT_COUNT,
    on_round: OnRound | None = None,
) -> Operations:
    """The bundled network of a year, loaded and brought to rest with its operations.

    Parameters
    ----------
    year : int
        Year of demand and calendar.
    network : Network, optional
        The bundled network after a scenario.
    feedback : FeedbackSettings, optional
        When the loop has settled; with one round the first loading is taken as it is.
    pairs : sequence of Watch, optional
        Pairs to be watched; those of the table ``time_reference`` when left out.
    seed : int
        Of the draws of each round, the same in all.
    most_consignment_count : int
        Above this number a year, lots are made larger by a whole factor.
    on_round : callable, optional
        Told the number of each round and the largest change of a share in it.

    Returns
    -------
    Operations
        Loaded network, plan and watched pairs; ``is_settled`` says whether the shares came to rest.

    Raises
    ------
    SettingsError
        When nothing is known of the year.
    DataError
        When the plan cannot be made.
    """
    own = load(year) if network is None else network
    settings = replace(
        settle_year(year, level_m=find_level_m(year)), most_consignment_count=most_consignment_count
    )
    problem = prepare_year(year, own)

    def operate(loaded: Loaded, _number: int) -> ArcTimes:
        plan = plan_loaded(loaded, settings)
        drawn = (draw_replication(plan, SimulationSettings(seed=seed), one) for one in range(PILOT_COUNT))
        logs = (run_events(plan.system, draws) for draws in drawn)
        return measure_arcs(plan, logs, loaded.graph.n_arc)

    done = settle(problem, read_choice_model(year), operate, feedback, on_round=on_round)
    watched = tuple(read_pairs() if pairs is None else pairs)
    probes = tuple(find_probes(prepare(own), watched))
    is_single = feedback is not None and feedback.round_count == 1
    plan = _plan(done.loaded, settings, probes)
    return Operations(done.loaded, plan, watched, probes, settings, done.rounds, done.is_settled or is_single)


def change_operations(before: Operations, network: Network) -> Operations | None:
    """The same cargo on the same ways under changed operations.

    Parameters
    ----------
    before : Operations
        As it is.
    network : Network
        After a scenario.

    Returns
    -------
    Operations or None
        None where the scenario adds or removes rows, or opens or shuts a way: then who moves by which way has to be
        found anew by ``prepare_operations``.
    """
    graph = _revalue(before.loaded.graph, network)
    if graph is None or not np.array_equal(graph.is_open, before.loaded.graph.is_open):
        return None
    loaded = replace(before.loaded, network=network, graph=graph)
    return replace(before, loaded=loaded, plan=_plan(loaded, before.settings, before.probes))


def read_pairs() -> list[Watch]:
    """Pairs whose time from door to door is published."""
    return [
        Watch(row.origin_id, row.destination_id, row.corridor_id, row.avoid_country_ids)
        for row in each_row(read_reference("time_reference"))
        if not row.media
    ]


def _plan(loaded: Loaded, settings: PlanSettings, probes: Sequence[Probe]) -> Plan:
    return plan_loaded(loaded, settings, probes, prepare(loaded.network))


def _revalue(graph: Graph, network: Network) -> Graph | None:
    """The same arcs with changed values; None where the arcs are others."""
    try:
        changed = revalue(graph, network)
    except DataError:
        return None
    fresh = compile_graph(network)
    is_same = np.array_equal(fresh.head, graph.head) and np.array_equal(fresh.row, graph.row)
    return changed if is_same else None
