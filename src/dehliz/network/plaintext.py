"""Tables to comma-separated text: the same table always gives the same bytes."""

from pathlib import Path

import numpy as np
import pandas as pd


def write_csv(frame: pd.DataFrame, file: Path) -> None:
    """Write a table as plain text: UTF-8, LF, numbers without needless digits, absence as nothing."""
    cells = pd.DataFrame(
        {name: [_write_cell(value) for value in frame[name].tolist()] for name in frame.columns}
    )
    cells.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")


def _write_cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if np.isnan(value):
            return ""
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)
