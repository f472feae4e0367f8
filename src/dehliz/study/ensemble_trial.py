"""A job for trying the machinery: cheap numbers drawn from the seed, with a pause where one is asked for.

It says nothing about freight. Benchmarks, tests and whoever sets up a cluster use it.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dehliz.base.errors import Issue, SettingsError, suggest

if TYPE_CHECKING:
    from dehliz.study.ensemble import Ensemble

_DEFAULTS: Final[dict[str, float]] = {"rows": 5, "pause_s": 0.0}


class TrialJob:
    """Draws a few rows for each run; a second table holds their sum."""

    def __init__(self, seed: int, row_count: int, pause_s: float) -> None:
        self._seed = seed
        self._row_count = row_count
        self._pause_s = pause_s

    def run(self, number: int) -> Mapping[str, pd.DataFrame]:
        """Tables ``trial_draw`` and ``trial_sum`` of one run."""
        drawn = np.random.default_rng([self._seed, number]).normal(size=self._row_count)
        if self._pause_s > 0.0:
            time.sleep(self._pause_s)
        rows = pd.DataFrame({"step": np.arange(self._row_count, dtype=np.int32), "value": drawn})
        rows["sign"] = np.where(drawn < 0.0, "minus", "plus")
        return {"trial_draw": rows, "trial_sum": pd.DataFrame({"value": [float(drawn.sum())]})}


def make_job(spec: Mapping[str, Any]) -> TrialJob:
    """The job of a specification whose ``study`` may hold ``rows`` and ``pause_s``."""
    study = {**_DEFAULTS, **spec.get("study", {})}
    return TrialJob(int(spec["seed"]), int(study["rows"]), float(study["pause_s"]))


def read_trial(tables: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """What the table ``[trial]`` of a study file says.

    Raises
    ------
    SettingsError
        With every unknown key and wrong number.
    """
    trial = tables.get("trial", {})
    issues = []
    for key, value in trial.items() if isinstance(trial, dict) else ():
        if key not in _DEFAULTS:
            hint = suggest(key, list(_DEFAULTS)) or f"Keys here are {', '.join(_DEFAULTS)}"
            issues.append(
                Issue(
                    "ensemble.key.known",
                    path.name,
                    (),
                    f"unknown key 'trial.{key}'",
                    "Only known keys are read",
                    hint,
                )
            )
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            issues.append(
                Issue("ensemble.value.bounds", f"{path.name}, key trial.{key}", (), "another value was found",
                      "A number from 0 to 1,000,000 is needed", "Correct the value")
            )  # fmt: skip
    if issues:
        raise SettingsError(f"The study {path} cannot be run", issues)
    return dict(trial)


def summarise(made: "Ensemble") -> dict[str, pd.DataFrame]:
    """Mean of the sums over all runs, and its standard error."""
    drawn = made.read("trial_sum")["value"]
    error = float(drawn.std(ddof=1)) / len(drawn) ** 0.5 if len(drawn) > 1 else float("nan")
    return {
        "Sum of a run": pd.DataFrame(
            {"runs": [len(drawn)], "mean": [drawn.mean()], "standard error": [error]}
        )
    }
