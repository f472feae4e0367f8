"""Stochastic user equilibrium written plainly: all routes by hand, Fisk's programme by a dense Newton method.

Nothing here comes from the package: own delay functions, own enumeration, own path sizes, own solver.
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class Case:
    """A small network with BPR delays and trips (segment, origin, destination, volume)."""

    tail: list[int]
    head: list[int]
    free: np.ndarray
    capacity: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    fixed: np.ndarray
    trips: list[tuple[int, int, int, float]]


def bpr_time(case: Case, volume: np.ndarray) -> np.ndarray:
    return np.array(
        [
            t * (1 + a * (x / c) ** b)
            for t, a, b, c, x in zip(case.free, case.alpha, case.beta, case.capacity, volume, strict=True)
        ]
    )


def bpr_slope(case: Case, volume: np.ndarray) -> np.ndarray:
    return np.array(
        [
            t * a * b * x ** (b - 1) / c**b if np.isfinite(c) and a * b > 0 else 0.0
            for t, a, b, c, x in zip(case.free, case.alpha, case.beta, case.capacity, volume, strict=True)
        ]
    )


def bpr_integral(case: Case, volume: np.ndarray) -> np.ndarray:
    return np.array(
        [
            t * x + t * a / (b + 1) * x * (x / c) ** b
            for t, a, b, c, x in zip(case.free, case.alpha, case.beta, case.capacity, volume, strict=True)
        ]
    )


def list_routes(case: Case, segment: int, origin: int, destination: int) -> list[list[int]]:
    """Every route without a loop that the segment may use, in order of the arcs."""
    found: list[list[int]] = []

    def walk(vertex: int, seen: set[int], path: list[int]) -> None:
        if vertex == destination:
            found.append(list(path))
            return
        for arc, (tail, head) in enumerate(zip(case.tail, case.head, strict=True)):
            if tail == vertex and head not in seen and np.isfinite(case.fixed[segment, arc]):
                walk(head, seen | {head}, [*path, arc])

    walk(origin, {origin}, [])
    return found


def size_of(routes: list[list[int]], length: np.ndarray) -> np.ndarray:
    """Path sizes of Ben-Akiva and Bierlaire."""
    sizes = []
    for route in routes:
        total = sum(length[arc] for arc in route)
        sizes.append(sum(length[arc] / total / sum(arc in other for other in routes) for arc in route))
    return np.array(sizes)


def solve_fisk(
    case: Case,
    routes: list[list[list[int]]],
    scale: list[float],
    log_size: list[np.ndarray],
    constant: list[np.ndarray],
    nest: list[list[int]],
    nest_factor: float,
) -> list[np.ndarray]:
    """Flows of the routes of each trip that minimise Beckmann plus entropy, by Newton on the conditions.

    min sum_a int t + sum f (fixed + constant) + sum 1/s (f (ln f/F - ln size)) + sum 1/(s m) F ln F/q, f adds up to q.
    """
    place = [(trip, at) for trip, some in enumerate(routes) for at in range(len(some))]
    count = len(place)
    use = np.zeros((len(case.tail), count))
    paid = np.zeros(count)
    owner = np.zeros((len(routes), count))
    for column, (trip, at) in enumerate(place):
        use[routes[trip][at], column] += 1
        segment = case.trips[trip][0]
        paid[column] = case.fixed[segment][routes[trip][at]].sum() + constant[trip][at]
        owner[trip, column] = 1
    keys = sorted({(trip, nest[trip][at]) for trip, at in place})
    group = np.array([[float(key == (trip, nest[trip][at])) for trip, at in place] for key in keys])
    group_scale = np.array([scale[key[0]] for key in keys])
    route_scale = np.array([scale[trip] for trip, _ in place])
    sizes = np.concatenate(log_size)
    demand = np.array([one[3] for one in case.trips])
    flow = owner.T @ (demand / owner.sum(axis=1))
    extra = (1 / nest_factor - 1) / group_scale

    def objective(f: np.ndarray) -> float:
        inside = group @ f
        return float(
            bpr_integral(case, use @ f).sum() + f @ paid + (f * (np.log(f) - sizes) / route_scale).sum()
            + (extra * inside * np.log(inside)).sum()
        )  # fmt: skip

    for _ in range(500):
        inside = group @ flow
        gradient = (
            use.T @ bpr_time(case, use @ flow) + paid + (np.log(flow) + 1 - sizes) / route_scale
            + group.T @ (extra * (np.log(inside) + 1))
        )  # fmt: skip
        hessian = (
            use.T @ np.diag(bpr_slope(case, use @ flow)) @ use + np.diag(1 / (route_scale * flow))
            + group.T @ np.diag(extra / inside) @ group
        )  # fmt: skip
        # Newton in units of the flows themselves: flows span many powers of ten.
        unit = np.diag(flow)
        zero = np.zeros((len(owner), len(owner)))
        system = np.block([[unit @ hessian @ unit, unit @ owner.T], [owner @ unit, zero]])
        right = np.concatenate([-flow * gradient, demand - owner @ flow])
        step = flow * np.linalg.lstsq(system, right, rcond=None)[0][:count]
        length = min(1.0, 0.9 / max(1e-300, float((-step / flow).max())))
        here = objective(flow)
        while objective(flow + length * step) > here + 1e-12 * abs(here) and length > 1e-12:
            length /= 2
        flow = flow + length * step
        if float(np.abs(step / flow).max()) < 1e-11:
            break
    return [flow[owner[trip] > 0] for trip in range(len(routes))]
