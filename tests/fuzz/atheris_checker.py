"""Fuzz the checker with atheris, guided by its coverage: `pip install atheris`, then, from the project's root,

    python -m tests.fuzz.atheris_checker -max_total_time=120 -timeout=30 -rss_limit_mb=4096 [FOLDER]

FOLDER keeps the inputs that reached something new. The first byte chooses: the bytes as a file; a claim and evidence
with a fresh digest; or random edits of the corpus (tests/fuzz/edits.py), every choice of which is taken from the bytes.
An exception, and an accepted certificate that is not true by tests/fuzz/independent.py or is refuted by
tests/fuzz/counterexamples.py, end it, with the input.
"""

import json
import random
import sys

try:
    import atheris
except ImportError:
    raise SystemExit("atheris is not installed: pip install atheris") from None

with atheris.instrument_imports(include=["proofs_checks"]):
    from proofs_checks import verify_bytes
    from proofs_checks.certificate.reading import KINDS

from tests.fuzz.counterexamples import refuted
from tests.fuzz.edits import mutant
from tests.fuzz.independent import ORACLES, true
from tests.proofs_checks.builders import envelope, seal
from tests.proofs_checks.cases import table
from tests.proofs_checks.margin_one import INSTANCES

ORIGINALS = [*table("ACCEPT").values(), *INSTANCES.values()]


class Driven(random.Random):
    """Choices that are read from bytes."""

    def __init__(self, provider):
        super().__init__(0)
        self.provider = provider

    def getrandbits(self, k):
        return sum(self.provider.ConsumeIntInRange(0, 255) << 8 * i for i in range((k + 7) // 8)) & ((1 << k) - 1)

    def random(self):
        return self.getrandbits(16) / 2**16


def file_from(data):
    provider = atheris.FuzzedDataProvider(data)
    way = provider.ConsumeIntInRange(0, 3)
    if way == 0:
        return data[1:]
    if way == 1:
        try:
            parts = json.loads(data[1:])
            return seal(envelope(KINDS[len(data) % len(KINDS)], parts["claim"], parts["evidence"]))
        except (KeyError, RecursionError, TypeError, UnicodeError, ValueError):
            return data[1:]
    choices = Driven(provider)
    return mutant(choices, choices.choice(ORIGINALS), choices.choice(ORIGINALS))


def check(data):
    made = file_from(data)
    report = verify_bytes(made, time_limit=None)  # the alarm signal is libFuzzer's
    if report.verdict == "valid" and report.kind in ORACLES and (not true(made) or refuted(made)):
        raise AssertionError(f"a false accept: {made!r}")
    if report.reason is not None and not report.reason.isprintable():
        raise AssertionError(f"a reason that is not one printable line: {report.reason!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
