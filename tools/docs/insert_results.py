"""Tables of what the bundled network gives: its size, an example, the model beside published values, benchmarks."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from dehliz.base.errors import DehlizError
from dehliz.base.rows import each_row
from dehliz.eurasia.load import load
from dehliz.network.summary import summarise
from dehliz.validation.compare import LENGTH_TOLERANCE_SHARE, Validation, validate
from tools.docs import console
from tools.docs.markdown import code, sentence, table

ROOT = Path(__file__).resolve().parents[2]
TOLD_ELSEWHERE = ("assignment", "system-optimum")
"""Results that ``insert_volumes.py`` tells."""


def make_compare_example() -> str:
    """What ``dehliz compare "Xi'an" Hamburg`` prints."""
    command = 'dehliz compare "Xi\'an" Hamburg'
    with tempfile.TemporaryDirectory() as scratch:
        lines = console.Runner(Path(scratch)).run(command)
    return "```text\n" + "\n".join(lines) + "\n```\n"


def make_network_summary() -> str:
    """Rows and kilometres of the bundled network."""
    try:
        found = summarise(load(2025))
    except DehlizError:
        return _NOT_YET
    rows = [
        (row.mode_id, row.status, row.link_count, f"{row.length_km:,.0f}") for row in each_row(found.mode)
    ]
    counts = [(code(name), count) for name, count in found.row_count.items() if count]
    basis = ", ".join(f"{count} {name}" for name, count in found.basis_count.items())
    return (
        f"In 2025, over {found.country_count} countries:\n\n"
        + table(("table", "rows>"), counts)
        + "\n"
        + table(("mode", "status", "links and services>", "km>"), rows)
        + f"\nValues by basis: {basis}.\n"
    )


_NOT_YET = "*The bundled network is not complete yet.*\n"


@cache
def _validation() -> Validation | None:
    try:
        return validate(load(2025))
    except (DehlizError, OSError, KeyError):
        return None


def make_validation_summary() -> str:
    """Number, passed and errors of each kind of comparison."""
    result = _validation()
    if result is None:
        return _NOT_YET
    checks = result.length_check
    excused = checks[(checks["reason"] != "") & (checks["error_share"].abs() > LENGTH_TOLERANCE_SHARE)]
    rows = [
        (
            row.what, str(row.kind).replace("_", " "), row.compared_count, row.passed_count,
            int((excused["kind"] == row.kind).sum()) if row.what == "length" else "",
            f"{row.median_error_share:+.1%}", f"{row.mean_absolute_error_share:.1%}",
        )
        for row in each_row(result.summary)
    ]  # fmt: skip
    titles = (
        "what",
        "kind",
        "compared>",
        "passed>",
        "of them by a reason>",
        "median error>",
        "mean absolute error>",
    )
    return table(titles, rows)


def make_validation_lengths() -> str:
    """Lengths that differ by more than the tolerance, or carry a reason."""
    result = _validation()
    if result is None:
        return _NOT_YET
    checks = result.length_check
    shown = checks[(~checks["is_passed"].astype(bool)) | (checks["reason"] != "")]
    rows = [
        (
            row.name, f"{row.model_km:,.0f}", f"{row.published_km:,.0f}", f"{row.error_share:+.1%}",
            "yes" if row.is_passed else "no", sentence(str(row.reason)),
        )
        for row in each_row(shown)
    ]  # fmt: skip
    return table(("stretch", "model km>", "published km>", "error>", "passed", "reason"), rows)


def make_validation_times() -> str:
    """Every through time beside the published one."""
    result = _validation()
    if result is None:
        return _NOT_YET
    rows = [
        (
            row.origin_id, row.destination_id, row.corridor_id, row.year, _span(row), row.kind,
            f"{row.model_d:.1f}", f"{row.model_p05_d:.1f}–{row.model_p95_d:.1f}",
            "yes" if row.is_passed else "no", code(row.fact_id),
        )
        for row in each_row(result.time_check)
    ]  # fmt: skip
    titles = (
        "from",
        "to",
        "corridor",
        "year",
        "published days>",
        "kind",
        "model>",
        "5%–95%>",
        "passed",
        "fact",
    )
    return table(titles, rows)


def _span(row: Any) -> str:
    if row.published_low_d == row.published_high_d:
        return f"{row.published_d:g}"
    return f"{row.published_low_d:g}–{row.published_high_d:g}"


def make_benchmarks() -> str:
    """The tables of the newest stored results of each benchmark."""
    files = [
        path
        for path in sorted((ROOT / "benchmarks" / "results").glob("*.json"))
        if not any(word in path.stem for word in TOLD_ELSEWHERE)
    ]
    if not files:
        return "*No results are stored yet: `make bench` makes them.*\n"
    return "\n".join(_tell_results(path) for path in files)


def _tell_results(path: Path) -> str:
    content = json.loads(path.read_text(encoding="utf-8"))
    head = f"### {path.stem}\n\n"
    if isinstance(content, dict):
        plain = {key: value for key, value in content.items() if isinstance(value, str | int | float)}
        head += ", ".join(f"{key}: {value}" for key, value in plain.items()) + "\n\n"
        lists = _find_tables(content)
    else:
        lists = {"": content} if _is_table(content) else {}
    return head + "\n".join((f"{key}\n\n" if key else "") + _tell_rows(rows) for key, rows in lists.items())


def _find_tables(content: dict[str, Any], path: str = "") -> dict[str, list[dict[str, Any]]]:
    """Tables in nested dictionaries by the path to them; a dictionary of records is one, with their names first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for key, value in content.items():
        here = f"{path}, {key}" if path else str(key)
        if _is_table(value):
            found[here] = value
        elif isinstance(value, dict) and value and all(_is_record(one) for one in value.values()):
            found[here] = [{"name": name, **_plain(row)} for name, row in sorted(value.items())]
            found |= _find_parts(value, here)
        elif isinstance(value, dict):
            found |= _find_tables(value, here)
    return found


def _find_parts(records: dict[str, dict[str, Any]], path: str) -> dict[str, list[dict[str, Any]]]:
    """One table for each group of numbers inside the records: a row for each number, a column for each record."""
    groups = sorted({key for row in records.values() for key, value in row.items() if _is_numbers(value)})
    return {
        f"{path}, {group}": [
            {"name": name} | {record: row.get(group, {}).get(name, "") for record, row in records.items()}
            for name in sorted({name for row in records.values() for name in row.get(group, {})})
        ]
        for group in groups
    }


def _is_numbers(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(one, int | float) for one in value.values())
    )


def _is_record(value: object) -> bool:
    """Whether a dictionary is one row: it has plain values, and nothing nested in it but groups of plain values."""
    return (
        isinstance(value, dict)
        and bool(_plain(value))
        and all(_plain(one) == one for one in value.values() if isinstance(one, dict))
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in row.items() if isinstance(value, str | int | float) and key != "digest"
    }


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _tell_rows(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return table(names, [[_number(row.get(name, "")) for name in names] for row in rows])


def _number(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else value
