"""What is in service in a year."""

import pandas as pd
import pytest

from dehliz.base.errors import SettingsError
from dehliz.network.network import Network, build_network
from dehliz.network.scenario_year import FIRST_YEAR, LAST_YEAR, select_year


@pytest.mark.parametrize(
    ("status", "opening", "closing", "expected"),
    [
        ("open", None, None, "open"),
        ("open", 2025, None, "open"),
        ("open", 2026, None, "planned"),
        ("open", None, 2026, "open"),
        ("open", None, 2025, "closed"),
        ("open", 2010, 2020, "closed"),
        ("closed", None, None, "closed"),
        ("closed", None, 2026, "open"),
        ("closed", 2010, 2026, "open"),
        ("closed", 2026, 2030, "closed"),
        ("closed", 2010, 2025, "closed"),
        ("planned", 2020, None, "planned"),
        ("under_construction", 2020, None, "under_construction"),
    ],
)
def test_status_in_2025(
    corridor3_tables: dict[str, pd.DataFrame], status: str, opening: float, closing: float, expected: str
) -> None:
    link = corridor3_tables["link"]
    link.loc[0, ["status", "opening_year", "closing_year"]] = [status, opening, closing]
    chosen = select_year(build_network(corridor3_tables), 2025)
    assert chosen.link["status"].iat[0] == expected
    assert chosen.year == 2025


def test_base_stays(corridor3: Network) -> None:
    assert select_year(corridor3, 2015).year == 2015
    assert corridor3.year is None


def test_ferry_opens_in_its_year(corridor3: Network) -> None:
    status = {
        year: select_year(corridor3, year, (2000, 2035)).service_leg["status"].tolist()
        for year in (2004, 2014, 2015)
    }
    assert status == {2004: ["planned", "planned"], 2014: ["open", "planned"], 2015: ["open", "open"]}


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1, 0, 20250])
def test_years_without_data_are_refused(corridor3: Network, year: int) -> None:
    with pytest.raises(SettingsError, match=f"covers {FIRST_YEAR} to {LAST_YEAR}"):
        select_year(corridor3, year)


def test_a_network_may_know_other_years(corridor3: Network) -> None:
    with pytest.raises(SettingsError, match="covers 2019 to 2030"):
        select_year(corridor3, 2031, (2019, 2030))


def test_same_year_twice_is_the_same(corridor3: Network) -> None:
    once = select_year(corridor3, 2025)
    assert select_year(once, 2025).fingerprint == once.fingerprint
    with pytest.raises(SettingsError, match="already that of 2025"):
        select_year(once, 2026)
