"""The command `check`: every option, every exit code, and mistakes in one line before any work."""

import json

import numpy as np
import pytest

from exact_base.errors import BudgetError, SolverError
from proofs_checks.checker import verify_path
from sci_barriers.checks import others, penalised, unsquared

RNG = np.random.default_rng(4)
X = np.round(RNG.standard_normal((12, 3)), 2)
Y = np.round(X @ [2, 0, -1] + RNG.standard_normal(12) / 4, 2)


@pytest.fixture
def files(empty_directory):
    np.save("X.npy", X)
    np.save("y.npy", Y)
    np.savetxt("named.csv", X, delimiter=",", header="dose,age,weight", comments="", fmt="%g")
    np.savetxt("y.csv", Y, fmt="%g")
    np.savez("both.npz", A=X, b=Y)
    np.save("c.npy", [1.9, 0, -0.9])
    np.save("w.npy", [1.0, 2, 0])
    np.save("omega.npy", np.arange(1.0, 13))
    np.save("zero.npy", np.zeros(3))
    return empty_directory


def asked(call, line):
    """The answer of a call, which exits with 0."""
    code, out, err = call("check", *line.split(), "--json")
    assert (code, err) == (0, ""), out
    return json.loads(out)


DONE = [
    "X.npy y.npy --like sklearn --alpha 0.1",
    "X.npy y.npy --like sklearn --alpha 0.1 --l1-ratio 0.5 --intercept fit --positive",
    "X.npy y.npy --like sklearn --alpha 0.1 --sample-weight omega.npy --coef c.npy --intercept 0.5",
    "X.npy y.npy --like glmnet --lam 0.1 --weights w.npy",
    "X.npy y.npy --like matlab --lam 0.1 --alpha 0.5 --scales omega3.npy",
    "X.npy y.npy --like stated --lam 1/3 --ridge 1/2 --weights w.npy --sample-weight omega.npy",
    "X.npy y.npy --like half --lam 1/3",
    "X.npy y.npy --like mean-half --lam 1e-2 --coef c.npy --digits 2",
    "named.csv y.csv --like half --lam 1/2 --coef c.npy",
    "both.npz both.npz --array A --array data=b --like half --lam 1/2",
    "named.csv y.csv --header columns --header data=none --like half --lam 1/2",
    "X.npy y.npy --problem sqrt-lasso --lam 1/2 --coef c.npy",
    "X.npy y.npy --problem sqrt-lasso --lam 1/2 --like stated --weights omega3.npy",
    "X.npy y.npy --problem bpdn --epsilon 2 --coef c.npy",
    "X.npy y.npy --problem bpdn --epsilon 2 --coef zero.npy",
    "X.npy y.npy --problem sqrt-lasso --lam 1/2 --intercept 0.5 --coef c.npy --sample-weight omega.npy",
    "X.npy y.npy --problem sqrt-lasso --lam 1/2 --weights w.npy --positive",
    "X.npy y.npy --problem bpdn --epsilon 2 --intercept fit --weights w.npy",
]


@pytest.mark.parametrize("line", DONE)
def test_every_option_is_taken_and_the_bundle_is_valid(call, files, line):
    np.save("omega3.npy", [1.0, 2, 0.5])
    answer = asked(call, f"{line} --out bundle --html page.html")
    assert answer["verdict"] == ("inaccurate" if "--coef" in line else "solved")
    assert answer["files"] == ["bundle", "page.html"]
    assert verify_path("bundle").verdict == "valid"
    names = [entry["name"] for entry in answer["result"]["coefficients"]]
    assert names == (["dose", "age", "weight"] if "named.csv" in line else ["column 1", "column 2", "column 3"])


def test_the_users_file_is_beside_the_certificate_byte_by_byte(call, files):
    np.save("X.npy", np.asfortranarray(X))
    asked(call, "X.npy y.npy --like half --lam 1/2 --out bundle")
    for name in ("X.npy", "y.npy"):
        assert (files / "bundle" / name).read_bytes() == (files / name).read_bytes()


def test_what_is_no_float64_is_packed_and_what_fits_is_written_anew(call, files):
    asked(call, "named.csv y.csv --like half --lam 1/2 --out bundle")
    assert {path.suffix for path in (files / "bundle").iterdir()} == {".json"}
    np.save("X.npy", X.astype(np.float32))
    asked(call, "X.npy y.npy --like half --lam 1/2 --out other")
    assert np.array_equal(np.load("other/X.npy"), X.astype(np.float32).astype(float))


