"""Reads the log of one replication: what each consignment's time went to, and what stood at each resource by week.

``simulation/observe.py`` makes the arrays of ``observe_data.py`` of an ``EventLog`` and calls ``tally_records``;
``spread_spans`` does the same for what is no consignment: ships at berths, closures.
"""

import numpy as np

from dehliz.kernels.jit import lean_kernel
from dehliz.kernels.observe_data import (
    BERTH,
    BOARD,
    GIVE,
    HOURS,
    SEA,
    SERVE,
    TAKE,
    WEATHER,
    Floats,
    Ints,
    Sailings,
    Setting,
    Spells,
    Trail,
    Use,
)
from dehliz.kernels.search import freeze


@lean_kernel
def measure_overlap(spells: Spells, row: int, from_h: float, to_h: float) -> float:
    """Hours of ``[from_h, to_h)`` that lie in the spells of a list [h].

    Parameters
    ----------
    spells : Spells
        Lists.
    row : int
        Which of them.
    from_h, to_h : float
        Half-open span [h].

    Notes
    -----
    Binary search, then one step a spell: O(log of the list + spells met).
    """
    low = int(spells.first[row])
    last = int(spells.first[row + 1])
    high = last
    while low < high:
        middle = (low + high) // 2
        if spells.end_h[middle] <= from_h:
            low = middle + 1
        else:
            high = middle
    total = 0.0
    while low < last and spells.start_h[low] < to_h:
        total += min(spells.end_h[low], to_h) - max(spells.start_h[low], from_h)
        low += 1
    return total


@lean_kernel
def _spread(resource: int, from_h: float, to_h: float, week_h: float, out_hours_h: Floats) -> None:
    """Add a span to the weeks that it lies in [h]; O(weeks touched)."""
    week = int(from_h / week_h)
    while from_h < to_h and week < out_hours_h.shape[1]:
        edge_h = min(to_h, (week + 1) * week_h)
        out_hours_h[resource, week] += edge_h - from_h
        from_h = edge_h
        week += 1


@lean_kernel
def spread_spans(
    resource: Ints,
    from_h: Floats,
    to_h: Floats,
    week_h: float,
    out_hours_h: Floats,
    out_standing_count: Floats,
) -> None:
    """Add spans to the weeks of their resources, and count those that a week begins in.

    Parameters
    ----------
    resource : (n_span,) int32
        Row of each span.
    from_h, to_h : (n_span,) float64
        Half-open spans [h].
    week_h : float
        Length of a week [h].
    out_hours_h, out_standing_count : (n_resource, n_week) float64
        Added to.

    Notes
    -----
    O(n_span) and one step per week that a span touches.
    """
    for at in range(resource.shape[0]):
        _spread(resource[at], from_h[at], to_h[at], week_h, out_hours_h)
        _stand(resource[at], from_h[at], to_h[at], week_h, out_standing_count)


@lean_kernel
def _stand(resource: int, from_h: float, to_h: float, week_h: float, out_standing_count: Floats) -> None:
    """Count a span in each week whose first moment it holds; O(weeks touched)."""
    week = int(from_h / week_h)
    if week * week_h < from_h:
        week += 1
    while week < out_standing_count.shape[1] and week * week_h < to_h:
        out_standing_count[resource, week] += 1.0
        week += 1


@lean_kernel
def _find_sailing(sailings: Sailings, quay: int, depart_h: float, berth_h: float) -> int:
    """The departure that a consignment took: by its time, and by that of its berthing where several left at once.

    O(log of the departures of the quay + those at that time).
    """
    low = int(sailings.first[quay])
    last = int(sailings.first[quay + 1])
    high = last
    while low < high:
        middle = (low + high) // 2
        if sailings.depart_h[middle] < depart_h:
            low = middle + 1
        else:
            high = middle
    at = low
    while at + 1 < last and sailings.depart_h[at + 1] == depart_h:
        if sailings.berth_h[at] == berth_h:
            break
        at += 1
    return at


@lean_kernel
def _split_wait(
    shut: Spells, known: Spells, row: int, from_h: float, to_h: float, cause: int, out_cause_h: Floats
) -> None:
    """Give a wait to weather, to opening hours, and what is left to its own cause."""
    closed_h = measure_overlap(shut, row, from_h, to_h)
    if closed_h > 0.0:
        known_h = min(closed_h, measure_overlap(known, row, from_h, to_h))
        out_cause_h[HOURS] += known_h
        out_cause_h[WEATHER] += closed_h - known_h
    out_cause_h[cause] += to_h - from_h - closed_h


@lean_kernel
def _find_return(trail: Trail, setting: Setting, row: int, last: int, end_h: float) -> float:
    """When a token taken at a row is back: after the next GIVE of its pool and its mean way back; else at the end.

    O(rows of the consignment).
    """
    pool = setting.stage_resource[trail.stage[row]]
    for later in range(row + 1, last):
        stage = trail.stage[later]
        resource = setting.stage_resource[stage]
        if setting.kind[resource] == GIVE and setting.partner[resource] == pool:
            return float(min(end_h, trail.ready_h[later] + setting.stage_time_h[stage]))
    return end_h


