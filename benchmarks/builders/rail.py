"""The world's railways as scgraph-data 2.0.0 ships them: the largest component, whole metres, no self-loops.

The wheel is opened as a zip and its module parsed as text; nothing of it is imported or run.
"""

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.task import Task, ask

MEMBER = "scgraph_data/world_railways.py"
VERTEX_COUNT = 163_140
ARC_COUNT = 400_486
FOLDER = Path(__file__).parents[2] / ".inputs"
HOW_TO_GET = "pip download scgraph-data==2.0.0 --no-deps --dest .inputs"


def find_wheel(given: Path | None) -> Path:
    """The wheel given, or where the network's build puts it; says how to get it when it is not there."""
    found = [given] if given is not None else sorted(FOLDER.glob("scgraph_data-2.0.0-*.whl"))
    if not found or not found[0].is_file():
        raise SystemExit(
            f"The rail graph is not here. Get it by: {HOW_TO_GET}; or name the file with --source."
        )
    return found[0]


def _numbers(text: str) -> npt.NDArray[np.float64]:
    return np.fromstring(text.translate(str.maketrans(":,{}[]", "      ")), sep=" ")


def rail(wheel: Path) -> Task:
    """Graph and questions of the world's railways."""
    with zipfile.ZipFile(wheel) as opened:
        text = opened.read(MEMBER).decode()
    start = text.index("graph=[") + len("graph=[")
    end = text.index("]", start)
    row = text[start:end].split("}")[:-1]
    entry = _numbers(text[start:end]).reshape(-1, 2)
    start = text.index("nodes=[", end) + len("nodes=[")
    coordinate = _numbers(text[start : text.index("]]", start)]).reshape(-1, 2)
    tail = np.repeat(np.arange(len(row)), [part.count(":") for part in row])
    head, metre = entry[:, 0].astype(np.int64), np.rint(entry[:, 1] * 1000.0).astype(np.int64)
    keep = tail != head
    tail, head, metre = tail[keep], head[keep], metre[keep]
    shape = (len(row), len(row))
    graph = csr_matrix((np.ones(len(tail)), (tail, head)), shape=shape)
    component = connected_components(graph, directed=True, connection="strong")[1]
    is_main = component == np.bincount(component).argmax()
    number = np.cumsum(is_main) - 1
    keep = is_main[tail] & is_main[head]
    tail, head, metre = number[tail[keep]], number[head[keep]], np.maximum(metre[keep], 1)
    if (int(is_main.sum()), len(tail)) != (VERTEX_COUNT, ARC_COUNT):
        raise SystemExit(f"Found {is_main.sum()} vertices and {len(tail)} arcs; that is not version 2.0.0.")
    order = np.argsort(tail, kind="stable")
    first_out = np.zeros(VERTEX_COUNT + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=VERTEX_COUNT), out=first_out[1:])
    return ask(first_out, head[order], metre[order], coordinate[is_main])
