"""Whatever hand wrote a test network: the same numbers are read, and the same flows come out of them."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dehliz.assignment.assign import assign
from dehliz.assignment.settings import AssignmentSettings
from dehliz.base.errors import DataError, Issue
from dehliz.graph.roads import Roads, read_roads
from dehliz.network.tntp import TntpNetwork, read_tntp

COLUMNS = (
    "init_node",
    "term_node",
    "capacity",
    "length",
    "free_flow_time",
    "b",
    "power",
    "speed",
    "toll",
    "link_type",
)

power = st.floats(0.0, 1000.0)
number = st.one_of(st.integers(0, 10**6).map(float), st.floats(0.0, 1e9, allow_nan=False))


@st.composite
def networks(draw: Any) -> dict[str, Any]:
    n_node = draw(st.integers(2, 9))
    n_zone = draw(st.integers(1, n_node))
    node = st.integers(1, n_node)
    links = draw(
        st.lists(
            st.tuples(node, node, number, number, number, number, power, number, number),
            min_size=1,
            max_size=12,
        )
    )
    zone = st.integers(1, n_zone)
    pairs = draw(st.dictionaries(st.tuples(zone, zone), number, max_size=12))
    first = draw(st.integers(1, n_node + 1))
    return {
        "n_node": n_node,
        "n_zone": n_zone,
        "first": first,
        "links": links,
        "pairs": pairs,
        "seed": draw(st.integers(0, 999)),
    }


def write(folder: Path, net: dict[str, Any]) -> TntpNetwork:
    """Write a network with a hand that changes from word to word, and read it."""
    hand = random.Random(net["seed"])

    def gap() -> str:
        return hand.choice(["\t", " ", "  ", " \t "])

    def spell(value: float) -> str:
        return hand.choice(
            [
                repr(value),
                f"{value:.17e}",
                f"+{value!r}",
                str(int(value)) if value == int(value) else repr(value),
            ]
        )

    order = (
        list(range(len(COLUMNS))) if hand.random() < 0.5 else hand.sample(range(len(COLUMNS)), len(COLUMNS))
    )
    lines = [
        f"<NUMBER OF ZONES>{gap()}{net['n_zone']}", f"<number of nodes> {net['n_node']}\t",
        f"<FIRST THRU  NODE> {net['first']}", f"  <NUMBER OF LINKS> {len(net['links'])} ;",
    ]  # fmt: skip
    hand.shuffle(lines)
    lines += ["<END OF METADATA>", "", "~\t" + "\t".join(COLUMNS[place] for place in order) + "\t;"]
    for link in net["links"]:
        cells = [str(link[0]), str(link[1]), *(spell(value) for value in link[2:]), "1"]
        text = gap().join(cells[place] for place in order)
        lines.append(f"{gap()}{text}{hand.choice(['', ';', ' ;', gap() + '; ~ 9 9 9'])}")
        lines += hand.choice([[], [""], ["~ 1 2 3"]])
    (folder / "x_net.tntp").write_text(
        "\n".join(lines), encoding="utf-8", newline=hand.choice(["\n", "\r\n"])
    )
    lines = [f"<NUMBER OF ZONES> {net['n_zone']}", "<END OF METADATA>"]
    for origin in sorted({pair[0] for pair in net["pairs"]}):
        lines.append(f"{hand.choice(['Origin', 'origin', 'ORIGIN'])}{gap()}{origin}{gap()}")
        for (start, stop), flow in net["pairs"].items():
            if start == origin:
                colon, end = hand.choice([":", " : ", gap() + ":"]), hand.choice([";", " ;", ";" + gap()])
                piece = f"{gap()}{stop}{colon}{spell(flow)}{end}"
                lines = [*lines, piece] if hand.random() < 0.4 else [*lines[:-1], lines[-1] + " " + piece]
    (folder / "x_trips.tntp").write_text("\n".join(lines), encoding="utf-8")
    return read_tntp(folder)


@settings(max_examples=150, deadline=None)
@given(networks())
def test_what_is_written_is_read(net: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        found = write(Path(folder), net)
    assert (found.zone_count, found.node_count, found.first_thru_node) == (
        net["n_zone"],
        net["n_node"],
        net["first"],
    )
    columns = (
        found.init_node,
        found.term_node,
        found.capacity,
        found.length,
        found.free_flow_time,
        found.b,
        found.power,
    )
    for place, column in enumerate(columns):
        assert column is not None
        assert column.tolist() == [link[place] for link in net["links"]]
    assert found.toll is not None
    assert found.toll.tolist() == [link[8] for link in net["links"]]
    trips = found.trips
    assert trips is not None
    read = dict(
        zip(
            zip(trips.origin.tolist(), trips.destination.tolist(), strict=True),
            trips.flow.tolist(),
            strict=True,
        )
    )
    assert read == net["pairs"]
    assert len(trips.flow) == len(net["pairs"])


SMALL = Path(__file__).parents[1] / "cases" / "tntp_small"
WORDS = (
    b"",
    b"-",
    b"0",
    b"9",
    b":",
    b";",
    b"~",
    b"\t",
    b"\n",
    b"<",
    b">",
    b"e",
    b"nan",
    b"\xff",
    b"Origin",
    b"1e400",
    b"1 2",
)


def read_or_complain(folder: Path) -> tuple[Roads | None, tuple[Issue, ...]]:
    try:
        return read_roads(f"tntp:{folder}"), ()
    except DataError as error:
        return None, error.issues


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["small_net.tntp", "small_trips.tntp"]),
    st.integers(0, 500),
    st.integers(0, 4),
    st.sampled_from(WORDS),
)
@example("small_trips.tntp", 481, 0, b"~")
def test_damage_is_told_and_never_a_traceback(name: str, place: int, length: int, word: bytes) -> None:
    with TemporaryDirectory() as folder:
        for path in SMALL.glob("*.tntp"):
            data = path.read_bytes()
            if path.name == name:
                at = place % len(data)
                data = data[:at] + word + data[at + length :]
            (Path(folder) / path.name).write_bytes(data)
        roads, issues = read_or_complain(Path(folder))
    if roads is None:
        assert issues
        assert all(issue.found and issue.expected and issue.remedy for issue in issues)
        return
    found = assign(roads.graph, roads.costs, roads.trips, AssignmentSettings(method="aon"))
    assert np.isfinite(found.total_time)


def lay(folder: Path, links: list[str], scale: float = 1.0) -> Roads:
    """The network of tests/cases/tntp_small with its links in another order, and flows in another unit."""
    text = (SMALL / "small_net.tntp").read_text(encoding="utf-8")
    head = text[: text.index("~\tinit_node")]
    (folder / "x_net.tntp").write_text(head + "\n".join(links), encoding="utf-8")
    text = (SMALL / "small_trips.tntp").read_text(encoding="utf-8")
    (folder / "x_trips.tntp").write_text(text.replace("10.0", str(10.0 * scale)).replace("4.0;", f"{4 * scale};")
                                         .replace("3 : 5;", f"3 : {5 * scale};"), encoding="utf-8")  # fmt: skip
    return read_roads(f"tntp:{folder}")


BASE = [
    (1, 4, 20.0),
    (1, 3, 20.0),
    (3, 2, 20.0),
    (4, 2, 10.0),
    (4, 5, 3.0),
    (5, 2, 10.0),
    (2, 4, 20.0),
    (4, 3, 20.0),
]
TIMES = [1.0, 1.0, 1.0, 8.0, 2.0, 3.0, 1.0, 2.0]


def flows(order: list[int], scale: float, method: str) -> dict[tuple[str, str], float]:
    links = [f"{BASE[at][0]} {BASE[at][1]} {BASE[at][2] * scale} 1 {TIMES[at]} 0.15 4 ;" for at in order]
    with TemporaryDirectory() as folder:
        roads = lay(Path(folder), links, scale)
    graph = roads.graph
    ask = AssignmentSettings(method=method, target_gap_share=1e-12)  # type: ignore[arg-type]
    volume = assign(graph, roads.costs, roads.trips, ask).total_volume_t_d
    names = [graph.node_ids[node] for node in graph.node]
    return {
        (names[tail], names[head]): float(flow)
        for tail, head, flow in zip(graph.tail, graph.head, volume, strict=True)
    }


@pytest.mark.parametrize("method", ["aon", "ue"])
@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(8)), scale=st.sampled_from([0.001, 1.0, 24.0]))
def test_order_of_links_and_unit_of_flow_do_not_matter(method: str, order: list[int], scale: float) -> None:
    plain = flows(list(range(8)), 1.0, method)
    other = flows(order, scale, method)
    assert other.keys() == plain.keys()
    assert np.array([other[pair] for pair in plain]) == pytest.approx(
        np.array(list(plain.values())) * scale, rel=1e-6
    )
    if method == "ue":  # both ways from 4 to 2 are used, so that this is more than all or nothing
        assert min(plain["4", "2"], plain["4", "5"]) > 0.1
