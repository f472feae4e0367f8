"""The ranking over processes: the same figures in the same order for any number of them."""

import pickle

import numpy as np
import pytest

from dehliz.assignment.corridor_choice import ChoiceModel, GatewayConstant
from dehliz.assignment.warm import warm_up_network
from dehliz.base.errors import SettingsError
from dehliz.disruption.impact import Baseline
from dehliz.network.network import Network
from dehliz.study.critical import CriticalSettings, rank_network
from dehliz.study.frozen import read_frozen, write_frozen
from tests.unit.assignment.loading import EAST, make_problem

KINDS = ("country", "border", "passage", "line")
MODEL = ChoiceModel(0.05, 0.7, (GatewayConstant("passage:narrows", (), 8.0),))


@pytest.fixture
def baseline(corridor3: Network) -> Baseline:
    tight = [("link", "xb_mark_quay_road", 60.0 * 365, "both", "")]
    return Baseline(warm_up_network(make_problem(corridor3, EAST, tight), MODEL))


def test_processes_change_nothing(baseline: Baseline) -> None:
    told: list[tuple[str, float]] = []
    alone = rank_network(
        baseline, CriticalSettings(KINDS, paired_count=3), lambda step, share: told.append((step, share))
    )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert alone.status == "converged"
    two = rank_network(baseline, CriticalSettings(KINDS, paired_count=3, worker_count=2))
    for name, table in alone.tables().items():
        assert len(table), name
        assert pickle.dumps(table.to_dict("list")) == pickle.dumps(two.tables()[name].to_dict("list")), name
    assert alone.listed_count >= len(alone.elements) > 3
    assert two.effort.cpu_s > 0.0


def test_nothing_used_is_no_error(baseline: Baseline) -> None:
    found = rank_network(baseline, CriticalSettings(("ship",), paired_count=2, worker_count=2))
    assert (found.elements, found.pairs, found.status) == ((), (), "converged")
    assert all(len(table) == 0 for table in found.tables().values())


def test_what_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        CriticalSettings(duration_d=0.0, paired_count=-1, by="all", worker_count=0)  # type: ignore[arg-type]
    assert (
        [issue.column for issue in caught.value.issues] if hasattr(caught.value.issues[0], "column") else True
    )
    text = str(caught.value)
    for word in ("duration_d", "paired_count", "by", "worker_count"):
        assert word in text


def test_arrays_stay_read_only_on_their_way(tmp_path) -> None:  # type: ignore[no-untyped-def]
    fixed, free = np.arange(6.0).reshape(2, 3), np.arange(3)
    fixed.flags.writeable = False
    write_frozen(
        tmp_path / "both", {"fixed": fixed, "free": free, "text": np.array(["a", None], dtype=object)}
    )
    found = read_frozen(tmp_path / "both")
    np.testing.assert_array_equal(found["fixed"], fixed)
    assert found["fixed"].dtype == fixed.dtype
    assert not found["fixed"].flags.writeable
    assert found["free"].flags.writeable
    assert found["text"].tolist() == ["a", None]
