"""Services go out to a GTFS feed and come back as the same rows; feeds of others come in with what they say."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dehliz.base.errors import DataError, SettingsError, StoreError
from dehliz.network import gtfs_files
from dehliz.network.gtfs import Services, merge_services, read_gtfs, write_gtfs
from dehliz.network.network import Network, build_network, replace_tables

SMALL = Path(__file__).parents[2] / "cases" / "gtfs_small"
YEAR = ("2025-01-01", "2025-12-31")


def with_operations(network: Network) -> Network:
    """The example with a weekly timetable one way and back, and a ship that fills and goes."""
    leg = network.service_leg.copy()
    leg["departs"] = ["fills", "timetable"]
    leg["longest_wait_h"] = [36.0, np.nan]
    leg["crossing_spread_h"] = [2.5, np.nan]
    rows = [
        ("roro_out", "roro_quay_haven", "quay", "mo;th", 8.0 + 1.0 / 3.0, np.nan, "", "", "ferries-1", ""),
        (
            "roro_back",
            "roro_quay_haven",
            "haven",
            "tu;fr",
            23.5,
            9.25,
            "2025-03-01",
            "2025-10-31",
            "",
            "Summer",
        ),
        ("roro_extra", "roro_quay_haven", "haven", "su", 24.0, np.nan, "2025-06-01", "", "", ""),
    ]
    departure = pd.DataFrame(rows, columns=list(network.departure.columns))
    tables = network.tables() | {"service_leg": leg, "departure": departure, "shape": network.shape}
    return build_network(tables, name=network.name)


@pytest.fixture
def plain(corridor3: Network) -> Network:
    """The example with ships at intervals only."""
    leg = corridor3.service_leg.assign(departs="")
    return build_network(
        corridor3.tables() | {"service_leg": leg, "departure": corridor3.departure[:0]}, name="plain"
    )


def read_text(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.txt", dtype=str, keep_default_na=False)


def by_id(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(str(frame.columns[0])).reset_index(drop=True)


@pytest.mark.parametrize("name", ["feed", "feed.zip"])
def test_there_and_back(corridor3: Network, tmp_path: Path, name: str) -> None:
    network = with_operations(corridor3)
    assert write_gtfs(network, tmp_path / name, *YEAR) == []
    again = read_gtfs(tmp_path / name)
    pd.testing.assert_frame_equal(by_id(again.service_leg), network.service_leg)
    pd.testing.assert_frame_equal(by_id(again.departure), network.departure)
    kept = network.node[network.node["node_id"].isin(["quay", "haven"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(by_id(again.node), kept)
    assert again.notes == ()


def test_merged_into_its_own_network_it_changes_nothing(corridor3: Network, tmp_path: Path) -> None:
    network = with_operations(corridor3)
    write_gtfs(network, tmp_path / "feed.zip", *YEAR)
    merged = merge_services(network, read_gtfs(tmp_path / "feed.zip"))
    assert merged.fingerprint == network.fingerprint
    assert any("replaced" in note for note in merged.notes)


def test_the_same_network_gives_the_same_bytes(corridor3: Network, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_gtfs(with_operations(corridor3), tmp_path / name, *YEAR)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_a_feed_says(corridor3: Network, tmp_path: Path) -> None:
    write_gtfs(with_operations(corridor3), tmp_path, *YEAR)
    routes = read_text(tmp_path, "routes").set_index("route_id")
    assert routes["route_type"].tolist() == ["4", "4"]
    times = read_text(tmp_path, "stop_times").set_index(["trip_id", "stop_sequence"])
    assert times.loc[("roro_out", "1"), "departure_time"] == "08:20:00"
    assert times.loc[("roro_back", "2"), "arrival_time"] == "32:45:00"  # 23:30 and 9.25 h
    assert times.loc[("roro_extra", "1"), "departure_time"] == "24:00:00"
    calendar = read_text(tmp_path, "calendar").set_index("service_id")
    assert calendar.loc["roro_back", "start_date"] == "20250301"
    assert calendar.loc["roro_out", "end_date"] == "20251231"
    assert calendar.loc["roro_out", ["monday", "tuesday", "thursday"]].tolist() == ["1", "0", "1"]
    frequencies = read_text(tmp_path, "frequencies")
    assert frequencies["headway_secs"].tolist() == ["86400", "86400"]
    assert frequencies["exact_times"].tolist() == ["0", "0"]
    assert frequencies["trip_id"].tolist() == ["ferry_quay_haven_out", "ferry_quay_haven_back"]
    assert read_text(tmp_path, "agency")["agency_timezone"].tolist() == ["Etc/UTC"]
    info = read_text(tmp_path, "feed_info").iloc[0]
    assert (info["feed_start_date"], info["feed_end_date"], info["feed_lang"]) == (
        "20250101",
        "20251231",
        "en",
    )


def test_what_does_not_run_is_left_out_and_told(corridor3: Network, tmp_path: Path) -> None:
    network = with_operations(corridor3)
    leg = network.service_leg.copy()
    leg.loc[leg["service_leg_id"] == "ferry_quay_haven", "status"] = "planned"
    network = build_network(network.tables() | {"service_leg": leg}, name="later")
    notes = write_gtfs(network, tmp_path, "2025-01-01", "2025-02-28")
    assert notes == [
        "1 row not open, left out: ferry_quay_haven",
        "2 rows of table departure that do not run in these days, left out: roro_back, roro_extra",
    ]
    assert read_text(tmp_path, "trips")["trip_id"].tolist() == ["roro_out"]


def test_without_headway_twice_the_wait_is_told(plain: Network, tmp_path: Path) -> None:
    leg = plain.service_leg.copy()
    leg["headway_h"] = np.nan
    leg["waiting_time_h"] = [42.0, 0.0]
    network = build_network(plain.tables() | {"service_leg": leg}, name="waits")
    notes = write_gtfs(network, tmp_path, *YEAR)
    assert notes == ["1 row with neither headway nor wait, which GTFS needs, left out: roro_quay_haven"]
    frequencies = read_text(tmp_path, "frequencies")
    assert frequencies["headway_secs"].tolist() == ["302400", "302400"]
    assert frequencies["end_time"].tolist() == ["168:00:00", "168:00:00"]  # two departures a week
    calendar = read_text(tmp_path, "calendar")
    assert calendar["wednesday"].tolist() == ["1"]  # 1 January 2025 was one
    assert read_gtfs(tmp_path).service_leg["headway_h"].isna().all()


@pytest.fixture(scope="module")
def small() -> Services:
    return read_gtfs(SMALL)


def test_feed_of_others(small: Services) -> None:
    leg = small.service_leg.set_index("service_leg_id")
    assert sorted(leg.index) == ["sea_a_east_west", "sea_a_isle_east", "sea_a_west_isle", "sea_b", "shore"]
    assert leg.loc["sea_b", "name"] == "B"
    assert not leg.loc["sea_b", "directed"]
    assert leg["departs"].tolist() == ["timetable", "timetable", "timetable", "headway", "timetable"]
    assert leg.loc["sea_a_east_west", "time_h"] == 50.0
    assert leg.loc["sea_b", "headway_h"] == 8.0  # three a day
    assert leg.loc["sea_b", "waiting_time_h"] == 4.0
    assert leg.loc["shore", "mode_id"] == "rail_1435"
    assert (
        leg[["capacity_teu", "capacity_wagon_count", "capacity_lane_m", "fleet_count"]].isna().all(axis=None)
    )
    assert any(note.startswith("Services without a capacity") for note in small.notes)
    assert any("bus_9" in note for note in small.notes)
    assert any("tram_1" in note for note in small.notes)
    assert set(small.node["node_id"]) == {"west", "isle", "east", "town"}


def test_times_are_converted_from_the_zone_of_the_feed(small: Services) -> None:
    """Bucharest is two hours ahead, three from 30 March 2025; its service day of 1 April begins on 31 March, 21 h."""
    rows = small.departure.set_index("departure_id")
    back = rows[rows["service_leg_id"] == "sea_a_east_west"].sort_values("first_date")
    assert back["weekdays"].tolist() == ["mo", "mo"]
    assert back["clock_h"].tolist() == [23.0, 22.0]
    assert back["first_date"].tolist() == ["2025-02-03", "2025-03-31"]
    assert back["last_date"].tolist() == ["2025-03-24", "2025-04-28"]
    isle = rows[rows["service_leg_id"] == "sea_a_isle_east"].sort_values("first_date")
    assert isle["weekdays"].tolist() == ["su", "mo", "su"]
    assert isle["last_date"].tolist() == ["2025-03-30", "2025-02-03", "2025-04-27"]
    assert isle["clock_h"].tolist() == [14.0, 14.0, 13.0]
    assert any("Europe/Bucharest" in note and "season" in note for note in small.notes)


def test_a_day_left_out_parts_a_departure(small: Services) -> None:
    rows = small.departure[small.departure["service_leg_id"] == "shore"].sort_values("first_date")
    assert rows["weekdays"].tolist() == ["mo", "tu;we;th;fr", "mo"]
    assert rows["last_date"].tolist() == ["2025-02-24", "2025-03-28", "2025-03-24"]


def write_feed(folder: Path, **changed: str) -> Path:
    for file in SMALL.glob("*.txt"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in changed.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_part_of_the_extension_is_enough(tmp_path: Path) -> None:
    service = (
        "route_id,capacity_teu,mode_id,country_id,length_km\nsea_b,240,sea_container,XZ,400\nbus_9,2,road,,\n"
    )
    leg = read_gtfs(write_feed(tmp_path, dehliz_service=service)).service_leg.set_index("service_leg_id")
    assert leg.loc["sea_b", ["capacity_teu", "length_km"]].tolist() == [240.0, 400.0]
    assert leg.loc["sea_b", ["mode_id", "country_id", "note"]].tolist() == ["sea_container", "XZ", ""]
    assert leg.loc["sea_b", "departs"] == "headway"
    assert leg.loc["bus_9", "mode_id"] == "road"


def test_exact_times_are_a_timetable(tmp_path: Path) -> None:
    rows = (
        "trip_id,start_time,end_time,headway_secs,exact_times\n"
        "b_out,06:00:00,18:00:00,14400,1\nb_back,08:00:00,20:00:00,21600,1\n"
    )
    found = read_gtfs(write_feed(tmp_path, frequencies=rows))
    rows_b = found.departure[found.departure["service_leg_id"] == "sea_b"]
    winter = rows_b[rows_b["last_date"] < "2025-04-01"]
    assert winter.groupby("from_node_id")["clock_h"].apply(list).to_dict() == {
        "west": [4.0, 8.0, 12.0],
        "isle": [6.0, 12.0],
    }
    assert found.service_leg.set_index("service_leg_id").loc["sea_b", "departs"] == "timetable"


def test_where_feed_and_extension_disagree_the_feed_holds(corridor3: Network, tmp_path: Path) -> None:
    write_gtfs(with_operations(corridor3), tmp_path, *YEAR)
    times = (tmp_path / "stop_times.txt").read_text(encoding="utf-8")
    later = (
        times.replace("08:20:00", "09:20:00").replace("16:20:00", "18:20:00").replace("10:00:00", "11:00:00")
    )
    (tmp_path / "stop_times.txt").write_text(later, encoding="utf-8")
    frequencies = (tmp_path / "frequencies.txt").read_text(encoding="utf-8")
    (tmp_path / "frequencies.txt").write_text(frequencies.replace("86400", "43200"), encoding="utf-8")
    found = read_gtfs(tmp_path)
    out = found.departure.set_index("departure_id").loc["roro_out"]
    assert (out["clock_h"], out["time_h"], out["first_date"]) == (9 + 1 / 3, 9.0, "2025-01-02")
    ferry = found.service_leg.set_index("service_leg_id").loc["ferry_quay_haven"]
    assert (ferry["time_h"], ferry["headway_h"], ferry["waiting_time_h"]) == (11.0, 12.0, 6.0)
    assert sum("holds" in note for note in found.notes) == 3


def test_merge_joins_stops_to_nodes(plain: Network, tmp_path: Path) -> None:
    at = plain.node.set_index("node_id")
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon\n"
        f"pier,Pier,{at.loc['quay', 'lat_deg'] + 0.02},{at.loc['quay', 'lon_deg']}\n"
        f"haven,Haven,{at.loc['haven', 'lat_deg']},{at.loc['haven', 'lon_deg']}\n"
        f"isle,Isle,{at.loc['quay', 'lat_deg'] + 0.4},{at.loc['quay', 'lon_deg'] + 0.4}\n"
    )
    routes = "route_id,agency_id,route_long_name,route_type\nx,line,Over,4\ny,line,Isle,4\n"
    trips = "route_id,service_id,trip_id\nx,daily,x1\ny,daily,y1\n"
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "x1,08:00:00,08:00:00,pier,1\nx1,30:00:00,30:00:00,haven,2\n"
        "y1,08:00:00,08:00:00,isle,1\ny1,12:00:00,12:00:00,pier,2\n"
    )
    write_feed(tmp_path, stops=stops, routes=routes, trips=trips, stop_times=times)
    (tmp_path / "frequencies.txt").unlink()
    merged = merge_services(plain, read_gtfs(tmp_path))
    leg = merged.service_leg.set_index("service_leg_id")
    assert leg.loc["x", ["from_node_id", "to_node_id", "country_id"]].tolist() == ["quay", "haven", "XZ"]
    assert leg.loc["y", ["from_node_id", "to_node_id"]].tolist() == ["isle", "quay"]
    assert "isle" in set(merged.node["node_id"])
    assert set(merged.departure["from_node_id"]) == {"quay", "isle"}
    assert any("pier as quay (2.2 km)" in note for note in merged.notes)
    assert any("isle" in note and "became nodes" in note for note in merged.notes)
    assert len(plain.departure) == 0


def test_a_zip_file_that_grows_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gtfs_files, "LARGEST_FILE_COUNT", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in SMALL.glob("*.txt"):
            archive.writestr(file.name, file.read_bytes())
        archive.writestr("dehliz_stop.txt", b"0" * 1001)
        archive.writestr("shapes.txt", b"0" * 5000)  # never unpacked
    with pytest.raises(DataError) as caught:
        read_gtfs(tmp_path / "bomb.zip")
    assert [issue.rule for issue in caught.value.issues] == ["gtfs.feed.size"]
    (write_feed(tmp_path, dehliz_stop="0" * 1001) / "shapes.txt").write_text("0" * 5000, encoding="utf-8")
    with pytest.raises(DataError, match="1,001 bytes"):
        read_gtfs(tmp_path)


def test_dates_and_paths_that_cannot_be(corridor3: Network, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no day"):
        write_gtfs(corridor3, tmp_path / "a", "yesterday", "2025-01-01")
    with pytest.raises(SettingsError, match="before the first"):
        write_gtfs(corridor3, tmp_path / "a", "2025-01-02", "2025-01-01")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="is a file"):
        write_gtfs(corridor3, tmp_path / "file", *YEAR)
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        write_gtfs(corridor3, tmp_path / "folder.zip", *YEAR)
    with pytest.raises(StoreError, match="could not be written"):
        write_gtfs(corridor3, tmp_path / "file" / "in", *YEAR)
    write_gtfs(corridor3, tmp_path / "feed.zip", *YEAR)
    with pytest.raises(DataError, match="not empty"):
        write_gtfs(corridor3, tmp_path / "feed.zip", *YEAR)
    write_gtfs(corridor3, tmp_path / "feed.zip", *YEAR, overwrite=True)


def test_a_network_without_a_service_to_tell_makes_no_feed(corridor3: Network, tmp_path: Path) -> None:
    tables = {"service_leg": corridor3.service_leg.iloc[:0], "departure": corridor3.departure.iloc[:0]}
    with pytest.raises(DataError, match="the network has no service"):
        write_gtfs(replace_tables(corridor3, tables), tmp_path / "feed.zip", "2025-01-01", "2025-01-31")
    assert not list(tmp_path.iterdir())
