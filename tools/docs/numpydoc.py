"""Reads docstrings of the numpy style into their parts: the house writes all of them that way."""

import inspect
from dataclasses import dataclass, field

SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Notes", "References", "Examples")


@dataclass(frozen=True, slots=True)
class Entry:
    """A named thing of a section: its type and its meaning."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Doc:
    """A docstring in parts.

    Attributes
    ----------
    summary : str
        All before the first section, as paragraphs.
    entries : dict of str to list of Entry
        Sections of named things.
    notes : str
        Text of the section Notes.
    """

    summary: str
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    notes: str = ""


def read_doc(thing: object) -> Doc:
    """The docstring of a function or class in parts; empty when it has none."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    starts = [
        number
        for number in range(len(lines) - 1)
        if lines[number] in SECTIONS and set(lines[number + 1]) == {"-"}
    ]
    summary = "\n".join(lines[: starts[0]] if starts else lines).strip()
    entries: dict[str, list[Entry]] = {}
    notes = ""
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        body = lines[start + 2 : end]
        if lines[start] == "Notes":
            notes = "\n".join(body).strip()
        elif lines[start] in ("Parameters", "Attributes", "Returns", "Raises"):
            entries[lines[start]] = _read_entries(body)
    return Doc(summary, entries, notes)


def _read_entries(lines: list[str]) -> list[Entry]:
    entries: list[Entry] = []
    texts: list[str] = []
    head = ""
    for line in [*lines, ""]:
        if line and not line.startswith(" "):
            if head:
                entries.append(_make_entry(head, texts))
            head, texts = line, []
        else:
            texts.append(line.strip())
    if head:
        entries.append(_make_entry(head, texts))
    return entries


def _make_entry(head: str, texts: list[str]) -> Entry:
    name, _, kind = head.partition(" : ")
    return Entry(name.strip(), kind.strip(), " ".join(text for text in texts if text))


def describe_fields(kind: type) -> dict[str, str]:
    """Meaning of each attribute of a class by name; entries such as ``a, b`` count for both."""
    found: dict[str, str] = {}
    for entry in read_doc(kind).entries.get("Attributes", []):
        for name in entry.name.split(","):
            found[name.strip()] = entry.text
    return found


def to_markdown(text: str) -> str:
    """Docstring text as Markdown: double backticks become single ones."""
    return text.replace("``", "`")
