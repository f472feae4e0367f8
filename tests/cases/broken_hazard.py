"""Tables of hazards that cannot be used: (folder name, what is wrong, edits of the rows of tests.unit.disruption)."""

from tests.cases.edits import Edit, raw
from tests.unit.disruption.hazard_tables import ALL, BORDER, HEADER, NARROWS, STORM, WORKS


def _with(row: str, *changes: tuple[str, str]) -> Edit:
    """The table with one row changed, or with more rows when the change holds a line feed."""
    changed = row
    for old, new in changes:
        assert old in changed, old
        changed = changed.replace(old, new)
    lines = [HEADER, *(changed if one == row else one for one in ALL)]
    return raw("hazard.csv", ("\n".join(lines) + "\n").encode("utf-8"))


HAZARD: list[tuple[str, str, Edit]] = [
    ("hazard.targets.form", "a target of no kind", _with(STORM, (",quay,", ",quay;port:quay;a:b:c,"))),
    ("hazard.is_closed.effect", "a hazard that does nothing", _with(NARROWS, (",true,", ",false,"))),
    ("hazard.is_closed.alone", "half the capacity of what is closed", _with(WORKS, (",false,", ",true,"))),
    ("hazard.rate_per_a.range", "a rate below its range", _with(STORM, (",6,2,9,", ",6,7,9,"))),
    ("hazard.first_month.season", "a season without an end", _with(STORM, (",11,2,", ",11,,"))),
    (
        "hazard.duration_spread_d.form",
        "a lognormal without a spread",
        _with(BORDER, ("lognormal,14", "lognormal,")),
    ),
    ("hazard.duration_spread_d.fixed", "a fixed length that varies", _with(NARROWS, ("fixed,", "fixed,3"))),
    ("hazard.to_year.order", "years the wrong way round", _with(WORKS, ("2024,2030", "2031,2030"))),
    ("hazard.country_id.instability", "instability of nowhere", _with(BORDER, (",XB,border", ",,border"))),
    (
        "hazard.country_id.instability.twice",
        "two rates for one country",
        _with(BORDER, (BORDER, f"{BORDER}\n{BORDER.replace('border,', 'again,', 1)}")),
    ),
    ("hazard.kind.choice", "a kind misspelt", _with(STORM, (",storm,,", ",strom,,"))),
    ("hazard.country_id.refers", "a country that is not there", _with(BORDER, (",XB,border", ",XQ,border"))),
    ("hazard.capacity_factor.bounds", "a capacity in percent", _with(WORKS, (",0.5,", ",50,"))),
    ("hazard.rate_per_a.type", "a rate in words", _with(STORM, (",6,2,9,", ",often,2,9,"))),
    ("hazard.duration_d.present", "no length", _with(NARROWS, (",20,fixed", ",,fixed"))),
    ("hazard.file.exists", "no table at all", lambda files: None),
]
