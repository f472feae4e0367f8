"""``Planner``: a network made ready for questions about one shipment, and the questions themselves.

Everything that many questions share (graph, metric, corridors, facts) is made once by ``prepare``; a question then
costs one search. Ids and places become vertices here, and a question without an answer learns why from
``routing/blocked.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue, LookupFailed, SettingsError, quote, suggest
from dehliz.graph.compile import compile_graph
from dehliz.graph.cost import Costs, price_arcs
from dehliz.graph.graph import BoolArray, Graph
from dehliz.graph.shipment import Shipment, read_shipment
from dehliz.kernels.options import Metric, Space
from dehliz.network.network import Network
from dehliz.routing.bars import Bar, bar_countries, bar_rows, join_bars
from dehliz.routing.corridors import find_gateway, read_corridors
from dehliz.routing.describe import HIGH_SEA, Teller
from dehliz.routing.evidence import Evidence
from dehliz.routing.pareto import ParetoSettings, find_plain_routes, find_routes, make_plain_metric
from dehliz.routing.routes import Routes

GATEWAY_LIMIT_COUNT = 6
"""Most gateways of one question: the graph is laid out once for each set of them, 64 times."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question in the compiled world.

    Attributes
    ----------
    origin, destination : int
        Zones.
    needed : (n_needed, n_arc) bool
        Gateways that the route must pass.
    forbidden : (n_arc,) bool
        Arcs that it must not use.
    bars : tuple of Bar
        What they were asked as.
    """

    origin: int
    destination: int
    needed: BoolArray
    forbidden: BoolArray
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Planner:
    """A network ready for questions about one shipment.

    Attributes
    ----------
    network : Network
        The tables.
    graph : Graph
        Compiled from them.
    costs : Costs
        What each arc costs the shipment.
    metric : Metric
        The costs as the kernel takes them.
    teller : Teller
        Puts routes into words.
    space : Space
        Buffers of plain questions.
    """

    network: Network
    graph: Graph
    costs: Costs
    metric: Metric
    teller: Teller
    space: Space

    @property
    def shipment(self) -> Shipment:
        """What is to be moved."""
        return self.costs.shipment

    def ask(
        self,
        origin_id: str,
        destination_id: str,
        via: Sequence[str] = (),
        avoid: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Question:
        """A question in the compiled world.

        Parameters
        ----------
        origin_id, destination_id : str
            Zone ids.
        via : sequence of str
            Gateways to pass: node ids, ``passage:suez``, ``country:IR`` or ``mode:rail_ferry``.
        avoid : sequence of str
            Ids of countries whose land and ports must not be used.
        without : sequence of str
            Ids of links, service legs, terminals, nodes or passages that must not be used.

        Raises
        ------
        LookupFailed
            When an id does not exist.
        DataError
            When gateways do not exist; with all of them.
        SettingsError
            When origin and destination are the same, a country to avoid is that of an end, or there are more than
            ``GATEWAY_LIMIT_COUNT`` gateways.
        """
        origin, destination = (self._zone(zone_id) for zone_id in (origin_id, destination_id))
        if origin == destination:
            raise SettingsError("The two places are the same", [_same_place(origin_id)])
        self._check_avoid(avoid, (origin_id, destination_id))
        masks = self._find_gateways(via)
        bars = (*bar_countries(self.graph, avoid), *bar_rows(self.graph, self.network, without))
        needed = np.array(masks, dtype=bool).reshape(len(masks), self.graph.n_arc)
        return Question(origin, destination, needed, join_bars(self.graph, bars), bars)

    def find(
        self,
        question: Question,
        settings: ParetoSettings | None = None,
        is_return_allowed: bool = False,
    ) -> Routes:
        """All Pareto options of a question over cost, time and CO2e, by cost; empty when there is no way.

        Options that go to a gateway and come back the same way are left out unless they are allowed. Not for two
        threads at once: plain questions share the planner's buffers.
        """
        chosen = settings or ParetoSettings()
        ends = (question.origin, question.destination)
        if not question.forbidden.any() and len(question.needed) == 0:
            return find_plain_routes(self.graph, self.metric, ends, chosen, self.space)
        costs = self.costs.without(question.forbidden)
        return find_routes(self.graph, costs, ends, question.needed, chosen, is_return_allowed)

    def tables(self, routes: Routes, scenario_id: str = "baseline") -> dict[str, pd.DataFrame]:
        """The ``route`` and ``route_leg`` tables of routes."""
        return self.teller.tables(routes, self.costs, scenario_id)

    def _zone(self, zone_id: str) -> int:
        if zone_id in self.graph.zone_ids:
            return self.graph.zone_ids.index(zone_id)
        hint = suggest(zone_id, self.graph.zone_ids)
        raise LookupFailed(
            f"'{zone_id}' is not a place where shipments start or end. {hint or 'dehliz places lists them'}"
        )

    def _find_gateways(self, tokens: Sequence[str]) -> list[BoolArray]:
        masks: list[BoolArray] = []
        issues: list[Issue] = []
        for token in dict.fromkeys(tokens):
            try:
                masks.append(find_gateway(self.graph, self.network, token))
            except DataError as error:
                issues += error.issues
        if issues:
            raise DataError("The gateways asked for are not in the network", issues)
        if len(masks) > GATEWAY_LIMIT_COUNT:
            raise SettingsError("There are too many gateways", [_too_many(len(masks))])
        return masks

    def _check_avoid(self, avoid: Sequence[str], ends: Sequence[str]) -> None:
        issues = []
        home = self.network.zone.set_index("zone_id")["country_id"]
        for country_id in avoid:
            if country_id == HIGH_SEA:
                hint = "Leave out what is sailed: --without with a passage, a service or mode:sea_container"
                issues.append(_bad_country(country_id, "is the high sea", hint))
            elif country_id not in self.graph.country_ids:
                hint = suggest(country_id, self.graph.country_ids) or "Codes have two letters, such as RU,IR"
                issues.append(_bad_country(country_id, "is not a country of the network", hint))
            issues += [
                _bad_country(
                    country_id, f"is the country of {zone_id}", "Leave it out, or ask for another place"
                )
                for zone_id in ends
                if home[zone_id] == country_id
            ]
        if issues:
            raise SettingsError("The countries to avoid are not possible", issues)


def prepare(network: Network, shipment: Shipment | None = None) -> Planner:
    """A network made ready for questions.

    Parameters
    ----------
    network : Network
        Checked tables.
    shipment : Shipment, optional
        What is to be moved; one 40-foot box when not given.

    Returns
    -------
    Planner
    """
    graph = compile_graph(network)
    costs = price_arcs(graph, network, shipment or read_shipment(network))
    teller = Teller(graph, network, read_corridors(graph, network), Evidence(network))
    metric = make_plain_metric(graph, costs)
    return Planner(network, graph, costs, metric, teller, Space(metric.star))


def reprice(planner: Planner, shipment: Shipment) -> Planner:
    """The same network ready for another shipment, without compiling it again."""
    return with_costs(planner, price_arcs(planner.graph, planner.network, shipment))


def with_costs(planner: Planner, costs: Costs) -> Planner:
    """The same network ready for another metric."""
    return replace(planner, costs=costs, metric=make_plain_metric(planner.graph, costs))


def _too_many(count: int) -> Issue:
    return Issue(
        "question.via.count", "option --via", (), f"{count} gateways were given",
        f"The search keeps count of which it has passed, for at most {GATEWAY_LIMIT_COUNT}",
        "Name those that decide the way",
    )  # fmt: skip


def _same_place(zone_id: str) -> Issue:
    return Issue(
        "question.ends.differ", "origin and destination", (), f"both are {zone_id}",
        "A way leads from one place to another", "Ask for two different places",
    )  # fmt: skip


def _bad_country(country_id: str, found: str, remedy: str) -> Issue:
    return Issue(
        "question.avoid.possible", "option --avoid", (), f"{quote(country_id)} {found}",
        "Countries to avoid are others than those of the two ends", remedy.rstrip("."),
    )  # fmt: skip
