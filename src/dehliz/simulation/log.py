"""``EventLog``: what happened in one replication, one flat record per stage of a consignment and per departure.

``simulation/run.py`` makes it; every statistic is made of it, and nothing is measured that cannot be.
"""

from dataclasses import dataclass

from dehliz.graph.graph import ByteArray, FloatArray, IntArray
from dehliz.simulation.system import LongArray


@dataclass(frozen=True, slots=True)
class EventLog:
    """What happened, in the order of consignments and of their stages.

    Attributes
    ----------
    first_record : (n_consignment + 1,) int64
        Records of consignment ``c`` are ``first_record[c]:first_record[c + 1]``, without gaps.
    stage : (n_record,) int32
        Stage of the system.
    ready_h : (n_record,) float64
        When the consignment came.
    start_h : (n_record,) float64
        When work began, the ship left, the token was had; NaN where that did not happen before the end.
    end_h : (n_record,) float64
        When it was through: work done, ship berthed at the other side; NaN where that did not happen before the end.
    found_count : (n_record,) int32
        How many were waiting there already.
    done_h : (n_consignment,) float64
        When the last stage ended; NaN for those still under way at the end.
    departure_line, departure_side : (n_departure,) int32, int8
        Line and side of each departure, in order of time.
    departure_load : (n_departure,) float64
        Load on board.
    departure_count : (n_departure,) int32
        Consignments on board.
    depart_h, arrive_h, berth_h, turned_h : (n_departure,) float64
        Left; was off the other side; began its turn there, when cargo goes ashore; was ready again. NaN after the end.
    event_count : int
        Events that were processed.
    """

    first_record: LongArray
    stage: IntArray
    ready_h: FloatArray
    start_h: FloatArray
    end_h: FloatArray
    found_count: IntArray
    done_h: FloatArray
    departure_line: IntArray
    departure_side: ByteArray
    departure_load: FloatArray
    departure_count: IntArray
    depart_h: FloatArray
    arrive_h: FloatArray
    berth_h: FloatArray
    turned_h: FloatArray
    event_count: int