@lean_kernel
def _count_use(
    trail: Trail,
    setting: Setting,
    row: int,
    last: int,
    start_h: float,
    through_h: float,
    end_h: float,
    week_h: float,
    use: Use,
) -> None:
    """Add a record to the weeks of its resource."""
    resource = setting.stage_resource[trail.stage[row]]
    kind = setting.kind[resource]
    ready_h = trail.ready_h[row]
    week = min(int(ready_h / week_h), use.out_came_count.shape[1] - 1)
    use.out_came_count[resource, week] += 1.0
    if start_h > ready_h:
        _spread(resource, ready_h, start_h, week_h, use.out_queue_h)
        _stand(resource, ready_h, start_h, week_h, use.out_standing_count)
        waiting_count = trail.found_count[row] + 1.0
        use.out_most_count[resource, week] = max(use.out_most_count[resource, week], waiting_count)
    if kind == SERVE:
        _spread(resource, start_h, through_h, week_h, use.out_busy_h)
    elif kind == TAKE:
        _spread(resource, start_h, _find_return(trail, setting, row, last, end_h), week_h, use.out_busy_h)


@lean_kernel
def _split_crossing(
    setting: Setting,
    sailings: Sailings,
    shut: Spells,
    known: Spells,
    resource: int,
    start_h: float,
    berth_h: float,
    end_h: float,
    out_cause_h: Floats,
) -> float:
    """Give a crossing to the sea and to the wait off the port; returns the hours of that wait."""
    through_h = end_h if np.isnan(berth_h) else berth_h
    quay = setting.quay[resource]
    off_h = sailings.arrive_h[_find_sailing(sailings, quay, start_h, berth_h)]
    if not off_h < through_h:
        out_cause_h[SEA] += through_h - start_h
        return 0.0
    out_cause_h[SEA] += off_h - start_h
    row = setting.kind.shape[0] + (quay ^ 1)
    _split_wait(shut, known, row, off_h, through_h, BERTH, out_cause_h)
    return float(through_h - off_h)


@lean_kernel
def tally_records(
    trail: Trail,
    setting: Setting,
    sailings: Sailings,
    shut: Spells,
    known: Spells,
    place: Ints,
    weight: Floats,
    end_h: float,
    week_h: float,
    use: Use,
    out_cause_h: Floats,
    out_wait_h: Floats,
) -> None:
    """What the time of each consignment went to, and the use of each resource by week.

    Parameters
    ----------
    trail, setting, sailings : Trail, Setting, Sailings
        Log and system.
    shut, known : Spells
        All closures, and those that are known beforehand (opening hours, holidays).
    place : (n_consignment,) int32
        Row of ``out_cause_h`` that each consignment adds to.
    weight : (n_consignment,) float64
        By which a wait of each consignment counts for a resource.
    end_h, week_h : float
        End of the run; length of a week [h].
    use : Use
        Added to.
    out_cause_h : (n_place, n_cause) float64
        Added to: hours by cause; what a consignment adds is its time from release to the end of the last stage (or of
        the run).
    out_wait_h : (n_resource,) float64
        Added to: weighted hours waited at each resource.

    Notes
    -----
    One pass over the records, O(n_record log n_closure). Who is not through at the end of the run counts until then.
    """
    for consignment in range(weight.shape[0]):
        last = trail.first_record[consignment + 1]
        causes_h = out_cause_h[place[consignment]]
        for row in range(trail.first_record[consignment], last):
            stage = trail.stage[row]
            resource = setting.stage_resource[stage]
            ready_h = trail.ready_h[row]
            start_h = end_h if np.isnan(trail.start_h[row]) else trail.start_h[row]
            through_h = end_h if np.isnan(trail.end_h[row]) else trail.end_h[row]
            if start_h > ready_h:
                _split_wait(shut, known, resource, ready_h, start_h, setting.wait_cause[stage], causes_h)
                out_wait_h[resource] += weight[consignment] * (start_h - ready_h)
            if through_h > start_h:
                if setting.kind[resource] == BOARD:
                    off_h = _split_crossing(
                        setting, sailings, shut, known, resource, start_h, trail.end_h[row], end_h, causes_h
                    )
                    out_wait_h[setting.dock[resource]] += weight[consignment] * off_h
                else:
                    causes_h[setting.work_cause[stage]] += through_h - start_h
            _count_use(trail, setting, row, last, start_h, through_h, end_h, week_h, use)


@spread_spans.sample
def _sample_spans() -> tuple[Ints, Floats, Floats, float, Floats, Floats]:
    none, one = freeze([], np.float64), np.zeros((1, 1))
    return freeze([], np.int32), none, none, 168.0, one, one.copy()


@tally_records.sample
def _sample_records() -> tuple[
    Trail, Setting, Sailings, Spells, Spells, Ints, Floats, float, float, Use, Floats, Floats
]:
    ints, bytes_, hours = freeze([0], np.int32), freeze([0], np.int8), freeze([0.0], np.float64)
    none = freeze([], np.float64)
    trail = Trail(freeze([0, 1], np.int64), ints, ints, hours, hours, hours)
    setting = Setting(ints, hours, bytes_, bytes_, bytes_, ints, ints, ints)
    spells = Spells(freeze([0, 0], np.int32), none, none)
    use = Use(*(np.zeros((1, 1)) for _ in range(5)))
    sailings = Sailings(ints, none, none, none)
    return (
        trail,
        setting,
        sailings,
        spells,
        spells,
        ints,
        hours,
        1.0,
        168.0,
        use,
        np.zeros((1, 4)),
        np.zeros(1),
    )
