"""``AssignmentSettings``: how to load, when to stop. Read by every method; each says which it uses."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["aon", "ue", "sue", "so"]
METHODS: tuple[Method, ...] = ("aon", "ue", "sue", "so")


@dataclass(frozen=True, slots=True)
class AssignmentSettings:
    """Settings of one assignment.

    Attributes
    ----------
    method : {"aon", "ue", "sue", "so"}
        All or nothing, user equilibrium, stochastic user equilibrium, system optimum under hard capacities.
    target_gap_share : float
        Relative gap at which to stop.
    iteration_limit_count : int
        Iterations after which to stop without having converged.
    time_limit_s : float
        Seconds after which to stop without having converged.
    thread_count : int
        Threads; the answer is the same for any number.
    is_marginal : bool
        ``ue`` with marginal costs: the system optimum without hard capacities, for the price of anarchy.
    scale_factor : float
        ``sue``: how strongly a choice prefers the cheaper route, per hour of generalised cost.
    overlap_factor : float
        ``sue``: weight of the path-size correction for overlapping routes; 0 is plain logit.
    """

    method: Method = "ue"
    target_gap_share: float = 1e-6
    iteration_limit_count: int = 1_000
    time_limit_s: float = 3_600.0
    thread_count: int = 1
    is_marginal: bool = False
    scale_factor: float = 0.05
    overlap_factor: float = 1.0
