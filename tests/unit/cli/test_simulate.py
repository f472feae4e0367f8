"""``dehliz simulate`` on a small network: the document, the screen, the event log, what-ifs, exit codes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.cli import simulate_make
from tests.unit.cli.asking import Asked, ask

ROOT = Path(__file__).parents[3]
NETWORK = ROOT / "examples" / "corridor3"
DEMAND = ROOT / "tests" / "cases" / "corridor3_loads" / "demand.csv"
FASTER = """name = "Faster ferry"

[[change]]
do = "set"
table = "service_leg"
column = "time_h"
ids = ["ferry_quay_haven"]
value = 8
"""


def simulate(*words: str) -> Asked:
    own = ("--network", str(NETWORK), "--demand", str(DEMAND), "--replications", "3", "--threads", "1")
    return ask("simulate", *own, *words)


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    asked = simulate(
        "--promise-d", "3", "--from", "west", "--to", "haven", "--holding-share", "0.2", "--json"
    )
    assert asked.code == 0, asked.said
    return asked.document()  # type: ignore[no-any-return]


def test_document_has_all_tables(document: dict[str, object]) -> None:
    assert (document["status"], document["reason"]) == ("ok", "")
    assert (document["replications"], document["seed"], document["replan"]) == (3, 1, False)
    for name in (
        "simulated_time", "simulated_cause", "simulated_bottleneck", "ship_use", "resource_use", "throughput",
        "safety_stock", "on_time",
    ):  # fmt: skip
        rows = document[name]
        assert isinstance(rows, list)
        assert tuple(rows[0]) == read_spec(name).column_names


def test_watched_pair_is_a_probe_with_odds(document: dict[str, object]) -> None:
    rows = [row for row in document["simulated_time"] if row["scope"] == "probe"]  # type: ignore[attr-defined]
    assert [(row["origin_id"], row["destination_id"]) for row in rows] == [("west", "haven")]
    assert rows[0]["median_low_h"] < rows[0]["median_h"] < rows[0]["p90_h"] < rows[0]["p95_h"]
    odds = next(row for row in document["on_time"] if row["scope"] == "probe")  # type: ignore[attr-defined]
    assert odds["promise_d"] == 3.0
    assert 0.0 <= odds["low_share"] <= odds["on_time_share"] <= odds["high_share"] <= 1.0
    assert (odds["on_time_share"] > 0.5) == (rows[0]["median_h"] < 72.0)


def test_causes_add_up(document: dict[str, object]) -> None:
    mean = document["simulated_time"][0]["mean_h"]  # type: ignore[index]
    rows = [row for row in document["simulated_cause"] if row["scope"] == "all"]  # type: ignore[attr-defined]
    assert sum(row["time_h"] for row in rows) == pytest.approx(mean)
    assert sum(row["time_share"] for row in rows) == pytest.approx(1.0)


def test_screen_fits_and_begins_with_the_status() -> None:
    asked = simulate("--promise-d", "3", "--from", "west", "--to", "haven", "--holding-share", "0.2")
    lines = asked.shown.splitlines()
    assert lines[0] == "The system keeps up."
    assert max(len(line.rstrip()) for line in lines) <= 100
    for title in (
        "Watched pairs", "Corridors", "each", "What the mean time goes to", "Ships", "Bottlenecks", "warm-up of",
    ):  # fmt: skip
        assert title in asked.shown


def test_safety_stock_is_shown_with_its_cost() -> None:
    shown = simulate("--holding-share", "0.2").shown
    assert "Safety stock for 95% of lead times" in shown
    assert "Safety stock" not in simulate().shown


def test_equal_seeds_give_equal_answers_for_any_number_of_threads() -> None:
    first = simulate("--json")
    assert first.shown == simulate("--json", "--threads", "3").shown
    assert first.shown != simulate("--json", "--seed", "2").shown


def test_what_if_is_paired(tmp_path: Path) -> None:
    file = tmp_path / "faster.toml"
    file.write_text(FASTER, encoding="utf-8")
    asked = simulate("--scenario", str(file), "--json")
    assert asked.code == 0, asked.said
    document = asked.document()
    rows = {(row["kind"], row["row_id"], row["measure"]): row for row in document["simulated_difference"]}
    mean = rows["time", "all", "mean_h"]
    assert mean["value_mean"] == pytest.approx(mean["rival_value"] - mean["value"])
    assert mean["value_low"] <= mean["value_mean"] <= mean["value_high"] < 0.0
    sea = rows["cause", "all|sea", "time_h"]
    assert sea["value_mean"] == pytest.approx(-2.0, abs=0.05)
    assert document["what_if"]["name"] == "Faster ferry"
    assert "Rail ferry" in document["what_if"]["other_bottleneck"]
    shown = simulate("--scenario", str(file)).shown
    assert "What if: Faster ferry, on the same draws" in shown
    assert "First bottleneck: Rail ferry Quay - Haven, from Quay, as before" in shown


def test_log_is_the_flat_event_log(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    assert simulate("--log", str(file)).code == 0
    table = pd.read_parquet(file)
    assert tuple(table.columns) == read_spec("event").column_names
    assert table["consignment_id"].nunique() > 10_000
    assert set(table["activity"]) >= {"move", "sail", "handle"}


@pytest.mark.parametrize(("round_count", "code", "is_settled"), [(1, 0, None), (2, 3, False)])
def test_rounds_that_did_not_settle_are_told(
    monkeypatch: pytest.MonkeyPatch, round_count: int, code: int, is_settled: bool | None
) -> None:
    def answer(*what: Any) -> simulate_make.Answer:
        found = real(*what)
        rounds = pd.DataFrame({"round_count": range(1, round_count + 1), "change_share": 0.1})
        done = replace(found.operations, rounds=rounds, is_settled=round_count == 1)
        return replace(found, operations=done)

    real = simulate_make.answer
    monkeypatch.setattr(simulate_make, "answer", answer)
    asked = simulate("--json")
    assert asked.code == code
    assert asked.document()["is_settled"] is is_settled
    words = "Cargo was loaded once" if is_settled is None else "have not settled"
    assert any(words in note for note in asked.document()["notes"])


def test_few_consignments_are_too_few_to_say(tmp_path: Path) -> None:
    """A thousandth of the cargo: some 18 boxes and wagons a year, of which nothing can be told."""
    demand = tmp_path / "little.csv"
    demand.write_text(
        DEMAND.read_text(encoding="utf-8").replace("36500\n", "36\n").replace("365000", "365"), "utf-8"
    )
    words = (
        "simulate", "--network", str(NETWORK), "--demand", str(demand), "--replications", "3", "--threads", "1",
        "--from", "west", "--to", "haven",
    )  # fmt: skip
    asked = ask(*words)
    assert asked.code == 3
    assert asked.shown.startswith("Too few to say whether the system keeps up.")
    line = next(line for line in asked.shown.splitlines() if line.startswith("all cargo"))
    assert "too few to say" in line
    figures = line.split("say")[1].split()
    assert figures[:-1] == ["-"] * 5
    assert 5.0 < float(figures[-1]) < 30.0
    assert max(len(one.rstrip()) for one in asked.shown.splitlines()) <= 100
    document = ask(*words, "--json").document()
    assert document["status"] == "too_few"
    assert any("too few to say anything of: all cargo (" in note for note in document["notes"])
    few = {row["scope"]: row["is_few"] for row in document["simulated_time"]}
    assert (few["all"], few["corridor"], few["probe"]) == (True, True, False)


def test_the_lots_follow_the_most_consignments() -> None:
    counts = [
        simulate("--json", "--consignments", count).document()["consignments"] for count in ("150000", "9000")
    ]
    assert counts[1] < 9_500.0 < counts[0]


def test_overload_is_an_answer_with_code_3(tmp_path: Path) -> None:
    demand = tmp_path / "much.csv"
    demand.write_text(DEMAND.read_text(encoding="utf-8").replace("365000", "3650000"), encoding="utf-8")
    asked = ask(
        "simulate", "--network", str(NETWORK), "--demand", str(demand), "--replications", "2", "--threads", "1"
    )  # fmt: skip
    assert asked.code == 3
    assert asked.shown.startswith("The system cannot keep up. Gate, gate_gauge cannot keep up since")
    assert "since 2024-01-" in asked.shown
    mean = next(line for line in asked.shown.splitlines() if line.startswith("all cargo")).split()[-3:]
    assert mean[0] == ">", "some are still under way, and the mean is a lower bound"
