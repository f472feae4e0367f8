"""The words of the TNTP format: tags, columns by name and by place, and the rules that its files must follow.

References
----------
Transportation Networks for Research Core Team, Transportation Networks for Research, section "TNTP Data format".
"""

from typing import Final

from dehliz.base.sheet import Rule

COLUMNS: Final = (
    "init_node",
    "term_node",
    "capacity",
    "length",
    "free_flow_time",
    "b",
    "power",
    "speed",
    "toll",
    "link_type",
)
"""Columns of a net file by place, for files whose header does not name them."""

NEEDED: Final = ("init_node", "term_node", "capacity", "free_flow_time", "b", "power")
OPTIONAL: Final = ("length", "toll")
"""Columns that only a distance or toll factor needs."""

COLUMN_OF_WORD: Final = {
    "init_node": "init_node", "initnode": "init_node", "init": "init_node", "tail": "init_node",
    "tail_node": "init_node", "from": "init_node", "from_node": "init_node",
    "term_node": "term_node", "termnode": "term_node", "term": "term_node", "head": "term_node",
    "head_node": "term_node", "to": "term_node", "to_node": "term_node",
    "capacity": "capacity", "cap": "capacity",
    "length": "length", "distance": "length",
    "free_flow_time": "free_flow_time", "fftt": "free_flow_time", "fft": "free_flow_time",
    "ftime": "free_flow_time", "free_flow_travel_time": "free_flow_time", "freeflowtime": "free_flow_time",
    "b": "b", "alpha": "b", "power": "power", "beta": "power",
    "toll": "toll",
}  # fmt: skip
"""Word of a header, small and with ``_`` for blanks -> column."""

NODE_TAG: Final = "NUMBER OF NODES"
LINK_TAG: Final = "NUMBER OF LINKS"
ZONE_TAG: Final = "NUMBER OF ZONES"
THRU_TAG: Final = "FIRST THRU NODE"
FLOW_TAG: Final = "TOTAL OD FLOW"
END_TAG: Final = "END OF METADATA"
FACTOR_TAGS: Final = {"TOLL FACTOR": "--toll-factor", "DISTANCE FACTOR": "--distance-factor"}

TNTP_RULES: Final = {
    rule.name: rule
    for rule in (
        Rule(
            "*.file.single",
            "A folder holds one net file and one trips file",
            "Move the other file elsewhere",
        ),
        Rule("*.metadata.end", "The tags end with a line <END OF METADATA>", "Add the line"),
        Rule(
            "*.metadata.present",
            "The tag is needed",
            "Add the tag and its number before <END OF METADATA>",
        ),
        Rule("*.metadata.type", "A whole number after the tag is needed", "Correct the number"),
        Rule(
            "*.metadata.bounds",
            "Zones are the first nodes: 1 <= zones <= nodes, 1 <= first thru node <= nodes + 1",
            "Correct the tag",
        ),
        Rule(
            "tntp_net.row.count", "As many links as the tag says", "Correct the tag, or add what is missing"
        ),
        Rule(
            "tntp_net.row.ragged",
            "Each link has as many values as the others",
            "Fill in what is missing; 0 is a value, an empty cell is not",
        ),
        Rule(
            "tntp_net.node.refers",
            "Nodes are numbered from 1 to NUMBER OF NODES",
            "Correct the node, or the tag",
        ),
        Rule("tntp_net.row.none", "A network has links", "Add the links"),
        Rule(
            "tntp_net.column.missing",
            "The factor that was given needs the column",
            "Add the column, or leave the factor out",
        ),
        Rule(
            "tntp_trips.row.form",
            "Trips are written as Origin NODE, then DESTINATION : FLOW; for each destination",
            "Correct the text",
        ),
        Rule("tntp_trips.flow.type", "A number is needed", "Correct the text"),
        Rule("tntp_trips.flow.bounds", "A flow of at least 0 is needed", "Correct the flow"),
        Rule("tntp_trips.zone.refers", "Zones are numbered from 1 to NUMBER OF ZONES", "Correct the zone"),
        Rule(
            "tntp_trips.zone.count",
            "As many zones as the net file says",
            "Correct the tag of one of the files",
        ),
        Rule(
            "tntp_trips.row.unique",
            "Each pair of zones stands once",
            "Add the flows up, or remove one of them",
        ),
    )
}
"""Rules for TNTP files; those for files of any kind stand in ``network/csvtext.py``."""
