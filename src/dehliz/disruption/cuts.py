"""Minimum cuts as tables: which sections together separate two sides, and what they can carry.

``disruption/ground.py`` gives the sections and ``disruption/max_flow.py`` the cut; here they get names. The next file
is ``disruption/diversify.py``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.disruption.disjoint import Disjoint
from dehliz.disruption.ground import Ground, Sections, name_section
from dehliz.disruption.max_flow import Cut, find_cut
from dehliz.graph.graph import IntArray
from dehliz.routing.corridors import Gateways, name_corridor


@dataclass(frozen=True, slots=True)
class Sides:
    """Two sides and what is asked of the ways between them.

    Attributes
    ----------
    from_id, to_id : str
        Regions or zones.
    source, sink : (n,) int32
        Vertices where their cargo starts and ends.
    avoid_ids : tuple of str
        Countries that it may not touch.
    ground : Ground
        The network without these.
    """

    from_id: str
    to_id: str
    source: IntArray
    sink: IntArray
    avoid_ids: tuple[str, ...]
    ground: Ground

    @property
    def key(self) -> dict[str, Any]:
        """The key that all tables of the two sides share."""
        return {
            "from_id": self.from_id,
            "to_id": self.to_id,
            "avoid_ids": ";".join(self.avoid_ids),
            "segment_id": self.ground.segment_id,
        }


def cut_by_capacity(sides: Sides) -> tuple[Cut, Sections]:
    """The sections that separate two sides at the least capacity."""
    sections = sides.ground.by_capacity()
    layout = sides.ground.layout(sections, sides.source, sides.sink)
    return find_cut(layout, sides.ground.capacity_t_d[sections.first_arc]), sections


def cut_by_count(sides: Sides) -> tuple[Cut, Sections]:
    """The fewest sections that separate two sides."""
    sections = sides.ground.by_row()
    layout = sides.ground.layout(sections, sides.source, sides.sink)
    return find_cut(layout, np.ones(sections.count)), sections


def tell_cuts(sides: Sides) -> dict[str, pd.DataFrame]:
    """The ``cut`` and ``cut_section`` tables of two sides, by capacity and by count."""
    heads, rows = [], []
    for kind, (cut, sections) in (("capacity", cut_by_capacity(sides)), ("count", cut_by_count(sides))):
        told = [_tell_section(sides.ground, sections, int(one)) for one in cut.sections]
        told.sort(key=lambda row: (np.isnan(row["capacity_t_d"]), -row["capacity_t_d"], row["row_ids"]))
        rows += [{**sides.key, "kind": kind, **row} for row in told]
        known_t_d = float(np.nansum([row["capacity_t_d"] for row in told]))
        heads.append(
            {
                **sides.key,
                "kind": kind,
                "is_separable": cut.is_possible,
                "section_count": len(told),
                "uncapped_count": sum(bool(np.isnan(row["capacity_t_d"])) for row in told),
                "known_t_d": known_t_d,
                "known_teu_a": float(sides.ground.teu_a(np.array(known_t_d))),
                "flow_unit_t_d": cut.flow_unit_t_d,
            }
        )
    return {"cut": _frame("cut", heads), "cut_section": _frame("cut_section", rows)}


def _tell_section(ground: Ground, sections: Sections, section: int) -> dict[str, Any]:
    graph, costs = ground.graph, ground.costs
    arc = int(sections.first_arc[section])
    table, row_ids, name = name_section(ground, sections, section)
    capacity = float(ground.capacity_t_d[arc])
    is_known = bool(np.isfinite(capacity))
    return {
        "table_name": table,
        "row_ids": row_ids,
        "name": name,
        "mode_id": graph.mode_ids[graph.mode[arc]],
        "country_id": graph.country_ids[graph.country[arc]],
        "capacity_t_d": capacity if is_known else np.nan,
        "capacity_teu_a": float(ground.teu_a(np.array(capacity))) if is_known else np.nan,
        "background_t_d": float(costs.background_t_d[costs.facilities[arc]]) if is_known else np.nan,
        "basis": ground.basis_of.get((table, graph.row_id(arc)), "") if is_known else "",
    }


def tell_disjoint(
    sides: Sides, shares: str, found: Disjoint, corridors: tuple[Gateways, ...]
) -> dict[str, pd.DataFrame]:
    """The ``disjoint`` and ``disjoint_way`` tables of the ways that share no section, or no node."""
    key = {**sides.key, "shares": shares}
    head = {**key, "way_count": len(found.ways), "most_count": found.most_count}
    rows = [
        {**key, "option": at + 1, **_tell_way(sides.ground, way, corridors)}
        for at, way in enumerate(found.ways)
    ]
    return {"disjoint": _frame("disjoint", [head]), "disjoint_way": _frame("disjoint_way", rows)}


def _tell_way(ground: Ground, way: IntArray, corridors: tuple[Gateways, ...]) -> dict[str, Any]:
    graph = ground.graph
    corridor_id, name = name_corridor(corridors, way)
    return {
        "corridor_id": corridor_id,
        "corridor_name": name,
        "origin_id": graph.zone_ids[int(graph.tail[way[0]])],
        "destination_id": graph.zone_ids[int(graph.head[way[-1]]) - graph.n_zone],
        **measure_way(ground, way),
    }


def measure_way(ground: Ground, way: IntArray) -> dict[str, Any]:
    """Length, time without traffic, narrowest section and countries of one way."""
    graph = ground.graph
    narrow = int(way[np.argmin(ground.capacity_t_d[way])])
    capacity = float(ground.capacity_t_d[narrow])
    is_known = bool(np.isfinite(capacity))
    sections = ground.by_capacity()
    _, row_ids, name = (
        name_section(ground, sections, int(sections.of_arc[narrow])) if is_known else ("", "", "")
    )
    countries = dict.fromkeys(graph.country_ids[place] for place in graph.country[way].tolist())
    return {
        "length_km": float(graph.length_km[way].sum()),
        "time_h": float(graph.time_h[way].sum()),
        "capacity_t_d": capacity if is_known else np.nan,
        "narrowest_ids": row_ids,
        "narrowest_name": name,
        "country_ids": ";".join(countries),
    }


def _frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(read_spec(table).column_names))
