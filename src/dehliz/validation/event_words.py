"""Why the model misses what was reported of events, figure by figure; shown only where it does."""

from typing import Final

_ROOM = "The ferries of the model have room to spare, so that lighter loads turn no cargo away"
_GULF = "Cargo of the Gulf itself is no demand of the model"
_MARKET = "A market price: ships were scarce, which costs do not show"
_NEW = "The model moves the cargo there was; new exports by the Caspian are new demand"

REASONS: Final[dict[str, str]] = {
    "btk_works_2023_middle_boxes": "The works alone move boxes to Poti; the north came back at the same time",
    "caspian_2025_other_wagons": _ROOM,
    "caspian_2025_tank_wagons": _ROOM,
    "caspian_2025_wagons": _ROOM,
    "hormuz_2026_exposed": f"The report counts the boxes of the world. {_GULF}",
    "hormuz_2026_handling": f"{_GULF}, so nobody turns to Aktau",
    "hormuz_2026_rate": _MARKET,
    "hormuz_2026_requests": f"Requests are not cargo. {_GULF}",
    "north_2022_aktau_boxes": _NEW,
    "north_2022_alat_tonnes": _NEW,
    "north_2022_btk_tonnes": _NEW,
    "north_2022_middle_boxes": _NEW,
    "north_2022_middle_tonnes": _NEW,
    "poland_belarus_2025_cost": "Other crossings of the model take all boxes at little cost",
    "poland_belarus_2025_queue": "Boxes turn round after three days in the model; in truth trains stood to the end",
    "red_sea_2023_rate": _MARKET,
}
"""Id of a reported figure -> reason."""
