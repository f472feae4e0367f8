# ruff: noqa: E501
"""Assignments that cannot be done, or are not complete: (folder name, base, what is wrong, words, edits)."""

from tests.cases.edits import Edit, Files, raw

NET, TRIPS = "small_net.tntp", "small_trips.tntp"
TNTP = ["assign", "--method", "aon", "--network", "tntp:FOLDER"]
ROADS = ["assign", "--method", "aon", "--network", "FOLDER"]
Row = tuple[str, str, str, list[str], list[Edit]]


def swap(file: str, old: str, new: str) -> Edit:
    """Replace a text that is there, once."""

    def edit(files: Files) -> None:
        text = files[file].decode("utf-8")
        assert old in text, f"{file} has no {old}"
        files[file] = text.replace(old, new, 1).encode("utf-8")

    return edit


def _write(name: str, text: str) -> Edit:
    return raw(name, text.encode("utf-8"))


def _remove(name: str) -> Edit:
    def edit(files: Files) -> None:
        del files[name]

    return edit


def _net(name: str, what: str, old: str, new: str, *words: str) -> Row:
    return f"command.assign.net.{name}", "tntp_small", what, [*TNTP, *words], [swap(NET, old, new)]


def _trips(name: str, what: str, old: str, new: str) -> Row:
    return f"command.assign.trips.{name}", "tntp_small", what, TNTP, [swap(TRIPS, old, new)]


def _option(name: str, what: str, *words: str) -> Row:
    return f"command.assign.option.{name}", "tntp_small", what, [*TNTP, *words], []


def _gmns(name: str, what: str, file: str, old: str, new: str, *words: str) -> Row:
    return (
        f"command.assign.gmns.{name}",
        "gmns_roads",
        what,
        [*ROADS, *words],
        [swap(f"{file}.csv", old, new)],
    )


def _own(name: str, what: str, file: str, old: str, new: str, *words: str) -> Row:
    edits = [swap(f"{file}.csv", old, new)]
    return f"command.assign.own.{name}", "corridor3_loads", what, [*ROADS, *words], edits


def _demand(name: str, what: str, text: str, file: str = "own.csv") -> Row:
    words = [*TNTP, "--demand", f"FOLDER/{file}"]
    return f"command.assign.demand.{name}", "tntp_small", what, words, [_write(file, text)]


LONG = "origin_id,destination_id,volume\n"

