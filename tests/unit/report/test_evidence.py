import pandas as pd
import pytest

from dehliz.report.evidence import (
    method_section,
    read_unit,
    sources_section,
    validation_section,
    values_section,
)
from dehliz.report.story import tell
from tests.unit.report.sample import make_sample
from tests.unit.report.small import make_legs, make_route


def make_story(manifest=None, **tables):
    return tell({"route": make_route(), "route_leg": make_legs(), **tables}, manifest or {})


@pytest.fixture(scope="module")
def sample():
    tables, manifest = make_sample()
    return tell(tables, manifest)


def test_comparisons_are_counted_without_those_that_prove_nothing(sample):
    text = validation_section(sample)
    # Eight lengths, the first being an input; of the other seven, five pass.
    assert "5 of 7" in text
    assert "1\u00a0comparison" in text
    assert "3 of 3" in text
    assert "14 to 18.0\u00a0days" in text
    assert "+6.2\u00a0%" in text


def test_assumptions_are_shown_with_range_and_unit(sample):
    text = values_section(sample)
    assert "24 to 120\u00a0h" in text
    assert "terminal: waiting time" in text
    assert "1\u00a0value" in text


def test_values_of_one_kind_are_one_row():
    value = pd.DataFrame(
        [
            {"table_name": "link", "row_id": f"l{i}", "column_name": "speed_km_h", "value": str(30 + i),
             "basis": "derived", "rule": "one rule", "low": float("nan"), "high": float("nan")}
            for i in range(9)
        ]
    )  # fmt: skip
    text = values_section(make_story(value=value))
    assert "30 to 38\u00a0km/h" in text
    assert "9\u00a0rows: l0, l1, l2, l3 and 5 more" in text
    assert "Derived values (9, in 1 kinds)" in text


def test_facts_have_badge_date_and_address(sample):
    text = sources_section(sample)
    assert "Sample &lt;port&gt;: dwell" in text
    assert 'href="https://example.org/a?b=1&amp;c=2"' in text
    assert ">assumption</span> low confidence" in text
    assert "2025-09-30, for 2025" in text


def test_only_web_addresses_become_links():
    fact = pd.DataFrame([{
        "fact_id": "f", "topic": "t", "entity": "e", "metric": "m", "value": "1", "unit": "km", "year": "",
        "source_id": "s", "source_date": "", "confidence": "high", "is_assumption": False,
    }])  # fmt: skip
    source = pd.DataFrame(
        [
            {
                "source_id": "s",
                "publisher": "P",
                "url": "javascript:alert(1)",
                "kind": "press",
                "licence_note": "",
            }
        ]
    )
    text = sources_section(make_story(fact=fact, source=source))
    assert "href" not in text
    assert "javascript:alert(1)" in text


def test_sections_without_tables_are_left_out():
    story = make_story()
    assert validation_section(story) == values_section(story) == sources_section(story) == ""


def test_method_tells_terms_and_notes():
    text = method_section(make_story({"notes": ["a <note>"], "status": "incomplete", "version": "1.2"}))
    assert "a &lt;note&gt;" in text
    assert "incomplete" in text
    assert "Natural Earth" in text
    assert "Notes of this run" not in method_section(make_story())


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("speed_km_h", "km/h"),
        ("cost_usd_teu", "USD/TEU"),
        ("name", ""),
        ("rate_usd_t_h", "US dollar per tonne and hour"),
    ],
)
def test_units(column, unit):
    assert read_unit(column) == unit
