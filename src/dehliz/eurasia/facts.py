"""Reads the facts behind the bundled network and ranks those that disagree.

``facts/fact.csv`` and ``facts/source.csv`` hold every published value with its source; ``tables/value.csv``
says which of them stands behind which cell of the network's tables. ``eurasia/explain.py`` tells people.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import pandas as pd

from dehliz.base.check import check_table, make_empty
from dehliz.base.errors import DataError, LookupFailed, quote, suggest
from dehliz.base.schema import read_spec

KIND_ORDER: Final = (
    "official",
    "operator",
    "study",
    "press",
    "forwarder",
    "open_data",
    "encyclopedia",
    "computed",
    "none",
)
"""Kinds of publisher, the one to be believed first before the others."""
CONFIDENCE_ORDER: Final = ("high", "medium", "low")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read; the columns are those of the dictionary's table ``source``."""

    source_id: str
    publisher: str
    url: str
    kind: str
    cited: str
    cited_kind: str
    licence_note: str

    @property
    def rank(self) -> float:
        """Place in ``KIND_ORDER``; one who is quoted ranks half a step after its own texts."""
        own = float(KIND_ORDER.index(self.kind))
        return min(own, KIND_ORDER.index(self.cited_kind) + 0.5) if self.cited_kind else own

    @property
    def voice(self) -> str:
        """Whose word it is, such as ``official, quoted by press``."""
        is_quote = bool(self.cited_kind) and self.rank < KIND_ORDER.index(self.kind)
        return f"{self.cited_kind}, quoted by {self.kind}" if is_quote else self.kind


@dataclass(frozen=True, slots=True)
class Fact:
    """One published value; the columns are those of the dictionary's table ``fact``."""

    fact_id: str
    topic: str
    entity: str
    metric: str
    value: str
    value_low: float
    value_high: float
    value_mean: float
    unit: str
    year: str
    source_id: str
    source_date: str
    confidence: str
    is_assumption: bool
    note: str

    @property
    def latest_year(self) -> int | None:
        """Last year that it holds for, or None when none is stated."""
        return max(map(int, _YEAR.findall(self.year)), default=None)

    @property
    def is_plan(self) -> bool:
        """Whether it speaks of a year after its source was written."""
        written = max(map(int, _YEAR.findall(self.source_date)), default=None)
        holds = self.latest_year
        return "plan" in self.year or (written is not None and holds is not None and holds > written)


@dataclass(frozen=True, slots=True)
class RankedFact:
    """A fact, its place among rivals (0 is first) and why it does not stand higher."""

    fact: Fact
    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class FactBook:
    """All facts, their sources, and the cells that stand on them.

    Attributes
    ----------
    fact, source, value : DataFrame
        Tables of the dictionary.
    facts, sources : mapping of str to Fact, Source
        The same by identifier.
    value_rows : mapping of (table, row) to tuple of int
        Positions in ``value`` of what is known about a row.
    """

    fact: pd.DataFrame
    source: pd.DataFrame
    value: pd.DataFrame
    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    value_rows: Mapping[tuple[str, str], tuple[int, ...]]

    def find_fact(self, fact_id: str) -> Fact:
        """The fact of that identifier.

        Raises
        ------
        LookupFailed
            When there is none; the message names the nearest.
        """
        if fact_id not in self.facts:
            some = ", ".join(list(self.facts)[:3])
            hint = suggest(fact_id, list(self.facts)) or f"There are {len(self.facts)}, such as {some}."
            raise LookupFailed(f"There is no fact {quote(fact_id)}. {hint}")
        return self.facts[fact_id]

    def find_source(self, fact: Fact) -> Source:
        """Where a fact was read."""
        return self.sources[fact.source_id]

    def find_values(self, table_name: str, row_id: str) -> pd.DataFrame:
        """Rows of ``value`` about one row of a table."""
        return self.value.iloc[list(self.value_rows.get((table_name, row_id), ()))]

    def rank(self, facts: Sequence[Fact]) -> tuple[RankedFact, ...]:
        """Facts that disagree, the one to be believed first; see ``rank_facts``."""
        return rank_facts(facts, self.sources)


