"""Small systems for the tests of the discrete-event engine, put together row by row."""

from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from dehliz.simulation.system import Departs, Draws, Lines, ResourceKind, System

Factors = dict[int, Any]


@dataclass
class Model:
    """Rows of a ``System`` as they are added; ``system`` makes the arrays."""

    resources: list[dict[str, int]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    stages: list[dict[str, Any]] = field(default_factory=list)
    flows: list[tuple[int, int, int]] = field(default_factory=list)

    def resource(self, kind: ResourceKind, count: int = 0, **more: int) -> int:
        """A resource; its number."""
        self.resources.append({"kind": kind, "count": count, "partner": -1, "line": -1, "side": -1, **more})
        return len(self.resources) - 1

    def line(self, **more: Any) -> tuple[int, int]:
        """A line; the numbers of its two BOARD resources."""
        line = len(self.rows)
        sides = tuple(self.resource(ResourceKind.BOARD, line=line, side=side) for side in (0, 1))
        row: dict[str, Any] = {
            "departs": Departs.FILLS,
            "capacity": 1.0,
            "longest_wait_h": inf,
            "fleet_count": 0,
            "crossing_h": (0.0, 0.0),
            "turn_h": 0.0,
            "berth": (-1, -1),
            "cut_off_h": 0.0,
            "departure_h": ((), ()),
            "resource": sides,
        }
        assert set(more) <= set(row)
        self.rows.append(row | more)
        return sides[0], sides[1]

    def flow(self, *stages: tuple[int, float], priority: int = 0, load: float = 1.0) -> int:
        """A flow through ``(resource, mean time)`` in turn; its number."""
        first = len(self.stages)
        for resource, time_h in stages:
            is_board = self.resources[resource]["kind"] == ResourceKind.BOARD
            self.stages.append(
                {"resource": resource, "time": time_h, "load": load if is_board else 0.0, "detour": -1}
            )
            self.stages[-1]["next"] = len(self.stages)
        self.stages[-1]["next"] = -1
        self.flows.append((first, len(stages), priority))
        return len(self.flows) - 1

    def system(self) -> System:
        """The arrays."""

        def column(rows: list[dict[str, Any]], name: str, kind: Any) -> Any:
            return np.array([row[name] for row in rows], dtype=kind)

        def pairs(name: str, kind: Any) -> Any:
            return column(self.rows, name, kind).reshape(len(self.rows), 2)

        tables = [table for row in self.rows for table in row["departure_h"]]
        lines = Lines(
            line_ids=tuple(f"line_{at}" for at in range(len(self.rows))),
            resource=pairs("resource", np.int32),
            departs=column(self.rows, "departs", np.int8),
            capacity=column(self.rows, "capacity", np.float64),
            longest_wait_h=column(self.rows, "longest_wait_h", np.float64),
            fleet_count=column(self.rows, "fleet_count", np.int32),
            crossing_h=pairs("crossing_h", np.float64),
            turn_h=column(self.rows, "turn_h", np.float64),
            berth=pairs("berth", np.int32),
            cut_off_h=column(self.rows, "cut_off_h", np.float64),
            first_departure=np.cumsum([0, *(len(table) for table in tables)]).astype(np.int32),
            departure_h=np.array([time_h for table in tables for time_h in table], dtype=np.float64),
        )
        flows = np.array(self.flows, dtype=np.int64).reshape(-1, 3)
        return System(
            resource_ids=tuple(f"resource_{at}" for at in range(len(self.resources))),
            kind=column(self.resources, "kind", np.int8),
            server_count=column(self.resources, "count", np.int32),
            partner=column(self.resources, "partner", np.int32),
            line=column(self.resources, "line", np.int32),
            side=column(self.resources, "side", np.int8),
            lines=lines,
            stage_resource=column(self.stages, "resource", np.int32),
            stage_time_h=column(self.stages, "time", np.float64),
            stage_load=column(self.stages, "load", np.float64),
            stage_next=column(self.stages, "next", np.int32),
            stage_detour=column(self.stages, "detour", np.int32),
            entry_stage=flows[:, 0].astype(np.int32),
            longest_count=flows[:, 1].astype(np.int32),
            priority=flows[:, 2].astype(np.int8),
        )


def make_draws(
    system: System,
    release_h: Any,
    *,
    flow: Any = None,
    factors: Factors | None = None,
    closures: dict[int, list[tuple[float, float]]] | None = None,
    end_h: float = inf,
) -> Draws:
    """Draws of given releases, factors by stream and closures by resource."""
    factors, closures = factors or {}, closures or {}
    drawn = [np.asarray(factors.get(stream, ()), dtype=np.float64) for stream in range(system.n_stream)]
    spells = [closures.get(resource, []) for resource in range(system.n_resource)]
    rows = np.array([spell for part in spells for spell in part], dtype=np.float64).reshape(-1, 2)
    release_h = np.asarray(release_h, dtype=np.float64)
    return Draws(
        flow=np.zeros(len(release_h), np.int32) if flow is None else np.asarray(flow, np.int32),
        release_h=release_h,
        first_draw=np.cumsum([0, *(len(part) for part in drawn)]).astype(np.int64),
        factor=np.concatenate(drawn),
        first_closure=np.cumsum([0, *(len(part) for part in spells)]).astype(np.int32),
        closure_start_h=rows[:, 0].copy(),
        closure_end_h=rows[:, 1].copy(),
        end_h=end_h,
    )
