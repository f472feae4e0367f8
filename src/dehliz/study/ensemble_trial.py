"""A job for trying the machinery: cheap numbers drawn from the seed, with a pause where one is asked for.

It says nothing about freight. Benchmarks, tests and whoever sets up a cluster use it.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dehliz.base.errors import Issue, SettingsError, suggest

if TYPE_CHECKING:
    from dehliz.study.ensemble import Ensemble

_NUMBERS: Final[dict[str, float]] = {"rows": 5, "pause_s": 0.0}
_LISTS: Final = ("fails", "dies")


class TrialJob:
    """Draws a few rows for each run; a second table holds their sum."""

    def __init__(self, seed: int, study: Mapping[str, Any]) -> None:
        self._seed = seed
        self._row_count = int(study.get("rows", _NUMBERS["rows"]))
        self._pause_s = float(study.get("pause_s", _NUMBERS["pause_s"]))
        self._fails, self._dies = (frozenset(study.get(key, ())) for key in _LISTS)

    def run(self, number: int) -> Mapping[str, pd.DataFrame]:
        """Tables ``trial_draw`` and ``trial_sum`` of one run."""
        drawn = np.random.default_rng([self._seed, number]).normal(size=self._row_count)
        if self._pause_s > 0.0:
            time.sleep(self._pause_s)
        if number in self._fails:
            raise ArithmeticError(f"the trial was told that run {number} fails")
        if number in self._dies:
            os._exit(3)
        rows = pd.DataFrame({"step": np.arange(self._row_count, dtype=np.int32), "value": drawn})
        rows["sign"] = np.where(drawn < 0.0, "minus", "plus")
        return {"trial_draw": rows, "trial_sum": pd.DataFrame({"value": [float(drawn.sum())]})}


def make_job(spec: Mapping[str, Any]) -> TrialJob:
    """The job of a specification.

    Its ``study`` may hold ``rows``, ``pause_s``, and lists ``fails`` and ``dies`` of runs that raise an error or end
    their process, to see what becomes of them.
    """
    return TrialJob(int(spec["seed"]), spec.get("study", {}))


def read_trial(tables: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """What the table ``[trial]`` of a study file says.

    Raises
    ------
    SettingsError
        With every unknown key and wrong value.
    """
    trial = tables.get("trial", {})
    if not isinstance(trial, dict):
        trial = {"trial": trial}
    known = (*_NUMBERS, *_LISTS)
    issues = []
    for key, value in trial.items():
        place = f"{path.name}, key trial.{key}"
        if key not in known:
            hint = suggest(key, known) or f"Keys here are {', '.join(known)}"
            issues.append(
                Issue("ensemble.key.known", place, (), "unknown key", "Only known keys are read", hint)
            )
        elif not (_is_numbers(value) if key in _LISTS else _is_number(value)):
            needed = "A number from 0 to 1,000,000 is needed, or a list of them for fails and dies"
            issues.append(
                Issue(
                    "ensemble.value.bounds", place, (), "another value was found", needed, "Correct the value"
                )
            )
    if issues:
        raise SettingsError(f"The study {path} cannot be run", issues)
    return dict(trial)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e6


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, int) and _is_number(one) for one in value)


def summarise(made: "Ensemble") -> dict[str, pd.DataFrame]:
    """Mean of the sums over all runs, and its standard error."""
    drawn = made.read("trial_sum")["value"]
    error = float(drawn.std(ddof=1)) / len(drawn) ** 0.5 if len(drawn) > 1 else float("nan")
    return {
        "Sum of a run": pd.DataFrame(
            {"runs": [len(drawn)], "mean": [drawn.mean()], "standard error": [error]}
        )
    }
