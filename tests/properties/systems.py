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
        *stages: tuple[int, float] | tuple[int, float, float] | tuple[int, float, float, int],
        priority: int = 0,
    ) -> int:
        """Add a flow through (resource, hours, load, detour stage); returns its number."""
        first = len(self.stages)
        for place, given in enumerate(stages):
            resource, time_h, load, detour = (*given, *(0.0, -1)[len(given) - 2 :])
            following = first + place + 1 if place + 1 < len(stages) else -1
            self.stages.append((int(resource), float(time_h), float(load), following, int(detour)))
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
    rng = np.random.default_rng(seed)

    def hours(mean: float) -> float:
        return float(rng.integers(1, 2 * mean + 2)) if has_ties else float(rng.gamma(2.0, mean / 2.0)) + 1e-3

    def factors() -> list[float]:
        if rng.random() < 0.3:
            return []
        count = int(rng.integers(1, 12))
        return [1.0] * count if has_ties else rng.gamma(4.0, 0.25, count).tolist()

    def closures() -> list[tuple[float, float]]:
        if rng.random() < 0.5:
            return []
        edges = np.cumsum([hours(12.0) for _ in range(2 * int(rng.integers(1, 8)))])
        return [(float(edges[at]), float(edges[at + 1])) for at in range(0, len(edges), 2)]

    yard = Yard()
    berths = [yard.serve(int(rng.integers(1, 3)), closures=closures()) for _ in range(2 if has_fleets else 0)]
    middle: list[list[tuple[int, float]]] = []  # pieces of a chain, each a list of (resource, hours)
    for _ in range(int(rng.integers(1, 7))):
        kind = rng.choice(["delay", "serve", "line", "pool"], p=[0.25, 0.35, 0.3, 0.1])
        if kind == "line" and has_lines:
            piece = [(_random_line(rng, yard, berths, hours, factors, closures, has_fleets), -1.0)]
        elif kind == "pool" and has_pools:
            take = yard.resource(ResourceKind.TAKE, int(rng.integers(1, 4)), closures=closures())
            inner = yard.delay(draws=factors(), closures=closures())
            give = yard.resource(ResourceKind.GIVE, partner=take, draws=factors())
            piece = [(take, 0.0), (inner, 3.0), (give, 2.0)]
        elif kind == "serve":
            piece = [(yard.serve(int(rng.integers(1, 4)), draws=factors(), closures=closures()), 2.0)]
        else:
            piece = [(yard.delay(draws=factors(), closures=closures()), 4.0)]
        middle.append(piece)
    _random_flows(rng, yard, middle, hours, has_detours, has_priorities)
    return _release(rng, yard, hours, has_detours, most_consignments)


def _random_line(rng, yard, berths, hours, factors, closures, has_fleets):  # type: ignore[no-untyped-def]
    departs = Departs.CLOCK if rng.random() < 0.3 else Departs.FILLS
    clock = tuple(np.cumsum([hours(8.0) for _ in range(int(rng.integers(0, 25)))]).tolist() for _ in (0, 1))
    fleet = int(rng.integers(0, 4)) if has_fleets else 0
    has_berth = has_fleets and rng.random() < 0.6
    sides = yard.line(
        closures=(closures(), closures()),
        draws=(factors(), factors()),
        departs=departs,
        capacity=float(rng.integers(2, 6)),
        longest_wait_h=INF if rng.random() < 0.2 else hours(10.0),
        fleet_count=fleet,
        crossing_h=(hours(9.0), hours(9.0)),
        turn_h=hours(2.0) if rng.random() < 0.7 else 0.0,
        berths=(int(rng.choice(berths)), int(rng.choice(berths))) if has_berth else (-1, -1),
        cut_off_h=float(rng.integers(0, 4)),
        clock_h=clock,
        turn_draws=factors(),
    )
    return sides[0]


def _random_flows(rng, yard, middle, hours, has_detours, has_priorities):  # type: ignore[no-untyped-def]
    for _ in range(int(rng.integers(1, 5))):
        chain: list[tuple[int, float, float, int]] = []
        detours: list[tuple[int, int]] = []
        for piece in middle:
            if rng.random() < 0.2:
                continue
            start = len(chain)
            for resource, mean_h in piece:
                place, load, time_h = resource, 0.0, 0.0
                if mean_h < 0.0:
                    place += int(rng.integers(0, 2))
                    load = float(rng.choice([0.5, 0.75, 1.0, 1.9]))
                elif mean_h > 0.0:
                    time_h = hours(mean_h)
                chain.append((place, time_h, load, -1))
            if len(piece) == 1 and has_detours and rng.random() < 0.6:
                detours.append((start, start + 1))
        if not chain:
            chain = [(yard.delay(), hours(3.0), 0.0, -1)]
        first = len(yard.stages)
        for place, to in detours:  # round a stage that is shut, to the one after it
            if to < len(chain):
                chain[place] = (*chain[place][:3], first + to)
        yard.flow(*chain, priority=int(rng.integers(0, 3)) if has_priorities else 0)


def _release(rng, yard, hours, has_detours, most_consignments):  # type: ignore[no-untyped-def]
    count = int(rng.integers(1, most_consignments + 1))
    moments = np.cumsum([hours(1.0) if rng.random() < 0.8 else 0.0 for _ in range(count)])
    flows = rng.integers(0, len(yard.entries), count)
    end_h = float(moments[-1] + hours(40.0) * rng.integers(0, 4))
    draws = yard.release(*zip(flows.tolist(), moments.tolist(), strict=True), end_h=end_h)
    return Case(yard.system(), draws, has_detours and bool(rng.random() < 0.7), hours(4.0))


def random_cases(**how: bool | int) -> st.SearchStrategy[Case]:
    """Random systems as a strategy; see ``random_case`` for what can be left out."""
    return st.integers(0, 2**32 - 1).map(lambda seed: random_case(seed, **how))  # type: ignore[arg-type]
