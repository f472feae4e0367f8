"""A study that asks for what its network does not have is refused before anything is computed."""

from dataclasses import replace
from pathlib import Path

import pytest

from dehliz.base.errors import SettingsError
from dehliz.network.network import Network
from dehliz.study.checking import check_study, read_wanted
from dehliz.study.settings import CompareSettings, ShipmentSettings, StudySettings

GOOD = StudySettings("s", "A study", 2025, CompareSettings((("west", "haven"),)), path=Path("study.toml"))


def ask(network: Network, **changes: object) -> list[str]:
    compare = {key: changes.pop(key) for key in ("pairs", "best", "claimants") if key in changes}
    settings = replace(GOOD, compare=replace(GOOD.compare, **compare), **changes)  # type: ignore[arg-type]
    try:
        check_study(settings, network)
    except SettingsError as error:
        return [issue.rule for issue in error.issues]
    return []


def test_good_study_passes(corridor3: Network) -> None:
    assert ask(corridor3) == []
    assert ask(corridor3, claimants=("rail_way",), best="time") == []
    assert ask(corridor3, pairs=(("west", "haven"), ("haven", "west"))) == []


def test_all_faults_come_together(corridor3: Network) -> None:
    found = ask(
        corridor3,
        pairs=(("wst", "nope"), ("west", "Westburg"), ("west", "haven"), ("Westburg", "haven")),
        best="bst",
        claimants=("rail_wy",),
        shipment=ShipmentSettings(containers="0x40"),
    )
    assert found == [
        "study.pairs.known", "study.pairs.known", "study.pairs.differ", "study.pairs.unique", "study.best.known",
        "study.claimants.known", "shipment.containers.form",
    ]  # fmt: skip


def test_faults_of_a_shipment_name_its_keys(corridor3: Network) -> None:
    settings = replace(GOOD, shipment=ShipmentSettings(containers="1x40", tonnes=-1.0, segment="bulk"))
    with pytest.raises(SettingsError) as caught:
        read_wanted(settings, corridor3)
    assert [issue.place for issue in caught.value.issues] == [
        "study.toml, table shipment, keys containers and tonnes",
        "study.toml, table shipment, key tonnes",
    ]
