"""Choice of corridor by hand: 1137.5 USD by rail and 1560 by road for 10 t, one route in each corridor."""

import math

import numpy as np
import pytest

from dehliz.assignment.corridor_choice import (
    ChoiceModel,
    GatewayConstant,
    choose_corridors,
    find_corridor_sets,
    label_corridors,
)
from dehliz.assignment.problem import LoadProblem
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.errors import DataError
from dehliz.network.network import Network
from tests.unit.assignment.loading import EAST, make_problem

DEARER_USD_T = (1560 - 1137.5) / 10
"""By road, per tonne."""
SETTINGS = AssignmentSettings(method="sue", target_gap_share=1e-10)


@pytest.fixture
def problem(corridor3: Network) -> LoadProblem:
    return make_problem(corridor3, EAST)


def shares(problem: LoadProblem, model: ChoiceModel) -> dict[str, dict[str, float]]:
    result = choose_corridors(problem, model, SETTINGS)
    assert result.status == "converged"
    flow = problem.tell(result).tables()["corridor_flow"]
    return {
        segment: dict(zip(rows["corridor_id"], rows["volume_share"], strict=True))
        for segment, rows in flow.groupby("segment_id")
    }


@pytest.mark.parametrize(("scale", "nest"), [(0.05, 1.0), (0.02, 1.0), (0.05, 0.7), (0.2, 0.5)])
def test_corridors_are_chosen_by_logit_of_money_and_time(
    problem: LoadProblem, scale: float, nest: float
) -> None:
    """With one route in each corridor the scale between corridors is the nest factor times that between routes."""
    rail = 1 / (1 + math.exp(-scale * nest * DEARER_USD_T))
    found = shares(problem, ChoiceModel(scale, nest))
    assert found["containers"] == {"rail_way": pytest.approx(rail), "road_way": pytest.approx(1 - rail)}
    assert found["bulk"] == {"rail_way": pytest.approx(1.0)}


def test_a_constant_of_a_gateway_moves_cargo_as_money_would(problem: LoadProblem) -> None:
    scale = 0.05
    model = ChoiceModel(scale, 1.0, (GatewayConstant("passage:narrows", (), -DEARER_USD_T),))
    assert shares(problem, model)["containers"]["road_way"] == pytest.approx(0.5)
    model = ChoiceModel(scale, 1.0, (GatewayConstant("mode:rail_ferry", (), 10.0),))
    assert shares(problem, model)["containers"]["rail_way"] == pytest.approx(
        1 / (1 + math.exp(-scale * (DEARER_USD_T - 10.0)))
    )


def test_constants_add_up_and_hold_for_their_segments(problem: LoadProblem) -> None:
    scale = 0.05
    plain = shares(problem, ChoiceModel(scale, 1.0))["containers"]["rail_way"]
    for_bulk = ChoiceModel(scale, 1.0, (GatewayConstant("mode:rail_ferry", ("bulk",), 50.0),))
    assert shares(problem, for_bulk)["containers"]["rail_way"] == pytest.approx(plain)
    twice = ChoiceModel(
        scale, 1.0,
        (GatewayConstant("gate", ("containers",), 4.0), GatewayConstant("mode:rail_ferry", ("containers",), 6.0)),
    )  # fmt: skip
    assert shares(problem, twice)["containers"]["rail_way"] == pytest.approx(
        1 / (1 + math.exp(-scale * (DEARER_USD_T - 10.0)))
    )


def test_sets_have_a_route_of_each_corridor_once(problem: LoadProblem) -> None:
    sets = find_corridor_sets(problem)
    constants_h, nest = label_corridors(
        problem, ChoiceModel(0.05, 1.0, (GatewayConstant("passage:narrows", (), 8.0),))
    )(sets)
    assert sets.trip.tolist() == [0, 1, 1]
    assert sorted(nest[1:].tolist()) == [0, 1]
    assert nest[0] == 0
    # 8 USD/t at 0.5 USD/t/h are 16 hours, on the road alone.
    assert constants_h.tolist() == [0.0, *np.where(nest[1:] == 1, 16.0, 0.0)]


def test_congestion_moves_cargo_to_the_other_corridor(corridor3: Network) -> None:
    free = make_problem(corridor3, EAST)
    tight = make_problem(corridor3, EAST, [("link", "xb_mark_quay", 250.0 * 365, "both", "")])
    model = ChoiceModel(0.05, 1.0)
    assert (
        shares(tight, model)["containers"]["rail_way"] < shares(free, model)["containers"]["rail_way"] - 0.01
    )


def test_a_constant_at_no_gateway_is_refused(problem: LoadProblem) -> None:
    with pytest.raises(DataError, match="no such node"):
        choose_corridors(problem, ChoiceModel(0.05, 1.0, (GatewayConstant("gat", (), 1.0),)), SETTINGS)
