"""How loss runs from an event through repair until the last held cargo has gone: the loss triangle.

Quasi-static: time is cut into pieces in which nothing changes, each with its equilibrium; between them only the cargo
that waits is carried over, so that what came is what has gone and what waits. ``recovery_states.py`` answers for a
network, ``recovery_tables.py`` tells. The file before is ``disruption/impact.py``.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from dehliz.base.errors import SettingsError
from dehliz.base.units import HOURS_PER_DAY
from dehliz.graph.graph import BoolArray, FloatArray

DEFAULT_LAG_D: Final = 3.0
"""Declared: days that cargo on its way to what is struck goes on to it, before anybody turns it round."""
LAG_RANGE_D: Final = (0.0, 14.0)
"""Declared: lags that are believable, from trucks to trains that are blocked in yards."""
CLEARING_LIMIT_COUNT: Final = 24
"""Equilibria of clearing at most; what is left then goes at the last rates."""
QUICKEST_CLEARING_D: Final = 1.0
"""Held cargo takes this long to leave at least, however much room there is."""
LEAST_STOCK_SHARE: Final = 1e-9
"""Waiting cargo below this share of a day's is rounding."""


@dataclass(frozen=True, slots=True)
class RecoverySettings:
    """How an event lasts and is repaired.

    Attributes
    ----------
    duration_d : float
        Days from the event until all is back.
    repair : tuple of (float, float)
        Day and share of capacity that is back from then on, both ascending; nothing is back before the first, all
        is at ``duration_d``.
    lag_d : float
        Days that cargo on its way to what is shut goes on to it and waits there; in ``LAG_RANGE_D``.
    clearing_factor : float or None
        What held cargo adds a day to what usually passes after reopening; None for the spare capacity.
    is_end_known : bool
        Whether cargo waits when that costs less than going round. When not, only cargo without a way waits.
    horizon_d : float
        Days after the end at which an uncleared backlog is given up.
    """

    duration_d: float
    repair: tuple[tuple[float, float], ...] = ()
    lag_d: float = DEFAULT_LAG_D
    clearing_factor: float | None = None
    is_end_known: bool = True
    horizon_d: float = 730.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.duration_d < float("inf"):
            raise SettingsError(
                f"The event lasts {self.duration_d:g} days. At least 0 are needed. Correct it."
            )
        if not LAG_RANGE_D[0] <= self.lag_d <= LAG_RANGE_D[1]:
            raise SettingsError(
                f"The lag is {self.lag_d:g} days. {LAG_RANGE_D[0]:g} to {LAG_RANGE_D[1]:g} are needed. Correct it."
            )
        if self.clearing_factor is not None and not 0.0 < self.clearing_factor < float("inf"):
            raise SettingsError(
                f"The clearing factor is {self.clearing_factor:g}. A number above 0 is needed. Correct it."
            )
        days, shares = [day for day, _ in self.repair], [share for _, share in self.repair]
        is_right = days == sorted(set(days)) and shares == sorted(set(shares))
        if not is_right or not all(
            0.0 <= day < self.duration_d and 0.0 < share < 1.0 for day, share in self.repair
        ):
            raise SettingsError(
                f"The repair is {self.repair!r}. Ascending days before day {self.duration_d:g} and ascending shares"
                " between 0 and 1 are needed. Correct it."
            )

    def back_share(self, day: float) -> float:
        """Share of capacity that is back on a day."""
        if day >= self.duration_d:
            return 1.0
        return max((share for start, share in self.repair if start <= day), default=0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a network does in one piece of time, a day; arrays are (n_trip,) unless said otherwise.

    Attributes
    ----------
    held_share : float64
        Share of what comes that joins the waiting cargo.
    loss_h : float64
        Generalised hours that a tonne which goes loses, 0 for trips without a way.
    time_t_h_d, money_usd_d, emission_kgco2e_d : float64
        Sums of the cargo that goes.
    room_t_d : (n_facility,) float64
        What each struck facility takes besides; ``inf`` where nothing is known to limit it.
    is_cut : bool
        Trips without a way.
    is_converged : bool
        Whether the equilibrium reached its gap.
    """

    held_share: FloatArray
    loss_h: FloatArray
    time_t_h_d: FloatArray
    money_usd_d: FloatArray
    emission_kgco2e_d: FloatArray
    room_t_d: FloatArray
    is_cut: BoolArray
    is_converged: bool


class Response(Protocol):
    """What a recovery asks of a network; ``recovery_states.py`` has the one of an equilibrium."""

    value_of_time_usd_t_h: FloatArray
    """(n_trip,) what an hour costs."""
    cost_h: FloatArray
    """(n_trip,) generalised cost of a tonne in the undisturbed network."""
    committed_share: FloatArray
    """(n_trip,) share that passes what is shut in the undisturbed network."""
    use_share: FloatArray
    """(n_trip, n_facility) tonnes on each struck facility for a tonne of held cargo."""
    is_concerned: BoolArray
    """(n_trip,) trips whose performance is told: those that use what is struck."""

    def come_t_d(self, back_share: float) -> FloatArray:
        """(n_trip,) what comes a day when so much of the capacity is back."""
        ...

    def ask(
        self, back_share: float, wait_h: float | None, kept_share: FloatArray | None, added_t_d: FloatArray
    ) -> Answer:
        """The equilibrium when so much is back, with cargo from the backlog besides.

        ``kept_share`` says what is kept back; when None, what loses more by going than ``wait_h`` waits, and only what
        has no way when that is None too.
        """
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of time in which all rates are constant; arrays are (n_trip,).

    Attributes
    ----------
    start_d, end_d : float
        Since the event.
    back_share : float
        Share of capacity that is back.
    came_t_d, gone_t_d : float64
        What comes, and what goes, held cargo included.
    stock_t, next_stock_t : float64
        What waits at the start and at the end.
    answer : Answer
        The equilibrium.
    extra_t_h_d : float64
        Generalised tonne-hours a day that held cargo loses which goes round after reopening, rather than queue.
    """

    start_d: float
    end_d: float
    back_share: float
    came_t_d: FloatArray
    gone_t_d: FloatArray
    stock_t: FloatArray
    next_stock_t: FloatArray
    answer: Answer
    extra_t_h_d: FloatArray

    @property
    def length_d(self) -> float:
        """How long it is."""
        return self.end_d - self.start_d

    def stock_at(self, day: float) -> FloatArray:
        """What waits at a moment inside it; it changes evenly."""
        part = (day - self.start_d) / self.length_d
        return np.asarray(self.stock_t + part * (self.next_stock_t - self.stock_t))

    def loss_t_h_d(self, day: float) -> FloatArray:
        """Generalised tonne-hours that are lost a day at a moment: by going round, and by waiting."""
        going = self.gone_t_d * self.answer.loss_h + self.extra_t_h_d
        return np.asarray(going + HOURS_PER_DAY * self.stock_at(day))


@dataclass(frozen=True, slots=True)
class Recovery:
    """How an event ran.

    Attributes
    ----------
    settings : RecoverySettings
        What was asked.
    response : Response
        The network.
    pieces : tuple of Piece
        From the event until nothing waits any more, or the horizon.
    is_cleared : bool
        Whether all held cargo has gone.
    """

    settings: RecoverySettings
    response: Response
    pieces: tuple[Piece, ...]
    is_cleared: bool

    @property
    def end_d(self) -> float:
        """When the last piece ends."""
        return self.pieces[-1].end_d if self.pieces else 0.0

    @property
    def is_converged(self) -> bool:
        """Whether every equilibrium reached its gap."""
        return all(piece.answer.is_converged for piece in self.pieces)

    @property
    def loss_usd(self) -> FloatArray:
        """(n_trip,) loss of the whole event."""
        total = np.zeros(len(self.response.cost_h))
        for piece in self.pieces:
            middle = 0.5 * (piece.start_d + piece.end_d)
            total += piece.length_d * piece.loss_t_h_d(middle) * self.response.value_of_time_usd_t_h
        return total

    @property
    def cleared_d(self) -> float:
        """Days from the event until nothing waits; ``inf`` when that does not happen."""
        if not self.is_cleared:
            return float("inf")
        waiting = [piece.end_d for piece in self.pieces if piece.stock_t.sum() > 0.0]
        return max([self.settings.duration_d, *waiting]) if self.pieces else 0.0


@dataclass(slots=True)
class _Run:
    """State of a recovery while it is made."""

    settings: RecoverySettings
    response: Response
    stock_t: FloatArray
    now_d: float = 0.0
    pieces: list[Piece] = field(default_factory=list)


def recover(response: Response, settings: RecoverySettings) -> Recovery:
    """Follow an event from its first day until all held cargo has gone.

    Parameters
    ----------
    response : Response
        Network, and what strikes it.
    settings : RecoverySettings
        How long, how it is repaired, how soon cargo is turned round.

    Returns
    -------
    Recovery

    Notes
    -----
    Cargo that comes when the end is far goes round if that costs less than the wait which is left; cargo that comes
    when the end is near waits. What waits leaves when the way is open again, with no more on any struck facility than
    its spare room: of the cargo that needs facility ``j``, the share ``room_j / need_j`` a day, the least over its
    facilities. Held cargo that has a way round which costs less than half of that queue takes it, evenly over the lag
    or a day. One equilibrium for each piece; its length grows with the remaining wait (1, 2, 4, 8... days).
    """
    run = _Run(settings, response, np.zeros(len(response.cost_h)))
    if settings.duration_d == 0.0:
        return Recovery(settings, response, (), True)
    turned = np.zeros_like(run.stock_t)
    for start, end in _cut(settings):
        if start < settings.lag_d:
            _keep_committed(run, end)
        else:
            if start == settings.lag_d and settings.lag_d > 0.0:
                turned = run.stock_t / settings.lag_d
            is_turning = start < 2.0 * settings.lag_d
            _disturb(run, end, turned if is_turning else np.zeros_like(turned))
    is_cleared = _clear(run)
    return Recovery(settings, response, tuple(run.pieces), is_cleared)


def _cut(settings: RecoverySettings) -> list[tuple[float, float]]:
    """Pieces of the event itself: at the lag, its double, each repair, and where the remaining wait halves."""
    end = settings.duration_d
    marks = {0.0, end, settings.lag_d, 2.0 * settings.lag_d, *(day for day, _ in settings.repair)}
    if settings.is_end_known:
        left = 1.0
        while left < end:
            marks.add(end - left)
            left *= 2.0
    inside = sorted(mark for mark in marks if 0.0 <= mark <= end)
    return list(pairwise(inside))


def _keep_committed(run: _Run, end_d: float) -> None:
    """Nobody has turned yet: what was on its way to what is shut waits there, so far as it is not back."""
    back = run.settings.back_share(run.now_d)
    kept = run.response.committed_share * (1.0 - back)
    nothing = np.zeros_like(run.stock_t)
    _add(run, end_d, run.response.ask(back, None, kept, nothing), nothing)


def _disturb(run: _Run, end_d: float, turned_t_d: FloatArray) -> None:
    """A piece of the event after the lag."""
    back = run.settings.back_share(run.now_d)
    wait_h = None
    if run.settings.is_end_known:
        wait_h = HOURS_PER_DAY * (run.settings.duration_d - 0.5 * (run.now_d + end_d))
    nothing = np.zeros_like(run.stock_t)
    answer = run.response.ask(back, wait_h, None, nothing)
    leaves = turned_t_d * (1.0 - answer.held_share) * ~answer.is_cut
    if back > 0.0:
        leaves = np.maximum(leaves, _rates(run, answer) * run.stock_t)
    leaves = np.minimum(leaves, run.stock_t / (end_d - run.now_d))
    if leaves.sum() > 0.0:
        answer = run.response.ask(back, None, answer.held_share, leaves)
    _add(run, end_d, answer, leaves)


def _clear(run: _Run) -> bool:
    """All is back: what waits goes besides what comes, until nothing is left; whether that happened."""
    last_d = run.settings.duration_d + run.settings.horizon_d
    turn_rate = 1.0 / max(run.settings.lag_d, QUICKEST_CLEARING_D)
    nothing = np.zeros_like(run.stock_t)
    answer = run.response.ask(1.0, None, nothing, nothing)
    around = run.response.ask(0.0, None, None, nothing) if run.stock_t.any() else answer
    round_h = np.where(around.is_cut, np.inf, np.maximum(around.loss_h, 0.0))
    least_t = LEAST_STOCK_SHARE * float(run.response.come_t_d(1.0).sum())
    for count in range(CLEARING_LIMIT_COUNT * 4):
        run.stock_t = np.where(run.stock_t > least_t, run.stock_t, 0.0)
        if not run.stock_t.any():
            return True
        rates = _rates(run, answer)
        with np.errstate(divide="ignore"):
            goes_round = round_h < 0.5 * HOURS_PER_DAY / rates
        turns = goes_round & (turn_rate > rates)
        rates = np.where(turns, turn_rate, rates)
        moving = (run.stock_t > 0.0) & (rates > 0.0)
        if not moving.any() or run.now_d >= last_d:
            break
        end_d = min(run.now_d + 1.0 / float(rates[moving].max()), last_d)
        leaves = rates * run.stock_t
        if count < CLEARING_LIMIT_COUNT:
            loaded = run.response.ask(1.0, None, nothing, leaves)
        _add(run, end_d, loaded, leaves, leaves * np.where(turns, round_h, 0.0))
    if run.stock_t.any() and run.now_d < last_d:
        _add(run, last_d, answer, nothing)
    return not run.stock_t.any()


def _rates(run: _Run, answer: Answer) -> FloatArray:
    """Share of what waits of each trip that goes a day, (n_trip,): the least over its struck facilities."""
    use = run.response.use_share
    need_t = run.stock_t @ use
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(need_t > 0.0, answer.room_t_d / need_t, np.inf)
    by_trip = np.where(use > 0.0, share[None, :], np.inf).min(axis=1, initial=np.inf)
    return np.asarray(np.minimum(by_trip, 1.0 / QUICKEST_CLEARING_D))


def _add(
    run: _Run, end_d: float, answer: Answer, leaves_t_d: FloatArray, extra_t_h_d: FloatArray | None = None
) -> None:
    """A piece from now to its end."""
    back = run.settings.back_share(run.now_d)
    came = run.response.come_t_d(back)
    joins = came * answer.held_share
    gone = came - joins + leaves_t_d
    length = end_d - run.now_d
    left = np.maximum(run.stock_t + length * (joins - leaves_t_d), 0.0)
    extra = np.zeros_like(left) if extra_t_h_d is None else extra_t_h_d
    run.pieces.append(Piece(run.now_d, end_d, back, came, gone, run.stock_t, left, answer, extra))
    run.now_d, run.stock_t = end_d, left
