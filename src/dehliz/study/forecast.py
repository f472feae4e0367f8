"""``forecast``: cargo of the corridor in years to come, by scenario, with bands from many draws.

Drivers come in, tables go out. Problems that several scenarios share are prepared once; every draw is loaded in each
scenario and year, so that scenarios differ by what they say and not by chance. The file before is
``study/forecast_load.py``; beside it stands ``study/forecast_check.py``, which tries the same model on the past.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.year import read_choice_model
from dehliz.base.errors import SettingsError, suggest
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import list_demand_years, load, load_demand, load_observed
from dehliz.study.forecast_drivers import (
    Draw,
    Drivers,
    Ends,
    draw_choice,
    find_ends,
    grow,
    make_draws,
    read_drivers,
)
from dehliz.study.forecast_load import LEAST_ANCHOR_SHARE, Series, WarmLoad, read_series, tell_market_volumes
from dehliz.study.forecast_year import Scene, list_scenarios, prepare_scene, read_countries, read_scene

YEARS: Final = (2026, 2028, 2030, 2032, 2035)
QUICK_YEARS: Final = (2026, 2030, 2035)
QUICK_DRAW_COUNT: Final = 10
CENTRAL: Final = "central"
BAND: Final = (0.1, 0.5, 0.9)
"""Shares of the draws below the lower end, the median and the upper end of a band."""
MOST_DRAW_COUNT: Final = 10_000

OnStep = Callable[[str, float], None]
Volumes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """What to forecast.

    Attributes
    ----------
    to_year : int
        Last year.
    draw_count : int
        Draws of each scenario and year.
    seed : int
        Equal seeds give equal bytes.
    scenario_ids : tuple of str
        Scenarios wanted; all when empty.
    target_gap_share : float
        Relative gap of each assignment.
    is_quick : bool
        Fewer years.
    is_choice_drawn : bool
        Whether draws move the parameters of choice too, each by its own standard error. The fit's errors are strongly
        correlated and its scale is hardly known, so draws of one by one exaggerate; therefore not by default.
    """

    to_year: int = YEARS[-1]
    draw_count: int = 40
    seed: int = 1
    scenario_ids: tuple[str, ...] = ()
    target_gap_share: float = 1e-5
    is_quick: bool = False
    is_choice_drawn: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """A finished forecast.

    Attributes
    ----------
    settings : ForecastSettings
        What was asked for.
    base_year : int
        Last year observed.
    years : tuple of int
        Years that were forecast.
    series : tuple of Series
        What was forecast, with what was observed of it.
    base_t_a : mapping of str to float
        What the model carries in the last year observed, by series: to be held against what was observed.
    tables : mapping of str to DataFrame
        ``forecast``, ``forecast_demand``, ``forecast_comparison``, ``forecast_scenario``.
    unconverged_count : int
        Assignments that stopped above the gap asked for.
    run_count : int
        All assignments.
    """

    settings: ForecastSettings
    base_year: int
    years: tuple[int, ...]
    series: tuple[Series, ...]
    base_t_a: dict[str, float]
    tables: dict[str, pd.DataFrame]
    unconverged_count: int
    run_count: int

    @property
    def status(self) -> str:
        """``converged`` when every assignment has."""
        return "not_converged" if self.unconverged_count else "converged"


def pick_years(base_year: int, to_year: int, last_year: int, is_quick: bool = False) -> tuple[int, ...]:
    """Years to forecast: the usual ones before the last, and the last.

    Parameters
    ----------
    base_year, to_year : int
        Last year observed, and last year wanted.
    last_year : int
        Last year that the drivers cover.
    is_quick : bool
        Fewer years.

    Raises
    ------
    SettingsError
        When the last year lies outside what the drivers cover.
    """
    if not base_year < to_year <= last_year:
        raise SettingsError(
            f"The forecast to {to_year} was asked for. It needs a year from {base_year + 1} to {last_year}: "
            f"{base_year} is the last year observed, and growth is assumed to {last_year}. Choose one of these years."
        )
    usual = QUICK_YEARS if is_quick else YEARS
    return (*(year for year in usual if base_year < year < to_year), to_year)


def forecast(
    settings: ForecastSettings, drivers: Drivers | None = None, on_step: OnStep | None = None
) -> Forecast:
    """Cargo of the corridor in years to come.

    Parameters
    ----------
    settings : ForecastSettings
        What to forecast.
    drivers : Drivers, optional
        The bundled ones when left out.
    on_step : callable, optional
        Told what is being done and the share that is done.

    Returns
    -------
    Forecast

    Raises
    ------
    SettingsError
        When a year, a scenario or the number of draws cannot be.
    DataError
        When the drivers do not cover the demand.

    Notes
    -----
    Each market grows from the last year observed as ``study/forecast_drivers.py`` says. Capacities are those of the
    year. A draw is one growth path, one elasticity for each market and, where asked for, one set of parameters of
    choice; the same draws are used in every scenario. Anchored volumes are what was observed last times the model's
    growth since in the same draw.
    """
    drivers = read_drivers() if drivers is None else drivers
    tell = on_step or (lambda _step, _share: None)
    base_year = list_demand_years()[-1]
    years = pick_years(base_year, settings.to_year, drivers.last_year, settings.is_quick)
    check_settings(settings, drivers)
    tell("Reading drivers", 0.0)
    demand = load_demand(base_year).demand
    ends = find_ends(demand, read_countries(load(base_year)), drivers.region)
    draws = make_draws(
        settings.draw_count,
        settings.seed,
        drivers.market["market_id"].tolist(),
        drivers.choice["parameter_id"].tolist(),
    )
    series = read_series(load_observed(), sorted(set(demand["segment_id"])))
    work = _Work(settings, drivers, ends, draws, series, base_year, tell)
    base = work.load_base()
    volumes, sizes = work.load_all(list_scenarios(drivers, settings.scenario_ids), years)
    table = _tell_forecast(volumes, base, series, base_year, work.unconverged)
    tables = {
        "forecast": table,
        "forecast_demand": _tell_demand(sizes, sorted(ends)),
        "forecast_comparison": compare_references(table, drivers.reference),
        "forecast_scenario": drivers.scenario,
    }
    median = dict(zip((one.series_id for one in series), np.median(base, axis=0).tolist(), strict=True))
    missed = sum(work.unconverged.values())
    return Forecast(settings, base_year, years, series, median, tables, missed, work.run_count)


def check_settings(settings: ForecastSettings, drivers: Drivers) -> None:
    """Complain of a number of draws or a scenario that cannot be.

    Raises
    ------
    SettingsError
        With what was found and what is needed.
    """
    if not 1 <= settings.draw_count <= MOST_DRAW_COUNT:
        raise SettingsError(
            f"{settings.draw_count} draws were asked for. A forecast needs 1 to {MOST_DRAW_COUNT:,}. "
            "Choose such a number."
        )
    known = drivers.scenario["scenario_id"].tolist()
    for scenario_id in settings.scenario_ids:
        if scenario_id not in known:
            hint = suggest(scenario_id, known) or f"Choose one of {', '.join(known)}."
            raise SettingsError(
                f"The scenario '{scenario_id}' was asked for. There is no such scenario. {hint}"
            )


class _Work:
    """Goes through scenes, years, scenarios and draws in a fixed order."""

    def __init__(
        self,
        settings: ForecastSettings,
        drivers: Drivers,
        ends: Ends,
        draws: Sequence[Draw],
        series: Sequence[Series],
        base_year: int,
        tell: OnStep,
    ) -> None:
        self.settings = settings
        self.drivers = drivers
        self.ends = ends
        self.draws = draws
        self.series = series
        self.base_year = base_year
        self.tell = tell
        self.assignment = AssignmentSettings(method="sue", target_gap_share=settings.target_gap_share)
        self.unconverged: dict[tuple[str, int], int] = {}
        self.run_count = 0
        self.still: WarmLoad | None = None

    def load_base(self) -> Volumes:
        """(n_draw, n_series) what the model carries in the last year observed."""
        self.tell(f"Loading {self.base_year}", 0.0)
        warm = self._warm(Scene(), self.base_year, self.base_year)
        factors = dict.fromkeys(self.ends, 1.0)
        found = [self._load(warm, factors, draw, self.base_year, ("", self.base_year)) for draw in self.draws]
        return np.array(found)

    def load_all(
        self, scenarios: Sequence[Any], years: Sequence[int]
    ) -> tuple[dict[tuple[str, int], Volumes], dict[tuple[str, int], Volumes]]:
        """Volumes by series, and sizes by market, of each scenario and year: (n_draw, n) each."""
        scenes: dict[Scene, list[Any]] = {}
        for row in scenarios:
            scenes.setdefault(read_scene(row), []).append(row)
        volumes, sizes = {}, {}
        done, count = 0, len(scenarios) * len(years)
        for scene, rows in scenes.items():
            for year in years:
                self.tell(f"Preparing {year}, {rows[0].name}", done / count)
                warm = self._warm(scene, year, int(rows[0].choice_year))
                for row in rows:
                    self.tell(f"{year}, {row.name}", done / count)
                    key = (row.scenario_id, year)
                    volumes[key], sizes[key] = self._load_draws(warm, row, year)
                    done += 1
        order = [(row.scenario_id, year) for row in scenarios for year in years]
        return {key: volumes[key] for key in order}, {key: sizes[key] for key in order}

    def _warm(self, scene: Scene, year: int, choice_year: int) -> WarmLoad:
        """A problem ready for draws; that of the last year observed is kept, since nothing in it changes."""
        if scene == Scene() and self.still is not None:
            return self.still
        problem = prepare_scene(self.drivers, scene, self.base_year, year)
        model = read_choice_model(choice_year, self.drivers.choice)
        warm = WarmLoad(problem, model, self.assignment, self.series)
        if scene == Scene():
            self.still = warm
        return warm

    def _load_draws(self, warm: WarmLoad, row: Any, year: int) -> tuple[Volumes, Volumes]:
        volumes, sizes = [], []
        for draw in self.draws:
            factors = grow(
                self.drivers, self.ends, (self.base_year, year), draw, row.growth_level, row.elasticity_level
            )
            volumes.append(self._load(warm, factors, draw, int(row.choice_year), (row.scenario_id, year)))
            by_market = tell_market_volumes(warm, factors)
            sizes.append([by_market[market_id] for market_id in sorted(self.ends)])
        return np.array(volumes), np.array(sizes)

    def _load(
        self, warm: WarmLoad, factors: dict[str, float], draw: Draw, choice_year: int, key: tuple[str, int]
    ) -> Volumes:
        if self.settings.is_choice_drawn:
            model = draw_choice(self.drivers, choice_year, draw)
        else:
            model = read_choice_model(choice_year, self.drivers.choice)
        answer = warm.load(factors, model)
        self.run_count += 1
        self.unconverged[key] = self.unconverged.get(key, 0) + (not answer.is_converged)
        return answer.volume_t_a


def _tell_forecast(
    volumes: dict[tuple[str, int], Volumes],
    base: Volumes,
    series: Sequence[Series],
    base_year: int,
    unconverged: dict[tuple[str, int], int],
) -> pd.DataFrame:
    """The ``forecast`` table."""
    rows = []
    for at, one in enumerate(series):
        growth = find_anchor(one, base[:, at], base_year)
        for (scenario_id, year), found in volumes.items():
            own, anchored = np.quantile(found[:, at], BAND), np.quantile(found[:, at] * growth, BAND)
            rows.append(
                (scenario_id, one.series_id, year, *own.tolist(), *anchored.tolist(), one.t_per_teu, len(found),
                 unconverged[scenario_id, year])
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("forecast").column_names))


def find_anchor(series: Series, base_t_a: Volumes, base_year: int) -> Volumes:
    """What the model's volumes are multiplied by in each draw; NaN where none was observed, or too little is modelled.

    Parameters
    ----------
    series : Series
        With what was observed.
    base_t_a : (n_draw,) float64
        What the model carries in the last year observed [t/a].
    base_year : int
        That year.
    """
    observed = series.observed_t_a.get(base_year, float("nan"))
    is_carried = base_t_a >= LEAST_ANCHOR_SHARE * observed
    if np.isnan(observed) or not is_carried.all():
        return np.full(len(base_t_a), np.nan)
    return np.asarray(observed / base_t_a)


def _tell_demand(sizes: dict[tuple[str, int], Volumes], market_ids: Sequence[str]) -> pd.DataFrame:
    """The ``forecast_demand`` table."""
    rows = [
        (scenario_id, market_id, year, *np.quantile(found[:, at], BAND).tolist())
        for (scenario_id, year), found in sizes.items()
        for at, market_id in enumerate(market_ids)
    ]
    return pd.DataFrame(rows, columns=list(read_spec("forecast_demand").column_names))


def compare_references(table: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """The ``forecast_comparison`` table: what others say beside the central scenario, or the first without it.

    Parameters
    ----------
    table : DataFrame
        Table ``forecast``.
    reference : DataFrame
        Table ``forecast_reference``.
    """
    scenarios = table["scenario_id"].tolist()
    central = table[table["scenario_id"] == (CENTRAL if CENTRAL in scenarios else scenarios[0])]
    rows = []
    for row in each_row(reference):
        mine = central[central["series_id"] == row.series_id]
        distance = (mine["year"] - row.year).abs()
        own = next(each_row(mine[distance == distance.min()].tail(1)))
        is_anchored = not np.isnan(own.anchored_median_t_a)
        band = (own.low_t_a, own.median_t_a, own.high_t_a)
        if is_anchored:
            band = (own.anchored_low_t_a, own.anchored_median_t_a, own.anchored_high_t_a)
        rows.append(
            (row.reference_id, row.name, row.series_id, int(row.year), row.volume_t_a, int(own.year), *band,
             is_anchored, row.kind, row.fact_id, row.note)
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(read_spec("forecast_comparison").column_names))


def make_quick(settings: ForecastSettings) -> ForecastSettings:
    """The same with few draws and years: a first look in less than a minute."""
    return replace(settings, draw_count=min(settings.draw_count, QUICK_DRAW_COUNT), is_quick=True)
