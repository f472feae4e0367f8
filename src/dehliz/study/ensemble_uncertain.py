"""``[[uncertain]]`` of a study file: a number that is not known, what it scales, and how it is distributed.

The file before is ``study/distributions.py``, the next one ``study/ensemble_settings.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dehliz.base.errors import Issue, quote, suggest
from dehliz.base.schema import list_tables, read_spec
from dehliz.base.sheet import Rule
from dehliz.study.designs import DESIGNS
from dehliz.study.distributions import FORMS, find_faults

FACTORS: Final = ("demand", "value_of_time")
"""Things that a factor may scale by name."""
FACTORS_OF: Final = ("rate", "duration")
"""Things of a kind of hazard that a factor may scale: ``rate:storm``."""

_PLACE: Final = ("table", "column", "ids")

ENSEMBLE_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "ensemble.file.readable",
            "A study is a readable TOML file in UTF-8",
            "Correct the path or the line",
        ),
        Rule("ensemble.key.known", "Only known keys are read", "Correct or remove the key"),
        Rule("ensemble.key.present", "A study needs it", "Add it"),
        Rule("ensemble.value.type", "A value of the right type is needed", "Correct the value"),
        Rule("ensemble.value.bounds", "A number within bounds is needed", "Correct the value"),
        Rule(
            "ensemble.name.form",
            "It names a folder: up to 60 letters, digits, - _ and . are needed, no sign first",
            "Shorten or change it",
        ),
        Rule("ensemble.job.known", "A known kind of job is needed", "Choose one of them"),
        Rule("ensemble.design.known", f"One of: {', '.join(DESIGNS)}", "Choose one of them"),
        Rule("ensemble.uncertain.form", f"One of: {', '.join(FORMS)}", "Choose one of them"),
        Rule(
            "ensemble.uncertain.numbers",
            "A distribution that can be drawn from is needed",
            "Correct the numbers",
        ),
        Rule(
            "ensemble.uncertain.target",
            "Either target, or table and column, perhaps with ids",
            "Write one of them",
        ),
        Rule("ensemble.uncertain.unique", "Each uncertain number has its own name", "Rename one of them"),
    )
}
"""Rules for study files of ensembles."""


def say(what: str, place: str, found: str, expected: str = "", remedy: str = "") -> Issue:
    """A fault of a study file, in the words of its rule where there are no better ones."""
    rule = ENSEMBLE_RULES[f"ensemble.{what}"]
    return Issue(rule.name, place, (), found, expected or rule.expected, remedy or rule.remedy)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A number that is not known; what it is drawn as multiplies what it belongs to.

    Attributes
    ----------
    name : str
        Its name in results.
    form : str
        Distribution, one of ``FORMS``.
    parameters : dict of str to number or list
        Keys of the distribution.
    target : str
        What is multiplied, by name: ``demand``, ``value_of_time``, ``rate:KIND`` or ``duration:KIND``; empty when a
        column is.
    table, column : str
        Column that is multiplied, as by ``do = "scale"`` in a scenario.
    ids : tuple of str
        Rows; all that hold a number when empty.
    """

    name: str
    form: str
    parameters: dict[str, Any]
    target: str = ""
    table: str = ""
    column: str = ""
    ids: tuple[str, ...] = ()


def write_uncertain(one: Uncertain) -> dict[str, Any]:
    """The number as JSON can hold it, which is what ``study/designs.py`` takes."""
    return {
        "name": one.name,
        "form": one.form,
        "parameters": dict(one.parameters),
        "target": one.target,
        "table": one.table,
        "column": one.column,
        "ids": list(one.ids),
    }


def read_uncertain(entries: Any, file: str, issues: list[Issue]) -> tuple[Uncertain, ...]:
    """The uncertain numbers of a file; faults become issues.

    Parameters
    ----------
    entries : object
        What stands under ``uncertain``.
    file : str
        Name of the file.
    issues : list of Issue
        Where faults go.
    """
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        issues.append(
            say("value.type", f"{file}, key uncertain", "no list of tables", "Tables are needed",
                 "Write [[uncertain]] before each")
        )  # fmt: skip
        return ()
    found = []
    names: set[str] = set()
    for number, entry in enumerate(entries, 1):
        place = f"{file}, uncertain {number}"
        one = _read(entry, place, issues)
        if one is None:
            continue
        if one.name in names:
            issues.append(
                say("uncertain.unique", place, f"a second number is called {quote(one.name)}",
                     "Each has its own name", "Rename one of them")
            )  # fmt: skip
        names.add(one.name)
        found.append(one)
    return tuple(found)


