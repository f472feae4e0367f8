"""The prices and weights of a route: what was fitted is recomputed here, and nothing stands without a reason."""

from itertools import chain
from pathlib import Path
from statistics import fmean

import pytest
from tools.build_eurasia import crosscheck, economy
from tools.build_eurasia.economy import CURATED, build, expand_feeders, find_basin
from tools.build_eurasia.facts import build_facts, read_rows
from tools.build_eurasia.write import format_table

from dehliz.base.schema import list_tables

FACTS = build_facts()["fact"]
TABLES = build(Path(), FACTS)
TEXT = {name: format_table(table, name) for name, table in TABLES.items()}
NUMBER = dict(zip(FACTS["fact_id"], FACTS["value"], strict=True))
CURATED_ROWS = {path.stem: read_rows(path) for path in CURATED.glob("*.csv")}
CALIBRATION = {row["calibration_id"]: row for row in CURATED_ROWS["calibration"]}
TARIFF = {row["tariff_id"]: row for row in CURATED_ROWS["tariff"]}
FEEDER = {row["basin"]: row for row in CURATED_ROWS["feeder"]}
FACTOR = {row["emission_factor_id"]: row for row in CURATED_ROWS["emission_factor"]}
PORT_USD_TEU = {"china": 86.8, "europe": 129.6, "region": 95.5}
GAUGE_USD_FEU = 329
DERINCE_FERRY_KM, DERINCE_FEEDER_KM, FEEDER_1520_KM = 4402, 4191, 503


def read_middle(value: str) -> float:
    """The number of a published value; the middle of a published range."""
    stated = value.partition(" (")[0]
    return fmean(float(end) for end in stated.split("-"))


def mean_fact(*fact_ids: str) -> float:
    return fmean(read_middle(NUMBER[fact_id]) for fact_id in fact_ids)


def rate(tariff_id: str, column: str = "rate_usd_teu_km") -> float:
    return float(TARIFF[tariff_id][column])


def test_tables_are_of_the_dictionary_and_agree_with_their_values() -> None:
    assert set(TABLES) <= set(list_tables())
    text = TEXT | {"fact": format_table(FACTS, "fact")}
    assert crosscheck.check_values(text) == []
    assert crosscheck.check_fact_ids(text) == []
    assert crosscheck.check_basis(text) == []
    assert crosscheck.list_gaps(text) == []


def test_an_unknown_fact_is_refused_with_the_row_that_names_it() -> None:
    without = FACTS[FACTS["fact_id"] != "tariffs_costs-0001"]
    with pytest.raises(ValueError, match="tariff: tariffs_costs-0001"):
        build(Path(), without)


def test_assumptions_say_their_range() -> None:
    value = TABLES["value"]
    assumed = value[value["basis"] == "assumption"]
    assert len(assumed) > 20
    low, high, middle = (assumed[key].astype(float) for key in ("low", "high", "value"))
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (low < high).all()


def test_sourced_values_name_a_fact() -> None:
    value = TABLES["value"]
    sourced = value[value["basis"].isin(["fact", "calibrated"])]
    assert (sourced["fact_id"] != "").all()


def test_each_mode_and_unit_in_use_has_a_tariff_that_holds_everywhere() -> None:
    modes = {
        (mode, row["load_unit"]) for row in CURATED_ROWS["segment"] for mode in row["mode_ids"].split(";")
    }
    fallback = {
        (row["mode_id"], row["load_unit"])
        for row in TARIFF.values()
        if not (row["country_id"] or row["segment_id"] or row["row_id"])
    }
    assert modes <= fallback


def test_each_mode_in_use_has_an_emission_factor() -> None:
    modes = set(chain.from_iterable(row["mode_ids"].split(";") for row in CURATED_ROWS["segment"]))
    tractions = {(row["mode_id"], row["traction"]) for row in FACTOR.values()}
    for mode in modes:
        wanted = {"diesel", "electric"} if mode.startswith("rail_1") else {"any"}
        assert {(mode, traction) for traction in wanted} <= tractions


