"""Kind network-exists: a ReLU network maps each sample to a minimiser (docs/format.md, "kind network-exists")."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import MalformedCertificate, canonical_bytes, decode_list, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Gaussian, Number, Reader, Surd, Vector, real_part, sign
from proofs_checks.checker.core.rules import Invalid, Statement
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.problems import Problem, check_optimality, decode_problem


@dataclass(frozen=True)
class Layer:
    """The affine map x -> Wx + b; W by its columns, so that zeros of x cost nothing."""

    weights: Exact
    bias: Vector
    columns: dict[int, list[tuple[int, Number]]]

    def __call__(self, x: Vector) -> Vector:
        """Return Wx + b."""
        product = self.weights.den * x.den
        den = math.lcm(product, self.bias.den)
        p, q = den // product, den // self.bias.den
        items: list[Number] = [b * q for b in self.bias.items] if q > 1 else list(self.bias.items)
        for j, z in enumerate(x.items):
            if z:
                scaled = z * p
                for i, w in self.columns.get(j, ()):
                    items[i] = items[i] + w * scaled
        return Vector(items, den)


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("network", "problem", "root", "samples"), "claim")
    decode_object(evidence, ("duals",), "evidence")
    reader = Reader(claim["root"])
    problem = decode_problem(claim["problem"], reader, data=False)
    rows, cols = problem.matrix.rows, problem.matrix.cols
    raw, others = decode_list(claim["samples"], "claim.samples"), decode_list(evidence["duals"], "evidence.duals")
    if not raw or len(others) != len(raw):
        raise MalformedCertificate(f"there must be samples, and as many duals, not {len(raw)} and {len(others)}")
    samples = [reader.vector(y, f"claim.samples[{k}]", rows) for k, y in enumerate(raw)]
    duals = [None if u is None else reader.vector(u, f"evidence.duals[{k}]", rows) for k, u in enumerate(others)]
    layers = list(_decode_layers(claim["network"], reader, rows, cols))
    reader.finish()

    seen: dict[bytes, int] = {}
    for k, y in enumerate(raw, start=1):
        first = seen.setdefault(canonical_bytes(y), k)  # there is one way to write a vector
        if first != k:
            raise Invalid("distinct", f"samples {first} and {k} are equal")
    for k, (sample, dual) in enumerate(zip(samples, duals, strict=True), start=1):
        try:
            _check_sample(problem, layers, sample, dual)
        except Invalid as error:
            raise Invalid(error.rule, f"sample {k}: {error.found}") from None

    widths = [str(width) for width in (rows, *(layer.weights.rows for layer in layers))]
    shown = ", ".join(widths if len(widths) <= 12 else [*widths[:6], "...", *widths[-3:]])
    count = sum(len(layer.weights.entries) + sum(map(bool, layer.bias.items)) for layer in layers)
    numbers = words.counted(count, "weight or bias that is", "weights and biases that are")
    lines = (
        *problem_lines(problem),
        f"Samples: {len(samples)}, all different.",
        f"The network of the file has the widths {shown}, with max(Re z, 0) after each layer but "
        f"the last, and {numbers} not 0, {_field(layers)}.",
        "It was evaluated without any rounding: at each sample its output is a minimiser.",
    )
    return Statement("network-exists", "The network of the file maps every sample of it exactly to a minimiser.", lines)


def _decode_layers(value: object, reader: Reader, inputs: int, outputs: int) -> Iterator[Layer]:
    layers = decode_list(value, "claim.network")
    if not layers:
        raise MalformedCertificate("claim.network must have at least one layer")
    width = inputs
    for index, item in enumerate(layers):
        path = f"claim.network[{index}]"
        fields = decode_object(item, ("bias", "weights"), path)
        weights = reader.matrix(fields["weights"], f"{path}.weights", cols=width)
        width = weights.rows
        if index + 1 == len(layers) and width != outputs:
            raise MalformedCertificate(f"{path}.weights must have {words.counted(outputs, 'row')}, not {width}")
        columns: dict[int, list[tuple[int, Number]]] = {}
        for (i, j), w in weights.entries.items():
            columns.setdefault(j, []).append((i, w))
        yield Layer(weights, reader.vector(fields["bias"], f"{path}.bias", width), columns)


def _check_sample(problem: Problem, layers: list[Layer], sample: Vector, dual: Vector | None) -> None:
    """Evaluate the network at a sample and apply rules 1 and 2 of kind minimiser to its output."""
    x = sample
    for layer in layers[:-1]:
        x = layer(x)
        # max(Re z, 0)
        x = Vector([z if sign(z) > 0 else 0 for z in map(real_part, x.items)], x.den)
    check_optimality(problem.with_data(problem.matrix, sample), layers[-1](x), dual)


def _field(layers: list[Layer]) -> str:
    """Say where the weights and biases lie."""
    numbers = [z for layer in layers for z in (*layer.weights.entries.values(), *layer.bias.items)]
    reals = [part for z in numbers for part in ((z.re, z.im) if isinstance(z, Gaussian) else (z,))]
    root = any(isinstance(part, Surd) for part in reals)
    field = "of the form a + b*sqrt(s) with rational a and b" if root else "rational"
    return f"{field}, real and imaginary part" if any(isinstance(z, Gaussian) for z in numbers) else field
