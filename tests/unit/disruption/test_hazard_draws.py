"""Draws of hazards against theory: counts, shares, seasons, independence, common random numbers, states.

Bounds of the statistical tests are five standard errors: with fixed seeds they pass or fail for ever, and a fresh seed
would fail one of them with a chance of 6e-7 (normal, two-sided).
"""

import numpy as np
import pytest

from dehliz.base.errors import SettingsError
from dehliz.disruption.draws import Events, draw_year, list_season_days, split_year
from dehliz.disruption.hazards import Hazards, check_hazard_table, make_hazards
from dehliz.network.network import Network
from tests.unit.disruption.hazard_tables import ALL, BORDER, NARROWS, STORM, WORKS, make_table

RUNS = 4000
SIGMAS = 5.0


def make(network: Network, *rows: str) -> Hazards:
    return make_hazards(check_hazard_table(make_table(*rows), network), network)


def draw_many(hazards: Hazards, run_count: int = RUNS, **options: int) -> list[Events]:
    return [draw_year(hazards, 11, run, **options) for run in range(run_count)]


def count_begun(years: list[Events], hazard_count: int) -> np.ndarray:
    """(n_run, n_hazard) events that begin within the year."""
    return np.array([np.bincount(year.hazard[~year.is_early], minlength=hazard_count) for year in years])


def test_events_come_as_often_as_the_rate_says(corridor3: Network) -> None:
    hazards = make(corridor3)
    counts = count_begun(draw_many(hazards), len(hazards))
    error = np.sqrt(hazards.rate_per_a / RUNS)
    assert np.all(np.abs(counts.mean(axis=0) - hazards.rate_per_a) < SIGMAS * error)


def test_counts_are_spread_as_those_of_a_poisson_process(corridor3: Network) -> None:
    # index of dispersion: variance over mean is 1 with standard error sqrt(2 / n) (Fisher, 1925)
    hazards = make(corridor3)
    counts = count_begun(draw_many(hazards), len(hazards))
    dispersion = counts.var(axis=0, ddof=1) / counts.mean(axis=0)
    # a small mean adds a term: var(s2/m) is about (2 + 1/m) / n
    assert np.all(np.abs(dispersion - 1) < SIGMAS * np.sqrt((2 + 1 / hazards.rate_per_a) / RUNS))
    shares = np.corrcoef(counts, rowvar=False)
    assert np.all(np.abs(shares[~np.eye(len(hazards), dtype=bool)]) < SIGMAS / np.sqrt(RUNS))


def test_the_year_is_struck_for_rate_times_length(corridor3: Network) -> None:
    # All year round and stationary: the sum of lengths within the year is rate x mean length in the mean, whatever
    # the form, because what is cut at the end of one year is what is carried into the next.
    hazards = make(corridor3, BORDER, NARROWS)
    struck = np.array(
        [np.bincount(year.hazard, year.end_d - year.start_d, minlength=2) for year in draw_many(hazards)]
    )
    expected = hazards.rate_per_a * hazards.duration_d
    error = struck.std(axis=0, ddof=1) / np.sqrt(RUNS)
    assert np.all(np.abs(struck.mean(axis=0) - expected) < SIGMAS * error)


def test_a_hazard_of_years_is_active_as_often_as_an_infinite_queue_is_busy(corridor3: Network) -> None:
    # M/G/infinity: idle with chance exp(-rate x mean length), so active for 1 - exp(-0.2 x 2) = 0.3297 of the time
    long = NARROWS.replace(",0.5,0.1,2,", ",0.2,0.1,2,").replace(",20,fixed", ",730,exponential")
    hazards = make(corridor3, long)
    active = []
    for year in draw_many(hazards):
        states = split_year(year)
        active.append(
            sum(days for found, days in zip(states.sets, states.days_d, strict=True) if found) / 365
        )
    expected = 1 - np.exp(-0.4)
    assert abs(np.mean(active) - expected) < SIGMAS * np.std(active, ddof=1) / np.sqrt(RUNS)
    calm = [draw_year(hazards, 11, run, years_before=0) for run in range(500)]
    assert not any(year.is_early.any() for year in calm)


