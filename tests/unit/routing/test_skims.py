"""All pairs equal one pair after another."""

import numpy as np
import pytest

from dehliz.network.network import Network
from dehliz.routing.planner import prepare
from dehliz.routing.skims import Criterion, skim


@pytest.mark.parametrize("criterion", ["cost_usd", "time_h", "emissions_kgco2e"])
def test_skim_equals_the_best_option(corridor3: Network, criterion: Criterion) -> None:
    planner = prepare(corridor3)
    matrix = skim(planner, criterion)
    zones = planner.graph.zone_ids
    for row, origin in enumerate(zones):
        for column, destination in enumerate(zones):
            if row == column:
                assert matrix[row, column] == 0
                continue
            found = planner.find(planner.ask(origin, destination))
            expected = found.total(getattr(planner.costs, criterion)).min() if len(found) else np.inf
            assert matrix[row, column] == pytest.approx(expected)
