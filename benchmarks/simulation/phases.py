"""``python -m benchmarks.simulation.phases [--replications 5] [--rounds 8] [--threads 1]``: CPU seconds of Eurasia.

CPU seconds of each phase of ``dehliz simulate --year 2024``, of which replications are ``draw``, ``run`` and
``observe``; a digest of all tables, so that a change of speed alone can be told from a change of answers.
"""

import argparse
import functools
import hashlib
import importlib
import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import peak_mb

WATCHED = (
    ("dehliz.study.operations", "prepare_year", "read network"),
    ("dehliz.study.operations", "prepare", "planner"),
    ("dehliz.study.operations", "find_probes", "probes"),
    ("dehliz.study.operations", "plan_loaded", "plan"),
    ("dehliz.study.operations", "draw_replication", "round: draw"),
    ("dehliz.study.operations", "run_events", "round: run"),
    ("dehliz.study.operations", "measure_arcs", "round: measure"),
    ("dehliz.study.feedback", "find_corridor_sets", "corridor sets"),
    ("dehliz.study.feedback", "choose_corridors", "round: choose"),
    ("dehliz.study.feedback", "share_corridors", "round: shares"),
    ("dehliz.simulation.simulate", "make_outline", "outline"),
    ("dehliz.simulation.simulate", "_find_window", "warm-up"),
    ("dehliz.simulation.simulate", "draw_replication", "draw"),
    ("dehliz.simulation.simulate", "run_events", "run"),
    ("dehliz.simulation.simulate", "observe_replication", "observe"),
    ("dehliz.study.beside", "check_simulated_times", "published times"),
    ("dehliz.study.beside", "make_journeys", "journeys"),
    ("dehliz.study.beside", "measure_indicators", "indicators"),
    ("dehliz.study.picture", "picture", "picture"),
)
"""Module in which a function is looked up, its name, and the phase; told with one thread only."""


class Watch:
    """CPU seconds by phase; what one phase calls of another is taken out."""

    def __init__(self) -> None:
        self.own_s: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._inner_s = [0.0]

    def wrap(self, phase: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, timed by the clock of its thread."""

        @functools.wraps(call)
        def timed(*args: Any, **kwargs: Any) -> Any:
            begin_s = time.thread_time()
            self._inner_s.append(0.0)
            try:
                return call(*args, **kwargs)
            finally:
                whole_s = time.thread_time() - begin_s
                self.own_s[phase] += whole_s - self._inner_s.pop()
                self._inner_s[-1] += whole_s
                self.calls[phase] += 1

        return timed


class Serial:
    """What ``simulate`` needs of a pool, without threads, so that phases can be told apart."""

    def __init__(self, _count: int) -> None:
        pass

    def __enter__(self) -> "Serial":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, call: Callable[[int], Any], numbers: Iterable[int]) -> Iterator[Any]:
        """Results in order."""
        return map(call, numbers)

    def submit(self, call: Callable[[int], Any], number: int) -> "Done":
        """Run it now."""
        return Done(call(number))


class Done:
    """A result that is there."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def result(self) -> Any:
        """The result."""
        return self._value


def digest(tables: dict[str, pd.DataFrame]) -> str:
    """SHA-256 of all tables, numbers by their bytes."""
    whole = hashlib.sha256()
    for name in sorted(tables):
        whole.update(name.encode())
        for column in tables[name]:
            values = tables[name][column].to_numpy()
            told = values.tobytes() if values.dtype.kind in "biufM" else repr(values.tolist()).encode()
            whole.update(str(column).encode() + told)
    return whole.hexdigest()


def run(year: int, replication_count: int, round_count: int, thread_count: int) -> dict[str, Any]:
    """CPU seconds of each phase of one run, and what it answers."""
    watch = Watch()
    marks = [("", time.process_time(), time.perf_counter())]

    def mark(name: str) -> None:
        marks.append((name, time.process_time(), time.perf_counter()))

    for module, name, phase in WATCHED:
        home = importlib.import_module(module)
        if thread_count == 1:
            setattr(home, name, watch.wrap(phase, getattr(home, name)))
    from dehliz.simulation.settings import SimulationSettings
    from dehliz.study import beside, operations, picture
    from dehliz.study.feedback import FeedbackSettings

    simulating = importlib.import_module("dehliz.simulation.simulate")
    if thread_count == 1:
        vars(simulating)["ThreadPoolExecutor"] = Serial
    mark("import")
    cargo = operations.prepare_operations(year, feedback=FeedbackSettings(round_count=round_count))
    mark("prepare")
    settings = SimulationSettings(replication_count=replication_count, thread_count=thread_count)
    base = simulating.simulate(cargo.plan, settings)
    mark("simulate")
    tables = base.tables()
    mark("tables")
    tables |= beside.put_beside(cargo, base)
    mark("beside")
    picture.picture(base, cargo.loaded.network, tables)
    mark("picture")
    steps = list(itertools.pairwise(marks))
    return {
        "cpu_s": {after[0]: round(after[1] - before[1], 3) for before, after in steps},
        "wall_s": {after[0]: round(after[2] - before[2], 3) for before, after in steps},
        "whole_cpu_s": round(marks[-1][1] - marks[0][1], 3),
        "whole_wall_s": round(marks[-1][2] - marks[0][2], 3),
        "phase_cpu_s": {name: round(value, 3) for name, value in watch.own_s.most_common()},
        "phase_calls": dict(watch.calls),
        "peak_mb": round(peak_mb(), 1),
        "round_count": int(cargo.rounds["round_count"].max()),
        "replication_count": replication_count,
        "thread_count": thread_count,
        "load_average": round(os.getloadavg()[0], 2),
        "consignment_count": len(base.draws.flow),
        "record_count": len(base.log.stage),
        "event_count": base.log.event_count,
        "digest": digest(tables),
        "table_digests": {name: digest({name: table})[:12] for name, table in sorted(tables.items())},
    }


def main() -> int:
    """Run, print, and keep under a name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year", type=int, default=2024)
    parser.add_argument("--replications", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--name", default="now")
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    found = run(given.year, given.replications, given.rounds, given.threads)
    print(json.dumps(found, indent=1))
    if given.results:
        stored = json.loads(given.results.read_text(encoding="utf-8")) if given.results.exists() else {}
        stored |= {"numpy": np.__version__, "python": sys.version.split()[0]}
        stored.setdefault("phases", {})[given.name] = found
        given.results.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
