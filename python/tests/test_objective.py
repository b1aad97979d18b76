"""Objectives that are Python functions."""

from __future__ import annotations

import traceback
from typing import Any

import numpy as np
import pytest
from conftest import bits

import flatland
from flatland import Experiment, FieldError, Objective, ObjectiveError, spec

#: Policies with each of the ways to ask: constants, gradients elsewhere, values, λ₁ and products.
POLICIES = [
    spec("constant", eta=0.9),
    "polyak",
    "nonmonotone-line-search",
    "armijo",
    "sharpness",
    "cdat",
    "heavy-ball",
    "sam",
    "barzilai-borwein",
]


def double_well(**changes: Any) -> Objective:
    """f(x) = (x² − 1)²/4, with the arithmetic of the catalogue's."""
    functions: dict[str, Any] = {
        "value": lambda x: 0.25 * (x[0] * x[0] - 1) * (x[0] * x[0] - 1),
        "gradient": lambda x: [x[0] * (x[0] * x[0] - 1)],
        "hessian": lambda x: [[3 * x[0] * x[0] - 1]],
        "hvp": lambda x, v: [(3 * x[0] * x[0] - 1) * v[0]],
        "minimum": 0.0,
    }
    return Objective(**(functions | changes))


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_a_function_runs_as_the_catalogues_objective_does_to_the_last_bit(policy: Any) -> None:
    settings: dict[str, Any] = {"start": [0.4], "steps": 40, "columns": ["segment", "lambda_min", "trace"]}
    expected = flatland.run(Experiment("double-well", policy, **settings))
    found = flatland.run(Experiment(double_well(), policy, **settings))
    assert found.columns == expected.columns and len(found) == len(expected)
    for name in expected.columns:
        assert bits(found[name]) == bits(expected[name]), name
    assert (found.outcome.kind, found.outcome.step) == (expected.outcome.kind, expected.outcome.step)


def test_products_alone_and_a_hessian_alone_tell_the_sharpness() -> None:
    matrix = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
    base = {"value": lambda x: x @ matrix @ x / 2, "gradient": lambda x: matrix @ x}
    expected = np.linalg.eigvalsh(matrix)[-1]
    for curvature in ({"hvp": lambda x, v: matrix @ v}, {"hessian": lambda x: matrix}):
        run = flatland.run(Experiment(Objective(**base, **curvature), "sharpness", start=[1, 2, 3], steps=5))
        # Bisection is exact to a few units of rounding of the matrix's norm.
        np.testing.assert_allclose(run.sharpness, expected, rtol=1e-14)


@pytest.mark.parametrize("way", ["hvp", "hessian"])
def test_beyond_64_variables_eigenvalues_are_tracked(way: str) -> None:
    n = 150
    diagonal = np.linspace(1, 30, n)
    curvature: dict[str, Any] = {
        "hvp": {"hvp": lambda x, v: diagonal * v},
        "hessian": {"hessian": lambda x: np.diag(diagonal)},
    }[way]
    objective = Objective(lambda x: diagonal @ (x * x) / 2, lambda x: diagonal * x, **curvature)
    experiment = Experiment(
        objective,
        spec("constant", eta=0.05),
        start=np.ones(n),
        steps=8,
        columns=["lambda2"],
        spectrum={"tolerance": 1e-6},
    )
    run = flatland.run(experiment)
    # The residual is at most 10⁻⁶·λ₁, and the error of an eigenvalue at most the residual.
    np.testing.assert_allclose(run.sharpness, 30, rtol=1e-6)
    np.testing.assert_allclose(run["lambda2"], diagonal[-2], rtol=1e-6)
    assert run.x.shape == (9, 0) and run.iterate.shape == (n,)
    np.testing.assert_allclose(run.iterate, (1 - 0.05 * diagonal) ** 8, rtol=1e-12)


def test_without_second_derivatives_the_sharpness_is_not_known() -> None:
    objective = Objective(lambda x: x @ x, lambda x: 2 * x)
    run = flatland.run(Experiment(objective, "armijo", start=[1, 2], steps=9))
    assert np.isnan(run.sharpness).all() and np.isnan(run.product).all()
    assert run.outcome.kind == "converged" and run.outcome.limit == "unknown"
    for change in ({"runs": "sharpness"}, {"runs": "cdat"}, {"columns": ["lambda2"]}):
        settings: dict[str, Any] = {"runs": spec("constant", eta=0.1), "start": [1, 2]} | change
        with pytest.raises(FieldError, match="hvp") as caught:
            flatland.run(Experiment(objective, **settings))
        assert caught.value.field == "objective"


@pytest.mark.parametrize("name", ["value", "gradient", "hvp", "hessian"])
def test_a_function_that_raises_ends_the_run_with_its_own_exception(name: str) -> None:
    calls = 0

    class Mine(Exception):
        pass

    def raising(*_: Any) -> Any:
        nonlocal calls
        calls += 1
        raise Mine("deep inside")

    changes: dict[str, Any] = {name: raising}
    if name == "hvp":
        changes["hessian"] = None
    with pytest.raises(Mine, match="deep inside") as caught:
        flatland.run(Experiment(double_well(**changes), "constant", start=[0.4]))
    assert calls == 1
    assert "raising" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


