"""``assign``: the one call that loads trips onto a network, whatever the method."""

from collections.abc import Callable
from typing import Final

from dehliz.assignment.all_or_nothing import load_all_or_nothing
from dehliz.assignment.equilibrium import find_equilibrium
from dehliz.assignment.result import Assignment, OnIteration
from dehliz.assignment.settings import AssignmentSettings, Method
from dehliz.assignment.stochastic import find_stochastic_equilibrium
from dehliz.assignment.system import find_system_optimum
from dehliz.assignment.topology import Topology
from dehliz.base.errors import SettingsError
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips

Loader = Callable[[Topology, LoadCosts, Trips, AssignmentSettings, OnIteration | None], Assignment]

LOADERS: Final[dict[Method, Loader]] = {
    "aon": load_all_or_nothing,
    "ue": find_equilibrium,
    "sue": find_stochastic_equilibrium,
    "so": find_system_optimum,
}
"""Method -> what loads by it."""


def assign(
    graph: Topology,
    costs: LoadCosts,
    trips: Trips,
    settings: AssignmentSettings,
    on_iteration: OnIteration | None = None,
) -> Assignment:
    """Trips on a network by the method of the settings.

    Parameters
    ----------
    graph : Topology
        Vertices and arcs.
    costs : LoadCosts
        What loading them costs.
    trips : Trips
        What to load; no trip at all is an answer too.
    settings : AssignmentSettings
        Method, and when to stop.
    on_iteration : callable, optional
        Told of each iteration.

    Returns
    -------
    Assignment
        With its status; what could not be served is in it, with reasons.

    Raises
    ------
    SettingsError
        When there is no such method.
    """
    load = LOADERS.get(settings.method)
    if load is None:
        known = ", ".join(LOADERS)
        raise SettingsError(
            f"Method '{settings.method}' was given. It needs one of {known}. Choose one of them."
        )
    return load(graph, costs, trips, settings, on_iteration)
