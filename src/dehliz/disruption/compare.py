"""A scenario beside the network as it is: who ships where, for how long, at what cost, and who gains or loses.

Both equilibria are told by the tables of flows and joined row by row into ``beside_corridor``, ``beside_country``,
``beside_flow``, ``beside_concentration`` and ``beside_total``. The files before are ``disruption/scenes.py`` and
``disruption/impact.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dehliz.assignment.flow_tables import (
    Loaded,
    name_routes,
    tell_borders,
    tell_concentration,
    tell_ports,
)
from dehliz.assignment.row_tables import tell_rows
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.units import DAYS_PER_YEAR, KG_PER_T
from dehliz.disruption.criticality import find_ends, share_by_country
from dehliz.disruption.impact import Baseline, Impact, Totals, measure_impact
from dehliz.disruption.scenes import Scene
from dehliz.disruption.settled_flows import load_settled
from dehliz.graph.graph import FloatArray
from dehliz.network.network import Network
from dehliz.routing.corridors import OTHER_ID, OTHER_NAME, find_gateway

LEAST_CHANGE_T_A = 1.0
"""Flows that change by less are not told [t/a]."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scenario beside the network as it is.

    Attributes
    ----------
    scene : Scene
        The scenario.
    impact : Impact
        Trip by trip; the scenario has no end, so all that has a way goes.
    before, after : Loaded
        Flows.
    tables : dict of str to DataFrame
        ``beside_total``, ``beside_corridor``, ``beside_country``, ``beside_flow``, ``beside_concentration``.
    """

    scene: Scene
    impact: Impact
    before: Loaded
    after: Loaded
    tables: dict[str, pd.DataFrame]

    @property
    def is_converged(self) -> bool:
        """Whether both equilibria reached their gap."""
        return self.impact.is_converged and self.before.assignment.status == "converged"


def compare_scene(baseline: Baseline, scene: Scene) -> Comparison:
    """Hold a scenario beside the network as it is.

    Parameters
    ----------
    baseline : Baseline
        The network as it is.
    scene : Scene
        A scenario of it.

    Returns
    -------
    Comparison
    """
    shock = scene.shock
    impact = measure_impact(baseline, shock.costs, shock.weights, None, shock.volume_t_d, shock.warm)
    problem = baseline.warm.problem
    before = load_settled(problem, baseline.settled, problem.trips.volume_t_d)
    after = load_settled(scene.problem, impact.settled, impact.volume_t_d)
    tables = {
        "beside_total": _tell_totals(baseline, impact, before, after),
        "beside_corridor": _tell_corridors(before, after),
        "beside_country": _tell_countries(baseline, impact, before, after),
        "beside_flow": _tell_flows(before, after),
        "beside_concentration": _tell_concentration(before, after),
    }
    return Comparison(scene, impact, before, after, tables)


def _tell_totals(baseline: Baseline, impact: Impact, before: Loaded, after: Loaded) -> pd.DataFrame:
    """The ``beside_total`` table: sums over all cargo."""
    was = baseline.warm.problem.trips.volume_t_d
    cut = ~np.isfinite(impact.settled.cost_h)

    def sums(totals: Totals, volume_t_d: FloatArray, loaded: Loaded) -> list[tuple[str, str, float]]:
        carried = float((volume_t_d - loaded.assignment.unserved).sum())
        part = 1.0 / carried if carried > 0.0 else np.nan
        return [
            ("cargo", "t/d", float(volume_t_d.sum())),
            ("cargo without a way", "t/d", float(loaded.assignment.unserved.sum())),
            ("mean time", "h", float(totals.time_t_h_d.sum()) * part),
            ("mean cost", "USD/t", float(totals.money_usd_d.sum()) * part),
            ("mean length", "km", float(totals.work_tkm_d.sum()) * part),
            ("money", "USD/d", float(totals.money_usd_d.sum())),
            ("work", "tkm/d", float(totals.work_tkm_d.sum())),
            ("emissions", "tCO2e/d", float(totals.emission_kgco2e_d.sum()) / KG_PER_T),
            ("relative gap", "share", loaded.assignment.relative_gap_share),
        ]

    rows = [
        (measure, unit, value, other, other - value)
        for (measure, unit, value), (_, _, other) in zip(
            sums(impact.before, was, before), sums(impact.after, impact.volume_t_d, after), strict=True
        )
    ]
    net = impact.loss_usd_d[~cut]
    lost, gained = (float(np.maximum(sign * net, 0.0).sum()) for sign in (1.0, -1.0))
    rows += [
        ("loss of those who lose", "USD/d", 0.0, lost, lost),
        ("gain of those who gain", "USD/d", 0.0, gained, gained),
    ]
    return pd.DataFrame(rows, columns=list(read_spec("beside_total").column_names))


def _tell_corridors(before: Loaded, after: Loaded) -> pd.DataFrame:
    """The ``beside_corridor`` table: volume, share, mean time and money of each corridor."""
    ids = [*(one.corridor_id for one in before.corridors), OTHER_ID]
    names = [*(one.name for one in before.corridors), OTHER_NAME]
    sides = []
    for loaded in (before, after):
        visits = loaded.visits
        corridor = name_routes(visits, loaded.corridors)
        paid = loaded.money_usd_t[visits.segment[visits.route], visits.flows.arc]
        money = np.bincount(visits.route, weights=paid, minlength=visits.n_route)
        flow = visits.flows.volume_t_d
        sides.append(
            [
                np.bincount(corridor, weights=flow * one, minlength=len(ids))
                for one in (np.ones_like(flow), visits.total(loaded.assignment.time_h), money)
            ]
        )
    rows = []
    for at, (corridor_id, name) in enumerate(zip(ids, names, strict=True)):
        one, other = ([float(part[at]) for part in side] for side in sides)
        if max(one[0], other[0]) <= 0.0:
            continue
        volumes = (one[0] * DAYS_PER_YEAR, other[0] * DAYS_PER_YEAR, (other[0] - one[0]) * DAYS_PER_YEAR)
        shares = (one[0] / sides[0][0].sum(), other[0] / sides[1][0].sum())
        means = [part[key] / part[0] if part[0] > 0.0 else np.nan for key in (1, 2) for part in (one, other)]
        rows.append((corridor_id, name, *volumes, *shares, *means))
    return pd.DataFrame(rows, columns=list(read_spec("beside_corridor").column_names))


def _tell_countries(baseline: Baseline, impact: Impact, before: Loaded, after: Loaded) -> pd.DataFrame:
    """The ``beside_country`` table: cargo through, transit work, and net gain by country."""
    gain = -share_by_country(
        find_ends(baseline.warm.problem), impact.loss_usd_d, len(before.graph.country_ids)
    )
    names = dict(zip(before.network.country["country_id"], before.network.country["name"], strict=True))
    was, now = (_find_transit(loaded) for loaded in (before, after))
    rows = []
    for at, country_id in enumerate(before.graph.country_ids):
        figures = [side[at] for pair in zip(was, now, strict=True) for side in pair]
        if max(figures) > 0.0 or gain[at] != 0.0:
            rows.append((country_id, names[country_id], *figures, float(gain[at])))
    return pd.DataFrame(rows, columns=list(read_spec("beside_country").column_names))


def _find_transit(loaded: Loaded) -> tuple[FloatArray, FloatArray, FloatArray]:
    """By country: cargo that touches it [t/a], cargo that only passes [t/a], and work of the latter [tkm/a]."""
    visits, graph, trips = loaded.visits, loaded.graph, loaded.assignment.trips
    zone = dict(zip(loaded.network.zone["zone_id"], loaded.network.zone["country_id"], strict=True))
    home = np.array([graph.country_ids.index(str(zone[one])) for one in graph.zone_ids])
    n_country = len(graph.country_ids)
    country = graph.country[visits.flows.arc].astype(np.int64)
    trip = visits.flows.trip[visits.route]
    passes = (home[trips.origin[trip]] != country) & (home[trips.destination[trip] - graph.n_zone] != country)
    flow = visits.flows.volume_t_d

    def touched(chosen: np.ndarray) -> FloatArray:
        pair = np.unique(np.stack((visits.route[chosen], country[chosen]), axis=1), axis=0)
        return np.bincount(pair[:, 1], weights=flow[pair[:, 0]], minlength=n_country).astype(np.float64)

    work = np.where(passes, flow[visits.route] * graph.length_km[visits.flows.arc], 0.0)
    transit_work = np.bincount(country, weights=work, minlength=n_country).astype(np.float64)
    everywhere = np.ones(len(country), dtype=bool)
    return (
        touched(everywhere) * DAYS_PER_YEAR,
        touched(passes) * DAYS_PER_YEAR,
        transit_work * DAYS_PER_YEAR,
    )


def _tell_flows(before: Loaded, after: Loaded) -> pd.DataFrame:
    """The ``beside_flow`` table: borders, ports, lines, sections and passages whose flow changes, the most first."""
    rows: list[tuple[object, ...]] = []
    for kind, find in FLOWS.items():
        one, other = find(before), find(after)
        names = {key: name for side in (one, other) for key, (name, _) in side.items()}
        changes = []
        for key in sorted(names):
            was, now = (side.get(key, ("", 0.0))[1] for side in (one, other))
            if abs(now - was) >= LEAST_CHANGE_T_A:
                changes.append((kind, key, names[key], was, now, now - was))
        changes.sort(key=lambda row: (-abs(row[-1]), row[1]))
        rows += [(rank, *row) for rank, row in enumerate(changes, 1)]
    return pd.DataFrame(rows, columns=list(read_spec("beside_flow").column_names))


Flows = dict[str, tuple[str, float]]
"""Id -> name and flow [t/a]."""


def _borders(loaded: Loaded) -> Flows:
    found: dict[str, float] = {}
    for row in each_row(tell_borders(loaded)):
        key = "-".join(sorted((str(row.from_country_id), str(row.to_country_id))))
        found[key] = found.get(key, 0.0) + float(row.volume_t_a)
    names = dict(zip(loaded.network.country["country_id"], loaded.network.country["name"], strict=True))
    return {
        key: (" - ".join(str(names[one]) for one in key.split("-")), value) for key, value in found.items()
    }


def _ports(loaded: Loaded) -> Flows:
    table = tell_ports(loaded).groupby("node_id")["volume_t_a"].sum()
    names = dict(zip(loaded.network.node["node_id"], loaded.network.node["name"], strict=True))
    return {str(key): (str(names[key]), float(value)) for key, value in table.items()}


def _rows(table_name: str) -> Callable[[Loaded], Flows]:
    def find(loaded: Loaded) -> Flows:
        rows = tell_rows(loaded)
        rows = rows[rows["table_name"] == table_name]
        return {
            str(row.row_id): (_name(loaded.network, row), float(row.volume_t_a)) for row in each_row(rows)
        }

    return find


def _name(network: Network, row: object) -> str:
    """What people call a row; a link by its ends, as several have one name."""
    ends = {str(getattr(row, key)) for key in ("from_node_id", "to_node_id")}
    names = network.node[network.node["node_id"].isin(ends)].set_index("node_id")["name"]
    return " - ".join(str(names[getattr(row, key)]) for key in ("from_node_id", "to_node_id"))


def _passages(loaded: Loaded) -> Flows:
    ids = sorted({*loaded.network.link["passage_id"], *loaded.network.service_leg["passage_id"]} - {""})
    visits = loaded.visits
    return {
        one: (
            one.replace("_", " ").capitalize(),
            float(
                visits.flows.volume_t_d[
                    visits.touches(find_gateway(loaded.graph, loaded.network, f"passage:{one}"))
                ].sum()
            )
            * DAYS_PER_YEAR,
        )
        for one in ids
    }


FLOWS: dict[str, Callable[[Loaded], Flows]] = {
    "border": _borders,
    "port": _ports,
    "line": _rows("service_leg"),
    "section": _rows("link"),
    "passage": _passages,
}
"""Kind of thing -> what passes each [t/a]."""


def _tell_concentration(before: Loaded, after: Loaded) -> pd.DataFrame:
    """The ``beside_concentration`` table: Herfindahl index and largest part of each segment, before and after."""
    one, other = tell_concentration(before), tell_concentration(after)
    joined = one.merge(other, on=["segment_id", "by"], suffixes=("", "_after"), how="outer", sort=False)
    return joined.rename(
        columns={
            "herfindahl_share_after": "herfindahl_after_share",
            "largest_id_after": "largest_after_id",
            "largest_share_after": "largest_after_share",
        }
    )[list(read_spec("beside_concentration").column_names)]
