"""Corridor indicators in the definitions of CAREC's Corridor Performance Measurement and Monitoring (CPMM).

Journeys of a simulation, or any table of journeys by stages, become TFI1 to TFI4, and ``validation/measured.py`` puts
the published ones beside them. Definitions, formulas and choices are in ``docs/background/indicators.md``.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.schema import read_spec
from dehliz.graph.graph import BoolArray, Graph, IntArray
from dehliz.network.network import Network
from dehliz.network.rule import map_column
from dehliz.simulation.log import EventLog
from dehliz.simulation.plan import Activity, Plan
from dehliz.validation.measured import list_measured, pick_measured

SECTION_KM: Final = 500.0
"""Length of a corridor section in TFI3 (CPMM annual reports, introduction)."""
CARGO_T: Final = 20.0
"""Cargo of one unit in TFI3 (the same)."""
MEDIA: Final = ("rail", "road")
"""CPMM measures trains and trucks; crossings by sea are left out."""
UNITS: Final = {"tfi1": "h", "tfi2": "USD", "tfi3": "USD", "tfi4_swod": "km/h", "tfi4_swd": "km/h"}
JOURNEY_COLUMNS: Final = (
    "journey_id",
    "corridor_id",
    "country_id",
    "node_id",
    "medium",
    "activity",
    "time_h",
    "length_km",
    "cost_usd",
    "cargo_t",
)
"""Columns of a table of journeys: one row per stage, journeys together and their stages in order."""

_MOVES: Final = ("move", "sail")
_ALL: Final = "all"


def make_journeys(
    plan: Plan,
    log: EventLog,
    flow: IntArray,
    graph: Graph,
    network: Network,
    *,
    is_counted: BoolArray | None = None,
    first_id: int = 0,
) -> pd.DataFrame:
    """Journeys of one replication that came to their end, stage by stage.

    Parameters
    ----------
    plan : Plan
        What was simulated.
    log : EventLog
        What happened, with records.
    flow : (n_consignment,) int32 array
        Flow of each consignment, as drawn.
    graph : Graph
        Whose arcs the plan's stages stand for.
    network : Network
        For the media of modes and the countries of nodes.
    is_counted : (n_consignment,) bool array, optional
        Consignments to take, such as those after the warm-up; all when left out.
    first_id : int
        Number of the first journey, so that replications can be joined.

    Returns
    -------
    DataFrame
        With ``JOURNEY_COLUMNS``.

    Notes
    -----
    Rule 1. The time of a stage runs from coming to being through, waits included. A stage by ship is two rows: the
    wait for it at the quay, and the crossing.
    Rule 2. A stage that stands for no arc is in the country of its node, and of the medium of the next stage that has
    one, or else of the last.
    Rule 3. Consignments without cargo, such as empties that come back, are no journeys.
    """
    owner = np.repeat(np.arange(len(log.done_h)), np.diff(log.first_record))
    is_taken = np.isfinite(log.done_h) & (plan.flows.lot_t[flow] > 0.0)  # Rule 3
    is_taken &= True if is_counted is None else is_counted
    record = np.flatnonzero(is_taken[owner])
    is_sail = plan.stage_activity[log.stage[record]] == Activity.SAIL
    part = np.repeat(np.arange(len(record)), 1 + is_sail)  # Rule 1
    is_second = np.r_[False, part[1:] == part[:-1]] if len(part) else np.zeros(0, dtype=bool)
    is_quay = is_sail[part] & ~is_second
    record = record[part]
    stage = log.stage[record]
    ready, start, end = log.ready_h[record], log.start_h[record], log.end_h[record]
    activity = np.where(is_quay, int(Activity.WAIT), plan.stage_activity[stage])
    journey = owner[record]
    return pd.DataFrame(
        {
            "journey_id": first_id + journey,
            "corridor_id": _pick(plan.flows.corridor_ids, flow[journey]),
            "country_id": _pick(_find_countries(plan, graph, network), stage),
            "node_id": _pick(plan.node_ids, plan.stage_place[stage]),
            "medium": _pick(*_fill_media(_find_media(plan, graph, network), stage, journey)),
            "activity": _pick([member.name.lower() for member in Activity], activity),
            "time_h": np.where(is_quay, start - ready, end - np.where(is_sail[part], start, ready)),
            "length_km": np.where(is_quay, 0.0, np.nan_to_num(plan.stage_length_km[stage])),
            "cost_usd": np.where(is_quay, 0.0, plan.stage_cost_usd[stage]),
            "cargo_t": plan.flows.lot_t[flow[journey]],
        },
        columns=list(JOURNEY_COLUMNS),
    )


def _pick(names: Sequence[str] | NDArray[np.object_], at: NDArray[np.integer]) -> pd.Categorical:
    """Names at places, -1 for none, each word kept once: a row takes a few bytes."""
    words, place = np.unique(np.array([*names, ""], dtype=object), return_inverse=True)
    return pd.Categorical.from_codes(np.asarray(place[at], dtype=np.int64), words.tolist())


def _fill_media(
    media: NDArray[np.object_], stage: IntArray, journey: NDArray[np.integer]
) -> tuple[NDArray[np.object_], NDArray[np.integer]]:
    """Medium of each row by rule 2: words, and which of them; -1 where a journey has none."""
    has = (media != "")[stage]
    row = np.arange(len(stage))
    later = np.minimum.accumulate(np.where(has, row, len(row))[::-1])[::-1]
    earlier = np.maximum.accumulate(np.where(has, row, -1))
    own = np.append(journey, -1)
    chosen = np.where(own[later] == journey, later, earlier)
    is_known = own[chosen] == journey
    return media, np.where(is_known, np.append(stage, -1)[chosen], -1)


def _find_countries(plan: Plan, graph: Graph, network: Network) -> NDArray[np.object_]:
    """Country of each stage."""
    by_node = map_column(network.node, "node_id", "country_id")
    of_node = np.array([by_node.get(name, "") for name in (*plan.node_ids, "")], dtype=object)
    of_arc = np.array([*graph.country_ids, ""], dtype=object)[np.r_[graph.country, -1]]
    return np.asarray(np.where(plan.stage_arc >= 0, of_arc[plan.stage_arc], of_node[plan.stage_place]))


def _find_media(plan: Plan, graph: Graph, network: Network) -> NDArray[np.object_]:
    """Medium of each stage; empty where no arc tells it."""
    by_mode = map_column(network.mode, "mode_id", "medium")
    of_mode = np.array([*(by_mode.get(mode, "") for mode in graph.mode_ids), ""], dtype=object)
    of_arc = of_mode[np.r_[graph.mode, -1]]
    return np.asarray(np.where(plan.stage_arc >= 0, of_arc[plan.stage_arc], ""))


def measure_indicators(
    journeys: pd.DataFrame, year: int | None = None, measured: pd.DataFrame | None = None
) -> pd.DataFrame:
    """TFI1 to TFI4 of journeys by corridor, country and medium, with published values beside them.

    Parameters
    ----------
    journeys : DataFrame
        With ``JOURNEY_COLUMNS``: one row per stage, journeys together and their stages in order. ``activity`` is
        move, handle, wait, border, sail, path or wagon; ``length_km`` is 0 where nothing moves; ``cost_usd`` is
        missing where it is not known; ``cargo_t`` is above 0.
    year : int, optional
        Published values of the nearest year stand beside; of the latest when left out.
    measured : DataFrame, optional
        From ``list_measured``; those of the bundled facts when left out.

    Returns
    -------
    DataFrame
        With the columns of table ``indicator``; corridor and country ``all`` hold every journey.

    Notes
    -----
    Rule 1. A border crossing is one unbroken stay of a journey at a node, in one country and medium, in which it
    stands at a border at least once: all waiting and handling of that stay counts.
    Rule 2. TFI1 is the mean time of a crossing, TFI2 its mean cost for ``CARGO_T``.
    Rule 3. TFI3 is cost over way of all journeys, for ``CARGO_T`` and ``SECTION_KM``; journeys count only where the
    cost of every stage that moves or stands at a border is known.
    Rule 4. TFI4 is way over time of all journeys: without delay the time under way, with delay all of it.
    """
    land = journeys[journeys["medium"].isin(MEDIA)].reset_index(drop=True)
    crossings = _list_crossings(land)
    stretches = _list_stretches(land)
    rows: list[dict[str, object]] = []
    for keys in (("corridor_id", "country_id"), ("corridor_id",), ("country_id",), ()):
        rows += _measure(crossings, keys, _measure_crossings)
        rows += _measure(_join_stretches(stretches, keys), keys, _measure_stretches)
    spec = read_spec("indicator")
    found = measured if measured is not None else list_measured()
    rows = _put_beside(rows, found, year)
    frame = pd.DataFrame(rows, columns=list(spec.column_names))
    return frame.sort_values(list(spec.key), kind="stable").reset_index(drop=True)


def _put_beside(
    rows: list[dict[str, Any]], measured: pd.DataFrame, year: int | None
) -> list[dict[str, object]]:
    """Rows with the published value; corridors of a country share it, so that it is looked up once."""
    places = {(row["indicator"], row["country_id"], row["medium"]) for row in rows}
    picked = {place: pick_measured(measured, *place, year) for place in sorted(places)}
    whole: list[dict[str, object]] = []
    for row in rows:
        beside = picked[row["indicator"], row["country_id"], row["medium"]]
        error_share = (row["value"] - beside["measured"]) / beside["measured"]
        whole.append({**row, **beside, "error_share": error_share})
    return whole


def _measure(
    table: pd.DataFrame, keys: tuple[str, ...], measure: Callable[[pd.DataFrame], list[dict[str, object]]]
) -> list[dict[str, object]]:
    """Indicators of each group of a table; corridor or country that is no key is all."""
    rows: list[dict[str, object]] = []
    for name, group in table.groupby([*keys, "medium"], sort=True, observed=True):
        place = {"corridor_id": _ALL, "country_id": _ALL} | dict(zip((*keys, "medium"), name, strict=True))
        rows += [place | {"unit": UNITS[str(row["indicator"])]} | row for row in measure(group)]
    return rows


def _spread(values: pd.Series) -> dict[str, object]:
    known = values.dropna()
    low, high = (float(known.quantile(q)) if len(known) else np.nan for q in (0.05, 0.95))
    return {"low": low, "high": high, "model_count": len(known)}


def _list_crossings(land: pd.DataFrame) -> pd.DataFrame:
    """Border crossings with their time and their cost for one unit of cargo (rule 1)."""
    stay = ("journey_id", "country_id", "node_id", "medium")
    is_still = ~land["activity"].isin(_MOVES)
    begins = ~is_still | ~is_still.shift(fill_value=False)
    for column in stay:
        begins |= land[column] != land[column].shift()
    is_border = land["activity"] == "border"
    is_blind = is_border & land["cost_usd"].isna()
    table = land.assign(run=begins.cumsum(), is_border=is_border, is_blind=is_blind)[is_still]
    grouped = table.groupby("run", sort=False)
    crossing = grouped.agg(
        corridor_id=("corridor_id", "first"),
        country_id=("country_id", "first"),
        medium=("medium", "first"),
        time_h=("time_h", "sum"),
        cost_usd=("cost_usd", "sum"),
        cargo_t=("cargo_t", "first"),
        is_border=("is_border", "any"),
        is_blind=("is_blind", "any"),
    )
    crossing["cost_usd"] = (crossing["cost_usd"] * CARGO_T / crossing["cargo_t"]).mask(crossing["is_blind"])
    return crossing[crossing["is_border"]]


def _measure_crossings(group: pd.DataFrame) -> list[dict[str, object]]:
    """TFI1 and TFI2 (rule 2)."""
    return [
        {"indicator": name, "value": float(values.mean())} | _spread(values)
        for name, values in (("tfi1", group["time_h"]), ("tfi2", group["cost_usd"]))
        if values.notna().any()
    ]


def _list_stretches(land: pd.DataFrame) -> pd.DataFrame:
    """Way, times and cost of each journey in each country by each medium."""
    is_move = land["activity"].isin(_MOVES)
    is_blind = land["cost_usd"].isna() & (is_move | (land["activity"] == "border"))
    table = land.assign(moving_time_h=land["time_h"].where(is_move, 0.0), is_blind=is_blind)
    table["cost_usd"] = table["cost_usd"] * CARGO_T / table["cargo_t"]
    return _add_up(table, ["journey_id", "corridor_id", "country_id", "medium"])


def _join_stretches(stretches: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Stretches of a journey put together where its countries are not told apart."""
    if "country_id" in keys:
        return stretches
    return _add_up(stretches, ["journey_id", "corridor_id", "medium"])


