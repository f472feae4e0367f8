"""What a loaded network shows people: tables of flows by row, border, port, corridor, mode and zone pair.

Arrays become tables with ids here; this is the way out of the compiled world for volumes. A design day is turned
into a year by 365. The file before is ``assignment/route_sums.py``; the next are ``study/store.py`` and ``report``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dehliz.assignment.empty_returns import return_empties
from dehliz.assignment.result import Assignment
from dehliz.assignment.route_sums import HIGH_SEA, Visits, find_borders, find_port_calls, visit
from dehliz.assignment.unfold import find_route_flows
from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.graph.graph import FloatArray, Graph, IntArray
from dehliz.network.network import Network
from dehliz.routing.corridors import OTHER_ID, OTHER_NAME, Gateways


@dataclass(frozen=True, slots=True)
class Loaded:
    """A network with its volumes, ready to be told.

    Attributes
    ----------
    graph : Graph
        What was loaded.
    network : Network
        Its tables.
    corridors : tuple of Gateways
        In their order of testing.
    assignment : Assignment
        The volumes.
    money_usd_t : (n_segment, n_arc) float64
        What a tonne of each segment pays on each arc.
    visits : Visits
        Routes that add up to the volumes.
    segment_of : tuple of str
        Segment of each class of trips.
    pools : DataFrame or None
        Boxes and wagons that go back empty.
    """

    graph: Graph
    network: Network
    corridors: tuple[Gateways, ...]
    assignment: Assignment
    money_usd_t: FloatArray
    visits: Visits
    segment_of: tuple[str, ...]
    pools: pd.DataFrame | None = None

    @property
    def segment_ids(self) -> tuple[str, ...]:
        """Ids of the segments that were loaded, sorted."""
        return tuple(sorted(set(self.segment_of)))

    @property
    def segment_of_class(self) -> IntArray:
        """(n_class,) position in ``segment_ids`` of each class of trips."""
        place = {one: at for at, one in enumerate(self.segment_ids)}
        return np.array([place[one] for one in self.segment_of], dtype=np.int32)

    @property
    def segment(self) -> IntArray:
        """(n_route,) segment of each route."""
        return self.segment_of_class[self.visits.segment]

    @property
    def volume_t_d(self) -> FloatArray:
        """(n_segment, n_arc) volume by segment [t/d]."""
        out = np.zeros((len(self.segment_ids), self.graph.n_arc))
        np.add.at(out, self.segment_of_class, self.assignment.volume_t_d)
        return out

    @property
    def t_per_teu(self) -> FloatArray:
        """(n_segment,) tonnes in a loaded TEU; NaN for segments that do not travel in boxes."""
        factor = dict(
            zip(self.network.segment["segment_id"], self.network.segment["t_per_teu_factor"], strict=True)
        )
        unit = dict(zip(self.network.segment["segment_id"], self.network.segment["load_unit"], strict=True))
        return np.array(
            [
                float(factor[segment_id]) if unit[segment_id] == "teu" else np.nan
                for segment_id in self.segment_ids
            ]
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, with the columns of the dictionary."""
        empties = return_empties(self.graph, self.network, self.visits, self.segment_of, self.pools)
        return {
            "border_flow": tell_borders(self),
            "port_flow": tell_ports(self),
            "corridor_flow": tell_corridors(self),
            "mode_flow": tell_modes(self),
            "concentration": tell_concentration(self),
            "od_result": tell_pairs(self, empties.charge_usd_t),
            **empties.tables(),
            "unserved": tell_unserved(self),
            "convergence": tell_convergence(self.assignment),
        }


def load_up(
    graph: Graph,
    network: Network,
    corridors: tuple[Gateways, ...],
    assignment: Assignment,
    money_usd_t: FloatArray,
    segment_of: tuple[str, ...] | None = None,
    pools: pd.DataFrame | None = None,
) -> Loaded:
    """An assignment together with the routes that it stands for."""
    flows = find_route_flows(graph, assignment)
    classes = assignment.trips.segment_ids if segment_of is None else segment_of
    visits = visit(flows, assignment.trips)
    return Loaded(graph, network, corridors, assignment, money_usd_t, visits, classes, pools)


