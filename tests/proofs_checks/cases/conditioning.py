"""Kind conditioning. Members of small classes, where the bounds are nearly reached."""

from tests.proofs_checks.breakdown_builders import conditioning
from tests.proofs_checks.builders import Class, F, changed

H = F(1, 2)
SQRT = Class("sqrt-lasso", alpha=700, parameter=1)
BPDN = Class("bpdn", alpha=350, parameter=H)
LASSO = Class("lasso", alpha=700, parameter=H)
WEAK = Class("sqrt-lasso", alpha=11200, parameter=1, family="weak", K=4)
WIDE = Class("sqrt-lasso", alpha=700, parameter=1, m=3, N=7, householder=[1, 0, -2])
MEMBER = conditioning(SQRT, "member", 1, 12)

# c^2 = 2 a^2 = 1 and 98/100, a = 1/sqrt 2 being no rational: 5/7 = 0.714.. and 7/10.
_FLAT = Class("bpdn", alpha=F(5, 7), parameter=F(6, 7), K=1)
_LOWER = Class("bpdn", alpha=F(7, 10), parameter=F(6, 7), K=1)
# 1/a + 1/a^2 <= 1 from the golden ratio 1.618033.. on.
_GOLDEN = Class("sqrt-lasso", alpha=F(1619, 1000), parameter=F(16, 10), K=1, m=1, N=2)
_LESS = Class("sqrt-lasso", alpha=F(1617, 1000), parameter=F(16, 10), K=1, m=1, N=2)
# Control: c^2 = 9 (d + 3)/4 = 45/4 with d = 2, m = 3; p^2 (1/9 + 8/45) = 13/45 p^2, which is 1 at p = 1.8605..
_STEEP = Class("sqrt-lasso", alpha=3, parameter=F(1860, 1000), K=1, m=3, N=4)
_STEEPER = Class("sqrt-lasso", alpha=3, parameter=F(1861, 1000), K=1, m=3, N=4)
# The heights of low levels fall by more than 1/10.
_FALLING = Class("bpdn", alpha=F(1, 12), parameter=F(23, 24), K=1)
# Tie with c^2 = 4 a^2 and a = 1/2, so that c = 1 exactly.
_UNIT = Class("bpdn", alpha=H, parameter=F(9, 10), K=1, m=2, N=5, householder=[1, 2])
# a_max = 3/2 + 1/8 is less than a unit of 1/8 above the golden ratio, and p = 9/8 less than one below its limit.
EDGE = conditioning(
    Class("sqrt-lasso", alpha=H + 1, parameter=F(9, 8), K=1, m=3, N=4, householder=[1, 0, -2]), "member", 2, 3
)
CONTROL = conditioning(
    Class("sqrt-lasso", alpha=3, parameter=F(93, 50), K=1, m=3, N=4, householder=[3, 1, -2]), "control"
)
TIE = conditioning(_UNIT, "tie")
# C = 1/t + (1 + (2 (1 + 1/3))^(1/2))/t^2 is 1 at t = 2.19796..; p^2 (1 + 1/3) < t^2 up to p = 1.9035..
_NEAR = Class("sqrt-lasso", alpha=F(2198, 1000), parameter=F(1903, 1000), K=1, m=2, N=4, householder=[1, 2])
_NEARER = Class("sqrt-lasso", alpha=F(2197, 1000), parameter=F(19, 10), K=1, m=2, N=4)
# C = (1 + h)/t with h = 1/(5 t) is 1 at t^2 - t = 1/5, t = 1.17082..
_FIRM = Class("bpdn", alpha=F(1171, 1000), parameter=F(4, 5), K=1)
_FIRMER = Class("bpdn", alpha=F(1170, 1000), parameter=F(4, 5), K=1)
TIE_SENSITIVITY = conditioning(_NEAR, "tie-sensitivity")
# Further samples, as long as they may be: accepted and rejected ones differ by 1/1000, C being 1 in between.
_THREE = {"alpha": 3, "parameter": 1, "K": 1}
_WITH_SIGNS = Class("lasso", m=3, N=5, **_THREE)
_HIDDEN = Class("lasso", m=3, N=5, householder=[1, 0, -2], **_THREE)
_SHORT = Class("bpdn", alpha=2, parameter=H, K=1, m=3, N=5)
# (7, 3/2, 1, 1/2) has |y'|^2 = 105/2, c^2 = 27/2 and X = 2, so that C = 1
_EXACT = Class("sqrt-lasso", m=5, N=7, **_THREE)
# p^2 (d + 4) <= d beta^2 from beta = 3^(1/2) = 1.7320508.. on
_FOUR = Class("sqrt-lasso", alpha=F(173, 100), parameter=1, K=1, m=5, N=6)
SAMPLES_MEMBER = conditioning(_WITH_SIGNS, "member-samples", 3, 4, samples=[[10, -1], [0, 1]])
SAMPLES_TIE = conditioning(Class("sqrt-lasso", m=2, N=4, **_THREE), "tie-samples", samples=[[7]])
SAMPLES_BPDN = conditioning(_UNIT, "tie-samples", samples=[[F(9, 10)], [F(-1, 10)]])
SAMPLES_CONTROL = conditioning(_EXACT, "control-samples", samples=[[7, F(3, 2), -1, H]])

