"""Which facts and which assumptions stand behind the rows that a route uses.

Gathers, once per network, the fact ids of every row: those written in the row itself and those of its values in
the ``value`` table. ``routing/describe.py`` asks for the union over a route.
"""

from collections import defaultdict
from collections.abc import Iterable

from dehliz.network.network import Network

Row = tuple[str, str]
"""Table name and row id."""

_KEYS = {
    "link": "link_id",
    "service_leg": "service_leg_id",
    "terminal": "terminal_id",
    "connector": "connector_id",
}


class Evidence:
    """Facts and number of assumed values of each row of a network."""

    def __init__(self, network: Network) -> None:
        self._facts: dict[Row, set[str]] = defaultdict(set)
        self._assumed: dict[Row, int] = defaultdict(int)
        for table, key in _KEYS.items():
            frame = network.table(table)
            for row_id, fact_ids in zip(frame[key].tolist(), frame["fact_ids"].tolist(), strict=True):
                self._facts[(table, row_id)] |= set(str(fact_ids).split(";")) - {""}
        value = network.value
        columns = (value[name].tolist() for name in ("table_name", "row_id", "basis", "fact_id"))
        for table, row_id, basis, fact_id in zip(*columns, strict=True):
            if fact_id:
                self._facts[(table, row_id)].add(fact_id)
            if basis == "assumption":
                self._assumed[(table, row_id)] += 1

    def facts(self, rows: Iterable[Row]) -> list[str]:
        """Fact ids behind the rows, sorted."""
        return sorted(set().union(*(self._facts.get(row, set()) for row in rows)))

    def assumption_count(self, rows: Iterable[Row]) -> int:
        """Number of values of the rows that are assumptions."""
        return sum(self._assumed.get(row, 0) for row in set(rows))
