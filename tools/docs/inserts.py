"""Fills the marked places of hand-written pages with tables that the code makes.

A place begins with ``<!-- insert: NAME -->`` and ends with ``<!-- end insert -->``; what stands between is replaced.
Slow ones compare the whole bundled network; the others only read files.
"""

import csv
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from dehliz.base.errors import DehlizError
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.network.gmns_words import MODE_OF_USE, MODES, NOT_FREIGHT
from tools.docs.markdown import code, sentence, table

ROOT = Path(__file__).resolve().parents[2]
CURATED = ROOT / "tools" / "build_eurasia" / "curated"
TABLES = ROOT / "src" / "dehliz" / "eurasia" / "tables"
_PLACE = re.compile(r"(<!-- insert: (?P<name>[a-z_]+) -->\n).*?(<!-- end insert -->)", re.DOTALL)


def has_inserts(text: str) -> bool:
    """Whether a page has a place to fill."""
    return _PLACE.search(text) is not None


def fill(text: str, with_slow: bool = True) -> str:
    """A page with its places filled anew."""

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        if name in SLOW and not with_slow:
            return match[0]
        return f"{match[1]}\n{MAKERS[name]()}\n{match[3]}"

    return _PLACE.sub(replace, text)


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_calibration() -> str:
    """The rates that tariffs were solved from or checked against, with what the model gives."""
    rows = [
        (
            row["stretch"],
            {"solved": "input", "check": "check"}.get(row["role"], row["role"]),
            f"{row['rate']} {row['rate_unit']}",
            row["model_rate"],
            _percent(row["residual_factor"]),
            " ".join(code(fact) for fact in row["rate_fact_ids"].split(";") if fact),
            sentence(row["arithmetic"]),
        )
        for row in _read(CURATED / "calibration.csv")
    ]
    titles = ("stretch", "role", "published>", "model>", "difference>", "facts", "how")
    return table(titles, rows)


def _percent(share: str) -> str:
    return f"{float(share):+.0%}" if share else ""


def make_emission_factors() -> str:
    """Factors of modes and tractions; those of single services are left out."""
    rows = [
        (
            row["mode_id"],
            row["traction"],
            row["wtw_gco2e_tkm"],
            row["energy_kwh_tkm"],
            row["basis"],
            " ".join(code(fact) for fact in row["fact_ids"].split(";") if fact),
        )
        for row in _read(TABLES / "emission_factor.csv")
        if not row.get("row_id")
    ]
    return table(("mode", "traction", "gCO2e/tkm>", "kWh/tkm>", "basis", "facts"), rows)


def make_segments() -> str:
    """Kinds of cargo with their value and value of time."""
    rows = [
        (
            code(row["segment_id"]),
            row["name"],
            row["load_unit"],
            row["t_per_teu_factor"],
            row["value_usd_t"],
            row["value_of_time_usd_t_h"],
        )
        for row in _read(TABLES / "segment.csv")
    ]
    titles = ("segment", "name", "charged per", "t per TEU>", "value USD/t>", "value of time USD/(t h)>")
    return table(titles, rows)


def make_corridors() -> str:
    """Corridors by their gateways, in the order in which they are tried."""
    rows = [
        (row["name"], _tokens(row["all_of"]), _tokens(row["any_of"]), _tokens(row["none_of"]))
        for row in sorted(_read(TABLES / "corridor.csv"), key=lambda row: int(row["rank_count"]))
    ]
    return table(("corridor", "passes all of", "and one of", "and none of"), rows)


def _tokens(text: str) -> str:
    return " ".join(code(token) for token in text.split(";") if token)


def make_gmns_mapping() -> str:
    """Columns of GMNS beside ours, as the dictionary names them."""
    rows = []
    for name in ("node", "link", "zone"):
        for column in read_spec(name).columns:
            source = column.source.removeprefix("GMNS ")
            if source != column.source:
                theirs, _, remark = source.partition(" ")
                rows.append((code(theirs), code(f"{name}.{column.name}"), remark.strip("()")))
    return table(("GMNS", "Dehliz", "note"), rows)


def make_gmns_uses() -> str:
    """Modes, and the uses of GMNS that mean them."""
    rows = [
        (code(mode), ", ".join(code(use) for use, meant in MODE_OF_USE.items() if meant == mode))
        for mode in MODES
    ]
    rows.append(("left out", ", ".join(code(use) for use in sorted(NOT_FREIGHT))))
    return table(("mode", "uses"), rows)


