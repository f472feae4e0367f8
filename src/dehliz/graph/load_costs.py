"""``LoadCosts``: what loading a network costs: delays that all segments share, and what each pays besides.

The generalised cost of an arc for a segment, in hours, is ``time(volume) + fixed_h[segment]``, where the fixed part is
money (tariff, handling, dues) divided by the segment's value of time. All segments see the same volume, in one
unit of flow, so the equilibrium of all of them is one convex programme (Dafermos, 1972).
"""

from dataclasses import dataclass, fields

import numpy as np

from dehliz.graph.graph import BoolArray, ByteArray, FloatArray
from dehliz.kernels.delay import Delay


@dataclass(frozen=True, slots=True)
class LoadCosts:
    """Volume-delay functions of arcs and fixed generalised costs of segments on them. Arrays are read-only.

    Attributes
    ----------
    form : (n_arc,) int8
        ``DelayForm`` of each arc.
    free_time_h : (n_arc,) float64
        Time without traffic, finite and at least 0 [h; minutes in most test networks].
    capacity_t_d : (n_arc,) float64
        Practical capacity in the unit of the trips, above 0, ``inf`` where there is none.
    alpha_factor, beta_factor : (n_arc,) float64
        The two parameters of the form.
    fixed_h : (n_segment, n_arc) float64
        What a segment pays on an arc besides its time, at least 0; ``inf`` where it may not go.
    value_of_time_usd_t_h : (n_segment,) float64
        What an hour costs, above 0; 1 in networks that know no money.
    background_t_d : (n_arc,) float64
        Flow that is on the arcs before any trip is loaded.
    is_capped : (n_arc,) bool
        Where the system optimum holds the capacity as a hard limit.
    """

    form: ByteArray
    free_time_h: FloatArray
    capacity_t_d: FloatArray
    alpha_factor: FloatArray
    beta_factor: FloatArray
    fixed_h: FloatArray
    value_of_time_usd_t_h: FloatArray
    background_t_d: FloatArray
    is_capped: BoolArray

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            value.flags.writeable = False

    @property
    def n_segment(self) -> int:
        """Number of segments."""
        return len(self.fixed_h)

    @property
    def delay(self) -> Delay:
        """The volume-delay functions as kernels take them."""
        return Delay(self.form, self.free_time_h, self.capacity_t_d, self.alpha_factor, self.beta_factor)


def plain_load_costs(
    free_time_h: FloatArray,
    capacity_t_d: FloatArray,
    alpha_factor: FloatArray,
    beta_factor: FloatArray,
    form: ByteArray,
    fixed_h: FloatArray | None = None,
) -> LoadCosts:
    """Costs of a network with one segment and no money, such as a road network in the TNTP format."""
    n_arc = len(free_time_h)
    zeros = np.zeros(n_arc)
    return LoadCosts(
        form=np.ascontiguousarray(form, dtype=np.int8),
        free_time_h=np.ascontiguousarray(free_time_h, dtype=np.float64),
        capacity_t_d=np.ascontiguousarray(capacity_t_d, dtype=np.float64),
        alpha_factor=np.ascontiguousarray(alpha_factor, dtype=np.float64),
        beta_factor=np.ascontiguousarray(beta_factor, dtype=np.float64),
        fixed_h=np.zeros((1, n_arc)) if fixed_h is None else np.atleast_2d(fixed_h).astype(np.float64),
        value_of_time_usd_t_h=np.ones(1),
        background_t_d=zeros,
        is_capped=np.isfinite(capacity_t_d),
    )
