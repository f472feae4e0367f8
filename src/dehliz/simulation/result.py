"""``Simulation``: the answer of many replications, its status first, and its tables.

Made by ``simulation/simulate.py``; read by ``compare.py``, the command line, the store and the figures.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dehliz.simulation.bottleneck import Overload, find_backlogs, find_overloads
from dehliz.simulation.gather import Gathered
from dehliz.simulation.log import EventLog
from dehliz.simulation.observe_outline import Outline
from dehliz.simulation.observe_times import COUNT, LEAST_CONSIGNMENT_COUNT
from dehliz.simulation.observe_use import CAME, STANDING, Window
from dehliz.simulation.plan import Plan
from dehliz.simulation.result_events import make_events, make_sailings
from dehliz.simulation.result_times import (
    find_few,
    make_causes,
    make_on_time,
    make_throughput,
    make_times,
    tell_date,
)
from dehliz.simulation.result_use import make_bottlenecks, make_resource_use, make_ships
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.stock import make_safety_stock
from dehliz.simulation.system import Draws
from dehliz.simulation.warmup import WarmUp

KEEPS_UP = "ok"
OVERLOADED = "overloaded"
TOO_FEW = "too_few"
TOLD_BACKLOG_COUNT = 3


@dataclass(frozen=True, slots=True)
class Simulation:
    """What many replications of a plan say.

    Attributes
    ----------
    outline : Outline
        The plan and its groups.
    settings : SimulationSettings
        How it was simulated.
    window : Window
        What is observed.
    warm_up : WarmUp
        What is left out at the beginning, and how that was found.
    gathered : Gathered
        Statistics by replication.
    draws, log : Draws, EventLog
        Of replication 0.
    readings : tuple
        What ``read_log`` made of each replication; None where it was not given.
    """

    outline: Outline
    settings: SimulationSettings
    window: Window
    warm_up: WarmUp
    gathered: Gathered
    draws: Draws
    log: EventLog
    readings: tuple[object, ...]

    @property
    def plan(self) -> Plan:
        """What was run."""
        return self.outline.plan

    @property
    def overloads(self) -> tuple[Overload, ...]:
        """Resources that cannot keep up, longest queue first."""
        weekly = self.gathered.weekly
        return find_overloads(weekly[STANDING], weekly[CAME], self.plan.horizon_h)

    @property
    def status(self) -> str:
        """``ok``, ``overloaded`` when a queue grows until the horizon, or ``too_few`` consignments to say."""
        if self.overloads:
            return OVERLOADED
        return TOO_FEW if self._has_few else KEEPS_UP

    @property
    def _has_few(self) -> bool:
        """Whether there is cargo, and too few consignments of it are observed."""
        groups, few = self.outline.groups, find_few(self.outline, self.gathered)
        return bool((self.outline.flow_t > 0.0).any()) and any(
            is_few for group, is_few in zip(groups, few.tolist(), strict=True) if group.scope == "all"
        )

    @property
    def _all_count(self) -> float:
        """Observed consignments of all cargo, mean over replications."""
        at = [group.scope for group in self.outline.groups].index("all")
        return float(self.gathered.times[:, at, COUNT].mean())

    @property
    def reason(self) -> str:
        """Which resource cannot keep up, and since when, how few consignments there are, or what waits at the end."""
        overloads = self.overloads
        if not overloads:
            return (
                f"{self._all_count:,.1f} consignments a replication are observed, and at least "
                f"{LEAST_CONSIGNMENT_COUNT} are needed"
                if self._has_few
                else self._tell_backlogs()
            )
        first = overloads[0]
        since = tell_date(self.plan, [first.since_h])[0]
        load = (
            "nobody is served"
            if np.isinf(first.load_factor)
            else f"load over capacity {first.load_factor:.2f}"
        )
        more = len(overloads) - 1
        others = f", and so do {more} more" if more > 1 else ", and so does 1 more" if more else ""
        name = self.plan.resource_names[first.resource]
        return f"{name} cannot keep up since {since}: {load}, {first.waiting_count:,.0f} wait at the horizon{others}"

    def _tell_backlogs(self) -> str:
        """The longest backlogs at the horizon; empty when there is none."""
        weekly = self.gathered.weekly
        backlogs = find_backlogs(weekly[STANDING], weekly[CAME], self.plan.horizon_h, ())
        if not backlogs:
            return ""
        told = "; ".join(
            f"{self.plan.resource_names[one.resource]}, {one.waiting_count:,.0f} after {one.before_count:,.0f} a "
            f"quarter earlier"
            for one in backlogs[:TOLD_BACKLOG_COUNT]
        )
        more = len(backlogs) - TOLD_BACKLOG_COUNT
        return (
            f"At the end of the horizon a backlog waits: {told}{f'; and at {more} more' if more > 0 else ''}."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed in the plan, and what the statistics cannot tell."""
        return (*self.plan.notes, *self._own_notes())

    def _own_notes(self) -> list[str]:
        notes = []
        if not self.warm_up.is_found:
            notes.append(
                "MSER-5 finds no end of the warm-up within the first quarter of the horizon, so "
                f"{self.warm_up.end_h:g} h are left out: times still rise then, or have a season."
            )
        few = self._name_few()
        if few:
            notes.append(
                f"Fewer than {LEAST_CONSIGNMENT_COUNT} consignments a replication are too few to say anything of: "
                f"{', '.join(few)}."
            )
        left = float(self.gathered.under_way.mean())
        if left > 0.0:
            notes.append(
                f"{left:,.1f} consignments a replication are still under way at the end of the run; means are lower "
                "bounds where they count, and quantiles that they could change are left empty."
            )
        return notes

    def _name_few(self) -> list[str]:
        """All cargo and corridors of which too few are observed, with their numbers."""
        found = []
        counts = self.gathered.times[:, :, COUNT].mean(axis=0)
        few = find_few(self.outline, self.gathered)
        for group, count, is_few in zip(self.outline.groups, counts.tolist(), few.tolist(), strict=True):
            if is_few and count > 0.0 and group.scope in ("all", "corridor"):
                found.append(f"{group.corridor_id or 'all cargo'} ({count:,.1f})")
        return found

    def tables(self) -> dict[str, pd.DataFrame]:
        """All result tables but the event log, by their names in the dictionary."""
        level = self.settings.confidence_share
        outline, gathered, window = self.outline, self.gathered, self.window
        tables = {
            "simulated_time": make_times(outline, gathered, level),
            "simulated_cause": make_causes(outline, gathered, level),
            "simulated_bottleneck": make_bottlenecks(outline, gathered, window, self.overloads, level),
            "ship_use": make_ships(outline, gathered, window, level),
            "resource_use": make_resource_use(outline, gathered, self.plan.horizon_h),
            "throughput": make_throughput(outline, gathered),
            "safety_stock": make_safety_stock(
                outline, gathered, self.settings.service_share, self.settings.holding_share
            ),
        }
        if self.settings.promise_h is not None:
            tables["on_time"] = make_on_time(outline, gathered, level, self.settings.promise_h)
        return tables

    def events(self, consignment: int | None = None) -> pd.DataFrame:
        """Table ``event`` of replication 0: the flat log, or the part of one consignment."""
        return make_events(self.plan, self.draws, self.log, consignment)

    def sailings(self) -> pd.DataFrame:
        """Table ``sailing`` of replication 0."""
        return make_sailings(self.plan, self.log)
