"""``Gathered``: statistics of all replications side by side, in the order of their numbers.

Made by ``simulation/simulate.py`` of ``Observation``s, read by ``simulation/result_*.py`` and ``compare.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dehliz.graph.graph import FloatArray
from dehliz.simulation.observe import Observation
from dehliz.simulation.observe_use import MOST
from dehliz.simulation.system import freeze


@dataclass(frozen=True, slots=True)
class Gathered:
    """Statistics by replication; what is by week is a mean over replications.

    Attributes
    ----------
    times : (n_replication, n_group, 8) float64
        As in ``Observation``.
    causes_h : (n_replication, n_broad, n_cause) float64
        As in ``Observation``.
    resources : (n_replication, n_resource, 5) float64
        As in ``Observation``.
    ships : (n_replication, 2 n_line, 8) float64
        As in ``Observation``.
    weekly : (8, n_resource, n_week) float64
        Mean of ``Observation.weekly``; of the most that wait, the most of all replications.
    flowing : (4, n_corridor, n_week) float64
        Mean of ``Observation.flowing``.
    samples : tuple of tuple of float64 arrays
        Times of each probe group, by replication.
    under_way : (n_replication,) int64
        Consignments not through at the end of the run.
    """

    times: FloatArray
    causes_h: FloatArray
    resources: FloatArray
    ships: FloatArray
    weekly: FloatArray
    flowing: FloatArray
    samples: tuple[tuple[FloatArray, ...], ...]
    under_way: np.ndarray

    def __post_init__(self) -> None:
        freeze(self)


def gather(observations: Iterable[Observation]) -> Gathered:
    """Put the statistics of replications side by side, each read once and in order.

    Parameters
    ----------
    observations : iterable of Observation
        At least one.
    """
    kept: list[Observation] = []
    weekly = flowing = most = np.zeros(0)
    rows = []
    for one in observations:
        if not kept:
            kept.append(one)
            weekly, flowing, most = one.weekly.copy(), one.flowing.copy(), one.weekly[MOST].copy()
        else:
            weekly += one.weekly
            flowing += one.flowing
            np.maximum(most, one.weekly[MOST], out=most)
        rows.append((one.times, one.causes_h, one.resources, one.ships, one.samples, one.under_way_count))
    weekly /= len(rows)
    flowing /= len(rows)
    weekly[MOST] = most
    times, causes, resources, ships, samples, under_way = zip(*rows, strict=True)
    return Gathered(
        times=np.stack(times),
        causes_h=np.stack(causes),
        resources=np.stack(resources),
        ships=np.stack(ships),
        weekly=weekly,
        flowing=flowing,
        samples=tuple(zip(*samples, strict=True)),
        under_way=np.array(under_way, dtype=np.int64),
    )
