"""What is said of a simulation before its tables, on the command line and in a study.

The file before is ``simulation/result.py``; the documents go to ``report/simulation_page.py``.
"""

from typing import Any

from dehliz.simulation.result import Simulation
from dehliz.study.operations import Operations

ONCE = "cargo was loaded once: simulated times have not returned into the choice of ways"
"""What is said of operations after one round."""


def describe_simulation(simulation: Simulation, operations: Operations) -> dict[str, Any]:
    """Status, time simulated, settings and size of a simulation, to be stored as JSON.

    Parameters
    ----------
    simulation : Simulation
        What was simulated.
    operations : Operations
        Cargo of its plan.
    """
    plan, settings, warm_up = simulation.plan, simulation.settings, simulation.warm_up
    has_flows = bool(simulation.outline.groups)
    return {
        "status": simulation.status,
        "reason": simulation.reason,
        "start": str(plan.start),
        "horizon_h": plan.horizon_h,
        "drain_h": plan.drain_h,
        "replications": settings.replication_count,
        "seed": settings.seed,
        "replan": settings.can_replan,
        "confidence_share": settings.confidence_share,
        "warm_up": {"end_h": warm_up.end_h, "method": warm_up.method, "is_found": warm_up.is_found},
        "consignments": float(simulation.gathered.times[:, 0, 0].mean()) if has_flows else 0.0,
        "events": simulation.log.event_count,
        "is_settled": None if is_loaded_once(operations) else operations.is_settled,
    }


def is_loaded_once(operations: Operations) -> bool:
    """Whether the only round was the first, so that it is not known whether choice and operations have settled."""
    return len(operations.rounds) > 0 and int(operations.rounds["round_count"].max()) == 1
