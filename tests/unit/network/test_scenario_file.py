"""Scenario files: every change can be written; what is wrong stands in tests/cases/broken."""

from datetime import date
from pathlib import Path

import pytest

from dehliz.base.errors import ScenarioError
from dehliz.network.changes import (
    AddRows,
    Close,
    Event,
    Open,
    Policy,
    PutInService,
    RemoveRows,
    Scale,
    SetValue,
    ShiftDemand,
)
from dehliz.network.network import Network
from dehliz.network.scenario import apply_all, read_scenario
from tests.cases.small_demand import make_demand

ALL = """
name = "all of them"
description = "One change of each kind"

[[change]]
do = "close"
link_ids = ["xa_gate_mark"]
passage_ids = ["narrows"]

[[change]]
do = "open"
link_ids = ["xa_gate_mark"]

[[change]]
do = "put_in_service"
ids = ["xb_mark_quay_fast"]
year = 2028

[[change]]
do = "scale"
table = "terminal"
column = "handling_time_h"
factor = 2

[[change]]
do = "set"
table = "link"
column = "speed_km_h"
ids = ["xa_west_gate"]
value = 60.5

[[change]]
do = "add"
table = "container"
rows = [{ container_id = "45", name = "45-foot box", load_factor = 2.25, tariff_factor = 2.2 }]

[[change]]
do = "remove"
table = "container"
ids = ["20"]

[[change]]
do = "shift_demand"
share = 0.5
factor = 0
market_ids = ["boxes"]
destination_country_ids = ["XC"]

[[change]]
do = "policy"
group_id = "pact"
rate_usd_teu_km = 0.3
border_time_h = 2
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "test.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_change_is_read(tmp_path: Path, corridor3: Network) -> None:
    scenario = read_scenario(write(tmp_path, ALL))
    assert scenario.name == "all of them"
    assert scenario.description == "One change of each kind"
    assert scenario.origin == "test.toml"
    assert scenario.changes == (
        Close(link_ids=("xa_gate_mark",), passage_ids=("narrows",)),
        Open(link_ids=("xa_gate_mark",)),
        PutInService(("xb_mark_quay_fast",), 2028),
        Scale("terminal", "handling_time_h", 2.0),
        SetValue("link", "speed_km_h", ("xa_west_gate",), 60.5),
        AddRows("container", scenario.changes[5].rows),  # type: ignore[union-attr]
        RemoveRows("container", ("20",)),
        ShiftDemand(0.5, 0, market_ids=("boxes",), destination_country_ids=("XC",)),
        Policy("pact", rate_usd_teu_km=0.3, border_time_h=2),
    )
    assert scenario.event is None
    made = apply_all(scenario, corridor3, make_demand(corridor3))
    assert made.network.container["container_id"].tolist() == ["40", "45"]
    assert len(made.notes) == len(scenario.changes)


@pytest.mark.parametrize(
    ("text", "event", "length_d"),
    [
        ("start = 2025-09-12\nend = 2025-09-25\nreported = 'shut'",
         Event(date(2025, 9, 12), date(2025, 9, 25), None, "shut"), 13.0),
        ("start = 2023-05-16\nduration_d = 370", Event(date(2023, 5, 16), duration_d=370), 370),
        ("start = 2026-02-28", Event(date(2026, 2, 28)), None),
    ],
)  # fmt: skip
def test_events_have_a_window(tmp_path: Path, text: str, event: Event, length_d: float | None) -> None:
    head = 'name = "x"\n'
    change = '[[change]]\ndo = "close"\nlink_ids = ["xa_gate_mark"]\n'
    scenario = read_scenario(write(tmp_path, f"{head}[event]\n{text}\n{change}"))
    assert scenario.event == event
    assert event.length_d == length_d
    assert scenario.id == read_scenario(write(tmp_path, head + change)).id


def test_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "test.toml"
    path.write_bytes(b"\xef\xbb\xbf" + ALL.encode())
    assert len(read_scenario(path).changes) == 9


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, ALL)
    with pytest.raises(ScenarioError, match=r"Did you mean 'test\.toml'\?.*rule scenario\.file\.exists"):
        read_scenario(tmp_path / "tset.toml")


@pytest.mark.parametrize("name", ["", "folder"])
def test_folder_instead_of_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_scenario(tmp_path / name)


def test_missing_folder_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no such file"):
        read_scenario(tmp_path / "a" / "b.toml")
