"""Sentences say no more than their rules: cases in which one would be false if it were one unit stronger."""

import json
import re
from math import isqrt

import pytest

from proofs_checks import verify_bytes
from proofs_checks.certificate.reading import POINT_NAME
from tests.fuzz.independent import column, norm2
from tests.proofs_checks.builders import Class, F, changed, control, enumerated, rat
from tests.proofs_checks.cases import forward_error, null_space_refuted, randomised, table
from tests.proofs_checks.cases.null_space import IDENTITY
from tests.proofs_checks.null_space_builders import coherence, operator_norm, refuted, relaxation
from tests.proofs_checks.reach_builders import reads
from tests.proofs_checks.recovery_builders import recovery

ACCEPT = table("ACCEPT")
LONG = F(123456789012345678901, 10**21)
TINY = F(1, 10**24)


def said(data):
    """The title and the lines of a valid certificate."""
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    return report.statement.title, report.statement.lines


def after(text, *, text_of):
    """The number that follows a text."""
    found = re.search(re.escape(text) + r"(-?[0-9.]+(?:e[-+]\d+)?(?:/\d+)?)", text_of)
    assert found, (text, text_of)
    return F(found[1].rstrip("."))


def column_of(noise, *, y=(0, LONG), sigma=0):
    """A = [1; 0]: no x has |Ax - y| < |y_2|."""
    return recovery(
        [[1], [0]], [(1, 1, 1)], F(1, 2), 1, y, [0], None, coherence(), noise=noise, witness=[0], sigma=sigma
    )


def test_the_witness_is_within_the_limits_that_are_printed_for_it():
    """There is no x with |Ax - y| less than the noise, however little it is rounded down."""
    title, lines = said(column_of(LONG))
    assert after("|Ax - y| <= ", text_of=title) < LONG < after("|Ax - y| <= ", text_of=lines[0])
    assert "There is such an x" not in lines[0]
    assert "There is such an x, the witness of the file." in said(column_of(F(1, 8), y=(0, F(1, 8))))[1][0]


def test_a_limit_of_compressibility_that_is_rounded_alone():
    title, lines = said(column_of(F(1, 8), y=(0, F(1, 8)), sigma=LONG))
    assert after("sigma(x) <= ", text_of=title) < LONG < after("sigma(x) <= ", text_of=lines[0])


def test_the_title_of_a_breakdown_is_true_where_the_radius_is_attained():
    """An answer is within r of each set, so that 'not within r' would be false; 'at least r' is true."""
    attained = 0
    for name, data in ACCEPT.items():
        if name.startswith("breakdown-family"):
            title, lines = said(data)
            low = after("errs by at least ", text_of=title)
            square = after("r^2 = ", text_of=" ".join(lines))
            assert low**2 <= square and "within" not in title
            attained += low**2 == square and "No larger r" in " ".join(lines)
    assert attained >= 3


@pytest.mark.parametrize("bound", [10**60, F(10**60 + 1, 3), 10**9])
def test_a_large_bound_of_a_network_is_no_good_news(bound):
    title, lines = said(changed(forward_error.PLAIN, ["claim", "bound"], rat(bound)))
    assert after("lies within ", text_of=title.replace("about ", "")) >= bound and "near" not in title
    size2 = norm2(column(json.loads(forward_error.PLAIN)["claim"]["output"])).v[0]
    assert lines[1].startswith("This SAYS NOTHING of z: ")
    assert after("at least ", text_of=lines[1]) ** 2 * size2 <= bound**2
    parts = [after(text, text_of=lines[2]) for text in ("C2' delta, at most ", "C2' g, at most ")]
    assert sum(parts) < bound


