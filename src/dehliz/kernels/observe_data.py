"""Arrays of reading a log: its records, what stages and resources are, closures, departures, and what is written.

Made by ``simulation/observe.py``, read and written by ``observe.py``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]

DELAY, SERVE, BOARD, TAKE, GIVE = 0, 1, 2, 3, 4
SEA, BERTH, WEATHER, HOURS = 0, 1, 2, 3
"""Causes that the kernel itself tells apart; all others come with the stages."""


class Trail(NamedTuple):
    """Records of a log.

    Attributes
    ----------
    first_record : (n_consignment + 1,) int64
        Records by consignment.
    stage, found_count : (n_record,) int32
        As in ``EventLog``.
    ready_h, start_h, end_h : (n_record,) float64
        As in ``EventLog``; NaN where it did not happen [h].
    """

    first_record: Longs
    stage: Ints
    found_count: Ints
    ready_h: Floats
    start_h: Floats
    end_h: Floats


class Setting(NamedTuple):
    """What stages and resources are.

    Attributes
    ----------
    stage_resource : (n_stage,) int32
        Resource.
    stage_time_h : (n_stage,) float64
        Mean time; of a GIVE the way back of the token [h].
    wait_cause, work_cause : (n_stage,) int8
        Cause of the wait and of the work; those of BOARD are split further.
    kind : (n_resource,) int8
        ``ResourceKind``.
    partner, quay, dock : (n_resource,) int32
        Pool of a GIVE; twice the line plus the side of a BOARD; resource that a wait off the other side counts for.
    """

    stage_resource: Ints
    stage_time_h: Floats
    wait_cause: Bytes
    work_cause: Bytes
    kind: Bytes
    partner: Ints
    quay: Ints
    dock: Ints


class Spells(NamedTuple):
    """Closures: rows of list ``i`` are ``first[i]:first[i + 1]``, ascending and disjoint.

    Lists of resources come first (those of a BOARD hold the closures of both sides), then one by quay, with the
    closures of that side alone.

    Attributes
    ----------
    first : (n_list + 1,) int32
        Where each list begins.
    start_h, end_h : (n_spell,) float64
        Half-open spells [h].
    """

    first: Ints
    start_h: Floats
    end_h: Floats


class Sailings(NamedTuple):
    """Departures by quay, ascending.

    Attributes
    ----------
    first : (n_quay + 1,) int32
        Where those of each quay begin.
    depart_h, arrive_h, berth_h : (n_departure,) float64
        Left, was off the other side, berthed; NaN where that was not before the end [h].
    """

    first: Ints
    depart_h: Floats
    arrive_h: Floats
    berth_h: Floats


class Use(NamedTuple):
    """What is written by resource and week, all (n_resource, n_week) float64.

    Attributes
    ----------
    out_came_count, out_queue_h : float64
        Who came; time that they waited [h].
    out_busy_h : float64
        Time of servers and tokens in use [h].
    out_standing_count, out_most_count : float64
        Who waited as the week began; most that waited after somebody came.
    """

    out_came_count: Floats
    out_queue_h: Floats
    out_busy_h: Floats
    out_standing_count: Floats
    out_most_count: Floats
