"""Operators of other libraries, and ours for them (docs/imaging.md). What comes from a library is in floating point."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from exact_base.errors import MissingExtraError
from firenet_exact.imaging.operators import FloatOperator, Operator, as_linear_operator

__all__ = ["from_physics", "from_pylops", "from_sigpy", "to_pylops", "to_sigpy"]


def from_pylops(operator: Any) -> FloatOperator:
    """Return an operator of pylops, or of scipy.sparse.linalg, as a black box."""
    rows, columns = map(int, operator.shape)
    return FloatOperator((rows, columns), operator.matvec, operator.rmatvec)


def to_pylops(operator: Operator) -> Any:
    """Return an operator for pylops.

    Raises:
        MissingExtraError: if pylops is not installed.
    """
    try:
        import pylops
    except ImportError:
        raise MissingExtraError("operators for pylops need it: pip install pylops") from None
    return pylops.aslinearoperator(as_linear_operator(operator))


def from_sigpy(operator: Any) -> FloatOperator:
    """Return a linear operator of sigpy as a black box of vectors, row-major."""
    inputs, outputs = tuple(operator.ishape), tuple(operator.oshape)
    return FloatOperator(
        (math.prod(outputs), math.prod(inputs)),
        lambda x: np.reshape(operator(np.reshape(x, inputs)), -1),
        lambda y: np.reshape(operator.H(np.reshape(y, outputs)), -1),
    )


def to_sigpy(operator: Operator) -> Any:
    """Return an operator for sigpy.

    Raises:
        MissingExtraError: if sigpy is not installed.
    """
    try:
        from sigpy.linop import Linop
    except ImportError:
        raise MissingExtraError("operators for sigpy need it: pip install sigpy") from None

    def made(shape: tuple[int, int], apply: Callable[[Any], Any], adjoint: Callable[[Any], Any]) -> Any:
        found = Linop(shape[:1], shape[1:])
        found._apply = apply
        found._adjoint_linop = lambda: made(shape[::-1], adjoint, apply)
        return found

    return made(operator.shape, operator.forward, operator.adjoint)


def from_physics(
    physics: Any, *, inputs: Sequence[int], outputs: Sequence[int], tensor: Callable[[Any], Any]
) -> FloatOperator:
    """Return linear physics with the methods `A` and `A_adjoint`, as those of deepinv, as a black box of vectors.

    Args:
        physics: the object.
        inputs: the shape of an image as it takes it, such as (1, 1, 256, 256).
        outputs: the shape of its data.
        tensor: what makes its arrays of numpy's, such as torch.from_numpy.
    """
    return FloatOperator(
        (math.prod(outputs), math.prod(inputs)),
        lambda x: np.asarray(physics.A(tensor(np.reshape(x, inputs)))).reshape(-1),
        lambda y: np.asarray(physics.A_adjoint(tensor(np.reshape(y, outputs)))).reshape(-1),
    )
