"""Simulations that cannot be done, or that have no end: (folder name, base, what is wrong, words, edits)."""

from tests.cases.broken_assign import Row, swap
from tests.cases.edits import Edit, raw

OWN = ["simulate", "--network", "FOLDER", "--replications", "2", "--threads", "1"]
BASE = "corridor3_loads"


def _option(name: str, what: str, *words: str) -> Row:
    return f"command.simulate.{name}", BASE, what, [*OWN, *words], []


def _words(name: str, what: str, *words: str) -> Row:
    return f"command.simulate.{name}", BASE, what, ["simulate", *words], []


def _edit(name: str, what: str, edits: list[Edit], *words: str) -> Row:
    return f"command.simulate.{name}", BASE, what, [*OWN, *words], edits


CLOSES = b"""name = "Without the rail ferry"

[[change]]
do = "close"
service_leg_ids = ["ferry_quay_haven"]
"""

SIMULATE: list[Row] = [
    _option("promise.past", "a promise in the past", "--promise-d", "-3"),
    _option("promise.now", "a promise of no time", "--promise-d", "0"),
    _option("promise.text", "a promise in words", "--promise-d", "soon"),
    _option("promise.nan", "a promise that is no number", "--promise-d", "nan"),
    _option("replications.one", "one replication, which has no bounds", "--replications", "1"),
    _option("replications.half", "half a replication", "--replications", "2.5"),
    _option("seed", "a negative seed", "--seed", "-1"),
    _option("threads", "no thread", "--threads", "0"),
    _option("patience", "negative patience", "--patience-h", "-1"),
    _option("warm_up.negative", "a warm-up that ends before it begins", "--warm-up-d", "-1"),
    _option("warm_up.long", "a warm-up longer than the year", "--warm-up-d", "400"),
    _option("warm_up.most", "a warm-up that leaves one day", "--warm-up-d", "365"),
    _option("rounds", "rounds on a network of one's own", "--rounds", "3"),
    _option("consignments", "a year without a consignment", "--consignments", "0"),
    _option("consignments.few", "consignments larger than a ship", "--consignments", "20"),
    _option("service", "stock that never runs out", "--service-share", "1"),
    _option("holding", "stock that earns by lying", "--holding-share", "-0.1"),
    _option("pair.from", "a pair without an end", "--from", "west"),
    _option("pair.to", "a pair without a beginning", "--to", "haven"),
    _option("pair.same", "a pair of one place", "--from", "west", "--to", "west"),
    _option("pair.unknown", "a pair of two unknown places", "--from", "Nowhereville", "--to", "Westbrug"),
    _option("log.ending", "an event log of another form", "--log", "FOLDER/log.csv"),
    _option("log.folder", "an event log in no folder", "--log", "FOLDER/there/log.parquet"),
    _option("scenario.missing", "a scenario that is not there", "--scenario", "FOLDER/none.toml"),
    _words("demand", "demand without a network of one's own", "--demand", "FOLDER/demand.csv"),
    _words("network", "a network that is not there", "--network", "FOLDER/none"),
    _words("year", "a year of which nothing is known", "--year", "1800", "--replications", "2"),
    _edit(
        "scenario.ways",
        "a what-if that shuts ways of one's own network",
        [raw("scenario.toml", CLOSES)],
        "--scenario",
        "FOLDER/scenario.toml",
    ),
    _edit(
        "demand.none",
        "no flow at all",
        [raw("demand.csv", b"origin_id,destination_id,segment_id,volume_t_a\n")],
    ),
    _option("warm_up.all", "a warm-up that leaves no consignment to observe", "--warm-up-d", "365.99999"),
    _edit(
        "demand.tiny",
        "so little demand that nothing sets out",
        [raw("demand.csv", b"origin_id,destination_id,segment_id,volume_t_a\nwest,haven,bulk,0.01\n")],
    ),
    _option("demand.folder", "a folder as demand", "--demand", "FOLDER"),
    _edit("overload", "more cargo than ships can carry", [swap("demand.csv", "365000", "3650000")], "--json"),
]
