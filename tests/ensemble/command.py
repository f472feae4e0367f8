"""A whole command to be killed: runs an ensemble of trials and tells each acknowledged run on standard output.

``python -m tests.ensemble.command FOLDER RUNS WORKERS PAUSE_S``. A line ``number sha256`` appears only after the run
was recorded, so that whoever reads it knows what must never be lost.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from dehliz.study.ensemble import run_ensemble
from dehliz.study.ensemble_job import Effort, Executor, OnTold, Order, Outcome, Written
from dehliz.study.ensemble_workers import LocalWorkers

SEED = 11


def make_spec(pause_s: float = 0.0) -> dict[str, object]:
    return {"kind": "trial", "seed": SEED, "study": {"pause_s": pause_s}}


class Witness:
    """An executor that tells what was acknowledged."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    @property
    def death_count(self) -> int:
        return self._executor.death_count

    def run(self, order: Order, numbers: Sequence[int], on_told: OnTold, deadline_s: float | None) -> Effort:
        def tell(outcomes: Sequence[Outcome]) -> None:
            on_told(outcomes)
            for one in outcomes:
                if isinstance(one, Written):
                    sys.stdout.write(f"{one.number} {one.sha256}\n")
            sys.stdout.flush()

        return self._executor.run(order, numbers, tell, deadline_s)


def main() -> None:
    folder, runs, workers, pause_s = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    made = run_ensemble(make_spec(pause_s), folder, runs, Witness(LocalWorkers(workers)))
    sys.stdout.write(
        json.dumps({"status": made.status, "hashes": made.hashes, "deaths": made.effort.death_count}) + "\n"
    )


if __name__ == "__main__":
    main()
