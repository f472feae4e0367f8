"""Which facts and which assumptions stand behind the rows that a route uses.

Gathers, once per network, the fact ids of every row: those written in the row itself and those of its values in
the ``value`` table. A link stands on more than itself: on the tariff that prices it, the emission factor and the
grid of its country; a whole route on its segment and on the scores of the countries. ``routing/describe.py`` asks
for the union over a leg or a route.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from dehliz.base.rows import each_row
from dehliz.graph.cost import Tariffs
from dehliz.graph.emissions import Factors
from dehliz.graph.shipment import Shipment
from dehliz.network.network import Network

Row = tuple[str, str]
"""Table name and row id; ``country.stability_score`` and the like where one column of a row counts."""

_KEYS: Final = {
    "link": "link_id",
    "service_leg": "service_leg_id",
    "terminal": "terminal_id",
    "connector": "connector_id",
    "tariff": "tariff_id",
    "emission_factor": "emission_factor_id",
}

_USED: Final = frozenset({"link", "service_leg", "terminal", "connector"})

STABILITY: Final = "country.stability_score"

_STOP: Final = frozenset({"handling_time_h", "waiting_time_h", "time_spread_h", "emissions_kgco2e_t"})
_COUNTED: Final = {
    "link": frozenset({"length_km", "speed_km_h", "time_spread_h", "electrification"}),
    "service_leg": frozenset({"length_km", "time_h", "waiting_time_h", "time_spread_h"}),
    "terminal": _STOP,
    "connector": _STOP,
    "tariff": frozenset({"rate_usd_teu_km", "fixed_usd_teu", "rate_usd_t_km", "fixed_usd_t"}),
    "emission_factor": frozenset({"wtw_gco2e_tkm", "energy_kwh_tkm"}),
    "segment": frozenset({"t_per_teu_factor", "value_of_time_usd_t_h"}),
}
"""Columns whose values make a route what it is; tracks and capacities do not. What a stop costs depends on the unit."""


class Evidence:
    """Facts and number of assumed values of each row of a network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._factors = Factors(network)
        self._tariffs: dict[tuple[str, str], Tariffs] = {}
        self._moving: dict[Row, Any] = {
            (table, getattr(row, _KEYS[table])): row
            for table in ("link", "service_leg")
            for row in each_row(network.table(table))
        }
        self._facts: dict[Row, set[str]] = defaultdict(set)
        self._assumed: dict[Row, set[str]] = defaultdict(set)
        for table, key in _KEYS.items():
            frame = network.table(table)
            for row_id, fact_ids in zip(frame[key].tolist(), frame["fact_ids"].tolist(), strict=True):
                self._facts[(table, row_id)] |= set(str(fact_ids).split(";")) - {""}
        self._known = [row for row in self._facts if row[0] in _USED]
        value = network.value
        columns = (
            value[name].tolist() for name in ("table_name", "row_id", "column_name", "basis", "fact_id")
        )
        for table, row_id, column, basis, fact_id in zip(*columns, strict=True):
            row = (f"{table}.{column}" if table == "country" else table, row_id)
            if fact_id:
                self._facts[row].add(fact_id)
            if basis == "assumption":
                self._assumed[row].add(column)

    def stand_on(self, rows: Iterable[Row], shipment: Shipment) -> list[Row]:
        """The rows and what prices them and makes their emissions, each once."""
        return list(dict.fromkeys(found for row in rows for found in (row, *self._behind(row, shipment))))

    def _behind(self, row: Row, shipment: Shipment) -> Iterator[Row]:
        line = self._moving.get(row)
        if line is None:
            return
        kind = (shipment.segment_id, shipment.load_unit)
        if kind not in self._tariffs:
            self._tariffs[kind] = Tariffs(self._network.tariff, shipment)
        rate = self._tariffs[kind].find(line.mode_id, line.country_id, row[1])
        if rate is not None:
            yield ("tariff", rate.tariff_id)
        yield from (self._factors.of_link(line) if row[0] == "link" else self._factors.of_service(line))[1]

    def list_values(self, ids: Collection[str], crossed: Iterable[str], shipment: Shipment) -> pd.DataFrame:
        """Rows of the ``value`` table that routes stand on.

        Parameters
        ----------
        ids : collection of str
            Links, service legs, terminals and connectors that are used.
        crossed : iterable of str
            Countries whose stability counts.
        shipment : Shipment
            What is moved.
        """
        used = [row for row in self._known if row[1] in ids]
        standing = {
            *self.stand_on(used, shipment),
            ("segment", shipment.segment_id),
            *((STABILITY, country_id) for country_id in crossed),
        }
        value = self._network.value
        is_used = [row in standing for row in _name_rows(value)]
        return value[np.array(is_used, dtype=bool)].reset_index(drop=True)

    def facts(self, rows: Iterable[Row]) -> list[str]:
        """Fact ids behind the rows, sorted."""
        return sorted(set().union(*(self._facts.get(row, set()) for row in rows)))

    def assumption_count(self, rows: Iterable[Row], shipment: Shipment) -> int:
        """Number of values of the rows that are assumptions, of the columns that count for the shipment."""
        return sum(len(self._assumed.get(row, set()) & _list_counted(row[0], shipment)) for row in set(rows))


def _name_rows(value: pd.DataFrame) -> list[Row]:
    """Table and row of each value; of a country, the column too."""
    columns = (value[name].tolist() for name in ("table_name", "row_id", "column_name"))
    return [
        (f"{table}.{column}" if table == "country" else table, row_id)
        for table, row_id, column in zip(*columns, strict=True)
    ]


def _list_counted(table: str, shipment: Shipment) -> frozenset[str]:
    cost = (
        frozenset({f"cost_usd_{shipment.load_unit}"}) if table in ("terminal", "connector") else frozenset()
    )
    return _COUNTED.get(table, frozenset()) | cost
