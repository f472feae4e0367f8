"""Which rows a change means: by their own ids, by node, by country, by passage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.errors import Issue, list_ids, suggest
from dehliz.base.sheet import Rule, texts_of
from dehliz.network.changes import Close, Open

MOVABLE: Final = ("link", "terminal", "service_leg")
"""Tables with a status."""
SCENARIO_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule("scenario.ids.known", "A change names rows that exist", "Correct the id"),
        Rule("scenario.ids.given", "A change names at least one row", "Add the ids"),
        Rule("scenario.ids.unique", "Each id is named once", "Remove the repetition"),
        Rule("scenario.change.effect", "A change changes something", "Correct or remove the change"),
        Rule(
            "scenario.table.known",
            "A change names a table with one key column",
            "Correct the name",
        ),
        Rule("scenario.column.known", "A change names a column of its table", "Correct the name"),
        Rule("scenario.column.key", "An id stays as it is", "Remove the row and add another"),
        Rule("scenario.column.number", "Only a number can be scaled", "Choose another column, or do = 'set'"),
        Rule("scenario.factor.bounds", "A number of 0 or more is needed", "Correct the number"),
        Rule("scenario.year.bounds", "A year from 1900 to 2100 is needed", "Correct the year"),
        Rule(
            "scenario.column.told", "Rows are chosen by what their table says of them", "Name the rows by ids"
        ),
        Rule(
            "scenario.demand.given",
            "A change of demand needs a demand to change",
            "Apply the scenario with a demand (apply_all), or only its other changes (keep_network_changes)",
        ),
        Rule("scenario.share.bounds", "A share above 0 and up to 1 is needed", "Correct the share"),
        Rule(
            "scenario.demand.ends",
            "Cargo goes from one zone to another",
            "Leave those rows out by naming origins or destinations",
        ),
        Rule(
            "scenario.group.members",
            "A policy is that of at least one country, and of two at borders",
            "Add countries",
        ),
        Rule("scenario.policy.single", "One of the two keys is enough", "Remove one of them"),
    )
}
"""Rules for changes against a network."""


@dataclass(slots=True)
class Picked:
    """Rows of each movable table that a change means.

    Attributes
    ----------
    own : dict of str to bool array
        Rows named by their own id.
    around : dict of str to bool array
        Rows at a node, in a country or through a passage that was named.
    issues : list of Issue
        Ids that mean nothing.
    """

    own: dict[str, NDArray[np.bool_]]
    around: dict[str, NDArray[np.bool_]]
    issues: list[Issue] = field(default_factory=list)


def say_scenario(what: str, place: str, found: str, ids: Sequence[str] = (), remedy: str = "") -> Issue:
    """An issue about a change, with the words of its rule."""
    rule = SCENARIO_RULES[f"scenario.{what}"]
    return Issue(rule.name, place, tuple(ids), found, rule.expected, f"{remedy} {rule.remedy}".strip())


def say_demand(place: str, found: str) -> Issue:
    """The issue of a change of demand where there is no demand."""
    return say_scenario("demand.given", place, f"{found}, and no demand")


def find_ids(ids: Sequence[str], known: Sequence[str], what: str, place: str) -> list[Issue]:
    """Faults of a list of ids: unknown ones with the nearest, and ones named twice."""
    issues: list[Issue] = []
    choices = sorted(set(known) - {""})
    lost = [name for name in dict.fromkeys(ids) if name not in set(choices)]
    if lost:
        found = f"there is no {what} {list_ids([repr(name) for name in lost])}"
        issues.append(say_scenario("ids.known", place, found, (), suggest(lost[0], choices)))
    twice = sorted({name for name in ids if list(ids).count(name) > 1})
    if twice:
        issues.append(
            say_scenario("ids.unique", place, f"{list_ids([repr(name) for name in twice])} more than once")
        )
    return issues


def pick(change: Close | Open, tables: Mapping[str, pd.DataFrame], place: str) -> Picked:
    """Rows that a change means, and what is wrong with its ids.

    Parameters
    ----------
    change : Close or Open
        What to do.
    tables : mapping of str to DataFrame
        Tables of the network.
    place : str
        How messages call the change.
    """
    picked = Picked(
        {name: np.zeros(len(tables[name]), dtype=bool) for name in MOVABLE},
        {name: np.zeros(len(tables[name]), dtype=bool) for name in MOVABLE},
    )
    for name, ids in (
        ("link", change.link_ids),
        ("terminal", change.terminal_ids),
        ("service_leg", change.service_leg_ids),
    ):
        known = tables[name][f"{name}_id"]
        picked.issues += find_ids(ids, texts_of(known), name.replace("_", " "), f"{place}, key {name}_ids")
        picked.own[name] |= known.isin(list(ids)).to_numpy()
    _pick_nodes(change.node_ids, tables, place, picked)
    _pick_countries(change.country_ids, tables, place, picked)
    _pick_passages(change.passage_ids, tables, place, picked)
    return picked


def _pick_nodes(ids: Sequence[str], tables: Mapping[str, pd.DataFrame], place: str, picked: Picked) -> None:
    picked.issues += find_ids(ids, texts_of(tables["node"]["node_id"]), "node", f"{place}, key node_ids")
    for name in ("link", "service_leg"):
        frame = tables[name]
        picked.around[name] |= (
            frame["from_node_id"].isin(list(ids)) | frame["to_node_id"].isin(list(ids))
        ).to_numpy()
    picked.around["terminal"] |= tables["terminal"]["node_id"].isin(list(ids)).to_numpy()


def _pick_countries(
    ids: Sequence[str], tables: Mapping[str, pd.DataFrame], place: str, picked: Picked
) -> None:
    picked.issues += find_ids(
        ids, texts_of(tables["country"]["country_id"]), "country", f"{place}, key country_ids"
    )
    for name in ("link", "service_leg"):
        picked.around[name] |= tables[name]["country_id"].isin(list(ids)).to_numpy()
    node = tables["node"]
    inside = node["node_id"][node["country_id"].isin(list(ids))]
    terminal = tables["terminal"]
    picked.around["terminal"] |= (
        terminal["node_id"].isin(inside)
        | terminal["from_country_id"].isin(list(ids))
        | terminal["to_country_id"].isin(list(ids))
    ).to_numpy()


def _pick_passages(
    ids: Sequence[str], tables: Mapping[str, pd.DataFrame], place: str, picked: Picked
) -> None:
    known = [*texts_of(tables["link"]["passage_id"]), *texts_of(tables["service_leg"]["passage_id"])]
    picked.issues += find_ids(ids, known, "passage", f"{place}, key passage_ids")
    for name in ("link", "service_leg"):
        picked.around[name] |= tables[name]["passage_id"].isin(list(ids)).to_numpy()
