"""``draw_replication``: everything random of one replication, before anything runs.

Each stream, flow and place has its own generator, seeded by the study's seed, the number of the replication and its
name: adding a resource, a ship or a flow changes no other's draws, so that two plans are compared on common random
numbers (Glasserman and Yao, 1992, Management Science 38, 884-908). The file before is ``simulation/plan.py``; the next
``simulation/run.py``.
"""

import hashlib
import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from dehliz.graph.graph import FloatArray
from dehliz.simulation.closures import Spans, draw_weather, join_spans
from dehliz.simulation.plan import Chances, Family, Plan
from dehliz.simulation.settings import SimulationSettings
from dehliz.simulation.system import Draws, LongArray, ResourceKind

HOURS_PER_DAY = 24.0
BLOCK_COUNT = 64
"""Streams are drawn in whole blocks, so that a little more traffic does not lengthen them."""
MARGIN_SIGMA = 6.0
"""Draws beyond the expected number, in standard deviations of a Poisson number."""


def make_generator(seed: int, replication: int, name: str) -> np.random.Generator:
    """The generator of one stream, flow or place: the same for the same three, and independent of all others."""
    digest = hashlib.sha256(name.encode()).digest()
    words = np.frombuffer(digest, dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, replication, *words.tolist()])))


def draw_replication(plan: Plan, settings: SimulationSettings, number: int) -> Draws:
    """Draw one replication of a plan.

    Parameters
    ----------
    plan : Plan
        Flows, streams and closures.
    settings : SimulationSettings
        Gives the seed.
    number : int
        Number of the replication, from 0 on.

    Returns
    -------
    Draws

    Notes
    -----
    A stream has as many draws as its visits are expected to be, plus six standard deviations; the k-th draw is the same
    however many there are.
    """
    flow, release_h = _draw_releases(plan, settings.seed, number)
    first_draw, factor = _draw_factors(plan, settings.seed, number)
    end_h = plan.horizon_h + plan.drain_h
    spans = _draw_closures(plan, settings.seed, number, end_h)
    first_closure = np.cumsum([0, *map(len, spans)]).astype(np.int32)
    edges = np.array([edge for one in spans for edge in one], dtype=np.float64).reshape(-1, 2)
    return Draws(
        flow=flow,
        release_h=release_h,
        first_draw=first_draw,
        factor=factor,
        first_closure=first_closure,
        closure_start_h=np.ascontiguousarray(edges[:, 0]),
        closure_end_h=np.ascontiguousarray(edges[:, 1]),
        end_h=end_h,
    )


def _draw_releases(plan: Plan, seed: int, number: int) -> tuple[np.ndarray, FloatArray]:
    """Flow and time of each consignment, in order of time, then of flow."""
    flows, times = plan.flows, []
    for flow, flow_id in enumerate(flows.flow_ids):
        gap_h = HOURS_PER_DAY / flows.rate_d[flow] if flows.rate_d[flow] > 0.0 else math.inf
        rng = make_generator(seed, number, f"flow:{flow_id}")
        draw = _release_evenly if flows.is_regular[flow] else _release_at_random
        times.append(draw(rng, gap_h, plan.horizon_h))
    release_h = np.concatenate([np.empty(0), *times])
    of_flow = np.repeat(np.arange(len(times), dtype=np.int32), [len(one) for one in times])
    order = np.argsort(release_h, kind="stable")
    return of_flow[order], release_h[order]


def _release_evenly(rng: np.random.Generator, gap_h: float, horizon_h: float) -> FloatArray:
    if gap_h == math.inf:
        return np.empty(0)
    times = np.arange(rng.random() * gap_h, horizon_h, gap_h)
    return times[times < horizon_h]


def _release_at_random(rng: np.random.Generator, gap_h: float, horizon_h: float) -> FloatArray:
    """A Poisson process: sums of exponential gaps, whose number of draws has no effect on their values."""
    if gap_h == math.inf:
        return np.empty(0)
    mean = horizon_h / gap_h
    gaps = rng.standard_exponential(_with_margin(mean))
    times = np.cumsum(gaps) * gap_h
    while times[-1] < horizon_h:
        gaps = np.concatenate((gaps, rng.standard_exponential(len(gaps))))
        times = np.cumsum(gaps) * gap_h
    return times[: np.searchsorted(times, horizon_h)]


def _with_margin(mean: float) -> int:
    count = mean + MARGIN_SIGMA * math.sqrt(mean) + 1.0
    return math.ceil(count / BLOCK_COUNT) * BLOCK_COUNT


def count_visits(plan: Plan) -> FloatArray:
    """Expected draws of each stream in one replication, (n_stream,) float64; detours are not counted."""
    system, flows = plan.system, plan.flows
    through = np.zeros(system.n_stage)
    expected = flows.rate_d * plan.horizon_h / HOURS_PER_DAY
    stage = system.entry_stage.copy()
    moving = np.arange(system.n_flow)
    while len(moving):
        np.add.at(through, stage, expected[moving])
        stage = system.stage_next[stage]
        goes_on = stage >= 0
        stage, moving = stage[goes_on], moving[goes_on]
    visits = np.bincount(system.stage_resource, weights=through, minlength=system.n_resource).astype(
        np.float64
    )
    turns = np.array([visits[pair].sum() for pair in system.lines.resource])
    return np.concatenate((visits, turns)) if system.n_line else visits


