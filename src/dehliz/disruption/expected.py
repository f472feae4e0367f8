"""Expected yearly loss without drawing: each hazard alone, by its rate and the moments of its length.

A ``Responder`` gives what each hazard alone loses a day; Wald's and Campbell's formulas give mean and variance of a
year. What is left out is what several hazards lose together more or less than each alone. ``sensitivity.py`` evaluates
this thousands of times; tests compare it with drawn years.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dehliz.disruption.hazards import Hazards
from dehliz.disruption.response import Responder
from dehliz.disruption.waits import expect_waits_d2
from dehliz.graph.graph import FloatArray


@dataclass(frozen=True, slots=True)
class SingleLosses:
    """What each hazard alone loses.

    Attributes
    ----------
    going_usd_d : (n_hazard, n_scope) float64
        A day, of the cargo that goes.
    held_usd_d2 : (n_hazard, n_scope) float64
        A day and day of wait, of the cargo that waits.
    """

    going_usd_d: FloatArray
    held_usd_d2: FloatArray


def find_single_losses(responder: Responder) -> SingleLosses:
    """What each hazard alone loses, from one equilibrium each."""
    found = [responder.respond((at,)) for at in range(len(responder.hazards))]
    return SingleLosses(
        np.array([one.going[0] for one in found]), np.array([one.held_usd_d2[0] for one in found])
    )


def expect_losses(
    hazards: Hazards,
    singles: SingleLosses,
    longest_wait_d: float,
    rate_factor: Mapping[str, float] | None = None,
    duration_factor: Mapping[str, float] | None = None,
) -> FloatArray:
    """Expected yearly loss by hazard and scope, (n_hazard, n_scope) [USD], overlaps left out.

    Parameters
    ----------
    hazards : Hazards
        Rates and lengths.
    singles : SingleLosses
        What each loses.
    longest_wait_d : float
        Longest wait that is counted.
    rate_factor, duration_factor : mapping of str to float, optional
        Factors by kind of hazard.

    Notes
    -----
    Wald: rate x (G E[D] + H E[A(D)]), where D is the length, A(D) the area under the wait, G what is lost a day by what
    goes and H what is lost a day and day of wait by what waits.
    """
    rates, lengths = rate_factor or {}, duration_factor or {}
    total = np.zeros_like(singles.going_usd_d)
    for at, kind in enumerate(hazards.kinds):
        factor = lengths.get(kind, 1.0)
        rate_per_a = float(hazards.rate_per_a[at]) * rates.get(kind, 1.0)
        mean_d = float(hazards.duration_d[at]) * factor
        area_d2 = expect_waits_d2(hazards, at, longest_wait_d, factor)
        total[at] = rate_per_a * (singles.going_usd_d[at] * mean_d + singles.held_usd_d2[at] * area_d2)
    return total