def test_a_header_that_numpy_only_reads_is_written_anew(call, files):
    data = (files / "X.npy").read_bytes()
    (files / "X.npy").write_bytes(data.replace(b"(12, 3)", b"(12,3) "))
    asked(call, "X.npy y.npy --like half --lam 1/2 --out bundle")
    assert verify_path("bundle").verdict == "valid"
    assert (files / "bundle" / "X.npy").read_bytes() == data


def test_the_nearest_coefficients_are_ok(call, files):
    answer = asked(call, "X.npy y.npy --like half --lam 1/2")
    values = [float(entry["exact"]["about"]) for entry in answer["result"]["coefficients"]]
    np.savetxt("found.txt", values)
    assert asked(call, "X.npy y.npy --like half --lam 1/2 --coef found.txt")["verdict"] == "ok"
    assert asked(call, "X.npy y.npy --like half --lam 1/2 --coef found.txt --digits 12")["verdict"] == "inaccurate"


@pytest.mark.parametrize(("word", "code"), [("ok", 1), ("inaccurate", 0), ("ok,inaccurate", 0), ("undecided", 1)])
def test_a_finding_is_no_error_unless_another_is_required(call, files, word, code):
    line = "X.npy y.npy --like half --lam 1/2 --coef c.npy"
    assert call("check", *line.split())[0] == 0
    assert call("check", *line.split(), "--require", word)[0] == code


def test_advice_about_a_file_is_what_the_command_takes(call, files):
    (files / "named_c.csv").write_text("name,coef\ndose,1.9\nage,0\nweight,-0.9\n")
    line = "named.csv y.csv --like half --lam 1/2 --coef named_c.csv"
    assert "say --header coef=both if the first column is names" in call("check", *line.split())[2]
    assert asked(call, f"{line} --header coef=both")["verdict"] == "inaccurate"
    line = "both.npz both.npz --array A --like half --lam 1/2"
    assert "say with --array data=NAME which is meant" in call("check", *line.split())[2]
    (files / "w.csv").write_text("name,w\na,1\nb,1\nc,1\n")
    line = "X.npy y.npy --like half --lam 1/2 --weights w.csv"
    assert "say --header weights=both if" in call("check", *line.split())[2]


@pytest.mark.parametrize(
    "text",
    ['"","x"\n"1",1.9\n"2",0\n"3",-0.9\n', ",0\n0,1.9\n1,0\n2,-0.9\n", '"","s0"\n"dose",1.9\n"age",0\n"weight",-0.9\n'],
    ids=["write.csv(as.numeric(fit$beta), ...)", "Series.to_csv(...)", "write.csv(as.matrix(fit$beta), ...)"],
)
def test_coefficients_are_read_as_r_and_pandas_write_them(call, files, text):
    (files / "c.csv").write_text(text)
    for matrix in ("X.npy", "named.csv"):
        answer = asked(call, f"{matrix} y.npy --like half --lam 1/2 --coef c.csv")
        assert [entry["given"]["exact"] for entry in answer["result"]["coefficients"]] == ["19/10", "0", "-9/10"]


def test_the_intercept_among_the_coefficients_has_an_option_of_its_own(call, files):
    (files / "c.csv").write_text("(Intercept),0.1\ndose,1.9\nage,0\nweight,-0.9\n")
    code, _, err = call("check", *["named.csv", "y.csv", "--like", "half", "--lam", "1/2", "--coef", "c.csv"])
    assert code == 2 and "give the intercept with --intercept, and take its row out of the file" in err


def test_truth_values_in_a_text_are_called_so(call, files):
    (files / "t.csv").write_text("old,age\nTrue,3\nFalse,4\n")
    (files / "two.csv").write_text("1\n2\n")
    code, _, err = call("check", *["t.csv", "two.csv", "--like", "half", "--lam", "1/2"])
    assert code == 2 and "column 1 'old': 'True' is a truth value; write 0 or 1" in err


def failing(error):
    def fail(*_, **__):
        raise error

    return fail


