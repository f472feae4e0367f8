"""``reference/study.md`` and ``reference/scenario.md``: keys of the two kinds of TOML files, from their dataclasses."""

from dataclasses import MISSING, Field, fields
from typing import Any

from dehliz.network.changes import KINDS, Event
from dehliz.routing.compare import Best
from dehliz.study.distributions import FORMS
from dehliz.study.ensemble_settings import EnsembleSettings
from dehliz.study.ensemble_uncertain import Uncertain
from dehliz.study.settings import CompareSettings, ScenarioSettings, ShipmentSettings, StudySettings
from tools.docs.markdown import HEAD, code, sentence, table
from tools.docs.numpydoc import describe_fields, read_doc, to_markdown

_STUDY = """# Study files

A study file says which places are compared, for which shipment, in which year and in which scenarios. It is a TOML file
in UTF-8. `dehliz run STUDY.toml` reads it. An unknown key is an error, and the message names the nearest known one.

"""

_STUDY_EXAMPLE = """## Example

This is `examples/study.toml`:

```toml
{example}```
"""

_ENSEMBLE = """# Studies of many runs

A study of many runs says what a run is, how many there are, and which numbers are not known. It is a TOML file in
UTF-8. `dehliz ensemble STUDY.toml` reads it. An unknown key is an error, and the message names the nearest known one.

At the top stand `name`, which the folder is called when you give none, and perhaps `title`. The kind of job may read
tables of its own: `trial`, which draws numbers that mean nothing and is there to try the machinery, reads `[trial]`
with `rows`, `pause_s`, and lists `fails` and `dies` of runs that go wrong.

"""

_UNCERTAIN = """## [[uncertain]]

A number that is not known. In each run it is drawn anew and multiplies what it belongs to.

| key | value | needed | when left out | meaning |
| --- | --- | --- | --- | --- |
| `form` | text | yes |  | Distribution, with keys of its own: see below. |
"""

_FORMS = """## Distributions

`at_least` and `at_most` cut a distribution off; what is left is drawn in proportion. `log_sd` is the standard deviation
of the natural logarithm. Values of `discrete` are equally likely without `weights`.

"""

_SCENARIO = """# Scenario files

A scenario file is a list of changes to a network and its demand. It is a TOML file in UTF-8. Commands take it with
`--scenario`, and studies with `file`.

| key | value | needed | meaning |
| --- | --- | --- | --- |
| `name` | text | yes | What people call the scenario. |
| `description` | text |  | Why, in a sentence. |
| `[event]` | table |  | When it happened or is to happen. |
| `[[change]]` | table | yes | One change; may be repeated. |

Each change has the key `do`, which says what is done, and the keys below. Changes are made in their order. All changes
are looked up before any is made, and all faults are told together. A change that changes nothing is an error, because
it is nearly always a slip. The network that you change stays as it is: a scenario makes a copy.

Commands take demand, capacity and background as they are: they leave out changes of these, and say so. From Python,
`apply_all` makes them.

"""

_TYPES = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "Path": "path",
    "str | int | float | bool": "text, number, true or false",
    "float | None": "number",
    "date": "date",
    "datetime.date | None": "date",
    "tuple[str, ...]": "list of ids",
    "tuple[tuple[str, str], ...]": "list of pairs of places",
}


def make_study_page() -> str:
    """The page on study files."""
    parts = [HEAD + _STUDY]
    for title, kind, text in (
        ("Top of the file", StudySettings, ""),
        ("[shipment]", ShipmentSettings, "May be left out: then one 40-foot box is moved."),
        ("[compare]", CompareSettings, ""),
        ("[[scenario]]", ScenarioSettings, "May be left out: then only the network as it is, the baseline."),
    ):
        skipped = ("path", "compare", "shipment", "scenario") if kind is StudySettings else ()
        parts.append(f"## {title}\n\n{text}\n\n".replace("\n\n\n\n", "\n\n") + _keys(kind, skipped))
    words = ", ".join(code(item.value) for item in Best)
    parts.append(f"`best` is one of {words}.\n")
    from tools.docs.__main__ import DOCS

    example = (DOCS.parent / "examples" / "study.toml").read_text(encoding="utf-8")
    parts.append(_STUDY_EXAMPLE.format(example=example))
    return "\n".join(parts)


def make_ensemble_page() -> str:
    """The page on studies of many runs."""
    parts = [HEAD + _ENSEMBLE]
    parts.append("## [ensemble]\n\n" + _keys(EnsembleSettings, ()))
    # The form comes in words of its own; what is left of the table goes on below it.
    parts.append(_UNCERTAIN + _keys(Uncertain, ("form", "parameters")).partition("\n")[2].partition("\n")[2])
    rows = [
        (
            code(name),
            ", ".join(code(key) for key in form.needed),
            ", ".join(code(key) for key in form.optional),
        )
        for name, form in FORMS.items()
    ]
    parts.append(_FORMS + table(("form", "keys it needs", "keys it may have"), rows))
    from tools.docs.__main__ import DOCS

    example = (DOCS.parent / "examples" / "ensemble.toml").read_text(encoding="utf-8")
    parts.append(f"## Example\n\nThis is `examples/ensemble.toml`:\n\n```toml\n{example}```\n")
    return "\n".join(parts)


def make_scenario_page() -> str:
    """The page on scenario files."""
    parts = [HEAD + _SCENARIO]
    for word, kind in KINDS.items():
        summary = to_markdown(read_doc(kind).summary)
        parts.append(f'## do = "{word}"\n\n{sentence(summary)}\n\n' + _keys(kind, ()))
    summary = to_markdown(read_doc(Event).summary)
    parts.append(f"## [event]\n\n{sentence(summary)}\n\n" + _keys(Event, ()))
    from tools.docs.__main__ import DOCS

    example = (DOCS.parent / "examples" / "fast_line.toml").read_text(encoding="utf-8")
    parts.append(f"## Example\n\nThis is `examples/fast_line.toml`:\n\n```toml\n{example}```\n")
    return "\n".join(parts)


def _keys(kind: type, skipped: tuple[str, ...]) -> str:
    meaning = describe_fields(kind)
    rows = [
        (
            code(item.name),
            _type(item),
            "yes" if _is_needed(item) else "",
            _default(item),
            sentence(to_markdown(meaning.get(item.name, ""))),
        )
        for item in fields(kind)
        if item.name not in skipped
    ]
    return table(("key", "value", "needed", "when left out", "meaning"), rows)


def _type(item: "Field[Any]") -> str:
    if str(item.type).startswith("tuple[tuple[tuple["):
        return "list of rows"
    name = item.type if isinstance(item.type, str) else getattr(item.type, "__name__", "")
    return _TYPES.get(str(item.type), _TYPES.get(name, name))


def _is_needed(item: "Field[Any]") -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _default(item: "Field[Any]") -> str:
    if item.default is MISSING or item.default in ("", 0.0, (), None):
        return ""
    value = item.default
    return ", ".join(code(text) for text in value) if isinstance(value, tuple) else code(value)
