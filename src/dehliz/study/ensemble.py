"""Many runs: every one done once, whatever is killed meanwhile, and put into tables in the order of their numbers.

``run_ensemble`` owns the folder, the deadline and the record; an executor has the runs computed. Started again after
any end it goes on where it was. The files before are ``study/ensemble_store.py`` and ``study/ensemble_workers.py``.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dehliz.base.errors import StoreError
from dehliz.study.ensemble_disk import explain
from dehliz.study.ensemble_gather import gather, read_table, tell_runs
from dehliz.study.ensemble_job import Effort, Executor, Outcome, Written, write_spec
from dehliz.study.ensemble_ledger import DONE
from dehliz.study.ensemble_store import Store, open_store
from dehliz.study.ensemble_workers import LocalWorkers

if TYPE_CHECKING:
    import pandas as pd

_ROUND_LIMIT: Final = 5
"""How often damaged files are done again before the disk is given up."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ensemble is.

    Attributes
    ----------
    step : str
        ``run`` or ``gather``.
    done_count, failed_count, run_count : int
        Runs done, given up, and wanted.
    new_count : int
        Runs done in this call.
    death_count : int
        Processes lost in this call.
    elapsed_s : float
        Seconds of this call.
    """

    step: str
    done_count: int
    failed_count: int
    run_count: int
    new_count: int
    death_count: int
    elapsed_s: float


OnStep = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """What has become of an ensemble.

    Attributes
    ----------
    folder : Path
        Its folder, with ``tables`` and ``manifest.json``.
    status : str
        ``ok``, or ``incomplete`` when runs failed or the deadline came first.
    run_count, done_count : int
        Runs wanted and done.
    new_count : int
        Runs done in this call.
    runs : DataFrame
        Table ``ensemble_run``.
    hashes : dict of str to str
        SHA-256 of each table's file.
    effort : Effort
        What this call took.
    run_s, gather_s : float
        Seconds of having runs done, and of writing the tables.
    """

    folder: Path
    status: str
    run_count: int
    done_count: int
    new_count: int
    runs: "pd.DataFrame"
    hashes: dict[str, str]
    effort: Effort
    run_s: float
    gather_s: float

    @property
    def overhead_s(self) -> float:
        """Seconds of all workers, and of writing tables, beyond the jobs themselves, for each new run."""
        spent_s = (self.run_s + self.gather_s) * self.effort.worker_count - self.effort.job_s
        return spent_s / self.new_count if self.new_count else 0.0

    @property
    def efficiency_share(self) -> float:
        """Share of the workers' time that jobs had."""
        spent_s = (self.run_s + self.gather_s) * self.effort.worker_count
        return self.effort.job_s / spent_s if spent_s > 0.0 else 0.0

    def read(self, name: str, columns: Sequence[str] | None = None) -> "pd.DataFrame":
        """A table of all runs, its first column their number, verified."""
        return read_table(self.folder, name, columns)


def run_ensemble(
    spec: Mapping[str, Any],
    folder: Path | str,
    run_count: int,
    executor: Executor | None = None,
    deadline_s: float | None = None,
    on_step: OnStep | None = None,
) -> Ensemble:
    """Have every run of an ensemble done and write its tables; go on where an earlier call ended.

    Parameters
    ----------
    spec : mapping
        Specification of the job (``study/ensemble_job.py``); a folder is of one specification.
    folder : Path or str
        Folder of the ensemble.
    run_count : int
        Number of runs, 0 to ``run_count - 1``; may be larger than in an earlier call.
    executor : Executor, optional
        Who has them computed; two processes of this machine when left out.
    deadline_s : float, optional
        Seconds after which no more is computed; tables are then written of what is done.
    on_step : callable, optional
        Told how far it is.

    Raises
    ------
    StoreError
        When the folder cannot be used or the disk refuses; runs that are done are kept.
    WorkersError
        When no process can be brought to work.
    """
    if run_count < 1:
        raise StoreError(f"{run_count} runs were asked for. At least one is needed. Give a number from 1 on.")
    with open_store(Path(folder), write_spec(spec)) as store:
        try:
            return _Supervisor(store, run_count, executor or LocalWorkers(2), deadline_s, on_step).work()
        except OSError as error:
            raise explain(error, store.folder) from error


class _Supervisor:
    """One call of ``run_ensemble``."""

    def __init__(
        self,
        store: Store,
        run_count: int,
        executor: Executor,
        deadline_s: float | None,
        on_step: OnStep | None,
    ) -> None:
        self._store = store
        self._run_count = run_count
        self._executor = executor
        self._deadline_s = deadline_s
        self._on_step = on_step
        self._start_s = time.perf_counter()
        self._done_count = 0
        self._new_count = 0
        self._failed: set[int] = set()
        self._effort = Effort(0)
        self._run_s = 0.0

    def work(self) -> Ensemble:
        for _ in range(_ROUND_LIMIT):
            self._have_done()
            made = self._gather()
            if made is not None:
                return made
        raise StoreError(
            f"{self._store.folder}: files of runs are damaged again and again. A disk must keep what is written. "
            "Look at the disk, or choose another place with --folder."
        )

    def _gather(self) -> Ensemble | None:
        """Write the tables; none when files were damaged, whose runs are then to be done again."""
        start_s = time.perf_counter()
        self._store.tidy()
        runs = tell_runs(self._store, self._run_count)
        numbers = [number for number, state in enumerate(runs["state"].to_pylist()) if state == DONE]
        hashes, damaged = gather(self._store, numbers, runs, lambda count: self._tell("gather", count))
        if damaged:
            self._store.forget(damaged)
            return None
        status = "ok" if len(numbers) == self._run_count else "incomplete"
        gather_s = time.perf_counter() - start_s
        return Ensemble(
            self._store.folder, status, self._run_count, len(numbers), self._new_count, runs.to_pandas(), hashes,
            self._effort, self._run_s, gather_s,
        )  # fmt: skip

    def _have_done(self) -> None:
        pending = self._store.list_pending(self._run_count, self._failed)
        self._done_count = self._run_count - len(pending) - len(self._failed)
        self._tell("run", self._done_count)
        left_s = None
        if self._deadline_s is not None:
            left_s = max(0.0, self._deadline_s - (time.perf_counter() - self._start_s))
        if not pending or left_s == 0.0:
            return
        start_s = time.perf_counter()
        effort = self._executor.run(self._store.order, pending, self._take, left_s)
        self._run_s += time.perf_counter() - start_s
        self._effort = _add(self._effort, effort)

    def _take(self, outcomes: Sequence[Outcome]) -> None:
        self._store.record(outcomes)
        for outcome in outcomes:
            if isinstance(outcome, Written):
                self._done_count += 1
                self._new_count += 1
            else:
                self._failed.add(outcome.number)
        self._tell("run", self._done_count)

    def _tell(self, step: str, done_count: int) -> None:
        if self._on_step is not None:
            self._on_step(
                Progress(
                    step, done_count, len(self._failed), self._run_count, self._new_count,
                    self._executor.death_count, time.perf_counter() - self._start_s,
                )
            )  # fmt: skip


def _add(first: Effort, second: Effort) -> Effort:
    return Effort(
        max(first.worker_count, second.worker_count),
        first.death_count + second.death_count,
        first.silent_count + second.silent_count,
        first.job_s + second.job_s,
        second.is_ended,
    )
