"""``assign`` on test networks and GMNS folders: reads, loads, and makes the answer as one document."""

import math
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dehliz.assignment.assign import assign
from dehliz.assignment.ready import load_kernels
from dehliz.assignment.result import Assignment
from dehliz.assignment.select_link import select_link
from dehliz.base.errors import LookupFailed, SettingsError, StoreError, quote, say_count, suggest
from dehliz.base.rows import to_records
from dehliz.cli import show, show_assign
from dehliz.cli.assign_options import Asked
from dehliz.cli.targets import check_file, write_whole
from dehliz.graph.roads import TNTP, Roads, find_folder, read_roads
from dehliz.graph.standard import StandardGraph
from dehliz.network.files import ALL_TABLES
from dehliz.network.load_files import LOAD_TABLES
from dehliz.network.plaintext import write_csv

INPUTS = (
    "config.csv", "demand.csv",
    *(f"{name}.{ending}" for name in (*ALL_TABLES, *LOAD_TABLES) for ending in ("csv", "parquet")),
)  # fmt: skip
INCOMPLETE = 3
"""Exit code of an answer that is not converged, not feasible or leaves demand unserved."""


@np.errstate(over="ignore", invalid="ignore")  # the answer says so when numbers have no end
def assign_roads(asked: Asked) -> int:
    """Load a network of roads and show what it carries; returns the exit code."""
    _check_options(asked)
    check_target(asked)
    began = time.perf_counter()
    with show_assign.progress(asked.settings.target_gap_share) as on_iteration:
        read = read_roads(
            str(asked.network), asked.toll_factor, asked.distance_factor, asked.bpr, asked.demand
        )
        arcs = {text: _find_arcs(read.graph, text) for text in asked.select}
        done = time.perf_counter()
        compiling = load_kernels(asked.settings.method, read.graph, read.trips)
        ready = time.perf_counter()
        result = assign(read.graph, read.costs, read.trips, asked.settings, on_iteration)
    seconds = {
        "seconds_total": time.perf_counter() - ready,
        "seconds_read": done - began,
        "seconds_compile": compiling,
    }
    links = _tabulate(read, result)
    document = _describe(read, result, seconds)
    document["bottlenecks"] = _list_bottlenecks(links)
    document["selected"] = [_select(read, result, text, found) for text, found in arcs.items()]
    if asked.flows is not None:
        write_whole(asked.flows, partial(write_csv, links))
        document["flows"] = str(asked.flows)
    if asked.as_json:
        show.dump(document)
    else:
        show_assign.text(document, links)
    return 0 if not document["reason"] else INCOMPLETE


def _check_options(asked: Asked) -> None:
    """Refuse what makes no sense together, before anything is read."""
    network = str(asked.network)
    if asked.year is not None:
        raise SettingsError(
            f"Option --year: {asked.year} was given with the network {network}, which is of no year. "
            "The year chooses among the rows of Dehliz's own tables. Leave the option out."
        )
    if network == TNTP:
        raise SettingsError("Option --network: no folder after tntp:. It needs one. Write tntp:FOLDER.")
    if asked.map is not None:
        raise SettingsError(
            f"Option --map was given with the network {network}. The map is one of Eurasia. Leave the option out."
        )
    if asked.bpr is not None and network.startswith(TNTP):
        raise SettingsError(
            "Option --bpr was given with a test network. Its links name their own delays. Leave the option out."
        )


def _find_arcs(graph: StandardGraph, text: str) -> list[int]:
    """Arcs of a link by its id (both directions), or of all links FROM-TO."""
    arcs = [arc for arc in range(graph.n_arc) if graph.link_ids[graph.row[arc]] == text]
    if arcs:
        return arcs
    names = [graph.node_ids[node] for node in graph.node]
    ends = [f"{names[tail]}-{names[head]}" for tail, head in zip(graph.tail, graph.head, strict=True)]
    wanted = "-".join(part.strip() for part in text.split("-"))
    arcs = [arc for arc, name in enumerate(ends) if name == wanted]
    if arcs:
        return arcs
    hint = suggest(text, [*graph.link_ids, *ends])
    raise LookupFailed(
        f"Option --select: {quote(text)} was given. It needs the id of a link, or its nodes as FROM-TO. {hint}".strip()
    )


def say_finite(value: float) -> float | None:
    """The number, or None when it is none that JSON knows."""
    return float(value) if math.isfinite(value) else None


