"""Dehliz: an open planner for freight corridors.

The public face. Everything is found on first use, so that ``import dehliz`` loads neither pandas nor Numba.

>>> import dehliz as dz
>>> network = dz.load()
>>> dz.compare(network, "Xi'an", "Hamburg").table
"""

from importlib import import_module
from typing import Any

from dehliz.version import __version__

_HOME = {
    "load": "dehliz.eurasia.load",
    "read_network": "dehliz.network.files",
    "write_network": "dehliz.network.files",
    "apply": "dehliz.network.scenario",
    "apply_all": "dehliz.network.scenario",
    "assign": "dehliz.assignment.assign",
    "criticality": "dehliz.study.critical",
    "disrupt": "dehliz.disruption.disrupt",
    "diversify": "dehliz.disruption.diversify",
    "hindcast": "dehliz.validation.hindcast",
    "prepare_year": "dehliz.assignment.year",
    "read_roads": "dehliz.graph.roads",
    "select_link": "dehliz.assignment.select_link",
    "relief": "dehliz.disruption.relief",
    "routes": "dehliz.routing.ask",
    "compare": "dehliz.routing.ask",
    "validate": "dehliz.validation.compare",
    "run": "dehliz.cli.job",
    "explain": "dehliz.eurasia.explain",
    "explore": "dehliz.report.notebook",
    "plot": "dehliz.report.notebook",
    "prepare": "dehliz.routing.planner",
    "read_scenario": "dehliz.network.scenario_file",
    "read_shipment": "dehliz.graph.shipment",
    "prepare_operations": "dehliz.study.operations",
    "simulate": "dehliz.simulation.simulate",
    "compare_simulations": "dehliz.simulation.compare",
    "skim": "dehliz.routing.skims",
}
__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'dehliz' has no attribute '{name}'; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return list(__all__)
