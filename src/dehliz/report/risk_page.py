"""The page of yearly risk: one HTML file with the measures, two figures and who bears what.

Reads the CSV files that an ensemble of drawn years leaves in its folder ``risk``; figures are in ``risk_figures.py``.
"""

import math
from pathlib import Path
from typing import Final

import pandas as pd

from dehliz.base.rows import each_row
from dehliz.report.figure import Figure
from dehliz.report.markup import Markup, tag
from dehliz.report.page import POLICY
from dehliz.report.parts import make_table
from dehliz.report.risk_figures import draw_convergence, draw_exceedance
from dehliz.report.style import FONT, INK, MUTED

FOLDER: Final = "risk"
"""Folder of an ensemble that holds the tables."""
TABLES: Final = ("risk", "risk_driver", "risk_convergence", "risk_exceedance")
SHOWN_COUNT: Final = 15
MILLION: Final = 1e6
LEAST_MILLION: Final = 0.005
"""Less is told as 0."""
STYLE: Final = (
    f"body{{font:16px/1.5 {FONT};color:{INK};max-width:60rem;margin:0 auto;padding:1rem}}"
    "table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}"
    "caption{text-align:left;font-weight:600}"
    "th,td{padding:.15rem .7rem .15rem 0;text-align:right;white-space:nowrap}"
    "th:first-child{text-align:left;font-weight:400}thead th{font-weight:600}"
    "figure{margin:1.5rem 0}figcaption{font-weight:600}svg{max-width:100%;height:auto}"
    f"p.note{{color:{MUTED};font-size:.9rem}}"
)
NOTES: Final = (
    "A year is drawn from the rates and lengths of the hazards. In each span of time in which the same hazards are "
    "active, cargo goes round or waits in an equilibrium of its own; the loss is the change of consumers' surplus of "
    "what goes, and the value of time of what waits until the event truly ends.",
    "Told is what shippers lose. What carriers gain by higher rates is not set against it.",
    "Bounds are at 95 % confidence, and tell how sure the estimate is under these rates. How sure the rates are is "
    "told by the table of hazards and by the uncertain numbers of the study.",
)


def read_risk(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder ``risk``."""
    return {name: pd.read_csv(folder / f"{name}.csv") for name in TABLES}


def build_risk_page(tables: dict[str, pd.DataFrame], title: str) -> str:
    """The page as text.

    Parameters
    ----------
    tables : dict of str to DataFrame
        ``TABLES``.
    title : str
        Title of the study.
    """
    risk = tables["risk"]
    system = risk.iloc[0]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY.format(digest="none")),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Markup(STYLE)),
    )
    main = tag(
        "main",
        tag("h1", title),
        tag(
            "p",
            f"Expected loss of a year: {_say(system.loss_usd)} million USD, from {_say(system.loss_low_usd)} to "
            f"{_say(system.loss_high_usd)} ({int(system.run_count):,} drawn years).",
        ),
        _measures(system),
        _frame(draw_exceedance(tables["risk_exceedance"], risk)),
        _frame(draw_convergence(tables["risk_convergence"])),
        _drivers(tables["risk_driver"]),
        _scopes(risk, "corridor", "Corridors, million USD a year"),
        _scopes(risk, "country", "Countries, half at each end of a trip, million USD a year"),
        *(tag("p", one, class_="note") for one in NOTES),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", main), lang="en") + "\n"


def write_risk_page(folder: Path, target: Path, title: str) -> Path:
    """Write the page of a folder ``risk``, and its two figures beside the tables.

    Parameters
    ----------
    folder : Path
        Folder ``risk`` of an ensemble.
    target : Path
        File to write.
    title : str
        Title of the study.
    """
    tables = read_risk(folder)
    draw_exceedance(tables["risk_exceedance"], tables["risk"]).save(folder / "exceedance.svg")
    draw_convergence(tables["risk_convergence"]).save(folder / "convergence.svg")
    target.write_text(build_risk_page(tables, title), encoding="utf-8", newline="\n")
    return target


def _frame(figure: Figure) -> Markup:
    return tag("figure", tag("figcaption", f"{figure.title}. {figure.description}"), figure.inline())


def _say(value_usd: float) -> str:
    if math.isnan(value_usd):
        return "-"
    million = value_usd / MILLION
    if abs(million) < LEAST_MILLION:
        return "0"
    return f"{million:,.0f}" if abs(million) >= 100.0 else f"{million:,.3g}"


def _measures(system: "pd.Series[float]") -> Markup:
    words = {
        "loss": "Expected loss", "var95": "At risk, 95 %", "cvar95": "Mean of the worst 5 %",
        "var99": "At risk, 99 %", "cvar99": "Mean of the worst 1 %",
    }  # fmt: skip
    rows = [
        (word, *(_say(float(system[f"{key}{part}_usd"])) for part in ("", "_low", "_high")))
        for key, word in words.items()
    ]
    return make_table(
        "The system, million USD a year", ("Measure", "Value", "From", "To"), rows, is_labelled=False
    )


def _drivers(table: pd.DataFrame) -> Markup:
    rows = [
        (
            str(row.hazard_id), _say(row.loss_usd), _say(row.loss_low_usd), _say(row.loss_high_usd),
            f"{row.loss_share:.1%}", f"{row.tail_share:.1%}",
        )
        for row in each_row(table.head(SHOWN_COUNT))
    ]  # fmt: skip
    heads = ("Hazard", "Expected", "From", "To", "Share", "Of the worst 5 %")
    return make_table("Hazards that drive it, million USD a year", heads, rows, is_labelled=False)


def _scopes(risk: pd.DataFrame, kind: str, caption: str) -> Markup:
    picked = risk[(risk["scope_kind"] == kind) & (risk["loss_usd"] != 0.0)].head(SHOWN_COUNT)
    rows = [
        (
            str(row.scope_id), _say(row.loss_usd), _say(row.loss_low_usd), _say(row.loss_high_usd),
            _say(row.var95_usd), _say(row.cvar95_usd), _say(row.cvar99_usd),
        )
        for row in each_row(picked)
    ]  # fmt: skip
    heads = ("Id", "Expected", "From", "To", "At risk 95 %", "Worst 5 %", "Worst 1 %")
    return make_table(caption, heads, rows, is_labelled=False)
