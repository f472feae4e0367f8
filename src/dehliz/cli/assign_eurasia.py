"""``assign`` on the bundled network of Eurasia, or on freight tables of one's own: loads demand, makes one document."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.base.units import DAYS_PER_YEAR
from dehliz.cli.assign_options import Asked
from dehliz.cli.assign_roads import INCOMPLETE, check_target, find_seconds_to_gap, say_finite, say_stop
from dehliz.cli.targets import write_whole
from dehliz.network.plaintext import write_csv

if TYPE_CHECKING:
    from dehliz.assignment.flow_tables import Loaded
    from dehliz.assignment.problem import LoadProblem
    from dehliz.assignment.result import Assignment
    from dehliz.report.figure import Figure

DEFAULT_YEAR = 2024


@np.errstate(over="ignore", invalid="ignore")  # the answer says so when numbers have no end
def assign_freight(asked: Asked) -> int:
    """Load the demand of a year onto a network of freight and show what it carries; returns the exit code.

    Parameters
    ----------
    asked : Asked
        What the command line asks for; ``network`` is None for Eurasia, or a path of one's own tables.

    Raises
    ------
    SettingsError
        When there is no demand, or none of the year.
    """
    from dehliz.cli import show, show_assign, show_volumes

    _refuse(asked)
    check_target(asked)
    with show_assign.progress(asked.settings.target_gap_share) as on_iteration:
        problem, year = _prepare(asked)
        masks = {text: _find_mask(problem, text) for text in asked.select}
        began = time.perf_counter()
        result = _load(problem, asked, year, on_iteration)
        seconds = time.perf_counter() - began
    loaded = problem.tell(result)
    tables = _tables(loaded, year if asked.network is None and asked.demand is None else None)
    document = _describe(loaded, tables, year, seconds)
    if asked.network is not None and asked.settings.method == "sue":
        document["notes"].append(
            f"sue: scale_factor {asked.settings.scale_factor:g} per hour of generalised cost, which is not calibrated"
        )
    document["selected"] = [_select(loaded, text, mask) for text, mask in masks.items()]
    if asked.flows is not None:
        write_whole(asked.flows, partial(write_csv, tables["link_flow"]))
    if asked.map is not None:
        write_whole(asked.map, _draw(problem, tables["link_flow"], asked, year).save)
    if asked.as_json:
        show.dump({**document, **{name: show.records(table) for name, table in tables.items()}})
    else:
        show_volumes.volumes_text(document, tables)
    return 0 if not document["reason"] else INCOMPLETE


def _prepare(asked: Asked) -> tuple["LoadProblem", int | None]:
    """The problem, and the year that it is of."""
    if asked.network is not None:
        from dehliz.assignment.own import prepare_own

        own = prepare_own(Path(asked.network).expanduser(), asked.year, asked.demand)
        return own.problem, own.year
    from dehliz.assignment.year import prepare_year

    year = DEFAULT_YEAR if asked.year is None else asked.year
    return prepare_year(year, demand=_own_demand(asked, year)), year


def _refuse(asked: Asked) -> None:
    where = "Eurasia" if asked.network is None else f"the network {asked.network}"
    for name, value in (("--toll-factor", asked.toll_factor), ("--distance-factor", asked.distance_factor)):
        if value:
            raise SettingsError(
                f"Option {name} was given for {where}. Its tariffs are in money already. Leave the option out."
            )
    if asked.bpr is not None:
        raise SettingsError(
            f"Option --bpr was given for {where}. Its delays stand in the table delay. Leave the option out."
        )


def _own_demand(asked: Asked, year: int) -> pd.DataFrame | None:
    if asked.demand is None:
        return None
    from dehliz.eurasia.load import load
    from dehliz.network.demand_files import read_yearly

    return read_yearly(asked.demand, load(year))


def _load(problem: "LoadProblem", asked: Asked, year: int | None, on_iteration: Any) -> "Assignment":
    from dehliz.assignment.assign import assign
    from dehliz.assignment.corridor_choice import choose_corridors
    from dehliz.assignment.year import read_choice_model

    if asked.settings.method == "sue" and asked.network is None and year is not None:
        return choose_corridors(problem, read_choice_model(year), asked.settings, on_iteration=on_iteration)
    return assign(problem.graph, problem.costs, problem.trips, asked.settings, on_iteration)


def _tables(loaded: "Loaded", counted_year: int | None) -> dict[str, pd.DataFrame]:
    """All tables; published volumes stand beside the demand of their year only, not beside one's own."""
    from dehliz.assignment.row_tables import tell_bottlenecks, tell_rows
    from dehliz.eurasia.load import load_observed
    from dehliz.validation.volumes import LAST_FITTED_YEAR, check_volumes

    counted = {} if counted_year is None else {counted_year: loaded}
    check = check_volumes(counted, load_observed(), LAST_FITTED_YEAR)
    return {
        "bottleneck": tell_bottlenecks(loaded),
        "volume_check": check,
        **loaded.tables(),
        "link_flow": tell_rows(loaded),
    }


