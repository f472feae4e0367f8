"""All rules that need domain sense, run in one pass over the typed tables.

Generic column rules come before (``base/check.py``). The rules stand in ``place_rules.py``, ``movement_rules.py``,
``money_rules.py``, ``operation_rules.py`` and ``resource_rules.py``; ``RULES`` gives the words of each for the
reference page.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from dehliz.base.errors import Issue
from dehliz.base.schema import list_tables, read_spec
from dehliz.base.sheet import Rule, Sheet
from dehliz.network import money_rules, movement_rules, operation_rules, place_rules, resource_rules

CHECKS: Final = (
    *movement_rules.CHECKS,
    *place_rules.CHECKS,
    *money_rules.CHECKS,
    *operation_rules.CHECKS,
    *resource_rules.CHECKS,
)
RULES: Final[dict[str, Rule]] = {check.rule.name: check.rule for check in CHECKS}
"""Rule name -> what is needed and what to do, for ``docs/reference/rules.md``."""


def check_rules(sheets: Mapping[str, Sheet], issues: Sequence[Issue] = ()) -> list[Issue]:
    """Everything that breaks a rule with domain sense.

    Parameters
    ----------
    sheets : mapping of str to Sheet
        Typed tables by name, all of a network.
    issues : sequence of Issue
        What the generic rules found; rules that would only repeat it are left out.

    Returns
    -------
    list of Issue
        In the order of ``RULES``.
    """
    unsound = {issue.rule.partition(".")[0] for issue in issues if _is_unsound(issue)}
    lost = {issue.rule.partition(".")[0] for issue in issues if is_lost(issue)}
    is_table_missing = not unsound <= set(sheets)
    tables = {name: sheet.frame for name, sheet in sheets.items()}
    found: list[Issue] = []
    for check in CHECKS:
        if check.table in lost or not unsound.isdisjoint(check.needs) or (check.needs and is_table_missing):
            continue
        found += sheets[check.table].find(check.rule, check.column, check.find(tables))
    return found


def is_lost(issue: Issue) -> bool:
    """Whether a fault means that rows of a table could not be read at all."""
    table, _, rest = issue.rule.partition(".")
    column, _, what = rest.partition(".")
    if column in ("file", "table"):
        return True
    return what == "present" and not issue.ids and table in list_tables() and column in read_spec(table).key


def _is_unsound(issue: Issue) -> bool:
    """Whether a fault concerns ids or words of a table, on which rules about other tables rely."""
    table, _, rest = issue.rule.partition(".")
    column = rest.partition(".")[0]
    if column in ("file", "table") or table not in list_tables():
        return True
    spec = read_spec(table)
    return column not in spec.column_names or spec.column(column).type in ("id", "ids", "enum", "bool")
