"""``reference/dictionary.md``: every table and column, from ``src/dehliz/dictionary``."""

from dehliz.base.schema import ColumnSpec, TableSpec, list_tables, read_spec
from dehliz.base.units import UNIT_SUFFIX
from dehliz.network.network import NEEDED_TABLES, TABLES
from tools.docs.markdown import HEAD, code, sentence, table

MEANING = {
    "closure": "When places are shut by wind, ice or works: share of each month, and how long at a time",
    "departure": "Timetables: departures of services that repeat by day of the week",
    "draught_limit": "What part of their capacity ships can load, by level of the Caspian",
    "duration": "How times vary about their means, with the fit",
    "hazard": "What may happen: what it strikes, how often, for how long, and what of it is published",
    "holiday": "Days on which terminals rest",
    "server": "Berths, gangs and cranes that work side by side",
    "wagon_pool": "Wagons of one gauge that cannot leave it",
    "beside_concentration": "how concentrated cargo is, as it is and in a scenario",
    "beside_corridor": "corridors as they are and in a scenario",
    "beside_country": "transit and gain of countries by a scenario",
    "beside_flow": "flows that a scenario changes",
    "beside_total": "sums over all cargo, as it is and in a scenario",
    "criticality": "what the loss of each thing costs, the costliest first",
    "criticality_bearer": "who bears the loss of each thing, by country",
    "criticality_pair": "what two things at once cost beyond each alone",
    "event_reported": "what was reported of historic events, figure by figure",
    "future_event": "what happened in each drawn year",
    "future_loss": "what each drawn year lost, by system, corridor, country and hazard",
    "future_parameter": "the uncertain numbers of each drawn year",
    "future_second": "what each drawn year lost on two networks",
    "future_status": "how each drawn year was computed: sets, equilibria, gaps",
    "risk": "expected loss, value at risk and beyond, with bounds",
    "risk_convergence": "how estimates settle as years are added",
    "risk_driver": "which hazards drive the yearly loss",
    "risk_exceedance": "how often a year loses more than an amount",
    "risk_sensitivity": "first-order and total Sobol indices of the yearly loss",
    "second_route": "what a second way is worth on the same draws",
    "event_check": "historic events: the model beside what was reported",
    "recovery_country": "who bears an event",
    "recovery_day": "an event day by day",
    "recovery_total": "an event in a few numbers",
    "background": "Cargo that is on a link or in a terminal before any market is loaded",
    "border_flow": "What crosses each border between two countries, by direction, mode and segment",
    "bottleneck": "Links, services and terminals near or above their capacity, with what one more tonne of it is worth",
    "capacity": "What links, terminals and services can carry in a year, as far as it changes or is published",
    "choice_parameter": "Scale and constants of the choice of corridor: fitted to published volumes, or assumed",
    "claim": "Whether a claim made for a corridor holds between two places, beside the best rival",
    "cut": "What separates two places or regions, and how much of its capacity is known",
    "cut_section": "The links, services and terminals of each cut, with what they can carry",
    "disjoint": "How many ways between two sides share no section, and how many no node",
    "disjoint_way": "Those ways, the fastest first",
    "diversification": "How concentrated cargo is by corridor, country, passage and operator, as it goes and could go",
    "relief_total": "What can come into a struck place from all gateways together, before and after",
    "relief_way": "The fastest way into a struck place from each gateway, or what blocks it",
    "concentration": "How much of each segment's cargo hangs on one corridor, country or passage",
    "connector": "How a zone is joined to a node in a mode: loading and unloading",
    "container": "Sizes of boxes",
    "convergence": "Gap and time of each iteration of an assignment",
    "corridor": "Corridors, each by the gateways that a route passes",
    "corridor_flow": "What each corridor carries, by segment",
    "country": "Countries, their names, published indices and electricity",
    "country_group": "Which country belongs to which group, and since when",
    "delay": "How the time of links, services and terminals rises with their traffic",
    "demand": "Cargo from zone to zone by year and market, each row with the totals that it comes from",
    "demand_total": "Published size of each market by year, and what contradicts it",
    "emission_factor": "Greenhouse gases of moving one tonne one kilometre, by mode and traction",
    "empty_flow": "Empty boxes and wagons that go back, by pool and pair of places",
    "empty_pool": "Pools of boxes and wagons that go back empty, and what share of a tariff they pay",
    "empty_summary": "Loaded and empty units of each pool, and what the empties pay",
    "fact": "Published values, each with source, date and confidence",
    "fact_use": "How many facts of each topic the network uses, and why the others are not used",
    "driver_capacity": "Capacities of projects to come, which take the place of those of today in their year",
    "driver_growth": "Growth of GDP by region and year: published, expected, assumed",
    "driver_market": "How much faster or slower than GDP each market grows",
    "driver_region": "Region whose growth stands for a country",
    "forecast": "Volumes in years to come by scenario: median and band, as modelled and anchored to the last count",
    "forecast_check": "The forecast tried on the past, year by year, beside two naive forecasts",
    "forecast_comparison": "Forecasts and targets that others have published, beside the central scenario",
    "forecast_demand": "Size of each market in years to come by scenario",
    "forecast_error": "Mean errors of the forecast tried on the past, and of the naive ones",
    "forecast_reference": "Forecasts and targets that others have published",
    "forecast_scenario": "Scenarios of a forecast: growth, elasticity, capacity, policy of the northern route",
    "growth_claim": "Readings of the claim that volumes of the corridor rose six times in five years",
    "indicator": "Time and cost at borders, cost and speed of corridors as CPMM defines them, beside its own",
    "length_check": "Lengths in the model beside published ones",
    "length_reference": "Stretches whose published length the model is compared with",
    "link": "Infrastructure that one can move along: railway, road, sea lane, pipeline, waterway",
    "link_flow": "What each link, service, terminal and connector carries, how full it is, and its price",
    "market": "Cargoes for which ways compete, and what each total counts",
    "market_zone": "Where the cargo of each market starts and ends, and in what parts",
    "mode": "Ways of moving, each with a network of its own",
    "mode_flow": "Cargo and transport work of each mode, by segment",
    "node": "Points where links meet: stations, ports, border crossings, cities",
    "observed_volume": "Published volumes of corridors, ports, borders and lines, which the model is to predict",
    "od_result": "Each flow from zone to zone: what was carried, at what cost and time",
    "place": "Spellings of places in several languages",
    "place_match": "Places that `dehliz places` has found",
    "port_flow": "What each port loads and unloads, by segment",
    "rail_length_check": "Rail links measured on the open rail graph, beside the published length of the line",
    "route": "One option of a way, or the best way of one corridor, as a whole",
    "route_leg": "The parts of each route, in the order of travel",
    "segment": "Kinds of cargo with a common unit, value and choice of modes",
    "service_leg": "Ferries and feeder ships between two nodes",
    "shape": "Lines for drawing; no result depends on them",
    "source": "Publishers and documents of the facts, and on what terms they are used",
    "tariff": "What moving costs, from the most general row to one link",
    "terminal": "Places where cargo stops: ports, rail terminals, gauge changes, border posts",
    "time_check": "Through times in the model beside published ones",
    "time_reference": "Published through times that the model is compared with",
    "unserved": "Flows, or parts of them, that are not on the network, with the reason",
    "value": "Where each sourced value of the network comes from",
    "volume_check": "Modelled volumes beside published ones and two naive forecasts",
    "volume_summary": "How far predicted volumes were from published ones, by count, beside two naive forecasts",
    "zone": "Places where shipments start and end",
    "ensemble_run": "Runs of an ensemble: whether each is done, and why one failed",
    "event": "The flat event log of one replication: each stage of each consignment",
    "on_time": "Odds of delivery by a promised day",
    "resource_use": "Queue and use of each resource by week",
    "safety_stock": "Stock that lasts through a lead time at the destination, and what it costs",
    "sailing": "Departures of one replication: when they left, arrived, berthed and were ready again, with their load",
    "ship_use": "Departures of each quay over the time observed: load, part sailings, waits off the port, round trips",
    "simulated_bottleneck": "Resources at which cargo waits, by what is waited there, and those that cannot keep up",
    "simulated_cause": "What the mean time of delivery goes to",
    "simulated_difference": "What a what-if changes, on the same draws, with bounds",
    "simulated_time": "Time of delivery of all cargo, corridors, pairs, and what is watched, with percentiles",
    "feedback": "Rounds between choice and operations: cargo and share of each corridor, and how far they moved",
    "scenario_difference": "What each scenario of a study changes in its simulated operations, with bounds",
    "simulated_time_check": "Published times beside the simulated distribution of the same pair",
    "simulated_time_summary": "How far simulated times are from published ones, by kind and corridor",
    "timetable_leg": "Parts of each option by the clock: when ready, when there",
    "timetable_option": "Options by the clock: departure, arrival, money, CO2e",
    "timetable_wait": "Waits of each part of an option by the clock, with their causes",
    "timetable_week": "Steps of a week: until when to be ready, and when the cargo then arrives",
    "wait_fit": "One factor on all waits, fitted to some of the observed times and tried on the rest",
    "throughput": "Cargo that sets out and that comes through, by corridor and week",
}
"""What each table holds, in one sentence; a test sees to it that none is missing."""

