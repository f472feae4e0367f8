"""Other libraries on the same task: thin adapters, each the way its own documentation shows.

Runs in an environment of its own, without Dehliz; a library that is not there is left out. Paths are arcs
where ``path_is`` says so, else vertices.
"""

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.task import Task


class RoutingKitCch:
    """routingkit-cch: RoutingKit's customizable hierarchy, order by inertial flow on coordinates."""

    path_is = "arc"

    def prepare(self, task: Task) -> None:
        rk: Any = import_module("routingkit_cch")
        self.rk, self.task = rk, task
        tail, head = task.tail.tolist(), task.head.tolist()
        latitude, longitude = task.coordinate.T.tolist()
        order = rk.compute_order_inertial(task.vertex_count, tail, head, latitude, longitude)
        self.cch = rk.CCH(order, tail, head, False)
        self.metric = rk.CCHMetric(self.cch, task.weight.tolist())
        self.weights = {id(weight): weight.tolist() for weight in (task.weight, task.other_weight)}
        self.query = rk.CCHQuery(self.metric)

    def distance(self, origin: int, destination: int) -> Any:
        return self.query.run(origin, destination).distance

    def path(self, origin: int, destination: int) -> tuple[float, list[int]]:
        result = self.query.run(origin, destination)
        return result.distance, result.arc_path

    def one_to_all(self, origin: int) -> Any:
        if not hasattr(self, "everyone"):
            self.everyone = self.rk.CCHOneToMany(self.metric, list(range(self.task.vertex_count)))
        return self.everyone.distances_from(origin)

    def matrix(self, origin: Any, destination: Any) -> Any:
        pinned = self.rk.CCHOneToMany(self.metric, destination.tolist())
        return [pinned.distances_from(vertex) for vertex in origin.tolist()]

    def distances(self, pairs: Any) -> Any:
        run = self.query.run
        return [run(origin, destination).distance for origin, destination in pairs.tolist()]

    def customise(self, weight: Any) -> None:
        self.query = self.everyone = None
        del self.everyone
        self.metric.reset(self.weights[id(weight)])
        self.query = self.rk.CCHQuery(self.metric)

    def change(self, arc: Any, weight: Any) -> None:
        if not hasattr(self, "updater"):
            self.updater = self.rk.CCHMetricPartialUpdater(self.cch)
        self.query = None
        self.updater.apply(self.metric, dict(zip(arc.tolist(), weight.tolist(), strict=True)))
        self.query = self.rk.CCHQuery(self.metric)


class ChRouter:
    """ch-router: RoutingKit's plain hierarchy, made for one set of weights."""

    path_is = "arc"

    def prepare(self, task: Task) -> None:
        ch_router: Any = import_module("ch_router")
        arrays = (task.tail.astype(np.uint32), task.head.astype(np.uint32), task.weight.astype(np.uint32))
        self.hierarchy = ch_router.ContractionHierarchy.build(task.vertex_count, *arrays)
        self.query = ch_router.CHQuery(self.hierarchy)

    def distance(self, origin: int, destination: int) -> Any:
        return self.query.reset().add_source(origin).add_target(destination).run().get_distance()

    def path(self, origin: int, destination: int) -> tuple[float, list[int]]:
        cost = self.distance(origin, destination)
        return cost, self.query.get_arc_path()

    def distances(self, pairs: Any) -> Any:
        return [self.distance(origin, destination) for origin, destination in pairs.tolist()]


class PyRoutingKit:
    """pyroutingkit: RoutingKit's customizable hierarchy, nested dissection of its own."""

    path_is = "arc"

    def prepare(self, task: Task) -> None:
        pyroutingkit: Any = import_module("pyroutingkit")
        self.topology = pyroutingkit.CCHTopology()
        latitude, longitude = np.ascontiguousarray(task.coordinate.T, np.float32)
        ends = (task.tail.astype(np.uint32), task.head.astype(np.uint32))
        self.topology.build(*ends, latitude, longitude, task.vertex_count)
        self.metric = pyroutingkit.CCHMetric(self.topology)
        self.customise(task.weight)

    def customise(self, weight: Any) -> None:
        self.metric.customize(weight.astype(np.uint32))

    def change(self, arc: Any, weight: Any) -> None:
        self.metric.update_weights(arc.astype(np.uint32), weight.astype(np.uint32))

    def distance(self, origin: int, destination: int) -> Any:
        return self.metric.query(origin, destination)[0]

    def path(self, origin: int, destination: int) -> tuple[float, Any]:
        cost, _, arcs = self.metric.query(origin, destination)
        return cost, arcs

    def matrix(self, origin: Any, destination: Any) -> Any:
        return self.metric.distances_many_to_many(origin.astype(np.uint32), destination.astype(np.uint32))


