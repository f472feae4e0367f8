"""The words of GMNS (General Modeling Network Specification) and what they are called here.

Columns of its ``node``, ``link``, ``zone`` and ``config`` tables, units, and uses. Names that mean the same are the
same here; ``length`` and ``free_speed`` get their unit from ``config.csv``.

References
----------
Zephyr Foundation, General Modeling Network Specification, version 0.96, tables config, node, link and zone.
"""

from typing import Final

from dehliz.base.schema import ColumnSpec, ColumnType, TableSpec
from dehliz.base.sheet import Rule

KM_PER_LENGTH: Final = {
    "km": 1.0, "kilometer": 1.0, "kilometers": 1.0, "kilometre": 1.0, "kilometres": 1.0,
    "mi": 1.609344, "mile": 1.609344, "miles": 1.609344,
    "m": 0.001, "meter": 0.001, "meters": 0.001, "metre": 0.001, "metres": 0.001,
    "ft": 0.0003048, "foot": 0.0003048, "feet": 0.0003048,
}  # fmt: skip
"""Units of ``long_length`` [km]. The international mile and foot are exact: 1959 yard and pound agreement."""

KM_H_PER_SPEED: Final = {
    "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "kmph": 1.0, "kilometers per hour": 1.0, "kilometres per hour": 1.0,
    "mph": 1.609344, "mi/h": 1.609344, "miles per hour": 1.609344, "m/s": 3.6, "meters per second": 3.6,
}  # fmt: skip
"""Units of ``speed`` [km/h]."""

LON_LAT: Final = frozenset({"4326", "epsg:4326", "wgs84", "wgs 84", "ogc:crs84", "crs84"})
"""Names of the only coordinate system that is read."""

MODE_OF_USE: Final = {
    "road": "road", "all": "road", "truck": "road", "trucks": "road", "hgv": "road", "heavytruck": "road",
    "lighttruck": "road", "auto": "road", "car": "road", "sov": "road", "hov": "road", "hov2": "road", "bus": "road",
    "rail": "rail_1435", "train": "rail_1435", "freight_rail": "rail_1435",
    "rail_1435": "rail_1435", "rail_1520": "rail_1520",
    "sea": "sea_container", "ship": "sea_container", "vessel": "sea_container", "sea_container": "sea_container",
    "rail_ferry": "rail_ferry", "roro": "roro", "barge": "barge", "pipeline": "pipeline",
}  # fmt: skip
"""Use of a link -> mode."""

NOT_FREIGHT: Final = frozenset(
    {"walk", "pedestrian", "foot", "bike", "bicycle", "cycle", "sidewalk", "wheelchair"}
)
"""Uses that carry no freight; links of nothing else are left out."""

MODES: Final = {
    "road": ("Road", "road", "", "Trucks"),
    "rail_1435": ("Standard gauge rail", "rail", "1435", "Trains on 1435 mm"),
    "rail_1520": ("Broad gauge rail", "rail", "1520", "Trains on 1520 mm"),
    "sea_container": ("Container ship", "sea", "", "Boxes on ship"),
    "rail_ferry": ("Rail ferry", "sea", "", "Wagons on ship"),
    "roro": ("Ro-ro ferry", "sea", "", "Trucks on ship"),
    "barge": ("Barge", "water", "", "Inland waterways"),
    "pipeline": ("Pipeline", "pipeline", "", "Liquids"),
}
"""Mode -> name, medium, gauge and description, for a folder without ``mode.csv``."""

UNASSIGNED: Final = "ZZ"
"""Country of what has none: user-assigned in ISO 3166-1."""


def _column(
    name: str,
    kind: ColumnType,
    description: str,
    *,
    needed: bool = False,
    low: float | None = None,
    high: float | None = None,
    refers: str = "",
) -> ColumnSpec:
    return ColumnSpec(name, kind, "", (), needed, "", low, high, False, refers, "input", description, "GMNS")


def _key(name: str) -> ColumnSpec:
    return ColumnSpec(name, "id", "", (), True, "", None, None, True, "", "input", "Identifier", "GMNS")


def _texts(*names: str) -> tuple[ColumnSpec, ...]:
    return tuple(_column(name, "text", "Not used here") for name in names)


