# ruff: noqa: E501
"""Commands that cannot be done, or that have no answer: (folder name, what is wrong, words of the command, edits)."""

import json

from tests.cases.broken_gtfs import pack, read_feed
from tests.cases.edits import Edit, Files, cell, copy_row, raw

OWN = ["--network", "FOLDER"]
WAY = ["routes", "west", "haven", *OWN]
Row = tuple[str, str, list[str], list[Edit]]


def _place(name: str, what: str, text: str) -> Row:
    return f"command.place.{name}", what, ["routes", text, "haven", *OWN], []


def _way(name: str, what: str, *words: str) -> Row:
    return f"command.{name}", what, [*WAY, *words], []


def _words(name: str, what: str, *words: str) -> Row:
    return f"command.{name}", what, list(words), []


def _write(name: str, text: str) -> Edit:
    return raw(name, text.encode("utf-8"))


def _remove(name: str) -> Edit:
    def edit(files: Files) -> None:
        del files[name]

    return edit


def _scenario(name: str, what: str, toml: str) -> Row:
    words = [*WAY, "--scenario", "FOLDER/scenario.toml"]
    return f"command.scenario.{name}", what, words, [_write("scenario.toml", toml)]


_MANIFEST = {"name": "x", "title": "x", "version": "0.0.1", "notes": [], "tables": {"route": "0"}}

_DEPARTURES = (
    "departure_id,service_leg_id,from_node_id,weekdays,clock_h,last_date\n"
    "there,roro_quay_haven,quay,sa,18,2025-06-30\n"
    "back,roro_quay_haven,haven,sa,18,2025-06-30\n"
)