def _read(entry: Mapping[str, Any], place: str, issues: list[Issue]) -> Uncertain | None:
    before = len(issues)
    form = entry.get("form")
    if not isinstance(form, str) or form not in FORMS:
        word = quote(form) if isinstance(form, str) else "no text"
        hint = suggest(form, list(FORMS)) if isinstance(form, str) else ""
        issues.append(
            say("uncertain.form", f"{place}, key form", f"{word} was found", f"One of: {', '.join(FORMS)}",
                 hint or "Choose one of them")
        )  # fmt: skip
        return None
    keys = FORMS[form]
    known = ("name", "form", "target", *_PLACE, *keys.needed, *keys.optional)
    for key in entry:
        if key not in known:
            hint = suggest(key, known) or f"Keys of a {form} number are {', '.join(known)}"
            issues.append(
                say("key.known", place, f"unknown key {quote(key)}", "Only known keys are read", hint)
            )
    issues += [
        say("key.present", place, f"no key '{key}'", f"A {form} number needs it", "Add it")
        for key in ("name", *keys.needed) if key not in entry
    ]  # fmt: skip
    issues += [
        say("value.type", f"{place}, key {key}", "no text", "Text in quotes is needed", "Correct the value")
        for key in ("name", "target", "table", "column")
        if not isinstance(entry.get(key, "x"), str) or entry.get(key, "x") == ""
    ]
    if len(issues) > before:
        return None
    parameters = {key: entry[key] for key in (*keys.needed, *keys.optional) if key in entry}
    issues += [
        say(
            "uncertain.numbers",
            place,
            fault,
            f"A {form} number can be drawn only then",
            "Correct the numbers",
        )
        for fault in find_faults(form, parameters)
    ]
    issues += _check_target(entry, place)
    if len(issues) > before:
        return None
    return Uncertain(
        entry["name"], form, parameters, entry.get("target", ""), entry.get("table", ""), entry.get("column", ""),
        tuple(entry.get("ids", ())),
    )  # fmt: skip


def _check_target(entry: Mapping[str, Any], place: str) -> list[Issue]:
    """A number scales either something by name or a column of a table."""
    has_place = [key for key in _PLACE if key in entry]
    if ("target" in entry) == bool(has_place):
        return [
            say("uncertain.target", place, "it names both" if has_place else "it names nothing that is multiplied",
                 "Either target, or table and column, perhaps with ids", "Write one of them")
        ]  # fmt: skip
    if not has_place:
        return _check_name(entry["target"], place)
    missing = [key for key in ("table", "column") if key not in entry]
    if missing:
        return [say("key.present", place, f"no key '{missing[0]}'", "Table and column go together", "Add it")]
    return [*_check_column(entry["table"], entry["column"], place), *_check_ids(entry.get("ids", []), place)]


def _check_name(target: str, place: str) -> list[Issue]:
    head, _, kind = target.partition(":")
    if target in FACTORS or (head in FACTORS_OF and kind):
        return []
    words = [*FACTORS, *(f"{one}:KIND" for one in FACTORS_OF)]
    hint = suggest(head, [*FACTORS, *FACTORS_OF]) or "Choose one of them"
    return [
        say("uncertain.target", f"{place}, key target", f"{quote(target)} was found", f"One of: {', '.join(words)}",
             hint)
    ]  # fmt: skip


def _check_column(table: str, column: str, place: str) -> list[Issue]:
    inputs = [name for name in list_tables() if any(one.role == "input" for one in read_spec(name).columns)]
    if table not in inputs:
        hint = suggest(table, inputs) or "Choose a table of the data dictionary"
        return [
            say("uncertain.target", f"{place}, key table", f"{quote(table)} was found",
                 "A table of a network is needed", hint)
        ]  # fmt: skip
    numbers = [one.name for one in read_spec(table).columns if one.type in ("int", "float")]
    if column in numbers:
        return []
    hint = suggest(column, numbers) or f"Numbers of {table} are {', '.join(numbers)}"
    return [
        say("uncertain.target", f"{place}, key column", f"{quote(column)} was found",
             f"A column of numbers in {table} is needed", hint)
    ]  # fmt: skip


def _check_ids(ids: Any, place: str) -> list[Issue]:
    if isinstance(ids, list) and all(isinstance(one, str) for one in ids):
        return []
    return [
        say(
            "value.type",
            f"{place}, key ids",
            "no list of texts",
            "A list of ids is needed",
            "Correct the value",
        )
    ]
