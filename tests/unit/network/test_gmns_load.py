"""A GMNS folder to be loaded: what an assignment needs is there, or it is told what is missing."""

from pathlib import Path

import numpy as np
import pytest

from dehliz.base.errors import DataError
from dehliz.network.gmns_load import read_gmns_roads

FILES = {
    "config.csv": "long_length,speed\nmi,mph\n",
    "node.csv": "node_id,x_coord,y_coord,node_type,zone_id\n1,0,0,,z1\n2,0,1,,\n3,1,1,,z2\n4,1,2,centroid,z2\n",
    "link.csv": (
        "link_id,from_node_id,to_node_id,directed,length,free_speed,capacity,lanes,allowed_uses,vdf_alpha,vdf_beta\n"
        "10,1,2,true,10,50,1800,2,auto,0.15,4\n"
        "11,2,3,false,5,25,900,1,\"auto,truck\",0.6,2\n"
        "12,3,4,true,1,10,,,,0,\n"
        "13,1,3,true,1,3,,,walk,,\n"
    ),
}  # fmt: skip


def lay(folder: Path, file: str = "", old: str = "", new: str = "") -> Path:
    for name, text in FILES.items():
        assert name != file or old in text
        (folder / name).write_text(text.replace(old, new) if name == file else text, encoding="utf-8")
    return folder


def fail(folder: Path, **options: bool) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_gmns_roads(folder, **options)  # type: ignore[arg-type]
    return [f"{issue.rule} {'; '.join(issue.ids)}".strip() for issue in caught.value.issues]


def test_links_zones_and_units(tmp_path: Path) -> None:
    roads = read_gmns_roads(lay(tmp_path))
    assert roads.node_ids == ("1", "2", "3", "4")
    assert roads.link_ids == ("10", "11", "12", "11")
    assert roads.from_node.tolist() == [0, 1, 2, 2]
    assert roads.to_node.tolist() == [1, 2, 3, 1]
    assert roads.length_km == pytest.approx([16.09344, 8.04672, 1.609344, 8.04672])
    assert roads.free_time_h == pytest.approx([0.2, 0.2, 0.1, 0.2])
    assert roads.capacity_veh_h.tolist() == [3600, 900, np.inf, 900]
    assert roads.alpha_factor.tolist() == [0.15, 0.6, 0, 0.6]
    assert roads.beta_factor.tolist() == [4, 2, 0, 2]
    assert roads.zone_ids == ("z1", "z2")
    assert roads.zone_node.tolist() == [0, 3]  # the centroid of z2, not its first node
    assert roads.is_centroid.tolist() == [False, False, False, True]
    assert roads.notes == (
        "link.csv: 1 link for walking and cycling left out",
        "link.csv: 1 link not directed: capacity holds for each direction",
    )


def test_one_delay_for_all_links_that_have_none(tmp_path: Path) -> None:
    lay(tmp_path, "link.csv", "0.15,4\n", ",\n")
    assert fail(tmp_path) == ["gmns_link.vdf_alpha.needed 10 in row 2"]
    roads = read_gmns_roads(tmp_path, (0.2, 3.0))
    assert roads.alpha_factor.tolist() == [0.2, 0.6, 0, 0.6]
    assert roads.beta_factor.tolist() == [3, 2, 0, 2]


def test_zones_of_several_nodes_are_told(tmp_path: Path) -> None:
    roads = read_gmns_roads(lay(tmp_path, "node.csv", "2,0,1,,", "2,0,1,,z1"))
    assert roads.zone_node.tolist() == [0, 3]
    assert roads.notes[-1] == "node.csv: the first node stands for zones of several: z1"


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        ("link.csv", "1800,2,auto", ",2,auto", "gmns_link.capacity.needed 10 in row 2"),
        ("link.csv", "1800,2,auto", "-1800,2,auto", "gmns_link.capacity.bounds 10 in row 2"),
        ("link.csv", "1800,2,auto", "many,2,auto", "gmns_link.capacity.type 10 in row 2"),
        ("link.csv", "1800,2,auto", "1800,,auto", "gmns_link.lanes.needed 10 in row 2"),
        ("link.csv", "true,10,50", "true,,50", "gmns_link.length.needed 10 in row 2"),
        ("link.csv", "true,10,50", "true,10,", "gmns_link.free_speed.given 10 in row 2"),
        ("link.csv", "true,10,50", "true,10,0", "gmns_link.free_speed.given 10 in row 2"),
        ("link.csv", "10,1,2", "10,1,9", "gmns_link.to_node_id.refers 10 in row 2"),
        ("link.csv", "vdf_alpha,vdf_beta", "a,b", "gmns_link.vdf_alpha.needed"),
        ("link.csv", "capacity", "c", "gmns_link.capacity.needed"),
        ("node.csv", "zone_id", "taz", "gmns_node.zone_id.needed"),
        ("node.csv", "2,0,1", "1,0,1", "gmns_node.node_id.unique 1 in row 2; 1 in row 3"),
        ("config.csv", "mi,", "li,", "gmns_config.long_length.known"),
        ("config.csv", "mph", "", "gmns_config.speed.known"),
    ],
)
def test_faults(tmp_path: Path, file: str, old: str, new: str, rule: str) -> None:
    assert fail(lay(tmp_path, file, old, new)) == [rule]


@pytest.mark.parametrize("file", ["config.csv", "node.csv", "link.csv"])
def test_a_file_that_is_not_there(tmp_path: Path, file: str) -> None:
    (lay(tmp_path) / file).unlink()
    assert fail(tmp_path) == [f"gmns_{file.removesuffix('.csv')}.file.exists"]
    (tmp_path / file).write_text("", encoding="utf-8")
    assert f"gmns_{file.removesuffix('.csv')}.file.empty" in fail(tmp_path)


def test_a_toll_factor_needs_tolls(tmp_path: Path) -> None:
    assert fail(lay(tmp_path), is_toll_needed=True) == ["gmns_link.toll.needed"]