def make_fact_use() -> str:
    """Facts by topic: how many there are, are used, and are assumptions."""
    rows = [
        (row["topic"], row["fact_count"], row["used_count"], row["assumption_count"], row["reason"])
        for row in _read(ROOT / "src" / "dehliz" / "eurasia" / "facts" / "fact_use.csv")
    ]
    return table(("topic", "facts>", "used>", "assumptions>", "why the others are not used"), rows)


def make_network_summary() -> str:
    """Rows and kilometres of the bundled network."""
    from dehliz.eurasia.load import load
    from dehliz.network.summary import summarise

    try:
        found = summarise(load(2025))
    except DehlizError:
        return _NOT_YET
    rows = [
        (row.mode_id, row.status, row.link_count, f"{row.length_km:,.0f}") for row in each_row(found.mode)
    ]
    counts = ", ".join(
        f"{count} {name.replace('_', ' ')}s" for name, count in found.row_count.items() if count
    )
    basis = ", ".join(f"{count} {name}" for name, count in found.basis_count.items())
    return (
        f"In 2025, over {found.country_count} countries: {counts}.\n\n"
        + table(("mode", "status", "links and services>", "km>"), rows)
        + f"\nValues by basis: {basis}.\n"
    )


_NOT_YET = "*The bundled network is not complete yet.*\n"


@cache
def _validation() -> Any:
    from dehliz.eurasia.load import load
    from dehliz.validation.compare import validate

    try:
        return validate(load(2025))
    except (DehlizError, OSError, KeyError):
        return None


def make_validation_summary() -> str:
    """Number, passed and errors of each kind of comparison."""
    result = _validation()
    if result is None:
        return _NOT_YET
    rows = [
        (
            row.what, str(row.kind).replace("_", " "), row.compared_count, row.passed_count,
            f"{row.median_error_share:+.1%}", f"{row.mean_absolute_error_share:.1%}",
        )
        for row in each_row(result.summary)
    ]  # fmt: skip
    titles = ("what", "kind", "compared>", "passed>", "median error>", "mean absolute error>")
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
            f"{row.model_d:.1f}", f"{row.model_p05_d:.1f} to {row.model_p95_d:.1f}",
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
        "5% to 95%>",
        "passed",
        "fact",
    )
    return table(titles, rows)


def _span(row: Any) -> str:
    if row.published_low_d == row.published_high_d:
        return f"{row.published_d:g}"
    return f"{row.published_low_d:g} to {row.published_high_d:g}"


def make_benchmarks() -> str:
    """The tables of the newest stored results of each benchmark."""
    files = sorted((ROOT / "benchmarks" / "results").glob("*.json"))
    if not files:
        return "*No results are stored yet: `make bench` makes them.*\n"
    return "\n".join(_tell_results(path) for path in files)


def _tell_results(path: Path) -> str:
    content = json.loads(path.read_text(encoding="utf-8"))
    head = f"### {path.stem}\n\n"
    if isinstance(content, dict):
        plain = {key: value for key, value in content.items() if isinstance(value, str | int | float)}
        head += ", ".join(f"{key}: {value}" for key, value in plain.items()) + "\n\n"
        lists = {key: value for key, value in content.items() if _is_table(value)}
    else:
        lists = {"": content} if _is_table(content) else {}
    return head + "\n".join((f"{key}\n\n" if key else "") + _tell_rows(rows) for key, rows in lists.items())


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _tell_rows(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return table(names, [[_number(row.get(name, "")) for name in names] for row in rows])


def _number(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else value


SLOW = frozenset({"network_summary", "validation_summary", "validation_lengths", "validation_times"})
"""Inserts that need the whole bundled network."""

MAKERS: dict[str, Callable[[], str]] = {
    "benchmarks": make_benchmarks,
    "calibration": make_calibration,
    "corridors": make_corridors,
    "emission_factors": make_emission_factors,
    "fact_use": make_fact_use,
    "gmns_mapping": make_gmns_mapping,
    "gmns_uses": make_gmns_uses,
    "network_summary": make_network_summary,
    "segments": make_segments,
    "validation_lengths": make_validation_lengths,
    "validation_summary": make_validation_summary,
    "validation_times": make_validation_times,
}
"""Name of an insert -> the function that makes it."""