def _describe(
    loaded: "Loaded", tables: dict[str, pd.DataFrame], year: int | None, seconds_s: float
) -> dict[str, Any]:
    result = loaded.assignment
    unserved = tables["unserved"]
    return {
        "status": str(result.status),
        "reason": _say_reason(result, unserved),
        "method": result.method,
        "name": loaded.network.name,
        "year": year,
        "relative_gap": say_finite(result.relative_gap_share),
        "beckmann_objective": say_finite(result.beckmann_objective),
        "total_time": say_finite(result.total_time),
        "lower_bound": say_finite(result.lower_bound),
        "iterations": len(result.history),
        "seconds_total": seconds_s,
        "seconds_to_gap": find_seconds_to_gap(result),
        "volume_t_a": float((result.trips.volume_t_d - result.unserved).sum()) * DAYS_PER_YEAR,
        "unserved_t_a": float(result.unserved.sum()) * DAYS_PER_YEAR,
        "trips": result.trips.n_trip,
        "zones": len(set(tables["od_result"]["origin_id"]) | set(tables["od_result"]["destination_id"])),
        "segments": _by_segment(loaded),
        "notes": list(loaded.network.notes),
    }


def _by_segment(loaded: "Loaded") -> list[dict[str, Any]]:
    trips, lost = loaded.assignment.trips, loaded.assignment.unserved
    segment = loaded.segment_of_class[trips.segment]
    rows = []
    for at, segment_id in enumerate(loaded.segment_ids):
        first = loaded.segment_of.index(segment_id)
        rows.append(
            {
                "segment_id": segment_id,
                "volume_t_a": float((trips.volume_t_d - lost)[segment == at].sum()) * DAYS_PER_YEAR,
                "unserved_t_a": float(lost[segment == at].sum()) * DAYS_PER_YEAR,
                "value_of_time_usd_t_h": float(loaded.assignment.costs.value_of_time_usd_t_h[first]),
            }
        )
    return rows


def _say_reason(result: "Assignment", unserved: pd.DataFrame) -> str:
    words = {"no_route": "no route", "no_capacity": "no capacity left"}
    texts = [
        f"{words[str(reason)]} for {volume / 1e6:,.3f} Mt a year"
        for reason, volume in unserved.groupby("reason")["volume_t_a"].sum().items()
    ]
    if result.status == "not_converged":
        texts.insert(0, say_stop(result))
    return "; ".join(texts)


def _find_mask(problem: "LoadProblem", text: str) -> Any:
    """Arcs of a gateway: node, link:ID, terminal:ID, service_leg:ID, country:ID, passage:ID, mode:ID, or a row's id."""
    from dehliz.graph.graph import TABLE_NAME
    from dehliz.routing.corridors import find_gateway

    for table, name in TABLE_NAME.items():
        if (
            name != "connector"
            and text in problem.graph.row_ids[table]
            and text not in problem.graph.node_ids
        ):
            return find_gateway(problem.graph, problem.network, f"{name}:{text}")
    return find_gateway(problem.graph, problem.network, text)


def _select(loaded: "Loaded", text: str, mask: Any) -> dict[str, Any]:
    """Who uses what was selected, the largest flows first."""
    from dehliz.assignment.select_link import select_link

    graph, trips = loaded.graph, loaded.assignment.trips
    found = select_link(loaded.assignment, graph, np.flatnonzero(mask).tolist())
    order = np.argsort(-found.volume_t_d, kind="stable")
    rows = [
        {
            "origin_id": graph.zone_ids[trips.origin[trip]],
            "destination_id": graph.zone_ids[trips.destination[trip] - graph.n_zone],
            "class_id": trips.segment_ids[trips.segment[trip]],
            "segment_id": loaded.segment_of[trips.segment[trip]],
            "volume_t_a": float(volume) * DAYS_PER_YEAR,
        }
        for trip, volume in zip(found.trip[order], found.volume_t_d[order], strict=True)
    ]
    return {
        "select": text,
        "volume_t_a": found.total_t_d * DAYS_PER_YEAR,
        "is_exact": found.is_exact,
        "trips": rows,
    }


def _draw(problem: "LoadProblem", flows: pd.DataFrame, asked: Asked, year: int | None) -> "Figure":
    from dehliz.report.flow_map import flow_map

    tables = {
        name: problem.network.table(name) for name in ("node", "link", "service_leg", "terminal", "shape")
    }
    title = f"Flows{'' if year is None else f' of {year}'}, {asked.settings.method}"
    return flow_map(tables, flows, title=title)
