"""CO2e of every arc for one shipment, well-to-wheel, in the terms of ISO 14083.

A transport operation (moving) costs intensity times tonnes times kilometres; a hub operation (terminal, border,
loading) costs its own intensity times tonnes. Electric rail draws energy whose intensity is the grid's of the
country crossed. Distances are those of the links, which is the actual distance of ISO 14083 up to the
correction factor of the carrier (1 here).

References
----------
ISO 14083:2023, Greenhouse gases - Quantification and reporting of greenhouse gas emissions arising from
transport chain operations, clauses 8 (transport operations) and 9 (hub operations).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue
from dehliz.base.rows import each_row
from dehliz.graph.graph import ArcTable, FloatArray, Graph
from dehliz.network.network import Network

ELECTRIC = frozenset({"yes", "25kv_ac", "15kv_ac", "3kv_dc", "1.5kv_dc"})
"""Values of ``link.electrification`` under which trains are taken to run on electricity over the whole link."""


def estimate_emissions(graph: Graph, network: Network, cargo_t: float) -> FloatArray:
    """Well-to-wheel emissions of every arc.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives factors, grids and hubs.
    cargo_t : float
        Tonnes of cargo [t].

    Returns
    -------
    (n_arc,) float64
        Emissions of moving the cargo along each arc [kgCO2e].

    Raises
    ------
    DataError
        When a mode, a traction or a country's grid has no factor.
    """
    intensity = _Intensity(network)
    link = _per_row(network.link, intensity.of_link)
    service = _per_row(network.service_leg, intensity.of_service)
    if intensity.issues:
        raise DataError("Emissions cannot be computed", intensity.issues)
    hub = network.terminal["emissions_kgco2e_t"].to_numpy(dtype=np.float64)
    door = network.connector["emissions_kgco2e_t"].to_numpy(dtype=np.float64)
    emissions = np.zeros(graph.n_arc)
    for code, per_unit, is_moving in (
        (ArcTable.LINK, link, True),
        (ArcTable.SERVICE_LEG, service, True),
        (ArcTable.TERMINAL, hub, False),
        (ArcTable.CONNECTOR, door, False),
    ):
        arcs = graph.table == code
        factor = graph.length_km[arcs] / 1000.0 if is_moving else 1.0
        emissions[arcs] = per_unit[graph.row[arcs]] * factor * cargo_t
    return emissions


def _per_row(frame: pd.DataFrame, of_row: Callable[[Any], float]) -> FloatArray:
    return np.array([of_row(row) for row in each_row(frame)], dtype=np.float64)


class _Intensity:
    """Looks up gCO2e per tonne-kilometre and collects what is missing, once each."""

    def __init__(self, network: Network) -> None:
        factor = network.emission_factor
        self._factor = {(row.mode_id, row.traction, row.row_id): row for row in each_row(factor)}
        self._grid = dict(zip(network.country["country_id"], network.country["grid_gco2e_kwh"], strict=True))
        self._rail = set(network.mode.loc[network.mode["medium"] == "rail", "mode_id"])
        self._missing: dict[tuple[str, str], None] = {}

    @property
    def issues(self) -> list[Issue]:
        """One issue per mode and traction, and per grid, that has no value."""
        return [
            Issue(
                f"emission_factor.{what}.present",
                "emission_factor.csv" if what != "grid" else "country.csv",
                (key,),
                "no value",
                "Each mode that is used needs a well-to-wheel factor, each country with electric rail a grid value",
                "Add the row, or give your own factor set",
            )
            for what, key in self._missing
        ]

    def of_link(self, link: Any) -> float:
        """Intensity on a link [gCO2e/tkm]: by traction on rail, by mode elsewhere."""
        if link.mode_id not in self._rail:
            return self.of_mode(link.mode_id, "any", link.link_id)
        if link.electrification in ELECTRIC:
            return self._of_grid(link.mode_id, link.country_id)
        diesel = self.of_mode(link.mode_id, "diesel", link.link_id)
        if link.electrification == "mixed":
            return (diesel + self._of_grid(link.mode_id, link.country_id)) / 2.0
        return diesel  # none, or not known: diesel, which is the dirtier one on most grids

    def of_service(self, leg: Any) -> float:
        """Intensity of a service leg [gCO2e/tkm]: its own factor when it has one, else its mode's."""
        return self.of_mode(leg.mode_id, "any", leg.service_leg_id)

    def of_mode(self, mode_id: str, traction: str, row_id: str) -> float:
        """Intensity of a row, else of its mode and traction, else of its mode; NaN and an issue without one."""
        keys = ((mode_id, traction, row_id), (mode_id, traction, ""), (mode_id, "any", ""))
        row = next((self._factor[key] for key in keys if key in self._factor), None)
        if row is None or np.isnan(row.wtw_gco2e_tkm):
            self._missing[("mode", f"{mode_id}, {traction}")] = None
            return float("nan")
        return float(row.wtw_gco2e_tkm)

    def _of_grid(self, mode_id: str, country_id: str) -> float:
        row = self._factor.get((mode_id, "electric", ""))
        grid = self._grid.get(country_id, float("nan"))
        if row is None or np.isnan(row.energy_kwh_tkm):
            self._missing[("mode", f"{mode_id}, electric")] = None
            return float("nan")
        if np.isnan(grid):
            self._missing[("grid", country_id)] = None
        return float(row.energy_kwh_tkm) * float(grid)
