"""What is right: arrivals over a network spread out in time, least charges by SciPy, and every option replayed."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from benchmarks.timetable.network import Year
from dehliz.kernels.schedule_ask import TimedOptions
from dehliz.kernels.schedule_clock import arrive_after
from dehliz.kernels.search import tails


def spread_out(year: Year, origin: int, destination: int, depart_h: float, until_h: float) -> float:
    """Earliest arrival by reachability in a network with two dots for each connection; ``inf`` if after ``until_h``.

    A dot for waiting at the stop of each departure leads to the next such dot there and to the ride; a ride leads to
    the next ride of its trip, and to the first waiting dot that can be caught at its stop and at the neighbours'.
    """
    every, changes = year.connections, year.changes
    low, high = np.searchsorted(every.depart_h, [depart_h, until_h])
    tail, head, trip = (column[low:high].astype(np.int64) for column in every[:3])
    leave, there = every.depart_h[low:high], every.arrive_h[low:high]
    count = high - low
    order = np.lexsort((leave, tail))
    key = tail[order] * 1e6 + leave[order]

    def catch(stop: np.ndarray, hour: np.ndarray) -> np.ndarray:
        """Place in ``order`` of the first departure that is caught; ``count`` if there is none."""
        at = np.searchsorted(key, stop * 1e6 + hour + changes.change_h[stop])
        good = (at < count) & (tail[order[np.minimum(at, count - 1)]] == stop)
        return np.where(good, at, count)

    edges = [(np.arange(count), count + order)]
    same = tail[order[1:]] == tail[order[:-1]]
    edges.append((np.flatnonzero(same), np.flatnonzero(same) + 1))
    by_trip = np.lexsort((leave, trip))
    follows = trip[by_trip[1:]] == trip[by_trip[:-1]]
    edges.append((count + by_trip[:-1][follows], count + by_trip[1:][follows]))
    width = int(changes.star.first_out[1])
    walk_head = changes.star.head.reshape(-1, width).astype(np.int64)
    walk_h = changes.transfer_h.reshape(-1, width)
    source = 2 * count
    for side in range(-1, width):
        stops = head if side < 0 else walk_head[head, side]
        hours = there if side < 0 else there + walk_h[head, side]
        at = catch(stops, hours)
        edges.append((count + np.flatnonzero(at < count), at[at < count]))
        first = np.array([origin if side < 0 else walk_head[origin, side]])
        start = catch(first, np.array([depart_h + (0.0 if side < 0 else walk_h[origin, side])]))
        edges.append((np.full((start < count).sum(), source), start[start < count]))
    row, column = (np.concatenate(part) for part in zip(*edges, strict=True))
    graph = csr_array((np.ones(len(row), np.int8), (row, column)), shape=(source + 1, source + 1))
    reached = breadth_first_order(graph, source, return_predecessors=False)
    rides = reached[(reached >= count) & (reached < source)] - count
    arrivals = there[rides][head[rides] == destination].tolist()
    for side in range(width):
        walks = walk_head[head[rides], side] == destination
        arrivals += (there[rides] + walk_h[head[rides], side])[walks].tolist()
        if walk_head[origin, side] == destination:
            arrivals.append(depart_h + walk_h[origin, side])
    return min(arrivals, default=np.inf)


def find_wrong(
    year: Year, found: TimedOptions, ends: tuple[int, int], depart_h: float, earliest_h: float
) -> str:
    """What is wrong with a set of options, in words; nothing when its extremes are right and each can be travelled."""
    timed = year.metric.timed
    start, end = ends
    tail = tails(timed.star)
    value = found.value
    if not len(value):
        return "" if earliest_h == np.inf else "no option where there is a way"
    if value[0, 0] != earliest_h:
        return f"first arrival {value[0, 0]}, not {earliest_h}"
    for number in (0, 1):
        graph = csr_array(
            (timed.charge[:, number] + 1e-12, (tail, timed.star.head)), shape=(year.metric.vertex_count,) * 2
        )
        least = dijkstra(graph, indices=start)[end]
        if abs(value[:, 1 + number].min() - least) > 1e-6 * max(1.0, least):
            return f"least charge {value[:, 1 + number].min()}, not {least}"
    for option in range(len(value)):
        span = slice(found.first_arc[option], found.first_arc[option + 1])
        vertex, hour_h = start, depart_h
        for arc in found.arc[span].tolist():
            if tail[arc] != vertex:
                return "a way that does not hang together"
            vertex, hour_h = int(timed.star.head[arc]), arrive_after(timed.clock, arc, hour_h)
        sums = timed.charge[found.arc[span]].sum(axis=0)
        if vertex != end or hour_h != value[option, 0] or not np.allclose(sums, value[option, 1:]):
            return "a way that does not come to its value"
    order = np.all(value[:, None, :] <= value[None, :, :], axis=2) & np.any(
        value[:, None, :] < value[None, :, :], axis=2
    )
    return "an option that another beats" if order.any() else ""
