"""Draws: common random numbers, moments of each family, shares of closures, releases."""

from dataclasses import replace

import numpy as np
import pytest

from dehliz.simulation.closures import draw_weather, join_spans, list_months
from dehliz.simulation.draws import draw_factors, draw_replication, find_weibull_shape, make_generator
from dehliz.simulation.plan import Chances, Family, Plan
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.system import Draws, System
from tests.unit.simulation.corridor_plans import START, Tables, add, change, plan_of, strip

FERRY = "ferry_quay_haven"
SETTINGS = SimulationSettings(seed=7)
WIND = {"closure_id": "a", "node_id": "quay", "month": 1, "closed_share": 0.3, "spell_h": 24, "cause": "wind"}


@pytest.fixture
def bare(corridor3_tables: Tables) -> Tables:
    """`corridor3` without operations."""
    return strip(corridor3_tables)


def filling(tables: Tables, fleet_count: int = 2) -> Tables:
    """The ferry fills and goes, with weather at Quay and times that vary."""
    rows = [
        {
            "duration_id": "turn",
            "activity": "turn",
            "family": "lognormal",
            "spread_factor": 0.4,
            "fit": "invented",
        },
        {
            "duration_id": "move",
            "activity": "move",
            "family": "lognormal",
            "spread_factor": 0.4,
            "fit": "invented",
        },
    ]
    cells = {
        "departs": "fills",
        "longest_wait_h": 24,
        "fleet_count": fleet_count,
        "turn_time_h": 6,
        "crossing_spread_h": 2,
    }
    return add(add(change(tables, "service_leg", FERRY, **cells), "closure", WIND), "duration", *rows)


def by_flow(plan: Plan, draws: Draws) -> dict[str, bytes]:
    return {
        name: draws.release_h[draws.flow == flow].tobytes() for flow, name in enumerate(plan.flows.flow_ids)
    }


def streams(system: System) -> tuple[str, ...]:
    return (*system.resource_ids, *(f"turn:{line}" for line in system.lines.line_ids))


def by_stream(plan: Plan, draws: Draws) -> dict[str, np.ndarray]:
    return {
        name: draws.factor[draws.first_draw[at] : draws.first_draw[at + 1]]
        for at, name in enumerate(streams(plan.system))
    }


def by_resource(plan: Plan, draws: Draws) -> dict[str, bytes]:
    edges = np.stack((draws.closure_start_h, draws.closure_end_h), axis=1)
    first = draws.first_closure
    return {
        name: edges[first[at] : first[at + 1]].tobytes() for at, name in enumerate(plan.system.resource_ids)
    }


def assert_common(old: Plan, new: Plan) -> None:
    """All that both plans have is drawn alike, as far as both need it."""
    before, after = (draw_replication(plan, SETTINGS, 3) for plan in (old, new))
    releases, others = by_flow(old, before), by_flow(new, after)
    assert {name: others[name] for name in releases} == releases
    for name, factors in by_stream(old, before).items():
        count = min(len(factors), len(by_stream(new, after)[name]))
        assert count or not len(factors), name
        assert factors[:count].tobytes() == by_stream(new, after)[name][:count].tobytes(), name
    shut, also = by_resource(old, before), by_resource(new, after)
    assert {name: also[name] for name in shut} == shut
    assert any(shut.values()), "nothing was shut: the test says nothing"


def test_same_seed_gives_the_same_bytes(bare: Tables) -> None:
    plan = plan_of(filling(bare))
    first, again, other, seed = (
        draw_replication(plan, SETTINGS, 0), draw_replication(plan, SETTINGS, 0), draw_replication(plan, SETTINGS, 1),
        draw_replication(plan, SimulationSettings(seed=8), 0),
    )  # fmt: skip
    for name in first.__slots__:
        mine, same = getattr(first, name), getattr(again, name)
        assert np.asarray(mine).tobytes() == np.asarray(same).tobytes(), name
    for name in ("factor", "release_h", "closure_start_h"):
        for stranger in (other, seed):
            assert getattr(first, name).tobytes() != getattr(stranger, name).tobytes(), name


def test_another_flow_changes_nobody_elses_draws(bare: Tables) -> None:
    tables = filling(bare)
    assert_common(plan_of(tables, (73_000.0, 0.0)), plan_of(tables, (73_000.0, 36_500.0)))


def test_another_ship_changes_no_draws(bare: Tables) -> None:
    old, new = (plan_of(filling(bare, count)) for count in (2, 3))
    assert_common(old, new)
    assert new.system.lines.fleet_count[0] == 3


