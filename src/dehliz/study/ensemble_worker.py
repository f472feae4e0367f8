"""The process that computes runs: numbers come in on standard input, outcomes go out on standard output, line by line.

It ends at once when its input closes, and so when its supervisor is gone, however that ended. Started by
``study/ensemble_process.py``.
"""

import json
import os
import queue
import sys
import threading
from typing import Any, TextIO

from dehliz.base.errors import DehlizError, StoreError
from dehliz.study.ensemble_environment import check_environment
from dehliz.study.ensemble_job import Order, Written
from dehliz.study.ensemble_member import run_member


def main() -> None:
    """Work until the input closes."""
    # What a job prints must not come between the lines.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
    order = Order.from_json(sys.stdin.readline())
    threading.Thread(target=_listen, args=(sys.stdin, numbers), daemon=True).start()
    try:
        check_environment(order.environment, "A worker")
    except StoreError as error:
        _say(out, stop=str(error))
        return
    _say(out, ready=os.getpid())
    while True:
        number = numbers.get()
        _say(out, start=number)
        _say(out, **_compute(order, number))


def _listen(source: TextIO, numbers: "queue.SimpleQueue[int]") -> None:
    for line in source:
        for number in json.loads(line):
            numbers.put(number)
    os._exit(0)


def _say(out: TextIO, **message: Any) -> None:
    try:
        out.write(json.dumps(message) + "\n")
    except OSError:
        os._exit(0)  # nobody listens any more


def _compute(order: Order, number: int) -> dict[str, Any]:
    try:
        found: Written = run_member(order, number)
    except StoreError as error:
        return {"stop": str(error)}
    except DehlizError as error:
        return {"failed": number, "reason": str(error), "is_final": True}
    except Exception as error:  # noqa: BLE001  (whatever a job raises is told with its run)
        return {"failed": number, "reason": f"{type(error).__name__}: {error}", "is_final": False}
    return {"done": number, "sha256": found.sha256, "bytes": found.byte_count, "job_s": found.job_s}
