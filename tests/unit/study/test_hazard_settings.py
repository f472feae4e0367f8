"""``[hazards]`` of a study file: what is read, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from dehliz.base.errors import SettingsError
from dehliz.disruption.response import Responder
from dehliz.eurasia.load import load
from dehliz.graph.compile import compile_graph
from dehliz.study.ensemble_disruption import make_job
from dehliz.study.ensemble_settings import read_ensemble_study
from dehliz.study.hazard_settings import pick_hazards

HEAD = 'name = "s"\n[ensemble]\njob = "disruption"\n'


def _read(folder: Path, text: str) -> dict[str, object]:
    path = folder / "s.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    study = read_ensemble_study(path).study
    assert json.loads(json.dumps(study)) == study
    return study


def test_kinds_and_rates(tmp_path: Path) -> None:
    study = _read(
        tmp_path, '[hazards]\nyear = 2025\nkinds = ["storm", "instability"]\nrates = { "country:RU" = 0.5 }\n'
    )
    network = load(2025)
    hazards = pick_hazards(study, network, compile_graph(network))
    assert set(hazards.kinds) == {"storm", "instability"}
    assert hazards.rate_per_a[hazards.find("borders_shut_ru")] == 0.5


def test_own_table_travels_with_the_study(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "hazard_id,name,kind,targets,is_closed,rate_per_a,rate_low_per_a,rate_high_per_a,duration_d,duration_form,basis\n"
        "shut,Suez shut,closure,passage:suez,true,2,1,3,10,fixed,assumption\n",
        encoding="utf-8",
    )
    study = _read(tmp_path, '[hazards]\nyear = 2025\ntable = "own.csv"\n')
    (tmp_path / "own.csv").unlink()
    network = load(2025)
    hazards = pick_hazards(study, network, compile_graph(network))
    assert hazards.hazard_ids == ("shut",)
    assert len(hazards.arcs_of(0))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no key 'hazards'"),
        ("[hazards]\n", "hazards.year"),
        ("[hazards]\nyear = 2025\nyears = 3\n", "hazards.years"),
        ('[hazards]\nyear = 2025\nkinds = ["storms"]\n', "storms"),
        ('[hazards]\nyear = 2025\nrates = { "country:XX" = 1 }\n', "country:XX"),
        ("[hazards]\nyear = 2025\nlongest_wait_d = 0\n", "longest_wait_d"),
        ('[hazards]\nyear = 2025\ntable = "none.csv"\n', "none.csv"),
        (
            "[hazards]\nyear = 2025\n[[uncertain]]\n"
            'name = "a"\ntarget = "rate:rain"\nform = "uniform"\nlow = 1\nhigh = 2\n',
            "rain",
        ),
    ],
)
def test_faults_are_told(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(SettingsError) as error:
        _read(tmp_path, text)
    assert word in str(error.value) + " ".join(
        f"{one.place} {one.ids} {one.found}" for one in error.value.issues
    )


@pytest.mark.slow
def test_runs_do_not_depend_on_what_came_before() -> None:
    study = {"year": 2025, "kinds": ["sanction", "earthquake"], "rates": {"almaty_earthquake": 5.0}}
    spec = {"kind": "disruption", "seed": 4, "study": study}
    job, other = make_job(spec), make_job(spec)
    here = [job.run(number) for number in range(4)]
    there = [other.run(number) for number in reversed(range(4))][::-1]
    for one, same in zip(here, there, strict=True):
        for name, table in one.items():
            assert table.equals(same[name]), name
    _check_parts(next(iter(job._responders.values())))


def _check_parts(responder: Responder) -> None:
    """A set from its parts is what its own equilibrium says, as far as the parts are told to differ."""
    hazards = responder.hazards
    active = tuple(
        sorted(
            hazards.find(one) for one in ("almaty_earthquake", "northern_transit_ban", "istanbul_earthquake")
        )
    )
    waits = responder.waits_d[list(active)]
    exact, found = responder.compute(active), responder.respond(active)
    assert found.cost_usd_d(waits)[0] == pytest.approx(exact.cost_usd_d(waits)[0], abs=2e5)
    # What the system loses is the sum over corridors and over countries.
    for kind in ("corridor", "country"):
        rows = responder.scopes.find(kind)
        assert np.allclose(exact.going[:, rows].sum(axis=1), exact.going[:, 0])
        assert np.allclose(exact.held_usd_d2[:, rows].sum(axis=1), exact.held_usd_d2[:, 0])
