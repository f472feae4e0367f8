"""A GMNS folder to a ``Network``: its columns are renamed, its units converted, its uses turned into modes.

What GMNS has no column for comes from further columns and tables with our own names, when the folder has them;
otherwise it is assumed, and ``network.notes`` says so. ``network/gmns_links.py`` does the links,
``network/gmns_write.py`` the way back.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from dehliz.base.check import check_references, check_table
from dehliz.base.errors import DataError, Issue, list_ids, say_count
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Sheet, texts_of
from dehliz.network.csvtext import read_text_table, say_file_issue
from dehliz.network.gmns_links import GmnsLinks, read_links
from dehliz.network.gmns_words import (
    GMNS_RULES,
    KM_H_PER_SPEED,
    KM_PER_LENGTH,
    LON_LAT,
    MODES,
    SPECS,
    UNASSIGNED,
)
from dehliz.network.network import TABLE_RULES, TABLES, Build, Network, RawTable, build_network

_OWN_TABLES: Final = tuple(table for table in (*TABLES, "shape") if table not in ("node", "link", "zone"))
_SIGNS: Final = (
    ("node.csv", {"x_coord", "y_coord"}),
    ("link.csv", {"allowed_uses", "free_speed", "facility_type", "lanes"}),
    ("config.csv", {"long_length", "short_length"}),
)
"""Columns that only GMNS has."""


def is_gmns(folder: Path) -> bool:
    """Whether the headers of a folder's files use words that only GMNS has."""
    for file, words in _SIGNS:
        path = folder / file
        if path.is_file():
            with path.open("rb") as stream:
                header = stream.readline(4096).decode("utf-8", errors="replace")
            if words & {name.strip(" \ufeff\"'\r\n") for name in header.replace(";", ",").split(",")}:
                return True
    return False


