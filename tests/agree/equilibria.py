"""Small networks to find equilibria on: from lists, from the cases, at random."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.assignment.equilibrium import find_equilibrium
from dehliz.assignment.result import Assignment
from dehliz.assignment.settings import AssignmentSettings
from dehliz.graph.load_costs import LoadCosts
from dehliz.graph.trips import Trips, make_trips
from dehliz.kernels.delay import DelayForm

CASES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Small:
    """A forward star with costs, and the place of each arc among the rows it was made of."""

    first_out: npt.NDArray[np.int32]
    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    row: npt.NDArray[np.intp]
    costs: LoadCosts

    @property
    def vertex_count(self) -> int:
        return len(self.first_out) - 1

    def solve(self, trips: Trips, target: float = 1e-12, **more: object) -> Assignment:
        settings = AssignmentSettings(target_gap_share=target, **more)  # type: ignore[arg-type]
        return find_equilibrium(self, self.costs, trips, settings)

    def by_row(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Values of arcs in the order of the rows."""
        out = np.empty_like(values)
        out[..., self.row] = values
        return out


def small(
    vertex_count: int,
    ends: npt.ArrayLike,
    free: npt.ArrayLike,
    capacity: npt.ArrayLike,
    alpha: npt.ArrayLike,
    beta: npt.ArrayLike,
    fixed: npt.ArrayLike | None = None,
    background: npt.ArrayLike | None = None,
    form: int = DelayForm.BPR,
) -> Small:
    """A network from rows of arcs; ``fixed`` has one row a segment."""
    pairs = np.asarray(ends, np.int64).reshape(-1, 2)
    count = len(pairs)
    order = np.lexsort((np.arange(count), pairs[:, 0]))
    tail, head = pairs[order].T.astype(np.int32)
    first_out = np.searchsorted(tail, np.arange(vertex_count + 1)).astype(np.int32)

    def column(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return np.ascontiguousarray(np.broadcast_to(np.asarray(values, float), (count,))[order])

    rows = np.zeros((1, count)) if fixed is None else np.atleast_2d(np.asarray(fixed, float))
    costs = LoadCosts(
        form=np.full(count, form, np.int8),
        free_time_h=column(free),
        capacity_t_d=column(capacity),
        alpha_factor=column(alpha),
        beta_factor=column(beta),
        fixed_h=np.ascontiguousarray(rows[:, order]),
        value_of_time_usd_t_h=np.ones(len(rows)),
        background_t_d=column(0.0 if background is None else background),
        is_capped=np.zeros(count, bool),
    )
    return Small(first_out, np.ascontiguousarray(tail), np.ascontiguousarray(head), order, costs)


def trips_of(rows: npt.ArrayLike, segment_ids: tuple[str, ...] = ("all",)) -> Trips:
    """Trips from rows of segment, origin, destination, volume."""
    table = np.asarray(rows, float).reshape(-1, 4)
    return make_trips(table[:, 0], table[:, 1], table[:, 2], table[:, 3], segment_ids)


def read_case(name: str) -> tuple[Small, Trips, pd.DataFrame]:
    """Network, trips and links of a case; its vertices count from 1."""
    link = pd.read_csv(CASES / name / "link.csv")
    trip = pd.read_csv(CASES / name / "trip.csv")
    count = int(link[["from", "to"]].to_numpy().max())
    ends = link[["from", "to"]].to_numpy() - 1
    net = small(count, ends, link["free_time"], link["capacity"], link["alpha"], link["beta"])
    rows = np.stack(
        [np.zeros(len(trip)), trip["origin"] - 1, trip["destination"] - 1, trip["volume"]], axis=1
    )
    return net, trips_of(rows), link


def balance(net: Small, found: Assignment) -> float:
    """Largest fault of conservation over segments and vertices: out minus in minus what starts and ends there."""
    worst = 0.0
    trips = found.trips
    served = trips.volume_t_d - found.unserved
    for segment in range(trips.n_segment):
        mine = trips.segment == segment
        volume = found.volume_t_d[segment]
        rest = np.bincount(net.tail, weights=volume, minlength=net.vertex_count)
        rest -= np.bincount(net.head, weights=volume, minlength=net.vertex_count)
        rest -= np.bincount(trips.origin[mine], weights=served[mine], minlength=net.vertex_count)
        rest += np.bincount(trips.destination[mine], weights=served[mine], minlength=net.vertex_count)
        worst = max(worst, float(np.abs(rest).max(initial=0.0)))
    return worst
