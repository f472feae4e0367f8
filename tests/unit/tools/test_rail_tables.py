"""The committed rail network: lengths against published ones, gauges, borders, closed joins, corridors in one piece."""

from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

TABLES = Path(__file__).resolve().parents[3] / "src" / "dehliz" / "eurasia" / "tables"
LENGTH_TOLERANCE_SHARE = 0.05
ROUNDING_KM = 0.5

# Published lengths [km] of well-known stretches, independent of the facts that the tables lean on; most are the
# figures commonly quoted in railway texts, rounded to the kilometre.
STRETCHES = {
    "baku bilajari alat hajigabul yevlakh ganja boyuk_kesik gardabani tbilisi_yard tbilisi": 550,
    "tbilisi khashuri samtredia poti": 312,
    "tbilisi khashuri samtredia batumi": 348,
    "marabda akhalkalaki canbaz kars": 258,
    "kars erzurum erzincan divrigi sivas kayseri kirikkale ankara": 1310,
    "ankara eskisehir derince haydarpasa": 576,
    "istanbul cerkezkoy kapikule": 276,
    "altynkol zhetygen": 293,
    "dostyk aktogay": 308,
    "dostyk aktogay balkhash moyynty": 836,
    "beyneu mangystau": 403,
    "lanzhou wuwei jiayuguan hami turpan urumqi": 1892,
    "lianyungang xuzhou zhengzhou luoyang xian": 1083,
    "xian baoji lanzhou": 676,
    "urumqi kuytun jinghe alashankou": 477,
    "jinghe khorgos_cn": 286,
    "moscow smolensk orsha minsk brest": 1094,
    "moscow kazan yekaterinburg": 1667,
    "brest malaszewicze": 15,
    "malaszewicze warsaw": 200,
    "warsaw poznan rzepin frankfurt_oder berlin": 569,
    "constanta bucharest": 225,
    "budapest hegyeshalom vienna": 255,
    "sofia plovdiv svilengrad kapikule": 317,
    "belgrade novi_sad subotica kelebia budapest": 350,
    "tehran qazvin zanjan tabriz": 736,
    "tehran garmsar shahrud mashhad": 926,
    "zamyn_uud ulaanbaatar": 710,
    "ulaanbaatar darkhan sukhbaatar naushki": 402,
    "horadiz aghband": 110.4,
    "kars dilucu": 224,
}
REASONS = {
    "sofia plovdiv svilengrad kapikule": "the old line on the graph; rebuilt sections are shorter",
}

# South, north, west and east edge of each country, to the half degree outwards.
BOX_DEG = {
    "AF": (29, 39, 60, 75), "AM": (38.5, 41.5, 43, 47), "AT": (46, 49.5, 9, 17.5), "AZ": (38, 42, 44.5, 51),
    "BE": (49, 52, 2, 6.5), "BG": (41, 44.5, 22, 29), "BY": (51, 56.5, 23, 33), "CH": (45.5, 48, 5.5, 11),
    "CN": (18, 54, 73, 135.5), "CZ": (48.5, 51.5, 12, 19), "DE": (47, 55.5, 5.5, 15.5), "FR": (42, 51.5, -5, 8.5),
    "GE": (41, 44, 39.5, 47), "GR": (34.5, 42, 19, 30), "HR": (42, 47, 13, 20), "HU": (45.5, 49, 16, 23),
    "IQ": (29, 37.5, 38.5, 49), "IR": (25, 40, 44, 63.5), "IT": (36.5, 47.5, 6.5, 19), "KG": (39, 43.5, 69, 80.5),
    "KZ": (40.5, 55.5, 46, 87.5), "LT": (53.5, 56.5, 20.5, 27), "LV": (55.5, 58.5, 20.5, 28.5),
    "MD": (45, 48.5, 26.5, 30.5), "MK": (40.5, 42.5, 20, 23.5), "MN": (41.5, 52.5, 87.5, 120),
    "NL": (50.5, 54, 3, 7.5), "PL": (49, 55, 14, 24.5), "RO": (43.5, 48.5, 20, 30), "RS": (42, 46.5, 18.5, 23.5),
    "RU": (41, 82, 19, 180), "SI": (45, 47, 13, 17), "SK": (47.5, 50, 16.5, 23), "SY": (32, 37.5, 35.5, 42.5),
    "TJ": (36.5, 41.5, 67, 75.5), "TM": (35, 43, 52, 67), "TR": (35.5, 42.5, 25.5, 45), "UA": (44, 52.5, 22, 40.5),
    "UZ": (37, 46, 55.5, 73.5),
}  # fmt: skip


