"""What can be shipped: quantities read from words, and everything that is wrong with them."""

import pytest

from dehliz.base.errors import DataError, SettingsError
from dehliz.graph.shipment import LARGEST_BOX_COUNT, read_shipment
from dehliz.network.network import Network, replace_tables


@pytest.mark.parametrize("text", ["3x20", " 3 x 20 ", "3X20", "3×20", "3*20", "3х20", "3Х20", "٣x20"])
def test_boxes_are_read_in_many_writings(corridor3: Network, text: str) -> None:
    shipment = read_shipment(corridor3, text, segment="containers")
    assert shipment == read_shipment(corridor3, "3x20")
    assert shipment.label == "3 x 20-foot box"


@pytest.mark.parametrize(
    "text",
    ["", " ", "0x40", "-1x40", "40", "x40", "1x", "1x53", "1e9x40", "1.5x40", "1x40,1x20", "a", "1x40x",
     "9" * 5000 + "x40",
     f"{LARGEST_BOX_COUNT + 1}x40"],
)  # fmt: skip
def test_other_words_for_boxes_are_told(corridor3: Network, text: str) -> None:
    with pytest.raises(SettingsError, match="A number of boxes from 1 to 100,000, an x and a size"):
        read_shipment(corridor3, text)


@pytest.mark.parametrize("tonnes", [0, -1, float("nan"), float("inf"), -float("inf"), 1e7, 1e300])
def test_tonnes_out_of_bounds_are_told(corridor3: Network, tonnes: float) -> None:
    with pytest.raises(SettingsError, match="above 0 and below 10,000,000"):
        read_shipment(corridor3, tonnes=tonnes, segment="bulk")


def test_all_faults_come_together(corridor3: Network) -> None:
    with pytest.raises(SettingsError) as caught:
        read_shipment(corridor3, "0x40", -1, "blk")
    assert [issue.rule for issue in caught.value.issues] == [
        "shipment.segment.known", "shipment.quantity.one", "shipment.tonnes.bounds", "shipment.containers.form",
    ]  # fmt: skip
    assert "Did you mean 'bulk'?" in str(caught.value)


def test_boxes_need_a_segment_that_travels_in_them(corridor3: Network) -> None:
    segment = corridor3.segment.assign(load_unit="t")
    with pytest.raises(SettingsError, match="no segment travels in boxes"):
        read_shipment(replace_tables(corridor3, {"segment": segment}))


def test_network_without_segments_is_told(corridor3: Network) -> None:
    with pytest.raises(DataError, match=r"segment\.csv: no rows"):
        read_shipment(replace_tables(corridor3, {"segment": corridor3.segment.iloc[:0]}))
