"""Random networks that pass all rules, for properties that must hold of any of them."""

import pandas as pd
from hypothesis import strategies as st

from dehliz.network.geo import great_circle_km

NAMES = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="\ufffd"), min_size=1, max_size=12
)


def is_on_land(place: tuple[float, float]) -> bool:
    """Not at longitude 0, latitude 0, which a network refuses as a place that nobody has measured."""
    return abs(place[0] + 0.5) + abs(place[1]) > 0.01  # half a degree is added below


IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Tables of a network of one country, with roads and rails between random points."""
    ids = draw(st.lists(IDS, min_size=2, max_size=6, unique=True))
    place = st.tuples(st.floats(-179, 179), st.floats(-80, 80)).filter(is_on_land)
    places = draw(st.lists(place, min_size=len(ids), max_size=len(ids), unique=True))
    node = pd.DataFrame(
        {
            "node_id": ids,
            "name": draw(st.lists(NAMES, min_size=len(ids), max_size=len(ids))),
            "country_id": "ZZ",
            "lon_deg": [round(lon, 4) + 0.5 for lon, _ in places],
            "lat_deg": [round(lat, 4) for _, lat in places],
            "kind": "city",
        }
    )
    pairs = draw(
        st.lists(
            st.lists(st.sampled_from(range(len(ids))), min_size=2, max_size=2, unique=True),
            min_size=1,
            max_size=8,
        )
    )
    return {"node": node, "link": _make_links(draw, node, pairs), "mode": _MODES, "country": _COUNTRY}


def _make_links(draw: st.DrawFn, node: pd.DataFrame, pairs: list[list[int]]) -> pd.DataFrame:
    rows = []
    lon, lat = node["lon_deg"], node["lat_deg"]
    for number, (start, end) in enumerate(pairs):
        straight = float(great_circle_km(lon[start], lat[start], lon[end], lat[end]))
        rows.append(
            {
                "link_id": f"l{number}",
                "name": draw(st.one_of(st.just(""), NAMES)),
                "from_node_id": node["node_id"][start],
                "to_node_id": node["node_id"][end],
                "directed": draw(st.booleans()),
                "mode_id": draw(st.sampled_from(["road", "rail_1435"])),
                "country_id": "ZZ",
                "length_km": min(straight * draw(st.floats(1, 1.3)) + 1 + number / 7, 29000.0),
                "speed_km_h": draw(st.floats(1, 150)),
                "capacity_veh_d": draw(st.one_of(st.none(), st.floats(0, 1e6))),
                "opening_year": draw(st.one_of(st.none(), st.integers(1900, 2030))),
                "status": draw(st.sampled_from(["open", "closed", "planned"])),
                "length_basis": "geometry",
                "note": draw(st.sampled_from(["", 'measured; twice, "by hand"', "две\nстроки"])),
            }
        )
    return pd.DataFrame(rows)


_MODES = pd.DataFrame(
    {
        "mode_id": ["road", "rail_1435"],
        "name": ["Road", "Rail"],
        "medium": ["road", "rail"],
        "gauge_mm": [None, 1435],
        "description": ["Trucks", "Trains"],
    }
)
_COUNTRY = pd.DataFrame({"country_id": ["ZZ"], "name": ["Unassigned"]})
