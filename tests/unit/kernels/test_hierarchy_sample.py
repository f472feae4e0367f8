"""Warming up compiles what the wrappers call: their arguments need no second version of a kernel."""

from typing import Any, cast

import numpy as np
import pytest

from dehliz.kernels import (
    hierarchy_build,
    hierarchy_cut,
    hierarchy_flow,
    hierarchy_metric,
    hierarchy_order,
    hierarchy_query,
    hierarchy_sample,
    hierarchy_sweep,
)
from dehliz.kernels.jit import MODE, Kernel
from dehliz.routing import metric as ask
from dehliz.routing.hierarchy import build_hierarchy
from tests.unit.kernels.hierarchies import corridor

SAMPLED: list[Kernel[..., Any]] = [
    hierarchy_order.list_neighbours, hierarchy_order.fill_queue, hierarchy_order.eliminate, hierarchy_order.clear_queue,
    hierarchy_flow.copy_core, hierarchy_cut.dissect, hierarchy_build.number_tree, hierarchy_build.lay_rows,
    hierarchy_build.enter_arcs, hierarchy_build.count_triangles, hierarchy_build.list_triangles,
    hierarchy_metric.enter_weights, hierarchy_metric.relax_triangles, hierarchy_query.distance,
    hierarchy_query.pair_distances, hierarchy_query.path, hierarchy_query.cut_loops, hierarchy_sweep.sweep,
    hierarchy_sweep.climb_all, hierarchy_sweep.join_labels,
]  # fmt: skip


def use_everything() -> None:
    net = corridor(160, 4, 2)
    metric = ask.customise(build_hierarchy(*net.star), np.zeros(len(net.head)))
    some = [1, 5, 9]
    ask.distance(metric, int(some[0]), np.int32(2))  # type: ignore[arg-type]
    ask.path(metric, 3, 7)
    ask.one_to_all(metric, 3)
    ask.all_to_one(metric, 3)
    ask.matrix(metric, some, np.array(some))
    ask.distances(metric, some, np.array(some, np.int32))


def versions(one: Kernel[..., Any]) -> int:
    return len(cast("Any", one.compiled()).signatures)


@pytest.mark.slow
@pytest.mark.skipif(MODE == "off", reason="nothing is compiled")
def test_one_version_of_each_kernel() -> None:
    assert hierarchy_sample.HEIGHT > 0
    for one in SAMPLED:
        assert isinstance(one, Kernel)
        assert one.warm(), one
    before = [versions(one) for one in SAMPLED]
    use_everything()
    after = [versions(one) for one in SAMPLED]
    assert after == before
    # Those called by other kernels of ours (distance) may have a version for their caller as well.
    assert [one.name for one, n in zip(SAMPLED, after, strict=True) if n > 2] == []


def test_samples_run_as_plain_functions() -> None:
    for one in SAMPLED:
        assert one._sample is not None
        one(*one._sample())
