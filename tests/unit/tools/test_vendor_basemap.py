import json

import numpy as np
import pytest
from tools import vendor_basemap

# Two countries side by side with a common border (arc 0), each with its own coast (arcs 1 and 2), and a far island.
#
#        B-----C-----D
#        | A   |  B  |
#        A-----F-----E
TOPOLOGY = {
    "transform": {"scale": [1.0, 1.0], "translate": [40.0, 40.0]},
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[-130, 0], [1, 0], [0, 1], [-1, -1]],
    ],
    "objects": {
        "land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[1, 2]], [[3]]]}]},
        "countries": {
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Aland"}},
                {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"name": "Bland"}},
            ]
        },
    },
}


def test_land_is_one_ring_and_the_border_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(vendor_basemap, "TARGET", tmp_path)
    (tmp_path / "countries-50m.json").write_text(json.dumps(TOPOLOGY), encoding="utf-8")
    path = vendor_basemap.write(tmp_path, "50m")
    data = json.loads(path.read_text(encoding="utf-8"))
    assert len(data["land"]) == 1  # the island lies too far west
    ring = np.cumsum(np.array(data["land"][0]).reshape(-1, 2), axis=0) * data["quantum_deg"]
    assert ring.min(axis=0).tolist() == [40.0, 40.0]
    assert ring.max(axis=0).tolist() == [60.0, 50.0]
    assert data["border"] == [[5000, 4000, 0, 1000]]
    assert data["disputed"] == []
    before = path.read_bytes()
    vendor_basemap.write(tmp_path, "50m")
    assert path.read_bytes() == before


def test_borders_of_disputed_course_are_told_apart():
    line = np.array([[33.0, 46.0], [34.0, 46.1], [38.0, 47.5], [39.0, 48.0]])
    pieces = vendor_basemap.split_by_box({"Russia", "Ukraine"}, line)
    assert [is_dashed for is_dashed, _ in pieces] == [True, False]
    assert np.concatenate([piece for _, piece in pieces])[-1].tolist() == [39.0, 48.0]
    assert vendor_basemap.split_by_box({"Kosovo", "Serbia"}, line)[0][0] is True
    assert vendor_basemap.split_by_box({"Poland", "Ukraine"}, line)[0][0] is False


def test_rings_across_the_antimeridian_are_joined():
    ring = np.array([[178.0, 66.0], [-178.0, 66.0], [-178.0, 68.0], [178.0, 68.0], [178.0, 66.0]])
    assert vendor_basemap.unwrap(ring)[:, 0].tolist() == [178.0, 182.0, 182.0, 178.0, 178.0]


@pytest.mark.parametrize("size", ["50m", "110m"])
def test_the_committed_files_say_where_they_come_from(size):
    text = (vendor_basemap.TARGET / f"basemap_{size}.json").read_text(encoding="utf-8")
    data = json.loads(text)
    assert "Natural Earth" in data["source"]
    assert len(text) < 300_000
