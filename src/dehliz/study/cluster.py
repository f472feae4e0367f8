"""Runs of an ensemble by the workers of a Dask cluster.

The only file that knows Dask. Each task computes one run, writes its file into the folder, which all machines share,
and returns a few words. The file before is ``study/cluster_shift.py``, which looks after the cluster from outside.
"""

import json
import logging
import pkgutil
import secrets
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import dask
from dask.utils import parse_timedelta
from distributed import Client, Future, KilledWorker, get_worker
from distributed.comm.addressing import get_address_host_port
from distributed.scheduler import NoValidWorkerError

from dehliz.base.errors import DehlizError, SettingsError, StoreError, quote
from dehliz.study.cluster_shift import Lost, Patience, Queue, Shift
from dehliz.study.ensemble_disk import ASIDE, remove_quietly
from dehliz.study.ensemble_environment import check_environment
from dehliz.study.ensemble_job import ATTEMPT_LIMIT, Effort, OnTold, Order
from dehliz.study.ensemble_member import run_member

_ANSWER_S: Final = 10.0
"""A scheduler that has not answered for so long is taken for lost."""
_GATHER_S: Final = 5.0
_CHECK_S: Final = 60.0
"""A worker may need so long to import the package for the first time."""
_TRIED: Final = "dehliz.study.cluster:compute.__name__"

_PATIENCE: Final = {
    "connect-timeout": "10s",
    "lost-scheduler-timeout": "10m",
    "no-workers-timeout": "2m",
    "silence-timeout": "15m",
}
"""Keys of section ``dehliz`` of Dask's configuration, and what holds without them."""


def make_executor(address: str, **limits_s: float) -> "Cluster":
    """An executor for the cluster of a scheduler; it must answer now.

    Parameters
    ----------
    address : str
        Address such as ``tcp://10.0.0.5:8786``, or the path of a scheduler file that ends in ``.json``.
    **limits_s : float
        ``connect_s``, ``lost_s``, ``no_workers_s``, ``silence_s`` in place of what Dask's configuration says in its
        section ``dehliz``.

    Raises
    ------
    SettingsError
        When nothing answers there, or a time cannot be read.
    """
    for name in ("client", "core", "batched", "comm"):
        # A lost connection is told in our own words, when it stays lost.
        logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)
    chosen = Patience(**{**_read_patience(), **limits_s})
    try:
        DaskLink(address, chosen.connect_s).close()
    except (OSError, OverflowError, ValueError, TypeError, KeyError, ImportError) as error:
        raise SettingsError(
            f"Option --scheduler: {quote(address)} does not answer as a Dask scheduler ({_say(error)}). The address of "
            "a running one is needed, as the command dask scheduler prints it, such as tcp://10.0.0.5:8786. Look "
            "whether it runs, whether this machine can reach it, and whether both have the same Dask."
        ) from error
    return Cluster(address, chosen)


def _read_patience() -> dict[str, float]:
    found = {}
    for name, (key, otherwise) in zip(Patience.__slots__, _PATIENCE.items(), strict=True):
        text = dask.config.get(f"dehliz.{key}", otherwise)
        try:
            found[name] = float(parse_timedelta(text))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise SettingsError(
                f"Dask's configuration, key dehliz.{key}: {quote(str(text))} was found. A time such as 90s or 2h is "
                "needed. Correct it."
            ) from error
    return found


