"""The command `norm`."""

from __future__ import annotations

import time

from exact_base.answers import number_data
from exact_base.decimals import above, below
from exact_base.files import certificate_file
from exact_base.readers import read_matrix
from exact_base.readers.options import ArrayNames, Headers, settings
from exact_base.terminal import Answer, progress
from firenet_exact.certificates.operator_norm import norm_certificate
from firenet_exact.commands.options import MatrixFile, Out
from firenet_exact.norms import operator_norm

__all__ = ["norm_command"]

_DIGITS = 13


def norm_command(matrix: MatrixFile, array: ArrayNames = None, header: Headers = None, out: Out = None) -> Answer:
    """Bound the spectral norm of a matrix from both sides, within 2^-30."""
    given = settings(array, header)
    target = None if out is None else certificate_file(out)
    exact = read_matrix(matrix, **given["matrix"])
    start = time.perf_counter()
    with progress() as show:
        show("bounding the norm")
        bounds = operator_norm(exact)
    provenance = {"producer": "firenet-exact", "seconds": f"{time.perf_counter() - start:.3f}"}
    written = [] if target is None else [target.write(norm_certificate(bounds, provenance=provenance))]
    low, high = below(bounds.low, digits=_DIGITS), above(bounds.high, digits=_DIGITS)
    line = f"{low} <= ‖A‖ <= {high}, for the {exact.rows} x {exact.cols} matrix {matrix}"
    data = {"low": number_data(bounds.low, side="below"), "high": number_data(bounds.high, side="above")}
    return Answer(data, [line], written)
