"""What certificates of kind `joint-barrier` cost: inputs, size, and seconds of processor time to write and to check.

python benchmarks/joint.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proofs_checks import verify_bytes
from sci_barriers import OmegaClass
from sci_barriers.breakdown.joint import JointBarrier
from sci_barriers.breakdown.joint_families import independent_ties, scaled_samples, sign_patterns
from sci_barriers.certificates.joint_barrier import joint_barrier_certificate

PRECISION = 64


def lasso(rows: int, columns: int) -> OmegaClass:
    """The strong family at 3 digits."""
    return OmegaClass.create("lasso", digits=3, rows=rows, columns=columns)


CASES: dict[str, Callable[[], JointBarrier]] = {
    "multiples of y_1, 1 x 8, R = 3": lambda: scaled_samples(lasso(1, 8), [1, "5/4", "3/2"], precision=PRECISION),
    "multiples of y_1, 1 x 64, R = 2": lambda: scaled_samples(lasso(1, 64), [1, "5/4"], precision=PRECISION),
    "multiples of y_1, 20 x 40, R = 2": lambda: scaled_samples(lasso(20, 40), [1, "5/4"], precision=PRECISION),
    "a tie each, 4 x 8, R = 4, d' = 2": lambda: independent_ties(lasso(4, 8), samples=4, ties=2, precision=PRECISION),
    "a tie each, 3 x 12, R = 3, d' = 4": lambda: independent_ties(lasso(3, 12), samples=3, ties=4, precision=PRECISION),
    "signs, 4 x 5, R = 4": lambda: sign_patterns(lasso(4, 5), samples=4, precision=PRECISION),
    "signs, 21 x 22, R = 2": lambda: sign_patterns(lasso(21, 22), samples=2, precision=PRECISION),
    "signs, 6 x 7, R = 6": lambda: sign_patterns(lasso(6, 7), samples=6, precision=PRECISION),
}


def main() -> None:
    """Print a table."""
    print("| construction | inputs | fail at least | kB | writing, s | checking, s |\n|---|---|---|---|---|---|")
    for name, make in CASES.items():
        start = time.process_time()
        found = make()
        data = joint_barrier_certificate(found)
        middle = time.process_time()
        verdict = verify_bytes(data).verdict
        end = time.process_time()
        if verdict != "valid":
            raise SystemExit(f"{name}: {verdict}")
        row = (name, len(found.minimisers), found.failing, f"{len(data) / 1000:.0f}")
        print("|", *(f"{cell} |" for cell in (*row, f"{middle - start:.2g}", f"{end - middle:.2g}")), flush=True)


if __name__ == "__main__":
    main()
