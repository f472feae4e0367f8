"""Growing programmes against optima worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from dehliz.solver.highs import GrowingProgram, Sparse

INF = np.inf


def row(*pairs: tuple[int, float]) -> Sparse:
    """One line of a matrix."""
    index, value = zip(*pairs, strict=True)
    return Sparse(np.array([0, len(pairs)], np.int32), np.array(index, np.int32), np.array(value, float))


def two_crops() -> GrowingProgram:
    """Minimise -3x - 5y with x <= 4, 2y <= 12, 3x + 2y <= 18: x = 2, y = 6, duals 0, -1.5, -1."""
    program = GrowingProgram()
    program.add_columns(np.array([-3.0, -5.0]), np.zeros(2), np.full(2, INF))
    entries = Sparse(
        np.array([0, 1, 2, 4], np.int32), np.array([0, 1, 0, 1], np.int32), np.array([1.0, 2.0, 3.0, 2.0])
    )
    program.add_rows(np.full(3, -INF), np.array([4.0, 12.0, 18.0]), entries)
    return program


@pytest.mark.parametrize("simplex", ["dual", "primal"])
def test_optimum_and_duals(simplex: str) -> None:
    program = two_crops()
    found = program.solve(simplex)  # type: ignore[arg-type]
    assert found.outcome == "optimal"
    assert found.objective == pytest.approx(-36.0, rel=1e-12)
    assert program.prove(found) == pytest.approx((-36.0, 0.0), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(found.value, [2.0, 6.0], rtol=1e-12)
    np.testing.assert_allclose(found.dual, [0.0, -1.5, -1.0], atol=1e-12)
    np.testing.assert_allclose(found.reduced_cost, [0.0, 0.0], atol=1e-12)


def test_a_column_comes_in() -> None:
    program = two_crops()
    program.solve()
    program.add_columns(np.array([-4.0]), np.zeros(1), np.full(1, INF), row((2, 1.0)))
    found = program.solve("primal")  # z takes the third row at 4 a unit instead of 1
    assert program.column_count == 3
    assert found.objective == pytest.approx(-72.0)
    np.testing.assert_allclose(found.value, [0.0, 0.0, 18.0], atol=1e-12)


def test_a_row_comes_in() -> None:
    program = two_crops()
    program.solve()
    program.add_rows(np.array([-INF]), np.array([5.0]), row((0, 1.0), (1, 1.0)))
    found = program.solve("dual")
    assert program.row_count == 4
    assert found.objective == pytest.approx(-25.0)
    np.testing.assert_allclose(found.value, [0.0, 5.0], atol=1e-12)


def test_hot_start_needs_no_work_when_nothing_changes() -> None:
    program = two_crops()
    assert program.solve().iteration_count > 0
    assert program.solve().iteration_count == 0


def test_costs_and_bounds_change() -> None:
    program = two_crops()
    program.set_costs(np.array([1], np.int32), np.array([5.0]))
    assert program.solve().objective == pytest.approx(-12.0)
    program.set_column_bounds(np.array([0], np.int32), np.array([0.0]), np.array([1.0]))
    assert program.solve().objective == pytest.approx(-3.0)


def test_columns_leave() -> None:
    program = two_crops()
    program.solve()
    program.drop_columns(np.array([0], np.int32))
    assert program.column_count == 1
    assert program.solve().objective == pytest.approx(-30.0)


def test_bound_is_that_of_the_dual_solution() -> None:
    """A lower bound on a column, an upper bound on another, an equality: all have their part in it."""
    program = GrowingProgram()
    program.add_columns(np.array([2.0, 1.0, 7.0]), np.array([1.0, 0.0, 0.0]), np.array([INF, 3.0, INF]))
    program.add_rows(
        np.array([8.0]),
        np.array([8.0]),
        Sparse(np.array([0, 3], np.int32), np.array([0, 1, 2], np.int32), np.ones(3)),
    )
    found = program.solve()
    assert found.objective == pytest.approx(13.0)
    assert program.prove(found)[0] == pytest.approx(13.0)
    wrong = replace(found, dual=found.dual + 0.5, reduced_cost=found.reduced_cost - 0.5)
    assert program.prove(wrong)[0] < 13.0


def test_no_solution_is_an_outcome() -> None:
    program = two_crops()
    program.add_rows(np.array([50.0]), np.array([INF]), row((0, 1.0), (1, 1.0)))
    found = program.solve()
    assert found.outcome == "infeasible"


def test_no_end_is_an_outcome() -> None:
    program = GrowingProgram()
    program.add_columns(np.array([-1.0]), np.zeros(1), np.full(1, INF))
    program.add_rows(np.array([0.0]), np.array([INF]), row((0, 1.0)))
    assert program.solve("primal").outcome in ("unbounded", "infeasible")


def test_nothing_at_all() -> None:
    found = GrowingProgram().solve()
    assert found.outcome == "optimal"
    assert found.objective == 0.0


def test_same_bytes_again() -> None:
    rng = np.random.default_rng(3)
    count = 40
    cost, need = rng.random(count), rng.random(15)
    matrix = rng.random((15, count)) * (rng.random((15, count)) < 0.4) + np.eye(15, count)
    answers = []
    for _ in range(2):
        program = GrowingProgram()
        program.add_columns(cost, np.zeros(count), np.full(count, INF))
        first = np.arange(0, 15 * count + 1, count, dtype=np.int32)
        each = np.tile(np.arange(count, dtype=np.int32), 15)
        program.add_rows(need, np.full(15, INF), Sparse(first, each, matrix.ravel()))
        answers.append(program.solve())
    assert answers[0].value.tobytes() == answers[1].value.tobytes()
    assert answers[0].dual.tobytes() == answers[1].dual.tobytes()
