import numpy as np
import pylops
import pytest
import sigpy

from exact_base.errors import MissingExtraError
from firenet_exact.imaging.adapters import from_physics, from_pylops, from_sigpy, to_pylops, to_sigpy
from firenet_exact.imaging.operators import ImageOperator


def operator(transform):
    mask = np.random.default_rng(1).random((8, 8)) < 0.5
    return ImageOperator(transform=transform, dimension=2, bits=3, mask=mask)


def vectors(shape):
    rng = np.random.default_rng(2)
    return tuple(rng.normal(size=n) + 1j * rng.normal(size=n) for n in (shape[1], shape[0]))


def check_same(one, other):
    """Two operators agree on vectors and their adjoints, up to rounding."""
    assert tuple(one.shape) == tuple(other.shape)
    x, y = vectors(one.shape)
    assert np.allclose(one.forward(x), other.forward(x))
    assert np.allclose(one.adjoint(y), other.adjoint(y))


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
def test_pylops_there_and_back(transform):
    ours = operator(transform)
    theirs = to_pylops(ours)
    x, y = vectors(ours.shape)
    assert np.allclose(theirs @ x, ours.forward(x))
    assert np.allclose(theirs.H @ y, ours.adjoint(y))
    assert pylops.utils.dottest(theirs, *ours.shape, complexflag=3 if transform == "fourier" else 0)
    back = from_pylops(theirs)
    check_same(back, ours)
    assert back.exact is False


def test_an_operator_made_by_pylops():
    mask = np.random.default_rng(3).random(64) < 0.5
    theirs = (
        pylops.Restriction(64, np.flatnonzero(mask), dtype="complex128")
        * pylops.signalprocessing.FFT2D((8, 8), norm="ortho").H
    )
    box = from_pylops(theirs)
    x, y = vectors(box.shape)
    assert np.allclose(box.forward(x), theirs @ x)
    assert np.isclose(np.vdot(y, box.forward(x)), np.vdot(box.adjoint(y), x))


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
def test_sigpy_there_and_back(transform):
    ours = operator(transform)
    theirs = to_sigpy(ours)
    x, y = vectors(ours.shape)
    assert np.allclose(theirs * x, ours.forward(x))
    assert np.allclose(theirs.H * y, ours.adjoint(y))
    assert np.allclose(theirs.H.H * x, ours.forward(x))
    assert np.allclose(theirs.N * x, ours.adjoint(ours.forward(x)))
    back = from_sigpy(theirs)
    check_same(back, ours)
    assert back.exact is False


def test_an_operator_made_by_sigpy_has_arrays_for_vectors():
    theirs = sigpy.linop.FFT((4, 8)) * sigpy.linop.Multiply((4, 8), np.arange(32.0).reshape(4, 8))
    box = from_sigpy(theirs)
    assert box.shape == (32, 32)
    x, y = vectors(box.shape)
    assert np.allclose(box.forward(x).reshape(4, 8), theirs(x.reshape(4, 8)))
    assert np.isclose(np.vdot(y, box.forward(x)), np.vdot(box.adjoint(y), x))


class Tensor(np.ndarray):
    """Stands in for a tensor: what is not one is refused."""


class Physics:
    """Stands in for linear physics of deepinv: the squares of a mask on batches of images with channels."""

    mask = np.random.default_rng(4).random((1, 2, 4, 4)) < 0.5

    def A(self, x):
        assert type(x) is Tensor and x.shape == (1, 2, 4, 4)
        return x[self.mask].reshape(1, -1) * 2

    def A_adjoint(self, y):
        assert type(y) is Tensor and y.shape == (1, self.mask.sum())
        x = np.zeros(self.mask.shape, dtype=y.dtype)
        x[self.mask] = 2 * y.reshape(-1)
        return x


def test_the_protocol_of_deepinv():
    physics = Physics()
    outputs = (1, int(physics.mask.sum()))
    box = from_physics(physics, inputs=(1, 2, 4, 4), outputs=outputs, tensor=lambda x: x.view(Tensor))
    assert box.shape == (outputs[1], 32) and box.exact is False
    x, y = vectors(box.shape)
    assert np.allclose(box.forward(x), 2 * x[physics.mask.reshape(-1)])
    assert np.isclose(np.vdot(y, box.forward(x)), np.vdot(box.adjoint(y), x))


@pytest.mark.parametrize(("module", "call"), [("pylops", to_pylops), ("sigpy", to_sigpy)])
def test_a_library_that_is_missing_is_one_line(monkeypatch, module, call):
    for name in (module, f"{module}.linop"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(MissingExtraError, match=f"pip install {module}$"):
        call(operator("walsh"))
