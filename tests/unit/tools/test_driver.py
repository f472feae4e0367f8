"""The build joins what its parts make, writes plain bytes and finds what does not agree."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.build_eurasia.__main__ import compare, write_tables
from tools.build_eurasia.assemble import find_path, join_tables
from tools.build_eurasia.crosscheck import (
    check_basis,
    check_fact_ids,
    check_values,
    count_uses,
    list_fact_uses,
    list_gaps,
)
from tools.build_eurasia.write import BuildError, format_number, format_table, write_text_table

COUNTRY = pd.DataFrame({"country_id": ["KZ", "AZ"], "name": ["Kazakhstan", "Azerbaijan"]})
FACT = {
    "fact_id": "a-0001", "topic": "a", "entity": "e", "metric": "m", "value": "1", "source_id": "none",
    "confidence": "low", "is_assumption": True,
}  # fmt: skip
VALUE = {
    "table_name": "country", "row_id": "KZ", "column_name": "logistics_score", "value": "2.7", "basis": "fact",
    "fact_id": "a-0001", "rule": "only one",
}  # fmt: skip


def make_tables(**value: str) -> dict[str, pd.DataFrame]:
    country = COUNTRY.assign(logistics_score=[2.70, float("nan")], fact_ids=["a-0001", ""])
    return join_tables(
        [("x", {"country": country, "fact": pd.DataFrame([FACT]), "value": pd.DataFrame([VALUE | value])})]
    )


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18))
def test_numbers_read_back_the_same_and_have_no_exponent(number: float) -> None:
    text = format_number(number)
    assert float(text) == number
    assert "e" not in text.lower()


@pytest.mark.parametrize(
    ("number", "text"), [(504.0, "504"), (0.1, "0.1"), (-0.0, "0"), (1e-7, "0.0000001"), (float("nan"), "")]
)
def test_known_numbers(number: float, text: str) -> None:
    assert format_number(number) == text


def test_columns_follow_the_dictionary_and_rows_the_key() -> None:
    text = write_text_table(format_table(COUNTRY[["name", "country_id"]], "country"))
    assert text.splitlines()[0].startswith("country_id,iso3,name,")
    assert [line[:2] for line in text.splitlines()[1:]] == ["AZ", "KZ"]
    assert text.endswith("\n")
    assert "\r" not in text


def test_order_of_rows_makes_no_difference() -> None:
    assert write_text_table(format_table(COUNTRY, "country")) == write_text_table(
        format_table(COUNTRY.iloc[::-1], "country")
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (COUNTRY.assign(colour="red"), "not in the dictionary \\['colour'\\]"),
        (COUNTRY[["country_id"]], "required columns missing \\['name'\\]"),
        (COUNTRY.assign(country_id="KZ"), "2 rows share a key, such as KZ"),
        (COUNTRY.assign(name=""), "country.name: required, but empty in KZ, AZ"),
    ],
)
def test_a_table_that_breaks_the_dictionary_is_refused(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        format_table(table, "country")


def test_parts_may_complete_each_other_but_not_disagree() -> None:
    one = {"country": COUNTRY.assign(iso3=["KAZ", ""], fact_ids=["b-0001", ""])}
    other = {"country": COUNTRY.assign(iso3=["", "AZE"], fact_ids=["a-0001;b-0001", ""])}
    joined = join_tables([("one", one), ("other", other)])["country"]
    assert list(joined["iso3"]) == ["AZE", "KAZ"]
    assert list(joined["fact_ids"]) == ["", "a-0001;b-0001"]
    with pytest.raises(BuildError, match="country KZ: parts disagree on iso3: KAZ / KZT"):
        join_tables([("one", one), ("other", {"country": COUNTRY.assign(iso3=["KZT", "AZE"])})])


def test_an_unknown_table_is_refused_with_the_part_that_made_it() -> None:
    with pytest.raises(BuildError, match="part sea: the dictionary has no table 'harbour'"):
        join_tables([("sea", {"harbour": COUNTRY})])


def test_values_that_agree_pass() -> None:
    tables = make_tables()
    assert check_values(tables) == check_fact_ids(tables) == check_basis(tables) == []
    assert list_gaps(tables) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"value": "2.8"}, "2.8 here, 2.7 in the table"),
        ({"row_id": "XX"}, "no row 'XX'"),
        ({"column_name": "mood"}, "no column 'mood'"),
        ({"table_name": "link"}, "no table 'link'"),
    ],
)
def test_a_value_that_does_not_fit_its_cell_is_a_fault(value: dict[str, str], message: str) -> None:
    assert message in check_values(make_tables(**value))[0]


def test_a_fact_that_does_not_exist_is_a_fault() -> None:
    assert check_fact_ids(make_tables(fact_id="b-0007")) == [
        "value country/KZ/logistics_score: no fact 'b-0007'"
    ]


def test_a_basis_needs_its_fact_or_its_range() -> None:
    assert "no fact is named" in check_basis(make_tables(fact_id=""))[0]
    assert "needs low and high" in check_basis(make_tables(basis="assumption"))[0]


def test_numbers_without_a_reason_are_listed() -> None:
    gaps = list_gaps(make_tables(row_id="AZ"))
    assert [(gap.table, gap.column, gap.number_count, gap.rows) for gap in gaps] == [
        ("country", "logistics_score", 1, ("KZ",))
    ]


def test_uses_of_facts_are_counted(tmp_path: Path) -> None:
    reasons = tmp_path / "reason.csv"
    reasons.write_text("topic,reason\na,kept\n", encoding="utf-8")
    tables = make_tables()
    assert set(list_fact_uses(tables)["table"]) == {"country", "value"}
    (row,) = count_uses(tables, reasons).to_dict("records")
    assert row == {"topic": "a", "fact_count": 1, "used_count": 1, "assumption_count": 1, "reason": "kept"}


def test_folders_are_compared_by_byte(tmp_path: Path) -> None:
    tables = make_tables()
    write_tables(tables, tmp_path / "one")
    write_tables(tables, tmp_path / "other")
    assert compare(tmp_path / "one", tmp_path / "other") == []
    path = tmp_path / "other" / find_path("country")
    path.write_text(path.read_text(encoding="utf-8").replace("2.7", "2.70"), encoding="utf-8")
    (tmp_path / "other" / find_path("value")).unlink()
    (tmp_path / "other" / "tables" / "old.csv").write_text("a\n", encoding="utf-8")
    assert compare(tmp_path / "one", tmp_path / "other") == [
        "tables/value.csv: not committed",
        "tables/old.csv: committed, but not built",
        "tables/country.csv: 3 lines committed, 3 built, first difference in line 3",
    ]
