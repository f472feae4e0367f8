"""Test networks are read as they are written, and everything that is wrong with them is told at once."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.base.errors import DataError
from dehliz.network.tntp import read_tntp, read_trips_alone

SMALL = Path(__file__).parents[2] / "cases" / "tntp_small"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "tntp"

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 1
<NUMBER OF LINKS> 2
<END OF METADATA>
{header}
{links}
"""
LINKS = "1 3 10 1 2 0.15 4 0 0 1 ;\n3 2 20 1 3 0.15 4 0 0 1 ;"
TRIPS = "<NUMBER OF ZONES> 2\n<END OF METADATA>\n{body}\n"


def lay(folder: Path, net: str = "", trips: str = "", header: str = "", links: str = LINKS) -> Path:
    (folder / "x_net.tntp").write_text(net or NET.format(header=header, links=links), encoding="utf-8")
    (folder / "x_trips.tntp").write_text(TRIPS.format(body=trips or "Origin 1\n2 : 5;"), encoding="utf-8")
    return folder


def fail(folder: Path) -> list[str]:
    """Rules that are broken, each with its rows."""
    with pytest.raises(DataError) as caught:
        read_tntp(folder)
    return [f"{issue.rule} {' '.join(issue.ids)}".strip() for issue in caught.value.issues]


def test_a_small_network() -> None:
    network = read_tntp(SMALL)
    assert repr(network) == "TntpNetwork(tntp_small: 3 zones, 5 nodes, 8 links)"
    assert network.first_thru_node == 4
    assert network.init_node.tolist() == [1, 1, 3, 4, 4, 5, 2, 4]
    assert network.term_node.tolist() == [4, 3, 2, 2, 5, 2, 4, 3]
    assert network.capacity.tolist() == [20, 20, 20, 10, 10, 10, 20, 20]
    assert network.free_flow_time.tolist() == [1, 1, 1, 10, 2, 3, 1, 2]
    assert network.b.tolist() == [0.15] * 6 + [0.0, 0.15]
    assert network.power.tolist() == [4, 4, 4, 4, 4, 4, 0, 4]
    assert network.toll is not None
    assert network.toll.tolist() == [0, 0, 0, 0, 100, 0, 0, 0]
    assert network.length is not None
    assert network.length.tolist() == [1, 1, 1, 5, 4, 4, 1, 1]
    assert network.line.tolist() == [10, 11, 12, 14, 15, 16, 18, 19]
    assert network.notes == ()
    trips = network.trips
    assert trips is not None
    assert list(zip(*(part.tolist() for part in trips), strict=True)) == [
        (1, 1, 7.0), (1, 2, 10.0), (1, 3, 4.0), (2, 3, 5.0), (2, 1, 0.0),
    ]  # fmt: skip


def test_arrays_cannot_be_changed() -> None:
    network = read_tntp(SMALL)
    assert network.trips is not None
    for array in (network.capacity, network.init_node, network.trips.flow):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_columns_by_the_header(tmp_path: Path) -> None:
    header = "~ Tail\tHead\tFree Flow Time (min)\tCapacity (veh/h)\tPower\tB\tToll ;"
    folder = lay(tmp_path, header=header, links="1\t3\t2\t10\t4\t0.15\t7;\n3\t2\t3\t20\t1\t0.5\t8")
    network = read_tntp(folder)
    assert network.free_flow_time.tolist() == [2, 3]
    assert network.capacity.tolist() == [10, 20]
    assert network.power.tolist() == [4, 1]
    assert network.b.tolist() == [0.15, 0.5]
    assert network.toll is not None
    assert network.toll.tolist() == [7, 8]
    assert network.length is None


@pytest.mark.parametrize(
    "header",
    ["", "~ a remark", "~ Init node Term node Capacity Length Free Flow Time B Power Speed Toll Type ;"],
)
def test_columns_by_place(tmp_path: Path, header: str) -> None:
    network = read_tntp(lay(tmp_path, header=header))
    assert network.free_flow_time.tolist() == [2, 3]
    assert network.capacity.tolist() == [10, 20]


def test_seven_columns_are_enough(tmp_path: Path) -> None:
    network = read_tntp(lay(tmp_path, links="1 3 10 1 2 0.15 4\n3 2 20 1 3 0.15 4"))
    assert network.power.tolist() == [4, 4]
    assert network.toll is None


