"""A freight network of one's own with capacities and demand beside it: equilibria known by hand, notes, faults."""

import json
import shutil
from pathlib import Path

import pytest

from dehliz.assignment.assign import assign
from dehliz.assignment.own import prepare_own
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.errors import DataError, SettingsError
from tests.unit.cli.asking import ask

CASE = Path(__file__).parents[2] / "cases" / "corridor3_loads"
DAYS = 365.0
ROAD = "roro_quay_haven"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE, tmp_path / "own"))


def swap(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("year", "by_road"), [(2024, 381.8182), (2023, 765.9091), (None, 381.8182)])
def test_user_equilibrium_known_by_hand(year: int | None, by_road: float) -> None:
    own = prepare_own(CASE, year)
    assert own.year == (2024 if year is None else year)
    problem = own.problem
    found = assign(problem.graph, problem.costs, problem.trips, AssignmentSettings(target_gap_share=1e-12))
    flow = problem.tell(found).tables()["mode_flow"].set_index(["mode_id", "segment_id"])["work_tkm_a"]
    assert flow["roro", "containers"] / 230.0 / DAYS == pytest.approx(by_road, abs=1e-3)
    assert flow["rail_ferry", "containers"] / 230.0 / DAYS == pytest.approx(1000.0 - by_road, abs=1e-3)
    assert flow["rail_ferry", "bulk"] / 230.0 / DAYS == pytest.approx(100.0)


def test_command_loads_it_by_each_method(folder: Path) -> None:
    for method in ("aon", "ue", "so", "sue"):
        asked = ask("assign", "--network", str(folder), "--method", method, "--year", "2024", "--json")
        assert asked.code == 0, asked.said
        document = asked.document()
        assert document["method"] == method
        assert document["status"] == "converged"
        assert document["volume_t_a"] == pytest.approx(401_500.0)
        assert document["volume_check"] == []
        is_told = any("which is not calibrated" in note for note in document["notes"])
        assert is_told == (method == "sue")
        rows = {row["row_id"]: row["volume_t_a"] for row in document["link_flow"]}
        assert rows["ferry_quay_haven"] + rows.get(ROAD, 0.0) == pytest.approx(401_500.0)
    text = ask("assign", "--network", str(folder), "--gap", "1e-9")
    assert text.code == 0
    assert "Converged: ue, own 2024" in text.shown


def test_hard_capacity_is_kept_and_priced(folder: Path) -> None:
    """1,000 t a day less 50 of background and 100 of bulk leave 850 for boxes once nothing gets slower."""
    swap(folder / "delay.csv", "service_leg,bpr,5,1", "service_leg,constant,0,1")
    document = ask(
        "assign", "--network", str(folder), "--method", "so", "--year", "2024", "--json"
    ).document()
    rows = {row["row_id"]: row for row in document["link_flow"]}
    assert rows[ROAD]["volume_t_a"] == pytest.approx(150.0 * DAYS)
    # 84.5 h at 0.5 USD/t/h: what a tonne saves that need not go by road
    assert rows["ferry_quay_haven"]["price_usd_t"] == pytest.approx(42.25)


def test_what_is_not_there_is_told(folder: Path) -> None:
    for name in ("capacity", "background", "delay"):
        (folder / f"{name}.csv").unlink()
    own = prepare_own(folder)
    assert own.year is None
    notes = " ".join(own.problem.network.notes)
    assert "no capacities: nothing fills" in notes
    assert "forms of delay are those of the bundled network" in notes
    document = ask("assign", "--network", str(folder), "--json").document()
    assert document["year"] is None
    assert json.dumps(document["bottleneck"]) == "[]"


def test_demand_is_needed(folder: Path) -> None:
    (folder / "demand.csv").unlink()
    with pytest.raises(SettingsError, match="has no demand"):
        prepare_own(folder)


def test_all_faults_come_together(folder: Path) -> None:
    swap(folder / "capacity.csv", "2024,2035,365000", "2023,2035,-5")
    swap(folder / "background.csv", "ferry_quay_haven", "ferry_quay")
    with pytest.raises(DataError) as caught:
        prepare_own(folder)
    rules = {issue.rule for issue in caught.value.issues}
    assert rules == {"capacity.capacity_t_a.bounds", "capacity.first_year.once", "background.row_id.row"}


def test_rows_of_a_facility_agree(folder: Path) -> None:
    head, *_ = (folder / "capacity.csv").read_text(encoding="utf-8").splitlines()
    row = "service_leg,{},ships,2019,2035,{},each,assumption,,,,Both lines together"
    rows = (row.format("ferry_quay_haven", 365000), row.format(ROAD, 300000))
    (folder / "capacity.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"capacity\.facility_id\.same"):
        prepare_own(folder)
