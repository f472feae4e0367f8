"""The page of yearly risk draws what the tables say, and asks nothing of other computers."""

from pathlib import Path

import numpy as np

from dehliz.disruption.risk import Losses
from dehliz.report.risk_figures import draw_convergence, draw_exceedance
from dehliz.report.risk_page import write_risk_page
from dehliz.study.risk_summary import make_tables


def _losses(count: int) -> Losses:
    loss = np.random.default_rng(1).lognormal(22.0, 1.0, count)
    values = np.zeros((4, count, 4))
    values[0] = loss[:, None] * [1.0, 1.0, 0.5, 1.0]
    kinds = ("system", "corridor", "country", "hazard")
    return Losses(kinds, ("system", "suez", "KZ", "storm"), np.arange(count), values)


def test_page_holds_figures_and_numbers(tmp_path: Path) -> None:
    tables = make_tables(_losses(300))
    for name, table in tables.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    page = write_risk_page(tmp_path, tmp_path / "risk.html", "Drawn <years>").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "Drawn &lt;years&gt;" in page
    assert "Content-Security-Policy" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert f"{tables['risk']['loss_usd'][0] / 1e6:,.0f}" in page
    for name in ("exceedance", "convergence"):
        assert (tmp_path / f"{name}.svg").read_text(encoding="utf-8").count("<path") >= 1


def test_figures_of_few_years_say_what_they_can() -> None:
    tables = make_tables(_losses(3))
    assert "After 3 years" in draw_convergence(tables["risk_convergence"]).description
    assert "At risk at 95" not in draw_exceedance(tables["risk_exceedance"], tables["risk"]).svg
