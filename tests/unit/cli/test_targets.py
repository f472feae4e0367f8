"""Files that a command is asked to write: what is refused, and that none is half-written."""

import os
import stat
from pathlib import Path

import pytest

from dehliz.base.errors import StoreError
from dehliz.cli import targets
from dehliz.cli.targets import check_file, write_whole
from tests.unit.cli.asking import ask

SMALL = Path(__file__).parents[2] / "cases" / "tntp_small"


def test_device_is_refused_and_stays_a_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    asked = ask("assign", "--network", f"tntp:{SMALL}", "--method", "aon", "--flows", str(pipe))
    assert asked.code == 2
    assert asked.said == f"Option --flows: {pipe} is a device. A file is needed. Give another name.\n"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_link_among_devices_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "screen.txt"
    target.touch()
    devices = tmp_path / "devices"
    devices.mkdir()
    (devices / "stdout").symlink_to(target)
    check_file("--flows", devices / "stdout")
    monkeypatch.setattr(targets, "_DEVICES", (devices.resolve(),))
    with pytest.raises(StoreError, match="stdout is a device"):
        check_file("--flows", devices / "stdout")


def test_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, place = tmp_path / "link.csv", tmp_path / "there" / "flows.csv"
    link.symlink_to(place)
    check_file("--flows", link)
    write_whole(link, lambda path: path.write_text("all", encoding="utf-8"))
    assert link.is_symlink()
    assert place.read_text(encoding="utf-8") == "all"
    assert [item.name for item in place.parent.iterdir()] == ["flows.csv"]


def test_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    ring, loose = tmp_path / "ring.html", tmp_path / "loose.html"
    ring.symlink_to(ring)
    loose.symlink_to(tmp_path / "none" / "loose.html")
    with pytest.raises(StoreError, match=r"ring\.html is a link that leads to itself"):
        check_file("--report", ring, ".html")
    with pytest.raises(StoreError, match=r"loose\.html is a link into .*none, and there is no such folder"):
        check_file("--report", loose, ".html")


def test_failed_write_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    path.write_text("old", encoding="utf-8")

    def fail(aside: Path) -> None:
        aside.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_whole(path, fail)
    assert path.read_text(encoding="utf-8") == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["map.svg"]


def test_folder_that_nothing_can_be_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # root may write everywhere
    with pytest.raises(StoreError, match="nothing can be written into the folder"):
        check_file("--flows", tmp_path / "flows.csv")


@pytest.mark.parametrize(
    ("words", "option"),
    [(("forecast", "--quick", "--figure"), "--figure"), (("assign", "--method", "aon", "--map"), "--map")],
)
def test_drawing_needs_its_ending_and_is_refused_before_any_work(
    tmp_path: Path, words: tuple[str, ...], option: str
) -> None:
    asked = ask(*words, str(tmp_path / "drawing.png"))
    assert (asked.code, asked.shown) == (2, "")
    assert f"Option {option}: 'drawing.png' was given. It is a file of the form .svg." in asked.said
    assert not list(tmp_path.iterdir())
    asked = ask(*words, str(tmp_path / "nowhere" / "drawing.svg"))
    assert (asked.code, asked.shown) == (2, "")
    assert f"Option {option}: there is no folder {tmp_path / 'nowhere'}." in asked.said
