"""Fits the choice of corridor to the years up to 2022, for the curated table: ``python -m tools.calibrate_choice``.

Takes some minutes. ``python -m tools.build_eurasia`` then puts the table into the package.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

from dehliz.eurasia.load import load_observed
from dehliz.graph.graph import FloatArray
from dehliz.validation.fitting import fit_corridors, prepare_fit

TABLE = Path(__file__).parent / "build_eurasia" / "curated" / "tables" / "choice_parameter.csv"
YEARS = (2019, 2020, 2021, 2022)
VALUE_DIGITS = 4


def read_table(path: Path = TABLE) -> pd.DataFrame:
    """The curated parameters; numbers as numbers."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for name in ("value", "low", "high"):
        table[name] = pd.to_numeric(table[name].replace("", None))
    return table


def write_table(table: pd.DataFrame, path: Path = TABLE) -> None:
    """Fitted parameters, rounded to what they are worth."""
    out = table.copy()
    for name in ("value", "standard_error"):
        out[name] = [
            "" if pd.isna(cell) else f"{float(cell):.{VALUE_DIGITS}g}" for cell in pd.to_numeric(out[name])
        ]
    out.to_csv(path, index=False, lineterminator="\n")


def _tell(number: int, rest: float, parameters: FloatArray) -> None:
    print(
        f"{number}: {rest:.4f} at {' '.join(f'{one:.5g}' for one in parameters)}", file=sys.stderr, flush=True
    )


def main() -> int:
    """Fit, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20, help="steps of the solver at most")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    asked = parser.parse_args()
    years = prepare_fit(load_observed(), YEARS)
    print(
        f"{sum(len(one.rows) for one in years)} published volumes of {YEARS[0]} to {YEARS[-1]}",
        file=sys.stderr,
    )
    table, result = fit_corridors(years, read_table(), _tell, asked.steps)
    print(result.status, result.message)
    shown = table[["parameter_id", "value", "standard_error", "low", "high", "basis"]]
    print(shown.to_string(index=False))
    if not asked.dry:
        write_table(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
