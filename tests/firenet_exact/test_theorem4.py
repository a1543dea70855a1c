"""Theorem 4 for one mask: the class, bounds on drawn images and attacks, the depth, and the command."""

import functools
import itertools
import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import to_float, upper_root
from firenet_exact.certificates.null_space_walsh import read_null_space_walsh
from firenet_exact.commands.app import main
from firenet_exact.imaging.forward import forward
from firenet_exact.imaging.masks import per_subband
from firenet_exact.imaging.network import class_parameters, load_image_network
from firenet_exact.imaging.report import limits_notes, run_data, runs_table
from firenet_exact.imaging.residual import residual_norm_above
from firenet_exact.imaging.stability import error_gradient, worst_noise
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.imaging.theorem4 import (
    Drawn,
    Truth,
    band_weights,
    certified_mask,
    draw,
    image_class,
    network_of,
    restart_bounds,
    resumed,
    run_network,
)
from firenet_exact.imaging.weights import rounded_weights
from firenet_exact.transforms import walsh
from proofs_checks import verify_bytes

RATES = (fmpq(3, 4), fmpq(1, 2), fmpq(1, 4))
DEVIATION = fmpq(1, 500)


@functools.cache
def certified(bits=6, sparsity=1, seed=1):
    subbands = Subbands(dimension=2, bits=bits)
    rates = [fmpq(1)] * (bits - 3) + list(RATES)
    pattern = per_subband(dimension=2, bits=bits, rates=rates, seed=seed)
    weights = {}
    for band in range(subbands.count):
        if not subbands.rows(pattern.mask, band).all():
            *_, best = band_weights(pattern, subbands, band, sparsity=sparsity, levels=bits)
            weights[band] = rounded_weights(best.values)
    return certified_mask(pattern, subbands, weights, sparsities=[sparsity] * bits)


@functools.cache
def made(bits=6, sparsity=1, deviation=DEVIATION):
    proved = certified(bits, sparsity)
    known = image_class(proved, deviation=deviation)
    return proved, known, network_of(proved, known)


def clean_samples(proved, drawn):
    samples = np.zeros(proved.subbands.shape)
    for band, part in enumerate(proved.subbands.split(drawn.coefficients)):
        proved.subbands.put(walsh.hadamard(part) * 2.0 ** -proved.subbands.scale(band), samples, band)
    return np.where(proved.mask, samples, 0)


def test_the_mask_has_theorem_4_constants():
    proved, _, network = made()
    assert proved.rho <= fmpq(1, 2) and proved.gamma**2 <= 2
    assert proved.levels.sparsities == (4, 12, 48, 1, 1, 1)
    assert network.violations == ()
    assert network.parameters.lam < 1 / (proved.gamma * fmpq(round(402**0.5)))


def test_the_network_is_for_the_whole_class():
    """δ and ε_0 are what the class needs: c(x, y) <= 2(1+λ)δ and ‖y‖ <= ‖A‖b + δ."""
    proved, known, network = made()
    parameters = network.parameters
    assert parameters.delta == 2 * (1 + parameters.lam) * known.delta
    assert (parameters.epsilon0 - known.delta) ** 2 == max(proved.scales) * known.radius**2
    assert known.radius == 64
    mean = sum(
        s * int(proved.subbands.rows(proved.mask, b).sum()) for b, s in enumerate(proved.scales)
    )  # of ‖e‖² over the variance
    assert mean * DEVIATION**2 < known.delta**2 < 2 * mean * DEVIATION**2
    bounds = restart_bounds(network)
    assert all(a > b for a, b in itertools.pairwise(bounds))
    more = class_parameters(proved, radius=known.radius, delta=known.delta, n=parameters.n + 5)
    assert more.betas[: parameters.n] == parameters.betas
    for radius, delta in ((0, 1), (1, 0), (-1, 1)):
        with pytest.raises(UsageError, match="positive"):
            class_parameters(proved, radius=radius, delta=delta)


def within(run, known):
    assert run.truth.belongs(known)
    assert run.output.violations == () and run.output.bound == run.output.bounds[-1]
    for error, bound in zip(run.errors, run.bounds, strict=True):
        assert error <= bound
    for name, found in run.posterior.items():
        assert run.error <= found.bound, name
        assert found.bound < run.output.bound


