"""Named numbers agree with the facts, and every cell that takes one leaves a trace."""

import math
from pathlib import Path

import pandas as pd
import pytest
from tools.build_eurasia.facts import build_facts
from tools.build_eurasia.parameter import Ledger, Parameter, add_up, read_parameters, spread

FACTS = pd.DataFrame({"fact_id": ["a-0001", "a-0002"], "value_mean": [10.0, 3.5]})
HEADER = "parameter_id,value,basis,fact_id,factor,rival_fact_ids,low,high,rule\n"


def read(folder: Path, *lines: str) -> dict[str, Parameter]:
    path = folder / "parameter.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return read_parameters(FACTS, path)


def test_a_fact_is_its_published_number_times_the_factor(tmp_path: Path) -> None:
    assert read(tmp_path, "x_h,240,fact,a-0001,24,a-0002,,,Published")["x_h"].value == 240


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x_h,11,fact,a-0001,,,,,Published", "11.0 here, 10.0 in a-0001"),
        ("x_h,10,fact,a-0009,,,,,Published", "no fact 'a-0009'"),
        ("x_h,10,derived,a-0001,,a-0008,,,Halved", "no fact 'a-0008'"),
        ("x_h,10,assumption,,,,,,Chosen", "between low and high"),
        ("x_h,10,assumption,,,,11,12,Chosen", "between low and high"),
        ("x_h,10,derived,a-0001,,,,,", "a rule is needed"),
    ],
)
def test_a_wrong_parameter_stops_the_build(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(tmp_path, line)


def test_all_faults_come_together(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a-0009.*y_h: named twice"):
        read(tmp_path, "x_h,1,fact,a-0009,,,,,P", "y_h,1,derived,a-0001,,,,,P", "y_h,1,derived,a-0001,,,,,P")


def test_a_sum_is_an_assumption_as_soon_as_one_part_is(tmp_path: Path) -> None:
    known = read(
        tmp_path, "x_h,10,fact,a-0001,,,,,Published", "y_h,4,assumption,,,a-0002,2,9,Chosen",
        "z_h,3.5,fact,a-0002,,,,,Published",
    )  # fmt: skip
    both = add_up([known["x_h"], known["y_h"]])
    assert (both.value, both.basis, both.low, both.high) == (14, "assumption", 12, 19)
    sure = add_up([known["x_h"], known["z_h"]])
    assert (sure.value, sure.basis, sure.fact_id, sure.rival_fact_ids) == (
        13.5,
        "derived",
        "a-0001",
        "a-0002",
    )
    assert math.isnan(sure.low)


def test_the_ledger_notes_each_cell(tmp_path: Path) -> None:
    ledger = Ledger(read(tmp_path, "x_h,10,fact,a-0001,,,,,Published", "y_h,4,assumption,,,,2,9,Chosen"))
    assert ledger.take("link", "k", "time_h", "x_h") == 10
    assert ledger.take_sum("link", "k", "wait_h", "x_h;y_h") == 14
    assert math.isnan(ledger.take("link", "k", "other_h", ""))
    assert ledger.note("link", "j", "spread_h", spread(6, "Chosen")) == 6
    table = ledger.make_table()
    assert list(table["column_name"]) == ["time_h", "wait_h", "spread_h"]
    assert ledger.list_facts("link", "k") == "a-0001"
    assert ledger.list_facts("link", "j") == ""


def test_the_curated_parameters_agree_with_the_facts() -> None:
    known = read_parameters(build_facts()["fact"])
    assert known["cap_alat_teu_a"].value == 150_000
    assert all(one.low <= one.value <= one.high for one in known.values() if one.basis == "assumption")
