"""Sensitivity of the expected yearly loss to the uncertain numbers of a study of drawn years.

A study comes in, the table ``risk_sensitivity`` goes out. Single hazards are computed at the ends of what demand and
the value of time may be; ``disruption/sensitivity.py`` does the rest.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.errors import SettingsError
from dehliz.disruption.expected import SingleLosses, find_single_losses
from dehliz.disruption.hazards import Hazards
from dehliz.disruption.sensitivity import SAMPLE_COUNT, Grid, find_indices, make_loss_model
from dehliz.graph.graph import FloatArray
from dehliz.study.distributions import find_quantile
from dehliz.study.ensemble_disruption import DEMAND, VALUE_OF_TIME, make_responder
from dehliz.study.ensemble_settings import EnsembleStudy, read_ensemble_study
from dehliz.study.ensemble_uncertain import Uncertain
from dehliz.study.hazard_settings import LONGEST_WAIT_D

END_SHARES: Final = (0.01, 0.99)
"""Quantiles of demand and value of time at which single hazards are computed."""


def find_sensitivity(path: Path, sample_count: int = SAMPLE_COUNT) -> pd.DataFrame:
    """The ``risk_sensitivity`` table of a study of drawn years.

    Parameters
    ----------
    path : Path
        Study file whose ``[[uncertain]]`` are rates, durations, demand and value of time.
    sample_count : int
        Base samples, a power of two.

    Raises
    ------
    SettingsError
        When SALib is missing, or a number scales a column of a table.
    """
    study = read_ensemble_study(path)
    columns = [one.name for one in study.uncertain if one.table]
    if columns or not study.uncertain:
        found = f"{', '.join(columns)} scales a column" if columns else "nothing is uncertain"
        raise SettingsError(
            f"Sensitivity of {path.name}: {found}. Rates, durations, demand and value of time can be looked at. "
            "Take them alone into a study."
        )
    grid, hazards = _find_grid(study)
    targets = [one.target for one in study.uncertain]
    longest_d = float(study.study.get("longest_wait_d", LONGEST_WAIT_D))
    quantiles = {one.name: _make_quantile(one) for one in study.uncertain}
    return find_indices(
        make_loss_model(hazards, grid, targets, longest_d), quantiles, sample_count, study.ensemble.seed
    )


def _make_quantile(one: Uncertain) -> Callable[[float], float]:
    return lambda share: find_quantile(one.form, one.parameters, share)


def _find_grid(study: EnsembleStudy) -> tuple[Grid, Hazards]:
    demand, worth = (_list_points(study, target) for target in (DEMAND, VALUE_OF_TIME))
    hazards: list[Hazards] = []
    rows: list[tuple[SingleLosses, ...]] = []
    for demand_factor in demand.tolist():
        row = []
        for worth_factor in worth.tolist():
            touching = [
                ({"table": "", "target": target}, factor)
                for target, factor in ((DEMAND, demand_factor), (VALUE_OF_TIME, worth_factor))
                if factor != 1.0
            ]
            responder = make_responder(study.study, touching)
            row.append(find_single_losses(responder))
            hazards.append(responder.hazards)
        rows.append(tuple(row))
    return Grid(demand, worth, tuple(rows)), hazards[0]


def _list_points(study: EnsembleStudy, target: str) -> FloatArray:
    """Values of a factor at which single hazards are computed; 1 alone when it is not uncertain."""
    found = [one for one in study.uncertain if one.target == target]
    if not found:
        return np.ones(1)
    return np.unique([_make_quantile(found[0])(share) for share in END_SHARES])
