"""From data to a point with bounds: every bound holds, for each arithmetic, and the command writes what is valid."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.matrices import column_norm2
from exact_base.rationals import round_up, sqrt_up, to_float
from firenet_exact import Levels, certify_recovery, exact_column, exact_matrix, forward, operator_norm, solve
from firenet_exact.best_constants import best_constants
from firenet_exact.certificates.null_space import null_space_certificate, read_null_space
from firenet_exact.certificates.recovery import recovery_certificate
from firenet_exact.commands.app import main
from firenet_exact.null_space.property import NullSpaceProperty
from firenet_exact.null_space.relaxation import relaxations
from firenet_exact.recovery import (
    bound_point,
    largest_gamma,
    least_a_priori,
    least_of_all,
    network_for,
    search_parameters,
    sigma_above,
)
from proofs_checks.checker import verify_bytes, verify_path
from tests.firenet_exact.matrices import gaussian, walsh_haar
from tests.firenet_exact.test_recovery import ROWS, instance, proved


@cache
def norm(name):
    return operator_norm(proved(name).matrix)


def run(arithmetic, **options):
    return lambda network, data: forward(network, data, arithmetic=arithmetic, **options)


@pytest.mark.parametrize(
    ("name", "arithmetic"),
    [("walsh", "float64"), ("complex", "float64"), ("small", "fixed"), ("small", "balls"), ("small", "exact")],
)
def test_every_bound_holds(name, arithmetic):
    known, x, y, noise, sigma = instance(name, noise=1e-3, spread=1e-4)
    network = network_for(known, norm(name), y, noise=noise, sigma=sigma, n=4)
    assert network.violations_at(y) == ()
    assert network.parameters.delta >= 2 * network.parameters.lam * sigma + 2 * noise
    found = solve(network, y, run(arithmetic), noise=noise, sigma=sigma, truth=x)
    error2 = column_norm2(found.output.point - x)
    assert error2 <= found.recovery.bound**2
    assert error2 <= found.computed**2
    assert found.a_priori <= found.computed * (1 + fmpq(1, 2**40))
    assert len(found.history) == 4
    for restart in found.history:
        assert restart.error <= restart.a_posteriori and restart.error <= restart.a_priori
    assert found.history[-1].a_posteriori < found.history[0].a_posteriori
    assert [m.recovery.bound for m in found.methods] == sorted(m.recovery.bound for m in found.methods)
    assert {m.name for m in found.methods} == {"none", "network", "residual", "steps"}
    assert verify_bytes(recovery_certificate(found.recovery)).verdict == "valid"


def test_the_error_falls_as_the_theorem_says():
    """A sparse vector without noise: each restart divides the error, down to what δ = 2^-30 ε_0 leaves."""
    known, x, _, _, _ = instance("walsh", noise=0, spread=0)
    y = known.matrix @ x
    network = network_for(known, norm("walsh"), y, noise=fmpq(0), sigma=fmpq(0), n=12)
    found = solve(network, y, run("float64"), noise=fmpq(0), sigma=fmpq(0), truth=x)
    errors = [to_float(restart.error) for restart in found.history]
    assert errors[-1] < 1e-4 and all(a < 0.6 * b for a, b in zip(errors[1:], errors, strict=False))
    assert found.recovery.witness is x


def test_a_guess_is_improved():
    known, x, y, noise, sigma = instance("walsh", noise=1e-3, spread=1e-4)
    guess = exact_matrix([[v + 1e-2] for v in x.to_float()[:, 0].tolist()])
    network = network_for(known, norm("walsh"), y, noise=noise, sigma=sigma, initial=guess, n=3)
    assert network.violations_at(y) == () and network.initial is guess
    found = solve(network, y, run("float64"), noise=noise, sigma=sigma, truth=x)
    before = bound_point(known, y, guess, noise=noise, sigma=sigma)
    assert found.recovery.bound < before[0].recovery.bound
    assert column_norm2(found.output.point - x) < column_norm2(guess - x)


def test_the_number_of_restarts_is_chosen():
    known, _, y, noise, sigma = instance("walsh")
    few = network_for(known, norm("walsh"), y, noise=noise, sigma=sigma)
    more = network_for(known, norm("walsh"), y, noise=noise / 1000, sigma=sigma / 1000)
    assert 2 <= few.parameters.n < more.parameters.n
    assert network_for(known, norm("walsh"), y - y, noise=fmpq(0), sigma=fmpq(0)).violations_at(y - y) == ()


def test_the_property_must_be_certified():
    known, _, y, noise, sigma = instance("walsh")
    network = network_for(known, norm("walsh"), y, noise=noise, sigma=sigma, n=1)
    bare = type(network)(network.matrix, network.parameters)
    with pytest.raises(UsageError, match="must be certified"):
        solve(bare, y, run("float64"), noise=noise, sigma=sigma)


def test_of_several_properties_the_best_is_taken():
    """Properties that the search for one of less C2 passed by: some have a smaller ρ, some a smaller γ."""
    known, x, y, noise, sigma = instance("walsh", noise=1e-3, spread=1e-4)
    found = [p for p in relaxations(known.matrix, known.levels, {}) if isinstance(p, NullSpaceProperty)]
    assert len(found) > 1
    options = {"noise": noise, "sigma": sigma}
    chosen = least_a_priori(found, **options)
    bounds = [network_for(p, norm("walsh"), y, **options, n=1).parameters for p in found]
    least = min(p.c2_prime * (p.lam * sigma + noise) for p in bounds)
    own = network_for(chosen, norm("walsh"), y, **options, n=1).parameters
    assert own.c2_prime * (own.lam * sigma + noise) == least
    network = network_for(chosen, norm("walsh"), y, **options, n=2)
    others = [p for p in found if p is not chosen]
    solution = solve(network, y, run("float64"), **options, steps=0, others=others)
    each = [certify_recovery(p, y, solution.output.point, [], **options).bound for p in found]
    assert solution.recovery.bound <= min(each)
    assert verify_bytes(recovery_certificate(solution.recovery)).verdict == "valid"
    with pytest.raises(UsageError, match="same matrix"):
        least_a_priori([known, replace(known, levels=Levels.of([32], [1]))], **options)
    with pytest.raises(UsageError, match="is needed"):
        least_of_all([], y, x, **options)


# --- unknown constants -------------------------------------------------------------------------------------------


def test_the_largest_gamma_is_the_one_for_which_lambda_is_best():
    levels = Levels.of([3, 8], [1, 2], [fmpq(1), fmpq(1, 2)])
    for lam in (fmpq(1, 3), fmpq(7), fmpq(1, 1000)):
        gamma = largest_gamma(levels, fmpq(1, 3), lam)
        found = best_constants(levels, fmpq(1, 3), gamma)
        assert abs(found.lam - lam) <= lam / 2**15
        least = found.network_constant(lam)
        for other in (lam * fmpq(9, 10), lam * fmpq(11, 10)):
            assert found.network_constant(other) > least
        weaker = largest_gamma(levels, fmpq(1, 3), lam, share=fmpq(99, 100))
        assert weaker > gamma and best_constants(levels, fmpq(1, 3), weaker).network_constant(lam) > 5 * least
    for rho, lam, share in ((fmpq(1), fmpq(1), None), (fmpq(1, 2), fmpq(0), None), (fmpq(1, 2), fmpq(1), fmpq(1))):
        with pytest.raises(UsageError):
            largest_gamma(levels, rho, lam, share=share)


def searched(**options):
    known, x, y, noise, sigma = instance("walsh", noise=1e-3, spread=1e-4)
    given = {"lam": known.best.lam, "rho": known.rho, "noise": noise, "sigma": sigma, "truth": x, "n": 6} | options
    return x, search_parameters(norm("walsh"), known.levels, y, run("float64"), **given)


def test_the_search_keeps_the_least_objective():
    x, found = searched(blocks=(8, 32), aims=(fmpq(1, 100), fmpq(1, 10**4)))
    objectives = [candidate.objective for candidate in found.candidates]
    assert len(objectives) == 12 and objectives == sorted(objectives) and objectives[0] < objectives[-1]
    for candidate in found.candidates:
        network = candidate.output.network
        assert network.objective_above(candidate.output.data, candidate.output.point) == candidate.objective
    assert found.width == 12 * max(found.candidates[0].output.network.widths[1:-1])
    # the condition holds here, so that the conditional bound holds too
    assert column_norm2(found.candidates[0].output.point - x) <= found.methods[0].recovery.bound ** 2
    report = verify_bytes(recovery_certificate(found.methods[0].recovery))
    assert (report.verdict, report.kind) == ("valid", "conditional-recovery")


def test_the_search_reports_and_refuses():
    seen = []
    searched(blocks=(4,), aims=(fmpq(1, 2),), report=lambda done, count: seen.append((done, count)))
    assert seen == [(0, 3), (1, 3), (2, 3)]
    with pytest.raises(UsageError, match="must not be empty"):
        searched(blocks=())


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A.npy, y.npy, x.npy and A.cert.json of the Walsh-Haar matrix."""
    folder = tmp_path_factory.mktemp("solve")
    _, x, y, _, _ = instance("walsh", noise=1e-3, spread=1e-4)
    np.save(folder / "A.npy", walsh_haar(ROWS).to_float())
    np.save(folder / "y.npy", y.to_float()[:, 0])
    np.save(folder / "x.npy", x.to_float())
    arguments = ("A.npy", "--levels", "16,32", "--sparsity", "2,1", "--weights", "1/2,1", "--out", "A.cert.json")
    assert command(folder, "nullspace", *arguments, "--improve") == 0
    return folder


