"""Every quantity ends in a unit from the closed list: dictionary, settings, public signatures."""

import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass

import pytest

import dehliz
from dehliz.base.schema import list_tables, read_spec
from dehliz.base.units import UNIT_SUFFIX, find_suffix

PURE = {
    "option", "leg", "low", "high", "value", "rival_value", "value_low", "value_high", "value_mean", "year",
    "standard_error", "month", "measured", "wait", "step",
    "run", "value_after", "change", "model_value",
}  # fmt: skip
"""Number columns that are ordinals, or whose unit stands in a column beside them."""

UNITLESS = {"share", "factor", "score", "count", "year", ""}


@pytest.mark.parametrize("table", list_tables())
def test_number_columns_carry_their_unit(table: str) -> None:
    for column in read_spec(table).columns:
        if column.type not in ("int", "float") or column.name in PURE:
            continue
        assert find_suffix(column.name), f"{table}.{column.name} ends in no known unit"


@pytest.mark.parametrize("table", list_tables())
def test_unit_of_the_dictionary_agrees_with_the_suffix(table: str) -> None:
    for column in read_spec(table).columns:
        suffix = find_suffix(column.name) if column.type in ("int", "float") else None
        if suffix is None or column.unit in UNITLESS:
            continue
        written = column.unit.lower().replace("/", "_").replace("-", "_").replace(" ", "_")
        assert written == suffix.removeprefix("_"), (
            f"{table}.{column.name}: unit {column.unit}, suffix {suffix}"
        )


@pytest.mark.parametrize("table", list_tables())
def test_every_column_is_described(table: str) -> None:
    for column in read_spec(table).columns:
        assert column.description, f"{table}.{column.name} has no description"
        assert column.role in ("input", "derived", "result")
        assert column.type in ("id", "ids", "text", "bool", "int", "float", "enum"), column
        assert (column.type == "enum") == bool(column.choices), column


def list_modules() -> list[str]:
    """Modules whose numbers are quantities: kernels take plain arrays, and the report measures in pixels."""
    names = [found.name for found in pkgutil.walk_packages(dehliz.__path__, "dehliz.")]
    return [name for name in names if "kernels" not in name and ".report" not in name]


FLOATS = ("float", "float | None", "FloatArray")
PLAIN = {
    "x", "y", "z", "value", "values", "low", "high", "share", "number", "step", "position", "weight", "fraction",
    "t_per_teu", "scale", "angle", "radius", "size", "width", "height", "start", "end", "rank", "tolerance",
    "mean_h", "variance_h2", "criteria", "latitude", "score", "offset", "gap", "margin", "top", "left", "right",
    "bottom", "limit", "figure", "pixel", "opacity", "tonnes", "hours", "factor", "fixed", "most", "objective",
    "beckmann_objective", "total_time", "lower_bound", *PURE,
}  # fmt: skip
"""Names that are a unit themselves, numbers on paper, and arrays whose docstring names the unit of each row."""


@pytest.mark.parametrize("module", list_modules())
def test_numbers_in_public_signatures_carry_their_unit(module: str) -> None:
    for name, thing in vars(importlib.import_module(module)).items():
        if name.startswith("_") or getattr(thing, "__module__", "") != module:
            continue
        for parameter, kind in list_numbers(thing):
            assert find_suffix(parameter) or parameter in PLAIN, f"{module}.{name}: {parameter}: {kind}"


def list_numbers(thing: object) -> list[tuple[str, str]]:
    if is_dataclass(thing):
        found = [(field.name, str(getattr(field.type, "__name__", field.type))) for field in fields(thing)]
    elif inspect.isfunction(thing):
        parameters = inspect.signature(thing).parameters.values()
        found = [(one.name, str(getattr(one.annotation, "__name__", one.annotation))) for one in parameters]
    else:
        found = []
    return [(name, kind) for name, kind in found if kind in FLOATS]


def test_suffixes_are_found_from_the_longest() -> None:
    assert find_suffix("rate_usd_teu_km") == "_usd_teu_km"
    assert find_suffix("speed_km_h") == "_km_h"
    assert find_suffix("name") is None
    assert find_suffix("_h") is None
    assert all(suffix.startswith("_") for suffix in UNIT_SUFFIX)
