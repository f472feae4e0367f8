"""Minimum cuts of a network whose sections may share a capacity: arcs in, the sections that separate two sides out.

A *section* is anything that can be shut as one: a facility of ``LoadCosts`` (both directions of a track, all berths
of a port) or a row of the tables. Sections that hold several arcs become a vertex split in two, so that they count
once. ``disruption/cuts.py`` and ``disruption/disjoint.py`` ask; the flow itself is SciPy's.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from dehliz.graph.graph import BoolArray, FloatArray, IntArray

LongArray = npt.NDArray[np.int64]

MOST = 2**30 - 1
"""Largest capacity and flow: SciPy's are 32-bit, and one against the other has to fit too. Nothing cuts such an arc."""

NO_SECTION = -1
"""Arcs of no section, such as the way through a station, cannot be cut."""

UNIT_STEP_FACTOR = 10
"""How much coarser the unit of capacity is made at a time until the numbers fit."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Arcs between two sides, and the section that each belongs to.

    Attributes
    ----------
    tail, head : (n_arc,) int32
        Vertices of each arc.
    section : (n_arc,) int32
        Section of each arc, from 0, or ``NO_SECTION``.
    n_vertex, n_section : int
        Their numbers.
    source, sink : (n,) int32
        Vertices of the two sides.
    """

    tail: IntArray
    head: IntArray
    section: IntArray
    n_vertex: int
    n_section: int
    source: IntArray
    sink: IntArray


@dataclass(frozen=True, slots=True)
class Cut:
    """The sections that separate two sides at the least capacity.

    Attributes
    ----------
    sections : (n,) int32
        Sections that lead across, ascending.
    is_possible : bool
        False when arcs of no section join the two sides: then no section separates them.
    uncapped_count : int
        Sections among them without a capacity: with any, the capacity of the cut has no known end.
    known_t_d : float
        Capacity of the others together, not rounded, in the unit of the flow.
    flow_unit_t_d : float
        Capacities were rounded down to this unit before the cut was sought.
    """

    sections: IntArray
    is_possible: bool
    uncapped_count: int
    known_t_d: float
    flow_unit_t_d: float

    @property
    def capacity_t_d(self) -> float:
        """Capacity of the cut; ``inf`` when a section without one is in it, or when nothing separates."""
        return np.inf if self.uncapped_count or not self.is_possible else self.known_t_d


def find_cut(layout: Layout, capacity_t_d: FloatArray) -> Cut:
    """The sections that separate two sides: as few as can be without a capacity, and least capacity of the others.

    Parameters
    ----------
    layout : Layout
        Arcs and sections.
    capacity_t_d : (n_section,) float64
        Capacity of each section in the unit of flow, at least 0; ``inf`` where none is known.

    Returns
    -------
    Cut
        The one nearest to the source where several are the least.

    Notes
    -----
    Maximum flow equals minimum cut (Ford and Fulkerson, 1956). Two flows: the first counts the sections without a
    capacity that every cut must have; in the second each of them weighs more than all capacities together. Rounding
    down moves the least capacity by less than one unit for each section of the cut; what is told is not rounded.
    Sections with arcs between more than two pairs of vertices are taken as one vertex: a way may then enter by one
    arc and leave by another, so that the cut found always separates, and costs at least the true least one. What such
    a way alone has brought in is taken out again: no section of the cut can be left out.
    Time by Dinic's algorithm, at most O(n_vertex**2 n_arc).

    References
    ----------
    Ford, L. R. and Fulkerson, D. R., 1956, Maximal flow through a network, Canadian Journal of Mathematics 8,
    399-404, theorem 1. Dinic, E. A., 1970, Algorithm for solution of a problem of maximum flow in networks with
    power estimation, Soviet Mathematics Doklady 11, 1277-1280.
    """
    is_uncapped = ~np.isfinite(capacity_t_d)
    network = _Split.of(layout)
    if network.is_joined:
        return Cut(
            np.empty(0, np.int32), is_possible=False, uncapped_count=0, known_t_d=np.inf, flow_unit_t_d=1.0
        )
    uncapped_count, _ = network.flow(np.where(is_uncapped, 1, 0))
    units, unit = _round(np.where(is_uncapped, 0.0, capacity_t_d), uncapped_count)
    heavy = int(units.sum()) + 1
    _, is_near = network.flow(np.where(is_uncapped, heavy, units))
    sections = _thin(layout, np.flatnonzero(network.crossing(is_near)), capacity_t_d).astype(np.int32)
    known = capacity_t_d[sections[~is_uncapped[sections]]]
    return Cut(sections, True, int(is_uncapped[sections].sum()), float(known.sum()), unit)