def command(folder, *arguments):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as end:
        patch.chdir(folder)
        main([str(argument) for argument in arguments])
    return end.value.code


def test_two_commands_from_a_matrix_to_a_checked_certificate(capsys, files):
    code = command(files, "solve", "A.npy", "y.npy", "--null-space", "A.cert.json", "--truth", "x.npy", "--out", "out")
    text, errors = capsys.readouterr()
    assert (code, errors) == (0, "")
    assert "true error" in text and "a posteriori" in text and "proofs-checks verify out/certificates" in text
    out = files / "out"
    assert verify_path(out / "certificates").verdict == "valid"
    assert {path.name for path in out.iterdir()} == {"certificates", "errors.svg", "report.json", "x.json", "x.npy"}
    assert b"<svg" in (out / "errors.svg").read_bytes()
    data = json.loads((out / "report.json").read_text())
    point = np.load(out / "x.npy")
    error = np.linalg.norm(point - np.load(files / "x.npy")[:, 0])
    assert error == pytest.approx(float(data["true_error"]["about"]), rel=1e-5)
    bound, network = float(data["bound"]["about"]), data["network"]
    assert error < bound < 15 * error
    assert bound < float(network["a_priori"]["about"]) <= float(network["computed"]["about"])
    certificate = json.loads((out / "certificates" / "recovery.cert.json").read_bytes())
    assert certificate["claim"]["point"] == json.loads((out / "x.json").read_bytes())
    # once more, over what is there
    assert (
        command(files, "solve", "A.npy", "y.npy", "--null-space", "A.cert.json", "--truth", "x.npy", "--out", "out")
        == 0
    )


