"""Files of numpy beside a certificate: what numpy writes is read as the dyadic numbers it is, and nothing else is."""

import hashlib
import io
import json
import os
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks import MalformedCertificate, load, verify_bytes, verify_path, write_bundle
from proofs_checks.certificate.arrays import decode_packed, read_array
from proofs_checks.certificate.reading import KINDS
from proofs_checks.cli import main
from tests.proofs_checks.builders import changed, envelope, seal
from tests.proofs_checks.cases import minimiser, table
from tests.proofs_checks.cases.solution_digits import LASSO
from tests.proofs_checks.mutations import _keys
from tests.proofs_checks.solution_builders import packed, sparse

ACCEPTED = table("ACCEPT")
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def saved(array, **options):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), **options)
    return buffer.getvalue()


def read(data, **options):
    return decode_packed(read_array("X.npy", hashlib.sha256(data).hexdigest(), data), "a", **options)


@given(st.lists(FLOATS, min_size=1, max_size=12), st.sampled_from([(1, 0), (2, 0)]))
def test_numbers_are_read_as_they_are(values, version):
    found = read(saved(np.array(values), version=version))
    assert found.shape == (len(values),) and found.den & (found.den - 1) == 0
    assert [Fraction(n, found.den) for n in found.numbers] == [Fraction(x) for x in values]
    assert found.den == 1 or not all(x.is_integer() for x in values)
    assert found.numbers.largest == max(map(abs, found.numbers))
    assert [found.numbers[k] for k in (0, -1)] == [list(found.numbers)[k] for k in (0, -1)]


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from("CF"), st.data())
def test_both_orders_are_one_array(m, n, order, data):
    values = data.draw(st.lists(FLOATS, min_size=m * n, max_size=m * n))
    found = read(saved(np.array(values).reshape(m, n).copy(order=order)))
    assert found.shape == (m, n)
    assert [Fraction(x, found.den) for x in found.numbers] == [Fraction(x) for x in values]
    assert [Fraction(x, found.den) for x in found.numbers[n - 1 :: n]] == [Fraction(x) for x in values[n - 1 :: n]]


@given(st.integers(1, 4), st.integers(1, 4), st.sampled_from("CF"), st.data())
def test_complex_numbers_are_pairs_along_a_side_more(m, n, order, data):
    parts = data.draw(st.lists(FLOATS, min_size=2 * m * n, max_size=2 * m * n))
    found = read(saved(np.array(parts).view(complex).reshape(m, n).copy(order=order)), pairs=True)
    assert found.shape == (m, n, 2) and found.pairs
    assert [Fraction(x, found.den) for x in found.numbers] == [Fraction(x) for x in parts]
    assert read(saved(np.array(parts).view(complex)), pairs=True).shape == (m * n, 2)


def test_complex_numbers_are_not_taken_for_real_ones():
    """A vector of complex numbers has the shape of a real matrix of two columns, which it is not."""
    with pytest.raises(MalformedCertificate, match="must be real, and its file holds complex numbers"):
        read(saved(np.array([1j, 2])), shape=(2, 2))
    assert not read(saved(np.array([[1.0, 2.0]])), pairs=True).pairs


GOOD = saved(np.array([[1.0, 0.5], [0.25, -3.0]]))
HEADER = GOOD[10:128]


def with_header(text, version=b"\x01\x00"):
    header = text.encode()
    size = 2 if version == b"\x01\x00" else 4
    return GOOD[:6] + version + len(header).to_bytes(size, "little") + header + GOOD[128:]


def header(descr="'<f8'", order="False", shape="(2, 2)", end=", }    \n"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}{end}"


