"""Tells options of the timetable to people: ``timetable_option``, ``timetable_leg`` and ``timetable_wait``.

Arcs with hours become legs with moments and causes of waits here. The file before is ``routing/timetable.py``.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.graph.cost import Costs
from dehliz.graph.graph import ArcKind, FloatArray, IntArray
from dehliz.routing.describe import Teller
from dehliz.routing.routes import Routes
from dehliz.routing.timetable_waits import Cause, Passage, Witness

_SUM_OF = {Cause.DEPARTURE: "departure_wait_h", Cause.SHUT: "shut_wait_h", Cause.WEATHER: "weather_wait_h"}
"""Column in which waits of a cause are summed; the others are mean waits."""


def tell_journeys(
    teller: Teller,
    costs: Costs,
    witness: Witness,
    routes: Routes,
    hours_h: Sequence[FloatArray],
    depart_h: float,
) -> dict[str, pd.DataFrame]:
    """The tables of a set of options.

    Parameters
    ----------
    teller : Teller
        Puts ways into words.
    costs : Costs
        What each arc costs the shipment.
    witness : Witness
        Tells waits.
    routes : Routes
        The options.
    hours_h : sequence of (n_path_arc,) float64
        Hour at the head of each arc of each option [h].
    depart_h : float
        Hour at which cargo is ready [h].

    Returns
    -------
    dict of str to DataFrame
    """
    known = teller.tables(routes, costs)["route"]
    rows: dict[str, list[dict[str, Any]]] = {
        "timetable_option": [],
        "timetable_leg": [],
        "timetable_wait": [],
    }
    for route, hours in enumerate(hours_h):
        about = {str(name): value for name, value in known.iloc[route].items()}
        key = {name: about[name] for name in ("scenario_id", "origin_id", "destination_id", "option")}
        legs = list(split_legs(teller, witness, routes.arcs(route), hours, depart_h))
        waits = [
            {**key, "leg": number, "wait": place, **_tell_wait(witness, wait)}
            for number, (_, _, passages) in enumerate(legs, 1)
            for place, wait in enumerate((wait for passage in passages for wait in passage.waits), 1)
        ]
        rows["timetable_option"].append({
            **about, **key,
            "departs_at": say(witness, depart_h), "arrives_at": say(witness, float(hours[-1])),
            "time_h": float(hours[-1]) - depart_h, **_sum_parts(legs),
        })  # fmt: skip
        rows["timetable_leg"] += [
            {**teller.tell_leg(arcs, costs), **key, "leg": number, **_tell_leg(witness, ends, passages)}
            for number, (arcs, ends, passages) in enumerate(legs, 1)
        ]
        rows["timetable_wait"] += waits
    return {name: pd.DataFrame(found, columns=columns(name)) for name, found in rows.items()}


def columns(table: str) -> list[str]:
    """Columns of a table in their order."""
    return list(read_spec(table).column_names)


Leg = tuple[IntArray, tuple[float, float], list[Passage]]
"""Arcs of a leg, the hours at which cargo is ready for it and at its end, and what happens on each arc."""


def split_legs(
    teller: Teller, witness: Witness, arcs: IntArray, hours_h: FloatArray, depart_h: float
) -> Iterator[Leg]:
    """Legs of one way in time."""
    ready_h = np.concatenate(([depart_h], hours_h[:-1]))
    kept = np.flatnonzero(witness.graph.kind[arcs] != ArcKind.PASS)
    done = 0
    for leg in teller.split(arcs):
        places = kept[done : done + len(leg)].tolist()
        done += len(leg)
        passages = [
            witness.pass_arc(arc, float(ready_h[at]), float(hours_h[at]))
            for arc, at in zip(leg, places, strict=True)
        ]
        ends = (float(ready_h[places[0]]), float(hours_h[places[-1]]))
        yield np.asarray(leg, dtype=np.int32), ends, passages


def say(witness: Witness, hour_h: float) -> str:
    """An hour as text, ``YYYY-MM-DDTHH:MM``."""
    return str(witness.timetable.moment(hour_h))


def _sum_parts(legs: list[Leg]) -> dict[str, float]:
    passages = [passage for _, _, found in legs for passage in found]
    sums = dict.fromkeys((*_SUM_OF.values(), "mean_wait_h"), 0.0)
    for passage in passages:
        for wait in passage.waits:
            sums[_SUM_OF.get(wait.cause, "mean_wait_h")] += wait.wait_h
    return {
        "moving_time_h": sum(passage.moving_time_h for passage in passages),
        "handling_time_h": sum(passage.handling_time_h for passage in passages),
        **sums,
    }


def _tell_leg(witness: Witness, ends: tuple[float, float], passages: list[Passage]) -> dict[str, Any]:
    return {
        "ready_at": say(witness, ends[0]),
        "starts_at": say(witness, passages[0].starts_h),
        "arrives_at": say(witness, ends[1]),
        "moving_time_h": sum(passage.moving_time_h for passage in passages),
        "handling_time_h": sum(passage.handling_time_h for passage in passages),
        "waiting_time_h": sum(wait.wait_h for passage in passages for wait in passage.waits),
    }


def _tell_wait(witness: Witness, wait: Any) -> dict[str, Any]:
    return {
        "cause": str(wait.cause),
        "cause_text": wait.text,
        "begins_at": say(witness, wait.from_h),
        "wait_h": wait.wait_h,
    }
