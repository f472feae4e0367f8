"""Ways of relief: the fastest that are left into a struck place, what they can carry, and what is cut off.

The question of ``dehliz relief`` and ``dz.relief``. A network before the event and after it come in; ways from each
gateway go out, with the rows that block where none is left. ``disruption/gateways.py`` says where aid comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from dehliz.base.errors import LookupFailed, SettingsError, list_ids, quote, suggest
from dehliz.base.rows import each_row, to_records
from dehliz.base.schema import read_spec
from dehliz.disruption.cuts import Sides, cut_by_capacity, measure_way, tell_cuts
from dehliz.disruption.disjoint import find_disjoint_ways
from dehliz.disruption.gateways import Gateway, find_gateways, start_at
from dehliz.disruption.ground import BOXES, Ground, load_tables, prepare_ground
from dehliz.disruption.inbound import Inbound, find_blocked, time_inbound
from dehliz.eurasia.load import load
from dehliz.eurasia.places import find_zone
from dehliz.graph.graph import IntArray
from dehliz.network.network import Network
from dehliz.routing.bars import bar_rows, join_bars

DEFAULT_YEAR = 2024

SLOWER_H = 1e-6
"""A way that takes longer by less than this is as before [h]."""

SHOWN_COUNT = 3
"""Gateways that are named when none reaches the place."""

_TEXTS = ("mode_ids", "country_ids", "narrowest_ids", "narrowest_name", "blocked_ids", "reason")

Status = Literal["ok", "no_way", "cut_off"]


@dataclass(frozen=True, slots=True)
class Relief:
    """Ways of relief into one place.

    Attributes
    ----------
    status : {"ok", "no_way", "cut_off"}
        ``no_way`` when no gateway reaches the place; ``cut_off`` when an origin that was asked for does not.
    reason : str
        What blocks; empty when all is well.
    place_id : str
        Zone of the place.
    segment_id : str
        Cargo whose modes and boxes count.
    year : int
        Year of network and capacities.
    notes : tuple of str
        What a reader should know.
    tables : dict of str to DataFrame
        ``relief_way``, ``relief_total``, and ``cut`` and ``cut_section`` of what holds the place's supply.
    """

    status: Status
    reason: str
    place_id: str
    segment_id: str
    year: int
    notes: tuple[str, ...]
    tables: dict[str, pd.DataFrame]

    def to_document(self) -> dict[str, Any]:
        """The answer as plain values for JSON: keys are column names, missing numbers are null."""
        names = ("status", "reason", "place_id", "segment_id", "year")
        head = {name: getattr(self, name) for name in names}
        return {
            **head,
            "notes": list(self.notes),
            **{name: to_records(table) for name, table in self.tables.items()},
        }


def relief(
    place: str,
    *,
    after: Network | None = None,
    without: Sequence[str] = (),
    origins: Sequence[str] = (),
    year: int = DEFAULT_YEAR,
    segment: str = BOXES,
) -> Relief:
    """The fastest ways left into a struck place, what they can carry, and what is cut off.

    Parameters
    ----------
    place : str
        The struck place: a name in any spelling, UN/LOCODE, node id or ``lon,lat``.
    after : Network, optional
        The bundled network of the year after the event, such as a scenario gives it.
    without : sequence of str
        Links, services, terminals, nodes, passages or modes that the event has shut besides.
    origins : sequence of str
        Places where aid comes from; all ports and border posts of the place's country, and the capitals beyond its
        borders, when left out.
    year : int
        Year of network and capacities.
    segment : str
        Cargo whose modes and boxes count.

    Returns
    -------
    Relief

    Raises
    ------
    LookupFailed
        When a place, segment or id is not known.
    SettingsError
        When there is no network of the year, or an origin is the place itself.
    """
    network, tables = load(year), load_tables(year)
    before = prepare_ground(network, tables, _read_segment(network, segment))
    event = before if after is None else prepare_ground(after, tables, segment)
    ground = event.without(join_bars(event.graph, bar_rows(event.graph, event.network, without)))
    place_id = find_zone(place, event.network)
    gateways = _list_gateways(event, place_id, origins)
    sources = _match(before, gateways, place_id, bool(origins))
    inbound = time_inbound(ground, place_id)
    former = time_inbound(before, place_id) if place_id in before.graph.zone_ids else None
    rows = _tell_ways((inbound, former), ground, gateways, sources)
    ways = _explain(rows, ground, before, gateways, place_id)
    moments = {
        "before": (before, former, tuple(sources.values())),
        "after": (ground, inbound, gateways),
    }
    found = {
        "relief_way": ways,
        "relief_total": _tell_totals(place_id, moments),
        **tell_cuts(_sides(ground, gateways, place_id)),
    }
    status, reason = _judge(ways, bool(origins))
    notes = (
        f"Times without traffic; capacities for {segment}, of which traffic that is there takes its part",
    )
    return Relief(status, reason, place_id, segment, year, notes, found)


def _read_segment(network: Network, segment_id: str) -> str:
    known = tuple(network.segment["segment_id"])
    if segment_id not in known:
        raise LookupFailed(
            f"Segment {quote(segment_id)} is not known. One of {', '.join(known)} is needed. "
            f"{suggest(segment_id, known)}".rstrip()
        )
    return segment_id


def _list_gateways(ground: Ground, place_id: str, origins: Sequence[str]) -> list[Gateway]:
    network, graph = ground.network, ground.graph
    if not origins:
        home = network.zone.set_index("zone_id")["country_id"]
        found = find_gateways(graph, network, str(home[place_id]))
        return [one for one in found if one.gateway_id != place_id or one.kind != "capital"]
    zones = list(dict.fromkeys(find_zone(text, network) for text in origins))
    if place_id in zones:
        raise SettingsError(
            f"Option --from: {place_id} is the struck place itself. Others are needed. Leave it out."
        )
    return [start_at(graph, network, zone_id) for zone_id in zones]


def _match(
    before: Ground, gateways: list[Gateway], place_id: str, is_asked: bool
) -> dict[tuple[str, str, str], Gateway]:
    """The same gateways on the network before the event, by their keys."""
    zones = set(before.graph.zone_ids)
    if is_asked:
        found = [
            start_at(before.graph, before.network, one.gateway_id)
            for one in gateways
            if one.gateway_id in zones
        ]
    else:
        found = _list_gateways(before, place_id, ()) if place_id in zones else []
    return {one.key: one for one in found}


def _sides(ground: Ground, gateways: Sequence[Gateway], place_id: str) -> Sides:
    source = np.unique(np.concatenate([np.empty(0, np.int32), *(one.vertices for one in gateways)]))
    sink = np.array([ground.graph.n_zone + ground.graph.zone_ids.index(place_id)], dtype=np.int32)
    return Sides("gateways", place_id, source.astype(np.int32), sink, (), ground)


def _tell_ways(
    ways: tuple[Inbound, Inbound | None],
    ground: Ground,
    gateways: Sequence[Gateway],
    sources: dict[tuple[str, str, str], Gateway],
) -> list[dict[str, Any]]:
    """Rows of ``relief_way``, without what blocks."""
    rows = []
    after, before = ways
    for gateway in gateways:
        former = sources.get(gateway.key)
        before_h = np.inf if before is None or former is None else before.reach_h(former)
        time_h = after.reach_h(gateway)
        row: dict[str, Any] = {
            **dict.fromkeys(_TEXTS, ""),
            "gateway_id": gateway.gateway_id,
            "kind": gateway.kind,
            "name": gateway.name,
            "country_id": gateway.country_id,
            "time_h": time_h if np.isfinite(time_h) else np.nan,
            "before_time_h": before_h if np.isfinite(before_h) else np.nan,
        }
        if np.isfinite(time_h):
            row |= _measure(ground, after.way(gateway))
            row["status"] = "longer" if time_h > before_h + SLOWER_H else "open"
        else:
            row["status"] = "cut_off" if np.isfinite(before_h) else "never"
        rows.append(row)
    return rows


def _measure(ground: Ground, way: IntArray) -> dict[str, Any]:
    graph = ground.graph
    modes = dict.fromkeys(
        graph.mode_ids[mode] for mode in graph.mode[way[graph.length_km[way] > 0.0]].tolist()
    )
    told = {key: value for key, value in measure_way(ground, way).items() if key != "time_h"}
    return {**told, "mode_ids": ";".join(modes)}


def _explain(
    rows: list[dict[str, Any]], ground: Ground, before: Ground, gateways: Sequence[Gateway], place_id: str
) -> pd.DataFrame:
    """The ``relief_way`` table: the fastest way first, then gateways without one, with what blocks them."""
    lost = [at for at, row in enumerate(rows) if np.isnan(row["time_h"])]
    if lost:
        blocked = find_blocked(ground, before, [gateways[at] for at in lost], place_id)
        for at, one in zip(lost, blocked, strict=True):
            rows[at] |= {"blocked_ids": ";".join(one.row_ids), "reason": one.reason}
    table = pd.DataFrame(rows, columns=list(read_spec("relief_way").column_names)).assign(place_id=place_id)
    order = table["status"].map({"open": 0, "longer": 0, "cut_off": 1, "never": 2})
    keys = pd.DataFrame(
        {"order": order, "time": table["time_h"], "kind": table["kind"], "id": table["gateway_id"]}
    )
    return table.loc[keys.sort_values(["order", "time", "kind", "id"], kind="stable").index].reset_index(
        drop=True
    )


def _tell_totals(
    place_id: str, moments: dict[str, tuple[Ground, Inbound | None, Sequence[Gateway]]]
) -> pd.DataFrame:
    """The ``relief_total`` table: all gateways together, before and after."""
    rows = []
    for moment, (ground, inbound, gateways) in moments.items():
        if inbound is None:
            continue
        reached = [one for one in gateways if np.isfinite(inbound.reach_h(one))]
        sides = _sides(ground, reached, place_id)
        cut, _ = cut_by_capacity(sides)
        found = find_disjoint_ways(ground, ground.by_row(), sides.source, sides.sink) if reached else None
        rows.append(
            {
                "place_id": place_id,
                "moment": moment,
                "gateway_count": len(reached),
                "disjoint_count": len(found.ways) if found else 0,
                "section_count": len(cut.sections),
                "uncapped_count": cut.uncapped_count,
                "known_t_d": cut.known_t_d,
            }
        )
    return pd.DataFrame(rows, columns=list(read_spec("relief_total").column_names))


def _judge(rows: pd.DataFrame, is_asked: bool) -> tuple[Status, str]:
    lost = rows[rows["time_h"].isna()]
    if len(lost) == len(rows):
        if not len(rows):
            return (
                "no_way",
                "Its country has no port and no border by land in the network. Name places with --from",
            )
        told = [f"{row.name} ({row.gateway_id}) {row.reason}" for row in each_row(lost.head(SHOWN_COUNT))]
        return "no_way", f"No gateway reaches the place. {'; '.join(told)}"
    if is_asked and len(lost):
        return "cut_off", f"No way is left from {list_ids(tuple(lost['gateway_id']))}"
    return "ok", ""
