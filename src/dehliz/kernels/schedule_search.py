"""Earliest arrival, latest departure and the profile of a week, over arcs that go by the clock.

A star and its ``Clock`` come in, hours go out. Cargo that is ready later never arrives earlier, so Dijkstra's
order is right forward and backward. The plain faces are in ``schedule_ask.py``.
"""

import numpy as np

from dehliz.kernels.heap import OUTSIDE, Heap, heap_pop, heap_push
from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.schedule_clock import Clock, arrive_after, leave_before
from dehliz.kernels.search import NO_ARC, Floats, Ints, Reverse, Star


@lean_kernel
def _empty(heap: Heap, n: int) -> None:
    """Take everything out of a heap."""
    for at in range(n):
        heap.place[heap.item[at]] = OUTSIDE


@lean_kernel
def _run_from(
    star: Star, clock: Clock, origin: int, stop: int, depart_h: float, heap: Heap, arrive_h: Floats, by: Ints
) -> None:
    """Lower the arrivals that a departure can lower; stops when ``stop`` is settled or cannot get better."""
    first_out, head = star
    if depart_h >= arrive_h[origin]:
        return
    arrive_h[origin] = depart_h
    by[origin] = NO_ARC
    n = heap_push(heap, 0, depart_h, origin)
    while n > 0:
        ready_h = heap.key[0]
        if stop >= 0 and ready_h >= arrive_h[stop]:
            break
        vertex = heap_pop(heap, n)
        n -= 1
        for arc in range(first_out[vertex], first_out[vertex + 1]):
            to = head[arc]
            if arrive_h[to] <= ready_h:
                continue
            hour_h = arrive_after(clock, arc, ready_h)
            if hour_h < arrive_h[to]:
                arrive_h[to] = hour_h
                by[to] = arc
                n = heap_push(heap, n, hour_h, to)
    _empty(heap, n)


@lean_kernel
def earliest_search(
    star: Star,
    clock: Clock,
    origin: int,
    stop: int,
    depart_h: float,
    heap: Heap,
    out_arrive_h: Floats,
    out_arc: Ints,
) -> None:
    """Earliest arrival everywhere for cargo ready at the origin at one hour.

    Parameters
    ----------
    star, clock : Star, Clock
        Graph and times of its arcs.
    origin : int
        Where cargo is.
    stop : int
        Vertex of which alone the arrival is wanted; -1 for all. With it, other arrivals may be too late.
    depart_h : float
        Hour at which cargo is ready [h].
    heap : Heap
        Empty workspace.
    out_arrive_h : (n_vertex,) float64
        Hours; ``inf`` where nothing leads [h].
    out_arc : (n_vertex,) int32
        Last arc of the way; -1 at the origin and where there is none.

    Notes
    -----
    Dijkstra on arrival functions that do not overtake, O((n + m log e) log n) for e events of an arc.

    References
    ----------
    Dreyfus 1969, An appraisal of some shortest-path algorithms, Operations Research 17(3), section 5.
    """
    out_arrive_h[:] = np.inf
    out_arc[:] = NO_ARC
    _run_from(star, clock, origin, stop, depart_h, heap, out_arrive_h, out_arc)


@lean_kernel
def profile_search(
    star: Star,
    clock: Clock,
    origin: int,
    destination: int,
    depart_h: Floats,
    heap: Heap,
    arrive_h: Floats,
    by: Ints,
    out_arrive_h: Floats,
) -> None:
    """Earliest arrival at one vertex for each of many departures, the latest first.

    Parameters
    ----------
    star, clock : Star, Clock
        Graph and times of its arcs.
    origin, destination : int
        The pair.
    depart_h : (n_departure,) float64
        Hours of departure, strictly descending [h].
    heap : Heap
        Empty workspace.
    arrive_h, by : (n_vertex,) float64, int32
        Workspace: what later departures reach, and the arcs of it.
    out_arrive_h : (n_departure,) float64
        Arrival for each departure; ``inf`` when there is none [h].

    Notes
    -----
    Arrivals of later departures stay in place: what an earlier departure cannot reach earlier it need not go on
    from, since a later departure has. O(d (n + m log e) log n) at worst, far less when departures are rare.

    References
    ----------
    Delling, Katz, Pajor 2012, Parallel computation of best connections in public transportation networks,
    ACM Journal of Experimental Algorithmics 17, section 3.1 (self-pruning).
    """
    arrive_h[:] = np.inf
    by[:] = NO_ARC
    for at in range(depart_h.shape[0]):
        _run_from(star, clock, origin, destination, depart_h[at], heap, arrive_h, by)
        out_arrive_h[at] = arrive_h[destination]


@lean_kernel
def latest_search(
    back: Reverse,
    clock: Clock,
    destination: int,
    stop: int,
    arrive_h: float,
    heap: Heap,
    out_leave_h: Floats,
    out_arc: Ints,
) -> None:
    """Last hour at every vertex from which the destination is still reached by one hour.

    Parameters
    ----------
    back : Reverse
        The graph seen from the heads.
    clock : Clock
        Times of its arcs.
    destination : int
        Where cargo has to be.
    stop : int
        Vertex of which alone the hour is wanted; -1 for all.
    arrive_h : float
        By when [h].
    heap : Heap
        Empty workspace.
    out_leave_h : (n_vertex,) float64
        Hours; ``-inf`` where it is too late at any hour [h].
    out_arc : (n_vertex,) int32
        First arc of the way onward; -1 at the destination and where there is none.

    Notes
    -----
    Dijkstra from the destination with negative hours as keys, O((n + m log e) log n).
    """
    out_leave_h[:] = -np.inf
    out_arc[:] = NO_ARC
    out_leave_h[destination] = arrive_h
    n = heap_push(heap, 0, -arrive_h, destination)
    while n > 0:
        vertex = heap_pop(heap, n)
        n -= 1
        if vertex == stop:
            break
        for place in range(back.star.first_out[vertex], back.star.first_out[vertex + 1]):
            arc = back.arc[place]
            tail = back.star.head[place]
            hour_h = leave_before(clock, arc, out_leave_h[vertex])
            if hour_h > out_leave_h[tail]:
                out_leave_h[tail] = hour_h
                out_arc[tail] = arc
                n = heap_push(heap, n, -hour_h, tail)
    _empty(heap, n)
