"""From a country's published stability to the rate at which its land borders are shut: an assumption, told as one.

No cost depends on stability. It enters only here, as the rates of the hazards of kind ``instability``, which a study
can change one by one (``Hazards.with_rates``) or all together with another mapping (``with_stability``).
"""

from collections.abc import Mapping
from typing import Final

from dehliz.disruption.hazards import COUNTRY, INSTABILITY, MOST_PER_A, Hazards

RATE_AT_ZERO_PER_A: Final = 0.01
"""Closures a year of all land borders of a country whose stability is 0, the mean of the world."""
RATE_PER_POINT_FACTOR: Final = 3.0
"""How many times as often a country that is one point less stable."""
RANGE_FACTOR: Final = 4.0
"""The rate is believed to lie within this factor, both ways."""
MAPPING_SOURCE: Final = (
    "Assumed: 0.01 closures of all land borders a year at a stability of 0, three times as many for each point less; "
    "believed within a factor of four both ways"
)


def find_rate_per_a(
    stability_score: float,
    rate_at_zero_per_a: float = RATE_AT_ZERO_PER_A,
    rate_per_point_factor: float = RATE_PER_POINT_FACTOR,
) -> float:
    """How often a country's land borders are shut, times per year.

    Parameters
    ----------
    stability_score : float
        Political stability and absence of violence, Worldwide Governance Indicators, about -2.5 to 2.5.
    rate_at_zero_per_a : float
        Rate at a score of 0.
    rate_per_point_factor : float
        Factor of the rate for each point less.

    Examples
    --------
    >>> round(find_rate_per_a(0.0), 4), round(find_rate_per_a(-1.0), 4), round(find_rate_per_a(1.0), 4)
    (0.01, 0.03, 0.0033)
    """
    return float(min(rate_at_zero_per_a * rate_per_point_factor**-stability_score, MOST_PER_A))


def with_stability(
    hazards: Hazards,
    stability_scores: Mapping[str, float],
    *,
    rate_at_zero_per_a: float = RATE_AT_ZERO_PER_A,
    rate_per_point_factor: float = RATE_PER_POINT_FACTOR,
) -> Hazards:
    """The same hazards with the rates of instability by another mapping.

    Parameters
    ----------
    hazards : Hazards
        Their rates of other kinds stay.
    stability_scores : mapping of str to float
        By country id; countries without a hazard of kind ``instability`` are passed over, and those without a score
        keep their rate.
    rate_at_zero_per_a, rate_per_point_factor : float
        As in ``find_rate_per_a``.
    """
    pairs = zip(hazards.kinds, hazards.country_ids, strict=True)
    rates = {
        COUNTRY + country: find_rate_per_a(
            stability_scores[country], rate_at_zero_per_a, rate_per_point_factor
        )
        for kind, country in pairs
        if kind == INSTABILITY and country in stability_scores
    }
    return hazards.with_rates(rates)
