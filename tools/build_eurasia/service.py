"""Makes the services: feeders, rail ferries and truck ferries of the Caspian, the Black Sea and Lake Van.

``curated/service_leg.csv`` names a parameter for every number, or ``network`` for a length measured on the marine
network and ``speed:<parameter>`` for a time that follows from the length. A line through several straits names all,
and the table keeps the first. The rule of waiting: half the interval of departures, plus the documented or assumed
waits for weather, filling and berth. Comes after ``sea.py``.
"""

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, add_up, read_parameters, spread
from tools.build_eurasia.place_node import read_places
from tools.build_eurasia.sea import format_shape, measure_lane, note_lane_length, read_anchors
from tools.build_eurasia.sea_graph import SeaGraph, read_sea_graph

TABLE = "service_leg"
NETWORK = "network"
SPEED = "speed:"
PLAIN_COLUMNS = (
    "service_leg_id",
    "name",
    "from_node_id",
    "to_node_id",
    "directed",
    "mode_id",
    "country_id",
    "operator",
    "departs",
    "status",
    "opening_year",
    "passage_id",
    "length_basis",
    "note",
)

Point = tuple[float, float]
"""Longitude and latitude [deg]."""
CROSSING_SPREAD = "crossing_spread_share"


def measure_leg(row: dict[str, str], graph: SeaGraph, ledger: Ledger) -> tuple[float, list[Point]]:
    """Length [km] of a service and its positions between the ends, as far as they are known."""
    row_id = row["service_leg_id"]
    if row["length"] != NETWORK:
        return ledger.take(TABLE, row_id, "length_km", row["length"]), read_points(row["via"])
    anchors = read_anchors(graph)
    passages = frozenset(name for name in row["passage_id"].split(";") if name)
    length_km, points = measure_lane(
        graph, anchors[row["from_node_id"]], anchors[row["to_node_id"]], passages
    )
    return note_lane_length(ledger, TABLE, row_id, length_km), points


def read_points(text: str) -> list[Point]:
    """Positions written as ``lon lat;lon lat``."""
    pairs = [point.split() for point in text.split(";") if point]
    return [(float(lon), float(lat)) for lon, lat in pairs]


def find_time(row: dict[str, str], length_km: float, ledger: Ledger) -> Parameter:
    """Mean crossing time [h]: published, or length over a named speed."""
    if not row["time"].startswith(SPEED):
        return ledger.find(row["time"])
    speed = ledger.find(row["time"].removeprefix(SPEED))
    low, high = length_km / speed.high, length_km / speed.low
    rule = f"{length_km:g} km at {speed.value:g} km/h ({speed.rule})"
    basis = "assumption" if speed.basis == "assumption" else "derived"
    return Parameter(
        "", round(length_km / speed.value, 2), basis, speed.fact_id, speed.rival_fact_ids, low, high, rule
    )


def find_wait(row: dict[str, str], ledger: Ledger) -> Parameter:
    """Mean wait [h] before a departure: half the headway, and what else is named."""
    parts = [ledger.find(name) for name in row["waits"].split(";")]
    if not row["headway"]:
        return parts[0] if len(parts) == 1 else add_up(parts)
    headway = ledger.find(row["headway"])
    half = Parameter(
        "", headway.value / 2, headway.basis if headway.basis == "assumption" else "derived", headway.fact_id,
        headway.rival_fact_ids, headway.low / 2, headway.high / 2,
        f"Half of the interval of {headway.value:g} h ({headway.rule})",
    )  # fmt: skip
    return add_up([half, *parts])


