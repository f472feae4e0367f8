"""Every rule of the network floor by chapter, for the reference page and for the tests that break each of them."""

from typing import Final

from dehliz.base.check import GENERIC_RULES
from dehliz.base.sheet import Rule
from dehliz.network.csvtext import FILE_RULES
from dehliz.network.demand_files import DEMAND_RULES
from dehliz.network.files import NETWORK_FILE_RULES
from dehliz.network.geofiles import LIBRARY_RULE
from dehliz.network.gmns_load import LOAD_RULES
from dehliz.network.gmns_words import GMNS_RULES
from dehliz.network.gtfs_words import GTFS_RULES
from dehliz.network.load_files import LOAD_FILE_RULES
from dehliz.network.network import TABLE_RULES
from dehliz.network.package import PACKAGE_RULES
from dehliz.network.rules import RULES
from dehliz.network.scenario_file import SCENARIO_FILE_RULES
from dehliz.network.selecting import SCENARIO_RULES
from dehliz.network.tntp_words import TNTP_RULES

CHAPTERS: Final[dict[str, dict[str, Rule]]] = {
    "Files": {**FILE_RULES, **NETWORK_FILE_RULES, **PACKAGE_RULES, LIBRARY_RULE.name: LIBRARY_RULE},
    "Columns of any table": GENERIC_RULES,
    "Tables": {rule.name: rule for rule in TABLE_RULES},
    "What makes sense": RULES,
    "GMNS": GMNS_RULES,
    "GMNS networks to load": LOAD_RULES,
    "GTFS feeds": GTFS_RULES,
    "Test networks": TNTP_RULES,
    "Demand of one's own": DEMAND_RULES,
    "Capacities of one's own": LOAD_FILE_RULES,
    "Scenario files": SCENARIO_FILE_RULES,
    "Scenarios on a network": SCENARIO_RULES,
}
"""Chapter -> rules by name; a ``*`` in a name stands for any table or column."""


def find_rule(name: str) -> Rule | None:
    """The rule that a message cites, or None.

    Parameters
    ----------
    name : str
        As printed in a message, such as ``link.length_km.bounds``.
    """
    _, _, rest = name.partition(".")
    column, _, what = rest.partition(".")
    for candidate in (name, f"*.{column}.{what}", f"*.*.{what}"):
        for rules in CHAPTERS.values():
            if candidate in rules:
                return rules[candidate]
    return None
