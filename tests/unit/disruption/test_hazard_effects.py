"""States of drawn years as effects on arcs."""

import numpy as np

from dehliz.disruption.draws import draw_year, split_year
from dehliz.disruption.hazard_effects import list_effects
from dehliz.disruption.hazards import check_hazard_table, make_hazards
from dehliz.graph.compile import compile_graph
from dehliz.network.network import Network
from tests.unit.disruption.hazard_tables import make_table


def test_a_state_has_an_effect_for_each_of_its_hazards(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    hazards = make_hazards(check_hazard_table(make_table(), corridor3), corridor3, graph)
    assert list_effects(hazards, (), graph.n_arc) == ()
    storm, works = hazards.find("storm"), hazards.find("works")
    closes, slows = list_effects(hazards, (storm, works), graph.n_arc)
    assert closes.is_closed
    assert not slows.is_closed
    assert (closes.capacity_factor, closes.waiting_add_h) == (1.0, 0.0)
    assert (slows.capacity_factor, slows.waiting_add_h, slows.time_factor, slows.tariff_factor) == (
        0.5,
        24,
        1,
        1,
    )
    assert np.array_equal(np.flatnonzero(slows.arcs), hazards.arcs_of(works))
    states = split_year(draw_year(hazards.with_rates({"storm": 12.0}), 1, 1))
    assert max(map(len, states.sets)) == max(
        len(list_effects(hazards, found, graph.n_arc)) for found in states.sets
    )
