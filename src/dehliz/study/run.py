"""One run from a study file to a folder of results: the only place that knows the whole order.

Network of the year, scenario by scenario: change, compile, price, compare each pair; then validation, facts, tables,
page. The same study, version and network give the same bytes. The files before are ``study/settings.py`` and the
floors below; the one after is ``study/store.py``.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dehliz.eurasia.facts import read_facts
from dehliz.eurasia.load import load, read_shapes
from dehliz.network.files import read_network
from dehliz.network.network import Network
from dehliz.network.scenario import apply, keep_network_changes
from dehliz.network.scenario_file import read_scenario
from dehliz.network.scenario_year import select_year
from dehliz.routing.ask import Answer, compare
from dehliz.routing.planner import Planner, prepare
from dehliz.study.checking import check_study, read_wanted
from dehliz.study.operate import Operated, Scene, operate_study
from dehliz.study.settings import ScenarioSettings, StudySettings
from dehliz.study.store import check_target, write_run
from dehliz.validation.compare import validate
from dehliz.version import __version__

OnStep = Callable[[str, float], None]
Draw = Callable[[Mapping[str, pd.DataFrame], Mapping[str, Any]], str]

PAGE = "report.html"
"""Name of the report in a run folder."""
OPERATIONS_PAGE = "operations_{scenario_id}.html"
"""Name of the page of a simulated scenario."""

NETWORK_TABLES = ("node", "mode", "link", "service_leg", "terminal", "zone", "country", "corridor")
"""Tables of the network that go into the run folder, so that the page can be drawn from it alone."""

PAIR_TABLES = ("route", "route_leg", "claim")


@dataclass(frozen=True, slots=True)
class Made:
    """What a run has made.

    Attributes
    ----------
    folder, page : Path
        Run folder and report.
    is_complete : bool
        False when a pair had no way, or a search was cut short.
    tables : dict of str to DataFrame
        Tables of the run.
    notes : tuple of str
        What a reader should know.
    scenes : tuple of Scene
        How each simulated scenario stands; empty when the study simulates none.
    """

    folder: Path
    page: Path | None
    is_complete: bool
    tables: dict[str, pd.DataFrame]
    notes: tuple[str, ...]
    scenes: tuple[Scene, ...] = ()


def run(
    settings: StudySettings,
    folder: Path,
    overwrite: bool = False,
    on_step: OnStep | None = None,
    draw: Draw | None = None,
    draw_operations: Draw | None = None,
) -> Made:
    """Run a study whole and write its folder.

    Parameters
    ----------
    settings : StudySettings
        What to run.
    folder : Path
        Run folder to make.
    overwrite : bool
        Whether an older run in that folder may be replaced.
    on_step : callable, optional
        Told what is being done and the share that is done.
    draw : callable, optional
        Makes the page of tables and manifest; the floor above hands it down. Without it no page is written.
    draw_operations : callable, optional
        The same for the page of a simulated scenario.

    Returns
    -------
    Made

    Raises
    ------
    DehlizError
        When the study, its network, a scenario or a place is wrong, or the folder cannot be written.
    """
    tell = on_step or (lambda _step, _share: None)
    check_target(folder, overwrite)
    tell("Reading and checking the network", 0.0)
    notes: list[str] = []
    network = _read_network(settings)
    check_study(settings, network)
    changed = [_change(settings, network, scenario, notes) for scenario in settings.scenario]
    answers, baseline = _compare(settings, changed, notes, tell)
    tables = _gather(answers)
    if not settings.network and baseline is not None:
        tell("Comparing the model with measurements", 0.82)
        tables |= validate(baseline).tables()
        tables |= _read_evidence(tables, baseline)
    operated = _operate(settings, changed, tell)
    if operated is not None:
        tables |= operated.tables
        notes += operated.notes
    tables |= {name: network.table(name) for name in NETWORK_TABLES}
    tables["scenario"] = pd.DataFrame([{"scenario_id": s.id, "name": s.name} for s in settings.scenario])
    manifest = _describe(settings, network, answers, notes)
    tell("Drawing the report", 0.9)
    pages = {PAGE: draw(tables, manifest)} if draw else {}
    if operated is not None and draw_operations:
        pages |= {
            OPERATIONS_PAGE.format(scenario_id=one): draw_operations(own, document)
            for one, (own, document) in operated.pages.items()
        }
    write_run(folder, manifest, tables, pages, overwrite)
    page = folder / PAGE if draw else None
    is_complete = all(a.status == "ok" for a in answers) and (operated is None or operated.is_settled)
    scenes = () if operated is None else operated.scenes
    return Made(folder, page, is_complete, tables, tuple(notes), scenes)


def _compare(
    settings: StudySettings, changed: list[Network], notes: list[str], tell: OnStep
) -> tuple[list[Answer], Planner | None]:
    """Each pair in each scenario, and the planner of the first one; adds a note for each pair without an answer."""
    answers: list[Answer] = []
    baseline: Planner | None = None
    job_count = len(settings.scenario) * len(settings.compare.pairs)
    for scenario, scene in zip(settings.scenario, changed, strict=True):
        planner = prepare(scene, read_wanted(settings, scene))
        baseline = baseline or planner
        for origin, destination in settings.compare.pairs:
            tell(f"{origin} - {destination}, {scenario.name}", 0.05 + 0.75 * len(answers) / job_count)
            answer = compare(
                planner, origin, destination, best=settings.compare.best,
                claimants=settings.compare.claimants, scenario_id=scenario.id,
            )  # fmt: skip
            answers.append(answer)
            if answer.status != "ok":
                notes.append(f"{origin} - {destination}, {scenario.name}: {answer.reason}")
    return answers, baseline


def _operate(settings: StudySettings, changed: list[Network], tell: OnStep) -> Operated | None:
    """Simulated operations, where the study asks for them."""
    if settings.simulation is None:
        return None
    scenes = list(zip(settings.scenario, changed, strict=True))
    return operate_study(
        settings.simulation, settings.year, scenes, lambda what, share: tell(what, 0.82 + 0.08 * share)
    )


def _read_network(settings: StudySettings) -> Network:
    if not settings.network:
        return load(settings.year)
    return select_year(read_network(settings.path.parent / settings.network), settings.year)


def _change(
    settings: StudySettings, network: Network, scenario: ScenarioSettings, notes: list[str]
) -> Network:
    if not scenario.file:
        return network
    kept, left = keep_network_changes(read_scenario(settings.path.parent / scenario.file))
    applied = apply(kept, network)
    notes += [f"{scenario.name}: {note}" for note in (*applied.notes, *left)]
    return applied.network


def _gather(answers: list[Answer]) -> dict[str, pd.DataFrame]:
    tables = {}
    for name in PAIR_TABLES:
        parts = [answer.tables[name] for answer in answers if len(answer.tables[name])]
        tables[name] = pd.concat(parts, ignore_index=True) if parts else answers[0].tables[name]
    return tables


def _read_evidence(tables: dict[str, pd.DataFrame], planner: Planner) -> dict[str, pd.DataFrame]:
    """Facts, sources and values that the results lean on; nothing that they do not use."""
    book = read_facts()
    used = set(";".join(tables["route"]["fact_ids"].astype(str)).split(";"))
    used |= set(tables["length_check"]["fact_id"]) | set(tables["time_check"]["fact_id"])
    rows = set(";".join(tables["route_leg"]["row_ids"].astype(str)).split(";"))
    crossed = set(";".join(tables["route"]["country_ids"].astype(str)).split(";"))
    fact = book.fact[book.fact["fact_id"].isin(used)]
    return {
        "fact": fact.reset_index(drop=True),
        "source": book.source[book.source["source_id"].isin(set(fact["source_id"]))].reset_index(drop=True),
        "value": planner.teller.evidence.list_values(rows, crossed, planner.shipment),
        "shape": read_shapes(),
    }


def _describe(
    settings: StudySettings, network: Network, answers: list[Answer], notes: list[str]
) -> dict[str, Any]:
    wanted = asdict(settings)
    wanted.pop("path")
    return {
        "name": settings.name,
        "title": settings.title,
        "year": settings.year,
        "version": __version__,
        "shipment": answers[0].shipment,
        "study": wanted,
        "study_hash": hashlib.sha256(json.dumps(wanted, sort_keys=True, default=str).encode()).hexdigest(),
        "network_fingerprint": network.fingerprint,
        "status": "complete" if all(a.status == "ok" for a in answers) else "incomplete",
        "notes": notes,
    }
