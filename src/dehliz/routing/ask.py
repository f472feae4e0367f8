"""Questions in people's words: places by name in, tables and a status out.

``routes`` and ``compare`` are what the command line, the studies and notebooks call. They accept a ``Network`` for
one question, or a ``Planner`` when many will follow. The floor below is ``routing/planner.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import pandas as pd

from dehliz.base.errors import Issue, LookupFailed, SettingsError, suggest
from dehliz.base.rows import find_row, to_records
from dehliz.eurasia.places import find_place, find_zone, fold
from dehliz.graph.graph import FloatArray
from dehliz.network.network import Network
from dehliz.routing.blocked import explain_absence
from dehliz.routing.compare import MIDDLE, Best, check_claims, compare_corridors
from dehliz.routing.corridors import name_corridor
from dehliz.routing.pareto import ParetoSettings
from dehliz.routing.planner import Planner, Question, prepare
from dehliz.routing.routes import Routes
from dehliz.routing.thin import thin

_CRITERION = {
    Best.GENERALISED: "generalised cost (money and value of time)",
    Best.TIME: "time",
    Best.COST: "money",
    Best.EMISSIONS: "emissions",
}

Status = Literal["ok", "no_way", "truncated"]
TRUNCATED = "The label budget was spent before the search had ended: there may be better options"
"""Reason of an answer that is truncated."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its status.

    Attributes
    ----------
    status : {"ok", "no_way", "truncated"}
        ``truncated`` when a label budget was spent: there may be better options than those told.
    reason : str
        Why there is no way, or what is missing; empty when all is well.
    origin_id, destination_id : str
        Zones that the names were found to mean.
    shipment : str
        What is moved.
    year : int or None
        Year of the network.
    notes : tuple of str
        What a reader should know.
    tables : dict of str to DataFrame
        ``route`` and ``route_leg``; ``claim`` too when corridors were compared.
    routes : Routes
        The routes as arrays.
    """

    status: Status
    reason: str
    origin_id: str
    destination_id: str
    shipment: str
    year: int | None
    notes: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    routes: Routes

    @property
    def table(self) -> pd.DataFrame:
        """One row per option."""
        return self.tables["route"]

    @property
    def legs(self) -> pd.DataFrame:
        """One row per leg of each option."""
        return self.tables["route_leg"]

    def _repr_html_(self) -> str:
        """The options as a table, for notebooks; every name is escaped."""
        head = f"<p>{escape(self.status)} {escape(self.reason)} {escape('; '.join(self.notes))}</p>"
        columns = [
            "corridor_name",
            "length_km",
            "time_h",
            "time_p95_h",
            "cost_usd",
            "emissions_kgco2e",
            "country_ids",
        ]
        return head + self.table[columns].round(1).to_html(index=False, escape=True)

    def to_document(self) -> dict[str, Any]:
        """The answer as plain values for JSON: keys are column names, missing numbers are null."""
        head = {
            "status": self.status,
            "reason": self.reason,
            "origin_id": self.origin_id,
            "destination_id": self.destination_id,
            "shipment": self.shipment,
            "year": self.year,
            "notes": list(self.notes),
        }
        return {**head, **{name: to_records(table) for name, table in self.tables.items()}}


def routes(
    network: Network | Planner,
    origin: str,
    destination: str,
    *,
    via: Sequence[str] = (),
    avoid: Sequence[str] = (),
    without: Sequence[str] = (),
    most_count: int = 8,
    label_limit_count: int = 2_000_000,
) -> Answer:
    """The Pareto options between two places over cost, time and CO2e, thinned to the ones that differ.

    Parameters
    ----------
    network : Network or Planner
        Where to look; a planner when many questions follow.
    origin, destination : str
        Places: a name in any spelling, UN/LOCODE, node id or ``lon,lat``.
    via, avoid, without : sequence of str
        Gateways to pass, countries not to cross, and rows, nodes or passages not to use.
    most_count : int
        How many options to keep at most.
    label_limit_count : int
        Labels that the search may make before it stops and says ``truncated``.

    Returns
    -------
    Answer

    Raises
    ------
    LookupFailed
        When a place or an id is not known.
    SettingsError
        When the question contradicts itself.
    """
    planner = network if isinstance(network, Planner) else prepare(network)
    question, ends = read_question(planner, origin, destination, via, avoid, without)
    settings = ParetoSettings(label_limit_count=label_limit_count)
    found = planner.find(question, settings)
    returning = False
    if len(found) == 0 and len(question.needed) and not found.is_truncated:
        found = planner.find(question, settings, is_return_allowed=True)
        returning = len(found) > 0
    corridors = planner.teller.corridors
    names = [name_corridor(corridors, found.arcs(route))[0] for route in range(len(found))]
    kept = found.pick(thin(planner.graph, found, sum_criteria(planner, found), names, most_count))
    status, reason = _judge(planner, question, kept)
    notes = [*describe_shipment(planner)]
    if returning:
        notes.append(
            "Every way by these gateways goes to one of them and comes back through where it has been"
        )
    if len(kept):
        notes.append(f"{len(kept)} of {found.found_count} Pareto options are shown")
    return Answer(
        status,
        reason,
        *ends,
        planner.shipment.label,
        planner.network.year,
        tuple(notes),
        planner.tables(kept),
        kept,
    )


def compare(
    network: Network | Planner,
    origin: str,
    destination: str,
    *,
    best: str = Best.GENERALISED,
    avoid: Sequence[str] = (),
    without: Sequence[str] = (),
    claimants: Sequence[str] = MIDDLE,
    scenario_id: str = "baseline",
) -> Answer:
    """The best way of each corridor side by side, and where the corridor's claims hold.

    Parameters
    ----------
    network : Network or Planner
        Where to look; a planner when many questions follow.
    origin, destination : str
        Places: a name in any spelling, UN/LOCODE, node id or ``lon,lat``.
    best : {"generalised", "time", "cost", "emissions"}
        By what the best route of a corridor is chosen.
    avoid, without : sequence of str
        Countries not to cross, and rows, nodes or passages not to use.
    claimants : sequence of str
        Corridors for which the claims compact, stable and faster are tested.
    scenario_id : str
        Scenario that the tables are marked with.

    Returns
    -------
    Answer
        With a ``claim`` table beside ``route`` and ``route_leg``.
    """
    planner = network if isinstance(network, Planner) else prepare(network)
    question, ends = read_question(planner, origin, destination, (), avoid, without)
    comparison = compare_corridors(planner, question, _read_best(best))
    tables = planner.tables(comparison.routes, scenario_id)
    tables["claim"] = check_claims(tables["route"], claimants, scenario_id)
    status, reason = _judge(planner, question, comparison.routes)
    notes = [*describe_shipment(planner), f"The best of each corridor by {_CRITERION[Best(best)]}"]
    if comparison.without_way:
        notes.append(f"No way through: {', '.join(comparison.without_way)}")
    if comparison.far:
        notes.append(f"Left out as a detour or far worse than another: {', '.join(comparison.far)}")
    if comparison.unsettled:
        notes.append(f"Not settled within the limit of the search: {', '.join(comparison.unsettled)}")
    return Answer(
        status,
        reason,
        *ends,
        planner.shipment.label,
        planner.network.year,
        tuple(notes),
        tables,
        comparison.routes,
    )


def sum_criteria(planner: Planner, found: Routes) -> FloatArray:
    """Cost, time and emissions of each route, (n_route, 3) float64."""
    weight = planner.costs.weight
    totals = [found.total(weight[criterion]) for criterion in range(len(weight))]
    return pd.DataFrame(dict(enumerate(totals))).to_numpy(dtype="float64")


def read_question(
    planner: Planner,
    origin: str,
    destination: str,
    via: Sequence[str],
    avoid: Sequence[str],
    without: Sequence[str],
) -> tuple[Question, tuple[str, str]]:
    """A question in people's words as one in the compiled world, and its zones.

    Raises
    ------
    LookupFailed
        When a place or an id is not known.
    SettingsError
        When the question contradicts itself.
    """
    network = planner.network
    ends = find_ends(network, origin, destination)
    gateways = [_read_gateway(network, token) for token in via]
    countries = [_read_country(network, country) for country in avoid]
    return planner.ask(*ends, via=gateways, avoid=countries, without=without), ends


def find_ends(network: Network, origin: str, destination: str) -> tuple[str, str]:
    """The zones that two places stand for.

    Raises
    ------
    LookupFailed
        When one or both are not known; tells both.
    """
    found, lost = [], []
    for role, text in (("Origin", origin), ("Destination", destination)):
        try:
            found.append(find_zone(text, network))
        except LookupFailed as error:
            lost.append(f"{role}: {error}")
    if lost:
        raise LookupFailed("\n".join(lost))
    return found[0], found[1]


def _read_gateway(network: Network, token: str) -> str:
    """A gateway's token; a place without a kind may be given by any of its names."""
    if ":" in token or token in set(network.node["node_id"]):
        return token
    try:
        return find_place(token, network)
    except LookupFailed:
        return token  # the planner tells what a gateway can be


