"""``dehliz assign`` on test networks and GMNS folders: the document, the table, the file of flows, the exit code."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from dehliz.assignment.result import Iteration
from dehliz.assignment.settings import AssignmentSettings
from dehliz.cli import assign_roads, show_assign
from dehliz.cli.assign_options import Asked as AskedAssignment
from tests.unit.cli.asking import Asked, ask

CASES = Path(__file__).parents[2] / "cases"
SMALL = CASES / "tntp_small"
ROADS = CASES / "gmns_roads"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "tntp"


def assign(*words: str, network: str = f"tntp:{SMALL}", method: str = "aon") -> Asked:
    return ask("assign", "--network", network, "--method", method, *words)


def read_flows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_document() -> None:
    asked = assign("--json")
    assert asked.code == 0
    document = asked.document()
    assert document["status"] == "converged"
    assert document["reason"] == ""
    assert document["method"] == "aon"
    assert document["relative_gap"] == pytest.approx(0.0, abs=1e-12)
    assert document["total_time"] == pytest.approx(
        10 * (7 + 0.15 / 16 - 0.25) + 4.00096 + 5 * (3 + 0.3 / 256), abs=1e-9
    )
    assert document["iterations"] == 1
    assert document["lower_bound"] is None
    assert document["network"] == {
        "name": "tntp_small",
        "zones": 3,
        "nodes": 5,
        "links": 8,
        "time_unit": "as in the file",
    }
    assert document["demand"] == {"trips": 3, "volume": 19.0, "within_zones": 1, "volume_within_zones": 7.0}
    assert document["unserved"] == {"trips": 0, "volume": 0.0, "by_reason": {}}
    assert document["notes"] == []
    assert document["selected"] == []
    assert {"beckmann_objective", "seconds_total", "seconds_read", "seconds_to_gap"} <= set(document)


def test_seconds_to_gap_are_those_of_each_power_of_ten() -> None:
    class Result:
        history = tuple(
            Iteration(number, gap, float(number))
            for number, gap in enumerate((0.5, 0.05, 2e-3, 9e-6, 2e-5, 1e-6), 1)
        )

    assert assign_roads.find_seconds_to_gap(Result()) == {  # type: ignore[arg-type]
        "1e-1": 2.0, "1e-2": 3.0, "1e-3": 4.0, "1e-4": 4.0, "1e-5": 4.0, "1e-6": 6.0,
    }  # fmt: skip


def test_flows_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    assert assign("--flows", str(path)).code == 0
    rows = read_flows(path)
    assert list(rows[0])[:5] == ["from_node", "to_node", "volume", "time", "cost"]
    assert [(row["from_node"], row["to_node"], float(row["volume"])) for row in rows] == [
        ("1", "4", 10), ("1", "3", 4), ("3", "2", 0), ("4", "2", 0), ("4", "5", 10), ("5", "2", 10),
        ("2", "4", 5), ("4", "3", 5),
    ]  # fmt: skip
    assert float(rows[4]["time"]) == pytest.approx(2.3)
    assert [item.name for item in tmp_path.iterdir()] == ["flows.csv"]


def test_flows_replace_older_ones_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "flows.csv"
    path.write_text("old", encoding="utf-8")

    def fail(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device", "flows.csv")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        asked = assign("--flows", str(path))
    assert asked.code == 2
    assert "No space left on device" in asked.said
    assert path.read_text(encoding="utf-8") == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["flows.csv"]
    assert assign("--flows", str(path)).code == 0
    assert len(read_flows(path)) == 8


def test_factors_add_to_the_cost_and_not_to_the_time(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    assert assign("--toll-factor", "0.1", "--distance-factor", "1", "--flows", str(path)).code == 0
    rows = {(row["from_node"], row["to_node"]): row for row in read_flows(path)}
    assert float(rows["4", "2"]["volume"]) == 10  # 10 + 5 instead of 2 + 3 + 8 + 10 for the toll
    assert float(rows["4", "5"]["time"]) == 2.0
    assert float(rows["4", "5"]["cost"]) == 16.0


def test_table_fits_and_begins_with_the_status() -> None:
    asked = assign("--select", "4-5", "--select", "7")
    lines = asked.shown.splitlines()
    assert lines[0].startswith("Converged: aon, relative gap ")
    assert lines[1] == "tntp_small: 3 zones, 5 nodes, 8 links; 3 trips, volume 19"
    assert max(map(len, lines)) <= 100
    assert "Link 4-5: 1 trip, volume 10" in lines
    assert "Link 7: 1 trip, volume 5" in lines
    assert asked.said == ""


def test_selected_trips_are_in_the_document() -> None:
    document = assign("--select", "1-4,8", "--json").document()
    assert document["selected"] == [
        {"link": "1-4", "volume": 10.0, "is_exact": True,
         "trips": [{"origin_id": "1", "destination_id": "2", "segment_id": "all", "volume": 10.0}]},
        {"link": "8", "volume": 5.0, "is_exact": True,
         "trips": [{"origin_id": "2", "destination_id": "3", "segment_id": "all", "volume": 5.0}]},
    ]  # fmt: skip


def test_demand_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("o_zone_id,d_zone_id,volume\n1,2,3\n2,2,9\n", encoding="utf-8")
    document = assign("--demand", str(path), "--json").document()
    assert document["demand"] == {"trips": 1, "volume": 3.0, "within_zones": 1, "volume_within_zones": 9.0}
    trips = SMALL / "small_trips.tntp"
    assert assign("--demand", str(trips), "--json").document()["demand"]["volume"] == 19.0


def test_what_has_no_way_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("origin_id,destination_id,volume\n1,2,3\n3,1,5\n2,1,6\n", encoding="utf-8")
    asked = assign("--demand", str(path), "--json")
    assert asked.code == 3
    document = asked.document()
    assert document["reason"] == "no route for a volume of 11"
    assert document["unserved"] == {"trips": 2, "volume": 11.0, "by_reason": {"no_route": 11.0}}


def test_gmns_folder(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    asked = assign("--json", "--flows", str(path), network=str(ROADS))
    assert asked.code == 0
    document = asked.document()
    assert document["network"] == {"name": "gmns_roads", "zones": 2, "nodes": 4, "links": 4, "time_unit": "h"}
    assert document["demand"]["volume"] == 1900.0
    volume = {(row["from_node"], row["to_node"]): float(row["volume"]) for row in read_flows(path)}
    assert volume["depot", "junction"] == 1500
    assert volume["junction", "depot"] == 400
    assert volume["junction", "port"] + volume["junction", "bridge"] == 1500


def test_one_delay_for_all_gmns_links(tmp_path: Path) -> None:
    for path in ROADS.iterdir():
        text = path.read_text(encoding="utf-8").replace("vdf_alpha,vdf_beta", "a,b")
        (tmp_path / path.name).write_text(text.replace("60,,,0,,", "60,9000,1,,,"), encoding="utf-8")
    assert assign(network=str(tmp_path)).code == 2
    document = assign("--bpr", "0.15,4", "--json", network=str(tmp_path)).document()
    same = assign("--json", network=str(ROADS)).document()
    assert document["total_time"] == pytest.approx(same["total_time"], rel=1e-3)


@pytest.mark.parametrize("words", [("--method", "magic"), ("--gap", "0"), ("--threads", "none")])
def test_options_that_make_no_sense(words: tuple[str, str]) -> None:
    asked = ask("assign", "--network", f"tntp:{SMALL}", *words)
    assert asked.code == 2
    assert asked.shown == ""
    assert "was given. It needs" in asked.said


@pytest.mark.skipif(not SHARED.is_dir(), reason="the test networks do not lie beside the repository")
def test_stopping_early_is_told() -> None:
    asked = assign(
        "--iterations",
        "2",
        "--gap",
        "1e-14",
        "--json",
        network=f"tntp:{SHARED / 'Braess-Example'}",
        method="ue",
    )
    document = asked.document()
    assert asked.code == 3
    assert document["status"] == "not_converged"
    assert document["reason"] == "stopped after 2 iterations, above the gap asked for"
    assert document["iterations"] == 2


def test_no_progress_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with show_assign.progress(1e-6) as tell:
        tell(Iteration(1, 0.5, 0.1))
    assert capsys.readouterr().err == ""


def test_input_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("origin_id,destination_id,volume\n1,2,3\n", encoding="utf-8")
    asked = assign("--demand", str(path), "--flows", str(path))
    assert asked.code == 2
    assert "is part of the input" in asked.said
    assert path.read_text(encoding="utf-8").startswith("origin_id")


def test_the_options_are_one_value() -> None:
    asked = AskedAssignment(None, 2024, AssignmentSettings(), 0.0, 0.0, None, None, (), None, None, True)
    assert asked.settings.method == "ue"
    assert asked.year == 2024


BEST = {"SiouxFalls": (42.31335287107440e5, ()), "Chicago-Sketch": (17313018.7387477, ("0.02", "0.04"))}
"""Published least objectives, with the toll and distance factors that they are for."""


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the test networks do not lie beside the repository")
@pytest.mark.parametrize("name", sorted(BEST))
def test_published_optima(name: str, tmp_path: Path) -> None:
    objective, factors = BEST[name]
    words = [*(("--toll-factor", factors[0], "--distance-factor", factors[1]) if factors else ())]
    path = tmp_path / "flows.csv"
    asked = ask(
        "assign",
        "--network",
        f"tntp:{SHARED / name}",
        "--gap",
        "1e-12",
        "--json",
        "--flows",
        str(path),
        *words,
    )
    assert asked.code == 0
    document = asked.document()
    assert document["relative_gap"] <= 1e-12
    assert document["beckmann_objective"] == pytest.approx(objective, rel=1e-11 if not factors else 1e-10)
    best = np.loadtxt(next((SHARED / name).glob("*_flow.tntp")), skiprows=1, usecols=(0, 1, 2))
    known = {(int(start), int(stop)): volume for start, stop, volume in best}
    rows = {(int(row["from_node"]), int(row["to_node"])): float(row["volume"]) for row in read_flows(path)}
    assert rows.keys() == known.keys()
    assert [rows[pair] for pair in known] == pytest.approx(list(known.values()), rel=1e-6, abs=1e-3)


def test_json_has_no_nan() -> None:
    json.loads(assign("--json").shown, parse_constant=pytest.fail)


BRAESS_NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 1
<NUMBER OF LINKS> 5
<END OF METADATA>
~ init_node term_node capacity length free_flow_time b power speed toll link_type ;
1 3 1 100 0.00000001 1000000000 1 0 0 1 ;
1 4 1 100 50 0.02 1 0 0 1 ;
3 2 1 100 50 0.02 1 0 0 1 ;
3 4 1 100 10 0.1 1 0 0 1 ;
4 2 1 100 0.00000001 1000000000 1 0 0 1 ;
"""


