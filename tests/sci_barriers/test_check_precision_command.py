"""`check` with a precision, and `support`: options, files, exit codes, and mistakes in one line before any work."""

import json
from itertools import chain

import numpy as np
import pytest

from proofs_checks.checker import verify_path
from sci_barriers import DataError, UsageError, check

X = np.array([[1.25, 2, 0], [0.5, 1, 3], [-1.5, 2, 1], [2.25, 1, 0], [0.25, 2, 2]])
Y = np.array([2.5, 0.125, -3, 4.5, 0.25])
NAMED = "dose,sex,weight\n1.25,2,0.0\n0.50,1,3.0\n-1.50,2,1.0\n2.25,1,0.0\n0.25,2,2.0\n"
LASSO = "--like half --lam 1/2"


@pytest.fixture
def files(empty_directory):
    np.save("X.npy", X)
    np.save("y.npy", Y)
    (empty_directory / "X.csv").write_text(NAMED)
    (empty_directory / "y.csv").write_text("2.500\n0.125\n-3.000\n4.500\n0.250\n")
    (empty_directory / "y.json").write_text("[2.500, 0.125, -3.000, 4.500, 0.250]")
    np.savetxt("c.csv", [1.7, 0, 0], fmt="%g")
    np.save("vector.npy", [0.001, 0, 0.002])
    np.save("whole.npy", np.full((5, 3), 0.001))
    np.save("dy.npy", np.full(5, 0.01))
    np.savez("radii.npz", X=np.full((1, 3), 0.001), y=np.full(5, 0.01))
    return empty_directory


def asked(call, line, codes=(0, 3)):
    """The answer of a call that finds something."""
    code, out, err = call(*line.split(), "--json")
    assert code in codes and err == "", out
    answer = json.loads(out)
    assert (code == 3) == (answer["verdict"] == "undecided")
    return answer


PRECISE = {
    "X.csv y.csv --x-precision printed": "X: as printed, to half a unit of the last digit, at most 0.5; y: exactly",
    "X.csv y.json --x-precision printed --y-precision printed --exact-columns sex": "sex exactly; y: as printed",
    "X.npy y.npy --x-precision 1/1000 --y-precision norm:1e-2 --exact-columns 2": "column 2 exactly; y: to within 0.01",
    "X.npy y.npy --x-precision norm:1/1000": "X: to within 0.001 in the spectral norm; y: exactly",
    "X.npy y.npy --x-precision vector.npy --y-precision dy.npy": "its own radius, at most 0.002; y: each entry",
    "X.npy y.npy --x-precision whole.npy --exact-columns 1,3 --y-precision 0": "columns 1 and 3 exactly; y: exactly",
    "X.npy y.npy --x-precision radii.npz --array x-precision=X --y-precision radii.npz --array y-precision=y": "0.01",
}


@pytest.mark.parametrize("line", PRECISE)
def test_every_way_to_say_it_is_taken_and_the_bundle_is_valid(call, files, line):
    answer = asked(call, f"check {line} {LASSO} --coef c.csv --digits 2 --out bundle --html page.html")
    known = answer["result"]["determined"]
    assert PRECISE[line] in known["precision"] and answer["verdict"] in ("ok", "inaccurate", "barrier", "undecided")
    assert answer["files"] == ["bundle", "page.html"] and verify_path("bundle").verdict == "valid"
    assert sorted(chain.from_iterable(known["columns"].values())) == [1, 2, 3]
    assert len(known["moves"]) == len(known["stable"]) == 3
    page = (files / "page.html").read_text()
    assert "How stable each column is" in page and ("sex" in page) == ("X.csv" in line)


def test_the_two_data_sets_are_files_to_be_fitted_again(call, files):
    answer = asked(call, f"check X.npy y.npy {LASSO} --y-precision 1/8 --digits 2 --out bundle")
    assert answer["verdict"] == "barrier"
    found = []
    for number in (1, 2):
        data, responses = (np.load(f"bundle/pair-{number}-{name}.npy") for name in "Xy")
        assert np.array_equal(data, X) and np.abs(responses - Y).max() <= 1 / 8
        found.append(check(None, data, responses, like="half", lam="1/2").coefficients)
    apart = float(answer["result"]["determined"]["apart"]["about"])
    assert np.linalg.norm(found[0] - found[1]) == pytest.approx(apart, rel=1e-4)