ACCEPT = {
    "member": MEMBER,
    "member-last": conditioning(WIDE, "member", 5, 12),
    "member-weak": conditioning(WEAK, "member", 2, 12),
    "member-bpdn": conditioning(BPDN, "member", 1, 12),
    "member-lasso": conditioning(LASSO, "member", 1, 12),
    "member-at-the-edge": EDGE,
    "tie": conditioning(SQRT, "tie"),
    "tie-with-c-one": TIE,
    "tie-flat": conditioning(_FLAT, "tie"),
    "tie-although-not-sensitive": conditioning(_LESS, "tie"),
    "tie-sensitivity": conditioning(SQRT, "tie-sensitivity"),
    "tie-sensitivity-wide": conditioning(WIDE, "tie-sensitivity"),
    "tie-sensitivity-bpdn": conditioning(BPDN, "tie-sensitivity"),
    "tie-sensitivity-lasso": conditioning(LASSO, "tie-sensitivity"),
    "tie-sensitivity-at-the-edge": TIE_SENSITIVITY,
    "tie-sensitivity-at-the-edge-bpdn": conditioning(_FIRM, "tie-sensitivity"),
    "control": conditioning(BPDN, "control"),
    "control-weak": conditioning(WEAK, "control"),
    "control-golden": conditioning(_GOLDEN, "control"),
    "control-steep": conditioning(_STEEP, "control"),
    "samples-member": SAMPLES_MEMBER,
    "samples-member-longest": conditioning(_WITH_SIGNS, "member-samples", 3, 4, samples=[[F(10282, 1000), -1]]),
    "samples-member-sqrt-lasso": conditioning(
        Class("sqrt-lasso", m=3, N=5, **_THREE), "member-samples", 2, 4, samples=[[F(10655, 1000), 0], [-1, -1]]
    ),
    "samples-member-bpdn": conditioning(_SHORT, "member-samples", 3, 4, samples=[[0, F(-9253, 1000)]]),
    "samples-member-weak": conditioning(WEAK, "member-samples", 2, 12, samples=[[700]]),
    "samples-tie": SAMPLES_TIE,
    "samples-tie-longest": conditioning(
        Class("sqrt-lasso", m=2, N=4, **_THREE), "tie-samples", samples=[[F(7362, 1000)]]
    ),
    "samples-tie-lasso": conditioning(_HIDDEN, "tie-samples", samples=[[0, F(-7424, 1000)], [H, H]]),
    "samples-tie-bpdn": conditioning(_SHORT, "tie-samples", samples=[[0, F(-9035, 1000)]]),
    "samples-tie-bpdn-as-long-as-p": SAMPLES_BPDN,
    "samples-control-with-c-one": SAMPLES_CONTROL,
    "samples-control-lasso": conditioning(_WITH_SIGNS, "control-samples", samples=[[F(6890, 1000), -1]]),
    "samples-control-bpdn": conditioning(_SHORT, "control-samples", samples=[[0, F(-4050, 1000)]]),
}

