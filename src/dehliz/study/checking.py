"""Checks a study against its network before anything is computed: all wrong places, shipments and corridors at once.

What a study asks is checked again by the floors below, question by question; here it is told with the key of the
file, and before minutes of work rather than after. The file before is ``study/settings.py``, the next one
``study/run.py``.
"""

from dataclasses import replace

from dehliz.base.errors import Issue, LookupFailed, SettingsError, quote, suggest
from dehliz.eurasia.places import find_zone
from dehliz.graph.shipment import Shipment, read_shipment
from dehliz.network.network import Network
from dehliz.routing.compare import Best
from dehliz.study.settings import StudySettings


def check_study(settings: StudySettings, network: Network) -> None:
    """Refuse a study that asks for what its network does not have.

    Parameters
    ----------
    settings : StudySettings
        The study.
    network : Network
        Its network, without scenarios.

    Raises
    ------
    SettingsError
        With every wrong place, shipment, criterion and corridor.
    DataError
        When the network says nothing of shipments.
    """
    issues = [*_check_pairs(settings, network), *_check_words(settings, network)]
    try:
        read_wanted(settings, network)
    except SettingsError as error:
        issues += error.issues
    if issues:
        raise SettingsError(f"The study {settings.path} cannot be run", issues)


def read_wanted(settings: StudySettings, network: Network) -> Shipment:
    """The shipment of a study.

    Raises
    ------
    SettingsError
        With every fault, named by its key.
    """
    wanted = settings.shipment
    try:
        return read_shipment(network, wanted.containers or None, wanted.tonnes, wanted.segment or None)
    except SettingsError as error:
        place = f"{settings.path.name}, table shipment"
        issues = [
            replace(issue, place=f"{place}, {issue.place.replace('option', 'key').replace('--', '')}")
            for issue in error.issues
        ]
        raise SettingsError(error.summary, issues) from error


def _check_pairs(settings: StudySettings, network: Network) -> list[Issue]:
    issues: list[Issue] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, pair in enumerate(settings.compare.pairs, 1):
        place = f"{settings.path.name}, key compare.pairs, pair {number}"
        zones = []
        for text in pair:
            try:
                zones.append(find_zone(text, network))
            except LookupFailed as error:
                issues.append(Issue("study.pairs.known", place, (), str(error), "", ""))
        if len(zones) == 2 and zones[0] == zones[1]:
            issues.append(
                Issue("study.pairs.differ", place, (), f"both places are {zones[0]}",
                      "A way leads from one place to another", "Name two different places")
            )  # fmt: skip
        elif len(zones) == 2 and tuple(zones) in seen:
            issues.append(
                Issue("study.pairs.unique", place, (), f"it is pair {seen[tuple(zones)]} again: {' - '.join(zones)}",
                      "Each pair is compared once", "Remove one of them")
            )  # fmt: skip
        seen.setdefault(tuple(zones), number)
    return issues


def _check_words(settings: StudySettings, network: Network) -> list[Issue]:
    chosen = settings.compare
    criteria, corridors = [item.value for item in Best], list(network.corridor["corridor_id"])
    issues = []
    if chosen.best not in criteria:
        issues.append(
            Issue("study.best.known", f"{settings.path.name}, key compare.best", (), f"{quote(chosen.best)} was found",
                  f"One of: {', '.join(criteria)}", suggest(chosen.best, criteria) or "Choose one of them")
        )  # fmt: skip
    # The claimants that are meant when nothing is said are those of the bundled network.
    wanted = chosen.claimants if chosen.claimants != type(chosen)(()).claimants else ()
    choice = f"Choose among {', '.join(corridors)}" if corridors else "The network names no corridor"
    issues += [
        Issue("study.claimants.known", f"{settings.path.name}, key compare.claimants", (), f"{quote(name)} was found",
              "Corridors of the network are needed",
              suggest(name, corridors) or choice)
        for name in wanted
        if name not in corridors
    ]  # fmt: skip
    return issues
