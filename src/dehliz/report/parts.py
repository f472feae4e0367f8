"""Pieces that many sections use: tables that turn into cards on a phone, badges, figures in two sizes."""

from collections.abc import Callable, Sequence

from dehliz.report.figure import Figure
from dehliz.report.markup import Child, Markup, tag
from dehliz.report.style import BASIS, PAPER, style_corridor


def make_table(
    caption: Child,
    heads: Sequence[str],
    rows: Sequence[Sequence[Child]],
    *,
    class_: str = "",
    is_sortable: bool = False,
    is_labelled: bool = True,
) -> Markup:
    """A table whose first column heads the rows; on a narrow screen each row becomes a card.

    Parameters
    ----------
    caption : Child
        What the table holds.
    heads : sequence of str
        Heads of the columns.
    rows : sequence of sequence of Child
        Cells.
    class_ : str
        Further classes.
    is_sortable : bool
        Whether the script may offer sorting.
    is_labelled : bool
        Whether cells carry the head of their column for narrow screens; a class with labels of its own needs none.
    """
    head = tag("tr", [tag("th", text, scope="col") for text in heads])
    body = []
    for cells in rows:
        first = tag("th", cells[0], scope="row")
        others = [
            tag(
                "td",
                cell if type(cell) is str else tag("span", cell),
                data_label=heads[number] if is_labelled else None,
            )
            for number, cell in enumerate(cells[1:], 1)
        ]
        body.append(tag("tr", first, others))
    names = " ".join(filter(None, ("stack", "sortable" if is_sortable else "", class_)))
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", head),
        tag("tbody", body),
        class_=names,
    )


def both_sizes(
    draw: Callable[[bool], Figure], caption: Child = None, after: Child = None
) -> tuple[Markup, list[Figure]]:
    """A figure drawn for wide and for narrow screens; the page shows one of them.

    Parameters
    ----------
    draw : callable
        Gives the figure; its argument says whether it is for a phone.
    caption : Child
        Words under it; the figure's title when None.
    after : Child
        What follows inside the figure, such as its table.

    Returns
    -------
    Markup
        The figure element.
    list of Figure
        Both drawings, for their shared paths.
    """
    wide, narrow = draw(False), draw(True)
    words = tag("figcaption", wide.title if caption is None else caption)
    return tag("figure", wide.inline("wide"), narrow.inline("narrow"), words, after), [wide, narrow]


def fold(summary: Child, *children: Child, class_: str = "", is_open: bool = False) -> Markup:
    """Something that opens on demand, by the browser alone."""
    return tag("details", tag("summary", summary), children, class_=class_ or None, open=is_open)


def badge(number: int, corridor_id: str) -> Markup:
    """A corridor's number in its colour."""
    colour = style_corridor(corridor_id).colour
    return tag("span", number, class_="badge", style=f"background:{colour};color:{PAPER}")


def swatch(corridor_id: str) -> Markup:
    """A short piece of a corridor's line."""
    style = style_corridor(corridor_id)
    line = tag(
        "line",
        x1=0,
        x2=34,
        y1=5,
        y2=5,
        stroke=style.colour,
        stroke_width=style.width,
        stroke_dasharray=style.dash or None,
    )
    return tag("svg", line, width=34, height=10, class_="swatch", aria_hidden="true")


def basis_badge(basis: str) -> Markup:
    """What a number stands on, in a coloured word."""
    words, ink, ground = BASIS.get(basis, BASIS["derived"])
    return tag("span", words, class_="basis", style=f"color:{ink};background:{ground}")


def slug(text: str) -> str:
    """An id for the page: letters and digits of ASCII, the rest as hyphens."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower()).strip(
        "-"
    )