WRONG: list[tuple[str, Any, str]] = [
    ("value", [1.0, 2.0], "shape (2,)"),
    ("value", "much", "str"),
    ("value", None, "NoneType"),
    ("value", 1j, "complex"),
    ("gradient", [1.0, 2.0], "shape (2,)"),
    ("gradient", 1.0, "shape ()"),
    ("hessian", [1.0], "shape (1,)"),
    ("hvp", [[1.0]], "shape (1, 1)"),
]


@pytest.mark.parametrize(("name", "answer", "part"), WRONG)
def test_a_function_that_returns_something_else_is_named(name: str, answer: Any, part: str) -> None:
    changes: dict[str, Any] = {name: lambda *_: answer}
    if name == "hvp":
        changes["hessian"] = None
    with pytest.raises(ObjectiveError) as caught:
        flatland.run(Experiment(double_well(**changes), "constant", start=[0.4]))
    assert caught.value.field == name and part in caught.value.found


def test_a_hessian_that_is_not_symmetric_is_refused() -> None:
    objective = Objective(lambda x: x @ x, lambda x: 2 * x, hessian=lambda x: [[2.0, 0.5], [0.0, 2.0]])
    with pytest.raises(ObjectiveError, match=r"0\.5 at \[0, 1\] and 0\.0 at \[1, 0\]"):
        flatland.run(Experiment(objective, "constant", start=[1, 1]))


def test_nan_ends_the_run_as_diverged() -> None:
    for change in ({"value": lambda x: np.nan}, {"gradient": lambda x: [np.nan]}):
        run = flatland.run(Experiment(double_well(**change), "constant", start=[0.4]))
        assert run.outcome.kind == "diverged" and len(run) == 1


def test_what_a_function_does_to_its_argument_stays_with_it() -> None:
    kept: list[Any] = []

    def gradient(x: Any) -> Any:
        kept.append(x)
        answer = x * (x * x - 1)
        x[:] = 77.0
        return answer

    run = flatland.run(Experiment(double_well(gradient=gradient), spec("constant", eta=0.5), start=[0.4], steps=3))
    expected = flatland.run(Experiment(double_well(), spec("constant", eta=0.5), start=[0.4], steps=3))
    assert bits(run["x0"]) == bits(expected["x0"])
    assert len({x.__array_interface__["data"] for x in kept}) == len(kept)


def test_several_starts_have_quartiles() -> None:
    settings: dict[str, Any] = {"start": [0.4], "steps": 20, "seed": 1, "ensemble": {"size": 4, "spread": 0.2}}
    policy = spec("constant", eta=0.7)
    expected = flatland.run(Experiment("double-well", policy, **settings))
    found = flatland.run(Experiment(double_well(), policy, **settings))
    assert found.columns == expected.columns and "loss_median" in found.columns
    for name in expected.columns:
        assert bits(found[name]) == bits(expected[name]), name


def test_several_starts_without_second_derivatives_end_when_they_like() -> None:
    objective = Objective(lambda x: x @ x, lambda x: 2 * x)
    settings: dict[str, Any] = {"start": [1.0], "steps": 200, "ensemble": {"size": 6, "spread": 3.0}}
    run = flatland.run(Experiment(objective, spec("constant", eta=0.3), **settings))
    # From starts at other distances they converge at other steps.
    assert run.outcome.kind == "converged" and np.isnan(run["sharpness_median"]).all()
    with pytest.raises(FieldError, match="hvp"):
        flatland.run(Experiment(objective, "sharpness", **settings))


def test_what_needs_the_catalogue_says_so() -> None:
    experiment = Experiment(double_well(), "constant", start=[0.4])
    for use in (
        lambda: flatland.sweep(experiment, {"start[0]": [1, 2]}),
        lambda: flatland.atlas(experiment, "start[0]=lin:0:1", "runs[0].policy.eta=lin:0.1:1"),
        lambda: experiment.link(),
        lambda: experiment.save("nowhere.json"),
    ):
        with pytest.raises(FieldError) as caught:
            use()
        assert caught.value.field == "objective"


def test_an_objective_needs_functions_and_a_start() -> None:
    with pytest.raises(ObjectiveError) as caught:
        Objective(lambda x: x, 3)  # type: ignore[arg-type]
    assert caught.value.field == "gradient"
    for start in (None, []):
        with pytest.raises(FieldError) as refused:
            Experiment(double_well(), "constant", start=start)
        assert refused.value.field == "start"


def test_jax_functions_run() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)

    def f(x: Any) -> Any:
        return 0.25 * (x[0] ** 2 - 1) ** 2

    gradient = jax.jit(jax.grad(f))
    product = jax.jit(lambda x, v: jax.jvp(jax.grad(f), (x,), (v,))[1])
    run = flatland.run(Experiment(Objective(jax.jit(f), gradient, product), spec("constant", eta=0.9), start=[0.4]))
    expected = flatland.run(Experiment("double-well", spec("constant", eta=0.9), start=[0.4]))
    # Another order of operations: a few roundings each step, along a run that contracts.
    np.testing.assert_allclose(run.loss[:20], expected.loss[:20], rtol=1e-9)
