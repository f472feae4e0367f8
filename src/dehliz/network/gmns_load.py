"""A GMNS folder as a network that can be loaded: directed links with free times, capacities and delays.

``network/gmns.py`` reads the same folder for ways and freight; this file reads what an assignment needs, for all uses,
and assumes nothing that the folder does not say. ``graph/standard.py`` goes on from here.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dehliz.base.check import check_references, check_table
from dehliz.base.errors import DataError, Issue, list_ids, say_count
from dehliz.base.schema import ColumnSpec, ColumnType, TableSpec
from dehliz.base.sheet import Rule, Sheet, rows_where, texts_of
from dehliz.network.csvtext import read_text_table, say_file_issue
from dehliz.network.gmns_words import GMNS_RULES, KM_H_PER_SPEED, KM_PER_LENGTH, NOT_FREIGHT

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

LOAD_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "gmns_link.length.needed",
            "Each link that can be loaded needs a length",
            "Fill in length",
        ),
        Rule(
            "gmns_link.capacity.needed",
            "A link whose time grows with its flow needs a capacity",
            "Fill in capacity, or write 0 as its vdf_alpha",
        ),
        Rule(
            "gmns_link.lanes.needed",
            "GMNS gives capacity per lane, so that a link with a capacity needs its number of lanes",
            "Fill in lanes; write 1 where the capacity is that of the whole link",
        ),
        Rule(
            "gmns_link.vdf_alpha.needed",
            "Each link needs vdf_alpha and vdf_beta: time is free time x (1 + alpha x (flow / capacity) ^ beta)",
            "Fill in both columns, or give the same pair for all links: --bpr ALPHA,BETA",
        ),
        Rule(
            "gmns_link.toll.needed",
            "The toll factor needs column toll",
            "Add the column, or leave the factor out",
        ),
        Rule(
            "gmns_node.zone_id.needed",
            "Demand starts and ends in zones",
            "Write the zone of nodes in column zone_id",
        ),
    )
}
"""Rules for GMNS folders that are to be loaded, beside those for reading them at all."""


def _column(name: str, kind: ColumnType, text: str, *, needed: bool = False, low: float | None = None,
            refers: str = "", is_key: bool = False) -> ColumnSpec:  # fmt: skip
    return ColumnSpec(name, kind, "", (), needed, "", low, None, is_key, refers, "input", text, "GMNS")


_SPECS: Final = {
    "node": TableSpec(
        "gmns_node",
        (
            _column("node_id", "id", "Identifier", needed=True, is_key=True),
            _column("node_type", "text", "What it represents"),
            _column("zone_id", "id", "Zone in which it lies"),
        ),
    ),
    "link": TableSpec(
        "gmns_link",
        (
            _column("link_id", "id", "Identifier", needed=True, is_key=True),
            _column("from_node_id", "id", "First end", needed=True, refers="node.node_id"),
            _column("to_node_id", "id", "Other end", needed=True, refers="node.node_id"),
            _column("directed", "bool", "True when it can be used from first to other end only", needed=True),
            _column("length", "float", "Length in the unit long_length of config.csv", low=0.0),
            _column("free_speed", "float", "Speed in the unit of config.csv", low=0.0),
            _column("capacity", "float", "Capacity of a lane per hour", low=0.0),
            _column("lanes", "float", "Number of lanes", low=0.0),
            _column("vdf_alpha", "float", "Factor of the delay", low=0.0),
            _column("vdf_beta", "float", "Power of the delay", low=0.0),
            _column("toll", "float", "Toll", low=0.0),
            _column("allowed_uses", "text", "Uses, separated by commas"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class GmnsRoads:
    """Directed links of a GMNS folder. Arrays are read-only.

    Attributes
    ----------
    name : str
        Name of the folder.
    node_ids, zone_ids, link_ids : tuple of str
        Ids behind the positions; a link that is not directed stands twice.
    is_centroid : (n_node,) bool
        Nodes of type centroid, through which no route passes.
    zone_node : (n_zone,) int32
        Node of each zone: its centroid, or its first node.
    from_node, to_node : (n_link,) int32
        Positions of nodes.
    length_km, free_time_h : (n_link,) float64
        Length, and length by speed.
    capacity_veh_h : (n_link,) float64
        Of all lanes, ``inf`` where the time does not depend on it.
    alpha_factor, beta_factor : (n_link,) float64
        Time is ``free_time_h * (1 + alpha * (flow / capacity) ** beta)``.
    toll : (n_link,) float64
        As written; 0 where there is none.
    notes : tuple of str
        What was passed over.
    """

    name: str
    node_ids: tuple[str, ...]
    zone_ids: tuple[str, ...]
    link_ids: tuple[str, ...]
    is_centroid: npt.NDArray[np.bool_]
    zone_node: Ints
    from_node: Ints
    to_node: Ints
    length_km: Floats
    free_time_h: Floats
    capacity_veh_h: Floats
    alpha_factor: Floats
    beta_factor: Floats
    toll: Floats
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


def read_gmns_roads(
    folder: Path, bpr: tuple[float, float] | None = None, *, is_toll_needed: bool = False
) -> GmnsRoads:
    """What an assignment needs of a GMNS folder.

    Parameters
    ----------
    folder : Path
        With ``node.csv`` (``zone_id``), ``link.csv`` (``length``, ``free_speed``, ``capacity``, ``lanes``,
        ``vdf_alpha``, ``vdf_beta``) and ``config.csv`` (units).
    bpr : (float, float), optional
        Factor and power of the delay, where ``link.csv`` has no columns for them.
    is_toll_needed : bool
        Whether links must have a toll, because a factor is put on it.

    Raises
    ------
    DataError
        With every fault of every file.
    """
    issues: list[Issue] = []
    notes: list[str] = []
    given: set[str] = set()
    sheets = {table: _read_sheet(folder, table, issues, given) for table in _SPECS}
    units = _read_units(folder, issues)
    if not issues:
        issues += check_references(sheets)
        issues += _check_links(sheets["link"], given, bpr, is_toll_needed)
        if not any(texts_of(sheets["node"].frame["zone_id"])):
            rule = LOAD_RULES["gmns_node.zone_id.needed"]
            found = "no node names its zone"
            issues.append(Issue(rule.name, "node.csv, column zone_id", (), found, rule.expected, rule.remedy))
    if issues:
        raise DataError(
            f"The GMNS folder {folder.resolve().name} cannot be loaded: {say_count(len(issues), 'fault')}.",
            issues,
        )
    return _make_roads(folder.resolve().name, sheets["node"].frame, sheets["link"].frame, units, bpr, notes)


def _read_sheet(folder: Path, table: str, issues: list[Issue], given: set[str]) -> Sheet:
    spec = _SPECS[table]
    path = folder / f"{table}.csv"
    if not path.is_file():
        issues.append(say_file_issue("exists", spec.name, path.name, "there is no such file"))
        return Sheet(spec, check_table(pd.DataFrame(), spec, path.name)[0], path.name)
    text = read_text_table(path, spec.name)
    issues += text.issues
    if not len(text.frame.columns):
        return Sheet(spec, check_table(pd.DataFrame(), spec, path.name)[0], path.name)
    kept = [name for name in spec.column_names if name in text.frame.columns]
    given.update(kept)
    typed, faults = check_table(
        text.frame[kept].mask(text.frame[kept] == "NaN", ""), spec, path.name, text.lines
    )
    issues += faults
    return Sheet(spec, typed, path.name, text.lines)


def _read_units(folder: Path, issues: list[Issue]) -> tuple[float, float]:
    """Kilometres per unit of length, kilometres per hour per unit of speed; both must be named."""
    path = folder / "config.csv"
    if not path.is_file():
        found = "there is no such file, so that the units of length and free_speed are not known"
        issues.append(say_file_issue("exists", "gmns_config", path.name, found))
        return 1.0, 1.0
    text = read_text_table(path, "gmns_config")
    issues += text.issues
    units: list[float] = []
    for column, known in (("long_length", KM_PER_LENGTH), ("speed", KM_H_PER_SPEED)):
        cells = texts_of(text.frame[column]) if column in text.frame.columns else []
        word = cells[0].strip() if cells else ""
        if word.casefold() not in known and not text.issues:
            rule = GMNS_RULES[f"gmns_config.{column}.known"]
            found = f"'{word}'" if word else "nothing"
            issues.append(
                Issue(rule.name, f"config.csv, column {column}", (), found, rule.expected, rule.remedy)
            )
        units.append(known.get(word.casefold(), 1.0))
    return units[0], units[1]


def _check_links(
    link: Sheet, given: set[str], bpr: tuple[float, float] | None, is_toll_needed: bool
) -> list[Issue]:
    """What is missing for loading, link by link."""
    frame = link.frame
    used = ~_is_walk(frame)
    alpha, beta = _find_delay(frame, bpr)
    has_delay = (alpha > 0.0) & (beta > 0.0)
    capacity = frame["capacity"].to_numpy()
    missing = {
        "length.needed": used & frame["length"].isna().to_numpy(),
        "capacity.needed": used & has_delay & np.isnan(capacity),
        "lanes.needed": used & has_delay & ~np.isnan(capacity) & frame["lanes"].isna().to_numpy(),
        "vdf_alpha.needed": used & (np.isnan(alpha) | np.isnan(beta)),
    }
    if is_toll_needed:
        missing["toll.needed"] = used & frame["toll"].isna().to_numpy()
    issues: list[Issue] = []
    for name, mask in missing.items():
        column = name.partition(".")[0]
        found = "no value" if column in given else "there is no such column"
        rule = LOAD_RULES[f"gmns_link.{name}"]
        if column in given:
            issues += link.find(rule, column, dict.fromkeys(rows_where(mask), found))
        elif mask.any():
            issues.append(
                Issue(rule.name, f"link.csv, column {column}", (), found, rule.expected, rule.remedy)
            )
    slow = ~(frame["free_speed"].to_numpy() > 0.0) & used
    faults = dict.fromkeys(rows_where(slow), "no speed")
    issues += link.find(GMNS_RULES["gmns_link.free_speed.given"], "free_speed", faults)
    return issues


def _is_walk(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Links on which nothing drives."""
    uses = [text.replace(";", ",").casefold().split(",") for text in texts_of(frame["allowed_uses"])]
    words = [{word.strip() for word in parts if word.strip()} for parts in uses]
    return np.array([bool(names) and names <= NOT_FREIGHT for names in words], dtype=bool)