def _rank_key(fact: Fact, source: Source) -> tuple[bool, bool, float, int, int, str]:
    return (
        fact.is_assumption,
        fact.is_plan,
        source.rank,
        CONFIDENCE_ORDER.index(fact.confidence),
        -(fact.latest_year or 0),
        fact.fact_id,
    )


def _say_why(better: Fact, better_source: Source, fact: Fact, source: Source) -> str:
    """Why ``fact`` stands after ``better``: the first rule in which they differ."""
    if fact.is_assumption != better.is_assumption:
        reason = "an assumption stands after a sourced value"
    elif fact.is_plan != better.is_plan:
        reason = "what is before what is planned"
    elif source.rank != better_source.rank:
        reason = f"{better_source.voice} before {source.voice}"
    elif fact.confidence != better.confidence:
        reason = f"{better.confidence} confidence before {fact.confidence}"
    elif fact.latest_year != better.latest_year:
        reason = f"newer ({better.latest_year or 'undated'}) before older ({fact.latest_year or 'undated'})"
    else:
        reason = "equal in every rule, taken in the order of identifiers"
    return reason if fact.entity == better.entity else f"{reason}; its scope is '{fact.entity}'"


def rank_facts(facts: Sequence[Fact], sources: Mapping[str, Source]) -> tuple[RankedFact, ...]:
    """Facts that disagree, the one to be believed first.

    Parameters
    ----------
    facts : sequence of Fact
        Rivals, in any order.
    sources : mapping of str to Source
        Their sources by identifier.

    Returns
    -------
    tuple of RankedFact
        Each with the reason why it stands after the first.

    Notes
    -----
    The first rule that tells two facts apart decides: 1. sourced before assumed; 2. what is before what is
    planned; 3. official before operator, study, press, forwarder, open data, encyclopedia and computation,
    where the one who is quoted counts, half a step after its own texts; 4. higher confidence; 5. newer before
    older; 6. identifier. A scope that differs from the first one's is named, not ranked.
    """
    order = sorted(facts, key=lambda fact: _rank_key(fact, sources[fact.source_id]))
    if not order:
        return ()
    first = order[0]
    top = sources[first.source_id]
    ranked = [RankedFact(first, 0, "first by every rule" if len(order) > 1 else "the only fact")]
    for place, fact in enumerate(order[1:], 1):
        ranked.append(RankedFact(fact, place, _say_why(first, top, fact, sources[fact.source_id])))
    return tuple(ranked)


def _read_table(name: str, path: str) -> pd.DataFrame:
    spec = read_spec(name)
    place = files("dehliz.eurasia").joinpath(path)
    if not place.is_file():
        return make_empty(spec)
    with place.open("r", encoding="utf-8") as stream:
        raw = pd.read_csv(stream, dtype=str, keep_default_na=False)
    table, issues = check_table(raw, spec, path)
    if issues:
        raise DataError(f"The bundled file {path} is damaged; install Dehliz again.", issues)
    return table


def make_book(fact: pd.DataFrame, source: pd.DataFrame, value: pd.DataFrame) -> FactBook:
    """A book from three tables that follow the dictionary.

    Parameters
    ----------
    fact, source, value : DataFrame
        Tables of the dictionary, typed.
    """
    fact_columns = [field.name for field in fields(Fact)]
    source_columns = [field.name for field in fields(Source)]
    facts = {row[0]: Fact(*row) for row in fact[fact_columns].itertuples(index=False, name=None)}
    sources = {row[0]: Source(*row) for row in source[source_columns].itertuples(index=False, name=None)}
    rows: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(zip(value["table_name"], value["row_id"], strict=True)):
        rows.setdefault(key, []).append(place)
    positions = {key: tuple(places) for key, places in rows.items()}
    proxies = (MappingProxyType(facts), MappingProxyType(sources), MappingProxyType(positions))
    return FactBook(fact, source, value, *proxies)


def read_facts() -> FactBook:
    """The bundled facts.

    Returns
    -------
    FactBook
        Read anew on each call; keep it when it is needed often.

    Raises
    ------
    DataError
        When a bundled file does not follow the dictionary.

    Examples
    --------
    >>> book = read_facts()
    >>> book.find_fact("segments-0047").value
    '153'
    """
    return make_book(
        _read_table("fact", "facts/fact.csv"),
        _read_table("source", "facts/source.csv"),
        _read_table("value", "tables/value.csv"),
    )
