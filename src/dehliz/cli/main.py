"""``dehliz``: the door. Gathers the commands and turns every outcome into an exit code.

0 done; 1 the program failed (a bug); 2 the input is wrong; 3 done, but there is no answer or it is not complete.
Commands import what they need when they run, so that ``dehliz --help`` loads nothing else.
"""

import contextlib
import io
import os
import re
import sys
from typing import Annotated, Any

import typer

from dehliz.base.errors import DehlizError, SettingsError, quote, show_controls
from dehliz.cli import (
    assign,
    criticality,
    disrupt,
    diversify,
    ensemble,
    forecast,
    network,
    relief,
    simulate,
    studies,
    ways,
)
from dehliz.version import __version__

# Typer brings its own click since 0.20 or so, whose classes are not those of the package of that name.
_USAGE_ERROR = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

_WESTERN = re.compile(r"-\d[\d.]*\s*[,;]\s*[+-]?\d[\d.]*")
"""Coordinates west of Greenwich, which begin as options do."""

STOPPED = 130
"""Exit code when someone presses Ctrl-C."""

_JIT_WORDS = ("auto", "on", "off", "bounds")

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
app.command("assign")(assign.assign)
app.command("criticality")(criticality.criticality)
app.command("disrupt")(disrupt.disrupt)
app.command("diversify")(diversify.diversify)
app.command("forecast")(forecast.forecast)
app.command("relief")(relief.relief)
app.command("simulate")(simulate.simulate)
app.command("ensemble")(ensemble.ensemble)
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
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names have letters that some terminals cannot show: better a question mark than no answer.
        sys.stdout.reconfigure(errors="replace")
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    try:
        _check_environment()
        outcome: Any = app(args=_read_words(words), standalone_mode=False, prog_name="dehliz")
    except DehlizError as error:
        if "--debug" in words:
            raise
        _complain(str(error))
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        outcome = STOPPED
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone (click and rich then leave by themselves): say no more into the pipe.
        _silence()
        return 0
    except Exception as error:
        if isinstance(error, _USAGE_ERROR):
            return _complain_of_usage(error, words)
        if "--debug" in words:
            raise
        return _complain_of_failure(error)
    if outcome == STOPPED:  # some versions of typer return it instead of raising
        _complain("Stopped. Nothing was left half-written.")
    return int(outcome or 0)


def _complain_of_failure(error: Exception) -> int:
    """Tell what the machine refused, which is no fault of the program, or what the program did wrong."""
    if isinstance(error, OSError):
        _complain(
            f"{error.filename or 'The output'}: {error.strerror or error}. Dehliz must be able to read and write it. "
            "Look at the path, its permissions and the room on its disk."
        )
        _silence()
        return 2
    _complain(
        f"Dehliz failed: {type(error).__name__}: {error}. This is a fault of the program, not of your input. "
        "Run the command again with --debug before its name and report what it prints."
    )
    return 1


def _silence() -> None:
    """What is still in the buffer of standard output goes nowhere, also when the process ends."""
    with contextlib.suppress(OSError, AttributeError):  # no output at all, or one that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check_environment() -> None:
    """Refuse a misspelt way to run kernels before they are loaded."""
    mode = os.environ.get("DEHLIZ_JIT", "").strip().lower()
    if mode and mode not in _JIT_WORDS:
        raise SettingsError(
            f"Environment variable DEHLIZ_JIT: {quote(mode)} was found. It needs one of {', '.join(_JIT_WORDS)}. "
            "Correct or unset it."
        )


def _read_words(words: list[str]) -> list[str]:
    """Words as text, whatever the locale; coordinates that begin with a minus are words and no options."""
    read = []
    for word in words:
        try:
            text = os.fsencode(word).decode("utf-8")
        except UnicodeError:
            raise SettingsError(
                f"A word of the command is not UTF-8: {quote(word)}. Text in UTF-8 is needed. Write it in a terminal "
                "that uses UTF-8."
            ) from None
        read.append(f" {text}" if _WESTERN.fullmatch(text) else text)
    return read


def _complain_of_usage(error: Any, words: list[str]) -> int:
    """Tell what is wrong with the words of a command; a command without words gets its help instead."""
    text = str(error.format_message())
    if not text.startswith("Usage:"):
        text = text.rstrip(".")
        end = "" if text.endswith(("?", "!")) else "."
        text = f"{text}{end} See dehliz {' '.join(_command_words(words))}--help."
    _complain(text)
    return 2


def _command_words(words: list[str]) -> list[str]:
    """The leading words that name a command, with an empty one last so that the caller's join ends in a blank."""
    known: list[str] = []
    names = {str(command.name) for command in app.registered_commands}
    names |= {str(group.name) for group in app.registered_groups}
    for word in words:
        if word not in names:
            break
        known.append(word)
        if word != "network" or len(known) == 2:
            break
        names = {str(command.name) for command in network.app.registered_commands}
    return [*known, ""] if known else []


def _complain(text: str) -> None:
    typer.echo(show_controls(text, kept="\n"), err=True)
