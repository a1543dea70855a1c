"""The network as an object: layers that compute what the recursion says, violations, files."""

import json
from dataclasses import replace

import pytest
from flint import ctx, fmpq

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from firenet_exact import Firenet, exact_column, exact_matrix, forward
from firenet_exact.network import load_network
from proofs_checks.certificate.reading import canonical_bytes
from tests.firenet_exact.networks import NAMES, certified, made, network, noisy


def small(name, *, guess=False, p=3, n=2):
    """A network of few layers; the theorem does not hold for so few blocks."""
    proved, norm = certified(name)
    parameters = made(name, n=n)
    betas = tuple(beta * parameters.p / p for beta in parameters.betas)
    parameters = replace(parameters, p=p, betas=betas)
    initial = exact_column([fmpq(j % 3 - 1, 7) for j in range(proved.matrix.cols)]) if guess else None
    return Firenet(proved.matrix, parameters, initial, proved, norm)


@pytest.mark.parametrize("guess", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_layers_compute_the_recursion(name, guess):
    net = small(name, guess=guess)
    _, y = noisy(name)
    vectors = list(net.hidden_vectors(y))
    found = forward(net, y, arithmetic="balls")
    re, im = found.point.integers()
    den = found.point.den
    with ctx.workprec(256):  # a difference is rounded to so many bits, as the numbers are
        for j, z in enumerate(vectors[-1]):
            assert abs(z.real - fmpq(re[j][0], den)) < fmpq(1, 2**90)
            assert abs(z.imag - (fmpq(im[j][0], den) if im else 0)) < fmpq(1, 2**90)


@pytest.mark.parametrize("name", NAMES)
def test_depth_and_widths(name):
    net = small(name)
    m, N = net.matrix.rows, net.matrix.cols
    layers = list(net.layers())
    assert len(layers) == net.depth == 3 * 2 * 3 + 1
    assert net.widths == [m] + [2 * N + m, 2 * (N + m), 2 * N + m + 1] * 6 + [N]
    assert [layer.width for layer in layers] == net.widths[1:]
    assert [layer.weight.cols for layer in layers] == net.widths[:-1]
    _, y = noisy(name)
    assert [len(vector) for vector in net.hidden_vectors(y)] == net.widths[1:]
    for layer in layers:
        for bias, cols in ((layer.data, m), (layer.constant, 1)):
            assert bias is None or (bias.rows, bias.cols) == (layer.width, cols)


def test_biases_are_affine_in_y():
    """Weights do not depend on y: the layers are made without it, and equal layers are one object."""
    layers = list(small("gaussian").layers())
    assert len({id(layer) for layer in layers}) == 7
    assert all(layer.data is None or layer.activation == "shrink" for layer in layers)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("guess", [False, True])
def test_saved_and_loaded(tmp_path, name, guess):
    net = small(name, guess=guess)
    path = tmp_path / "net.json"
    net.save(path)
    proved, norm = certified(name)
    again = load_network(path, proved=proved, norm=norm)
    assert again.digest == net.digest and again.parameters == net.parameters and again.matrix == net.matrix
    assert again.violations == net.violations
    _, y = noisy(name)
    assert forward(again, y).point == forward(net, y).point
    other = Firenet(net.matrix, replace(net.parameters, p=net.parameters.p + 1), net.initial)
    assert other.digest != net.digest


def damaged(path, change):
    content = json.loads(path.read_bytes())
    change(content)
    path.write_bytes(canonical_bytes(content) + b"\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["parameters"].update(p="0x4"), "damaged"),
        (lambda c: c.update(format="firenet-2"), "format"),
        (lambda c: c.update(more="x"), "unknown key"),
        (lambda c: c["parameters"].pop("lam"), "lacks the key lam"),
        (lambda c: c["parameters"].update(lam=["0x1", "0x0"]), "parameters.lam"),
        (lambda c: c["parameters"].update(p="0x0"), "parameters.p"),
        (lambda c: c["parameters"].update(betas=[]), "at least one block"),
        (lambda c: c["matrix"].update(den="0x0"), "matrix.den"),
        (lambda c: c["parameters"]["levels"][0].update(sparsity="0x0"), "sparsity"),
    ],
)
def test_damaged_files_are_refused(tmp_path, change, message):
    path = tmp_path / "net.json"
    small("gaussian").save(path)
    damaged(path, change)
    with pytest.raises((DataError, UsageError), match=message):
        load_network(path)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"{", b"\xff", b"NaN", b"[" * 100_000])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "net.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match="is no network"):
        load_network(path)
    with pytest.raises(UsageError, match="cannot read"):
        load_network(tmp_path / "absent.json")
    with pytest.raises(UsageError, match="cannot write"):
        small("gaussian").save(tmp_path / "absent" / "net.json")


def test_white_space_is_refused(tmp_path):
    path = tmp_path / "net.json"
    small("gaussian").save(path)
    path.write_bytes(path.read_bytes().replace(b",", b", ", 1))
    with pytest.raises(DataError, match="canonical"):
        load_network(path)


def test_violations_are_never_silent():
    proved, norm = certified("gaussian")
    _, y = noisy("gaussian")
    net = network("gaussian", n=3)
    assert net.violations == () and forward(net, y).bound is not None
    bare = Firenet(net.matrix, net.parameters)
    assert [v.name for v in bare.violations] == ["null-space", "norm"]
    assert forward(bare, y).bound is None
    few = Firenet(net.matrix, replace(net.parameters, p=2), None, proved, norm)
    assert [v.name for v in few.violations] == ["blocks"]
    large = ExactMatrix(y.re * 10, None, y.den)
    found = forward(net, large)
    assert [v.name for v in found.violations] == ["start"] and found.bound is None


def test_what_does_not_belong_together_is_refused():
    proved, _ = certified("gaussian")
    parameters = made(n=2)
    other = exact_matrix([[1, 2], [3, 4]])
    for arguments in (
        (other, parameters),
        (proved.matrix, parameters, exact_column([1, 2])),
        (exact_matrix((proved.matrix.to_float() * 2).tolist()), parameters, None, proved),
    ):
        with pytest.raises(UsageError):
            Firenet(*arguments)
    net = network("gaussian", n=2)
    for data in ([1, 2], [1] * 25):
        with pytest.raises(UsageError, match="y must be 24 x 1"):
            forward(net, data)
        with pytest.raises(UsageError, match="y must be 24 x 1"):
            next(iter(net.hidden_vectors(exact_column(data))))
    with pytest.raises(UsageError, match="arithmetic"):
        forward(net, [0] * 24, arithmetic="decimal")
