# ruff: noqa: E501, UP031
"""Ways to break corridor3: (folder name, what is wrong, edits ...)."""

from typing import Any

from tests.cases.edits import Files, add_column, cell, copy_row, drop, drop_row, raw, rename, text


def gone(*names: str) -> Any:
    def edit(files: Files) -> None:
        for name in names:
            del files[name]

    return edit


def moved(old: str, new: str) -> Any:
    def edit(files: Files) -> None:
        files[new] = files.pop(old)

    return edit


def with_semicolons(data: bytes) -> bytes:
    return data.replace(b",", b";")


_PACKAGE = '{"name": "x", "resources": [%s]}'


def package(*resources: str) -> Any:
    rows = [
        '{"name": "%s", "path": "%s.csv"}' % (table, table) for table in ("node", "mode", "link", "country")
    ]
    return raw("datapackage.json", (_PACKAGE % ", ".join([*rows, *resources])).encode())


_TIMED = (
    cell("service_leg.csv", "roro_quay_haven", "departs", "timetable"),
    raw(
        "departure.csv",
        b"departure_id,service_leg_id,from_node_id,weekdays,clock_h,time_h,first_date,last_date\n"
        b"roro_haven_tuesday,roro_quay_haven,haven,tu;th;sa,18,,,\n"
        b"roro_quay_monday,roro_quay_haven,quay,mo;we;fr,18,,,\n",
    ),
)
_FILLS = tuple(
    cell("service_leg.csv", "ferry_quay_haven", column, value)
    for column, value in (
        ("departs", "fills"),
        ("longest_wait_h", "24"),
        ("fleet_count", "2"),
        ("turn_time_h", "4"),
    )
)
_RESTS = raw(
    "holiday.csv", b"holiday_id,country_id,date,terminal_kinds\nxb_day_2025,XB,2025-05-01,border_post\n"
)
_POOL = (
    b"wagon_pool_id,mode_id,terminal_ids,segment_ids,wagon_count,load_t,return_time_h\n"
    b"flats_1520_gate,rail_1520,gate_gauge,containers,300,20,48\n"
)


