"""``python -m tools.docs`` writes the generated pages and parts of pages; ``--check`` compares them.

Exit code 0: written, or the same; 1: something differs.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.docs import commands, console, dictionary, filekeys, inserts, names, rules

DOCS = Path(__file__).resolve().parents[2] / "docs"

PAGES: dict[str, Callable[[], str]] = {
    "reference/commands.md": commands.make_page,
    "reference/dictionary.md": dictionary.make_page,
    "reference/rules.md": rules.make_page,
    "reference/study.md": filekeys.make_study_page,
    "reference/ensemble.md": filekeys.make_ensemble_page,
    "reference/scenario.md": filekeys.make_scenario_page,
    "reference/python.md": names.make_page,
}
"""Page below ``docs/`` -> the function that makes it."""


def make_pages(with_slow: bool = True) -> dict[str, str]:
    """Text of every page that is generated, whole or in part.

    Parameters
    ----------
    with_slow : bool
        Whether parts that need the bundled network to be compared are made anew; otherwise they stay.
    """
    made = {name: make() for name, make in PAGES.items()}
    for path in sorted(DOCS.rglob("*.md")):
        name = path.relative_to(DOCS).as_posix()
        text = path.read_text(encoding="utf-8")
        if name not in made and inserts.has_inserts(text):
            made[name] = inserts.fill(text, with_slow)
    return made


def find_differences(pages: dict[str, str]) -> list[str]:
    """Names of the pages that are not as the code says."""
    return [
        name
        for name, text in pages.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]


def run_examples(names: list[str]) -> int:
    """Run the examples of pages and write what they print into the pages."""
    for name in names:
        path = DOCS / name
        with tempfile.TemporaryDirectory() as scratch:
            text, differences = console.run_page(
                path.read_text(encoding="utf-8"), console.make_folder(Path(scratch))
            )
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{name}: {len(differences)} outputs written", file=sys.stderr)
    return 0


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--fast", action="store_true", help="leave parts that need the bundled network")
    parser.add_argument(
        "--run", nargs="+", metavar="PAGE", help="run the examples of pages, write their output"
    )
    wanted = parser.parse_args()
    if wanted.run:
        return run_examples(wanted.run)
    pages = make_pages(not wanted.fast)
    different = find_differences(pages)
    if wanted.check:
        for name in different:
            print(f"docs/{name} is not as the code says: run python -m tools.docs", file=sys.stderr)
        return 1 if different else 0
    for name in different:
        target = DOCS / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(pages[name], encoding="utf-8", newline="\n")
        print(f"docs/{name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
