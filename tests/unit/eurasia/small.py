"""A small network and its facts for the tests of this folder.

aktau ~~ ferry ~~ alat === rail 504 km === tbilisi        two places called Batumi (GE, and an invented one)
"""

import io

import pandas as pd

from dehliz.base.check import check_table, make_empty
from dehliz.base.schema import list_tables, read_spec
from dehliz.eurasia.facts import FactBook, make_book
from dehliz.network.network import TABLES, Network

NODE = """
node_id,name,country_id,lon_deg,lat_deg,kind,unlocode,fact_ids
aktau,Aktau,KZ,51.2,43.6,port,KZAAU,
alat,Alat,AZ,49.4,39.98,port,AZBAK,
tbilisi,Tbilisi,GE,44.8,41.7,city,GETBS,
xian,Xi'an,CN,108.94,34.34,city,CNSIA,
constanta,Constanța,RO,28.65,44.17,port,ROCND,
urumqi,Ürümqi,CN,87.6,43.8,city,CNURM,
malaszewicze,Małaszewicze,PL,23.53,52.03,rail,,
batumi,Batumi,GE,41.64,41.65,port,GEBUS,
batumi_tr,Batumi,TR,40.0,40.0,city,,
"""
ZONE = """
zone_id,name,node_id,country_id
z_aktau,Aktau,aktau,KZ
z_alat,Alat,alat,AZ
z_tbilisi,Tbilisi,tbilisi,GE
z_xian,Xi'an,xian,CN
"""
PLACE = """
name,language,node_id
Сиань,ru,xian
西安,zh,xian
Xian,en,xian
თბილისი,ka,tbilisi
Тбилиси,ru,tbilisi
Ақтау,kk,aktau
Актау,ru,aktau
Bakı limanı,az,alat
Ələt,az,alat
"""
COUNTRY = """
country_id,name,fact_ids
KZ,Kazakhstan,
AZ,Azerbaijan,
GE,Georgia,
CN,China,
RO,Romania,
PL,Poland,
TR,Türkiye,
"""
LINK = """
link_id,name,from_node_id,to_node_id,directed,mode_id,country_id,length_km,speed_km_h,status,length_basis,fact_ids,note
az_alat_tbilisi,Alat – Tbilisi,alat,tbilisi,false,rail_1520,AZ,504,40,open,published,segments-0001;segments-0002,
"""
TERMINAL = """
terminal_id,node_id,name,kind,from_mode_id,to_mode_id,directed,handling_time_h,waiting_time_h,cost_usd_teu,cost_usd_t,capacity_teu_a,emissions_kgco2e_t,status,fact_ids
aktau_rail_ship,aktau,Aktau port,port,rail_1520,rail_ferry,false,20,30,60,5,140000,1.5,open,terminals-0001
alat_rail_ship,alat,Alat port,port,rail_1520,rail_ferry,false,18,10,60,5,150000,1.5,open,
"""
FACT = """
fact_id,topic,entity,metric,value,value_low,value_high,value_mean,unit,year,source_id,source_date,confidence,is_assumption,note
segments-0001,segments,"Alat, Tbilisi",length,504,,,504,km,2018,press-1,2018-03-01,high,false,
segments-0002,segments,"Alat, Tbilisi",length,500,,,500,km,2015,official-1,2015-03-01,medium,false,rounded
segments-0003,segments,"Alat, Tbilisi",length,600,,,600,km,2018,none,,low,true,track km
terminals-0001,terminals,"Aktau, seaport",capacity_container,140000,,,140000,TEU/yr,2025,press-1,2025-11-26,high,false,
"""
SOURCE = """
source_id,publisher,url,kind,cited,cited_kind,licence_note
press-1,Trend,https://example.org/trend,press,ADY,operator,facts
official-1,Ministry,https://example.org/a https://example.org/b,official,,,facts
none,"General knowledge, unsourced",,none,,,assumption
"""
VALUE = """
table_name,row_id,column_name,value,basis,fact_id,rival_fact_ids,rule,low,high
link,az_alat_tbilisi,length_km,504,fact,segments-0001,segments-0002;segments-0003,newest published length,,
link,az_alat_tbilisi,speed_km_h,40,assumption,,,no published speed; mean of neighbours,30,50
terminal,aktau_rail_ship,capacity_teu_a,140000,fact,terminals-0001,,the pilot terminal as it is,,
"""
TEXT = {
    "node": NODE, "zone": ZONE, "place": PLACE, "country": COUNTRY, "link": LINK, "terminal": TERMINAL,
    "fact": FACT, "source": SOURCE, "value": VALUE,
}  # fmt: skip


def read_text(name: str, text: str) -> pd.DataFrame:
    """A typed table from CSV text; fails when the text breaks a rule of the dictionary."""
    raw = pd.read_csv(io.StringIO(text.strip()), dtype=str, keep_default_na=False)
    table, issues = check_table(raw, read_spec(name), f"{name}.csv")
    assert not issues, issues
    return table


def make_network() -> Network:
    """The network drawn above; tables that it does not need are empty."""
    names = [*TABLES, "shape"]
    assert set(names) <= set(list_tables())
    frames = {n: read_text(n, TEXT[n]) if n in TEXT else make_empty(read_spec(n)) for n in names}
    return Network(**frames)  # type: ignore[arg-type]


def make_facts() -> FactBook:
    """Its facts."""
    return make_book(*(read_text(name, TEXT[name]) for name in ("fact", "source", "value")))
