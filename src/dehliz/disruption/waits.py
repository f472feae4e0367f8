"""How long cargo waits for the end of an event, in closed form: means over an event and over its random length.

Cargo comes evenly while an event lasts and leaves at its end. No wait is counted beyond a longest one: what would wait
longer is sold elsewhere. ``disruption/response.py`` decides by these means; ``disruption/expected.py`` adds them up.
"""

import math
from statistics import NormalDist
from typing import Final

from dehliz.disruption.hazards import FORMS, Hazards

_NORMAL: Final = NormalDist()


def sum_waits_d2(length_d: float, longest_d: float) -> float:
    """Wait of cargo that comes evenly while an event lasts, one tonne a day, added up: the area under the wait [d2].

    Parameters
    ----------
    length_d : float
        How long the event still lasts, at least 0.
    longest_d : float
        Longest wait that is counted.

    Examples
    --------
    >>> sum_waits_d2(10.0, 100.0), sum_waits_d2(10.0, 4.0)
    (50.0, 32.0)
    """
    short_d = min(length_d, longest_d)
    return 0.5 * short_d * short_d + longest_d * (length_d - short_d)


def find_span_wait_d(left_d: float, span_d: float, longest_d: float) -> float:
    """Mean wait of cargo that comes evenly in a span of time.

    Parameters
    ----------
    left_d : float
        Days from the beginning of the span to the end of the event, at least ``span_d``.
    span_d : float
        Length of the span, above 0.
    longest_d : float
        Longest wait that is counted.
    """
    return (sum_waits_d2(left_d, longest_d) - sum_waits_d2(left_d - span_d, longest_d)) / span_d


def expect_waits_d2(hazards: Hazards, hazard: int, longest_d: float, length_factor: float = 1.0) -> float:
    """Expected ``sum_waits_d2`` over the random length of a hazard's event [d2].

    Notes
    -----
    The integral of min(x, L) P(D > x): m2 (1 - exp(-L/m)) for an exponential length of mean m; partial moments of the
    lognormal otherwise (Johnson, Kotz and Balakrishnan, 1994, Continuous Univariate Distributions 1).
    """
    mean_d, form = (
        length_factor * float(hazards.duration_d[hazard]),
        FORMS[int(hazards.duration_form[hazard])],
    )
    if form == "fixed":
        return sum_waits_d2(mean_d, longest_d)
    if form == "exponential":
        return -mean_d * mean_d * math.expm1(-longest_d / mean_d)
    variance = find_log_variance(hazards, hazard)
    width = math.sqrt(variance)
    place = (math.log(longest_d / mean_d) + 0.5 * variance) / width
    below = _NORMAL.cdf
    square_d2 = mean_d * mean_d * math.exp(variance)
    return (
        0.5 * square_d2 * below(place - 2.0 * width)
        + longest_d * mean_d * below(width - place)
        - 0.5 * longest_d * longest_d * below(-place)
    )


def find_log_variance(hazards: Hazards, hazard: int) -> float:
    """Variance of the logarithm of a lognormal length."""
    return math.log1p((float(hazards.duration_spread_d[hazard]) / float(hazards.duration_d[hazard])) ** 2)


def find_expected_wait_d(hazards: Hazards, hazard: int, longest_d: float) -> float:
    """Mean wait of a tonne that meets a hazard's event at a random moment, before its length is known [d].

    E[D2] / (2 E[D]) but for the longest wait: half of a fixed length, the whole mean of an exponential one.
    """
    return expect_waits_d2(hazards, hazard, longest_d) / float(hazards.duration_d[hazard])
