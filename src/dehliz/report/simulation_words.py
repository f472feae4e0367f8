"""Names of places, groups and resources on the page of a simulation, and which rows are worth a picture.

Before this: the tables of a simulation. After it: ``simulation_sections.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from dehliz.base.rows import each_row

Tables = Mapping[str, pd.DataFrame]
KEY: Final = ("corridor_id", "origin_id", "destination_id", "market_id")
ALL_CARGO: Final = "All cargo"
OTHER_WAYS: Final = "Other ways"
NO_CORRIDOR: Final = "Cargo of no corridor"
MOST_GROUPS: Final = 24
MOST_RESOURCES: Final = 6
NO_ROWS: Final = pd.DataFrame()


@dataclass(frozen=True, slots=True)
class Book:
    """Names by id; an id without a name stands for itself.

    Attributes
    ----------
    place, corridor, market, resource : dict of str to str
        Names of zones and nodes, corridors, markets and segments, resources.
    """

    place: dict[str, str]
    corridor: dict[str, str]
    market: dict[str, str]
    resource: dict[str, str]

    def tell(self, row: Any, *, has_market: bool = False) -> str:
        """A group in words: its ends, and its corridor."""
        corridor_id, origin_id, destination_id, market_id = (_text(getattr(row, name, "")) for name in KEY)
        if getattr(row, "scope", "") == "corridor" and not corridor_id:
            return NO_CORRIDOR
        return self.tell_ids(corridor_id, origin_id, destination_id, market_id if has_market else "")

    def tell_ids(self, corridor_id: str, origin_id: str, destination_id: str, market_id: str = "") -> str:
        """The same of ids; empty ones are all."""
        ends = ""
        if origin_id:
            ends = (
                f"{self.place.get(origin_id, origin_id)} → {self.place.get(destination_id, destination_id)}"
            )
        words = [ends, self.corridor.get(corridor_id, OTHER_WAYS if corridor_id == "other" else corridor_id)]
        if market_id not in ("", "all", "probe"):
            words.append(self.market.get(market_id, market_id.replace("_", " ")))
        return ", ".join(word for word in words if word) or ALL_CARGO

    def tell_row_id(self, kind: str, row_id: str) -> str:
        """A row of ``simulated_difference`` in words, such as ``od:xian>poti`` or a resource."""
        if kind in ("ship", "resource"):
            return self.resource.get(row_id, row_id)
        group, _, cause = row_id.partition("|") if row_id.startswith("all|") else (row_id, "", "")
        scope, _, rest = group.partition(":")
        words = rest.split("|") if rest else []
        ends = next((word for word in words if ">" in word), "")
        origin_id, _, destination_id = ends.partition(">")
        others = [word for word in words if word != ends]
        corridor_id = others[0] if others and scope in ("corridor", "probe") else ""
        is_rest = scope == "corridor" and not corridor_id
        told = NO_CORRIDOR if is_rest else self.tell_ids(corridor_id, origin_id, destination_id)
        return f"{told}, {cause}" if cause else told


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def read_names(tables: Tables) -> Book:
    """Names from the tables ``node``, ``zone``, ``corridor``, ``market``, ``segment`` and those of resources."""

    def read(*pairs: tuple[str, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for table, column in pairs:
            rows = tables.get(table, NO_ROWS)
            if len(rows):
                found |= dict(zip(rows[column].astype(str), rows["name"].astype(str), strict=True))
        return found

    return Book(
        read(("node", "node_id"), ("zone", "zone_id")),
        read(("corridor", "corridor_id")),
        read(("segment", "segment_id"), ("market", "market_id")),
        read(
            ("ship_use", "resource_id"),
            ("resource_use", "resource_id"),
            ("simulated_bottleneck", "resource_id"),
        ),
    )


def pick_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the groups to be drawn: watched pairs, else corridors with all cargo; empty when nobody was observed."""
    if not len(table):
        return table
    scopes = ("probe",) if (table["scope"] == "probe").any() else ("all", "corridor")
    return table[table["scope"].isin(scopes)]


def pick_resources(tables: Tables, most: int = 9) -> list[str]:
    """Resources whose queues are drawn: overloaded ones, then those at which cargo waits most."""
    use, rank = tables.get("resource_use", NO_ROWS), tables.get("simulated_bottleneck", NO_ROWS)
    if not len(use):
        return []
    present = set(use["resource_id"])
    if not len(rank):
        return sorted(present)[:most]
    place = rank["wait_rank_count"].where(rank["wait_rank_count"] > 0, 1_000_000)
    chosen = rank.assign(place=place, is_late=~rank["is_overloaded"].astype(bool))
    chosen = chosen.sort_values(["is_late", "place", "resource_id"], kind="stable")
    return [row.resource_id for row in each_row(chosen) if row.resource_id in present][:most]


def pick_differences(rows: pd.DataFrame, book: Book, *, has_corridors: bool = False) -> pd.DataFrame:
    """Differences worth a picture, named.

    Times of all cargo and watched pairs, and of corridors where no pair is watched or they are asked for; ships and
    resources that changed clearly, the largest first.
    """
    if not len(rows):
        return rows
    scope = rows["row_id"].str.partition(":")[0]
    is_watched = scope == "probe"
    is_shown = is_watched | (scope == "all")
    if has_corridors or not is_watched.any():
        is_shown |= scope == "corridor"
    is_time = (rows["kind"] == "time") & is_shown
    most = 2 * MOST_GROUPS if has_corridors else MOST_GROUPS
    parts = [rows[is_time & (rows["measure"] == measure)].head(most) for measure in ("mean_h", "p95_h")]
    odds = (rows["kind"] == "on_time") & is_shown
    parts.append(rows[odds].head(most))
    for kind, measure in (("resource", "wait_h_t"), ("ship", "load_share"), ("ship", "departure_count")):
        own = rows[(rows["kind"] == kind) & (rows["measure"] == measure) & rows["is_clear"].astype(bool)]
        order = own["value_mean"].abs().sort_values(ascending=False, kind="stable").index
        parts.append(own.loc[order].head(MOST_RESOURCES))
    chosen = pd.concat(parts)
    names = [book.tell_row_id(str(row.kind), str(row.row_id)) for row in each_row(chosen)]
    return chosen.assign(name=names)
