"""The bundled network and demand of a year as a problem to be loaded; the choice model that was fitted to it.

``eurasia/load.py`` gives the tables; the next file is ``assignment/problem.py``.
"""

import pandas as pd

from dehliz.assignment.corridor_choice import ChoiceModel, GatewayConstant
from dehliz.assignment.problem import LoadProblem, prepare_loads
from dehliz.base.rows import each_row
from dehliz.eurasia.load import load, load_demand, load_pools, read_reference
from dehliz.graph.price_loads import LoadTables
from dehliz.network.network import Network

SCALE = "scale_per_usd_t"
NEST = "nest_factor"


def prepare_year(
    year: int, network: Network | None = None, demand: pd.DataFrame | None = None
) -> LoadProblem:
    """The bundled network and demand of a year as arrays.

    Parameters
    ----------
    year : int
        Year of demand, capacities and, unless a network is given, of the network.
    network : Network, optional
        The bundled network after a scenario.
    demand : DataFrame, optional
        Other rows of demand between zones of the network.

    Returns
    -------
    LoadProblem

    Raises
    ------
    SettingsError
        When there is no network or no demand of the year.
    """
    bundled = load_demand(year)
    tables = LoadTables(
        bundled.capacity, bundled.background, read_reference("delay"), read_reference("market"), load_pools()
    )  # fmt: skip
    rows = bundled.demand if demand is None else demand
    return prepare_loads(load(year) if network is None else network, rows, tables)


def read_choice_model(year: int, table: pd.DataFrame | None = None) -> ChoiceModel:
    """The calibrated choice model as it holds in a year.

    Parameters
    ----------
    year : int
        Constants of gateways can change with the year, such as those of Russia from 2022 on.
    table : DataFrame, optional
        The table ``choice_parameter``; the bundled one when left out.
    """
    rows = read_reference("choice_parameter") if table is None else table
    last = rows["last_year"].astype(str).replace("", "9999").astype(float)
    holds = rows[(rows["first_year"].astype(float) <= year) & (last >= year)]
    value = dict(zip(holds["parameter_id"], holds["value"].astype(float), strict=True))
    constants = tuple(
        GatewayConstant(row.gateway, tuple(filter(None, row.segment_ids.split(";"))), float(row.value))
        for row in each_row(holds)
        if row.gateway
    )
    return ChoiceModel(value[SCALE], value[NEST], constants)
