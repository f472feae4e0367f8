"""Computes numbers from facts by short formulas, so that each derived number can be computed again.

A formula is plain arithmetic (``+ - * /`` and brackets) over numbers and identifiers of facts, such as
``titr_volumes-0069 * 1.2``; a fact stands for its ``value_mean``. ``demand.py`` and ``demand_capacity.py`` use it.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Final

FACT_ID: Final = re.compile(r"[a-z][a-z_]*-\d{4}(?:\.[a-z_]+)?")
_OPERATION: Final[dict[type, Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def list_facts(formula: str) -> tuple[str, ...]:
    """Facts that a formula names, each once, in order."""
    return tuple(dict.fromkeys(FACT_ID.findall(formula)))


def evaluate(formula: str, means: Mapping[str, float]) -> float:
    """The number that a formula gives.

    Parameters
    ----------
    formula : str
        Arithmetic over numbers and identifiers of facts.
    means : mapping of str to float
        Number of each fact.

    Raises
    ------
    ValueError
        When a fact does not exist or has no number, or the text is not plain arithmetic.

    Examples
    --------
    >>> evaluate("2 * (trade-0001 - 1)", {"trade-0001": 3.5})
    5.0
    """
    for fact_id in list_facts(formula):
        if math.isnan(means.get(fact_id, math.nan)):
            raise ValueError(f"formula '{formula}': no fact '{fact_id}' with a number")
    plain = FACT_ID.sub(lambda match: repr(means[match[0]]), formula)
    try:
        return _walk(ast.parse(plain, mode="eval").body)
    except (SyntaxError, KeyError, ZeroDivisionError) as error:
        raise ValueError(f"formula '{formula}' is not plain arithmetic: {error}") from error


def _walk(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return _OPERATION[type(node.op)](_walk(node.left), _walk(node.right))
    raise SyntaxError(ast.dump(node))