def test_another_resource_and_weather_change_nobody_elses_draws(bare: Tables) -> None:
    tables = filling(bare)
    strike = {
        "closure_id": "b",
        "terminal_id": "gate_gauge",
        "month": 2,
        "closed_share": 0.5,
        "spell_h": 24,
        "cause": "strike",
    }
    old, new = (
        plan_of(tables),
        plan_of(add(tables, "closure", strike), capacity=[("link", "xb_mark_quay", 100_000.0)]),
    )
    assert new.system.n_resource == old.system.n_resource + 1
    draws = draw_replication(new, SETTINGS, 3)
    gate = new.system.resource_ids.index("handle:terminal:gate_gauge")
    assert draws.first_closure[gate + 1] > draws.first_closure[gate]
    shut = by_resource(old, draw_replication(old, SETTINGS, 3))
    del shut["handle:terminal:gate_gauge"]
    assert {name: by_resource(new, draws)[name] for name in shut} == shut


def test_more_cargo_only_lengthens_streams(bare: Tables) -> None:
    tables = filling(bare)
    few, many = (plan_of(tables, (volume, 0.0)) for volume in (20_000.0, 200_000.0))
    short, long = (by_stream(plan, draw_replication(plan, SETTINGS, 0)) for plan in (few, many))
    assert sum(map(len, long.values())) > 3 * sum(map(len, short.values()))
    for name, factors in short.items():
        assert factors.tobytes() == long[name][: len(factors)].tobytes(), name


def test_streams_are_as_long_as_their_visits(bare: Tables) -> None:
    plan = plan_of(filling(bare), (73_000.0, 36_500.0))
    for number in range(20):
        draws = draw_replication(plan, SETTINGS, number)
        visits = np.bincount(draws.flow, minlength=plan.system.n_flow)
        assert len(by_stream(plan, draws)["handle:load:west_rail_1435"]) >= visits[0]


@pytest.mark.parametrize(
    ("family", "spread", "least"),
    [
        (Family.GAMMA, 0.5, 0.0), (Family.GAMMA, 0.3, 0.6), (Family.LOGNORMAL, 0.7, 0.0), (Family.LOGNORMAL, 0.2, 0.5),
        (Family.WEIBULL, 0.4, 0.0), (Family.WEIBULL, 0.5, 0.25), (Family.EXPONENTIAL, 1.0, 0.0),
        (Family.EXPONENTIAL, 0.75, 0.25), (Family.FIXED, 0.0, 0.0),
    ],
)  # fmt: skip
def test_moments_of_each_family(family: Family, spread: float, least: float) -> None:
    count = 400_000
    factor = np.empty(count)
    draw_factors(make_generator(1, 0, family.name), chances_of(family, spread, least), 0, factor)
    error = spread / np.sqrt(count)
    # Five standard errors: one seed in two million fails by chance; the seed is fixed.
    assert abs(factor.mean() - 1.0) <= 5 * error
    assert factor.std() == pytest.approx(spread, rel=0.03, abs=1e-12)
    assert factor.min() >= least


def chances_of(family: Family, spread: float, least: float) -> Chances:
    none = np.empty(0)
    return Chances(
        family=np.array([family], dtype=np.int8),
        spread_factor=np.array([spread]),
        least_factor=np.array([least]),
        shut_first=np.zeros(2, dtype=np.int32),
        shut_month=np.empty(0, dtype=np.int8),
        shut_share=none,
        shut_spell_h=none.copy(),
        shut_key=(),
        fixed_first=np.zeros(2, dtype=np.int32),
        fixed_start_h=none.copy(),
        fixed_end_h=none.copy(),
    )


def test_quantiles_of_the_families() -> None:
    """Beyond two moments: where half of the draws lie, by formula."""
    count = 400_000
    for family, spread, median in (
        (Family.LOGNORMAL, 0.7, 1.0 / np.sqrt(1.0 + 0.7**2)),
        (Family.EXPONENTIAL, 1.0, np.log(2.0)),
        (Family.WEIBULL, 1.0, np.log(2.0)),
        (
            Family.GAMMA,
            np.sqrt(0.5),
            0.8391735,
        ),  # shape 2: median of the sum of two exponentials is 1.6783470
    ):
        factor = np.empty(count)
        draw_factors(make_generator(2, 0, family.name), chances_of(family, spread, 0.0), 0, factor)
        assert np.median(factor) == pytest.approx(median, abs=0.008), family


def test_weibull_shape_has_its_spread() -> None:
    assert find_weibull_shape(1.0) == pytest.approx(1.0)
    # Shape 2 is Rayleigh's: variance over squared mean is 4 / pi - 1.
    assert find_weibull_shape(float(np.sqrt(4 / np.pi - 1))) == pytest.approx(2.0)


def test_releases_are_poisson(bare: Tables) -> None:
    plan = plan_of(bare, (73_000.0, 0.0))
    counts, gaps = [], []
    for number in range(200):
        draws = draw_replication(plan, SETTINGS, number)
        assert (np.diff(draws.release_h) >= 0.0).all()
        assert draws.release_h[0] >= 0.0
        assert draws.release_h[-1] < plan.horizon_h
        counts.append(len(draws.release_h))
        gaps.append(np.diff(draws.release_h))
    mean = 73_000.0 / 20.0
    assert np.mean(counts) == pytest.approx(mean, abs=5 * np.sqrt(mean / 200))
    # The variance of a Poisson number is its mean; that of 200 of them has a standard error of a tenth.
    assert np.var(counts, ddof=1) / mean == pytest.approx(1.0, abs=0.4)
    gap = np.concatenate(gaps)
    assert gap.std() / gap.mean() == pytest.approx(1.0, abs=0.01)


