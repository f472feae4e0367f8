"""``reference/commands.md``: every command with its arguments and options, from the functions behind them.

Reads what the functions are annotated with, so that it does not depend on what Typer makes of them.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from dehliz.cli.main import app
from tools.docs.markdown import HEAD, code, sentence, table

_TOP = """# Commands

What you can type after `dehliz`. `dehliz COMMAND --help` shows the same on the screen.

Every command that answers a question has `--json`: then standard output holds one JSON document and nothing else.
Its keys are the column names of the [data dictionary](dictionary.md). Progress and notes go to standard error.

## Exit codes

| code | meaning |
| --- | --- |
| 0 | done |
| 1 | the program failed: a bug, please report it |
| 2 | the input is wrong: the message says where, what was found, what is needed and what to do |
| 3 | done, but there is no way, or the answer is not complete; the first line says which |
| 130 | stopped by you |

Without `--debug` an error is one message. With `--debug` before the name of the command you see where in the program
it arose: `dehliz --debug routes ...`.

## Environment

| variable | meaning |
| --- | --- |
| `DEHLIZ_JIT` | how kernels run: `auto` (compiled when the work is large), `on`, `off`, `bounds` (for tests) |
| `DEHLIZ_CACHE_DIR` | folder of the compiled kernels |

`dehliz --install-completion` makes your shell complete commands and options; `--show-completion` shows what it would
install. `-h` and `--help` show the help of a command.
"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or an option of a command.

    Attributes
    ----------
    names : tuple of str
        ``--json``, or the name of an argument in capitals.
    kind : str
        What is to be given; empty for a switch.
    is_option, is_needed, is_many : bool
        What it is.
    default, help : str
        For people.
    """

    names: tuple[str, ...]
    kind: str
    is_option: bool
    is_needed: bool
    is_many: bool
    default: str
    help: str


_KINDS = {str: "text", int: "whole number", float: "number", Path: "path"}


def list_commands() -> list[tuple[str, Callable[..., Any]]]:
    """Every command by its full name with its function, in the order of ``dehliz --help``; groups are left out."""
    return list(_walk(app, ""))


def _walk(group: typer.Typer, lead: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for command in group.registered_commands:
        if command.callback is not None and not command.hidden:
            yield f"{lead} {command.name}".strip(), command.callback
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from _walk(inner.typer_instance, f"{lead} {inner.name}".strip())


def list_parameters(function: Callable[..., Any]) -> list[Parameter]:
    """Arguments and options of a command in their order."""
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    return [_read_parameter(name, hints[name], item) for name, item in signature.parameters.items()]


def _read_parameter(name: str, hint: Any, item: inspect.Parameter) -> Parameter:
    kind, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    told = next(extra for extra in extras if isinstance(extra, ArgumentInfo | OptionInfo))
    if get_origin(kind) in (Union, UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    is_option = isinstance(told, OptionInfo)
    is_needed = item.default is inspect.Parameter.empty
    is_many = get_origin(kind) is list
    names = _list_names(told) if is_option else (name.upper(),)
    is_shown = not is_needed and not isinstance(item.default, bool) and item.default is not None
    return Parameter(
        names=names or ("--" + name.rstrip("_").replace("_", "-"),),
        kind="" if kind is bool else _tell_kind(kind, told),
        is_option=is_option,
        is_needed=is_needed,
        is_many=is_many,
        default=str(item.default) if is_shown else "",
        help=sentence(told.help or ""),
    )


def _list_names(told: ArgumentInfo | OptionInfo) -> tuple[str, ...]:
    """Names that were given; inside ``Annotated`` the first of them stands where a default would."""
    given = (told.default, *(told.param_decls or ()))
    return tuple(text for text in given if isinstance(text, str) and text.startswith("-"))


def _tell_kind(kind: Any, told: ArgumentInfo | OptionInfo) -> str:
    text = _KINDS.get(kind, "text")
    low = "" if told.min is None else f" from {told.min}"
    return text + low + ("" if told.max is None else f" to {told.max}")


def make_page() -> str:
    """The page."""
    parts = [HEAD + _TOP]
    if app.registered_callback is not None and app.registered_callback.callback is not None:
        parts.append(_describe("dehliz", app.registered_callback.callback, "COMMAND ..."))
    parts += [_describe(f"dehliz {name}", function) for name, function in list_commands()]
    return "\n".join(parts)


def _describe(name: str, function: Callable[..., Any], tail: str = "") -> str:
    everything = list_parameters(function)
    arguments = [item for item in everything if not item.is_option]
    options = [item for item in everything if item.is_option]
    words = [name, *(_metavar(item) for item in arguments), "[OPTIONS]", tail]
    text = f"## {name}\n\n{sentence(inspect.getdoc(function) or '')}\n\n```text\n{' '.join(words).strip()}\n```\n\n"
    if arguments:
        rows = [(code(_metavar(item)), "yes" if item.is_needed else "", item.help) for item in arguments]
        text += table(("argument", "needed", "meaning"), rows) + "\n"
    if options:
        lines = [(code(", ".join(item.names)), item.kind, code(item.default), item.help) for item in options]
        text += table(("option", "value", "when left out", "meaning"), lines)
    return text


def _metavar(item: Parameter) -> str:
    name = item.names[0] + ("..." if item.is_many else "")
    return name if item.is_needed else f"[{name}]"
