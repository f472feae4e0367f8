"""Facts are complete, each has a source with terms, and rivals are ranked by the stated rules."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehliz.base.errors import LookupFailed
from dehliz.eurasia.facts import Fact, Source, rank_facts, read_facts
from tests.unit.eurasia.small import make_facts

BOOK = read_facts()


def test_every_fact_has_a_source_with_terms_of_use() -> None:
    assert len(BOOK.facts) >= 1_700
    assert all(BOOK.find_source(fact).licence_note for fact in BOOK.facts.values())
    assert {fact.source_id for fact in BOOK.facts.values()} == set(BOOK.sources)


def test_what_is_unsourced_or_weak_is_an_assumption_and_nothing_else_is() -> None:
    for fact in BOOK.facts.values():
        is_weak = BOOK.find_source(fact).kind == "none" or fact.confidence == "low"
        assert fact.is_assumption == is_weak, fact.fact_id


def test_what_was_read_on_a_page_has_its_address() -> None:
    for source in BOOK.sources.values():
        is_page = source.kind in {"official", "operator", "press", "forwarder", "encyclopedia"}
        assert source.url.startswith("http") or not is_page, source


def test_ranges_hold_their_mean() -> None:
    for fact in BOOK.facts.values():
        assert not fact.value_low > fact.value_high, fact.fact_id
        if fact.value_low == fact.value_low and fact.value_high == fact.value_high:
            assert fact.value_low <= fact.value_mean <= fact.value_high, fact.fact_id


@pytest.mark.parametrize(
    ("fact_id", "value", "unit"),
    [
        ("segments-0001", 836, "km"),
        ("segments-0001.capacity", 60, "train pairs/day"),
        ("segments-0001.tracks", 2, "tracks"),
        ("segments-0024", 90, "%"),
        ("border_crossing-0006", 54.4, "h"),
        ("border_crossing-0006.cost", 356, "USD"),
        ("border_crossing-0014", 329, "USD"),
        ("transit_times-0003", 21, "days"),
        ("tariffs_costs-0001", 3250, "USD per FEU"),
        ("terminals-0047", 7, "h"),
        ("vessels-0004", 15, "ships"),
        ("vessels-0004.hours", 17, "h"),
    ],
)
def test_known_facts_keep_their_identifiers(fact_id: str, value: float, unit: str) -> None:
    fact = BOOK.find_fact(fact_id)
    assert fact.value_mean == pytest.approx(value)
    assert fact.unit == unit


def test_an_unknown_fact_gets_the_nearest_identifier() -> None:
    with pytest.raises(LookupFailed, match="Did you mean 'segments-00"):
        BOOK.find_fact("segment-0001")


def test_a_quoted_authority_ranks_right_after_its_own_texts() -> None:
    def make(kind: str, cited_kind: str = "") -> Source:
        return Source("s", "p", "", kind, "someone" if cited_kind else "", cited_kind, "terms")

    order = [
        make("official"),
        make("press", "official"),
        make("operator"),
        make("press", "operator"),
        make("study"),
        make("press"),
        make("none"),
    ]
    assert [source.rank for source in order] == sorted(source.rank for source in order)
    assert len({source.rank for source in order}) == len(order)
    assert make("official", "press").voice == "official"
    assert make("press", "official").voice == "official, quoted by press"


def test_rivals_are_ranked_with_a_reason() -> None:
    book = make_facts()
    ranked = book.rank([book.find_fact(f"segments-000{number}") for number in (3, 1, 2)])
    assert [entry.fact.fact_id for entry in ranked] == ["segments-0002", "segments-0001", "segments-0003"]
    assert [entry.reason for entry in ranked] == [
        "first by every rule",
        "official before operator, quoted by press",
        "an assumption stands after a sourced value",
    ]


def test_newer_stands_before_older_and_what_is_before_what_is_planned() -> None:
    book = make_facts()
    base = book.find_fact("terminals-0001")
    older = dataclasses.replace(base, fact_id="a", year="2020")
    plan = dataclasses.replace(base, fact_id="b", year="2030")
    elsewhere = dataclasses.replace(base, fact_id="c", year="2019", entity="Aktau and Kuryk")
    ranked = book.rank([plan, older, elsewhere, base])
    assert [(entry.fact.fact_id, entry.reason) for entry in ranked] == [
        ("terminals-0001", "first by every rule"),
        ("a", "newer (2025) before older (2020)"),
        ("c", "newer (2025) before older (2019); its scope is 'Aktau and Kuryk'"),
        ("b", "what is before what is planned"),
    ]


def test_one_fact_alone_and_none_at_all() -> None:
    book = make_facts()
    assert book.rank([]) == ()
    assert book.rank([book.find_fact("segments-0001")])[0].reason == "the only fact"


@given(st.permutations(sorted(BOOK.facts)[:12]))
def test_ranking_does_not_depend_on_the_order_given(ids: list[str]) -> None:
    def rank(order: list[str]) -> list[Fact]:
        return [entry.fact for entry in rank_facts([BOOK.facts[fact_id] for fact_id in order], BOOK.sources)]

    assert rank(ids) == rank(sorted(ids))