def test_price_of_anarchy_of_braess(tmp_path: Path) -> None:
    """Six trips: 3 on each of two ways of 83 is best for all (498); on their own they take three ways of 92 (552)."""
    (tmp_path / "braess_net.tntp").write_text(BRAESS_NET, encoding="utf-8")
    trips = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6.0\n<END OF METADATA>\nOrigin 1\n2 : 6.0;\n"
    (tmp_path / "braess_trips.tntp").write_text(trips, encoding="utf-8")
    words = ("--gap", "1e-10", "--json")
    own, best = (
        assign(*words, *more, network=f"tntp:{tmp_path}", method="ue") for more in ((), ("--marginal",))
    )
    assert own.code == best.code == 0
    first, second = own.document(), best.document()
    assert set(first) == set(second)
    assert first["total_time"] == pytest.approx(552.0, abs=1e-4)
    assert second["total_time"] == pytest.approx(498.0, abs=1e-4)
    assert first["total_time"] / second["total_time"] == pytest.approx(552 / 498, abs=1e-6)


def test_marginal_costs_belong_to_ue() -> None:
    asked = assign("--marginal")
    assert asked.code == 2
    assert "Option --marginal was given with method aon." in asked.said


def test_flow_within_a_zone_is_counted_on_the_screen() -> None:
    assert "Left out: 1 flow from a zone to itself, volume 7\n" in assign().shown


def test_numbers_too_far_apart_are_a_reason_and_no_warning(tmp_path: Path) -> None:
    net = (SMALL / "small_net.tntp").read_text(encoding="utf-8").splitlines()
    row = net[9].split()
    assert row[:3] == ["1", "4", "20"]
    row[2], row[6] = "1e-15", "1000"
    net[9] = " ".join(row)
    (tmp_path / "x_net.tntp").write_text("\n".join(net) + "\n", encoding="utf-8")
    (tmp_path / "x_trips.tntp").write_bytes((SMALL / "small_trips.tntp").read_bytes())
    asked = assign("--json", network=f"tntp:{tmp_path}", method="ue")
    assert (asked.code, asked.said) == (3, "")
    document = asked.document()
    assert document["relative_gap"] is None
    assert document["reason"].endswith("capacities or volumes are too far apart in size to compute with")
