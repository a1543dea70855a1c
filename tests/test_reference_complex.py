"""The complex reference data: certificates and digits by the definition, and a solver that is told nothing."""

import csv
import json
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from benchmarks import reference_complex, reference_data
from benchmarks.reference_complex_sets import COMPLEX
from exact_base.errors import DataError
from proofs_checks.certificate import reading
from proofs_checks.certificate.arrays import decode_packed
from proofs_checks.checker import verify_bytes
from sci_barriers.testing import ComplexReferenceProblem, complex_reference_problems, reference_problems

HOME = Path(__file__).resolve().parent.parent / "reference" / "complex"
PROBLEMS = {problem.name: problem for problem in complex_reference_problems()}
_SHOWN = 12  # columns of a list in a statement
FIFTY = Context(prec=50, rounding=ROUND_HALF_EVEN)


def rows_of(name, file):
    with (HOME / name / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def parts_of(row):
    """The complex numbers of a row, whose parts stand side by side."""
    texts = list(row.values())
    return [(Fraction(a), Fraction(b)) for a, b in zip(texts[::2], texts[1::2], strict=True)]


def point_of(name):
    return [(Fraction(row["re"]), Fraction(row["im"])) for row in rows_of(name, "solution.csv")]


def residual_of(name, point):
    """y - Xx, from the files."""
    found = []
    for row, given in zip(rows_of(name, "X.csv"), rows_of(name, "y.csv"), strict=True):
        ((c, d),) = parts_of(given)
        for (p, q), (a, b) in zip(parts_of(row), point, strict=True):
            c, d = c - (p * a - q * b), d - (p * b + q * a)
        found.append((c, d))
    return found


def root(value):
    """A square root to 60 digits."""
    context = Context(prec=60)
    return Fraction(context.sqrt(context.divide(Decimal(value.numerator), Decimal(value.denominator))))


def certificate(name):
    return (HOME / name / "solution.cert.json").read_bytes()


# --- the files -------------------------------------------------------------------------------------


def test_they_are_apart_from_the_real_ones():
    assert sorted(PROBLEMS) == sorted(COMPLEX)
    assert not {problem.name for problem in reference_problems()} & {*COMPLEX}
    assert {path.name for path in HOME.iterdir()} == {*COMPLEX}


@pytest.mark.parametrize("name", COMPLEX)
def test_every_number_of_the_files_is_a_float(name):
    for file in ("X.csv", "y.csv", "columns.csv"):
        for row in rows_of(name, file):
            for key, text in row.items():
                assert key == "name" or Fraction(float(text)) == Fraction(text)


@pytest.mark.parametrize("name", COMPLEX)
def test_the_certificate_is_of_the_problem_and_the_decimals_of_the_files(name):
    claim = reading.parse(certificate(name)).claim
    rows = [parts_of(row) for row in rows_of(name, "X.csv")]
    for field, wanted in (
        (claim["problem"]["matrix"], [entry for row in rows for entry in row]),
        (claim["problem"]["data"], [parts_of(row)[0] for row in rows_of(name, "y.csv")]),
        (claim["coefficients"], point_of(name)),
        (claim["problem"]["penalties"], [(Fraction(row["penalty"]),) for row in rows_of(name, "columns.csv")]),
    ):
        assert numbers_of(field) == [part for entry in wanted for part in entry]
    assert (claim["noise"], claim["objective"], claim["problem"]["ridge"]) == (None, "lasso", None)
    assert {tuple(radius["norm"]) for radius in claim["precision"].values()} == {("0x0", "0x1")}


@pytest.mark.parametrize("name", COMPLEX)
def test_the_script_makes_the_same_files(name):
    made = reference_complex.complex_folder_files(COMPLEX[name](), reference_data.difficulty)
    kept = {path.name: path.read_bytes() for path in (HOME / name).iterdir()}
    assert made.keys() == kept.keys()
    for file, content in made.items():
        if file != "solution.cert.json":  # there are several proofs of one claim
            assert content == kept[file]
    assert verify_bytes(made["solution.cert.json"]).verdict == "valid"
    assert reading.parse(made["solution.cert.json"]).claim == reading.parse(certificate(name)).claim
    index = (HOME.parent / reference_data.INDEX).read_bytes().splitlines(keepends=True)
    assert reference_data.table_file(reference_data.index_line(made, f"complex/{name}"), []) in index
    digests = json.loads(kept["problem.json"])["sha256"]
    assert digests == {file: sha256(kept[file]).hexdigest() for file in ("X.csv", "columns.csv", "y.csv")}


# --- the solutions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPLEX)
def test_the_checker_proves_all_fifty_digits_and_the_support(name):
    report = verify_bytes(certificate(name))
    assert report.verdict == "valid"
    said = "\n".join(report.statement.lines)
    distance = Fraction(re.search(r"\|x' - x\| is at most ([0-9.e-]+[0-9])", said)[1])
    point = reading.parse(certificate(name)).evidence["point"]
    n = len(point_of(name))
    exact = [Fraction(0)] * (2 * n)
    for place, number in zip(point["places"], numbers_of(point["entries"]), strict=True):
        exact[int(place, 16)] = number
    texts = [row[key] for row in rows_of(name, "solution.csv") for key in ("re", "im")]
    for value, text in zip(exact, texts, strict=True):
        if Fraction(text) == value == 0:
            continue
        ends = {fifty(value - distance), fifty(value + distance)}
        assert ends == {Fraction(text)}
    support = [int(row["column"]) for row in rows_of(name, "solution.csv") if row["support"] == "1"]
    outside = [j for j in range(1, n + 1) if j not in support]
    for start, columns in (("In: x'_j is not 0", support), ("Out: x'_j is 0", outside)):
        count, shown = listed(said, start)
        assert count == len(columns) and shown == columns[:_SHOWN]
    assert "Not decided" not in said


def numbers_of(field):
    array = decode_packed(field, "an array")
    return [Fraction(n, array.den) for n in array.numbers]


def fifty(value):
    return Fraction(FIFTY.divide(Decimal(value.numerator), Decimal(value.denominator)))


def listed(said, start):
    """How many columns a line of the statement is about, and the first of them."""
    (line,) = (line for line in said.split("\n") if line.startswith(start))
    count, *columns = map(int, re.findall(r"\d+", line.removeprefix(start)))
    return count, columns[:_SHOWN]


@pytest.mark.parametrize("name", COMPLEX)
def test_the_conditions_of_a_minimiser_hold_to_forty_digits(name):
    point, rows = point_of(name), [parts_of(row) for row in rows_of(name, "X.csv")]
    left = residual_of(name, point)
    penalties = [Fraction(row["penalty"]) for row in rows_of(name, "columns.csv")]
    total, near = Fraction(0), Fraction(1, 10**40)
    for j, ((a, b), mu) in enumerate(zip(point, penalties, strict=True)):
        s = 2 * sum(row[j][0] * c + row[j][1] * d for row, (c, d) in zip(rows, left, strict=True))
        t = 2 * sum(row[j][0] * d - row[j][1] * c for row, (c, d) in zip(rows, left, strict=True))
        size = root(a * a + b * b)
        total += mu * size
        if size:
            assert abs(s - mu * a / size) <= near and abs(t - mu * b / size) <= near
        else:
            assert s * s + t * t < mu * mu
    answer = json.loads((HOME / name / "solution.json").read_text(encoding="utf-8"))
    squares = sum(c * c + d * d for c, d in left)
    assert abs(squares - Fraction(answer["sum_of_squares"])) <= near
    assert abs(squares + total - Fraction(answer["objective"])) <= near


def test_they_have_what_they_are_for():
    """Penalties that differ, one of them 0; columns that are alike up to a phase; rows of a unitary matrix."""
    penalties = PROBLEMS["complex-penalties-24x10"].penalties
    assert penalties.min() == 0 and len(set(penalties)) == 10
    matrix = PROBLEMS["complex-nearly-collinear-24x12"].matrix
    assert np.abs(matrix[:, 6:] - 1j * matrix[:, :6]).max() < 0.01
    rows = PROBLEMS["complex-fourier-16x32"].matrix
    assert np.abs(rows @ rows.conj().T - np.eye(16)).max() < 1e-14


def test_digits_that_are_not_decided_are_refused():
    value, error = reference_complex.fmpq(1, 3), reference_complex.fmpq(1, 10**60)
    assert reference_complex.rounded_within(value, error) == "0." + 50 * "3"
    half = reference_complex.fmpq(10**50 + 5, 10**51)  # 50 digits and a 5
    with pytest.raises(SystemExit, match="more digits"):
        reference_complex.rounded_within(half, error)


# --- for tests of solvers --------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPLEX)
def test_digits_of_answers(name):
    problem = PROBLEMS[name]
    right = np.array([complex(float(a), float(b)) for a, b in problem.solution])
    assert 15 <= problem.digits(right) <= 17
    assert problem.digits(right * (1 + 2e-6j)) == 5
    assert problem.digits(right.conj()) == problem.digits(-3 * right) == 0
    problem.require(right, digits=15)
    with pytest.raises(AssertionError, match=rf"{name} \(\w+\): 5 digits of 6; the relative distance"):
        problem.require(right * (1 + 2e-6j), digits=6)


@pytest.mark.parametrize("answer", [[0.0], [0.0] * 11, [float("nan")] * 10, [[0.0] * 10] * 2])
def test_what_is_no_answer_is_refused(answer):
    with pytest.raises(DataError):
        PROBLEMS["complex-gauss-20x10"].digits(answer)


def test_a_folder_that_is_not_there_and_a_missing_table_are_one_line(tmp_path):
    with pytest.raises(DataError, match="no reference data"):
        complex_reference_problems(tmp_path)
    with pytest.raises(DataError, match=r"cannot read .*X\.csv"):
        ComplexReferenceProblem("x", tmp_path, {"difficulty": "lower"}).matrix  # noqa: B018


@pytest.mark.parametrize("name", ["complex-gauss-20x10", "complex-penalties-24x10"])
def test_clarabel_finds_the_minimiser(name):
    import cvxpy as cp

    problem = PROBLEMS[name]
    x = cp.Variable(problem.matrix.shape[1], complex=True)
    objective = cp.sum_squares(problem.data - problem.matrix @ x) + problem.penalties @ cp.abs(x)
    cp.Problem(cp.Minimize(objective)).solve(solver="CLARABEL")
    problem.require(x.value, digits=4)
