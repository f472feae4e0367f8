"""Places are found in any spelling, and what is not found gets a helpful answer."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehliz.base.errors import LookupFailed
from dehliz.eurasia.places import find_place, fold, list_places, measure_edits, suggest_places
from tests.unit.eurasia.small import make_network

NETWORK = make_network()


@pytest.mark.parametrize(
    ("text", "node_id"),
    [
        ("Xi'an", "xian"),
        ("Xi’an", "xian"),
        ("XIAN", "xian"),
        ("xi an", "xian"),
        ("Сиань", "xian"),
        ("西安", "xian"),
        ("CNSIA", "xian"),
        ("cn sia", "xian"),
        ("xian", "xian"),
        (" Aktau ", "aktau"),
        ("KZAAU", "aktau"),
        ("Актау", "aktau"),
        ("Ақтау", "aktau"),
        ("АКТАУ", "aktau"),
        ("თბილისი", "tbilisi"),
        ("Tbilisi", "tbilisi"),
        ("Constanta", "constanta"),
        ("Constanţa", "constanta"),
        ("Urumqi", "urumqi"),
        ("Malaszewicze", "malaszewicze"),
        ("Ələt", "alat"),
        ("Batumi, GE", "batumi"),
        ("Batumi, Georgia", "batumi"),
        ("Batumi, Turkiye", "batumi_tr"),
        ("51.3,43.5", "aktau"),
        ("44.9; 41.6", "tbilisi"),
    ],
)
def test_a_place_is_found_in_any_spelling(text: str, node_id: str) -> None:
    assert find_place(text, NETWORK) == node_id


def test_a_node_id_wins_over_a_name_that_two_places_share() -> None:
    assert find_place("batumi", NETWORK) == "batumi"


def test_a_name_of_two_places_lists_both() -> None:
    with pytest.raises(LookupFailed) as caught:
        find_place("BATUMI", NETWORK)
    assert "batumi (Batumi, GE), batumi_tr (Batumi, TR)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Tiblisi", "'Tbilisi'"),
        ("Akatu", "'Aktau'"),
        ("Constansa", "'Constanța'"),
        ("Тблиси", "'Тбилиси' (tbilisi)"),
    ],
)
def test_an_unknown_name_gets_the_nearest_spelling(text: str, hint: str) -> None:
    with pytest.raises(LookupFailed) as caught:
        find_place(text, NETWORK)
    assert f"No place is called '{text}'. Did you mean {hint}" in str(caught.value)


@pytest.mark.parametrize("text", ["Qqqqqqqq", "'", "Batumi, FR"])
def test_a_name_like_nothing_points_to_the_list(text: str) -> None:
    with pytest.raises(LookupFailed, match="No place is called"):
        find_place(text, NETWORK)


def test_coordinates_far_from_every_zone_say_how_far() -> None:
    with pytest.raises(LookupFailed) as caught:
        find_place("0,0", NETWORK)
    assert "km from the nearest zone, Tbilisi (tbilisi)" in str(caught.value)
    # Haversine by hand from (0, 0) to (44.8, 41.7): acos(cos 44.8 x cos 41.7) = 58.01 degrees = 6,451 km.
    assert "6,45" in str(caught.value)


def test_a_node_without_a_zone_is_not_the_nearest() -> None:
    with pytest.raises(LookupFailed, match="km from the nearest zone"):
        find_place("28.65,44.17", NETWORK)


def test_coordinates_off_the_globe_say_which_comes_first() -> None:
    with pytest.raises(LookupFailed, match="Write longitude"):
        find_place("43.6,151.2", NETWORK)


def test_all_places_are_listed_with_their_spellings() -> None:
    found = list_places("", NETWORK)
    assert list(found["node_id"]) == ["aktau", "alat", "tbilisi", "xian"]
    assert found.set_index("node_id").at["xian", "spellings"] == "Xi'an; Сиань; 西安; Xian"
    assert list(list_places("тбил", NETWORK)["node_id"]) == ["tbilisi"]
    assert list_places("nowhere", NETWORK).empty


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1), st.data())
def test_folding_ignores_case_marks_and_separators(text: str, data: st.DataObject) -> None:
    marks = st.sampled_from(["", "'", "’", "-", " ", ".", "\u0301", "\u0308"])
    spelt = "".join(letter.upper() + data.draw(marks) for letter in text)
    assert fold(unicodedata.normalize("NFC", spelt)) == fold(text) == text


WORDS = st.text(alphabet="abcd", max_size=7)


@given(WORDS, WORDS)
def test_edits_are_symmetric_and_zero_only_for_equal_words(one: str, other: str) -> None:
    edits = measure_edits(one, other)
    assert edits == measure_edits(other, one)
    assert (edits == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("kitten", "sitting", 3), ("baku", "abku", 1), ("", "poti", 4), ("ca", "abc", 3)],
)
def test_edits_of_known_pairs(one: str, other: str, edits: int) -> None:
    # kitten/sitting: Levenshtein's textbook pair. ca/abc: 3 in the restricted form, 2 in the unrestricted one.
    assert measure_edits(one, other) == edits


def test_suggestions_name_each_node_once_the_nearest_first() -> None:
    spellings = [("Baku", "baku"), ("Bakı", "baku"), ("Batumi", "batumi"), ("Baki", "baku")]
    assert suggest_places("bakku", spellings) == [("Baku", "baku")]
