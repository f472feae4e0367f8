"""Brings the raw facts of ``raw_facts/`` and ``facts_added/`` into the tables ``fact`` and ``source``.

A fact's identifier is its collection and the raw row's number, counted from 1: ``segments-0001``; further
values of the same row carry a suffix, ``segments-0001.capacity`` (see ``topic.py``). Publishers are
classified by ``curated/publisher.csv`` and terms of use by ``curated/licence.csv``; unknown ones are errors.
``__main__.py`` calls ``build_facts`` first, then hands the fact table to the other parts.
"""

import csv
import hashlib
import math
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from tools.build_eurasia.quantity import Quantity, join_range, parse_quantity
from tools.build_eurasia.topic import TOPIC, Reading, Topic, add_cells

HERE = Path(__file__).parent
ADDRESS = re.compile(r"https?://[^\s]+")
UNSOURCED = "General knowledge, unsourced"
UNSOURCED_PHRASE = "general knowledge, unsourced"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the table ``fact``; meanings of the columns are in the dictionary."""

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


@dataclass(frozen=True, slots=True)
class Source:
    """One row of the table ``source``; meanings of the columns are in the dictionary."""

    source_id: str
    publisher: str
    url: str
    kind: str
    cited: str
    cited_kind: str
    licence_note: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """How a source phrase is read: who published it, and whom it quotes."""

    publisher: str
    kind: str
    cited: str
    cited_kind: str


class Library:
    """Publishers, licence notes, and the sources met so far."""

    def __init__(self, folder: Path) -> None:
        self.publishers = {
            row["phrase"]: Publisher(row["publisher"], row["kind"], row["cited"], row["cited_kind"])
            for row in read_rows(folder / "publisher.csv")
        }
        self.licences = {
            (row["kind"], row["publisher"]): row["licence_note"] for row in read_rows(folder / "licence.csv")
        }
        self.sources: dict[str, Source] = {}

    def add_phrase(self, text: str) -> Source:
        """The source that a raw cell names, such as ``Trend citing KTZ https://… ; Report https://…``."""
        names, addresses = split_source(text)
        found = [self.publishers[name] for name in names]
        first = found[0]
        name = "; ".join(dict.fromkeys(entry.publisher for entry in found))
        return self._add(
            Publisher(name, first.kind, first.cited, first.cited_kind), first.publisher, " ".join(addresses)
        )

    def add_named(self, publisher: str, kind: str, address: str, licence_note: str) -> Source:
        """The source of an added fact, which names publisher, kind and terms itself."""
        entry = Publisher(publisher or UNSOURCED, kind or "none", "", "")
        return self._add(entry, entry.publisher, address, licence_note)

    def _add(self, entry: Publisher, first: str, address: str, licence_note: str = "") -> Source:
        note = licence_note or self.licences.get((entry.kind, first)) or self.licences[(entry.kind, "")]
        identity = "|".join((entry.publisher, entry.cited, address))
        source_id = f"{make_slug(first)}-{hashlib.sha256(identity.encode()).hexdigest()[:6]}"
        if entry.kind == "none":
            source_id = "none"
        source = Source(source_id, entry.publisher, address, entry.kind, entry.cited, entry.cited_kind, note)
        return self.sources.setdefault(source_id, source)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file as text, with empty text for missing cells."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(file)]


def split_source(text: str) -> tuple[list[str], list[str]]:
    """Publisher phrases and addresses of a raw source cell, in order."""
    names, addresses = [], []
    for part in re.split(r"\s+;\s+", text):
        addresses += [address.rstrip(",);") for address in ADDRESS.findall(part)]
        name = ADDRESS.split(part)[0].strip().rstrip("(,").strip()
        if name or not text:
            names.append(name or UNSOURCED_PHRASE)
    return names, addresses


