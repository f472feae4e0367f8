"""``dehliz``: the door. Gathers the commands and turns every outcome into an exit code.

0 done; 1 the program failed (a bug); 2 the input is wrong; 3 done, but there is no answer or it is not complete.
Commands import what they need when they run, so that ``dehliz --help`` loads nothing else.
"""

import os
import sys
from typing import Annotated, Any

import typer

from dehliz.base.errors import DehlizError
from dehliz.cli import network, studies, ways
from dehliz.version import __version__

# Typer brings its own click since 0.20 or so, whose classes are not those of the package of that name.
_USAGE_ERROR = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

app = typer.Typer(
    name="dehliz",
    help="Open planner for freight corridors: ways through Eurasia, their time, cost, CO2e and sources.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dehliz {__version__}")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error arose.")] = False,
) -> None:
    """Options that all commands have."""


app.command("routes")(ways.routes)
app.command("compare")(ways.compare)
app.command("places")(ways.places)
app.command("explain")(ways.explain)
app.add_typer(network.app, name="network")
app.command("run")(studies.run)
app.command("report")(studies.report)
app.command("validate")(studies.validate)
app.command("warmup")(studies.warmup)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit with its code.

    Parameters
    ----------
    arguments : list of str, optional
        Words after ``dehliz``; those of the process when not given.
    """
    words = sys.argv[1:] if arguments is None else arguments
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    try:
        outcome: Any = app(args=words, standalone_mode=False)
    except DehlizError as error:
        if "--debug" in words:
            raise
        _complain(str(error))
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        _complain("Stopped. Nothing was left half-written.")
        return 130
    except BrokenPipeError:
        # The reader of our output has gone; say nothing more into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if isinstance(error, _USAGE_ERROR):
            return _complain_of_usage(error, words)
        if "--debug" in words:
            raise
        _complain(
            f"Dehliz failed: {type(error).__name__}: {error}. This is a fault of the program, not of your input. "
            "Run the command again with --debug before its name and report what it prints."
        )
        return 1
    return int(outcome or 0)


def _complain_of_usage(error: Any, words: list[str]) -> int:
    """Tell what is wrong with the words of a command; a command without words gets its help instead."""
    text = str(error.format_message())
    if not text.startswith("Usage:"):
        text = f"{text.rstrip('.')}. See dehliz {' '.join(_command_words(words))}--help."
    _complain(text)
    return 2


def _command_words(words: list[str]) -> list[str]:
    """The leading words that name a command, each with a trailing blank kept by the caller's join."""
    names: list[str] = []
    for word in words:
        if word.startswith("-") or len(names) == 2:
            break
        names.append(word)
    groups = {group.name for group in app.registered_groups}
    commands = {command.name for command in app.registered_commands} | groups
    known = names[:2] if names[:1] == ["network"] else names[:1]
    return [*known, ""] if known and known[0] in commands else []


def _complain(text: str) -> None:
    typer.echo(text, err=True)
