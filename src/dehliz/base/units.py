"""The allowed unit suffixes and the only conversion factors in the house.

Every quantity that a table, a setting, an array or a public signature carries ends in one of these
suffixes, so that a number can be read without its documentation (rule 2 of ``docs/background/conventions.md``).
"""

from typing import Final

UNIT_SUFFIX: Final[dict[str, str]] = {
    "_km": "kilometre",
    "_km_h": "kilometre per hour",
    "_m": "metre",
    "_mm": "millimetre (track gauge)",
    "_h": "hour",
    "_d": "day",
    "_h_t": "hour per tonne",
    "_month": "month of the year, 1 to 12",
    "_t": "tonne",
    "_t_a": "tonne per year",
    "_t_d": "tonne per day",
    "_tkm_a": "tonne-kilometre per year",
    "_tkm_d": "tonne-kilometre per day",
    "_t_h": "tonne-hour",
    "_t_h_d": "tonne-hour per day",
    "_teu": "twenty-foot equivalent unit",
    "_teu_a": "TEU per year",
    "_teu_d": "TEU per day",
    "_veh_d": "vehicles (trains, trucks) per day, both directions",
    "_usd": "US dollar",
    "_usd_a": "US dollar per year",
    "_usd_d": "US dollar per day",
    "_usd_t": "US dollar per tonne",
    "_usd_t_h": "US dollar per tonne and hour",
    "_usd_t_km": "US dollar per tonne-kilometre",
    "_usd_teu": "US dollar per TEU",
    "_usd_teu_h": "US dollar per TEU and hour",
    "_usd_teu_km": "US dollar per TEU-kilometre",
    "_kgco2e": "kilogram of CO2 equivalent, well-to-wheel",
    "_kgco2e_t": "kilogram of CO2 equivalent per tonne",
    "_gco2e_tkm": "gram of CO2 equivalent per tonne-kilometre",
    "_gco2e_kwh": "gram of CO2 equivalent per kilowatt-hour",
    "_kwh_tkm": "kilowatt-hour per tonne-kilometre",
    "_tco2e": "tonne of CO2 equivalent",
    "_tco2e_d": "tonne of CO2 equivalent per day",
    "_kgco2e_d": "kilogram of CO2 equivalent per day",
    "_deg": "degree (longitude, latitude)",
    "_share": "share, 0 to 1",
    "_factor": "dimensionless factor",
    "_score": "published index, scale in the description",
    "_count": "number of things",
    "_year": "calendar year",
    "_per_a": "times per year (how often something happens)",
    "_s": "second (wall clock)",
}
"""Suffix to meaning. The closed list: a quantity with any other ending fails the unit test."""

HOURS_PER_DAY: Final = 24.0
DAYS_PER_YEAR: Final = 365.0
KG_PER_T: Final = 1000.0
KM_PER_NAUTICAL_MILE: Final = 1.852
"""International nautical mile, exact by definition (International Hydrographic Conference, Monaco, 1929)."""
EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius R1 of the GRS 80 ellipsoid (Moritz, 2000, Journal of Geodesy 74, 128-133)."""


def find_suffix(name: str) -> str | None:
    """Longest unit suffix that a name ends in, or None.

    Parameters
    ----------
    name : str
        Name of a column, setting or parameter.

    Returns
    -------
    str or None
        The suffix with its underscore, such as ``"_usd_teu"``.
    """
    matches = [suffix for suffix in UNIT_SUFFIX if name.endswith(suffix) and len(name) > len(suffix)]
    return max(matches, key=len, default=None)
