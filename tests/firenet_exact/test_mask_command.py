import hashlib
import io
import json

import numpy as np
import pytest
from PIL import Image

from firenet_exact.certificates.null_space_walsh import read_null_space_walsh
from firenet_exact.commands.app import main
from firenet_exact.imaging import choose
from firenet_exact.imaging.mask_files import as_mask, mask_bytes, mask_picture
from firenet_exact.imaging.subbands import Subbands
from proofs_checks import verify_bytes


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main(["mask", *map(str, arguments)])
    return end.value.code, *capsys.readouterr()


def result(capsys, *arguments):
    code, text, errors = run(capsys, *arguments, "--json")
    assert (code, errors) == (0, "")
    return json.loads(text)["result"]


WALSH = ("--size", 16, "--pattern", "subbands", "--rates", "3/4,1/2")
FOURIER = ("--size", 16, "--transform", "fourier", "--rate", "1/2")


def test_a_mask_is_written_and_drawn(capsys, tmp_path):
    out, picture = tmp_path / "m.npy", tmp_path / "m.png"
    code, text, errors = run(capsys, *WALSH, "--seed", 3, "--out", out, "--picture", picture)
    assert (code, errors) == (0, "") and f"written: {out}" in text and "seed 3" in text
    mask = np.load(out)
    assert mask.dtype == bool and mask.shape == (16, 16)
    assert hashlib.sha256(out.read_bytes()).hexdigest() in text
    saved = io.BytesIO()
    np.save(saved, mask)
    assert saved.getvalue() == out.read_bytes()
    with Image.open(picture) as drawn:
        assert (np.asarray(drawn) == 255 * mask).all()
    code, text, _ = run(capsys, *WALSH, "--seed", 3, "--out", out)
    assert code == 0 and f"replaced: {out}" in text
    assert (np.load(out) == mask).all()


def test_rates_are_those_of_the_last_levels(capsys):
    found = result(capsys, *WALSH)
    assert [part["samples"] for part in found["subbands"]] == [1] * 4 + [4] * 3 + [12] * 3 + [32] * 3
    assert found["complete"] == 7 and found["samples"] == 148 and found["rate"]["exact"] == "37/64"


def test_equal_weights_certify_what_the_largest_correlation_allows(capsys, tmp_path):
    """μ = k/(k_0 + k) with k the largest |Σ (-1)^popcount(a & t)| over the samples, t ≠ 0; s < 1/(2μ)."""
    out = tmp_path / "m.npy"
    run(capsys, *WALSH, "--out", out)
    mask, bands = np.load(out), Subbands(dimension=2, bits=4)
    for part, band in zip(result(capsys, *WALSH)["subbands"], range(bands.count), strict=True):
        rows = np.flatnonzero(bands.rows(mask, band))
        sums = [abs(sum((-1) ** int.bit_count(int(a) & t) for a in rows)) for t in range(1, bands.sizes[band])]
        peak = max(sums, default=0)
        expected = max(s for s in range(bands.sizes[band] + 1) if 2 * s * peak < len(rows) + peak or s == 0)
        assert part["sparsity"] == expected


@pytest.mark.parametrize("pattern", ["multilevel", "half", "variable"])
def test_fourier_patterns(capsys, pattern):
    found = result(capsys, *FOURIER, "--pattern", pattern, "--dense", 2)
    assert 0.45 < found["samples"] / 256 <= 0.5
    assert [level["of"] for level in found["levels"]] == [4, 12, 48, 192]
    assert [level["samples"] for level in found["levels"]][:2] == [4, 12]
    assert float(found["levels"][1]["smallest_fibre"]["about"]) >= (4 / np.pi**2) ** 2


@pytest.mark.parametrize("pattern", ["multilevel", "half", "variable", "spread", "subbands"])
@pytest.mark.parametrize(("dimension", "size"), [(1, 64), (2, 16), (3, 8)])
def test_walsh_patterns_of_every_dimension(capsys, tmp_path, pattern, dimension, size):
    options = ("--size", size, "--dimension", dimension, "--pattern", pattern, "--rate", "2/5")
    picture = tmp_path / "m.png"
    code, text, _ = run(capsys, *options, "--picture", picture)
    assert code == 0 and "s by equal weights" in text
    with Image.open(picture) as drawn:
        assert drawn.size == (size, 32 if dimension == 1 else size)
    assert 0.25 < result(capsys, *options)["samples"] / size**dimension < 0.47