def _draw_factors(plan: Plan, seed: int, number: int) -> tuple[LongArray, FloatArray]:
    system, chances = plan.system, plan.chances
    visits = count_visits(plan)
    is_drawn = (chances.family != Family.FIXED) & (visits > 0.0)
    is_drawn[: system.n_resource] &= system.kind != ResourceKind.TAKE
    counts = np.array([_with_margin(float(visit)) for visit in visits], dtype=np.int64) * is_drawn
    first = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=first[1:])
    factor = np.empty(int(first[-1]))
    names = (*system.resource_ids, *(f"turn:{one}" for one in system.lines.line_ids))
    for stream in np.flatnonzero(is_drawn).tolist():
        rng = make_generator(seed, number, f"stream:{names[stream]}")
        draw_factors(rng, chances, stream, factor[first[stream] : first[stream + 1]])
    return first, factor


def draw_factors(rng: np.random.Generator, chances: Chances, stream: int, out: FloatArray) -> None:
    """Fill an array with draws of mean 1 from the distribution of a stream.

    Parameters
    ----------
    rng : Generator
        Of the stream.
    chances : Chances
        Gives family, spread and least part.
    stream : int
        Which.
    out : (n,) float64
        Written.

    Notes
    -----
    ``least + (1 - least) x``, where x has mean 1 and the coefficient of variation ``spread / (1 - least)``: gamma with
    shape 1/cv^2; lognormal with variance log(1 + cv^2); Weibull with the shape that has this cv; exponential, whose cv
    is 1 whatever the spread. A family without spread is fixed.
    """
    least = float(chances.least_factor[stream])
    family = int(chances.family[stream])
    cv = 1.0 if family == Family.EXPONENTIAL else float(chances.spread_factor[stream]) / (1.0 - least)
    if family == Family.FIXED or cv == 0.0:
        out[:] = 1.0
        return
    if family == Family.GAMMA:
        shape = 1.0 / cv**2
        rng.standard_gamma(shape, out=out)
        out /= shape
    elif family == Family.LOGNORMAL:
        variance = math.log1p(cv**2)
        rng.standard_normal(out=out)
        out *= math.sqrt(variance)
        out -= 0.5 * variance
        np.exp(out, out=out)
    else:
        shape = 1.0 if family == Family.EXPONENTIAL else find_weibull_shape(cv)
        rng.standard_exponential(out=out)
        if shape != 1.0:
            np.power(out, 1.0 / shape, out=out)
            out /= math.gamma(1.0 + 1.0 / shape)
    if least > 0.0:
        out *= 1.0 - least
        out += least


@lru_cache(maxsize=256)
def find_weibull_shape(cv: float) -> float:
    """Shape of the Weibull distribution with a coefficient of variation, by bisection on ``log`` of the shape.

    Parameters
    ----------
    cv : float
        Standard deviation over mean, above 0.

    Raises
    ------
    ValueError
        Never for spreads that the tables allow (0 to 10).
    """
    low, high = math.log(0.1), math.log(1000.0)
    for _ in range(200):
        middle = 0.5 * (low + high)
        shape = math.exp(middle)
        log_ratio = math.lgamma(1.0 + 2.0 / shape) - 2.0 * math.lgamma(1.0 + 1.0 / shape)
        if math.expm1(log_ratio) > cv**2:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))


def _draw_closures(plan: Plan, seed: int, number: int, end_h: float) -> list[Spans]:
    """Closures of each resource: weather, one draw per place, and what is fixed."""
    chances = plan.chances
    at_place: dict[str, dict[int, tuple[float, float]]] = {}
    for row, key in enumerate(chances.shut_key):
        month = int(chances.shut_month[row])
        at_place.setdefault(key, {})[month] = (
            float(chances.shut_share[row]),
            float(chances.shut_spell_h[row]),
        )
    weather = {
        key: draw_weather(_at_place(seed, number, key), months, plan.start, end_h)
        for key, months in at_place.items()
    }
    found = []
    for resource in range(plan.system.n_resource):
        first, last = chances.shut_first[resource : resource + 2].tolist()
        spans = [span for key in dict.fromkeys(chances.shut_key[first:last]) for span in weather[key]]
        first, last = chances.fixed_first[resource : resource + 2].tolist()
        starts, ends = chances.fixed_start_h[first:last].tolist(), chances.fixed_end_h[first:last].tolist()
        spans += zip(starts, ends, strict=True)
        found.append(join_spans(spans) if spans else spans)
    return found


def _at_place(seed: int, number: int, key: str) -> Callable[[int], np.random.Generator]:
    """Generators of a place by month."""
    return lambda step: make_generator(seed, number, f"place:{key}|{step}")