def make_slug(text: str, longest: int = 28) -> str:
    """Lower-case letters and digits joined by hyphens, cut at a word."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words: list[str] = re.findall(r"[a-z0-9]+", plain)
    slug = words[0][:longest]
    for word in words[1:]:
        if len(slug) + 1 + len(word) > longest:
            break
        slug += "-" + word
    return slug


def _fill(template: str, cells: dict[str, str]) -> str:
    text: str = template.format_map(cells)
    return " ".join(text.split())


def _read(reading: Reading, cells: dict[str, str]) -> tuple[Quantity, str]:
    value, low, high = (_fill(part, cells) for part in (reading.value, reading.low, reading.high))
    unit = _fill(reading.unit, cells)
    if low or high:
        return join_range(low, high, value), unit
    return parse_quantity(value, unit), unit


def _write_note(topic: Topic, cells: dict[str, str]) -> str:
    extra = [f"{column.replace('_', ' ')}: {cells[column]}" for column in topic.extra if cells[column]]
    return "; ".join([part for part in (cells["note"], *extra) if part])


def read_topic(name: str, rows: list[dict[str, str]], library: Library) -> list[Fact]:
    """All facts of one raw collection.

    Parameters
    ----------
    name : str
        Its name, a key of ``TOPIC``.
    rows : list of dict
        Raw rows in the file's order; their position is part of the identifier.
    library : Library
        Gets the sources that the rows name.
    """
    topic = TOPIC[name]
    return [
        fact for number, row in enumerate(rows, 1) for fact in _read_row(name, topic, number, row, library)
    ]


def _read_row(name: str, topic: Topic, number: int, row: dict[str, str], library: Library) -> list[Fact]:
    cells = add_cells(name, row)
    source = library.add_phrase(row["source"])
    confidence = row["confidence"] or "low"
    found = [(reading, *_read(reading, cells)) for reading in topic.readings]
    held = [entry for entry in found if entry[1].text] or found[:1]
    return [
        Fact(
            fact_id=f"{name}-{number:04d}" + (f".{reading.suffix}" if place else ""),
            topic=name,
            entity=", ".join(part for part in (_fill(text, cells) for text in topic.entity) if part),
            metric=_fill(reading.metric, cells),
            value=quantity.text,
            value_low=quantity.low,
            value_high=quantity.high,
            value_mean=quantity.mean,
            unit=unit if quantity.text and unit != "text" else "",
            year=_fill(topic.year, cells),
            source_id=source.source_id,
            source_date=row["source_date"],
            confidence=confidence,
            is_assumption=source.kind == "none" or confidence == "low",
            note=_write_note(topic, cells),
        )
        for place, (reading, quantity, unit) in enumerate(held)
    ]


def read_added(stem: str, rows: list[dict[str, str]], library: Library) -> list[Fact]:
    """Facts added since, from a file whose columns are already one value a row."""
    facts = []
    for number, row in enumerate(rows, 1):
        source = library.add_named(row["publisher"], row["kind"], row["url"], row["licence_note"])
        quantity = parse_quantity(row["value"], row["unit"])
        facts.append(
            Fact(
                fact_id=f"{stem}-{number:04d}",
                topic=stem,
                entity=row["entity"],
                metric=row["metric"],
                value=quantity.text,
                value_low=quantity.low,
                value_high=quantity.high,
                value_mean=quantity.mean,
                unit=row["unit"],
                year=row["year"],
                source_id=source.source_id,
                source_date=row["source_date"],
                confidence=row["confidence"] or "low",
                is_assumption=source.kind == "none" or row["confidence"] in {"low", ""},
                note=row["note"],
            )
        )
    return facts


def build_facts(folder: Path = HERE) -> dict[str, pd.DataFrame]:
    """The tables ``fact`` and ``source``.

    Parameters
    ----------
    folder : Path
        Holds ``raw_facts``, ``facts_added`` and ``curated``.

    Returns
    -------
    dict of str to DataFrame
        Keys ``fact`` and ``source``, rows in the order of their identifiers.

    Raises
    ------
    KeyError
        When a source phrase is not in ``curated/publisher.csv``.
    ValueError
        When a file of added facts has a name that does not end in ``_added``.
    """
    library = Library(folder / "curated")
    facts: list[Fact] = []
    for path in sorted((folder / "raw_facts").glob("*.csv")):
        facts += read_topic(path.stem, read_rows(path), library)
    for path in sorted((folder / "facts_added").glob("*.csv")):
        if not path.stem.endswith("_added"):
            raise ValueError(f"{path.name}: the name of a file of added facts ends in _added.csv")
        facts += read_added(path.stem, read_rows(path), library)
    used = {fact.source_id for fact in facts}
    sources = [asdict(source) for source in library.sources.values() if source.source_id in used]
    return {
        "fact": pd.DataFrame([asdict(fact) for fact in facts]).sort_values("fact_id", ignore_index=True),
        "source": pd.DataFrame(sources).sort_values("source_id", ignore_index=True),
    }


def find_fact_value(facts: pd.DataFrame, fact_id: str) -> float:
    """The number of one fact.

    Raises
    ------
    KeyError
        When there is no such fact, or it is not a number.
    """
    found = facts.loc[facts["fact_id"] == fact_id, "value_mean"]
    if found.empty or math.isnan(found.iloc[0]):
        raise KeyError(fact_id)
    return float(found.iloc[0])
