"""Makes the terminals: ports between ship, rail and road, ferry berths, and rail terminals on land.

``curated/port.csv`` and ``curated/rail_terminal.csv`` say what is where; each transfer becomes two directed rows,
since waiting differs by direction. Cargo waits for a ship at the quay only at ocean ports (half of a weekly
interval); at the Caspian and the Black Sea that wait belongs to the service (``service.py``). Before ``place.py``.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, read_parameters, spread
from tools.build_eurasia.place_node import read_nodes

TABLE = "terminal"
SEA, FERRY, RORO, ROAD, PIPELINE = "sea_container", "rail_ferry", "roro", "road", "pipeline"
SHORT = {
    SEA: "ship",
    FERRY: "ferry",
    RORO: "roro",
    ROAD: "road",
    PIPELINE: "pipe",
    "sea_bulk": "bulk",
    "tanker": "tanker",
    "rail_1435": "rail",
    "rail_1520": "rail",
}
HANDLE_FERRY = {
    "kuryk": "handle_rail_ferry_h",
    "plain": "handle_rail_ferry_like_kuryk_h",
    "van": "handle_rail_ferry_van_h",
    "gauge": "handle_rail_ferry_gauge_h",
}
NO_WAIT = "wait_none_h"
BULK_WORDS = {"sea_bulk": ("handle_bulk_port_h", "port"), "tanker": ("handle_tanker_port_h", "pipeline")}
"""Parameters of handling and emissions of ships without boxes."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Transfer:
    """One direction of a transfer; numbers are names of parameters, sums are separated by semicolons."""

    node_id: str
    kind: str
    from_mode_id: str
    to_mode_id: str
    handling: str
    waiting: str
    cost: str
    hub: str
    capacity_teu_a: str = ""
    capacity_t_a: str = ""
    note: str = ""

    @property
    def terminal_id(self) -> str:
        """Such as ``aktau_rail_ship``."""
        return f"{self.node_id}_{SHORT[self.from_mode_id]}_{SHORT[self.to_mode_id]}"


def find_spread_h(handling_h: float, waiting_h: float) -> float:
    """Standard deviation [h]: waits spread evenly up to twice their mean, work varying by half of its mean."""
    return round(math.hypot(waiting_h / math.sqrt(3), handling_h / 2), 2)


def make_row(transfer: Transfer, name: str, ledger: Ledger) -> Row:
    """One row of the table ``terminal``."""
    row_id = transfer.terminal_id
    handling_h = ledger.take_sum(TABLE, row_id, "handling_time_h", transfer.handling)
    waiting_h = ledger.take_sum(TABLE, row_id, "waiting_time_h", transfer.waiting)
    varied = spread(
        max(find_spread_h(handling_h, waiting_h), 0.1),
        "Waits spread evenly up to twice their mean, work varying by half of its mean, independent",
    )
    return {
        "terminal_id": row_id,
        "node_id": transfer.node_id,
        "name": f"{name}, {SHORT[transfer.from_mode_id]} to {SHORT[transfer.to_mode_id]}",
        "kind": transfer.kind,
        "from_mode_id": transfer.from_mode_id,
        "to_mode_id": transfer.to_mode_id,
        "directed": True,
        "handling_time_h": handling_h,
        "waiting_time_h": waiting_h,
        "time_spread_h": ledger.note(TABLE, row_id, "time_spread_h", varied),
        "cost_usd_teu": ledger.take(TABLE, row_id, "cost_usd_teu", f"{transfer.cost}_usd_teu"),
        "cost_usd_t": ledger.take(TABLE, row_id, "cost_usd_t", f"{_find_tonne_cost(transfer.cost)}_usd_t"),
        "capacity_teu_a": ledger.take(TABLE, row_id, "capacity_teu_a", transfer.capacity_teu_a),
        "capacity_t_a": ledger.take(TABLE, row_id, "capacity_t_a", transfer.capacity_t_a),
        "emissions_kgco2e_t": ledger.take(
            TABLE, row_id, "emissions_kgco2e_t", f"hub_{transfer.hub}_kgco2e_t"
        ),
        "status": "open",
        "fact_ids": ledger.list_facts(TABLE, row_id),
        "note": transfer.note,
    }


def _find_tonne_cost(cost: str) -> str:
    return "cost_port" if cost.startswith("cost_port_") else cost


def list_ship_transfers(row: dict[str, str]) -> list[Transfer]:
    """Transfers between container ship and land at one port."""
    node_id, handling, cost, wait = row["node_id"], row["handle_ship"], row["cost_ship"], row["wait_ship"]
    capacity = (row["capacity_teu_a"], row["capacity_t_a"])
    found = []
    if row["rail_mode_id"]:
        rail = row["rail_mode_id"]
        found += [
            Transfer(node_id, "port", rail, SEA, handling, wait, cost, "port", *capacity),
            Transfer(node_id, "port", SEA, rail, handling, "wait_train_h", cost, "port", *capacity),
        ]
    if row["road"]:
        found += [
            Transfer(node_id, "port", ROAD, SEA, "handle_road_port_h", wait, cost, "port", *capacity),
            Transfer(
                node_id, "port", SEA, ROAD, "handle_road_port_h", "wait_truck_h", cost, "port", *capacity
            ),
        ]
    return found


