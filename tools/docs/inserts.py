"""Fills the marked places of hand-written pages with tables that the code makes.

A place begins with ``<!-- insert: NAME -->`` and ends with ``<!-- end insert -->``; what stands between is replaced.
Slow ones need the whole bundled network; the others only read files.
"""

import re
from collections.abc import Callable

from tools.docs import (
    insert_criticality,
    insert_demand,
    insert_disruption,
    insert_diversity,
    insert_forecast,
    insert_hazards,
    insert_results,
    insert_tables,
    insert_volumes,
)

_PLACE = re.compile(r"(<!-- insert: (?P<name>[a-z_]+) -->\n).*?(<!-- end insert -->)", re.DOTALL)


def has_inserts(text: str) -> bool:
    """Whether a page has a place to fill."""
    return _PLACE.search(text) is not None


def fill(text: str, with_slow: bool = True) -> str:
    """A page with its places filled anew."""

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        if name in SLOW and not with_slow:
            return match[0]
        return f"{match[1]}\n{MAKERS[name]()}\n{match[3]}"

    return _PLACE.sub(replace, text)


SLOW = frozenset(
    {
        "assign_example",
        "assign_prices",
        "compare_example",
        "criticality_pairs",
        "criticality_ranking",
        "event_check",
        "diversity_cuts",
        "diversity_markets",
        "diversity_pairs",
        "diversity_regions",
        "diversity_sections",
        "forecast_bands",
        "forecast_base",
        "forecast_naive",
        "forecast_past",
        "forecast_references",
        "growth_claim",
        "hindcast_summary",
        "hindcast_years",
        "network_summary",
        "recovery_example",
        "relief_example",
        "validation_lengths",
        "validation_summary",
        "validation_times",
        "zangezur_as_btk",
        "zangezur_corridors",
        "zangezur_countries",
        "zangezur_totals",
    }
)
"""Inserts that need the whole bundled network."""

MAKERS: dict[str, Callable[[], str]] = {
    "assign_example": insert_volumes.make_assign_example,
    "assign_prices": insert_volumes.make_assign_prices,
    "assignment_growth": insert_volumes.make_assignment_growth,
    "benchmarks": insert_results.make_benchmarks,
    "calibration": insert_tables.make_calibration,
    "choice_parameters": insert_tables.make_choice_parameters,
    "compare_example": insert_results.make_compare_example,
    "corridors": insert_tables.make_corridors,
    "criticality_pairs": insert_criticality.make_criticality_pairs,
    "criticality_ranking": insert_criticality.make_criticality_ranking,
    "delays": insert_tables.make_delays,
    "demand_counts": insert_demand.make_demand_counts,
    "demand_crossing": insert_demand.make_demand_crossing,
    "demand_markets": insert_demand.make_demand_markets,
    "demand_oil": insert_demand.make_demand_oil,
    "demand_rivals": insert_demand.make_demand_rivals,
    "demand_totals": insert_demand.make_demand_totals,
    "diversity_cuts": insert_diversity.make_diversity_cuts,
    "diversity_markets": insert_diversity.make_diversity_markets,
    "diversity_pairs": insert_diversity.make_diversity_pairs,
    "diversity_regions": insert_diversity.make_diversity_regions,
    "diversity_sections": insert_diversity.make_diversity_sections,
    "durations": insert_tables.make_durations,
    "emission_factors": insert_tables.make_emission_factors,
    "event_check": insert_disruption.make_event_check,
    "fact_use": insert_tables.make_fact_use,
    "floors": insert_tables.make_floors,
    "forecast_bands": insert_forecast.make_forecast_bands,
    "forecast_base": insert_forecast.make_forecast_base,
    "forecast_capacities": insert_forecast.make_forecast_capacities,
    "forecast_growth": insert_forecast.make_forecast_growth,
    "forecast_markets": insert_forecast.make_forecast_markets,
    "forecast_naive": insert_forecast.make_forecast_naive,
    "forecast_past": insert_forecast.make_forecast_past,
    "forecast_references": insert_forecast.make_forecast_references,
    "forecast_scenarios": insert_forecast.make_forecast_scenarios,
    "gmns_mapping": insert_tables.make_gmns_mapping,
    "gmns_uses": insert_tables.make_gmns_uses,
    "growth_claim": insert_volumes.make_growth_claim,
    "hazard_rates": insert_hazards.make_hazard_rates,
    "hazards": insert_hazards.make_hazards,
    "hindcast_summary": insert_volumes.make_hindcast_summary,
    "hindcast_years": insert_volumes.make_hindcast_years,
    "inputs": insert_tables.make_inputs,
    "instability": insert_hazards.make_instability,
    "kinds": insert_tables.make_kinds,
    "network_summary": insert_results.make_network_summary,
    "recovery_example": insert_disruption.make_recovery_example,
    "relief_example": insert_diversity.make_relief_example,
    "segments": insert_tables.make_segments,
    "system_speed": insert_volumes.make_system_speed,
    "time_to_gap": insert_volumes.make_time_to_gap,
    "validation_lengths": insert_results.make_validation_lengths,
    "validation_summary": insert_results.make_validation_summary,
    "validation_times": insert_results.make_validation_times,
    "zangezur_as_btk": insert_disruption.make_zangezur_as_btk,
    "zangezur_corridors": insert_disruption.make_zangezur_corridors,
    "zangezur_countries": insert_disruption.make_zangezur_countries,
    "zangezur_totals": insert_disruption.make_zangezur_totals,
}
"""Name of an insert -> the function that makes it."""