def test_several_certificates_may_be_given(capsys, files):
    """The same property with other constants, larger ones: nothing is lost, and all are about one matrix."""
    known = read_null_space((files / "A.cert.json").read_bytes())
    worse = replace(known, rho=known.rho * fmpq(21, 20), gamma=known.gamma * 2)
    (files / "B.cert.json").write_bytes(null_space_certificate(worse))
    both = ("--null-space", "B.cert.json", "--null-space", "A.cert.json")
    given = ("solve", "A.npy", "y.npy", "--truth", "x.npy", "--json", "--steps", "0", "--n", "1")
    results = []
    for options in (both, both[2:]):
        assert command(files, *given, *options) == 0
        results.append(json.loads(capsys.readouterr().out)["result"])
    assert results[0]["bound"] == results[1]["bound"] and results[0]["network"]["p"] == results[1]["network"]["p"]
    assert [m["dual"] for m in results[0]["methods"]].count("none (2)") == 1
    # what holds for two entries of the first level holds for one
    other = replace(known, levels=Levels.of([16, 32], [1, 1], known.levels.weights))
    (files / "B.cert.json").write_bytes(null_space_certificate(other))
    assert command(files, *given, *both) == 2
    assert "other levels" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_bound_larger_than_the_vector_says_nothing(capsys, files):
    """The point 0, of anyone, with a valid bound."""
    np.save(files / "zero.npy", np.zeros(32))
    arguments = (
        "A.npy",
        "y.npy",
        "--null-space",
        "A.cert.json",
        "--estimate",
        "zero.npy",
        "--noise",
        "0.01",
        "--steps",
        "0",
    )
    assert command(files, "solve", *arguments) == 0
    assert "says nothing: larger than the vector itself" in capsys.readouterr().out
    assert command(files, "solve", *arguments, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    data = answer["result"]
    assert answer["verdict"] == "vacuous"
    assert (data["vacuous"], data["ratio"]) == (True, None) and all(method["vacuous"] for method in data["methods"])
    assert command(files, "solve", "A.npy", "y.npy", "--null-space", "A.cert.json", "--noise", "0.01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    data = answer["result"]
    assert answer["verdict"] == "certified"
    assert not data["vacuous"] and 0 < float(data["ratio"]["about"]) < 1


@pytest.mark.parametrize("arithmetic", ["float64", "fixed"])
def test_a_matrix_nearby_by_transfer(capsys, files, arithmetic):
    np.save(files / "near.npy", np.load(files / "A.npy") * (1 + 1e-9))
    assert command(files, "nullspace", "near.npy", "--near", "A.cert.json", "--out", "near.cert.json") == 0
    options = ("--truth", "x.npy", "--arithmetic", arithmetic, "--n", "1", "--out", f"near-{arithmetic}")
    code = command(files, "solve", "near.npy", "y.npy", "--null-space", "near.cert.json", *options)
    assert (code, capsys.readouterr().err) == (0, "")
    report = verify_path(files / f"near-{arithmetic}" / "certificates")
    assert report.verdict == "valid" and len(report.parts) == (2 if arithmetic == "fixed" else 1)
    for part in report.parts:
        assert "Method: transfer" in "".join(part.statement.lines)


def test_somebody_elses_reconstruction(capsys, files):
    np.save(files / "theirs.npy", np.load(files / "x.npy") + 1e-3)
    arguments = ("--null-space", "A.cert.json", "--noise", "1/900", "--sigma", "0.01", "--estimate", "theirs.npy")
    code = command(files, "solve", "A.npy", "y.npy", *arguments, "--json")
    text, errors = capsys.readouterr()
    answer = json.loads(text)
    data = answer["result"]
    assert (code, errors, data["network"], answer["files"]) == (0, "", None, [])
    assert float(data["bound"]["about"]) > 1e-3 * np.sqrt(32) and data["true_error"] is None
    assert {method["dual"] for method in data["methods"]} == {"none", "residual", "steps"}


def test_the_guess_and_other_arithmetics(capsys, files):
    arguments = ("--null-space", "A.cert.json", "--truth", "x.npy", "--n", "2", "--json", "--steps", "100")
    for extra in (("--initial", "x.npy"), ("--arithmetic", "fixed", "--bits", "80"), ("--cone", "--polish")):
        assert command(files, "solve", "A.npy", "y.npy", *arguments, *extra) == 0
        data = json.loads(capsys.readouterr().out)["result"]
        assert (
            float(data["true_error"]["about"]) <= float(data["bound"]["about"]) and len(data["network"]["history"]) == 2
        )


def test_fixed_point_is_certified_too(capsys, files):
    arguments = (
        "--null-space",
        "A.cert.json",
        "--truth",
        "x.npy",
        "--n",
        "2",
        "--arithmetic",
        "fixed",
        "--out",
        "fixed",
    )
    assert command(files, "solve", "A.npy", "y.npy", *arguments) == 0
    report = verify_path(files / "fixed" / "certificates")
    assert report.verdict == "valid" and [part.kind for part in report.parts] == [
        "coefficient-bounds",
        "best-forward-error",
        "recovery",
    ]
    data = json.loads((files / "fixed" / "report.json").read_text())
    claim = json.loads((files / "fixed" / "certificates" / "forward-error.cert.json").read_bytes())["claim"]
    assert int(claim["bound"][0], 16) / int(claim["bound"][1], 16) <= float(data["network"]["computed"]["about"])


def test_a_truth_that_does_not_fit_is_noticed(capsys, files):
    arguments = ("--null-space", "A.cert.json", "--truth", "x.npy", "--noise", "1/1500", "--n", "3")
    assert command(files, "solve", "A.npy", "y.npy", *arguments) == 0
    assert "The truth that was given does not fit the data" in capsys.readouterr().out


def test_data_that_fit_nothing_are_a_finding(capsys, tmp_path):
    np.save(tmp_path / "A.npy", np.eye(3)[:, :2])
    np.save(tmp_path / "y.npy", np.array([1.0, 0.0, 5.0]))
    assert command(tmp_path, "nullspace", "A.npy", "--sparsity", "1", "--out", "A.cert.json") == 0
    capsys.readouterr()
    arguments = ("--null-space", "A.cert.json", "--noise", "1", "--out", "out")
    assert command(tmp_path, "solve", "A.npy", "y.npy", *arguments) == 0
    text, errors = capsys.readouterr()
    assert errors == "" and text.startswith("inconsistent: there is no x with σ(x) <= 0") and text.count("\n") == 1
    assert command(tmp_path, "solve", "A.npy", "y.npy", *arguments, "--require", "certified,vacuous") == 1
    assert not (tmp_path / "out").exists()


def test_a_claim_about_nothing_is_called_so(capsys, files):
    """With less than the noise there is no such x here, but nothing proves it: what is known is said."""
    arguments = ("--null-space", "A.cert.json", "--noise", "0.0005", "--n", "8", "--out", "nothing")
    assert command(files, "solve", "A.npy", "y.npy", *arguments) == 0
    assert "No x that fits the data within these bounds is known" in capsys.readouterr().out
    reports = verify_path(files / "nothing" / "certificates").parts
    assert [report.kind for report in reports] == ["coefficient-bounds", "recovery"]
    for report in reports:
        assert "Whether there is such an x is not shown." in report.statement.lines[0]


def test_data_without_noise_that_have_some_are_noticed(capsys, files):
    arguments = ("--null-space", "A.cert.json", "--noise", "0", "--n", "8", "--out", "no-noise")
    assert command(files, "solve", "A.npy", "y.npy", *arguments) == 0
    assert capsys.readouterr().out.startswith("inconsistent: there is no x with σ(x) <= 0 and ‖Ax-y‖ <= 0;")


def test_unknown_constants(capsys, files):
    arguments = ("--unknown", "--levels", "16,32", "--sparsity", "2,1", "--weights", "1/2,1", "--truth", "x.npy")
    code = command(files, "solve", "A.npy", "y.npy", *arguments, "--lam", "1/8,1/16", "--n", "2", "--out", "unknown")
    text, errors = capsys.readouterr()
    assert (code, errors) == (0, "")
    assert "CONDITIONAL: each bound holds IF A has the null space property with ρ = 1/2" in text
    report = verify_path(files / "unknown" / "certificates")
    assert report.verdict == "valid" and [part.kind for part in report.parts] == ["conditional-recovery"] * 2


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--null-space", "A.cert.json"),
        ("--null-space", "A.cert.json", "--noise", "-1"),
        ("--null-space", "A.cert.json", "--noise", "nan"),
        ("--null-space", "A.cert.json", "--noise", "1", "--sigma", "-1"),
        ("--null-space", "A.cert.json", "--noise", "1", "--n", "0"),
        ("--null-space", "A.cert.json", "--noise", "1", "--n", "100000000000000"),
        ("--null-space", "A.cert.json", "--noise", "1", "--steps", "-1"),
        ("--null-space", "A.cert.json", "--noise", "1", "--unknown"),
        ("--null-space", "A.cert.json", "--noise", "1", "--sparsity", "2"),
        ("--null-space", "A.cert.json", "--noise", "1", "--estimate", "x.npy", "--initial", "x.npy"),
        ("--null-space", "A.cert.json", "--noise", "1", "--estimate", "y.npy"),
        ("--null-space", "A.cert.json", "--noise", "1", "--arithmetic", "prayer"),
        ("--null-space", "A.cert.json", "--noise", "1", "--bits", "3"),
        ("--null-space", "A.cert.json", "--truth", "missing.npy"),
        ("--null-space", "A.cert.json", "--noise", "1", "--out", "no/such"),
        ("--null-space", "A.cert.json", "--noise", "1", "--out", "y.npy"),
        ("--null-space", "A.cert.json", "--noise", "1", "--out", "taken"),
        ("--null-space", "A.cert.json", "--truth", "x.npy", "--out", "."),
        ("--unknown", "--noise", "1"),
        ("--unknown", "--noise", "1", "--sparsity", "1", "--rho", "1"),
        ("--unknown", "--noise", "1", "--sparsity", "1", "--lam", "0"),
        ("--unknown", "--noise", "1", "--sparsity", "1", "--cone"),
    ],
)
def test_usage_errors_are_one_line(capsys, files, arguments):
    (files / "taken" / "certificates").mkdir(parents=True, exist_ok=True)
    before = sorted(files.rglob("*"))
    code = command(files, "solve", "A.npy", "y.npy", *arguments)
    text, errors = capsys.readouterr()
    assert (code, text) == (2, "")
    assert errors.startswith("firenet-exact: error: ") and errors.count("\n") == 1
    assert sorted(files.rglob("*")) == before


