"""What a hierarchy is built of, and what it refuses."""

import numpy as np
import numpy.typing as npt
import pytest

from dehliz.routing import hierarchy as preparing
from dehliz.routing.hierarchy import Hierarchy, build_hierarchy
from tests.unit.kernels.networks import build, grid_net, random_net


def test_arrays_are_read_only() -> None:
    hierarchy = build_hierarchy(*grid_net(0, 5, 1).star)
    for name in Hierarchy.__dataclass_fields__:
        value = getattr(hierarchy, name)
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable, name
            assert value.dtype == np.int32, name
    assert hierarchy.vertex_count == 25
    assert hierarchy.arc_count == 80
    assert type(hierarchy.height) is int


def test_same_graph_same_hierarchy() -> None:
    net = grid_net(3, 14, 1)
    one, other = build_hierarchy(*net.star), build_hierarchy(*net.star)
    assert (one.rank == other.rank).all()
    assert (one.triangle == other.triangle).all()


def test_the_caller_keeps_arrays_that_can_be_written() -> None:
    net = random_net(1)
    first_out, head = net.star.first_out.copy(), net.head.copy()
    build_hierarchy(first_out, head)
    assert first_out.flags.writeable
    assert head.flags.writeable


@pytest.mark.parametrize("vertex_count", [0, 1, 5])
def test_graphs_without_arcs(vertex_count: int) -> None:
    hierarchy = build_hierarchy(*build(vertex_count, [], [], []).star)
    assert hierarchy.vertex_count == vertex_count
    assert len(hierarchy.triangle) == 0


def test_pool_grows_with_the_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """A random graph fills in far beyond its neighbour lists; with a pool too small it comes out the same."""
    rng = np.random.default_rng(5)
    star = build(60, rng.integers(0, 60, 180), rng.integers(0, 60, 180), np.ones(180)).star
    sizes: list[int] = []
    grow = preparing._grow

    def watch(values: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.int32]:
        sizes.append(size)
        return grow(values, size)

    monkeypatch.setattr(preparing, "_grow", watch)
    small = build_hierarchy(*star)
    assert len(sizes) > 1
    monkeypatch.setattr(preparing, "_grow", lambda values, size: grow(values, 99 * size))
    roomy = build_hierarchy(*star)
    assert len(small.head_depth) > 2 * 180
    assert (small.triangle == roomy.triangle).all()


@pytest.mark.parametrize(
    ("first_out", "head", "said"),
    [
        ([0, 1], [1], "head names vertices from 1 to 1; there are 1"),
        ([0, 1], [-1], "head names vertices from -1 to -1; there are 1"),
        ([0, 2, 1, 3], [0, 1, 2], "rise from 0 to 3"),
        ([1, 3], [0, 0, 0], "rise from 0 to 3"),
        ([0, 2], [0, 0, 0], "rise from 0 to 3"),
        ([], [], "rise from 0 to 0"),
    ],
)
def test_no_forward_star(first_out: list[int], head: list[int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_hierarchy(np.array(first_out, np.int32), np.array(head, np.int32))