def _read_country(network: Network, text: str) -> str:
    """A country's code, by the code in small letters, the code of three letters or a name; the text if unknown."""
    names = [name for name in network.country.columns if name == "name" or name.startswith("name_")]
    wanted = fold(text)
    for row in to_records(network.country[["country_id", "iso3", *names]]):
        if wanted and wanted in {fold(str(value)) for value in row.values()}:
            return str(row["country_id"])
    return text


def _read_best(best: str) -> Best:
    known = [item.value for item in Best]
    if best in known:
        return Best(best)
    issue = Issue(
        "compare.best.known", "option --best", (), f"'{best}' was given", f"One of: {', '.join(known)}",
        suggest(best, known).rstrip("?") + "?" if suggest(best, known) else "Choose one of them",
    )  # fmt: skip
    raise SettingsError("The comparison is not clear", [issue])


def _judge(planner: Planner, question: Question, found: Routes) -> tuple[Status, str]:
    if len(found) == 0 and not found.is_truncated:
        return "no_way", explain_absence(planner, question).text
    if found.is_truncated:
        return "truncated", TRUNCATED
    return "ok", ""


def describe_shipment(planner: Planner) -> tuple[str, ...]:
    """What is moved, as a note."""
    shipment = planner.shipment
    segment = find_row(planner.network.segment, "segment_id", shipment.segment_id)
    return (f"{shipment.label} of {segment.name}, {shipment.cargo_t:g} t",)