def _say(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _find_address(address: str) -> str:
    """The address itself, or the one in a scheduler file."""
    if not address.endswith(".json"):
        return address
    return str(json.loads(Path(address).read_text(encoding="utf-8"))["address"])


def _knock(address: str, timeout_s: float) -> None:
    """Raise ``OSError`` soon when nobody listens there; Dask would ask again and again until the time is over."""
    if address.partition("://")[0] in ("tcp", "tls") or "://" not in address:
        place: tuple[str, int] = get_address_host_port(address, strict="://" in address)
        socket.create_connection(place, timeout_s).close()


# What workers do --------------------------------------------------------------------------------------------------

_ONE_AT_A_TIME: Final = threading.Lock()
"""A job is of one thread: a worker of several threads computes one run after the other all the same."""


def compute(order_text: str, mark: str, number: int) -> dict[str, Any]:
    """Compute and write one run on a worker; what there is to tell.

    Parameters
    ----------
    order_text : str
        Order as ``Order.to_json`` writes it.
    mark : str
        Name of a file that the worker must see in the folder.
    number : int
        Number of the run.
    """
    with _ONE_AT_A_TIME:
        order = _read_order(order_text)
        try:
            check_environment(order.environment, f"Worker {get_worker().address}")
            _check_folder(order.folder, mark)
            found = run_member(order, number)
        except StoreError as error:
            return {"stop": str(error)}
        except DehlizError as error:
            return {"failed": str(error), "is_final": True}
        except Exception as error:  # noqa: BLE001  (whatever a job raises is told with its run)
            return {"failed": f"{type(error).__name__}: {error}", "is_final": False}
    return {"sha256": found.sha256, "bytes": found.byte_count, "job_s": found.job_s}


@lru_cache(maxsize=1)
def _read_order(text: str) -> Order:
    return Order.from_json(text)


@lru_cache(maxsize=1)
def _check_folder(folder: str, mark: str) -> None:
    """Refuse a worker that would write where nobody looks."""
    if not (Path(folder) / mark).exists():
        raise StoreError(
            f"Worker {get_worker().address} does not see the ensemble in {folder}. All machines must share its folder "
            "under the same path. Choose a shared folder with --folder, or mount it there."
        )


# What the supervisor sees -----------------------------------------------------------------------------------------


class DaskLink:
    """A connection to a scheduler; every question has a time after which the answer is not waited for."""

    def __init__(self, address: str, connect_s: float) -> None:
        place = _find_address(address)
        _knock(place, connect_s)
        self._client = Client(place, timeout=connect_s, set_as_default=False, name="dehliz")

    def close(self) -> None:
        """Leave; what is in flight is dropped by the scheduler."""
        try:
            self._client.close(timeout=2)
        except (OSError, TimeoutError, CancelledError):
            return

    def _ask(self, function: Any, *words: Any, **named: Any) -> Any:
        if self._client.status != "running":
            raise Lost("the connection was closed")
        try:
            return self._client.sync(function, *words, callback_timeout=_ANSWER_S, **named)
        except (OSError, CancelledError, RuntimeError, ValueError) as error:
            raise Lost(_say(error)) from error

    def list_workers(self) -> frozenset[str]:
        """Addresses of all workers."""
        return frozenset(self._ask(self._client.scheduler.ncores))

    def check_workers(self, workers: Sequence[str]) -> dict[str, str]:
        """Which workers have no Dehliz that could compute runs, and what they say; given such a run they would end."""
        try:
            found = self._client.sync(
                self._client._run, pkgutil.resolve_name, _TRIED, workers=list(workers), on_error="return",
                callback_timeout=_CHECK_S,
            )  # fmt: skip
        except (OSError, CancelledError, RuntimeError, ValueError, KeyError):
            return {}
        return {
            place: _say(one) for place, one in found.items() if isinstance(one, ImportError | AttributeError)
        }

    def list_processing(self) -> dict[str, list[Any]]:
        """Keys of tasks that each worker has been given."""
        found: dict[str, list[Any]] = self._ask(self._client.scheduler.processing)
        return found

    def submit(self, words: tuple[str, str], keys: Sequence[Any], better: Sequence[str]) -> list[Future]:
        """Have runs computed."""
        where = {"workers": list(better), "allow_other_workers": True} if better else {}
        order_text, mark = words
        numbers = [key[1] for key in keys]
        count = len(keys)
        try:
            futures: list[Future] = self._client.map(
                compute, [order_text] * count, [mark] * count, numbers, key=list(keys), pure=False, **where
            )
        except (OSError, CancelledError, RuntimeError) as error:
            raise Lost(_say(error)) from error
        return futures

    def gather(self, futures: Sequence[Future]) -> list[dict[str, Any]] | None:
        """What finished tasks returned; none when a worker was lost meanwhile."""
        try:
            found: list[dict[str, Any]] = self._client.sync(
                self._client._gather, list(futures), direct=False, callback_timeout=_GATHER_S
            )
        except Exception:  # noqa: BLE001  (computed anew and failed: then its status says so)
            return None
        return found

    def explain(self, future: Future) -> tuple[str, str]:
        """Why a task was given up: ``killed``, ``again`` or ``broken``, and the error."""
        try:
            error = future.exception(timeout=_ANSWER_S)
        except (OSError, CancelledError, RuntimeError) as own:
            return "again", _say(own)
        if isinstance(error, KilledWorker):
            return "killed", _say(error)
        if isinstance(error, NoValidWorkerError | OSError | TimeoutError | CancelledError):
            return "again", _say(error)
        return "broken", _say(error)


class Cluster:
    """An executor that is a Dask cluster."""

    def __init__(self, address: str, patience: Patience, attempt_limit: int = ATTEMPT_LIMIT) -> None:
        self._address = address
        self._patience = patience
        self._attempt_limit = attempt_limit
        self._shift: Shift | None = None

    @property
    def death_count(self) -> int:
        """Workers lost so far in the present call of ``run``."""
        return self._shift.death_count if self._shift else 0

    def run(self, order: Order, numbers: Sequence[int], on_told: OnTold, deadline_s: float | None) -> Effort:
        """Have every run done, or as many as the deadline allows.

        Raises
        ------
        StoreError
            When a disk refuses, a worker has other versions or does not see the folder.
        WorkersError
            When no worker is left, none makes progress, or the scheduler is lost and does not come back in time.
        """
        mark = Path(order.folder) / f"cluster-{secrets.token_hex(8)}{ASIDE}"
        mark.touch()
        words = (order.to_json(), mark.name)
        self._shift = Shift(self._open, self._address, self._patience, words, Queue(numbers))
        try:
            is_ended = self._shift.work(on_told, deadline_s, self._attempt_limit)
        finally:
            self._shift.drop()
            remove_quietly(mark)
        shift = self._shift
        return Effort(shift.most_worker_count, shift.death_count, shift.silent_count, shift.job_s, is_ended)

    def _open(self) -> DaskLink:
        try:
            return DaskLink(self._address, min(self._patience.connect_s, _ANSWER_S))
        except (OSError, ValueError, KeyError) as error:
            raise Lost(_say(error)) from error
