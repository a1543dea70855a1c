"""Theorem 1: networks with exact weights hit every minimiser exactly, and the independent checker agrees."""

import json
import random

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.errors import FieldError, NotAMinimiserError
from exact_base.scalars import ComplexNumber, QuadraticNumber, exact_array, norm2, real_part, sqrt
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import DataError, OmegaClass, SolverError, UsageError
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.network_exists.theorem1 import member_network, network_exists
from sci_barriers.networks.relu import interpolating_network

pytestmark = pytest.mark.usefixtures("empty_directory")

SIZES = [(1, 2), (1, 5), (3, 4), (5, 9), (21, 22)]


def accepted(data):
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    return report


def refused(data, change):
    """The verdict of the checker on a certificate after `change` of its content, with a digest that fits."""
    from tests.proofs_checks.builders import seal

    content = json.loads(data)
    change(content)
    return verify_bytes(seal(content)).verdict


# --- the network ---------------------------------------------------------------------------------


def numbers(rng, kind):
    a, b, c, d = (fmpq(rng.randint(-6, 6), rng.randint(1, 4)) for _ in range(4))
    if kind == "rational":
        return a
    root = QuadraticNumber(a, b, fmpq(2)) if b != 0 else a
    if kind == "root":
        return root
    other = QuadraticNumber(c, d, fmpq(2)) if d != 0 else c
    return ComplexNumber(root, other) if other != 0 else root


@given(st.integers(0, 10**6), st.sampled_from(["rational", "root", "complex"]), st.integers(1, 7))
def test_the_network_interpolates(seed, kind, count):
    rng = random.Random(seed)
    m, n = rng.randint(1, 3), rng.randint(1, 3)
    samples = [exact_array([numbers(rng, kind) for _ in range(m)]) for _ in range(count)]
    values = [exact_array([numbers(rng, kind) for _ in range(n)]) for _ in range(count)]
    assume(all((a != b).any() for i, a in enumerate(samples) for b in samples[:i]))
    network = interpolating_network(samples, values)
    assert network.widths == (m, 1, 2 * count, count, n)
    for sample, value in zip(samples, values, strict=True):
        assert not (network(sample) - value).any()


def test_samples_that_first_projections_confuse():
    """(1, -1), (0, 0) and (2, -4) lie in one place for j = 1 or j = 0."""
    samples = [exact_array(y) for y in ([1, -1], [0, 0], [1, 2], [2, -4], [1, 0])]
    values = [exact_array([k]) for k in range(5)]
    network = interpolating_network(samples, values)
    assert [network(y)[0] for y in samples] == [0, 1, 2, 3, 4]


def test_between_the_knots_it_is_linear():
    network = interpolating_network([exact_array([0]), exact_array([1])], [exact_array([10]), exact_array([20])])
    assert [network([y])[0] for y in (0, "1/2", 1, "5/4", 3)] == [10, 15, 20, 15, 0]


def test_samples_must_differ():
    half = exact_array(["1/2", 1])
    with pytest.raises(DataError, match="samples 1 and 3 are equal"):
        interpolating_network([half, exact_array([1, 1]), half.copy()], [half] * 3)
    with pytest.raises(DataError, match="at least one"):
        interpolating_network([], [])
    with pytest.raises(DataError, match="at least one"):
        interpolating_network([half], [])
    with pytest.raises(FieldError, match="one field"):
        interpolating_network([exact_array([sqrt(fmpq(2))]), exact_array([sqrt(fmpq(3))])], [half, half])


# --- inputs --------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.sampled_from(["bpdn", "lasso", "sqrt-lasso"]))
@settings(max_examples=40)
def test_inputs_of_ones_own(seed, problem):
    rng = random.Random(seed)
    m, n = rng.randint(1, 3), rng.randint(1, 4)
    matrix = [[rng.randint(-3, 3) for _ in range(n)] for _ in range(m)]
    samples = {tuple(fmpq(rng.randint(-9, 9), rng.randint(1, 3)) for _ in range(m)) for _ in range(3)}
    try:
        existing = network_exists(matrix, list(samples), problem=problem, parameter=fmpq(1, 3))
        data = existence_certificate(existing)
    except (FieldError, SolverError):
        assume(False)
    for sample, minimiser in zip(samples, existing.minimisers, strict=True):
        assert not (existing.network(list(sample)) - minimiser.point).any()
    accepted(data)


def test_complex_data_with_given_minimisers():
    y = [ComplexNumber(fmpq(3), fmpq(4)), ComplexNumber(fmpq(0), fmpq(-5))]
    points = [[value * fmpq(4, 5)] for value in y]
    existing = network_exists([[1]], [[v] for v in y], problem="lasso", parameter=2, minimisers=points)
    assert existing.network([y[1]])[0] == y[1] * fmpq(4, 5)
    assert "real and imaginary part" in accepted(existence_certificate(existing)).statement.lines[3]


