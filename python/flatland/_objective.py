"""Objectives whose value and derivatives are Python functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._errors import ObjectiveError

Array = NDArray[np.float64]

#: How far the two sides of a Hessian's diagonal may differ, as a part of its largest entry: more
#: than single precision makes of equal numbers.
_ASYMMETRY = 1e-4


@dataclass(frozen=True)
class Objective:
    """A function f: ℝⁿ → ℝ to minimize, given by Python functions.

    They are called with NumPy arrays of double precision, with a copy each time, and may return
    whatever ``numpy.asarray`` takes: NumPy, JAX or detached PyTorch arrays, or numbers in lists.
    A function that raises ends the run, and the exception comes out of :func:`flatland.run`. NaN and
    infinities are values like others: they end a run as *diverged*.

    Without ``hvp`` and ``hessian`` the sharpness is not known: it is NaN in every row, finite
    differences never stand in for it, and a policy or column that needs it is a
    :class:`~flatland.FieldError`.

    Attributes:
        value: f(x), a number.
        gradient: ∇f(x), of the shape of x.
        hvp: The Hessian-vector product ∇²f(x)·v, of the shape of x. Up to 64 variables the Hessian
            is put together from n of them at each step; beyond, eigenvalues are tracked.
        hessian: The symmetric matrix ∇²f(x), in place of or beside ``hvp``.
        minimum: The infimum of f, for the policies that need it, such as ``polyak``.
        name: What to call it in titles of plots.
    """

    value: Callable[[Array], Any]
    gradient: Callable[[Array], Any]
    hvp: Callable[[Array, Array], Any] | None = None
    hessian: Callable[[Array], Any] | None = None
    minimum: float | None = None
    name: str = "f"

    def __post_init__(self) -> None:
        for name in ("value", "gradient", "hvp", "hessian"):
            function = getattr(self, name)
            if function is None and name in ("hvp", "hessian"):
                continue
            if not callable(function):
                raise ObjectiveError(name, "a function", _kind(function), "give a function of x")


class Adapter:
    """Stands between the engine, which sends and takes bytes, and the functions."""

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        self._last_hessian: tuple[bytes, Array] | None = None
        self.minimum = objective.minimum
        self.has_hessian = objective.hessian is not None
        self.has_product = objective.hvp is not None

    def value(self, x: bytearray) -> float:
        answer = _numbers("value", self._objective.value(_array(x)), ())
        return float(answer)

    def gradient(self, x: bytearray) -> bytes:
        point = _array(x)
        return _numbers("gradient", self._objective.gradient(point), point.shape).tobytes()

    def product(self, x: bytearray, v: bytearray) -> bytes:
        if self._objective.hvp is None:
            # Several products at one point cost one Hessian.
            if self._last_hessian is None or self._last_hessian[0] != x:
                self._last_hessian = bytes(x), self._dense(x)
            return bytes((self._last_hessian[1] @ _array(v)).tobytes())
        point = _array(x)
        return _numbers("hvp", self._objective.hvp(point, _array(v)), point.shape).tobytes()

    def hessian(self, x: bytearray) -> bytes:
        return self._dense(x).tobytes()

    def _dense(self, x: bytearray) -> Array:
        assert self._objective.hessian is not None
        point = _array(x)
        matrix = _numbers("hessian", self._objective.hessian(point), (point.size, point.size))
        gap = np.abs(matrix - matrix.T)
        if np.any(gap > _ASYMMETRY * np.max(np.abs(matrix), initial=0.0)):
            i, j = np.unravel_index(np.nanargmax(gap), gap.shape)
            found = f"{float(matrix[i, j])} at [{i}, {j}] and {float(matrix[j, i])} at [{j}, {i}]"
            raise ObjectiveError("hessian", "a symmetric matrix", found, "check its derivatives")
        return matrix


def _array(numbers: bytearray) -> Array:
    return np.frombuffer(numbers, dtype=np.float64)


def _numbers(name: str, answer: Any, shape: tuple[int, ...]) -> Array:
    """What a function returned, as an array of this shape in double precision."""
    expected = f"numbers of shape {shape}" if shape else "a number"
    try:
        given = np.asarray(answer)
        # None would pass for NaN, and complex numbers would lose a part.
        if given.dtype.kind not in "fiub":
            raise TypeError(f"NumPy takes it for {given.dtype}")
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        remedy = "return real numbers, detached from any graph of derivatives"
        raise ObjectiveError(name, expected, f"{_kind(answer)} ({error})", remedy) from error
    if array.shape != shape:
        found = f"{_kind(answer)} of shape {array.shape}"
        raise ObjectiveError(name, expected, found, "return that shape")
    return array


def _kind(thing: object) -> str:
    return f"a value of type {type(thing).__name__}"