def read_gmns(folder: Path, name: str, build: Build = build_network) -> Network:
    """The network of a GMNS folder.

    Parameters
    ----------
    folder : Path
        With ``node.csv`` and ``link.csv``; ``config.csv`` for the units, and ``zone.csv``, ``geometry.csv`` and
        ``use_group.csv`` when there are any. Tables of ours (``mode.csv``, ``terminal.csv``, ...) and columns of
        ours (``country_id``) are read too.
    name : str
        What to call the network.
    build : callable
        Checks the tables and keeps them.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    issues: list[Issue] = []
    notes: list[str] = []
    sheets, own = _read_sheets(folder, issues, notes)
    issues += check_references(sheets, _find_lost(issues))
    length_km, speed_km_h = _read_units(sheets["config"], folder, issues, notes)
    tables = {
        table: raw for table in _OWN_TABLES if (raw := _read_own(folder, table, issues, notes)) is not None
    }
    modes = texts_of(tables["mode"].frame["mode_id"]) if _has_column(tables.get("mode"), "mode_id") else None
    issues += [
        _say_no_rows(sheets[key]) for key in ("node", "link") if sheets[key].frame.empty and not issues
    ]
    links = read_links(sheets, own["link"], (length_km, speed_km_h), modes, issues, notes)
    if issues:
        raise DataError(f"The GMNS folder {name} cannot be used: {say_count(len(issues), 'fault')}.", issues)
    tables["link"] = links.table
    tables["node"] = _make_nodes(sheets["node"], own["node"], links, notes)
    tables |= _make_zones(sheets, own["zone"], tables, links, notes)
    tables |= _make_rest(tables, links, notes)
    return build(tables, name=name, notes=notes)


def _say_no_rows(sheet: Sheet) -> Issue:
    rule = TABLE_RULES[0]
    return Issue(f"{sheet.spec.name}.table.rows", sheet.file, (), "no rows", rule.expected, rule.remedy)


def _find_lost(issues: list[Issue]) -> set[str]:
    """GMNS tables that could not be read in full; named as in ``SPECS``."""
    return {
        issue.rule.split(".")[0].removeprefix("gmns_")
        for issue in issues
        if ".file." in issue.rule or (issue.rule.endswith("_id.present") and not issue.ids)
    }


def _has_column(raw: RawTable | None, column: str) -> bool:
    return raw is not None and column in raw.frame.columns


def _read_sheets(
    folder: Path, issues: list[Issue], notes: list[str]
) -> tuple[dict[str, Sheet], dict[str, pd.DataFrame]]:
    """Typed GMNS tables, and beside them the columns with our own names, as text."""
    sheets: dict[str, Sheet] = {}
    own: dict[str, pd.DataFrame] = {}
    for table, spec in SPECS.items():
        path = folder / f"{table}.csv"
        if not path.is_file():
            if table in ("node", "link"):
                issues.append(say_file_issue("exists", spec.name, path.name, "there is no such file"))
            sheets[table] = Sheet(spec, check_table(pd.DataFrame(), spec, path.name)[0], path.name)
            own[table] = pd.DataFrame()
            continue
        text = read_text_table(path, spec.name)
        issues += text.issues
        notes += text.notes
        frame = text.frame.mask(text.frame == "NaN", "")
        ours = read_spec(table).column_names if table in TABLES else ()
        kept = [column for column in frame.columns if column in ours and column not in spec.column_names]
        own[table] = frame[kept]
        if len(frame.columns):
            typed, faults = check_table(frame.drop(columns=kept), spec, path.name, text.lines)
            issues += faults
        else:
            typed = check_table(frame, spec, path.name)[0]
        sheets[table] = Sheet(spec, typed, path.name, text.lines)
        _note_unused(table, [str(column) for column in frame.columns], spec.column_names, ours, notes)
    return sheets, own


def _note_unused(
    table: str, columns: list[str], known: tuple[str, ...], ours: tuple[str, ...], notes: list[str]
) -> None:
    unused = {column.name for column in SPECS[table].columns if column.description == "Not used here"}
    passed = [
        name for name in columns if (name in unused and table != "config") or name not in (*known, *ours)
    ]
    if passed:
        notes.append(f"{table}.csv: not used: {', '.join(passed)}")


def _read_own(folder: Path, table: str, issues: list[Issue], notes: list[str]) -> RawTable | None:
    path = folder / f"{table}.csv"
    if not path.is_file():
        return None
    text = read_text_table(path, table)
    issues += text.issues
    notes += text.notes
    return RawTable(text.frame, path.name, text.lines) if len(text.frame.columns) else None


def _read_units(config: Sheet, folder: Path, issues: list[Issue], notes: list[str]) -> tuple[float, float]:
    """Kilometres per unit of length, kilometres per hour per unit of speed."""
    if not (folder / "config.csv").is_file():
        found = "there is no such file, so that the units of length and free_speed are not known"
        issues.append(say_file_issue("exists", "gmns_config", "config.csv", found))
        return 1.0, 1.0
    if any(issue.rule.startswith("gmns_config.file") for issue in issues):
        return 1.0, 1.0
    if len(config.frame) != 1:
        rule = GMNS_RULES["gmns_config.long_length.rows"]
        found = f"{len(config.frame)} rows"
        issues.append(Issue(rule.name, config.file, (), found, rule.expected, rule.remedy))
        return 1.0, 1.0
    row = {name: str(config.frame[name].iat[0]).strip() for name in config.frame.columns}
    length = KM_PER_LENGTH.get(row["long_length"].casefold())
    if length is None:
        _find_config(config, "long_length", row["long_length"], issues)
    speed = KM_H_PER_SPEED.get(row["speed"].casefold())
    if not row["speed"] and length is not None:
        notes.append(f"config.csv names no unit of speed: {row['long_length']} per hour is assumed")
        speed = length
    elif speed is None:
        _find_config(config, "speed", row["speed"], issues)
    if not row["crs"]:
        notes.append("config.csv names no crs: longitude and latitude (EPSG:4326) are assumed")
    elif row["crs"].casefold() not in LON_LAT:
        _find_config(config, "crs", row["crs"], issues)
    return length or 1.0, speed or 1.0


def _find_config(config: Sheet, column: str, found: str, issues: list[Issue]) -> None:
    issues += config.find(
        GMNS_RULES[f"gmns_config.{column}.known"], column, {0: f"'{found}'" if found else "nothing"}
    )


def _fill(own: pd.DataFrame, column: str, default: list[str]) -> list[str]:
    """A column of ours, with a default where the folder says nothing."""
    if column not in own.columns:
        return default
    return [text.strip() or other for text, other in zip(texts_of(own[column]), default, strict=True)]


def _make_nodes(node: Sheet, own: pd.DataFrame, links: GmnsLinks, notes: list[str]) -> RawTable:
    ids = texts_of(node.frame["node_id"])
    kinds = read_spec("node").column("kind").choices
    types = [text.casefold() for text in texts_of(node.frame["node_type"])]
    media = {mode: MODES[mode][1] if mode in MODES else "road" for mode in links.modes}
    plain = {"rail": "rail", "sea": "sea", "water": "sea"}
    by_mode = {name: plain.get(media[mode], "road") for name, mode in reversed(links.touched)}
    guessed = [
        kind if kind in kinds else by_mode.get(name, "road") for name, kind in zip(ids, types, strict=True)
    ]
    count = sum(kind not in kinds for kind in types)
    if count and "kind" not in own.columns:
        notes.append(f"node.csv: the kind of {say_count(count, 'node')} is taken from the modes of links")
    columns = {
        "node_id": ids,
        "name": [name or key for name, key in zip(texts_of(node.frame["name"]), ids, strict=True)],
        "country_id": _fill(own, "country_id", [UNASSIGNED] * len(ids)),
        "lon_deg": node.frame["x_coord"].to_numpy(),
        "lat_deg": node.frame["y_coord"].to_numpy(),
        "kind": _fill(own, "kind", guessed),
    }
    rest = {column: texts_of(own[column]) for column in own.columns if column not in columns}
    return RawTable(pd.DataFrame(columns | rest), node.file, node.lines)


def _make_zones(
    sheets: Mapping[str, Sheet],
    own: pd.DataFrame,
    tables: Mapping[str, RawTable],
    links: GmnsLinks,
    notes: list[str],
) -> dict[str, RawTable]:
    zone = sheets["zone"].frame
    node = tables["node"].frame
    at = _place_zones(sheets["node"].frame)
    names = dict(zip(texts_of(zone["zone_id"]), texts_of(zone["name"]), strict=True))
    if "node_id" in own.columns:
        at |= {key: text for key, text in zip(names, texts_of(own["node_id"]), strict=True) if text}
    if not at:
        used = {name for name, _ in links.touched}
        at = {name: name for name in texts_of(node["node_id"]) if name in used}
        names = dict(zip(texts_of(node["node_id"]), texts_of(node["name"]), strict=True))
        notes.append(f"The folder has no zones: each node with a link is one, {say_count(len(at), 'zone')}")
    lone = [key for key in names if key not in at] if len(zone) else []
    if lone:
        notes.append(f"zone.csv: {say_count(len(lone), 'zone')} without a node left out: {list_ids(lone)}")
    country = dict(zip(texts_of(node["node_id"]), texts_of(node["country_id"]), strict=True))
    frame = pd.DataFrame(
        {
            "zone_id": list(at),
            "name": [names.get(key) or key for key in at],
            "node_id": list(at.values()),
            "country_id": [country.get(name, UNASSIGNED) for name in at.values()],
        },
        dtype="str",
    )
    return {"zone": RawTable(frame, sheets["zone"].file)}


def _place_zones(node: pd.DataFrame) -> dict[str, str]:
    """Zone -> its centroid: the first node of type centroid in it, or else its first node."""
    at: dict[str, str] = {}
    centroids: set[str] = set()
    rows = zip(texts_of(node["zone_id"]), texts_of(node["node_id"]), texts_of(node["node_type"]), strict=True)
    for zone, name, kind in rows:
        is_centroid = kind.casefold() == "centroid"
        if zone and (zone not in at or (is_centroid and zone not in centroids)):
            at[zone] = name
            if is_centroid:
                centroids.add(zone)
    return at


def _make_rest(tables: Mapping[str, RawTable], links: GmnsLinks, notes: list[str]) -> dict[str, RawTable]:
    """Modes, countries and connectors, where the folder has none of its own."""
    made: dict[str, RawTable] = {}
    if "mode" not in tables:
        rows = [(mode, *MODES[mode]) for mode in links.modes]
        columns = ["mode_id", "name", "medium", "gauge_mm", "description"]
        made["mode"] = RawTable(pd.DataFrame(rows, columns=columns, dtype="str"), "table mode")
    used = {text for table in ("node", "link") for text in texts_of(tables[table].frame["country_id"])}
    if "country" not in tables:
        names = [(text, "Unassigned" if text == UNASSIGNED else text) for text in sorted(used - {""})]
        made["country"] = RawTable(
            pd.DataFrame(names, columns=["country_id", "name"], dtype="str"), "table country"
        )
        if UNASSIGNED in used:
            notes.append(
                f"Places without a country are given {UNASSIGNED}, so that no border lies between them"
            )
    if "connector" not in tables:
        made["connector"] = _make_connectors(tables["zone"].frame, links)
        notes.append(
            "Zones load and unload at their node without time, cost or emissions: GMNS has no column for them"
        )
    if len(links.shapes):
        shapes = [tables["shape"].frame, links.shapes] if "shape" in tables else [links.shapes]
        made["shape"] = RawTable(pd.concat(shapes, ignore_index=True), "link.csv and shape.csv")
    return made


def _make_connectors(zone: pd.DataFrame, links: GmnsLinks) -> RawTable:
    modes_at: dict[str, list[str]] = {}
    for name, mode in dict.fromkeys(links.touched):
        modes_at.setdefault(name, []).append(mode)
    rows = [
        (f"{key}_{mode}", key, name, mode)
        for key, name in zip(texts_of(zone["zone_id"]), texts_of(zone["node_id"]), strict=True)
        for mode in sorted(modes_at.get(name, []))
    ]
    frame = pd.DataFrame(rows, columns=["connector_id", "zone_id", "node_id", "mode_id"], dtype="str")
    for column in ("handling_time_h", "waiting_time_h", "cost_usd_teu", "cost_usd_t", "emissions_kgco2e_t"):
        frame[column] = 0.0
    return RawTable(frame, "table connector")