NETWORK: list[tuple[Any, ...]] = [
    # Files
    ("file.exists.node", "node.csv is missing", gone("node.csv")),
    ("file.exists.nearest", "link.csv is called links.csv", moved("link.csv", "links.csv")),
    ("file.exists.all", "a folder without any table", lambda files: files.clear()),
    ("file.exists.path", "a path that does not exist", {"path": "../netwrok"}),
    ("file.form", "a table instead of a folder", {"path": "node.csv"}),
    ("file.form.text", "a text file instead of a folder", raw("notes.txt", b"hello"), {"path": "notes.txt"}),
    ("file.name", "an optional table with a plural name", moved("zone.csv", "zones.csv"), gone("connector.csv")),
    ("file.empty", "a file of zero bytes", raw("node.csv", b"")),
    ("file.empty.blank", "a file of nothing but blank lines", raw("link.csv", b"\n\n  \n")),
    ("file.encoding.utf16", "UTF-16 as some spreadsheets save it", raw("node.csv", lambda d: d.decode().encode("utf-16"))),
    (
        "file.encoding.utf16_bare",
        "UTF-16 without a mark at its start",
        raw("country.csv", lambda d: d.decode().encode("utf-16-le")),
    ),
    ("file.encoding.cp1251", "Windows-1251, the Cyrillic code page", raw("place.csv", lambda d: d.decode().encode("cp1251"))),
    (
        "file.encoding.latin1",
        "Latin-1 with an accented name",
        raw("node.csv", lambda d: d.replace(b"Haven", "Havén".encode("latin-1"))),
    ),
    ("file.encoding.koi8", "KOI8-R text", raw("place.csv", lambda d: d.decode().encode("koi8-r"))),
    ("file.separator.semicolon", "semicolons between the columns", raw("node.csv", with_semicolons)),
    ("file.separator.tab", "tabs between the columns", raw("mode.csv", lambda d: d.replace(b",", b"\t"))),
    ("file.separator.bar", "bars between the columns", raw("zone.csv", lambda d: d.replace(b",", b"|"))),
    ("file.header.twice", "a column name that occurs twice", rename("node.csv", "unlocode", "name")),
    ("file.header.nameless", "a column without a name", rename("node.csv", "kind", "")),
    ("file.ragged.short", "a row with a cell too few", text("node.csv", "XB,15,0,port,XBQUA,", "XB,15,0,port")),
    ("file.ragged.decimal_comma", "a decimal comma without quotes splits a cell", text("node.csv", "XA,12.5,0", "XA,12,5,0")),
    ("file.ragged.many", "most rows too long", raw("link.csv", lambda d: d.replace(b",false,", b",false,,"))),
    ("file.quotes.open", "a quote that is never closed", text("node.csv", "Haven,", '"Haven,')),
    ("file.quotes.after", "text after a closing quote", text("node.csv", "Haven,", '"Ha"ven,')),
    ("file.damaged.zero", "zero bytes in the middle of a text", raw("node.csv", lambda d: d.replace(b"Quay", b"Qu\x00ay"))),
    (
        "file.damaged.parquet",
        "text in a file called node.parquet",
        gone("node.csv", "link.csv", "mode.csv", "country.csv"),
        raw("node.parquet", b"node_id,name\n"),
        raw("link.parquet", b"PAR1"),
    ),
    ("file.damaged.gpkg", "text in a file called net.gpkg", raw("net.gpkg", b"this is no database"), {"path": "net.gpkg"}),
    # Data package
    ("package.file.json", "datapackage.json is not JSON", raw("datapackage.json", b'{"resources": [,]}')),
    ("package.file.json.encoding", "datapackage.json is not UTF-8", raw("datapackage.json", b'{"name": "\xff\xfe"}')),
    ("package.file.json.list", "datapackage.json without resources", raw("datapackage.json", b'{"name": "x"}')),
    ("package.file.json.shape", "datapackage.json holds a list", raw("datapackage.json", b"[1, 2]")),
    ("package.resources.name", "a resource with a plural name", package('{"name": "terminals", "path": "terminal.csv"}')),
    ("package.resources.name.none", "a resource without a name", package('{"path": "terminal.csv"}')),
    ("package.resources.path", "a resource outside the folder", package('{"name": "terminal", "path": "../terminal.csv"}')),
    ("package.resources.path.absolute", "a resource at the root", package('{"name": "terminal", "path": "/terminal.csv"}')),
    ("package.resources.path.none", "a resource without a path", package('{"name": "terminal"}')),
    ("package.file.missing", "a resource whose file is missing", package('{"name": "terminal", "path": "terminal2.csv"}')),
    # Tables and columns
    ("table.rows.node", "node.csv has a header and no rows", drop_row("node.csv", "*")),
    ("table.rows.country", "country.csv has a header and no rows", drop_row("country.csv", "*")),
    ("column.present.id", "link.csv without link_id", drop("link.csv", "link_id")),
    ("column.present.length", "link.csv without length_km", drop("link.csv", "length_km")),
    ("column.present.nearest", "length_km misspelt", rename("link.csv", "length_km", "lenght_km")),
    ("column.present.case", "Node_ID in capitals", rename("node.csv", "node_id", "Node_ID")),
    ("column.present.many", "three columns missing at once", drop("node.csv", "lon_deg"), drop("node.csv", "lat_deg"), drop("node.csv", "kind")),
    ("column.known", "an optional column misspelt", rename("link.csv", "capacity_veh_d", "capacity_vehd")),
    ("column.known.operator", "operator with a capital and an s", rename("service_leg.csv", "operator", "Operators")),
    ("cell.present.country", "a node without a country", cell("node.csv", "west", "country_id", "")),
    ("cell.present.id", "a node without an id", cell("node.csv", "west", "node_id", "")),
    ("cell.present.speed", "a link without a speed", cell("link.csv", "xa_west_gate", "speed_km_h", "")),
    ("cell.present.status", "a terminal without a status", cell("terminal.csv", "gate_gauge", "status", "  ")),
    ("cell.present.many", "no link has a length", cell("link.csv", "*", "length_km", "")),
    ("cell.present.directed", "a link that does not say whether it is directed", cell("link.csv", "xa_west_gate", "directed", "")),
    ("cell.type.text", "text instead of a length", cell("link.csv", "xa_west_gate", "length_km", "long")),
    ("cell.type.decimal_comma", "a decimal comma between quotes", cell("link.csv", "xa_west_gate", "length_km", "300,5")),
    ("cell.type.thousands", "a blank between thousands", cell("link.csv", "xa_west_gate", "length_km", "1 300")),
    ("cell.type.thousands_comma", "commas between thousands", cell("terminal.csv", "gate_gauge", "capacity_teu_a", "1,300,000")),
    ("cell.type.unit", "a unit behind the number", cell("link.csv", "xa_west_gate", "length_km", "300 km")),
    ("cell.type.nan", "NaN written out", cell("link.csv", "xa_west_gate", "capacity_veh_d", "NaN")),
    ("cell.type.nan_needed", "NaN in a column that needs a value", cell("link.csv", "xa_west_gate", "length_km", "nan")),
    ("cell.type.inf", "inf as a capacity", cell("terminal.csv", "gate_gauge", "capacity_teu_a", "inf")),
    ("cell.type.overflow", "a number too large for a float", cell("link.csv", "xa_west_gate", "capacity_veh_d", "1e999")),
    ("cell.type.null", "null written out", cell("service_leg.csv", "roro_quay_haven", "headway_h", "null")),
    ("cell.type.dash", "a dash for nothing", cell("country.csv", "XZ", "stability_score", "-")),
    ("cell.type.spreadsheet", "a fault value of a spreadsheet", cell("link.csv", "xa_west_gate", "length_km", "#N/A")),
    ("cell.type.hex", "a hexadecimal number", cell("link.csv", "xa_west_gate", "length_km", "0x12c")),
    ("cell.type.underscore", "an underscore between digits", cell("link.csv", "xa_west_gate", "length_km", "1_300")),
    ("cell.type.whole", "a broken number of tracks", cell("link.csv", "xa_west_gate", "tracks_count", "1.5")),
    ("cell.type.bool", "yes instead of true", cell("link.csv", "xa_west_gate", "directed", "yes")),
    ("cell.type.bool_number", "2 instead of true", cell("terminal.csv", "gate_gauge", "directed", "2")),
    ("cell.type.id_blank", "a blank before an id", cell("node.csv", "west", "node_id", " west")),
    ("cell.type.id_separator", "a semicolon in an id", cell("link.csv", "xa_gate_mark", "link_id", "xa;gate")),
    ("cell.type.ids_blank", "blanks between ids", cell("segment.csv", "containers", "mode_ids", "road; roro")),
    ("cell.type.ids_empty", "nothing between two separators", cell("segment.csv", "containers", "mode_ids", "road;;roro")),
    ("cell.type.unreadable", "a name with lost letters", cell("node.csv", "west", "name", "West\ufffd\ufffdrg")),
    ("cell.type.control", "a control character in a note", cell("link.csv", "xa_gate_mark", "note", "new\x07line")),
    ("cell.bounds.negative", "a negative length", cell("link.csv", "xa_west_gate", "length_km", "-300")),
    ("cell.bounds.zero", "a length of zero", cell("link.csv", "xa_west_gate", "length_km", "0")),
    ("cell.bounds.speed", "a speed of 500 km/h", cell("link.csv", "xa_west_gate", "speed_km_h", "500")),
    ("cell.bounds.latitude", "a latitude of 95 degrees", cell("node.csv", "west", "lat_deg", "95")),
    ("cell.bounds.swapped", "coordinates in metres of a grid", cell("node.csv", "west", "lon_deg", "455000")),
    ("cell.bounds.huge", "a cost without sense", cell("terminal.csv", "gate_gauge", "cost_usd_teu", "1e300")),
    ("cell.bounds.year", "an opening year of 20305", cell("link.csv", "xb_mark_quay_fast", "opening_year", "20305")),
    ("cell.bounds.hours", "a negative wait", cell("terminal.csv", "gate_gauge", "waiting_time_h", "-1")),
    ("cell.bounds.tracks", "no tracks at all", cell("link.csv", "xa_west_gate", "tracks_count", "0")),
    ("cell.bounds.many", "all speeds in metres per second", cell("link.csv", "*", "speed_km_h", "0.5")),
    ("cell.choice.status", "a status in another word", cell("link.csv", "xa_west_gate", "status", "opened")),
    ("cell.choice.kind", "a kind of terminal that does not exist", cell("terminal.csv", "gate_gauge", "kind", "gauge change")),
    ("cell.choice.capital", "Open with a capital", cell("terminal.csv", "gate_gauge", "status", "Open")),
    ("cell.choice.far", "a medium like nothing known", cell("mode.csv", "road", "medium", "zeppelin")),
    ("cell.choice.wires", "wires in another spelling", cell("link.csv", "xa_west_gate", "electrification", "25 kV AC")),
    ("cell.unique.node", "two nodes with one id", copy_row("node.csv", "west", name="Second")),
    ("cell.unique.link", "two links with one id", copy_row("link.csv", "xa_west_gate", length_km="310")),
    ("cell.unique.member", "a membership that occurs twice", copy_row("country_group.csv", "pact", country_id="XA")),
    ("cell.unique.place", "a spelling that occurs twice", copy_row("place.csv", "Haven")),
    ("cell.refers.node", "a link to nowhere", cell("link.csv", "xa_west_gate", "to_node_id", "gat")),
    ("cell.refers.mode", "a mode that does not exist", cell("link.csv", "xa_west_gate", "mode_id", "rail_1453")),
    ("cell.refers.country", "a country that does not exist", cell("node.csv", "haven", "country_id", "XD")),
    ("cell.refers.zone", "a connector of an unknown zone", cell("connector.csv", "west_road", "zone_id", "wset")),
    ("cell.refers.terminal", "a terminal nowhere", cell("terminal.csv", "gate_gauge", "node_id", "gatehouse_of_the_far_west")),
    ("cell.refers.ids", "one unknown mode among several", cell("segment.csv", "containers", "mode_ids", "road;rail_1530;roro")),
    ("cell.refers.tariff", "a tariff of an unknown segment", cell("tariff.csv", "road_teu", "segment_id", "container")),
    ("cell.refers.many", "all links lead to an unknown node", cell("link.csv", "*", "to_node_id", "nowhere")),
    # Links and services
    ("link.to_node_id.differs", "a link from a node to itself", cell("link.csv", "xa_gate_mark", "to_node_id", "gate")),
    ("service_leg.to_node_id.differs", "a ferry to its own port", cell("service_leg.csv", "ferry_quay_haven", "to_node_id", "quay")),
    ("link.length_km.great_circle", "a link shorter than the straight line", cell("link.csv", "xa_west_gate", "length_km", "250")),
    ("link.length_km.great_circle.coordinates", "a node on the wrong side of the sea", cell("node.csv", "west", "lon_deg", "-10")),
    ("service_leg.length_km.great_circle", "a crossing shorter than the sea", cell("service_leg.csv", "ferry_quay_haven", "length_km", "23")),
    ("link.length_km.detour", "a length in hundreds of metres", cell("link.csv", "xa_west_gate", "length_km", "3000")),
    ("service_leg.length_km.detour", "a crossing in metres", cell("service_leg.csv", "ferry_quay_haven", "length_km", "23000"), cell("service_leg.csv", "ferry_quay_haven", "time_h", "1000")),
    ("link.closing_year.order", "a link that closes before it opens", cell("link.csv", "xb_mark_quay_fast", "closing_year", "2020")),
    ("terminal.closing_year.order", "a terminal that closes in its first year", cell("terminal.csv", "gate_gauge", "opening_year", "2010"), cell("terminal.csv", "gate_gauge", "closing_year", "2010")),
    ("service_leg.closing_year.order", "a ferry that stops before it starts", cell("service_leg.csv", "ferry_quay_haven", "closing_year", "2000")),
    ("link.link_id.double", "the same link under two ids", copy_row("link.csv", "xa_west_gate", link_id="xa_west_gate_2")),
    ("link.country_id.land", "a railway on the high sea", cell("link.csv", "xa_west_gate", "country_id", "XZ")),
    ("link.electrification.rail", "a road with wires", cell("link.csv", "xa_west_mark_road", "electrification", "3kv_dc")),
    ("service_leg.time_h.speed", "a ferry at 230 km/h", cell("service_leg.csv", "ferry_quay_haven", "time_h", "1")),
    ("terminal.terminal_id.shared", "a terminal with the id of a link", cell("terminal.csv", "gate_gauge", "terminal_id", "xa_west_gate")),
    ("service_leg.service_leg_id.shared", "a ferry with the id of a terminal", cell("service_leg.csv", "ferry_quay_haven", "service_leg_id", "quay_rail_ship"), drop_row("shape.csv", "service_leg")),
    # Places
    ("node.lon_deg.null_island", "a node without coordinates", cell("node.csv", "haven", "lon_deg", "0")),
    ("node.unlocode.format", "a UN/LOCODE in small letters", cell("node.csv", "west", "unlocode", "xa wes")),
    ("node.node_id.border_post", "a border without posts", drop_row("terminal.csv", "mark_rail_ab"), drop_row("terminal.csv", "mark_rail_ba")),
    ("node.node_id.border_post.one_way", "a border post in one direction only", drop_row("terminal.csv", "mark_road_ba")),
    ("node.node_id.border_post.ended", "free passage that has ended", drop_row("terminal.csv", "mark_road_ab"), drop_row("terminal.csv", "mark_road_ba"), cell("country_group.csv", "*", "group_id", "eu"), cell("country_group.csv", "*", "to_date", "2020")),
    ("country.country_id.format", "a three-letter code of a country", text("country.csv", "XC,XCC", "XCC,XCC"), cell("node.csv", "haven", "country_id", "XCC"), cell("zone.csv", "haven", "country_id", "XCC")),
    ("country.iso3.format", "a two-letter code as the long one", cell("country.csv", "XA", "iso3", "XA")),
    ("country.stability_year.given", "a stability score of no year", cell("country.csv", "XA", "stability_year", "")),
    ("country.logistics_year.given", "a logistics score of no year", cell("country.csv", "XB", "logistics_year", "")),
    ("country.grid_year.given", "a grid value of no year", cell("country.csv", "XC", "grid_year", "")),
    ("mode.gauge_mm.rail", "a railway without a gauge", cell("mode.csv", "rail_1520", "gauge_mm", "")),
    ("mode.gauge_mm.other", "a road with a gauge", cell("mode.csv", "road", "gauge_mm", "1435")),
    ("terminal.from_mode_id.meets", "a gauge change where one gauge is missing", cell("terminal.csv", "gate_gauge", "node_id", "mark")),
    ("terminal.to_mode_id.meets", "a port without its ships", cell("terminal.csv", "quay_rail_ship", "node_id", "mark")),
    ("terminal.to_mode_id.border_post", "a border post that changes the mode", cell("terminal.csv", "mark_rail_ab", "to_mode_id", "road")),
    ("terminal.from_country_id.border_post", "a border post without countries", cell("terminal.csv", "mark_rail_ab", "from_country_id", ""), cell("terminal.csv", "mark_rail_ab", "to_country_id", "")),
    ("terminal.from_country_id.border_post.same", "a border post inside a country", cell("terminal.csv", "mark_rail_ab", "to_country_id", "XA")),
    ("terminal.from_country_id.border_post.half", "a port with one country of two", cell("terminal.csv", "quay_rail_ship", "to_country_id", "XC")),
    ("terminal.from_country_id.meets", "a border post of a country far away", cell("terminal.csv", "mark_rail_ab", "from_country_id", "XC")),
    ("terminal.to_country_id.meets", "a border post into a country far away", cell("terminal.csv", "mark_road_ab", "to_country_id", "XC")),
    ("terminal.to_mode_id.gauge_change", "a gauge change from rail to road", copy_row("terminal.csv", "gate_gauge", terminal_id="mark_gauge", node_id="mark", from_mode_id="rail_1520", to_mode_id="road")),
    ("terminal.to_mode_id.passage", "a passage on land", copy_row("terminal.csv", "mark_rail_ab", terminal_id="mark_pass", kind="passage", from_country_id="", to_country_id="")),
    ("terminal.terminal_id.double", "the same gauge change under two ids", copy_row("terminal.csv", "gate_gauge", terminal_id="gate_gauge_2")),
    ("zone.zone_id.connector", "a zone without a connector", drop_row("connector.csv", "haven_roro"), drop_row("connector.csv", "haven_rail_ferry")),
    ("zone.country_id.node", "a zone in another country than its node", cell("zone.csv", "west", "country_id", "XB")),
    ("connector.mode_id.meets", "a connector to a mode that is not there", cell("connector.csv", "west_road", "mode_id", "roro")),
    ("connector.connector_id.double", "the same connector under two ids", copy_row("connector.csv", "west_road", connector_id="west_road_2")),
    # Money, emissions, names
    ("tariff.rate_usd_teu_km.load_unit", "a tariff per TEU without a rate", cell("tariff.csv", "road_teu", "rate_usd_teu_km", "")),
    ("tariff.rate_usd_t_km.load_unit", "a tariff per tonne with a rate per TEU too", cell("tariff.csv", "rail_1435_t", "rate_usd_teu_km", "1")),
    ("tariff.row_id.known", "a tariff for an unknown link", cell("tariff.csv", "road_teu", "row_id", "xa_west_gait")),
    ("tariff.segment_id.load_unit", "a tariff per tonne for boxes", cell("tariff.csv", "rail_1435_t", "segment_id", "containers")),
    ("tariff.tariff_id.double", "two tariffs for the same", copy_row("tariff.csv", "road_teu", tariff_id="road_teu_2")),
    ("segment.t_per_teu_factor.load_unit", "boxes without a weight", cell("segment.csv", "containers", "t_per_teu_factor", "")),
    ("emission_factor.wtw_gco2e_tkm.given", "a factor without a value", cell("emission_factor.csv", "road_any", "wtw_gco2e_tkm", "")),
    ("emission_factor.energy_kwh_tkm.electric", "a truck on electricity from the grid of trains", cell("emission_factor.csv", "road_any", "energy_kwh_tkm", "0.1")),
    ("emission_factor.row_id.known", "a factor for an unknown ferry", cell("emission_factor.csv", "roro_any", "row_id", "roro_key_haven")),
    ("emission_factor.emission_factor_id.double", "two factors for the same", copy_row("emission_factor.csv", "road_any", emission_factor_id="road_any_2")),
    ("country_group.from_date.date", "a date in the order of day, month, year", cell("country_group.csv", "pact", "from_date", "15.06.2001")),
    ("country_group.to_date.date", "the 31st of February", cell("country_group.csv", "pact", "to_date", "2020-02-31")),
    ("country_group.to_date.order", "a membership that ends before it begins", cell("country_group.csv", "pact", "to_date", "1999")),
    ("corridor.rank_count.unique", "two corridors of one rank", cell("corridor.csv", "road_way", "rank_count", "1")),
    ("corridor.all_of.gateway", "a gateway that is no node", cell("corridor.csv", "rail_way", "all_of", "mode:rail_fery")),
    ("corridor.any_of.gateway", "one unknown gateway of two", cell("corridor.csv", "rail_way", "any_of", "gate;markt")),
    ("corridor.none_of.gateway", "a gateway of an unknown kind", cell("corridor.csv", "road_way", "none_of", "strait:narrows")),
    ("value.table_name.known", "provenance of an unknown table", cell("value.csv", "link", "table_name", "links")),
    ("value.column_name.known", "provenance of an unknown column", cell("value.csv", "link", "column_name", "length")),
    ("value.row_id.known", "provenance of an unknown row", cell("value.csv", "link", "row_id", "xa_west")),
    ("shape.row_id.known", "a line of an unknown link", cell("shape.csv", "link", "row_id", "xa_west")),
    ("shape.coordinates.pairs", "a line with commas in its pairs", cell("shape.csv", "link", "coordinates", "10,0;11,0.2")),
    ("shape.coordinates.point", "a line of one point", cell("shape.csv", "link", "coordinates", "10 0")),
    # Operations
    ("departure.first_date.date", "a first day in the order of day, month, year", *_TIMED, cell("departure.csv", "roro_quay_monday", "first_date", "01.06.2024")),
    ("departure.last_date.date", "a timetable that ends on the 31st of June", *_TIMED, cell("departure.csv", "roro_quay_monday", "last_date", "2024-06-31")),
    ("departure.last_date.order", "a timetable that runs backwards", *_TIMED, cell("departure.csv", "roro_quay_monday", "first_date", "2024-12-14"), cell("departure.csv", "roro_quay_monday", "last_date", "2024-06-02")),
    ("departure.weekdays.known", "days of the week in another language", *_TIMED, cell("departure.csv", "roro_quay_monday", "weekdays", "mo;mi;fr")),
    ("departure.from_node_id.end", "a departure where the ship never calls", *_TIMED, cell("departure.csv", "roro_quay_monday", "from_node_id", "mark")),
    ("departure.time_h.bounds", "a ship that arrives before it departs", *_TIMED, cell("departure.csv", "roro_quay_monday", "time_h", "-8")),
    ("departure.service_leg_id.timetable", "a timetable of a ferry that fills and goes", *_FILLS, *_TIMED, cell("departure.csv", "roro_quay_monday", "service_leg_id", "ferry_quay_haven"), copy_row("departure.csv", "roro_quay_monday", departure_id="roro_quay", service_leg_id="roro_quay_haven")),
    ("service_leg.departs.timetable", "a service by timetable that never comes back", *_FILLS, *_TIMED, drop_row("departure.csv", "roro_haven_tuesday")),
    ("service_leg.headway_h.departs", "a service at even intervals without an interval", *_FILLS, cell("service_leg.csv", "ferry_quay_haven", "departs", "headway"), cell("service_leg.csv", "ferry_quay_haven", "headway_h", "")),
    ("service_leg.departs.capacity", "a ship that fills and goes, with no capacity", *_FILLS, cell("service_leg.csv", "ferry_quay_haven", "capacity_wagon_count", "")),
    ("service_leg.departs.capacity.zero", "a ship that carries nothing", *_FILLS, *_TIMED, cell("service_leg.csv", "roro_quay_haven", "capacity_teu", "0")),
    ("service_leg.departs.capacity.headway", "a ship at even intervals that carries nothing", cell("service_leg.csv", "roro_quay_haven", "capacity_teu", "0")),
    ("service_leg.longest_wait_h.fills", "a ship that waits for ever", *_FILLS, cell("service_leg.csv", "ferry_quay_haven", "longest_wait_h", "")),
    ("service_leg.fleet_count.whole", "a line without ships", *_FILLS, cell("service_leg.csv", "ferry_quay_haven", "fleet_count", "0")),
    ("service_leg.turn_time_h.fleet", "ships that never turn round", *_FILLS, cell("service_leg.csv", "ferry_quay_haven", "turn_time_h", "")),
    ("closure.node_id.one", "a closure of nothing", cell("closure.csv", "haven_wind_01", "node_id", "")),
    ("closure.node_id.one.several", "a closure of two places", cell("closure.csv", "haven_wind_01", "service_leg_id", "roro_quay_haven")),
    ("closure.closed_share.month", "a month in which a port never opens", cell("closure.csv", "haven_wind_01", "closed_share", "0.7"), copy_row("closure.csv", "haven_wind_01", closure_id="haven_ice_01", cause="ice", closed_share="0.3")),
    ("terminal.opening_hours.form", "opening hours in words", cell("terminal.csv", "quay_road_ship", "opening_hours", "weekdays from eight to five")),
    ("terminal.opening_hours.never", "a calendar that never opens", cell("terminal.csv", "quay_road_ship", "opening_hours", "Mo-Fr 08:00-20:00; Mo-Su off")),
    ("holiday.date.date", "a holiday without a year", _RESTS, cell("holiday.csv", "xb_day_2025", "date", "05-01")),
    ("holiday.terminal_kinds.known", "a holiday of an unknown kind of terminal", _RESTS, cell("holiday.csv", "xb_day_2025", "terminal_kinds", "border_post;customs")),
    ("server.kind.place", "a berth without a node", cell("server.csv", "berth_quay_ferry", "node_id", "")),
    ("server.kind.place.work", "cranes without a terminal", cell("server.csv", "berth_quay_ferry", "kind", "work")),
    ("server.server_id.reached", "a berth at which no ship calls", cell("server.csv", "berth_quay_ferry", "node_id", "mark")),
    ("server.server_id.double", "two sets of berths for the same ships", copy_row("server.csv", "berth_quay_ferry", server_id="berth_quay_ferry_2")),
    ("server.work_h_t.lasting", "cranes that take no time", raw("server.csv", b"server_id,kind,terminal_id,server_count,work_h_t\ncranes_gate,work,gate_gauge,2,0\n")),
    ("server.work_h_t.known", "gangs that nobody can rate", raw("server.csv", b"server_id,kind,terminal_id,server_count\ngangs_mark,work,mark_rail_ab,2\n")),
    ("wagon_pool.mode_id.rail", "wagons of a road", raw("wagon_pool.csv", _POOL.replace(b"rail_1520", b"road").replace(b"gate_gauge", b"quay_road_ship"))),
    ("wagon_pool.terminal_ids.entry", "wagons that no cargo can enter", raw("wagon_pool.csv", _POOL.replace(b"gate_gauge", b"mark_rail_ab"))),
    ("wagon_pool.terminal_ids.double", "two pools of wagons for the same cargo", raw("wagon_pool.csv", _POOL + _POOL.splitlines()[1].replace(b"flats", b"more") + b"\n")),
    ("wagon_pool.wagon_count.bounds", "a pool without wagons", raw("wagon_pool.csv", _POOL.replace(b",300,", b",0,"))),
    ("duration.terminal_kinds.known", "a time at an unknown kind of terminal", cell("duration.csv", "border", "terminal_kinds", "border")),
    ("duration.media.known", "a time on an unknown medium", cell("duration.csv", "rail", "media", "railway")),
    ("duration.spread_factor.bounds", "a negative spread", cell("duration.csv", "rail", "spread_factor", "-0.2")),
    ("duration.spread_factor.fixed", "a spread of what always passes", cell("duration.csv", "rail", "least_factor", "1")),
    ("duration.spread_factor.exponential", "an exponential time with half its spread", cell("duration.csv", "border", "family", "exponential")),
    ("duration.activity.double", "two spreads of the same times", copy_row("duration.csv", "rail", duration_id="rail_2", media="road;rail")),
    ("draught_limit.load_share.order", "ships that load more as the sea falls", raw("draught_limit.csv", b"draught_limit_id,service_leg_id,level_m,load_share\na,ferry_quay_haven,-28,0.8\nb,ferry_quay_haven,-29,0.9\n")),
    (
        "many.operations",
        "five faults of operations, told in one list",
        *_TIMED,
        *_FILLS,
        cell("departure.csv", "roro_quay_monday", "first_date", "2024-12-14"),
        cell("departure.csv", "roro_quay_monday", "last_date", "2024-06-02"),
        cell("service_leg.csv", "ferry_quay_haven", "capacity_wagon_count", ""),
        cell("terminal.csv", "quay_road_ship", "opening_hours", "off"),
        cell("server.csv", "berth_quay_ferry", "node_id", "mark"),
        cell("duration.csv", "rail", "spread_factor", "-0.2"),
    ),
    # Several at once
    (
        "many.files",
        "six faults in four files, told in one list",
        cell("node.csv", "west", "lat_deg", "north"),
        cell("link.csv", "xa_west_gate", "length_km", "-1"),
        cell("link.csv", "xb_mark_quay", "mode_id", "rail"),
        cell("terminal.csv", "gate_gauge", "status", "ready"),
        add_column("zone.csv", "countryid", "XA"),
        drop("zone.csv", "country_id"),
    ),
]  # fmt: skip
