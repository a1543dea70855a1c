"""The reference data: files are what they say, numbers are right by the definition, and the script makes them."""

import contextlib
import csv
import json
import math
import re
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import reference_data, reference_table
from benchmarks.reference_complex_sets import COMPLEX
from benchmarks.reference_sets import LARGE, SETS, Stream
from exact_base.errors import DataError
from proofs_checks.certificate import reading
from proofs_checks.certificate.arrays import decode_packed
from proofs_checks.checker import verify_bytes
from proofs_checks.cli import main as proofs_checks
from sci_barriers.testing import ReferenceProblem, reference_problems

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "reference"
FOLDERS = [*SETS, *(f"large/{name}" for name in LARGE), *(f"complex/{name}" for name in COMPLEX)]
PROBLEMS = {problem.name: problem for problem in reference_problems()}
ALWAYS = {"problem.json", "columns.csv", "solution.csv", "solution.json", "solution.cert.json"}
LONG = ["gauss-100x50", "gauss-100x50-small-penalty", "gauss-30x400", "gauss-30x400-small-penalty", "gauss-25x1000",
        "anes96-lasso", "diabetes-lasso", "diabetes-small-penalty", "diabetes-elastic-net", "macrodata-least-squares",
        "macrodata-lasso", "breast-cancer-lasso", "nonnegative-lasso", "gauss-40x120", "wine-lasso",
        "sunspots-lags"]  # fmt: skip
"""These are the longest, and much like others."""
MADE_AGAIN = [
    "one-by-one",
    "twins-2",
    "weighted-rows-intercept",
    "elastic-net-twins",
    "longley-lasso",
    "linnerud-lasso",
]