_TOP = """# Data dictionary

One section for each table. The same dictionary is used when files are read and checked, when results are written, and
here.

- **type**: `id` is a name that identifies a row, `ids` is several of them with `;` between, `enum` is one of the words
  listed.
- **needed**: each row must have a value. A column that is not needed may be left out of a file.
- **bounds** include both ends.
- An empty cell means *not known*. It is never read as zero.

"""

_GROUPS = (
    ("Tables of a network", "You write these for a network of your own; the bundled network has them too."),
    ("Evidence", "These come with the bundled network and say where its values come from."),
    ("Results", "Commands and studies write these."),
)


def make_page() -> str:
    """The page."""
    parts = [HEAD + _TOP, _suffixes()]
    for (title, text), names in zip(_GROUPS, _group(), strict=True):
        parts.append(f"## {title}\n\n{text}\n")
        parts += [_describe(read_spec(name)) for name in names]
    return "\n".join(parts)


def _group() -> tuple[list[str], list[str], list[str]]:
    network = [*TABLES, "shape"]
    rest = [name for name in list_tables() if name not in network]
    results = [name for name in rest if any(column.role == "result" for column in read_spec(name).columns)]
    return network, [name for name in rest if name not in results], results


def _suffixes() -> str:
    rows = [(code(suffix), meaning) for suffix, meaning in UNIT_SUFFIX.items()]
    return "## Units\n\nThe end of a column's name is its unit.\n\n" + table(("ending", "unit"), rows) + "\n"


def _describe(spec: TableSpec) -> str:
    needed = " A network needs it." if spec.name in NEEDED_TABLES else ""
    rows = [
        (
            code(column.name) + (" (key)" if column.is_key else ""),
            _type(column),
            column.unit,
            "yes" if column.is_required else "",
            _bounds(column),
            code(column.refers_to),
            _meaning(column),
        )
        for column in spec.columns
    ]
    titles = ("column", "type", "unit", "needed", "bounds", "refers to", "meaning")
    return f"### {spec.name}\n\n{sentence(MEANING.get(spec.name, ''))}{needed}\n\n{table(titles, rows)}"


def _type(column: ColumnSpec) -> str:
    if not column.choices:
        return column.type
    return f"{column.type}: " + ", ".join(code(choice) for choice in column.choices)


def _bounds(column: ColumnSpec) -> str:
    if column.low is not None and column.high is not None:
        return f"{column.low:g} to {column.high:g}"
    if column.low is not None:
        return f"{column.low:g} or more"
    return f"{column.high:g} or less" if column.high is not None else ""


def _meaning(column: ColumnSpec) -> str:
    text = sentence(column.description)
    if column.default:
        text += f" When absent: `{column.default}`."
    if column.source:
        text += f" ({column.source})"
    return text