def count_disjoint(layout: Layout) -> int:
    """Most ways between two sides of which no two share a section, as far as a flow of ones can tell.

    Returns
    -------
    int
        Menger (1927): as many as the fewest sections that separate the sides; ``MOST`` when arcs of no section join
        them. Where sections of several arcs are taken as one vertex (see ``find_cut``) it is an upper bound.

    References
    ----------
    Menger, K., 1927, Zur allgemeinen Kurventheorie, Fundamenta Mathematicae 10, 96-115.
    """
    network = _Split.of(layout)
    return MOST if network.is_joined else network.flow(np.ones(layout.n_section, dtype=np.int64))[0]


def find_disjoint(layout: Layout) -> list[list[int]] | None:
    """Ways of which no two share a section, as positions of arcs in the order of travel: as many as ``count_disjoint``.

    Returns
    -------
    list of list of int, or None
        None when a way of the flow enters a section by one arc and leaves it by another, so that it is no way at all.

    Notes
    -----
    Call it only where the arcs of no section do not join the two sides.
    """
    network = _Split.of(layout)
    left = network.solve(np.ones(layout.n_section, dtype=np.int64))
    known: dict[tuple[int, int, int], int] = {}
    for arc, (tail, head, section) in enumerate(
        zip(layout.tail.tolist(), layout.head.tolist(), layout.section.tolist(), strict=True)
    ):
        known.setdefault((section, tail, head), arc)
    ways = []
    while path := _take_path(left, network.n_vertex - 2, network.n_vertex - 1):
        way = _read_path(path, layout.n_vertex, known)
        if way is None:
            return None
        ways.append(way)
    return ways


def _take_path(left: dict[int, dict[int, int]], source: int, sink: int) -> list[int]:
    """Vertices of one way of a flow, which is taken away from it; empty when nothing is left."""
    path, at = [source], source
    while at != sink:
        onward = left.get(at)
        if not onward:
            return []
        head = min(onward)
        onward[head] -= 1
        if not onward[head]:
            del onward[head]
        if head in path:  # a round trip of the flow carries nothing
            path = path[: path.index(head)]
        path.append(head)
        at = head
    return path


def _read_path(path: list[int], n_vertex: int, known: dict[tuple[int, int, int], int]) -> list[int] | None:
    way: list[int] = []
    at = 1
    while at + 2 < len(path):
        tail, head = path[at], path[at + 1]
        section = NO_SECTION
        if head >= n_vertex:
            section, head = (head - n_vertex) // 2, path[at + 3]
            at += 2
        arc = known.get((section, tail, head))
        if arc is None:
            return None
        way.append(arc)
        at += 1
    return way


def _thin(layout: Layout, sections: npt.NDArray[np.intp], capacity: FloatArray) -> npt.NDArray[np.intp]:
    """The sections of a cut without those that it can do without, the costliest tried first."""
    kept = np.zeros(layout.n_section + 1, dtype=bool)
    kept[sections] = True
    for section in sections[np.argsort(-capacity[sections], kind="stable")]:
        kept[section] = False
        kept[section] = not is_separated(layout, kept[:-1])
    return np.flatnonzero(kept[:-1])


def is_separated(layout: Layout, is_shut: BoolArray) -> bool:
    """Whether no way leads from the source to the sink when some sections are shut.

    Parameters
    ----------
    layout : Layout
        Arcs and sections.
    is_shut : (n_section,) bool
        Sections that are shut.
    """
    is_open = ~np.append(is_shut, False)[layout.section]
    n, first = layout.n_vertex, len(layout.source)
    tail = np.concatenate((layout.tail[is_open], np.full(first, n)))
    head = np.concatenate((layout.head[is_open], layout.source))
    ones = np.ones(len(tail), dtype=np.int8)
    matrix = csr_array(coo_array((ones, (tail, head)), shape=(n + 1, n + 1)))
    reached = breadth_first_order(matrix, n, return_predecessors=False)
    return not bool(np.isin(layout.sink, reached).any())