REJECT = {
    "c-below-one": ("feasibility", conditioning(_LOWER, "tie")),
    "golden-control": ("sensitivity", conditioning(_LESS, "control")),
    "golden-member": ("sensitivity", conditioning(_LESS, "member", 1, 12)),
    "member-too-small": (
        "sensitivity",
        conditioning(Class("sqrt-lasso", alpha=H + 1, parameter=F(9, 8), K=1, m=3, N=4), "member", 2, 4),
    ),
    "steep-control": ("sensitivity", conditioning(_STEEPER, "control")),
    "steep-at-one": (
        "sensitivity",
        # c^2 = 2 a^2 and m = 7: p^2 (1/a^2 + 6/(2 a^2)) = 1 at p = a/2.
        conditioning(Class("sqrt-lasso", alpha=3, parameter=F(3, 2), K=1, m=7, N=11), "control"),
    ),
    "tie-sensitivity-too-small": ("sensitivity", conditioning(_NEARER, "tie-sensitivity")),
    "tie-sensitivity-too-small-bpdn": ("sensitivity", conditioning(_FIRMER, "tie-sensitivity")),
    "tie-sensitivity-with-a-dual-of-norm-one": (
        "sensitivity",
        conditioning(Class("sqrt-lasso", alpha=4, parameter=2, K=1, m=7, N=8), "tie-sensitivity"),
    ),
    "weak-tie-sensitivity": ("class", conditioning(WEAK, "tie-sensitivity")),
    "c-below-one-at-the-tie": ("feasibility", conditioning(_LOWER, "tie-sensitivity")),
    "weak-tie": ("class", conditioning(WEAK, "tie")),
    "member-below-the-least-exponent": (
        "class",
        conditioning(_FALLING, "member", 1, 2),
    ),
    "base-too-large": ("class", conditioning(Class("sqrt-lasso", alpha=708, parameter=1), "tie")),
    "base-too-small": ("class", conditioning(Class("sqrt-lasso", alpha=141, parameter=1), "control")),
    "samples-member-too-long": (
        "sensitivity",
        conditioning(_WITH_SIGNS, "member-samples", 3, 4, samples=[[F(10283, 1000), -1]]),
    ),
    "samples-member-sqrt-lasso-too-long": (
        "sensitivity",
        conditioning(
            Class("sqrt-lasso", m=3, N=5, **_THREE), "member-samples", 2, 4, samples=[[F(10656, 1000), 0], [-1, -1]]
        ),
    ),
    "samples-member-bpdn-too-long": (
        "sensitivity",
        conditioning(_SHORT, "member-samples", 3, 4, samples=[[0, F(-9254, 1000)]]),
    ),
    "samples-member-below-the-least-exponent": (
        "class",
        conditioning(
            Class("bpdn", alpha=F(1, 12), parameter=F(23, 24), K=1, m=2, N=3), "member-samples", 1, 2, samples=[[1]]
        ),
    ),
    "samples-tie-too-long": (
        "sensitivity",
        conditioning(Class("sqrt-lasso", m=2, N=4, **_THREE), "tie-samples", samples=[[F(7363, 1000)]]),
    ),
    "samples-tie-lasso-too-long": (
        "sensitivity",
        conditioning(_HIDDEN, "tie-samples", samples=[[H, H], [0, F(-7425, 1000)]]),
    ),
    "samples-tie-bpdn-too-long": (
        "sensitivity",
        conditioning(_SHORT, "tie-samples", samples=[[0, F(-9036, 1000)]]),
    ),
    "samples-tie-bpdn-longer-than-p": ("sensitivity", conditioning(_UNIT, "tie-samples", samples=[[F(91, 100)]])),
    "samples-tie-weak": ("class", conditioning(WEAK, "tie-samples", samples=[[1]])),
    "samples-tie-with-a-dual-of-norm-one": (
        "sensitivity",
        conditioning(
            Class("sqrt-lasso", alpha=4, parameter=2, K=1, m=7, N=8), "tie-samples", samples=[[1, 0, 0, 0, 0, 0]]
        ),
    ),
    "samples-control-too-long": (
        "sensitivity",
        conditioning(_EXACT, "control-samples", samples=[[7, F(3, 2), -1, F(51, 100)]]),
    ),
    "samples-control-bpdn-too-long": (
        "sensitivity",
        conditioning(_SHORT, "control-samples", samples=[[0, F(-4051, 1000)]]),
    ),
    "samples-c-below-one": (
        "feasibility",
        conditioning(
            Class("bpdn", alpha=F(7, 10), parameter=F(6, 7), K=1, m=2, N=3), "tie-samples", samples=[[F(1, 2)]]
        ),
    ),
    "samples-equal": ("samples", conditioning(_WITH_SIGNS, "control-samples", samples=[[1, 2], [1, 2]])),
    "samples-bpdn-of-two-entries": ("samples", conditioning(_SHORT, "control-samples", samples=[[1, 2]])),
    "samples-too-many-entries": ("samples", conditioning(_FOUR, "member-samples", 1, 3, samples=[[1, 1, 1, 1]])),
    "parameter-too-large": ("class", conditioning(Class("sqrt-lasso", alpha=700, parameter=700), "tie")),
}

