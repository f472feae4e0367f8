"""Every scenario that is shipped does what it says, on network and demand of a fitting year, and says where from."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from dehliz.eurasia.load import load, load_demand, load_event_reports, read_reference
from dehliz.network.scenario import Applied, apply_all, keep_network_changes, read_scenario, resolve

FOLDER = Path(__file__).parents[3] / "studies" / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))
FACT = re.compile(r"\b[a-z_]+-\d{4}(?:\.[a-z_]+)?\b")
WHAT_IFS = {"border_hours_halved", "caspian_shut"}
"""Files that lean on no fact, and say so."""
Check = Callable[[Applied, Applied], None]


def rows(applied: Applied, table: str, column: str) -> dict[str, object]:
    """Cells of a column by the id of the row."""
    assert applied.demand is not None
    if table == "capacity":
        frame = applied.demand.capacity
        return dict(zip(frame["row_id"], frame[column], strict=True))
    frame = applied.network.table(table)
    return dict(zip(frame.iloc[:, 0], frame[column], strict=True))


def changed(old: Applied, new: Applied, table: str, column: str) -> dict[str, tuple[object, object]]:
    """Rows in which a column differs: id -> before and after."""
    before, after = rows(old, table, column), rows(new, table, column)
    return {
        key: (before.get(key), cell)
        for key, cell in after.items()
        if cell != before.get(key) and not (pd.isna(cell) and pd.isna(before.get(key)))
    }


def statuses(old: Applied, new: Applied) -> dict[str, object]:
    """Links, terminals and service legs whose status differs -> their new status."""
    return {
        key: after
        for table in ("link", "terminal", "service_leg")
        for key, (_, after) in changed(old, new, table, "status").items()
    }


def opens(*ids: str) -> Check:
    return lambda old, new: _same(statuses(old, new), dict.fromkeys(ids, "open"))


def closes(*ids: str) -> Check:
    return lambda old, new: _same(statuses(old, new), dict.fromkeys(ids, "closed"))


def scales(table: str, column: str, factor: float, *ids: str) -> Check:
    def check(old: Applied, new: Applied) -> None:
        found = changed(old, new, table, column)
        assert set(found) == set(ids)
        for before, after in found.values():
            assert after == pytest.approx(factor * float(str(before)))

    return check


def sets(table: str, column: str, values: dict[str, object]) -> Check:
    return lambda old, new: _same({k: v[1] for k, v in changed(old, new, table, column).items()}, values)


def _same(found: dict[str, object], wanted: dict[str, object]) -> None:
    assert found == wanted


TRIPP = (
    *(
        "az_horadiz_aghband",
        "am_aghband_meghri",
        "am_meghri_ordubad",
        "az_ordubad_julfa_az",
        "az_sharur_dilucu",
    ),
    *(
        "aghband_post_az_am_1520",
        "aghband_post_am_az_1520",
        "ordubad_post_am_az_1520",
        "ordubad_post_az_am_1520",
    ),
)
GAUGES = [
    f"{place}_gauge_{way}"
    for place in ("altynkol", "dostyk", "akhalkalaki")
    for way in ("1435_1520", "1520_1435")
]
POSTS = [f"{place}_{way}" for place, ways in (
    ("alashankou_post", ("cn_kz_1435", "kz_cn_1435")), ("khorgos_cn_post", ("cn_kz_1435", "kz_cn_1435")),
    ("boyuk_kesik_post", ("az_ge_1520", "ge_az_1520"))) for way in ways]  # fmt: skip
TRACK = ("kz_aktogay_dostyk", "kz_aktogay_balkhash", "kz_balkhash_moyynty")
EAST = ("tr_canbaz_kars", "tr_erzurum_kars", "tr_erzincan_erzurum", "tr_divrigi_erzincan")
FERRIES = ("ferry_kuryk_alat", "ferry_turkmenbashi_alat")
OTHERS = (
    "feeder_aktau_alat",
    "feeder_turkmenbashi_alat",
    "roro_aktau_alat",
    "roro_kuryk_alat",
    "roro_turkmenbashi_alat",
)
LIMITED = ("feeder_aktau_alat", "roro_kuryk_alat", "roro_turkmenbashi_alat")


def check_north(old: Applied, new: Applied) -> None:
    """Nothing of Russia is open but pipelines and their ends; nothing else has changed."""
    network = new.network
    inside = set(network.node["node_id"][network.node["country_id"] == "RU"])
    link, terminal = network.link, network.terminal
    is_own = terminal["node_id"].isin(inside) | (terminal[["from_country_id", "to_country_id"]] == "RU").any(
        axis=1
    )
    left = link[(link["country_id"] == "RU") & (link["status"] == "open")]
    assert set(left["mode_id"]) == {"pipeline"}
    assert len(left) == 5
    modes = terminal[is_own & (terminal["status"] == "open")]
    assert len(modes) == 8
    assert set(modes["from_mode_id"]) | set(modes["to_mode_id"]) == {"pipeline", "tanker"}
    own = set(link["link_id"][link["country_id"] == "RU"]) | set(terminal["terminal_id"][is_own])
    assert set(statuses(old, new)) < own


def check_sanctions(old: Applied, new: Applied) -> None:
    assert old.demand is not None
    assert new.demand is not None
    before = old.demand.demand.groupby("market_id")["volume_t_a"].sum()
    share = new.demand.demand.groupby("market_id")["volume_t_a"].sum() / before
    for market_id, left in share.items():
        wanted = 0.65 if market_id in ("china_europe_rail", "europe_china_rail") else 1.0
        assert left == pytest.approx(wanted), market_id
    scales("tariff", "rate_usd_teu_km", 1.3, "rail_1520_by", "rail_1520_ru")(old, new)


def check_sea(ferries: float, others: float, year: int, factors: tuple[float, float]) -> Check:
    loads = {f"{leg}_{year}": ferries for leg in FERRIES} | {f"{leg}_{year}": others for leg in OTHERS}

    def check(old: Applied, new: Applied) -> None:
        sets("draught_limit", "load_share", dict(loads))(old, new)
        found = changed(old, new, "capacity", "capacity_t_a")
        assert set(found) == {*FERRIES, *LIMITED}
        for leg, (before, after) in found.items():
            assert after == pytest.approx(factors[leg not in FERRIES] * float(str(before)))

    return check


def check_turkic(old: Applied, new: Applied) -> None:
    members = {"AZ", "KG", "KZ", "TR", "UZ"}
    terminal = old.network.terminal.set_index("terminal_id")
    inner = terminal[
        (terminal["kind"] == "border_post")
        & terminal["from_country_id"].isin(members)
        & terminal["to_country_id"].isin(members)
    ]
    scales("terminal", "handling_time_h", 0.5, *inner.index)(old, new)
    tariff = new.network.tariff
    rail = tariff[tariff["country_id"].isin(members) & tariff["mode_id"].isin(["rail_1435", "rail_1520"])]
    boxes = rail[rail["load_unit"] == "teu"]
    assert set(boxes["rate_usd_teu_km"]) == {0.1906}
    assert {"rail_1520_az", "rail_1520_kz", "rail_1520_uz", "rail_1435_tr", "rail_1520_any_kg"} <= set(
        boxes["tariff_id"]
    )
    assert changed(old, new, "tariff", "rate_usd_t_km") == {}


def check_halved(old: Applied, new: Applied) -> None:
    scales("terminal", "waiting_time_h", 0.5, *GAUGES)(old, new)
    scales("terminal", "handling_time_h", 0.5, *POSTS)(old, new)
    scales("terminal", "time_spread_h", 0.5, *GAUGES, *POSTS)(old, new)


def check_track(old: Applied, new: Applied) -> None:
    sets("link", "speed_km_h", dict.fromkeys(TRACK, 62.5))(old, new)
    scales("capacity", "capacity_t_a", 5.0, *TRACK)(old, new)


def check_world_bank(old: Applied, new: Applied) -> None:
    opens("kz_kyzylzhar_moyynty")(old, new)
    sets("link", "electrification", dict.fromkeys(EAST, "yes"))(old, new)
    sets("capacity", "capacity_t_a", dict.fromkeys(EAST, 1e7))(old, new)


def check_storms(old: Applied, new: Applied) -> None:
    sets("closure", "closed_share", {"kuryk_wind_11": 0.9})(old, new)
    sets("closure", "spell_h", {"kuryk_wind_11": 120.0})(old, new)


CASPIAN_SHIPS = tuple(
    f"{kind}_{start}_alat"
    for kind, start in (
        ("bulk", "aktau"), ("bulk", "turkmenbashi"), ("feeder", "aktau"), ("feeder", "turkmenbashi"),
        ("ferry", "kuryk"), ("ferry", "turkmenbashi"), ("roro", "aktau"), ("roro", "kuryk"), ("roro", "turkmenbashi"),
    )
)  # fmt: skip
"""Lines that the Middle Corridor cannot do without."""
SHIPPED: dict[str, tuple[int, int, Check]] = {
    "border_hours_halved": (2025, 2025, check_halved),
    "btk_works": (2022, 2022, closes("ge_akhalkalaki_marabda", "ge_akhalkalaki_canbaz")),
    "caspian_2025": (2024, 2024, check_sea(0.57, 0.65, 2024, (0.786, 0.897))),
    "caspian_low": (2025, 2025, check_sea(0.465, 0.599, 2025, (0.641, 0.922))),
    "caspian_shut": (2025, 2025, closes(*CASPIAN_SHIPS)),
    "dostyk_moiynty_second_track": (2025, 2025, check_track),
    "hormuz_closed": (
        2025,
        2025,
        closes("xz_hormuz_bandar_abbas", "xz_hormuz_east_bandar_abbas", "xz_hormuz_east_hormuz"),
    ),
    "kuryk_november": (2024, 2024, check_storms),
    "north_closed": (2025, 2025, check_north),
    "north_sanctioned": (2021, 2021, check_sanctions),
    "one_more_feeder": (2025, 2025, sets("service_leg", "fleet_count", {"feeder_aktau_alat": 7.0})),
    "poland_belarus_shut": (
        2025,
        2025,
        closes("brest_post_by_pl_1520", "brest_post_pl_by_1520", "brest_road_by_pl", "brest_road_pl_by"),
    ),
    "red_sea_closed": (2024, 2024, closes("xz_gulf_of_aden_bab_el_mandeb")),
    "turkic_one_customs": (2025, 2025, check_turkic),
    "world_bank_2030": (2030, 2025, check_world_bank),
    "zangezur": (
        2025,
        2025,
        opens(*TRIPP, "tr_kars_dilucu", "dilucu_gauge_1520_1435", "dilucu_gauge_1435_1520"),
    ),
    "zangezur_without_kars": (2025, 2025, opens(*TRIPP)),
}
"""File -> year of the network, year of the demand, what has to have changed."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_does_what_it_says(path: Path) -> None:
    year, demand_year, check = SHIPPED[path.stem]
    network, demand = load(year), load_demand(demand_year)
    scenario = read_scenario(path)
    made = apply_all(scenario, network, demand)
    check(Applied(network, (), demand), made)
    assert len(made.notes) == len(scenario.changes)
    assert scenario.description
    assert resolve(keep_network_changes(scenario)[0], network) == []
    if scenario.event is not None:
        assert scenario.event.reported in set(load_event_reports()["event_id"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_says_where_it_is_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = set(FACT.findall(text))
    assert named <= set(_facts().index)
    assert named or path.stem in WHAT_IFS
    assert text.startswith("# ")


@cache
def _facts() -> pd.DataFrame:
    from dehliz.eurasia.facts import read_facts

    return read_facts().fact.set_index("fact_id")


def test_events_are_told_by_two_figures_at_least_that_the_model_was_not_given() -> None:
    frame = load_event_reports()
    fresh = frame[~frame["is_input"]].groupby("event_id").size()
    assert set(fresh.index) == set(frame["event_id"])
    assert len(fresh) >= 4
    assert (fresh >= 2).all()


def test_events_and_scenarios_name_each_other() -> None:
    frame = load_event_reports()
    assert frame.groupby("event_id")[["event_name", "scenario", "year"]].nunique().eq(1).all(axis=None)
    for event_id, name, year in (
        frame[["event_id", "scenario", "year"]].drop_duplicates().itertuples(index=False, name=None)
    ):
        event = read_scenario(FOLDER / f"{name}.toml").event
        assert event is not None
        assert event.reported == event_id
        assert SHIPPED[name][1] == year


def test_reported_figures_are_those_of_their_facts() -> None:
    text = read_reference("event_reported").set_index("event_reported_id")
    for row in load_event_reports().itertuples():
        fact = _facts().loc[row.fact_id]
        assert row.source_date == str(fact["source_date"])
        assert {f for f in text.at[row.event_reported_id, "fact_ids"].split(";") if f} <= set(_facts().index)
        if not pd.isna(row.low):
            assert row.low <= row.value <= row.high
        told = f"{fact['value']} {fact['note']}"
        if row.rule.startswith(("As published", "A fall")):
            assert abs(row.value) == abs(float(fact["value_mean"])), row.event_reported_id
        elif row.rule == "From the note of the fact":
            assert f"{abs(row.value):g}%" in str(fact["note"]), row.event_reported_id
        elif row.rule.startswith("Middle of"):
            assert row.value == (row.low + row.high) / 2
            assert f"{row.low:g}-{row.high:g}" in told
        else:
            assert _reckon(row.rule, row.unit) == pytest.approx(row.value, abs=0.051), row.event_reported_id


def _reckon(rule: str, unit: str) -> float:
    """The result of a rule such as ``26 / 80 - 1`` or ``35 - 27``, in per cent where that is the unit."""
    sum_ = rule.partition(",")[0].removesuffix(" times").replace(" ", "")
    if re.fullmatch(r"[\d.]+", sum_):
        return (float(sum_) - 1) * 100
    ratio = re.fullmatch(r"([\d.]+)/([\d.]+)-1", sum_)
    if ratio:
        return (float(ratio[1]) / float(ratio[2]) - 1) * 100
    first, last = sum_.split("-")
    assert unit in ("days", "km")
    return float(first) - float(last)
