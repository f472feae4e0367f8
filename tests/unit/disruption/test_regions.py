"""Regions by word, group and list; gateways of a country; what is refused."""

import numpy as np
import pytest

from dehliz.base.errors import LookupFailed, SettingsError
from dehliz.disruption.gateways import CAPITALS, find_gateways
from dehliz.disruption.regions import REGIONS, Region, check_apart, read_countries, read_region
from dehliz.eurasia.load import load
from dehliz.graph.compile import compile_graph
from dehliz.network.network import Network


@pytest.fixture(scope="module")
def network() -> Network:
    return load(2024)


def test_words_groups_and_lists(network: Network) -> None:
    assert read_region(network, "Central Asia").country_ids == ("KG", "KZ", "TJ", "TM", "UZ")
    assert read_region(network, "south-caucasus").region_id == "south_caucasus"
    assert set(read_region(network, "ots").country_ids) == {"AZ", "KG", "KZ", "TR", "UZ"}, (
        "observers are no members"
    )
    assert len(read_region(network, "eu").country_ids) == 27
    assert read_region(network, "az+Georgia") == Region("AZ+GE", ("AZ", "GE"))


def test_every_country_of_a_region_is_in_the_network_and_in_one_region(network: Network) -> None:
    listed = [one for countries in REGIONS.values() for one in countries]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(network.country["country_id"])
    assert set(read_region(network, "eu").country_ids) - {"CY"} <= set(REGIONS["europe"])


@pytest.mark.parametrize("text", ["atlantis", "AZ+XX", "", "centralasia"])
def test_unknown_regions_are_refused(network: Network, text: str) -> None:
    with pytest.raises(LookupFailed, match=r"is not known\. It needs a region"):
        read_region(network, text)


def test_nearest_region_is_named(network: Network) -> None:
    with pytest.raises(LookupFailed, match="Did you mean 'central_asia'"):
        read_region(network, "centralasia")


def test_regions_lie_apart_and_have_zones(network: Network) -> None:
    eu, ots = read_region(network, "eu"), read_region(network, "ots")
    check_apart(network, eu, ots, ())
    with pytest.raises(SettingsError, match="share KZ"):
        check_apart(network, read_region(network, "central_asia"), read_region(network, "KZ+RU"), ())
    with pytest.raises(SettingsError, match="no zone outside TR"):
        check_apart(network, read_region(network, "turkiye"), eu, ("TR",))


def test_countries_by_code_and_name(network: Network) -> None:
    assert read_countries(network, ("ru", "Iran", "RU"), "--avoid") == ("RU", "IR")
    with pytest.raises(LookupFailed, match=r"(?s)'Rusia'.*'Irann'"):
        read_countries(network, ("Rusia", "Irann", "KZ"), "--avoid")


def test_capitals_are_zones_of_their_countries(network: Network) -> None:
    home = dict(zip(network.zone["zone_id"], network.zone["country_id"], strict=True))
    assert {country: home.get(zone) for country, zone in CAPITALS.items()} == {one: one for one in CAPITALS}


def test_gateways_of_azerbaijan(network: Network) -> None:
    graph = compile_graph(network)
    found = find_gateways(graph, network, "AZ")
    ids = {(one.kind, one.gateway_id, one.country_id) for one in found}
    assert {("port", "alat", "AZ"), ("border", "yalama", "RU"), ("border", "boyuk_kesik", "GE")} <= ids
    assert {("capital", "tbilisi", "GE"), ("capital", "moscow", "RU"), ("capital", "tehran", "IR")} <= ids
    assert ("capital", "baku", "AZ") not in ids
    for one in found:
        assert len(one.vertices)
        modes = {
            graph.mode_ids[graph.vertex_mode[vertex]]
            for vertex in one.vertices.tolist()
            if one.kind == "port"
        }
        assert not modes & {"road", "rail_1520", "rail_1435"}, "aid stands aboard"


def test_lakes_have_no_gateways(network: Network) -> None:
    """The ferry over Lake Van sails between two nodes of one country."""
    ids = {one.gateway_id for one in find_gateways(compile_graph(network), network, "TR")}
    assert {"mersin", "trabzon", "kapikule"} <= ids
    assert not ids & {"tatvan", "van"}


def test_a_border_without_posts_begins_at_the_last_node_before_it(network: Network) -> None:
    """Austria has none: aid from Germany starts at the last German node, and may come from Berlin too."""
    graph = compile_graph(network)
    found = find_gateways(graph, network, "AT")
    assert not network.terminal["from_country_id"].eq("AT").any()
    home = dict(zip(network.node["node_id"], network.node["country_id"], strict=True))
    borders = [one for one in found if one.kind == "border"]
    assert borders
    for one in borders:
        assert home[one.gateway_id] == one.country_id != "AT"
        onward = np.isin(graph.tail, one.vertices) & (graph.length_km > 0.0)
        assert "AT" in {home[graph.node_ids[node]] for node in graph.vertex_node[graph.head[onward]].tolist()}
    assert "berlin" in {one.gateway_id for one in found if one.kind == "capital"}


def test_aid_at_a_border_stands_on_the_far_side(corridor3: Network) -> None:
    graph = compile_graph(corridor3)
    (gateway,) = [one for one in find_gateways(graph, corridor3, "XB") if one.kind == "border"]
    assert (gateway.gateway_id, gateway.country_id) == ("mark", "XA")
    arriving = np.isin(graph.head, gateway.vertices) & (graph.length_km > 0.0)
    assert {graph.country_ids[place] for place in graph.country[arriving].tolist()} == {"XA"}
    assert len(gateway.vertices) == 2, "by rail and by road"
