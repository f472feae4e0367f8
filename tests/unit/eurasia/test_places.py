"""Places are found in any spelling, and what is not found gets a helpful answer."""

import unicodedata
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehliz.base.errors import LookupFailed
from dehliz.eurasia.places import find_place, find_zone, fold, list_places, measure_edits, suggest_places
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
    assert found.set_index("node_id").at["xian", "spellings"] == "Xi'an; Сиань; 西安; Xian; z_xian"
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


def test_zones_may_have_ids_of_their_own() -> None:
    zone = NETWORK.zone.assign(zone_id="z_" + NETWORK.zone["zone_id"], name="Area " + NETWORK.zone["name"])
    network = replace(NETWORK, zone=zone)
    zone_id, node_id, name = zone.loc[0, ["zone_id", "node_id", "name"]]
    assert find_zone(zone_id, network) == zone_id
    assert find_zone(node_id, network) == zone_id
    assert find_zone(name, network) == zone_id
    assert zone_id in list_places(node_id, network)["spellings"].iloc[0]


def test_a_place_without_a_zone_names_the_nearest() -> None:
    node_id = (set(NETWORK.node["node_id"]) - set(NETWORK.zone["node_id"])).pop()
    with pytest.raises(LookupFailed, match=r"is not a place where shipments start or end\. The nearest"):
        find_zone(node_id, NETWORK)


def test_two_zones_at_one_node_are_listed() -> None:
    zone = pd.concat([NETWORK.zone, NETWORK.zone.iloc[:1].assign(zone_id="second")], ignore_index=True)
    with pytest.raises(LookupFailed, match=r"second.*Give the id of one of them"):
        find_zone(zone.loc[0, "node_id"], replace(NETWORK, zone=zone))
    assert find_zone("second", replace(NETWORK, zone=zone)) == "second"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No place is named"),
        (" ", "No place is named"),
        ("34.3,108.9", "Did you mean '108.9,34.3'"),
        ("1e2,40", "written lon,lat in degrees"),
        ("49.85,40.38,0", "written lon,lat in degrees"),
        ("49°51',40°23'", "written lon,lat in degrees"),
        ("a\x1b[31m", r"'a\\x1b\[31m'"),
        ("a" * 5000, "'" + "a" * 60 + "…'"),
    ],
)
def test_slips_are_told(text: str, words: str) -> None:
    with pytest.raises(LookupFailed, match=words):
        find_place(text, NETWORK)


def test_words_without_letters_list_nothing() -> None:
    assert list_places("?!", NETWORK).empty
    assert not list_places(" ", NETWORK).empty
