"""The page of a simulation: well formed, status first, nothing lost, nothing let out."""

import re

import pandas as pd
import pytest

from dehliz.base.schema import read_spec
from dehliz.report.simulation_page import draw_simulation, tell_status
from dehliz.report.simulation_sections import pick_median
from dehliz.report.simulation_tables import tell_cell, tell_value
from dehliz.report.simulation_words import pick_differences, pick_groups, pick_resources, read_names
from tests.unit.report.simulation_sample import MANIFEST, fill, make_differences, make_event, make_tables
from tests.unit.report.test_page import Reader

WHAT_IF = {
    "name": "One <more> ship",
    "status": "ok",
    "reason": "",
    "base_bottleneck": "Quay A",
    "other_bottleneck": "Yard",
}


@pytest.fixture(scope="module")
def page() -> str:
    return draw_simulation(make_tables(), {**MANIFEST, "what_if": WHAT_IF})


def read(page: str) -> Reader:
    reader = Reader()  # type: ignore[no-untyped-call]
    reader.feed(page)
    return reader


def test_the_page_is_well_formed(page: str) -> None:
    reader = read(page)
    assert reader.stack == []
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.headings[0] == 1
    assert all(
        after - before <= 1 for before, after in zip(reader.headings, reader.headings[1:], strict=False)
    )
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert anchor in reader.ids
    for name in re.findall(r"url\(#([^)]+)\)", page):
        assert name in reader.ids


def test_status_comes_first_with_what_it_rests_on(page: str) -> None:
    text = " ".join(read(page[: page.index("<nav")] + page[page.index("<main") :]).text)
    order = (
        "keeps up", "4\u00a0replications", "Seed 7", "Warm-up left out: 14.0\u00a0days (MSER-5)", "How long it takes",
        "What the time goes to", "What if: One", "week by week", "On the way", "Sources", "Method and notes",
    )  # fmt: skip
    at = [text.index(words) for words in order]
    assert at == sorted(at)


def test_nothing_breaks_out_and_nothing_is_fetched(page: str) -> None:
    assert "Hafen &lt;&amp;&gt;" in page
    assert "<script>alert" not in page
    assert "Middle &lt;script&gt;" in page
    assert "One &lt;more&gt; ship" in page
    assert "Nothing is &lt;known&gt; of ice." in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert not re.search(r"\b(nan|inf|None)\b", " ".join(read(page).text))
    assert not re.search(r'="[^"]*\bnan\b', page)


def test_bytes_are_the_same_each_time(page: str) -> None:
    assert page == draw_simulation(make_tables(), {**MANIFEST, "what_if": WHAT_IF})


def test_an_overload_is_said_before_all_else() -> None:
    reason = "Quay <1> cannot keep up since 2024-02-12"
    page = draw_simulation(make_tables(), {**MANIFEST, "status": "overloaded", "reason": reason})
    assert 'class="warning"' in page
    assert "The system is overloaded: Quay &lt;1&gt; cannot keep up since 2024-02-12." in page
    assert tell_status({}) == "The run does not say whether its places keep up."
    assert tell_status({"status": "ok", "is_settled": False}).endswith(
        " Choice and operations have not settled."
    )


def test_a_mean_with_some_under_way_is_a_lower_bound() -> None:
    tables = make_tables()
    for share, is_told in ((0.0, False), (0.1, True)):
        times = tables["simulated_time"].assign(unfinished_share=share)
        drawn = draw_simulation({**tables, "simulated_time": times}, MANIFEST)
        assert ("at least: some are still under way" in drawn) is is_told


def test_a_warm_up_without_an_end_is_said() -> None:
    warm_up = {"end_h": 24.0, "method": "MSER-5", "is_found": False}
    assert "no end was found" in draw_simulation(make_tables(), {**MANIFEST, "warm_up": warm_up})


def test_a_run_without_tables_says_so() -> None:
    page = draw_simulation({}, {})
    assert read(page).stack == []
    for words in ("there are no times", "no tree of causes", "no queue to draw"):
        assert words in page


def test_groups_of_too_few_are_not_drawn() -> None:
    tables = make_tables()
    del tables["probe_time"]
    tables["simulated_time"] = tables["simulated_time"][:1].assign(is_few=True)
    page = draw_simulation(tables, {**MANIFEST, "status": "too_few", "reason": "0.5 are observed"})
    assert "Too few consignments to say whether every place keeps up: 0.5 are observed." in page
    assert "All cargo: median" not in page


def test_without_watched_pairs_groups_are_drawn() -> None:
    tables = make_tables()
    del tables["probe_time"]
    tables["simulated_time"] = tables["simulated_time"][:1]
    page = draw_simulation(tables, MANIFEST)
    assert "All cargo: median 2.4\u00a0days" in page