def test_the_checker_evaluates_the_network():
    data = existence_certificate(network_exists([[1, "1/2"]], [[2], [3]], problem="lasso", parameter="1/2"))
    for layer, part in ((0, "weights"), (0, "bias"), (1, "bias"), (2, "weights"), (3, "weights")):

        def change(content, layer=layer, part=part):
            entry = content["claim"]["network"][layer][part]["entries"][0]
            entry[2] = hex(int(entry[2], 16) + 1)

        assert refused(data, change) in ("invalid", "malformed")


def test_mistakes_are_named():
    lasso = {"problem": "lasso", "parameter": 1}
    with pytest.raises(NotAMinimiserError, match="sample 2: not a minimiser"):
        network_exists([[1]], [[2], [3]], **lasso, minimisers=[["3/2"], [4]])
    with pytest.raises(DataError, match="for each sample is needed, 2 in all"):
        network_exists([[1]], [[2], [3]], **lasso, minimisers=[["3/2"]])
    with pytest.raises(DataError, match="without the minimisers"):
        network_exists([[1]], [[2]], **lasso, duals=[[1]])
    with pytest.raises(DataError, match=r"sample 1: .*real rational"):
        network_exists([[1]], [[1j]], **lasso)
    with pytest.raises(DataError, match="given exactly"):
        network_exists([[lambda precision: 1]], [[2]], **lasso)
    with pytest.raises(FieldError, match="one field Q") as caught:
        # the residuals are (1, √5/2) and (1, 1)·3/√8
        network_exists([[1, 0], [0, 1]], [[1, 2], [3, 3]], problem="bpdn", parameter="3/2")
    assert "\n" not in str(caught.value) and "use samples" in str(caught.value)


# --- the class -----------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("size", SIZES)
def test_members_of_the_class(problem, family, size):
    omega = OmegaClass.create(problem, digits=3, rows=size[0], columns=size[1], family=family, disguise=size[0] == 3)
    existing = member_network(omega.member(i=omega.ties, q=omega.q0), samples=8)
    assert len(existing.minimisers) == 8
    for minimiser in existing.minimisers[:3]:
        assert not (existing.network(minimiser.problem.data) - minimiser.point).any()
    if problem != "bpdn" and size[0] > 1:
        # what makes data necessary: the second block is not small
        assert all(norm2(minimiser.point[omega.ties :]) >= 1 for minimiser in existing.minimisers[1:])
    accepted(existence_certificate(existing))


def test_ties_and_steep_classes():
    omega = OmegaClass.create("sqrt-lasso", digits=1, rows=21, columns=22, parameter=4)
    existing = member_network(omega.tie(), samples=3)
    # λ²(1/a² + 6/c²) > 1, so that fewer entries are not zero
    counts = {sum(map(bool, minimiser.point[2:])) for minimiser in existing.minimisers[1:]}
    assert counts == {3} and 16 * (1 / omega.alpha**2 + 4 / omega.tie().c2) >= 1
    accepted(existence_certificate(existing))
    with pytest.raises(UsageError, match="at least one sample"):
        member_network(omega.tie(), samples=0)


def test_too_many_samples_for_a_file():
    existing = network_exists([[1]], [[k] for k in range(1449)], problem="lasso", parameter=1)
    with pytest.raises(DataError, match="at most 1448 samples, got 1449"):
        existence_certificate(existing)


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
def test_a_thousand_samples(problem):
    omega = OmegaClass.create(problem, digits=3)
    data = existence_certificate(member_network(omega.tie(), samples=1000))
    assert len(data) < 2**21
    assert "Samples: 1000" in accepted(data).statement.lines[2]


# --- the command ---------------------------------------------------------------------------------


CLASS = ("--problem", "sqrt-lasso", "--digits", "3", "--size", "3", "4")


