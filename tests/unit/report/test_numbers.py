import math

import pytest

from dehliz.report import numbers

T, S, M = numbers.THIN, numbers.SPACE, numbers.MINUS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (numbers.group(1234567.0), f"1{T}234{T}567"),
        (numbers.group(-12.34, 1), f"{M}12.3"),
        (numbers.group(-0.04, 1), "0.0"),
        (numbers.signed(3.0), "+3"),
        (numbers.signed(0.0), "0"),
        (numbers.signed(0.04, 1), "0.0"),
        (numbers.km(9876.0), f"9{T}880{S}km"),
        (numbers.km(834.4), f"834{S}km"),
        (numbers.days(36.0), f"1.5{S}days"),
        (numbers.days(36.0, is_short=True), f"1.5{S}d"),
        (numbers.usd(6453.0), f"USD{S}6{T}450"),
        (numbers.kgco2e(3456.0), f"3{T}460{S}kg CO₂e"),
        (numbers.kgco2e(34560.0), f"34.6{S}t CO₂e"),
        (numbers.score(-0.457), f"{M}0.46"),
        (numbers.factor(1.523), f"1.52{S}×"),
        (numbers.percent(0.256), f"26{S}%"),
        (numbers.signed_days(-12.0), f"{M}0.5{S}days"),
        (numbers.signed_usd(48.0), f"+50{S}USD"),
        (numbers.signed_km(-56.4), f"{M}56{S}km"),
        (numbers.signed_kgco2e(-18.0), f"{M}20{S}kg CO₂e"),
        (numbers.count(1, "border"), f"1{S}border"),
        (numbers.count(3, "border"), f"3{S}borders"),
        (numbers.count(0, "way", "ways"), f"0{S}ways"),
    ],
)
def test_numbers_for_people(text, expected):
    assert text == expected


@pytest.mark.parametrize(
    "form",
    [numbers.km, numbers.days, numbers.usd, numbers.kgco2e, numbers.score, numbers.factor, numbers.percent,
     numbers.signed_days, numbers.signed_usd, numbers.signed_km, numbers.signed_kgco2e,
     lambda value: numbers.count(value, "border")],
)  # fmt: skip
def test_a_missing_number_is_said_to_be_missing(form):
    assert form(math.nan) == numbers.MISSING
    assert form(math.inf) == numbers.MISSING