def test_they_are_float64_also_where_the_data_are_decimals(call, files):
    (files / "tenths.csv").write_text("0.1,2\n0.3,1\n-0.7,2\n1.1,1\n0.9,2\n")
    asked(call, f"check tenths.csv y.csv {LASSO} --y-precision 1/8 --digits 2 --out bundle")
    for name in ("pair-1-X", "pair-2-X"):
        assert np.load(f"bundle/{name}.npy").tolist() == [[0.1, 2], [0.3, 1], [-0.7, 2], [1.1, 1], [0.9, 2]]
    assert verify_path("bundle").verdict == "valid"


def test_a_screen_has_names_and_80_columns(call, files):
    line = f"check X.csv y.csv {LASSO} --x-precision printed --exact-columns sex,3 --y-precision printed"
    code, out, err = call(*line.split())
    assert code in (0, 3) and err == "" and max(map(len, out.splitlines())) <= 80
    assert "sex and weight exactly" in " ".join(out.split()) and "dose" in out and "not certified" in out


def test_integers_as_printed_are_spoken_of(call, files):
    notes = asked(call, f"check X.csv y.csv {LASSO} --x-precision printed")["result"]["notes"]
    assert notes == [
        "sex has no decimals and is taken as rounded, to within 1/2; name it in --exact-columns if it counts or names "
        "something"
    ]


def test_python_says_the_same(call, files):
    answer = asked(call, f"check X.npy y.npy {LASSO} --x-precision vector.npy --y-precision norm:1/100")
    checked = check(None, X, Y, like="half", lam="1/2", x_precision=[0.001, 0, 0.002], y_precision="norm:1/100")
    assert checked.verdict == answer["verdict"]
    assert json.loads(json.dumps(checked.numbers["determined"])) == answer["result"]["determined"]
    assert "precision" in str(checked) and "<svg" in checked._repr_html_()
    exact = check(None, X, Y, like="half", lam="1/2", x_precision=0.01, exact_columns=[1, "column 2", 3])
    assert exact.numbers["determined"]["precision"] == "X: exactly; y: exactly"
    tiny = check(None, X, Y, like="half", lam="1/2", x_precision="1e-400", exact_columns="1,column 2")
    assert tiny.numbers["determined"]["precision"].startswith("X: each entry to within 1e-400, and columns 1 and 2 ex")


def test_radii_with_names_are_for_the_columns_of_these_names(files):
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(X, columns=["dose", "sex", "weight"])
    for radii in (table.std() / 100, table.abs() / 100):
        assert check(None, table, Y, like="half", lam="1/2", x_precision=radii).verdict
        turned = radii[["sex", "dose", "weight"]]
        with pytest.raises(DataError, match="the radii have other names, or another order"):
            check(None, table, Y, like="half", lam="1/2", x_precision=turned)
        assert check(None, X, Y, like="half", lam="1/2", x_precision=turned).verdict  # of columns without names
    assert check(None, X, Y, like="half", lam="1/2", x_precision=0.01, exact_columns=2).verdict
    with pytest.raises(DataError, match="the precision of y: the radii of entries must be real"):
        check(None, X, Y, like="half", lam="1/2", y_precision=np.full(5, 1j))
    with pytest.raises(DataError, match="x_precision: a finite number"):
        check(None, X, Y, like="half", lam="1/2", x_precision=float("nan"))


def test_fitted_models_have_a_precision_too(files):
    linear_model = pytest.importorskip("sklearn.linear_model")
    pipeline, preprocessing = (pytest.importorskip(f"sklearn.{name}") for name in ("pipeline", "preprocessing"))
    model = linear_model.Lasso(alpha=0.1, tol=1e-12).fit(X, Y)
    checked = check(model, X, Y, x_precision=1e-9, y_precision=1e-9)
    assert checked.verdict == "ok" and checked.found.determined.at_least >= 6
    scaled = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Lasso(alpha=0.1, tol=1e-12)).fit(X, Y)
    assert check(scaled, X, Y, x_precision=0.1, y_precision=0.1).verdict == "barrier"
    for wrong in ({"x_precision": "printed"}, {"exact_columns": [1]}, {"x_precision": -1}):
        with pytest.raises(UsageError):
            check(model, X, Y, **wrong)


