"""How often a drawn Walsh mask is certified with the constants of Theorem 4, and at which sparsities.

    python benchmarks/masks.py --out results/masks.jsonl [--bits 6,7,8] [--masks 200] [--markdown docs/benchmarks.md]

Each mask takes all samples of the levels up to the last three, and of those 3/4, 1/2 and 1/4, drawn uniformly in each
subband by the seed 1, 2, ...; D is √(N_b/m_b), the weights are the paper's. A mask that is done is a line of the file
--out, and the same command goes on from there. A certificate is written for each and checked. Times are multiples of
that of a real FFT of 256 x 256 numbers of numpy and its inverse, measured in the same run, as no other time means much
on a shared machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from flint import fmpq
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.pages import write_markdown
from exact_base.rationals import to_float
from firenet_exact import certify_mask, walsh_certificate
from firenet_exact.imaging.choose import Found, MaskEvent, judged
from firenet_exact.imaging.masks import per_subband
from firenet_exact.imaging.subbands import Subbands
from proofs_checks import verify_bytes

RATES = (fmpq(3, 4), fmpq(1, 2), fmpq(1, 4))
Line = dict[str, Any]


def unit() -> float:
    """Seconds of processor time of one real FFT of 256 x 256 numbers and its inverse: the median of 20 rounds."""
    values, times = np.random.default_rng(0).normal(size=(256, 256)), []
    for _ in range(20):
        start = time.process_time()
        for _ in range(5):
            np.fft.irfft2(np.fft.rfft2(values))
        times.append((time.process_time() - start) / 5)
    return statistics.median(times)


def one(bits: int, seed: int, *, weight_bits: int) -> Line:
    """Certify one mask, and check the certificate."""
    subbands = Subbands(dimension=2, bits=bits)
    rates = [*[fmpq(1)] * (bits - len(RATES)), *RATES]
    mask = per_subband(dimension=2, bits=bits, rates=rates, seed=seed).mask
    first: list[Found] = []

    def tell(event: MaskEvent) -> None:
        if isinstance(event, Found) and not first:
            first.append(event)

    scale, start = unit(), time.process_time()
    verdict = certify_mask(subbands, mask, bits=weight_bits, tell=tell)
    spent = (time.process_time() - start) / scale
    uniform = judged(first[0], subbands.paper_ends).proved
    found: Line = {"bits": bits, "seed": seed, "weight_bits": weight_bits, "units": round(spent)}
    found["uniform"] = None if uniform is None else list(uniform.levels.sparsities[-len(RATES) :])
    found["sparsities"] = found["rho"] = found["gamma"] = None
    if verdict.proved is not None:
        data = walsh_certificate(verdict.proved)
        start = time.process_time()
        checked = verify_bytes(data).verdict
        found["check_units"] = round((time.process_time() - start) / scale)
        if checked != "valid":
            raise SystemExit(f"the certificate of the mask of 2^{bits} and seed {seed} is {checked}")
        found["sparsities"] = list(verdict.proved.levels.sparsities[-len(RATES) :])
        found["rho"], found["gamma"] = to_float(verdict.proved.rho), to_float(verdict.proved.gamma)
        found["bytes"] = len(data)
    # with these same weights, which are chosen for ρ and γ: those for θ < 1/2 alone are a little better
    found["recoverable"] = [int(s) for s in verdict.recoverable[-len(RATES) :]]
    found["limits"] = list(verdict.limits[-len(RATES) :])
    return found


def read(path: Path) -> list[Line]:
    """Return the lines of a file that an interrupted run left; its last line may be a part of one."""
    found = []
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(text))
        except json.JSONDecodeError:
            continue
    return found


def run(path: Path, *, bits: Iterable[int], masks: int, weight_bits: int) -> list[Line]:
    """Certify the masks that are not in the file, and append them to it; return all that were asked for."""
    lines = [line for line in read(path) if line["weight_bits"] == weight_bits]
    known = {(line["bits"], line["seed"]) for line in lines}
    wanted = [(b, seed) for b in bits for seed in range(1, masks + 1)]
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with open(path, "a", encoding="utf-8") as file, Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("masks", total=len(wanted), completed=len(known & set(wanted)))
        for b, seed in wanted:
            if (b, seed) in known:
                continue
            progress.update(task, description=f"{1 << b} x {1 << b}, seed {seed}")
            lines.append(one(b, seed, weight_bits=weight_bits))
            file.write(json.dumps(lines[-1]) + "\n")
            file.flush()
            progress.advance(task)
    return [line for line in lines if (line["bits"], line["seed"]) in set(wanted)]


def table(lines: list[Line]) -> list[str]:
    """The rows, as markdown."""
    rows = [
        "| image | masks | certified | s of the last three levels | with equal weights | θ < 1/2 | limit | ρ | γ |"
        " bytes | time | check |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for bits in sorted({line["bits"] for line in lines}):
        here = [line for line in lines if line["bits"] == bits]
        proved = [line for line in here if line["sparsities"] is not None]
        equal = [line["uniform"] for line in here if line["uniform"] is not None]
        side = 1 << bits
        cells = [
            f"{side} x {side}",
            str(len(here)),
            str(len(proved)),
            _each([line["sparsities"] for line in proved]),
            f"{len(equal)}: {_each(equal)}" if equal else "0",
            _each([line["recoverable"] for line in here]),
            _each([line["limits"] for line in here]),
            _most([line["rho"] for line in proved], "{:.3f}"),
            _most([line["gamma"] for line in proved], "{:.3f}"),
            _most([line["bytes"] for line in proved], "{:,}"),
            _middle([line["units"] for line in here]),
            _middle([line["check_units"] for line in proved]),
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _each(found: list[list[int | None]]) -> str:
    """The median of each level, with the least and the largest where they differ."""
    shown = []
    for values in zip(*found, strict=True):
        known = [value for value in values if value is not None]
        if not known:
            shown.append("-")
            continue
        low, high = min(known), max(known)
        shown.append(str(low) if low == high else f"{statistics.median_low(known)} ({low} to {high})")
    return ", ".join(shown) or "-"


def _most(values: list[float], form: str) -> str:
    return form.format(max(values)) if values else "-"


def _middle(values: list[int]) -> str:
    return f"{statistics.median_low(values):,}" if values else "-"


def main(arguments: list[str] | None = None, *, tell: Callable[[str], object] = print) -> None:
    """Certify, and print or write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="one line a mask; go on from there")
    parser.add_argument("--bits", default="6,7,8", help="sides 2^bits; 6,7,8 if not given")
    parser.add_argument("--masks", type=int, default=200, help="of each side")
    parser.add_argument("--weight-bits", type=int, default=8, help="of the weights")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="rewrite the table in this file")
    options = parser.parse_args(arguments)
    sides = [int(word) for word in options.bits.split(",")]
    rows = table(run(options.out, bits=sides, masks=options.masks, weight_bits=options.weight_bits))
    text = "\n".join(rows)
    tell(text)
    if options.markdown:
        write_markdown(options.markdown, text, marker="masks")


if __name__ == "__main__":
    main()
