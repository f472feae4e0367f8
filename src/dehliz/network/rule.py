"""What a rule with domain sense is: its name, its words, and the function that finds what breaks it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from dehliz.base.sheet import Faults, Rule, texts_of

Tables = Mapping[str, pd.DataFrame]
"""Typed tables by name, all of a network, in the order of their files."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and how to find the rows that break it.

    Attributes
    ----------
    rule : Rule
        Its name says table and column: ``link.length_km.great_circle``.
    find : callable
        Typed tables -> position of each faulty row of that table, with what was found.
    needs : tuple of str
        Tables whose ids must be sound before the rule makes sense; it is skipped otherwise, because its
        complaints would only repeat an earlier one.
    """

    rule: Rule
    find: Callable[[Tables], Faults]
    needs: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """Table whose rows the rule judges."""
        return self.rule.name.split(".")[0]

    @property
    def column(self) -> str:
        """Column that it names."""
        return self.rule.name.split(".")[1]


def list_touched(tables: Tables) -> set[tuple[str, str]]:
    """Node and mode of every end of every link and service leg."""
    touched: set[tuple[str, str]] = set()
    for name in ("link", "service_leg"):
        frame = tables[name]
        for end in ("from_node_id", "to_node_id"):
            touched.update(zip(texts_of(frame[end]), texts_of(frame["mode_id"]), strict=True))
    return touched


def map_column(frame: pd.DataFrame, key: str, column: str) -> dict[str, str]:
    """Text of a column by key; the first row counts when a key occurs twice."""
    pairs = zip(reversed(texts_of(frame[key])), reversed(texts_of(frame[column])), strict=True)
    return dict(pairs)


def find_repeated(frame: pd.DataFrame, columns: list[str], key: str) -> Faults:
    """Rows that equal another row in some columns, with the id of the first of them."""
    twice = frame.duplicated(columns, keep=False).to_numpy()
    first: dict[tuple[str, ...], str] = {}
    faults: dict[int, str] = {}
    for row, is_twice in enumerate(twice):
        if is_twice:
            values = tuple(str(value) for value in frame.loc[row, columns])
            name = first.setdefault(values, str(frame[key].iat[row]))
            if name != str(frame[key].iat[row]):
                faults[row] = f"the same {', '.join(columns)} as '{name}'"
    return faults
