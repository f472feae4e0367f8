"""The exception tree, ``Issue``, and the grammar of a message.

A fault is collected as an ``Issue`` and raised once with all others. Every message says, in this order:
where, what was found, what is needed, what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN_ID_COUNT = 5
SHOWN_LETTER_COUNT = 60
"""Longer words of the input are cut in messages."""

_JOINERS = "\u200c\u200d"
"""Invisible, but part of Persian and Indic spelling."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of the input; compares by value and prints as one sentence.

    Attributes
    ----------
    rule : str
        Name of the broken rule, such as ``link.length_km.bounds``.
    place : str
        Where: file or table, and column when there is one, such as ``link.csv, column length_km``.
    ids : tuple of str
        Ids (or ``row N`` when there is no id) of the rows at fault; may be empty.
    found : str
        What was found there.
    expected : str
        What is needed.
    remedy : str
        What to do.
    """

    rule: str
    place: str
    ids: tuple[str, ...]
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """One sentence for people: where, found, needed, to do, rule."""
        where = f"{self.place} ({list_ids(self.ids)})" if self.ids else self.place
        sentences = " ".join(_end(text) for text in (self.found, self.expected, self.remedy) if text)
        return f"{where}: {sentences} (rule {self.rule})"


def _end(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def list_ids(ids: Sequence[str], shown_count: int = SHOWN_ID_COUNT) -> str:
    """First ids, then how many more: ``a, b, c, d, e and 214 more``."""
    shown = ", ".join(ids[:shown_count])
    more = len(ids) - shown_count
    return f"{shown} and {more} more" if more > 0 else shown


def say_count(count: int, noun: str) -> str:
    """A number of things in words: ``1 link``, ``2 links``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def quote(text: str, shown_count: int = SHOWN_LETTER_COUNT) -> str:
    """A word of the input between quotes as messages show it: control characters as escapes, cut when long.

    Examples
    --------
    >>> quote("Baku"), quote("a" * 70, 3)
    ("'Baku'", "'aaa…'")
    """
    shown = show_controls(text[:shown_count])
    return f"'{shown}…'" if len(text) > shown_count else f"'{shown}'"


def show_controls(text: str, kept: str = "") -> str:
    """The text with everything that a terminal would obey, or not show, written as an escape."""
    return "".join(
        letter
        if letter.isprintable() or letter in _JOINERS or letter in kept
        else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def suggest(word: str, known: Sequence[str], most: int = 3, least_share: float = 0.6) -> str:
    """A hint that names the nearest known words, or an empty string.

    Parameters
    ----------
    word : str
        What was written.
    known : sequence of str
        What could have been meant.
    most : int
        How many to name at most.
    least_share : float
        Least likeness, from 0 to 1 for the same word.

    Returns
    -------
    str
        ``"Did you mean 'aktau' or 'aktobe'?"`` or ``""``.
    """
    folded = {name.casefold(): name for name in known}
    near = [
        folded[name] for name in get_close_matches(word.casefold(), list(folded), n=most, cutoff=least_share)
    ]
    if not near:
        return ""
    return "Did you mean " + " or ".join(f"'{name}'" for name in near) + "?"


class DehlizError(Exception):
    """Anything that Dehliz says about its input or its state; the command line prints it without a traceback."""

    exit_code = 2


class IssuesError(DehlizError):
    """An error that carries a list of issues."""

    def __init__(self, summary: str, issues: Sequence[Issue] = ()) -> None:
        self.summary = summary
        self.issues = tuple(issues)
        lines = [summary, *(f"  {number}. {issue}" for number, issue in enumerate(self.issues, 1))]
        super().__init__("\n".join(lines))


class DataError(IssuesError):
    """Tables are wrong."""


class ScenarioError(IssuesError):
    """Changes of a scenario cannot be resolved."""


class SettingsError(IssuesError):
    """A study file or an option is wrong."""


class LookupFailed(DehlizError):
    """An id or a place asked for in a query does not exist."""


class SolverError(DehlizError):
    """A kernel or a solver stopped without an answer."""


class StoreError(DehlizError):
    """A run folder is missing, old or damaged."""
