"""The best way of each corridor side by side, and where the corridor's claims hold.

For every corridor of the network's table the best route *of that corridor* is sought, even when another corridor
is better in everything: a comparison must show the loser too. The claims are those made for the Middle Corridor:
compact, stable, faster.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from dehliz.base.errors import Issue, LookupFailed, SettingsError, suggest
from dehliz.base.rows import find_row
from dehliz.base.schema import read_spec
from dehliz.graph.graph import FloatArray
from dehliz.routing.corridors import OTHER_ID, OTHER_NAME, Gateways, name_corridor
from dehliz.routing.planner import Planner, Question
from dehliz.routing.routes import Routes, join, make_empty

MIDDLE = ("middle_btk", "middle_black_sea", "middle_caspian", "zangezur")
"""Corridors for which the claims are tested."""

DETOUR_FACTOR = 3.0
"""A corridor whose best route is this many times longer than the shortest one is no rival and is left out."""


class Best(StrEnum):
    """By what the best route of a corridor is chosen."""

    GENERALISED = "generalised"
    TIME = "time"
    COST = "cost"
    EMISSIONS = "emissions"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best route of each corridor.

    Attributes
    ----------
    routes : Routes
        One per corridor, the best first.
    corridor_ids : tuple of str
        Corridor of each route.
    without_way : tuple of str
        Names of corridors through which no way leads between these places.
    far : tuple of str
        Names of corridors left out because their way is a detour of more than ``DETOUR_FACTOR``.
    """

    routes: Routes
    corridor_ids: tuple[str, ...]
    without_way: tuple[str, ...]
    far: tuple[str, ...]


def compare_corridors(planner: Planner, question: Question, best: Best = Best.GENERALISED) -> Comparison:
    """The best route of each corridor for one question.

    Parameters
    ----------
    planner : Planner
        The network and the shipment.
    question : Question
        Two places and what to pass or avoid.
    best : Best
        By what the best route of a corridor is chosen: least generalised cost (money plus value of time), least
        time, least money or least emissions.

    Returns
    -------
    Comparison
        Routes in the order of ``best``. When the best way of all belongs to no corridor it is among them: a detour
        by a corridor must not pass for the best way between neighbours.
    """
    score = _scorer(planner, best)
    found: list[Routes] = []
    names: list[tuple[str, str]] = []
    without_way: list[str] = []
    for corridor in planner.teller.corridors:
        route = _find_best(planner, question, corridor, score)
        if route is None:
            without_way.append(corridor.name)
        else:
            found.append(route)
            names.append((corridor.corridor_id, corridor.name))
    other = _find_other(planner, question, score)
    if other is not None:
        found.append(other)
        names.append((OTHER_ID, OTHER_NAME))
    return _rank(planner, found, names, without_way, score)


def find_best(
    planner: Planner, question: Question, corridor_id: str, best: Best = Best.GENERALISED
) -> Routes | None:
    """The best route of one corridor for one question, or None when no way leads through it.

    Raises
    ------
    LookupFailed
        When the network has no such corridor.
    """
    for corridor in planner.teller.corridors:
        if corridor.corridor_id == corridor_id:
            return _find_best(planner, question, corridor, _scorer(planner, best))
    known = [corridor.corridor_id for corridor in planner.teller.corridors]
    raise LookupFailed(
        f"'{corridor_id}' is not a corridor. {suggest(corridor_id, known) or ', '.join(known)}"
    )


def _find_best(
    planner: Planner, question: Question, corridor: Gateways, score: Callable[[Routes], FloatArray]
) -> Routes | None:
    forced = replace(
        question,
        needed=np.concatenate((question.needed, corridor.needed)),
        forbidden=question.forbidden | corridor.forbidden,
    )
    options = planner.find(forced)
    own = [
        route
        for route in range(len(options))
        if name_corridor(planner.teller.corridors, options.arcs(route))[0] == corridor.corridor_id
    ]
    if not own:
        return None
    values = score(options)
    return options.pick([min(own, key=lambda route: (values[route], route))])


def _find_other(planner: Planner, question: Question, score: Callable[[Routes], FloatArray]) -> Routes | None:
    """The best way of all, when it belongs to no corridor."""
    options = planner.find(question)
    if not len(options):
        return None
    route = int(np.argmin(score(options)))
    name = name_corridor(planner.teller.corridors, options.arcs(route))[0]
    return options.pick([route]) if name == OTHER_ID else None


def _rank(
    planner: Planner,
    found: list[Routes],
    names: list[tuple[str, str]],
    without_way: list[str],
    score: Callable[[Routes], FloatArray],
) -> Comparison:
    if not found:
        nothing = make_empty()
        return Comparison(nothing, (), tuple(without_way), ())
    together = join(found)
    length_km = together.total(planner.graph.length_km)
    near = length_km <= DETOUR_FACTOR * length_km.min()
    values = score(together)
    order = [int(route) for route in np.argsort(values, kind="stable") if near[route]]
    return Comparison(
        routes=together.pick(order),
        corridor_ids=tuple(names[route][0] for route in order),
        without_way=tuple(without_way),
        far=tuple(name for (_, name), is_near in zip(names, near, strict=True) if not is_near),
    )


