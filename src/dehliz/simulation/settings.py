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
    warm_up_h : float or None
        Consignments released before are not observed [h]; found by MSER-5 (``simulation/warmup.py``) when None.
    promise_h : float or None
        Promised time of delivery whose odds are told [h].
    service_share : float
        Share of lead times without stock running out, for which safety stocks are told.
    holding_share : float or None
        Cost of holding stock for a year as a share of its value; the cost of safety stock is told only with it.
    """

    replication_count: int = 20
    seed: int = 1
    thread_count: int = 2
    can_replan: bool = False
    patience_h: float = 24.0
    confidence_share: float = 0.95
    warm_up_h: float | None = None
    promise_h: float | None = None
    service_share: float = 0.95
    holding_share: float | None = None
