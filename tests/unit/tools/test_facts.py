"""The raw facts all arrive, keep their identifiers, and the committed files are what the raw ones give."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from tools.build_eurasia.__main__ import TARGET
from tools.build_eurasia.facts import (
    HERE,
    Library,
    build_facts,
    make_slug,
    read_added,
    read_rows,
    split_source,
)
from tools.build_eurasia.topic import TOPIC
from tools.build_eurasia.write import format_table, write_text_table

TABLES = build_facts()
RAW = {path.stem: read_rows(path) for path in sorted((HERE / "raw_facts").glob("*.csv"))}
COLUMNS_ADDED = (
    "entity",
    "metric",
    "value",
    "unit",
    "year",
    "publisher",
    "url",
    "kind",
    "licence_note",
    "source_date",
    "confidence",
    "note",
)
ADDED = {path.stem: read_rows(path) for path in sorted((HERE / "facts_added").glob("*.csv"))}


def test_every_raw_row_has_its_main_fact() -> None:
    assert set(RAW) == set(TOPIC)
    assert sum(map(len, RAW.values())) == 1338
    expected = [
        f"{topic}-{number:04d}" for topic, rows in (RAW | ADDED).items() for number in range(1, len(rows) + 1)
    ]
    plain = [fact_id for fact_id in TABLES["fact"]["fact_id"] if "." not in fact_id]
    assert sorted(plain) == sorted(expected)


def test_further_values_belong_to_a_row_and_are_not_empty() -> None:
    fact = TABLES["fact"]
    further = fact[fact["fact_id"].str.contains(".", regex=False)]
    assert set(further["fact_id"].str.partition(".")[0]) <= set(fact["fact_id"])
    assert (further["value"] != "").all()


def test_no_value_of_a_raw_row_is_lost() -> None:
    columns = {
        "alternatives": ["value"],
        "border_crossing": ["hours_mean", "hours_median", "cost"],
        "country_groups": ["status"],
        "emissions": ["value"],
        "funds": ["value"],
        "projects": [
            "length_km",
            "capacity_after",
            "capacity_before",
            "capex_musd",
            "expected_year",
            "status",
        ],
        "risk": ["value", "duration_days"],
        "segments": ["length_km", "capacity_value", "tracks", "electrified", "gauge_mm"],
        "tariffs_costs": ["cost_mean"],
        "terminals": ["value"],
        "titr_volumes": ["value"],
        "trade": ["value"],
        "transit_times": ["days_mean"],
        "vessels": ["count", "capacity_value", "sailings_per_week"],
        "zangezur": ["value"],
    }
    values: dict[str, list[str]] = {}
    for fact_id, value in zip(TABLES["fact"]["fact_id"], TABLES["fact"]["value"], strict=True):
        values.setdefault(fact_id.partition(".")[0], []).append(value)
    for topic, rows in RAW.items():
        for number, row in enumerate(rows, 1):
            cells = Counter(row[column] for column in columns[topic] if row[column])
            held = values[f"{topic}-{number:04d}"]
            starts = Counter(value.partition(" (")[0] for value in held) + Counter(held)
            assert not cells - starts, (topic, number)


def test_the_committed_files_are_what_the_raw_ones_give() -> None:
    for name, table in TABLES.items():
        committed = (TARGET / "facts" / f"{name}.csv").read_text(encoding="utf-8")
        assert write_text_table(format_table(table, name)) == committed, (
            f"run python -m tools.build_eurasia ({name})"
        )


def test_unsourced_rows_have_no_publisher_of_their_own() -> None:
    source = TABLES["source"].set_index("source_id")
    assert source.loc["none", "kind"] == "none"
    assert list(source.index[source["kind"] == "none"]) == ["none"]
    unsourced = TABLES["fact"][TABLES["fact"]["source_id"] == "none"]
    assert len(unsourced) >= 96
    assert unsourced["is_assumption"].all()


def test_a_source_cell_with_two_publishers_keeps_both() -> None:
    names, addresses = split_source("Trend citing KTZ, https://a.org/1 ; Report (https://b.org/2)")
    assert names == ["Trend citing KTZ", "Report"]
    assert addresses == ["https://a.org/1", "https://b.org/2"]
    assert split_source("") == (["general knowledge, unsourced"], [])


def test_an_unknown_publisher_is_an_error() -> None:
    with pytest.raises(KeyError, match="Nobody Knows"):
        Library(HERE / "curated").add_phrase("Nobody Knows https://a.org")


def test_added_facts_bring_their_own_source() -> None:
    library = Library(HERE / "curated")
    cells = [
        "Aktau",
        "area",
        "10-12",
        "ha",
        "2024",
        "Port of Aktau",
        "https://a.org",
        "operator",
        "",
        "2024",
        "high",
        "",
    ]
    row = dict(zip(COLUMNS_ADDED, cells, strict=True))
    sourced, bare = read_added("port_added", [row, row | {"publisher": "", "kind": "", "url": ""}], library)
    assert (sourced.fact_id, sourced.value_low, sourced.value_mean) == ("port_added-0001", 10, 11)
    assert not sourced.is_assumption
    assert library.sources[sourced.source_id].licence_note
    assert (bare.fact_id, bare.source_id, bare.is_assumption) == ("port_added-0002", "none", True)


def test_a_badly_named_file_of_added_facts_is_an_error(tmp_path: Path) -> None:
    for folder in ("raw_facts", "facts_added", "curated"):
        (tmp_path / folder).mkdir()
    for name in ("publisher.csv", "licence.csv"):
        (tmp_path / "curated" / name).write_text(
            (HERE / "curated" / name).read_text(encoding="utf-8"), encoding="utf-8"
        )
    (tmp_path / "facts_added" / "ports.csv").write_text("entity\n", encoding="utf-8")
    with pytest.raises(ValueError, match="ends in _added"):
        build_facts(tmp_path)


def test_identifiers_of_sources_do_not_move() -> None:
    source = TABLES["source"]
    assert source["source_id"].is_unique
    assert "daryo-14ba43" in set(source["source_id"])
    assert make_slug("Trend via MENAFN citing KTZ, the national railway") == "trend-via-menafn-citing-ktz"


def test_every_topic_says_why_some_facts_are_not_used() -> None:
    reasons = {row["topic"]: row["reason"] for row in read_rows(HERE / "curated" / "topic_reason.csv")}
    assert set(TOPIC) <= set(reasons)
    assert all(reasons.values())


def test_facts_are_frames_of_the_dictionary() -> None:
    assert isinstance(TABLES["fact"], pd.DataFrame)
    assert len(format_table(TABLES["source"], "source")) == len(TABLES["source"])