def frame(table: str, columns: dict[str, object]) -> pd.DataFrame:
    """A table with the dictionary's columns in the dictionary's order."""
    return pd.DataFrame(columns)[list(read_spec(table).column_names)]


def _with_teu(loaded: Loaded, segment: np.ndarray, volume_t_a: FloatArray) -> FloatArray:
    return np.asarray(volume_t_a / loaded.t_per_teu[segment])


def _yearly(volume_t_d: FloatArray) -> FloatArray:
    return np.asarray(volume_t_d * DAYS_PER_YEAR)


def _add(keys: np.ndarray, weights: FloatArray, n_key: int) -> FloatArray:
    """Sum of the weights of each key."""
    return np.bincount(keys, weights=weights, minlength=n_key).astype(np.float64)


def tell_borders(loaded: Loaded) -> pd.DataFrame:
    """The ``border_flow`` table."""
    visits, ids = loaded.visits, np.array(loaded.graph.country_ids, dtype=object)
    events = find_borders(visits, loaded.graph)
    keys = (events.place, events.other, loaded.segment[events.route].astype(np.int64))
    (left, entered, segment), volume = _sum_by(keys, visits.flows.volume_t_d[events.route])
    volume_t_a = _yearly(volume)
    return frame(
        "border_flow",
        {
            "from_country_id": ids[left],
            "to_country_id": ids[entered],
            "segment_id": np.array(loaded.segment_ids, dtype=object)[segment],
            "volume_t_a": volume_t_a,
            "volume_teu_a": _with_teu(loaded, segment, volume_t_a),
        },
    )


def _sum_by(keys: tuple[np.ndarray, ...], weights: FloatArray) -> tuple[tuple[np.ndarray, ...], FloatArray]:
    """Distinct keys in order, and the sum of the weights of each."""
    stacked = np.stack([np.asarray(key, dtype=np.int64) for key in keys], axis=1).reshape(-1, len(keys))
    unique, place = np.unique(stacked, axis=0, return_inverse=True)
    total = _add(place.reshape(-1), weights, len(unique))
    return tuple(unique[:, at] for at in range(len(keys))), total


def tell_ports(loaded: Loaded) -> pd.DataFrame:
    """The ``port_flow`` table."""
    visits = loaded.visits
    events = find_port_calls(visits, loaded.graph, loaded.network)
    keys = (events.place, loaded.segment[events.route].astype(np.int64))
    volume = visits.flows.volume_t_d[events.route]
    (node, segment), loads = _sum_by(keys, np.where(events.other == 0, volume, 0.0))
    _, total = _sum_by(keys, volume)
    volume_t_a = _yearly(total)
    return frame(
        "port_flow",
        {
            "node_id": np.array(loaded.graph.node_ids, dtype=object)[node],
            "segment_id": np.array(loaded.segment_ids, dtype=object)[segment],
            "loaded_t_a": _yearly(loads),
            "unloaded_t_a": _yearly(total - loads),
            "volume_t_a": volume_t_a,
            "volume_teu_a": _with_teu(loaded, segment, volume_t_a),
        },
    )


def name_routes(visits: Visits, corridors: tuple[Gateways, ...]) -> np.ndarray:
    """(n_route,) position of the first corridor that each route passes; the number of corridors for none."""
    found = np.full(visits.n_route, len(corridors), dtype=np.int64)
    for at in reversed(range(len(corridors))):
        passes = ~visits.touches(corridors[at].forbidden)
        for needed in corridors[at].needed:
            passes &= visits.touches(needed)
        found[passes] = at
    return found


