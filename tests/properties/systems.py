"""Small systems for tests: put together by hand with ``Yard``, or drawn at random with ``random_cases``."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from dehliz.simulation.system import Departs, Draws, Lines, ResourceKind, System

INF = float("inf")


@dataclass
class Line:
    """A line of ships between two BOARD resources."""

    name: str
    resources: tuple[int, int]
    departs: Departs = Departs.FILLS
    capacity: float = 1.0
    longest_wait_h: float = INF
    fleet_count: int = 0
    crossing_h: tuple[float, float] = (1.0, 1.0)
    turn_h: float = 0.0
    berths: tuple[int, int] = (-1, -1)
    cut_off_h: float = 0.0
    clock_h: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    turn_draws: list[float] = field(default_factory=list)


@dataclass
class Yard:
    """Builds a system step by step; methods give the numbers that later steps refer to."""

    names: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    servers: list[int] = field(default_factory=list)
    partners: list[int] = field(default_factory=list)
    draws: list[list[float]] = field(default_factory=list)
    closures: list[list[tuple[float, float]]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    stages: list[tuple[int, float, float, int, int]] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    longest: list[int] = field(default_factory=list)
    priorities: list[int] = field(default_factory=list)

    def resource(
        self,
        kind: ResourceKind,
        server_count: int = 0,
        *,
        partner: int = -1,
        draws: list[float] | None = None,
        closures: list[tuple[float, float]] | None = None,
    ) -> int:
        """Add a resource."""
        self.names.append(f"{kind.name.lower()}_{len(self.names)}")
        self.kinds.append(int(kind))
        self.servers.append(server_count)
        self.partners.append(partner)
        self.draws.append(draws or [])
        self.closures.append(closures or [])
        return len(self.names) - 1

    def serve(
        self,
        server_count: int = 1,
        *,
        draws: list[float] | None = None,
        closures: list[tuple[float, float]] | None = None,
    ) -> int:
        """Add servers."""
        return self.resource(ResourceKind.SERVE, server_count, draws=draws, closures=closures)

    def delay(
        self, *, draws: list[float] | None = None, closures: list[tuple[float, float]] | None = None
    ) -> int:
        """Add a delay."""
        return self.resource(ResourceKind.DELAY, draws=draws, closures=closures)

    def line(
        self,
        *,
        closures: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], []),
        draws: tuple[list[float], list[float]] = ([], []),
        **how: object,
    ) -> tuple[int, int]:
        """Add a line and the BOARD resources of its sides 0 and 1."""
        sides = tuple(
            self.resource(ResourceKind.BOARD, draws=draws[side], closures=closures[side]) for side in (0, 1)
        )
        self.lines.append(Line(f"line_{len(self.lines)}", (sides[0], sides[1]), **how))  # type: ignore[arg-type]
        return sides[0], sides[1]

    def flow(
        self,
        *stages: tuple[float, ...],
        priority: int = 0,
    ) -> int:
        """Add a flow through (resource, hours, load, detour stage); returns its number."""
        first = len(self.stages)
        for place, given in enumerate(stages):
            full: list[float] = [*given, *[0.0, -1.0][len(given) - 2 :]]
            following = first + place + 1 if place + 1 < len(stages) else -1
            self.stages.append((int(full[0]), float(full[1]), float(full[2]), following, int(full[3])))
        self.entries.append(first)
        self.longest.append(len(stages))
        self.priorities.append(priority)
        return len(self.entries) - 1

    def system(self) -> System:
        """The system."""
        line, side = np.full(len(self.names), -1, np.int32), np.full(len(self.names), -1, np.int8)
        for number, one in enumerate(self.lines):
            for at in (0, 1):
                line[one.resources[at]], side[one.resources[at]] = number, at
        columns = list(zip(*self.stages, strict=True)) if self.stages else [()] * 5
        return System(
            resource_ids=tuple(self.names),
            kind=np.array(self.kinds, np.int8),
            server_count=np.array(self.servers, np.int32),
            partner=np.array(self.partners, np.int32),
            line=line,
            side=side,
            lines=self._lines(),
            stage_resource=np.array(columns[0], np.int32),
            stage_time_h=np.array(columns[1], float),
            stage_load=np.array(columns[2], float),
            stage_next=np.array(columns[3], np.int32),
            stage_detour=np.array(columns[4], np.int32),
            entry_stage=np.array(self.entries, np.int32),
            longest_count=np.array(self.longest, np.int32),
            priority=np.array(self.priorities, np.int8),
        )

    def _lines(self) -> Lines:
        lines = self.lines
        clocks = [clock for one in lines for clock in one.clock_h]
        return Lines(
            line_ids=tuple(one.name for one in lines),
            resource=np.array([one.resources for one in lines], np.int32).reshape(-1, 2),
            departs=np.array([one.departs for one in lines], np.int8),
            capacity=np.array([one.capacity for one in lines], float),
            longest_wait_h=np.array([one.longest_wait_h for one in lines], float),
            fleet_count=np.array([one.fleet_count for one in lines], np.int32),
            crossing_h=np.array([one.crossing_h for one in lines], float).reshape(-1, 2),
            turn_h=np.array([one.turn_h for one in lines], float),
            berth=np.array([one.berths for one in lines], np.int32).reshape(-1, 2),
            cut_off_h=np.array([one.cut_off_h for one in lines], float),
            first_departure=np.cumsum([0, *(len(clock) for clock in clocks)]).astype(np.int32),
            departure_h=np.array([moment for clock in clocks for moment in clock], float),
        )

    def release(self, *who: tuple[int, float], end_h: float = 1000.0) -> Draws:
        """Draws with consignments (flow, hour), which must be in order of time."""
        draws = [*self.draws, *(one.turn_draws for one in self.lines)]
        spells = [spell for some in self.closures for spell in some]
        return Draws(
            flow=np.array([flow for flow, _ in who], np.int32),
            release_h=np.array([moment for _, moment in who], float),
            first_draw=np.cumsum([0, *(len(some) for some in draws)]).astype(np.int64),
            factor=np.array([one for some in draws for one in some], float),
            first_closure=np.cumsum([0, *(len(some) for some in self.closures)]).astype(np.int32),
            closure_start_h=np.array([spell[0] for spell in spells], float),
            closure_end_h=np.array([spell[1] for spell in spells], float),
            end_h=end_h,
        )


@dataclass(frozen=True)
class Case:
    """A system with its draws."""

    system: System
    draws: Draws
    can_replan: bool
    patience_h: float


Piece = list[tuple[int, float]]
"""Resources with mean hours that a flow passes one after the other; below 0 stands side 0 of a line."""


@dataclass
class Dice:
    """Draws numbers of a random system."""

    rng: np.random.Generator
    has_ties: bool

    def hours(self, mean_h: float) -> float:
        """Some hours, at least one thousandth; whole ones for ties."""
        if self.has_ties:
            return float(self.rng.integers(1, int(2 * mean_h) + 2))
        return float(self.rng.gamma(2.0, mean_h / 2.0)) + 1e-3

    def factors(self) -> list[float]:
        """No draws, or a few."""
        if self.rng.random() < 0.3:
            return []
        count = int(self.rng.integers(1, 12))
        return [1.0] * count if self.has_ties else self.rng.gamma(4.0, 0.25, count).tolist()

    def closures(self) -> list[tuple[float, float]]:
        """No closures, or a few, some of which begin as the one before ends."""
        if self.rng.random() < 0.5:
            return []
        moment, spells = 0.0, []
        for _ in range(int(self.rng.integers(1, 8))):
            start = moment + (0.0 if self.rng.random() < 0.2 else self.hours(12.0))
            moment = start + self.hours(12.0)
            spells.append((start, moment))
        return spells

    def clock(self) -> list[float]:
        """Departures of one side."""
        return list(np.cumsum([self.hours(8.0) for _ in range(int(self.rng.integers(0, 25)))]).tolist())


def random_case(
    seed: int,
    *,
    has_lines: bool = True,
    has_fleets: bool = True,
    has_pools: bool = True,
    has_detours: bool = True,
    has_priorities: bool = True,
    has_ties: bool = False,
    most_consignments: int = 60,
) -> Case:
    """A system of every kind of resource, whose flows go through them in ascending order.

    With ``has_ties`` all times are whole hours, so that many things happen at the same moment.
    """
    dice = Dice(np.random.default_rng(seed), has_ties)
    rng, yard = dice.rng, Yard()
    berths = [
        yard.serve(int(rng.integers(1, 3)), closures=dice.closures()) for _ in range(2 if has_fleets else 0)
    ]
    pieces: list[Piece] = []
    for _ in range(int(rng.integers(1, 7))):
        kind = rng.choice(["delay", "serve", "line", "pool"], p=[0.25, 0.35, 0.3, 0.1])
        if kind == "line" and has_lines:
            pieces.append([(_random_line(dice, yard, berths), -1.0)])
        elif kind == "pool" and has_pools:
            take = yard.resource(ResourceKind.TAKE, int(rng.integers(1, 4)), closures=dice.closures())
            inner = yard.delay(draws=dice.factors(), closures=dice.closures())
            give = yard.resource(ResourceKind.GIVE, partner=take, draws=dice.factors())
            pieces.append([(take, 0.0), (inner, 3.0), (give, 2.0)])
        elif kind == "serve":
            count = int(rng.integers(1, 4))
            pieces.append([(yard.serve(count, draws=dice.factors(), closures=dice.closures()), 2.0)])
        else:
            pieces.append([(yard.delay(draws=dice.factors(), closures=dice.closures()), 4.0)])
    for _ in range(int(rng.integers(1, 5))):
        _random_flow(dice, yard, pieces, has_detours, int(rng.integers(0, 3)) if has_priorities else 0)
    count = int(rng.integers(1, most_consignments + 1))
    moments = np.cumsum([dice.hours(1.0) if rng.random() < 0.8 else 0.0 for _ in range(count)])
    flows = rng.integers(0, len(yard.entries), count)
    end_h = float(moments[-1] + dice.hours(40.0) * rng.integers(0, 4))
    draws = yard.release(*zip(flows.tolist(), moments.tolist(), strict=True), end_h=end_h)
    return Case(yard.system(), draws, has_detours and bool(rng.random() < 0.7), dice.hours(4.0))


def _random_line(dice: Dice, yard: Yard, berths: list[int]) -> int:
    """Add a line, with ships where there are berths; returns its side 0."""
    rng = dice.rng
    has_berth = bool(berths) and bool(rng.random() < 0.6)
    sides = yard.line(
        closures=(dice.closures(), dice.closures()),
        draws=(dice.factors(), dice.factors()),
        departs=Departs.CLOCK if rng.random() < 0.3 else Departs.FILLS,
        capacity=float(rng.integers(2, 6)),
        longest_wait_h=INF if rng.random() < 0.2 else dice.hours(10.0),
        fleet_count=int(rng.integers(0, 4)) if berths else 0,
        crossing_h=(dice.hours(9.0), dice.hours(9.0)),
        turn_h=dice.hours(2.0) if rng.random() < 0.7 else 0.0,
        berths=(int(rng.choice(berths)), int(rng.choice(berths))) if has_berth else (-1, -1),
        cut_off_h=float(rng.integers(0, 4)),
        clock_h=(dice.clock(), dice.clock()),
        turn_draws=dice.factors(),
    )
    return sides[0]


def _random_flow(dice: Dice, yard: Yard, pieces: list[Piece], has_detours: bool, priority: int) -> None:
    """Add a flow through most pieces, with ways round single stages to the stage after them."""
    rng = dice.rng
    chain: list[tuple[int, float, float, int]] = []
    lone: list[int] = []
    for piece in pieces:
        if rng.random() < 0.2:
            continue
        if len(piece) == 1 and has_detours and rng.random() < 0.6:
            lone.append(len(chain))
        for resource, mean_h in piece:
            if mean_h < 0.0:
                load = float(rng.choice([0.5, 0.75, 1.0, 1.9]))
                chain.append((resource + int(rng.integers(0, 2)), 0.0, load, -1))
            else:
                chain.append((resource, dice.hours(mean_h) if mean_h > 0.0 else 0.0, 0.0, -1))
    if not chain:
        chain = [(yard.delay(), dice.hours(3.0), 0.0, -1)]
    first = len(yard.stages)
    for place in lone:
        if place + 1 < len(chain):
            chain[place] = (*chain[place][:3], first + place + 1)
    yard.flow(*chain, priority=priority)


def random_cases(**how: bool | int) -> st.SearchStrategy[Case]:
    """Random systems as a strategy; see ``random_case`` for what can be left out."""
    return st.integers(0, 2**32 - 1).map(lambda seed: random_case(seed, **how))  # type: ignore[arg-type]