@pytest.mark.parametrize("names", [("A_NET.TNTP", "A_TRIPS.TNTP"), ("b_Net.tntp", "b_Trips.tntp"),
                                   ("c_network_2016_01.tntp", "c_trips_2016_01.tntp"), ("net.tntp", "trips.tntp"),
                                   ("d_net.tntp", "d_trips_am.tntp")])  # fmt: skip
def test_names_of_files(tmp_path: Path, names: tuple[str, str]) -> None:
    lay(tmp_path)
    (tmp_path / "x_net.tntp").rename(tmp_path / names[0])
    (tmp_path / "x_trips.tntp").rename(tmp_path / names[1])
    (tmp_path / "x_flow.tntp").write_text("From To Volume Cost\n", encoding="utf-8")
    assert read_tntp(tmp_path).n_link == 2


def test_line_ends_and_marks_of_other_systems(tmp_path: Path) -> None:
    lay(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf~ caf\xe9\r\n" + path.read_bytes().replace(b"\n", b"\r\n"))
    network = read_tntp(tmp_path)
    assert network.n_link == 2
    assert network.line.tolist() == [8, 9]


@pytest.mark.parametrize(
    "body",
    [
        "Origin 1\n1 : 0.0; 2 : 5.5;\nOrigin 2\n1 : 1e1;",
        "ORIGIN  1\n\t1:0;2:5.5;\n\n  origin 2  \n 1 :10.",
        "Origin 1 1 : 0 ; 2 : 5.5 ;\nOrigin 2\n1 : +10.0\n",
        "Origin 1\n1 : 0 2 : 5.5\n~ not this: 2 : 99;\nOrigin 2 ~ nor this\n1\n:\n10\n;",
    ],
)
def test_ways_to_write_trips(tmp_path: Path, body: str) -> None:
    trips = read_tntp(lay(tmp_path, trips=body)).trips
    assert trips is not None
    assert trips.origin.tolist() == [1, 1, 2]
    assert trips.destination.tolist() == [1, 2, 1]
    assert trips.flow.tolist() == [0.0, 5.5, 10.0]


def test_origin_without_destinations(tmp_path: Path) -> None:
    trips = read_tntp(lay(tmp_path, trips="Origin 1\nOrigin 2\n\n1 : 4;\n")).trips
    assert trips is not None
    assert trips.origin.tolist() == [2]


def test_trips_are_left_out_when_demand_comes_from_elsewhere(tmp_path: Path) -> None:
    (lay(tmp_path) / "x_trips.tntp").unlink()
    assert read_tntp(tmp_path, has_trips=False).trips is None


def test_notes_tell_what_is_odd_and_no_fault(tmp_path: Path) -> None:
    net = NET.format(header="<TOLL FACTOR> 2", links=LINKS).replace("NODES> 3", "NODES> 4")
    net = net.replace("<END", "<TOLL FACTOR> 0.02\n<END")
    lay(tmp_path, net=net.replace("\n<TOLL FACTOR> 2\n", "\n"))
    trips = (tmp_path / "x_trips.tntp").read_text(encoding="utf-8")
    (tmp_path / "x_trips.tntp").write_text(trips.replace("<END", "<TOTAL OD FLOW> 6\n<END"), encoding="utf-8")
    assert read_tntp(tmp_path).notes == (
        "x_net.tntp: no link touches node 4",
        "x_net.tntp: <TOLL FACTOR> 0.02 is not used; option --toll-factor sets it",
        "x_trips.tntp: <TOTAL OD FLOW> says 6, the flows sum to 5",
    )


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("LINKS> 2", "LINKS> 3", "tntp_net.row.count row 4"),
        ("LINKS> 2", "LINKS> two", "tntp_net.metadata.type row 4"),
        ("<NUMBER OF LINKS> 2\n", "", "tntp_net.metadata.present"),
        ("NODES> 3", "NODES> 2", "tntp_net.node.refers row 7"),
        ("NODES> 3", "NODES> 1", "tntp_net.metadata.bounds row 1"),
        ("ZONES> 2", "ZONES> 3", "tntp_trips.zone.count row 1"),
        ("ZONES> 2", "ZONES> 0", "tntp_net.metadata.bounds row 1"),
        ("THRU NODE> 1", "THRU NODE> 5", "tntp_net.metadata.bounds row 3"),
        ("THRU NODE> 1", "THRU NODE> -1", "tntp_net.metadata.type row 3"),
        ("THRU NODE> 1", "THRU NODE>", "tntp_net.metadata.type row 3"),
        ("<END OF METADATA>", "", "tntp_net.metadata.end"),
        ("1 3 10", "1 3 -10", "tntp_net.capacity.bounds row 7"),
        ("1 3 10", "1 3 ten", "tntp_net.capacity.type row 7"),
        ("1 3 10", "1 3 nan", "tntp_net.capacity.type row 7"),
        ("1 3 10", "1 3 inf", "tntp_net.capacity.type row 7"),
        ("1 3 10", "1 3 1_0", "tntp_net.capacity.type row 7"),
        ("1 3 10 1 2", "1 3 10 1 -2", "tntp_net.free_flow_time.bounds row 7"),
        ("0.15 4 0 0 1 ;\n3", "-0.15 4 0 0 1 ;\n3", "tntp_net.b.bounds row 7"),
        ("1 3 10", "1 1.5 10", "tntp_net.term_node.type row 7"),
        ("1 3 10", "0 3 10", "tntp_net.node.refers row 7"),
        ("1 3 10", "1 4 10", "tntp_net.node.refers row 7"),
    ],
)  # fmt: skip
def test_faults_of_a_net_file(tmp_path: Path, old: str, new: str, rule: str) -> None:
    net = NET.format(header="", links=LINKS)
    assert old in net
    assert rule in fail(lay(tmp_path, net=net.replace(old, new, 1)))


