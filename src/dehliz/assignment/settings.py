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
    nest_factor : float
        ``sue``: scale of the choice between nests (corridors) over that between routes of a nest, above 0 and at most
        1; 1 is plain logit.
    scale_per_usd_t : float or None
        ``sue``: how strongly a choice prefers the cheaper route, per USD a tonne; then the scale per hour of each
        segment is this times its value of time, and ``scale_factor`` is not used.
    route_limit_count : int
        ``sue``: routes of a trip at most in the choice sets that are made at free costs.
    stretch_share : float
        ``sue``: cost of such a route above that of the best, as a share of it, at most.
    refresh_share : float
        ``sue``: a route that congestion has made the best of its trip is added when it is cheaper than all of its
        choice set by more than this share; near ties would be added for ever without changing anything.
    overlap_limit_share : float
        ``sue``: share of such a route's cost that may lie on another one that ranks before it.
    """

    method: Method = "ue"
    target_gap_share: float = 1e-6
    iteration_limit_count: int = 1_000
    time_limit_s: float = 3_600.0
    thread_count: int = 1
    is_marginal: bool = False
    scale_factor: float = 0.05
    overlap_factor: float = 1.0
    nest_factor: float = 1.0
    scale_per_usd_t: float | None = None
    route_limit_count: int = 12
    stretch_share: float = 0.5
    overlap_limit_share: float = 0.8
    refresh_share: float = 0.01