def test_a_limit_is_undecided(call, files, monkeypatch):
    monkeypatch.setattr(penalised, "minimise", failing(BudgetError("a limit")))
    code, out, err = call("check", "X.npy", "y.npy", "--like", "half", "--lam", "1/2")
    assert code == 3 and out.startswith("undecided: ") and err == ""
    monkeypatch.setattr(others, "solve_exactly", failing(SolverError("a limit")))
    monkeypatch.setattr(unsquared, "determine_unsquared", lambda *arguments, **options: None)
    code, out, err = call("check", "X.npy", "y.npy", "--problem", "bpdn", "--epsilon", "1")
    assert code == 3 and out.startswith("undecided: ")


WRONG = [
    ("X.npy y.npy", "say with --like"),
    ("X.npy y.npy --like ridge --lam 1", "ridge"),
    ("X.npy y.npy --problem logistic", "logistic"),
    ("X.npy y.npy --like sklearn", "give --alpha"),
    ("X.npy y.npy --like sklearn --lam 1", "leave out --lam"),
    ("X.npy y.npy --like half --lam x", "'x' is no"),
    ("X.npy y.npy --like half --lam 0", "lam must be positive"),
    ("X.npy y.npy --like half --lam -1", "lam must be positive"),
    ("X.npy y.npy --like half --lam 1 --epsilon 1", "--epsilon is for --problem bpdn"),
    ("X.npy y.npy --like half --lam 1 --digits 0", "digits must be"),
    ("X.npy y.npy --like half --lam 1 --intercept 1", "say `fit`"),
    ("X.npy y.npy --like half --lam 1 --coef c.npy --intercept fit", "give the fitted intercept"),
    ("X.npy y.npy --like half --lam 1 --coef c.npy --intercept x", "'x' is no"),
    ("X.npy y.npy --like mean-half --lam 1 --sample-weight omega.npy", "weights of observations are taken for"),
    ("X.npy y.npy --like half --lam 1 --sample-weight minus.npy", "observation weights must be positive"),
    ("X.npy y.npy --like half --lam 1 --weights omega.npy", "a vector of length 3"),
    ("X.npy y.npy --like half --lam 1 --coef omega.npy", "a vector of length 3"),
    ("X.npy c.npy --like half --lam 1", "a vector of length 12"),
    ("X.npy y.npy --like half --lam 1 --header rows", "leave out --header"),
    ("nan.npy y.npy --like half --lam 1", "row 1, column 1: a finite number"),
    ("empty.npy y.npy --like half --lam 1", "column 2 is empty"),
    ("constant.npy y.npy --like half --lam 1 --intercept fit", "column 2 is constant"),
    ("complex.npy y.npy --like half --lam 1 --intercept fit", "complex data are checked without --intercept"),
    ("complex.npy y.npy --like sklearn --alpha 1", "complex data are minimised as stated"),
    ("complex.npy y.npy --problem bpdn --epsilon 1", "complex data"),
    ("X.npy y.npy --like half --lam 1 --out X.npy", "is a file|not a bundle"),
    ("X.npy y.npy --like half --lam 1 --html page.txt", "must end in .html"),
    ("X.npy y.npy --problem sqrt-lasso", "give --lam"),
    ("X.npy y.npy --problem sqrt-lasso --lam 0", "lam must be positive"),
    ("X.npy y.npy --problem sqrt-lasso --lam 1 --like sklearn", "leave out --like"),
    ("X.npy y.npy --problem sqrt-lasso --lam 1 --ridge 1 --alpha 1", "leave out --alpha, --ridge"),
    ("X.npy y.npy --problem sqrt-lasso --lam 1 --intercept 1", "a fitted intercept is given, and no coefficients"),
    ("X.npy y.npy --problem sqrt-lasso --lam 1 --weights zero.npy", "one at least must be positive"),
    ("X.npy y.npy --problem bpdn --lam 1", "leave out --lam"),
    ("X.npy y.npy --problem bpdn", "give --epsilon"),
    ("X.npy y.npy --problem bpdn --epsilon 1/100", "no feasible point"),
]


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[line for line, _ in WRONG])
def test_mistakes_are_one_line_and_leave_nothing(call, files, line, said):
    changed = {"nan": np.nan, "empty": 0, "constant": 3}
    for name, value in changed.items():
        array = X.copy()
        array[(0, 0) if name == "nan" else (slice(None), 1)] = value
        np.save(f"{name}.npy", array)
    np.save("complex.npy", X + 1j)
    np.save("minus.npy", -np.arange(12.0))
    before = sorted(files.iterdir())
    code, out, err = call("check", *line.split())
    assert (code, out) == (2, "") and err.count("\n") == 1 and sorted(files.iterdir()) == before
    assert any(words in err for words in said.split("|")), err


