"""The class as certificates write it: what is written is read back, and what is not written so is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks.certificate.reading import MalformedCertificate
from sci_barriers.omega.codec import decode_class, encode_class
from sci_barriers.omega.families import OmegaClass


@given(
    problem=st.sampled_from(["bpdn", "lasso", "sqrt-lasso"]),
    digits=st.integers(3, 60),
    columns=st.integers(3, 8),
    family=st.sampled_from(["strong", "weak"]),
    disguise=st.booleans(),
)
def test_what_is_written_is_read_back(problem, digits, columns, family, disguise):
    omega = OmegaClass.create(problem, digits=digits, rows=2, columns=columns, family=family, disguise=disguise)
    written = encode_class(omega)
    assert decode_class(json.loads(json.dumps(written))) == omega
    assert (written["householder"] is not None) == disguise
    assert encode_class(decode_class(written)) == written


WRITTEN = encode_class(OmegaClass.create("lasso", digits=3, rows=2, columns=3, disguise=True))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("problem", "ridge"),
        ("problem", None),
        ("family", "Strong"),
        ("digits", "0x0"),
        ("digits", 3),
        ("digits", "0x186a1"),  # 100,001
        ("rows", "0x0"),
        ("rows", "0x10001"),
        ("columns", "3"),
        ("columns", "0x10001"),
        ("parameter", ["0x2", "0x4"]),
        ("parameter", "1/2"),
        ("alpha", ["0x1", "0x0"]),
        ("alpha", None),
        ("householder", "0x1"),
        ("householder", ["1"]),
        ("householder", [None, None, None]),
    ],
)
def test_what_is_not_written_so_is_refused(field, value):
    assert value != WRITTEN[field]
    with pytest.raises(MalformedCertificate):
        decode_class({**WRITTEN, field: value})


@pytest.mark.parametrize("field", WRITTEN)
def test_every_field_is_needed_and_no_other_is(field):
    rest = {name: value for name, value in WRITTEN.items() if name != field}
    with pytest.raises(MalformedCertificate):
        decode_class(rest)
    with pytest.raises(MalformedCertificate):
        decode_class({**rest, field.upper(): WRITTEN[field]})
    with pytest.raises(MalformedCertificate):
        decode_class({**WRITTEN, "other": "0x1"})
