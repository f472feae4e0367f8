"""Cells to values: what counts as a number, a truth, an id, and what is absence."""

import numpy as np
import pandas as pd
import pytest

from dehliz.base.parse import as_text, parse_column
from dehliz.base.schema import ColumnSpec, ColumnType


def column(kind: ColumnType, *, required: bool = False, default: str = "") -> ColumnSpec:
    return ColumnSpec(
        "c", kind, "km", ("a", "b"), required, default, None, None, False, "", "input", "A column", ""
    )


def texts(*cells: str) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("-2.5", -2.5),
        ("+3", 3.0),
        (".5", 0.5),
        ("4.", 4.0),
        ("1e3", 1000.0),
        ("2E-2", 0.02),
        (" 7 ", 7.0),
    ],
)
def test_number_is_read(text: str, value: float) -> None:
    parsed = parse_column(texts(text), column("float"))
    assert parsed.values.tolist() == [value]
    assert not parsed.faults


@pytest.mark.parametrize(
    "text", ["1,5", "1 000", "1_000", "0x10", "abc", "nan", "inf", "-", "12 km", "1e", "--1", "٣"]
)
def test_what_is_no_number_is_a_fault(text: str) -> None:
    parsed = parse_column(texts("1", text), column("float"))
    assert list(parsed.faults) == [1]
    assert np.isnan(parsed.values.iat[1])
    assert not parsed.is_missing[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,5", "decimal point"),
        ("1.000,5", "decimal point"),
        ("1 000", "decimal point"),
        ("12 km", "the unit is km"),
        ("NaN", "Leave the cell empty"),
        ("abc", "Write digits"),
    ],
)
def test_advice_fits_the_fault(text: str, words: str) -> None:
    assert words in parse_column(texts(text), column("float")).remedy


def test_needed_number_is_not_advised_to_be_empty() -> None:
    assert parse_column(texts("nan"), column("float", required=True)).remedy.startswith("Write the value")


def test_empty_number_is_missing_and_nan() -> None:
    parsed = parse_column(texts("", "  ", "1"), column("float"))
    assert parsed.is_missing.tolist() == [True, True, False]
    assert np.isnan(parsed.values.iloc[:2]).all()


def test_required_whole_numbers_are_int64_optional_ones_float64() -> None:
    assert parse_column(texts("1", "2.0"), column("int", required=True)).values.dtype == np.int64
    assert parse_column(texts("1", ""), column("int")).values.dtype == np.float64


def test_broken_whole_number_is_a_fault() -> None:
    assert list(parse_column(texts("1", "1.5"), column("int")).faults) == [1]


def test_typed_numbers_pass_and_infinity_does_not() -> None:
    parsed = parse_column(pd.Series([1.0, np.nan, np.inf]), column("float"))
    assert list(parsed.faults) == [2]
    assert parsed.is_missing.tolist() == [False, True, False]
    assert np.isnan(parsed.values.iat[2])


def test_number_too_large_for_a_float_is_a_fault() -> None:
    assert list(parse_column(texts("1e999"), column("float")).faults) == [0]


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("FALSE", False), ("1", True), ("0", False), (" True ", True)]
)
def test_truth_is_read(text: str, value: bool) -> None:
    assert parse_column(texts(text), column("bool")).values.tolist() == [value]


@pytest.mark.parametrize("text", ["yes", "no", "2", "t", "wahr"])
def test_other_truths_are_faults(text: str) -> None:
    assert list(parse_column(texts(text), column("bool")).faults) == [0]


def test_missing_truth_is_missing() -> None:
    assert parse_column(texts(""), column("bool")).is_missing.tolist() == [True]


@pytest.mark.parametrize("text", [" a", "a ", "a;b"])
def test_untidy_id_is_a_fault(text: str) -> None:
    assert list(parse_column(texts(text), column("id")).faults) == [0]


@pytest.mark.parametrize("text", ["a; b", "a;;b", ";a", "a;", " a;b"])
def test_untidy_ids_are_a_fault_and_mean_what_was_meant(text: str) -> None:
    parsed = parse_column(texts(text), column("ids"))
    assert list(parsed.faults) == [0]
    assert parsed.values.tolist() in (["a;b"], ["a"])


def test_ids_keep_their_order() -> None:
    assert parse_column(texts("b;a"), column("ids")).values.tolist() == ["b;a"]


def test_default_fills_absence() -> None:
    parsed = parse_column(texts("", "Mo-Fr"), column("text", default="always"))
    assert parsed.values.tolist() == ["always", "Mo-Fr"]
    assert not parsed.is_missing.any()


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "b\ufffd"])
def test_unreadable_text_is_a_fault(text: str) -> None:
    assert list(parse_column(texts(text), column("text")).faults) == [0]


def test_any_script_is_readable() -> None:
    assert not parse_column(texts("Ақтау", "თბილისი", "西安", "Şəki"), column("text")).faults


def test_long_text_is_cut_in_a_message() -> None:
    found = parse_column(texts("x" * 500), column("float")).faults[0]
    assert len(found) < 70


def test_as_text_of_mixed_cells() -> None:
    cells = pd.Series(["a", None, 12.0, 1.5, True, np.nan, 3, pd.NA], dtype=object)
    assert as_text(cells) == ["a", "", "12", "1.5", "true", "", "3", ""]


def test_as_text_of_typed_columns() -> None:
    assert as_text(pd.Series([True, False])) == ["true", "false"]
    assert as_text(pd.Series([1, 2])) == ["1", "2"]
    assert as_text(pd.Series([1.0, np.nan])) == ["1", ""]