def list_ferry_transfers(row: dict[str, str]) -> list[Transfer]:
    """Transfers between rail ferry or truck ferry and land at one port."""
    node_id, found = row["node_id"], []
    if row["rail_ferry"]:
        handling, rail = HANDLE_FERRY[row["rail_ferry"]], row["rail_mode_id"]
        capacity_t_a = row["capacity_ferry_t_a"]
        found += [
            Transfer(
                node_id, "port", rail, FERRY, handling, NO_WAIT, "cost_rail_ferry", "roll", "", capacity_t_a
            ),
            Transfer(
                node_id,
                "port",
                FERRY,
                rail,
                handling,
                "wait_train_h",
                "cost_rail_ferry",
                "roll",
                "",
                capacity_t_a,
            ),
        ]
    if row["roro"]:
        work = "handle_roro_kuryk_h" if row["roro"] == "kuryk" else "handle_roro_h"
        is_alat = row["roro"] == "alat"
        out, into = (
            ("customs_baku_port_out_h", "customs_baku_port_in_h") if is_alat else ("customs_port_h",) * 2
        )
        capacity_t_a = row["capacity_t_a"] if row["roro"] == "kuryk" else ""
        found += [
            Transfer(
                node_id, "port", ROAD, RORO, f"{work};{out}", NO_WAIT, "cost_roro", "roll", "", capacity_t_a
            ),
            Transfer(
                node_id, "port", RORO, ROAD, f"{work};{into}", NO_WAIT, "cost_roro", "roll", "", capacity_t_a
            ),
        ]
    return found


def list_land_transfers(row: dict[str, str]) -> list[Transfer]:
    """Transfers between rail and road at one terminal on land."""
    node_id, rail, kind = row["node_id"], row["rail_mode_id"], row["kind"]
    handling, cost, hub = "handle_rail_road_h", "cost_rail_terminal", "rail_terminal"
    return [
        Transfer(node_id, kind, rail, ROAD, handling, "wait_truck_h", cost, hub),
        Transfer(node_id, kind, ROAD, rail, handling, "wait_train_h", cost, hub),
    ]


def list_pipeline_transfers(row: dict[str, str]) -> list[Transfer]:
    """Transfers between pipeline and rail at one tank farm."""
    node_id, rail, kind = row["node_id"], row["rail_mode_id"], "pipeline_terminal"
    words = ("handle_pipeline_h", "wait_pipeline_h", "cost_pipeline", "pipeline")
    return [Transfer(node_id, kind, rail, PIPELINE, *words), Transfer(node_id, kind, PIPELINE, rail, *words)]


def list_bulk_transfers(row: dict[str, str]) -> list[Transfer]:
    """Transfers between a bulk ship or a tanker and land at one port."""
    node_id, ship = row["node_id"], row["ship_mode_id"]
    handling, hub = BULK_WORDS[ship]
    found = []
    for land in row["land_mode_ids"].split(";"):
        wait = {ROAD: "wait_truck_h", PIPELINE: "wait_pipeline_h"}.get(land, "wait_train_h")
        found += [
            Transfer(node_id, "port", land, ship, handling, NO_WAIT, row["cost"], hub),
            Transfer(node_id, "port", ship, land, handling, wait, row["cost"], hub),
        ]
    return found


def list_transfers(folder: Path = CURATED) -> list[Transfer]:
    """Every transfer of the curated ports and terminals."""
    found: list[Transfer] = []
    for row in read_rows(folder / "port.csv"):
        if row["ship"]:
            found += list_ship_transfers(row)
        found += list_ferry_transfers(row)
        if row["rail_mode_id"] and row["road"]:
            found += list_land_transfers(row | {"kind": "rail_terminal"})
    have = {transfer.terminal_id for transfer in found}
    for row in read_rows(folder / "rail_terminal.csv"):
        found += [transfer for transfer in list_land_transfers(row) if transfer.terminal_id not in have]
    for row in read_rows(folder / "pipeline_terminal.csv"):
        found += list_pipeline_transfers(row)
    for row in read_rows(folder / "bulk_port.csv"):
        found += list_bulk_transfers(row)
    return found


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of the terminals.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not read.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``terminal`` and ``value``.
    """
    del inputs
    ledger = Ledger(read_parameters(facts))
    nodes = read_nodes()
    rows = [make_row(transfer, nodes[transfer.node_id]["name"], ledger) for transfer in list_transfers()]
    return {TABLE: pd.DataFrame(rows), "value": ledger.make_table()}
