"""Designs and distributions against their definitions and against scipy."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from dehliz.study.designs import DESIGNS, LATIN_HYPERCUBE, MONTE_CARLO, SOBOL, make_design
from dehliz.study.distributions import CUTS, FORMS, find_faults, find_quantile

CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("uniform", {"low": 2.0, "high": 5.0}, stats.uniform(2.0, 3.0)),
    ("triangular", {"low": 1.0, "mode": 2.0, "high": 6.0}, stats.triang(0.2, 1.0, 5.0)),
    ("triangular", {"low": 1.0, "mode": 1.0, "high": 6.0}, stats.triang(0.0, 1.0, 5.0)),
    ("triangular", {"low": 1.0, "mode": 6.0, "high": 6.0}, stats.triang(1.0, 1.0, 5.0)),
    ("normal", {"mean": 1.0, "sd": 0.3}, stats.norm(1.0, 0.3)),
    ("normal", {"mean": 1.0, "sd": 0.3, "at_least": 0.8}, stats.truncnorm(-2 / 3, np.inf, 1.0, 0.3)),
    ("normal", {"mean": 0.0, "sd": 1.0, "at_least": 5.0, "at_most": 6.0}, stats.truncnorm(5.0, 6.0)),
    ("normal", {"mean": 0.0, "sd": 1.0, "at_most": -4.0}, stats.truncnorm(-np.inf, -4.0)),
    ("lognormal", {"median": 3.0, "log_sd": 0.5}, stats.lognorm(0.5, scale=3.0)),
    ("loguniform", {"low": 0.1, "high": 10.0}, stats.loguniform(0.1, 10.0)),
]


@pytest.mark.parametrize(("form", "parameters", "theirs"), CASES)
def test_quantiles_are_those_of_scipy(form: str, parameters: dict[str, Any], theirs: Any) -> None:
    assert find_faults(form, parameters) == []
    shares = np.concatenate([[1e-9, 1e-4], np.linspace(0.005, 0.995, 199), [1 - 1e-4]])
    ours = [find_quantile(form, parameters, float(share)) for share in shares]
    assert ours == pytest.approx(theirs.ppf(shares), rel=1e-7, abs=1e-9)


def test_truncated_lognormal_is_the_lognormal_given_its_cut() -> None:
    parameters = {"median": 3.0, "log_sd": 0.5, "at_least": 2.0, "at_most": 4.0}
    whole = stats.lognorm(0.5, scale=3.0)
    below, above = whole.cdf(2.0), whole.cdf(4.0)
    for share in (0.0, 0.1, 0.5, 0.9, 1.0):
        wanted = whole.ppf(below + share * (above - below))
        assert find_quantile("lognormal", parameters, share) == pytest.approx(wanted, rel=1e-9)


def test_discrete_values_have_their_weights() -> None:
    parameters = {"values": [10.0, 20.0, 30.0], "weights": [1.0, 0.0, 3.0]}
    drawn = [find_quantile("discrete", parameters, share) for share in np.linspace(0.0005, 0.9995, 1000)]
    assert (drawn.count(10.0), drawn.count(20.0), drawn.count(30.0)) == (250, 0, 750)
    even = [find_quantile("discrete", {"values": [1, 2]}, share) for share in (0.0, 0.49, 0.51, 1.0)]
    assert even == [1.0, 1.0, 2.0, 2.0]


@pytest.mark.parametrize("form", [form for form in FORMS if form != "discrete"])
def test_edges_are_finite(form: str) -> None:
    parameters = next(case[1] for case in CASES if case[0] == form)
    assert all(math.isfinite(find_quantile(form, parameters, share)) for share in (0.0, 1.0))


@pytest.mark.parametrize(
    ("form", "parameters", "words"),
    [
        ("uniform", {"low": 3, "high": 3}, "not below"),
        ("uniform", {"low": 3, "high": math.nan}, "finite"),
        ("uniform", {"low": "3", "high": 4}, "finite"),
        ("uniform", {"low": True, "high": 4}, "finite"),
        ("loguniform", {"low": 0.0, "high": 1.0}, "above 0"),
        ("triangular", {"low": 0.0, "mode": 2.0, "high": 1.0}, "not between"),
        ("normal", {"mean": 1.0, "sd": 0.0}, "above 0"),
        ("normal", {"mean": 1.0, "sd": -1.0}, "above 0"),
        ("normal", {"mean": 1.0, "sd": 1.0, "at_least": 2.0, "at_most": 1.0}, "not below"),
        ("normal", {"mean": 1.0, "sd": 1.0, "at_least": 50.0}, "no probability"),
        ("lognormal", {"median": -1.0, "log_sd": 1.0}, "above 0"),
        ("lognormal", {"median": 1.0, "log_sd": 1.0, "at_most": -1.0}, "no probability"),
        ("discrete", {"values": []}, "at least one"),
        ("discrete", {"values": [1.0, math.inf]}, "finite"),
        ("discrete", {"values": [1.0, 2.0], "weights": [1.0]}, "2 values and 1 weights"),
        ("discrete", {"values": [1.0, 2.0], "weights": [1.0, -1.0]}, "0 or more"),
        ("discrete", {"values": [1.0, 2.0], "weights": [0.0, 0.0]}, "0 or more"),
    ],
)
def test_wrong_distributions_are_told(form: str, parameters: dict[str, Any], words: str) -> None:
    faults = find_faults(form, parameters)
    assert len(faults) == 1
    assert words in faults[0]


def make(kind: str, seed: int = 3, run_count: int = 64, count: int = 3) -> Any:
    forms = [CASES[number % len(CASES)] for number in range(count)]
    uncertain = [
        {"name": f"n{i}", "form": form, "parameters": numbers} for i, (form, numbers, _) in enumerate(forms)
    ]
    return make_design({"seed": seed, "design": kind, "uncertain": uncertain, "runs": run_count})


@pytest.mark.parametrize("kind", DESIGNS)
def test_a_run_does_not_depend_on_who_asks(kind: str) -> None:
    whole = [make(kind).draw(number) for number in range(64)]
    assert [make(kind).draw(number) for number in (63, 5)] == [whole[63], whole[5]]
    assert make(kind, seed=4).draw(5) != whole[5]
    assert len({tuple(one.values()) for one in whole}) == 64


def test_each_slice_of_a_latin_hypercube_is_met_once() -> None:
    design = make(LATIN_HYPERCUBE, run_count=50)
    shares = np.array([design.find_shares(number) for number in range(50)])
    for column in shares.T:
        assert sorted(np.floor(column * 50).astype(int)) == list(range(50))


def test_each_half_quarter_and_eighth_of_sobol_is_met_equally() -> None:
    design = make(SOBOL)
    shares = np.array([design.find_shares(number) for number in range(64)])
    for column in shares.T:
        assert sorted(np.floor(column * 64).astype(int)) == list(range(64))
    boxes = np.floor(shares[:, :2] * 8).astype(int)
    assert len({tuple(box) for box in boxes}) == 64, "the first two numbers meet each of 8 x 8 boxes once"


def test_sobol_keeps_its_first_runs_when_it_grows() -> None:
    small, large = make(SOBOL), make(SOBOL)
    first = [small.draw(number) for number in range(10)]
    large.draw(5000)
    assert [large.draw(number) for number in range(10)] == first


@pytest.mark.parametrize("kind", DESIGNS)
@pytest.mark.parametrize("column", range(3))
def test_marginal_distributions_are_those_asked_for(kind: str, column: int) -> None:
    form, parameters, theirs = CASES[column]
    design = make_design(
        {"seed": 9, "design": kind, "runs": 512,
         "uncertain": [{"name": "a", "form": form, "parameters": parameters}] * 2}
    )  # fmt: skip
    drawn = [find_quantile(form, parameters, float(design.find_shares(number)[1])) for number in range(512)]
    distance = stats.kstest(drawn, theirs.cdf)
    if kind == MONTE_CARLO:
        assert distance.pvalue > 0.01
    else:
        assert distance.statistic <= 1.5 / 512, "stratified: closer than any independent sample"


def test_parameters_are_independent_of_what_a_job_draws() -> None:
    design = make(MONTE_CARLO, seed=2)
    job = np.array([np.random.default_rng([2, number]).random(3) for number in range(2000)])
    ours = np.array([design.find_shares(number) for number in range(2000)])
    assert np.abs(np.corrcoef(job.T, ours.T)[:3, 3:]).max() < 0.08
    assert not (job == ours).any()


def test_no_uncertain_number_is_an_empty_draw() -> None:
    assert all(make(kind, count=0).draw(3) == {} for kind in DESIGNS)
    assert CUTS == ("at_least", "at_most")