def test_a_malformed_certificate_exits_with_four(capsys, files):
    assert command(files, "solve", "A.npy", "y.npy", "--null-space", "y.npy", "--noise", "1") == 4
    assert capsys.readouterr().err.startswith("firenet-exact: malformed: y.npy: ")


def test_another_matrix_is_noticed(capsys, files):
    np.save(files / "B.npy", gaussian(24, 32).to_float())
    assert command(files, "solve", "B.npy", "y.npy", "--null-space", "A.cert.json", "--noise", "1") == 2
    assert "is about another matrix than B.npy" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("sparsity", [1, 2])
def test_the_gaussian_of_64_rows(capsys, tmp_path, sparsity):
    """Two commands, and then the target: the median of the bound over the true error is at most 60."""
    A = gaussian(64, 128).to_float()

    def measured(seed):
        rng = np.random.default_rng(seed)
        x, e = 1e-4 * rng.standard_normal(128), rng.standard_normal(64)
        x[rng.choice(128, sparsity, replace=False)] += rng.choice([-1, 1], sparsity) * (1 + rng.random(sparsity))
        return x, A @ x + 1e-3 * e / np.linalg.norm(e)

    x, y = measured(0)
    for name, array in (("A", A), ("x", x), ("y", y)):
        np.save(tmp_path / f"{name}.npy", array)
    assert (
        command(tmp_path, "nullspace", "A.npy", "--sparsity", sparsity, "--budget", "60", "--out", "A.cert.json") == 0
    )
    solved = ("solve", "A.npy", "y.npy", "--null-space", "A.cert.json", "--truth", "x.npy", "--out", "out")
    assert command(tmp_path, *solved) == 0
    assert verify_path(tmp_path / "out" / "certificates").verdict == "valid"

    known = read_null_space((tmp_path / "A.cert.json").read_bytes())
    bounds, ratios = operator_norm(known.matrix), []
    for seed in range(1, 16):
        truth, data = (exact_column(v.tolist()) for v in measured(seed))
        limits = {
            "noise": sqrt_up(column_norm2(known.matrix @ truth - data)),
            "sigma": round_up(sigma_above(known.levels, truth)),
        }
        found = solve(network_for(known, bounds, data, **limits), data, run("float64"), **limits)
        error = sqrt_up(column_norm2(found.output.point - truth))
        ratios.append(to_float(found.recovery.bound / error))
    assert min(ratios) >= 1
    assert np.median(ratios) <= 60
