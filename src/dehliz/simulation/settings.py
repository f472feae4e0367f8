"""``SimulationSettings``: how many replications, from which seed, and what is left out as warm-up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """How a plan is simulated.

    Attributes
    ----------
    replication_count : int
        Years that are drawn.
    seed : int
        Of the study; replication, resource and flow have their own streams under it.
    thread_count : int
        Threads over replications; the answer is the same for any number.
    can_replan : bool
        Whether consignments may take another way at a terminal when what lies ahead is shut.
    patience_h : float
        How long it must have been shut by then [h].
    confidence_share : float
        Level of the confidence bounds over replications.
    """

    replication_count: int = 20
    seed: int = 1
    thread_count: int = 2
    can_replan: bool = False
    patience_h: float = 24.0
    confidence_share: float = 0.95
