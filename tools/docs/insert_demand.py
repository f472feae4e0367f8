"""Tables of ``docs/background/demand.md``: markets, their sizes by year, what contradicts them, what is assumed."""

from importlib.resources import files
from typing import Final

import pandas as pd

from dehliz.eurasia.load import list_demand_years, load_demand, load_observed, load_totals, read_reference
from tools.docs.markdown import code, table

CROSSING: Final = (
    "feeder_aktau_alat",
    "ferry_kuryk_alat",
    "roro_kuryk_alat",
    "bulk_aktau_alat",
    "tanker_aktau_sangachal",
    "tanker_aktau_baku",
)
"""Lines from Kazakhstan to Azerbaijan."""
ROUTE_CAPACITY: Final = {2022: "titr_volumes-0072", 2024: "titr_volumes-0074"}
"""Facts of the capacity of the whole Trans-Caspian route."""
BASES: Final = ("fact", "derived", "assumption")
MILLION: Final = 1e6


def _say_mt(volume_t_a: float) -> str:
    number = volume_t_a / MILLION
    return f"{number:.0f}" if number >= 20 else f"{number:.1f}" if number >= 2 else f"{number:.2f}"


def make_demand_markets() -> str:
    """Markets, what each is priced as, which ways compete, what its total counts."""
    market = read_reference("market")
    segment = dict(read_reference("segment")[["segment_id", "name"]].itertuples(index=False, name=None))
    rows = [
        (row.name, segment[str(row.segment_id)], row.corridor_note, row.description)
        for row in market.itertuples(index=False)
    ]
    return table(("market", "segment", "ways that compete", "what the total counts"), rows)


def make_demand_totals() -> str:
    """Size of each market by year [Mt]; a star where a part of it is an assumption."""
    totals = load_totals()
    name = dict(read_reference("market")[["market_id", "name"]].itertuples(index=False, name=None))
    years = list_demand_years()
    rows = []
    for market_id, told in name.items():
        mine = totals[totals["market_id"] == market_id]
        cells = [_say_year(mine[mine["year"] == year]) for year in years]
        rows.append((told, *cells))
    sums = [totals.loc[totals["year"] == year, "volume_t_a"].sum() for year in years]
    rows.append(("all", *(_say_mt(volume) for volume in sums)))
    return table(("million t a year", *(f"{year}>" for year in years)), rows)


def _say_year(rows: pd.DataFrame) -> str:
    star = "*" if (rows["basis"] == "assumption").any() else ""
    return _say_mt(float(rows["volume_t_a"].sum())) + star


def make_demand_counts() -> str:
    """How many numbers of each table stand on a fact, are derived, or are assumed, and how many tonnes that is."""
    totals, observed = load_totals(), load_observed()
    first, last = list_demand_years()[0], list_demand_years()[-1]
    demand = pd.concat([load_demand(year).demand for year in list_demand_years()])
    latest = load_demand(last)
    rows = []
    for name, frame in (
        ("demand_total", totals),
        ("observed_volume", observed),
        (f"capacity, {last}", latest.capacity),
        (f"background, {last}", latest.background),
    ):
        counts = frame["basis"].value_counts()
        rows.append(
            (
                code(name.partition(",")[0]) + name.partition(",")[2],
                *(str(counts.get(basis, 0)) for basis in BASES),
            )
        )
    volume = totals.groupby("basis")["volume_t_a"].sum() / totals["volume_t_a"].sum()
    rows.append(("share of all tonnes of all years", *(f"{volume.get(basis, 0.0):.0%}" for basis in BASES)))
    zones = set(demand["origin_zone_id"]) | set(demand["destination_zone_id"])
    text = (
        f"{len(demand):,} rows from zone to zone, {first} to {last}, between {len(zones)} zones; "
        f"{totals['market_id'].nunique()} markets; {len(totals)} totals."
    )
    return text + "\n\n" + table(("table", *(f"{basis}>" for basis in BASES)), rows)


def make_demand_rivals() -> str:
    """Totals that another published number contradicts."""
    totals = load_totals()
    fact = read_facts()
    rows = []
    for row in totals[totals["rival_fact_ids"] != ""].itertuples(index=False):
        rivals = "; ".join(_say_fact(fact.loc[name]) for name in str(row.rival_fact_ids).split(";"))
        rows.append((code(str(row.total_id)), f"{row.value:,.4g} {row.unit}", str(row.basis), rivals))
    return table(("total", "taken>", "basis", "others say"), rows)


def read_facts() -> pd.DataFrame:
    """Facts by id."""
    path = files("dehliz.eurasia").joinpath("facts/fact.csv")
    return pd.read_csv(str(path), dtype=str, keep_default_na=False).set_index("fact_id")


def _say_fact(fact: pd.Series) -> str:
    return f"{fact['value']} {fact['unit']} ({fact['entity']}, {fact['metric']}, {fact['year']})"


def make_demand_oil() -> str:
    """Kazakh oil: markets and the pipeline to China beside the published exports."""
    totals, fact = load_totals(), read_facts()
    rows = []
    china = {
        "2022": "Kazakhstan - China pipeline, Kazakh oil",
        "2023": "Kazakhstan - China pipeline, Kazakh oil",
    }
    for year, entity in china.items():
        mine = totals[(totals["market_id"] == "kaz_oil_west") & (totals["year"] == int(year))]
        west = float(mine["volume_t_a"].sum()) / MILLION
        east = float(fact[(fact["entity"] == entity) & (fact["year"] == year)]["value"].iloc[0])
        told = fact[(fact["entity"] == "Kazakhstan, oil and gas condensate") & (fact["year"] == year)]
        published = float(told["value"].iloc[0])
        gap = (west + east) / published - 1.0
        rows.append((year, f"{west:.1f}", f"{east:.1f}", f"{published:.1f}", f"{gap:+.1%}"))
    head = ("year", "westward, sum of four parts>", "to China>", "exports as published>", "difference>")
    return table(head, rows)


def make_demand_crossing() -> str:
    """Capacity of the lines from Kazakhstan to Azerbaijan beside what is published of the whole route."""
    fact = read_facts()
    rows = []
    for year, fact_id in ROUTE_CAPACITY.items():
        capacity = load_demand(year).capacity.set_index("row_id")["capacity_t_a"]
        parts = ", ".join(f"{code(name)} {_say_mt(float(capacity[name]))}" for name in CROSSING)
        total = float(capacity.reindex(list(CROSSING)).sum())
        rows.append((year, _say_mt(total), _say_mt(float(fact.loc[fact_id, "value_mean"])), parts))
    return table(("year", "lines, westward>", "route as published>", "parts, million t a year"), rows)
