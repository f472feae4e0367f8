"""The bundled network of Eurasia, from the committed tables.

The tables were built and checked by ``tools/build_eurasia``; a test rebuilds and checks them again. Reading them
therefore trusts them and takes a fraction of the time; ``load(check=True)`` does not. The next file is
``graph/compile.py``.
"""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.base.schema import ColumnSpec, read_spec
from dehliz.network.demand import DEMAND_TABLES, Demand, build_demand
from dehliz.network.files import read_network
from dehliz.network.network import TABLES, Network
from dehliz.network.scenario_year import select_year

NAME = "Eurasia"


def load(year: int | None = 2025, check: bool = False) -> Network:
    """The bundled network as it is in service in a year.

    Parameters
    ----------
    year : int, optional
        Year; None for all rows with the status that the tables give them.
    check : bool
        Whether to check the tables again, as a network of one's own is checked.

    Returns
    -------
    Network

    Raises
    ------
    SettingsError
        When the bundled network says nothing of the year.
    """
    network = _read_checked() if check else _read_trusted()
    return network if year is None else select_year(network, year)


@cache
def _read_checked() -> Network:
    with as_file(files("dehliz.eurasia")) as folder:
        return read_network(Path(folder) / "tables", name=NAME)


@cache
def _read_trusted() -> Network:
    frames = {name: read_typed(name) for name in (*TABLES, "shape")}
    return Network(**frames, year=None, name=NAME, notes=())


def read_typed(name: str) -> pd.DataFrame:
    """A bundled table with the columns and types of the dictionary; a number that is missing is NaN.

    Parameters
    ----------
    name : str
        Of the table, such as ``driver_growth``.
    """
    spec = read_spec(name)
    folder = "shapes" if name == "shape" else "tables"
    with as_file(files("dehliz.eurasia").joinpath(f"{folder}/{name}.csv")) as path:
        text = pd.read_csv(path, dtype=str, na_filter=False, engine="c")
    return pd.DataFrame({column.name: _type_column(text, column) for column in spec.columns})


def _type_column(text: pd.DataFrame, column: ColumnSpec) -> pd.Series:
    is_given = column.name in text
    cells = text[column.name] if is_given else pd.Series([""] * len(text), dtype="str")
    if column.type in ("float", "int"):
        numbers = pd.to_numeric(cells.where(cells != "", np.nan)).astype(np.float64)
        return numbers.astype(np.int64) if column.type == "int" and column.is_required else numbers
    if column.type == "bool":
        return cells == "true"
    return cells.where(cells != "", column.default) if column.default else cells


def load_demand(year: int) -> Demand:
    """The bundled demand of a year: markets, cargo from zone to zone, background and capacity.

    Parameters
    ----------
    year : int
        Year; ``list_demand_years`` gives those that there are.

    Returns
    -------
    Demand

    Raises
    ------
    SettingsError
        When nothing is known of the year.
    """
    years = list_demand_years()
    if year not in years:
        raise SettingsError(
            f"There is no demand for the year {year}: the bundled demand covers {years[0]} to {years[-1]}."
            " Choose one of these years."
        )
    return build_demand(_read_demand(), _read_trusted(), year, check=False)


def load_observed() -> pd.DataFrame:
    """Published volumes of corridors, ports, borders and lines, which the model is to predict; typed."""
    return read_typed("observed_volume")


def load_event_reports() -> pd.DataFrame:
    """What was reported of historic events, each with the scenario that replays it; typed."""
    return read_typed("event_reported")


def load_totals() -> pd.DataFrame:
    """Published size of each market by year, with what contradicts it; typed."""
    return read_typed("demand_total")


def load_pools() -> pd.DataFrame:
    """Boxes and wagons that go back empty, and what share of a tariff they pay; typed."""
    return read_typed("empty_pool")


def load_hazards() -> pd.DataFrame:
    """What may happen, how often and for how long: the table ``hazard``; typed."""
    return read_typed("hazard")


def list_demand_years() -> tuple[int, ...]:
    """Years of the bundled demand, in order."""
    return tuple(sorted(set(_read_demand()["demand"]["year"].tolist())))


@cache
def _read_demand() -> dict[str, pd.DataFrame]:
    return {name: read_typed(name) for name in DEMAND_TABLES}


def read_tables() -> dict[str, pd.DataFrame]:
    """The tables of the bundled network by name, and the hazards: all whose rows can be explained."""
    network = _read_trusted()
    held = {name: network.table(name) for name in TABLES if name != "value"}
    return {**held, "hazard": load_hazards()}


def read_shapes() -> pd.DataFrame:
    """Lines for drawing, under their own licence (see ``shapes/LICENSE.md``)."""
    return _read_trusted().shape


def read_reference(name: str) -> pd.DataFrame:
    """A table of published values that the model is held against, such as ``time_reference``; all text."""
    with as_file(files("dehliz.eurasia").joinpath(f"tables/{name}.csv")) as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)