@pytest.mark.parametrize("written", ["X @ x - y", "y - X @ x", "parameters", "bpdn", "sqrt-lasso", "complex"])
def test_problems_of_cvxpy_have_a_precision_of_the_arrays_that_stand_in_them(files, written):
    cp = pytest.importorskip("cvxpy")
    x = cp.Variable(3, complex=written == "complex")
    matrix, data, options = X, Y, {"like": "stated", "lam": 1}
    if written == "complex":
        matrix, data = X + 1j * X[::-1], Y * (1 - 2j)
    residual = data - matrix @ x if written == "y - X @ x" else matrix @ x - data
    if written == "parameters":
        held = cp.Parameter((5, 3), value=X), cp.Parameter(5, value=Y)
        residual = held[0] @ x - held[1]
    goal, limits = cp.sum_squares(residual) + cp.norm1(x), []
    if written == "bpdn":
        goal, limits, options = cp.norm1(x), [cp.norm(residual) <= 2], {"problem": "bpdn", "epsilon": 2}
    if written == "sqrt-lasso":
        goal, options = cp.norm(residual) + 0.5 * cp.norm1(x), {"problem": "sqrt-lasso", "lam": 0.5}
    problem = cp.Problem(cp.Minimize(goal), limits)
    problem.solve(solver="CLARABEL")
    known = {"x_precision": [1e-3, 0, 1e-3], "y_precision": 1e-3}
    found = check(problem, **known, digits=1).numbers["determined"]
    asked = check(x.value, matrix, data, **options, **known, digits=1).numbers["determined"]
    for key in ("precision", "at_least", "at_most", "columns"):
        assert found[key] == asked[key]
    assert check(problem, **known, digits=9).verdict == "barrier"
    assert "columns 1" not in check(problem, x_precision=1e-3, exact_columns=[1, 3]).numbers["determined"]["precision"]


def test_a_precision_of_an_array_that_does_not_stand_in_a_problem_is_refused_in_one_line(files):
    cp = pytest.importorskip("cvxpy")
    x = cp.Variable(3)
    for residual, known, name in (
        (2 * (X @ x) - Y, {"x_precision": 0.1}, "x_precision"),
        (X @ x - Y + 1, {"y_precision": 0.1}, "y_precision"),
        (cp.hstack([X @ x - Y, x]), {"x_precision": 0.1}, "x_precision"),
    ):
        problem = cp.Problem(cp.Minimize(cp.sum_squares(residual) + cp.norm1(x)))
        problem.solve(solver="CLARABEL")
        assert check(problem).verdict in ("ok", "inaccurate")
        with pytest.raises(UsageError, match=f"{name} is of an array that stands in the problem") as error:
            check(problem, **known)
        assert "\n" not in str(error.value) and "check(x.value, X, y, like=..." in str(error.value)


WRONG = [
    (f"X.npy y.npy {LASSO} --x-precision printed", "no printed digits"),
    (f"X.csv y.npy {LASSO} --y-precision printed", "no printed digits"),
    (f"thirds.csv y.npy {LASSO} --x-precision printed", "'1/3' is a fraction, and has no last digit"),
    (f"X.npy y.npy {LASSO} --x-precision -1", "--x-precision must be at least 0"),
    (f"X.npy y.npy {LASSO} --y-precision norm:-1", "--y-precision must be at least 0"),
    (
        f"X.npy y.npy {LASSO} --y-precision near",
        "--y-precision is `printed`, `printed-by-column`, a number, norm:NUMBER",
    ),
    (f"X.npy y.npy {LASSO} --x-precision none.npy", "cannot read none.npy"),
    (f"X.npy y.npy {LASSO} --x-precision dy.npy", "a matrix is needed"),
    (f"X.npy y.npy {LASSO} --y-precision vector.npy", "a vector of length 5"),
    (f"X.npy y.npy {LASSO} --x-precision minus.npy", "the precision of X: the radii of entries must be at least 0"),
    (f"X.npy y.npy {LASSO} --x-precision norm:", "--x-precision norm:: '' is not a number"),
    (f"X.csv y.npy {LASSO} --x-precision turned.csv", "the radii have other names, or another order"),
    (f"X.npy y.npy {LASSO} --x-precision two.npy", "the radii of X must have 1 or 5 rows, and 1 or 3 columns"),
    (f"X.npy y.npy {LASSO} --x-precision radii.npz", "say with --array x-precision=NAME"),
    (f"X.npy y.npy {LASSO} --exact-columns 1", "--exact-columns is for X of which --x-precision says"),
    (f"X.npy y.npy {LASSO} --x-precision 1 --exact-columns dose", "there is no column 'dose'"),
    (f"X.npy y.npy {LASSO} --x-precision norm:1 --exact-columns 1", "a norm is of X as a whole"),
]


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[line for line, _ in WRONG])
def test_mistakes_are_one_line_and_leave_nothing(call, files, line, said):
    (files / "thirds.csv").write_text("0.5,1/3,1\n" * 5)
    np.save("minus.npy", [[-1.0, 0, 0]])
    np.save("two.npy", np.ones((2, 3)))
    (files / "turned.csv").write_text("sex,dose,weight\n0,0.005,0.05\n")
    before = sorted(files.iterdir())
    code, out, err = call("check", *line.split(), "--out", "bundle")
    assert (code, out) == (2, "") and err.count("\n") == 1 and sorted(files.iterdir()) == before
    assert said in err


