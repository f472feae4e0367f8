"""Ways through a network as a clerk would find them: from the tables alone, one row after another.

Knows nothing of vertices, arcs or kernels. Cargo stands at a node, on a mode and, where border posts part the
tracks, on one side of a border; every row that it may take next is tried. Cargo that was loaded or shifted to
another vehicle has to move before it is shifted again or unloaded; borders and bogies may come before or after.
For networks of some eight nodes.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import asin, cos, exp, inf, isnan, log, radians, sin, sqrt
from typing import Any

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.network.network import Network

Place = tuple[str, str, str]
"""Node, mode and side of a border (empty where nothing parts the tracks)."""
Stand = tuple[Place, bool]
"""Where cargo stands, and whether it has to move on: it was loaded or shifted there."""
WIRED = ("yes", "25kv_ac", "15kv_ac", "3kv_dc", "1.5kv_dc")
HIGH_SEA = "XZ"


@dataclass(frozen=True)
class Load:
    """What is moved: units that are charged, in ``teu`` or ``t``, and tonnes."""

    segment_id: str
    unit: str
    charged: float
    cargo_t: float


@dataclass(frozen=True)
class Step:
    """One row used in one direction, and what it costs the load."""

    table: str
    row_id: str
    from_node: str
    to_node: str
    mode_id: str
    country_id: str
    passage_id: str
    kind: str
    length_km: float
    cost_usd: float
    time_h: float
    emissions_kgco2e: float
    variance_h2: float


Way = tuple[Step, ...]


class Clerk:
    """Reads the tables once and says what can be done at each place."""

    def __init__(self, network: Network, load: Load) -> None:
        self.network, self.load = network, load
        self.home = _column(network.node, "node_id", "country_id")
        segment = network.segment.set_index("segment_id").loc[load.segment_id]
        self.modes = str(segment["mode_ids"]).split(";")
        self.onward: dict[Place, list[tuple[Place, Step]]] = defaultdict(list)
        self.starts: dict[str, list[tuple[Place, Step]]] = defaultdict(list)
        self.ends: dict[Place, list[tuple[str, Step]]] = defaultdict(list)
        self.parted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for stop in each_row(network.terminal):
            if stop.kind == "border_post":
                self.parted[stop.node_id, stop.from_mode_id] |= {stop.from_country_id, stop.to_country_id}
        self._list_movements()
        self._list_stops()
        self._list_doors()

    def every_way(self, origin: str, destination: str) -> Iterator[Way]:
        """Every way from zone to zone on open rows that stands nowhere twice."""
        for place, step in self.starts[origin]:
            yield from self._go_on((step,), (place, True), frozenset({(place, True)}), destination)

    def _go_on(self, way: Way, stand: Stand, seen: frozenset[Stand], destination: str) -> Iterator[Way]:
        place, must_move = stand
        for zone, step in self.ends[place]:
            if zone == destination and not must_move:
                yield (*way, step)
        for following, step in self.onward[place]:
            is_movement = step.table != "terminal"
            is_shift = not is_movement and step.kind not in ("border_post", "gauge_change")
            after = (following, is_shift or (must_move and not is_movement))
            if not (is_shift and must_move) and after not in seen:
                yield from self._go_on((*way, step), after, seen | {after}, destination)

    def at(self, node_id: str, mode_id: str, country_id: str) -> Place:
        """Where cargo on something of a country stands: what is of neither side stands on the node's own."""
        sides = self.parted[node_id, mode_id]
        if not sides:
            return node_id, mode_id, ""
        return node_id, mode_id, country_id if country_id in sides else self.home[node_id]

    def _list_movements(self) -> None:
        for table, frame in (("link", self.network.link), ("service_leg", self.network.service_leg)):
            for row in each_row(frame):
                if row.status != "open" or row.mode_id not in self.modes:
                    continue
                ends = [(row.from_node_id, row.to_node_id)]
                if not row.directed:
                    ends.append((row.to_node_id, row.from_node_id))
                for start, end in ends:
                    step = self._move(table, row, start, end)
                    here, there = (self.at(node, row.mode_id, row.country_id) for node in (start, end))
                    self.onward[here].append((there, step))

    def _move(self, table: str, row: Any, start: str, end: str) -> Step:
        row_id = row.link_id if table == "link" else row.service_leg_id
        if table == "link":
            hours = row.length_km / row.speed_km_h
            grams = _link_intensity(self.network, row)
        else:
            hours = row.waiting_time_h + row.time_h
            grams = _factor(self.network, row.mode_id, "any", row_id).wtw_gco2e_tkm
        rate, fixed = _tariff(self.network, self.load, row.mode_id, row.country_id, row_id)
        return Step(
            table, row_id, start, end, row.mode_id, row.country_id, row.passage_id, "", row.length_km,
            self.load.charged * (rate * row.length_km + fixed), hours,
            grams * row.length_km * self.load.cargo_t / 1000.0, row.time_spread_h**2,
        )  # fmt: skip

    def _list_stops(self) -> None:
        for row in each_row(self.network.terminal):
            home = self.home[row.node_id]
            turns = [(row.from_mode_id, row.from_country_id, row.to_mode_id, row.to_country_id)]
            if not row.directed:
                turns.append((row.to_mode_id, row.to_country_id, row.from_mode_id, row.from_country_id))
            for mode, country, onto, into in turns:
                if row.status == "open" and onto in self.modes:
                    here, there = (
                        self.at(row.node_id, mode, country or home),
                        self.at(row.node_id, onto, into or home),
                    )
                    hours = row.handling_time_h + row.waiting_time_h
                    step = self._stop(
                        "terminal", row.terminal_id, row, row.node_id, onto, home, row.kind, hours
                    )
                    self.onward[here].append((there, step))

    def _list_doors(self) -> None:
        for row in each_row(self.network.connector):
            if row.mode_id not in self.modes:
                continue
            home = self.home[row.node_id]
            place = self.at(row.node_id, row.mode_id, home)
            door = ("connector", row.connector_id, row, row.node_id, row.mode_id, home, "door")
            self.starts[row.zone_id].append(
                (place, self._stop(*door, row.handling_time_h + row.waiting_time_h))
            )
            self.ends[place].append((row.zone_id, self._stop(*door, row.handling_time_h)))

    def _stop(
        self, table: str, row_id: str, row: Any, node: str, mode: str, country: str, kind: str, hours: float
    ) -> Step:
        rate = row.cost_usd_teu if self.load.unit == "teu" else row.cost_usd_t
        return Step(
            table, row_id, node, node, mode, country, "", kind, 0.0, rate * self.load.charged, hours,
            row.emissions_kgco2e_t * self.load.cargo_t, row.time_spread_h**2,
        )  # fmt: skip


