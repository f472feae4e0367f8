"""Everything that a page of a simulation draws, as tables: results, what stands beside them, names, sources.

The file before is ``study/beside.py``; the next ``report/simulation_page.py``, which computes nothing.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dehliz.eurasia.facts import read_facts
from dehliz.network.network import Network
from dehliz.simulation.result import Simulation

DRAWN: tuple[tuple[str, str], ...] = (("xian", "baku"), ("altynkol", "poti"))
"""Watched pairs whose way is drawn stage by stage, where they are watched."""
MOST_DRAWN_COUNT = 2
NAMES = ("zone", "node", "corridor", "segment")


def picture(
    simulation: Simulation,
    network: Network,
    tables: dict[str, pd.DataFrame],
    drawn: Sequence[tuple[str, str]] = DRAWN,
) -> dict[str, pd.DataFrame]:
    """Tables of a page.

    Parameters
    ----------
    simulation : Simulation
        What is drawn.
    network : Network
        Gives names.
    tables : dict of str to DataFrame
        Results and what stands beside them.
    drawn : sequence of (str, str)
        Origin and destination of the watched pairs whose way is drawn; the first ones watched when none of them is.

    Returns
    -------
    dict of str to DataFrame
        ``tables`` with ``probe_time``, ``event``, ``sailing``, ``shut``, names, facts and sources.
    """
    return {
        **{name: network.table(name) for name in NAMES},
        **tables,
        **_read_sources(tables),
        "probe_time": pool_probes(simulation),
        "event": tell_ways(simulation, drawn),
        "sailing": simulation.sailings(),
        "shut": tell_closures(simulation),
    }


def pool_probes(simulation: Simulation) -> pd.DataFrame:
    """Time of every watched consignment of all replications; infinite where it is not through."""
    parts = []
    for group, samples in zip(simulation.outline.levels[2].groups, simulation.gathered.samples, strict=True):
        times = np.concatenate(samples) if samples else np.zeros(0)
        ids = {
            "corridor_id": group.corridor_id, "origin_id": group.origin_id, "destination_id": group.destination_id,
            "market_id": group.market_id,
        }  # fmt: skip
        parts.append(pd.DataFrame({**ids, "time_h": times}))
    columns = ["corridor_id", "origin_id", "destination_id", "market_id", "time_h"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def tell_ways(simulation: Simulation, drawn: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Event log of the watched pairs that are drawn, with way and money of each stage beside it."""
    plan, flow = simulation.plan, simulation.draws.flow
    probes = np.flatnonzero(plan.flows.is_probe).tolist()
    ends = [(plan.flows.origin_ids[at], plan.flows.destination_ids[at]) for at in probes]
    chosen = [at for pair in drawn for at, own in zip(probes, ends, strict=True) if own == pair]
    chosen = (chosen or probes)[:MOST_DRAWN_COUNT]
    first = simulation.log.first_record
    parts = []
    for one in chosen:
        for consignment in np.flatnonzero(flow == one):
            stage = simulation.log.stage[first[consignment] : first[consignment + 1]]
            parts.append(
                simulation.events(int(consignment)).assign(
                    length_km=plan.stage_length_km[stage], cost_usd=plan.stage_cost_usd[stage]
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else simulation.events().iloc[:0]


def tell_closures(simulation: Simulation) -> pd.DataFrame:
    """Closures of each resource in the first replication."""
    draws, plan = simulation.draws, simulation.plan
    owner = np.repeat(np.arange(plan.system.n_resource), np.diff(draws.first_closure))
    return pd.DataFrame(
        {
            "resource_id": [plan.system.resource_ids[one] for one in owner],
            "from_h": draws.closure_start_h,
            "to_h": draws.closure_end_h,
        }
    )


def _read_sources(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Facts that the published values come from, and their sources."""
    names = ("simulated_time_check", "indicator")
    used = {one for name in names if name in tables for one in tables[name]["fact_id"].astype(str)}
    book = read_facts()
    fact = book.fact[book.fact["fact_id"].isin(used)].reset_index(drop=True)
    source = book.source[book.source["source_id"].isin(set(fact["source_id"]))].reset_index(drop=True)
    return {"fact": fact, "source": source}
