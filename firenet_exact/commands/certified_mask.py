"""What the command `mask` proves of the mask that it drew, and keeps."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exact_base.answers import number_data
from exact_base.decimals import above
from exact_base.errors import UsageError
from exact_base.files import File, Written, certificate_file
from exact_base.terminal import Listing, Shown, note
from exact_base.terminal import Show as ShowProgress
from firenet_exact.certificates.null_space_walsh import walsh_certificate
from firenet_exact.imaging.choose import Found, MaskEvent, MaskVerdict, Target, certify_mask, judged
from firenet_exact.imaging.masks import Pattern
from firenet_exact.imaging.subbands import Subbands

__all__ = ["Wanted", "certified"]


@dataclass(frozen=True)
class Wanted:
    """What is asked for: where the certificate goes, for which target, and how long the weights may take."""

    file: File
    target: Target
    seconds: float | None

    @staticmethod
    def of(certificate: Path | None, *, target: Target | None, budget: float | None, transform: str) -> Wanted | None:
        """Return what options say; None without --certificate.

        Raises:
            UsageError: if they do not fit together.
        """
        if certificate is None:
            if target is not None or budget is not None:
                raise UsageError("--target and --budget are for --certificate; name a file with it")
            return None
        if transform != "walsh":
            raise UsageError("--certificate is for Walsh samples; leave out --transform fourier")
        if budget is not None and not budget > 0:
            raise UsageError("--budget must be positive")
        return Wanted(certificate_file(certificate, option="--certificate"), target or "theorem4", budget)


@dataclass(frozen=True)
class Finding:
    """What an answer says: the verdict, fields, lines and files."""

    word: str
    data: dict[str, Any]
    shown: list[Shown]
    written: list[Written]


def certified(subbands: Subbands, drawn: Pattern, wanted: Wanted, show: ShowProgress) -> Finding:
    """Prove what is asked for; what is proved when it is interrupted is written all the same.

    Raises:
        UsageError: if the system refuses to write.
        NotCertifiedError: if a subband has no sample.
    """
    kept: list[Found] = []

    def tell(event: MaskEvent) -> None:
        if isinstance(event, Found):
            kept[:] = [event]
        else:
            show(event.label, event.done, event.count)

    try:
        verdict = certify_mask(subbands, drawn.mask, target=wanted.target, seconds=wanted.seconds, tell=tell)
    except KeyboardInterrupt:
        _interrupted(subbands, kept, wanted)
        raise
    written = [] if verdict.proved is None else [_write(wanted, verdict)]
    return Finding(verdict.word, {"certificate": _data(verdict)}, _shown(verdict), written)


def _interrupted(subbands: Subbands, kept: list[Found], wanted: Wanted) -> None:
    verdict = judged(kept[0], subbands.paper_ends, target=wanted.target) if kept else None
    if verdict is None or verdict.proved is None:
        note("firenet-exact", "nothing was proved yet, so no file was written")
    else:
        _write(wanted, verdict)
        note("firenet-exact", f"kept: {_line(verdict)}; {wanted.file.path}")


def _write(wanted: Wanted, verdict: MaskVerdict) -> Written:
    if verdict.proved is None:
        raise UsageError("there is nothing to write")
    provenance = {"producer": "firenet-exact", "python": sys.version.split()[0], "found": f"{verdict.seconds:.2f} s"}
    return wanted.file.write(walsh_certificate(verdict.proved, provenance=provenance))


def _line(verdict: MaskVerdict) -> str:
    proved = verdict.proved
    if proved is None:
        return f"undecided: {verdict.reason}"
    sparse = [str(s) for s, plain in zip(proved.levels.sparsities, proved.dense, strict=True) if not plain]
    return f"certified, sparsity {', '.join(sparse) or 'all'}: ρ <= {above(proved.rho)}, γ <= {above(proved.gamma)}"


def _shown(verdict: MaskVerdict) -> list[Shown]:
    """The levels, and what is proved."""
    rows, sizes = [], [level.size for level in verdict.found.inverse.levels(verdict.subband_ends)]
    proved = None if verdict.proved is None else verdict.proved.levels.sparsities
    for index, size in enumerate(sizes):
        certified_here = "-" if proved is None else "all" if proved[index] == size else str(proved[index])
        most, limit = verdict.recoverable[index], verdict.limits[index]
        known = "" if limit is None else str(limit)
        rows.append((str(index + 1), str(size), certified_here, "all" if most == size else str(most), known))
    table = Listing(("level", "coefficients", "s certified", "s of bounds", "no proof beyond"), rows)
    if verdict.proved is None:
        line = f"undecided, and nothing is refuted: {verdict.reason}"
    else:
        line = (
            f"certified exactly: ρ <= {above(verdict.proved.rho)} and γ <= {above(verdict.proved.gamma)} with the "
            "weights √(s/s_l), rounded up, for these sparsities"
        )
    return [
        table,
        "s of bounds: with sμ < 1/2, as bounds of points need. no proof beyond: of a left inverse, of whatever form,",
        "that has sμ < 1/2, by an exact vector of the kernel.",
        line,
    ]


def _data(verdict: MaskVerdict) -> dict[str, Any]:
    proved = verdict.proved
    return {
        "target": verdict.target,
        "reason": verdict.reason,
        "rho": None if proved is None else number_data(proved.rho),
        "gamma": None if proved is None else number_data(proved.gamma),
        "sparsities": None if proved is None else list(proved.levels.sparsities),
        "recoverable": list(verdict.recoverable),
        "limits": list(verdict.limits),
    }
