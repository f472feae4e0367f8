"""The bundled network and demand of a year as a problem to be loaded; the choice model that was fitted to it.

``eurasia/load.py`` gives the tables; the next file is ``assignment/problem.py``.
"""

import pandas as pd

from dehliz.assignment.corridor_choice import ChoiceModel
from dehliz.assignment.problem import LoadProblem, prepare_loads
from dehliz.eurasia.load import load, load_demand, read_reference
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
    tables = LoadTables(bundled.capacity, bundled.background, read_reference("delay"))
    rows = bundled.demand if demand is None else demand
    return prepare_loads(load(year) if network is None else network, rows, tables)


def read_choice_model(year: int) -> ChoiceModel:
    """The calibrated choice model as it holds in a year.

    Parameters
    ----------
    year : int
        Constants of gateways can change with the year, such as those of Russia from 2022 on.
    """
    table = read_reference("choice_parameter")
    holds = (table["first_year"].astype(int) <= year) & (
        table["last_year"].replace("", "9999").astype(int) >= year
    )
    value = dict(zip(table["parameter_id"][holds], table["value"][holds].astype(float), strict=True))
    gateway = dict(zip(table["parameter_id"], table["gateway"], strict=True))
    constants: dict[str, float] = {}
    for name, number in value.items():
        if gateway[name]:
            constants[gateway[name]] = constants.get(gateway[name], 0.0) + number
    return ChoiceModel(value[SCALE], value[NEST], constants)
