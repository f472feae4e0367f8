"""What holds of any network: forms keep it, the order of rows means nothing, damage never ends in a traceback."""

import contextlib
import random
import shutil
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dehliz.base.errors import DataError, DehlizError
from dehliz.network.changes import Close, Open, Scale, Scenario
from dehliz.network.files import read_network, write_network
from dehliz.network.network import build_network
from dehliz.network.scenario import apply
from tests.properties.networks import tables

CASES = Path(__file__).parents[1] / "cases"
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=UNSHRUNK)
Frames = dict[str, pd.DataFrame]


SLOW_FORMS = [pytest.param(form, marks=pytest.mark.slow) for form in ("geoparquet", "gpkg")]


@pytest.mark.parametrize("form", ["csv", "parquet", "gmns", *SLOW_FORMS])
@SLOW
@given(frames=tables())
def test_every_form_keeps_every_network(form: str, frames: Frames) -> None:
    network = build_network(frames)
    with tempfile.TemporaryDirectory() as folder:
        path = write_network(network, Path(folder) / ("x.gpkg" if form == "gpkg" else "x"), form)
        again = read_network(path)
    if form == "gmns":  # a folder without zones gets one at each node
        again = build_network({**again.tables(), "zone": network.zone, "connector": network.connector})
    for name, frame in network.tables().items():
        pd.testing.assert_frame_equal(again.table(name), frame)
    assert again.fingerprint == network.fingerprint


@SLOW
@given(frames=tables(), seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_and_columns_means_nothing(frames: Frames, seed: int) -> None:
    draw = random.Random(seed)
    mixed = {}
    for name, frame in frames.items():
        columns = list(frame.columns)
        draw.shuffle(columns)
        mixed[name] = frame[columns].sample(frac=1, random_state=seed)
    assert build_network(mixed).fingerprint == build_network(frames).fingerprint


@SLOW
@given(frames=tables())
def test_renaming_nodes_breaks_nothing(frames: Frames) -> None:
    new = {old: f"n{number}" for number, old in enumerate(frames["node"]["node_id"])}
    node = frames["node"].assign(node_id=frames["node"]["node_id"].map(new))
    link = frames["link"].assign(
        from_node_id=frames["link"]["from_node_id"].map(new), to_node_id=frames["link"]["to_node_id"].map(new)
    )
    renamed = build_network({**frames, "node": node, "link": link})
    before = build_network(frames)
    assert renamed.link["length_km"].tolist() == before.link["length_km"].tolist()
    assert len(renamed.notes) == len(before.notes)


@SLOW
@given(frames=tables(), factor=st.floats(0.5, 0.99))
def test_scenarios_leave_the_base_alone_and_undo_each_other(frames: Frames, factor: float) -> None:
    network = build_network(frames)
    before = network.fingerprint
    ids = tuple(
        network.link["link_id"][(network.link["status"] == "open") & network.link["opening_year"].isna()]
    )
    if ids:
        there_and_back = Scenario("x", (Close(link_ids=ids), Open(link_ids=ids)))
        assert apply(there_and_back, network).network.fingerprint == before
    slow = network.link["speed_km_h"].min() * factor >= 1
    if slow:
        changed = apply(Scenario("x", (Scale("link", "speed_km_h", factor),)), network).network
        assert (changed.link["speed_km_h"] < network.link["speed_km_h"]).all()
    assert network.fingerprint == before


def _read_damaged(folder: Path) -> None:
    """Reading may fail, but only with a list of faults for people."""
    told = 1
    try:
        read_network(folder)
    except DataError as error:
        told = len(error.issues)
    assert told


@pytest.mark.parametrize("base", ["corridor3", "gmns_small"])
@settings(max_examples=40, deadline=None, phases=UNSHRUNK)
@given(data=st.data())
def test_any_cell_may_hold_anything(base: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as target:
        folder = Path(shutil.copytree(CASES / base, Path(target) / "net"))
        file = data.draw(st.sampled_from(sorted(folder.glob("*.csv"))))
        rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
        row = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        rows[row][column] = data.draw(
            st.text(max_size=8) | st.sampled_from(["nan", "-1", "1e400", "true", "XZ", "west"])
        )
        file.write_text(
            "\n".join(",".join(cells) for cells in rows) + "\n", encoding="utf-8", errors="replace"
        )
        _read_damaged(folder)


@pytest.mark.parametrize("base", ["corridor3", "gmns_small"])
@settings(max_examples=40, deadline=None, phases=UNSHRUNK)
@given(data=st.data())
def test_any_bytes_may_be_lost_or_changed(base: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as target:
        folder = Path(shutil.copytree(CASES / base, Path(target) / "net"))
        file = data.draw(st.sampled_from(sorted(folder.glob("*.csv"))))
        content = file.read_bytes()
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        file.write_bytes(content[:start] + data.draw(st.binary(max_size=6)) + content[start + length :])
        _read_damaged(folder)


@settings(max_examples=40, deadline=None, phases=UNSHRUNK)
@given(data=st.data())
def test_any_scenario_text_is_read_or_refused(data: st.DataObject) -> None:
    from dehliz.network.scenario import read_scenario

    word = st.sampled_from(
        ["close", "open", "scale", "set", "add", "remove", "put_in_service", "shift_demand", "policy", "x"]
    )
    key = st.sampled_from(
        ["link_ids", "ids", "table", "column", "factor", "value", "rows", "year", "do", "y", "share",
         "country_ids", "mode_ids", "group_id", "border_factor", "border_time_h", "to_origin_zone_id"]
    )  # fmt: skip
    value = st.sampled_from(['"link"', '["xa_gate_mark"]', "[]", "2", "-1.5", "true", "nan", "inf", "{ a = 1 }",
                             '"speed_km_h"', "[{ link_id = 'n' }]", "2030", "1979-05-27",
                             "0.5", '"pact"', '["XA", "XB"]'])  # fmt: skip
    keys = data.draw(st.lists(key, max_size=5, unique=True))
    lines = [
        'name = "x"',
        "[[change]]",
        f'do = "{data.draw(word)}"',
        *(f"{k} = {data.draw(value)}" for k in keys),
    ]
    network = read_network(CASES / "corridor3")
    with tempfile.TemporaryDirectory() as target:
        path = Path(target) / "x.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        with contextlib.suppress(DehlizError):
            apply(read_scenario(path), network)
