"""Pages that are written by hand: numbers of the code told rightly, every page in the table of contents."""

import re

import numpy as np
import pytest

from dehliz.assignment import bushes, equilibrium, system, system_pricing, system_problem
from dehliz.assignment.settings import AssignmentSettings
from dehliz.cli.simulate import REPLICATION_COUNT
from dehliz.routing.alternatives import AlternativeLimits
from dehliz.routing.compare import DETOUR_FACTOR
from dehliz.routing.thin import LEAST_DIFFERENCE_SHARE
from dehliz.simulation import bottleneck, flows, plan_traffic, warmup
from dehliz.simulation.routes_in import PlanSettings
from dehliz.study import operations, simulating
from dehliz.study.feedback import FeedbackSettings
from dehliz.validation import fitting
from dehliz.validation.compare import LENGTH_TOLERANCE_SHARE
from dehliz.validation.operations import HIGH_SHARE, LOW_SHARE
from tests.docs.pages import DOCS, ROOT, list_pages, read_page

COUNTS = {2.0: "two", 3.0: "three", 4.0: "four", 5.0: "five"}


def test_every_page_is_in_the_contents() -> None:
    listed = set(re.findall(r"[\w/]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert listed == set(list_pages())


def test_numbers_of_the_code_are_told_rightly() -> None:
    assert f"more than\n{COUNTS[DETOUR_FACTOR]} times" in read_page("background/routing.md")
    assert f"at least {LEAST_DIFFERENCE_SHARE:.0%} of its length" in read_page("background/routing.md")
    assert f"within {LENGTH_TOLERANCE_SHARE:.0%} of the published" in read_page("background/validation.md")


def test_numbers_of_the_assignment_are_told_rightly() -> None:
    page = " ".join(read_page("background/equilibrium.md").split())
    assert f"up to {bushes.MOST_BLOCKS} blocks" in page
    assert f"Up to {equilibrium.SWEEP_COUNT} sweeps" in page
    assert f"than {equilibrium.SLEEP_SHARE:.0%} of what the gap is" in page
    assert f"no longer falls below {equilibrium.STALL_SHARE:.0e}," in page
    page = " ".join(read_page("background/stochastic.md").split())
    limits = AlternativeLimits()
    assert f"at most {limits.route_limit_count} routes of a trip" in page
    assert f"at most {limits.stretch_share:.0%} dearer" in page
    assert f"at most {limits.overlap_limit_share:.0%} of their cost" in page
    assert f"by more than {AssignmentSettings().refresh_share:.0%}, it comes in" in page
    assert f"standard deviation of {fitting.PRIOR_USD_T:.0f} USD a tonne" in page
    assert f"one of {fitting.ERROR_LOG} in the logarithm" in page
    assert f"with {fitting.FLOOR_SHARE:.0%} of the published volume added" in page
    page = " ".join(read_page("background/system_optimum.md").split())
    assert (system_problem.PENALTY_FACTOR, system.PENALTY_STEP_FACTOR) == (10.0, 10.0)
    assert "starts at ten times the dearest" in page
    assert "raised tenfold" in page
    assert system_pricing.SEEK_ROUND_COUNT == 20
    assert "Twenty rounds" in page
    assert f"gap is above {system.SMOOTH_GAP_SHARE:.1%}" in page
    assert system.SMOOTH_FACTOR == 0.5
    assert f"within {system.UNSERVED_SHARE:.0e}".replace("e-09", "e-9") in page
    assert system.PENALTY_STEP_COUNT == 8
    assert "at most eight times" in page


def test_numbers_of_the_simulation_are_told_rightly() -> None:
    page = " ".join(read_page("background/simulation.md").split())
    plan, feedback = PlanSettings(start=np.datetime64("2024-01-01T00", "h")), FeedbackSettings()
    assert (flows.BOX_TEU, flows.BLOCK_T) == (2.0, 60.0)
    assert "truck of 2 TEU, or one wagon of 60 t" in page
    assert f"more than {plan.most_consignment_count:,} in a year" in page
    assert plan.busy_share == 0.5
    assert "at least half used" in page
    assert f"in a year up to {simulating.LAST_PAST_YEAR} could be carried" in page
    assert f"more than {simulating.MOST_USED_SHARE:.0%} on the capacity" in page
    assert plan_traffic.RETURN_BLOCK_COUNT == 5
    assert "empty, five at a time" in page
    assert (warmup.BATCH_COUNT, warmup.MOST_SHARE) == (5, 0.25)
    assert "of batches of five days" in page
    assert "within the first quarter of the year" in page
    assert f"grew for {bottleneck.LEAST_WEEK_COUNT} weeks" in page
    assert f"last third {bottleneck.GROWTH_FACTOR} times as long" in page
    assert f"with {bottleneck.LEAST_LOAD_FACTOR} times as many" in page
    assert bottleneck.LEAST_WORK_WEEK == 4.0
    assert "the work of four weeks" in page
    assert f"within ± {feedback.most_h:.0f} h" in page
    assert f"*r* = {feedback.reliability_factor}" in page
    assert f"more than {100 * feedback.share_tolerance_share:.0f} point in two rounds" in page
    assert (COUNTS[operations.PILOT_COUNT], feedback.round_count) == ("two", 8)
    assert "After eight rounds it stops" in page
    assert (LOW_SHARE, HIGH_SHARE) == (0.05, 0.95)
    assert "the model's 5th to 95th percentile" in page
    assert f"{feedback.round_count} when left out" in read_page("howto/simulate_corridor.md")
    assert f"drawn {REPLICATION_COUNT} times" in read_page("howto/simulate_corridor.md")


def test_glossary_has_the_words_of_the_tables() -> None:
    page = read_page("reference/glossary.md").casefold()
    for word in ("node", "link", "mode", "terminal", "service leg", "zone", "connector", "segment", "tariff",
                 "emission factor", "corridor", "route", "leg", "fact", "source", "claim", "shape", "demand",
                 "market", "trip", "class", "facility", "background", "volume", "capacity",
                 "bottleneck", "unserved", "consignment", "stage", "resource", "fills", "cut-off", "turn", "closure",
                 "warm-up", "replication", "common random numbers", "overload", "safety stock"):  # fmt: skip
        assert f"| {word}" in page, word


@pytest.mark.parametrize("name", list_pages())
def test_page_is_plain(name: str) -> None:
    text = read_page(name)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    assert len(re.findall(r"^# ", prose, flags=re.M)) == 1, "one title"
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "TODO" not in text


def test_no_page_asks_the_internet_for_a_picture() -> None:
    for path in DOCS.rglob("*"):
        if path.suffix in (".md", ".css", ".js"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"!\[[^\]]*\]\(https?:|@import|url\(\s*['\"]?https?:|src=\"https?:", text), (
                path
            )
