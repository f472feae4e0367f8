"""Rules for what is paid, emitted, named and drawn: tariffs, factors, segments, groups, corridors, shapes."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Final

from dehliz.base.errors import suggest
from dehliz.base.schema import list_tables, read_spec
from dehliz.base.sheet import Faults, Rule, rows_where, texts_of
from dehliz.network.rule import Check, Tables, find_repeated, map_column

_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_PAIR: Final = re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)? -?\d+(\.\d+)?([eE]-?\d+)?", re.ASCII)
GATEWAY_KINDS: Final = ("passage", "country", "mode", "link", "terminal", "service_leg")
"""What a gateway of a corridor can be besides a node, written as ``kind:id``."""


def _rows(tables: Tables, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
    return zip(*(texts_of(tables[table][column]) for column in columns), strict=True)


def _find_wrong_rates(tables: Tables, unit: str) -> Faults:
    tariff = tables["tariff"]
    other = "t" if unit == "teu" else "teu"
    is_ours = tariff["load_unit"] == unit
    has_own = tariff[f"rate_usd_{unit}_km"].notna() | tariff[f"fixed_usd_{unit}"].notna()
    has_other = tariff[f"rate_usd_{other}_km"].notna() | tariff[f"fixed_usd_{other}"].notna()
    faults = dict.fromkeys(
        rows_where(is_ours & ~has_own), f"no rate per {unit} and no fixed amount per {unit}"
    )
    return faults | dict.fromkeys(rows_where(is_ours & has_own & has_other), f"a rate per {other} as well")


def _find_lost_rows(tables: Tables, table: str) -> Faults:
    known = _list_ids(tables, "link") | _list_ids(tables, "service_leg")
    rows = enumerate(texts_of(tables[table]["row_id"]))
    return {row: f"'{text}'" for row, text in rows if text and text not in known}


def _list_ids(tables: Tables, table: str) -> set[str]:
    return set(texts_of(tables[table][f"{table}_id"]))


def _find_unit_clash(tables: Tables) -> Faults:
    unit = map_column(tables["segment"], "segment_id", "load_unit")
    return {
        row: f"load_unit {own}, and segment '{segment}' is quoted in {unit[segment]}"
        for row, (segment, own) in enumerate(_rows(tables, "tariff", "segment_id", "load_unit"))
        if segment in unit and own and own != unit[segment]
    }


def _find_weightless(tables: Tables) -> Faults:
    segment = tables["segment"]
    wrong = (segment["load_unit"] == "teu") & segment["t_per_teu_factor"].isna()
    return dict.fromkeys(rows_where(wrong), "no weight of a loaded TEU")


def _find_empty_factors(tables: Tables) -> Faults:
    factor = tables["emission_factor"]
    wrong = factor["wtw_gco2e_tkm"].isna() & factor["energy_kwh_tkm"].isna()
    return dict.fromkeys(rows_where(wrong), "neither wtw_gco2e_tkm nor energy_kwh_tkm")


def _find_misplaced_energy(tables: Tables) -> Faults:
    factor = tables["emission_factor"]
    wrong = factor["energy_kwh_tkm"].notna() & (factor["traction"] != "electric")
    return {row: f"electricity for traction '{factor['traction'].iat[row]}'" for row in rows_where(wrong)}


def _repeated(table: str, *columns: str) -> Callable[[Tables], Faults]:
    return lambda tables: find_repeated(tables[table], list(columns), f"{table}_id")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    parts = [int(part) for part in text.split("-")]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return False
    return True


def _find_bad_dates(tables: Tables, column: str) -> Faults:
    texts = texts_of(tables["country_group"][column])
    return {row: f"'{text}'" for row, text in enumerate(texts) if text and not _is_date(text)}


def _find_date_order(tables: Tables) -> Faults:
    return {
        row: f"from {start} to {end}"
        for row, (start, end) in enumerate(_rows(tables, "country_group", "from_date", "to_date"))
        if start and end and _is_date(start) and _is_date(end) and end < start
    }


def _find_equal_ranks(tables: Tables) -> Faults:
    corridor = tables["corridor"]
    twice = corridor["rank_count"].duplicated(keep=False) & corridor["rank_count"].notna()
    return {
        row: f"rank {corridor['rank_count'].iat[row]:g} occurs more than once" for row in rows_where(twice)
    }


def _find_lost_gateways(tables: Tables, column: str) -> Faults:
    known = {kind: _list_ids(tables, kind) for kind in ("node", *GATEWAY_KINDS[1:])}
    passages = texts_of(tables["link"]["passage_id"]) + texts_of(tables["service_leg"]["passage_id"])
    known["passage"] = set(passages) - {""}
    faults: dict[int, str] = {}
    for row, text in enumerate(texts_of(tables["corridor"][column])):
        lost = [gateway for gateway in text.split(";") if gateway and not _is_known(gateway, known)]
        if lost:
            faults[row] = ", ".join(f"'{gateway}'" for gateway in lost)
    return faults


def _is_known(gateway: str, known: dict[str, set[str]]) -> bool:
    kind, colon, name = gateway.partition(":")
    return name in known.get(kind, set()) if colon else gateway in known["node"]


def _find_lost_values(tables: Tables) -> Faults:
    ids: dict[str, set[str]] = {}
    faults: dict[int, str] = {}
    for row, (table, row_id) in enumerate(_rows(tables, "value", "table_name", "row_id")):
        if table not in tables or not read_spec(table).key:
            continue
        if table not in ids:
            ids[table] = set(texts_of(tables[table][read_spec(table).key[0]]))
        if row_id not in ids[table]:
            faults[row] = f"table {table} has no row '{row_id}'"
    return faults


def _find_lost_value_tables(tables: Tables) -> Faults:
    names = texts_of(tables["value"]["table_name"])
    known = set(list_tables())
    return {
        row: f"'{name}'. {suggest(name, sorted(known))}"
        for row, name in enumerate(names)
        if name not in known
    }


def _find_lost_value_columns(tables: Tables) -> Faults:
    known = {table: set(read_spec(table).column_names) for table in list_tables()}
    return {
        row: f"table {table} has no column '{column}'"
        for row, (table, column) in enumerate(_rows(tables, "value", "table_name", "column_name"))
        if table in known and column not in known[table]
    }


def _find_lost_shapes(tables: Tables) -> Faults:
    ids = {table: _list_ids(tables, table) for table in ("link", "service_leg")}
    return {
        row: f"table '{table}' has no row '{row_id}'"
        for row, (table, row_id) in enumerate(_rows(tables, "shape", "table_name", "row_id"))
        if row_id not in ids.get(table, set())
    }


def _find_bad_lines(tables: Tables) -> Faults:
    faults: dict[int, str] = {}
    for row, text in enumerate(texts_of(tables["shape"]["coordinates"])):
        pairs = text.split(";")
        wrong = next((pair for pair in pairs if not _PAIR.fullmatch(pair)), None)
        if wrong is not None and text:
            faults[row] = f"'{wrong[:40]}'"
        elif text and len(pairs) < 2:
            faults[row] = "a single point"
    return faults


def _check(name: str, expected: str, remedy: str, find: Callable[[Tables], Faults], *needs: str) -> Check:
    return Check(Rule(name, expected, remedy), find, needs)


CHECKS: Final = (
    *(
        _check(
            f"tariff.rate_usd_{unit}_km.load_unit",
            f"A tariff whose load_unit is {unit} has a rate or a fixed amount per {unit}, and none in the other unit",
            f"Fill in rate_usd_{unit}_km or fixed_usd_{unit}, or correct load_unit",
            partial(_find_wrong_rates, unit=unit),
        )
        for unit in ("teu", "t")
    ),
    *(
        _check(
            f"{table}.row_id.known",
            "A value for one row names a link or a service leg",
            "Correct the id, or leave the cell empty for all",
            partial(_find_lost_rows, table=table),
            "link",
            "service_leg",
        )
        for table in ("tariff", "emission_factor")
    ),
    _check(
        "tariff.segment_id.load_unit",
        "A tariff is quoted in the unit of its segment",
        "Correct load_unit or the segment",
        _find_unit_clash,
        "segment",
    ),
    _check(
        "tariff.tariff_id.double",
        "One tariff for each mode, country, segment, row and unit",
        "Remove one of them",
        _repeated("tariff", "mode_id", "country_id", "segment_id", "row_id", "load_unit"),
    ),
    _check(
        "segment.t_per_teu_factor.load_unit",
        "A segment in boxes needs the tonnes of cargo in a loaded TEU",
        "Fill in t_per_teu_factor",
        _find_weightless,
    ),
    _check(
        "emission_factor.wtw_gco2e_tkm.given",
        "A factor gives an intensity, or for electric traction the energy",
        "Fill in one of the two columns",
        _find_empty_factors,
    ),
    _check(
        "emission_factor.energy_kwh_tkm.electric",
        "Energy from the grid belongs to electric traction",
        "Write electric as traction, or give the intensity in wtw_gco2e_tkm",
        _find_misplaced_energy,
    ),
    _check(
        "emission_factor.emission_factor_id.double",
        "One factor for each mode, traction and row",
        "Remove one of them",
        _repeated("emission_factor", "mode_id", "traction", "row_id"),
    ),
    *(
        _check(
            f"country_group.{column}.date",
            "A date is written as 2009, 2009-10 or 2009-10-03",
            "Correct the date, or leave the cell empty",
            partial(_find_bad_dates, column=column),
        )
        for column in ("from_date", "to_date")
    ),
    _check(
        "country_group.to_date.order",
        "A membership ends after it has begun",
        "Correct one of the two dates",
        _find_date_order,
    ),
    _check(
        "corridor.rank_count.unique",
        "Each corridor has its own rank, because the first that fits names the route",
        "Number the corridors from 1",
        _find_equal_ranks,
    ),
    *(
        _check(
            f"corridor.{column}.gateway",
            f"A gateway is a node id, or one of {', '.join(f'{kind}:' for kind in GATEWAY_KINDS)} followed by an id",
            "Correct the gateway",
            partial(_find_lost_gateways, column=column),
            "node",
            "link",
            "service_leg",
            "terminal",
            "country",
            "mode",
        )
        for column in ("all_of", "any_of", "none_of")
    ),
    _check(
        "value.table_name.known",
        "Provenance belongs to a table of the data dictionary",
        "Correct the name",
        _find_lost_value_tables,
    ),
    _check(
        "value.column_name.known",
        "Provenance belongs to a column of the data dictionary",
        "Correct the name",
        _find_lost_value_columns,
    ),
    _check(
        "value.row_id.known",
        "Provenance belongs to a row that exists",
        "Correct the id, or remove the row",
        _find_lost_values,
        "node",
        "link",
        "terminal",
        "service_leg",
        "connector",
    ),
    _check(
        "shape.row_id.known",
        "A shape belongs to a row of link or service_leg",
        "Correct table_name or row_id, or remove the shape",
        _find_lost_shapes,
        "link",
        "service_leg",
    ),
    _check(
        "shape.coordinates.pairs",
        "A line has two points or more, written as 'lon lat;lon lat' in degrees",
        "Correct the coordinates",
        _find_bad_lines,
    ),
)