ASSIGN: list[Row] = [
    _net("links.more", "more links than the tag says", "LINKS> 8", "LINKS> 7"),
    _net("links.fewer", "fewer links than the tag says", "LINKS> 8", "LINKS> 9"),
    _net("nodes", "a node beyond the number of nodes", "NODES> 5", "NODES> 4"),
    _net("zones", "more zones than nodes", "ZONES> 3", "ZONES> 30"),
    _net("zones.other", "another number of zones than the trips file", "ZONES> 3", "ZONES> 4"),
    _net("thru", "a first through node beyond all nodes", "THRU NODE> 4", "THRU NODE> 12"),
    _net("tag.missing", "no first through node", "<FIRST THRU NODE> 4\n", ""),
    _net("tag.text", "a word as number of links", "LINKS> 8", "LINKS> eight"),
    _net("end", "tags that do not end", "<END OF METADATA>", ""),
    _net("capacity.negative", "a negative capacity", "1\t4\t20", "1\t4\t-20"),
    _net("capacity.missing", "a capacity left out", "1\t4\t20\t", "1\t4\t\t"),
    _net("capacity.text", "a capacity that is no number", "1\t4\t20", "1\t4\tmany"),
    _net("capacity.none", "a capacity of 0 on the only way", "2\t4\t20\t1\t1\t0\t0", "2\t4\t0\t1\t1\t0.15\t4", "--json"),
    _net("time.negative", "a negative time", "4\t20\t1\t1", "4\t20\t1\t-1"),
    _net("node.zero", "a link from node 0", "\t1\t4\t20", "\t0\t4\t20"),
    _net("node.half", "half a node", "\t1\t4\t20", "\t1.5\t4\t20"),
    _net("value", "a value too few", "\t1\t3\t20", "\t3\t20"),
    ("command.assign.net.several", "tntp_small", "three faults in two files", TNTP,
     [swap(NET, "1\t4\t20", "1\t4\t-20"), swap(NET, "LINKS> 8", "LINKS> 80"), swap(TRIPS, "4.0", "-4.0")]),
    ("command.assign.net.empty", "tntp_small", "an empty net file", TNTP, [_write(NET, "")]),
    ("command.assign.net.none", "tntp_small", "a network without links", TNTP, [_write(NET, "<NUMBER OF ZONES> 3\n<NUMBER OF NODES> 5\n<FIRST THRU NODE> 4\n<NUMBER OF LINKS> 0\n<END OF METADATA>\n")]),
    ("command.assign.net.narrow", "tntp_small", "links without a delay", TNTP, [_write(NET, "<NUMBER OF ZONES> 3\n<NUMBER OF NODES> 5\n<FIRST THRU NODE> 4\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n1 2 10\n")]),
    ("command.assign.net.missing", "tntp_small", "no net file", TNTP, [_remove(NET)]),
    ("command.assign.net.twice", "tntp_small", "two net files", TNTP, [_write("other_net.tntp", "")]),
    ("command.assign.trips.missing", "tntp_small", "no trips file", TNTP, [_remove(TRIPS)]),
    ("command.assign.trips.twice", "tntp_small", "two trips files", TNTP, [_write("other_trips.tntp", "")]),
    _trips("zone", "demand to a zone that is not there", "3 :      4.0", "9 :      4.0"),
    _trips("origin", "demand from a zone that is not there", "Origin 2", "Origin 4"),
    _trips("negative", "a negative flow", "10.0", "-10.0"),
    _trips("text", "a flow that is no number", "10.0", "ten"),
    _trips("form", "a pair without its colon", "2 :    10.0", "2     10.0"),
    _trips("pair", "a pair that stands twice", "3 : 5;", "3 : 5; 3 : 6;"),
    _trips("zones", "another number of zones", "ZONES> 3", "ZONES> 2"),
    ("command.assign.folder.none", "tntp_small", "a folder that is not there", [*TNTP[:-1], "tntp:FOLDER/none"], []),
    ("command.assign.folder.empty", "tntp_small", "no folder at all", [*TNTP[:-1], "tntp:"], []),
    ("command.assign.folder.file", "tntp_small", "a file as folder", [*TNTP[:-1], f"tntp:FOLDER/{NET}"], []),
    ("command.assign.folder.other", "corridor3", "a folder of other files", [*TNTP[:-1], "tntp:FOLDER"], []),
    _option("method", "a method that does not exist", "--method", "uee"),
    _option("gap.text", "a word as gap", "--gap", "small"),
    _option("gap.zero", "a gap of 0", "--gap", "0"),
    _option("gap.negative", "a negative gap", "--gap", "-1e-6"),
    _option("gap.nan", "a gap that is no number", "--gap", "nan"),
    _option("iterations", "no iteration", "--iterations", "0"),
    _option("time", "no time", "--time-limit", "0"),
    _option("threads", "no thread", "--threads", "0"),
    _option("toll", "a negative toll factor", "--toll-factor", "-1"),
    _option("distance", "an endless distance factor", "--distance-factor", "inf"),
    _option("bpr", "a delay for links that name theirs", "--bpr", "0.15,4"),
    _option("bpr.text", "a delay that is none", "--bpr", "0.15"),
    _option("bpr.power", "a delay of a negative power", "--bpr", "0.15,-4"),
    _option("year", "a year of a network that has none", "--year", "2024"),
    _option("map", "a map of what lies nowhere", "--map", "FOLDER/map.svg"),
    _option("select", "a link that does not exist", "--select", "99"),
    _option("select.nodes", "nodes that no link joins", "--select", "2-5"),
    _option("flows.folder", "a folder for the flows", "--flows", "FOLDER"),
    _option("flows.nowhere", "a file in a folder that is not there", "--flows", "FOLDER/none/flows.csv"),
    _option("flows.input", "the net file for the flows", "--flows", f"FOLDER/{NET}"),
    ("command.assign.option.flows.demand", "gmns_roads", "the demand for the flows", [*ROADS, "--flows", "FOLDER/demand.csv"], []),
    ("command.assign.toll.column", "tntp_small", "a toll factor without tolls", [*TNTP, "--toll-factor", "1"], [_write(NET, "<NUMBER OF ZONES> 3\n<NUMBER OF NODES> 5\n<FIRST THRU NODE> 4\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n1 2 10 1 2 0.15 4\n")]),
    _demand("zone", "demand to zones that are not there", LONG + "1,2,5\n1,7,5\n9,2,5\n"),
    _demand("negative", "negative and missing demand", LONG + "1,2,-5\n1,3,\n2,3,x\n"),
    _demand("twice", "demand that stands twice", LONG + "1,2,5\n1,2,6\n"),
    _demand("column", "demand without its volume", "origin_id,destination_id,tonnes\n1,2,5\n"),
    _demand("columns", "demand in two units", "origin_id,destination_id,volume,volume_t_a\n1,2,5,6\n"),
    _demand("unit", "demand by the year", "origin_id,destination_id,volume_t_a\n1,2,5\n"),
    _demand("segments", "demand of segments that the network does not know", "origin_id,destination_id,segment_id,volume\n1,2,grain,5\n1,2,oil,5\n"),
    _demand("separator", "demand with semicolons", "origin_id;destination_id;volume\n1;2;5\n"),
    _demand("form", "demand in a spreadsheet", "", "own.xlsx"),
    _demand("matrix", "a matrix that is none", "no", "own.omx"),
    _demand("trips", "trips to a zone that is not there", "<NUMBER OF ZONES> 3\n<END OF METADATA>\nOrigin 1\n5 : 1;\n", "own_trips.tntp"),
    ("command.assign.demand.missing", "tntp_small", "demand that is not there", [*TNTP, "--demand", "FOLDER/none.csv"], []),
    _gmns("capacity", "a capacity left out", "link", "50,900,2", "50,,2"),
    _gmns("capacity.negative", "a negative capacity", "link", "50,900,2", "50,-900,2"),
    _gmns("lanes", "lanes left out", "link", "50,900,2", "50,900,"),
    _gmns("delay", "no columns for the delay", "link", "vdf_alpha,vdf_beta", "a,b"),
    _gmns("length", "a length left out", "link", "false,5,50", "false,,50"),
    _gmns("speed", "a speed of 0", "link", "false,5,50", "false,5,0"),
    _gmns("node", "a link to a node that is not there", "link", "depot,junction", "depot,juncton"),
    _gmns("zones", "no zones", "node", "zone_id", "taz"),
    _gmns("unit", "an unknown unit", "config", ",km,", ",verst,"),
    _gmns("toll", "a toll factor without tolls", "link", "street", "street", "--toll-factor", "0.1"),
    _gmns("demand", "demand to a zone that is not there", "demand", "east,1500", "south,1500"),
    _gmns("closed", "a capacity of 0 on the only way", "link", "50,900,2", "50,0,2", "--json"),
    ("command.assign.gmns.demand.none", "gmns_roads", "no demand", ROADS, [_remove("demand.csv")]),
    _option("marginal", "marginal costs for another method", "--marginal"),
    _own("row", "a capacity of a service that is not there", "capacity", "ferry_quay_haven,,2019", "ferry_quay,,2019"),
    _own("once", "two capacities in one year", "capacity", "2024,2035", "2023,2035"),
    _own("order", "a capacity that ends before it begins", "capacity", "2019,2023", "2023,2019"),
    _own("facility", "two capacities of one facility", "capacity", "service_leg,ferry_quay_haven,,2024,2035,365000", "service_leg,roro_quay_haven,ships,2019,2035,99\nservice_leg,ferry_quay_haven,ships,2024,2035,365000".replace("99\n", "99,each,assumption,,,,One ship\n")),
    _own("capacity", "a negative capacity", "capacity", "182500", "-182500"),
    _own("background", "a background left out", "background", "18250", ""),
    _own("delay", "a form of delay that does not exist", "delay", "bpr", "bhp"),
    _own("kind", "no form of delay for a kind of row in use", "delay", "port,constant,0,1,,,assumption,,Never fills\n", ""),
    _own("zone", "demand to a zone that is not there", "demand", "west,haven,bulk", "west,heaven,bulk"),
    _own("segment", "demand of a segment that is not there", "demand", "bulk", "bulks"),
    _own("unit", "demand in boxes", "demand", "volume_t_a", "volume_teu_a"),
    _own("year", "a year of which nothing is known", "demand", "36500", "36501", "--year", "1999"),
    _own("factor", "a toll factor for freight", "demand", "36500", "36501", "--toll-factor", "1"),
    _own("closed", "a capacity of 0 on the only way of bulk", "capacity", "365000", "0", "--json"),
    ("command.assign.bundled", "corridor3", "a network of freight without its demand", ROADS, []),
]  # fmt: skip
