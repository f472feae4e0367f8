"""Rules for what moves cargo: links and service legs."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.sheet import Faults, Rule, rows_where, texts_of
from dehliz.network.geo import great_circle_km
from dehliz.network.rule import Check, Tables, map_column

SHORTEST_FACTOR: Final = 0.98
"""Of the great circle: room for coordinates that stand for a whole town, and for the sphere against the ellipsoid."""
LONGEST_FACTOR: Final = 5.0
"""Of the great circle: no railway, road or lane winds so much between two neighbouring nodes; a unit slip does."""
LONGEST_EXTRA_KM: Final = 50.0
"""Added to it, for short links that loop around a town."""
FASTEST_SERVICE_KM_H: Final = 80.0
"""The fastest freight ferries do about 50 km/h; more is a slip of unit."""

MOVING: Final = ("link", "service_leg")


def _find_loops(tables: Tables, table: str) -> Faults:
    frame = tables[table]
    same = (frame["from_node_id"] == frame["to_node_id"]) & (frame["from_node_id"] != "")
    return {row: f"both ends are '{frame['to_node_id'].iat[row]}'" for row in rows_where(same)}


def straight_km(tables: Tables, table: str) -> NDArray[np.float64]:
    """Great circle between the ends of each row [km]; NaN when an end is not known."""
    nodes = tables["node"].drop_duplicates("node_id").set_index("node_id")
    ends = []
    for column in ("from_node_id", "to_node_id"):
        at = nodes[["lon_deg", "lat_deg"]].reindex(tables[table][column])
        ends += [at["lon_deg"].to_numpy(), at["lat_deg"].to_numpy()]
    return great_circle_km(*ends)


def _find_too_short(tables: Tables, table: str) -> Faults:
    frame, straight = tables[table], straight_km(tables, table)
    length = frame["length_km"].to_numpy()
    wrong = (length < SHORTEST_FACTOR * straight) & (frame["note"] == "").to_numpy()
    return {row: _compare(length[row], straight[row]) for row in rows_where(wrong)}


def _find_too_long(tables: Tables, table: str) -> Faults:
    frame, straight = tables[table], straight_km(tables, table)
    length = frame["length_km"].to_numpy()
    wrong = (length > LONGEST_FACTOR * straight + LONGEST_EXTRA_KM) & (frame["note"] == "").to_numpy()
    wrong &= (frame["from_node_id"] != frame["to_node_id"]).to_numpy()
    return {row: _compare(length[row], straight[row]) for row in rows_where(wrong)}


def _compare(length_km: float, straight_km: float) -> str:
    return f"{length_km:g} km, and its ends are {straight_km:.1f} km apart"


def _find_year_order(tables: Tables, table: str) -> Faults:
    frame = tables[table]
    wrong = frame["closing_year"] <= frame["opening_year"]
    return {
        row: f"closes in {frame['closing_year'].iat[row]:g}, opens in {frame['opening_year'].iat[row]:g}"
        for row in rows_where(wrong)
    }


def _find_double_links(tables: Tables) -> Faults:
    link = tables["link"]
    first: dict[tuple[str, ...], str] = {}
    faults: dict[int, str] = {}
    columns = ("link_id", "from_node_id", "to_node_id", "mode_id", "country_id", "length_km", "directed")
    for row, values in enumerate(zip(*(link[name].tolist() for name in columns), strict=True)):
        link_id, start, end, *rest = (str(value) for value in values)
        ends = (start, end) if rest[-1] == "True" else tuple(sorted((start, end)))
        other = first.setdefault((*ends, *rest), link_id)
        if other != link_id and start and "nan" not in rest:
            faults[row] = f"the same ends, mode, country and length as '{other}'"
    return faults


def _find_land_at_sea(tables: Tables) -> Faults:
    link = tables["link"]
    medium = map_column(tables["mode"], "mode_id", "medium")
    rows = zip(texts_of(link["mode_id"]), texts_of(link["country_id"]), strict=True)
    return {
        row: f"a link of {mode} in XZ, the high sea"
        for row, (mode, country) in enumerate(rows)
        if country == "XZ" and medium.get(mode) in ("rail", "road")
    }


def _find_fast_services(tables: Tables) -> Faults:
    leg = tables["service_leg"]
    speed = leg["length_km"].to_numpy() / leg["time_h"].where(leg["time_h"] > 0).to_numpy()
    return {row: f"{speed[row]:.0f} km/h" for row in rows_where(speed > FASTEST_SERVICE_KM_H)}


def _find_shared_ids(tables: Tables, table: str, others: tuple[str, ...]) -> Faults:
    owner = {text: other for other in others for text in texts_of(tables[other][f"{other}_id"])}
    ids = texts_of(tables[table][f"{table}_id"])
    return {
        row: f"'{text}' is the id of a {owner[text]} too" for row, text in enumerate(ids) if text in owner
    }


def _find_misplaced_wires(tables: Tables) -> Faults:
    link = tables["link"]
    medium = map_column(tables["mode"], "mode_id", "medium")
    is_rail = link["mode_id"].map(lambda mode: medium.get(str(mode), "rail") == "rail").astype(bool)
    wrong = ~is_rail & ~link["electrification"].isin(["", "none"])
    return {
        row: f"'{link['electrification'].iat[row]}' on a link of {link['mode_id'].iat[row]}"
        for row in rows_where(wrong)
    }


def _for_each(
    tables: tuple[str, ...],
    ending: str,
    words: tuple[str, str],
    find: Callable[..., Faults],
    needs: tuple[str, ...] = (),
) -> list[Check]:
    return [Check(Rule(f"{table}.{ending}", *words), partial(find, table=table), needs) for table in tables]


_LENGTH_REMEDY = (
    "Correct the length (in kilometres) or the coordinates of the nodes, or write the reason as its note"
)

CHECKS: Final = (
    *_for_each(
        MOVING,
        "to_node_id.differs",
        ("Its two ends must be different nodes", "Correct one of the ends, or remove the row"),
        _find_loops,
    ),
    *_for_each(
        MOVING,
        "length_km.great_circle",
        (
            f"A way cannot be shorter than {SHORTEST_FACTOR:g} of the great circle between its ends",
            _LENGTH_REMEDY,
        ),
        _find_too_short,
    ),
    *_for_each(
        MOVING,
        "length_km.detour",
        (
            f"A way is not longer than {LONGEST_FACTOR:g} great circles between its ends and {LONGEST_EXTRA_KM:g} km",
            _LENGTH_REMEDY,
        ),
        _find_too_long,
    ),
    *_for_each(
        ("link", "terminal", "service_leg"),
        "closing_year.order",
        ("It can only close after it has opened", "Correct one of the two years"),
        _find_year_order,
    ),
    Check(
        Rule(
            "link.link_id.double",
            "Two links with the same ends, mode and country differ in something that can be measured",
            "Remove one of them, or correct its length",
        ),
        _find_double_links,
    ),
    Check(
        Rule(
            "link.country_id.land",
            "A link of rail or road lies in a country",
            "Write the two-letter code of the country whose infrastructure it is",
        ),
        _find_land_at_sea,
    ),
    Check(
        Rule(
            "link.electrification.rail",
            "Only links of a rail mode have traction current",
            "Leave the cell empty, or correct the mode",
        ),
        _find_misplaced_wires,
        ("mode",),
    ),
    Check(
        Rule(
            "service_leg.time_h.speed",
            f"A vessel makes at most {FASTEST_SERVICE_KM_H:g} km/h from departure to arrival",
            "Correct the time (in hours) or the length (in kilometres)",
        ),
        _find_fast_services,
    ),
    Check(
        Rule(
            "terminal.terminal_id.shared",
            "An id names one thing in the whole network",
            "Rename one of the two",
        ),
        partial(_find_shared_ids, table="terminal", others=("link",)),
    ),
    Check(
        Rule(
            "service_leg.service_leg_id.shared",
            "An id names one thing in the whole network",
            "Rename one of the two",
        ),
        partial(_find_shared_ids, table="service_leg", others=("link", "terminal")),
    ),
)


def is_given(column: pd.Series) -> NDArray[np.bool_]:
    """Where a text column holds something."""
    return (column != "").to_numpy(dtype=bool)