@pytest.mark.parametrize("scale", [1, F(10**30 + 1, 10**30), F(10**30 - 1, 3 * 10**30)])
@pytest.mark.parametrize("root", [False, True])
def test_a_refutation_prints_its_sides_outward(scale, root):
    """(3, 1 + i, 1 - i): 9 against 8; and (3, (1 + sqrt 2) + i, 0): 9 against 4 + 2 sqrt 2, 6.83."""
    second = [[(scale, scale, scale), -3 * scale, 0]] if root else [[2, -3, -3]]
    vector = [3 * scale, (scale, scale, scale), 0] if root else [z * scale for z in (3,)] + [
        (scale, 0, scale), (scale, 0, -scale),
    ]  # fmt: skip
    _, lines = said(refuted(second, null_space_refuted.ONE, vector, root=2 if root else 0))
    left, right = (after(text, text_of=lines[3]) for text in ("is at least ", "at most "))
    exact = F(9) * scale**2
    assert left <= exact <= left * (1 + F(1, 10**5))
    # the right side is at least (4 + 2 sqrt 2) s^2, or 8 s^2
    least = (4 + F(isqrt(8 * 10**60), 10**30)) * scale**2 if root else 8 * scale**2
    assert least <= right <= least * (1 + F(1, 10**4))


def test_both_sides_may_be_irrational():
    """x = (sqrt 2, -1): 2 against 1, times (1 + sqrt 2)^2."""
    _, lines = said(refuted([[1, (0, 1), 0]], null_space_refuted.ONE, [(2, 1), (-1, -1), 0], root=2))
    left, right = (after(text, text_of=lines[3]) for text in ("is at least ", "at most "))
    square = 3 + F(isqrt(8 * 10**60), 10**30)
    assert 0 <= 2 * square - left < F(1, 10**3) and 0 <= right - square < F(1, 10**3)


def sized(bound, point):
    """y = point and A = I, so that the least bound is 0."""
    data = recovery(
        IDENTITY, [(2, 1, 1)], F(1, 2), F(3, 2), point, point, None, relaxation(IDENTITY), bound=bound
    )  # fmt: skip
    return said(data)[1][1]


def test_a_bound_is_compared_with_the_point():
    """|(3, 0)| = 3: below it something is said, from 3 on nothing, as 0 is within the bound too."""
    assert sized(F(3), [3, 0]).startswith("This SAYS NOTHING of the point: the bound is not less than")
    assert sized(3 - TINY, [3, 0]) == "The bound is at most 1 times the norm of the point."
    assert sized(F(1, 3), [3, 0]) == "The bound is at most 0.111112 times the norm of the point."
    assert after("at least ", text_of=sized(F(10**6 + 1, 1), [3, 0])) <= F(10**6 + 1, 3)
    assert sized(F(0), [3, 0]) == "The bound is 0, so that no such x differs from the point."
    assert sized(F(0), [0, 0]) == "The bound is 0, so that no such x differs from the point."
    assert sized(TINY, [0, 0]) == "This SAYS NOTHING of the point, which is 0: it bounds |x| alone."


def test_a_norm_is_printed_outward():
    third = F(10**20, 3 * 10**20 + 1)
    _, lines = said(operator_norm([[1]], 1 - third, 1 + third, [[0]], [1]))
    assert after("low >= ", text_of=lines[1]) <= 1 - third
    assert after("high <= ", text_of=lines[1]) >= 1 + third
    assert after("high - low <= ", text_of=lines[1]) >= 2 * third


@pytest.mark.parametrize(("den", "verdict"), [(2**32, "valid"), (2**32 + 1, "malformed"), (2**33 - 1, "malformed")])
def test_the_denominator_of_a_sampled_bound(den, verdict):
    assert verify_bytes(changed(randomised.EVIDENCE, ["claim", "bound"], rat(F(den - 1, den)))).verdict == verdict


def test_a_probability_of_failure_is_rounded_down():
    """It is two thirds and a little more, and would be false if it were printed as 0.666667."""
    total, share = 3 * 10**20 + 1, 10**20
    outcomes = [(share, [4], randomised.vertex(randomised.WEAK, 1)), (share, [], [0]), (share + 1, [4, 1], None)]
    title, _ = said(randomised.within(outcomes=outcomes, den=total, bound=F(share, total)))
    assert after("With probability at least ", text_of=title) == F(666666, 10**6) < 1 - F(share, total)


