"""What searches over labels share: codes, the counts of a search under way, room that grows, the way back.

Used by ``pareto.py`` and ``schedule_pareto.py`` and by their faces ``options.py`` and ``schedule_ask.py``.
"""

import numpy as np
import numpy.typing as npt

from dehliz.kernels.jit import Status, lean_kernel
from dehliz.kernels.search import Ints, Scalar

Longs = npt.NDArray[np.int64]

NO_LABEL = -1

OK = int(Status.OK)
OVERFLOW = int(Status.OVERFLOW)
TRUNCATED = int(Status.TRUNCATED)

# places in the tally of a search under way
QUEUED, LABELS, TAKEN, SOLUTIONS = range(4)
TALLY_COUNT = 4

LABEL_LIMIT = 2_000_000
"""Labels settled before a search is cut short: about one second of work."""

WORK_FACTOR = 20
"""Arcs looked at by one query, as a multiple of the arcs of the graph; only feeds the size gate."""

FIRST_ROOM_COUNT = 4_096
"""Labels, options and entries of staircases that there is room for at first."""


@lean_kernel
def trace_labels(before: Ints, solution: Ints, first_arc: Ints, out_label: Ints) -> None:
    """The labels along the way to each option, without that of the origin.

    Parameters
    ----------
    before : (n_room,) int32
        The label that each label came from.
    solution : (n_option,) int32
        Labels that are options.
    first_arc : (n_option + 1,) int32
        Option i has as many labels as arcs, ``first_arc[i + 1] - first_arc[i]``.
    out_label : (n_path_arc,) int32
        Labels in order of travel; label and arc at one place belong together.

    Notes
    -----
    O(n_path_arc).
    """
    for at in range(solution.shape[0]):
        label = solution[at]
        for step in range(first_arc[at + 1] - 1, first_arc[at] - 1, -1):
            out_label[step] = label
            label = before[label]


def trace_options(before: Ints, length: Ints, solution: Ints, work_count: int) -> tuple[Ints, Ints]:
    """Where the way of each option begins, (n_option + 1,) int32, and the labels along it, see ``trace_labels``.

    Parameters
    ----------
    before, length : (n_room,) int32
        The label that each label came from, and its arcs so far.
    solution : (n_option,) int32
        Labels that are options.
    work_count : int
        Arcs touched by the search, for the size gate.
    """
    first_arc = np.zeros(len(solution) + 1, np.int32)
    np.cumsum(length[solution], out=first_arc[1:])
    label = np.empty(first_arc[-1], np.int32)
    trace_labels.pick(work_count)(before, solution, first_arc, label)
    return first_arc, label


def doubled(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    """A copy with room for twice as many rows; the second half is not set."""
    larger = np.empty((2 * array.shape[0], *array.shape[1:]), array.dtype)
    larger[: array.shape[0]] = array
    return larger


@trace_labels.sample
def _trace_sample() -> tuple[object, ...]:
    return np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(1, np.int32), np.zeros(0, np.int32)
