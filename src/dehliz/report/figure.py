"""``Figure``: one drawing as SVG text, for the page, the notebook and the file.

Paths that many figures share (the base map) travel beside the drawing by id: the page writes each once, a
figure that stands alone carries its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dehliz.report.markup import Markup, clean, tag
from dehliz.report.style import FONT


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished drawing.

    Attributes
    ----------
    width, height : float
        Size of the drawing surface [px].
    body : Markup
        What is drawn.
    title : str
        What the figure shows, in a few words.
    description : str
        What there is to see, in a sentence or two, for those who don't see it.
    shared : dict of str to Markup
        Paths used by id.
    """

    width: float
    height: float
    body: Markup
    title: str
    description: str = ""
    shared: dict[str, Markup] = field(default_factory=dict)

    @property
    def svg(self) -> str:
        """The whole drawing as text that stands alone."""
        defs = tag("defs", self.shared.values()) if self.shared else None
        return self._wrap(tag("title", self.title), tag("desc", self.description), defs, self.body)

    def inline(self, class_: str = "") -> Markup:
        """The drawing for a page that holds the shared paths already."""
        label = f"{self.title}. {self.description}".strip()
        return self._wrap(self.body, label=label, class_=class_)

    def _wrap(self, *children: Markup | None, label: str = "", class_: str = "") -> Markup:
        return tag(
            "svg",
            *children,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width:g} {self.height:g}",
            width=self.width,
            height=self.height,
            class_=class_ or None,
            role="img",
            aria_label=label or self.title,
            font_family=FONT,
            font_size=12,
        )

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return str(
            tag("figure", Markup(self.svg), tag("figcaption", self.title), style="margin:0;max-width:100%")
        )

    def save(self, path: Path | str) -> Path:
        """Write the drawing as an SVG file.

        Parameters
        ----------
        path : Path or str
            Where; an existing file is replaced.

        Returns
        -------
        Path
            The file.
        """
        target = Path(path)
        target.write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n' + self.svg + "\n", encoding="utf-8", newline="\n"
        )
        return target


def collect_shared(figures: Iterable[Figure]) -> Markup:
    """Shared paths of many figures, each once, in a drawing without size that the page puts first."""
    shared: dict[str, Markup] = {}
    for figure in figures:
        shared.update(figure.shared)
    if not shared:
        return Markup("")
    defs = tag("defs", clean(shared[name] for name in sorted(shared)))
    return tag("svg", defs, width=0, height=0, aria_hidden="true", focusable="false", class_="shared")