def _round(capacity: FloatArray, uncapped_count: int) -> tuple[LongArray, float]:
    """Capacities in whole units, rounded down; the unit is the finest from 1 up with which all flows fit."""
    unit = 1.0
    while True:
        units = np.floor(capacity / unit).astype(np.int64)
        if (uncapped_count + 1) * (int(units.sum()) + 1) < MOST:
            return units, unit
        unit *= UNIT_STEP_FACTOR


@dataclass(frozen=True, slots=True)
class _Split:
    """The layout with sections as arcs of their own, a source and a sink."""

    tail: LongArray
    head: LongArray
    section: LongArray
    n_vertex: int
    n_section: int

    @staticmethod
    def of(layout: Layout) -> "_Split":
        """Each section is one arc from its entry to its exit; its arcs lead into the entry and out of the exit."""
        n, k = layout.n_vertex, layout.n_section
        source, sink = n + 2 * k, n + 2 * k + 1
        own = layout.section.astype(np.int64)
        is_free = own == NO_SECTION
        entry, exit_ = n + 2 * own, n + 2 * own + 1
        each = np.arange(k, dtype=np.int64)
        tails = (
            layout.tail[is_free], layout.tail[~is_free], exit_[~is_free], n + 2 * each,
            np.full(len(layout.source), source), layout.sink,
        )  # fmt: skip
        heads = (
            layout.head[is_free], entry[~is_free], layout.head[~is_free], n + 2 * each + 1,
            layout.source, np.full(len(layout.sink), sink),
        )  # fmt: skip
        tail, head = (np.concatenate(parts).astype(np.int64) for parts in (tails, heads))
        section = np.full(len(tail), NO_SECTION, dtype=np.int64)
        first = int(is_free.sum()) + 2 * int((~is_free).sum())
        section[first : first + k] = each
        return _Split(tail, head, section, n + 2 * k + 2, k)

    def flow(self, units: LongArray) -> tuple[int, BoolArray]:
        """Value of a maximum flow with these capacities of sections, and the vertices on the source's side."""
        matrix = self._room(units)
        found = maximum_flow(matrix, self.n_vertex - 2, self.n_vertex - 1, method="dinic")
        rest = csr_array(matrix - found.flow)
        rest.data = np.maximum(rest.data, 0)
        rest.eliminate_zeros()
        return int(found.flow_value), self._reach(rest)

    def solve(self, units: LongArray) -> dict[int, dict[int, int]]:
        """A maximum flow by tail and head."""
        flow = coo_array(
            maximum_flow(self._room(units), self.n_vertex - 2, self.n_vertex - 1, method="dinic").flow
        )
        out: dict[int, dict[int, int]] = {}
        for tail, head, value in zip(flow.row.tolist(), flow.col.tolist(), flow.data.tolist(), strict=True):
            if value > 0:
                out.setdefault(tail, {})[head] = value
        return out

    def _room(self, units: LongArray) -> csr_array:
        """Capacities from tail to head."""
        room = np.full(len(self.tail), MOST, dtype=np.int64)
        is_section = self.section != NO_SECTION
        room[is_section] = units[self.section[is_section]]
        kept = np.flatnonzero(room > 0)
        # Parallel arcs of no section would add up beyond 32 bits: one of them is enough.
        key = self.tail[kept] * self.n_vertex + self.head[kept]
        kept = kept[np.unique(key, return_index=True)[1]]
        return self._matrix(kept, room[kept].astype(np.int32))

    @property
    def is_joined(self) -> bool:
        """Whether arcs of no section alone lead from the source to the sink."""
        free = np.flatnonzero(self.section == NO_SECTION)
        return bool(self._reach(self._matrix(free, np.ones(len(free), dtype=np.int32)))[-1])

    def _matrix(self, arcs: LongArray, values: IntArray) -> csr_array:
        shape = (self.n_vertex, self.n_vertex)
        return csr_array(coo_array((values, (self.tail[arcs], self.head[arcs])), shape=shape))

    def _reach(self, matrix: csr_array) -> BoolArray:
        """(n_vertex,) whether a way leads from the source to each vertex."""
        out = np.zeros(self.n_vertex, dtype=bool)
        out[breadth_first_order(matrix, self.n_vertex - 2, return_predecessors=False)] = True
        return out

    def crossing(self, is_near: BoolArray) -> BoolArray:
        """(n_section,) whether each section leads from the source's side to the other."""
        arcs = self.section != NO_SECTION
        out = np.zeros(self.n_section, dtype=bool)
        out[self.section[arcs]] = is_near[self.tail[arcs]] & ~is_near[self.head[arcs]]
        return out
