"""What was asked about hours: a moment or its week, and whether there is a network of that year.

The command line reads the words; ``routing/timetable.py`` and ``routing/timetable_week.py`` answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dehliz.base.errors import Issue, SettingsError
from dehliz.network.scenario_year import FIRST_YEAR, LAST_YEAR

DATE_YEARS = (1900, 2100)
"""First and last year of a date, whatever the year of the network."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about hours.

    Attributes
    ----------
    moment : datetime or None
        When cargo is ready.
    is_week : bool
        Whether all hours of a week are wanted.
    year : int or None
        Year of the network, where it was given.
    """

    moment: datetime | None
    is_week: bool
    year: int | None

    def check(self, via: Sequence[str]) -> datetime:
        """The moment, when the options fit together.

        Raises
        ------
        SettingsError
            With all that does not fit.
        """
        issues = []
        if self.moment is None:
            issues.append(Issue(
                "question.depart.moment", "option --week", (), "there is no --depart", "A week begins with a moment",
                "Add --depart with its first hour, such as 2025-11-03T00:00",
            ))  # fmt: skip
        else:
            issues += _check_year(self.moment, self.year)
        if self.is_week and via:
            issues.append(Issue(
                "question.depart.via", "option --week", (), f"--via {','.join(via)} was given as well",
                "A week is searched without gateways", "Leave out --via, or ask for one moment without --week",
            ))  # fmt: skip
        if self.moment is None or issues:
            raise SettingsError("The hours asked for are not clear", issues)
        return self.moment

    @property
    def network_year(self) -> int | None:
        """Year of the network: the one given, else that of the moment."""
        return self.moment.year if self.year is None and self.moment is not None else self.year


def _check_year(moment: datetime, year: int | None) -> list[Issue]:
    day = moment.date().isoformat()
    if year is not None and not DATE_YEARS[0] <= moment.year <= DATE_YEARS[1]:
        issue = Issue(
            "question.depart.date", "option --depart", (), f"{day} was given",
            f"Dates are from {DATE_YEARS[0]} to {DATE_YEARS[1]}", "Choose a date in these years",
        )  # fmt: skip
        return [issue]
    if year is not None or FIRST_YEAR <= moment.year <= LAST_YEAR:
        return []
    issue = Issue(
        "question.depart.year", "option --depart", (),
        f"{day} was given, and there is no network of {moment.year}",
        f"The network of the year of departure is taken, {FIRST_YEAR} to {LAST_YEAR}",
        "Choose a date in these years, or add --year with the year of the network",
    )  # fmt: skip
    return [issue]
