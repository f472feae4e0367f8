"""Runs of an ensemble in this process, one after the other: to look into a job, and to fail every call in turn.

The executor that people use is ``study/ensemble_workers.py``.
"""

import time
from collections.abc import Sequence

from dehliz.base.errors import DehlizError, StoreError
from dehliz.study.ensemble_job import ATTEMPT_LIMIT, Effort, Failed, OnTold, Order, Outcome, Written
from dehliz.study.ensemble_member import run_member


class Here:
    """An executor that is this process."""

    death_count = 0

    def run(self, order: Order, numbers: Sequence[int], on_told: OnTold, deadline_s: float | None) -> Effort:
        """Compute every run in turn, and tell of each at once.

        Raises
        ------
        StoreError
            When the disk refuses.
        """
        end_s = float("inf") if deadline_s is None else time.monotonic() + deadline_s
        job_s = 0.0
        for number in numbers:
            if time.monotonic() >= end_s:
                return Effort(1, job_s=job_s, is_ended=True)
            outcome = _try(order, number)
            job_s += outcome.job_s if isinstance(outcome, Written) else 0.0
            on_told([outcome])
        return Effort(1, job_s=job_s)


def _try(order: Order, number: int) -> Outcome:
    reason = ""
    for _ in range(ATTEMPT_LIMIT):
        try:
            return run_member(order, number)
        except StoreError:
            raise
        except DehlizError as error:
            return Failed(number, str(error), 1)
        except Exception as error:  # noqa: BLE001  (whatever a job raises is told with its run)
            reason = f"{type(error).__name__}: {error}"
    return Failed(number, reason, ATTEMPT_LIMIT)
