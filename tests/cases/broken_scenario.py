# ruff: noqa: E501
"""Scenarios that cannot be read or applied: (folder name, what is wrong, content of scenario.toml)."""

YEARS: list[tuple[str, str, list[int]]] = [
    ("year.early", "a year before the data begin", [1999]),
    ("year.late", "a year beyond the horizon", [2050]),
    ("year.twice", "a year chosen on the network of another year", [2025, 2030]),
]

_HEAD = 'name = "test"\n'


def _change(body: str) -> str:
    return f"{_HEAD}[[change]]\n{body}\n"


def _event(body: str) -> str:
    return f'{_HEAD}[event]\n{body}\n[[change]]\ndo = "close"\nlink_ids = ["xa_gate_mark"]\n'


_ROW = (
    'link_id = "new", from_node_id = "west", to_node_id = "quay", directed = false, mode_id = "rail_1435",'
    ' country_id = "XA", length_km = 600, speed_km_h = 50, status = "open", length_basis = "graph"'
)

SCENARIO: list[tuple[str, str, str | bytes]] = [
    ("scenario.file.toml", "not TOML", "name = \n"),
    ("scenario.file.toml.encoding", "not UTF-8", b'name = "\xff\xfe"\n'),
    ("scenario.key.known", "a misspelt key at the top", 'nmae = "test"\n[[change]]\ndo = "close"\nlink_ids = ["xa_gate_mark"]\n'),
    ("scenario.key.known.plural", "[[changes]] instead of [[change]]", 'name = "test"\n[[changes]]\ndo = "close"\n'),
    ("scenario.key.known.change", "a misspelt key of a change", _change('do = "close"\nlinks_ids = ["xa_gate_mark"]')),
    ("scenario.key.known.foreign", "a key of another change", _change('do = "close"\nlink_ids = ["xa_gate_mark"]\nfactor = 2')),
    ("scenario.key.given.name", "no name", '[[change]]\ndo = "close"\nlink_ids = ["xa_gate_mark"]\n'),
    ("scenario.key.given.change", "no change at all", _HEAD),
    ("scenario.key.given.do", "a change that does not say what to do", _change('link_ids = ["xa_gate_mark"]')),
    ("scenario.key.given.factor", "a scaling without a factor", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"')),
    ("scenario.key.type.ids", "one id instead of a list", _change('do = "close"\nlink_ids = "xa_gate_mark"')),
    ("scenario.key.type.factor", "text as a factor", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = "half"')),
    ("scenario.key.type.year", "text as a year", _change('do = "put_in_service"\nids = ["xb_mark_quay_fast"]\nyear = "2028"')),
    ("scenario.key.type.name", "a number as the name", 'name = 5\n[[change]]\ndo = "close"\nlink_ids = ["xa_gate_mark"]\n'),
    ("scenario.key.type.table", "a list as a table", _change('do = "remove"\ntable = ["link"]\nids = ["xa_gate_mark"]')),
    ("scenario.key.type.rows", "rows that are no tables", _change('do = "add"\ntable = "link"\nrows = ["a", "b"]')),
    ("scenario.key.type.value", "a list as a value", _change('do = "set"\ntable = "link"\ncolumn = "note"\nids = ["xa_gate_mark"]\nvalue = ["a"]')),
    ("scenario.key.type.change", "a single [change]", 'name = "test"\n[change]\ndo = "close"\n'),
    ("scenario.change.kind", "a word that is no change", _change('do = "clsoe"\nlink_ids = ["xa_gate_mark"]')),
    ("scenario.change.kind.number", "a number that is no change", _change("do = 1")),
    ("scenario.ids.known.link", "a link that does not exist", _change('do = "close"\nlink_ids = ["xa_gate_marc"]')),
    ("scenario.ids.known.terminal", "a terminal that does not exist", _change('do = "close"\nterminal_ids = ["gate_gage"]')),
    ("scenario.ids.known.node", "a node that does not exist", _change('do = "close"\nnode_ids = ["marks"]')),
    ("scenario.ids.known.country", "a country that does not exist", _change('do = "close"\ncountry_ids = ["RU"]')),
    ("scenario.ids.known.passage", "a passage that does not exist", _change('do = "close"\npassage_ids = ["narow"]')),
    ("scenario.ids.known.project", "a project that does not exist", _change('do = "put_in_service"\nids = ["xb_mark_quay_slow"]\nyear = 2028')),
    ("scenario.ids.given", "a closing of nothing", _change('do = "close"')),
    ("scenario.ids.given.set", "a value for no rows", _change('do = "set"\ntable = "link"\ncolumn = "note"\nids = []\nvalue = "x"')),
    ("scenario.ids.unique", "an id named twice", _change('do = "close"\nlink_ids = ["xa_gate_mark", "xa_gate_mark"]')),
    ("scenario.change.effect.closed", "closing what is not open", _change('do = "close"\nlink_ids = ["xb_mark_quay_fast"]')),
    ("scenario.change.effect.open", "opening what is open", _change('do = "open"\nlink_ids = ["xa_gate_mark"]')),
    ("scenario.change.effect.country", "opening a country in which nothing is closed", _change('do = "open"\ncountry_ids = ["XB"]')),
    ("scenario.change.effect.factor", "a factor of one", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = 1')),
    ("scenario.change.effect.empty", "scaling a number that is not there", _change('do = "scale"\ntable = "link"\ncolumn = "capacity_veh_d"\nids = ["xa_west_mark_road"]\nfactor = 2')),
    ("scenario.change.effect.same", "setting what is set already", _change('do = "set"\ntable = "link"\ncolumn = "speed_km_h"\nids = ["xa_west_gate"]\nvalue = 50')),
    ("scenario.change.effect.service", "putting in service what is open", _change('do = "put_in_service"\nids = ["xa_gate_mark"]\nyear = 2028')),
    ("scenario.change.effect.rows", "adding no rows", _change('do = "add"\ntable = "link"\nrows = []')),
    ("scenario.table.known", "a table in the plural", _change('do = "scale"\ntable = "links"\ncolumn = "speed_km_h"\nfactor = 2')),
    ("scenario.table.known.key", "a table whose rows have no single key", _change('do = "remove"\ntable = "country_group"\nids = ["pact"]')),
    ("scenario.column.known", "a column without its unit", _change('do = "scale"\ntable = "link"\ncolumn = "speed"\nfactor = 2')),
    ("scenario.column.key", "an id that would change", _change('do = "set"\ntable = "link"\ncolumn = "link_id"\nids = ["xa_gate_mark"]\nvalue = "x"')),
    ("scenario.column.number", "text that would be scaled", _change('do = "scale"\ntable = "link"\ncolumn = "status"\nfactor = 2')),
    ("scenario.factor.bounds", "a negative factor", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = -1')),
    ("scenario.factor.bounds.nan", "a factor that is no number", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = nan')),
    ("scenario.year.bounds", "a year of the far future", _change('do = "put_in_service"\nids = ["xb_mark_quay_fast"]\nyear = 20280')),
    ("scenario.set.type", "text in a number", _change('do = "set"\ntable = "link"\ncolumn = "speed_km_h"\nids = ["xa_west_gate"]\nvalue = "fast"')),
    ("scenario.set.choice", "a status that does not exist", _change('do = "set"\ntable = "link"\ncolumn = "status"\nids = ["xa_west_gate"]\nvalue = "opne"')),
    ("scenario.set.bounds", "a speed beyond its bounds", _change('do = "set"\ntable = "link"\ncolumn = "speed_km_h"\nids = ["xa_west_gate"]\nvalue = 900')),
    ("scenario.set.refers", "a country that does not exist", _change('do = "set"\ntable = "link"\ncolumn = "country_id"\nids = ["xa_west_gate"]\nvalue = "QQ"')),
    ("scenario.scale.bounds", "a factor that makes a train too fast", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nids = ["xa_west_gate"]\nfactor = 10')),
    ("scenario.scale.rule", "a factor that makes a link too short", _change('do = "scale"\ntable = "link"\ncolumn = "length_km"\nids = ["xa_west_gate"]\nfactor = 0.5')),
    ("scenario.add.unique", "a row with an id that exists", _change(f'do = "add"\ntable = "link"\nrows = [{{ {_ROW.replace("new", "xa_gate_mark")} }}]')),
    ("scenario.add.refers", "a row to nowhere", _change(f'do = "add"\ntable = "link"\nrows = [{{ {_ROW.replace("quay", "qay")} }}]')),
    ("scenario.add.present", "a row without a length", _change(f'do = "add"\ntable = "link"\nrows = [{{ {_ROW.replace("length_km = 600, ", "")} }}]')),
    ("scenario.add.known", "a row with a misspelt column", _change(f'do = "add"\ntable = "link"\nrows = [{{ {_ROW.replace("speed_km_h", "speed_kmh")} }}]')),
    ("scenario.remove.refers", "a node that links still end at", _change('do = "remove"\ntable = "node"\nids = ["haven"]')),
    ("scenario.ids.known.mode", "a mode that does not exist", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = 2\nmode_ids = ["rail_1524"]')),
    ("scenario.column.told", "a country of a table that knows none", _change('do = "scale"\ntable = "segment"\ncolumn = "value_usd_t"\nfactor = 2\ncountry_ids = ["XA"]')),
    ("scenario.change.effect.narrow", "keys that no row fits together", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = 2\ncountry_ids = ["XB"]\nmode_ids = ["rail_1435"]')),
    ("scenario.change.effect.left", "a row that the other keys leave out", _change('do = "scale"\ntable = "link"\ncolumn = "speed_km_h"\nfactor = 2\nids = ["xa_west_gate"]\ncountry_ids = ["XB"]')),
    ("scenario.demand.given", "a change of demand without a demand, and with a wrong share", _change('do = "shift_demand"\nshare = 2\nfactor = 0')),
    ("scenario.demand.given.capacity", "a capacity without a demand", _change('do = "scale"\ntable = "capacity"\ncolumn = "capacity_t_a"\nfactor = 2')),
    ("scenario.key.type.share", "text as a share", _change('do = "shift_demand"\nshare = "half"\nfactor = 0')),
    ("scenario.key.type.rate", "true as a rate", _change('do = "policy"\ngroup_id = "pact"\nrate_usd_teu_km = true')),
    ("scenario.ids.known.group", "a group that does not exist", _change('do = "policy"\ngroup_id = "pakt"\nborder_factor = 0.5')),
    ("scenario.group.members", "a border of one country with itself", _change('do = "policy"\ncountry_ids = ["XA"]\nborder_factor = 0.5')),
    ("scenario.group.members.none", "a policy of nobody", _change('do = "policy"\ntariff_factor = 0.5')),
    ("scenario.policy.single", "two tariffs at once, and a border of minus one hour", _change('do = "policy"\ngroup_id = "pact"\ntariff_factor = 0.5\nrate_usd_teu_km = 0.2\nborder_time_h = -1')),
    ("scenario.change.effect.policy", "a policy that changes nothing", _change('do = "policy"\ngroup_id = "pact"')),
    ("scenario.change.effect.border", "a border that two countries do not share", _change('do = "policy"\ncountry_ids = ["XA", "XC"]\nborder_factor = 0.5')),
    ("scenario.change.effect.tariff", "a tariff of a mode that the countries do not have", _change('do = "policy"\ngroup_id = "pact"\nmode_ids = ["roro"]\ntariff_factor = 0.5')),
    ("scenario.event.window", "an event that ends before it starts", _event("start = 2025-09-25\nend = 2025-09-12")),
    ("scenario.event.window.twice", "an end that is told twice", _event("start = 2025-09-12\nend = 2025-09-25\nduration_d = 13")),
    ("scenario.key.given.start", "an event without a start", _event("duration_d = 13")),
    ("scenario.key.type.start", "a day between quotes", _event('start = "2025-09-12"')),
    ("scenario.key.type.moment", "a moment instead of a day", _event("start = 2025-09-12T08:00:00")),
    ("scenario.key.type.event", "a word as an event", f'{_HEAD}event = "strike"\n[[change]]\ndo = "close"\nlink_ids = ["xa_gate_mark"]\n'),
    ("scenario.key.known.event", "a misspelt key of an event", _event("begin = 2025-09-12")),
    (
        "scenario.many",
        "four faults in three changes, told in one list",
        _HEAD
        + '[[change]]\ndo = "close"\nlink_ids = ["xa_gate_marc"]\nterminal_ids = ["gate_gage"]\n'
        + '[[change]]\ndo = "scale"\ntable = "link"\ncolumn = "speed"\nfactor = -2\n'
        + '[[change]]\ndo = "remove"\ntable = "link"\nids = ["xa_gate_mark"]\n',
    ),
]  # fmt: skip

SHIFTED: list[tuple[str, str, str | bytes]] = [
    ("scenario.share.bounds", "more than all of the cargo", _change('do = "shift_demand"\nshare = 1.5\nfactor = 0')),
    ("scenario.share.bounds.none", "none of the cargo, times less than nothing", _change('do = "shift_demand"\nshare = 0\nfactor = -1')),
    ("scenario.demand.ends", "cargo to where it starts", _change('do = "shift_demand"\nto_destination_zone_id = "west"')),
    ("scenario.ids.known.market", "a market that does not exist", _change('do = "shift_demand"\nmarket_ids = ["boxs"]\nfactor = 2')),
    ("scenario.ids.known.zone", "zones that do not exist", _change('do = "shift_demand"\norigin_zone_ids = ["wst"]\nto_destination_zone_id = "hven"')),
    ("scenario.change.effect.demand", "a shift that shifts nothing", _change('do = "shift_demand"\nmarket_ids = ["boxes"]')),
    ("scenario.change.effect.cargo", "keys that no cargo fits", _change('do = "shift_demand"\nmarket_ids = ["ore"]\norigin_country_ids = ["XC"]\nfactor = 2')),
    ("scenario.ids.known.capacity", "the capacity of a row that has none", _change('do = "scale"\ntable = "capacity"\ncolumn = "capacity_t_a"\nids = ["xa_west_gate"]\nfactor = 2')),
    ("scenario.demand.lost", "a zone that the demand still needs", _change('do = "remove"\ntable = "connector"\nids = ["haven_rail_ferry", "haven_roro"]\n[[change]]\ndo = "remove"\ntable = "zone"\nids = ["haven"]')),
]  # fmt: skip
