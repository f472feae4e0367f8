"""The best way of each corridor side by side, and where the corridor's claims hold.

For every corridor of the network's table the best route *of that corridor* is sought, even when another corridor
is better in everything: a comparison must show the loser too. The claims are those made for the Middle Corridor:
compact, stable, faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from dehliz.base.errors import Issue, LookupFailed, SettingsError, suggest
from dehliz.base.rows import find_row
from dehliz.base.schema import read_spec
from dehliz.graph.graph import BoolArray, FloatArray, IntArray
from dehliz.routing.best import Ask, Verdict, find_least, find_own
from dehliz.routing.corridors import OTHER_ID, OTHER_NAME, name_corridor
from dehliz.routing.planner import Planner, Question
from dehliz.routing.routes import Routes, make_empty, make_routes

MIDDLE = ("middle_btk", "middle_black_sea", "middle_caspian", "zangezur")
"""Corridors for which the claims are tested."""

DETOUR_FACTOR = 3.0
"""A corridor whose best route is this many times longer than the shortest one is no rival and is left out."""

WORSE_FACTOR = 1.5
"""So is one that another beats by this factor in money, time and emissions alike."""

DEAR_FACTOR = 5.0
"""No way of a corridor is sought that is this many times worse than the best of all by the criterion chosen."""


TIE_SHARE = 1e-9
"""Weight of the other criteria where two ways are equal by the one chosen."""


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
        Names of corridors left out because their way is no rival: far longer, dearer or worse than another.
    unsettled : tuple of str
        Names of corridors for which the search came to its limit.
    """

    routes: Routes
    corridor_ids: tuple[str, ...]
    without_way: tuple[str, ...]
    far: tuple[str, ...]
    unsettled: tuple[str, ...] = ()


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
    score = _score_arcs(planner, best)
    lost: dict[Verdict, list[str]] = {verdict: [] for verdict in Verdict}
    found: list[IntArray] = []
    names: list[tuple[str, str]] = []
    ask = _make_ask(question, score)
    least, arcs = find_least(planner.graph, ask)
    if not np.isfinite(least):
        everyone = tuple(corridor.name for corridor in planner.teller.corridors)
        return Comparison(make_empty(), (), everyone, ())
    if name_corridor(planner.teller.corridors, arcs)[0] == OTHER_ID:
        found.append(arcs)
        names.append((OTHER_ID, OTHER_NAME))
    for corridor in planner.teller.corridors:
        arcs, verdict = find_own(planner.graph, ask, planner.teller.corridors, corridor, DEAR_FACTOR * least)
        if verdict is Verdict.FOUND:
            found.append(arcs)
            names.append((corridor.corridor_id, corridor.name))
        else:
            lost[verdict].append(corridor.name)
    kept = _rank(planner, make_routes(found, ask.ends), names, score)
    return replace(
        kept,
        without_way=tuple(lost[Verdict.NO_WAY]),
        far=(*kept.far, *lost[Verdict.DEAR]),
        unsettled=tuple(lost[Verdict.UNSETTLED]),
    )


def _make_ask(question: Question, score: FloatArray) -> Ask:
    ends = (question.origin, question.destination)
    return Ask(ends, question.needed, np.where(question.forbidden, np.inf, score))


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
            ask = _make_ask(question, _score_arcs(planner, best))
            arcs, verdict = find_own(planner.graph, ask, planner.teller.corridors, corridor)
            return make_routes([arcs], ask.ends) if verdict is Verdict.FOUND else None
    known = [corridor.corridor_id for corridor in planner.teller.corridors]
    raise LookupFailed(
        f"'{corridor_id}' is not a corridor. {suggest(corridor_id, known) or ', '.join(known)}"
    )


def _rank(planner: Planner, routes: Routes, names: list[tuple[str, str]], score: FloatArray) -> Comparison:
    """Rivals in the order of their score, and who is none."""
    length_km = routes.total(planner.graph.length_km)
    criteria = np.array([routes.total(weight) for weight in planner.costs.weight])
    is_rival = (length_km <= DETOUR_FACTOR * length_km.min(initial=np.inf)) & ~_find_beaten(criteria)
    order = [int(route) for route in np.argsort(routes.total(score), kind="stable") if is_rival[route]]
    return Comparison(
        routes=routes.pick(order),
        corridor_ids=tuple(names[route][0] for route in order),
        without_way=(),
        far=tuple(name for (_, name), is_one in zip(names, is_rival, strict=True) if not is_one),
    )


def _find_beaten(criteria: FloatArray) -> BoolArray:
    """Routes that another one beats by ``WORSE_FACTOR`` in every criterion, (n_route,) bool."""
    is_worse = criteria[:, :, None] >= WORSE_FACTOR * criteria[:, None, :]
    by = np.logical_and.reduce(is_worse, axis=0)
    np.fill_diagonal(by, False)
    return np.asarray(np.logical_or.reduce(by, axis=1))


def _score_arcs(planner: Planner, best: Best) -> FloatArray:
    """What each arc adds to the criterion, (n_arc,) float64; equals are told apart by the other criteria."""
    costs = planner.costs
    if best is Best.TIME:
        score = costs.time_h
    elif best is Best.COST:
        score = costs.cost_usd
    elif best is Best.EMISSIONS:
        score = costs.emissions_kgco2e
    else:
        score = costs.cost_usd + value_of_time_usd_h(planner) * costs.time_h
    return np.asarray(score + TIE_SHARE * (costs.cost_usd + costs.time_h + costs.emissions_kgco2e))


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
        ``claim`` table: for each claim the best claimant beside the best rival, ways of no corridor among them.
        Empty when there is no claimant or no rival. A claim about a score that is not known holds for nobody:
        ``holds`` is False and the text says so.
    """
    mine = route[route["corridor_id"].isin(claimants)]
    rivals = route[~route["corridor_id"].isin(claimants)]
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
