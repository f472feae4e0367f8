"""Model beside measurement: lengths and times of the bundled network against published ones.

No published through time or through length is an input of the model, so that the comparison proves something;
where a published *leg* length is the length in the table, the row says so and stands beside the length measured
on the open graph instead. The next file is ``report/page.py``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.units import HOURS_PER_DAY
from dehliz.eurasia.facts import read_facts
from dehliz.eurasia.load import read_reference
from dehliz.graph.graph import BoolArray, IntArray
from dehliz.kernels.search import cost_matrix, make_star
from dehliz.network.network import Network
from dehliz.routing.compare import find_best, value_of_time_usd_h
from dehliz.routing.corridors import name_corridor
from dehliz.routing.planner import Planner, Question, prepare
from dehliz.routing.routes import Routes, add_up, estimate_percentile, is_moving

LENGTH_TOLERANCE_SHARE = 0.05
"""A length within 5% of the published one passes; a larger difference needs a written reason."""

Z_05 = -1.6448536269514722
"""5th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Validation:
    """All comparisons and their summary.

    Attributes
    ----------
    length_check, time_check : DataFrame
        One row per comparison, with the columns of the dictionary.
    summary : DataFrame
        Per kind: number, passed, of these by a written reason, median error, mean absolute error.
    """

    length_check: pd.DataFrame
    time_check: pd.DataFrame
    summary: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """The three tables by name."""
        return {"length_check": self.length_check, "time_check": self.time_check, "summary": self.summary}


def validate(network: Network | Planner, on_step: Callable[[str, float], None] | None = None) -> Validation:
    """The bundled network against published lengths and times.

    Parameters
    ----------
    network : Network or Planner
        The bundled network of a year, or a planner of it.
    on_step : callable, optional
        Told what is being compared and the share that is done.

    Returns
    -------
    Validation
    """
    planner = network if isinstance(network, Planner) else prepare(network)
    tell = on_step or (lambda _step, _share: None)
    tell("Comparing lengths", 0.0)
    lengths = _frame("length_check", [*_check_legs(), *_check_chains(planner)])
    tell("Comparing times", 0.4)
    times = _frame("time_check", list(_check_times(planner)))
    return Validation(lengths, times, _summarise(lengths, times))


def _frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(read_spec(table).column_names))


def _check_legs() -> Iterator[dict[str, Any]]:
    """Rail legs: the length on the open graph, free of the published one, beside the published one."""
    legs = read_reference("rail_length_check")
    for leg in each_row(legs):
        yield _tell_length(
            leg.link_id,
            "rail_leg",
            leg.name,
            float(leg.graph_km),
            float(leg.published_km),
            leg.reason,
            leg.fact_id,
        )


def _check_chains(planner: Planner) -> Iterator[dict[str, Any]]:
    for line in each_row(read_reference("length_reference")):
        model_km = _shortest_km(planner, line)
        yield _tell_length(
            line.check_id, line.kind, line.name, model_km, float(line.published_km), line.reason, line.fact_id
        )


def _tell_length(
    check_id: str, kind: str, name: str, model_km: float, published_km: float, reason: str, fact_id: str
) -> dict[str, Any]:
    error = (model_km - published_km) / published_km
    is_near = bool(abs(error) <= LENGTH_TOLERANCE_SHARE)
    return {
        "check_id": check_id, "kind": kind, "name": name, "model_km": model_km, "published_km": published_km,
        "error_share": error, "is_input": False, "is_passed": is_near or bool(reason), "reason": reason,
        "fact_id": fact_id,
    }  # fmt: skip


def _shortest_km(planner: Planner, line: Any) -> float:
    """Length of the shortest way from node to node on the media named; ``inf`` when there is none."""
    graph = planner.graph
    media = dict(zip(planner.network.mode["mode_id"], planner.network.mode["medium"], strict=True))
    allowed = np.array([media[mode_id] in line.media.split(";") for mode_id in graph.mode_ids])[graph.mode]
    length_km = np.where(allowed & graph.is_open, graph.length_km, np.inf)
    star = make_star(graph.first_out, graph.head)
    nodes = [line.from_node_id, *(node for node in line.via_node_ids.split(";") if node), line.to_node_id]
    total_km = 0.0
    for start, end in pairwise(nodes):
        starts, ends = (_stops_at(planner, node) for node in (start, end))
        total_km += float(cost_matrix(star, length_km, starts)[:, ends].min())
    return total_km


def _stops_at(planner: Planner, node_id: str) -> IntArray:
    """Vertices at a node, centroids left out."""
    graph = planner.graph
    here = (graph.vertex_node == graph.node_ids.index(node_id)) & (graph.vertex_mode >= 0)
    return np.flatnonzero(here).astype(np.int32)


