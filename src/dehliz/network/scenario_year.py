"""A network in a year: what is in service then, by the years of opening and closing."""

from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.network.network import Network, replace_tables
from dehliz.network.selecting import MOVABLE

FIRST_YEAR: Final = 2015
"""Opening and closing years before it were not collected."""
LAST_YEAR: Final = 2035
"""Horizon of the published plans that the network knows."""


def select_year(network: Network, year: int, years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)) -> Network:
    """The network as it is in service in a year.

    Parameters
    ----------
    network : Network
        With the status that its tables give; stays as it is.
    year : int
        Calendar year.
    years : tuple of int
        First and last year of which the network says anything.

    Returns
    -------
    Network
        A copy with ``year`` set.

    Raises
    ------
    SettingsError
        When the year is outside ``years``, or the network is already that of another year: its statuses no
        longer say what opens later.

    Notes
    -----
    Rule 1. What is open and opens after the year is not in service yet: its status becomes planned.
    Rule 2. What is open and closes in the year or before it is closed.
    Rule 3. What is closed today and closes after the year was open, if it had opened by then.
    Rule 4. What is planned or under construction stays so, whatever year it is expected for: only a scenario
    puts it in service.

    Times, tariffs and capacities are those of the tables in every year.
    """
    if not years[0] <= year <= years[1]:
        raise SettingsError(
            f"There is no data for the year {year}: network {network.name} covers {years[0]} to {years[1]}."
            " Choose one of these years."
        )
    if network.year not in (None, year):
        raise SettingsError(
            f"Network {network.name} is already that of {network.year}. A year is chosen on the network as its"
            f" tables give it. Read it again, and choose {year} first."
        )
    frames = {name: _in_year(network.table(name), year) for name in MOVABLE}
    different = {name: frame for name, frame in frames.items() if frame is not network.table(name)}
    return replace_tables(network, different, year=year)


def _in_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    opening, closing = frame["opening_year"].to_numpy(), frame["closing_year"].to_numpy()
    now = frame["status"].to_numpy(dtype=object)
    status = now.copy()
    is_open, is_closed = now == "open", now == "closed"
    status[is_open & (opening > year)] = "planned"  # Rule 1
    status[is_open & (closing <= year)] = "closed"  # Rule 2
    status[is_closed & (closing > year) & ~(opening > year)] = "open"  # Rule 3
    if np.array_equal(status, now):
        return frame
    copy = frame.copy()
    copy["status"] = pd.Series(status, dtype="str")
    return copy
