"""``reference/rules.md``: every rule that input must follow, from ``Rule`` objects and ``Issue`` calls in the code."""

import ast
import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dehliz
from dehliz.base.sheet import Rule
from dehliz.network.rule import Check
from tools.docs.markdown import HEAD, code, sentence, table

PACKAGE = Path(dehliz.__file__).parent

_TOP = """# Rules and their messages

Dehliz collects all faults of the input and tells them together. Each fault says where, what was found, what is needed,
what to do, and which rule is broken:

```text
link.csv, column length_km (xa_west_gate in row 3): -300. A number above 0 is needed. ... (rule link.length_km.bounds)
```

This page lists the rules by that name. A `*` stands for any table or column; `...` stands for a word of your input.

"""

_GROUPS = (
    ("Columns of any table", ("*.*.",)),
    ("Files", ("*.file.", "*.table.", "package.", "network.")),
    ("GMNS folders", ("gmns_",)),
    ("Test networks", ("tntp_", "*.metadata.")),
    ("Demand of your own", ("demand.",)),
    ("Studies", ("study.",)),
    ("Studies of many runs", ("ensemble.",)),
    ("Scenarios", ("scenario.",)),
    ("Questions and pictures", ("question.", "shipment.", "compare.", "corridor.gateway.", "plot.")),
    ("Systems to simulate", ("system.",)),
    ("Hazards", ("hazard.",)),
    ("Tables of a network", ("",)),
)
"""Titles, and how the names below each begin; the last one takes what is left."""


@dataclass(frozen=True, slots=True)
class Told:
    """A rule as the page tells it."""

    name: str
    expected: str
    remedy: str


def list_rules() -> list[Told]:
    """All rules, each name once, sorted by name."""
    found: dict[str, Told] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name in ("kernels", "cli"):
            continue
        for told in (*_from_objects(path), *_from_calls(path)):
            found[told.name] = _join(found.get(told.name, told), told)
    return [found[name] for name in sorted(found)]


def _join(one: Told, other: Told) -> Told:
    """One rule that is told in several places: words that differ are left to the message."""
    expected = one.expected if one.expected == other.expected else "..."
    return Told(one.name, expected, one.remedy if one.remedy == other.remedy else "...")


def _from_objects(path: Path) -> Iterator[Told]:
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for key, value in list(vars(importlib.import_module(name)).items()):
        for rule in _find_rules(value):
            if key.startswith("_") and rule.name.startswith("*.*."):
                continue  # a file's own words for a rule of any table
            yield Told(rule.name, rule.expected, rule.remedy)


def _find_rules(value: object) -> Iterator[Rule]:
    if isinstance(value, Rule):
        yield value
    elif isinstance(value, Check):
        yield value.rule
    elif isinstance(value, dict):
        yield from _find_in(value.values())
    elif isinstance(value, tuple | list):
        yield from _find_in(value)


def _find_in(values: Iterable[object]) -> Iterator[Rule]:
    for value in values:
        if isinstance(value, Rule):
            yield value
        elif isinstance(value, Check):
            yield value.rule


def _from_calls(path: Path) -> Iterator[Told]:
    """Rules that are written where the issue is made: ``Issue("study.key.known", ...)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Issue"):
            continue
        words = {item.arg: item.value for item in node.keywords if item.arg}
        words |= dict(zip(("rule", "place", "ids", "found", "expected", "remedy"), node.args, strict=False))
        name = _read_text(words.get("rule"), "*")
        if name.count(".") >= 1 and not name.startswith("*.table"):
            expected, remedy = (_read_text(words.get(key), "...") for key in ("expected", "remedy"))
            yield Told(name, expected, remedy)


def _read_text(node: ast.expr | None, unknown: str) -> str:
    """Text of an expression, with ``unknown`` for what is only known when it runs."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_read_text(part, unknown) for part in node.values)
    return unknown


def make_page() -> str:
    """The page."""
    left = list_rules()
    parts = [HEAD + _TOP]
    for title, starts in _GROUPS:
        mine = [rule for rule in left if rule.name.startswith(starts)]
        left = [rule for rule in left if rule not in mine]
        rows = [(code(rule.name), _say(rule.expected), _say(rule.remedy)) for rule in mine]
        parts.append(f"## {title}\n\n" + table(("rule", "what is needed", "what to do"), rows))
    return "\n".join(parts)


def _say(text: str) -> str:
    return "as the message says" if text.strip(" .") == "" else sentence(text)
