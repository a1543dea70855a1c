import numpy as np
import pytest

from benchmarks import kit, operators, relations, theorem2
from benchmarks.pages import write_markdown
from benchmarks.references import LIBRARIES, accepts, decode
from benchmarks.run import bare_rules, main, produce, representative
from benchmarks.timing import Spread, interleaved, ratio
from firenet_exact.imaging.operators import ImageOperator
from proofs_checks.certificate import reading, writing
from proofs_checks.checker import Invalid, verify_bytes
from sci_barriers import OmegaClass
from sci_barriers.randomised.game import enumerate_tapes
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.solvers import REGISTRY

REPRESENTATIVE = dict(representative(quick=True))


def barriers_of(corpus):
    for path in sorted(corpus.rglob("*.cert.json")):
        data = path.read_bytes()
        try:
            kind = reading.parse(data).kind
        except reading.MalformedCertificate:
            continue  # never reaches the rules
        if kind == "barrier":
            yield path.name, data


def changed(data, field, value):
    parsed = reading.parse(data)
    return writing.build("barrier", claim=parsed.claim | {field: value}, evidence=parsed.evidence, provenance={})


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_references_accept_what_the_checker_accepts_in_the_corpus(root, library):
    cases = list(barriers_of(root / "tests" / "corpus"))
    verdicts = {name: verify_bytes(data).verdict == "valid" for name, data in cases}
    assert set(verdicts.values()) == {True, False}
    assert {name: accepts(reading.parse(data), LIBRARIES[library]) for name, data in cases} == verdicts


@pytest.mark.slow_for("5 x 40, chambolle-pock", "5 x 40, stream of 60", "21 x 22, chambolle-pock")
@pytest.mark.parametrize("label", REPRESENTATIVE)
def test_the_references_accept_what_is_timed_and_reject_it_when_changed(label):
    options = REPRESENTATIVE[label]
    data = produce(**options)
    zero = {"rows": hex(options["columns"]), "cols": "0x1", "den": "0x1", "entries": []}
    cases = {
        "as produced": data,
        "other access": changed(data, "access", "stream" if options.get("access") != "stream" else "query"),
        "small exponent": changed(data, "exponent", "0x1"),
        "exponent of no member": changed(data, "exponent", "0x3"),
        "other index": changed(data, "index", "0x2"),
        "no such index": changed(data, "index", "0xff"),
        "zero output": changed(data, "output", zero),
    }
    verdicts = {name: verify_bytes(data).verdict == "valid" for name, data in cases.items()}
    assert verdicts["as produced"] and not all(verdicts.values())
    for rational in LIBRARIES.values():
        assert {name: accepts(reading.parse(data), rational) for name, data in cases.items()} == verdicts


def test_the_bare_rules_are_those_of_the_checker():
    parsed = reading.parse(produce())
    fields = decode(parsed.claim, parsed.evidence)
    with bare_rules(fields) as rules:
        assert rules() is None
    parsed = reading.parse(changed(produce(), "exponent", "0x3"))
    with bare_rules(decode(parsed.claim, parsed.evidence)) as rules, pytest.raises(Invalid):
        rules()
    assert verify_bytes(produce()).statement is not None


@pytest.mark.slow
def test_interleaved_times_every_job_in_every_round():
    order = []
    times = interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3, sample=0)
    assert {name: len(values) for name, values in times.items()} == {"a": 3, "b": 3}
    assert order[-6:] == ["a", "b"] * 3


def test_ratio_is_taken_within_rounds():
    assert ratio([2.0, 4.0, 9.0], [1.0, 2.0, 3.0]) == Spread(2.0, 2.0, 2.5)


@pytest.mark.parametrize("marker", ["measured", "theorem2"])
def test_markdown_replaces_what_stands_between_the_markers(tmp_path, marker):
    page = tmp_path / "page.md"
    begin, end = f"<!-- {marker}: begin -->", f"<!-- {marker}: end -->"
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    write_markdown(page, "new\n", marker=marker)
    assert page.read_text() == f"before\n{begin}\n\nnew\n\n{end}\nafter\n"
    write_markdown(tmp_path / "other.md", "new\n", marker=marker)
    assert (tmp_path / "other.md").read_text() == f"{begin}\n\nnew\n\n{end}\n"


def test_a_page_without_the_markers_stays(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- one: begin -->\nafter\n")
    with pytest.raises(SystemExit, match="lacks the lines"):
        write_markdown(page, "new\n", marker="one")
    assert page.read_text() == "before\n<!-- one: begin -->\nafter\n"


@pytest.mark.slow
def test_quick_run_writes_all_tables(tmp_path):
    main(["--quick", "--markdown", str(tmp_path / "page.md")])
    text = (tmp_path / "page.md").read_text()
    assert text.count("\n## ") == 11
    assert "python3 dev.py bench --quick" in text


@pytest.mark.slow
def test_quick_run_of_theorem2_writes_all_tables(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n<!-- {theorem2.MARKER}: begin -->\nold\n<!-- {theorem2.MARKER}: end -->\nafter\n")
    theorem2.main(["--quick", "--markdown", str(page)])
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert text.count("\n### ") == 6  # the targets, digits, columns, all statements, and coins twice
    assert all(text.count(f"| {part} | ") == 4 for part in theorem2.PARTS)


@pytest.mark.parametrize("alike", [True, False])
def test_the_tapes_that_are_timed_give_as_many_answers_as_the_table_says(alike):
    omega = OmegaClass.create("lasso", digits=3)
    result = enumerate_tapes(RandomisedCandidate("guess", theorem2.guesser(4, alike=alike)), omega)
    assert (result.runs, len(result.outcomes)) == (16, 2 if alike else 16)


@pytest.mark.slow
def test_quick_run_of_the_kit(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- kit: begin -->\nold\n<!-- kit: end -->\nafter\n")
    kit.main(["--quick", "--markdown", str(page)])
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert text.count("\n| ") == 1 + len(kit.STRATEGIES) + 3


@pytest.mark.slow
def test_who_survives_what_is_repeatable():
    first, second = ([row["rotation"] for row in relations.drawn("bpdn", 3)] for _ in range(2))
    assert [repr(known) for known, _ in first] == [repr(known) for known, _ in second]
    for known, changed in first:
        assert relations.reached(REGISTRY["memoriser"].candidate("bpdn"), (known, changed), (2, 40)) == [True, True]


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
@pytest.mark.parametrize(("dimension", "bits"), [(1, 5), (2, 3), (3, 2)])
def test_the_operators_that_are_timed_compute_the_same(monkeypatch, transform, dimension, bits):
    rng = np.random.default_rng(1)
    shape = (1 << bits,) * dimension
    operator = ImageOperator(transform=transform, dimension=dimension, bits=bits, mask=rng.random(shape) < 0.5)
    image = rng.normal(size=shape)
    operators.check(operator, image)
    monkeypatch.setattr(operator, "_factor", operator._factor * 1.001)
    with pytest.raises(SystemExit, match="the same"):
        operators.check(operator, image)
