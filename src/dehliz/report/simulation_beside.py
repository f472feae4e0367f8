"""What stands beside a simulation as tables: published times by kind, the fit of waits, indicators, rounds of choice.

Used by ``simulation_page.py``; nothing is shown of what a run has not.
"""

from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.markup import Markup, tag
from dehliz.report.simulation_sections import Drawn
from dehliz.report.simulation_style import KIND
from dehliz.report.simulation_tables import Column, fold_table
from dehliz.report.simulation_words import NO_ROWS, Book, Tables

INDICATOR: Final = {
    "tfi1": "TFI1, hours at a border", "tfi2": "TFI2, cost at a border", "tfi3": "TFI3, cost of a section",
    "tfi4_swod": "TFI4, speed without delay", "tfi4_swd": "TFI4, speed with delay",
}  # fmt: skip
SUMMARY: Final[tuple[Column, ...]] = (
    ("compared_count", "Compared"), ("inside_count", "Inside 5 to 95%"), ("inside_share", "Share"),
    ("mean_error_share", "Mean error"), ("mean_absolute_error_share", "Mean absolute error"),
)  # fmt: skip
FIT: Final[tuple[Column, ...]] = (
    ("compared_count", "Observed times"), ("wait_factor", "Factor on waits"), ("error_before_factor", "Error before"),
    ("error_after_factor", "Error after"), ("bias_before_factor", "Model over observed before"),
    ("bias_after_factor", "After"),
)  # fmt: skip
MEASURED: Final[tuple[Column, ...]] = (
    ("unit", "Unit"), ("value", "Model"), ("low high", "5 to 95%"), ("model_count", "Model's sample"),
    ("measured", "Measured"), ("error_share", "Error"), ("measured_year", "Year"), ("sample_count", "Its sample"),
)  # fmt: skip
ROUNDS: Final[tuple[Column, ...]] = (
    ("change_share", "Largest change of a share"), ("correction_h", "Largest correction"),
    ("residual_h", "Mean residual"),
)  # fmt: skip


def beside_section(tables: Tables, book: Book) -> Drawn:
    """How far the model is from what was measured, and how choice and operations came together."""
    parts = [
        fold_table(
            "Published times by kind", _name_summary(tables, book), SUMMARY, head="Kind", is_open=True
        ),
        fold_table("One factor on all waits, fitted on a part", _name_fit(tables), FIT, head="Part"),
        fold_table("Corridor indicators beside the measured ones", _name_indicators(tables, book), MEASURED),
        fold_table("Choice and operations, round by round", _sum_rounds(tables), ROUNDS, head="Round"),
    ]
    if not any(parts):
        return Drawn(Markup(""))
    title = tag("h2", "Beside what was measured", id="beside-title")
    return Drawn(
        tag("section", title, parts, id="beside", aria_labelledby="beside-title"), [], "beside", "How right"
    )


def _name_summary(tables: Tables, book: Book) -> pd.DataFrame:
    rows = tables.get("simulated_time_summary", NO_ROWS)
    return rows.assign(name=[_tell_kind(row, book) for row in each_row(rows)]) if len(rows) else rows


def _tell_kind(row: Any, book: Book) -> str:
    kind = KIND.get(str(row.kind), (str(row.kind),))[0]
    return kind if row.corridor_id == "all" else f"{kind}, {book.tell_ids(str(row.corridor_id), '', '')}"


def _name_fit(tables: Tables) -> pd.DataFrame:
    rows = tables.get("wait_fit", NO_ROWS)
    return rows.assign(name=rows["part"].astype(str)) if len(rows) else rows


def _name_indicators(tables: Tables, book: Book) -> pd.DataFrame:
    """Those that somebody measured."""
    rows = tables.get("indicator", NO_ROWS)
    if not len(rows):
        return rows
    rows = rows[rows["measured"].notna()]
    names = []
    for row in each_row(rows):
        words = [INDICATOR.get(str(row.indicator), str(row.indicator)), str(row.medium)]
        words += [str(row.country_id)] if row.country_id != "all" else []
        words += [book.tell_ids(str(row.corridor_id), "", "")] if row.corridor_id != "all" else []
        names.append(", ".join(words))
    return rows.assign(name=names)


def _sum_rounds(tables: Tables) -> pd.DataFrame:
    rows = tables.get("feedback", NO_ROWS)
    if not len(rows):
        return rows
    sizes = rows.assign(change_share=rows["change_share"].abs())
    found = sizes.groupby("round_count")[["change_share", "correction_h", "residual_h"]].max()
    return found.assign(name=[str(number) for number in found.index])
