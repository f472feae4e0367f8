"""Sorting of visits against Python's, closures out of order, and what only the event loop can tell."""

import numpy as np
import pytest

from dehliz.base.errors import SolverError
from dehliz.kernels.recursion_data import make_visits, sort_visits
from dehliz.kernels.recursion_move import opens_at
from dehliz.simulation.run import run_events
from dehliz.simulation.run_arrays import make_case
from tests.properties.systems import Yard


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 100, 333])
@pytest.mark.parametrize("shift_h", [0.0, 3.0, 1000.0], ids=["sorted", "nearly", "mixed"])
def test_visits_are_sorted_by_time_and_number(count: int, shift_h: float) -> None:
    """Whole hours, so that many are equal; a piece in the middle of the arrays, whose rest stays as it is."""
    rng = np.random.default_rng(count)
    visits = make_visits(np.array([5, count, 5]), 1)
    visits.ready_h[:] = np.floor(np.arange(count + 10) + shift_h * rng.random(count + 10))
    visits.who[:] = rng.permutation(count + 10)
    before = list(zip(visits.ready_h.tolist(), visits.who.tolist(), strict=True))
    sort_visits(visits, 5, 5 + count)
    after = list(zip(visits.ready_h.tolist(), visits.who.tolist(), strict=True))
    assert after == [*before[:5], *sorted(before[5 : 5 + count]), *before[5 + count :]]


def test_closures_can_be_asked_for_in_any_order() -> None:
    yard = Yard()
    yard.serve(1, closures=[(0.0, 100.0)])
    gate = yard.serve(1, closures=[(1.0, 2.0), (4.0, 5.0), (5.0, 7.0)])
    flow = yard.flow((gate, 1.0))
    case = make_case(yard.system(), yard.release((flow, 0.0)), keeps_log=True)
    moments = [6.0, 0.0, 1.0, 2.0, 4.5, 5.0, 7.0, 1.5]
    opening = [opens_at(case.world, case.state, gate, moment) for moment in moments]
    assert opening == [7.0, -np.inf, 2.0, -np.inf, 7.0, 7.0, -np.inf, 2.0]


def test_work_without_time_is_left_to_the_event_loop() -> None:
    """Consignment 0 begins only as 1 leaves, and takes no time: it comes to the next place after 1, though 0 < 1."""
    yard = Yard()
    first, second = yard.serve(1, draws=[1.0, 0.0]), yard.serve(1)
    flow = yard.flow((first, 2.0), (second, 5.0))
    system, draws = yard.system(), yard.release((flow, 0.0), (flow, 1.0))
    with pytest.raises(SolverError, match="without time"):
        run_events(system, draws, method="recursion")
    assert run_events(system, draws).done_h.tolist() == [7.0, 12.0]


def test_a_way_back_is_left_to_the_event_loop() -> None:
    yard = Yard()
    gate, yard_work = yard.serve(1), yard.serve(1)
    flow = yard.flow((gate, 1.0), (yard_work, 1.0), (gate, 1.0))
    system, draws = yard.system(), yard.release((flow, 0.0))
    with pytest.raises(SolverError, match="ways back"):
        run_events(system, draws, method="recursion")
    assert run_events(system, draws).done_h.tolist() == [3.0]
