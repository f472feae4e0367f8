"""Rules for places: nodes, borders, terminals, zones and connectors."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations
from typing import Final

from dehliz.base.sheet import Faults, Rule, rows_where, texts_of
from dehliz.network.rule import Check, Tables, find_repeated, list_touched, map_column

FREE_GROUPS: Final = ("eu", "schengen")
"""Groups of countries between whose members a train or truck passes without a border post."""
HIGH_SEA: Final = "XZ"
_UNLOCODE: Final = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")


def _find_null_island(tables: Tables) -> Faults:
    node = tables["node"]
    wrong = (node["lon_deg"] == 0) & (node["lat_deg"] == 0)
    return dict.fromkeys(rows_where(wrong), "longitude 0 and latitude 0")


def _find_bad_format(tables: Tables, table: str, column: str, pattern: re.Pattern[str]) -> Faults:
    texts = texts_of(tables[table][column])
    return {row: f"'{text}'" for row, text in enumerate(texts) if text and not pattern.fullmatch(text)}


def list_free_pairs(tables: Tables) -> set[tuple[str, str]]:
    """Pairs of countries between which no border post is needed."""
    group = tables["country_group"]
    inside = group["standing"].isin(["member", "founder"]) & (group["to_date"] == "")
    pairs: set[tuple[str, str]] = set()
    for name in FREE_GROUPS:
        pairs.update(permutations(texts_of(group["country_id"][inside & (group["group_id"] == name)]), 2))
    return pairs


def _list_posts(tables: Tables) -> set[tuple[str, str, str, str]]:
    """Node, mode, country left and country entered of every place where border work is done.

    A gauge change with countries does it for both of its modes, and for the foreign track that leads to it: there
    the border itself is a neighbouring node.
    """
    neighbours: dict[tuple[str, str], set[str]] = {}
    for start, end, mode in _rows(tables, "link", "from_node_id", "to_node_id", "mode_id"):
        neighbours.setdefault((start, mode), set()).add(end)
        neighbours.setdefault((end, mode), set()).add(start)
    columns = (
        "node_id",
        "kind",
        "from_mode_id",
        "to_mode_id",
        "from_country_id",
        "to_country_id",
        "directed",
    )
    posts: set[tuple[str, str, str, str]] = set()
    for node, kind, mode, other, start, end, directed in _rows(tables, "terminal", *columns):
        if kind not in ("border_post", "gauge_change"):
            continue
        for used in {mode, other}:
            near = neighbours.get((node, used), set()) if kind == "gauge_change" else set()
            for place in {node, *near}:
                posts.add((place, used, start, end))
                if directed == "False":
                    posts.add((place, used, end, start))
    return posts


def _rows(tables: Tables, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
    return zip(*(texts_of(tables[table][column]) for column in columns), strict=True)


def _find_open_borders(tables: Tables) -> Faults:
    medium = map_column(tables["mode"], "mode_id", "medium")
    meeting: dict[str, dict[str, set[str]]] = {}
    for start, end, mode, country in _rows(
        tables, "link", "from_node_id", "to_node_id", "mode_id", "country_id"
    ):
        if medium.get(mode) in ("rail", "road") and country != HIGH_SEA:
            for node in (start, end):
                meeting.setdefault(node, {}).setdefault(mode, set()).add(country)
    free, posts = list_free_pairs(tables), _list_posts(tables)
    faults: dict[int, str] = {}
    for row, node in enumerate(texts_of(tables["node"]["node_id"])):
        lost = [
            f"{mode} from {start} to {end}"
            for mode, countries in sorted(meeting.get(node, {}).items())
            for start, end in permutations(sorted(countries), 2)
            if (start, end) not in free and (node, mode, start, end) not in posts
        ]
        if lost:
            faults[row] = f"links of two countries meet without a border post: {', '.join(lost)}"
    return faults


def _find_lost_modes(tables: Tables, column: str) -> Faults:
    touched = list_touched(tables)
    return {
        row: f"no link or service leg of {mode} touches node '{node}'"
        for row, (node, mode) in enumerate(_rows(tables, "terminal", "node_id", column))
        if (node, mode) not in touched
    }


def _find_post_modes(tables: Tables) -> Faults:
    return {
        row: f"from {start} to {end}"
        for row, (kind, start, end) in enumerate(
            _rows(tables, "terminal", "kind", "from_mode_id", "to_mode_id")
        )
        if kind == "border_post" and start != end
    }


def _find_post_countries(tables: Tables) -> Faults:
    columns = ("kind", "from_country_id", "to_country_id")
    return {
        row: f"from '{start}' to '{end}'"
        for row, (kind, start, end) in enumerate(_rows(tables, "terminal", *columns))
        if (kind == "border_post" and (not start or not end or start == end)) or bool(start) != bool(end)
    }


def _find_lost_countries(tables: Tables, column: str) -> Faults:
    present: set[tuple[str, str, str]] = set()
    for start, end, mode, country in _rows(
        tables, "link", "from_node_id", "to_node_id", "mode_id", "country_id"
    ):
        present |= {(start, mode, country), (end, mode, country)}
    return {
        row: f"{country} has no link of {mode} at node '{node}'"
        for row, (kind, node, mode, country) in enumerate(
            _rows(tables, "terminal", "kind", "node_id", "from_mode_id", column)
        )
        if kind == "border_post" and country and (node, mode, country) not in present
    }


def _find_false_gauge_changes(tables: Tables) -> Faults:
    mode = tables["mode"]
    medium = map_column(mode, "mode_id", "medium")
    gauge = dict(zip(texts_of(mode["mode_id"]), mode["gauge_mm"].tolist(), strict=True))
    faults: dict[int, str] = {}
    for row, (kind, start, end) in enumerate(_rows(tables, "terminal", "kind", "from_mode_id", "to_mode_id")):
        is_rail = medium.get(start) == medium.get(end) == "rail"
        if kind == "gauge_change" and (not is_rail or gauge.get(start) == gauge.get(end)):
            faults[row] = f"from {start} to {end}"
    return faults


def _find_false_passages(tables: Tables) -> Faults:
    medium = map_column(tables["mode"], "mode_id", "medium")
    return {
        row: f"from {start} to {end}"
        for row, (kind, start, end) in enumerate(
            _rows(tables, "terminal", "kind", "from_mode_id", "to_mode_id")
        )
        if kind == "passage" and (start != end or medium.get(start) not in ("sea", "water"))
    }


def _find_lone_zones(tables: Tables) -> Faults:
    joined = set(texts_of(tables["connector"]["zone_id"]))
    zones = texts_of(tables["zone"]["zone_id"])
    return {row: f"zone '{zone}' has none" for row, zone in enumerate(zones) if zone not in joined}


def _find_foreign_zones(tables: Tables) -> Faults:
    country = map_column(tables["node"], "node_id", "country_id")
    return {
        row: f"'{own}', and its node '{node}' lies in '{country[node]}'"
        for row, (node, own) in enumerate(_rows(tables, "zone", "node_id", "country_id"))
        if node in country and own and own != country[node]
    }


def _find_lost_connectors(tables: Tables) -> Faults:
    touched = list_touched(tables)
    return {
        row: f"no link or service leg of {mode} touches node '{node}'"
        for row, (node, mode) in enumerate(_rows(tables, "connector", "node_id", "mode_id"))
        if (node, mode) not in touched
    }


def _find_gauges(tables: Tables, is_rail: bool) -> Faults:
    mode = tables["mode"]
    has_gauge = mode["gauge_mm"].notna()
    wrong = (mode["medium"] == "rail") & ~has_gauge if is_rail else (mode["medium"] != "rail") & has_gauge
    found = "no gauge" if is_rail else "a gauge"
    return {
        row: f"{found} for medium {mode['medium'].iat[row]}"
        for row in rows_where(wrong & (mode["medium"] != ""))
    }


def _find_undated(tables: Tables, score: str, year: str) -> Faults:
    country = tables["country"]
    wrong = country[score].notna() & country[year].isna()
    return {row: f"{score} {country[score].iat[row]:g} without its year" for row in rows_where(wrong)}


def _repeated(table: str, *columns: str) -> Callable[[Tables], Faults]:
    return lambda tables: find_repeated(tables[table], list(columns), f"{table}_id")


def _check(name: str, expected: str, remedy: str, find: Callable[[Tables], Faults], *needs: str) -> Check:
    return Check(Rule(name, expected, remedy), find, needs)


_MEETS = "A mode can only be used where one of its links or service legs ends"
_MEETS_REMEDY = "Correct the mode or the node, or add the link"
_TERMINAL_KEY = (
    "node_id",
    "kind",
    "from_mode_id",
    "to_mode_id",
    "from_country_id",
    "to_country_id",
    "directed",
)

CHECKS: Final = (
    _check(
        "node.lon_deg.null_island",
        "A node has its own coordinates; longitude 0, latitude 0 is open sea",
        "Write the coordinates of the place",
        _find_null_island,
    ),
    _check(
        "node.unlocode.format",
        "A UN/LOCODE is two letters of a country and three letters or digits, such as KZAAU",
        "Correct the code, or leave the cell empty",
        partial(_find_bad_format, table="node", column="unlocode", pattern=_UNLOCODE),
    ),
    _check(
        "node.node_id.border_post",
        "Where links of two countries meet, each direction needs a border post, or a gauge change between the two"
        " at the next node, unless both countries are members of group eu or schengen",
        "Add a row of kind border_post to table terminal, or the countries to table country_group",
        _find_open_borders,
        "node",
        "link",
        "mode",
        "terminal",
        "country_group",
    ),
    _check(
        "country.country_id.format",
        "A country has a two-letter code in capitals (ISO 3166-1 alpha-2); ZZ is free for your own",
        "Correct the code",
        partial(_find_bad_format, table="country", column="country_id", pattern=re.compile(r"[A-Z]{2}")),
    ),
    _check(
        "country.iso3.format",
        "Three capital letters (ISO 3166-1 alpha-3), or nothing",
        "Correct the code, or leave the cell empty",
        partial(_find_bad_format, table="country", column="iso3", pattern=re.compile(r"[A-Z]{3}")),
    ),
    *(
        _check(
            f"country.{year}.given",
            "A published value holds for a year",
            f"Write the year that {score} holds for",
            partial(_find_undated, score=score, year=year),
        )
        for score, year in (
            ("stability_score", "stability_year"),
            ("logistics_score", "logistics_year"),
            ("grid_gco2e_kwh", "grid_year"),
        )
    ),
    _check(
        "mode.gauge_mm.rail",
        "A rail mode has a track gauge",
        "Write the gauge in millimetres, such as 1520",
        partial(_find_gauges, is_rail=True),
    ),
    _check(
        "mode.gauge_mm.other",
        "Only a rail mode has a track gauge",
        "Leave the cell empty, or correct the medium",
        partial(_find_gauges, is_rail=False),
    ),
    *(
        _check(
            f"terminal.{column}.meets",
            _MEETS,
            _MEETS_REMEDY,
            partial(_find_lost_modes, column=column),
            "terminal",
            "link",
            "service_leg",
            "node",
            "mode",
        )
        for column in ("from_mode_id", "to_mode_id")
    ),
    _check(
        "terminal.to_mode_id.border_post",
        "A border post has the same mode on both sides; a change of mode or gauge is another kind",
        "Write one mode in both columns, or choose kind gauge_change or port",
        _find_post_modes,
    ),
    _check(
        "terminal.from_country_id.border_post",
        "A border post lies between two different countries; elsewhere both columns are given or both empty",
        "Fill in from_country_id and to_country_id",
        _find_post_countries,
    ),
    *(
        _check(
            f"terminal.{column}.meets",
            "A border post joins links of both of its countries, in its mode and at its node",
            "Correct the country, the mode or the node, or add the link",
            partial(_find_lost_countries, column=column),
            "terminal",
            "link",
            "node",
            "country",
        )
        for column in ("from_country_id", "to_country_id")
    ),
    _check(
        "terminal.to_mode_id.gauge_change",
        "A gauge change joins two rail modes of different gauge",
        "Correct the modes or the kind",
        _find_false_gauge_changes,
        "mode",
        "terminal",
    ),
    _check(
        "terminal.to_mode_id.passage",
        "A passage is a canal or strait of one mode on the sea or an inland waterway",
        "Correct the modes or the kind",
        _find_false_passages,
        "mode",
        "terminal",
    ),
    _check(
        "terminal.terminal_id.double",
        "Two terminals at a node differ in kind, modes, countries or direction",
        "Remove one of them",
        _repeated("terminal", *_TERMINAL_KEY),
    ),
    _check(
        "zone.zone_id.connector",
        "Each zone needs a connector, or no shipment can start or end there",
        "Add a row to table connector",
        _find_lone_zones,
        "zone",
        "connector",
    ),
    _check(
        "zone.country_id.node",
        "A zone lies in the country of its node",
        "Correct the country or the node",
        _find_foreign_zones,
        "node",
    ),
    _check(
        "connector.mode_id.meets",
        _MEETS,
        _MEETS_REMEDY,
        _find_lost_connectors,
        "connector",
        "link",
        "service_leg",
        "node",
        "mode",
    ),
    _check(
        "connector.connector_id.double",
        "A zone has one connector for each node and mode",
        "Remove one of them",
        _repeated("connector", "zone_id", "node_id", "mode_id"),
    ),
)
