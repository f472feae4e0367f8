"""Makes the border posts and gauge changes of the rail network, one row for each direction.

Part of the build, after ``rail.py``. ``curated/border.csv`` names the crossings; their times, costs and capacities are
sums of named numbers of ``curated/rail_parameter.csv``, so that each has a row in the table ``value``.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.parameter import CURATED, Ledger, Parameter, read_parameters

NUMBERS: Final = {
    "handling_time_h": "handling_ids",
    "waiting_time_h": "waiting_ids",
    "cost_usd_teu": "cost_teu_ids",
    "cost_usd_t": "cost_t_ids",
    "emissions_kgco2e_t": "emission_ids",
}
CAPACITIES: Final = {"capacity_teu_a": "capacity_teu_id", "capacity_t_a": "capacity_t_id"}
PLAIN: Final = (
    "node_id", "kind", "from_mode_id", "to_mode_id", "from_country_id", "to_country_id", "status", "opening_year",
    "closing_year", "note",
)  # fmt: skip


def build(inputs: Path, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Border posts and gauge changes, and where their numbers come from.

    Parameters
    ----------
    inputs : Path
        Folder of the input packages; not used, since nothing here is measured.
    facts : DataFrame
        The table ``fact``.

    Returns
    -------
    dict of str to DataFrame
        Tables ``terminal`` and ``value``.
    """
    del inputs
    ledger = Ledger(read_parameters(facts, CURATED / "rail_parameter.csv"))
    names = {row["node_id"]: row["name"] for row in read_rows(CURATED / "rail_node.csv")}
    rows = [_make_terminal(row, names[row["node_id"]], ledger) for row in read_rows(CURATED / "border.csv")]
    return {"terminal": pd.DataFrame(rows), "value": ledger.make_table()}


def name_terminal(row: dict[str, str]) -> str:
    """Identifier of a crossing in one direction: ``saryagash_post_kz_uz`` or ``dostyk_gauge_1435_1520``."""
    if row["kind"] == "border_post":
        tail = f"{row['from_country_id'].lower()}_{row['to_country_id'].lower()}"
        gauge = row["from_mode_id"].removeprefix("rail_")
        return f"{row['node_id']}_post_{tail}_{gauge}"
    gauges = (row[key].removeprefix("rail_") for key in ("from_mode_id", "to_mode_id"))
    return f"{row['node_id']}_gauge_{'_'.join(gauges)}"


def _describe(row: dict[str, str], place: str) -> str:
    if row["kind"] == "border_post":
        return f"{place}: border, {row['from_country_id']} to {row['to_country_id']}"
    gauges = (row[key].removeprefix("rail_") for key in ("from_mode_id", "to_mode_id"))
    return f"{place}: gauge change, {' to '.join(gauges)} mm"


def _make_terminal(row: dict[str, str], place: str, ledger: Ledger) -> dict[str, object]:
    terminal_id = name_terminal(row)
    terminal: dict[str, object] = {column: row[column] for column in PLAIN}
    for column, names in NUMBERS.items():
        terminal[column] = ledger.take_sum("terminal", terminal_id, column, row[names])
    for column, name in CAPACITIES.items():
        terminal[column] = ledger.take("terminal", terminal_id, column, row[name])
    total_h = float(str(terminal["handling_time_h"])) + float(str(terminal["waiting_time_h"]))
    share = ledger.find("border_spread_share")
    spread = Parameter(
        "", share.value * total_h, share.basis, "", "", share.low * total_h, share.high * total_h, share.rule
    )
    terminal["time_spread_h"] = ledger.note("terminal", terminal_id, "time_spread_h", spread)
    return {
        "terminal_id": terminal_id,
        "name": _describe(row, place),
        "directed": True,
        "fact_ids": ledger.list_facts("terminal", terminal_id),
        **terminal,
    }
