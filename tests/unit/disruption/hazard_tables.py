"""Small tables of hazards on `corridor3`: west - gate - mark | border | quay ~~ ferry, ro-ro ~~ haven."""

import io

import pandas as pd

HEADER = (
    "hazard_id,name,kind,country_id,targets,is_closed,capacity_factor,time_factor,waiting_add_h,tariff_factor,"
    "rate_per_a,rate_low_per_a,rate_high_per_a,first_month,last_month,duration_d,duration_form,duration_spread_d,"
    "from_year,to_year,fact_ids,basis,note"
)
STORM = "storm,Storms at Quay,storm,,quay,true,,,,,6,2,9,11,2,3,exponential,,,,,assumption,"
BORDER = "border,Border shut,instability,XB,border:XA-XB,true,,,,,0.2,0,1,,,14,lognormal,14,,,,assumption,"
NARROWS = "narrows,Narrows,closure,,passage:narrows,true,,,,,0.5,0.1,2,,,20,fixed,,,,,assumption,"
WORKS = "works,Track works,works,XB,link:xb_mark_quay;gate,false,0.5,,24,,1,0,2,4,9,30,fixed,,2024,2030,,assumption,"
ALL = (BORDER, NARROWS, STORM, WORKS)


def make_table(*rows: str) -> pd.DataFrame:
    """A table as text."""
    text = "\n".join([HEADER, *(rows or ALL)])
    return pd.read_csv(io.StringIO(text), dtype=str, na_filter=False)
