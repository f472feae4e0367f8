"""``reference/python.md``: the public names of ``import dehliz``, from their docstrings."""

import inspect
from collections.abc import Callable
from typing import Any

import dehliz
from dehliz.eurasia.explanation import Explanation
from dehliz.graph.shipment import Shipment
from dehliz.network.changes import Scenario
from dehliz.network.network import Network
from dehliz.network.scenario import Applied
from dehliz.report.figure import Figure
from dehliz.routing.ask import Answer
from dehliz.routing.planner import Planner
from dehliz.study.run import Made
from dehliz.validation.compare import Validation
from tools.docs.markdown import HEAD, code, sentence, table
from tools.docs.numpydoc import Doc, Entry, read_doc, to_markdown

_TOP = """# Python

```python
import dehliz as dz
```

Names are loaded when they are first used, so the import itself is fast. All functions take and return values: nothing
that you pass in is changed. Errors are `DehlizError` and its kinds; their text is what the command line prints.

"""

TYPES = (Network, Shipment, Answer, Planner, Figure, Scenario, Applied, Validation, Made, Explanation)
"""Types that the public functions take or return."""


def list_names() -> list[str]:
    """Public names in the order of the page."""
    return [name for name in dehliz.__all__ if name != "__version__"]


def make_page() -> str:
    """The page."""
    names = list_names()
    rows = [(f"[`{name}`](#{name})", sentence(_first_line(getattr(dehliz, name)))) for name in names]
    parts = [HEAD + _TOP, "## Functions\n\n" + table(("name", "what it gives"), rows)]
    parts.append("`dehliz.__version__` is the version as text.\n")
    parts += [_describe_function(name, getattr(dehliz, name)) for name in names]
    parts.append("## Types\n")
    parts += [_describe_type(kind) for kind in TYPES]
    return "\n".join(parts)


def _first_line(thing: object) -> str:
    return to_markdown(read_doc(thing).summary.splitlines()[0])


def _describe_function(name: str, function: Callable[..., Any]) -> str:
    doc = read_doc(function)
    text = f"### {name}\n\n{_signature(name, function)}\n{to_markdown(doc.summary)}\n"
    for section, title in (("Parameters", "parameter"), ("Returns", "returns"), ("Raises", "raises")):
        text += _section(doc, section, title)
    return text + (f"\n{to_markdown(doc.notes)}\n" if doc.notes else "")


def _signature(name: str, function: Callable[..., Any]) -> str:
    lines = [f"    {_parameter(item)}," for item in inspect.signature(function).parameters.values()]
    if any(item.kind is item.KEYWORD_ONLY for item in inspect.signature(function).parameters.values()):
        first = next(
            number
            for number, item in enumerate(inspect.signature(function).parameters.values())
            if item.kind is item.KEYWORD_ONLY
        )
        lines.insert(first, "    *,")
    body = "\n".join(lines)
    return f"```text\ndehliz.{name}(\n{body}\n)\n```\n" if lines else f"```text\ndehliz.{name}()\n```\n"


def _parameter(item: inspect.Parameter) -> str:
    if item.default is item.empty:
        return item.name
    default = item.default.value if hasattr(item.default, "value") else item.default
    # The repr of a function holds an address, which differs each time.
    return f"{item.name}={getattr(default, '__name__', None) or repr(default)}"


def _section(doc: Doc, section: str, title: str) -> str:
    entries = doc.entries.get(section, [])
    if not entries:
        return ""
    if section == "Parameters":
        rows = [(code(entry.name), to_markdown(entry.type), _say(entry)) for entry in entries]
        return "\n" + table((title, "type", "meaning"), rows)
    return "\n" + table((title, "meaning"), [(code(entry.name), _say(entry)) for entry in entries])


def _say(entry: Entry) -> str:
    return sentence(to_markdown(entry.text))


def _describe_type(kind: type) -> str:
    doc = read_doc(kind)
    text = f"### {kind.__name__}\n\n{to_markdown(doc.summary)}\n"
    rows = [
        (code(entry.name), to_markdown(entry.type), _say(entry))
        for entry in doc.entries.get("Attributes", [])
    ]
    rows += [(code(name), what, sentence(text)) for name, what, text in _members(kind)]
    return text + ("\n" + table(("name", "type", "meaning"), rows) if rows else "")


def _members(kind: type) -> list[tuple[str, str, str]]:
    found = []
    for name, value in vars(kind).items():
        if name.startswith("_") or not (isinstance(value, property) or inspect.isfunction(value)):
            continue
        first = to_markdown((inspect.getdoc(value) or "").splitlines()[0] if inspect.getdoc(value) else "")
        is_function = inspect.isfunction(value)
        found.append((f"{name}()" if is_function else name, "method" if is_function else "", first))
    return found
