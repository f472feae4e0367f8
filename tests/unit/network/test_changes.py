"""Changes are values: equal when they say the same, and their content has a hash."""

import pytest

from dehliz.network.changes import KINDS, AddRows, Close, Open, Scale, Scenario, make_rows


def test_changes_compare_by_value() -> None:
    assert Close(link_ids=("a",)) == Close(link_ids=("a",))
    assert Close(link_ids=("a",)) != Open(link_ids=("a",))
    assert len({Close(link_ids=("a",)), Close(link_ids=("a",))}) == 1


def test_rows_are_hashable() -> None:
    rows = make_rows([{"link_id": "a", "length_km": 1.0}])
    assert hash(AddRows("link", rows)) == hash(AddRows("link", rows))
    assert dict(rows[0]) == {"link_id": "a", "length_km": 1.0}


def test_words_of_files_are_unique() -> None:
    assert len(set(KINDS.values())) == len(KINDS)


def test_id_is_of_what_changes_say() -> None:
    change = Scale("link", "speed_km_h", 0.5)
    assert Scenario("a", (change,)).id == Scenario("b", (change,), "other words", "file.toml").id
    assert len(Scenario("a", (change,)).id) == 64


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (Scale("link", "speed_km_h", 0.6),),
        (Scale("link", "speed_km_h", 0.5), Close(link_ids=("a",))),
        (Close(link_ids=("a",)), Scale("link", "speed_km_h", 0.5)),
        (Close(link_ids=("b",)),),
        (Open(link_ids=("b",)),),
    ],
)
def test_id_differs_with_any_change_or_their_order(changes: tuple[object, ...]) -> None:
    base = Scenario("a", (Scale("link", "speed_km_h", 0.5),))
    assert Scenario("a", changes).id != base.id  # type: ignore[arg-type]
