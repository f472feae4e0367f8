"""Finds the node that a place name stands for, in any of the region's spellings.

A place is given by name (``Xi'an``, ``Xian``, ``Сиань``), UN/LOCODE (``KZAAU``), node id or ``lon,lat``.
Names are compared after folding: letter case, accents, apostrophes, hyphens and spaces make no difference.
The node found is where the routing floors start.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pandas as pd

from dehliz.base.errors import LookupFailed, quote, suggest
from dehliz.network.geo import great_circle_km
from dehliz.network.network import Network

NEAREST_ZONE_LIMIT_KM: Final = 150.0
"""Farther from every zone than this, coordinates are refused: the way to the zone would decide the answer."""
SUGGESTED_COUNT: Final = 3
LISTED_COUNT: Final = 8
LONGEST_COUNT: Final = 100
"""Letters from which a text is not compared with names any more: it would take long and find nothing."""

_COORDINATES: Final = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[,;]\s*([+-]?\d+(?:\.\d+)?)\s*")
_NUMBERS: Final = re.compile(r"[\d\s.,;:+'\"°′″\-]*\d[\d\s.,;:+'\"°′″\-NSEWnsew]*")
"""What looks like coordinates in another form."""
_CODE: Final = re.compile(r"([A-Za-z]{2})\s?([A-Za-z2-9]{3})")
_LETTERS: Final = str.maketrans(
    {
        # Latin letters that do not decompose into a base letter and a mark.
        "ı": "i", "ə": "e", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        # Kazakh, Tatar and other Cyrillic letters beside the Russian ones that stand for them.
        "ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и", "ҷ": "ч",
        "ҳ": "х", "ҝ": "г", "ҹ": "ч", "є": "е", "ґ": "г",
    }
)  # fmt: skip


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """The text with everything taken away in which spellings of one name differ.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        Letters and digits in lower case, without marks, apostrophes, hyphens, dots and spaces. Folding twice
        changes nothing more.

    Examples
    --------
    >>> fold("Xi'an") == fold("XIAN") == fold("Xi’an"), fold("Constanța"), fold("Ürümqi")
    (True, 'constanta', 'urumqi')
    """
    for _ in range(2):  # Case folding can bring new marks, and taking marks away new capital forms.
        lowered = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
        letters = "".join(letter for letter in lowered if unicodedata.category(letter)[0] in "LN")
        text = unicodedata.normalize("NFKC", letters)
    return text


def measure_edits(one: str, other: str) -> int:
    """Fewest letters to insert, remove, change or swap with the next one to make two words equal.

    Parameters
    ----------
    one, other : str
        Folded words.

    References
    ----------
    Damerau, F. J., 1964, A technique for computer detection and correction of spelling errors,
    Communications of the ACM 7 (3), 171-176, doi:10.1145/363958.363994; in the restricted form, in which no
    letter is edited twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        older, before, row = before, row, [place]
        for column, facing in enumerate(other, 1):
            cost = before[column - 1] + (letter != facing)
            cost = min(cost, before[column] + 1, row[column - 1] + 1)
            is_swap = place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == facing
            row.append(min(cost, older[column - 2] + 1) if is_swap else cost)
    return row[-1]


def find_place(text: str, network: Network) -> str:
    """Identifier of the node that a text stands for.

    Parameters
    ----------
    text : str
        Node id, UN/LOCODE, name in any spelling, name and country (``Batumi, GE``), or ``lon,lat`` [deg].
    network : Network
        Its nodes, zones and spellings.

    Returns
    -------
    str
        A ``node_id``.

    Raises
    ------
    LookupFailed
        When nothing is called so (the nearest spellings are named), several places are (they are listed), or
        coordinates lie off the globe or too far from every zone (the distance is named).
    """
    if match := _COORDINATES.fullmatch(text):
        return _find_nearest(float(match[1]), float(match[2]), network)
    node = network.node
    exact = text.strip()
    if not exact:
        raise LookupFailed("No place is named. Give a name, a UN/LOCODE, a node id or lon,lat.")
    if (node["node_id"] == exact).any():
        return exact
    if match := _CODE.fullmatch(exact):
        coded = node.loc[node["unlocode"] == (match[1] + match[2]).upper(), "node_id"]
        if len(coded) == 1:
            return str(coded.iloc[0])
    return _find_named(exact, network)


