"""Scenarios on networks: all changes are resolved first, then made on a copy.

A change without effect is an error, since it is nearly always a slip. The network that comes in is never
changed. Files are read by ``network/scenario_file.py``, years chosen by ``network/scenario_year.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dehliz.base.errors import DataError, Issue, LookupFailed, ScenarioError, list_ids, say_count, suggest
from dehliz.base.sheet import texts_of
from dehliz.network.changes import KINDS, Change, Close, Open, Scenario
from dehliz.network.changing import Changed, change_tables
from dehliz.network.network import Network, build_network, replace_tables
from dehliz.network.scenario_file import read_scenario
from dehliz.network.scenario_year import select_year
from dehliz.network.selecting import MOVABLE

__all__ = [
    "Applied",
    "Scenario",
    "apply",
    "avoid_countries",
    "close_all",
    "open_all",
    "read_scenario",
    "resolve",
    "select_year",
]


@dataclass(frozen=True, slots=True)
class Applied:
    """A network with a scenario in it.

    Attributes
    ----------
    network : Network
        The changed copy.
    notes : tuple of str
        What each change did.
    """

    network: Network
    notes: tuple[str, ...]


def resolve(scenario: Scenario, network: Network) -> list[Issue]:
    """Everything that is wrong with a scenario on a network; empty when it can be applied.

    Parameters
    ----------
    scenario : Scenario
        Changes; a later one may name rows that an earlier one adds.
    network : Network
        Stays as it is.
    """
    return _walk(scenario, network)[1]


def apply(scenario: Scenario, network: Network) -> Applied:
    """A copy of a network with all changes of a scenario made.

    Parameters
    ----------
    scenario : Scenario
        Changes.
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
    changed, issues, notes = _walk(scenario, network)
    if issues:
        raise ScenarioError(
            f"Scenario '{scenario.name}' cannot be applied: {say_count(len(issues), 'fault')}.", issues
        )
    marked = tuple(f"scenario {scenario.name}: {note}" for note in notes)
    different = {
        name: frame for name, frame in changed.tables.items() if frame is not _frames_of(network)[name]
    }
    made = replace_tables(network, different, notes=marked)
    return Applied(select_year(made, network.year) if network.year is not None else made, tuple(notes))


def _frames_of(network: Network) -> dict[str, pd.DataFrame]:
    return {**network.tables(), "shape": network.shape}


def _walk(scenario: Scenario, network: Network) -> tuple[Changed, list[Issue], list[str]]:
    """Make the changes one after another; a wrong one is skipped, so that the others are looked at too."""
    state = Changed(_frames_of(network))
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
    if needs_check and not issues:
        try:
            build_network(state.tables, name=f"the network with scenario {scenario.name}")
        except DataError as error:
            issues += error.issues
    return state, issues, notes


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
