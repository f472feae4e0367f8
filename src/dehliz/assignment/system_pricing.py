"""Prices of the system optimum: the bound that any prices prove, and first prices found without a programme.

For prices p >= 0 of capacities and a penalty M, no loading costs less than
``sum over trips of volume x min(M, cheapest route at cost + p) - sum over arcs of p x capacity`` (Lagrange).
"""

import numpy as np

from dehliz.assignment.system_master import Master
from dehliz.assignment.system_problem import Floats, Ints, Longs, Problem, load_facilities
from dehliz.kernels.pricing import Pricer

SEEK_ROUND_COUNT = 20
"""Rounds of ``seek_prices``: each costs one pricing; more of them saved no simplex time that was worth it."""

SEEK_STEP_FACTOR = 2.0
OVERLOAD_LIMIT = 3.0


class Bounder:
    """Prices routes and keeps the best bound that any prices have proven.

    Parameters
    ----------
    problem : Problem
        What is to be solved.
    cost : (n_class, n_arc) float64
        Costs to price with: those of the problem, or 0 where only what is served counts.
    penalty : float
        What a unit that stays unserved costs.

    Notes
    -----
    Prices are those of facilities, at the arcs that stand for them; every arc of a facility pays.
    """

    def __init__(self, problem: Problem, cost: Floats, penalty: float) -> None:
        self._problem = problem
        self._pricer = Pricer(problem.star, cost, problem.trip)
        self.penalty = penalty
        self.best = -np.inf
        self.price = np.zeros(len(problem.capacity))

    def set_penalty(self, penalty: float) -> None:
        """Forget bounds, since they were proven for another penalty."""
        self.penalty = penalty
        self.best = -np.inf

    def routes(self, price: Floats, judge: Floats, worth: Floats) -> tuple[Longs, Ints]:
        """Cheapest routes at ``price`` that cost less than the worth of their trip at ``judge``; bounds on the way."""
        at = self._problem.facility
        least, first_arc, arc = self._pricer.price(price[at], judge[at], worth)
        scarce = price > 0.0
        rent = float(price[scarce] @ self._problem.capacity[scarce])
        bound = float(self._problem.volume @ np.minimum(self.penalty, least)) - rent
        if bound > self.best:
            self.best, self.price = bound, price
        return first_arc, arc


def seek_prices(problem: Problem, master: Master, bounder: Bounder) -> None:
    """Raise prices where flow exceeds capacity, lower them where it does not, and keep all routes met on the way.

    Notes
    -----
    A subgradient method with steps that shrink as 1 / sqrt(k), on loads half of this round and half the mean of
    all rounds. It gives the master a good start: without it the first master programmes know one route a trip, leave
    much unserved, and price arcs at the penalty (measured: two to three times the simplex iterations).
    """
    worth = np.full(problem.trip_count, bounder.penalty)
    first_arc, arc = problem.first_routes
    capped = np.flatnonzero(np.isfinite(problem.capacity))
    capacity = np.maximum(problem.capacity[capped], 1e-9)
    typical = problem.cost.min(axis=0)[capped]
    typical = np.where(np.isfinite(typical), typical, 0.0)
    step = SEEK_STEP_FACTOR * np.maximum(typical, typical.mean() if len(typical) else 0.0)
    price = np.zeros(len(problem.capacity))
    load = load_facilities(problem, first_arc, arc, problem.volume)
    mean, ever = load.copy(), load > problem.capacity
    master.add_routes(first_arc, arc)
    for number in range(1, SEEK_ROUND_COUNT + 1):
        if not ever.any():
            return
        over = np.clip(load[capped] / capacity - 1.0, -1.0, OVERLOAD_LIMIT)
        price = price.copy()
        price[capped] = np.maximum(0.0, price[capped] + step / np.sqrt(number) * over)
        first_arc, arc = bounder.routes(price, price, worth)
        load = load_facilities(problem, first_arc, arc, problem.volume)
        master.add_routes(first_arc, arc)
        ever |= load > problem.capacity
        mean += (load - mean) / (number + 1)
        load = 0.5 * (load + mean)
    master.add_capacities(np.flatnonzero((bounder.price > 0.0) | (load > problem.capacity)))
