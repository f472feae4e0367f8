"""Faults of rows become one issue that names file, column, rows and rule."""

import numpy as np
import pandas as pd

from dehliz.base.schema import read_spec
from dehliz.base.sheet import Rule, Sheet, join_found, rows_where, texts_of

RULE = Rule("*.*.odd", "Something even is needed", "Make it even")


def sheet(lines: tuple[int, ...] | None = None) -> Sheet:
    frame = pd.DataFrame({"node_id": ["a", "b", "", "d"], "lon_deg": [1.0, 3.0, 5.0, 8.0]})
    return Sheet(read_spec("node"), frame, "node.csv", lines)


def test_rows_are_named_by_id_and_line() -> None:
    assert sheet((2, 3, 5, 6)).name_rows([0, 2, 3]) == ("a in row 2", "row 5", "d in row 6")


def test_rows_without_lines_are_named_by_id_or_number() -> None:
    assert sheet().name_rows([1, 2]) == ("b", "row 3")


def test_no_faults_no_issue() -> None:
    assert sheet().find(RULE, "lon_deg", {}) == []


def test_faults_of_a_column_are_one_issue() -> None:
    (issue,) = sheet((2, 3, 4, 5)).find(RULE, "lon_deg", {2: "5", 0: "1"})
    assert issue.rule == "node.lon_deg.odd"
    assert str(issue) == (
        "node.csv, column lon_deg (a in row 2, row 4): 1; 5. Something even is needed. Make it even."
        " (rule node.lon_deg.odd)"
    )


def test_key_of_several_columns_names_all() -> None:
    frame = pd.DataFrame({"name": ["Baku"], "language": [""], "node_id": ["baku"]})
    assert Sheet(read_spec("place"), frame, "place.csv").name_rows([0]) == ("Baku / baku",)


def test_found_things_are_told_once_and_capped() -> None:
    assert join_found(["x", "x", "y"]) == "x; y"
    assert join_found([str(n) for n in range(10)]) == "0; 1; 2; and 7 more"


def test_rows_where_and_texts_of() -> None:
    assert rows_where(np.array([False, True, True])) == [1, 2]
    assert texts_of(pd.Series(["a", "b"], dtype="str")) == ["a", "b"]
