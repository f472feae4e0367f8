"""Study file of an ensemble to frozen settings and to the specification that its runs follow.

``[ensemble]`` says how many runs of which job by which design, each ``[[uncertain]]`` is a number that is not known,
and the job's kind reads tables of its own. All faults of the file are told at once. The files after are
``study/designs.py`` and ``study/ensemble.py``.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dehliz.base.errors import Issue, SettingsError, quote, suggest
from dehliz.study.designs import DESIGNS, LATIN_HYPERCUBE, MONTE_CARLO
from dehliz.study.ensemble_job import KINDS, find_kind, load_function
from dehliz.study.ensemble_uncertain import Uncertain, read_uncertain, say, write_uncertain

MOST_RUN_COUNT: Final = 1_000_000
MOST_SEED: Final = 2**31 - 1
MOST_WORKER_COUNT: Final = 256

_NAME: Final = re.compile(r"\w[\w.\-]{0,59}")
"""What a folder can be called anywhere."""

_HEAD: Final = ("name", "title", "ensemble", "uncertain")


@dataclass(frozen=True, slots=True)
class EnsembleSettings:
    """Table ``[ensemble]`` of a study file.

    Attributes
    ----------
    job : str
        Kind of job that computes a run.
    runs : int
        Number of runs.
    seed : int
        Of every draw.
    design : str
        ``monte_carlo``, ``latin_hypercube`` or ``sobol``.
    workers : int
        Processes of this machine; as many as it has cores when 0.
    deadline_s : float
        Seconds after which no more runs are computed; 0 for none.
    silence_s : float
        Seconds after which a process that says nothing is replaced; longer than the longest run.
    """

    job: str = "disruption"
    runs: int = 1000
    seed: int = 1
    design: str = MONTE_CARLO
    workers: int = 0
    deadline_s: float = 0.0
    silence_s: float = 900.0


_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "runs": (1, MOST_RUN_COUNT),
    "seed": (0, MOST_SEED),
    "workers": (0, MOST_WORKER_COUNT),
    "deadline_s": (0.0, 1e9),
    "silence_s": (1.0, 1e9),
}
_WHOLE: Final = ("runs", "seed", "workers")
_WORDS: Final[dict[str, Sequence[str]]] = {"job": tuple(KINDS), "design": DESIGNS}


@dataclass(frozen=True, slots=True)
class EnsembleStudy:
    """A study of many runs.

    Attributes
    ----------
    name, title : str
        Short name and title for people.
    ensemble : EnsembleSettings
        How many runs, and how.
    uncertain : tuple of Uncertain
        Numbers that are not known.
    study : dict
        What the job's kind has read of the file.
    path : Path
        The file.
    """

    name: str
    title: str = ""
    ensemble: EnsembleSettings = field(default_factory=EnsembleSettings)
    uncertain: tuple[Uncertain, ...] = ()
    study: dict[str, Any] = field(default_factory=dict)
    path: Path = Path()

    def make_spec(self, run_count: int | None = None, seed: int | None = None) -> dict[str, Any]:
        """The specification of its runs.

        Parameters
        ----------
        run_count, seed : int, optional
            Instead of those of the file. The number of runs is part of the specification in a Latin hypercube only:
            with any other design an ensemble can grow.
        """
        settings = self.ensemble
        spec: dict[str, Any] = {
            "kind": settings.job,
            "seed": settings.seed if seed is None else seed,
            "design": settings.design,
            "uncertain": [write_uncertain(one) for one in self.uncertain],
            "study": self.study,
        }
        if settings.design == LATIN_HYPERCUBE:
            spec["runs"] = settings.runs if run_count is None else run_count
        return spec


def read_ensemble_study(path: Path) -> EnsembleStudy:
    """The study of a file.

    Raises
    ------
    SettingsError
        When the file is missing, is not TOML, or has wrong keys or values; with all of them.
    """
    document = _load(path)
    issues: list[Issue] = []
    settings = _read_settings(document.get("ensemble", {}), path.name, issues)
    own = KINDS[settings.job].keys if settings.job in KINDS else ()
    if settings.job in KINDS:
        issues += check_keys(document, (*_HEAD, *own), path.name, "")
    for key in ("name", "title"):
        if not isinstance(document.get(key, ""), str):
            issues.append(say("value.type", f"{path.name}, key {key}", "no text", "Text in quotes is needed"))
    if "name" not in document:
        issues.append(say("key.present", path.name, "no key 'name'"))
    elif isinstance(document["name"], str) and not _NAME.fullmatch(document["name"]):
        issues.append(say("name.form", f"{path.name}, key name", f"{quote(document['name'])} was found"))
    uncertain = read_uncertain(document.get("uncertain", []), path.name, issues)
    study: dict[str, Any] = {}
    if settings.job in KINDS:
        read = load_function(find_kind(settings.job).read)
        try:
            study = read({key: document[key] for key in own if key in document}, path)
        except SettingsError as error:
            issues += error.issues
    if issues:
        raise SettingsError(f"The study {path} cannot be run", issues)
    return EnsembleStudy(document["name"], document.get("title", ""), settings, uncertain, study, path)


def _load(path: Path) -> dict[str, Any]:
    remedy = "Correct the line that is named"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        found, remedy = error.strerror or "cannot be read", "Give the path of a study file"
    except UnicodeDecodeError:
        found, remedy = "is not UTF-8 text", "Save the file as UTF-8"
    except tomllib.TOMLDecodeError as error:
        found = f"is not TOML: {error}"
    except RecursionError:
        found, remedy = "is too deeply nested", "Write lists of tables, and no deeper"
    issue = say("file.readable", str(path), found, "A study is a readable TOML file in UTF-8", remedy)
    raise SettingsError("The study cannot be read", [issue])


def _read_settings(table: Any, file: str, issues: list[Issue]) -> EnsembleSettings:
    if not isinstance(table, dict):
        issues.append(
            say("value.type", f"{file}, key ensemble", "no table", "Write [ensemble] and keys below it")
        )
        return EnsembleSettings()
    known = EnsembleSettings.__dataclass_fields__
    before = len(issues)
    issues += check_keys(table, tuple(known), file, "ensemble.")
    for key, value in table.items():
        if key in _WORDS and value not in _WORDS[key]:
            issues.append(_say_word(key, value, file))
        elif key in _BOUNDS:
            issues += _check_bounds(key, value, file)
    # Of a table with faults only the job is taken, so that its own tables are checked too.
    used = [key for key in known if key in table and (len(issues) == before or key == "job")]
    good = {key: table[key] for key in used if key != "job" or table[key] in KINDS}
    made = EnsembleSettings(**good)
    if made.job not in KINDS and len(issues) == before:
        issues.append(_say_word("job", made.job, file))
    return made


def _say_word(key: str, value: Any, file: str) -> Issue:
    words = _WORDS[key]
    hint = suggest(value, words) if isinstance(value, str) else ""
    found = f"{quote(value)} was found" if isinstance(value, str) else "no text was found"
    return say(f"{key}.known", f"{file}, key ensemble.{key}", found, f"One of: {', '.join(words)}", hint)


def _check_bounds(key: str, value: Any, file: str) -> list[Issue]:
    low, high = _BOUNDS[key]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and low <= value <= high and (isinstance(value, int) or key not in _WHOLE):
        return []
    noun = "whole number" if key in _WHOLE else "number"
    shown = f"{value} was found" if isinstance(value, int | float) else "something else was found"
    return [
        say(
            "value.bounds",
            f"{file}, key ensemble.{key}",
            shown,
            f"A {noun} from {low:,.0f} to {high:,.0f} is needed",
        )
    ]


def check_keys(table: Mapping[str, Any], known: Sequence[str], file: str, prefix: str) -> list[Issue]:
    """Issues about keys that are not known, with the nearest one that is."""
    return [
        say("key.known", file, f"unknown key '{prefix}{key}'", "Only known keys are read",
            suggest(key, known) or f"Keys here are {', '.join(known)}")
        for key in table
        if key not in known
    ]  # fmt: skip
