"""Regions: names and lists of countries in, the countries and zones that they mean out.

A region is a word of the list below, a group of the table ``country_group`` (its members), or countries joined by
``+`` such as ``AZ+GE``. ``disruption/cuts.py`` and ``disruption/concentration.py`` ask.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dehliz.base.errors import LookupFailed, SettingsError, quote, suggest
from dehliz.base.rows import each_row
from dehliz.eurasia.places import fold
from dehliz.graph.graph import BoolArray
from dehliz.network.network import Network

REGIONS: Final[dict[str, tuple[str, ...]]] = {
    "central_asia": ("KG", "KZ", "TJ", "TM", "UZ"),
    "china": ("CN",),
    "europe": (
        "AL", "AT", "BA", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "UA",
        "XK",
    ),
    "iran": ("IR",),
    "russia": ("RU",),
    "south_caucasus": ("AM", "AZ", "GE"),
    "turkiye": ("TR",),
}  # fmt: skip
"""Countries of each region: Central Asia and Europe as in the UN's M49 classification, Europe without Russia and
Belarus (the northern route is what the others are compared with) and with Kosovo, which M49 does not list."""

_MEMBER = ("member", "founder")


@dataclass(frozen=True, slots=True)
class Region:
    """Some countries under one name.

    Attributes
    ----------
    region_id : str
        As it was asked for.
    country_ids : tuple of str
        Its countries.
    """

    region_id: str
    country_ids: tuple[str, ...]

    def zones(self, network: Network) -> BoolArray:
        """(n_zone,) whether each zone lies in it."""
        return np.asarray(network.zone["country_id"].isin(self.country_ids).to_numpy(dtype=bool))


def read_region(network: Network, text: str) -> Region:
    """The region that a text means.

    Parameters
    ----------
    network : Network
        Gives groups and countries.
    text : str
        Such as ``central_asia``, ``eu``, ``KZ`` or ``AZ+GE``.

    Raises
    ------
    LookupFailed
        When it is none of them; the nearest ones are named.
    """
    name = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if name in REGIONS:
        return Region(name, REGIONS[name])
    groups = network.country_group
    members = groups[(groups["group_id"] == name) & groups["standing"].isin(_MEMBER)]
    if len(members):
        return Region(name, tuple(sorted(set(members["country_id"]))))
    parts = [part for part in text.split("+") if part.strip()]
    found = [find_country(network, part) for part in parts]
    if found and all(found):
        return Region("+".join(found), tuple(dict.fromkeys(found)))
    lost = next((part for part, country in zip(parts, found, strict=True) if not country), text)
    known = [
        *REGIONS,
        *dict.fromkeys(groups["group_id"]),
        *network.country["country_id"],
        *network.country["name"],
    ]
    hint = suggest(lost.strip(), known) or f"Regions are {', '.join(REGIONS)}."
    raise LookupFailed(
        f"Region {quote(lost)} is not known. It needs a region, a group of countries, or countries joined by +, such "
        f"as AZ+GE. {hint}"
    )


def find_country(network: Network, text: str) -> str:
    """A country's code by code or name; empty when there is no such country."""
    wanted = fold(text)
    for row in each_row(network.country):
        if wanted and wanted in (fold(row.country_id), fold(str(row.iso3)), fold(row.name)):
            return str(row.country_id)
    return ""


def read_countries(network: Network, texts: tuple[str, ...], option: str) -> tuple[str, ...]:
    """Codes of countries given by code or name.

    Raises
    ------
    LookupFailed
        With all that are not known.
    """
    lost = [text for text in texts if not find_country(network, text)]
    if lost:
        known = [*network.country["country_id"], *network.country["name"]]
        raise LookupFailed(
            "\n".join(
                f"Option {option}: {quote(text)} is not a country of the network. A code or a name is needed. "
                f"{suggest(text, known) or 'Codes have two letters, such as RU.'}"
                for text in lost
            )
        )
    return tuple(dict.fromkeys(find_country(network, text) for text in texts))


def check_apart(network: Network, origin: Region, destination: Region, avoid: tuple[str, ...]) -> None:
    """Refuse regions that share a country, have no zone, or lie in a country that is to be avoided.

    Raises
    ------
    SettingsError
        With what is wrong.
    """
    shared = sorted(set(origin.country_ids) & set(destination.country_ids))
    if shared:
        raise SettingsError(
            f"Regions {origin.region_id} and {destination.region_id} share {', '.join(shared)}. They need to lie "
            "apart. Name others."
        )
    for region in (origin, destination):
        left = Region(region.region_id, tuple(one for one in region.country_ids if one not in avoid))
        if not left.zones(network).any():
            without = f" outside {', '.join(avoid)}" if set(avoid) & set(region.country_ids) else ""
            raise SettingsError(
                f"Region {region.region_id} has no zone{without}. It needs one at least. Name another region."
            )
