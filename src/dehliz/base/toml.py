"""TOML with whole numbers that fit into 64 bits, as its specification asks of all readers."""

import tomllib
from typing import Any

MOST_WHOLE = 2**63 - 1


def parse_toml(text: str) -> dict[str, Any]:
    """The document of a text in TOML.

    Parameters
    ----------
    text : str
        What the file holds.

    Raises
    ------
    ValueError
        When it is not TOML, or a whole number in it has more than 64 bits.
    RecursionError
        When it is too deeply nested.
    """
    document = tomllib.loads(text)
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, int) and not -MOST_WHOLE - 1 <= value <= MOST_WHOLE:
            raise ValueError("a whole number has more than 64 bits")
    return document


def say_fault(error: ValueError) -> tuple[str, str]:
    """What is wrong with a text that ``parse_toml`` refused, and what to do."""
    if isinstance(error, tomllib.TOMLDecodeError):
        return str(error), "Correct the line that is named"
    return "a whole number has more than 64 bits", "Write a smaller number"
