"""The bundled network of Eurasia, from the committed tables.

The tables were built by ``tools/build_eurasia`` from open packages and facts; nothing but this package is needed to
read them. The next file is ``graph/compile.py``.
"""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

from dehliz.network.files import read_network
from dehliz.network.network import Network
from dehliz.network.scenario_year import select_year

FIRST_YEAR, LAST_YEAR = 2019, 2035


def load(year: int | None = 2025) -> Network:
    """The bundled network as it is in service in a year.

    Parameters
    ----------
    year : int, optional
        Year; None for all rows with the status that the tables give them.

    Returns
    -------
    Network

    Raises
    ------
    SettingsError
        When the bundled network says nothing of the year.
    """
    network = _read_bundled()
    return network if year is None else select_year(network, year)


@cache
def _read_bundled() -> Network:
    with as_file(files("dehliz.eurasia")) as folder:
        return read_network(Path(folder) / "tables", name="Eurasia")


def read_tables() -> dict[str, pd.DataFrame]:
    """The tables of the bundled network by name."""
    network = _read_bundled()
    return {name: network.table(name) for name in ("node", "link", "terminal", "service_leg", "zone", "connector",
            "country", "country_group", "segment", "container", "tariff", "emission_factor", "corridor", "place")}  # fmt: skip


def read_shapes() -> pd.DataFrame:
    """Lines for drawing, under their own licence (see ``shapes/LICENSE.md``)."""
    path = files("dehliz.eurasia").joinpath("shapes/shape.csv")
    with as_file(path) as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def read_reference(name: str) -> pd.DataFrame:
    """A table of published values that the model is held against, such as ``time_reference``; all text."""
    with as_file(files("dehliz.eurasia").joinpath(f"tables/{name}.csv")) as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)
