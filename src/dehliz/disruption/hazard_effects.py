"""From a drawn state to effects on arcs: what hazards that are active at once do, for ``disruption/shock.py``.

A state of ``split_year`` goes in, one ``Effect`` for each of its hazards comes out.
"""

from collections.abc import Sequence

from dehliz.disruption.hazards import Hazards
from dehliz.disruption.shock import Effect


def list_effects(hazards: Hazards, state: Sequence[int], arc_count: int) -> tuple[Effect, ...]:
    """Effects of the hazards of one state; none when the state is calm.

    Parameters
    ----------
    hazards : Hazards
        Made with the graph whose arcs are meant.
    state : sequence of int
        Positions of the hazards that are active.
    arc_count : int
        Arcs of the graph.
    """
    return tuple(
        Effect(
            arcs=hazards.mask_of(place, arc_count),
            is_closed=bool(hazards.is_closed[place]),
            **hazards.effect_of(place),
        )
        for place in state
    )
