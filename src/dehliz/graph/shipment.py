"""``Shipment``: what is to be moved, as asked for on the command line.

A shipment is a number of boxes of one size or a number of tonnes, of one segment. It tells ``graph/cost.py`` how
many tariff units to charge and ``graph/emissions.py`` how many tonnes to move.
"""

import re
from dataclasses import dataclass
from typing import Literal

from dehliz.base.errors import DataError, Issue, SettingsError, quote, suggest
from dehliz.base.rows import find_row
from dehliz.network.network import Network

_BOXES = re.compile(r"\s*(\d{1,9})\s*[xX×*хХ]\s*(\w+)\s*")
"""Number and size; the sign between them may be the Russian letter that looks like it."""

LARGEST_BOX_COUNT = 100_000
LARGEST_T = 1e7
"""Bounds of what is one shipment; more is a slip, and no ship would take it."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """A quantity of one segment.

    Attributes
    ----------
    segment_id : str
        Segment of the cargo.
    load_unit : {"teu", "t"}
        Unit in which tariffs are charged.
    tariff_teu : float
        TEU charged (half of a 40-foot rate each), 0 without boxes.
    cargo_t : float
        Tonnes of cargo.
    label : str
        The quantity for people, such as ``1 x 40-foot box``.
    """

    segment_id: str
    load_unit: Literal["teu", "t"]
    tariff_teu: float
    cargo_t: float
    label: str


def read_shipment(
    network: Network, containers: str | None = None, tonnes: float | None = None, segment: str | None = None
) -> Shipment:
    """The shipment that options ask for; one 40-foot box when they ask for nothing.

    Parameters
    ----------
    network : Network
        Gives segments and containers.
    containers : str, optional
        Number and size, such as ``1x40``.
    tonnes : float, optional
        Tonnes of cargo.
    segment : str, optional
        Segment id; the first segment in boxes when containers are given.

    Returns
    -------
    Shipment

    Raises
    ------
    DataError
        When the network has no segments or no containers.
    SettingsError
        With every fault of the options.
    """
    issues = [_no_rows(name) for name in ("segment", "container") if network.table(name).empty]
    if issues:
        raise DataError("The network does not say what can be shipped", issues)
    segment_id = _read_segment(network, segment, tonnes is not None, issues)
    if containers is not None and tonnes is not None:
        issues.append(
            Issue(
                "shipment.quantity.one",
                "options --containers and --tonnes",
                (),
                "both are given",
                "A shipment is either boxes or tonnes",
                "Give one of them",
            )
        )
    if tonnes is not None and not 0 < tonnes < LARGEST_T:
        issues.append(
            Issue(
                "shipment.tonnes.bounds",
                "option --tonnes",
                (),
                f"'{tonnes:g}' was given",
                f"Tonnes must be above 0 and below {LARGEST_T:,.0f}",
                "Give the weight of the cargo in tonnes",
            )
        )
    boxes = _read_boxes(network, "1x40" if containers is None else containers, issues)
    if issues:
        raise SettingsError("The shipment is not clear", issues)
    row = find_row(network.segment, "segment_id", segment_id)
    if tonnes is not None:
        return _in_tonnes(segment_id, row.load_unit, row.t_per_teu_factor, tonnes)
    count, container_id = boxes
    box = find_row(network.container, "container_id", container_id)
    cargo_t = count * box.load_factor * row.t_per_teu_factor
    return Shipment(
        segment_id, "teu", count * box.tariff_factor, cargo_t, f"{count} x {container_id}-foot box"
    )


def _no_rows(table: str) -> Issue:
    return Issue(
        f"{table}.table.rows", f"{table}.csv", (), "no rows",
        "Ways are priced for a shipment: the tables segment, container, tariff and emission_factor are needed",
        "Add the tables; dehliz network export writes those of Eurasia as a start",
    )  # fmt: skip


def _in_tonnes(segment_id: str, load_unit: str, t_per_teu: float, tonnes: float) -> Shipment:
    """Tonnes of a boxed segment are charged by the TEU that they fill."""
    if load_unit == "t":
        return Shipment(segment_id, "t", 0.0, tonnes, f"{tonnes:g} t")
    return Shipment(segment_id, "teu", tonnes / t_per_teu, tonnes, f"{tonnes:g} t in boxes")


def _read_segment(network: Network, segment: str | None, in_tonnes: bool, issues: list[Issue]) -> str:
    known = list(network.segment["segment_id"])
    if segment is None:
        boxed = network.segment.loc[network.segment["load_unit"] == "teu", "segment_id"]
        if in_tonnes:
            issues.append(
                Issue(
                    "shipment.segment.present",
                    "option --segment",
                    (),
                    "tonnes are given without a segment",
                    f"One of: {', '.join(known)}",
                    f"Say what the cargo is, for example --tonnes 20 --segment {known[-1]}",
                )
            )
        if not in_tonnes and boxed.empty:
            issues.append(
                Issue(
                    "shipment.segment.boxed",
                    "segment.csv, column load_unit",
                    (),
                    "no segment travels in boxes",
                    "A shipment is one box when nothing is said",
                    f"Give tonnes, for example --tonnes 20 --segment {known[0]}",
                )
            )
        return str(boxed.iloc[0]) if len(boxed) else ""
    if segment not in known:
        issues.append(
            Issue(
                "shipment.segment.known",
                "option --segment",
                (),
                f"{quote(segment)} is not a segment",
                f"One of: {', '.join(known)}",
                suggest(segment, known) or "Choose one of them",
            )
        )
        return ""
    unit = find_row(network.segment, "segment_id", segment).load_unit
    if unit == "t" and not in_tonnes:
        issues.append(
            Issue(
                "shipment.segment.unit",
                "option --segment",
                (),
                f"'{segment}' does not travel in boxes",
                "It is measured in tonnes",
                f"Give tonnes, for example --tonnes 20 --segment {segment}",
            )
        )
    return segment


def _read_boxes(network: Network, containers: str, issues: list[Issue]) -> tuple[int, str]:
    known = list(network.container["container_id"])
    match = _BOXES.fullmatch(containers)
    if match and 0 < int(match[1]) <= LARGEST_BOX_COUNT and match[2] in known:
        return int(match[1]), match[2]
    issues.append(
        Issue(
            "shipment.containers.form",
            "option --containers",
            (),
            f"{quote(containers)} is not understood",
            f"A number of boxes from 1 to {LARGEST_BOX_COUNT:,}, an x and a size ({', '.join(known)})",
            "For example --containers 1x40",
        )
    )
    return 0, ""
