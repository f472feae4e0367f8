"""Lines as text and back."""

import pytest

from dehliz.network.wkt import from_pairs, line_length_km, parse_line, to_pairs, to_wkt

POINTS = [(71.4, 51.1), (76.9, 43.0)]


@pytest.mark.parametrize(
    "text",
    [
        "LINESTRING (71.4 51.1, 76.9 43)",
        "linestring(71.4 51.1,76.9 43)",
        "  LINESTRING Z (71.4 51.1 300, 76.9 43 800) ",
        "SRID=4326;LINESTRING(71.4 51.1, 76.9 43)",
    ],
)
def test_lines_are_read(text: str) -> None:
    assert parse_line(text) == POINTS


@pytest.mark.parametrize(
    "text",
    ["", "POINT (1 2)", "LINESTRING EMPTY", "LINESTRING (1 2)", "LINESTRING (1 2, 3)", "LINESTRING (a b, c d)",
     "LINESTRING (1 2, 3 4", "LINESTRING (nan 1, 2 3)", "LINESTRING (inf 1, 2 3)", "MULTILINESTRING ((1 2, 3 4))"],
)  # fmt: skip
def test_what_is_no_line_is_none(text: str) -> None:
    assert parse_line(text) is None


def test_there_and_back() -> None:
    assert parse_line(to_wkt(POINTS)) == POINTS
    assert from_pairs(to_pairs(POINTS)) == POINTS


def test_whole_numbers_have_no_point() -> None:
    assert to_pairs([(10.0, 0.0), (11.5, -1.0)]) == "10 0;11.5 -1"
    assert to_wkt([(10.0, 0.0), (11.5, -1.0)]) == "LINESTRING (10 0, 11.5 -1)"


def test_length() -> None:
    assert line_length_km([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]) == pytest.approx(222.39, abs=0.01)
