"""Money, time and CO2e of every arc for one shipment: the *metric* that routing minimises.

Tariffs are looked up from the most particular to the most general row: one link or service leg before a country,
a country before a segment, a segment before the mode alone. A mode that the segment cannot use, and an arc that is not
open, cost ``inf``. The file before is ``graph/compile.py``; the next ones are in ``routing``.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue
from dehliz.base.rows import each_row, find_row
from dehliz.graph.emissions import estimate_emissions
from dehliz.graph.graph import ArcTable, FloatArray, Graph
from dehliz.graph.shipment import Shipment
from dehliz.network.network import Network


@dataclass(frozen=True, slots=True)
class Costs:
    """A metric over a graph: what each arc costs one shipment. ``inf`` in all three where it cannot be used.

    Attributes
    ----------
    cost_usd, time_h, emissions_kgco2e : (n_arc,) float64
        Money, mean time and well-to-wheel emissions of each arc.
    shipment : Shipment
        What was priced.
    """

    cost_usd: FloatArray
    time_h: FloatArray
    emissions_kgco2e: FloatArray
    shipment: Shipment

    @property
    def weight(self) -> FloatArray:
        """(3, n_arc) float64, C-contiguous: cost, time, emissions, as the Pareto kernel takes them."""
        return np.ascontiguousarray(np.stack((self.cost_usd, self.time_h, self.emissions_kgco2e)))

    def without(self, arcs: np.ndarray) -> "Costs":
        """The same metric with the arcs of a mask forbidden."""
        return replace(
            self,
            cost_usd=np.where(arcs, np.inf, self.cost_usd),
            time_h=np.where(arcs, np.inf, self.time_h),
            emissions_kgco2e=np.where(arcs, np.inf, self.emissions_kgco2e),
        )


def price_arcs(graph: Graph, network: Network, shipment: Shipment) -> Costs:
    """What every arc costs one shipment.

    Parameters
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives tariffs, terminal charges, emission factors and the modes that a segment can use.
    shipment : Shipment
        Quantity and segment.

    Returns
    -------
    Costs
        Finite and not negative, or ``inf`` where the arc is not open or not for this segment.

    Raises
    ------
    DataError
        When a mode in use has no tariff for the segment, or no emission factor.
    """
    usable = graph.is_open & _is_allowed(graph, network, shipment.segment_id)
    money = _money(graph, network, shipment, usable)
    emissions = estimate_emissions(graph, network, shipment.cargo_t, usable)
    return Costs(
        cost_usd=np.where(usable, money, np.inf),
        time_h=np.where(usable, graph.time_h, np.inf),
        emissions_kgco2e=np.where(usable, emissions, np.inf),
        shipment=shipment,
    )


def _is_allowed(graph: Graph, network: Network, segment_id: str) -> np.ndarray:
    allowed = set(find_row(network.segment, "segment_id", segment_id).mode_ids.split(";"))
    by_mode = np.array([mode_id in allowed for mode_id in graph.mode_ids])
    return by_mode[graph.mode]


def _money(graph: Graph, network: Network, shipment: Shipment, usable: np.ndarray) -> FloatArray:
    money = np.zeros(graph.n_arc)
    tariffs = Tariffs(network.tariff, shipment)
    for code, frame, key in (
        (ArcTable.LINK, network.link, "link_id"),
        (ArcTable.SERVICE_LEG, network.service_leg, "service_leg_id"),
    ):
        arcs = graph.table == code
        used = np.unique(graph.row[arcs & usable])
        rate, fixed = tariffs.of_rows(frame, key, used)
        rows = graph.row[arcs]
        money[arcs] = (rate[rows] * graph.length_km[arcs] + fixed[rows]) * tariffs.quantity
    if tariffs.issues:
        raise DataError("The shipment cannot be priced", tariffs.issues)
    unit = "cost_usd_teu" if shipment.load_unit == "teu" else "cost_usd_t"
    for code, frame in ((ArcTable.TERMINAL, network.terminal), (ArcTable.CONNECTOR, network.connector)):
        arcs = graph.table == code
        money[arcs] = frame[unit].to_numpy(dtype=np.float64)[graph.row[arcs]] * tariffs.quantity
    return money


@dataclass(frozen=True, slots=True)
class _Rate:
    """A row of the tariff table in the unit of the shipment, TEU or tonne: per kilometre and fixed, 0 where none."""

    tariff_id: str
    per_km: float
    fixed: float


class Tariffs:
    """Finds the rate of a row and collects modes without one."""

    def __init__(self, tariff: pd.DataFrame, shipment: Shipment) -> None:
        self._unit = shipment.load_unit
        self.quantity = shipment.tariff_teu if self._unit == "teu" else shipment.cargo_t
        self._segment_id = shipment.segment_id
        mine = tariff[
            (tariff["load_unit"] == self._unit) & tariff["segment_id"].isin(["", shipment.segment_id])
        ]
        names = (
            ("rate_usd_teu_km", "fixed_usd_teu") if self._unit == "teu" else ("rate_usd_t_km", "fixed_usd_t")
        )
        self._rows: dict[tuple[str, str, str, str], _Rate] = {}
        for line in each_row(mine):
            key = (line.mode_id, line.country_id, line.segment_id, line.row_id)
            rate, fixed = (float(getattr(line, name)) for name in names)
            # A tariff has one of the two at least (rule tariff.rate_usd_teu_km.load_unit).
            given = (0.0 if np.isnan(number) else number for number in (rate, fixed))
            self._rows[key] = _Rate(line.tariff_id, *given)
        self._missing: dict[str, str] = {}

    @property
    def issues(self) -> list[Issue]:
        """One issue per mode that has no tariff."""
        return [
            Issue(
                "tariff.mode_id.present",
                "tariff.csv",
                (mode_id,),
                f"no tariff for mode {mode_id}, {self._segment_id}, per {self._unit} (first needed by {row_id})",
                "Each mode that the segment uses needs a rate",
                "Add a row to tariff.csv; leave country_id empty for any country",
            )
            for mode_id, row_id in self._missing.items()
        ]

    def of_rows(self, frame: pd.DataFrame, key: str, used: np.ndarray) -> tuple[FloatArray, FloatArray]:
        """Rate per kilometre and fixed charge of each row that is used; 0 elsewhere."""
        rate, fixed = np.zeros(len(frame)), np.zeros(len(frame))
        ids, modes, countries = frame[key].tolist(), frame["mode_id"].tolist(), frame["country_id"].tolist()
        for row in used.tolist():
            found = self.find(modes[row], countries[row], ids[row])
            if found is None:
                self._missing.setdefault(modes[row], ids[row])
            else:
                rate[row], fixed[row] = found.per_km, found.fixed
        return rate, fixed

    def find(self, mode_id: str, country_id: str, row_id: str) -> _Rate | None:
        """The most particular rate: by row before by country before by segment; None when there is none."""
        for row, country, segment in product((row_id, ""), (country_id, ""), (self._segment_id, "")):
            found = self._rows.get((mode_id, country, segment, row))
            if found is not None:
                return found
        return None
