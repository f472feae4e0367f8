"""Tables of ``docs/background/disruption.md``: Zangezur with and without, the way back, historic events replayed."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dehliz.assignment.year import read_choice_model
from dehliz.base.rows import each_row
from dehliz.disruption.compare import Comparison, compare_scene
from dehliz.disruption.disrupt import Disruption, disrupt
from dehliz.disruption.scenes import set_stage
from dehliz.network.scenario_file import read_scenario
from dehliz.validation.events import History, replay_events
from tools.docs.markdown import code, table

FOLDER: Final = Path(__file__).parents[2] / "studies" / "scenarios"
ZANGEZUR: Final = ("zangezur", "zangezur_without_kars")
YEAR: Final = 2024
BTK_GATEWAY: Final = "akhalkalaki"
NEW_GATEWAY: Final = "link:tr_kars_dilucu"
BORDER_YEAR: Final = 2025
_VERDICT: Final = {"met": "met", "order": "order", "missed": "**missed**", "untold": "not told", "set": "set"}


@cache
def _zangezur() -> tuple[Comparison, ...]:
    stage = set_stage(YEAR, [read_scenario(FOLDER / f"{name}.toml") for name in ZANGEZUR])
    return tuple(compare_scene(stage.baseline, scene) for scene in stage.scenes)


@cache
def _as_btk() -> Comparison:
    """Zangezur when it has what the calibration gives to BTK besides time and money."""
    model = read_choice_model(YEAR)
    like = [replace(one, gateway=NEW_GATEWAY) for one in model.constants if one.gateway == BTK_GATEWAY]
    own = replace(model, constants=(*model.constants, *like))
    stage = set_stage(YEAR, [read_scenario(FOLDER / f"{ZANGEZUR[0]}.toml")], model=own)
    return compare_scene(stage.baseline, stage.scenes[0])


@cache
def _border() -> Disruption:
    return disrupt(FOLDER / "poland_belarus_shut.toml", year=BORDER_YEAR)


@cache
def _history() -> History:
    return replay_events(FOLDER)


def _join(name: str, keys: list[str]) -> pd.DataFrame:
    """A table of both scenarios, row by row; what one of them does not have is empty."""
    one, other = (made.tables[name] for made in _zangezur())
    return one.merge(other, on=keys, how="outer", suffixes=("", "_short"), sort=False)


def make_zangezur_corridors() -> str:
    """Cargo, share, time and money by corridor: as it is, with Zangezur, and without Kars - Dilucu."""
    rows = []
    for row in each_row(_join("beside_corridor", ["corridor_id", "corridor_name"])):
        if abs(row.change_t_a) < 1.0 and abs(row.change_t_a_short) < 1.0:
            continue
        was = 0.0 if pd.isna(row.volume_t_a) else row.volume_t_a
        rows.append(
            (
                row.corridor_name, _tonnes(was), _tonnes(row.volume_after_t_a), _tonnes(row.volume_after_t_a_short),
                _days(row.time_h), _days(row.time_after_h), _days(row.time_after_h_short),
                _whole(row.cost_usd_t), _whole(row.cost_after_usd_t), _whole(row.cost_after_usd_t_short),
            )
        )  # fmt: skip
    heads = (
        "corridor",
        "t/a>",
        "with>",
        "without Kars>",
        "days>",
        "with>",
        "w/o Kars>",
        "USD/t>",
        "with>",
        "w/o Kars>",
    )
    return table(heads, rows)


def make_zangezur_as_btk() -> str:
    """Cargo by corridor when Zangezur is as well liked as BTK, and what trade gains."""
    made = _as_btk()
    rows = [
        (
            row.corridor_name, _tonnes(0.0 if pd.isna(row.volume_t_a) else row.volume_t_a),
            _tonnes(row.volume_after_t_a), _signed(row.change_t_a),
        )
        for row in each_row(made.tables["beside_corridor"])
        if abs(row.change_t_a) >= 1.0
    ]  # fmt: skip
    total = made.tables["beside_total"].set_index("measure")["value_after"]
    net = total["gain of those who gain"] - total["loss of those who lose"]
    gain = sorted(each_row(made.tables["beside_country"]), key=lambda row: -abs(row.gain_usd_d))[:5]
    told = ", ".join(f"{row.name} {_signed(row.gain_usd_d)}" for row in gain)
    return (
        table(("corridor", "t/a>", "with>", "change>"), rows)
        + f"\nNet gain of trade {_signed(net)} USD a day; the most: {told}."
    )


def make_zangezur_countries() -> str:
    """Transit and gain of the countries concerned."""
    both = _join("beside_country", ["country_id", "name"])
    change = (both["transit_after_t_a"] - both["transit_t_a"]).abs()
    chosen = both[(change >= 10.0) | (both["gain_usd_d"].abs() >= 0.5)]
    rows = [
        (
            row.name, _tonnes(row.transit_t_a), _signed(row.transit_after_t_a - row.transit_t_a),
            _signed(row.transit_after_t_a_short - row.transit_t_a_short), _signed(row.gain_usd_d, 1),
            _signed(row.gain_usd_d_short, 1),
        )
        for row in each_row(chosen)
    ]  # fmt: skip
    return table(
        ("country", "transit, t/a>", "with>", "without Kars>", "gain, USD/d>", "without Kars>"), rows
    )


def make_zangezur_totals() -> str:
    """Sums over all cargo, and concentration of all of it."""
    rows = [
        (
            row.measure, row.unit, f"{row.value:,.6g}", _signed(row.change, 4), _signed(row.change_short, 4),
        )
        for row in each_row(_join("beside_total", ["measure", "unit"]))
        if row.measure != "relative gap"
    ]  # fmt: skip
    for row in each_row(_join("beside_concentration", ["segment_id", "by"])):
        if row.segment_id == "all":
            changes = (
                row.herfindahl_after_share - row.herfindahl_share,
                row.herfindahl_after_share_short - row.herfindahl_share_short,
            )
            rows.append(
                (f"concentration by {row.by}", "H", f"{row.herfindahl_share:.6f}", *(f"{x:+.1e}" for x in changes))
            )  # fmt: skip
    return table(("measure", "unit", "as it is>", "with>", "without Kars>"), rows)


def make_recovery_example() -> str:
    """The Polish border shut for 13 days in a few numbers."""
    rows = [
        (row.measure, row.unit, f"{row.value:,.4g}" if row.value < 1e4 else f"{row.value:,.0f}")
        for row in each_row(_border().tables["recovery_total"])
    ]
    return table(("", "unit", "value>"), rows)


def make_event_check() -> str:
    """Every reported figure beside the model's."""
    rows = [
        (
            row.event_name, f"{row.measure}{'' if row.is_direct else ' *'}", _figure(row.model_value),
            _figure(row.value), row.unit, _VERDICT[row.verdict], row.reason, code(row.fact_id),
        )
        for row in each_row(_history().event_check)
    ]  # fmt: skip
    return table(("event", "figure", "model>", "reported>", "unit", "", "why", "fact"), rows)


def _figure(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _tonnes(value_t_a: float) -> str:
    return "" if pd.isna(value_t_a) else f"{value_t_a:,.0f}"


def _whole(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:,.1f}"


def _days(value_h: float) -> str:
    return "" if pd.isna(value_h) else f"{value_h / 24.0:.2f}"


def _signed(value: float, digits: int = 0) -> str:
    return "" if pd.isna(value) else f"{value:+,.{digits}f}"
