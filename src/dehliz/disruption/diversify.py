"""How diverse the ways are: the question of ``dehliz diversify`` and ``dz.diversify``, answered in tables.

Names of places, regions and countries come in; concentration, cuts and ways that share nothing go out. The files
before are ``disruption/concentration.py``, ``disruption/cuts.py`` and ``disruption/disjoint.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import choose_corridors, find_corridor_sets
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.result import AssignStatus
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.errors import LookupFailed, SettingsError, quote, suggest
from dehliz.base.rows import to_records
from dehliz.disruption.concentration import Scope, list_scopes, spread_evenly, tell_diversification
from dehliz.disruption.cuts import Sides, tell_cuts, tell_disjoint
from dehliz.disruption.disjoint import by_node, find_disjoint_ways
from dehliz.disruption.ground import BOXES, Ground, load_tables, prepare_ground
from dehliz.disruption.regions import Region, check_apart, read_countries, read_region
from dehliz.eurasia.load import load
from dehliz.graph.graph import BoolArray, Graph
from dehliz.graph.shipment import read_shipment
from dehliz.network.network import Network
from dehliz.routing.ask import find_ends
from dehliz.routing.bars import bar_countries, bar_rows, join_bars
from dehliz.routing.blocked import explain_absence
from dehliz.routing.corridors import read_corridors
from dehliz.routing.planner import prepare

DEFAULT_YEAR = 2024

Status = Literal["ok", "no_way", "not_converged"]


@dataclass(frozen=True, slots=True)
class Diversity:
    """How diverse ways are.

    Attributes
    ----------
    status : {"ok", "no_way", "not_converged"}
        ``no_way`` when nothing joins the two sides; ``not_converged`` when the flows did not reach their gap.
    reason : str
        Why, empty when all is well.
    from_id, to_id : str
        Zones or regions; empty when all cargo is looked at.
    avoid_ids, without_ids : tuple of str
        Countries that may not be touched, and what else may not be used.
    segment_id : str
        Cargo whose modes count for cuts and ways.
    year : int
        Year of network, capacities and flows.
    notes : tuple of str
        What a reader should know.
    tables : dict of str to DataFrame
        ``cut``, ``cut_section``, ``disjoint``, ``disjoint_way`` between two sides; ``diversification`` of all cargo
        or between regions.
    """

    status: Status
    reason: str
    from_id: str
    to_id: str
    avoid_ids: tuple[str, ...]
    without_ids: tuple[str, ...]
    segment_id: str
    year: int
    notes: tuple[str, ...]
    tables: dict[str, pd.DataFrame]

    def to_document(self) -> dict[str, Any]:
        """The answer as plain values for JSON: keys are column names, missing numbers are null."""
        names = ("status", "reason", "from_id", "to_id", "segment_id", "year")
        head = {name: getattr(self, name) for name in names}
        lists = {name: list(getattr(self, name)) for name in ("avoid_ids", "without_ids", "notes")}
        return {**head, **lists, **{name: to_records(table) for name, table in self.tables.items()}}


def diversify(
    origin: str = "",
    destination: str = "",
    *,
    regions: Sequence[str] = (),
    avoid: Sequence[str] = (),
    without: Sequence[str] = (),
    year: int = DEFAULT_YEAR,
    segment: str = BOXES,
    network: Network | None = None,
) -> Diversity:
    """How diverse the ways of cargo are: concentration, the sections that cut it off, ways that share nothing.

    Parameters
    ----------
    origin, destination : str
        Two places; or neither.
    regions : sequence of str
        Two regions instead, such as ``central_asia`` and ``europe``: the concentration of the cargo between them is
        told too. With neither places nor regions, the concentration of all cargo and of each market is told.
    avoid, without : sequence of str
        Countries not to touch; links, services, terminals, nodes, passages or modes (``mode:road``) not to use.
    year : int
        Year of network, capacities and cargo.
    segment : str
        Cargo whose modes count for cuts and ways.
    network : Network, optional
        The bundled network after a scenario.

    Returns
    -------
    Diversity

    Raises
    ------
    LookupFailed
        When a place, region, country, segment or id is not known.
    SettingsError
        When the question contradicts itself, or there is no network or cargo of the year.
    """
    _check(origin, destination, regions)
    net = load(year) if network is None else network
    avoid_ids = read_countries(net, tuple(avoid), "--avoid")
    if not origin and not regions:
        problem = prepare_year(year, net)
        barred = _bar(problem.graph, net, avoid_ids, without)
        status, reason, table = _concentrate(problem, barred, list_scopes(problem), year)
        return Diversity(
            status, reason, "", "", avoid_ids, tuple(without), segment, year, _note(barred),
            {"diversification": table},
        )  # fmt: skip
    _check_segment(net, segment)
    ground = prepare_ground(net, load_tables(year), segment)
    barred = _bar(ground.graph, net, avoid_ids, without)
    sides = _read_sides(ground.without(barred), (origin, destination), regions, avoid_ids)
    tables = _compare_ways(sides)
    status, reason, notes = _judge(sides, tables, without)
    if regions:
        status_flow, reason_flow, table = _between(net, barred, regions, year)
        tables["diversification"] = table
        status, reason = (status, reason) if status != "ok" else (status_flow, reason_flow)
        notes = (*notes, *_note(barred))
    return Diversity(
        status, reason, sides.from_id, sides.to_id, avoid_ids, tuple(without), segment, year, notes, tables
    )


def _check(origin: str, destination: str, regions: Sequence[str]) -> None:
    if bool(origin) != bool(destination):
        raise SettingsError(
            "One place was given. Two are needed, or none. Name the other place, or use --regions."
        )
    if regions and len(regions) != 2:
        raise SettingsError(f"{len(regions)} regions were given. Two are needed. Name both.")
    if regions and origin:
        raise SettingsError("Places and regions were given. One of the two is needed. Leave out the places.")


def _check_segment(network: Network, segment_id: str) -> None:
    known = tuple(network.segment["segment_id"])
    if segment_id not in known:
        raise LookupFailed(
            f"Segment {quote(segment_id)} is not known. One of {', '.join(known)} is needed. "
            f"{suggest(segment_id, known)}".rstrip()
        )


def _bar(graph: Graph, network: Network, avoid_ids: Sequence[str], without: Sequence[str]) -> BoolArray:
    known = [one for one in avoid_ids if one in graph.country_ids]
    return join_bars(graph, [*bar_countries(graph, known), *bar_rows(graph, network, without)])


def _read_sides(
    ground: Ground, places: tuple[str, str], regions: Sequence[str], avoid_ids: tuple[str, ...]
) -> Sides:
    """The two sides as vertices."""
    network, graph = ground.network, ground.graph
    if regions:
        one, other = (read_region(network, text) for text in regions)
        check_apart(network, one, other, avoid_ids)
        source, sink = (_outside(network, region, avoid_ids) for region in (one, other))
        names = (one.region_id, other.region_id)
    else:
        names = find_ends(network, *places)
        home = network.zone.set_index("zone_id")["country_id"]
        lost = [name for name in names if home[name] in avoid_ids]
        if lost or names[0] == names[1]:
            text = (
                f"{' and '.join(lost)} lie in a country to avoid" if lost else f"Both places are {names[0]}"
            )
            raise SettingsError(f"{text}. Two places outside of what is avoided are needed. Name others.")
        source, sink = (np.array([graph.zone_ids.index(name)]) for name in names)
    return Sides(
        *names, source.astype(np.int32), (sink + graph.n_zone).astype(np.int32), avoid_ids, ground
    )  # fmt: skip


def _outside(network: Network, region: Region, avoid_ids: tuple[str, ...]) -> np.ndarray:
    left = Region(region.region_id, tuple(one for one in region.country_ids if one not in avoid_ids))
    return np.flatnonzero(left.zones(network))


def _compare_ways(sides: Sides) -> dict[str, pd.DataFrame]:
    """Cuts and disjoint ways of two sides."""
    ground = sides.ground
    corridors = read_corridors(ground.graph, ground.network)
    parts = []
    for shares in ("section", "node"):
        sections = ground.by_row() if shares == "section" else by_node(ground, sides.source, sides.sink)
        found = find_disjoint_ways(ground, sections, sides.source, sides.sink)
        parts.append(tell_disjoint(sides, shares, found, corridors))
    joined = {name: pd.concat([one[name] for one in parts], ignore_index=True) for name in parts[0]}
    return {**joined, **tell_cuts(sides)}


def _judge(
    sides: Sides, tables: dict[str, pd.DataFrame], without: Sequence[str]
) -> tuple[Status, str, tuple[str, ...]]:
    network, segment_id = sides.ground.network, sides.ground.segment_id
    notes = (f"Ways, times without traffic and capacities for {_name_segment(network, segment_id)}",)
    if tables["disjoint"]["way_count"].max() > 0:
        return "ok", "", notes
    if len(sides.source) > 1 or len(sides.sink) > 1:
        return "no_way", f"Nothing joins {sides.from_id} and {sides.to_id} with what is to be left out", notes
    planner = prepare(network, _one_unit(network, segment_id))
    question = planner.ask(sides.from_id, sides.to_id, avoid=sides.avoid_ids, without=without)
    return "no_way", explain_absence(planner, question).text, notes


def _one_unit(network: Network, segment_id: str) -> Any:
    unit = dict(zip(network.segment["segment_id"], network.segment["load_unit"], strict=True))[segment_id]
    if unit == "teu":
        return read_shipment(network, segment=segment_id)
    return read_shipment(network, tonnes=1.0, segment=segment_id)


def _name_segment(network: Network, segment_id: str) -> str:
    names = dict(zip(network.segment["segment_id"], network.segment["name"], strict=True))
    return f"{names[segment_id]} ({segment_id})"


def _note(barred: BoolArray) -> tuple[str, ...]:
    if not barred.any():
        return ()
    return ("What is left out counts for the ways that cargo could take, not for those that it takes",)


def _between(
    network: Network, barred: BoolArray, regions: Sequence[str], year: int
) -> tuple[Status, str, pd.DataFrame]:
    """Concentration of the cargo from the first region to the second."""
    problem = prepare_year(year, network)
    one, other = (read_region(network, text) for text in regions)
    key = (f"{one.region_id}-{other.region_id}", one.zones(network), other.zones(network))
    scopes = [scope for scope in list_scopes(problem, [key]) if scope.kind == "regions"]
    return _concentrate(problem, barred, scopes, year)


def _concentrate(
    problem: LoadProblem, barred: BoolArray, scopes: list[Scope], year: int
) -> tuple[Status, str, pd.DataFrame]:
    """The flows of the year, and the feasible ways that use nothing that is barred."""
    sets = find_corridor_sets(problem)
    settings = AssignmentSettings(method="sue")
    result = choose_corridors(problem, read_choice_model(year), settings, sets)
    touches = (
        np.add.reduceat(barred[sets.arc], sets.first_arc[:-1]) > 0 if sets.n_route else np.zeros(0, bool)
    )
    ways = {
        "flow": problem.tell(result).visits,
        "route": spread_evenly(problem, sets.take(np.flatnonzero(~touches))),
    }
    table = tell_diversification(problem, ways, scopes)
    if result.status != AssignStatus.CONVERGED:
        return (
            "not_converged",
            f"The flows stopped at a relative gap of {result.relative_gap_share:.1e}",
            table,
        )
    return "ok", "", table
