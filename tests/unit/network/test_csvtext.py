"""Text files: lines of rows, and what is described instead of repaired."""

from pathlib import Path

import pytest

from dehliz.network.csvtext import TextTable, read_text_table


def read(tmp_path: Path, data: bytes | str) -> TextTable:
    file = tmp_path / "node.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return read_text_table(file, "node")


def rules(table: TextTable) -> list[str]:
    return [issue.rule for issue in table.issues]


def test_cells_are_text_and_rows_know_their_line(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,x\n\n2,y\n")
    assert table.frame.to_dict("list") == {"a": ["1", "2"], "b": ["x", "y"]}
    assert table.lines == (2, 4)
    assert table.issues == ()


def test_lines_count_breaks_inside_quotes(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b\n1,"two\nlines"\n2,y\n')
    assert table.lines == (2, 4)
    assert table.frame["b"].iat[0] == "two\nlines"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(tmp_path: Path, end: str) -> None:
    table = read(tmp_path, f"a,b{end}1,x{end}2,y")
    assert table.frame["a"].tolist() == ["1", "2"]


def test_byte_order_mark_is_noted(tmp_path: Path) -> None:
    table = read(tmp_path, b"\xef\xbb\xbfa,b\n1,x\n")
    assert list(table.frame.columns) == ["a", "b"]
    assert table.notes == ("node.csv: a byte order mark at the start was left out",)


def test_nan_and_na_stay_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\nNA,NaN\n").frame.to_numpy().tolist() == [["NA", "NaN"]]


def test_blanks_around_names_are_no_fault(tmp_path: Path) -> None:
    assert list(read(tmp_path, "a , b\n1,2\n").frame.columns) == ["a", "b"]


def test_empty_columns_at_the_end_of_all_rows_are_dropped(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b,,\n1,x,,\n2,y,,\n")
    assert list(table.frame.columns) == ["a", "b"]
    assert table.issues == ()


def test_cell_beyond_an_empty_column_is_a_fault(tmp_path: Path) -> None:
    assert rules(read(tmp_path, "a,b,\n1,x,z\n")) == ["node.file.ragged"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a;b\n1;2\n", "separator"),
        (b"a\tb\n", "separator"),
        ("a,b\n1,2\n".encode("utf-16"), "encoding"),
        ("a,b\n1,2\n".encode("utf-16-be"), "encoding"),
        ("a,b\n1,Актау\n".encode("cp1251"), "encoding"),
        (b"a,b\n1,\xff\xfe\xfa\n", "encoding"),
        (b"a,a\n1,2\n", "header"),
        (b"a,,b\n1,2,3\n", "header"),
        (b"a,b\n1\n", "ragged"),
        (b"a,b\n1,2,3\n", "ragged"),
        (b'a,b\n"1,2\n', "quotes"),
        (b'a,b\n"1"x,2\n', "quotes"),
        (b"a,b\n1,\x002\n", "damaged"),
    ],
)
def test_faults_have_names(tmp_path: Path, data: bytes, rule: str) -> None:
    assert rules(read(tmp_path, data)) == [f"node.file.{rule}"]


def test_ragged_rows_are_told_together_and_left_out(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n")
    (issue,) = table.issues
    assert issue.ids == ("row 3", "row 4")
    assert table.lines == (2, 5)


def test_bad_byte_is_found_in_its_line(tmp_path: Path) -> None:
    (issue,) = read(tmp_path, b"a,b\n1,2\n3,\xe9t\xe9\n").issues
    assert issue.ids == ("row 3",)
    assert "0xe9" in issue.found
    assert "Latin-1" in issue.found


@pytest.mark.parametrize(("encoding", "name"), [("cp1251", "Windows-1251"), ("koi8-r", "KOI8-R")])
def test_cyrillic_encodings_are_told_apart(tmp_path: Path, encoding: str, name: str) -> None:
    (issue,) = read(tmp_path, "a,b\n1,Железнодорожная станция Достык\n".encode(encoding)).issues
    assert name in issue.found


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "node.csv").mkdir()
    assert rules(read_text_table(tmp_path / "node.csv", "node")) == ["node.file.damaged"]


def test_huge_cell_is_told(tmp_path: Path) -> None:
    assert rules(read(tmp_path, "a,b\n1," + "x" * 200_000 + "\n")) == ["node.file.quotes"]