@pytest.mark.parametrize("arithmetic", ["float64", "integers"])
def test_bounds_hold(arithmetic):
    proved, known, network = made()
    drawn = draw(proved, known, np.random.default_rng(0))
    run = run_network(network, known, drawn, arithmetic=arithmetic)
    within(run, known)
    assert set(run.posterior) == {"norm", "correlation"}
    assert all(noise <= limit for noise, limit in zip(run.truth.levels, known.noise["norm"].levels, strict=True))
    assert known.noise["correlation"].forms == ("norm",) * 3 + ("correlation",) * 3
    assert all(run.truth.admissible(known, name) for name in known.noise)
    assert all(tail <= known.tail for tail in run.truth.tails)
    back = resumed(network, known, drawn, run.kept, arithmetic=arithmetic)
    assert (back.output.point == run.output.point).all()
    assert back.error >= run.error and abs(to_float(back.output.bound / run.output.bound) - 1) < 1e-12
    with pytest.raises(UsageError, match="ledger"):
        resumed(network, known, drawn, run.kept[1:], arithmetic=arithmetic)


@pytest.mark.parametrize("changed", ["dense", "sparse", "tail"])
def test_limits_that_do_not_hold_are_told(changed):
    """Noise of one sample of a dense level, or along a column of H, or a tail that is too long."""
    proved, known, network = made()
    drawn = draw(proved, known, np.random.default_rng(0))
    run = run_network(network, known, drawn)
    assert limits_notes([run], known) == []
    assert run_data(run, known)["admissible"] == {"norm": True, "correlation": True}
    x, samples = drawn.coefficients.copy(), drawn.samples.copy()
    if changed == "tail":
        x[-20:] += 2 * to_float(known.tail)
    elif changed == "dense":
        samples[0, 0] += 1
    else:
        band = proved.subbands.count - 1
        column, bounds = proved.inverse.weights[band], proved.inverse.bounds[band]
        moved = np.zeros(proved.subbands.sizes[band])
        moved[proved.subbands.rows(proved.mask, band)] = column / np.linalg.norm(column)
        limit = to_float(known.noise["correlation"].levels[-1] / upper_root(bounds.norm2 * bounds.scale))
        whole = np.zeros(proved.subbands.shape)
        proved.subbands.put(moved, whole, band)
        samples = samples + 2 * limit * whole
    truth = Truth.of(network, Drawn(x, samples))
    expected = {"norm": changed == "sparse", "correlation": False}
    assert {name: truth.admissible(known, name) for name in known.noise} == expected
    off = replace(run, truth=truth)
    assert len(limits_notes([off], known)) == list(expected.values()).count(False)
    cells = runs_table([off], known, whole=True).rows[0]
    assert cells[-2:] == ("yes" if expected["norm"] else "no", "no")
    assert len(runs_table([off], known).rows[0]) == len(cells) - 2


@pytest.mark.slow
def test_bounds_hold_for_100_noise_draws():
    proved, known, network = made()
    ratios = []
    for seed in range(100):
        run = run_network(network, known, draw(proved, known, np.random.default_rng([7, seed])))
        within(run, known)
        ratios.append(to_float(run.output.bound / run.error))
    assert min(ratios) > 5 and max(ratios) < 40  # so far from sharp, and no farther


def test_the_gradient_is_that_of_the_error():
    proved, known, network = made()
    drawn = draw(proved, known, np.random.default_rng(3))
    error, gradient = error_gradient(network, drawn.samples, drawn.coefficients)
    assert error == pytest.approx(float(np.linalg.norm(forward(network, drawn.samples).point - drawn.coefficients)))
    direction = gradient / np.linalg.norm(gradient)
    step, moved = 1e-6, np.zeros(proved.subbands.shape)
    for band, part in enumerate(proved.subbands.split(step * direction)):
        proved.subbands.put(part / math.sqrt(to_float(proved.scales[band])), moved, band)
    other, _ = error_gradient(network, drawn.samples + moved, drawn.coefficients)
    assert (other - error) / step == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-3)
    assert not gradient[~np.concatenate([proved.subbands.rows(proved.mask, b) for b in range(19)])].any()


def attacked(steps):
    proved, known, network = made()
    drawn = draw(proved, known, np.random.default_rng(3))
    attacks = list(
        worst_noise(
            network, clean_samples(proved, drawn), drawn.coefficients, length=known.delta * fmpq(999, 1000), steps=steps
        )
    )
    for attack in attacks:
        worse = type(drawn)(drawn.coefficients, attack.samples)
        assert Truth.of(network, worse).belongs(known)
        within(run_network(network, known, worse, posterior=False), known)
    return attacks


def test_no_attack_leaves_the_bound():
    assert attacked(1)[-1].error > attacked(0)[-1].error


@pytest.mark.slow
def test_no_long_attack_leaves_the_bound():
    attacks = attacked(12)
    assert attacks[-1].error > 1.25 * attacks[0].error