def test_a_subband_without_samples_is_said(capsys):
    code, text, _ = run(capsys, "--size", 8, "--pattern", "half", "--rate", "1/64", "--dense", 0, "--seed", 2)
    assert code == 0 and "without any sample" in text


def test_a_centred_mask_is_the_same_with_frequency_0_in_the_middle(capsys, tmp_path):
    plain, centred = tmp_path / "m.npy", tmp_path / "c.npy"
    given = (*FOURIER, "--pattern", "half", "--seed", 5)
    assert run(capsys, *given, "--out", plain)[0] == 0
    code, text, _ = run(capsys, *given, "--centred", "--out", centred)
    assert code == 0 and f"frequency 0 in the middle: {hashlib.sha256(centred.read_bytes()).hexdigest()}" in text
    assert (np.load(centred) == np.fft.fftshift(np.load(plain))).all() and np.load(centred)[8, 8]
    assert centred.read_bytes() != plain.read_bytes()


def test_a_picture_of_frequencies_has_the_lowest_in_the_middle():
    mask = np.zeros((4, 4), dtype=bool)
    mask[0, 0] = True
    picture = np.asarray(Image.open(io.BytesIO(mask_picture(mask, centred=True))))
    assert np.argwhere(picture).tolist() == [[2, 2]]