def test_1520_rate_is_half_the_through_rate_over_its_length() -> None:
    stretch = CALIBRATION["erai_1520"]
    solved = mean_fact("tariffs_costs-0001") / 2 / float(stretch["length_km"])
    for country in ("kz", "ru", "by"):
        assert rate(f"rail_1520_{country}") == pytest.approx(solved, abs=5e-5)


def test_chinese_rate_is_what_the_other_parts_of_the_through_rate_leave() -> None:
    whole = mean_fact("tariffs_costs-0003", "tariffs_costs-0005", "tariffs_costs-0007")
    rest = whole - 3250 - 356 - 40 - GAUGE_USD_FEU - 2 * rate("rail_1520_kz") * 797
    assert rate("rail_1435_cn") == pytest.approx(rest / 2 / 3573, abs=1.5e-4)


def test_caucasus_rate_and_caspian_feeder_follow_from_two_through_rates() -> None:
    ferry_usd = 1000 / 16.5 * 14.6
    by_ferry = mean_fact("tariffs_added-0001") - ferry_usd - 2 * 2 * 20 - GAUGE_USD_FEU
    assert rate("rail_1520_ge") == pytest.approx(by_ferry / 2 / DERINCE_FERRY_KM, abs=1e-4)
    rail = 2 * rate("rail_1520_ge") * DERINCE_FEEDER_KM + 2 * rate("rail_1520_kz") * FEEDER_1520_KM
    by_feeder = mean_fact("tariffs_costs-0009") - rail - GAUGE_USD_FEU
    solved = by_feeder / 2 - 2 * PORT_USD_TEU["region"]
    assert float(FEEDER["caspian"]["fixed_usd_teu"]) == pytest.approx(solved, abs=1.0)


def test_ocean_rate_is_the_mean_of_two_lanes_less_ports() -> None:
    europe = mean_fact("tariffs_costs-0048", "tariffs_costs-0049", "tariffs_costs-0050") / 2
    poti = mean_fact("alternatives-0122") / 2
    feeder = float(FEEDER["black_sea"]["fixed_usd_teu"])
    by_suez = CALIBRATION["shanghai_poti"]
    per_km = fmean(
        (
            (europe - PORT_USD_TEU["china"] - PORT_USD_TEU["europe"]) / 25558,
            (poti - PORT_USD_TEU["china"] - PORT_USD_TEU["region"] - feeder) / float(by_suez["length_km"]),
        )
    )
    assert rate("sea_container") == pytest.approx(per_km, abs=5e-5)


def test_port_charges_are_those_of_the_model() -> None:
    held = {float(row["value"]) for row in CURATED_ROWS["parameter"] if row.get("value", "")}
    assert set(PORT_USD_TEU.values()) <= held


def test_residuals_are_model_over_published_less_one() -> None:
    for row in CALIBRATION.values():
        expected = float(row["model_rate"]) / float(row["rate"]) - 1
        assert float(row["residual_factor"]) == pytest.approx(expected, abs=0.006), row["calibration_id"]


def test_calibrations_name_tariffs_and_facts_that_exist() -> None:
    feeders = set(TEXT["tariff"]["tariff_id"]) - set(TARIFF)
    for row in CALIBRATION.values():
        assert set(row["tariff_ids"].split(";")) <= set(TARIFF) | feeders
        assert set(row["rate_fact_ids"].split(";")) <= set(NUMBER)
        for tariff_id in set(row["tariff_ids"].split(";")) - feeders:
            if row["role"] == "solved":
                assert rate(tariff_id) == pytest.approx(float(row["solved_value"]))
                assert TARIFF[tariff_id]["basis"] == "calibrated"


def test_countries_have_a_name_in_every_language() -> None:
    country = TEXT["country"]
    assert country["country_id"].is_unique
    names = country.filter(regex="^name")
    assert names.shape[1] >= 6
    assert (names != "").all().all()


def test_scores_without_a_source_stay_empty() -> None:
    country = TEXT["country"].set_index("country_id")
    empty = set(country.index[country["logistics_score"] == ""])
    assert {"AZ", "TM", "PK"} <= empty
    on_land = country.index != "XZ"
    assert (country.loc[on_land, "grid_gco2e_kwh"] != "").all()
    assert (country.loc[on_land, "stability_score"] != "").all()
    assert country.loc[on_land, "stability_score"].astype(float).between(-3.5, 2.5).all()