def test_a_bundle_of_an_earlier_run_is_named_where_nothing_is_proved_now(call, files):
    """Else whoever verifies it takes its verdict for that of this run."""
    assert call("check", "X.npy", "y.npy", "--like", "half", "--lam", "1/2", "--out", "kept")[0] == 0
    twice = np.c_[np.load("X.npy"), np.load("X.npy")[:, 0]]
    np.save("twice.npy", twice)
    line = "twice.npy y.npy --problem sqrt-lasso --lam 1/100 --intercept fit"
    code, out, _ = call("check", *line.split(), "--out", "kept")
    assert code == 3 and "nothing could be certified" in out and "not replaced: kept, of an earlier run" in out
    code, out, _ = call("check", *line.split(), "--out", "new")
    assert code == 3 and "nothing could be certified" in out and "not replaced" not in out
    assert not (files / "new").exists()


@pytest.mark.parametrize(("cap", "low"), [("MAX_FILE_BYTES", 300), ("MAX_ARRAY_SIDE", 11)])
def test_data_that_no_certificate_holds_are_refused_before_the_work(call, files, monkeypatch, cap, low):
    monkeypatch.setattr(f"sci_barriers.checks.questions.{cap}", low)
    line = "X.npy y.npy --like half --lam 1/2"
    code, out, err = call("check", *line.split(), "--out", "bundle")
    assert (code, out) == (2, "") and "leave out --out" in err
    assert call("check", *line.split())[0] == 0


def test_decimals_that_no_file_holds_are_refused_before_the_work(call, files, monkeypatch):
    """36 decimals of two places take two bytes each, in hexadecimal digits; numbers of float64 take eight bytes."""
    np.savetxt("halves.csv", np.round(X) / 2, delimiter=",", fmt="%g")
    monkeypatch.setattr("sci_barriers.checks.questions._MANY", 35)
    for name, bytes_ in (("named.csv", 144), ("halves.csv", 288)):
        for cap, code in ((bytes_, 0), (bytes_ - 1, 2)):
            monkeypatch.setattr("sci_barriers.checks.questions.MAX_FILE_BYTES", cap)
            assert call("check", name, "y.csv", "--like", "half", "--lam", "2", "--out", f"{name}-{code}")[0] == code


def test_a_negative_intercept_is_a_value(call, files):
    line = "X.npy y.npy --like half --lam 1/2 --coef c.npy --intercept -0.5"
    assert asked(call, line)["result"]["intercept"]["given"]["exact"] == "-1/2"


def test_coefficients_with_names_are_those_of_the_columns(call, files):
    (files / "right.csv").write_text("name,value\ndose,1.9\nage,0\nweight,-0.9\n")
    (files / "wrong.csv").write_text("name,value\nage,0\ndose,1.9\nweight,-0.9\n")
    line = "named.csv y.csv --like half --lam 1/2 --header coef=both --coef"
    assert asked(call, f"{line} right.csv")["verdict"] == "inaccurate"
    code, out, err = call("check", *line.split(), "wrong.csv")
    assert (code, out) == (2, "") and "other names, or another order" in err


def test_glmnet_and_matlab_are_told_what_they_must_not_have_done(call, files):
    np.save("s.npy", [1.0, 2, 0.5])
    plain = asked(call, "X.npy y.npy --like matlab --lam 1/2")["result"]["notes"]
    assert plain == ["this is right only for coefficients that were fitted with 'Standardize', false"]
    scaled = asked(call, "X.npy y.npy --like glmnet --lam 1/2 --scales s.npy")["result"]["notes"]
    assert "divided by the scales" in scaled[0] and "alpha = 1" in scaled[1]


def test_a_screen_is_printed_with_names(call, files):
    code, out, err = call("check", "named.csv", "y.csv", "--like", "half", "--lam", "1/2", "--coef", "c.npy")
    assert (code, err) == (0, "") and out.startswith("coefficients of c.npy: inaccurate\n")
    assert "dose" in out and max(map(len, out.splitlines())) <= 80
