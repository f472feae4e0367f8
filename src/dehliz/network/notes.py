"""What is not wrong but worth a look: parts without a way between them, nodes without use, gauges that only touch."""

from typing import Final

from dehliz.base.errors import list_ids, say_count
from dehliz.base.sheet import texts_of
from dehliz.network.rule import Tables, list_touched

LEAST_PART_COUNT: Final = 2


def list_notes(tables: Tables) -> list[str]:
    """Remarks on a network that passes all rules.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Typed tables by name.
    """
    return [*_note_parts(tables), *_note_unused(tables), *_note_gauges(tables)]


def find_parts(tables: Tables) -> list[list[str]]:
    """Nodes that hang together by links and service legs of any mode and status, largest part first.

    Nodes that nothing touches are left out.
    """
    parent: dict[str, str] = {}

    def find(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for name in ("link", "service_leg"):
        frame = tables[name]
        for start, end in zip(texts_of(frame["from_node_id"]), texts_of(frame["to_node_id"]), strict=True):
            parent[find(start)] = find(end)
    parts: dict[str, list[str]] = {}
    for node in sorted(parent):
        parts.setdefault(find(node), []).append(node)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


def _note_parts(tables: Tables) -> list[str]:
    parts = find_parts(tables)
    if len(parts) < LEAST_PART_COUNT:
        return []
    smaller = [part[0] for part in parts[1:]]
    return [
        f"The network falls into {len(parts)} parts without a way between them: {len(parts[0])} nodes around"
        f" {parts[0][0]}, and the parts of {list_ids(smaller)}"
    ]


def _note_unused(tables: Tables) -> list[str]:
    used = {node for part in find_parts(tables) for node in part}
    lone = [node for node in texts_of(tables["node"]["node_id"]) if node not in used]
    return (
        [f"{say_count(len(lone), 'node')} without a link or a service leg: {list_ids(lone)}"] if lone else []
    )


def _note_gauges(tables: Tables) -> list[str]:
    mode = tables["mode"]
    rail = set(texts_of(mode["mode_id"][mode["medium"] == "rail"]))
    terminal = tables["terminal"]
    columns = (terminal["node_id"], terminal["from_mode_id"], terminal["to_mode_id"])
    joined = {
        (node, frozenset((start, end)))
        for node, start, end in zip(*(texts_of(c) for c in columns), strict=True)
    }
    at: dict[str, set[str]] = {}
    for node, name in list_touched(tables):
        if name in rail:
            at.setdefault(node, set()).add(name)
    apart = [
        f"{node} ({' and '.join(sorted(modes))})"
        for node, modes in sorted(at.items())
        if len(modes) > 1 and (node, frozenset(modes)) not in joined
    ]
    return (
        [
            f"Two gauges meet without a terminal between them at {say_count(len(apart), 'node')}: {list_ids(apart)}"
        ]
        if apart
        else []
    )
