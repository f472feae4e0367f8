"""Text to typed columns: what each cell means by the dictionary's types, and which cells mean nothing.

Absence stays absence: an empty cell becomes NaN or ``""``, or the default that the dictionary calls true when
absent. Words for "nothing" (``NaN``, ``null``) are faults, so that no computation hides behind them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dehliz.base.schema import ColumnSpec
from dehliz.base.sheet import Faults, texts_of

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d+,\d+|[+-]?\d{1,3}([.,_ \u00a0]\d{3})+([.,]\d+)?")
_NUMBER_THEN_TEXT: Final = re.compile(r"[+-]?\d+(\.\d+)?\s*[A-Za-z%\u00b0/]+")
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_NOTHING: Final = frozenset(
    {"nan", "na", "n/a", "null", "none", "-", "?", "inf", "-inf", "+inf", "infinity", "#n/a"}
)
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A typed column.

    Attributes
    ----------
    values : Series
        Typed; NaN, ``""`` or False where the cell is empty or at fault.
    is_missing : (n_row,) bool array
        Where the cell is empty and the column has no default.
    faults : mapping of int to str
        Rows whose text has no meaning in the column's type.
    remedy : str
        What to do about the first of them.
    """

    values: pd.Series
    is_missing: NDArray[np.bool_]
    faults: Faults
    remedy: str = ""


def parse_column(cells: pd.Series, column: ColumnSpec) -> Parsed:
    """The cells of a column in the type of the dictionary.

    Parameters
    ----------
    cells : Series
        Text, numbers, bools or a mix of them with None and NaN.
    column : ColumnSpec
        What the dictionary says of the column.
    """
    if column.type in ("int", "float") and pd.api.types.is_numeric_dtype(cells.dtype):
        return _take_numbers(cells.to_numpy(dtype=float, na_value=np.nan), column)
    if column.type == "bool" and cells.dtype == bool:
        return Parsed(cells.copy(), np.zeros(len(cells), dtype=bool), {})
    return _PARSERS[column.type](as_text(cells), column)


def as_text(cells: pd.Series) -> list[str]:
    """Each cell as text; absence is ``""`` and whole floats lose their point: the id 12.0 is ``12``."""
    if pd.api.types.is_bool_dtype(cells.dtype):
        return ["true" if value else "false" for value in cells]
    objects = cells.to_numpy(dtype=object).tolist()
    return [value if isinstance(value, str) else _write_cell(value) for value in objects]


def _write_cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return ""
        return str(int(value)) if np.isfinite(value) and value == int(value) else repr(float(value))
    return str(value)


def _parse_text(texts: list[str], column: ColumnSpec) -> Parsed:
    filled = [text if text.strip() else column.default for text in texts]
    unreadable: list[int] = []
    if _UNREADABLE.search("\n".join(filled)):
        unreadable = [row for row, text in enumerate(filled) if _UNREADABLE.search(text)]
    faults = {row: f"unreadable characters in {_quote(filled[row])}" for row in unreadable}
    missing = np.fromiter((not text for text in filled), dtype=bool, count=len(filled))
    remedy = "Write the text again and save the file as UTF-8"
    return Parsed(pd.Series(filled, dtype="str"), missing, faults, remedy)


def _parse_id(texts: list[str], column: ColumnSpec) -> Parsed:
    parsed = _parse_text(texts, column)
    filled = texts_of(parsed.values)
    meant = {text: _tidy(text, column.type == "ids") for text in set(filled)}
    odd = {text for text, tidy in meant.items() if tidy != text or (column.type == "id" and ";" in text)}
    if not odd:
        return parsed
    faults = dict(parsed.faults) | {row: _quote(text) for row, text in enumerate(filled) if text in odd}
    values = pd.Series([meant[text] for text in filled], dtype="str")
    return Parsed(values, parsed.is_missing, faults, "Remove what does not belong to the id")


def _tidy(text: str, has_parts: bool) -> str:
    if not has_parts:
        return text.strip()
    return ";".join(part.strip() for part in text.split(";") if part.strip())


def _parse_bool(texts: list[str], column: ColumnSpec) -> Parsed:
    folded = [(text.strip() or column.default).casefold() for text in texts]
    faults = {row: _quote(texts[row]) for row, text in enumerate(folded) if text and text not in _TRUTH}
    values = pd.Series([_TRUTH.get(text, False) for text in folded], dtype=bool)
    missing = np.fromiter((not text for text in folded), dtype=bool, count=len(folded))
    return Parsed(values, missing, faults, "Write true or false")


def _parse_number(texts: list[str], column: ColumnSpec) -> Parsed:
    stripped = [text.strip() or column.default for text in texts]
    wrong = [row for row, text in enumerate(stripped) if text and not _NUMBER.fullmatch(text)]
    wrong_rows = set(wrong)
    usable = [text if row not in wrong_rows else "" for row, text in enumerate(stripped)]
    numbers = np.array([float(text) if text else np.nan for text in usable], dtype=float)
    parsed = _take_numbers(numbers, column)
    faults = {**parsed.faults, **{row: f"{_quote(stripped[row])} is not a number" for row in wrong}}
    missing = np.fromiter((not text for text in stripped), dtype=bool, count=len(stripped))
    remedy = _advise_number(stripped[wrong[0]], column) if wrong else parsed.remedy
    return Parsed(parsed.values, missing, faults, remedy)


def _take_numbers(numbers: NDArray[np.float64], column: ColumnSpec) -> Parsed:
    infinite = np.isinf(numbers)
    faults = {int(row): "a number without end" for row in np.flatnonzero(infinite)}
    remedy = "Leave the cell empty when there is no limit, or write the number"
    if column.type == "int":
        broken = np.isfinite(numbers) & (numbers != np.round(numbers))
        faults |= {int(row): f"{numbers[row]:g} is not a whole number" for row in np.flatnonzero(broken)}
        remedy = "Write a whole number" if broken.any() else remedy
    missing = np.isnan(numbers)
    clean = numbers + 0.0  # a copy in which minus zero is zero, so that equal tables are equal as text
    clean[list(faults)] = np.nan
    if (
        column.type == "int"
        and column.is_required
        and not np.isnan(clean).any()
        and (abs(clean) < 2**53).all()
    ):
        return Parsed(pd.Series(clean.astype(np.int64)), missing, faults, remedy)
    return Parsed(pd.Series(clean, dtype="float64"), missing, faults, remedy)


def _advise_number(text: str, column: ColumnSpec) -> str:
    if text.casefold() in _NOTHING:
        empty = "Write the value" if column.is_required else "Leave the cell empty"
        return f"{empty}; '{text}' is not a value"
    if _DECIMAL_COMMA.fullmatch(text):
        return "Write a decimal point, and no signs between thousands, such as 1234.5"
    if _NUMBER_THEN_TEXT.fullmatch(text):
        unit = f"; the unit is {column.unit}" if column.unit else ""
        return f"Write the number alone{unit}"
    return "Write digits with a decimal point, such as 1234.5"


def _quote(text: str) -> str:
    printable = _UNREADABLE.sub("\ufffd", text)
    return f"'{printable[:37]}...'" if len(printable) > 40 else f"'{printable}'"


_PARSERS: Final[dict[str, Callable[[list[str], ColumnSpec], Parsed]]] = {
    "id": _parse_id,
    "ids": _parse_id,
    "text": _parse_text,
    "enum": _parse_text,
    "bool": _parse_bool,
    "int": _parse_number,
    "float": _parse_number,
}