def find_spread(row: dict[str, str], time_h: float, ledger: Ledger) -> Parameter:
    """Standard deviation [h] of wait and crossing together.

    Notes
    -----
    Arrival at random within a fixed headway gives headway / sqrt(12); the other waits are taken as exponential,
    so that their standard deviation is their mean; the crossing varies by a fixed share.
    """
    headway_h = ledger.find(row["headway"]).value if row["headway"] else 0.0
    waits_h = [ledger.find(name).value for name in row["waits"].split(";")]
    share = ledger.find(CROSSING_SPREAD).value
    value_h = math.hypot(headway_h / math.sqrt(12), *waits_h, share * time_h)
    rule = (
        f"Random arrival within {headway_h:g} h, other waits of {', '.join(f'{wait_h:g}' for wait_h in waits_h)} h "
        f"taken as exponential, crossing varying by {share:.0%}; independent"
    )
    return spread(round(value_h, 2), rule)


def make_leg(row: dict[str, str], graph: SeaGraph, ledger: Ledger) -> tuple[dict[str, object], list[Point]]:
    """One row of ``service_leg``, and its positions between the ends."""
    row_id = row["service_leg_id"]
    length_km, points = measure_leg(row, graph, ledger)
    time_h = ledger.note(TABLE, row_id, "time_h", find_time(row, length_km, ledger))
    wait_h = ledger.note(TABLE, row_id, "waiting_time_h", find_wait(row, ledger))
    leg: dict[str, object] = {column: row[column] for column in PLAIN_COLUMNS}
    leg["passage_id"] = row["passage_id"].partition(";")[0]
    leg |= {
        "length_km": length_km,
        "time_h": time_h,
        "waiting_time_h": wait_h,
        "time_spread_h": ledger.note(TABLE, row_id, "time_spread_h", find_spread(row, time_h, ledger)),
        "headway_h": ledger.take(TABLE, row_id, "headway_h", row["headway"]),
        "capacity_teu": ledger.take(TABLE, row_id, "capacity_teu", row["capacity_teu"]),
        "capacity_wagon_count": ledger.take(TABLE, row_id, "capacity_wagon_count", row["capacity_wagons"]),
        "capacity_teu_a": ledger.take(TABLE, row_id, "capacity_teu_a", row["capacity_teu_a"]),
        **make_operation(row, time_h, ledger),
        "fact_ids": ledger.list_facts(TABLE, row_id),
    }
    return leg, points


def make_operation(row: dict[str, str], time_h: float, ledger: Ledger) -> dict[str, object]:
    """Cells that say how a service runs day by day.

    Notes
    -----
    Lines with a headway or a timetable name no fleet: their interval already holds what it can do. No cut-off times
    were found; the hours at the quay are in the handling of the terminals.
    """
    row_id = row["service_leg_id"]
    share = ledger.find(CROSSING_SPREAD)
    crossing = replace(
        share,
        fact_id="",
        value=round(share.value * time_h, 2),
        low=round(share.low * time_h, 2),
        high=round(share.high * time_h, 2),
        rule=f"{share.value:.0%} of the crossing: {share.rule}",
    )
    return {
        "longest_wait_h": ledger.take(TABLE, row_id, "longest_wait_h", row["longest_wait"]),
        "fleet_count": ledger.take(TABLE, row_id, "fleet_count", row["fleet"]),
        "turn_time_h": ledger.take(TABLE, row_id, "turn_time_h", row["turn"]),
        "crossing_spread_h": ledger.note(TABLE, row_id, "crossing_spread_h", crossing),
        "capacity_lane_m": ledger.take(TABLE, row_id, "capacity_lane_m", row["capacity_lane_m"]),
    }


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the services.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``service_leg``, ``shape`` and ``value``.
    """
    ledger = Ledger(read_parameters(facts))
    graph = read_sea_graph(inputs)
    places = read_places()
    legs, shapes = [], []
    for row in read_rows(CURATED / "service_leg.csv"):
        leg, points = make_leg(row, graph, ledger)
        legs.append(leg)
        if points:
            whole = [places[row["from_node_id"]], *points, places[row["to_node_id"]]]
            shapes.append(
                {"table_name": TABLE, "row_id": row["service_leg_id"], "coordinates": format_shape(whole)}
            )
    return {TABLE: pd.DataFrame(legs), "shape": pd.DataFrame(shapes), "value": ledger.make_table()}
