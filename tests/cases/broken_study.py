# ruff: noqa: E501
"""Studies that cannot be run: (folder name, what is wrong, content of study.toml, edits)."""

from tests.cases.edits import Edit, raw

HEAD = 'name = "small"\ntitle = "A small study"\nyear = 2025\nnetwork = "."\n'
PAIRS = '[compare]\npairs = [["west", "haven"]]\n'
GOOD = HEAD + PAIRS
Row = tuple[str, str, str | bytes, list[Edit]]


def _study(name: str, what: str, toml: str | bytes, *edits: Edit) -> Row:
    return f"study.{name}", what, toml, list(edits)


def _pairs(name: str, what: str, pairs: str) -> Row:
    return _study(f"pairs.{name}", what, f"{HEAD}[compare]\npairs = {pairs}\n")


def _scenario(name: str, what: str, toml: str, file: str = "") -> Row:
    edits = [raw("scenario.toml", file.encode())] if file else []
    return _study(f"scenario.{name}", what, f"{GOOD}[[scenario]]\n{toml}\n", *edits)


STUDY: list[Row] = [
    _study("empty", "an empty file", ""),
    _study("toml", "not TOML", "name = \n"),
    _study("toml.binary", "a file of zeros", b"\x00\x00\x00"),
    _study("toml.nested", "lists nested without end", "x = " + "[" * 3000 + "]" * 3000),
    _study("toml.twice", "a key given twice", 'name = "a"\nname = "b"\n'),
    _study("encoding", "not UTF-8", 'name = "Баку"\n'.encode("cp1251")),
    _study("key.known", "a misspelt key", GOOD.replace("title", "titel")),
    _study("key.known.table", "a misspelt table", GOOD + '[shipmnet]\ncontainers = "1x40"\n'),
    _study("key.known.compare", "a misspelt key of a table", GOOD + 'bset = "time"\n'),
    _study("key.known.shipment", "a key that no shipment has", GOOD + "[shipment]\nboxes = 1\n"),
    _study("key.present", "no year", GOOD.replace("year = 2025\n", "")),
    _study("key.present.compare", "nothing to compare", HEAD),
    _study("key.present.pairs", "a comparison of nothing", HEAD + '[compare]\nbest = "time"\n'),
    _study("type.year", "a year in quotes", GOOD.replace("2025", '"2025"')),
    _study("type.year.decimal", "a year with a decimal", GOOD.replace("2025", "2025.0")),
    _study("type.year.date", "a date as year", GOOD.replace("2025", "2025-01-01")),
    _study("type.year.true", "a truth as year", GOOD.replace("2025", "true")),
    _study("type.title", "a number as title", GOOD.replace('"A small study"', "5")),
    _study("type.compare", "a list as table", HEAD.replace("year", "compare = []\nyear")),
    _study("type.shipment", "a text as table", 'shipment = "1x40"\n' + GOOD),
    _study("type.tonnes", "tonnes in quotes", GOOD + '[shipment]\ntonnes = "20"\n'),
    _study("type.claimants", "a text as list", GOOD + 'claimants = "rail_way"\n'),
    _study("name.empty", "no name", GOOD.replace('"small"', '""')),
    _study("name.path", "a name that leads elsewhere", GOOD.replace('"small"', '"../../small"')),
    _study("name.signs", "a name that no folder can have", GOOD.replace('"small"', '"what? <now>"')),
    _study("name.long", "a name too long for a folder", GOOD.replace("small", "x" * 300)),
    _study("year.early", "a year before the data", GOOD.replace("2025", "1800")),
    _study("year.late", "a year beyond the horizon", GOOD.replace("2025", "2050")),
    _study("network.missing", "a network that is not there", GOOD.replace('"."', '"none"')),
    _study("network.file", "a table as network", GOOD.replace('"."', '"node.csv"')),
    _study("simulation.network", "operations of a network whose demand is not known", GOOD + "[simulation]\nseed = 2\n"),
    _study("simulation.least", "a single replication, no round", GOOD.replace('network = "."\n', "")
           + "[simulation]\nreplications = 1\nrounds = 0\n"),
    _study("simulation.most", "more replications, rounds and a larger seed than there can be", GOOD.replace('network = "."\n', "")
           + f"[simulation]\nreplications = 1000000\nseed = {2**63 - 1}\nrounds = 101\n"),
    _study("simulation.digits", "a whole number of thousands of digits", GOOD + f"[simulation]\nseed = {'9' * 5000}\n"),
    _study("simulation.bits", "a whole number of thousands of bits", GOOD + f"[simulation]\nseed = 0x{'f' * 5000}\n"),
    _study("simulation.type", "replications in quotes", GOOD + '[simulation]\nreplications = "20"\n'),
    _pairs("empty", "an empty list of pairs", "[]"),
    _pairs("text", "a text as pairs", '"west-haven"'),
    _pairs("single", "pairs of one and of three", '[["west"], ["west", "mark", "haven"], ["west", "haven"]]'),
    _pairs("numbers", "pairs of numbers", "[[1, 2]]"),
    _pairs("flat", "a pair that is no pair", '["west", "haven"]'),
    _pairs("known", "unknown places in two pairs", '[["wst", "haven"], ["west", "Atlantis"], ["west", "haven"]]'),
    _pairs("blank", "a place without a name", '[["west", ""]]'),
    _pairs("differ", "a pair of the same place", '[["west", "Вестбург"]]'),
    _pairs("unique", "a pair twice, in two spellings", '[["west", "haven"], ["haven", "west"], ["Westburg", "XCHAV"]]'),
    _study("best", "a criterion that does not exist", GOOD + 'best = "fastest"\n'),
    _study("claimants", "corridors that the network does not name", GOOD + 'claimants = ["rail_wy", "middle_btk"]\n'),
    _study("shipment.containers", "no boxes", GOOD + '[shipment]\ncontainers = "0x40"\n'),
    _study("shipment.tonnes", "tonnes that are no number", GOOD + '[shipment]\ntonnes = nan\nsegment = "bulk"\n'),
    _study("shipment.tonnes.zero", "nothing to move", GOOD + '[shipment]\ntonnes = 0\nsegment = "bulk"\n'),
    _study("shipment.segment", "a segment misspelt", GOOD + '[shipment]\ntonnes = 20\nsegment = "blk"\n'),
    _study("shipment.both", "boxes and tonnes", GOOD + '[shipment]\ntonnes = 20\ncontainers = "1x40"\nsegment = "bulk"\n'),
    _scenario("file", "a scenario file that is not there", 'id = "a"\nname = "A"\nfile = "none.toml"'),
    _scenario("name", "a scenario without a name", 'id = "a"'),
    _scenario("unique", "two scenarios of one id", 'id = "a"\nname = "A"\n[[scenario]]\nid = "a"\nname = "B"'),
    _scenario("id", "an id that would break tables", 'id = "a;b"\nname = "A"'),
    _scenario("key", "a misspelt key of a scenario", 'id = "a"\nname = "A"\nflie = "a.toml"'),
    _scenario("toml", "a scenario that is not TOML", 'id = "a"\nname = "A"\nfile = "scenario.toml"', "name = \n"),
    _scenario("ids", "a scenario of links that do not exist", 'id = "a"\nname = "A"\nfile = "scenario.toml"', 'name = "x"\n[[change]]\ndo = "close"\nlink_ids = ["xa_gate_marc"]\n'),
    _scenario("study", "the study itself as scenario", 'id = "a"\nname = "A"\nfile = "study.toml"'),
    _study("scenario.single", "a single [scenario]", GOOD + '[scenario]\nid = "a"\nname = "A"\n'),
    _study("scenario.text", "a list of names", 'scenario = ["a"]\n' + GOOD),
    _study("many", "six faults in one list", 'nmae = "x"\n' + HEAD.replace('"small"', '"a/b"').replace("2025", '"2025"') + '[compare]\npairs = [["west"]]\n[[scenario]]\nid = "a"\n[shipment]\ntonnes = "x"\n'),
    _study("many.places", "five faults that only the network shows", HEAD + '[compare]\npairs = [["wst", "hven"], ["west", "west"]]\nbest = "bst"\n[shipment]\ncontainers = "1x53"\n'),
]  # fmt: skip
