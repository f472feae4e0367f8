"""Collects resources and stages of a plan while it is made, and turns them into arrays.

Used by the other ``plan_*.py`` files. A resource is known by its name: who asks twice gets the same one.
"""

from dataclasses import dataclass, field

import numpy as np

from dehliz.simulation.closures import Spans, join_spans
from dehliz.simulation.plan import Activity, Chances
from dehliz.simulation.plan_chances import CERTAIN, Chance
from dehliz.simulation.system import ResourceKind


@dataclass(frozen=True, slots=True)
class Shut:
    """Weather of a place: share of each month that is closed and mean spell [h], by month 1 to 12."""

    key: str
    months: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class Closures:
    """When a resource is shut: by weather, and by what is known beforehand."""

    weather: tuple[Shut, ...] = ()
    fixed: tuple[tuple[float, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.weather or self.fixed)

    def __add__(self, other: "Closures") -> "Closures":
        """Both, each place once."""
        weather = {one.key: one for one in (*self.weather, *other.weather)}
        return Closures(tuple(weather.values()), tuple(join_spans([*self.fixed, *other.fixed])))


OPEN = Closures()


@dataclass(frozen=True, slots=True)
class _Resource:
    name: str
    title: str
    kind: ResourceKind
    server_count: int
    chance: Chance
    closures: Closures
    partner: int
    line: int
    side: int


@dataclass(slots=True)
class Parts:
    """Resources so far, in order of their making."""

    rows: list[_Resource] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        name: str,
        title: str,
        kind: ResourceKind,
        *,
        server_count: int = 0,
        chance: Chance = CERTAIN,
        closures: Closures = OPEN,
        partner: int = -1,
        line: int = -1,
        side: int = -1,
    ) -> int:
        """Position of the resource of this name, made on first asking."""
        at = self.place.get(name)
        if at is None:
            at = self.place[name] = len(self.rows)
            self.rows.append(
                _Resource(name, title, kind, server_count, chance, closures, partner, line, side)
            )
        return at

    def column(self, name: str, dtype: type) -> np.ndarray:
        """A field of all resources as an array."""
        return np.array([getattr(row, name) for row in self.rows], dtype=dtype)

    def closures_of(self, resource: int) -> Closures:
        """When a resource is shut."""
        return self.rows[resource].closures


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one route.

    Attributes
    ----------
    resource : int
        Where.
    activity : Activity
        What it is.
    place : int
        Node.
    arc : int
        First arc that it stands for; -1 for none.
    step : int
        Position of that arc in the route.
    time_h, load_share, length_km, cost_usd : float
        Mean time; part of a ship that it takes; way; money of one consignment.
    """

    resource: int
    activity: Activity
    place: int
    arc: int
    step: int
    time_h: float = 0.0
    load_share: float = 0.0
    length_km: float = 0.0
    cost_usd: float = 0.0

    def at(self, step: int) -> "Stage":
        """The same at another position of a route."""
        ends = (self.resource, self.activity, self.place, self.arc, step)
        return Stage(*ends, self.time_h, self.load_share, self.length_km, self.cost_usd)


def make_chances(parts: Parts, turns: list[Chance]) -> Chances:
    """Streams of all resources, then of the turns of all lines."""
    streams = [*(row.chance for row in parts.rows), *turns]
    weather = [
        (one.key, *month) for row in parts.rows for one in row.closures.weather for month in one.months
    ]
    fixed: Spans = [span for row in parts.rows for span in row.closures.fixed]
    shut_count = [sum(len(one.months) for one in row.closures.weather) for row in parts.rows]
    return Chances(
        family=np.array([one.family for one in streams], dtype=np.int8),
        spread_factor=np.array([one.spread_factor for one in streams], dtype=np.float64),
        least_factor=np.array([one.least_factor for one in streams], dtype=np.float64),
        shut_first=np.cumsum([0, *shut_count]).astype(np.int32),
        shut_month=np.array([row[1] for row in weather], dtype=np.int8),
        shut_share=np.array([row[2] for row in weather], dtype=np.float64),
        shut_spell_h=np.array([row[3] for row in weather], dtype=np.float64),
        shut_key=tuple(row[0] for row in weather),
        fixed_first=np.cumsum([0, *(len(row.closures.fixed) for row in parts.rows)]).astype(np.int32),
        fixed_start_h=np.array([span[0] for span in fixed], dtype=np.float64),
        fixed_end_h=np.array([span[1] for span in fixed], dtype=np.float64),
    )
