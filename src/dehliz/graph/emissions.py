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
from dehliz.graph.graph import ArcTable, BoolArray, FloatArray, Graph, IntArray
from dehliz.network.network import Network

ELECTRIC = frozenset({"yes", "25kv_ac", "15kv_ac", "3kv_dc", "1.5kv_dc"})
"""Values of ``link.electrification`` under which trains are taken to run on electricity over the whole link."""


Behind = tuple[tuple[str, str], ...]
"""Table (and column, where only one of them counts) and row of each value that an intensity stands on."""


def estimate_emissions(graph: Graph, network: Network, cargo_t: float, usable: BoolArray) -> FloatArray:
    """Well-to-wheel emissions of every arc.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives factors, grids and hubs.
    cargo_t : float
        Tonnes of cargo [t].
    usable : (n_arc,) bool
        Arcs that need a value; links and service legs of the others get NaN when they have none.

    Returns
    -------
    (n_arc,) float64
        Emissions of moving the cargo along each arc [kgCO2e].

    Raises
    ------
    DataError
        When a mode, a traction or a country's grid has no factor that is needed.
    """
    factors = Factors(network)
    emissions = np.zeros(graph.n_arc)
    for code, frame, of_row in (
        (ArcTable.LINK, network.link, factors.of_link),
        (ArcTable.SERVICE_LEG, network.service_leg, factors.of_service),
    ):
        arcs = graph.table == code
        intensity = _per_row(frame, of_row, np.unique(graph.row[arcs & usable]))
        emissions[arcs] = intensity[graph.row[arcs]] * graph.length_km[arcs] / 1000.0 * cargo_t
    if factors.issues:
        raise DataError("Emissions cannot be computed", factors.issues)
    for code, frame in ((ArcTable.TERMINAL, network.terminal), (ArcTable.CONNECTOR, network.connector)):
        arcs = graph.table == code
        hub = frame["emissions_kgco2e_t"].to_numpy(dtype=np.float64)
        emissions[arcs] = hub[graph.row[arcs]] * cargo_t
    return emissions


def _per_row(
    frame: pd.DataFrame, of_row: Callable[[Any], tuple[float, Behind]], used: IntArray
) -> FloatArray:
    intensity = np.full(len(frame), np.nan)
    rows = list(each_row(frame.iloc[used]))
    intensity[used] = [of_row(row)[0] for row in rows]
    return intensity


class Factors:
    """Looks up gCO2e per tonne-kilometre, with the rows that it stands on, and collects what is missing."""

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

    def of_link(self, link: Any) -> tuple[float, Behind]:
        """Intensity on a link [gCO2e/tkm], by traction on rail, by mode elsewhere; and what it stands on."""
        is_own = (link.mode_id, "any", link.link_id) in self._factor
        if link.mode_id not in self._rail or is_own:
            return self._of_mode(link.mode_id, "any", link.link_id)
        if link.electrification in ELECTRIC:
            return self._of_grid(link.mode_id, link.country_id, link.link_id)
        diesel, behind = self._of_mode(link.mode_id, "diesel", link.link_id)
        if link.electrification == "mixed":
            electric, grid = self._of_grid(link.mode_id, link.country_id, link.link_id)
            return (diesel + electric) / 2.0, (*behind, *grid)
        return diesel, behind  # none, or not known: diesel, which is the dirtier one on most grids

    def of_service(self, leg: Any) -> tuple[float, Behind]:
        """Intensity of a service leg [gCO2e/tkm]: its own factor when it has one, else its mode's."""
        return self._of_mode(leg.mode_id, "any", leg.service_leg_id)

    def _of_mode(self, mode_id: str, traction: str, row_id: str) -> tuple[float, Behind]:
        """Intensity of a row, else of its mode and traction, else of its mode; NaN and an issue without one."""
        keys = ((mode_id, traction, row_id), (mode_id, traction, ""), (mode_id, "any", ""))
        row = next((self._factor[key] for key in keys if key in self._factor), None)
        if row is None or np.isnan(row.wtw_gco2e_tkm):
            self._missing[("mode", f"{mode_id}, {traction}")] = None
            return float("nan"), ()
        return float(row.wtw_gco2e_tkm), (("emission_factor", row.emission_factor_id),)

    def _of_grid(self, mode_id: str, country_id: str, row_id: str) -> tuple[float, Behind]:
        keys = ((mode_id, "electric", row_id), (mode_id, "electric", ""))
        row = next((self._factor[key] for key in keys if key in self._factor), None)
        grid = float(self._grid.get(country_id, float("nan")))
        if row is None or np.isnan(row.energy_kwh_tkm):
            self._missing[("mode", f"{mode_id}, electric")] = None
            return float("nan"), ()
        if np.isnan(grid):
            self._missing[("grid", country_id)] = None
        behind = (("emission_factor", row.emission_factor_id), ("country.grid_gco2e_kwh", country_id))
        return float(row.energy_kwh_tkm) * grid, behind