@cache
def read(name: str) -> pd.DataFrame:
    return pd.read_csv(TABLES / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def rail_links() -> pd.DataFrame:
    link = read("link")
    return link[link["mode_id"].isin(["rail_1520", "rail_1435"])]


@cache
def length_by_ends() -> dict[frozenset[str], float]:
    """Longest of parallel lines, so that new lines beside old ones do not hide them."""
    found: dict[frozenset[str], float] = {}
    for row in rail_links().itertuples():
        ends = frozenset((str(row.from_node_id), str(row.to_node_id)))
        found[ends] = max(found.get(ends, 0.0), float(str(row.length_km)))
    return found


@pytest.mark.parametrize(("stretch", "published_km"), STRETCHES.items())
def test_a_stretch_is_as_long_as_published(stretch: str, published_km: float) -> None:
    model_km = sum(length_by_ends()[frozenset(pair)] for pair in pairwise(stretch.split()))
    error_km, allowed_km = abs(model_km - published_km), LENGTH_TOLERANCE_SHARE * published_km + ROUNDING_KM
    if stretch in REASONS:
        assert allowed_km < error_km < 2 * allowed_km
    else:
        assert error_km <= allowed_km


def test_every_station_lies_in_its_country() -> None:
    ends = {*rail_links()["from_node_id"], *rail_links()["to_node_id"]}
    node = read("node")
    outside = []
    for row in node[node["node_id"].isin(ends)].itertuples():
        south, north, west, east = BOX_DEG[str(row.country_id)]
        if not (south <= float(str(row.lat_deg)) <= north and west <= float(str(row.lon_deg)) <= east):
            outside.append(row.node_id)
    assert not outside


def list_modes_by_node() -> dict[str, set[str]]:
    modes: dict[str, set[str]] = defaultdict(set)
    for row in rail_links().itertuples():
        for node in (str(row.from_node_id), str(row.to_node_id)):
            modes[node].add(str(row.mode_id))
    return modes


def test_gauges_meet_at_gauge_changes_only() -> None:
    terminal = read("terminal")
    changes = set(terminal.loc[terminal["kind"] == "gauge_change", "node_id"])
    meeting = {node for node, modes in list_modes_by_node().items() if len(modes) == 2}
    assert meeting == changes


def test_every_crossing_is_there_in_both_directions() -> None:
    terminal = read("terminal")
    is_rail = terminal["from_mode_id"].isin(["rail_1520", "rail_1435"])
    posts = terminal[is_rail & terminal["kind"].isin(["border_post", "gauge_change"])]
    columns = ["node_id", "from_mode_id", "to_mode_id", "from_country_id", "to_country_id"]
    there = {tuple(row) for row in posts[columns].itertuples(index=False)}
    back = {(node, other, mode, end, start) for node, mode, other, start, end in there}
    assert there == back


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RU", "UA"),
        ("BY", "UA"),
        ("AM", "TR"),
        ("AM", "AZ"),
        ("AZ", "TR"),
        ("GE", "RU"),
        ("SY", "TR"),
        ("AM", "IR"),
    ],
)
def test_closed_borders_are_not_crossed_by_open_lines(one: str, other: str) -> None:
    link = rail_links()[rail_links()["status"] == "open"]
    touched: dict[str, set[str]] = defaultdict(set)
    for row in link.itertuples():
        for node in (str(row.from_node_id), str(row.to_node_id)):
            touched[node].add(str(row.country_id))
    terminal = read("terminal")
    rail = terminal["from_mode_id"].str.startswith("rail_1")
    opened = terminal[rail & (terminal["status"] == "open") & (terminal["from_country_id"] == one)]
    assert not [node for node, countries in touched.items() if {one, other} <= countries]
    assert other not in set(opened["to_country_id"])


