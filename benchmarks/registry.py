"""What can be benchmarked: a spec names its task at each size, what is right, and how much work is allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.task import Task

Answers = dict[str, npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Spec:
    """One benchmark.

    Attributes
    ----------
    name, about : str
        As on the command line, and in words.
    build : callable
        Size and source file to task.
    reference : callable
        Task to the right answers, by a plain method.
    compare : callable
        Task, right answers, kind of path, a tool's answers → what is wrong, in words.
    work_ceiling : dict
        By size: figures of ours that may not be exceeded, whatever the time.
    """

    name: str
    about: str
    build: Callable[[str, Path | None], Task]
    reference: Callable[[Task], Answers]
    compare: Callable[[Task, Answers, str, Answers], list[str]]
    work_ceiling: dict[str, dict[str, float]]


SPECS: dict[str, Spec] = {}


def register(spec: Spec) -> None:
    """Make a spec known to the command."""
    SPECS[spec.name] = spec
