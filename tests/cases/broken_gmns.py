# ruff: noqa: E501
"""Ways to break gmns_small: (folder name, what is wrong, edits ...)."""

from typing import Any

from tests.cases.broken_network import gone
from tests.cases.edits import cell, copy_row, drop, drop_row, raw, rename, text

GMNS: list[tuple[Any, ...]] = [
    ("gmns.file.exists.config", "no config.csv, so that the units are not known", gone("config.csv")),
    ("gmns.file.exists.link", "no link.csv", gone("link.csv")),
    ("gmns.file.exists.node", "no node.csv", gone("node.csv")),
    ("gmns.file.separator", "semicolons in node.csv", raw("node.csv", lambda data: data.replace(b",", b";"))),
    ("gmns.file.encoding", "link.csv in UTF-16", raw("link.csv", lambda data: data.decode().encode("utf-16"))),
    ("gmns_config.long_length.known", "lengths in furlongs", text("config.csv", ",miles,", ",furlongs,")),
    ("gmns_config.long_length.empty", "no unit of length", text("config.csv", ",miles,", ",,")),
    ("gmns_config.speed.known", "speed in knots", text("config.csv", ",mph,", ",knots,")),
    ("gmns_config.crs.known", "coordinates in metres of UTM", text("config.csv", "EPSG:4326", "EPSG:32638")),
    ("gmns_config.long_length.rows", "config.csv with two rows", copy_row("config.csv", "small")),
    ("gmns_node.x_coord.present", "node.csv without x_coord", drop("node.csv", "x_coord")),
    ("gmns_node.x_coord.nearest", "x_coord misspelt", rename("node.csv", "x_coord", "xcoord")),
    ("gmns_node.y_coord.type", "text as a coordinate", cell("node.csv", "2", "y_coord", "north")),
    ("gmns_node.node_id.unique", "a node twice", copy_row("node.csv", "2")),
    ("gmns_link.link_id.unique", "a link twice", copy_row("link.csv", "12")),
    ("gmns_link.from_node_id.present", "link.csv without from_node_id", drop("link.csv", "from_node_id")),
    ("gmns_link.from_node_id.nearest", "from_node instead of from_node_id", rename("link.csv", "from_node_id", "from_node")),
    ("gmns_link.to_node_id.refers", "a link to nowhere", cell("link.csv", "11", "to_node_id", "22")),
    ("gmns_link.directed.present", "link.csv without directed", drop("link.csv", "directed")),
    ("gmns_link.length.bounds", "a negative length", cell("link.csv", "11", "length", "-70")),
    ("gmns_link.length.type", "text as a length", cell("link.csv", "11", "length", "70 mi")),
    ("gmns_link.length.given", "a link without a length and without a line", cell("link.csv", "11", "length", "")),
    ("gmns_link.free_speed.given", "a link without a speed", cell("link.csv", "11", "free_speed", "NaN")),
    ("gmns_link.free_speed.column", "link.csv without free_speed", drop("link.csv", "free_speed")),
    ("gmns_link.allowed_uses.known", "a use that is not known", cell("link.csv", "11", "allowed_uses", "auto,hyperloop")),
    ("gmns_link.geometry.wkt", "a point instead of a line", cell("link.csv", "12", "geometry", "POINT (11 1)")),
    ("gmns_link.geometry.numbers", "a line with text in it", cell("link.csv", "12", "geometry", "LINESTRING (11 1, twelve 1)")),
    ("gmns_link.length.great_circle", "lengths in the wrong unit", text("config.csv", ",miles,", ",feet,")),
    ("gmns_link.speed.bounds", "speeds above what freight does", cell("link.csv", "11", "free_speed", "500")),
    ("gmns.table.rows", "a link.csv with a header and no rows", drop_row("link.csv", "*")),
    (
        "gmns.many",
        "five faults in three files, told in one list",
        cell("node.csv", "1", "x_coord", "east"),
        cell("link.csv", "11", "free_speed", ""),
        cell("link.csv", "13", "to_node_id", "99"),
        cell("link.csv", "14", "allowed_uses", "zeppelin"),
        text("config.csv", ",mph,", ",warp,"),
    ),
]  # fmt: skip