def find_zone(text: str, network: Network) -> str:
    """Identifier of the zone, where shipments start and end, that a text stands for.

    Parameters
    ----------
    text : str
        Zone id, or anything that ``find_place`` understands.
    network : Network
        Its nodes, zones and spellings.

    Returns
    -------
    str
        A ``zone_id``.

    Raises
    ------
    LookupFailed
        When the place is not known, has no zone (the nearest ones are named) or has several.
    """
    zone = network.zone
    if (zone["zone_id"] == text.strip()).any():
        return text.strip()
    node_id = find_place(text, network)
    here = zone.loc[zone["node_id"] == node_id, "zone_id"]
    if len(here) == 1:
        return str(here.iloc[0])
    if len(here):
        raise LookupFailed(f"{quote(text)} may be any of {', '.join(here)}. Give the id of one of them.")
    near = _list_nearest(node_id, network)
    hint = f"The nearest such places are {', '.join(near)}." if near else "Add rows to table zone."
    name = quote(text) if text.strip() == node_id else f"{quote(text)} ({node_id})"
    raise LookupFailed(f"{name} is not a place where shipments start or end. {hint}")


def _list_nearest(node_id: str, network: Network) -> list[str]:
    node = network.node.set_index("node_id")
    zoned = node.loc[network.zone["node_id"]]
    here = node.loc[node_id]
    lon_deg, lat_deg = zoned["lon_deg"].to_numpy(), zoned["lat_deg"].to_numpy()
    distance_km = great_circle_km(here["lon_deg"], here["lat_deg"], lon_deg, lat_deg)
    return [str(network.zone["zone_id"].iloc[place]) for place in distance_km.argsort()[:SUGGESTED_COUNT]]


def _find_named(text: str, network: Network) -> str:
    spellings = list_spellings(network)
    wanted = fold(text)
    found = {node_id for name, node_id in spellings if wanted and fold(name) == wanted}
    if not found and "," in text:
        name, _, country = text.rpartition(",")
        found = _keep_country(name, country, spellings, network)
    if len(found) == 1:
        return found.pop()
    if found:
        raise LookupFailed(_say_ambiguous(text, found, network))
    raise LookupFailed(_say_unknown(text, wanted, spellings, network))


def list_spellings(network: Network) -> list[tuple[str, str]]:
    """Every spelling and the node it stands for: of nodes, of the table ``place``, of zones."""
    node, place, zone = network.node, network.place, network.zone
    ids = node["node_id"].tolist()
    pairs = [*zip(node["name"].tolist(), ids, strict=True), *zip(ids, ids, strict=True)]
    pairs += zip(place["name"].tolist(), place["node_id"].tolist(), strict=True)
    for column in ("zone_id", "name"):
        pairs += zip(zone[column].tolist(), zone["node_id"].tolist(), strict=True)
    return pairs


def list_places(text: str, network: Network) -> pd.DataFrame:
    """Places where shipments start or end, with their codes and spellings.

    Parameters
    ----------
    text : str
        Part of a name in any spelling, a UN/LOCODE or a node id; all places when empty.
    network : Network
        Its zones, nodes and spellings.

    Returns
    -------
    DataFrame
        Table ``place_match`` of the dictionary, by name.
    """
    spellings: dict[str, list[str]] = {}
    for name, node_id in list_spellings(network):
        if name != node_id:
            spellings.setdefault(node_id, []).append(name)
    wanted = fold(text)
    is_all = not text.strip()
    node = network.node[network.node["node_id"].isin(set(network.zone["node_id"]))]
    columns = ["node_id", "name", "country_id", "unlocode", "lon_deg", "lat_deg"]
    rows = [
        (*row, "; ".join(dict.fromkeys(spellings[row[0]])))
        for row in node[columns].itertuples(index=False, name=None)
        if is_all or (wanted and any(wanted in fold(name) for name in (row[0], row[3], *spellings[row[0]])))
    ]
    found = pd.DataFrame(rows, columns=[*columns, "spellings"])
    return found.sort_values(["name", "node_id"], ignore_index=True)


def _keep_country(
    name: str, country: str, spellings: Iterable[tuple[str, str]], network: Network
) -> set[str]:
    known = network.country
    named = [fold(entry) == fold(country) for entry in known["name"]]
    codes = {country.strip().upper(), *known.loc[named, "country_id"]}
    inside = set(network.node.loc[network.node["country_id"].isin(codes), "node_id"])
    wanted = fold(name)
    return {node_id for spelling, node_id in spellings if fold(spelling) == wanted and node_id in inside}


