"""Pictures and the page of a ranking, on the example corridor."""

import re
from typing import Any

import pandas as pd
import pytest

from dehliz.network.network import Network
from dehliz.report.criticality_bars import criticality_bars
from dehliz.report.criticality_map import criticality_map
from dehliz.report.criticality_page import draw_criticality
from dehliz.report.criticality_style import BAR_FILL, CLASSES, GAIN, find_class
from dehliz.report.style import LAND, SEA, contrast

ROWS = [
    ("country", "XB", "Middleland", "XB", 300.0, 5e6, 5e6),
    ("border", "XA-XB", "Border XA - XB", "XA;XB", 300.0, 2e6, 1e6),
    ("passage", "narrows", "Narrows", "", 40.0, 3e5, 3e5),
    ("place", "quay", "Quay & <Co>", "XB", 200.0, 2e5, 1e5),
    ("section", "xb_mark_quay", "Mark - Quay, rail_1520", "XB", 200.0, 2e4, 1e4),
    ("section", "xa_west_gate", "West - Gate, rail_1435", "XA", 200.0, -9e4, -5e4),
]


def make_tables(network: Network) -> dict[str, pd.DataFrame]:
    names = ["kind", "element_id", "name", "country_ids", "volume_t_d", "net_usd_d", "others_usd_d"]
    rows = pd.DataFrame(ROWS, columns=names).assign(
        rank_count=range(1, len(ROWS) + 1),
        transit_usd_d=0.0,
        extra_emission_tco2e_d=1.0,
        held_t_d=10.0,
        cut_share=0.5,
    )
    bearer = pd.DataFrame(
        [("country", "XB", "XA", 2.5e6), ("country", "XB", "XC", 2.5e6)],
        columns=["kind", "element_id", "country_id", "net_usd_d"],
    )
    pair = pd.DataFrame(
        [(1, "Both & more", 3e6, 4e6, 1e6, 0.1)],
        columns=["rank_count", "name", "others_usd_d", "net_usd_d", "beyond_usd_d", "cut_share"],
    )
    tables = {
        name: network.table(name) for name in ("node", "link", "service_leg", "terminal", "country", "shape")
    }
    return {**tables, "criticality": rows, "criticality_bearer": bearer, "criticality_pair": pair}


@pytest.mark.parametrize("is_narrow", [False, True])
def test_map_tells_each_thing_it_draws(corridor3: Network, is_narrow: bool) -> None:
    figure = criticality_map(make_tables(corridor3), is_narrow=is_narrow)
    assert "6 things that carry cargo" in figure.description
    assert "Middleland 5.00" in figure.description
    assert "nan" not in figure.svg
    assert "<Co>" not in figure.svg


def test_bars_are_as_long_as_losses() -> None:
    rows = pd.DataFrame(
        ROWS, columns=["kind", "element_id", "name", "country_ids", "v", "net_usd_d", "others_usd_d"]
    )
    figure = criticality_bars(rows.assign(rank_count=range(6), transit_usd_d=0.0), by="net", most=4)
    found = re.findall(r"<rect[^>]* width=\"([\d.]+)\"[^>]*><title>([^<]*)</title>", figure.svg)
    length = {title.split(" lost by")[0]: float(width) for width, title in found if "lost by others" in title}
    values = {name: float(re.search(r": ([\d.]+)", name)[1]) for name in length}  # type: ignore[index]
    per = {name: length[name] / value for name, value in values.items() if value >= 1.0}
    assert len(per) == 2
    assert max(per.values()) == pytest.approx(min(per.values()), rel=0.01)


def test_page_is_whole_and_asks_nobody(corridor3: Network) -> None:
    manifest: dict[str, Any] = {
        "status": "not_converged", "reason": "1 of 6 losses stopped", "year": 2024, "by": "others", "days": 90.0,
        "used": 6, "elements": 9, "gainers": 1, "scenario": "zangezur",
    }  # fmt: skip
    page = draw_criticality(make_tables(corridor3), manifest)
    assert page.startswith("<!DOCTYPE html>")
    assert "Not converged: 1 of 6 losses stopped." in page
    assert "Two at once" in page
    assert "Quay &amp; &lt;Co&gt;" in page
    assert not re.search(r"(src|href)=\"https?:", page)


def test_colours_stand_out_and_classes_grow() -> None:
    for colour in [one[1] for one in CLASSES[1:]] + [GAIN[0]]:
        assert contrast(colour, LAND) > 2.4
    assert contrast(CLASSES[-1][1], SEA) > contrast(CLASSES[0][1], SEA)
    assert min(contrast(fill, "#ffffff") for kind, fill in BAR_FILL.items() if kind != "ship") > 4.0
    widths = [one[2] for one in CLASSES]
    assert widths == sorted(widths)
    assert find_class(2e6) == (CLASSES[3][1], CLASSES[3][2])
    assert find_class(-2e6) == GAIN[:2]
    assert find_class(0.0)[0] == CLASSES[0][1]
