"""Drawn years beside the theory of compound Poisson processes, and waits beside plain integration."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from dehliz.base.units import DAYS_PER_YEAR
from dehliz.disruption.draws import Events, draw_year
from dehliz.disruption.expected import expect_losses, find_single_losses
from dehliz.disruption.future import list_spans, live_year, share_among, tell_future
from dehliz.disruption.hazards import FORMS, Hazards
from dehliz.disruption.response import Response, Scopes
from dehliz.disruption.waits import (
    expect_waits_d2,
    find_expected_wait_d,
    find_log_variance,
    find_span_wait_d,
    sum_waits_d2,
)

RUN_COUNT = 3000


def make(
    rates: list[float], lengths: list[float], forms: list[str], spreads: list[float] | None = None
) -> Hazards:
    n = len(rates)
    none = np.full(n, np.nan)
    return Hazards(
        tuple(f"h{at}" for at in range(n)), tuple(f"H {at}" for at in range(n)), ("storm", "strike")[:n], ("",) * n,
        (("x",),) * n, np.ones(n, dtype=bool), none.copy(), none.copy(), none.copy(), none.copy(), np.array(rates),
        np.array(rates), np.array(rates), np.ones(n, dtype=np.int32), np.full(n, 12, dtype=np.int32), np.array(lengths),
        np.array(spreads) if spreads else none.copy(), np.array([FORMS.index(form) for form in forms], dtype=np.int32),
        np.zeros(n + 1, dtype=np.int32), np.zeros(0, dtype=np.int32),
    )  # fmt: skip


class Plain:
    """Answers that add up: hazard a loses ``going[a]`` a day and ``held[a]`` a day and day of wait."""

    def __init__(
        self, hazards: Hazards, going: list[float], held: list[float], longest_wait_d: float = 1e9
    ) -> None:
        self.hazards, self.longest_wait_d = hazards, longest_wait_d
        self.scopes = Scopes(("system", "country"), ("system", "XX"), np.ones((2, 1)))
        self._going, self._held = going, held

    def respond(self, active: tuple[int, ...]) -> Response:
        part = np.array([1.0, 0.5])
        going = np.zeros((3, 2))
        going[0] = sum(self._going[at] for at in active) * part
        held = np.array([self._held[at] for at in active])[:, None] * part
        return Response(going, held / 100.0, held, True)


def _years(plain: Plain, **factors: dict[str, float]) -> np.ndarray:
    return np.array([live_year(plain, 7, run, **factors).by_scope[0, 0] for run in range(RUN_COUNT)])


def _near(drawn: np.ndarray, known: float, share: float = 0.0) -> None:
    assert abs(drawn.mean() - known) < 4.0 * drawn.std(ddof=1) / math.sqrt(len(drawn)) + share * known


def test_mean_and_variance_of_constant_losses() -> None:
    # Wald: rate x G x D. Campbell: variance rate / 365 x G2 x the integral of (days of the event in the year)2.
    rate, length, daily = 3.0, 0.5, 200.0
    drawn = _years(Plain(make([rate], [length], ["fixed"]), [daily], [0.0]))
    _near(drawn, rate * daily * length, 0.004)  # two at once count once: rate x D / 365 = 0.4 %
    known = rate / DAYS_PER_YEAR * daily**2 * (2 * length**3 / 3 + (DAYS_PER_YEAR - length) * length**2)
    fourth = stats.kurtosis(drawn, fisher=False)
    assert drawn.var(ddof=1) == pytest.approx(known, rel=4.0 * math.sqrt((fourth - 1) / RUN_COUNT) + 0.01)


def test_waits_of_random_lengths() -> None:
    # E[loss] = rate x H x E[D2] / 2, with E[D2] = 2 m2 for an exponential length.
    rate, mean, daily = 2.0, 1.0, 50.0
    drawn = _years(Plain(make([rate], [mean], ["exponential"]), [0.0], [daily]))
    _near(drawn, rate * daily * mean**2, 0.02)


def test_closed_form_agrees_with_draws() -> None:
    hazards = make([1.5, 0.8], [1.0, 2.0], ["exponential", "lognormal"], [math.nan, 1.5])
    plain = Plain(hazards, [10.0, 30.0], [5.0, 1.0], 3.0)
    rate, length = {"storm": 1.4}, {"strike": 0.5}
    known = expect_losses(hazards, find_single_losses(plain), 3.0, rate, length)
    assert known.shape == (2, 2)
    assert known[:, 1] == pytest.approx(0.5 * known[:, 0])
    _near(_years(plain, rate_factor=rate, duration_factor=length), known[:, 0].sum(), 0.01)


@pytest.mark.parametrize("longest", [0.5, 3.0, 40.0])
@pytest.mark.parametrize(
    ("form", "spread"), [("fixed", math.nan), ("exponential", math.nan), ("lognormal", 4.0)]
)
def test_expected_waits(form: str, spread: float, longest: float) -> None:
    hazards = make([1.0], [2.5], [form], [spread])
    if form == "fixed":
        known = integrate.quad(lambda x: min(x, longest), 0.0, 2.5, points=[min(longest, 2.5)])[0]
    else:
        width = math.sqrt(find_log_variance(hazards, 0)) if form == "lognormal" else 1.0
        length = (
            stats.expon(scale=2.5)
            if form == "exponential"
            else stats.lognorm(width, scale=2.5 * math.exp(-0.5 * width**2))
        )
        known = sum(
            integrate.quad(lambda x: min(x, longest) * length.sf(x), low, high, limit=200)[0]
            for low, high in ((0.0, longest), (longest, np.inf))
        )
    assert expect_waits_d2(hazards, 0, longest) == pytest.approx(known, rel=1e-6)


def test_expected_wait_without_a_longest_one() -> None:
    assert find_expected_wait_d(make([1.0], [6.0], ["fixed"]), 0, 1e6) == pytest.approx(3.0)
    assert find_expected_wait_d(make([1.0], [6.0], ["exponential"]), 0, 1e6) == pytest.approx(6.0)
    found = find_expected_wait_d(make([1.0], [6.0], ["lognormal"], [12.0]), 0, 1e9)
    assert found == pytest.approx((36.0 + 144.0) / 12.0)


def test_spans_pay_the_true_wait() -> None:
    # An event of 10 days from day 5, another of 4 days from day 8: spans of 3, 4 and 3 days.
    no = np.zeros(2, dtype=bool)
    ends = np.array([15.0, 12.0])
    events = Events(np.array([0, 1], dtype=np.int32), np.array([5.0, 8.0]), ends, no, no.copy(), ends.copy())
    spans = list_spans(events, 100.0)
    assert [(one.active, one.days_d) for one in spans] == [((0,), 3.0), ((0, 1), 4.0), ((0,), 3.0)]
    assert spans[0].waits_d == pytest.approx([8.5])
    assert spans[1].waits_d == pytest.approx([5.0, 2.0])
    # All waits for the first event add up to half its length squared, however it is cut.
    assert sum(one.days_d * one.waits_d[0] for one in spans) == pytest.approx(50.0)
    assert sum_waits_d2(10.0, 4.0) == pytest.approx(
        sum(4.0 if d > 4 else d for d in np.arange(0.05, 10, 0.1)) * 0.1
    )
    assert find_span_wait_d(10.0, 2.0, 100.0) == pytest.approx(9.0)


def test_what_outlasts_the_year_waits_on() -> None:
    no = np.zeros(1, dtype=bool)
    events = Events(
        np.array([0], dtype=np.int32), np.array([355.0]), np.array([365.0]), no, ~no, np.array([395.0])
    )
    (span,) = list_spans(events, 100.0)
    assert span.days_d == 10.0
    assert span.waits_d == pytest.approx([35.0])


def test_losses_of_hazards_add_up_to_the_system() -> None:
    plain = Plain(make([6.0, 5.0], [20.0, 30.0], ["exponential", "fixed"]), [10.0, 30.0], [5.0, 1.0], 90.0)
    for run in range(20):
        future = live_year(plain, 3, run)
        assert future.by_hazard.sum(axis=0) == pytest.approx(future.by_scope[0])
        tables = tell_future(plain, future)
        assert tables["future_status"]["event_count"][0] == len(draw_year(plain.hazards, 3, run))
        assert tables["future_loss"].equals(tell_future(plain, live_year(plain, 3, run))["future_loss"])


def test_shares_of_hazards_that_gain() -> None:
    assert share_among(np.array([-1.0, -2.0])).tolist() == [0.5, 0.5]
    assert share_among(np.array([3.0, 1.0])).tolist() == [0.75, 0.25]
