"""What all drawn years of an ensemble say together: tables for the screen, and files in the folder ``risk``.

A finished ``Ensemble`` of the kind ``disruption`` comes in. The file before is ``disruption/risk.py``; reports draw
the files (``report/risk_page.py``).
"""

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from dehliz.base.units import DAYS_PER_YEAR
from dehliz.disruption.risk import (
    Losses,
    read_losses,
    tell_convergence,
    tell_drivers,
    tell_exceedance,
    tell_risk,
)
from dehliz.disruption.second_route import value_second_route
from dehliz.study.ensemble_disk import write_aside

if TYPE_CHECKING:
    from dehliz.study.ensemble import Ensemble

FOLDER: Final = "risk"
SHOWN_COUNT: Final = 8
"""Rows of a table on the screen; the files hold all."""
LEAST_MILLION: Final = 0.005
"""Less is told as 0."""
_MILLION: Final = 1e6


def summarise(made: "Ensemble") -> dict[str, pd.DataFrame]:
    """Small tables by their titles; all of them are written into the folder ``risk`` of the ensemble as CSV.

    Parameters
    ----------
    made : Ensemble
        With at least one run done.
    """
    losses = read_losses(made.read("future_loss"))
    status = made.read("future_status")
    tables = make_tables(losses)
    for name, table in tables.items():
        write_aside(made.folder / FOLDER / f"{name}.csv", table.to_csv(index=False).encode())
    risk, drivers = tables["risk"], tables["risk_driver"]
    system = risk[risk["scope_kind"] == "system"]
    shown = {
        f"Loss of the system in a year, million USD, bounds at 95 % ({len(losses.run_ids):,} drawn years)": _bounds(
            system
        ),
        "Corridors, million USD a year": _short(risk[risk["scope_kind"] == "corridor"]),
        "Countries that bear it, half at each end of a trip, million USD a year": _short(
            risk[risk["scope_kind"] == "country"]
        ),
        "Hazards that drive it, million USD a year": _drive(drivers),
        "Drawn years": _tell_years(losses, status),
    }
    if "future_second" in made.hashes:
        table = value_second_route(made.read("future_second"))
        write_aside(made.folder / FOLDER / "second_route.csv", table.to_csv(index=False).encode())
        shown["The second network on the same draws, million USD a year"] = _tell_second(table)
    return shown


def _tell_second(table: pd.DataFrame) -> pd.DataFrame:
    picked = table.head(SHOWN_COUNT)
    return pd.DataFrame(
        {
            "who": picked["scope_id"],
            "loss, first": [_say(one) for one in picked["loss_usd"]],
            "loss, second": [_say(one) for one in picked["second_usd"]],
            "saved of it": [_say(one) for one in picked["saved_usd"]],
            "from - to": _pair(picked, "saved"),
            "saved, calm year": [_say(one) for one in picked["calm_usd"]],
        }
    )


def make_tables(losses: Losses) -> dict[str, pd.DataFrame]:
    """All tables of risk by their names."""
    return {
        "risk": tell_risk(losses),
        "risk_driver": tell_drivers(losses),
        "risk_convergence": tell_convergence(losses),
        "risk_exceedance": tell_exceedance(losses),
    }


def _say(value_usd: float) -> str:
    """Money in millions, to three digits or to the million."""
    million = value_usd / _MILLION
    if math.isnan(million):
        return "-"
    if abs(million) < LEAST_MILLION:
        return "0"
    return f"{million:,.0f}" if abs(million) >= 100.0 else f"{million:,.3g}"


def _bounds(rows: pd.DataFrame) -> pd.DataFrame:
    """Each measure of the system with its bounds."""
    row = rows.iloc[0]
    measures = {"expected": "loss"}
    measures |= {f"{word} {level} %": f"{name}{level}" for name, word in (("var", "at risk"), ("cvar", "mean beyond"))
                 for level in (95, 99)}  # fmt: skip
    return pd.DataFrame(
        [
            (word, *(_say(float(row[f"{key}{part}_usd"])) for part in ("", "_low", "_high")))
            for word, key in measures.items()
        ],
        columns=["measure", "value", "from", "to"],
    )


def _short(rows: pd.DataFrame) -> pd.DataFrame:
    picked = rows[rows["loss_usd"] != 0.0].head(SHOWN_COUNT)
    return pd.DataFrame(
        {
            "id": picked["scope_id"],
            "expected": [_say(one) for one in picked["loss_usd"]],
            "from - to": _pair(picked, "loss"),
            "at risk 95 %": [_say(one) for one in picked["var95_usd"]],
            "beyond 95 %": [_say(one) for one in picked["cvar95_usd"]],
            "from - to ": _pair(picked, "cvar95"),
            "beyond 99 %": [_say(one) for one in picked["cvar99_usd"]],
        }
    )


def _pair(rows: pd.DataFrame, key: str) -> list[str]:
    lows, highs = rows[f"{key}_low_usd"], rows[f"{key}_high_usd"]
    return [f"{_say(low)} - {_say(high)}" for low, high in zip(lows, highs, strict=True)]


def _drive(drivers: pd.DataFrame) -> pd.DataFrame:
    picked = drivers.head(SHOWN_COUNT)
    return pd.DataFrame(
        {
            "hazard": picked["hazard_id"],
            "expected": [_say(one) for one in picked["loss_usd"]],
            "from - to": _pair(picked, "loss"),
            "share": [f"{one:.1%}" for one in picked["loss_share"]],
            "of the worst 5 %": [f"{one:.1%}" for one in picked["tail_share"]],
        }
    )


def _tell_years(losses: Losses, status: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "years": [len(losses.run_ids)],
            "events a year": [float(status["event_count"].mean())],
            "states a year": [float(status["state_count"].mean())],
            "struck, share of days": [float(status["struck_d"].mean()) / DAYS_PER_YEAR],
            "not settled": [int((~status["is_converged"]).sum())],
        }
    )
