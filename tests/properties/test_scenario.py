"""What holds of any change: shares and moves against a plain loop, the base untouched, one fault or an effect."""

import contextlib
import math
from collections import defaultdict
from functools import cache

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dehliz.base.errors import ScenarioError
from dehliz.eurasia.load import load, load_demand
from dehliz.network.changes import Policy, Scale, Scenario, ShiftDemand
from dehliz.network.changing import change_tables
from dehliz.network.demand import DEMAND_TABLES
from dehliz.network.scenario import apply_all
from dehliz.network.selecting_rows import SELECTORS, find_rows

SOME = settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
YEAR = 2025
Key = tuple[str, str, str]


@cache
def _frames() -> dict[str, pd.DataFrame]:
    network, demand = load(YEAR), load_demand(YEAR)
    return {
        **network.tables(),
        "shape": network.shape,
        **{name: getattr(demand, name) for name in DEMAND_TABLES},
    }


def _some(draw: st.DrawFn, values: list[str]) -> tuple[str, ...]:
    return tuple(draw(st.lists(st.sampled_from(sorted(set(values))), max_size=4, unique=True)))


@st.composite
def shifts(draw: st.DrawFn) -> ShiftDemand:
    demand, zone = load_demand(YEAR).demand, load(YEAR).zone
    zones, countries = zone["zone_id"].tolist(), zone["country_id"].tolist()
    end = st.sampled_from(["", *zones])
    return ShiftDemand(
        share=draw(st.floats(0.01, 1.0)),
        factor=draw(st.floats(0.0, 3.0)),
        to_origin_zone_id=draw(end),
        to_destination_zone_id=draw(end),
        market_ids=_some(draw, demand["market_id"].tolist()),
        segment_ids=_some(draw, demand["segment_id"].tolist()),
        origin_country_ids=_some(draw, countries) if draw(st.booleans()) else (),
        destination_zone_ids=_some(draw, zones) if draw(st.booleans()) else (),
    )


def plain_shift(change: ShiftDemand, demand: pd.DataFrame, zone: pd.DataFrame) -> dict[Key, float] | None:
    """Volume of each row after a shift, row by row; None when it cannot be made."""
    country = dict(zip(zone["zone_id"], zone["country_id"], strict=True))
    after: dict[Key, float] = defaultdict(float)
    is_move = bool(change.to_origin_zone_id or change.to_destination_zone_id)
    hits = 0
    for row in demand.itertuples():
        ends = (
            change.to_origin_zone_id or row.origin_zone_id,
            change.to_destination_zone_id or row.destination_zone_id,
        )
        fits = all(
            not wanted or value in wanted
            for value, wanted in (
                (row.market_id, change.market_ids),
                (row.segment_id, change.segment_ids),
                (country[row.origin_zone_id], change.origin_country_ids),
                (row.destination_zone_id, change.destination_zone_ids),
            )
        ) and not (is_move and ends == (row.origin_zone_id, row.destination_zone_id))
        meant = row.volume_t_a * change.share if fits else 0.0
        hits += meant > 0
        if meant > 0 and ends[0] == ends[1]:
            return None
        after[row.market_id, row.origin_zone_id, row.destination_zone_id] += row.volume_t_a - meant
        after[row.market_id, *ends] += meant * change.factor if fits else 0.0
    return after if hits and (is_move or change.factor != 1) else None


@SOME
@given(change=shifts())
def test_a_shift_is_what_a_plain_loop_makes_of_it(change: ShiftDemand) -> None:
    network, demand = load(YEAR), load_demand(YEAR)
    before = demand.demand.copy()
    expected = plain_shift(change, before, network.zone)
    made = None
    with contextlib.suppress(ScenarioError):
        made = apply_all(Scenario("x", (change,)), network, demand)
    pd.testing.assert_frame_equal(demand.demand, before)
    assert (made is None) == (expected is None)
    if made is None or expected is None or made.demand is None:
        return
    rows = made.demand.demand
    found = {
        (market, start, end): volume
        for market, start, end, volume in zip(
            rows["market_id"],
            rows["origin_zone_id"],
            rows["destination_zone_id"],
            rows["volume_t_a"],
            strict=True,
        )
    }
    assert len(found) == len(rows)
    for key, volume in expected.items():
        assert math.isclose(found.get(key, 0.0), volume, rel_tol=1e-9, abs_tol=1e-6), key
    assert {key for key, volume in found.items() if volume > 1e-6} <= set(expected)


