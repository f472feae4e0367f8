"""``Plan``: a system with its flows, their names and their chances, ready to be drawn and run many times.

Made of a network's operations and of loaded routes; ``simulation/draws.py`` draws a replication of it,
``simulation/run.py`` runs one, ``simulation/simulate.py`` runs many.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dehliz.graph.graph import ByteArray, FloatArray, IntArray
from dehliz.simulation.system import System, freeze


class Activity(IntEnum):
    """What a stage is, for the tree of causes."""

    MOVE = 0
    """Under way on rail, road, pipeline."""
    HANDLE = 1
    """Worked on at a terminal."""
    WAIT = 2
    """Waits at a terminal for what the simulation does not simulate: a train, papers, a slot."""
    BORDER = 3
    """Stands at a border post or in a gauge yard."""
    SAIL = 4
    """Waits for a ship and crosses."""
    PATH = 5
    """Waits for a train path on a line, or for a place at a busy terminal (SERVE)."""
    WAGON = 6
    """Waits for a wagon of a pool, or gives it back."""


class Family(IntEnum):
    """Distribution of a stream of draws, by its mean 1 and spread."""

    FIXED = 0
    GAMMA = 1
    LOGNORMAL = 2
    EXPONENTIAL = 3
    WEIBULL = 4


@dataclass(frozen=True, slots=True)
class Chances:
    """How each stream is drawn.

    Attributes
    ----------
    family : (n_stream,) int8
        ``Family``.
    spread_factor : (n_stream,) float64
        Standard deviation over mean of the whole.
    least_factor : (n_stream,) float64
        Part of the mean that always passes.
    shut_first : (n_resource + 1,) int32
        Rows of ``shut_*`` of each resource.
    shut_month, shut_share, shut_spell_h : (n_shut,) int8, float64, float64
        Month 1 to 12, share of it that is closed, mean spell: drawn as an alternating renewal process of exponential
        open and closed spells.
    shut_key : tuple of str
        Name of the place whose weather it is (one per row): rows with equal keys share one draw, so that all lines of
        a port are shut together.
    fixed_first : (n_resource + 1,) int32
        Rows of ``fixed_*`` of each resource.
    fixed_start_h, fixed_end_h : (n_fixed,) float64
        Closures known beforehand: opening hours, holidays, works.
    """

    family: ByteArray
    spread_factor: FloatArray
    least_factor: FloatArray
    shut_first: IntArray
    shut_month: ByteArray
    shut_share: FloatArray
    shut_spell_h: FloatArray
    shut_key: tuple[str, ...]
    fixed_first: IntArray
    fixed_start_h: FloatArray
    fixed_end_h: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Flows:
    """Who moves: one flow per origin, destination, market and route.

    Attributes
    ----------
    flow_ids : tuple of str
        Unique names that seed the release times, such as ``xian>poti|boxes|3``.
    origin_ids, destination_ids, market_ids, segment_ids : tuple of str
        Zones, market (or segment), segment.
    corridor_ids : tuple of str
        Corridor of the route.
    is_probe : (n_flow,) bool
        True for consignments that are sent to be watched and stand for no demand.
    lot_t : (n_flow,) float64
        Cargo of one consignment [t]; 0 for what is on the lines besides the demand: local cargo and what comes back
        empty (markets ``background`` and ``returns``).
    rate_d : (n_flow,) float64
        Consignments a day, mean.
    is_regular : (n_flow,) bool
        Released at even intervals (from a drawn first moment) instead of at random.
    value_usd_t, value_of_time_usd_t_h : (n_flow,) float64
        Of the cargo; NaN where it is not known.
    """

    flow_ids: tuple[str, ...]
    origin_ids: tuple[str, ...]
    destination_ids: tuple[str, ...]
    market_ids: tuple[str, ...]
    segment_ids: tuple[str, ...]
    corridor_ids: tuple[str, ...]
    is_probe: np.ndarray
    lot_t: FloatArray
    rate_d: FloatArray
    is_regular: np.ndarray
    value_usd_t: FloatArray
    value_of_time_usd_t_h: FloatArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """Ready to be drawn and run.

    Attributes
    ----------
    system : System
        Resources, lines, stages.
    flows : Flows
        Position ``f`` is flow ``f`` of the system.
    chances : Chances
        How its streams are drawn.
    start : datetime64[h]
        Hour 0 of the run, Coordinated Universal Time.
    horizon_h : float
        Releases happen in ``[0, horizon_h)``; the run ends ``drain_h`` later.
    drain_h : float
        Time given to those still under way.
    stage_activity : (n_stage,) int8
        ``Activity``.
    stage_place : (n_stage,) int32
        Position of the node where it happens, or where it begins, in ``node_ids``.
    stage_arc : (n_stage,) int32
        Arc of the graph; -1 for stages that no arc stands for.
    stage_length_km, stage_cost_usd : (n_stage,) float64
        Way and money of the stage, for one consignment; NaN where not known.
    node_ids : tuple of str
        Names of places.
    resource_names : tuple of str
        Names of resources for people.
    notes : tuple of str
        What was assumed, left out or could not be simulated, one sentence each.
    """

    system: System
    flows: Flows
    chances: Chances
    start: np.datetime64
    horizon_h: float
    drain_h: float
    stage_activity: ByteArray
    stage_place: IntArray
    stage_arc: IntArray
    stage_length_km: FloatArray
    stage_cost_usd: FloatArray
    node_ids: tuple[str, ...]
    resource_names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)
