"""A ``Network`` to a GMNS folder that any GMNS tool reads, with our further columns and tables beside its own."""

from pathlib import Path

import pandas as pd

from dehliz.base.sheet import texts_of
from dehliz.network.network import TABLES, Network
from dehliz.network.plaintext import write_csv
from dehliz.network.wkt import from_pairs, to_wkt


def write_gmns(network: Network, folder: Path) -> Path:
    """Write a network as GMNS: lengths in km, speeds in km/h, coordinates in EPSG:4326, lines as WKT.

    Parameters
    ----------
    network : Network
        What to write.
    folder : Path
        Where to; it exists.

    Returns
    -------
    Path
        The folder.

    Notes
    -----
    Terminals, services, tariffs and all else that GMNS has no table for are written as tables of ours, so that
    reading the folder gives the same network again.
    """
    node = network.node.rename(columns={"lon_deg": "x_coord", "lat_deg": "y_coord", "kind": "node_type"})
    write_csv(node, folder / "node.csv")
    write_csv(_make_links(network), folder / "link.csv")
    write_csv(network.zone, folder / "zone.csv")
    config = {
        "dataset_name": network.name, "short_length": "m", "long_length": "km", "speed": "km/h", "crs": "EPSG:4326",
        "geometry_field_format": "WKT", "currency": "USD", "version_number": "0.96", "id_type": "string",
    }  # fmt: skip
    write_csv(pd.DataFrame([config]), folder / "config.csv")
    for table in TABLES:
        if table not in ("node", "link", "zone") and not network.table(table).empty:
            write_csv(network.table(table), folder / f"{table}.csv")
    shape = network.shape[network.shape["table_name"] != "link"]
    if not shape.empty:
        write_csv(shape, folder / "shape.csv")
    return folder


def _make_links(network: Network) -> pd.DataFrame:
    shape = network.shape[network.shape["table_name"] == "link"]
    lines = {
        row_id: to_wkt(from_pairs(text))
        for row_id, text in zip(texts_of(shape["row_id"]), texts_of(shape["coordinates"]), strict=True)
    }
    names = {"length_km": "length", "speed_km_h": "free_speed", "mode_id": "allowed_uses"}
    link = network.link.rename(columns=names)
    link.insert(
        5, "geometry", pd.Series([lines.get(text, "") for text in texts_of(link["link_id"])], dtype="str")
    )
    return link