def test_for_the_class(call):
    code, out, err = call("network-exists", *CLASS, "--samples", "4", "--member", "2", "14", "--out", "n.cert.json")
    assert (code, err) == (0, "") and "widths 3, 1, 8, 4, 4" in out
    assert verify_path("n.cert.json", time_limit=60).verdict == "valid"
    code, out, _ = call("network-exists", *CLASS, "--out", "n.cert.json", "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["result"] == {"problem": "sqrt-lasso", "samples": 1, "widths": [3, 1, 2, 1, 4], "parameters": 8}
    assert answer["files"] == ["n.cert.json"]


def test_for_a_file(call, empty_directory):
    document = {
        "problem": "sqrt-lasso", "parameter": "1/2", "matrix": [[{"re": 0, "im": 1}], ["0.0"]],
        "samples": [[{"re": "0", "im": "2"}, 0], [{"re": 0, "im": -3}, 0]], "minimisers": [[2], [-3]],
        "duals": [[{"re": 0, "im": "1/2"}, 0], [{"re": 0, "im": "-1/2"}, 0]],
    }  # fmt: skip
    (empty_directory / "input.json").write_text(json.dumps(document))
    code, out, err = call("network-exists", "input.json", "--out", "n.cert.json")
    assert (code, err) == (0, "") and "2 samples" in out
    assert verify_path("n.cert.json", time_limit=60).verdict == "valid"


def test_arrays_may_be_in_files(call, empty_directory):
    np.savez("several.npz", A=np.array([[0.5, 1, 0], [0, 1, 0.25]]), y=np.array([1.0, 2]))
    document = {"problem": "lasso", "parameter": "1/2", "matrix": {"file": "several.npz", "array": "A"}}
    document["samples"] = [{"file": "several.npz", "array": "y"}, ["-1/2", 3]]
    (empty_directory / "input.json").write_text(json.dumps(document))
    code, out, err = call("network-exists", "input.json", "--out", "n.cert.json")
    assert (code, err) == (0, "") and "2 samples" in out
    written = document | {"matrix": [["1/2", 1, 0], [0, 1, "1/4"]], "samples": [[1, 2], ["-1/2", 3]]}
    (empty_directory / "input.json").write_text(json.dumps(written))
    before = json.loads((empty_directory / "n.cert.json").read_bytes())
    assert call("network-exists", "input.json", "--out", "n.cert.json")[0] == 0
    assert json.loads((empty_directory / "n.cert.json").read_bytes())["claim"] == before["claim"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"matrix": "missing.npy"}, "there is no such file"),
        ({"matrix": {"file": "input.json", "sheet": 2}}, "unknown key 'sheet'"),
        ({"matrix": {"file": 3}}, "is a text"),
        ({"samples": [{"array": "y"}]}, "lacks file"),
        ({"samples": [[1, 2], [1, 2]]}, "samples 1 and 2 are equal"),
        ({"samples": []}, "at least one sample"),
        ({"samples": [[1]]}, "sample 1 must be a vector of length 2"),
        ({"samples": "1"}, "samples must be a list"),
        ({"samples": [[1, float("nan")]]}, "finite"),
        ({"samples": [[1, {"re": 1}]]}, "complex number"),
        ({"matrix": [[1, 2], [3]]}, "one length"),
        ({"matrix": 3}, "list of rows"),
        ({"matrix": [["one", 2]]}, "not a number"),
        ({"parameter": "0"}, "positive rational"),
        ({"problem": "ridge"}, "unknown problem"),
        ({"problem": 1}, "names its problem"),
        ({"data": 1}, "unknown key 'data'"),
    ],
)
def test_bad_files(call, empty_directory, change, message):
    document = {"problem": "lasso", "parameter": "1/2", "matrix": [[1, 0], [0, 1]], "samples": [[1, 2]], **change}
    (empty_directory / "input.json").write_text(json.dumps(document))
    code, out, err = call("network-exists", "input.json", "--out", "n.cert.json")
    assert code == 2 and out == "" and message in err and err.count("\n") == 1
    assert not (empty_directory / "n.cert.json").exists()


def test_usage(call, empty_directory):
    for arguments, message in (
        (("--out", "n.cert.json"), "give an input file"),
        (("missing.json", "--out", "n.cert.json"), "cannot read"),
        (("missing.json", "--samples", "2", "--out", "n.cert.json"), "leave out the options"),
        ((*CLASS, "--out", "no/n.cert.json"), "does not exist"),
        ((*CLASS, "--out", "."), "is a directory"),
        ((*CLASS, "--samples", "0", "--out", "n.cert.json"), "at least one sample"),
        ((*CLASS, "--samples", "1449", "--out", "n.cert.json"), "at most 1448 samples"),
        ((*CLASS, "--member", "9", "14", "--out", "n.cert.json"), "1 <= i <= 2"),
        ((*CLASS, "--family", "weak", "--out", "n.cert.json"), "has no tie"),
    ):
        code, _, err = call("network-exists", *arguments)
        assert code == 2 and message in err and err.count("\n") == 1
    (empty_directory / "mine.cert.json").write_text("{}")
    code, _, err = call("network-exists", *CLASS, "--out", "mine.cert.json")
    assert code == 2 and "not a certificate" in err and (empty_directory / "mine.cert.json").read_text() == "{}"


def test_real_parts_decide():
    """The activation takes the real part: a purely imaginary preactivation is cut to zero."""
    network = interpolating_network(
        [exact_array([ComplexNumber(fmpq(0), fmpq(1))]), exact_array([0])], [exact_array([7]), exact_array([0])]
    )
    assert [real_part(network([value])[0]) for value in (1j, 0, 2j)] == [7, 0, 0]
