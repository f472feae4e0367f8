"""``Topology``: the part of a compiled network that an assignment needs; ``Graph`` is one, a test network another."""

from typing import Protocol

from dehliz.graph.graph import IntArray


class Topology(Protocol):
    """A forward star: arcs sorted by tail.

    Attributes
    ----------
    first_out : (n_vertex + 1,) int32
        Arcs of vertex ``v`` are ``first_out[v]:first_out[v + 1]``.
    tail, head : (n_arc,) int32
        Vertices of each arc.
    """

    @property
    def first_out(self) -> IntArray:
        """Where the arcs of each vertex start."""

    @property
    def tail(self) -> IntArray:
        """Vertex that each arc leaves."""

    @property
    def head(self) -> IntArray:
        """Vertex that each arc enters."""