def test_lengths_have_their_mean_and_spread(corridor3: Network) -> None:
    often = [
        row.replace(rates, ",50,0,99,")
        for row, rates in ((BORDER, ",0.2,0,1,"), (NARROWS, ",0.5,0.1,2,"), (STORM, ",6,2,9,"))
    ]
    hazards = make(corridor3, *(row.replace(",11,2,", ",1,6,") for row in often))
    years = draw_many(hazards, 200)
    for place, spread_d in enumerate((14.0, 0.0, 3.0)):
        # the form of the lognormal has a long tail: those of the first half year are cut at its end with no weight
        lengths = np.concatenate(
            [
                (year.end_d - year.start_d)[(year.hazard == place) & ~year.is_early & (year.start_d < 150)]
                for year in years
            ]
        )
        mean_d = hazards.duration_d[place]
        assert len(lengths) > 3000
        assert abs(lengths.mean() - mean_d) <= SIGMAS * spread_d / np.sqrt(len(lengths)) + 1e-9
        assert lengths.std() == pytest.approx(spread_d, rel=0.1, abs=1e-9)


def test_seasons_are_kept_and_filled_evenly(corridor3: Network) -> None:
    hazards = make(corridor3, STORM, WORKS)
    years = draw_many(hazards, 2000)
    starts = [np.concatenate([y.start_d[(y.hazard == h) & ~y.is_early] for y in years]) for h in (0, 1)]
    winter = (starts[0] >= 304) | (starts[0] < 59)
    assert winter.all()
    assert np.all((starts[1] >= 90) & (starts[1] < 273))
    # 61 of the 120 days from November to February are before the new year
    share, n = float(np.mean(starts[0] >= 304)), len(starts[0])
    assert abs(share - 61 / 120) < SIGMAS * np.sqrt(61 / 120 * 59 / 120 / n)


def test_months_make_seasons() -> None:
    assert list_season_days(1, 12) == ((0.0, 365.0),)
    assert list_season_days(2, 2) == ((31.0, 59.0),)
    assert list_season_days(11, 2) == ((0.0, 59.0), (304.0, 365.0))
    assert sum(b - a for m in range(1, 13) for a, b in list_season_days(m, m)) == 365.0


def to_bytes(events: Events) -> bytes:
    return b"".join(
        array.tobytes()
        for array in (events.hazard, events.start_d, events.end_d, events.is_early, events.is_cut)
    )


def test_the_same_seed_and_run_give_the_same_bytes(corridor3: Network) -> None:
    hazards = make(corridor3)
    assert to_bytes(draw_year(hazards, 3, 5)) == to_bytes(draw_year(hazards, 3, 5))
    drawn = {to_bytes(draw_year(hazards, seed, run)) for seed in (3, 4) for run in range(50)}
    assert len(drawn) == 100


def pairs(events: Events, hazards: Hazards, hazard_id: str) -> set[tuple[float, float]]:
    mine = events.hazard == hazards.find(hazard_id)
    return set(zip(events.start_d[mine].tolist(), events.end_d[mine].tolist(), strict=True))


def test_a_changed_rate_leaves_other_hazards_and_adds_to_its_own(corridor3: Network) -> None:
    hazards = make(corridor3)
    more = hazards.with_rates({"storm": 7.5, "narrows": 0.1})
    grown = 0
    for run in range(200):
        one, other = draw_year(hazards, 2, run), draw_year(more, 2, run)
        assert pairs(one, hazards, "border") == pairs(other, hazards, "border")
        assert pairs(one, hazards, "works") == pairs(other, hazards, "works")
        assert pairs(one, hazards, "storm") <= pairs(other, hazards, "storm")
        assert pairs(one, hazards, "narrows") >= pairs(other, hazards, "narrows")
        grown += len(pairs(other, hazards, "storm")) - len(pairs(one, hazards, "storm"))
    assert grown > 200  # 300 expected, with standard error 17


def test_hazards_that_come_or_go_leave_the_others(corridor3: Network) -> None:
    all_of_them, two = make(corridor3), make(corridor3, STORM, WORKS)
    for run in range(50):
        one, other = draw_year(all_of_them, 2, run), draw_year(two, 2, run)
        for hazard_id in two.hazard_ids:
            assert pairs(one, all_of_them, hazard_id) == pairs(other, two, hazard_id)