def _find_delay(frame: pd.DataFrame, bpr: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """Factor and power of each link: its own, or the pair given for all; NaN where there is neither."""
    alpha, beta = (frame[name].to_numpy(dtype=float, copy=True) for name in ("vdf_alpha", "vdf_beta"))
    beta[(alpha == 0.0) & np.isnan(beta)] = 0.0
    if bpr is not None:
        without = np.isnan(alpha) & np.isnan(beta)
        alpha[without], beta[without] = bpr
    return alpha, beta


def _make_roads(
    name: str,
    node: pd.DataFrame,
    link: pd.DataFrame,
    units: tuple[float, float],
    bpr: tuple[float, float] | None,
    notes: list[str],
) -> GmnsRoads:
    walk = _is_walk(link)
    if walk.any():
        notes.append(f"link.csv: {say_count(int(walk.sum()), 'link')} for walking and cycling left out")
    kept = link[~walk].reset_index(drop=True)
    alpha, beta = _find_delay(kept, bpr)
    total = kept["capacity"].to_numpy(dtype=float) * kept["lanes"].to_numpy(dtype=float)
    ids = texts_of(node["node_id"])
    place = {key: at for at, key in enumerate(ids)}
    ends = [
        np.array([place[key] for key in texts_of(kept[end])], np.int32)
        for end in ("from_node_id", "to_node_id")
    ]
    # A link that is not directed is two, each with the capacity as written.
    back = np.flatnonzero(~kept["directed"].to_numpy(dtype=bool))
    order = np.concatenate([np.arange(len(kept)), back])
    if len(back):
        notes.append(
            f"link.csv: {say_count(len(back), 'link')} not directed: capacity holds for each direction"
        )
    length = kept["length"].to_numpy(dtype=float) * units[0]
    names = texts_of(kept["link_id"])
    zone_ids, zone_node, is_centroid = _place_zones(node, notes)
    return GmnsRoads(
        name=name, node_ids=tuple(ids), zone_ids=zone_ids, link_ids=tuple(names[row] for row in order),
        is_centroid=is_centroid, zone_node=zone_node,
        from_node=np.concatenate([ends[0], ends[1][back]]), to_node=np.concatenate([ends[1], ends[0][back]]),
        length_km=length[order], free_time_h=(length / (kept["free_speed"].to_numpy(dtype=float) * units[1]))[order],
        capacity_veh_h=np.where(np.isnan(total), np.inf, total)[order],
        alpha_factor=alpha[order], beta_factor=beta[order],
        toll=kept["toll"].fillna(0.0).to_numpy(dtype=float)[order], notes=tuple(notes),
    )  # fmt: skip


def _place_zones(node: pd.DataFrame, notes: list[str]) -> tuple[tuple[str, ...], Ints, npt.NDArray[np.bool_]]:
    """Zones in the order of their first node, the node of each, and which nodes are centroids."""
    is_centroid = np.array(
        [kind.strip().casefold() == "centroid" for kind in texts_of(node["node_type"])], dtype=bool
    )
    at: dict[str, int] = {}
    several: list[str] = []
    for row, zone in enumerate(texts_of(node["zone_id"])):
        if not zone:
            continue
        if zone not in at or (is_centroid[row] and not is_centroid[at[zone]]):
            at[zone] = row
        elif is_centroid[row] == is_centroid[at[zone]]:
            several.append(zone)
    if several:
        notes.append(
            f"node.csv: the first node stands for zones of several: {list_ids(list(dict.fromkeys(several)))}"
        )
    return tuple(at), np.array(list(at.values()), np.int32), is_centroid
