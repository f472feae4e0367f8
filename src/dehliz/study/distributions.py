"""Distributions of uncertain numbers: how they are written in a study, what is wrong with one, and their quantiles.

Every draw is the quantile of a number between 0 and 1 that ``study/designs.py`` chooses, so that any design gives any
distribution. The standard normal quantile is that of Python's ``statistics`` (Wichura, 1988, Algorithm AS 241, Applied
Statistics 37, 477-484).
"""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, Final, NamedTuple

_NORMAL: Final = NormalDist()
_LEAST_MASS: Final = 1e-9
"""A truncation that leaves less probability than this leaves nothing to draw from."""
_EDGE: Final = 2.0**-53
"""Distance that is kept from 0 and 1, where quantiles may be infinite."""


class Form(NamedTuple):
    """Keys of a distribution: those that it needs, and those that it may have."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


CUTS: Final = ("at_least", "at_most")

FORMS: Final[dict[str, Form]] = {
    "uniform": Form(("low", "high")),
    "triangular": Form(("low", "mode", "high")),
    "normal": Form(("mean", "sd"), CUTS),
    "lognormal": Form(("median", "log_sd"), CUTS),
    "loguniform": Form(("low", "high")),
    "discrete": Form(("values",), ("weights",)),
}
"""Name of a distribution -> its keys. ``log_sd`` is the standard deviation of the natural logarithm."""


def find_faults(form: str, parameters: Mapping[str, Any]) -> list[str]:
    """What is wrong with a distribution whose keys are known and complete; nothing when it can be drawn from.

    Parameters
    ----------
    form : str
        One of ``FORMS``.
    parameters : mapping of str to number or list
        Its keys.
    """
    if form == "discrete":
        return _check_discrete(parameters)
    faults = [
        f"{key} is {value!r}, and a finite number is needed"
        for key, value in parameters.items()
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value)
    ]
    return faults or _check_order(form, parameters) or _check_cut(form, parameters)


def _check_discrete(parameters: Mapping[str, Any]) -> list[str]:
    values, weights = parameters["values"], parameters.get("weights")
    for key, numbers in (("values", values), ("weights", weights if weights is not None else [1.0])):
        if not _are_numbers(numbers):
            return [f"{key} must be a list of finite numbers, at least one"]
    if weights is not None and len(weights) != len(values):
        return [f"there are {len(values)} values and {len(weights)} weights, and each value needs its weight"]
    if weights is not None and (min(weights) < 0.0 or sum(weights) <= 0.0):
        return ["weights must be 0 or more, and one of them more"]
    return []


def _are_numbers(numbers: Any) -> bool:
    return (
        isinstance(numbers, list | tuple)
        and len(numbers) > 0
        and all(
            isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
            for one in numbers
        )
    )


def _check_order(form: str, given: Mapping[str, float]) -> list[str]:
    faults = []
    if "low" in given and given["low"] >= given["high"]:
        faults.append(f"low {given['low']:g} is not below high {given['high']:g}")
    if form == "loguniform" and given["low"] <= 0.0:
        faults.append(f"low is {given['low']:g}, and a number above 0 is needed")
    if form == "triangular" and not given["low"] <= given["mode"] <= given["high"]:
        faults.append(
            f"mode {given['mode']:g} is not between low {given['low']:g} and high {given['high']:g}"
        )
    faults += [
        f"{key} is {given[key]:g}, and a number above 0 is needed"
        for key in ("sd", "log_sd", "median")
        if key in given and given[key] <= 0.0
    ]
    return faults


def _check_cut(form: str, given: Mapping[str, float]) -> list[str]:
    if not any(key in given for key in CUTS):
        return []
    least, most = given.get("at_least", -math.inf), given.get("at_most", math.inf)
    if least >= most:
        return [f"at_least {least:g} is not below at_most {most:g}"]
    low, high = _find_cut(form, given)
    if _measure(low, high) < _LEAST_MASS:
        return ["between at_least and at_most there is next to no probability"]
    return []


def find_quantile(form: str, parameters: Mapping[str, Any], at_share: float) -> float:
    """The value below which a draw falls with a probability.

    Parameters
    ----------
    form : str
        One of ``FORMS``.
    parameters : mapping of str to number or list
        Its keys, without faults.
    at_share : float
        The probability.

    Examples
    --------
    >>> find_quantile("uniform", {"low": 2.0, "high": 4.0}, 0.25)
    2.5
    """
    share = min(max(at_share, _EDGE), 1.0 - _EDGE)
    if form == "uniform":
        return float(parameters["low"] + share * (parameters["high"] - parameters["low"]))
    if form == "loguniform":
        low, high = math.log(parameters["low"]), math.log(parameters["high"])
        return math.exp(low + share * (high - low))
    if form == "triangular":
        return _draw_triangular(parameters["low"], parameters["mode"], parameters["high"], share)
    if form == "discrete":
        return _draw_discrete(parameters["values"], parameters.get("weights"), share)
    low, high = _find_cut(form, parameters)
    deviate = _draw_normal(low, high, share)
    if form == "normal":
        value = parameters["mean"] + parameters["sd"] * deviate
    else:
        value = parameters["median"] * math.exp(parameters["log_sd"] * deviate)
    return float(min(max(value, parameters.get("at_least", -math.inf)), parameters.get("at_most", math.inf)))


def _draw_triangular(low: float, mode: float, high: float, share: float) -> float:
    # Kotz and van Dorp, 2004, Beyond Beta, section 1.1: both halves of the quantile function.
    turn = (mode - low) / (high - low)
    if share < turn:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - share) * (high - low) * (high - mode))


def _draw_discrete(values: list[float], weights: list[float] | None, share: float) -> float:
    weight = [1.0] * len(values) if weights is None else weights
    reached, aim, last = 0.0, share * math.fsum(weight), 0
    for number, part in enumerate(weight):
        if part <= 0.0:
            continue
        reached, last = reached + part, number
        if aim < reached:
            break
    return float(values[last])


def _find_cut(form: str, given: Mapping[str, float]) -> tuple[float, float]:
    """Bounds of the standard normal that the cuts leave."""
    least, most = given.get("at_least", -math.inf), given.get("at_most", math.inf)
    if form == "normal":
        return (least - given["mean"]) / given["sd"], (most - given["mean"]) / given["sd"]
    middle = math.log(given["median"])
    low = (math.log(least) - middle) / given["log_sd"] if least > 0.0 else -math.inf
    high = (math.log(most) - middle) / given["log_sd"] if most > 0.0 else -math.inf
    return low, high


def _reach(deviate: float) -> float:
    """Standard normal distribution function, exact in the lower tail."""
    return 0.5 * math.erfc(-deviate / math.sqrt(2.0))


def _measure(low: float, high: float) -> float:
    return _reach(high) - _reach(low) if low < 0.0 else _reach(-low) - _reach(-high)


def _draw_normal(low: float, high: float, share: float) -> float:
    if low > 0.0:  # in the upper tail differences would vanish: draw from the mirror
        return -_draw_normal(-high, -low, 1.0 - share)
    below, above = _reach(low), _reach(high)
    reached = below + share * (above - below)
    return _NORMAL.inv_cdf(min(max(reached, 5e-324), 1.0 - _EDGE))
