"""The engine against queueing theory: means over many seeds within confidence bounds.

Each test runs ``REPLICATIONS`` seeds, leaves out the first quarter of the consignments (6,000: over a hundred times
what these queues need to forget their empty start), and asks whether the theoretical mean lies in Student's interval of
the replication means. With other seeds a comparison fails by chance at the nominal rate ``CHANCE`` = 1 in 10,000, a
test with several that many times more often; the seeds are fixed, so a failure here is a change of the engine or of
its inputs. The bounds must also be narrow, else agreement would say nothing.
"""

from collections.abc import Callable
from math import factorial, inf
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from dehliz.simulation.log import EventLog
from dehliz.simulation.run import run_events
from dehliz.simulation.system import Draws, ResourceKind, System
from tests.agree.queue_models import Model, make_draws

CHANCE = 1e-4
REPLICATIONS = 64
CONSIGNMENTS = 24_000
KEPT = slice(CONSIGNMENTS // 4, None)
Floats = Any


def assert_means(theory: float, means: Floats, narrow: float = 0.03) -> None:
    """A mean of theory lies in the interval of replication means, and the interval is narrow."""
    half = stats.t.ppf(1.0 - CHANCE / 2.0, len(means) - 1) * means.std(ddof=1) / len(means) ** 0.5
    print(f"theory {theory:.4f}, simulated {means.mean():.4f} +- {half:.4f}")
    assert half < narrow * theory
    assert abs(means.mean() - theory) < half


def run_seeds(
    system: System, rate: float, factors: Callable[[np.random.Generator], dict[int, Floats]], seed: int
) -> list[tuple[System, Draws, EventLog]]:
    """One log per seed: Poisson arrivals at a rate, drawn factors."""
    runs = []
    for child in np.random.SeedSequence(seed).spawn(REPLICATIONS):
        rng = np.random.default_rng(child)
        release_h = np.cumsum(rng.exponential(1.0 / rate, CONSIGNMENTS))
        draws = make_draws(system, release_h, factors=factors(rng))
        runs.append((system, draws, run_events(system, draws)))
    return runs


def stage_values(log: EventLog, values: Floats, stage: int, stage_count: int) -> Floats:
    """Values of one stage of the kept consignments, where all pass the same stages and some at the end are not done."""
    whole = values[: len(log.done_h) * stage_count].reshape(-1, stage_count)
    assert (log.stage.reshape(-1, stage_count) == np.arange(stage_count)).all()
    return whole[KEPT, stage]


def mean_waits(runs: list[tuple[System, Draws, EventLog]], stage: int = 0) -> Floats:
    """Mean time between arrival and start at a stage, by seed."""
    return np.array(
        [
            stage_values(log, log.start_h - log.ready_h, stage, system.n_stage).mean()
            for system, _, log in runs
        ]
    )


def one_station(servers: int, mean_h: float) -> System:
    model = Model()
    model.flow((model.resource(ResourceKind.SERVE, servers), mean_h))
    return model.system()


def erlang_c(servers: int, load: float) -> float:
    """Share of arrivals that wait in M/M/c with ``load`` = rate x mean service (Erlang 1917)."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


def exponential(*streams: int) -> Callable[[np.random.Generator], dict[int, Floats]]:
    return lambda rng: {stream: rng.exponential(1.0, CONSIGNMENTS) for stream in streams}


def test_single_exponential_server():
    """M/M/1 at 0.7: wait ``rho / (mu - lambda)``; 5% stay longer than ``ln 20 / (mu - lambda)``. 2 in 10,000 fail."""
    runs = run_seeds(one_station(1, 1.0), 0.7, exponential(0), 11)
    assert_means(0.7 / 0.3, mean_waits(runs), 0.04)
    long = [np.mean((log.end_h - log.ready_h)[KEPT] > np.log(20.0) / 0.3) for _, _, log in runs]
    assert_means(0.05, np.array(long), 0.1)


def test_several_exponential_servers():
    """M/M/4 at 0.8: wait ``C / (c mu - lambda)``, C by Erlang; C is the share that waits. 2 in 10,000 fail."""
    load = 4 * 0.8
    runs = run_seeds(one_station(4, 1.0), load, exponential(0), 12)
    assert_means(erlang_c(4, load) / (4 - load), mean_waits(runs), 0.05)
    assert_means(
        erlang_c(4, load), np.array([(log.start_h > log.ready_h)[KEPT].mean() for _, _, log in runs]), 0.02
    )


def test_constant_service():
    """M/D/1 at 0.75: wait ``rho / (2 mu (1 - rho))``; a stream without draws is constant. 1 in 10,000 fails."""
    runs = run_seeds(one_station(1, 1.0), 0.75, lambda rng: {}, 13)
    assert_means(0.75 / 0.5, mean_waits(runs), 0.03)


@pytest.mark.parametrize(("shape", "seed"), [(0.5, 14), (4.0, 15)])
def test_general_service(shape, seed):
    """M/G/1 at 0.7, gamma: ``lambda E[S^2] / (2 (1 - rho))`` (Pollaczek 1930, Khinchine 1932). 1 in 10,000 fails."""
    runs = run_seeds(
        one_station(1, 1.0), 0.7, lambda rng: {0: rng.gamma(shape, 1.0 / shape, CONSIGNMENTS)}, seed
    )
    assert_means(0.7 * (1.0 + 1.0 / shape) / 0.6, mean_waits(runs), 0.04)


def test_tandem_network():
    """Three M/M/c stations in series wait as if each stood alone (Burke 1956, Jackson 1957). 3 in 10,000 fail."""
    model = Model()
    servers, rate, mean_h = (1, 3, 2), 1.0, (0.7, 2.1, 1.5)
    stations = [model.resource(ResourceKind.SERVE, count) for count in servers]
    model.flow(*zip(stations, mean_h, strict=True))
    runs = run_seeds(model.system(), rate, exponential(*stations), 16)
    for stage, (count, mean) in enumerate(zip(servers, mean_h, strict=True)):
        wait_h = erlang_c(count, rate * mean) * mean / (count - rate * mean)
        assert_means(wait_h, mean_waits(runs, stage), 0.05)


def ferry(capacity: int, longest_wait_h: float, fleet_count: int, crossing_h: float) -> System:
    """A line whose ships come back in no time: a server of batches where there is one ship."""
    model = Model()
    there, _ = model.line(
        capacity=float(capacity),
        longest_wait_h=longest_wait_h,
        fleet_count=fleet_count,
        crossing_h=(crossing_h, 0.0),
    )
    model.flow((there, 0.0))
    return model.system()


def finished_waits(runs: list[tuple[System, Draws, EventLog]]) -> Floats:
    """Mean wait by seed, the last hundred left out: their ship may never fill."""
    return np.array([(log.start_h - log.ready_h)[KEPT][:-100].mean() for _, _, log in runs])


def test_full_or_timeout():
    """A ship at hand that leaves with 10 or 12 h after its first: mean wait and mean load. 2 in 10,000 fail.

    A cycle begins with a first arrival. While n more have come, fewer than K - 1 and before T, n + 1 wait; the time
    spent so is ``P(N(T) > n) / lambda``, N Poisson. Waits of a cycle over its consignments (renewal reward).
    """
    capacity, longest_h, rate = 10, 12.0, 0.8
    runs = run_seeds(ferry(capacity, longest_h, 0, 5.0), rate, lambda rng: {}, 17)
    arrivals = stats.poisson(rate * longest_h)
    mean_count = 1.0 + sum(arrivals.sf(n) for n in range(capacity - 1))
    waited_h = sum((n + 1) * arrivals.sf(n) / rate for n in range(capacity - 1))
    assert_means(waited_h / mean_count, finished_waits(runs), 0.01)
    assert_means(mean_count, np.array([log.departure_count[100:-1].mean() for _, _, log in runs]), 0.01)


def test_one_ship_that_leaves_full():
    """M/M^[K]/1, batches of exactly 5: ``(K - 1) / (2 lambda) + r / (mu (1 - r))``. 1 in 10,000 fails.

    Full batches come K arrivals apart, so they wait as in E_K/M/1 with r the root below 1 of
    ``r = (lambda / (lambda + mu (1 - r)))^K`` (Gross and Harris, Fundamentals of Queueing Theory, G/M/1).
    """
    batch, rate, crossing_h = 5, 1.0, 3.5
    runs = run_seeds(ferry(batch, inf, 1, crossing_h), rate, exponential(0), 18)
    mu = 1.0 / crossing_h
    root = optimize.brentq(lambda r: r - (rate / (rate + mu * (1.0 - r))) ** batch, 0.0, 1.0 - 1e-6)
    assert_means((batch - 1) / (2.0 * rate) + root / (mu * (1.0 - root)), finished_waits(runs), 0.04)


def test_one_ship_that_takes_who_is_there():
    """M/M(1, K)/1: a free ship leaves at once with up to 5. Mean wait. 1 in 10,000 fails.

    With n waiting and the ship away, balance gives ``p_n = p_0 r^n``, r the root below 1 of
    ``mu r^(K+1) - (lambda + mu) r + lambda = 0``, and an idle share ``p_0 mu / lambda`` (Medhi, Stochastic Models in
    Queueing Theory, general bulk service).
    """
    batch, rate, crossing_h = 5, 1.0, 3.5
    runs = run_seeds(ferry(batch, 0.0, 1, crossing_h), rate, exponential(0), 19)
    mu = 1.0 / crossing_h
    root = optimize.brentq(lambda r: mu * r ** (batch + 1) - (rate + mu) * r + rate, 0.0, 1.0 - 1e-6)
    first = 1.0 / (1.0 / (1.0 - root) + mu / rate)
    assert_means(first * root / (1.0 - root) ** 2 / rate, finished_waits(runs), 0.04)


def test_what_arrivals_find_is_what_waits():
    """Little's law on the log: ``found_count`` is exactly who waits, and its mean is rate x wait. 1 in 10,000 fails.

    Poisson arrivals see time averages (Wolff 1982), and the mean number waiting is rate x mean wait (Little 1961).
    """
    rate = 0.7
    runs = run_seeds(one_station(1, 1.0), rate, exponential(0), 20)
    for _, _, log in runs:
        gone = np.searchsorted(np.sort(log.start_h), log.ready_h, side="left")
        np.testing.assert_array_equal(log.found_count, np.arange(CONSIGNMENTS) - gone)
    found = np.array([log.found_count[KEPT].mean() for _, _, log in runs])
    assert_means(rate * rate / (1.0 - rate), found, 0.05)


def test_number_in_system_by_time_is_rate_times_stay():
    """Little's law without chance: the area under the number in a finished system is the sum of stays."""
    model = Model()
    crane = model.resource(ResourceKind.SERVE, 2)
    there, _ = model.line(capacity=4.0, longest_wait_h=3.0, fleet_count=2, crossing_h=(5.0, 5.0), turn_h=1.0)
    model.flow((crane, 1.7), (there, 0.0), (crane, 0.2))
    system = model.system()
    rng = np.random.default_rng(21)
    draws = make_draws(
        system, np.cumsum(rng.exponential(1.2, 2000)), factors={crane: rng.exponential(1.0, 999)}
    )
    log = run_events(system, draws)
    times = np.sort(np.concatenate([draws.release_h, log.done_h]))
    number = np.arange(1, len(times) + 1) - 2 * np.searchsorted(np.sort(log.done_h), times, side="right")
    area = float((number[:-1] * np.diff(times)).sum())
    assert number[-1] == 0
    assert area == pytest.approx(float((log.done_h - draws.release_h).sum()), rel=1e-9)


def test_erlang_and_single_server_formulas_agree():
    """The oracle's own formula: one server waits with the odds of its load; two as a^2 / (2 + a)."""
    assert erlang_c(1, 0.6) == pytest.approx(0.6)
    assert erlang_c(2, 1.0) == pytest.approx(1.0 / 3.0)
