"""What is in a network, in a few numbers: rows, kilometres by mode and status, countries, provenance.

For ``dehliz network info``. Reads tables only.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dehliz.network.network import Network


@dataclass(frozen=True, slots=True)
class Summary:
    """A network in numbers.

    Attributes
    ----------
    name : str
        What the network is called.
    year : int or None
        Year whose open things are in service.
    fingerprint : str
        Hash of all tables.
    row_count : dict of str to int
        Rows of each table.
    mode : DataFrame
        ``mode_id, status, link_count, length_km`` of links and service legs.
    country_count : int
        Countries in which there is a node.
    basis_count : dict of str to int
        Values with provenance, by basis.
    notes : tuple of str
        What was assumed, left out or looks odd.
    """

    name: str
    year: int | None
    fingerprint: str
    row_count: dict[str, int]
    mode: pd.DataFrame
    country_count: int
    basis_count: dict[str, int]
    notes: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        """The summary as plain values for JSON."""
        return {
            "name": self.name,
            "year": self.year,
            "fingerprint": self.fingerprint,
            "row_count": self.row_count,
            "mode": self.mode.to_dict("records"),
            "country_count": self.country_count,
            "basis_count": self.basis_count,
            "notes": list(self.notes),
        }


def summarise(network: Network) -> Summary:
    """A network in numbers."""
    columns = ["mode_id", "status", "length_km"]
    ways = pd.concat([network.link[columns], network.service_leg[columns]], ignore_index=True)
    mode = (
        ways.groupby(["mode_id", "status"], sort=True)["length_km"]
        .agg(link_count="size", length_km="sum")
        .reset_index()
    )
    return Summary(
        name=network.name,
        year=network.year,
        fingerprint=network.fingerprint,
        row_count={name: len(table) for name, table in network.tables().items()},
        mode=mode,
        country_count=int(network.node["country_id"].nunique()),
        basis_count={str(k): int(v) for k, v in network.value["basis"].value_counts().sort_index().items()},
        notes=network.notes,
    )
