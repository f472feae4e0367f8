"""A year to come as a problem to be loaded: demand grown, capacities of that year, lines open by then, policy.

``study/forecast_drivers.py`` says what grows; the next file is ``study/forecast_load.py``, which loads draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pandas as pd

from dehliz.assignment.problem import LoadProblem, prepare_loads
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import load, load_demand, read_reference, read_typed
from dehliz.graph.price_loads import LoadTables
from dehliz.network.changes import Scenario
from dehliz.network.demand import select_rows
from dehliz.network.network import Network
from dehliz.network.scenario import apply, open_all
from dehliz.study.forecast_drivers import Drivers

LATE_YEAR_COUNT: Final = 3
"""By how much projects are late in a scenario whose capacities come late."""
_ROWS: Final = ("table_name", "row_id")


@dataclass(frozen=True, slots=True)
class Scene:
    """What of a scenario changes the network and who may use what.

    Attributes
    ----------
    capacity_level : str
        ``none``, ``planned`` or ``late``.
    barred_market_ids : tuple of str
        Markets that may not use ``barred_gateway``.
    barred_gateway : str
        Such as ``country:RU``; empty for none.
    """

    capacity_level: str = "none"
    barred_market_ids: tuple[str, ...] = ()
    barred_gateway: str = ""


def read_scene(row: Any) -> Scene:
    """The scene of a row of ``forecast_scenario``."""
    barred = tuple(filter(None, row.barred_market_ids.split(";")))
    return Scene(row.capacity_level, barred, row.barred_gateway)


@cache
def _read_yearly(name: str) -> pd.DataFrame:
    return read_typed(name)


def _select(name: str, year: int) -> pd.DataFrame:
    return select_rows(_read_yearly(name), year, read_spec(name).key)


def find_capacity(drivers: Drivers, scene: Scene, base_year: int, year: int) -> pd.DataFrame:
    """Capacities that hold in a year: those of the table ``capacity``, and of the projects that work by then.

    Parameters
    ----------
    drivers : Drivers
        Gives the projects.
    scene : Scene
        Says whether they come at all, and when.
    base_year, year : int
        Last year observed, and the year wanted.

    Returns
    -------
    DataFrame
        As ``capacity``; one row for each limited row of the network.
    """
    if scene.capacity_level == "none":
        return _select("capacity", base_year)
    now = _select("capacity", year)
    delay = _find_delay(scene)
    plan = drivers.capacity[drivers.capacity["first_year"] + delay <= year]
    plan = plan.sort_values("first_year", kind="stable").drop_duplicates(list(_ROWS), keep="last")
    facility = {(row.table_name, row.row_id): row.facility_id for row in each_row(now)}
    keys = list(zip(plan["table_name"], plan["row_id"], strict=True))
    plan = plan.assign(last_year=year, facility_id=[facility.get(key, "") for key in keys])
    is_kept = [(row.table_name, row.row_id) not in set(keys) for row in each_row(now)]
    rows = pd.concat([now[is_kept], plan], ignore_index=True)
    return rows[list(read_spec("capacity").column_names)].sort_values(list(_ROWS), ignore_index=True)


def _find_delay(scene: Scene) -> int:
    return LATE_YEAR_COUNT if scene.capacity_level == "late" else 0


def find_openings(network: Network, scene: Scene, year: int) -> tuple[str, ...]:
    """What is under construction and works in a year: rows whose published year of opening is before it.

    Parameters
    ----------
    network : Network
        Of the year, where only what is built is open.
    scene : Scene
        Says whether and when projects come.
    year : int
        Year wanted.
    """
    if scene.capacity_level == "none":
        return ()
    found = []
    for name in ("link", "terminal"):
        table = network.table(name)
        is_built = table["opening_year"] + _find_delay(scene) < year
        is_due = (table["status"] == "under_construction") & is_built
        found += [f"{name}:{row_id}" for row_id in table.loc[is_due, f"{name}_id"]]
    return tuple(sorted(found))


def prepare_scene(drivers: Drivers, scene: Scene, base_year: int, year: int) -> LoadProblem:
    """A year to come with the demand of the last year observed.

    Parameters
    ----------
    drivers : Drivers
        Gives the projects.
    scene : Scene
        What changes the network.
    base_year, year : int
        Last year observed, and the year wanted; they may be the same.

    Returns
    -------
    LoadProblem
        Draws change the volumes of its trips and nothing else.
    """
    network = load(base_year if scene.capacity_level == "none" else year)
    ids = find_openings(network, scene, year)
    if ids:
        network = apply(Scenario(f"built by {year}", open_all(network, ids)), network).network
    market = read_reference("market")
    if scene.barred_gateway:
        is_barred = market["market_id"].isin(scene.barred_market_ids)
        longer = (
            market["none_of"].where(market["none_of"] == "", market["none_of"] + ";") + scene.barred_gateway
        )
        market = market.assign(none_of=longer.where(is_barred, market["none_of"]))
    tables = LoadTables(
        find_capacity(drivers, scene, base_year, year),
        _select("background", base_year if scene.capacity_level == "none" else year),
        read_reference("delay"),
        market,
    )
    return prepare_loads(network, load_demand(base_year).demand, tables)


def grow_rows(demand: pd.DataFrame, factors: Mapping[str, float]) -> pd.DataFrame:
    """Rows of demand with each market grown by its factor."""
    return demand.assign(volume_t_a=demand["volume_t_a"] * demand["market_id"].map(factors))


def read_countries(network: Network) -> dict[str, str]:
    """Country of each zone."""
    return dict(zip(network.zone["zone_id"], network.zone["country_id"], strict=True))


def list_scenarios(drivers: Drivers, wanted: Sequence[str] = ()) -> list[Any]:
    """Rows of ``forecast_scenario``, the central one first; only those wanted when any are."""
    rows = sorted(each_row(drivers.scenario), key=lambda row: row.scenario_id != "central")
    return [row for row in rows if not wanted or row.scenario_id in wanted]