def test_factors_act_on_their_kind(corridor3: Network) -> None:
    hazards = make(corridor3)
    for run in range(30):
        base = draw_year(hazards, 2, run, years_before=0)
        longer = draw_year(hazards, 2, run, years_before=0, duration_factor={"storm": 2.0})
        mine = base.hazard == hazards.find("storm")
        theirs = longer.hazard == hazards.find("storm")
        assert base.start_d[mine].tolist() == longer.start_d[theirs].tolist()
        lasts, twice = (base.end_d - base.start_d)[mine], (longer.end_d - longer.start_d)[theirs]
        whole = ~longer.is_cut[theirs]
        assert twice[whole] == pytest.approx(2 * lasts[whole])
        same = draw_year(hazards.with_rates({"storm": 12.0}), 2, run)
        assert to_bytes(draw_year(hazards, 2, run, rate_factor={"storm": 2.0})) == to_bytes(same)
    with pytest.raises(SettingsError, match="Did you mean 'storm'") as caught:
        draw_year(hazards, 2, 0, rate_factor={"strom": 2.0, "strike": 0.0})
    assert [issue.rule for issue in caught.value.issues] == ["hazard.draw.kind", "hazard.draw.factor"]


def test_events_are_cut_at_the_ends_of_the_year_and_told(corridor3: Network) -> None:
    long = NARROWS.replace(",0.5,0.1,2,", ",1,0.1,2,").replace(",20,fixed", ",400,fixed")
    hazards = make(corridor3, long)
    years = draw_many(hazards, 100)
    for year in years:
        assert np.all((year.start_d >= 0) & (year.end_d <= 365) & (year.start_d < year.end_d))
        assert np.all(year.start_d[year.is_early] == 0)
        assert np.all(year.end_d[year.is_cut] == 365)
        assert np.all(np.diff(year.start_d) >= 0)
        begun = ~year.is_early
        assert np.all(year.is_cut[begun])  # 400 days never end in the year in which they begin
    assert sum(year.is_early.sum() for year in years) > 50


def events_of(*rows: tuple[int, float, float]) -> Events:
    hazard, start_d, end_d = zip(*rows, strict=True)
    no = np.zeros(len(rows), dtype=bool)
    return Events(
        np.array(hazard, dtype=np.int32), np.array(start_d), np.array(end_d), no, no.copy(), np.array(end_d)
    )


def test_a_year_by_hand_is_split_into_its_states() -> None:
    #      0   10   20   30   40   50                365
    # h0       |---------|                 two of h0 that overlap: one stretch from 10 to 40
    # h0                 . 25-40
    # h2            |---------|            20 to 50
    states = split_year(events_of((0, 10, 30), (2, 20, 50), (0, 25, 40)))
    assert states.sets == ((), (0,), (2,), (0, 2))
    assert states.days_d.tolist() == [10 + 315, 10, 10, 20]
    assert states.span_state.tolist() == [0, 1, 3, 2, 0]
    assert states.span_start_d.tolist() == [0, 10, 20, 40, 50]
    assert repr(states) == "<States: 4 in 5 spans, calm on 325.0 days>"


def test_a_year_without_events_is_one_calm_state(corridor3: Network) -> None:
    none = make(corridor3, NARROWS).with_rates({"narrows": 0.0})
    events = draw_year(none, 1, 1)
    states = split_year(events)
    assert len(events) == 0
    assert states.sets == ((),)
    assert states.days_d.tolist() == [365.0]


def test_states_agree_with_a_plain_look_at_each_hour(corridor3: Network) -> None:
    hazards = make(corridor3, *ALL).with_rates({"storm": 12, "border": 3, "narrows": 3})
    for run in range(30):
        events = draw_year(hazards, 8, run)
        states = split_year(events)
        assert states.days_d.sum() == pytest.approx(365, abs=1e-9)
        assert np.all(states.days_d > 0)
        assert len(set(states.sets)) == len(states.sets)
        for hour in range(0, 8760, 7):
            day = (hour + 0.37) / 24
            mine = (events.start_d <= day) & (day < events.end_d)
            plain = tuple(sorted(set(events.hazard[mine].tolist())))
            span = int(np.searchsorted(states.span_start_d, day, side="right")) - 1
            assert states.sets[states.span_state[span]] == plain