REFUSED = {
    "empty": b"",
    "no file of numpy": b"PK" + GOOD[2:],
    "version 3": saved(np.zeros(1), version=(3, 0)),
    "version of nothing": GOOD[:6] + b"\x01\x01" + GOOD[8:],
    "half a header": GOOD[:60],
    "no header": GOOD[:8],
    "no numbers": GOOD[:128],
    "a byte less": GOOD[:-1],
    "a byte more": GOOD + b"\0",
    "a number more": GOOD + bytes(8),
    "two arrays": GOOD + GOOD,
    "float32": saved(np.zeros(2, "<f4")),
    "big endian": saved(np.zeros(2, ">f8")),
    "integers": saved(np.zeros(2, "<i8")),
    "complex": saved(np.zeros(2, "<c16")),
    "complex64": saved(np.zeros(2, "<c8")),
    "half a complex number": saved(np.zeros(2, "<c16"))[:-8],
    "complex, not finite": saved(np.array([1.0, complex(0, np.inf)])),
    "structured": saved(np.zeros(2, [("a", "<f8")])),
    "objects": saved(np.array([None, 1]), allow_pickle=True),
    "infinite": saved(np.array([1.0, np.inf])),
    "not a number": saved(np.array([np.nan, 1.0])),
    "no side": saved(np.float64(1)),
    "an empty side": saved(np.zeros((0, 3))),
    "three sides": saved(np.zeros((1, 2, 1))),
    "a side over the cap": saved(np.zeros((1, 2**20 + 1))),
    "an expression": with_header(header(shape="(1+1, 2)")),
    "a negative side": with_header(header(shape="(-2, -2)")),
    "a side that overflows": with_header(header(shape=f"({2**64 + 2}, 2)")),
    "another key": with_header(header(end=", 'x': 1, }\n")),
    "a key twice": with_header(header(end=", 'shape': (2, 2), }\n")),
    "no line feed": with_header(header(end=", }")),
    "two lines": with_header(header(end=", }\n\n")),
    "a header over the cap": with_header(header(end=", }" + " " * 10_000 + "\n"), b"\x02\x00"),
    "nested brackets": with_header("(" * 9000 + "\n"),
    "one side without its comma": with_header(header(shape="(4)")),
    "two sides with a comma after them": with_header(header(shape="(2, 2,)")),
    "a side that begins with 0": with_header(header(shape="(02, 2)")),
    "a digit of another script": with_header(header(shape="(\u0662, 2)")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_malformed(name):
    assert read(GOOD).shape == read(with_header(header())).shape == (2, 2)
    with pytest.raises(MalformedCertificate) as caught:
        read(REFUSED[name])
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_the_shape_that_is_asked_for():
    with pytest.raises(MalformedCertificate, match=r"must have the shape \(4,\), not \(2, 2\)"):
        decode_packed(read_array("X.npy", "", GOOD), "a", shape=(4,))


def test_minus_zero_is_zero():
    found = read(saved(np.array([-0.0, 0.5])))
    assert [Fraction(n, found.den) for n in found.numbers] == [0, Fraction(1, 2)]


EYE = saved(np.eye(2))


def named(data, name="X.npy"):
    obj = json.loads(LASSO)
    obj["claim"]["problem"]["matrix"] = {"file": name, "sha256": hashlib.sha256(data).hexdigest()}
    return seal(obj)


@pytest.fixture
def beside(tmp_path):
    (tmp_path / "x.cert.json").write_bytes(named(EYE))
    (tmp_path / "X.npy").write_bytes(EYE)
    return tmp_path


def test_a_certificate_with_the_users_own_file(beside):
    report = verify_path(beside / "x.cert.json")
    assert report.verdict == "valid"
    digest = hashlib.sha256(EYE).hexdigest()
    assert f"X is the 2 x 2 matrix of X.npy (SHA-256 {digest}); y has 2 entries." in report.statement.lines
    assert report.statement.title == verify_bytes(LASSO).statement.title


def test_numbers_of_a_file_are_printed_as_short_as_others(beside):
    """The denominator of a file is that of its smallest number, if it held all 53 bits."""
    for values, said in (([0.5, 0.5], "is 0.5"), ([0.5, 3.25], "lies between 0.5 and 3.25"), ([0.5, 1], "between 0.5")):
        obj = json.loads(LASSO)
        data = saved(np.array(values))
        obj["claim"]["problem"]["observation_weights"] = {
            "file": "w.npy",
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        obj["claim"]["problem"]["penalties"] = packed([100, 100])
        obj["claim"]["minimiser"], obj["evidence"]["rows"] = sparse([0, 0]), []
        (beside / "w.npy").write_bytes(data)
        (beside / "x.cert.json").write_bytes(seal(obj))
        lines = verify_path(beside / "x.cert.json").statement.lines
        assert any(line.startswith("w_i ") and said in line for line in lines)


def test_another_file_of_the_name_is_malformed(beside):
    (beside / "X.npy").write_bytes(saved(2 * np.eye(2)))
    report = verify_path(beside / "x.cert.json")
    assert report.verdict == "malformed" and "does not have the digest" in report.reason
    os.unlink(beside / "X.npy")
    assert "not beside the certificate" in verify_path(beside / "x.cert.json").reason


def test_a_bundle_with_a_file_of_numpy(tmp_path):
    write_bundle(tmp_path / "bundle", {"x.cert.json": named(EYE), "X.npy": EYE})
    assert verify_path(tmp_path / "bundle").verdict == "valid"
    write_bundle(tmp_path / "bundle", {"x.cert.json": LASSO, "X.npy": EYE})
    assert "is named by no certificate" in verify_path(tmp_path / "bundle").reason


def test_it_is_loaded_and_explained(beside, capsys):
    assert load(beside / "x.cert.json").claim["problem"]["matrix"] == [[1, 0], [0, 1]]
    assert load(beside / "x.cert.json").evidence["rows"] == [0, 1]
    assert main(["explain", str(beside / "x.cert.json")]) == 0
    out = capsys.readouterr().out
    assert "matrix: an array, 2 x 2, over 1: 1, 0, 0, 1\n" in out and "rows: a list of 2\n" in out


@pytest.mark.parametrize("column", [False, True])
def test_complex_data_of_a_user_in_files(tmp_path, column):
    """What is said is what is said of the same numbers in the certificate."""
    whole = verify_bytes(ACCEPTED["data-digits-complex-coefficients"]).statement
    obj = json.loads(ACCEPTED["data-digits-complex-coefficients"])
    arrays = {"X": [[1 + 1j, 1], [0, 2j]], "y": [3 + 1j, 0.125], "c": [2 - 1j, 1j]}
    for name, values in arrays.items():
        array = np.array(values, complex)
        data = saved(array[:, None] if column and array.ndim == 1 else array)
        (tmp_path / f"{name}.npy").write_bytes(data)
        arrays[name] = {"file": f"{name}.npy", "sha256": hashlib.sha256(data).hexdigest()}
    obj["claim"]["problem"] |= {"matrix": arrays["X"], "data": arrays["y"]}
    obj["claim"]["coefficients"] = arrays["c"]
    (tmp_path / "x.cert.json").write_bytes(seal(obj))
    said = verify_path(tmp_path / "x.cert.json").statement
    assert said.title == whole.title and said.lines[5:] == whole.lines[5:]
    assert any(line.startswith("X is the 2 x 2 matrix of X.npy (SHA-256 ") for line in said.lines)
    assert load(tmp_path / "x.cert.json").claim["problem"]["data"] == [[3, 1], [Fraction(1, 8), 0]] or column
    assert main(["explain", str(tmp_path / "x.cert.json")]) == 0


@pytest.mark.parametrize("values", [[[1j, 0]], [1j, 2], [[1j], [2]], [[1j, 0], [0, 1]]])
def test_complex_files_beside_real_problems_are_malformed(tmp_path, values):
    data = saved(np.array(values))
    (tmp_path / "x.cert.json").write_bytes(named(data))
    (tmp_path / "X.npy").write_bytes(data)
    assert verify_path(tmp_path / "x.cert.json").verdict == "malformed"


def test_other_kinds_take_no_file_of_numpy(tmp_path):
    obj = json.loads(minimiser.LASSO_ROOT)
    obj["claim"]["point"] = {"file": "X.npy", "sha256": hashlib.sha256(EYE).hexdigest()}
    (tmp_path / "x.cert.json").write_bytes(seal(obj))
    (tmp_path / "X.npy").write_bytes(EYE)
    report = verify_path(tmp_path / "x.cert.json")
    assert report.verdict == "malformed" and "must be an object" in report.reason


REFERENCE = {"file": "X.npy", "sha256": hashlib.sha256(EYE).hexdigest()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_in_any_place_is_no_fault(kind):
    """It may stand where an object, a number or the whole claim belongs."""
    for claim, evidence in ((REFERENCE, {}), ({}, REFERENCE), (REFERENCE, REFERENCE)):
        report = verify_bytes(seal(envelope(kind, claim, evidence)), beside=lambda name: EYE)
        assert report.verdict == "malformed" and "no claim or evidence" in report.reason
    data = next(data for data in ACCEPTED.values() if json.loads(data)["kind"] == kind)
    for path in _keys(json.loads(data)):
        if path[0] in ("claim", "evidence"):
            report = verify_bytes(changed(data, list(path), REFERENCE), beside=lambda name: EYE)
            assert report.verdict == "malformed" or path == ("claim", "problem", "matrix")