def gaps(deviation):
    """F(ψ_k) - F(x) of a drawn image, in floating point, and δ of the theorem."""
    proved, known, network = made(deviation=deviation)
    drawn = draw(proved, known, np.random.default_rng(3))
    weights = np.repeat([to_float(w) for w in proved.levels.weights], np.diff([0, *proved.levels.ends]))
    lam, found = to_float(network.parameters.lam), []

    def objective(x):
        return lam * float(np.sum(weights * np.abs(x))) + to_float(
            residual_norm_above(network.operator, x, drawn.samples)
        )

    least = objective(drawn.coefficients)
    forward(network, drawn.samples, report=lambda k, x: found.append(objective(x) - least))
    return np.array(found), network.parameters


def test_the_depth_is_logarithmic():
    """Until the noise is reached, each restart takes the gap to v times what it was: the slope is within a fifth."""
    found, parameters = gaps(fmpq(1, 10**6))
    above = int(np.argmax(found < 20 * to_float(parameters.delta)))
    assert above >= 8
    slope = np.polyfit(np.arange(above), np.log(found[:above]), 1)[0]
    assert slope == pytest.approx(math.log(to_float(parameters.v)), rel=0.2)


@pytest.mark.slow
def test_depth_against_delta():
    depths = [made(deviation=fmpq(1, 10**k))[2].parameters.n for k in (3, 5, 7, 9)]
    steps = np.diff(depths)
    assert set(steps) <= {4, 5} and math.isclose(steps.mean(), 2 * math.log(10) / math.log(8 / 3), rel_tol=0.05)


def test_sparsities_that_do_not_fit():
    proved = certified()
    subbands = proved.subbands
    pattern = per_subband(dimension=2, bits=6, rates=[fmpq(1)] * 3 + list(RATES), seed=1)
    with pytest.raises(NotCertifiedError, match=r"ρ|θ"):
        certified_mask(pattern, subbands, {}, sparsities=[1, 1, 1, 5, 5, 5])
    with pytest.raises(UsageError, match="coefficients"):
        certified_mask(pattern, subbands, {}, sparsities=[1, 1, 1, 193, 1, 1])
    weights = {band: w for band, w in enumerate(proved.weights) if w is not None}
    largest = certified_mask(pattern, subbands, weights, sparsities=[None] * 6)
    assert largest.rho <= fmpq(1, 2) and max(largest.levels.sparsities[3:]) >= 1
    for deviation, radius in ((fmpq(0), None), (fmpq(1), fmpq(0))):
        with pytest.raises(UsageError, match="positive"):
            image_class(proved, deviation=deviation, radius=radius)


# --- the command -----------------------------------------------------------------------------------

LEAST = ("theorem4", "--size", "16", "--rates", "7/8", "--sparsity", "1", "--noise", "1/500")


def call(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, arguments)))
    return ended.value.code


def test_command(tmp_path, capsys):
    out = tmp_path / "out"
    assert call(*LEAST, "--seed", 2, "--out", out, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "certified"
    result = answer["result"]
    assert result["runs"][0]["admissible"] == {"norm": True, "correlation": True}
    assert result["runs"][0]["belongs"] is True and result["runs"][0]["violations"] == []
    certificates = sorted(path.name for path in (out / "certificates").glob("*.cert.json"))
    assert certificates == ["image-1.correlation.cert.json", "image-1.norm.cert.json", "mask.cert.json"]
    for name in certificates:
        assert verify_bytes((out / "certificates" / name).read_bytes()).verdict == "valid"
    proved = read_null_space_walsh((out / "certificates" / "mask.cert.json").read_bytes())
    assert (np.load(out / "mask.npy") == proved.mask).all()
    network = load_image_network(out / "network.json", proved=proved)
    assert network.violations == () and network.digest == result["network"]["digest"]
    page = (out / "report.html").read_text()
    for name in re.findall(r'src="([^"]+)"', page):
        assert (out / name).is_file(), name
    assert "equation 9" in page and "dense ‖e_l‖ hold" in page
    assert json.loads((out / "report.json").read_text()) == result
    # the same command again goes on from what is there, and says the same
    again = {path.name: path.read_bytes() for path in (out / "certificates").iterdir()}
    assert call(*LEAST, "--seed", 2, "--out", out, "--images", 2, "--quiet") == 0
    assert {name: (out / "certificates" / name).read_bytes() for name in certificates} == {
        name: again[name] for name in certificates
    }
    assert (out / "certificates" / "image-2.norm.cert.json").is_file()
    # but another one does not
    assert call(*LEAST, "--seed", 3, "--out", out) == 2
    assert "ledger" in capsys.readouterr().err
    assert "A posteriori: one for every image that fits" in page
    assert "Proved bounds of the error" in (out / "restarts.svg").read_text()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"--size": "48"}, "power of 2"),
        ({"--size": "2"}, "power of 2"),
        ({"--rates": "1"}, "all samples"),
        ({"--rates": "0"}, "more than 0"),
        ({"--rates": "x"}, "x"),
        ({"--rates": "1/2,1/2,1/2,1/2,1/2"}, "levels"),
        ({"--sparsity": "1,2"}, "one for all"),
        ({"--sparsity": "0"}, "1 to 192"),
        ({"--sparsity": "193"}, "1 to 192"),
        ({"--noise": "0"}, "positive"),
        ({"--noise": "nan"}, "nan"),
        ({"--noise": "1/1000000000001"}, "from 1/1000000000 to"),
        ({"--noise": "1e300"}, "to 1000000000, as"),
        ({"--radius": "-1"}, "positive"),
        ({"--transform": "fourier"}, "no certificate"),
        ({"--images": "0"}, "images"),
    ],
)
def test_mistakes_are_one_line(tmp_path, capsys, changes, words):
    options = dict(zip(LEAST[1::2], LEAST[2::2], strict=True)) | changes
    out = tmp_path / "out"
    assert call("theorem4", *[word for pair in options.items() for word in pair], "--out", out) == 2
    error = capsys.readouterr().err
    assert words in error and len(error.strip().splitlines()) == 1
    assert not out.exists()


