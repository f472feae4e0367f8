"""Makes the rail network: stations, one link for each leg, their lines, and where each number comes from.

Part of the build (see ``assemble.py``). Legs come measured from ``rail_leg.py``; lengths, speeds, tracks and wires
follow named rules over ``curated/rail_*.csv``; every number gets a row in the table ``value``. Border posts and
gauge changes are made by ``borders.py``.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters
from tools.build_eurasia.rail_leg import Leg, measure_legs, read_stations, snap_line
from tools.build_eurasia.rail_length import Length, find_lengths, make_check
from tools.build_eurasia.rail_route import thin, write_line

MODE: Final = {"1520": "rail_1520", "1435": "rail_1435"}
_UNSOURCED: Final = {"basis": "assumption", "fact_id": "", "rival_fact_ids": ""}
GUESS: Final = {
    "tracks_count": {
        **_UNSOURCED,
        "rule": "General knowledge of the line; no source was read",
        "low": "1",
        "high": "2",
    },
    "electrification": {
        **_UNSOURCED,
        "rule": "Usual system of the country's main lines, or general knowledge of the line; no source was read",
        "low": "",
        "high": "",
    },
}
"""Provenance of what the curated rows say without a source."""


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rail stations, links, lines for drawing, provenance and the check of lengths.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``node``, ``link``, ``shape``, ``value`` and ``rail_length_check``.

    Raises
    ------
    ValueError
        When a station is off the track, a leg is not connected, or a length differs without a reason.
    """
    ledger = Ledger(read_parameters(facts, CURATED / "rail_parameter.csv"))
    legs = measure_legs(inputs)
    station = read_stations()
    lengths = find_lengths(legs, facts)
    maker = LinkMaker(ledger)
    links = [maker.make(leg, lengths[leg.link_id]) for leg in legs]
    return {
        "node": _make_nodes(station, legs),
        "link": pd.DataFrame(links),
        "shape": _make_shapes(legs, station),
        "value": maker.make_values(),
        "rail_length_check": make_check(legs),
    }


def _make_nodes(station: pd.DataFrame, legs: list[Leg]) -> pd.DataFrame:
    used = {leg.row[key] for leg in legs for key in ("from_node_id", "to_node_id")}
    lost = sorted(set(station["node_id"]) - used)
    if lost:
        raise ValueError(f"rail_node.csv: no leg reaches {', '.join(lost)}.")
    return station.assign(fact_ids="")


def _make_shapes(legs: list[Leg], station: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "table_name": "link",
            "row_id": leg.link_id,
            "coordinates": write_line(thin(snap_line(leg, station).line)),
        }
        for leg in legs
    ]
    return pd.DataFrame(rows)


Attributes = dict[tuple[str, str], dict[str, str]]
Rows = list[dict[str, object]]


def _read_by(name: str, *keys: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows of a curated table by their key."""
    return {tuple(row[key] for key in keys): row for row in read_rows(CURATED / f"{name}.csv")}


class LinkMaker:
    """Makes rows of the table ``link``, and rows of ``value`` for what is in them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._country = _read_by("rail_country", "country_id")
        self._attribute = _read_by("rail_attribute", "link_id", "column_name")
        self._notes: Rows = []

    def make(self, leg: Leg, length: Length) -> dict[str, object]:
        """One row of the table ``link``."""
        row, link_id, ledger = leg.row, leg.link_id, self._ledger
        country = self._country[(row["country_id"],)]
        speed_km_h = ledger.note("link", link_id, "speed_km_h", ledger.find(country["speed_id"]))
        length_km = ledger.note("link", link_id, "length_km", length.parameter)
        spread = _scale(ledger.find("rail_spread_root_h"), float(np.sqrt(length_km / speed_km_h)))
        attributes = self._find_attributes(leg, country)
        facts = {*ledger.list_facts("link", link_id).split(";"), *row.get("fact_ids", "").split(";")}
        facts |= {str(note["fact_id"]) for note in self._notes if note["row_id"] == link_id}
        return {
            "link_id": link_id,
            "name": row.get("name", ""),
            "from_node_id": row["from_node_id"],
            "to_node_id": row["to_node_id"],
            "directed": False,
            "mode_id": MODE[row["gauge_mm"] or country["gauge_mm"]],
            "country_id": row["country_id"],
            "length_km": length_km,
            "speed_km_h": speed_km_h,
            "time_spread_h": ledger.note("link", link_id, "time_spread_h", spread),
            "operator": country["operator"],
            "closing_year": row.get("closing_year", ""),
            "status": row["status"],
            "length_basis": length.basis,
            "fact_ids": ";".join(sorted(facts - {""})),
            "note": row["note"],
            **attributes,
        }

    def _find_attributes(self, leg: Leg, country: dict[str, str]) -> dict[str, object]:
        """Capacity, tracks, wires, year: a sourced value first, then the curated row, then the country's usual."""
        row = leg.row
        given = {
            "capacity_veh_d": "",
            "tracks_count": row["tracks_count"],
            "electrification": row["electrification"] or country["electrification"],
            "opening_year": row["opening_year"],
        }
        for column, value in given.items():
            sourced = self._attribute.get((leg.link_id, column))
            if sourced:
                given[column] = sourced["value"]
                self._note(leg.link_id, column, sourced)
            elif value and column in GUESS:
                self._note(leg.link_id, column, {"value": value, **GUESS[column]})
        return dict(given)

    def _note(self, link_id: str, column: str, entry: dict[str, str]) -> None:
        kept = {
            key: entry[key] for key in ("value", "basis", "fact_id", "rival_fact_ids", "rule", "low", "high")
        }
        self._notes.append({"table_name": "link", "row_id": link_id, "column_name": column, **kept})

    def make_values(self) -> pd.DataFrame:
        """The table ``value`` for all links made."""
        return pd.concat([self._ledger.make_table(), pd.DataFrame(self._notes)], ignore_index=True)


def _scale(parameter: Parameter, factor: float) -> Parameter:
    return Parameter(
        "", parameter.value * factor, parameter.basis, "", "", parameter.low * factor, parameter.high * factor,
        parameter.rule,
    )  # fmt: skip
