"""Published quantities become numbers only where they state one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.build_eurasia.quantity import join_range, parse_quantity

NONE = math.nan


@pytest.mark.parametrize(
    ("text", "low", "high", "mean"),
    [
        ("836", NONE, NONE, 836),
        ("-44", NONE, NONE, -44),
        ("7-17", 7, 17, 12),
        ("12-15", 12, 15, 13.5),
        ("1100-1195", 1100, 1195, 1147.5),
        ("over 90%", 90, NONE, 90),
        ("up to 6", NONE, 6, 6),
        ("about 75", NONE, NONE, 75),
        ("2 x 700", NONE, NONE, 1400),
        ("1 272 km", NONE, NONE, 1272),
        ("1.2 million containers", NONE, NONE, 1_200_000),
        ("21 Mt", NONE, NONE, 21),
        ("10 Mt extra (ports total to 30 Mt)", NONE, NONE, 10),
        ("8 (2x80 t, 2x40 t, 4x30 t)", NONE, NONE, 8),
        ("20.7 bn KZT", NONE, NONE, 20.7e9),
    ],
)
def test_a_stated_number_is_read(text: str, low: float, high: float, mean: float) -> None:
    quantity = parse_quantity(text)
    assert (quantity.low, quantity.high, quantity.mean) == pytest.approx((low, high, mean), nan_ok=True)
    assert quantity.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15 Mt; 0.1 M TEU",
        "7-10 minimum; 10-14 with calls",
        "60 -> 53",
        "340 + 330",
        "3 oil + 3 dry + grain",
        "3 RMG 41 t",
        "2026-H2",
        "2025-11-28",
        "closed",
        "early 2030s",
        "320000 (stage 2); 700000 planned",
        "+50% (about 30 Mt); container flow x3",
        "15-12",
    ],
)
def test_several_quantities_or_none_stay_text(text: str) -> None:
    quantity = parse_quantity(text)
    assert quantity.text == text
    assert not quantity.is_number
    assert math.isnan(quantity.low)
    assert math.isnan(quantity.high)


def test_a_date_is_no_number() -> None:
    assert not parse_quantity("2025", "date").is_number


def test_separate_cells_make_one_range() -> None:
    quantity = join_range("3239", "3292", "3250")
    assert (quantity.text, quantity.low, quantity.high, quantity.mean) == (
        "3250 (3239-3292)",
        3239,
        3292,
        3250,
    )
    assert join_range("20", "22", "").mean == 21
    assert join_range("", "4000", "").text == "4000"
    assert join_range("60", "60", "").text == "60"


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).map(lambda number: round(number, 3)))
def test_any_plain_number_reads_back(number: float) -> None:
    text = f"{number:.3f}"
    assert parse_quantity(text).mean == float(text)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_any_range_holds_its_mean(low: int, width: int) -> None:
    quantity = parse_quantity(f"{low}-{low + width}")
    assert quantity.low < quantity.mean < quantity.high
