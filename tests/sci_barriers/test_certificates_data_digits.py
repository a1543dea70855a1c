"""The writer of kind data-digits: what it writes is accepted, with arrays inside or in files beside it."""

import numpy as np
import pytest

from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_column
from proofs_checks import verify_bytes, verify_path, write_bundle
from proofs_checks.certificate.reading import parse
from sci_barriers.certificates.data_digits import data_digits_certificate, data_digits_files
from sci_barriers.certificates.penalised import array_file
from sci_barriers.certificates.precision import DATA_RADII, MATRIX_RADII, encode_precision
from sci_barriers.problems.determined.complex_point import determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.determining import determine
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
from sci_barriers.problems.penalised.solving import minimise

RNG = np.random.default_rng(2)
X, Y = np.round(RNG.normal(size=(8, 3)), 2), np.round(RNG.normal(size=8), 2)
RADII = RNG.integers(0, 3, size=(8, 3)) / 2**12
PRECISION = Precision(Radius.entrywise(RADII), Radius.spectral("1/1000"))
PROBLEM = PenalisedLeastSquares.of(X, Y, penalties=[1, 1, 1, 0], intercept=True)
FOUND = determine(minimise(PROBLEM), PRECISION, scales=[1, 2])
COMPLEX = determine_complex(ComplexLeastSquares.of(X + 1j * X[:, ::-1], Y, penalties=[1, 1, 1]))


def test_what_is_written():
    file = parse(data_digits_certificate(FOUND))
    assert file.kind == "data-digits"
    assert (file.claim["objective"], file.claim["coefficients"]) == ("lasso", None)
    assert file.claim["scales"] == [["0x1", "0x1"], ["0x2", "0x1"]]
    assert file.claim["precision"]["data"] == {"entries": None, "norm": ["0x1", "0x3e8"]}
    assert file.claim["precision"]["matrix"]["entries"]["shape"] == ["0x8", "0x3"]
    # the intercept is among the columns that may be in
    assert file.evidence["allowed"][-1] == "0x3"


@pytest.mark.parametrize("coefficients", [None, [0.1, 0, -0.25, 1]])
def test_it_is_accepted(coefficients):
    given = None if coefficients is None else exact_column(coefficients)
    report = verify_bytes(data_digits_certificate(FOUND, given, provenance={"subject": "mine"}))
    assert report.verdict == "valid"
    assert any(line.startswith("|c - x'|") for line in report.statement.lines) == (given is not None)


@pytest.mark.parametrize("found", [FOUND, COMPLEX], ids=["real", "complex"])
def test_large_arrays_lie_beside_it(monkeypatch, tmp_path, found):
    monkeypatch.setattr("sci_barriers.certificates.penalised.INLINE", 3)
    monkeypatch.setattr("sci_barriers.certificates.precision.INLINE", 3)
    files = data_digits_files(found, stem="it")
    radii = ["it-X-radii.npy"] if found is FOUND else []
    assert sorted(files) == sorted(["it-X.npy", "it.cert.json", *radii])
    write_bundle(tmp_path / "bundle", files)
    assert verify_path(tmp_path / "bundle").verdict == "valid"


def test_the_users_own_radii_lie_beside_it(tmp_path):
    y = Radius.entrywise(np.full(8, 0.001))
    found = determine(minimise(PROBLEM), Precision(Radius.entrywise(RADII), y))
    files = {MATRIX_RADII: array_file("dX", Radius.entrywise(RADII).entries), DATA_RADII: array_file("dy", y.entries)}
    written = data_digits_files(found, files=files)
    assert sorted(written) == ["dX.npy", "data.cert.json", "dy.npy"]
    write_bundle(tmp_path / "bundle", written)
    assert verify_path(tmp_path / "bundle").verdict == "valid"


@pytest.mark.parametrize(
    ("files", "kind", "words"),
    [
        ({MATRIX_RADII: array_file("dX", Radius.entrywise(2 * RADII).entries)}, DataError, "does not hold the radii"),
        ({MATRIX_RADII: array_file("dX", Radius.entrywise(RADII[:4]).entries)}, DataError, "does not hold the radii"),
        ({DATA_RADII: array_file("dy", exact_column([1] * 8))}, DataError, "and there is a norm"),
        ({"matrix": array_file("X", Radius.entrywise(RADII).entries)}, DataError, "holds another array"),
        ({"scale": ("x.npy", b"")}, UsageError, "no array 'scale'"),
    ],
)
def test_files_that_hold_something_else(files, kind, words):
    with pytest.raises(kind, match=words):
        data_digits_certificate(FOUND, files=files)


def test_a_radius_of_0_is_a_norm():
    assert encode_precision(Precision(Radius.exactly(), Radius.exactly()))["matrix"]["norm"] == ["0x0", "0x1"]
