"""What stands beside a simulation of the bundled network: published times, one fitted factor, corridor indicators.

Used by the command line and by studies. The files before are ``simulation/result.py`` and those of ``validation``.
"""

import pandas as pd

from dehliz.simulation.result import Simulation
from dehliz.study.operations import Operations
from dehliz.validation.indicators import make_journeys, measure_indicators
from dehliz.validation.operations import check_simulated_times, fit_waits, summarise_times


def put_beside(operations: Operations, simulation: Simulation) -> dict[str, pd.DataFrame]:
    """Tables that hold a simulation against what was measured.

    Parameters
    ----------
    operations : Operations
        Cargo and network that were simulated.
    simulation : Simulation
        Of its plan.

    Returns
    -------
    dict of str to DataFrame
        ``feedback``, ``simulated_time_check``, ``simulated_time_summary``, ``wait_fit`` and ``indicator``; indicators
        are those of the first replication.
    """
    checks = check_simulated_times(simulation)
    loaded = operations.loaded
    journeys = make_journeys(
        simulation.plan, simulation.log, simulation.draws.flow, loaded.graph, loaded.network
    )
    year = int(str(simulation.plan.start)[:4])
    return {
        "feedback": operations.rounds,
        "simulated_time_check": checks,
        "simulated_time_summary": summarise_times(checks),
        "wait_fit": fit_waits(checks),
        "indicator": measure_indicators(journeys, year=year),
    }