def test_masks_are_read_as_truth_values():
    for kind in (bool, np.int8, np.float32):
        assert as_mask(np.array([1, 0], dtype=kind), shape=(2,)).tolist() == [True, False]
    assert mask_bytes(np.asfortranarray(np.eye(4, dtype=bool))) == mask_bytes(np.eye(4, dtype=bool))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((*WALSH, "--centred"), "sequency order"),
        (("--size", 12, "--pattern", "half", "--rate", "1/2"), "--size must be 2, 4, 8"),
        (("--size", 1, "--pattern", "half", "--rate", "1/2"), "--size must be 2, 4, 8"),
        (("--size", 16, "--pattern", "half", "--rate", "1/2", "--dimension", 4), "dimension"),
        (("--size", 1 << 20, "--pattern", "half", "--rate", "1/2"), "1 to 14"),
        (("--size", 16, "--pattern", "half"), "either --rate"),
        ((*WALSH, "--rate", "1/2"), "either --rate"),
        (("--size", 16, "--pattern", "half", "--rates", "1/2"), "--rates is for"),
        (("--size", 16, "--pattern", "half", "--rate", "nan"), "nan"),
        (("--size", 16, "--pattern", "half", "--rate", "3/2"), "at most 1"),
        (("--size", 16, "--pattern", "subbands", "--rate", "0"), "at most 1"),
        (("--size", 16, "--pattern", "subbands", "--rate", "1/2", "--dense", 4), "lower --dense"),
        (("--size", 16, "--pattern", "subbands", "--rate", "1/4", "--dense", 3), "lower --dense"),
        (("--size", 16, "--pattern", "subbands", "--rate", "1", "--dense", 5), "0 to 4"),
        (("--size", 16, "--pattern", "subbands", "--rates", "1,1,1,1,1"), "4 levels"),
        ((*WALSH, "--dense", 1), "of which 1 are dense"),
        ((*FOURIER, "--pattern", "spread"), "no subband"),
        ((*FOURIER, "--pattern", "half", "--power", 1), "--power is for"),
        ((*FOURIER, "--pattern", "half", "--sparsity", "1"), "--sparsity is for"),
        ((*FOURIER, "--pattern", "multilevel", "--sparsity", "1,x"), "integers"),
        ((*FOURIER, "--pattern", "multilevel", "--sparsity", "1,2"), "4 sparsities"),
        ((*FOURIER, "--pattern", "variable", "--power", "-1"), "power"),
        ((*WALSH, "--seed", -1), "seed"),
        ((*WALSH, "--picture", "m.svg"), "--picture m.svg must end in .png"),
        ((*WALSH, "--out", "m.txt"), "--out m.txt must end in .npy"),
    ],
)
def test_mistakes_are_one_line(capsys, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    code, text, errors = run(capsys, *options)
    assert (code, text) == (2, "") and message in errors and errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_other_arrays_are_not_replaced(capsys, tmp_path):
    out = tmp_path / "data.npy"
    np.save(out, np.zeros(3))
    code, _, errors = run(capsys, *WALSH, "--out", out)
    assert code == 2 and "give another name" in errors
    assert np.load(out).tolist() == [0, 0, 0]


def test_without_pillow_pictures_are_refused_before_the_work(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    code, _, errors = run(capsys, *WALSH, "--picture", tmp_path / "m.png", "--out", tmp_path / "m.npy")
    assert code == 2 and "sci-barriers[images]" in errors
    assert list(tmp_path.iterdir()) == []


CERTIFIED = ("--size", 64, "--pattern", "subbands", "--rates", "3/4")


@pytest.mark.parametrize(("target", "more"), [("theorem4", ()), ("recovery", ("--target", "recovery"))])
def test_a_certificate_is_written_and_valid(capsys, tmp_path, target, more):
    out, mask = tmp_path / "m.cert.json", tmp_path / "m.npy"
    code, text, errors = run(capsys, *CERTIFIED, "--out", mask, "--certificate", out, *more, "--json")
    answer = json.loads(text)
    assert (code, errors, answer["verdict"]) == (0, "", "certified")
    report = verify_bytes(out.read_bytes())
    assert report.verdict == "valid"
    assert any(hashlib.sha256(mask.read_bytes()).hexdigest() in line for line in report.statement.lines)
    proved, said = read_null_space_walsh(out.read_bytes()), answer["result"]["certificate"]
    assert said["target"] == target and said["sparsities"] == list(proved.levels.sparsities)
    assert (proved.mask == np.load(mask)).all()
    assert said["recoverable"][-1] <= said["limits"][-1]
    if target == "theorem4":
        assert 2 * proved.rho <= 1 and proved.gamma**2 <= 2
    code, text, _ = run(capsys, *CERTIFIED, "--certificate", out, *more, "--budget", 1)
    assert code == 0 and f"replaced: {out}" in text and "certified exactly" in text and "no proof beyond" in text


def test_what_is_not_certified_is_undecided_and_writes_nothing(capsys, tmp_path):
    out = tmp_path / "m.cert.json"
    code, text, errors = run(capsys, "--size", 16, "--pattern", "half", "--rate", "1/5", "--certificate", out)
    assert (code, errors) == (3, "") and "undecided, and nothing is refuted" in text and not out.exists()
    required = ("--require", "certified", "--quiet")
    assert run(capsys, "--size", 16, "--pattern", "half", "--rate", "1/5", "--certificate", out, *required)[0] == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--target", "theorem4"), "--target and --budget are for --certificate"),
        (("--budget", 1), "--target and --budget are for --certificate"),
        (("--certificate", "m.txt"), "--certificate"),
        (("--certificate", "missing/m.cert.json"), "missing"),
        (("--certificate", "m.cert.json", "--budget", 0), "--budget must be positive"),
        (("--certificate", "m.cert.json", "--budget", "nan"), "--budget must be positive"),
        (("--certificate", "m.cert.json", "--target", "all"), "target"),
    ],
)
def test_options_of_certificates_that_do_not_fit(capsys, tmp_path, monkeypatch, more, words):
    monkeypatch.chdir(tmp_path)
    code, text, errors = run(capsys, *CERTIFIED, *more)
    assert code == 2 and not text and words in errors
    assert not list(tmp_path.iterdir())


def test_certificates_are_of_walsh_samples(capsys, tmp_path):
    code, _, errors = run(capsys, *FOURIER, "--pattern", "half", "--certificate", tmp_path / "m.cert.json")
    assert code == 2 and "--certificate is for Walsh samples" in errors


def test_what_is_proved_is_kept_when_it_is_interrupted(capsys, tmp_path, monkeypatch):
    """The interrupt comes with the first weights that are better than equal ones."""
    out = tmp_path / "m.cert.json"
    steps = choose.optimise

    def interrupted(rows, **options):
        yield next(steps(rows, **options))
        raise KeyboardInterrupt

    monkeypatch.setattr(choose, "optimise", interrupted)
    code, text, errors = run(capsys, *CERTIFIED, "--certificate", out)
    assert (code, text) == (130, "") and "kept: certified, sparsity" in errors
    assert verify_bytes(out.read_bytes()).verdict == "valid"
    out.unlink()
    code, _, errors = run(capsys, "--size", 16, "--pattern", "half", "--rate", "1/5", "--certificate", out)
    assert code == 130 and "nothing was proved yet" in errors and not out.exists()
