"""Many replications: bounds, threads, overload, warm-up, differences, stock, tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from dehliz.base.errors import SettingsError
from dehliz.base.schema import read_spec
from dehliz.simulation.bottleneck import find_overloads, rank
from dehliz.simulation.compare import compare_simulations, name_group
from dehliz.simulation.confidence import find_bounds
from dehliz.simulation.observe_outline import Group
from dehliz.simulation.observe_times import COUNT, MEAN
from dehliz.simulation.plan import Family, Plan
from dehliz.simulation.result import Simulation
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.simulate import simulate
from dehliz.simulation.stock import find_safety_stock, pool_spreads
from dehliz.simulation.system import System
from dehliz.simulation.warmup import average_days, find_warm_up, truncate_mser
from tests.properties.systems import Yard
from tests.unit.simulation.plans import wrap

SETTINGS = SimulationSettings(replication_count=6, seed=3, warm_up_h=168.0, promise_h=60.0, holding_share=0.2)


def make_port(crossing_h: float = 20.0, cranes: int = 1) -> System:
    """Road, crane, ferry that fills (two of 2 places, 30 h) with berths, then road; and a probe."""
    yard = Yard()
    road, crane = yard.delay(), yard.serve(cranes)
    berths = yard.serve(1), yard.serve(1)
    quay, _ = yard.line(
        capacity=2.0, longest_wait_h=30.0, crossing_h=(crossing_h, crossing_h), turn_h=6.0, berths=berths, fleet_count=2
    )  # fmt: skip
    way = (road, 10.0), (crane, 5.0), (quay, 0.0, 1.0), (road, 8.0)
    yard.flow(*way)
    yard.flow((road, 30.0))
    yard.flow(*way)
    return yard.system()


def make_plan(crossing_h: float = 20.0, cranes: int = 1, rate_d: float = 0.7) -> Plan:
    return wrap(
        make_port(crossing_h, cranes), horizon_h=4368.0, drain_h=672.0, rate_d=[rate_d, 0.5, 0.5], probes=[2],
        families={0: (Family.GAMMA, 0.3), 1: (Family.LOGNORMAL, 0.6)}, weather={4: (0.15, 30.0)}, value_usd_t=3000.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Simulation:
    return simulate(make_plan(), SETTINGS)


def same(one: Simulation, two: Simulation) -> bool:
    tables, others = one.tables(), two.tables()
    return all(
        pd.util.hash_pandas_object(tables[name]).equals(pd.util.hash_pandas_object(others[name]))
        for name in tables
    ) and all(
        getattr(one.gathered, name).tobytes() == getattr(two.gathered, name).tobytes()
        for name in ("times", "causes_h", "resources", "ships", "weekly", "flowing")
    )


def test_the_answer_is_the_same_for_any_number_of_threads(found: Simulation) -> None:
    for threads in (1, 3):
        assert same(found, simulate(make_plan(), replace(SETTINGS, thread_count=threads)))
    assert not same(found, simulate(make_plan(), replace(SETTINGS, seed=4)))


def test_tables_are_as_the_dictionary_says(found: Simulation) -> None:
    tables = found.tables() | {"event": found.events(), "sailing": found.sailings()}
    assert set(tables) == {
        "simulated_time", "simulated_cause", "simulated_bottleneck", "ship_use", "resource_use", "throughput",
        "safety_stock", "on_time", "event", "sailing",
    }  # fmt: skip
    for name, table in tables.items():
        spec = read_spec(name)
        assert tuple(table.columns) == spec.column_names
        assert len(table)
        if spec.key:
            assert not table.duplicated(list(spec.key)).any(), name
        for column in spec.columns:
            values = table[column.name]
            assert not (column.is_required and values.isna().any()), f"{name}.{column.name}"
            if column.choices:
                assert set(values.astype(str)) <= set(column.choices), f"{name}.{column.name}"
            if column.low is not None and column.type == "float" and "_low" not in column.name:
                assert (values.dropna() >= column.low).all(), f"{name}.{column.name}"


def test_causes_of_each_group_add_up_to_its_mean_time(found: Simulation) -> None:
    broad = found.outline.n_broad
    np.testing.assert_allclose(found.gathered.causes_h.sum(axis=2), found.gathered.times[:, :broad, MEAN])
    tables = found.tables()
    total = tables["simulated_cause"].query("scope == 'all'")["time_h"].sum()
    assert total == pytest.approx(tables["simulated_time"]["mean_h"].iloc[0])


def test_bounds_are_those_of_student(found: Simulation) -> None:
    row = found.tables()["simulated_time"].iloc[0]
    values = found.gathered.times[:, 0, MEAN]
    half = student.ppf(0.975, 5) * values.std(ddof=1) / np.sqrt(6)
    assert [row["mean_h"], row["mean_low_h"], row["mean_high_h"]] == pytest.approx(
        [values.mean(), values.mean() - half, values.mean() + half]
    )


def test_bounds_leave_out_what_is_missing() -> None:
    bounds = find_bounds(np.array([[1.0, np.nan, np.nan], [3.0, 5.0, np.nan]]), 0.9)
    np.testing.assert_allclose(bounds.mean, [2.0, 5.0, np.nan])
    np.testing.assert_allclose(bounds.high - bounds.low, [2.0 * student.ppf(0.95, 1), np.nan, np.nan])


def test_probes_are_pooled(found: Simulation) -> None:
    row = found.tables()["simulated_time"].query("scope == 'probe'").iloc[0]
    pooled = np.concatenate(found.gathered.samples[0])
    assert [row["median_h"], row["p95_h"]] == pytest.approx(np.quantile(pooled, [0.5, 0.95]).tolist())
    assert row["median_low_h"] < row["median_h"] < row["median_high_h"]


def test_throughput_adds_up(found: Simulation) -> None:
    table = found.tables()["throughput"]
    cargo = found.draws.flow != 2
    assert found.gathered.flowing[0].sum() * 6 == pytest.approx(round(found.gathered.flowing[0].sum() * 6))
    assert table["released_t"].sum() == pytest.approx(20.0 * table["released_count"].sum())
    assert table["done_count"].sum() <= table["released_count"].sum()
    one = simulate(found.plan, replace(SETTINGS, replication_count=2), read_log=lambda _n, draws, _log: draws)
    count = np.mean([np.sum(draws.flow != 2) for draws in one.readings])
    assert one.tables()["throughput"]["released_count"].sum() == pytest.approx(count)
    assert cargo.sum() == pytest.approx(np.sum(one.readings[0].flow != 2))


def test_event_table_is_the_log(found: Simulation) -> None:
    events = found.events()
    assert len(events) == len(found.log.stage)
    one = found.events(7)
    assert set(one["consignment_id"]) == {"7"}
    assert one["ready_h"].iloc[0] == found.draws.release_h[7]
    assert one["end_h"].iloc[-1] == found.log.done_h[7]
    assert (one["end_h"].to_numpy()[:-1] == one["ready_h"].to_numpy()[1:]).all()


def test_ships_add_up(found: Simulation) -> None:
    ships = found.tables()["ship_use"]
    assert ships["resource_id"].tolist() == ["board_4", "board_5"]
    assert ships["round_trip_count"].tolist() == pytest.approx((ships["departure_count"] / 2.0).tolist())
    out = ships.iloc[0]
    assert out["consignment_count"] == pytest.approx(
        out["load_share"] * out["departure_count"] * 2.0, rel=0.02
    )
    assert ships.iloc[1]["consignment_count"] == 0.0  # ships come back empty


def test_a_system_that_keeps_up_says_so(found: Simulation) -> None:
    assert (found.status, found.reason, found.overloads) == ("ok", "", ())


def test_overload_names_the_resource_and_the_week() -> None:
    """Two ships of two places go round in 52 h: 1.85 places a day for 3.5 consignments a day from the start."""
    plan = make_plan(rate_d=3.0, cranes=3)
    one = simulate(plan, replace(SETTINGS, replication_count=3))
    assert one.status == "overloaded"
    first = one.overloads[0]
    assert plan.system.resource_ids[first.resource] == "board_4"
    assert first.since_h <= 2 * 168.0
    assert 1.5 < first.load_factor < 2.5
    assert one.reason.startswith("Resource 4 cannot keep up since 2024-01-")
    top = one.tables()["simulated_bottleneck"].iloc[0]
    assert (top["resource_id"], top["wait_rank_count"], bool(top["is_overloaded"])) == ("board_4", 1, True)
    assert any("still under way" in note for note in one.notes)


def test_queues_that_grow_are_found_and_others_are_not() -> None:
    weeks = np.arange(53.0)
    steady = np.where(weeks > 0, 6.0, 0.0) + np.where(weeks % 2 == 0, 1.0, -1.0) * (weeks > 0)
    storm = np.where(weeks > 45, (weeks - 45) * 10.0, 0.0)
    late = np.maximum(weeks - 30.0, 0.0) * 5.0
    standing = np.stack([steady, storm, late, weeks * 0.0])
    came = np.full(standing.shape, 20.0)
    found = find_overloads(standing, came, 52 * 168.0)
    assert [one.resource for one in found] == [2]
    assert found[0].since_h == 30 * 168.0
    assert found[0].load_factor == pytest.approx(20.0 / 15.0)
    assert find_overloads(np.stack([weeks * 3.0]), np.full((1, 53), 3.0), 52 * 168.0)[0].load_factor == np.inf


def test_what_storms_leave_behind_is_no_overload() -> None:
    """A queue that creeps up to three weeks' work within a year is a backlog; to five weeks' it is an overload."""
    weeks = np.arange(53.0)
    came = np.full((1, 53), 100.0)
    for worth, count in ((3.0, 0), (5.0, 1)):
        standing = worth * 92.0 * weeks[None] / 52.0
        assert len(find_overloads(standing + 1.0, came, 52 * 168.0)) == count


def test_ranks() -> None:
    assert rank(np.array([1.0, 3.0, 3.0, 0.0, np.nan])).tolist() == [3, 1, 2, 0, 0]


def test_mser_finds_a_known_transient() -> None:
    """A step: 40 observations at 10, then noise about 20."""
    rng = np.random.default_rng(1)
    series = np.concatenate([np.full(40, 10.0), 20.0 + rng.normal(0.0, 1.0, 360)])
    assert truncate_mser(series) == (40, True)


def test_mser_is_the_formula() -> None:
    rng = np.random.default_rng(2)
    series = np.cumsum(rng.normal(size=200)) + 30.0
    batches = series.reshape(-1, 5).mean(axis=1)
    error = [np.sum((batches[d:] - batches[d:].mean()) ** 2) / (40 - d) ** 2 for d in range(21)]
    assert truncate_mser(series, 0.5)[0] == 5 * int(np.argmin(error))


def test_mser_on_what_rises_all_the_time_is_not_found() -> None:
    assert truncate_mser(np.arange(400.0)) == (100, False)
    assert truncate_mser(np.ones(7)) == (0, True)


def test_warm_up_is_in_days_of_release() -> None:
    days = np.concatenate([np.full(20, 1.0), np.full(180, 9.0) + np.tile([0.1, -0.1, 0.2, -0.2, 0.0], 36)])
    rows = np.stack([days, days])
    rows[0, 100] = np.nan
    assert find_warm_up(rows).end_h == 20 * 24.0
    found = average_days(np.array([1.0, 30.0, 47.0]), np.array([5.0, 1.0, 3.0]), 72.0)
    np.testing.assert_array_equal(found, [5.0, 2.0, np.nan])


def test_warm_up_is_found_and_left_out() -> None:
    one = simulate(make_plan(), replace(SETTINGS, warm_up_h=None, replication_count=2))
    assert one.warm_up.method == "MSER-5"
    assert one.window.from_h == one.warm_up.end_h
    released = one.draws.release_h[one.draws.flow != 2]
    assert one.gathered.times[0, 0, COUNT] == np.sum((released >= one.window.from_h) & (released < 4368.0))


def test_same_draws_make_differences_sure() -> None:
    """One more crane: paired differences vary by far less than those of other seeds."""
    base, more = simulate(make_plan(), SETTINGS), simulate(make_plan(cranes=2), SETTINGS)
    apart = simulate(make_plan(cranes=2), replace(SETTINGS, seed=99))
    paired = more.gathered.times[:, 0, MEAN] - base.gathered.times[:, 0, MEAN]
    unpaired = apart.gathered.times[:, 0, MEAN] - base.gathered.times[:, 0, MEAN]
    assert paired.var(ddof=1) < 0.05 * unpaired.var(ddof=1)


def test_difference_by_hand() -> None:
    """Ships that cross in 16 instead of 20 h."""
    base, fast = simulate(make_plan(), SETTINGS), simulate(make_plan(crossing_h=16.0), SETTINGS)
    paired = fast.gathered.times[:, 0, MEAN] - base.gathered.times[:, 0, MEAN]
    found = compare_simulations(base, fast)
    row = found.table.query("row_id == 'all' and measure == 'mean_h'").iloc[0]
    assert row["value_mean"] == pytest.approx(paired.mean())
    assert row["value_mean"] == pytest.approx(row["rival_value"] - row["value"])
    assert row["value_high"] < 0.0
    assert row["is_clear"]
    assert (found.base_bottleneck, found.other_bottleneck) == ("Resource 4", "Resource 4")
    assert tuple(found.table.columns) == read_spec("simulated_difference").column_names
    assert not found.table.duplicated(["kind", "row_id", "measure"]).any()


def test_no_difference_is_no_difference(found: Simulation) -> None:
    table = compare_simulations(found, simulate(make_plan(), SETTINGS)).table
    assert (table["value_mean"].dropna() == 0.0).all()
    assert not table["is_clear"].any()


def test_what_was_simulated_otherwise_is_not_compared(found: Simulation) -> None:
    other = simulate(make_plan(), replace(SETTINGS, replication_count=2, seed=5, warm_up_h=0.0))
    with pytest.raises(SettingsError, match=r"seed is 3 in the base and 5.*replication_count.*window from_h"):
        compare_simulations(found, other)


def test_names_of_groups() -> None:
    assert name_group(Group("all", "", "", "", "all")) == "all"
    assert name_group(Group("od", "", "a", "b", "all")) == "od:a>b"
    assert name_group(Group("probe", "middle", "a", "b", "boxes")) == "probe:middle|a>b|boxes"


def test_safety_stock_by_hand() -> None:
    """Use 10 t a day with a variance of 25, lead time 16 days with a spread of 3: root of 16 x 25 + 900 is 36.06."""
    found = find_safety_stock(np.array([10.0]), np.array([25.0]), np.array([384.0]), np.array([72.0]), 0.975)
    assert found[0] == pytest.approx(1.959964 * np.sqrt(1300.0))


def test_spreads_are_those_of_all_together() -> None:
    rng = np.random.default_rng(4)
    parts = [rng.gamma(2.0, 5.0, size) for size in (7, 1, 12)]
    times = np.full((3, 1, 8), np.nan)
    for at, part in enumerate(parts):
        times[at, 0, [0, 2]] = len(part), part.mean()
        times[at, 0, 3] = part.std(ddof=1) if len(part) > 1 else np.nan
    total, mean, spread = pool_spreads(times)
    whole = np.concatenate(parts)
    assert [total[0], mean[0], spread[0]] == pytest.approx([20, whole.mean(), whole.std(ddof=1)])


def test_stock_costs_only_what_is_known(found: Simulation) -> None:
    table = found.tables()["safety_stock"]
    row = table.query("destination_id == '0'").iloc[0]
    demand, variance = 0.7 * 20.0, 0.7 * 400.0
    stock = find_safety_stock(
        np.array([demand]), np.array([variance]), np.array([row["mean_h"]]), np.array([row["spread_h"]]), 0.95
    )
    assert row["stock_t"] == pytest.approx(stock[0])
    assert row["cost_usd_a"] == pytest.approx(stock[0] * 3000.0 * 0.2)
    bare = simulate(found.plan, replace(SETTINGS, replication_count=2, holding_share=None)).tables()
    assert bare["safety_stock"]["cost_usd_a"].isna().all()
    assert bare["safety_stock"]["stock_usd"].notna().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replication_count": 1}, "replication_count: 1 was given"),
        ({"promise_h": -24.0}, "promise_h: -24.0 was given"),
        ({"promise_h": float("nan")}, "promise_h: nan"),
        ({"warm_up_h": 5000.0}, "must leave 672 h of the 4368 h of the horizon"),
        ({"thread_count": 0}, "thread_count: 0"),
        ({"confidence_share": 1.0}, "confidence_share"),
        ({"seed": -1, "service_share": 1.0, "holding_share": -0.1}, r"seed.*service_share.*holding_share"),
    ],
)
def test_bad_settings_are_refused_all_at_once(change: dict[str, float], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        simulate(make_plan(), replace(SETTINGS, **change))


def test_progress_is_told(found: Simulation) -> None:
    told: list[tuple[int, int]] = []
    simulate(
        found.plan, replace(SETTINGS, replication_count=3), lambda done, count: told.append((done, count))
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_one_server_is_as_theory_says() -> None:
    """M/M/1 with 0.5 an hour and work of 1 h: two hours in the system, half of them waiting, half of the time in use.

    The bounds are of 99.9% and the seed is fixed; with another seed each of the four would fail once in a thousand.
    """
    yard = Yard()
    crane = yard.serve(1)
    yard.flow((crane, 1.0))
    plan = wrap(
        yard.system(), horizon_h=5040.0, drain_h=336.0, rate_d=12.0, families={0: (Family.EXPONENTIAL, 1.0)}
    )  # fmt: skip
    one = simulate(plan, SimulationSettings(replication_count=30, seed=8, confidence_share=0.999))
    assert one.status == "ok"
    tables = one.tables()
    mean = tables["simulated_time"].iloc[0]
    assert mean["mean_low_h"] < 2.0 < mean["mean_high_h"]
    causes = tables["simulated_cause"].query("scope == 'all'").set_index("cause")
    for cause in ("path", "handle"):
        assert causes.loc[cause, "time_low_h"] < 1.0 < causes.loc[cause, "time_high_h"]
    # The time in the system is exponential with mean 2: its 90th percentile is 2 ln 10.
    assert mean["p90_low_h"] < 2.0 * np.log(10.0) < mean["p90_high_h"]
    weeks = tables["resource_use"].iloc[2:]
    assert weeks["queue_count"].mean() == pytest.approx(0.5, abs=0.05)
    assert weeks["utilisation_share"].mean() == pytest.approx(0.5, abs=0.02)


def test_where_nobody_moves_tables_say_so() -> None:
    one = simulate(wrap(make_port(), rate_d=0.0), SimulationSettings(replication_count=2, promise_h=24.0))
    tables = one.tables()
    assert (one.status, one.warm_up.end_h) == ("too_few", 0.0)
    assert one.reason.startswith("0.0 consignments a replication are observed")
    assert tables["simulated_time"]["is_few"].all()
    assert (tables["simulated_time"]["consignment_count"] == 0.0).all()
    assert tables["simulated_time"]["mean_h"].isna().all()
    for name in (
        "simulated_cause",
        "simulated_bottleneck",
        "ship_use",
        "resource_use",
        "safety_stock",
        "on_time",
    ):
        assert len(tables[name]) == 0, name
        assert tuple(tables[name].columns) == read_spec(name).column_names
    assert len(one.events()) == 0


def test_warm_up_is_that_of_cargo() -> None:
    """Probes wait for a gate that opens at 1000; cargo by road takes 5 h from the first hour on."""
    yard = Yard()
    road, gate = yard.delay(), yard.serve(9)
    yard.flow((road, 5.0))
    yard.flow((gate, 1.0))
    gates = {gate: [(0.0, 1000.0)]}
    settings = SimulationSettings(replication_count=2)

    def find(probes: list[int]) -> float:
        plan = wrap(
            yard.system(), horizon_h=4368.0, drain_h=336.0, rate_d=[4.0, 3.0], probes=probes, fixed=gates
        )  # fmt: skip
        return simulate(plan, settings).warm_up.end_h

    assert find([1]) == 0.0
    assert 900.0 < find([]) <= 1092.0
