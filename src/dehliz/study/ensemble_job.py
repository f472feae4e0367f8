"""What an ensemble is made of: jobs that compute one run, orders that say which, executors that have them done.

A job turns a run's number into tables, and nothing but the specification and the number decides what is in them. So a
run that was lost is simply computed again, anywhere. The next file is ``study/ensemble_member.py``, which computes and
writes one run; ``study/ensemble.py`` has all of them done.
"""

import hashlib
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from dehliz.base.errors import DehlizError, SettingsError, quote, suggest

if TYPE_CHECKING:
    import pandas as pd


class WorkersError(DehlizError):
    """Worker processes or a cluster cannot be brought to work."""


class Job(Protocol):
    """What computes the runs of one specification; made once in each process."""

    def run(self, number: int) -> "Mapping[str, pd.DataFrame]":
        """Tables of one run by name; equal for equal specification and number, on any machine.

        Every run gives the same names, columns and types; a table may be empty. Draws come from
        ``numpy.random.default_rng([seed, number])``, parameters from ``study/designs.py``.
        """


class Kind(NamedTuple):
    """A kind of job, by where it is found; nothing is imported before it is needed.

    Attributes
    ----------
    make : str
        ``module:function`` that makes a ``Job`` of a specification.
    read : str
        ``module:function`` that reads the kind's own tables of a study file: ``(tables, path)`` to a dictionary that
        JSON can hold, which becomes the specification's ``study``; raises ``SettingsError`` with every fault.
    keys : tuple of str
        Tables of a study file that the kind reads.
    summary : str
        ``module:function`` that takes the finished ``Ensemble`` and gives small tables by their titles, which the
        command line shows; none when empty.
    """

    make: str
    read: str
    keys: tuple[str, ...]
    summary: str = ""


KINDS: Final[dict[str, Kind]] = {
    "trial": Kind(
        "dehliz.study.ensemble_trial:make_job",
        "dehliz.study.ensemble_trial:read_trial",
        ("trial",),
        "dehliz.study.ensemble_trial:summarise",
    ),
    "disruption": Kind(
        "dehliz.study.ensemble_disruption:make_job",
        "dehliz.study.hazard_settings:read_hazard_settings",
        ("hazards", "uncertain"),
        "dehliz.study.risk_summary:summarise",
    ),
}
"""Name in a study file -> kind of job. A new kind is one more line."""

CLUSTER: Final = "dehliz.study.cluster:make_executor"
"""Makes an ``Executor`` of the address of a Dask scheduler; found only when a scheduler is asked for."""


def find_kind(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    SettingsError
        When there is none.
    """
    if name not in KINDS:
        hint = suggest(name, list(KINDS)) or f"Choose among {', '.join(KINDS)}"
        raise SettingsError(f"Kind of job: {quote(name)} was found. A known kind is needed. {hint}")
    return KINDS[name]


def load_function(place: str) -> Callable[..., Any]:
    """The function at ``module:function``."""
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def make_job(spec: Mapping[str, Any]) -> Job:
    """The job of a specification, ready to compute any run.

    Parameters
    ----------
    spec : mapping
        ``kind``, ``seed`` and whatever the kind needs; JSON can hold it.

    Raises
    ------
    SettingsError
        When there is no such kind.
    """
    job: Job = load_function(find_kind(str(spec.get("kind", ""))).make)(spec)
    return job


def write_spec(spec: Mapping[str, Any]) -> str:
    """A specification as text that is the same for equal content.

    Raises
    ------
    SettingsError
        When JSON cannot hold it.
    """
    try:
        return json.dumps(spec, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The specification of the ensemble: {error}. JSON must hold it, without NaN. Correct the study."
        ) from error


@dataclass(frozen=True, slots=True)
class Order:
    """What a process must know to compute runs of an ensemble; JSON can hold it.

    Attributes
    ----------
    folder : str
        Folder of the ensemble, absolute, seen by every process under this path.
    spec : str
        Specification as ``write_spec`` writes it.
    environment : dict of str to str
        Versions that every process must have (``study/ensemble_environment.py``).
    """

    folder: str
    spec: str
    environment: dict[str, str]

    @property
    def spec_hash(self) -> str:
        """SHA-256 of the specification."""
        return hashlib.sha256(self.spec.encode()).hexdigest()

    def to_json(self) -> str:
        """One line of text."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def from_json(text: str) -> "Order":
        """The order that ``to_json`` wrote."""
        return Order(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Written:
    """A run whose file stands in the folder, whole and on disk; not yet recorded.

    Attributes
    ----------
    number : int
        Number of the run, from 0.
    sha256 : str
        Of its file.
    byte_count : int
        Size of its file.
    job_s : float
        Seconds that the job took, without writing; 0 when the file was there already.
    attempt_count : int
        Which attempt it was.
    """

    number: int
    sha256: str
    byte_count: int
    job_s: float
    attempt_count: int = 1


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that was given up in this call, and why; the same command tries it again.

    Attributes
    ----------
    number : int
        Number of the run.
    reason : str
        For people.
    attempt_count : int
        How often it was tried.
    """

    number: int
    reason: str
    attempt_count: int


Outcome = Written | Failed
OnTold = Callable[[Sequence[Outcome]], None]
"""Told what has happened to runs, each number once; records it. Raises ``StoreError`` when the disk refuses."""

ATTEMPT_LIMIT: Final = 3
"""How often a run may end its process, be silent for too long or raise an error that is not about its input."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What it took to have runs done.

    Attributes
    ----------
    worker_count : int
        Processes that worked at the same time.
    death_count : int
        Processes that ended while they should have worked.
    silent_count : int
        Processes that were ended because they made no progress.
    job_s : float
        Seconds of all jobs together.
    is_ended : bool
        Whether the deadline came first.
    """

    worker_count: int
    death_count: int = 0
    silent_count: int = 0
    job_s: float = 0.0
    is_ended: bool = False


class Executor(Protocol):
    """Has runs done somewhere: own processes (``study/ensemble_workers.py``), here, or a cluster."""

    @property
    def death_count(self) -> int:
        """Processes lost so far, for who looks on."""

    def run(self, order: Order, numbers: Sequence[int], on_told: OnTold, deadline_s: float | None) -> Effort:
        """Have every run of ``numbers`` done by ``run_member(order, number)`` in some process.

        Tells each number once, as ``Written`` or, after ``ATTEMPT_LIMIT`` attempts, as ``Failed``, from one thread,
        in any order, in lists as long as convenient. A ``StoreError`` of ``run_member`` or of ``on_told`` (no room, no
        permission, another version) ends everything and is raised. Returns when all are told or ``deadline_s``
        seconds are over, and leaves no process of its own behind.
        """