def _describe(read: Roads, result: Assignment, seconds: dict[str, float]) -> dict[str, Any]:
    """The answer, its status first."""
    trips, graph = result.trips, read.graph
    lost = result.unserved > 0.0
    by_reason: dict[str, float] = {}
    for reason, volume in zip(np.array(result.unserved_reason)[lost], result.unserved[lost], strict=True):
        by_reason[str(reason)] = by_reason.get(str(reason), 0.0) + float(volume)
    return {
        "status": str(result.status),
        "reason": _say_reason(result, by_reason),
        "method": result.method,
        "relative_gap": say_finite(result.relative_gap_share),
        "beckmann_objective": say_finite(result.beckmann_objective),
        "total_time": say_finite(result.total_time),
        "lower_bound": say_finite(result.lower_bound),
        "iterations": len(result.history),
        **seconds,
        "seconds_to_gap": find_seconds_to_gap(result),
        "network": {
            "name": read.name,
            "zones": len(graph.zone_ids),
            "nodes": len(graph.node_ids),
            "links": len(set(graph.link_ids)),
            "time_unit": read.time_unit,
        },
        "demand": {
            "trips": trips.n_trip,
            "volume": float(trips.volume_t_d.sum()),
            "within_zones": read.demand.within_count,
            "volume_within_zones": read.demand.within_t_d,
        },
        "unserved": {"trips": int(lost.sum()), "volume": float(result.unserved.sum()), "by_reason": by_reason},
        "notes": list(read.notes),
    }  # fmt: skip


def _say_reason(result: Assignment, by_reason: dict[str, float]) -> str:
    """Why the answer is not complete; empty when it is."""
    words = {"no_route": "no route", "no_capacity": "no capacity left"}
    texts = [
        f"{words.get(reason, reason)} for a volume of {volume:,.6g}" for reason, volume in by_reason.items()
    ]
    if result.status == "not_converged":
        texts.insert(0, say_stop(result))
    elif result.status == "infeasible" and not texts:
        texts.insert(0, "the capacities cannot carry the demand")
    return "; ".join(texts)


def say_stop(result: Assignment) -> str:
    """Why an assignment stopped before its gap was reached."""
    after = f"stopped after {say_count(len(result.history), 'iteration')}"
    if math.isfinite(result.relative_gap_share):
        return f"{after}, above the gap asked for"
    return f"{after}: capacities or volumes are too far apart in size to compute with"


def find_seconds_to_gap(result: Assignment) -> dict[str, float]:
    """Seconds until each power of ten of the relative gap was reached first, from 1e-1 down."""
    found: dict[str, float] = {}
    for power in range(1, 16):
        reached = [step.seconds_s for step in result.history if step.relative_gap_share <= 10.0**-power]
        if not reached:
            break
        found[f"1e-{power}"] = reached[0]
    return found


def _tabulate(read: Roads, result: Assignment) -> pd.DataFrame:
    """Flow of each link in the order of its file."""
    graph = read.graph
    nodes = np.array(graph.node_ids, dtype=object)
    cost = result.time_h + result.costs.fixed_h[0]
    capacity = result.costs.capacity_t_d
    frame = pd.DataFrame(
        {
            "from_node": nodes[graph.node[graph.tail]],
            "to_node": nodes[graph.node[graph.head]],
            "volume": result.total_volume_t_d,
            "time": result.time_h,
            "cost": np.where(np.isfinite(cost), cost, np.nan),
            "capacity": np.where(
                np.isfinite(capacity) & ~graph.is_closed, capacity, np.where(graph.is_closed, 0.0, np.nan)
            ),
            "link_id": [graph.link_ids[row] for row in graph.row],
        }
    )
    if result.price_usd_t is not None:
        frame["price"] = result.price_usd_t
    return frame.iloc[np.argsort(graph.row, kind="stable")].reset_index(drop=True)


def _list_bottlenecks(links: pd.DataFrame) -> list[dict[str, Any]]:
    """Links of which one more unit of capacity is worth something, the dearest first; empty for other methods."""
    if "price" not in links.columns:
        return []
    dear = links[links["price"] > 0.0].sort_values("price", ascending=False, kind="stable")
    return [dict(row) for row in to_records(dear[["link_id", "from_node", "to_node", "volume", "price"]])]


def _select(read: Roads, result: Assignment, text: str, arcs: Sequence[int]) -> dict[str, Any]:
    """Who uses a link, the largest flows first."""
    graph, trips = read.graph, result.trips
    found = select_link(result, graph, arcs)
    order = np.argsort(-found.volume_t_d, kind="stable")
    rows = [
        {
            "origin_id": graph.node_ids[graph.node[trips.origin[trip]]],
            "destination_id": graph.node_ids[graph.node[trips.destination[trip]]],
            "segment_id": trips.segment_ids[trips.segment[trip]],
            "volume": float(volume),
        }
        for trip, volume in zip(found.trip[order], found.volume_t_d[order], strict=True)
    ]
    return {"link": text, "volume": found.total_t_d, "is_exact": found.is_exact, "trips": rows}


def check_target(asked: Asked) -> None:
    """Refuse files that cannot be written, or that are read, before any work is done."""
    for option, path in (("--flows", asked.flows), ("--map", asked.map)):
        if path is not None:
            _check_file(asked, option, path)


def _check_file(asked: Asked, option: str, path: Path) -> None:
    check_file(option, path, ".svg" if option == "--map" else "")
    folder = None if asked.network is None else find_folder(asked.network).resolve()
    is_input = path.resolve().parent == folder and (path.suffix.lower() == ".tntp" or path.name in INPUTS)
    if path.exists() and (
        is_input or (asked.demand is not None and path.resolve() == asked.demand.resolve())
    ):
        raise StoreError(
            f"Option {option}: {path} is part of the input. It is not replaced. Give another name."
        )