SPECS: Final = {
    "node": TableSpec(
        "gmns_node",
        (
            _key("node_id"),
            _column("name", "text", "Name"),
            _column("x_coord", "float", "Longitude [deg]", needed=True, low=-180.0, high=180.0),
            _column("y_coord", "float", "Latitude [deg]", needed=True, low=-90.0, high=90.0),
            _column("node_type", "text", "What it represents"),
            _column("zone_id", "id", "Zone in which it lies"),
            *_texts("z_coord", "ctrl_type", "parent_node_id"),
        ),
    ),
    "link": TableSpec(
        "gmns_link",
        (
            _key("link_id"),
            _column("name", "text", "Name"),
            _column("from_node_id", "id", "First end", needed=True, refers="node.node_id"),
            _column("to_node_id", "id", "Other end", needed=True, refers="node.node_id"),
            _column("directed", "bool", "True when it can be used from first to other end only", needed=True),
            _column("geometry_id", "id", "Row of geometry.csv"),
            _column("geometry", "text", "Line as well-known text"),
            _column("length", "float", "Length in the unit long_length of config.csv", low=0.0),
            _column("free_speed", "float", "Speed in the unit of config.csv", low=0.0),
            _column("allowed_uses", "text", "Uses, separated by commas"),
            *_texts(
                "parent_link_id",
                "dir_flag",
                "grade",
                "facility_type",
                "capacity",
                "lanes",
                "bike_facility",
                "ped_facility",
                "parking",
                "toll",
                "jurisdiction",
                "row_width",
            ),
        ),
    ),
    "zone": TableSpec(
        "gmns_zone",
        (
            _key("zone_id"),
            _column("name", "text", "Name"),
            *_texts("boundary", "super_zone"),
        ),
    ),
    "config": TableSpec(
        "gmns_config",
        _texts(
            "dataset_name",
            "short_length",
            "long_length",
            "speed",
            "crs",
            "geometry_field_format",
            "currency",
            "version_number",
            "id_type",
        ),
    ),
    "geometry": TableSpec(
        "gmns_geometry",
        (
            _key("geometry_id"),
            _column("geometry", "text", "Line as well-known text", needed=True),
        ),
    ),
    "use_group": TableSpec(
        "gmns_use_group",
        (
            _column("use_group", "text", "Name of the group", needed=True),
            _column("uses", "text", "Uses in it, separated by commas", needed=True),
            *_texts("description"),
        ),
    ),
}
"""GMNS tables that are read, in the form of the data dictionary."""

GMNS_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "gmns_config.long_length.known",
            f"A unit of length is needed: {', '.join(KM_PER_LENGTH)}",
            "Write the unit of column length of link.csv as long_length into config.csv",
        ),
        Rule(
            "gmns_config.speed.known",
            f"A unit of speed is needed: {', '.join(KM_H_PER_SPEED)}",
            "Write the unit of column free_speed of link.csv as speed into config.csv",
        ),
        Rule(
            "gmns_config.crs.known",
            "Coordinates are longitude and latitude (EPSG:4326)",
            "Transform the coordinates, and write EPSG:4326 as crs into config.csv",
        ),
        Rule(
            "gmns_config.long_length.rows",
            "File config.csv has one row",
            "Leave the row that holds and remove the others",
        ),
        Rule(
            "gmns_link.allowed_uses.known",
            f"Uses are modes of mode.csv, groups of use_group.csv, or {', '.join(MODE_OF_USE)}",
            "Correct the use, or describe it in mode.csv",
        ),
        Rule(
            "gmns_link.geometry.wkt",
            "A line as well-known text is needed, such as LINESTRING (71.4 51.1, 76.9 43.2)",
            "Correct the text, or leave the cell empty",
        ),
        Rule(
            "gmns_link.length.given",
            "Each link needs a length, or a line on which it can be measured",
            "Fill in length or geometry",
        ),
        Rule(
            "gmns_link.free_speed.given",
            "Each link needs a speed; none is assumed",
            "Fill in free_speed",
        ),
    )
}
"""Rules for GMNS folders beyond the columns themselves."""