def test_an_empty_cell_is_found_by_its_column(tmp_path: Path) -> None:
    links = "\t1\t3\t\t1\t2\t0.15\t4\t0\t0\t1\t;\n"
    links += "\t3\t2\t20\t1\t3\t0.15\t4\t0\t0\t1\t;\n\t2\t3\t1\t1\t1\t0\t0\t0\t0\t1\t;"
    net = NET.format(header="", links=links).replace("LINKS> 2", "LINKS> 3")
    with pytest.raises(DataError) as caught:
        read_tntp(lay(tmp_path, net=net))
    assert [(issue.rule, issue.ids, issue.found) for issue in caught.value.issues] == [
        ("tntp_net.row.ragged", ("row 7",), "no value in column capacity")
    ]


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ("Origin 1\n3 : 5;", ["tntp_trips.zone.refers row 4"]),
        ("Origin 1\n0 : 5;", ["tntp_trips.zone.refers row 4"]),
        ("Origin 1\nb : 5;", ["tntp_trips.zone.refers row 4"]),
        ("Origin 3\n1 : 5;", ["tntp_trips.zone.refers row 3"]),
        ("Origin\n1 : 5;", ["tntp_trips.zone.refers row 3"]),
        ("Origin 1\n1 : 2;\n2 : -5;", ["tntp_trips.flow.bounds row 5"]),
        ("Origin 1\n2 : five;", ["tntp_trips.flow.type row 4"]),
        ("Origin 1\n2 : 1e999;", ["tntp_trips.flow.type row 4"]),
        ("Origin 1\n2 : nan;", ["tntp_trips.flow.type row 4"]),
        ("Origin 1\n2 5;", ["tntp_trips.row.form row 4"]),
        ("Origin 1\n2 : ;", ["tntp_trips.row.form row 4"]),
        ("2 : 5;\nOrigin 1\n", ["tntp_trips.row.form row 3"]),
        ("Origin 1\n2 : 5;\nOrigin 1\n2 : 6;", ["tntp_trips.row.unique"]),
        ("Origin 1\n2 : 5; 2 : 6;", ["tntp_trips.row.unique"]),
        (
            "Origin 1\n2 : -5;\n9 : 1; 1 : x;",
            ["tntp_trips.flow.bounds row 4", "tntp_trips.zone.refers row 5", "tntp_trips.flow.type row 5"],
        ),
    ],
)
def test_faults_of_a_trips_file(tmp_path: Path, body: str, rules: list[str]) -> None:
    assert fail(lay(tmp_path, trips=body)) == rules


def test_faults_of_both_files_come_together(tmp_path: Path) -> None:
    net = NET.format(header="", links=LINKS.replace("1 3 10", "1 3 -10")).replace("LINKS> 2", "LINKS> 7")
    assert fail(lay(tmp_path, net=net, trips="Origin 1\n2 : -1;")) == [
        "tntp_net.row.count row 4", "tntp_net.capacity.bounds row 7", "tntp_trips.flow.bounds row 4",
    ]  # fmt: skip


def test_files_that_are_missing_or_twice(tmp_path: Path) -> None:
    assert fail(tmp_path) == ["tntp_net.file.exists", "tntp_trips.file.exists"]
    lay(tmp_path)
    (tmp_path / "y_net.tntp").write_text("", encoding="utf-8")
    assert fail(tmp_path) == ["tntp_net.file.single"]
    with pytest.raises(DataError, match="does not exist"):
        read_tntp(tmp_path / "none")
    with pytest.raises(DataError, match="is a file"):
        read_tntp(tmp_path / "x_net.tntp")