def _column(frame: pd.DataFrame, key: str, column: str) -> dict[str, Any]:
    return dict(zip(frame[key].tolist(), frame[column].tolist(), strict=True))


def _tariff(network: Network, load: Load, mode: str, country: str, row_id: str) -> tuple[float, float]:
    """Rate and fixed amount of the tariff that fits most closely: row, then country, then segment."""
    best, found = -1, (inf, inf)
    for tariff in each_row(network.tariff):
        wanted = (
            (tariff.row_id, row_id, 4),
            (tariff.country_id, country, 2),
            (tariff.segment_id, load.segment_id, 1),
        )
        fits = all(own in ("", asked) for own, asked, _ in wanted)
        if tariff.mode_id != mode or tariff.load_unit != load.unit or not fits:
            continue
        closeness = sum(points for own, _, points in wanted if own)
        if closeness > best:
            pair = (
                (tariff.rate_usd_teu_km, tariff.fixed_usd_teu)
                if load.unit == "teu"
                else (tariff.rate_usd_t_km, tariff.fixed_usd_t)
            )
            best, found = closeness, (0.0 if isnan(pair[0]) else pair[0], 0.0 if isnan(pair[1]) else pair[1])
    return found


def _factor(network: Network, mode: str, traction: str, row_id: str) -> Any:
    rows = [
        row for row in each_row(network.emission_factor) if row.mode_id == mode and row.traction == traction
    ]
    return next((row for row in rows if row.row_id == row_id), None) or next(
        row for row in rows if not row.row_id
    )


