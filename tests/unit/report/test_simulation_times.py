"""Quantiles, bins, and the figure that puts published times beside them."""

import re

import numpy as np
import pandas as pd
import pytest

from dehliz.report.simulation_bins import SHARES, bin_samples, tell_quantiles
from dehliz.report.simulation_times import draw_times

NO_BINS = pd.DataFrame(columns=["name", "from_d", "to_d", "share"])
PUBLISHED = pd.DataFrame(
    [("A → B, m", "observed", 12.0, 12.0, "2024"), ("A → B, m", "scheduled", 8.0, 11.0, "2023"),
     ("A → B, m", "claimed", 9.0, 9.0, "nan"), ("A → B, m", "target", 10.0, 10.0, "2027")],
    columns=["name", "kind", "low_d", "high_d", "year"],
)  # fmt: skip


def make_quantiles(name: str = "A → B, m", **other: float) -> pd.DataFrame:
    values = dict(zip(SHARES, (8.0, 9.0, 10.0, 11.5, 13.0, 14.0), strict=True)) | other
    return pd.DataFrame([{"name": name, **values}])


def test_quantiles_are_those_of_numpy() -> None:
    sample = np.random.default_rng(2).gamma(4.0, 30.0, 501)
    row = tell_quantiles({"one": sample}).iloc[0]
    for name, share in SHARES.items():
        assert row[name] == pytest.approx(np.quantile(sample, share) / 24.0, rel=1e-12)
    assert row["unfinished_share"] == 0.0


def test_a_quantile_that_is_not_known_is_not_told() -> None:
    row = tell_quantiles({"one": np.array([24.0] * 18 + [np.inf] * 2)}).iloc[0]
    assert row["median_d"] == 1.0
    assert np.isnan(row["p95_d"])
    assert row["unfinished_share"] == pytest.approx(0.1)
    few = tell_quantiles({"few": np.array([24.0, 48.0, 72.0])}).iloc[0]
    assert few["median_d"] == 2.0
    assert np.isnan(few["p90_d"])
    assert np.isnan(tell_quantiles({"none": np.zeros(0)}).iloc[0]["median_d"])


def test_bins_hold_everyone_once_and_those_on_the_way_in_none() -> None:
    rng = np.random.default_rng(3)
    samples = {"a": rng.normal(300.0, 30.0, 400), "b": np.append(rng.normal(900.0, 90.0, 99), np.inf)}
    bins = bin_samples(samples)
    shares = bins.groupby("name")["share"].sum()
    assert shares["a"] == pytest.approx(1.0)
    assert shares["b"] == pytest.approx(0.99)
    assert np.allclose(bins["to_d"] - bins["from_d"], (bins["to_d"] - bins["from_d"]).iloc[0])
    for row in bins[bins["name"] == "a"].itertuples():
        days = samples["a"] / 24.0
        assert row.share == pytest.approx(np.mean((days >= row.from_d) & (days < row.to_d)))


def test_bins_of_equal_times_and_of_nobody() -> None:
    assert bin_samples({"a": np.full(5, 48.0)})["share"].tolist() == [1.0]
    assert len(bin_samples({"a": np.zeros(0)})) == 0


def test_the_median_stands_where_its_days_are() -> None:
    svg = draw_times(make_quantiles(), NO_BINS, PUBLISHED[:0]).svg
    ticks = {float(text): float(x) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*>(\d+)</text>', svg)}
    x = float(re.search(r'<rect x="([\d.]+)"[^>]*><title>[^<]*median 10.0 days', svg)[1]) + 1.7  # type: ignore[index]
    assert x == pytest.approx(ticks[0] + (ticks[10] - ticks[0]) / 10.0 * 10.0, abs=0.2)


@pytest.mark.parametrize("is_narrow", [False, True])
def test_kinds_differ_by_shape(is_narrow: bool) -> None:
    svg = draw_times(make_quantiles(), NO_BINS, PUBLISHED, is_narrow=is_narrow).svg
    shapes = {}
    for kind in ("observed", "scheduled", "claimed", "target"):
        found = re.search(rf"<(\w+)([^>]*)><title>{kind}", svg)
        assert found
        path = re.search(r'd="M[\d. -]+(l[^"]+)', found[2])
        shapes[kind] = (found[1], re.sub(r"[\d.]+", "", path[1]) if path else "")
    assert len(set(shapes.values())) == 4
    assert "scheduled 2023: 8.0 to 11.0 days" in svg
    assert "claimed no year" in svg
    assert "nan" not in svg.lower().replace("nan →", "")


def test_marks_of_one_pair_do_not_cover_each_other() -> None:
    svg = draw_times(make_quantiles(), NO_BINS, PUBLISHED).svg
    years = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(2024|2023|2027|no year)</text>', svg)
    for number, (x, y, _) in enumerate(years):
        for other_x, other_y, _ in years[:number]:
            assert y != other_y or abs(float(x) - float(other_x)) > 30


def test_what_runs_off_the_chart_is_told() -> None:
    bins = pd.DataFrame(
        [("A → B, m", 9.0, 10.0, 0.9), ("A → B, m", 40.0, 41.0, 0.1)], columns=list(NO_BINS.columns)
    )
    assert "10.0\u00a0% later →" in draw_times(make_quantiles(), bins, PUBLISHED[:0]).svg


@pytest.mark.parametrize("is_narrow", [False, True])
def test_unknown_quantiles_and_bad_names_do_no_harm(is_narrow: bool) -> None:
    unknown = make_quantiles("A <b>&", **dict.fromkeys(SHARES, np.nan))
    svg = draw_times(unknown, NO_BINS, PUBLISHED[:0], is_narrow=is_narrow).svg
    assert "nan" not in svg.lower()
    assert "no quantile can be told" in svg
    assert "A &lt;b&gt;&amp;" in svg
    assert "there are no times" in draw_times(unknown[:0], NO_BINS, PUBLISHED[:0], is_narrow=is_narrow).svg


def test_a_strip_without_its_lower_half_begins_at_the_median() -> None:
    part = make_quantiles(p05_d=np.nan, p25_d=np.nan, p75_d=np.nan)
    svg = draw_times(part, NO_BINS, PUBLISHED[:0]).svg
    assert "50 to 95%: 10.0 to 14.0 days" in svg
    assert "from the median to 95%" in svg
    assert "5 to 95% (thick" not in svg