def test_closed_lines_are_kept_for_scenarios() -> None:
    status = dict(zip(rail_links()["link_id"], rail_links()["status"], strict=True))
    closed = {link_id for link_id, state in status.items() if state == "closed"}
    assert {"tr_dogukapi_kars", "am_dogukapi_gyumri", "am_sharur_yeraskh", "ge_ochamchire_zugdidi"} <= closed
    assert {"ua_kharkiv_kozacha_lopan", "by_gomel_horodnia", "sy_aleppo_meydan_ekbez"} <= closed


def list_pieces() -> dict[tuple[str, str], int]:
    """Number of the connected piece of each (node, mode) on open lines and open terminals between rail modes."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def find(vertex: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(vertex, vertex)
        while parent[vertex] != vertex:
            parent[vertex] = parent[parent[vertex]]
            vertex = parent[vertex]
        return vertex

    open_link = rail_links()[rail_links()["status"] == "open"]
    for row in open_link.itertuples():
        mode = str(row.mode_id)
        parent[find((str(row.from_node_id), mode))] = find((str(row.to_node_id), mode))
    terminal = read("terminal")
    changes = terminal[(terminal["kind"] == "gauge_change") & (terminal["status"] == "open")]
    for row in changes.itertuples():
        parent[find((str(row.node_id), str(row.from_mode_id)))] = find(
            (str(row.node_id), str(row.to_mode_id))
        )
    roots = {vertex: find(vertex) for vertex in list(parent)}
    numbers = {root: number for number, root in enumerate(sorted(set(roots.values())))}
    return {vertex: numbers[root] for vertex, root in roots.items()}


def list_numbers(node: str) -> set[int]:
    return {number for (name, _), number in list_pieces().items() if name == node}


@pytest.mark.parametrize(
    "corridor",
    [
        "lianyungang xian aktau kuryk duisburg hamburg vladivostok ulaanbaatar kaliningrad bandar_abbas",
        "tashkent hairatan samarkand almaty",
        "absheron alat poti batumi kars mersin iskenderun istanbul kapikule constanta piraeus trieste",
        "moscow makhachkala alat astara_ir yerevan",
        "van tabriz tehran mashhad khaf rozanak anzali",
        "turkmenbashi ashgabat mary turkmenabat samarkand",
    ],
)
def test_a_corridor_is_in_one_piece(corridor: str) -> None:
    pieces = [list_numbers(node) for node in corridor.split()]
    assert set.intersection(*pieces)


def test_zangezur_is_not_there_yet() -> None:
    way = ["horadiz", "aghband", "meghri", "ordubad", "julfa_az", "nakhchivan", "sharur", "dilucu", "kars"]
    link = rail_links()
    status = {frozenset((str(r.from_node_id), str(r.to_node_id))): r.status for r in link.itertuples()}
    found = [status[frozenset(pair)] for pair in pairwise(way)]
    building, planned = "under_construction", "planned"
    assert found == [building, planned, planned, building, "open", "open", building, building]


def test_every_rail_link_tells_where_its_length_and_speed_come_from() -> None:
    value = read("value")
    noted = set(zip(value["table_name"], value["row_id"], value["column_name"], strict=True))
    for column in ("length_km", "speed_km_h", "time_spread_h"):
        assert not [row for row in rail_links()["link_id"] if ("link", row, column) not in noted]


def test_a_published_length_is_marked_as_such() -> None:
    value = read("value").query("table_name == 'link' and column_name == 'length_km'").set_index("row_id")
    published = rail_links()[rail_links()["length_basis"] == "published"]["link_id"]
    assert set(value.loc[published, "basis"]) <= {"fact", "derived", "assumption"}
    assert (value.loc[published, "fact_id"] != "").all()
