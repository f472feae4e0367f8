"""Tells routes to people: the ``route`` and ``route_leg`` tables, with names, operators, countries and facts.

Arcs become legs here: neighbouring arcs of one mode in one country are one leg, each stop is one leg. This is the
way out of the compiled world; the way in was ``graph/compile.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.graph.cost import Costs
from dehliz.graph.graph import TABLE_NAME, ArcKind, ArcTable, Graph
from dehliz.network.network import Network
from dehliz.routing.corridors import Gateways, name_corridor
from dehliz.routing.evidence import STABILITY, Evidence, Row
from dehliz.routing.routes import Routes, add_up, great_circle_km

HIGH_SEA = "XZ"
"""Country code of the high sea and of the Caspian: no country is crossed there."""

_LEG_KIND = {
    ArcKind.MOVE: "move",
    ArcKind.SERVICE: "service",
    ArcKind.TRANSFER: "transfer",
    ArcKind.BORDER: "border",
    ArcKind.LOAD: "load",
    ArcKind.UNLOAD: "unload",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """All that is looked up when routes are told: made once per network, used for every table.

    Attributes
    ----------
    graph : Graph
        Compiled from ``network``.
    network : Network
        Gives names, operators, positions, stability scores.
    corridors : tuple of Gateways
        In their order of testing.
    evidence : Evidence
        Facts of every row.
    """

    graph: Graph
    network: Network
    corridors: tuple[Gateways, ...]
    evidence: Evidence

    def tables(self, routes: Routes, costs: Costs, scenario_id: str = "baseline") -> dict[str, pd.DataFrame]:
        """The ``route`` and ``route_leg`` tables of a set of routes.

        Options are numbered from 1 for each pair of places, in the order in which the routes stand.
        """
        options = _number_options(routes)
        return {
            "route": _frame("route", self._route_rows(routes, costs, options, scenario_id)),
            "route_leg": _frame("route_leg", self._leg_rows(routes, costs, options, scenario_id)),
        }

    def _route_rows(
        self, routes: Routes, costs: Costs, options: list[int], scenario_id: str
    ) -> Iterator[dict[str, Any]]:
        totals = add_up(routes, self.graph, costs)
        sums = [(name, getattr(totals, name)) for name in totals.__slots__]
        for number, option in enumerate(options):
            arcs = routes.arcs(number)
            corridor_id, corridor_name = name_corridor(self.corridors, arcs)
            rows = self._stand_on(arcs, costs)
            countries = self._countries(arcs)
            kinds = self.graph.kind[arcs]
            yield {
                "scenario_id": scenario_id,
                "origin_id": self.graph.zone_ids[routes.origin[number]],
                "destination_id": self.graph.zone_ids[routes.destination[number]],
                "option": option,
                "corridor_id": corridor_id,
                "corridor_name": corridor_name,
                **{name: float(values[number]) for name, values in sums},
                "border_count": sum(a != b for a, b in pairwise(countries)),
                "gauge_change_count": self._gauge_changes(arcs),
                "transshipment_count": int((kinds == ArcKind.TRANSFER).sum()) - self._gauge_changes(arcs),
                "country_ids": ";".join(countries),
                "compactness_factor": float(totals.length_km[number])
                / (self._straight_km(routes, number) or np.nan),
                **self._stability(arcs),
                "assumption_count": self.evidence.assumption_count(rows, costs.shipment),
                "fact_ids": ";".join(self.evidence.facts(rows)),
            }

    def _leg_rows(
        self, routes: Routes, costs: Costs, options: list[int], scenario_id: str
    ) -> Iterator[dict[str, Any]]:
        for number, option in enumerate(options):
            for leg, arcs in enumerate(self.split(routes.arcs(number)), 1):
                yield {
                    "scenario_id": scenario_id,
                    "origin_id": self.graph.zone_ids[routes.origin[number]],
                    "destination_id": self.graph.zone_ids[routes.destination[number]],
                    "option": option,
                    "leg": leg,
                    **self.tell_leg(np.asarray(arcs), costs),
                }

    def split(self, arcs: np.ndarray) -> Iterator[list[int]]:
        """Runs of arcs that people see as one leg; arcs that only pass through a node are left out."""
        graph = self.graph

        kept = [arc for arc in arcs.tolist() if graph.kind[arc] != ArcKind.PASS]

        def sameness(item: tuple[int, int]) -> tuple[int, ...]:
            position, arc = item
            if graph.kind[arc] == ArcKind.MOVE:
                return (-1, int(graph.mode[arc]), int(graph.country[arc]))
            return (position,)

        for _, run in groupby(enumerate(kept), key=sameness):
            yield [arc for _, arc in run]

    def tell_leg(self, arcs: np.ndarray, costs: Costs) -> dict[str, Any]:
        """One leg as values of ``route_leg``, its number and route left out."""
        graph, first, last = self.graph, int(arcs[0]), int(arcs[-1])
        rows = self._rows(arcs)
        start, end = graph.vertex_node[graph.tail[first]], graph.vertex_node[graph.head[last]]
        return {
            "kind": _LEG_KIND[ArcKind(graph.kind[first])],
            "mode_id": graph.mode_ids[graph.mode[first]],
            "operator": self._operator(arcs),
            "country_id": graph.country_ids[graph.country[first]],
            "from_node_id": graph.node_ids[start],
            "to_node_id": graph.node_ids[end],
            "from_name": self._name(start),
            "to_name": self._name(end),
            "length_km": float(graph.length_km[arcs].sum()),
            "moving_time_h": float(graph.moving_time_h[arcs].sum()),
            "handling_time_h": float(graph.handling_time_h[arcs].sum()),
            "waiting_time_h": float(graph.waiting_time_h[arcs].sum()),
            "time_spread_h": float(np.sqrt((graph.time_spread_h[arcs] ** 2).sum())),
            "cost_usd": float(costs.cost_usd[arcs].sum()),
            "emissions_kgco2e": float(costs.emissions_kgco2e[arcs].sum()),
            "row_ids": ";".join(row_id for _, row_id in rows),
            "fact_ids": ";".join(self.evidence.facts(self.evidence.stand_on(rows, costs.shipment))),
        }

    def _stand_on(self, arcs: np.ndarray, costs: Costs) -> list[Row]:
        """Rows of a whole route and all that stands behind it: prices, factors, the segment, scores of countries."""
        scored = [(STABILITY, country_id) for country_id in self._measure_land(arcs)]
        rows = self.evidence.stand_on(self._rows(arcs), costs.shipment)
        return [*rows, ("segment", costs.shipment.segment_id), *scored]

    def _rows(self, arcs: np.ndarray) -> list[tuple[str, str]]:
        table = self.graph.table
        rows = [arc for arc in arcs.tolist() if table[arc] != ArcTable.NONE]
        return [(TABLE_NAME[ArcTable(table[arc])], self.graph.row_id(arc)) for arc in rows]

    def _name(self, node: int) -> str:
        return str(self.network.node["name"].iat[node])

    def _operator(self, arcs: np.ndarray) -> str:
        frames = {ArcTable.LINK: self.network.link, ArcTable.SERVICE_LEG: self.network.service_leg}
        frame = frames.get(ArcTable(self.graph.table[arcs[0]]))
        if frame is None:
            return ""
        names = frame["operator"].iloc[self.graph.row[arcs]].tolist()
        return "; ".join(dict.fromkeys(name for name in names if name))

    def _gauge_changes(self, arcs: np.ndarray) -> int:
        stops = arcs[self.graph.table[arcs] == ArcTable.TERMINAL]
        kinds = self.network.terminal["kind"].iloc[self.graph.row[stops]]
        return int((kinds == "gauge_change").sum())

    def _countries(self, arcs: np.ndarray) -> list[str]:
        """Countries on land in the order of travel, neighbours once."""
        home: list[str] = self.network.node["country_id"].tolist()
        ends = [home[self.graph.vertex_node[self.graph.tail[arcs[0]]]]]
        for arc in arcs.tolist():
            on_land = self.graph.country_ids[self.graph.country[arc]]
            ends += [on_land, home[self.graph.vertex_node[self.graph.head[arc]]]]
        visited = [country_id for country_id in ends if country_id != HIGH_SEA]
        return [country_id for country_id, _ in groupby(visited)]

    def _straight_km(self, routes: Routes, number: int) -> float:
        graph, node = self.graph, self.network.node
        ends = [int(graph.vertex_node[zone]) for zone in (routes.origin[number], routes.destination[number])]
        lon_deg, lat_deg = (node[name].to_numpy(dtype=np.float64)[ends] for name in ("lon_deg", "lat_deg"))
        return great_circle_km(lon_deg[0], lat_deg[0], lon_deg[1], lat_deg[1])

    def _measure_land(self, arcs: np.ndarray) -> dict[str, float]:
        """Length in each country on land [km]."""
        lengths: dict[str, float] = {}
        for arc in arcs.tolist():
            country_id = self.graph.country_ids[self.graph.country[arc]]
            if country_id != HIGH_SEA and self.graph.length_km[arc] > 0:
                lengths[country_id] = lengths.get(country_id, 0.0) + float(self.graph.length_km[arc])
        return lengths

    def _stability(self, arcs: np.ndarray) -> dict[str, float]:
        """Length-weighted mean and worst stability of the countries crossed on land; NaN if one is not known."""
        score_of = dict(
            zip(self.network.country["country_id"], self.network.country["stability_score"], strict=True)
        )
        lengths = self._measure_land(arcs)
        scores = np.array([score_of.get(country_id, np.nan) for country_id in lengths])
        if not lengths or np.isnan(scores).any():
            return {"stability_mean_score": np.nan, "stability_worst_score": np.nan}
        return {
            "stability_mean_score": float(np.average(scores, weights=list(lengths.values()))),
            "stability_worst_score": float(scores.min()),
        }


def _number_options(routes: Routes) -> list[int]:
    seen: dict[tuple[int, int], int] = {}
    options = []
    for pair in zip(routes.origin.tolist(), routes.destination.tolist(), strict=True):
        seen[pair] = seen.get(pair, 0) + 1
        options.append(seen[pair])
    return options


def _frame(table: str, rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(read_spec(table).column_names))
