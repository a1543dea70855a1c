"""Matrices that attain the best bounds: certified, and the claims of docs/best-constants.md about them."""

import re
from pathlib import Path

import pytest
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import to_float
from firenet_exact import null_space_certificate
from firenet_exact.extremal import extremal
from proofs_checks.checker import verify_bytes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "best-constants.md"
SMALL = {"weights": ("5/13", "12/13"), "heads": ("8/17", "15/17"), "tail": 4}
WEIGHTS = {"1": (1,), "25/9": ("3/5", "4/5"), "169/25": ("5/13", "12/13"), "625/49": ("7/25", "24/25")}


def rows():
    """The rows of the second table of the page, as lists of cells."""
    text = PAGE.read_text(encoding="utf-8").split("## Nothing better is true")[1]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ][2:]


def test_the_page_has_its_rows():
    assert len(rows()) == 7


@pytest.mark.parametrize("row", rows(), ids=lambda row: "-".join(row[:3]))
def test_the_table_of_the_page(row):
    levels, rho, tail, heads, eta, spread, misfit, share, network = row
    size = 1 - fmpq(*map(int, eta.split("/"))) if "/" in eta else fmpq(1)
    kappa = levels.split(", ")[1]
    found = extremal(rho, tail=int(tail), size=size, heads=heads.split(", "), weights=WEIGHTS[kappa])
    best = found.proved.best
    assert best.kappa == fmpq(*map(int, kappa.split("/")))
    assert to_float(found.spread) == pytest.approx(float(spread), abs=1e-3)
    assert to_float(found.misfit) == pytest.approx(float(misfit), abs=1e-3)
    least = fmpq(1) if share == "1 exactly" else fmpq(int(float(share) * 10**4), 10**4)
    assert least**2 <= found.share <= 1
    bound = best.network_constant(best.lam) * (best.lam * found.spread * best.r + found.misfit / best.gamma)
    assert (fmpq(int(float(network) * 10**4), 10**4) * bound) ** 2 <= found.square <= bound**2
    assert verify_bytes(null_space_certificate(found.proved)).verdict == "valid"


def test_the_numbers_of_the_first_table():
    text = PAGE.read_text(encoding="utf-8").split("## Nothing better is true")[0]
    table = re.findall(r"^\| (\d) \| (\d)/(\d) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", text, re.MULTILINE)
    assert len(table) == 6
    for row in table:
        kappa, rho, (c1, ours1, c2, ours2, phi) = int(row[0]), int(row[1]) / int(row[2]), map(float, row[3:])
        q, root = kappa**0.25, kappa**0.5
        assert c1 == pytest.approx((rho + (1 + rho) * q / 2) * (1 + rho) / (1 - rho), rel=2e-3)
        assert c2 == pytest.approx((1 + rho + (3 + rho) * q / 2) / (1 - rho), rel=2e-3)
        theta = (1 + root) ** 0.5
        assert ours1 == pytest.approx((rho * (theta**2 + 1) + root) / (2 * theta * (1 - rho)), rel=3e-3)
        assert ours2 == pytest.approx(theta / (1 - rho), rel=3e-3)
        points = [(1 - i / 2000) + i / 2000 / root for i in range(2001)]
        values = [(1 + (c + ((kappa - 1) * max(0, 1 - c * c)) ** 0.5) * c) ** 0.5 / (1 - rho * c) for c in points]
        assert phi == pytest.approx(max(values), rel=3e-3)


def test_the_share_grows_as_the_tail_comes_near_to_the_head():
    shares = [extremal("4/5", **SMALL, size=1 - fmpq(1, 2**k)).share for k in (2, 4, 8, 12)]
    assert shares == sorted(shares) and shares[0] < fmpq(92, 100) and shares[-1] > fmpq(997, 1000)


@pytest.mark.parametrize(
    "changes",
    [
        {"tail": 0},
        {"tail": 8},  # the property fails for v itself
        {"size": 2},
        {"heads": ("3/5", "3/5")},
        {"weights": (1, 1)},
        {"weights": (1,)},
        {"heads": (1,), "weights": ()},
        {"heads": ("-3/5", "4/5")},
    ],
)
def test_what_is_out_of_range_is_refused(changes):
    with pytest.raises(UsageError):
        extremal("4/5", **SMALL | changes)


def test_a_tail_like_the_head_outside_the_kernel():
    """Then two supports are the largest ones, and no matrix has the property with so small a G."""
    with pytest.raises(UsageError, match="kernel"):
        extremal("1/2", tail=1, size=1)
