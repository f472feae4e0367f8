"""Designs: which values the uncertain numbers of a study take in each run.

Every design is a pure function of seed, number of runs and run: Monte Carlo draws each run by itself; a Latin hypercube
(McKay, Beckman and Conover, 1979, Technometrics 21, 239-245) has each of N equal slices of every number once in N runs;
a scrambled Sobol sequence (Matousek, 1998, Journal of Complexity 14, 527-556) fills the space evenly, and its first
runs stay what they are when more are asked for. The file before is ``study/distributions.py``.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dehliz.study.distributions import find_quantile

FloatArray = npt.NDArray[np.float64]

MONTE_CARLO: Final = "monte_carlo"
LATIN_HYPERCUBE: Final = "latin_hypercube"
SOBOL: Final = "sobol"
DESIGNS: Final = (MONTE_CARLO, LATIN_HYPERCUBE, SOBOL)

_STREAM: Final = 20_231
"""Third word of the seed of parameters, so that they are independent of what a job draws from (seed, number)."""
_LEAST_SOBOL_COUNT: Final = 1024
MOST_SOBOL_COUNT: Final = 21_201
"""Most uncertain numbers of a Sobol sequence: directions of Joe and Kuo, 2008, SIAM J. Sci. Comput. 30, 2635-2654."""


class Design:
    """Values of uncertain numbers by run; made once in each process."""

    def __init__(
        self, kind: str, seed: int, uncertain: Sequence[Mapping[str, Any]], run_count: int = 0
    ) -> None:
        """Prepare a design.

        Parameters
        ----------
        kind : str
            One of ``DESIGNS``.
        seed : int
            Of the study.
        uncertain : sequence of mapping
            ``name``, ``form`` and ``parameters`` of each uncertain number, as ``study/ensemble_settings.py`` has them.
        run_count : int
            Number of runs; needed by a Latin hypercube only.
        """
        self._kind = kind
        self._seed = seed
        self._uncertain = [(str(one["name"]), str(one["form"]), one["parameters"]) for one in uncertain]
        self._points = np.empty((0, len(self._uncertain)))
        if kind == LATIN_HYPERCUBE and self._uncertain:
            self._points = _place_hypercube(seed, run_count, len(self._uncertain))

    def find_shares(self, number: int) -> FloatArray:
        """Where a run lies between 0 and 1 in each uncertain number, in their order."""
        if self._kind == MONTE_CARLO or not self._uncertain:
            return np.random.default_rng([self._seed, number, _STREAM]).random(len(self._uncertain))
        if self._kind == SOBOL and number >= len(self._points):
            self._points = _place_sobol(self._seed, max(_LEAST_SOBOL_COUNT, 2 * number), len(self._uncertain))
        shares: FloatArray = self._points[number]
        return shares

    def draw(self, number: int) -> dict[str, float]:
        """Values of a run by the names of the uncertain numbers.

        Parameters
        ----------
        number : int
            Number of the run, from 0.
        """
        shares = self.find_shares(number)
        return {
            name: find_quantile(form, parameters, float(share))
            for (name, form, parameters), share in zip(self._uncertain, shares, strict=True)
        }


def _place_hypercube(seed: int, run_count: int, count: int) -> FloatArray:
    """Points of a Latin hypercube: (n_run, n_uncertain)."""
    from scipy.stats import qmc

    points: FloatArray = qmc.LatinHypercube(count, seed=np.random.default_rng([seed, _STREAM])).random(
        run_count
    )
    return points


def _place_sobol(seed: int, least_count: int, count: int) -> FloatArray:
    """First points of a scrambled Sobol sequence, a power of two of them: (n_point, n_uncertain)."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(count, scramble=True, seed=np.random.default_rng([seed, _STREAM]))
    points: FloatArray = sequence.random_base2(math.ceil(math.log2(least_count)))
    return points


def make_design(spec: Mapping[str, Any]) -> Design:
    """The design of a specification.

    Parameters
    ----------
    spec : mapping
        With ``seed`` and, where there is something uncertain, ``design``, ``uncertain`` and, for a Latin hypercube,
        ``runs``.
    """
    return Design(
        str(spec.get("design", MONTE_CARLO)),
        int(spec["seed"]),
        spec.get("uncertain", ()),
        int(spec.get("runs", 0)),
    )