class ScgraphDefault:
    """scgraph, its default for geographic graphs: latitude and longitude in, coordinates out."""

    path_is = "none"

    def prepare(self, task: Task) -> None:
        scgraph: Any = import_module("scgraph")
        graph = adjacency(task)
        self.place = [{"latitude": lat, "longitude": lon} for lat, lon in task.coordinate.tolist()]
        self.graph = scgraph.GeoGraph(graph=graph, nodes=task.coordinate.tolist())

    def path(self, origin: int, destination: int) -> tuple[float, list[int]]:
        route = self.graph.get_shortest_path(
            self.place[origin], self.place[destination], off_graph_circuity=0
        )
        return route["length"], []


class ScgraphHierarchy:
    """scgraph's contraction hierarchy, vertex to vertex."""

    path_is = "vertex"

    def prepare(self, task: Task) -> None:
        scgraph: Any = import_module("scgraph")
        self.graph = scgraph.Graph(adjacency(task))
        self.graph.create_contraction_hierarchy()

    def distance(self, origin: int, destination: int) -> Any:
        return self.graph.contraction_hierarchy(origin, destination, length_only=True)["length"]

    def path(self, origin: int, destination: int) -> tuple[float, list[int]]:
        route = self.graph.contraction_hierarchy(origin, destination)
        return route["length"], route["path"]


class Scipy:
    """SciPy's Dijkstra: all targets, labels only."""

    path_is = "none"

    def prepare(self, task: Task) -> None:
        sparse: Any = import_module("scipy.sparse")
        self.dijkstra = import_module("scipy.sparse.csgraph").dijkstra
        self.graph = sparse.csr_matrix((task.weight.astype(float), task.head, task.first_out))

    def one_to_all(self, origin: int) -> Any:
        return self.dijkstra(self.graph, indices=origin)

    def distance(self, origin: int, destination: int) -> Any:
        return float(self.one_to_all(origin)[destination])


class Rustworkx:
    """rustworkx: Dijkstra with a target."""

    path_is = "vertex"

    def prepare(self, task: Task) -> None:
        self.rx: Any = import_module("rustworkx")
        self.graph = self.rx.PyDiGraph(multigraph=True)
        self.graph.add_nodes_from(list(range(task.vertex_count)))
        arcs = zip(task.tail.tolist(), task.head.tolist(), task.weight.astype(float).tolist(), strict=True)
        self.graph.add_edges_from(list(arcs))

    def distance(self, origin: int, destination: int) -> Any:
        return self.rx.dijkstra_shortest_path_lengths(self.graph, origin, float, goal=destination)[
            destination
        ]

    def path(self, origin: int, destination: int) -> tuple[float, list[int]]:
        found = self.rx.dijkstra_shortest_paths(self.graph, origin, target=destination, weight_fn=float)
        return float("nan"), list(found[destination])


class Igraph:
    """igraph: Dijkstra to one target."""

    path_is = "arc"

    def prepare(self, task: Task) -> None:
        igraph: Any = import_module("igraph")
        ends = np.stack([task.tail, task.head], axis=1).tolist()
        self.graph = igraph.Graph(n=task.vertex_count, edges=ends, directed=True)
        self.graph.es["weight"] = task.weight.astype(float).tolist()

    def distance(self, origin: int, destination: int) -> Any:
        return self.graph.distances(origin, destination, weights="weight")[0][0]

    def path(self, origin: int, destination: int) -> tuple[float, list[int]]:
        arcs = self.graph.get_shortest_path(origin, destination, weights="weight", output="epath")
        return float("nan"), arcs


def adjacency(task: Task) -> list[dict[int, float]]:
    """List of dictionaries, the lightest of parallel arcs."""
    out: list[dict[int, float]] = [{} for _ in range(task.vertex_count)]
    for tail, head, weight in zip(task.tail.tolist(), task.head.tolist(), task.weight.tolist(), strict=True):
        out[tail][head] = min(float(weight), out[tail].get(head, float("inf")))
    return out


RIVALS: dict[str, tuple[str, type[Any]]] = {
    "routingkit-cch": ("routingkit_cch", RoutingKitCch),
    "pyroutingkit": ("pyroutingkit", PyRoutingKit),
    "ch-router": ("ch_router", ChRouter),
    "scgraph hierarchy": ("scgraph", ScgraphHierarchy),
    "scgraph default": ("scgraph", ScgraphDefault),
    "scipy": ("scipy", Scipy),
    "rustworkx": ("rustworkx", Rustworkx),
    "igraph": ("igraph", Igraph),
}
"""Tool to the module it needs and its adapter."""
