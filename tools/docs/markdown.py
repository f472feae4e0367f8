"""Markdown of tables and the head of a generated page."""

from collections.abc import Iterable, Sequence

HEAD = "<!-- Made by python -m tools.docs: change the code, not this page. -->\n\n"


def cell(text: object) -> str:
    """Text that stays in one cell of a table."""
    words = " ".join(str(text).split())
    return words.replace("|", "\\|")


def code(text: object) -> str:
    """Text as code, or nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; a title that ends in ``>`` aligns its column to the right."""
    names = [title.removesuffix(">") for title in titles]
    rule = ["--:" if title.endswith(">") else "---" for title in titles]
    lines = [_line(names), _line(rule), *(_line([cell(value) for value in row]) for row in rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def sentence(text: str) -> str:
    """Text that ends in a full stop."""
    flat = " ".join(text.split())
    return flat if not flat or flat.endswith((".", "?", "!", ":")) else f"{flat}."
