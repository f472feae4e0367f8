"""Everything that a page of a simulation draws, as tables: results, what stands beside them, names, sources.

The file before is ``study/beside.py``; the next ``report/simulation_page.py``, which computes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from dehliz.eurasia.facts import read_facts
from dehliz.graph.graph import IntArray
from dehliz.network.network import Network
from dehliz.simulation.result import Simulation
from dehliz.simulation.result_events import make_events
from dehliz.simulation.system import ResourceKind

FLOW_COUNT = 4
"""Watched flows whose staircases and calendars are drawn."""
PROBE_LEVEL = 2
NAMES = ("node", "zone", "corridor", "market", "segment")
KEY = ("corridor_id", "origin_id", "destination_id", "market_id")


def picture(
    simulation: Simulation, network: Network, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Tables of a page.

    Parameters
    ----------
    simulation : Simulation
        What is drawn.
    network : Network
        Gives names.
    tables : mapping of str to DataFrame
        Results and what stands beside them.

    Returns
    -------
    dict of str to DataFrame
        ``tables`` with ``probe_time``, ``event``, ``sailing``, ``shut``, names, facts and sources.
    """
    return {
        **tables,
        **_name(network),
        **_cite(tables),
        "probe_time": list_probes(simulation),
        **trace_flows(simulation, choose_flows(simulation, tables.get("simulated_time_check"))),
    }


def _name(network: Network) -> dict[str, pd.DataFrame]:
    found = {name: getattr(network, name, None) for name in NAMES}
    return {name: table for name, table in found.items() if table is not None}


def _cite(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Facts and sources of the published times."""
    checks = tables.get("simulated_time_check")
    if checks is None or not len(checks):
        return {}
    facts = read_facts()
    fact = facts.fact[facts.fact["fact_id"].isin(checks["fact_id"])]
    return {"fact": fact, "source": facts.source[facts.source["source_id"].isin(fact["source_id"])]}


def list_probes(simulation: Simulation) -> pd.DataFrame:
    """Every watched consignment of all replications: its group and its time, infinite where it is not through."""
    columns: dict[str, list[Any]] = {name: [] for name in KEY}
    times = [np.zeros(0)]
    for group, parts in zip(
        simulation.outline.levels[PROBE_LEVEL].groups, simulation.gathered.samples, strict=True
    ):
        sample = np.concatenate(parts) if parts else np.zeros(0)
        times.append(sample)
        for name in KEY:
            columns[name] += [getattr(group, name)] * len(sample)
    return pd.DataFrame({**columns, "time_h": np.concatenate(times)})


def choose_flows(simulation: Simulation, checks: pd.DataFrame | None = None) -> IntArray:
    """Flows to be drawn.

    Parameters
    ----------
    simulation : Simulation
        Has the flows.
    checks : DataFrame, optional
        Table ``simulated_time_check``.

    Returns
    -------
    (n,) int32
        Of each corridor the watched pair of most published times, then of most stages, and of these the first
        ``FLOW_COUNT``; where none is watched, the flow of most consignments.
    """
    plan, flow = simulation.plan, simulation.draws.flow
    flows = plan.flows
    count = np.bincount(flow, minlength=len(flows.flow_ids))
    watched = np.flatnonzero(flows.is_probe & (count > 0)).tolist()
    if not watched:
        return np.argsort(-count, kind="stable")[: 1 if count.any() else 0].astype(np.int32)
    ends = list(zip(flows.corridor_ids, flows.origin_ids, flows.destination_ids, strict=True))
    names = ["corridor_id", "origin_id", "destination_id"]
    told = {} if checks is None or not len(checks) else checks.groupby(names).size().to_dict()
    order = sorted(
        watched, key=lambda one: (-told.get(ends[one], 0), -int(plan.system.longest_count[one]), one)
    )
    chosen: dict[str, int] = {}
    for one in order:
        chosen.setdefault(flows.corridor_ids[one], one)
    return np.array(list(chosen.values())[:FLOW_COUNT], dtype=np.int32)


def trace_flows(simulation: Simulation, chosen: IntArray) -> dict[str, pd.DataFrame]:
    """Tables ``event``, ``sailing`` and ``shut`` of some flows in replication 0, after the warm-up.

    Parameters
    ----------
    simulation : Simulation
        Has the log.
    chosen : (n,) int32
        Flows.
    """
    plan, draws, log = simulation.plan, simulation.draws, simulation.log
    is_wanted = np.isin(draws.flow, chosen) & (draws.release_h >= simulation.window.from_h)
    owners = np.flatnonzero(is_wanted & (draws.release_h < simulation.window.to_h))
    place = np.full(len(plan.flows.flow_ids), len(chosen), dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    owners = owners[np.argsort(place[draws.flow[owners]], kind="stable")]
    counts = np.diff(log.first_record)[owners]
    rows = np.concatenate(
        [np.arange(log.first_record[one], log.first_record[one + 1]) for one in owners.tolist()]
        or [np.zeros(0, dtype=np.int64)]
    )
    records = {
        name: getattr(log, name)[rows] for name in ("stage", "ready_h", "start_h", "end_h", "found_count")
    }
    own = replace(log, first_record=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), **records)
    event = make_events(plan, replace(draws, flow=draws.flow[owners]), own)
    event["consignment_id"] = np.repeat(owners, counts).astype(str)
    event["length_km"] = plan.stage_length_km[own.stage]
    event["cost_usd"] = plan.stage_cost_usd[own.stage]
    resources = np.unique(plan.system.stage_resource[own.stage])
    sailing = simulation.sailings()
    ids = [plan.system.resource_ids[one] for one in resources.tolist()]
    return {
        "event": event,
        "sailing": sailing[sailing["resource_id"].isin(ids)],
        "shut": _list_closures(simulation, resources),
    }


def _list_closures(simulation: Simulation, resources: IntArray) -> pd.DataFrame:
    """When resources were shut in replication 0; a quay also while its other side was."""
    system, draws = simulation.plan.system, simulation.draws
    rows = []
    for resource in resources.tolist():
        places = [resource]
        if system.kind[resource] == ResourceKind.BOARD:
            places.append(int(system.lines.resource[system.line[resource], 1 - system.side[resource]]))
        for one in places:
            spells = slice(int(draws.first_closure[one]), int(draws.first_closure[one + 1]))
            ends = zip(draws.closure_start_h[spells], draws.closure_end_h[spells], strict=True)
            rows += [(system.resource_ids[resource], from_h, to_h) for from_h, to_h in ends]
    return pd.DataFrame(rows, columns=["resource_id", "from_h", "to_h"])