def test_published_times_stand_beside_their_pair(page: str) -> None:
    assert "observed 2024: 3.0 days" in page
    assert "transit_times-0001" in page
    tables = make_tables()
    tables["fact"] = pd.DataFrame([{"fact_id": "transit_times-0001", "entity": "A to B", "source_id": "s"}])
    tables["source"] = pd.DataFrame(
        [{"source_id": "s", "publisher": "Pub <1>", "url": "javascript:alert(1)"}]
    )
    page = draw_simulation(tables, MANIFEST)
    assert "Pub &lt;1&gt;" in page
    assert 'href="javascript' not in page


def test_rows_of_differences_are_named_and_chosen() -> None:
    chosen = pick_differences(make_differences(), read_names(make_tables()))
    assert chosen["name"].tolist() == ["Ostor → Hafen <&>, Middle <script>", "All cargo", "Quay <of> Mitte"]
    assert "wait_h_t" not in set(chosen["measure"])  # not clear


def test_overloaded_resources_are_drawn_first() -> None:
    tables = make_tables()
    rank, use = tables["simulated_bottleneck"], tables["resource_use"]
    late = rank.assign(resource_id="late", wait_rank_count=0, is_overloaded=True)
    tables["simulated_bottleneck"] = pd.concat([rank, late])
    tables["resource_use"] = pd.concat([use, use.assign(resource_id="late")])
    assert pick_resources(tables) == ["late", "sail:mitte"]
    assert pick_resources({}) == []


def test_groups_are_watched_pairs_or_corridors() -> None:
    times = make_tables()["simulated_time"]
    assert pick_groups(times)["scope"].tolist() == ["probe"]
    assert pick_groups(times[:1])["scope"].tolist() == ["all"]


def test_the_median_consignment_is_chosen() -> None:
    assert pick_median(make_event((30.0, 10.0, 20.0))) == "2"
    late = make_event((30.0, 10.0))
    late.loc[late["consignment_id"] == "1", "end_h"] = float("nan")
    assert pick_median(late) == "0"


def test_cells_read_by_their_unit() -> None:
    assert tell_value("mean_h", 36.0) == "1.5\u00a0d"
    assert tell_value("off_port_h", 1.25) == "1.2\u00a0h"
    assert tell_value("load_share", 0.254) == "25\u00a0%"
    assert tell_value("load_share", 0.0123) == "1.2\u00a0%"
    assert tell_value("load_share", 0.0001) == "0\u00a0%"
    assert (tell_value("fleet_count", 0), tell_value("fleet_count", 2)) == ("at hand", "2")
    assert tell_value("wait_h_t", 1.234) == "1.23"
    assert tell_value("is_clear", True) == "yes"
    assert tell_value("since_date", "") == "–"
    assert tell_cell({"low_share": 0.5, "high_share": None}, "low_share high_share") == "–"
    assert (
        tell_cell({"low_share": 0.5, "high_share": 0.75}, "low_share high_share") == "50\u00a0% to 75\u00a0%"
    )


def test_what_was_measured_stands_beside_the_model() -> None:
    tables = make_tables()
    tables["simulated_time_summary"] = pd.DataFrame(
        [("observed", "all", 9, 5, 5 / 9, -0.13, 0.187), ("observed", "middle", 4, 2, 0.5, -0.07, 0.18)],
        columns=list(read_spec("simulated_time_summary").column_names),
    )
    tables["indicator"] = fill("indicator", [
        {"indicator": "tfi1", "corridor_id": "all", "country_id": "CN", "medium": "rail", "unit": "h", "value": 14.43,
         "low": 5.0, "high": 28.0, "model_count": 32522, "measured": 14.4, "error_share": 0.002, "measured_year": 2023},
        {"indicator": "tfi1", "corridor_id": "all", "country_id": "AM", "medium": "rail", "unit": "h", "value": 6.7},
    ])  # fmt: skip
    tables["feedback"] = pd.DataFrame(
        {"round_count": [1, 2, 2], "change_share": [None, -0.03, 0.01], "correction_h": [9.0, 9.5, 9.5],
         "residual_h": 4.8}
    ).astype(float)  # fmt: skip
    tables["feedback"]["round_count"] = [1, 2, 2]
    text = " ".join(read(draw_simulation(tables, MANIFEST)).text)
    assert "observed, Middle <script>" in text
    assert "TFI1, hours at a border, rail, CN" in text
    assert "rail, AM" not in text
    assert "5 to 28" in text
    assert "2023" in text
    assert "3.0\u00a0%" in text
    assert "Beside what was measured" not in " ".join(read(draw_simulation(make_tables(), MANIFEST)).text)
