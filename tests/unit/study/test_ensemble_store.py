"""The folder of an ensemble and its record, call by call."""

import sqlite3
from pathlib import Path

import pytest

from dehliz.base.errors import StoreError
from dehliz.study import ensemble_store
from dehliz.study.ensemble_environment import read_environment
from dehliz.study.ensemble_job import Failed, Order, Written, write_spec
from dehliz.study.ensemble_ledger import DONE, FAILED, DiskFull, Ledger, Row
from dehliz.study.ensemble_member import Damaged, find_path, read_member, run_member
from dehliz.study.ensemble_store import LEDGER, RESERVE, open_document, open_store, seal_document

SPEC = write_spec({"kind": "trial", "seed": 4})


def test_rows_come_back_in_order_and_failed_ones_are_replaced(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / LEDGER)
    rows = [Row(5, DONE, "ab", 10, 0.1), Row(2, FAILED, attempt_count=3, reason="no way")]
    ledger.write(rows)
    assert list(ledger.each(0, 10)) == [rows[1], rows[0]]
    ledger.write([Row(2, DONE, "cd", 11, 0.2)], forgotten=[5])
    assert ledger.read(2) == Row(2, DONE, "cd", 11, 0.2)
    assert ledger.read(5) is None
    ledger.close()


def test_a_write_is_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / LEDGER)
    ledger.write([Row(1, DONE)])
    with pytest.raises(StoreError):
        ledger.write([Row(2, DONE), Row(3, DONE, sha256=None)], forgotten=[1])  # type: ignore[arg-type]
    assert [row.number for row in ledger.each(0, 10)] == [1]
    ledger.close()


def test_a_row_that_was_changed_is_damage(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / LEDGER)
    ledger.write([Row(1, DONE, "ab", 10)])
    ledger.close()
    link = sqlite3.connect(tmp_path / LEDGER)
    link.execute("UPDATE run SET sha256 = 'ac'")
    link.commit()
    link.close()
    ledger = Ledger(tmp_path / LEDGER)
    with pytest.raises(StoreError, match="damaged"):
        ledger.read(1)
    ledger.close()


def test_journal_is_the_classic_one(tmp_path: Path) -> None:
    with open_store(tmp_path, SPEC) as store:
        store.record([Failed(0, "x", 3)])
        assert not list(tmp_path.glob("*-wal"))
    link = sqlite3.connect(tmp_path / LEDGER)
    assert link.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    link.close()


def test_the_reserve_is_given_up_for_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path, SPEC) as store:
        assert (tmp_path / RESERVE).stat().st_size == ensemble_store.RESERVE_BYTE_COUNT
        real = Ledger.write

        def write(self: Ledger, *rest: object) -> None:
            if (tmp_path / RESERVE).exists():
                raise DiskFull("full")
            real(self, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(Ledger, "write", write)
        store.record([run_member(store.order, 0)])
        assert store.list_pending(2) == [1]
    with open_store(tmp_path, SPEC):
        assert (tmp_path / RESERVE).exists(), "it is made again at the next start"


def test_a_run_that_is_there_is_not_computed_again(tmp_path: Path) -> None:
    order = Order(str(tmp_path), SPEC, read_environment())
    first = run_member(order, 3)
    content = find_path(tmp_path, 3).read_bytes()
    again = run_member(order, 3)
    assert (again.sha256, again.byte_count, again.job_s) == (first.sha256, first.byte_count, 0.0)
    find_path(tmp_path, 3).write_bytes(content[:-1])
    assert run_member(order, 3).sha256 == first.sha256
    assert find_path(tmp_path, 3).read_bytes() == content
    assert Order.from_json(order.to_json()) == order


def test_a_run_is_read_only_as_what_it_is(tmp_path: Path) -> None:
    order = Order(str(tmp_path), SPEC, read_environment())
    written = run_member(order, 3)
    path = find_path(tmp_path, 3)
    assert set(read_member(path, order, 3, written.sha256)) == {"trial_draw", "trial_sum"}
    with pytest.raises(Damaged, match="recorded"):
        read_member(path, order, 3, "0" * 64)
    with pytest.raises(Damaged, match="another ensemble"):
        read_member(path, order, 4)
    other = Order(str(tmp_path), write_spec({"kind": "trial", "seed": 5}), order.environment)
    with pytest.raises(Damaged, match="another ensemble"):
        read_member(path, other, 3)


def test_only_what_is_recorded_is_read(tmp_path: Path) -> None:
    with open_store(tmp_path, SPEC) as store:
        written = run_member(store.order, 0)
        with pytest.raises(Damaged, match="not recorded"):
            store.read(0)
        store.record([written])
        assert store.read(0)["trial_sum"].num_rows == 1
        store.record([Written(1, "0" * 64, 10, 0.0)])
        with pytest.raises(Damaged, match="missing"):
            store.read(1)


def test_documents_prove_themselves(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(seal_document({"a": 1, "b": "ü"}))
    assert open_document(path) == {"a": 1, "b": "ü"}
    for content in (b"", b"[]", b"3", b"{}", path.read_bytes().replace(b"1", b"2"), b"\xff"):
        path.write_bytes(content)
        with pytest.raises(StoreError, match="damaged"):
            open_document(path)
