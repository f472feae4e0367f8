"""What ``dehliz assign`` was asked, as one value, and the readers of its numbers."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from dehliz.assignment.settings import METHODS, AssignmentSettings
from dehliz.base.errors import SettingsError, quote, suggest


@dataclass(frozen=True, slots=True)
class Asked:
    """An assignment as the command line asks for it.

    Attributes
    ----------
    network : str or None
        ``tntp:FOLDER``, a path, or None for the bundled network.
    year : int or None
        Year of the bundled network and demand.
    settings : AssignmentSettings
        Method and when to stop.
    toll_factor, distance_factor : float
        Time per unit of toll and length.
    bpr : (float, float) or None
        Factor and power of the delay of links that name none.
    demand : Path or None
        File of one's own demand.
    select : tuple of str
        Links whose users are asked for.
    flows : Path or None
        File to write link flows to.
    map : Path or None
        SVG file to draw the flow map to.
    as_json : bool
        One JSON document instead of a table.
    """

    network: str | None
    year: int | None
    settings: AssignmentSettings
    toll_factor: float
    distance_factor: float
    bpr: tuple[float, float] | None
    demand: Path | None
    select: tuple[str, ...]
    flows: Path | None
    map: Path | None
    as_json: bool


def read_method(text: str) -> str:
    """One of the methods."""
    if text in METHODS:
        return text
    hint = suggest(text, METHODS, most=1)
    raise typer.BadParameter(f"{quote(text)} was given. It needs one of {', '.join(METHODS)}. {hint}".strip())


def check_marginal(is_marginal: bool, method: str) -> bool:
    """Whether costs are marginal, which only a user equilibrium can be asked for."""
    if is_marginal and method != "ue":
        raise SettingsError(
            f"Option --marginal was given with method {method}. It belongs to ue. Leave it out, or say --method ue."
        )
    return is_marginal


def read_number(low: float, high: float, needed: str) -> Callable[[str | float], float]:
    """A reader of numbers in bounds, which says what it was given."""

    def read(text: str | float) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise typer.BadParameter(f"{quote(str(text))} was given. It needs {needed}")
        return value

    return read


read_gap = read_number(1e-15, 1.0, "a share above 0 and at most 1, such as 1e-6")
read_seconds = read_number(1e-3, 1e9, "a number of seconds above 0, such as 60")
read_factor = read_number(0.0, 1e12, "a number of at least 0, such as 0.02")


def read_bpr(text: str | None) -> tuple[float, float] | None:
    """Factor and power of a delay, such as ``0.15,4``."""
    if text is None:
        return None
    try:
        alpha, beta = (float(part) for part in text.split(","))
    except ValueError:
        alpha = beta = math.nan
    if not (0.0 <= alpha < 1e12 and 0.0 <= beta < 1e3):
        raise typer.BadParameter(
            f"{quote(text)} was given. It needs a factor and a power of at least 0, such as 0.15,4",
            param_hint="'--bpr'",
        )
    return alpha, beta
