"""The command `norm`."""

from __future__ import annotations

import time

import typer

from exact_base.decimals import decimal_text
from exact_base.documents import read_matrix
from exact_base.errors import NotCertifiedError
from exact_base.terminal import print_json, say
from firenet_exact.certificates.operator_norm import norm_certificate
from firenet_exact.commands.options import Json, MatrixFile, Out, complain
from firenet_exact.commands.options import check_out as _check_out
from firenet_exact.commands.options import print_written as _print_written
from firenet_exact.commands.options import write as _write
from firenet_exact.norms import operator_norm
from firenet_exact.report import number

__all__ = ["norm_command"]


def norm_command(matrix: MatrixFile, out: Out = None, as_json: Json = False) -> None:
    """Bound the spectral norm of a matrix from both sides, within 2^-30."""
    _check_out(out)
    exact = read_matrix(matrix)
    start = time.perf_counter()
    try:
        bounds = operator_norm(exact)
    except NotCertifiedError as error:
        complain(f"undecided: {error}")
        raise typer.Exit(3) from None
    provenance = {"producer": "firenet-exact", "seconds": f"{time.perf_counter() - start:.3f}"}
    written = _write(out, None if out is None else norm_certificate(bounds, provenance=provenance))
    if as_json:
        certificate = None if written is None else str(written)
        print_json({"low": number(bounds.low), "high": number(bounds.high), "certificate": certificate})
        return
    low, high = decimal_text(bounds.low, up=False, digits=13), decimal_text(bounds.high, up=True, digits=13)
    say(f"{low} <= ‖A‖ <= {high}, for the {exact.rows} x {exact.cols} matrix {matrix}")
    _print_written(written)
