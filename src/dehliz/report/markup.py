"""Builds HTML and SVG text so that no name can break out of it.

``Markup`` is text that is known to be safe; everything else is escaped when it enters an element. The same
function makes elements of both languages.

>>> str(tag("p", "5 < 6", class_="note"))
'<p class="note">5 &lt; 6</p>'
"""

from collections.abc import Iterable
from html import escape
from typing import Final

VOID: Final = frozenset({"meta", "br", "hr", "img", "input", "link", "col", "wbr"})
CLOSED_WHEN_EMPTY: Final = frozenset(
    {"path", "rect", "circle", "line", "use", "polyline", "polygon", "ellipse"}
)


class Markup(str):
    """Text that is already HTML or SVG."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None
Value = str | int | float | bool | None


def clean(child: Child) -> Markup:
    """One child or many as safe text: ``Markup`` as it is, other text escaped, ``None`` as nothing."""
    if child is None:
        return Markup("")
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return Markup(escape(child, quote=True))
    if isinstance(child, int):
        return Markup(str(child))
    return Markup("".join(clean(part) for part in child))


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """One element.

    Parameters
    ----------
    name : str
        Name of the element.
    *children : Child
        Text (escaped), ``Markup``, ``None``, or iterables of these.
    **attributes : Value
        Attributes; a trailing underscore is dropped (``class_``), other underscores become hyphens
        (``stroke_width``), ``viewBox`` keeps its form. ``None`` and ``False`` leave the attribute out,
        ``True`` writes it without a value. Floats are written with at most two decimals.

    Returns
    -------
    Markup
        The element's text.
    """
    head = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{head}>")
    body = clean(children)
    if not body and name in CLOSED_WHEN_EMPTY:
        return Markup(f"<{name}{head}/>")
    return Markup(f"<{name}{head}>{body}</{name}>")


def join(parts: Iterable[Child], between: Child = "") -> Markup:
    """Parts one after another with something between them."""
    return Markup(clean(between).join(clean(part) for part in parts))


def number_text(value: float, digits: int = 2) -> str:
    """A number for an attribute: rounded, without trailing zeros."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = number_text(value) if isinstance(value, float) else str(value)
    return f' {name}="{escape(text, quote=True)}"'
