"""Gives every number of the sea, road and terminal tables a name, a source and a row of the table ``value``.

``curated/parameter.csv`` holds the numbers; the other curated files name them. ``read_parameters`` checks them
against the facts, and a ``Ledger`` notes which cell of which table took which number. The parts ``sea.py``,
``service.py``, ``road.py``, ``pipeline.py``, ``port.py`` and ``place.py`` write no number without it.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from tools.build_eurasia.facts import read_rows
from tools.build_eurasia.write import format_number

CURATED: Final = Path(__file__).parent / "curated"
FACT_NEAR_SHARE: Final = 0.005
"""A value called a fact may differ from the published one by rounding only."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number and where it comes from; meanings as in the table ``value``."""

    parameter_id: str
    value: float
    basis: str
    fact_id: str
    rival_fact_ids: str
    low: float
    high: float
    rule: str


def _number(text: str) -> float:
    return float(text) if text else math.nan


def read_parameters(facts: pd.DataFrame, path: Path = CURATED / "parameter.csv") -> dict[str, Parameter]:
    """Every named number, checked against the facts.

    Parameters
    ----------
    facts : DataFrame
        The table ``fact``.
    path : Path
        CSV file with columns ``parameter_id, value, basis, fact_id, factor, rival_fact_ids, low, high, rule``;
        a value with basis fact is ``factor`` (1 when empty) times the published number.

    Raises
    ------
    ValueError
        With all faults together: unknown facts, a fact that says something else, an assumption without a range.
    """
    mean = dict(zip(facts["fact_id"], facts["value_mean"], strict=True))
    parameters: dict[str, Parameter] = {}
    faults: list[str] = []
    for row in read_rows(path):
        parameter = Parameter(
            row["parameter_id"], float(row["value"]), row["basis"], row["fact_id"], row["rival_fact_ids"],
            _number(row["low"]), _number(row["high"]), row["rule"],
        )  # fmt: skip
        if parameter.parameter_id in parameters:
            faults.append(f"{parameter.parameter_id}: named twice")
        parameters[parameter.parameter_id] = parameter
        faults += _find_faults(parameter, float(row["factor"] or 1), mean)
    if faults:
        raise ValueError(f"{path.name}: " + "; ".join(faults))
    return parameters


def _find_faults(parameter: Parameter, factor: float, mean: dict[str, float]) -> list[str]:
    name = parameter.parameter_id
    ids = [parameter.fact_id, *parameter.rival_fact_ids.split(";")]
    faults = [f"{name}: no fact '{fact_id}'" for fact_id in ids if fact_id and fact_id not in mean]
    if not parameter.rule:
        faults.append(f"{name}: a rule is needed")
    if parameter.basis == "assumption" and not parameter.low <= parameter.value <= parameter.high:
        faults.append(f"{name}: an assumption lies between low and high")
    if parameter.basis == "fact" and parameter.fact_id in mean:
        published = factor * mean[parameter.fact_id]
        if not math.isclose(parameter.value, published, rel_tol=FACT_NEAR_SHARE):
            faults.append(f"{name}: {parameter.value} here, {published} in {parameter.fact_id}")
    return faults


class Ledger:
    """Notes the provenance of each number that goes into a table.

    Parameters
    ----------
    parameters : dict of str to Parameter
        From ``read_parameters``.
    """

    def __init__(self, parameters: dict[str, Parameter]) -> None:
        self._parameters = parameters
        self._rows: list[dict[str, object]] = []

    def find(self, parameter_id: str) -> Parameter:
        """A named number."""
        return self._parameters[parameter_id]

    def take(self, table: str, row_id: str, column: str, parameter_id: str) -> float:
        """Value of a named number, noted for a cell; NaN when the name is empty."""
        if not parameter_id:
            return math.nan
        return self.note(table, row_id, column, self._parameters[parameter_id])

    def take_sum(self, table: str, row_id: str, column: str, parameter_ids: str) -> float:
        """Sum of several named numbers, separated by semicolons, noted for a cell."""
        parts = [self._parameters[name] for name in parameter_ids.split(";") if name]
        if len(parts) == 1:
            return self.note(table, row_id, column, parts[0])
        return self.note(table, row_id, column, add_up(parts))

    def note(self, table: str, row_id: str, column: str, parameter: Parameter) -> float:
        """The value of a number, noted for a cell."""
        value = round(parameter.value, 4)
        self._rows.append(
            {
                "table_name": table,
                "row_id": row_id,
                "column_name": column,
                "value": format_number(value),
                "basis": parameter.basis,
                "fact_id": parameter.fact_id,
                "rival_fact_ids": parameter.rival_fact_ids,
                "rule": parameter.rule,
                "low": parameter.low,
                "high": parameter.high,
            }
        )
        return value

    def list_facts(self, table: str, row_id: str) -> str:
        """Facts that the cells of one row lean on, separated by semicolons."""
        found = {
            row["fact_id"] for row in self._rows if row["table_name"] == table and row["row_id"] == row_id
        }
        return ";".join(sorted(str(fact_id) for fact_id in found if fact_id))

    def make_table(self) -> pd.DataFrame:
        """The table ``value``."""
        return pd.DataFrame(self._rows)


def add_up(parts: list[Parameter], parameter_id: str = "") -> Parameter:
    """The sum of several numbers: an assumption as soon as one of them is, with the ends added up.

    Parameters
    ----------
    parts : list of Parameter
        At least one.
    parameter_id : str
        Name of the sum.
    """
    is_assumed = any(part.basis == "assumption" for part in parts)
    facts = [part.fact_id for part in parts if part.fact_id]
    rivals = [*facts[1:], *(name for part in parts for name in part.rival_fact_ids.split(";") if name)]
    return Parameter(
        parameter_id,
        sum(part.value for part in parts),
        "assumption" if is_assumed else "derived",
        facts[0] if facts else "",
        ";".join(dict.fromkeys(rivals)),
        sum(part.value if math.isnan(part.low) else part.low for part in parts) if is_assumed else math.nan,
        sum(part.value if math.isnan(part.high) else part.high for part in parts) if is_assumed else math.nan,
        "Sum of: " + "; ".join(f"{part.value:g} ({part.rule})" for part in parts),
    )


def spread(value: float, rule: str, factor: float = 2.0) -> Parameter:
    """A standard deviation that we choose, with a range of ``factor`` both ways."""
    return Parameter("", value, "assumption", "", "", value / factor, value * factor, rule)