def table(folder, name):
    """A file as its columns of texts."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert {len(row) for row in rows} == {len(header)}
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def numbers(texts):
    return [Fraction(text) for text in texts]


class Case:
    """A folder, read here and by nothing of the library."""

    def __init__(self, name):
        folder = REFERENCE / name
        self.about = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
        self.answer = json.loads((folder / "solution.json").read_text(encoding="utf-8"))
        self.columns, self.solution = table(folder, "columns.csv"), table(folder, "solution.csv")
        self.matrix = [numbers(column) for column in table(folder, "X.csv").values()]
        self.data = numbers(table(folder, "y.csv")["y"])
        self.size = len(self.columns["name"])
        self.weights = [Fraction(1)] * len(self.data)
        if self.about["observation_weights"]:
            self.weights = numbers(table(folder, "rows.csv")["weight"])
        self.penalty, self.ridge = numbers(self.columns["penalty"]), numbers(self.columns["ridge"])
        centres, scales = numbers(self.columns["centre"]), numbers(self.columns["scale"])
        self.design = [
            column if (c, s) == (0, 1) else [(a - c) / s for a in column]
            for column, c, s in zip(self.matrix, centres, scales, strict=False)
        ]
        if self.about["intercept"]:
            self.design.append([Fraction(1)] * len(self.data))
        self.point = numbers(self.solution["coefficient"])

    def residual(self, point):
        left = list(self.data)
        for column, x in zip(self.design, point, strict=True):
            if x:
                left = [b - a * x for a, b in zip(column, left, strict=True)]
        return left

    def slopes(self, point):
        weighted = [w * r for w, r in zip(self.weights, self.residual(point), strict=True)]
        common = math.lcm(*(r.denominator for r in weighted))
        whole = [int(r * common) for r in weighted]
        return [
            2 * sum((a * r for a, r in zip(column, whole, strict=True) if a), Fraction(0)) / common - 2 * kappa * x
            for column, kappa, x in zip(self.design, self.ridge, point, strict=True)
        ]

    def objective(self, point):
        squares = sum(w * r * r for w, r in zip(self.weights, self.residual(point), strict=True))
        terms = zip(self.penalty, self.ridge, point, strict=True)
        return squares, squares + sum(mu * abs(x) + kappa * x * x for mu, kappa, x in terms)


# --- the folder ------------------------------------------------------------------------------------


def test_the_index_names_every_folder():
    index = table(REFERENCE, reference_data.INDEX)
    found = {path.parent.relative_to(REFERENCE).as_posix() for path in REFERENCE.rglob("problem.json")}
    assert sorted(index["folder"]) == sorted(FOLDERS) == sorted(found)
    assert len(FOLDERS) >= 40
    assert set(index["difficulty"]) == {"lower", "average", "higher", "several"}
    wanted = {"lasso", "elastic-net", "ridge", "least-squares", "nonnegative", "collinear", "Mairal-Yu", "duplicates",
              "p>n", "observation-weights", "penalty-weights", "omega", "real", "intercept",
              "standardised"}  # fmt: skip
    assert wanted <= set(" ".join(index["tags"]).split())


def test_the_pages_say_how_many_there_are(root):
    assert f"\n{len(SETS)} regression problems" in (REFERENCE / "README.md").read_text(encoding="utf-8")
    for page in ("docs/reference-data.md", "CHANGELOG.md"):
        assert f" {len(FOLDERS)} problems" in (root / page).read_text(encoding="utf-8")


def test_the_files_are_small():
    sizes = {path: path.stat().st_size for path in REFERENCE.rglob("*") if path.is_file()}
    assert max(sizes.values()) <= 200_000 and sum(sizes.values()) <= 5_000_000


def test_every_licence_is_named():
    abouts = [problem.about for problem in PROBLEMS.values()]
    said = {about["licence"] for about in abouts}
    assert {licence.split(",")[0].split(" ")[0] for licence in said} == {"made", "public", "BSD"}
    text = (REFERENCE / "LICENSE-scikit-learn.txt").read_text(encoding="utf-8")
    assert text.startswith("BSD 3-Clause License") and text.rstrip().endswith("POSSIBILITY OF SUCH DAMAGE.")
    for about in abouts:
        assert ("real" in about["tags"]) == ("from statsmodels" in about["source"] or "scikit-learn" in about["source"])


@pytest.mark.parametrize("name", FOLDERS)
def test_the_files_of_a_folder_are_those_that_are_named(name):
    folder = REFERENCE / name
    about = json.loads((folder / "problem.json").read_text(encoding="utf-8"))
    digests = about["sha256"]
    assert {"X.csv", "y.csv", "columns.csv"} <= set(digests)
    for file, digest in digests.items():
        if (folder / file).exists():
            assert sha256((folder / file).read_bytes()).hexdigest() == digest
        else:
            assert name.startswith("large/")
    several = {"least-norm.cert.json"} if about["difficulty"] == "several" else set()
    kept = set(digests) - ({"X.csv", "y.csv", "X.npy"} if name.startswith("large/") else set())
    assert {path.name for path in folder.iterdir()} == ALWAYS | kept | several


@pytest.mark.slow_for(*LONG)
@pytest.mark.parametrize("name", SETS)
def test_every_number_is_a_float_of_few_digits(name):
    files = {"X.csv", "y.csv", "columns.csv", "rows.csv"} & {path.name for path in (REFERENCE / name).iterdir()}
    for file in files:
        text = (REFERENCE / name / file).read_text(encoding="utf-8")
        assert '"' not in text and "\r" not in text and text.endswith("\n")
        for header, column in table(REFERENCE / name, file).items():
            if header == "name" and file == "columns.csv":
                continue
            for entry in set(column):
                value = Fraction(entry)
                assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", entry)
                assert len(entry.replace(".", "").strip("-0")) <= 15 and Fraction(float(entry)) == value


# --- the solutions ---------------------------------------------------------------------------------


@pytest.mark.slow_for(*LONG)
@pytest.mark.parametrize("name", SETS)
def test_the_conditions_of_a_minimiser_hold_to_forty_digits(name):
    case = Case(name)
    slopes = case.slopes(case.point)
    unit = max(abs(2 * sum(w * a * b for w, a, b in zip(case.weights, column, case.data, strict=True)))
               for column in case.design) + max(case.penalty)  # fmt: skip
    flags = zip(*(map(int, case.solution[key]) for key in ("support", "active", "sign", "face")), strict=True)
    several = case.answer["unique"] == "no"
    for j, (support, active, sign, face) in enumerate(flags):
        x, slope, mu = case.point[j], slopes[j], case.penalty[j]
        near = unit / 10**38 + abs(slope) / 10**38
        one_sided = case.columns["nonnegative"][j] == "1"
        assert support == (x != 0) and (x >= 0 or not one_sided)
        gap = mu - (slope if one_sided else abs(slope))
        assert gap >= -near
        assert active == (gap <= near)
        if active:
            assert sign == (1 if one_sided else 0 if mu == 0 else 1 if slope > 0 else -1)
            assert sign == 0 or sign * x >= 0
        else:
            assert (support, sign) == (0, 0)
        assert face == (several and active and case.ridge[j] == 0)
    squares, objective = case.objective(case.point)
    for value, text in ((objective, case.answer["objective"]), (squares, case.answer["weighted_sum_of_squares"])):
        assert abs(value - Fraction(text)) <= (abs(value) + unit) / 10**38
    assert case.answer["support_size"] == sum(x != 0 for x in case.point[: case.about["columns"]])


@pytest.mark.slow_for(*LONG)
@pytest.mark.parametrize("name", SETS)
def test_the_certificate_is_valid_and_about_these_files(name):
    case = Case(name)
    certificates = {path.name: path.read_bytes() for path in (REFERENCE / name).glob("*.cert.json")}
    assert {verify_bytes(data).verdict for data in certificates.values()} == {"valid"}
    for file, data in certificates.items():
        parsed = reading.parse(data)
        claim, problem = parsed.claim, parsed.claim["problem"]
        assert parsed.kind == "solution-digits" and claim["unique"] == case.answer["unique"]
        rows = list(zip(*case.matrix, strict=True))
        for field, expected in (
            ("matrix", [a for row in rows for a in row]),
            ("data", case.data),
            ("penalties", case.penalty),
            ("ridge", case.ridge),
            ("observation_weights", case.weights),
        ):
            assert unpacked(problem[field], len(expected), 1 if field == "observation_weights" else 0) == expected
        named = [j for j, text in enumerate(case.columns["nonnegative"]) if text == "1"]
        assert [int(j, 16) for j in problem["nonnegative"]] == named
        assert problem["intercept"] == case.about["intercept"]
        given = [Fraction(0)] * case.size if file.startswith("least-norm") else case.point
        assert unpacked(claim["coefficients"], case.size, 0) == given


def unpacked(packed, count, default):
    if packed is None:
        return [Fraction(default)] * count
    found = decode_packed(packed, "an array")
    return [Fraction(number, found.den) for number in found.numbers]


@pytest.mark.slow_for(*LONG)
@pytest.mark.parametrize("name", SETS)
def test_the_digits_are_fifty_and_rounded_to_nearest(name):
    """The certificate proves the digits as a whole; here each one, from the exact minimiser."""
    problem = PROBLEMS[name]
    found = problem.finding(problem.solution)
    assert problem.digits(problem.solution) >= 49
    if found.unique == "yes":
        exact = [Fraction(int(value.p), int(value.q)) for value in found.minimiser]
        assert [a == 0 for a in exact] == [b == 0 for b in problem.solution]
        for a, b in zip(exact, problem.solution, strict=True):
            if a:
                last = Fraction(10) ** (math.floor(math.log10(abs(b))) - 49)
                assert abs(a - b) <= last / 2


def test_minimisers_known_by_hand():
    assert Case("one-by-one").point == [Fraction(11, 8)]
    assert Case("twins-2").point == [Fraction(3, 4)] * 2
    soft = Case("soft-threshold-12")
    assert soft.point == [(1 if y > 0 else -1) * max(abs(y) - Fraction(3, 2), Fraction(0)) for y in soft.data]
    assert Case("polynomial-exact-fit").point == [1] * 6
    ties = Case("omega-tie-k4")
    height = (1 - Fraction(1, 4) / 6667) / 6667
    assert all(abs(x - height / 4) < Fraction(1, 10**50) for x in ties.point[:4]) and not any(ties.point[4:])


def test_least_squares_on_longley_agrees_with_nist():
    """The certified values of the Statistical Reference Datasets, to their 15 digits; GNPDEFL is in tenths here."""
    certified = ["15.0618722713733", "-0.0358191792925910", "-2.02022980381683", "-1.03322686717359",
                 "-0.0511041056535807", "1829.15146461355", "-3482258.63459582"]  # fmt: skip
    point = Case("longley-least-squares").point
    point[0] *= 10
    for ours, theirs in zip(point, certified, strict=True):
        assert f"{float(ours):.14e}" == f"{float(theirs):.14e}"
    assert f"{float(Fraction(Case('longley-least-squares').answer['objective'])):.9f}" == "836424.055505915"


# --- the script ------------------------------------------------------------------------------------


@pytest.mark.slow_but(*MADE_AGAIN)
@pytest.mark.parametrize("name", SETS)
def test_the_script_makes_the_same_files(name):
    """Byte for byte, but for the evidence of certificates: there are several proofs of one claim."""
    made = reference_data.folder_files(SETS[name]())
    kept = {path.name: path.read_bytes() for path in (REFERENCE / name).iterdir()}
    assert claims(made) == claims(kept)
    lines = (REFERENCE / reference_data.INDEX).read_bytes().splitlines(keepends=True)
    assert reference_data.table_file(reference_data.index_line(made, name), []) in lines


def claims(files):
    """Files by name, of certificates the claims; they must be valid if nothing lies beside them."""
    found = dict(files)
    for name in files:
        if name.endswith(".cert.json"):
            found[name] = reading.parse(files[name]).claim
            assert "X.npy" in json.dumps(found[name]["problem"]) or verify_bytes(files[name]).verdict == "valid"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_larger_one_is_written_and_its_certificate_holds(name, tmp_path, capsys):
    reference_data.main(["--large", str(tmp_path), "--only", name])
    files = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
    kept = {path.name: path.read_bytes() for path in (REFERENCE / "large" / name).iterdir()}
    assert claims(reference_data.kept(files, large=True)) == claims(kept)
    digests = json.loads(kept["problem.json"])["sha256"]
    assert digests == {file: sha256(files[file]).hexdigest() for file in digests} and "X.npy" in digests
    assert proofs_checks(["verify", str(tmp_path / name / "solution.cert.json")]) == 0
    assert "valid (solution-digits)" in capsys.readouterr().out


def test_a_data_set_that_is_unknown_is_a_usage_error(capsys, tmp_path):
    with pytest.raises(SystemExit, match="2"):
        reference_data.main(["--only", "no-such", "--out", str(tmp_path)])
    assert "no such data set: no-such" in capsys.readouterr().err


def test_the_script_writes_where_it_is_told(tmp_path):
    reference_data.main(["--only", "twins-2", "--out", str(tmp_path)])
    (problem,) = reference_problems(tmp_path)
    assert (problem.name, problem.folder) == ("twins-2", tmp_path / "twins-2")


def test_the_stream_is_sha256_in_counter_mode():
    words = [int.from_bytes(sha256(b"a:0").digest()[k : k + 8], "big") for k in (0, 8, 16, 24)]
    words.append(int.from_bytes(sha256(b"a:1").digest()[:8], "big"))
    stream = Stream("a")
    assert [stream.below(2**64) for _ in range(5)] == words
    bells = [Stream(f"bells {k}").bell() for k in range(400)]
    assert abs(sum(bells)) < 400 * 0.3 and 1 < sum(b * b for b in bells) / 400 < 1.7


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-3", "-3"),
        ("100", "100"),
        ("1/8", "0.125"),
        ("-7/20", "-0.35"),
        ("1/3", "1/3"),
        ("5/6", "5/6"),
        (f"-{2**53 - 1}/{2**55}", "-0.2499999999999999722444243843710864894092082977294921875"),
    ],
)
def test_exact_decimals(value, text):
    assert reference_data.exact_decimal(Fraction(value)) == text


@given(st.fractions(max_denominator=10**30), st.integers(-40, 40))
def test_a_number_is_rounded_to_the_nearest_of_fifty_digits(ratio, exponent):
    value = ratio * Fraction(10) ** exponent
    text = reference_data.rounded(reference_data.fmpq(value.numerator, value.denominator))
    digits = text.partition("e")[0].replace(".", "").lstrip("-").lstrip("0")
    assert len(digits.rstrip("0")) <= 50
    if value == 0:
        assert text == "0"
        return
    power = math.floor(math.log10(abs(Fraction(text))))
    unit = Fraction(10) ** (power - 49)
    assert abs(Fraction(text) - value) <= unit / 2


@given(st.integers(-(10**20), 10**20), st.integers(0, 30), st.integers(0, 30))
@example(10**20 - 1, 30, 0)
def test_a_decimal_is_exact(numerator, twos, fives):
    value = Fraction(numerator, 2**twos * 5**fives)
    text = reference_data.exact_decimal(value)
    assert Fraction(text) == value and re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=6, max_size=6), st.integers(0, 12))
def test_digits_by_their_definition(steps, exponent):
    """For a problem with one minimiser: the largest k with |c - x| <= 10^-k |x|, from the decimals."""
    problem = PROBLEMS["standardised-by-hand"]
    answer = [x + Fraction(step, 10**6) / 10**exponent for x, step in zip(problem.solution, [*steps, 0], strict=True)]
    distance2 = sum((a - x) ** 2 for a, x in zip(answer[:6], problem.solution, strict=False))
    size2 = sum(x * x for x in problem.solution[:6])
    k = problem.digits(answer)
    if any(steps):
        assert k == 0 or distance2 <= size2 / 100**k * (1 + Fraction(1, 10**30))
        assert distance2 > size2 / 100 ** (k + 1) * (1 - Fraction(1, 10**30))


@pytest.mark.parametrize(
    ("unique", "inflation", "margin", "found"),
    [
        ("yes", 100, "1/1000", "lower"),
        ("yes", 101, "1/1000", "average"),
        ("yes", 100, "1/1001", "average"),
        ("yes", 10**6, "1/1000000", "average"),
        ("yes", 10**6 + 1, "1", "higher"),
        ("yes", 1, "0", "higher"),
        ("no", 1, "1", "several"),
        ("no", None, "1", "several"),
    ],
)
def test_classes_of_difficulty(unique, inflation, margin, found):
    square = Fraction(margin) ** 2
    root = reference_data.fmpq(square.numerator, square.denominator)
    assert reference_data.difficulty(unique, inflation, root) == found


@pytest.mark.parametrize("name", ["gauss-20x10", "pairs-2-20", "weighted-rows", "elastic-net-twins", "elnino-lasso"])
def test_inflation_and_margin_by_their_definition_in_floats(name):
    case, problem = Case(name), PROBLEMS[name]
    design = problem.design if not problem.intercept else np.column_stack([problem.design, np.ones(len(case.data))])
    weights = np.array(list(map(float, case.weights)))
    support = [j for j, x in enumerate(case.point) if x]
    rows = np.vstack([design * np.sqrt(weights)[:, None], np.diag(np.sqrt(problem.ridge))])
    sizes = np.sqrt((rows**2).sum(axis=0))
    inside = rows[:, support] / sizes[support]
    inverse = np.linalg.inv(np.linalg.qr(inside)[1])
    assert float(case.about["root_of_variance_inflation"]) == pytest.approx(
        np.sqrt((inverse**2).sum(axis=1).max()), rel=1e-2
    )
    slopes = case.slopes(case.point)
    shares = [abs(float(case.point[j])) * sizes[j] for j in support if j < case.about["columns"]]
    rooms = [1 - abs(float(slopes[j] / case.penalty[j])) for j in range(case.size) if j not in support]
    assert float(case.about["margin"]) == pytest.approx(min([1, *rooms, min(shares) / max(shares)]), rel=1e-2)


# --- for tests of solvers --------------------------------------------------------------------------


def test_classes_and_tags_choose():
    assert {p.difficulty for p in reference_problems(difficulty="higher")} == {"higher"}
    two = reference_problems(difficulty=["lower", "several"], tag="tiny")
    assert [p.name for p in two] == ["one-by-one", "twins-2"]
    assert reference_problems(tag="no such tag") == []
    assert len(PROBLEMS) == len(SETS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"difficulty": "easy"}, "unknown difficulty 'easy'"),
        ({"difficulty": ["lower", "hard"]}, "unknown difficulty 'hard'"),
        ({"folder": "no/such/folder"}, "no reference data"),
    ],
)
def test_what_is_not_there_is_one_line(arguments, message):
    with pytest.raises(DataError, match=message) as caught:
        reference_problems(**arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": "x"}', "\xff"])
def test_a_damaged_folder_is_one_line(tmp_path, content):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "problem.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError, match="cannot read"):
        reference_problems(tmp_path)


def test_a_missing_table_is_one_line(tmp_path):
    about = {"name": "x", "difficulty": "lower", "tags": []}
    with pytest.raises(DataError, match=r"cannot read .*X\.csv"):
        ReferenceProblem("x", tmp_path, about).matrix  # noqa: B018


def test_digits_of_answers():
    problem = PROBLEMS["longley-lasso"]
    right = np.array([float(x) for x in problem.solution])
    assert 15 <= problem.digits(right) <= 17
    assert problem.digits(right * (1 + 2e-6)) == 5
    assert problem.digits(np.zeros_like(right)) == problem.digits(-3 * right) == 0
    off = right.copy()
    off[-1] += 1000  # the intercept has no part
    assert problem.digits(off) == problem.digits(right)


@pytest.mark.parametrize("answer", [[0.0], [0.0] * 8, [float("nan")] * 7, [1j] * 7, [[0.0] * 7] * 2])
def test_what_is_no_answer_is_refused(answer):
    with pytest.raises(DataError):
        PROBLEMS["longley-lasso"].digits(answer)


def test_every_minimiser_has_all_digits():
    twins = PROBLEMS["twins-2"]
    assert [twins.digits([t, 1.5 - t]) for t in (0, 0.25, 1.5)] == [50] * 3
    assert twins.digits([-0.25, 1.75]) == 0  # has the right sum, and costs more
    problem = PROBLEMS["twins-30x20"]
    least = [float(x) for x in problem.solution]
    moved = [2 * x for x in least[:10]] + [0.0] * 10
    assert least[:10] == least[10:] and problem.digits(moved) >= 15


def test_zero_is_right_at_the_largest_penalty():
    problem = PROBLEMS["largest-penalty"]
    assert problem.digits([0.0] * 8) == 50
    assert problem.digits([0.0] * 7 + [0.0005]) == 3  # absolute, as the minimiser is zero


def test_a_failure_says_how_far_and_where():
    problem = PROBLEMS["longley-lasso"]
    right = [float(x) for x in problem.solution]
    problem.require(right, digits=15)
    wrong = list(right)
    wrong[right.index(max(right[:6], key=abs))] *= 1.5
    with pytest.raises(AssertionError, match=r"longley-lasso \(lower\): 0 digits of 6; the relative distance"):
        problem.require(wrong, digits=6)
    with pytest.raises(AssertionError, match="; other columns are chosen than in the minimiser"):
        problem.require([1.0] * 7, digits=1)


def test_parameters_are_those_of_the_conventions():
    problem = PROBLEMS["elastic-net-twins"]
    stated, half, mean = (problem.parameters(name) for name in ("stated", "half", "mean-half"))
    rows = problem.about["rows"]
    assert half == {"lambda": stated["lambda"] / 2, "kappa": stated["kappa"]}
    assert 2 * rows * mean["alpha"] * mean["l1_ratio"] == stated["lambda"]
    assert rows * mean["alpha"] * (1 - mean["l1_ratio"]) == stated["kappa"]
    with pytest.raises(DataError, match="unknown convention 'glmnet'"):
        problem.parameters("glmnet")
    with pytest.raises(DataError, match="differ from column to column"):
        PROBLEMS["adaptive-50x20"].parameters("stated")


CALLED = [
    name
    for name, problem in PROBLEMS.items()
    if problem.difficulty == "lower" and problem.about["conventions"] and problem.penalties.any()
    and len(problem.nonnegative) in (0, problem.about["columns"])
]  # fmt: skip


@pytest.mark.slow_for(*sorted({*LONG} & {*CALLED}))
@pytest.mark.parametrize("name", CALLED)
def test_scikit_learn_called_by_the_convention_finds_the_minimiser(name):
    from sklearn.linear_model import ElasticNet

    problem = PROBLEMS[name]
    model = ElasticNet(
        **problem.parameters("mean-half"), fit_intercept=problem.intercept, positive=bool(problem.nonnegative),
        tol=1e-13, max_iter=100_000,
    )  # fmt: skip
    model.fit(problem.design, problem.data, sample_weight=problem.observation_weights)
    answer = [*model.coef_, *([model.intercept_] if problem.intercept else [])]
    problem.require(answer, digits=4)
    if problem.intercept:
        assert answer[-1] == pytest.approx(float(problem.solution[-1]), rel=1e-4)


# --- the table -------------------------------------------------------------------------------------


def test_cells_of_the_table():
    problem = PROBLEMS["twins-2"]

    def late(_):
        while True:
            pass

    def caught(_):
        with contextlib.suppress(TimeoutError):
            late(_)
        raise DataError("no answer")

    def unable(_):
        raise NotImplementedError

    assert reference_table.digits([lambda p: [0.75, 0.75]], problem) == "all"
    assert reference_table.digits([lambda p: [0.75, 0.751]], problem) == "3"
    assert reference_table.digits([lambda p: [float("nan")] * 2], problem) == "none"
    assert reference_table.digits([late], problem, seconds=0.05) == "late"
    assert reference_table.digits([caught], problem, seconds=0.05) == "late"
    assert reference_table.digits([lambda p: None], PROBLEMS["ridge-20x30"]) == "-"
    assert reference_table.digits([late, unable], PROBLEMS["ridge-20x30"]) == "-"
    with pytest.raises(KeyError):
        reference_table.digits([lambda p: {}["x"]], problem)


def test_the_page_has_a_row_for_every_data_set_and_a_column_for_every_solver(root):
    page = (root / "docs" / "reference-data.md").read_text(encoding="utf-8")
    body = page.partition("<!-- digits: begin -->")[2].partition("<!-- digits: end -->")[0]
    rows = [line.split("|")[1:-1] for line in body.splitlines() if line.startswith("| ")]
    header, *cells = [[cell.strip() for cell in row] for row in rows]
    assert sorted(row[0] for row in cells) == sorted(PROBLEMS)
    assert {"sklearn-lasso", "cvxpy-clarabel", "celer", "skglm", "fista"} <= set(header)
    assert all(row[1] == PROBLEMS[row[0]].difficulty for row in cells)
    assert {re.sub("[0-9]+", "0", cell) for row in cells for cell in row[2:]} <= {"0", "all", "-", "none", "late"}


@pytest.mark.slow
def test_quick_run_writes_the_table(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- digits: begin -->\nold\n<!-- digits: end -->\nafter\n")
    names = ["fista", "sklearn-lasso", "cvxpy-clarabel"]  # others compile what they need first
    reference_table.main(["--quick", "--markdown", str(page), *(f"--only={name}" for name in names)])
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert text.count("\n| ") == 4 and all(f" {name} |" in text for name in names)


def test_the_blocks_of_the_page_run(root):
    names = {"__name__": "reference_page"}
    page = (root / "docs" / "reference-data.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, "docs/reference-data.md", "exec"), names)
    for problem in reference_problems(tag="tiny", difficulty=["lower", "several"]):
        names["test_my_solver"](problem)