COMMAND: list[Row] = [
    _place("unknown", "a place that nothing is like", "Nowhereville"),
    _place("cyrillic", "an unknown place in Russian", "Атлантида"),
    _place("chinese", "an unknown place in Chinese", "亞特蘭提斯"),
    _place("arabic", "an unknown place in Arabic", "أتلانتس"),
    _place("georgian", "an unknown place in Georgian", "ატლანტიდა"),
    _place("armenian", "an unknown place in Armenian", "Ատլանտիդա"),
    _place("nearest", "two letters swapped", "Westbrug"),
    _place("nearest.cyrillic", "a letter left out, in Russian", "Вестбрг"),
    _place("nearest.code", "a UN/LOCODE with a wrong letter", "XAWEX"),
    _place("empty", "no text at all", ""),
    _place("blank", "nothing but blanks", "   "),
    _place("marks", "nothing but marks", "'-.'"),
    _place("long", "a very long text", "a" * 300),
    _place("control", "a text that would colour the terminal", "a\x1b[31mb"),
    _place("newline", "a text of two lines", "a\nb\tc"),
    _place("bidi", "a text that turns the direction of writing", "a\u202eb"),
    _place("markup", "a text that looks like markup", "[bold]x[/bold]"),
    _place("emoji", "a picture instead of a name", "🚂"),
    _place("format", "a text that looks like a format", "%s{0}"),
    _place("path", "a path instead of a place", "/tmp/west"),
    _place("country", "a place in the wrong country", "Westburg, XC"),
    _place("zone", "a node without a zone", "gate"),
    _place("coordinates.range", "a longitude off the globe", "999,10"),
    _place("coordinates.latitude", "a latitude off the globe", "10,-91"),
    _place("coordinates.swapped", "latitude before longitude", "0,100"),
    _place("coordinates.far", "coordinates far from every place", "40,40"),
    _place("coordinates.west", "coordinates that begin with a minus", "-170.5,0"),
    _place("coordinates.exponent", "coordinates with an exponent", "1e1,0"),
    _place("coordinates.three", "three coordinates", "10,0,5"),
    _place("coordinates.comma", "coordinates with decimal commas", "10,5,0,5"),
    _place("coordinates.degrees", "coordinates in degrees and minutes", "10°30',0°15'"),
    _place("coordinates.one", "a single number", "10"),
    _place("coordinates.inf", "coordinates without an end", "inf,-inf"),
    _words("place.both", "both places unknown", "routes", "Wesburg", "Hafen", *OWN),
    ("command.place.ambiguous", "a name of two places", ["routes", "HAVEN", "west", *OWN], [copy_row("place.csv", "Westburg", name="Haven")]),
    _words("place.compare", "both places unknown to compare", "compare", "Nowhereville", "Atlantis", *OWN),
    _words("same", "the same place twice", "routes", "west", "Вестбург", *OWN),
    _words("same.coordinates", "a place and its coordinates", "compare", "west", "10,0.1", *OWN),
    _words("same.bundled", "one place in two scripts", "routes", "Xi'an", "Сиань"),
    _way("avoid.home", "the country of the origin avoided", "--avoid", "XA"),
    _way("avoid.both", "both countries avoided, in two options", "--avoid", "xa", "--avoid", "Eastland"),
    _way("avoid.unknown", "a country that does not exist", "--avoid", "QQ"),
    _way("avoid.text", "no country but a sentence", "--avoid", "the rest of the world"),
    _way("avoid.separator", "countries with a semicolon", "--avoid", "XB;XC"),
    _way("avoid.sea", "the high sea avoided", "--avoid", "XZ"),
    _words("avoid.bundled", "the country of the destination avoided, by name", "routes", "Baku", "Hamburg", "--avoid", "Германия"),
    _way("without.unknown", "nothing of this name", "--without", "everything"),
    _way("without.nearest", "a link misspelt", "--without", "xa_west_gaet"),
    _way("without.several", "several unknown ids", "--without", "foo,xa_gate_mrk"),
    _way("without.country", "a country in the wrong option", "--without", "xb"),
    _way("without.mode", "a mode without its kind", "--without", "rail_1520"),
    _way("without.all", "everything that leaves the origin left out", "--without", "xa_west_gate,xa_west_mark_road"),
    _way("without.origin", "the origin left out", "--without", "west"),
    _way("without.all.json", "no way, as JSON", "--without", "mark", "--json"),
    _way("via.unknown", "a gateway that does not exist", "--via", "nowhere"),
    _way("via.several", "several gateways that do not exist", "--via", "nowhere,country:BR,mode:teleport"),
    _way("via.kind", "a kind of gateway that does not exist", "--via", "port:quay"),
    _way("via.nameless", "a kind without a name", "--via", "country:"),
    _way("via.passage", "a passage misspelt", "--via", "passage:narow"),
    _way("via.many", "too many gateways", "--via", "west,gate,mark,quay,haven,country:XB,mode:rail_ferry"),
    _way("via.impossible", "gateways on two different ways", "--via", "mode:roro,mode:rail_ferry"),
    _way("via.avoided", "a gateway that is avoided", "--via", "country:XB", "--avoid", "XB"),
    _way("year.early", "a year before the data", "--year", "1800"),
    _way("year.late", "a year beyond the horizon", "--year", "2050"),
    _way("year.negative", "a year before Christ", "--year", "-1"),
    _way("year.text", "a word as the year", "--year", "abc"),
    _way("year.decimal", "half a year", "--year", "2025.5"),
    _way("year.huge", "a year of twenty digits", "--year", "99999999999999999999"),
    _way("year.empty", "no year", "--year", ""),
    _way("containers.zero", "no boxes", "--containers", "0x40"),
    _way("containers.exponent", "boxes with an exponent", "--containers", "1e9x40"),
    _way("containers.huge", "more boxes than there are", "--containers", "9" * 400 + "x40"),
    _way("containers.size", "a size that does not exist", "--containers", "1x53"),
    _way("containers.negative", "fewer than no boxes", "--containers", "-1x40"),
    _way("containers.list", "two sizes at once", "--containers", "1x40,2x20"),
    _way("containers.number", "a number without a size", "--containers", "40"),
    _way("containers.empty", "no text", "--containers", ""),
    _way("tonnes.nan", "no number of tonnes", "--tonnes", "nan", "--segment", "bulk"),
    _way("tonnes.inf", "all the tonnes there are", "--tonnes", "inf", "--segment", "bulk"),
    _way("tonnes.negative", "less than nothing", "--tonnes", "-1", "--segment", "bulk"),
    _way("tonnes.zero", "nothing", "--tonnes", "0", "--segment", "bulk"),
    _way("tonnes.text", "a word as tonnes", "--tonnes", "twenty", "--segment", "bulk"),
    _way("tonnes.comma", "a decimal comma", "--tonnes", "20,5", "--segment", "bulk"),
    _way("tonnes.segment", "tonnes of nothing in particular", "--tonnes", "20"),
    _way("tonnes.boxes", "tonnes and boxes", "--tonnes", "20", "--segment", "bulk", "--containers", "1x40"),
    _way("segment.unknown", "a segment misspelt", "--segment", "contaners"),
    _way("segment.case", "a segment in capitals", "--tonnes", "20", "--segment", "BULK"),
    _way("segment.empty", "no segment", "--segment", ""),
    _way("segment.boxes", "boxes of what travels without", "--segment", "bulk", "--containers", "1x40"),
    _words("segment.bundled", "boxes of oil", "routes", "Xi'an", "Hamburg", "--segment", "oil"),
    ("command.segment.modes", "a segment whose modes do not reach the destination", [*WAY, "--segment", "bulk", "--tonnes", "20"], [cell("segment.csv", "bulk", "mode_ids", "rail_1435")]),
    ("command.closed", "both ways closed", WAY, [cell("link.csv", "xa_gate_mark", "status", "closed"), cell("link.csv", "xb_mark_quay_road", "status", "closed")]),
    ("command.closed.compare", "both ways closed, compared", ["compare", *WAY[1:]], [cell("link.csv", "xb_mark_quay", "status", "planned"), cell("link.csv", "xb_mark_quay_road", "status", "closed")]),
    _way("max.zero", "no options wanted", "--max", "0"),
    _way("max.many", "too many options wanted", "--max", "51"),
    _way("max.text", "a word as a number", "--max", "all"),
    _way("labels.few", "a budget that is none", "--label-limit", "1"),
    _way("labels.many", "a budget beyond all numbers", "--label-limit", "9" * 25),
    _way("depart.text", "a word as the moment of departure", "--depart", "noon"),
    _way("depart.empty", "no moment", "--depart", ""),
    _way("depart.day", "a day that does not exist", "--depart", "2025-02-30T08:00"),
    _way("depart.order", "a date with its day first", "--depart", "03.11.2025 08:00"),
    _way("depart.hour", "an hour that does not exist", "--depart", "2025-11-03T25:00"),
    _way("depart.edge", "a moment that is before all years in UTC", "--depart", "0001-01-01T00:00+10:00"),
    _way("depart.year", "a date before all networks", "--depart", "1999-05-03T08:00"),
    _way("depart.year.late", "a date beyond the horizon, for a week", "--depart", "2050-05-03", "--week"),
    _way("depart.year.given", "a year without a network beside a date", "--depart", "2025-05-03", "--year", "1800"),
    _way("depart.year.far", "a date in the last year of the calendar", "--depart", "9999-12-31", "--year", "2025"),
    _way("depart.week", "a week that begins at no moment", "--week"),
    _way("depart.week.via", "a week by a gateway, from no moment", "--week", "--via", "mark"),
    _way("depart.without", "no way at any hour", "--depart", "2025-11-03T08:00", "--without", "mark"),
    _way("depart.without.week", "no way in a week, as JSON", "--depart", "2025-11-03T08:00", "--week", "--without", "mark", "--json"),
    ("command.depart.over", "a timetable that has ended", [*WAY, "--depart", "2025-11-03T08:00", "--without", "ferry_quay_haven"], [_write("departure.csv", _DEPARTURES), cell("service_leg.csv", "roro_quay_haven", "departs", "timetable")]),
    ("command.depart.over.week", "a week after a timetable has ended", [*WAY, "--depart", "2025-11-03T08:00", "--week", "--without", "ferry_quay_haven"], [_write("departure.csv", _DEPARTURES), cell("service_leg.csv", "roro_quay_haven", "departs", "timetable")]),
    _way("open.unknown", "opening what does not exist", "--open", "xb_mark_quay_fst"),
    _way("open.open", "opening what is open", "--open", "quay"),
    _way("scenario.missing", "a scenario file that is not there", "--scenario", "FOLDER/none.toml"),
    _way("scenario.folder", "a folder as scenario file", "--scenario", "FOLDER"),
    _scenario("toml", "a scenario that is not TOML", "name = \n"),
    _scenario("nested", "a scenario nested without end", "x = " + "[" * 3000 + "]" * 3000),
    _scenario("effect", "a scenario that changes nothing", 'name = "x"\n[[change]]\ndo = "open"\nlink_ids = ["xa_gate_mark"]\n'),
    _scenario("ids", "a scenario of links that do not exist", 'name = "x"\n[[change]]\ndo = "close"\nlink_ids = ["xa_gate_marc"]\n'),
    _words("network.missing", "a network that is not there", "routes", "a", "b", "--network", "FOLDER/none"),
    _words("network.file", "a table as network", "routes", "a", "b", "--network", "FOLDER/node.csv"),
    ("command.network.segments", "a network that says nothing of cargo", WAY, [_remove("segment.csv"), _remove("tariff.csv"), _remove("emission_factor.csv")]),
    _words("network.info", "what is in nothing", "network", "info", "FOLDER/none"),
    _words("network.check", "a check of nothing", "network", "check", "FOLDER/none"),
    ("command.network.check.faults", "a check that finds two faults", ["network", "check", "FOLDER"], [cell("link.csv", "xa_gate_mark", "speed_km_h", "-5"), cell("link.csv", "xb_mark_quay", "to_node_id", "qay")]),
    ("command.network.build.faults", "a network that is wrong is not built", ["network", "build", "FOLDER", "FOLDER/new"], [cell("link.csv", "xa_gate_mark", "speed_km_h", "fast")]),
    _words("network.build.missing", "nothing to build of", "network", "build", "FOLDER/none", "FOLDER/new"),
    _words("network.build.over", "a network written over itself", "network", "build", "FOLDER", "FOLDER"),
    _words("network.export.form", "a form that does not exist", "network", "export", "FOLDER/new", *OWN, "--format", "parqet"),
    _words("network.export.excel", "a form that nothing is like", "network", "export", "FOLDER/new", *OWN, "--format", "xls"),
    _words("network.export.file", "a file in the way", "network", "export", "FOLDER/node.csv", *OWN),
    _words("network.export.inside", "a folder inside a file", "network", "export", "FOLDER/node.csv/new", *OWN),
    _words("network.export.full", "a folder with files in it", "network", "export", "FOLDER", *OWN),
    _words("network.export.ending", "a GeoPackage without its ending", "network", "export", "FOLDER/new", *OWN, "--format", "gpkg"),
    _words("network.export.gtfs.day", "a day that is none", "network", "export", "FOLDER/new", *OWN, "--format", "gtfs", "--first-date", "2025-02-30"),
    _words("network.export.gtfs.order", "days that run backwards", "network", "export", "FOLDER/new.zip", *OWN, "--format", "gtfs", "--first-date", "2025-03-01", "--last-date", "2025-02-01"),
    _words("network.export.gtfs.form", "days for a form without days", "network", "export", "FOLDER/new", *OWN, "--first-date", "2025-03-01"),
    _words("network.export.gtfs.full", "a feed into a folder with files in it", "network", "export", "FOLDER", *OWN, "--format", "gtfs"),
    _words("network.export.gtfs.file", "a feed as a folder where a file is", "network", "export", "FOLDER/node.csv", *OWN, "--format", "gtfs"),
    _words("network.build.services", "services from a feed that is not there", "network", "build", "FOLDER", "FOLDER/new", "--services", "FOLDER/sailings.zip"),
    ("command.network.build.place", "a stop with the id of a node far away", ["network", "build", "FOLDER", "FOLDER/new", "--services", "FOLDER/feed.zip"], [raw("feed.zip", pack(read_feed()))]),
    ("command.network.check.gtfs", "a feed of one file", ["network", "check", "FOLDER"], [raw("stop_times.txt", b"trip_id,stop_sequence,stop_id\nout,1,quay\n")]),
    _words("best.unknown", "a criterion that does not exist", "compare", "west", "haven", *OWN, "--best", "cheapest"),
    _words("best.nearest", "a criterion in capitals", "compare", "west", "haven", *OWN, "--best", "Time"),
    ("command.best.value", "no value of time for the criterion that needs one", ["compare", "west", "haven", *OWN], [cell("segment.csv", "containers", "value_of_time_usd_t_h", "")]),
    _words("word.unknown", "a command that does not exist", "teleport"),
    _words("word.nearest", "a command misspelt", "rotues", "west", "haven"),
    _words("word.group", "a command of a group misspelt", "network", "chekc"),
    _words("word.option", "an option that does not exist", "routes", "west", "haven", "--cheap"),
    _words("word.option.nearest", "an option misspelt", "routes", "west", "haven", "--jsn"),
    _words("word.value", "an option without its value", "routes", "west", "haven", "--avoid"),
    _words("word.missing", "a place left out", "routes", "west"),
    _words("word.extra", "a name of two words without quotes", "routes", "Saint", "Petersburg", "Baku"),
    _words("word.place", "an option of a command before it", "--json", "places"),
    _words("word.bytes", "a word that is not UTF-8", "routes", "Baku\udcff", "Poti"),
    _words("explain.nothing", "nothing to explain", "explain", " "),
    _words("explain.unknown", "nothing of this name", "explain", "qqqqqqqqqq"),
    _words("explain.control", "a name that would clear the screen", "explain", "\x1b[2J"),
    _words("explain.id", "no link of this name", "explain", "link", "kz_dostyk"),
    _words("explain.column", "a column misspelt", "explain", "terminal", "aktau", "capcity_teu_a"),
    _words("explain.fact", "a fact without its id", "explain", "fact"),
    _words("report.missing", "a run that is not there", "report", "FOLDER/none"),
    _words("report.other", "a folder that is no run", "report", "FOLDER"),
    _words("report.file", "a file as run folder", "report", "FOLDER/node.csv"),
    ("command.report.json", "a manifest that is not JSON", ["report", "FOLDER"], [_write("manifest.json", "{")]),
    ("command.report.list", "a manifest that is a list", ["report", "FOLDER"], [_write("manifest.json", "[]")]),
    ("command.report.nested", "a manifest nested without end", ["report", "FOLDER"], [_write("manifest.json", "[" * 3000)]),
    ("command.report.empty", "a manifest without tables", ["report", "FOLDER"], [_write("manifest.json", '{"tables": {}}')]),
    ("command.report.table", "a run whose table is gone", ["report", "FOLDER"], [_write("manifest.json", json.dumps({"tables": {"route": "0", "route_leg": "0"}}))]),
    ("command.report.kind", "a manifest with a number as title", ["report", "FOLDER"], [_write("manifest.json", json.dumps({**_MANIFEST, "title": 5}))]),
    ("command.report.elsewhere", "a manifest that points elsewhere", ["report", "FOLDER"], [_write("manifest.json", json.dumps({"tables": {"../x": "0", "route": "0", "route_leg": "0"}}))]),
    _words("run.missing", "a study that is not there", "run", "FOLDER/none.toml"),
    _words("run.folder", "a folder as study", "run", "FOLDER"),
    _words("validate.year", "measurements of a year without data", "validate", "--year", "1900"),
]  # fmt: skip
