"""What rows carry and where they are full: sums of both directions, shared capacities, the price of a bottleneck."""

import numpy as np
import pandas as pd
import pytest

from dehliz.assignment.flow_tables import Loaded
from dehliz.assignment.row_tables import tell_bottlenecks, tell_rows
from dehliz.base.schema import read_spec
from dehliz.eurasia.load import read_reference
from dehliz.network.network import Network
from tests.unit.assignment.loading import EAST, make_problem, split_by_hand

BOTH_WAYS = [*EAST, ("containers", "haven", "west", 3_650.0)]
RAIL_T_D = 200.0 + 100.0
"""All of ``EAST`` by rail."""


def rail(network: Network, **tables: object) -> Loaded:
    problem = make_problem(network, EAST, **tables)  # type: ignore[arg-type]
    return split_by_hand(problem, [{"rail": 1.0}] * 2)


def row_of(table: pd.DataFrame, row_id: str) -> "pd.Series[float]":
    (found,) = table[table["row_id"] == row_id].itertuples(index=False)
    return pd.Series(found._asdict())


def test_a_row_carries_both_directions(corridor3: Network) -> None:
    problem = make_problem(corridor3, BOTH_WAYS)
    origins = [problem.graph.zone_ids[one] for one in problem.trips.origin]
    assert origins == ["west", "haven", "west"]
    table = tell_rows(split_by_hand(problem, [{"rail": 1.0}] * 3))
    assert list(table) == list(read_spec("link_flow").column_names)
    main = row_of(table, "xa_west_gate")
    assert (main["table_name"], main["mode_id"], main["country_id"]) == ("link", "rail_1435", "XA")
    assert (main["from_node_id"], main["to_node_id"]) == ("west", "gate")
    assert main["forward_t_a"] == pytest.approx(RAIL_T_D * 365)
    assert main["backward_t_a"] == pytest.approx(3_650)
    assert main["volume_t_a"] == pytest.approx(RAIL_T_D * 365 + 3_650)
    assert np.isnan(main["capacity_t_a"])
    assert np.isnan(main["saturation_share"])
    ferry = row_of(table, "ferry_quay_haven")
    assert ferry["forward_t_a"] == pytest.approx(RAIL_T_D * 365)
    # Rows that carry nothing and have no capacity are left out; each border post serves its own direction.
    assert "xa_west_mark_road" not in set(table["row_id"])
    assert row_of(table, "mark_rail_ab")["volume_t_a"] == pytest.approx(RAIL_T_D * 365)
    assert row_of(table, "mark_rail_ba")["volume_t_a"] == pytest.approx(3_650)


def test_a_row_with_a_capacity_is_told_though_it_is_empty(corridor3: Network) -> None:
    table = tell_rows(rail(corridor3, capacity=[("link", "xa_west_mark_road", 1_000.0, "both", "")]))
    road = row_of(table, "xa_west_mark_road")
    assert (road["volume_t_a"], road["capacity_t_a"], road["saturation_share"]) == (
        0.0,
        pytest.approx(1_000),
        0.0,
    )


def test_saturation_counts_background_and_all_that_share(corridor3: Network) -> None:
    capacity = [
        ("link", one, 2 * RAIL_T_D * 365, "both", "pool") for one in ("xa_gate_mark", "xa_west_mark_road")
    ]
    background = [("link", "xa_gate_mark", 60.0 * 365, "both")]
    table = tell_rows(rail(corridor3, capacity=capacity, background=background))
    for row_id, volume in (("xa_gate_mark", RAIL_T_D * 365), ("xa_west_mark_road", 0.0)):
        row = row_of(table, row_id)
        assert row["volume_t_a"] == pytest.approx(volume)
        assert row["background_t_a"] == pytest.approx(60 * 365)
        assert row["saturation_share"] == pytest.approx((RAIL_T_D + 60) / (2 * RAIL_T_D))


def test_price_of_one_full_line_by_hand(corridor3: Network) -> None:
    """At capacity a BPR line of 1.5 h takes 3 h; a tonne less saves everyone ``1.5 alpha beta / capacity`` hours."""
    loaded = rail(corridor3, capacity=[("link", "xa_gate_mark", RAIL_T_D * 365, "both", "")])
    (form,) = [row for row in read_reference("delay").to_dict("records") if row["delay_id"] == "rail"]
    assert form["form"] == "bpr"
    alpha, beta = float(form["alpha_factor"]), float(form["beta_factor"])
    (row,) = tell_bottlenecks(loaded).to_dict("records")
    assert (row["rank_count"], row["table_name"], row["row_id"]) == (1, "link", "xa_gate_mark")
    assert row["name"] == "gate - mark"
    assert row["saturation_share"] == pytest.approx(1.0)
    assert row["delay_h"] == pytest.approx(1.5 * alpha)
    worth_usd_h = 200 * 0.05 + 100 * 0.5  # tonnes a day of bulk and of boxes by their values of time
    assert row["loss_usd_a"] == pytest.approx(worth_usd_h * 1.5 * alpha * 365)
    assert row["price_usd_t"] == pytest.approx(worth_usd_h * 1.5 * alpha * beta / RAIL_T_D)


def test_bottlenecks_come_by_their_loss(corridor3: Network) -> None:
    lines = ("xb_mark_quay", "xa_gate_mark", "xa_west_gate")
    capacity = [
        ("link", one, RAIL_T_D * 365 / share, "both", "")
        for one, share in zip(lines, (0.8, 1.0, 0.6), strict=True)
    ]
    table = tell_bottlenecks(rail(corridor3, capacity=capacity))
    assert set(table["row_id"]) == {"xb_mark_quay", "xa_gate_mark"}
    assert table["loss_usd_a"].is_monotonic_decreasing
    assert len(tell_bottlenecks(rail(corridor3, capacity=capacity), 0.5)) == 3
    assert len(tell_bottlenecks(rail(corridor3))) == 0


def test_hard_capacities_give_their_own_price(corridor3: Network) -> None:
    """100 of 150 t of boxes fit on the rails: the next is worth what road costs more, 1560 - 1137.5 USD per TEU."""
    from tests.unit.assignment.loading import load

    problem = make_problem(
        corridor3, [("containers", "west", "haven", 150.0 * 365)],
        [("link", "xa_gate_mark", 100.0 * 365, "both", "")],
    )  # fmt: skip
    loaded = load(problem, "so")
    (row,) = tell_bottlenecks(loaded).to_dict("records")
    assert row["row_id"] == "xa_gate_mark"
    assert row["price_usd_t"] == pytest.approx((1560 - 1137.5) / 10, rel=1e-6)
    assert row_of(tell_rows(loaded), "xa_gate_mark")["price_usd_t"] == pytest.approx(42.25, rel=1e-6)
    corridors = loaded.tables()["corridor_flow"].set_index("corridor_id")["volume_t_a"]
    assert corridors.to_dict() == {
        "rail_way": pytest.approx(100 * 365),
        "road_way": pytest.approx(50 * 365),
    }