def test_files_that_are_no_text(tmp_path: Path) -> None:
    lay(tmp_path)
    (tmp_path / "x_net.tntp").write_bytes("<NUMBER".encode("utf-16"))
    (tmp_path / "x_trips.tntp").write_bytes(b" \n")
    assert fail(tmp_path) == ["tntp_net.file.encoding", "tntp_trips.file.empty"]


def test_a_factor_needs_its_column(tmp_path: Path) -> None:
    lay(tmp_path, links="1 3 10 1 2 0.15 4\n3 2 20 1 3 0.15 4")
    assert read_tntp(tmp_path, is_length_needed=True).length is not None
    with pytest.raises(DataError, match=r"no column toll.*rule tntp_net\.column\.missing"):
        read_tntp(tmp_path, is_toll_needed=True)


def test_trips_without_their_network() -> None:
    trips = read_trips_alone(SMALL / "small_trips.tntp", 3)
    assert trips.flow.sum() == 26.0
    with pytest.raises(DataError, match="destination '3', and there are 2"):
        read_trips_alone(SMALL / "small_trips.tntp", 2)


KNOWN = {
    "Anaheim": (38, 416, 39, 914, 104694.40),
    "Braess-Example": (2, 4, 1, 5, 6.0),
    "Chicago-Sketch": (387, 933, 1, 2950, 1260907.44),
    "Eastern-Massachusetts": (74, 74, 1, 258, 65576.37543099989),
    "SiouxFalls": (24, 24, 1, 76, 360600.0),
}
"""Zones, nodes, first through node, links and total flow as the files say."""


@pytest.mark.parametrize("name", sorted(KNOWN))
@pytest.mark.skipif(not SHARED.is_dir(), reason="the test networks do not lie beside the repository")
def test_networks_of_the_field(name: str) -> None:
    network = read_tntp(SHARED / name)
    zones, nodes, first, links, flow = KNOWN[name]
    assert network.notes == ()
    assert (network.zone_count, network.node_count, network.first_thru_node, network.n_link) == (
        zones,
        nodes,
        first,
        links,
    )
    assert network.trips is not None
    assert network.trips.flow.sum() == pytest.approx(flow, rel=1e-9)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the test networks do not lie beside the repository")
def test_the_quick_way_reads_the_same_as_the_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import dehliz.network.tntp_trips as module

    quick = read_tntp(SHARED / "Anaheim").trips
    monkeypatch.setattr(module, "_read_block", module._read_pieces)
    slow = read_tntp(SHARED / "Anaheim").trips
    assert quick is not None
    assert slow is not None
    for one, other in zip(quick, slow, strict=True):
        assert np.array_equal(one, other)


def test_numbers_that_mean_nothing_are_told_with_their_bound(tmp_path: Path) -> None:
    links = "1 3 1e300 1 2 0.15 4 0 0 1 ;\n3 2 20 1 3 0.15 1e4 0 0 1 ;"
    with pytest.raises(DataError) as caught:
        read_tntp(lay(tmp_path, links=links, trips="Origin 1\n2 : 1e300;"))
    assert [(issue.rule, issue.ids, issue.found) for issue in caught.value.issues] == [
        ("tntp_net.capacity.bounds", ("row 7",), "1e+300, which is above 1e+15"),
        ("tntp_net.power.bounds", ("row 8",), "10000, which is above 1000"),
        ("tntp_trips.flow.bounds", ("row 4",), "1e+300, which is above 1e+15"),
    ]


def test_number_of_zones_that_is_too_large_is_told_so(tmp_path: Path) -> None:
    net = NET.format(header="", links=LINKS).replace("ZONES> 2", "ZONES> 2000000000")
    with pytest.raises(DataError) as caught:
        read_tntp(lay(tmp_path, net=net))
    assert caught.value.issues[0].found == "'2000000000' follows it, which is above 999,999,999"


def test_digits_of_other_scripts_are_no_numbers_in_either_file(tmp_path: Path) -> None:
    links = LINKS.replace("1 3 10", "1 3 \u0661\u0660")
    assert fail(lay(tmp_path, links=links, trips="Origin 1\n2 : \u0665;")) == [
        "tntp_net.capacity.type row 7",
        "tntp_trips.flow.type row 4",
    ]
