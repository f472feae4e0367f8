"""What must hold on any network: renaming and reordering change nothing, closing an arc never helps."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dehliz.kernels.options import find_options, make_metric
from tests.unit.kernels.networks import Net, build

FEW = settings(max_examples=150, deadline=None, derandomize=True)


@dataclass
class Raw:
    """A network as drawn: vertices, arcs and three integer costs each."""

    vertex_count: int
    tail: list[int]
    head: list[int]
    weight: np.ndarray

    def net(self) -> Net:
        return build(self.vertex_count, self.tail, self.head, self.weight)


@st.composite
def networks(draw: st.DrawFn) -> Raw:
    vertex_count = draw(st.integers(2, 8))
    vertex = st.integers(0, vertex_count - 1)
    cost = st.integers(0, 6)
    arcs = draw(st.lists(st.tuples(vertex, vertex, cost, cost, cost), min_size=1, max_size=26))
    tail, head, *weight = (list(column) for column in zip(*arcs, strict=True))
    return Raw(vertex_count, tail, head, np.array(weight, float))


def values(net: Net, origin: int, destination: int) -> list[list[float]]:
    found: list[list[float]] = find_options(
        make_metric(net.star, net.weight), origin, destination
    ).value.tolist()
    return found


@FEW
@given(networks(), st.randoms(use_true_random=False))
def test_order_of_arcs_and_names_of_vertices_do_not_matter(raw: Raw, chance: object) -> None:
    rng = np.random.default_rng(chance.getrandbits(32))  # type: ignore[attr-defined]
    name = rng.permutation(raw.vertex_count)
    order = rng.permutation(len(raw.tail))
    renamed = build(raw.vertex_count, name[raw.tail][order], name[raw.head][order], raw.weight[:, order])
    last = raw.vertex_count - 1
    assert values(renamed, int(name[0]), int(name[last])) == values(raw.net(), 0, last)


@FEW
@given(networks())
def test_turning_all_arcs_round_swaps_origin_and_destination(raw: Raw) -> None:
    turned = build(raw.vertex_count, raw.head, raw.tail, raw.weight)
    last = raw.vertex_count - 1
    assert values(turned, last, 0) == values(raw.net(), 0, last)


@FEW
@given(networks(), st.data())
def test_closing_an_arc_never_helps(raw: Raw, data: st.DataObject) -> None:
    """Each option that is left is matched or beaten by one that was there before."""
    closed = data.draw(st.integers(0, len(raw.tail) - 1))
    weight = raw.weight.copy()
    weight[:, closed] = np.inf
    last = raw.vertex_count - 1
    before = np.array(values(raw.net(), 0, last)).reshape(-1, 3)
    for option in values(build(raw.vertex_count, raw.tail, raw.head, weight), 0, last):
        assert (before <= option).all(axis=1).any()


@FEW
@given(networks(), st.data())
def test_closing_an_arc_that_no_option_uses_changes_nothing(raw: Raw, data: st.DataObject) -> None:
    net = raw.net()
    last = raw.vertex_count - 1
    options = find_options(make_metric(net.star, net.weight), 0, last)
    unused = sorted(set(range(len(raw.tail))) - set(options.arc.tolist()))
    if not unused:
        return
    weight = net.weight.copy()
    weight[:, data.draw(st.sampled_from(unused))] = np.inf
    again = find_options(make_metric(net.star, weight), 0, last)
    assert again.value.tolist() == options.value.tolist()


@FEW
@given(networks(), st.permutations([0, 1, 2]), st.sampled_from([0.25, 0.5, 2.0, 1024.0]))
def test_order_and_unit_of_criteria_do_not_matter(raw: Raw, order: list[int], factor: float) -> None:
    last = raw.vertex_count - 1
    expected = sorted([value[at] * factor for at in order] for value in values(raw.net(), 0, last))
    other = build(raw.vertex_count, raw.tail, raw.head, raw.weight[order] * factor)
    assert values(other, 0, last) == expected


@FEW
@given(networks(), st.integers(1, 6))
def test_an_arc_more_in_front_adds_its_cost(raw: Raw, step: int) -> None:
    """A new origin with one arc to the old one: every option costs the step more."""
    longer = build(
        raw.vertex_count + 1,
        [*raw.tail, raw.vertex_count],
        [*raw.head, 0],
        np.column_stack([raw.weight, [step] * 3]),
    )
    last = raw.vertex_count - 1
    expected = [[cost + step for cost in value] for value in values(raw.net(), 0, last)]
    assert values(longer, raw.vertex_count, last) == expected


@FEW
@given(networks())
def test_no_option_beats_another_and_paths_pay_what_they_say(raw: Raw) -> None:
    net = raw.net()
    options = find_options(make_metric(net.star, net.weight), 0, raw.vertex_count - 1)
    for at, value in enumerate(options.value):
        others = np.delete(options.value, at, axis=0)
        assert not (others <= value).all(axis=1).any()
        path = options.arc[options.first_arc[at] : options.first_arc[at + 1]]
        assert net.weight[:, path].sum(axis=1).tolist() == value.tolist()
