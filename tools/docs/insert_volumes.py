"""Tables of volumes: an example, the hindcast, and what the benchmarks of the assignment measured."""

import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.validation.hindcast import Hindcast, hindcast
from tools.docs import console
from tools.docs.markdown import code, table

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
MEGA = 1e6
_NONE = "*No results are stored yet.*\n"


@cache
def _load_year(method: str) -> list[str]:
    """What ``dehliz assign --year 2024`` prints, with dots for what differs from machine to machine."""
    with tempfile.TemporaryDirectory() as scratch:
        lines = console.Runner(Path(scratch)).run(f"dehliz assign --year 2024 --method {method}")
    masked = re.sub(r"gap \S+ after \d+ iterations, \S+ s", "gap ... after ... iterations, ... s", lines[0])
    return [masked, *lines[1:]]


def make_assign_example() -> str:
    """What ``dehliz assign --year 2024 --method sue`` prints."""
    return "```text\n" + "\n".join(_load_year("sue")) + "\n```\n"


def make_assign_prices() -> str:
    """The bottlenecks that ``dehliz assign --year 2024 --method so`` prints."""
    lines = _load_year("so")
    first = next(at for at, line in enumerate(lines) if line.startswith("Bottlenecks"))
    last = next((at for at in range(first, len(lines)) if not lines[at]), len(lines))
    return "```text\n" + "\n".join(lines[first:last]) + "\n```\n"


@cache
def _hindcast() -> Hindcast:
    return hindcast()


def _segments(text: str) -> str:
    boxes = "container_high_value;container_other"
    return text.replace(boxes, "boxes").replace(";", " ").replace("_", " ") or "all"


def _times(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.2f}"


def _mega(value_t: float) -> str:
    return "" if pd.isna(value_t) else f"{value_t / MEGA:,.3f}"


def make_hindcast_summary() -> str:
    """How far predicted volumes were off, by count, beside the naive forecasts."""
    rows = [
        (
            code(row.scope_id), _segments(str(row.segment_ids)), row.compared_count, _times(row.model_factor),
            row.naive_count, _times(row.model_there_factor), _times(row.last_year_factor),
            _times(row.trend_factor), str(row.best).replace("_", " "),
        )
        for row in each_row(_hindcast().volume_summary)
    ]  # fmt: skip
    titles = (
        "count", "cargo", "compared>", "model>", "with both naive>", "model there>", "last year>", "trend>",
        "nearest",
    )  # fmt: skip
    return table(titles, rows)


def make_hindcast_years() -> str:
    """Every published volume of the years that were predicted, beside the model and the naive forecasts."""
    check = _hindcast().volume_check
    shown = check[~check["is_fitted"].astype(bool)].sort_values(["scope_id", "segment_ids", "year", "period"])
    rows = [
        (
            code(row.scope_id), _segments(str(row.segment_ids)), f"{row.year} {row.period}".strip(),
            _mega(row.observed_t), _mega(row.model_t), "" if pd.isna(row.error_share) else f"{row.error_share:+.0%}",
            _mega(row.last_year_t), _mega(row.trend_t), code(row.fact_id),
        )
        for row in each_row(shown)
    ]  # fmt: skip
    titles = (
        "count", "cargo", "period", "published Mt>", "model Mt>", "error>", "last year Mt>", "trend Mt>", "fact",
    )  # fmt: skip
    return table(titles, rows)


def make_growth_claim() -> str:
    """Readings of the claim that volumes rose six times in five years."""
    rows = [
        (
            {"titr": "all cargo, t", "titr_boxes": "boxes, t"}.get(row.series, row.series), row.first_year,
            row.last_year, f"{row.first_t:,.0f}", f"{row.last_t:,.0f}", f"{row.growth_factor:.1f}",
            "yes" if row.holds else "no",
        )
        for row in each_row(_hindcast().growth_claim)
    ]  # fmt: skip
    return table(("series", "from", "to", "first>", "last>", "times>", "six in five"), rows)


def _newest(ending: str) -> dict[str, Any] | None:
    found = sorted(RESULTS.glob(f"*-{ending}.json"))
    return json.loads(found[-1].read_text(encoding="utf-8")) if found else None


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}" if value < 10.0 else f"{value:.0f}"


def make_time_to_gap() -> str:
    """Seconds to each relative gap on test networks, ours and rivals'."""
    content = _newest("assignment")
    if content is None:
        return _NONE
    gaps = [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]
    rows: list[tuple[object, ...]] = []
    for name, tools in content["networks"].items():
        for tool, made in tools.items():
            reached = {
                step["asked_gap_share"]: step["cpu_s"]
                for step in made["gaps"]
                if step["is_reached"] and not step["wrong"]
            }
            wrong = sorted({text for step in made["gaps"] for text in step["wrong"]})
            cells = [_seconds(reached.get(gap)) or "-" for gap in gaps]
            rows.append((name, tool, *cells, "; ".join(wrong)))
        for tool, noted in content["noted"].items():
            if name in noted:
                seconds = {float(gap): value for gap, value in noted[name].items()}
                rows.append((name, tool, *(_seconds(seconds.get(gap)) or "-" for gap in gaps), ""))
    titles = ("network", "tool", *(f"{gap:.0e}>" for gap in gaps), "wrong answer")
    return table(titles, rows)


def make_assignment_growth() -> str:
    """How time and memory grow with the number of arcs."""
    content = _newest("assignment-growth")
    if content is None:
        return _NONE
    kinds = sorted(content["exponent_cpu_s"])
    rows = []
    for kind in kinds:
        shape, demand = kind.split(", ")
        points = [one for one in content["points"] if (one["shape"], one["demand"]) == (shape, demand)]
        largest = max(points, key=lambda one: one["arc_count"])
        rows.append(
            (
                kind, f"{largest['arc_count']:,}", _seconds(largest["cpu_s"]), f"{largest['added_mb']:.0f}",
                f"{largest['gap_share']:.0e}", f"{content['exponent_cpu_s'][kind]:.2f}",
                f"{content['exponent_added_mb'][kind]:.2f}",
            )
        )  # fmt: skip
    titles = (
        "network, demand", "most arcs>", "s>", "MB>", "gap reached>", "exponent of time>", "exponent of memory>",
    )  # fmt: skip
    return table(titles, rows)


def make_system_speed() -> str:
    """Seconds of the system optimum on generated networks."""
    content = _newest("system-optimum")
    if content is None:
        return _NONE
    rows = [
        (
            name, _seconds(made["median_s"]), _seconds(made["worst_s"]), _seconds(made["limit_s"]),
            " ".join(str(count) for count in made["rounds"]), f"{made['worst_gap_share']:.0e}",
        )
        for name, made in content.items()
        if isinstance(made, dict)
    ]  # fmt: skip
    return table(("case", "median s>", "worst s>", "aim s>", "rounds", "worst gap>"), rows)