def test_no_statement_is_about_a_program():
    """Nothing binds a program to a file."""
    for data in ACCEPT.values():
        title, lines = said(data)
        assert not re.search(r"\b[Tt]his (solver|(randomised )?algorithm|network|program)\b", " ".join((title, *lines)))


@pytest.mark.parametrize(
    "name",
    ["minimiser", "minimizer", "MINIMIZER", "mlnimiser", "min1m1ser", "minimi2er", "rninirniser", "m.i.n.i.m.i.s.e.r"],
)
def test_names_that_look_like_the_minimiser(name):
    for decorated in (name, f"x{name}", f"{name}-1"):
        assert not POINT_NAME.fullmatch(decorated)


@pytest.mark.parametrize("name", ["z", "zero", "minimum", "admm-iser", "printed", "K1n10", "ista_500", "mini.batch"])
def test_names_that_do_not(name):
    assert POINT_NAME.fullmatch(name)


def test_a_point_is_called_one():
    """Whatever its name, it is told from the minimiser."""
    _, lines = said(ACCEPT["claim-audit-distance-to-a-point"])
    assert any(line.startswith("The distance from point ") for line in lines)
    _, lines = said(ACCEPT["claim-audit-distance-zero"])
    assert any("to the minimiser is 0" in line for line in lines)


def test_condition_numbers_do_not_measure_the_distance_to_the_tie():
    _, lines = said(ACCEPT["conditioning-member"])
    assert "at most delta_q = 2^-" in lines[-1] and "None of these numbers measures the distance" in lines[-1]


SAMPLED = ["barrier", "breakdown", "budget", "conditioning", "control", "randomised", "reads"]


@pytest.mark.parametrize("kind", SAMPLED)
def test_the_sample_is_named_and_is_that_of_the_reflected_matrix(kind):
    """What is certified of a class is about y = U e_1, whichever U is; without a reflection about y = e_1."""
    seen = set()
    for data in ACCEPT.values():
        claim = json.loads(data)["claim"]
        if json.loads(data)["kind"] != kind or "class" not in claim:
            continue
        _, lines = said(data)
        text, hidden = " ".join(lines), claim["class"]["householder"] is not None
        named = "Samples: {}e_1 and " if kind == "reads" else "the sample is y = {}e_1."
        if "samples" in claim.get("instance", {}):
            named = "its further samples are {}("
        assert named.format("U " if hidden else "") in text
        assert ("a Householder reflection U," in text) == hidden
        seen.add(hidden)
    assert False in seen


def test_the_first_row_of_a_control_is_that_before_the_reflection():
    plain, hidden = (
        said(
            control(
                cls := Class("lasso", alpha=600, parameter=F(1, 2), householder=v), [cls.control_read(1)], [cls.h], "ok"
            )
        )
        for v in (None, [1, 2])
    )
    assert "0, ..), whose" in plain[1][2] and "0, ..) before the reflection, whose" in hidden[1][2]
    assert "the sample is y = U e_1." in hidden[1][1]


def test_the_zero_network_is_about_the_reflected_sample():
    cls = Class("lasso", alpha=600, parameter=F(1, 2), m=2, N=3, K=3, householder=[1, 2])
    _, lines = said(reads(cls, [], [0, 0], 1))
    assert any(line.startswith("Samples: U e_1 and 0 more") for line in lines)
    assert any(line.startswith("With the sample U e_1 alone") for line in lines)


def test_why_an_index_is_refused():
    """More than 1/d of the answers suit it; at 1/d it is accepted."""
    cls = Class("lasso", alpha=600, parameter=F(1, 2))
    half = [(1, [], [cls.h, 0]), (1, [], [0, cls.h])]
    assert verify_bytes(enumerated(cls, [], half, F(1, 2), q=12, den=2)).verdict == "valid"
    most = [half[0], (2, [], [0, cls.h])]
    report = verify_bytes(enumerated(cls, [], most, F(2, 3), q=12, den=3, i=2))
    assert report.reason == "index: more than 1/2 of the answers suit member 2"