@SOME
@given(data=st.data())
def test_rows_are_chosen_as_by_hand(data: st.DataObject) -> None:
    tables = _frames()
    country = dict(zip(tables["node"]["node_id"], tables["node"]["country_id"], strict=True))
    ids = set(
        data.draw(st.lists(st.sampled_from(["KZ", "AZ", "GE", "RU", "TR", "XZ"]), min_size=1, unique=True))
    )
    link = find_rows("link", "country", tuple(ids), tables)
    assert link is not None
    assert link.tolist() == [text in ids for text in tables["link"]["country_id"]]
    terminal = find_rows("terminal", "country", tuple(ids), tables)
    assert terminal is not None
    assert terminal.tolist() == [
        bool(ids & {country[row.node_id], row.from_country_id, row.to_country_id})
        for row in tables["terminal"].itertuples()
    ]
    capacity = find_rows("capacity", "country", tuple(ids), tables)
    own = {
        (name, row_id)
        for name, mask in (("link", link), ("terminal", terminal))
        for row_id in tables[name][f"{name}_id"][mask]
    } | {
        ("service_leg", row.service_leg_id)
        for row in tables["service_leg"].itertuples()
        if row.country_id in ids
    }
    assert capacity is not None
    assert capacity.tolist() == [
        (row.table_name, row.row_id) in own for row in tables["capacity"].itertuples()
    ]


@SOME
@given(data=st.data())
def test_scaling_back_gives_the_base_again(data: st.DataObject) -> None:
    tables = _frames()
    table, column = data.draw(
        st.sampled_from(
            [("link", "length_km"), ("terminal", "handling_time_h"), ("service_leg", "time_h"),
             ("tariff", "rate_usd_teu_km"), ("capacity", "capacity_t_a"), ("closure", "spell_h")]
        )
    )  # fmt: skip
    key = data.draw(st.sampled_from([*SELECTORS, ""]))
    ids = {
        "country_ids": ("KZ", "AZ"),
        "mode_ids": ("rail_1520",),
        "passage_ids": ("bosporus",),
        "node_ids": ("aktau",),
    }
    more = {key: ids[key]} if key else {}
    factor = data.draw(st.sampled_from([0.5, 0.25, 2.0]))
    first = change_tables(Scale(table, column, factor, **more), tables, "x")
    if first.issues:
        assert first.tables is tables
        return
    again = change_tables(Scale(table, column, 1 / factor, **more), first.tables, "x")
    pd.testing.assert_series_equal(again.tables[table][column], tables[table][column])
    assert not first.tables[table][column].equals(tables[table][column])
    assert {name for name in tables if first.tables[name] is not tables[name]} <= {table, "value"}


@SOME
@given(
    countries=st.lists(
        st.sampled_from(["KZ", "AZ", "GE", "UZ", "TR", "KG", "RU"]), min_size=2, max_size=5, unique=True
    ),
    factor=st.sampled_from([0.0, 0.5, 2.0]),
)
def test_a_policy_touches_posts_between_two_members_alone(countries: list[str], factor: float) -> None:
    tables = _frames()
    made = change_tables(Policy(country_ids=tuple(countries), border_factor=factor), tables, "x")
    if made.issues:
        assert made.tables is tables
        return
    before, after = tables["terminal"], made.tables["terminal"]
    for old, new in zip(before.itertuples(), after.itertuples(), strict=True):
        inner = old.kind == "border_post" and {old.from_country_id, old.to_country_id} <= set(countries)
        times = (
            (factor if inner else 1.0) * old.handling_time_h,
            (factor if inner else 1.0) * old.waiting_time_h,
        )
        assert (new.handling_time_h, new.waiting_time_h) == times
        assert new.cost_usd_teu == old.cost_usd_teu