def test_groups_are_of_known_countries_and_do_not_end_before_they_start() -> None:
    group = TEXT["country_group"]
    assert set(group["country_id"]) <= set(TEXT["country"]["country_id"])
    assert {"ots", "eaeu", "eu", "carec", "traceca", "schengen"} <= set(group["group_id"])
    members = set(group.loc[group["group_id"] == "eaeu", "country_id"])
    assert {"RU", "KZ", "BY", "AM", "KG"} <= members
    dated = group[(group["from_date"] != "") & (group["to_date"] != "")]
    assert (dated["from_date"] < dated["to_date"]).all()


def test_corridors_are_ranked_and_use_the_gateway_language() -> None:
    rows = CURATED_ROWS["corridor"]
    assert [int(row["rank_count"]) for row in rows] == list(range(1, len(rows) + 1))
    nodes = {row["node_id"] for row in CURATED_ROWS["rail_node"]}
    known = {
        "passage": {row["passage_id"] for row in CURATED_ROWS["sea_passage"]},
        "country": set(TEXT["country"]["country_id"]),
    }
    for row in rows:
        for token in ";".join(row[key] for key in ("all_of", "any_of", "none_of")).split(";"):
            kind, colon, name = token.partition(":")
            assert not token or (name in known[kind] if colon else token in nodes), (
                row["corridor_id"],
                token,
            )


def test_electric_freight_in_kazakhstan_is_cleaner_than_diesel_though_its_grid_burns_coal() -> None:
    grid = float(TEXT["country"].set_index("country_id")["grid_gco2e_kwh"]["KZ"])
    electric = next(row for row in FACTOR.values() if row["traction"] == "electric")
    diesel = next(row for row in FACTOR.values() if row["traction"] == "diesel")
    assert 10 < float(electric["energy_kwh_tkm"]) * grid < float(diesel["wtw_gco2e_tkm"])


def make_leg(name: str, start: str, end: str, mode: str = "sea_container", time: str = "") -> dict[str, str]:
    return {"service_leg_id": name, "mode_id": mode, "from_node_id": start, "to_node_id": end, "time": time}


def test_feeders_are_priced_by_the_sea_they_serve() -> None:
    legs = [
        make_leg("a", "aktau", "baku"),
        make_leg("b", "poti", "varna"),
        make_leg("c", "poti", "piraeus"),
        make_leg("d", "aktau", "alat", mode="rail_ferry"),
        make_leg("e", "constanta", "istanbul", time=economy.OCEAN_TIME),
    ]
    basins = CURATED_ROWS["feeder"]
    assert [find_basin(leg, basins)["basin"] for leg in legs[:3]] == ["caspian", "black_sea", "other"]
    read = CURATED_ROWS | {"service_leg": legs}
    tariffs = list(expand_feeders(read, "tariff"))
    assert [row["row_id"] for row in tariffs] == ["a", "b", "c"]
    assert tariffs[0]["fixed_usd_teu"] == FEEDER["caspian"]["fixed_usd_teu"]
    assert {frozenset(row) for row in tariffs} == {frozenset(row) for row in TARIFF.values()}
    factors = list(expand_feeders(read, "emission_factor"))
    ocean = float(FACTOR["sea_container"]["wtw_gco2e_tkm"])
    assert [row["row_id"] for row in factors] == ["a", "b", "c"]
    assert all(float(row["wtw_gco2e_tkm"]) > ocean for row in factors)


def test_each_feeder_of_the_model_has_its_tariff_and_its_factor() -> None:
    feeders = {
        row["service_leg_id"]
        for row in CURATED_ROWS["service_leg"]
        if row["mode_id"] == "sea_container" and not row["service_leg_id"].startswith("liner_")
    }
    for name in ("tariff", "emission_factor"):
        boxes = TEXT[name][TEXT[name]["mode_id"] == "sea_container"]
        assert set(boxes["row_id"]) - {""} == feeders
    basins = CURATED_ROWS["feeder"]
    named = [leg for leg in CURATED_ROWS["service_leg"] if leg["service_leg_id"] in feeders]
    assert {find_basin(leg, basins)["basin"] for leg in named} <= {"caspian", "black_sea"}
