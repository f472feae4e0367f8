"""Services out to a GTFS feed and in from one: the doors, and how services of a feed join a network.

``gtfs_write.py`` makes the tables of a feed, ``gtfs_read.py`` reads them back, ``gtfs_files.py`` knows folders and
zip files, ``gtfs_words.py`` has the words. The freight extension is described in ``docs/reference/gtfs.md``.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from dehliz.base.errors import DataError, Issue, SettingsError, list_ids, quote, say_count
from dehliz.base.rows import each_row
from dehliz.base.schema import read_spec
from dehliz.base.sheet import Sheet, texts_of
from dehliz.network.files import read_network
from dehliz.network.geo import great_circle_km
from dehliz.network.gmns_words import UNASSIGNED
from dehliz.network.gtfs_check import check_feed
from dehliz.network.gtfs_days import read_day
from dehliz.network.gtfs_files import is_gtfs, read_sheets, say_feed, write_files
from dehliz.network.gtfs_read import read_rows
from dehliz.network.gtfs_words import GTFS_RULES, NO_ADDRESS
from dehliz.network.gtfs_write import make_feed
from dehliz.network.network import Network, build_network, draft_network
from dehliz.network.rule import map_column

SAME_PLACE_KM: Final = 5.0
"""A stop no farther than this from a node is taken for that node: a port and its town."""
SAME_ID_KM: Final = 50.0
"""A stop farther than this from the node of its id is another place of the same name."""
_HIGH_SEA: Final = "XZ"


@dataclass(frozen=True, slots=True, repr=False)
class Services:
    """What a feed holds, in the columns of the data dictionary.

    Attributes
    ----------
    name : str
        What the feed is called.
    node, service_leg, departure : DataFrame
        Its stops, services and departures, times in Coordinated Universal Time.
    notes : tuple of str
        What was assumed, left out or looks odd, one sentence each.
    """

    name: str
    node: pd.DataFrame
    service_leg: pd.DataFrame
    departure: pd.DataFrame
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """One line: name, and how many there are."""
        counts = (
            f"{len(self.service_leg)} service legs, {len(self.departure)} departures, {len(self.node)} stops"
        )
        return f"<Services {self.name}: {counts}>"


def read_gtfs(path: str | Path) -> Services:
    """The services of a GTFS feed.

    Parameters
    ----------
    path : str or Path
        Folder with the files of the feed, or zip file.

    Raises
    ------
    DataError
        With every fault of the feed.

    Notes
    -----
    Ferries and trains are read, and buses that ``dehliz_service.txt`` names. What GTFS has no column for stays
    missing where the extension does not give it; where the data dictionary needs a value, one is assumed and a note
    says so.
    """
    path = Path(path)
    if path.is_file() and not is_gtfs(path):
        issue = say_feed("feed.form", path.name, f"a file ending in '{path.suffix}'")
        raise DataError(f"{path} is not a feed.", [issue])
    sheets, issues, notes = read_sheets(path)
    issues += check_feed(sheets, issues)
    if issues:
        raise DataError(f"The feed {path.name} cannot be used: {say_count(len(issues), 'fault')}.", issues)
    tables, remarks = read_rows(sheets, path.name)
    return Services(path.stem, tables["node"], tables["service_leg"], tables["departure"], (*notes, *remarks))


def write_gtfs(
    network: Network,
    path: str | Path,
    first_date: str,
    last_date: str,
    *,
    address: str = NO_ADDRESS,
    overwrite: bool = False,
) -> list[str]:
    """Write the open services of a network as a GTFS feed, whole or not at all.

    Parameters
    ----------
    network : Network
        With services and departures.
    path : str or Path
        Zip file when it ends in ``.zip``, folder otherwise.
    first_date, last_date : str
        First and last day of the feed, ``YYYY-MM-DD``.
    address : str
        Internet address of the publisher, which GTFS asks for.
    overwrite : bool
        Whether files of the same names may be replaced.

    Returns
    -------
    list of str
        What was left out, one sentence each.

    Raises
    ------
    SettingsError
        When a date is none, or they run backwards.
    DataError
        When the path is taken, or no service can be written.
    StoreError
        When the disk refuses.

    Notes
    -----
    Services to a timetable become trips with a calendar. Those that leave at intervals or when full become one trip
    each way with a row of ``frequencies.txt`` and ``exact_times`` 0.
    """
    first_day, last_day = _read_date(first_date), _read_date(last_date)
    if last_day < first_day:
        raise SettingsError(
            f"The last day {last_date} is before the first day {first_date}. A feed has days. Swap the two."
        )
    tables, notes = make_feed(network, first_day, last_day, address)
    if tables["trips"].empty:
        found = "; ".join(notes) or "the network has no service"
        raise DataError("No feed is written.", [say_feed("feed.rows", f"network {network.name}", found)])
    write_files(tables, Path(path), overwrite)
    return notes


def _read_date(text: str) -> int:
    day = read_day(text)
    if day is None:
        raise SettingsError(f"{quote(text)} is no day. A day such as 2025-03-01 is needed. Correct it.")
    return day


def add_services(source: str | Path, services: Services) -> tuple[Network, list[str]]:
    """A network of one's own with the services of a feed added; the two are checked together.

    Parameters
    ----------
    source : str or Path
        As ``read_network`` takes it. Its tables may need the services, such as berths at which only they call.
    services : Services
        What ``read_gtfs`` gave.

    Returns
    -------
    network : Network
        As ``merge_services`` makes it.
    notes : list of str
        Its notes that the network alone has not.

    Raises
    ------
    DataError
        With every fault of the files, or else with what is wrong after merging.
    """
    faults: tuple[Issue, ...] = ()
    try:
        base = read_network(source)
    except DataError as error:
        try:
            base = read_network(source, build=draft_network)
        except DataError:
            raise error from None  # faults that no service could mend, and all others with them
        faults = error.issues
    try:
        network = merge_services(base, services)
    except DataError as error:
        raise DataError(error.summary, [_name_source(issue, faults) for issue in error.issues]) from error
    known = set(base.notes)
    return network, [note for note in network.notes if note not in known]


def _name_source(issue: Issue, faults: tuple[Issue, ...]) -> Issue:
    """The same fault as it was found in the files, which names their rows; as it is when it came with the feed."""
    key = (issue.rule, issue.found, len(issue.ids))
    return next((one for one in faults if (one.rule, one.found, len(one.ids)) == key), issue)


def merge_services(network: Network, services: Services) -> Network:
    """A network with the services of a feed added.

    Parameters
    ----------
    network : Network
        Stays as it is.
    services : Services
        What ``read_gtfs`` gave.

    Returns
    -------
    Network
        Checked by all rules, with notes on what was joined, added and replaced.

    Raises
    ------
    DataError
        When a stop is far from its node, or with everything that the feed's rows break in the network.

    Notes
    -----
    Rule 1. A stop is the node of the same id, or else of the same UN/LOCODE, or else the nearest node within
    ``SAME_PLACE_KM``; a stop that is none of these becomes a node. Node and stop of one id that are more than
    ``SAME_ID_KM`` apart are a fault.
    Rule 2. A service of an id that the network has replaces it, with its departures.
    Rule 3. A service without a country gets that of both its ends, or else the high sea when it is a ferry.
    """
    notes: list[str] = []
    joined = _match_stops(network, services, notes)
    tables = network.tables() | {"shape": network.shape}
    added = services.node[~services.node["node_id"].isin(list(joined))]
    tables["node"] = pd.concat([network.node, added], ignore_index=True)
    leg = services.service_leg.copy()
    departure = services.departure.copy()
    for frame, columns in ((leg, ("from_node_id", "to_node_id")), (departure, ("from_node_id",))):
        for column in columns:
            frame[column] = frame[column].map(lambda text: joined.get(text, text)).astype("str")
    leg["country_id"] = _find_countries(leg, tables["node"], network)
    replaced = set(texts_of(leg["service_leg_id"])) & set(texts_of(network.service_leg["service_leg_id"]))
    kept = network.service_leg[~network.service_leg["service_leg_id"].isin(replaced)]
    old = network.departure[~network.departure["service_leg_id"].isin(replaced)]
    tables["service_leg"] = pd.concat([kept, leg], ignore_index=True)
    tables["departure"] = pd.concat([old, departure], ignore_index=True)
    used = {*texts_of(tables["node"]["country_id"]), *texts_of(tables["service_leg"]["country_id"])}
    if UNASSIGNED in used - set(texts_of(network.country["country_id"])):
        row = pd.DataFrame({"country_id": [UNASSIGNED], "name": ["Unassigned"]})
        tables["country"] = pd.concat([network.country, row], ignore_index=True)
    if len(added):
        notes.append(
            f"Stops that became nodes, with no link to the rest: {list_ids(texts_of(added['node_id']))}"
        )
    if replaced:
        notes.append(f"Services replaced by those of the feed: {list_ids(sorted(replaced))}")
    remarks = [f"{services.name}: {note}" for note in (*services.notes, *notes)]
    return build_network(
        tables, name=network.name, year=network.year, notes=[*dict.fromkeys((*network.notes, *remarks))]
    )


def _match_stops(network: Network, services: Services, notes: list[str]) -> dict[str, str]:
    """Stop -> node that it is (rule 1)."""
    names = texts_of(network.node["node_id"])
    row = {name: at for at, name in enumerate(names)}
    codes = map_column(network.node[network.node["unlocode"] != ""], "unlocode", "node_id")
    lon, lat = network.node["lon_deg"].to_numpy(), network.node["lat_deg"].to_numpy()
    joined: dict[str, str] = {}
    near: list[str] = []
    strange: dict[int, str] = {}
    for number, stop in enumerate(each_row(services.node)):
        far_km = great_circle_km(stop.lon_deg, stop.lat_deg, lon, lat)
        name = stop.node_id if stop.node_id in row else codes.get(stop.unlocode, "")
        if name and far_km[row[name]] > SAME_ID_KM:
            strange[number] = f"node {name} is {far_km[row[name]]:,.0f} km away"
        elif name:
            joined[stop.node_id] = name
        elif far_km.min() <= SAME_PLACE_KM:
            name = joined[stop.node_id] = names[int(np.argmin(far_km))]
            near.append(f"{stop.node_id} as {name} ({far_km.min():.1f} km)")
    if strange:
        sheet = Sheet(read_spec("node"), services.node, "stops.txt")
        issues = sheet.find(GTFS_RULES["gtfs_stops.stop_id.place"], "stop_id", strange)
        raise DataError(f"The feed {services.name} does not fit the network {network.name}.", issues)
    if near:
        notes.append(f"Stops taken for the nearest node: {list_ids(near)}")
    return joined


def _find_countries(leg: pd.DataFrame, node: pd.DataFrame, network: Network) -> pd.Series:
    """Country of each service (rule 3)."""
    country = map_column(node, "node_id", "country_id")
    medium = map_column(network.mode, "mode_id", "medium")
    has_sea = _HIGH_SEA in set(texts_of(network.country["country_id"]))
    found: list[str] = []
    for row in each_row(leg):
        ends = {country.get(row.from_node_id, UNASSIGNED), country.get(row.to_node_id, UNASSIGNED)}
        if row.country_id != UNASSIGNED:
            found.append(row.country_id)
        elif len(ends) == 1:
            found.append(ends.pop())
        else:
            found.append(_HIGH_SEA if medium.get(row.mode_id) == "sea" and has_sea else UNASSIGNED)
    return pd.Series(found, dtype="str")