def test_regular_releases_have_even_gaps(bare: Tables) -> None:
    plan = plan_of(bare, (73_000.0, 0.0))
    even = replace(plan, flows=replace(plan.flows, is_regular=np.ones(1, dtype=bool)))
    draws = draw_replication(even, SETTINGS, 0)
    assert np.diff(draws.release_h) == pytest.approx(2.4)
    assert 0.0 <= draws.release_h[0] < 2.4
    assert draws.release_h[0] != draw_replication(even, SETTINGS, 1).release_h[0]


def test_equal_times_go_by_flow(bare: Tables) -> None:
    plan = plan_of(bare, (73_000.0, 73_000.0))
    twins = ("same", "same")
    even = replace(plan, flows=replace(plan.flows, flow_ids=twins, is_regular=np.ones(2, dtype=bool)))
    draws = draw_replication(even, SETTINGS, 0)
    assert (draws.release_h[::2] == draws.release_h[1::2]).all()
    assert draws.flow.tolist() == [0, 1] * (len(draws.flow) // 2)


def weather(months: dict[int, tuple[float, float]], number: int) -> list[tuple[float, float]]:
    return draw_weather(lambda step: make_generator(3, number, f"w{step}"), months, START, 8784.0)


def hours_in(spans: list[tuple[float, float]], first: float, last: float) -> float:
    return sum(max(0.0, min(end, last) - max(start, first)) for start, end in spans)


def test_share_of_each_month_is_that_of_the_table() -> None:
    months = {1: (0.4, 30.0), 2: (0.1, 10.0), 3: (1.0, 48.0), 11: (0.5, 48.0), 12: (0.5, 48.0)}
    count = 400
    edges = {month: (first, last) for _, month, first, last in list_months(START, 8784.0)}
    shares = {month: np.zeros(count) for month in edges}
    lengths = []
    for number in range(count):
        spans = weather(months, number)
        for month, (first, last) in edges.items():
            shares[month][number] = hours_in(spans, first, last) / (last - first)
        lengths += [
            end - start for start, end in spans if edges[11][0] < start and end < edges[12][1] - 200.0
        ]
    for month, found in shares.items():
        share = months.get(month, (0.0, 1.0))[0]
        # Five standard errors of the mean, measured on the sample itself.
        assert abs(found.mean() - share) <= 5 * found.std() / np.sqrt(count), (month, found.mean())
    # Spells that end before the last 200 h are a little shorter than all: 48 h less what the cut takes.
    assert np.mean(lengths) == pytest.approx(48.0, rel=0.1)


def test_a_spell_goes_on_over_the_turn_of_the_month() -> None:
    """Of equal months, a place shut at the turn stays shut: about half of 400 Novembers end so."""
    turn = list_months(START, 8784.0)[11][2]
    shut = sum(
        any(start < turn < end for start, end in weather({11: (0.5, 48.0), 12: (0.5, 48.0)}, number))
        for number in range(400)
    )
    assert abs(shut - 200) < 5 * 10


def test_one_month_changes_no_other() -> None:
    old, new = weather({1: (0.4, 30.0), 6: (0.2, 10.0)}, 0), weather({1: (0.4, 30.0), 6: (0.9, 50.0)}, 0)
    january = 744.0
    assert [span for span in old if span[1] <= january] == [span for span in new if span[1] <= january] != []


def test_places_share_their_weather(bare: Tables) -> None:
    plan = plan_of(filling(bare), (73_000.0, 36_500.0))
    shut = by_resource(plan, draw_replication(plan, SETTINGS, 3))
    assert (
        shut[f"service:{FERRY}:quay"]
        == shut["service:roro_quay_haven:quay"]
        == shut["handle:terminal:quay_rail_ship"]
    )
    assert shut[f"service:{FERRY}:quay"]
    assert not shut[f"service:{FERRY}:haven"]


def test_weather_and_opening_hours_are_joined(bare: Tables) -> None:
    tables = change(filling(bare), "terminal", "quay_rail_ship", opening_hours="Mo-Fr 08:00-20:00")
    plan = plan_of(tables)
    draws = draw_replication(plan, SETTINGS, 3)
    at = plan.system.resource_ids.index("handle:terminal:quay_rail_ship")
    rows = slice(*draws.first_closure[at : at + 2])
    start, end = draws.closure_start_h[rows], draws.closure_end_h[rows]
    assert (start < end).all()
    assert (end[:-1] < start[1:]).all(), "ascending and apart"
    assert np.any(end - start > 60.0 + 1e-9), "a storm makes a weekend longer"


def test_join_spans() -> None:
    assert join_spans([(5.0, 6.0), (1.0, 3.0), (2.0, 4.0), (4.0, 4.5), (8.0, 8.0)]) == [
        (1.0, 4.5),
        (5.0, 6.0),
    ]