def _add_up(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return (
        table.groupby(keys, sort=False, observed=True)
        .agg(
            length_km=("length_km", "sum"),
            time_h=("time_h", "sum"),
            moving_time_h=("moving_time_h", "sum"),
            cost_usd=("cost_usd", "sum"),
            is_blind=("is_blind", "any"),
        )
        .reset_index()
    )


def _measure_stretches(group: pd.DataFrame) -> list[dict[str, object]]:
    """TFI3 and TFI4 (rules 3 and 4)."""
    priced = group[~group["is_blind"]]
    rows = [
        _over("tfi3", priced["cost_usd"], priced["length_km"] / SECTION_KM),
        _over("tfi4_swod", group["length_km"], group["moving_time_h"]),
        _over("tfi4_swd", group["length_km"], group["time_h"]),
    ]
    return [row for row in rows if row]


def _over(indicator: str, above: pd.Series, below: pd.Series) -> dict[str, object]:
    """Total over total, with the spread of the journeys that have both; nothing when there is no way."""
    is_real = (above > 0.0) & (below > 0.0) if indicator != "tfi3" else below > 0.0
    if not is_real.any():
        return {}
    total = float(above.sum()) / float(below.sum())
    return {"indicator": indicator, "value": total} | _spread(above[is_real] / below[is_real])
