"""Says, for each collection of raw facts, which cells hold which quantity.

A raw row may hold several values. The first reading that has one gives the row's main fact,
``segments-0001``; each further one gets a suffix, ``segments-0001.capacity``. The order below is therefore
part of the identifiers.
Templates take the row's cells by column name; parts that come out empty are left out.
``tools/build_eurasia/facts.py`` applies this to ``raw_facts/<topic>.csv``.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity of a raw row.

    Attributes
    ----------
    suffix : str
        Added to the fact's identifier when the quantity is not the row's main one.
    metric, unit : str
        Templates.
    value, low, high : str
        Templates of the cells with the value (or the mean) and with the ends of its range.
    """

    suffix: str
    metric: str
    value: str
    unit: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """How the rows of one collection are read.

    Attributes
    ----------
    entity : tuple of str
        Templates of the parts of the name of what the fact is about.
    year : str
        Template of the year or period.
    readings : tuple of Reading
        Main quantity first.
    extra : tuple of str
        Columns that qualify the value and are kept in the note, as ``column: cell``.
    """

    entity: tuple[str, ...]
    year: str
    readings: tuple[Reading, ...]
    extra: tuple[str, ...] = field(default=())


TOPIC: dict[str, Topic] = {
    "alternatives": Topic(
        ("{corridor}", "{segment}"), "{period}", (Reading("", "{metric}", "{value}", "{unit}"),)
    ),
    "border_crossing": Topic(
        ("{crossing}", "{mode}", "{direction}"),
        "{year}",
        (
            Reading("hours", "{indicator} time", "{hours_mean}", "h", "{hours_low}", "{hours_high}"),
            Reading(
                "median", "{indicator} time, median", "{hours_median}", "h", "{hours_low}", "{hours_high}"
            ),
            Reading("value", "{indicator}", "{value}", "{value_unit}"),
            Reading("cost", "{indicator} cost", "{cost}", "{currency}"),
        ),
        ("country",),
    ),
    "country_groups": Topic(
        ("{country}",), "{date}", (Reading("", "membership of {group}", "{status}", "text"),)
    ),
    "emissions": Topic(
        ("{mode}", "{vehicle_or_class}"),
        "{source_date}",
        (Reading("", "{scope} intensity", "{value}", "{unit}"),),
        ("detail", "framework"),
    ),
    "funds": Topic(
        ("{name}",),
        "{date}",
        (Reading("", "{metric}", "{value}", "{unit}"),),
        ("type", "parties", "sectors", "projects_or_detail", "status"),
    ),
    "projects": Topic(
        ("{id}", "{name}"),
        "{expected_year}",
        (
            Reading("length", "length", "{length_km}", "km"),
            Reading("capacity_after", "capacity after", "{capacity_after}", "{capacity_unit}"),
            Reading("capacity_before", "capacity before", "{capacity_before}", "{capacity_unit}"),
            Reading("capex", "capital cost", "{capex_musd}", "USD million"),
            Reading("capex_original", "capital cost as published", "{capex_original}", "text"),
            Reading("time_saved", "time saved", "{time_saved}", "text"),
            Reading("expected_year", "expected year", "{expected_year}", "year"),
            Reading("status", "status", "{status}", "text"),
        ),
        ("sector", "countries", "node_or_segment", "sponsor"),
    ),
    "risk": Topic(
        ("{entity}",),
        "{period}",
        (
            Reading("value", "{category}: {metric}", "{value}", "{unit}"),
            Reading("duration", "{category}: {metric}, duration", "{duration_days}", "days"),
        ),
    ),
    "segments": Topic(
        ("{from_node}", "{to_node}", "{mode}"),
        "{year}",
        (
            Reading("length", "length", "{length_km}", "km"),
            Reading("capacity", "capacity", "{capacity_value}", "{capacity_unit}"),
            Reading("tracks", "main tracks", "{tracks}", "tracks"),
            Reading("electrified", "electrification", "{electrified}", "{electrified_unit}"),
            Reading("gauge", "track gauge", "{gauge_mm}", "mm"),
        ),
        ("countries",),
    ),
    "tariffs_costs": Topic(
        ("{item}", "{origin}", "{destination}"),
        "{year}",
        (Reading("", "{kind}", "{cost_mean}", "{currency} {unit}", "{cost_min}", "{cost_max}"),),
        ("corridor", "mode"),
    ),
    "terminals": Topic(
        ("{name}", "{kind}"),
        "{year}",
        (
            Reading("", "{metric}", "{value}", "{unit}"),
            Reading("location", "location (latitude, longitude)", "{location}", "text"),
            Reading("unlocode", "UN/LOCODE", "{location_code}", "text"),
        ),
        ("country",),
    ),
    "titr_volumes": Topic(("{segment}",), "{year} {period}", (Reading("", "{metric}", "{value}", "{unit}"),)),
    "trade": Topic(
        ("{reporter}", "{partner}", "{commodity}", "{route_or_mode}"),
        "{year}",
        (Reading("", "{metric}", "{value}", "{unit}"),),
        ("kind",),
    ),
    "transit_times": Topic(
        ("{origin}", "{destination}", "{corridor}"),
        "{year}",
        (Reading("", "time, {kind}", "{days_mean}", "days", "{days_min}", "{days_max}"),),
        ("mode_chain",),
    ),
    "vessels": Topic(
        ("{operator}", "{type}", "{route}"),
        "{year}",
        (
            Reading("count", "ships", "{count}", "ships"),
            Reading("capacity", "capacity or load", "{capacity_value}", "{capacity_unit}"),
            Reading("sailings", "sailings", "{sailings_per_week}", "per week"),
            Reading("hours", "crossing time", "", "h", "{crossing_hours_min}", "{crossing_hours_max}"),
        ),
    ),
    "zangezur": Topic(("{segment}",), "{date_or_year}", (Reading("", "{metric}", "{value}", "{unit}"),)),
}


def add_cells(topic: str, row: dict[str, str]) -> dict[str, str]:
    """The row with the few cells that have to be put together before they can be read."""
    cells = dict(row)
    if topic == "border_crossing":
        is_range = row["value_unit"] == "h" and bool(row["hours_mean"] or row["hours_median"])
        low, _, high = row["value"].partition("-") if is_range else ("", "", "")
        cells |= {"hours_low": low, "hours_high": high}
        if is_range:
            cells |= {"value": "", "value_unit": ""}
    elif topic == "segments":
        text = row["electrified"]
        cells["electrified_unit"] = "%" if text.endswith("%") else "km" if text.endswith("km") else "text"
    elif topic == "terminals":
        is_place = row["metric"] == "location"
        cells |= {
            "location": f"{row['lat']} {row['lon']}" if is_place else "",
            "location_code": row["unlocode"] if is_place else "",
        }
    elif topic == "risk":
        ends = [row["date_start"], row["date_end"]]
        cells["period"] = "/".join(part for part in ends if part)
    elif topic == "titr_volumes" and row["period"] in {"full year", "annual"}:
        cells["period"] = ""
    return cells