def test_what_is_not_certified_is_undecided(tmp_path, capsys):
    assert call(*LEAST[:6], "40", *LEAST[7:], "--out", tmp_path / "out") == 3
    said = capsys.readouterr().out
    assert "undecided" in said and "--sparsity max" in said
    assert call(*LEAST[:6], "max", *LEAST[7:], "--out", tmp_path / "out") == 0, "into the same directory"


def test_a_bound_that_is_larger_than_the_class_is_called_vacuous():
    from firenet_exact.imaging.report import class_words

    proved, _, network = made()
    known = image_class(proved, deviation=DEVIATION)
    assert restart_bounds(network)[-1] < known.radius and "says nothing" not in " ".join(class_words(network, known))
    known = image_class(proved, deviation=fmpq(1, 10), radius=fmpq(1))
    network = network_of(proved, known)
    assert restart_bounds(network)[-1] >= known.radius and "says nothing" in " ".join(class_words(network, known))


@pytest.mark.parametrize("option", [("--arithmetic", "integers"), ("--radius", "20"), ("--sparsity", "max")])
def test_options(tmp_path, option, capsys):
    assert call(*LEAST, *option, "--out", tmp_path / "out", "--json", "--require", "certified") == 0
    result = json.loads(capsys.readouterr().out)["result"]
    assert result["runs"][0]["belongs"] is True
    assert result["network"]["arithmetic"] == ("integers" if option[1] == "integers" else "float64")


def interrupted_once(out, monkeypatch):
    """Run the command for two images, with an interrupt in the second, and once more; return how many were computed."""
    import firenet_exact.commands.theorem4 as command

    whole, calls = command.run_network, []

    def interrupted(*arguments, **options):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(command, "run_network", interrupted)
        assert call(*LEAST, "--out", out, "--images", 2) == 130
        assert not (out / "certificates").exists()
        assert call(*LEAST, "--out", out, "--images", 2, "--quiet") == 0
    return len(calls)


def test_an_interrupt_keeps_what_is_done(tmp_path, monkeypatch, capsys):
    assert interrupted_once(tmp_path / "out", monkeypatch) == 3  # the first image was not computed again
    assert "kept" in capsys.readouterr().err


@pytest.mark.slow
def test_after_an_interrupt_the_files_are_the_same(tmp_path, monkeypatch):
    out, other = tmp_path / "out", tmp_path / "other"
    interrupted_once(out, monkeypatch)
    assert call(*LEAST, "--out", other, "--images", 2, "--quiet") == 0
    names = sorted(path.name for path in (other / "certificates").iterdir())
    assert names == sorted(path.name for path in (out / "certificates").iterdir())
    for name in names:
        assert (other / "certificates" / name).read_bytes() == (out / "certificates" / name).read_bytes()


def test_a_ledger_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, capsys):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("firenet_exact.running.write_atomic", full)
    assert call(*LEAST, "--out", tmp_path / "out") == 2
    error = capsys.readouterr().err
    assert "No space left" in error and len(error.strip().splitlines()) == 1
