"""Scenarios on networks: all changes are resolved first, then made on a copy.

A change without effect is an error, since it is nearly always a slip. The network and the demand that come in are
never changed. Files are read by ``network/scenario_file.py``, years chosen by ``network/scenario_year.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dehliz.base.errors import DataError, Issue, LookupFailed, ScenarioError, list_ids, say_count, suggest
from dehliz.base.sheet import texts_of
from dehliz.network.changed import OWN_BASIS, Changed
from dehliz.network.changes import KINDS, Change, Close, Open, Scale, Scenario, SetValue, ShiftDemand
from dehliz.network.changing import change_tables
from dehliz.network.demand import DEMAND_TABLES, Demand, build_demand
from dehliz.network.network import Network, build_network, replace_tables
from dehliz.network.scenario_file import read_scenario
from dehliz.network.scenario_year import select_year
from dehliz.network.selecting import MOVABLE

__all__ = [
    "Applied",
    "Scenario",
    "apply",
    "apply_all",
    "avoid_countries",
    "close_all",
    "keep_network_changes",
    "open_all",
    "read_scenario",
    "resolve",
    "select_year",
]


_CHECKED: Final = ("zone", "segment", "link", "terminal", "service_leg")
"""Tables of a network that a demand refers to."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A network with a scenario in it.

    Attributes
    ----------
    network : Network
        The changed copy.
    notes : tuple of str
        What each change did.
    demand : Demand or None
        The changed copy of the demand, when there was one.
    """

    network: Network
    notes: tuple[str, ...]
    demand: Demand | None = None


def resolve(scenario: Scenario, network: Network, demand: Demand | None = None) -> list[Issue]:
    """Everything that is wrong with a scenario on a network; empty when it can be applied.

    Parameters
    ----------
    scenario : Scenario
        Changes; a later one may name rows that an earlier one adds.
    network : Network
        Stays as it is.
    demand : Demand, optional
        Stays as it is; needed by changes of demand, capacity and background.
    """
    return _walk(scenario, network, demand)[1]


def apply(scenario: Scenario, network: Network) -> Applied:
    """A copy of a network with all changes of a scenario made.

    Parameters
    ----------
    scenario : Scenario
        Changes of the network; ``apply_all`` makes those of demand, capacity and background as well.
    network : Network
        Stays as it is.

    Returns
    -------
    Applied

    Raises
    ------
    ScenarioError
        With everything that is wrong with any of the changes.
    """
    return _apply(scenario, network, None)


def apply_all(scenario: Scenario, network: Network, demand: Demand) -> Applied:
    """Copies of a network and of its demand with all changes of a scenario made.

    Parameters
    ----------
    scenario : Scenario
        Changes of any kind.
    network : Network
        Stays as it is.
    demand : Demand
        Cargo on this network; stays as it is.

    Returns
    -------
    Applied
        With its ``demand``.

    Raises
    ------
    ScenarioError
        With everything that is wrong with any of the changes.
    """
    return _apply(scenario, network, demand)


def keep_network_changes(scenario: Scenario) -> tuple[Scenario, tuple[str, ...]]:
    """The part of a scenario that concerns the network alone, for questions that load no cargo.

    Parameters
    ----------
    scenario : Scenario
        Changes of any kind.

    Returns
    -------
    Scenario
        Without changes of demand, capacity and background.
    tuple of str
        A note for each change that was left out.
    """
    words = {kind: word for word, kind in KINDS.items()}
    notes = tuple(
        f"left out, since demand is taken as it is: change {number} ({words[type(change)]})"
        for number, change in enumerate(scenario.changes, 1)
        if _needs_demand(change)
    )
    kept = tuple(change for change in scenario.changes if not _needs_demand(change))
    return replace(scenario, changes=kept), notes


def _needs_demand(change: Change) -> bool:
    return isinstance(change, ShiftDemand) or (
        isinstance(change, Scale | SetValue) and change.table in OWN_BASIS
    )


def _apply(scenario: Scenario, network: Network, demand: Demand | None) -> Applied:
    changed, issues, notes = _walk(scenario, network, demand)
    if issues:
        raise ScenarioError(
            f"Scenario '{scenario.name}' cannot be applied: {say_count(len(issues), 'fault')}.", issues
        )
    marked = tuple(f"scenario {scenario.name}: {note}" for note in notes)
    old = _frames_of(network, demand)
    different = {name: frame for name, frame in changed.tables.items() if frame is not old[name]}
    own = {name: frame for name, frame in different.items() if name not in DEMAND_TABLES}
    made = replace_tables(network, own, notes=marked)
    made = select_year(made, network.year) if network.year is not None else made
    if demand is not None and (different.keys() & {*DEMAND_TABLES, "segment"}):
        frames = {name: changed.tables[name] for name in DEMAND_TABLES}
        demand = build_demand(frames, made, demand.year, check=False)
    return Applied(made, tuple(notes), demand)


def _frames_of(network: Network, demand: Demand | None) -> dict[str, pd.DataFrame]:
    more = {} if demand is None else {name: getattr(demand, name) for name in DEMAND_TABLES}
    return {**network.tables(), "shape": network.shape, **more}


def _walk(
    scenario: Scenario, network: Network, demand: Demand | None
) -> tuple[Changed, list[Issue], list[str]]:
    """Make the changes one after another; a wrong one is skipped, so that the others are looked at too."""
    old = _frames_of(network, demand)
    state = Changed(old)
    issues: list[Issue] = []
    notes: list[str] = []
    needs_check = False
    words = {kind: word for word, kind in KINDS.items()}
    for number, change in enumerate(scenario.changes, 1):
        origin = scenario.origin or f"scenario {scenario.name}"
        state = change_tables(change, state.tables, f"{origin}, change {number} ({words[type(change)]})")
        issues += state.issues
        needs_check |= state.needs_check
        if state.note:
            notes.append(state.note)
    if not issues:
        issues += _check(scenario, state, old, demand, needs_check)
    return state, issues, notes


def _check(
    scenario: Scenario,
    state: Changed,
    old: dict[str, pd.DataFrame],
    demand: Demand | None,
    needs_check: bool,
) -> list[Issue]:
    """Rules of the network and of the demand that the changes break together."""
    name = f"the network with scenario {scenario.name}"
    own = {key: frame for key, frame in state.tables.items() if key not in DEMAND_TABLES}
    try:
        if needs_check:
            build_network(own, name=name)
        if demand is not None and any(
            state.tables[key] is not old[key] for key in (*DEMAND_TABLES, *(_CHECKED if needs_check else ()))
        ):
            typed = Network(**own, name=name)  # type: ignore[arg-type]
            build_demand({key: state.tables[key] for key in DEMAND_TABLES}, typed, demand.year)
    except DataError as error:
        return list(error.issues)
    return []


def close_all(network: Network, ids: Sequence[str]) -> tuple[Change, ...]:
    """Changes that close whatever ids mean: links, terminals, service legs, nodes, passages or countries.

    Parameters
    ----------
    network : Network
        Where the ids are looked up.
    ids : sequence of str
        Ids of any kind; ``passage:suez`` and ``country:IR`` say which kind is meant.

    Raises
    ------
    LookupFailed
        When an id means nothing.
    """
    found = _sort_ids(network, ids)
    return (Close(**found),) if ids else ()


def open_all(network: Network, ids: Sequence[str]) -> tuple[Change, ...]:
    """Changes that open whatever ids mean; the counterpart of ``close_all``."""
    found = _sort_ids(network, ids)
    return (Open(**found),) if ids else ()


def avoid_countries(network: Network, country_ids: Sequence[str]) -> tuple[Change, ...]:
    """Changes that close all links, services and terminals of countries; the high sea stays open.

    Raises
    ------
    LookupFailed
        When there is no such country.
    """
    return close_all(network, [f"country:{country_id}" for country_id in country_ids])


def _sort_ids(network: Network, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    known = {
        f"{name}_ids": set(texts_of(network.table(name)[f"{name}_id"]))
        for name in (*MOVABLE, "node", "country")
    }
    passages = texts_of(network.link["passage_id"]) + texts_of(network.service_leg["passage_id"])
    known["passage_ids"] = set(passages) - {""}
    found: dict[str, list[str]] = {key: [] for key in known}
    lost: list[str] = []
    for text in dict.fromkeys(ids):
        kind, colon, name = text.rpartition(":")
        keys = [f"{kind}_ids"] if colon else list(known)
        hits = [key for key in keys if name in known.get(key, ())]
        for key in hits:
            found[key].append(name)
        if not hits:
            lost.append(text)
    if lost:
        everything = sorted(set().union(*known.values()))
        hint = suggest(lost[0].rpartition(":")[2], everything)
        raise LookupFailed(
            f"There is no link, terminal, service leg, node, country or passage {list_ids([repr(t) for t in lost])}."
            f" {hint or 'dehliz network info lists what there is.'}"
        )
    return {key: tuple(names) for key, names in found.items()}
