"""Hierarchy against rivals: one graph, the same questions, answers compared before times are shown.

``rail`` at size ``full`` is the world's railways (163,140 vertices), at ``small`` a made-up corridor.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.builders.corridor import corridor
from benchmarks.builders.rail import find_wheel, rail
from benchmarks.registry import Spec, register
from benchmarks.task import Task

REFERENCE_COUNT = 40
TOLERANCE = 1e-9
WORK_CEILING: dict[str, dict[str, float]] = {
    "full": {"edge_count": 380_000, "triangle_count": 360_000, "height_count": 100, "search_edge_count": 650},
    "small": {"edge_count": 9_000, "triangle_count": 12_000, "height_count": 60, "search_edge_count": 200},
}
"""Work of the hierarchy may not exceed this: the order is good, not only the machine quick."""


class Dehliz:
    """Our hierarchy, asked as a user asks it."""

    path_is = "arc"

    def prepare(self, task: Task) -> None:
        from dehliz.routing import hierarchy, metric

        self.ask = metric
        self.hierarchy = hierarchy.build_hierarchy(
            task.first_out.astype(np.int32), task.head.astype(np.int32)
        )
        self.weight = task.weight.astype(float)
        self.customise(self.weight)

    def customise(self, weight: Any) -> None:
        self.metric = self.ask.customise(self.hierarchy, weight)

    def change(self, arc: Any, weight: Any) -> None:
        changed = self.weight.copy()
        changed[arc] = weight
        self.customise(changed)

    def distance(self, origin: int, destination: int) -> float:
        return self.ask.distance(self.metric, origin, destination)

    def path(self, origin: int, destination: int) -> tuple[float, Any]:
        return self.ask.path(self.metric, origin, destination)

    def one_to_all(self, origin: int) -> Any:
        return self.ask.one_to_all(self.metric, origin)

    def matrix(self, origin: Any, destination: Any) -> Any:
        return self.ask.matrix(self.metric, origin, destination)

    def distances(self, pairs: Any) -> Any:
        return self.ask.distances(self.metric, pairs[:, 0], pairs[:, 1])

    def _arrays(self) -> list[npt.NDArray[Any]]:
        holders = (self.hierarchy, self.metric)
        parts = [getattr(holder, name) for holder in holders for name in holder.__dataclass_fields__]
        return [part for part in parts if isinstance(part, np.ndarray)]

    def work(self) -> dict[str, float]:
        """What the hierarchy is made of, and how many edges a search climbs over on average."""
        on = self.hierarchy
        length = np.diff(on.row[:, 0])
        climbed = np.zeros(on.vertex_count + 1)
        for place in range(on.vertex_count - 1, -1, -1):
            climbed[place] = climbed[on.row[place, 1]] + length[place]
        return {
            "edge_count": len(on.head_depth),
            "triangle_count": len(on.triangle),
            "height_count": on.height,
            "search_edge_count": float(climbed[:-1].mean()),
            "array_mb": sum(part.nbytes for part in self._arrays()) / 2**20,
        }


Answers = dict[str, npt.NDArray[np.float64]]


def reference(task: Task) -> Answers:
    """SciPy's plain search on a part of the questions, under each of the three sets of weights."""
    changed = task.weight.copy()
    changed[task.changed] = task.other_weight[task.changed]
    out: Answers = {}
    pair = task.pair[:REFERENCE_COUNT]
    for name, weight in (("distance", task.weight), ("other", task.other_weight), ("changed", changed)):
        graph = csr_matrix((weight.astype(float), task.head, task.first_out))
        label = dijkstra(graph, indices=pair[:, 0])
        out[name] = label[np.arange(len(pair)), pair[:, 1]]
        if name == "distance":
            out["all"] = label[0]
            out["matrix"] = dijkstra(graph, indices=task.origin[:10])[:, task.destination]
            label = dijkstra(graph, indices=task.batch[:10, 0])
            out["batch"] = label[np.arange(10), task.batch[:10, 1]]
    return out


def compare(task: Task, expected: Answers, path_is: str, answers: Answers) -> list[str]:
    """What is wrong with a tool's answers, in words; nothing when they agree."""
    wrong = []
    for name, values in expected.items():
        if name in answers:
            found = answers[name][: len(values)]
            if not np.allclose(found, values[: len(found)], rtol=TOLERANCE, atol=0.0):
                wrong.append(f"{name} differs by up to {np.abs(found - values[: len(found)]).max()}")
    if "path_cost" in answers:
        wrong += _compare_paths(task, expected["distance"], path_is, answers)
    return wrong


def _compare_paths(task: Task, cost: npt.NDArray[np.float64], path_is: str, answers: Answers) -> list[str]:
    lightest: dict[tuple[int, int], int] = {}
    if path_is == "vertex":
        for tail, head, weight in zip(
            task.tail.tolist(), task.head.tolist(), task.weight.tolist(), strict=True
        ):
            lightest[tail, head] = min(weight, lightest.get((tail, head), weight))
    first = answers["path_first"].astype(int)
    step = answers["path_step"].astype(int)
    stated = answers["path_cost"]
    wrong = []
    if not np.allclose(stated[~np.isnan(stated)], cost[: len(stated)][~np.isnan(stated)], rtol=TOLERANCE):
        wrong.append("cost of a path differs")
    if path_is == "none":
        return wrong
    for at in range(len(first) - 1):
        steps = step[first[at] : first[at + 1]]
        if path_is == "arc":
            total = task.weight[steps].sum()
            passed = np.r_[task.tail[steps[:1]], task.head[steps]]
        else:
            total = sum(lightest[pair] for pair in zip(steps[:-1].tolist(), steps[1:].tolist(), strict=True))
            passed = steps
        ends = task.pair[at]
        if total != cost[at] or (len(passed) and (passed[0] != ends[0] or passed[-1] != ends[1])):
            wrong.append(f"path {at} costs {total}, not {cost[at]}")
    return wrong


def build(size: str, source: Path | None) -> Task:
    """The task of a size."""
    return rail(find_wheel(source)) if size == "full" else corridor(400, 4)


register(
    Spec("rail", "least cost on a large graph whose weights change", build, reference, compare, WORK_CEILING)
)
