"""Tables of diversity: cuts and ways that share nothing, concentration, an example of relief."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dehliz.assignment.corridor_choice import choose_corridors, find_corridor_sets
from dehliz.assignment.settings import AssignmentSettings
from dehliz.assignment.year import prepare_year, read_choice_model
from dehliz.base.rows import each_row
from dehliz.disruption.concentration import list_scopes, spread_evenly, tell_diversification
from dehliz.disruption.cuts import Sides, tell_cuts
from dehliz.disruption.disjoint import by_node, find_disjoint_ways
from dehliz.disruption.ground import Ground, load_tables, prepare_ground
from dehliz.disruption.regions import read_region
from dehliz.eurasia.load import load
from tools.docs import console
from tools.docs.markdown import table

YEAR = 2024
AVOIDED: tuple[tuple[str, ...], ...] = (
    (), ("RU",), ("RU", "IR"), ("RU", "CN"), ("RU", "IR", "CN"), ("RU", "IR", "CN", "AF"),
)  # fmt: skip
PAIRS = (
    ("central_asia", "europe"), ("central_asia", "turkiye"), ("china", "europe"), ("europe", "china"),
    ("china", "central_asia"), ("china", "south_caucasus"),
)  # fmt: skip
PLACES = (
    ("xian", "hamburg"), ("xian", "baku"), ("almaty", "mersin"), ("shanghai", "rotterdam"), ("tashkent", "constanta"),
    ("moscow", "tehran"), ("chengdu", "budapest"), ("aktau", "poti"), ("urumqi", "trabzon"), ("baku", "warsaw"),
)  # fmt: skip
COUNTRIES = ("RU", "KZ", "IR", "AZ", "GE", "TR")
BY = {
    ("corridor", "through"): "corridor (t)",
    ("transit", "through"): "transit country (t)",
    ("transit", "work"): "transit country (tkm)",
    ("passage", "through"): "passage (t)",
    ("operator", "work"): "operator (tkm)",
}


@cache
def _ground() -> Ground:
    return prepare_ground(load(YEAR), load_tables(YEAR))


def _sides(pair: tuple[str, str], avoid: tuple[str, ...], has_roads: bool) -> Sides:
    whole = _ground()
    graph, network = whole.graph, whole.network
    barred = whole.in_countries(avoid)
    if not has_roads:
        barred = barred | (graph.mode == graph.mode_ids.index("road"))
    zones = [read_region(network, one).zones(network) for one in pair]
    source, sink = (np.flatnonzero(one).astype(np.int32) for one in zones)
    return Sides(*pair, source, sink + graph.n_zone, avoid, whole.without(barred))


def _count(sides: Sides, has_nodes: bool) -> str:
    ground = sides.ground
    sections = by_node(ground, sides.source, sides.sink) if has_nodes else ground.by_row()
    found = find_disjoint_ways(ground, sections, sides.source, sides.sink)
    return str(len(found.ways)) if found.is_proven else f"{len(found.ways)} to {found.most_count}"


def make_diversity_pairs() -> str:
    """Ways that share nothing between ten pairs of places, without one country after another."""
    whole = _ground()
    graph = whole.graph
    home = dict(zip(whole.network.zone["zone_id"], whole.network.zone["country_id"], strict=True))
    rows = []
    for pair in PLACES:
        cells = []
        for avoid in ("", *COUNTRIES):
            if avoid in {home[one] for one in pair}:
                cells.append("-")
                continue
            at = [np.array([graph.zone_ids.index(one)], dtype=np.int32) for one in pair]
            ground = whole.without(whole.in_countries((avoid,)))
            sides = Sides(*pair, at[0], at[1] + graph.n_zone, (avoid,), ground)
            cells.append(f"{_count(sides, has_nodes=False)} / {_count(sides, has_nodes=True)}")
        rows.append((" - ".join(pair), *cells))
    return table(("pair", "no country>", *(f"{one}>" for one in COUNTRIES)), rows)


def make_diversity_cuts() -> str:
    """What separates Central Asia from Europe without some countries, with roads and without."""
    rows = []
    for has_roads in (False, True):
        for avoid in AVOIDED:
            sides = _sides(("central_asia", "europe"), avoid, has_roads)
            cut = next(row for row in each_row(tell_cuts(sides)["cut"]) if row.kind == "capacity")
            rows.append(
                (
                    " ".join(avoid) or "none", "yes" if has_roads else "no", cut.section_count, cut.uncapped_count,
                    f"{cut.known_t_d:,.0f}", f"{cut.known_teu_a / 1e3:,.0f}", _count(sides, has_nodes=False),
                    _count(sides, has_nodes=True),
                )
            )  # fmt: skip
    titles = (
        "without", "roads", "sections of the cut>", "of unknown capacity>", "the others, t/d>", "thousand TEU/a>",
        "ways that share no section>", "no node>",
    )  # fmt: skip
    return table(titles, rows)


def make_diversity_sections() -> str:
    """The sections of three cuts, by name."""
    rows = []
    for avoid, has_roads in ((("RU",), False), (("RU", "IR", "CN"), False), (("RU", "IR", "CN"), True)):
        told = tell_cuts(_sides(("central_asia", "europe"), avoid, has_roads))["cut_section"]
        for row in each_row(told[told["kind"] == "capacity"]):
            unknown = pd.isna(row.capacity_t_d)
            rows.append(
                (
                    " ".join(avoid), "yes" if has_roads else "no", row.name, str(row.mode_id).replace("_", " "),
                    row.country_id, "not known" if unknown else f"{row.capacity_t_d:,.0f}",
                    "" if unknown else f"{row.background_t_d:,.0f}", row.basis,
                )
            )  # fmt: skip
    titles = ("without", "roads", "section", "mode", "in", "t/d>", "of it there>", "basis")
    return table(titles, rows)


@cache
def _concentration() -> pd.DataFrame:
    problem = prepare_year(YEAR)
    sets = find_corridor_sets(problem)
    result = choose_corridors(problem, read_choice_model(YEAR), AssignmentSettings(method="sue"), sets)
    zones = {
        name: read_region(problem.network, name).zones(problem.network) for pair in PAIRS for name in pair
    }
    regions = [(f"{one}-{other}", zones[one], zones[other]) for one, other in PAIRS]
    ways = {"flow": problem.tell(result).visits, "route": spread_evenly(problem, sets)}
    return tell_diversification(problem, ways, list_scopes(problem, regions))


def _pick(scopes: Sequence[str]) -> list[tuple[Any, ...]]:
    told = {(row.scope_id, row.of, row.by, row.measure): row for row in each_row(_concentration())}
    rows = []
    for scope in scopes:
        for (by, measure), words in BY.items():
            goes, could = (told.get((scope, of, by, measure)) for of in ("flow", "route"))
            if goes is None or could is None:
                continue
            rows.append(
                (
                    scope.replace("_", " ").replace("-", " to "), words, f"{goes.herfindahl_share:.2f}",
                    f"{goes.equal_count:.1f}", goes.largest_id.replace("_", " "), f"{goes.reliance_share:.0%}",
                    f"{goes.covered_share:.0%}", f"{could.herfindahl_share:.2f}", f"{could.equal_count:.1f}",
                    could.largest_id.replace("_", " "),
                )
            )  # fmt: skip
    return rows


_TITLES = (
    "cargo", "by", "H>", "1/H>", "largest", "passes it>", "covered>", "H of what could be>", "1/H>", "largest",
)  # fmt: skip


def make_diversity_regions() -> str:
    """Concentration of all cargo and of cargo between regions."""
    return table(_TITLES, _pick(["all", *(f"{one}-{other}" for one, other in PAIRS)]))


def make_diversity_markets() -> str:
    """Concentration of markets: by corridor and by transit country."""
    frame = _concentration()
    markets = list(dict.fromkeys(frame.loc[frame["scope"] == "market", "scope_id"]))
    kept = {BY["corridor", "through"], BY["transit", "work"]}
    return table(_TITLES, [row for row in _pick(markets) if row[1] in kept])


def make_relief_example() -> str:
    """What ``dehliz relief`` prints when the road and the rail post towards Georgia are shut."""
    command = "dehliz relief Yerevan --without sadakhlo,ayrum"
    with tempfile.TemporaryDirectory() as scratch:
        lines = console.Runner(Path(scratch)).run(command)
    return "\n".join(["```text", f"$ {command}", *lines, "```", ""])