def _check_times(planner: Planner) -> Iterator[dict[str, Any]]:
    facts = read_facts().fact.set_index("fact_id")
    for line in each_row(read_reference("time_reference")):
        fact = facts.loc[line.fact_id]
        question = planner.ask(line.origin_id, line.destination_id, avoid=read_ids(line.avoid_country_ids))
        question = replace(question, forbidden=_on_other_media(planner, line.media))
        route = _best_route(planner, question, line.corridor_id)
        yield _tell_time(planner, route, line, fact)


def read_ids(cell: str) -> list[str]:
    """Ids of a cell that lists them."""
    return [one for one in cell.split(";") if one]


def _on_other_media(planner: Planner, media: str) -> BoolArray:
    """Moving arcs on other media than those named; none when none is named."""
    graph = planner.graph
    medium = dict(zip(planner.network.mode["mode_id"], planner.network.mode["medium"], strict=True))
    other = np.array([bool(media) and medium[mode_id] not in media.split(";") for mode_id in graph.mode_ids])
    return np.asarray(other[graph.mode] & is_moving(graph))


def _best_route(planner: Planner, question: Question, corridor_id: str) -> Routes | None:
    """The route by least generalised cost: of the corridor that was published, or of all when none was."""
    if corridor_id:
        return find_best(planner, question, corridor_id)
    found = planner.find(question)
    if not len(found):
        return None
    money = found.total(planner.costs.cost_usd)
    best = int(np.argmin(money + value_of_time_usd_h(planner) * found.total(planner.costs.time_h)))
    return found.pick([best])


def _tell_time(planner: Planner, route: Routes | None, line: Any, fact: "pd.Series[Any]") -> dict[str, Any]:
    """One comparison; one without a way in the model is a miss, and not left out."""
    low_d, model_d, high_d = _measure_days(planner, route)
    corridor_id = name_corridor(planner.teller.corridors, route.arc)[0] if route else line.corridor_id
    published_low_d, published_high_d, published_d = read_days(fact)
    return {
        "check_id": line.check_id, "kind": line.kind, "corridor_id": corridor_id,
        "origin_id": line.origin_id, "destination_id": line.destination_id, "model_d": model_d, "model_p05_d": low_d,
        "model_p95_d": high_d, "published_low_d": published_low_d, "published_high_d": published_high_d,
        "published_d": published_d, "error_share": (model_d - published_d) / published_d,
        "is_passed": bool(low_d <= published_high_d and published_low_d <= high_d), "year": str(fact["year"]),
        "fact_id": line.fact_id,
    }  # fmt: skip


def _measure_days(planner: Planner, route: Routes | None) -> tuple[float, float, float]:
    """5th percentile, mean and 95th percentile of a route's time [d]; NaN without a route."""
    if route is None:
        return np.nan, np.nan, np.nan
    totals = add_up(route, planner.graph, planner.costs)
    variance_h2 = route.total(planner.graph.time_spread_h**2)
    low_h = estimate_percentile(totals.time_h, variance_h2, Z_05)
    hours = (float(values[0]) for values in (low_h, totals.time_h, totals.time_p95_h))
    low_d, mean_d, high_d = (value_h / HOURS_PER_DAY for value_h in hours)
    return low_d, mean_d, high_d


def read_days(fact: "pd.Series[Any]") -> tuple[float, float, float]:
    """Lower, upper and middle published days of a fact; a single value is all three."""
    low, high, mean = (float(fact[name]) for name in ("value_low", "value_high", "value_mean"))
    middle = mean if not np.isnan(mean) else (low + high) / 2.0
    return (middle if np.isnan(low) else low), (middle if np.isnan(high) else high), middle


def _is_reasoned(checks: pd.DataFrame) -> "pd.Series[bool]":
    """Lengths that pass by a written reason and not by being near."""
    is_far = checks["error_share"].astype(float).abs() > LENGTH_TOLERANCE_SHARE
    return is_far & checks["reason"].fillna("").ne("")


def _summarise(lengths: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([lengths.assign(what="length"), times.assign(what="time")], ignore_index=True)
    rows = []
    for (what, kind), group in both.groupby(["what", "kind"], sort=True):
        error = group["error_share"].astype(float)
        rows.append(
            {
                "what": what,
                "kind": kind,
                "compared_count": len(group),
                "passed_count": int(group["is_passed"].astype(bool).sum()),
                "reasoned_count": int(_is_reasoned(group).sum()),
                "median_error_share": float(error.median()),
                "mean_absolute_error_share": float(error.abs().mean()),
            }
        )
    return pd.DataFrame(rows)