# --- support ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        "--like sklearn --alpha 0.1 --l1-ratio 0.5 --intercept",
        "--like stated --lam 1 --ridge 1/2 --positive --sample-weight w.npy",
        "--like matlab --lam 0.1 --alpha 1/2 --scales s.npy --digits 3",
    ],
)
def test_support_reads_as_far_as_it_must(call, files, more):
    np.save("w.npy", [1.0, 2, 1, 1, 1])
    np.save("s.npy", [1.0, 2, 0.5])
    answer = asked(call, f"support X.csv y.csv {more} --out bundle", codes=(0,))
    found = answer["result"]
    assert answer["verdict"] == "determined" and found["unique"] and found["undecided"] == []
    same = more.replace("--intercept", "--intercept fit").replace("--digits 3", "")
    solved = asked(call, f"check X.csv y.csv {same}")
    inside = [j for j, one in enumerate(solved["result"]["coefficients"], 1) if one["exact"]["about"] != "0"]
    assert found["in"] == inside and found["names"] == ["dose", "sex", "weight"]
    assert found["at_least"] >= (3 if "--digits" in more else 0)
    assert found["precision"] in found["reads"] and (found["coarser"] or 0) == found["precision"] - 1
    assert verify_path("bundle").verdict == "valid"


def test_at_a_tie_it_says_what_it_knows_when_the_budget_ends(call, files):
    np.save("I.npy", np.eye(3))
    np.save("tie.npy", [4.0, 0.5, 0])
    line = f"support I.npy tie.npy {LASSO} --budget 0.3 --out bundle"
    code, out, err = call(*line.split())
    assert (code, err) == (3, "") and out.startswith("support: undecided\n")
    assert "  in: column 1 (1)\n  out: column 3 (1)\n  not decided: column 2 (1)\n" in out
    assert "at the edge of being in, for the data of the files: column 2" in out
    assert verify_path("bundle").verdict == "valid"
    np.save("twice.npy", np.c_[[1.0, 2], [1.0, 2]])
    np.save("z.npy", [3.0, 1])
    answer = asked(call, "support twice.npy z.npy --like half --lam 1/2 --budget 0.3")
    assert answer["result"]["in"] == [] and answer["result"]["tied"] == [2]
    required = f"support twice.npy z.npy {LASSO} --budget 0.1 --require determined"
    assert call(*required.split())[0] == 1


def test_before_anything_is_read_nothing_is_known(call, files):
    answer = asked(call, f"support X.npy y.npy {LASSO} --budget 1e-9 --out bundle")
    assert answer["result"]["precision"] is None and answer["result"]["undecided"] == [1, 2, 3]
    assert answer["files"] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("support X.npy y.npy", "--like"),
        (f"support X.npy y.npy {LASSO} --budget 0", "--budget must be positive"),
        (f"support X.npy y.npy {LASSO} --budget nan", "--budget must be positive"),
        (f"support X.npy y.npy {LASSO} --digits 0", "digits must be"),
        ("support X.npy y.npy --like half --alpha 1", "--alpha"),
        (f"support X.npy c.csv {LASSO}", "a vector of length 5"),
    ],
)
def test_mistakes_of_support_are_one_line(call, files, line, said):
    code, out, err = call(*line.split(), "--out", "bundle")
    assert code == 2 and out == "" and said in err and not (files / "bundle").exists()