def tell_corridors(loaded: Loaded) -> pd.DataFrame:
    """The ``corridor_flow`` table."""
    visits = loaded.visits
    corridor = name_routes(visits, loaded.corridors)
    (place, segment), volume = _sum_by((corridor, loaded.segment.astype(np.int64)), visits.flows.volume_t_d)
    served = np.bincount(segment, weights=volume, minlength=len(loaded.segment_ids))
    ids = np.array([*(one.corridor_id for one in loaded.corridors), OTHER_ID], dtype=object)
    names = np.array([*(one.name for one in loaded.corridors), OTHER_NAME], dtype=object)
    volume_t_a = _yearly(volume)
    return frame(
        "corridor_flow",
        {
            "corridor_id": ids[place],
            "corridor_name": names[place],
            "segment_id": np.array(loaded.segment_ids, dtype=object)[segment],
            "volume_t_a": volume_t_a,
            "volume_teu_a": _with_teu(loaded, segment, volume_t_a),
            "volume_share": volume / served[segment],
        },
    )


def tell_modes(loaded: Loaded) -> pd.DataFrame:
    """The ``mode_flow`` table: transport work by mode."""
    graph, volume = loaded.graph, loaded.volume_t_d
    is_move = graph.length_km > 0.0
    rows = []
    for segment, segment_id in enumerate(loaded.segment_ids):
        work = _yearly(
            _add(graph.mode[is_move], (volume[segment] * graph.length_km)[is_move], len(graph.mode_ids))
        )
        total = work.sum()
        rows += [
            (graph.mode_ids[mode], segment_id, work[mode], work[mode] / total)
            for mode in np.flatnonzero(work > 0.0)
        ]
    return pd.DataFrame(rows, columns=list(read_spec("mode_flow").column_names))


def tell_concentration(loaded: Loaded) -> pd.DataFrame:
    """The ``concentration`` table: Herfindahl index of each segment by corridor, country and passage."""
    rows = []
    parts = {"corridor": _by_corridor(loaded), "country": _by_country(loaded), "passage": _by_passage(loaded)}
    for by, (ids, volume) in parts.items():
        for segment_id, row in zip(("all", *loaded.segment_ids), (volume.sum(axis=0), *volume), strict=True):
            if row.sum() <= 0.0:
                continue
            share = row / row.sum()
            top = int(np.argmax(share))
            rows.append((segment_id, by, float(share @ share), ids[top], float(share[top])))
    return pd.DataFrame(rows, columns=list(read_spec("concentration").column_names))


def _spread(loaded: Loaded, keys: np.ndarray, routes: np.ndarray, n_key: int) -> FloatArray:
    """(n_segment, n_key) flow by segment and key."""
    visits = loaded.visits
    n_segment = len(loaded.segment_ids)
    place = loaded.segment[routes].astype(np.int64) * n_key + keys
    flat = _add(place, visits.flows.volume_t_d[routes], n_segment * n_key)
    return np.asarray(flat.reshape(n_segment, n_key))


def _by_corridor(loaded: Loaded) -> tuple[tuple[str, ...], FloatArray]:
    ids = (*(one.corridor_id for one in loaded.corridors), OTHER_ID)
    corridor = name_routes(loaded.visits, loaded.corridors)
    return ids, _spread(loaded, corridor, np.arange(loaded.visits.n_route), len(ids))


def _by_country(loaded: Loaded) -> tuple[tuple[str, ...], FloatArray]:
    ids, visits = loaded.graph.country_ids, loaded.visits
    country = loaded.graph.country[visits.flows.arc].astype(np.int64)
    is_land = np.array([name != HIGH_SEA for name in ids])[country]
    pair = np.unique(np.stack((visits.route[is_land], country[is_land]), axis=1), axis=0)
    return ids, _spread(loaded, pair[:, 1], pair[:, 0], len(ids))


