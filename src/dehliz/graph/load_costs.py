"""``LoadCosts``: what loading a network costs: delays that all segments share, and what each pays besides.

The generalised cost of an arc for a segment, in hours, is ``time(volume) + fixed_h[segment]``, where the fixed part is
money (tariff, handling, dues) divided by the segment's value of time. All segments see the same volume, in one
unit of flow, so the equilibrium of all of them is one convex programme (Dafermos, 1972).
"""

from dataclasses import dataclass, fields

import numpy as np

from dehliz.graph.graph import BoolArray, ByteArray, FloatArray, IntArray
from dehliz.kernels.delay import Delay, delay_times


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
    facility : (n_arc,) int32 or None
        Arc whose volume and capacity each arc shares, such as both directions of a single track or all berths of a
        port; it stands for its facility, its free time is the facility's least, and its parameters and background
        hold for all. None when every arc is its own.

    Notes
    -----
    The time of an arc is its free time plus the delay of its facility at the facility's volume.
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
    facility: IntArray | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                value.flags.writeable = False

    @property
    def facilities(self) -> IntArray:
        """(n_arc,) arc that stands for the facility of each arc: the arc itself where nothing is shared."""
        return np.arange(len(self.form), dtype=np.int32) if self.facility is None else self.facility

    @property
    def stands(self) -> BoolArray:
        """(n_arc,) whether each arc stands for its facility; each facility has one such arc."""
        return np.asarray(self.facilities == np.arange(len(self.form)))

    @property
    def offset_h(self) -> FloatArray:
        """(n_arc,) free time of each arc above that of its facility, at least 0 [h]."""
        return np.asarray(self.free_time_h - self.free_time_h[self.facilities])

    def shared_t_d(self, volume_t_d: FloatArray) -> FloatArray:
        """(n_arc,) volume of the facility of each arc, background included.

        Parameters
        ----------
        volume_t_d : (n_arc,) float64
            Volume of all segments on each arc, background not included.
        """
        facilities = self.facilities
        total = np.bincount(facilities, weights=volume_t_d, minlength=len(self.form)) + self.background_t_d
        return np.ascontiguousarray(total[facilities], dtype=np.float64)

    def time_h(self, volume_t_d: FloatArray) -> FloatArray:
        """(n_arc,) time of each arc at the volumes of all segments, background not included [h]."""
        time_h, slope = np.empty_like(self.free_time_h), np.empty_like(self.free_time_h)
        delay_times.pick(len(time_h))(self.delay, self.shared_t_d(volume_t_d), time_h, slope)
        return np.asarray(time_h + self.offset_h)

    @property
    def n_segment(self) -> int:
        """Number of segments."""
        return len(self.fixed_h)

    @property
    def delay(self) -> Delay:
        """Volume-delay functions as kernels take them: those of its facility at each arc."""
        at = self.facilities
        numbers = (self.free_time_h, self.capacity_t_d, self.alpha_factor, self.beta_factor)
        free_time_h, capacity_t_d, alpha, beta = (np.ascontiguousarray(part[at]) for part in numbers)
        parts = Delay(np.ascontiguousarray(self.form[at]), free_time_h, capacity_t_d, alpha, beta)
        for part in parts:
            part.flags.writeable = False
        return parts


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
