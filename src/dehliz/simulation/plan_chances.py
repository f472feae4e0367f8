"""Which distribution a time has: from the table ``duration``, and from a row's own spread where it has one.

Used by the other ``plan_*.py`` files. What has neither family nor spread is fixed, and is told in the notes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dehliz.base.rows import each_row
from dehliz.network.network import Network
from dehliz.network.resource_rules import say_activity
from dehliz.simulation.plan import Family


@dataclass(frozen=True, slots=True)
class Chance:
    """Distribution of a stream: family, standard deviation over mean, part of the mean that always passes."""

    family: Family = Family.FIXED
    spread_factor: float = 0.0
    least_factor: float = 0.0


CERTAIN = Chance()
"""Always the mean."""


class Durations:
    """Finds the distribution of an activity, and remembers what had none."""

    def __init__(self, network: Network) -> None:
        self._rows = sorted(each_row(network.duration), key=_by_detail)
        self._found: dict[tuple[str, str, str], Any] = {}
        self.without_family: set[str] = set()
        self.without_spread: set[str] = set()

    def find(self, activity: str, medium: str, kind: str, own_factor: float = np.nan) -> Chance:
        """Distribution of a time.

        Parameters
        ----------
        activity : str
            As in the table ``duration``: move, crossing, handle, wait or turn.
        medium, kind : str
            Medium of the mode, kind of the terminal; empty where there is none.
        own_factor : float
            Standard deviation over mean that the row of the network gives; NaN where it gives none.

        Returns
        -------
        Chance
            The most detailed row that applies gives family and least part, and the spread unless there is an own one.
            A spread without a family is a gamma distribution; without spread the time is fixed.
        """
        row = self._find_row(activity, medium, kind)
        what = say_activity(activity, medium, kind)
        if row is None and not own_factor > 0.0:
            if np.isnan(own_factor):
                self.without_spread.add(what)
            return CERTAIN
        if row is None:
            self.without_family.add(what)
            return Chance(Family.GAMMA, own_factor)
        family = Family[str(row.family).upper()]
        spread = float(row.spread_factor) if np.isnan(own_factor) else own_factor
        if family is Family.EXPONENTIAL:
            spread = 1.0 - _or_zero(row.least_factor)
        if np.isnan(spread):
            if family is not Family.FIXED:
                self.without_spread.add(what)
            return CERTAIN
        if family is Family.FIXED or spread == 0.0:
            return CERTAIN
        return Chance(family, spread, _or_zero(row.least_factor))

    def _find_row(self, activity: str, medium: str, kind: str) -> Any:
        key = (activity, medium, kind)
        if key not in self._found:
            fits = (row for row in self._rows if _applies(row, *key))
            self._found[key] = next(fits, None)
        return self._found[key]

    def notes(self) -> list[str]:
        """What was taken for granted."""
        found = []
        if self.without_spread:
            found.append(f"No spread is known for: {_list(self.without_spread)}; these times are fixed.")
        if self.without_family:
            found.append(
                "The table duration has no row for: "
                f"{_list(self.without_family)}; a gamma distribution of the rows' own spread is taken."
            )
        return found


def _applies(row: Any, activity: str, medium: str, kind: str) -> bool:
    media, kinds = _words(row.media), _words(row.terminal_kinds)
    return row.activity == activity and (not media or medium in media) and (not kinds or kind in kinds)


def _by_detail(row: Any) -> tuple[bool, bool, str]:
    """Rows that say more come first."""
    return (not _words(row.terminal_kinds), not _words(row.media), str(row.duration_id))


def _words(cell: str) -> list[str]:
    return [word for word in str(cell).split(";") if word]


def _or_zero(value: float) -> float:
    return 0.0 if np.isnan(value) else float(value)


def _list(words: set[str]) -> str:
    return ", ".join(sorted(words))