MALFORMED = {
    "form-unknown": ("claim.instance.form must be one of", conditioning(SQRT, "limit")),
    "form-missing": ("claim.instance.form must be one of", changed(MEMBER, ["claim", "instance", "form"], ...)),
    "instance-is-a-word": ("claim.instance.form must be one of", changed(MEMBER, ["claim", "instance"], "tie")),
    "tie-sensitivity-with-index": ("unknown key", conditioning(SQRT, "tie-sensitivity", 1, 12)),
    "tie-with-index": ("unknown key", conditioning(SQRT, "tie", 1, 12)),
    "member-without-index": ("lacks the key", conditioning(SQRT, "member")),
    "index-too-large": ("index must be 1 to 2", conditioning(SQRT, "member", 3, 12)),
    "exponent-zero": ("exponent must be 1 to", conditioning(SQRT, "member", 1, 0)),
    "samples-missing": ("lacks the key", conditioning(SQRT, "control-samples")),
    "samples-none": ("must hold at least one sample", conditioning(SQRT, "control-samples", samples=[])),
    "samples-zero": ("is zero", conditioning(_SHORT, "control-samples", samples=[[0, 0]])),
    "samples-too-short": ("must be 2 x 1", conditioning(_SHORT, "control-samples", samples=[[1]])),
    "samples-of-one-row": (
        "no samples beside e_1 for m = 1",
        conditioning(_GOLDEN, "control-samples", samples=[[1]]),
    ),
    "samples-of-the-form-member": ("unknown key", conditioning(SQRT, "member", 1, 12, samples=[[1]])),
    "samples-of-the-tie-with-index": ("unknown key", conditioning(SQRT, "tie-samples", 1, 12, samples=[[1]])),
    "samples-of-a-member-without-index": ("lacks the key", conditioning(SQRT, "member-samples", samples=[[1]])),
    "evidence-not-empty": ("evidence has the unknown key", changed(MEMBER, ["evidence", "bound"], "0x1")),
}