def _by_passage(loaded: Loaded) -> tuple[tuple[str, ...], FloatArray]:
    ids = tuple(
        sorted({*loaded.network.link["passage_id"], *loaded.network.service_leg["passage_id"]} - {""})
    )
    volume = np.zeros((len(loaded.segment_ids), max(len(ids), 1)))
    for at, passage_id in enumerate(ids):
        routes = np.flatnonzero(loaded.visits.touches(_passage_arcs(loaded, passage_id)))
        volume[:, at] = _spread(loaded, np.zeros(len(routes), dtype=np.int64), routes, 1)[:, 0]
    return ids, volume


def _passage_arcs(loaded: Loaded, passage_id: str) -> np.ndarray:
    graph = loaded.graph
    mask = np.zeros(graph.n_arc, dtype=bool)
    for code, table in enumerate((loaded.network.link, loaded.network.service_leg)):
        rows = (table["passage_id"] == passage_id).to_numpy()
        arcs = graph.table == code
        mask[arcs] = rows[graph.row[arcs]]
    return mask


def tell_pairs(loaded: Loaded, empty_charge_usd_t: FloatArray | None = None) -> pd.DataFrame:
    """The ``od_result`` table: means over the routes of each trip, and what each trip owes for empties."""
    visits, trips, graph = loaded.visits, loaded.assignment.trips, loaded.graph
    volume, trip = visits.flows.volume_t_d, visits.flows.trip
    paid = loaded.money_usd_t[visits.segment[visits.route], visits.flows.arc]
    money = _add(visits.route, paid, visits.n_route)
    total = _add(trip, volume, trips.n_trip)

    def mean(of_route: FloatArray) -> FloatArray:
        summed = _add(trip, of_route * volume, trips.n_trip)
        out = np.full(trips.n_trip, np.nan)
        return np.asarray(np.divide(summed, total, out=out, where=total > 0.0))

    corridor = name_routes(visits, loaded.corridors)
    ids = np.array([*(one.corridor_id for one in loaded.corridors), OTHER_ID, ""], dtype=object)
    by_corridor = np.zeros((trips.n_trip, len(ids)))
    np.add.at(by_corridor, (trip, corridor), volume)
    main = np.where(total > 0.0, by_corridor.argmax(axis=1), len(ids) - 1)
    zone = np.array(graph.zone_ids, dtype=object)
    return frame(
        "od_result",
        {
            "class_id": np.array(trips.segment_ids, dtype=object)[trips.segment],
            "segment_id": np.array(loaded.segment_of, dtype=object)[trips.segment],
            "origin_id": zone[trips.origin],
            "destination_id": zone[trips.destination - graph.n_zone],
            "volume_t_a": _yearly(total),
            "time_h": mean(visits.total(loaded.assignment.time_h)),
            "cost_usd_t": mean(money),
            "length_km": mean(visits.total(graph.length_km)),
            "route_count": np.bincount(trip, minlength=trips.n_trip),
            "corridor_id": ids[main],
            "empty_charge_usd_t": np.nan if empty_charge_usd_t is None else empty_charge_usd_t,
        },
    )


def tell_unserved(loaded: Loaded) -> pd.DataFrame:
    """The ``unserved`` table."""
    assignment, zone = loaded.assignment, np.array(loaded.graph.zone_ids, dtype=object)
    trips, lost = assignment.trips, np.flatnonzero(assignment.unserved > 0.0)
    return frame(
        "unserved",
        {
            "class_id": np.array(trips.segment_ids, dtype=object)[trips.segment[lost]],
            "segment_id": np.array(loaded.segment_of, dtype=object)[trips.segment[lost]],
            "origin_id": zone[trips.origin[lost]],
            "destination_id": zone[trips.destination[lost] - loaded.graph.n_zone],
            "volume_t_a": _yearly(assignment.unserved[lost]),
            "reason": [assignment.unserved_reason[trip] for trip in lost],
        },
    )


def tell_convergence(assignment: Assignment) -> pd.DataFrame:
    """The ``convergence`` table."""
    rows = [(one.number_count, one.relative_gap_share, one.seconds_s) for one in assignment.history]
    return pd.DataFrame(rows, columns=list(read_spec("convergence").column_names))