def _link_intensity(network: Network, link: Any) -> float:
    """Grams per tonne-kilometre: wires by the grid of the country, half and half where part has wires."""
    medium = _column(network.mode, "mode_id", "medium")[link.mode_id]
    if medium != "rail":
        return float(_factor(network, link.mode_id, "any", link.link_id).wtw_gco2e_tkm)
    grid = _column(network.country, "country_id", "grid_gco2e_kwh")[link.country_id]
    if link.electrification in (*WIRED, "mixed"):
        electric = _factor(network, link.mode_id, "electric", "").energy_kwh_tkm * grid
        if link.electrification != "mixed":
            return float(electric)
    diesel = float(_factor(network, link.mode_id, "diesel", link.link_id).wtw_gco2e_tkm)
    return (diesel + electric) / 2 if link.electrification == "mixed" else diesel


def value_of(way: Way) -> tuple[float, float, float]:
    """Cost [USD], time [h] and emissions [kgCO2e] of a way."""
    return (
        sum(step.cost_usd for step in way),
        sum(step.time_h for step in way),
        sum(step.emissions_kgco2e for step in way),
    )


def nodes_of(way: Way) -> list[str]:
    """Nodes in the order of travel, each stay once."""
    ends = [way[0].from_node, *(step.to_node for step in way)]
    return [node for node, _ in groupby(ends)]


def passes(way: Way, token: str) -> bool:
    """Whether a way passes a gateway, as the corridor table writes it."""
    kind, _, name = token.rpartition(":")
    if kind == "country":
        return any(step.country_id == name for step in way)
    if kind == "passage":
        return any(step.passage_id == name for step in way)
    if kind == "mode":
        return any(step.mode_id == name for step in way if step.table in ("link", "service_leg"))
    return name in nodes_of(way)


def corridor_of(network: Network, way: Way) -> str:
    """The first corridor by rank whose gateways a way passes."""
    for corridor in each_row(network.corridor.sort_values("rank_count")):
        must, some, never = (
            [token for token in cell.split(";") if token]
            for cell in (corridor.all_of, corridor.any_of, corridor.none_of)
        )
        if (
            all(passes(way, token) for token in must)
            and (not some or any(passes(way, token) for token in some))
            and not any(passes(way, token) for token in never)
        ):
            return str(corridor.corridor_id)
    return "other"


def describe(network: Network, way: Way, origin: str, destination: str) -> dict[str, Any]:
    """The columns of the table ``route`` that follow from the rows of a way between two zones."""
    home = _column(network.node, "node_id", "country_id")
    zone = _column(network.zone, "zone_id", "country_id")
    stays = [zone[origin]]
    for step in way:
        stays += [step.country_id, home[step.to_node]]
    stays.append(zone[destination])
    countries = [country for country, _ in groupby(stay for stay in stays if stay != HIGH_SEA)]
    gauges = sum(step.kind == "gauge_change" for step in way)
    stops = [step for step in way if step.table == "terminal" and step.kind != "border_post"]
    cost, time, emissions = value_of(way)
    log_variance = log(1 + sum(step.variance_h2 for step in way) / time**2)
    return {
        "cost_usd": cost,
        "time_h": time,
        "emissions_kgco2e": emissions,
        "length_km": sum(step.length_km for step in way),
        "time_p95_h": time * exp(1.6448536269514722 * sqrt(log_variance) - log_variance / 2),
        "country_ids": ";".join(countries),
        "border_count": sum(one != other for one, other in pairwise(countries)),
        "gauge_change_count": gauges,
        "transshipment_count": len(stops) - gauges,
        **_stability(network, way),
    }


def _stability(network: Network, way: Way) -> dict[str, float]:
    score = _column(network.country, "country_id", "stability_score")
    on_land = [step for step in way if step.country_id != HIGH_SEA and step.length_km > 0]
    total = sum(step.length_km for step in on_land)
    if not on_land:
        return {"stability_mean_score": float("nan"), "stability_worst_score": float("nan")}
    return {
        "stability_mean_score": sum(score[step.country_id] * step.length_km for step in on_land) / total,
        "stability_worst_score": min(score[step.country_id] for step in on_land),
    }


def straight_km(network: Network, one: str, other: str) -> float:
    """Great circle between two nodes, by the spherical law of haversines."""
    lon_deg, lat_deg = (_column(network.node, "node_id", name) for name in ("lon_deg", "lat_deg"))
    lon, lat, lon_b, lat_b = (radians(column[name]) for name in (one, other) for column in (lon_deg, lat_deg))
    half = sin((lat_b - lat) / 2) ** 2 + cos(lat) * cos(lat_b) * sin((lon_b - lon) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))
