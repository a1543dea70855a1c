"""What a search proves is kept at once: written in place of what was known before, and said."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from exact_base.errors import SciBarriersError
from exact_base.files import File, Written
from exact_base.terminal import note
from firenet_exact.certificates.null_space import null_space_certificate
from firenet_exact.certificates.null_space_refuted import refutation_certificate
from firenet_exact.null_space import Event, Limit, NullSpaceProperty, Refutation
from firenet_exact.null_space.choose import summary
from firenet_exact.running import Ledger, Row

__all__ = ["Keeper"]


@dataclass
class Keeper:
    """Keeps what a search tells.

    Attributes:
        target: the file of the best certificate, or None.
        limit_target: the file of the refutation that bounds the sparsity, or None.
        ledger: keeps rows, or None.
        known: the property in `target` before the search, if it is about what is asked.
        silent: whether nothing is said.
        proved: the best property, if any.
        kept: whether `target` has it; the evidence can be too large for a certificate.
    """

    target: File | None
    limit_target: File | None
    ledger: Ledger | None
    known: NullSpaceProperty | None = None
    silent: bool = False
    proved: NullSpaceProperty | None = field(init=False)
    kept: bool = field(init=False)

    def __post_init__(self) -> None:
        self._start = time.perf_counter()
        self._written: dict[File, Written] = {}
        self.proved, self.kept = self.known, self.known is not None

    @property
    def written(self) -> list[Written]:
        """What was written."""
        return list(self._written.values())

    def take(self, event: Event) -> None:
        """Keep an event.

        Raises:
            UsageError: if the system refuses to write.
        """
        if isinstance(event, NullSpaceProperty):
            self.proved, self.kept = event, False
            if self.target is not None:
                self._keep(self.target, event)
            self._say(self.line())
        elif isinstance(event, Refutation) and self.proved is None:
            self.kept = self._write(self.target, refutation_certificate(event, provenance=self._provenance()))
        elif isinstance(event, Limit) and event.refuted is not None:
            self._write(self.limit_target, refutation_certificate(event.refuted, provenance=self._provenance()))
        elif isinstance(event, Row) and self.ledger is not None:
            self.ledger.keep(event)

    def interrupted(self) -> None:
        """Save the ledger, and say what is kept."""
        self.finish()
        if self.proved is not None:
            if not self.kept and self.target is not None:  # it came in the middle of writing, or before
                self._keep(self.target, self.proved)
            note("firenet-exact", f"kept: {self.line()}")
        elif self.kept and self.target is not None:
            note("firenet-exact", f"kept: refuted; {self.target.path}")
        else:
            note("firenet-exact", "nothing was proved yet, so no file was written")

    def finish(self) -> None:
        """Save the ledger."""
        if self.ledger is not None:
            self.ledger.save()

    def line(self) -> str:
        """What is proved, and where it is."""
        if self.proved is None:
            return ""
        sparsities = ", ".join(map(str, self.proved.levels.sparsities))
        where = "not in a file" if not self.kept or self.target is None else str(self.target.path)
        return f"certified by {self.proved.evidence.method}, sparsity {sparsities}: {summary(self.proved)}; {where}"

    def _keep(self, target: File, proved: NullSpaceProperty) -> None:
        try:
            content = null_space_certificate(proved, provenance=self._provenance())
        except SciBarriersError as error:  # the evidence of many supports can be larger than a certificate may be
            self._say(f"what follows cannot be a certificate, and the file stays as it is: {error}")
        else:
            self.kept = self._write(target, content)

    def _write(self, target: File | None, content: bytes) -> bool:
        if target is not None:
            self._written[target] = target.write(content)
        return target is not None

    def _say(self, line: str) -> None:
        if not self.silent:
            note("firenet-exact", line)
            sys.stderr.flush()

    def _provenance(self) -> dict[str, str]:
        seconds = time.perf_counter() - self._start
        return {"producer": "firenet-exact", "python": sys.version.split()[0], "found": f"after {seconds:.2f} s"}