def _say_ambiguous(text: str, found: set[str], network: Network) -> str:
    node = network.node[network.node["node_id"].isin(found)].sort_values("node_id")
    cells = zip(node["node_id"], node["name"], node["country_id"], strict=True)
    listed = [f"{node_id} ({name}, {country_id})" for node_id, name, country_id in cells]
    more = f" and {len(listed) - LISTED_COUNT} more" if len(listed) > LISTED_COUNT else ""
    return (
        f"{quote(text)} may be any of {', '.join(listed[:LISTED_COUNT])}{more}. Give the id of one of them."
    )


def _say_unknown(text: str, wanted: str, spellings: list[tuple[str, str]], network: Network) -> str:
    if _NUMBERS.fullmatch(text):
        return f"{quote(text)} is no place. Coordinates are written lon,lat in degrees, such as 49.87,40.41."
    near = suggest_places(wanted, spellings)
    listed = [
        f"'{name}'" if fold(name) == fold(node_id) else f"'{name}' ({node_id})" for name, node_id in near
    ]
    if listed:
        return f"No place is called {quote(text)}. Did you mean {' or '.join(listed)}?"
    hint = ""
    if _CODE.fullmatch(text):
        hint = suggest(text.replace(" ", ""), [code for code in network.node["unlocode"] if code])
    return f"No place is called {quote(text)}. {hint or _say_where(network)}"


def _say_where(network: Network) -> str:
    return f"'dehliz places' lists all {len(network.zone)} of them."


def suggest_places(wanted: str, spellings: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Spellings nearest to a folded word, one for each node, the nearest first.

    Parameters
    ----------
    wanted : str
        Folded text.
    spellings : iterable of (name, node_id)
        What could have been meant.

    Notes
    -----
    Near is at most a third of the letters edited (one at least, none in a single letter), or one word being the
    start of the other, of three letters or more. Words longer than any name are near to nothing.
    """
    limit = max(1, len(wanted) // 3) if 1 < len(wanted) <= LONGEST_COUNT else 0
    best: dict[str, tuple[int, str]] = {}
    for name, node_id in spellings:
        edits = _count_edits(wanted, fold(name), limit)
        if edits <= limit and edits < best.get(node_id, (limit + 1, ""))[0]:
            best[node_id] = (edits, name)
    order = sorted((edits, name, node_id) for node_id, (edits, name) in best.items())
    return [(name, node_id) for _, name, node_id in order[:SUGGESTED_COUNT]]


def _count_edits(wanted: str, folded: str, limit: int) -> int:
    """Edits between two folded words; a word that starts with the other counts 1, a far one limit + 1."""
    if len(wanted) >= 3 and folded.startswith(wanted):
        return 1
    if not wanted or abs(len(folded) - len(wanted)) > limit:
        return limit + 1
    return measure_edits(wanted, folded)


def _find_nearest(lon_deg: float, lat_deg: float, network: Network) -> str:
    point = f"'{lon_deg:g},{lat_deg:g}'"
    if not (-180 <= lon_deg <= 180 and -90 <= lat_deg <= 90):
        swapped = -90 <= lon_deg <= 90 and -180 <= lat_deg <= 180
        hint = f" Did you mean '{lat_deg:g},{lon_deg:g}'?" if swapped else ""
        raise LookupFailed(
            f"{point} is not on the globe. Write longitude (-180 to 180), then latitude (-90 to 90).{hint}"
        )
    zoned = network.node[network.node["node_id"].isin(set(network.zone["node_id"]))]
    if zoned.empty:
        raise LookupFailed(f"{point} cannot be matched: the network has no zones. Add rows to table zone.")
    distance_km = great_circle_km(lon_deg, lat_deg, zoned["lon_deg"].to_numpy(), zoned["lat_deg"].to_numpy())
    nearest = int(distance_km.argmin())
    name, node_id = str(zoned["name"].iloc[nearest]), str(zoned["node_id"].iloc[nearest])
    if distance_km[nearest] > NEAREST_ZONE_LIMIT_KM:
        raise LookupFailed(
            f"{point} is {distance_km[nearest]:,.0f} km from the nearest zone, {name} ({node_id}). "
            f"Coordinates must lie within {NEAREST_ZONE_LIMIT_KM:g} km of a zone. Give a place nearer to it; "
            "longitude is written first."
        )
    return node_id
