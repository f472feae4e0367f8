"""Risk measures beside distributions whose values are known, and sensitivity beside Ishigami's function."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dehliz.disruption.risk import (
    find_conditional,
    find_conditional_estimate,
    find_mean,
    find_value_at_risk,
    read_losses,
    tell_convergence,
    tell_drivers,
    tell_exceedance,
    tell_risk,
)
from dehliz.disruption.sensitivity import find_indices


def test_value_at_risk_of_whole_numbers() -> None:
    loss = np.arange(1.0, 101.0)
    assert find_value_at_risk(loss, 0.95).value == 95.0
    assert find_value_at_risk(loss, 0.99).value == 99.0
    # The worst 5 % are 96 to 100; the worst 2.5 %: 100, 99 and half of 98.
    assert find_conditional(loss, 0.95) == pytest.approx(98.0)
    assert find_conditional(loss, 0.975) == pytest.approx((100 + 99 + 0.5 * 98) / 2.5)


def test_measures_of_an_exponential_loss() -> None:
    # VaR = -ln(1 - a), CVaR = VaR + 1 for mean 1.
    loss = stats.expon.ppf((np.arange(20_000) + 0.5) / 20_000)
    for level in (0.95, 0.99):
        known = -math.log(1.0 - level)
        assert find_value_at_risk(loss, level).value == pytest.approx(known, rel=2e-3)
        assert find_conditional(loss, level) == pytest.approx(known + 1.0, rel=2e-3)


def test_bounds_hold_the_truth_as_often_as_they_say() -> None:
    stream = np.random.default_rng(3)
    hits = np.zeros(3)
    for _ in range(200):
        loss = stream.exponential(1.0, 400)
        known = -math.log(0.05)
        for at, (found, truth) in enumerate(
            [
                (find_mean(loss), 1.0),
                (find_value_at_risk(loss, 0.95), known),
                (find_conditional_estimate(loss, 0.95), known + 1.0),
            ]
        ):
            hits[at] += found.low <= truth <= found.high
    # Binomial with 200 trials: 0.95 less four standard errors is 0.888; the bootstrap of a tail of 20 is narrower.
    assert hits[0] / 200 > 0.88
    assert hits[1] / 200 > 0.88
    assert hits[2] / 200 > 0.82


def test_bounds_are_empty_with_too_few_runs() -> None:
    found = find_value_at_risk(np.arange(20.0), 0.99)
    assert found.value == 19.0
    assert math.isnan(found.high)
    assert math.isnan(find_conditional_estimate(np.arange(20.0), 0.99).low)
    assert math.isnan(find_mean(np.ones(1)).low)


def test_order_of_measures_and_duplicates() -> None:
    loss = np.random.default_rng(1).lognormal(0.0, 2.0, 997)
    assert find_conditional(loss, 0.99) >= find_conditional(loss, 0.95) >= loss.mean()
    for level in (0.95, 0.99):
        assert find_conditional(loss, level) >= find_value_at_risk(loss, level).value
        twice = np.repeat(loss, 2)
        assert find_conditional(twice, level) == pytest.approx(find_conditional(loss, level), rel=1e-12)
        assert find_conditional(loss, level, np.full(997, 3.0)) == pytest.approx(
            find_conditional(loss, level)
        )
        assert find_value_at_risk(twice, level).value == find_value_at_risk(loss, level).value


def test_conditional_is_subadditive() -> None:
    # Coherence (Artzner et al., 1999), where value at risk may fail.
    stream = np.random.default_rng(2)
    for _ in range(50):
        one, other = stream.pareto(1.5, (2, 300))
        both = find_conditional(one + other, 0.95)
        assert both <= find_conditional(one, 0.95) + find_conditional(other, 0.95) + 1e-9


def _table() -> pd.DataFrame:
    stream = np.random.default_rng(5)
    rows = []
    for run in range(300):
        parts = stream.exponential(1.0, 2) * (stream.random(2) < 0.3)
        total = float(parts.sum())
        scopes = [
            ("system", "system", total),
            ("corridor", "a", 0.25 * total),
            ("corridor", "b", 0.75 * total),
        ]
        scopes += [("hazard", name, float(part)) for name, part in zip("xy", parts, strict=True) if part]
        rows += [(run, kind, name, loss, 0.0, loss, 0.0) for kind, name, loss in scopes]
    columns = ["run", "scope_kind", "scope_id", "loss_usd", "held_t", "extra_t_h", "emission_tco2e"]
    return pd.DataFrame(rows, columns=columns)


def test_tables_of_runs_add_up() -> None:
    losses = read_losses(_table())
    risk = tell_risk(losses)
    assert risk["scope_kind"].tolist() == ["system", "corridor", "corridor"]
    assert risk["scope_id"].tolist() == ["system", "b", "a"]
    assert risk["loss_usd"][1:].sum() == pytest.approx(risk["loss_usd"][0])
    assert (risk["cvar99_usd"] >= risk["cvar95_usd"]).all()
    drivers = tell_drivers(losses)
    assert drivers["loss_usd"].sum() == pytest.approx(risk["loss_usd"][0])
    assert drivers["tail_usd"].sum() == pytest.approx(risk["cvar95_usd"][0])
    assert drivers["tail_share"].sum() == pytest.approx(1.0)
    steps = tell_convergence(losses)
    assert steps["run_count"].iloc[-1] == 300
    assert steps["loss_usd"].iloc[-1] == pytest.approx(risk["loss_usd"][0])
    assert steps["cvar95_usd"].iloc[-1] == pytest.approx(risk["cvar95_usd"][0])
    exceed = tell_exceedance(losses)
    assert (np.diff(exceed["loss_usd"]) <= 0.0).all()
    assert exceed["probability_share"].iloc[-1] == 1.0


def test_indices_of_ishigami() -> None:
    # Ishigami and Homma, 1990, with a = 7, b = 0.1: S1 = 0.3139, 0.4424, 0; ST = 0.5576, 0.4424, 0.2437.
    def ishigami(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))

    quantiles = {name: lambda share: -math.pi + 2 * math.pi * share for name in ("x1", "x2", "x3")}
    found = find_indices(ishigami, quantiles, 2048).set_index("parameter_id")
    known = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}
    for name, (first, total) in known.items():
        assert found.loc[name, "first_score"] == pytest.approx(first, abs=0.02)
        assert found.loc[name, "total_score"] == pytest.approx(total, abs=0.02)
        assert abs(found.loc[name, "total_score"] - total) <= 2 * found.loc[name, "total_reach_score"]
