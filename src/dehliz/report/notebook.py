"""Pictures for notebooks and scripts: a network, the routes of an answer, their staircases.

The same drawings as in the report, from what is at hand instead of a run folder. A ``Figure`` shows itself in a
notebook and saves itself as SVG.
"""

from pathlib import Path
from typing import Final, Literal, Protocol

import pandas as pd

from dehliz.base.errors import Issue, SettingsError, suggest
from dehliz.report.figure import Figure
from dehliz.report.network_map import network_map
from dehliz.report.routes_map import routes_map
from dehliz.report.staircase import staircase

What = Literal["map", "time", "cost"]
PICTURES: Final = ("map", "time", "cost")
DRAWN: Final = ("node", "link", "service_leg", "terminal", "shape")


class HasTables(Protocol):
    """A network: gives tables by name."""

    def table(self, name: str) -> pd.DataFrame:
        """One table."""
        ...


class HasRoutes(Protocol):
    """An answer: gives options and legs."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``route`` and ``route_leg``."""
        ...


def plot(network: HasTables, answer: HasRoutes | None = None, what: What = "map") -> Figure:
    """A picture of a network, or of the routes of an answer.

    Parameters
    ----------
    network : Network
        Gives places and lines.
    answer : Answer, optional
        Routes to draw; the whole network when not given.
    what : {"map", "time", "cost"}
        A map, or time or cost against distance; the last two need an answer.

    Returns
    -------
    Figure
        Shows itself in a notebook; ``.save(path)`` writes SVG.

    Raises
    ------
    SettingsError
        When there is no such picture, or nothing to draw.
    """
    _check(answer, what)
    tables = {name: network.table(name) for name in DRAWN}
    if answer is None:
        return network_map(tables)
    route, legs = answer.tables["route"], answer.tables["route_leg"]
    if what == "map":
        return routes_map(tables, route, legs)
    return staircase(route, legs, what)


def explore(network: HasTables, answer: HasRoutes | None = None, path: Path | str = "dehliz.html") -> Path:
    """Write a page with the pictures of a network or an answer, which any browser opens offline.

    Parameters
    ----------
    network : Network
        Gives places and lines.
    answer : Answer, optional
        Routes to draw; the whole network when not given.
    path : Path or str
        File to write.

    Returns
    -------
    Path
        The file.
    """
    pictures: tuple[What, ...] = ("map",) if answer is None else ("map", "time", "cost")
    figures = [plot(network, answer, what) for what in pictures]
    body = "\n".join(f"<figure>{figure.svg}</figure>" for figure in figures)
    target = Path(path)
    target.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Dehliz</title>'
        f"<style>figure{{margin:1rem auto;max-width:75rem}}svg{{width:100%;height:auto}}</style>{body}</html>\n",
        encoding="utf-8",
    )
    return target


def _check(answer: HasRoutes | None, what: str) -> None:
    if what not in PICTURES:
        found, remedy = f"there is no picture '{what}'", suggest(what, PICTURES) or "Choose one of them"
    elif answer is None and what != "map":
        found, remedy = f"'{what}' was asked for without an answer", "Give the answer of routes or compare"
    elif answer is not None and not len(answer.tables["route"]):
        found, remedy = "the answer has no routes", "Look at its status and reason"
    else:
        return
    expected = f"Pictures are {', '.join(PICTURES)}; time and cost need an answer with routes"
    raise SettingsError(
        "Nothing can be drawn", [Issue("plot.what.known", "plot", (), found, expected, remedy)]
    )