def _scorer(planner: Planner, best: Best) -> Callable[[Routes], FloatArray]:
    costs = planner.costs
    if best is Best.TIME:
        return lambda routes: routes.total(costs.time_h)
    if best is Best.COST:
        return lambda routes: routes.total(costs.cost_usd)
    if best is Best.EMISSIONS:
        return lambda routes: routes.total(costs.emissions_kgco2e)
    value_usd_h = value_of_time_usd_h(planner)
    return lambda routes: routes.total(costs.cost_usd) + value_usd_h * routes.total(costs.time_h)


def value_of_time_usd_h(planner: Planner) -> float:
    """What one hour costs the whole shipment [USD/h], by its segment's value of time per tonne.

    Raises
    ------
    SettingsError
        When the segment has no value of time.
    """
    shipment = planner.shipment
    value_usd_t_h = float(
        find_row(planner.network.segment, "segment_id", shipment.segment_id).value_of_time_usd_t_h
    )
    if np.isnan(value_usd_t_h):
        issue = Issue(
            "segment.value_of_time_usd_t_h.present", "segment.csv, column value_of_time_usd_t_h",
            (shipment.segment_id,),
            "no value of time is known for this segment", "The generalised cost needs one",
            "Choose the best route by --best time, cost or emissions, or use a network with a value of time",
        )  # fmt: skip
        raise SettingsError("The best route cannot be chosen by generalised cost", [issue])
    return value_usd_t_h * shipment.cargo_t


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim and how it is measured."""

    name: str
    column: str
    unit: str
    is_less_better: bool
    text: str


_CLAIMS = (
    _Claim(
        "compact",
        "compactness_factor",
        "factor",
        True,
        "{mine:.2f} times the great circle, {rival} {theirs:.2f}",
    ),
    _Claim(
        "stable", "stability_mean_score", "score", False, "mean stability {mine:+.2f}, {rival} {theirs:+.2f}"
    ),
    _Claim("faster", "time_h", "h", True, "{mine_d:.0f} days, {rival} {theirs_d:.0f}"),
)


def check_claims(
    route: pd.DataFrame, claimants: Sequence[str] = MIDDLE, scenario_id: str = "baseline"
) -> pd.DataFrame:
    """Whether the claims hold for one comparison.

    Parameters
    ----------
    route : DataFrame
        ``route`` table of one comparison, one row per corridor.
    claimants : sequence of str
        Corridors for which the claims are made.
    scenario_id : str
        Scenario that the comparison belongs to.

    Returns
    -------
    DataFrame
        ``claim`` table: for each claim the best claimant beside the best rival. Empty when there is no claimant
        or no rival. A claim about a score that is not known holds for nobody: ``holds`` is False and the text says so.
    """
    mine = route[route["corridor_id"].isin(claimants)]
    rivals = route[~route["corridor_id"].isin([*claimants, OTHER_ID])]
    rows = []
    if len(mine) and len(rivals):
        rows = [_check_claim(claim, mine, rivals, scenario_id) for claim in _CLAIMS]
    return pd.DataFrame(rows, columns=list(read_spec("claim").column_names))


def _check_claim(
    claim: _Claim, mine: pd.DataFrame, rivals: pd.DataFrame, scenario_id: str
) -> dict[str, object]:
    sign = 1.0 if claim.is_less_better else -1.0
    ends = {
        "scenario_id": scenario_id,
        "origin_id": mine["origin_id"].iat[0],
        "destination_id": mine["destination_id"].iat[0],
        "claim": claim.name,
        "unit": claim.unit,
    }
    if mine[claim.column].isna().any() or rivals[claim.column].isna().any():
        return {
            **ends, "holds": False, "corridor_id": "", "value": np.nan, "rival_value": np.nan, "rival_corridor_id": "",
            "text": "a country's score is not known",
        }  # fmt: skip
    own = mine.iloc[int(np.argmin(sign * mine[claim.column]))]
    rival = rivals.iloc[int(np.argmin(sign * rivals[claim.column]))]
    value, rival_value = float(own[claim.column]), float(rival[claim.column])
    return {
        **ends,
        "corridor_id": own["corridor_id"],
        "holds": bool(sign * value < sign * rival_value),
        "value": value,
        "rival_value": rival_value,
        "rival_corridor_id": rival["corridor_id"],
        "text": claim.text.format(
            mine=value,
            theirs=rival_value,
            rival=rival["corridor_name"],
            mine_d=value / 24,
            theirs_d=rival_value / 24,
        ),
    }
