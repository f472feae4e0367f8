"""When places are shut: tables ``closure``, ``holiday`` and ``terminal.opening_hours`` as closures of resources.

Used by the other ``plan_*.py`` files.
"""

from collections import defaultdict
from typing import Any

import numpy as np

from dehliz.base.rows import each_row
from dehliz.network.network import Network
from dehliz.network.opening import list_shut
from dehliz.simulation.closures import Spans, join_spans
from dehliz.simulation.plan_parts import OPEN, Closures, Shut

_HOUR = np.timedelta64(1, "h")
DAY_H = 24.0


class Calendar:
    """Finds the closures of nodes, terminals and services.

    Parameters
    ----------
    network : Network
        Tables.
    start : datetime64
        Hour 0.
    end_h : float
        End of the run [h].
    """

    def __init__(self, network: Network, start: np.datetime64, end_h: float) -> None:
        self._start, self._end_h = start.astype("datetime64[h]"), end_h
        self._weather = _read_weather(network)
        self._holidays = _read_holidays(network)
        self._home = dict(zip(network.node["node_id"], network.node["country_id"], strict=True))

    def of_service(self, service_leg_id: str, node_id: str) -> Closures:
        """Closures of one side of a service: its own, and those of the node."""
        return Closures((*self._weather["service_leg", service_leg_id], *self._weather["node", node_id]))

    def of_node(self, node_id: str) -> Closures:
        """Closures of a node, such as of its berths."""
        return Closures(self._weather["node", node_id])

    def of_terminal(self, terminal: Any) -> Closures:
        """Closures of a row of the table ``terminal``: weather, opening hours, holidays."""
        weather = (*self._weather["terminal", terminal.terminal_id], *self._weather["node", terminal.node_id])
        fixed = list_shut(str(terminal.opening_hours), self._start, self._end_h)
        country_id = self._home[terminal.node_id]
        fixed += self._find_holidays(country_id, terminal.kind, terminal.terminal_id)
        return Closures(weather, tuple(join_spans(fixed))) if weather or fixed else OPEN

    def _find_holidays(self, country_id: str, kind: str, terminal_id: str) -> Spans:
        spans = []
        for day, kinds, terminal_ids in self._holidays[country_id]:
            if (kind in kinds or not kinds) and (not terminal_ids or terminal_id in terminal_ids):
                first_h = float((np.datetime64(day).astype("datetime64[h]") - self._start) / _HOUR)
                spans.append((max(first_h, 0.0), min(first_h + DAY_H, self._end_h)))
        return [span for span in spans if span[0] < span[1]]


def _read_weather(network: Network) -> dict[tuple[str, str], tuple[Shut, ...]]:
    """Weather by table and row; each cause is a process of its own."""
    rows: dict[tuple[str, str], dict[str, list[tuple[int, float, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in each_row(network.closure):
        for table in ("node", "terminal", "service_leg"):
            row_id = getattr(row, f"{table}_id")
            if row_id:
                month = (int(row.month), float(row.closed_share), float(row.spell_h))
                rows[table, row_id][str(row.cause)].append(month)
    found: dict[tuple[str, str], tuple[Shut, ...]] = defaultdict(tuple)
    for (table, row_id), causes in rows.items():
        found[table, row_id] = tuple(
            Shut(f"{table}:{row_id}|{cause}", tuple(sorted(months)))
            for cause, months in sorted(causes.items())
        )
    return found


def _read_holidays(network: Network) -> dict[str, list[tuple[str, set[str], set[str]]]]:
    found: dict[str, list[tuple[str, set[str], set[str]]]] = defaultdict(list)
    for row in each_row(network.holiday):
        terminal_ids = str(getattr(row, "terminal_ids", ""))
        found[row.country_id].append((row.date, _words(row.terminal_kinds), _words(terminal_ids)))
    return found


def _words(cell: str) -> set[str]:
    return {word for word in str(cell).split(";") if word}
