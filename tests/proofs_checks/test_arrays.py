"""Packed arrays: one way to write each, read in linear time, in a certificate or in a file beside it."""

import hashlib
import json
from fractions import Fraction
from math import gcd, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks.certificate.arrays import ARRAY_SUFFIX, array_files, decode_packed, with_files
from proofs_checks.certificate.reading import Certificate, MalformedCertificate, canonical_bytes
from proofs_checks.certificate.writing import SciBarriersError, encode_packed, packed_file

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(0, 300), st.integers(-(2**40), 2**40), st.integers(-(2**80), 2**80))


@st.composite
def arrays(draw):
    shape = draw(SHAPES)
    numbers = draw(st.lists(NUMBERS, min_size=prod(shape), max_size=prod(shape)))
    return shape, numbers, draw(st.integers(-60, 60).filter(bool))


@given(arrays())
def test_what_is_written_is_read_again_as_the_same_rationals(drawn):
    shape, numbers, den = drawn
    found = decode_packed(encode_packed(numbers, shape=shape, den=den), "a", shape=shape)
    assert found.shape == shape
    assert [Fraction(n, found.den) for n in found.numbers] == [Fraction(n, den) for n in numbers]
    assert gcd(found.den, *found.numbers) == 1 and found.den >= 1


@given(arrays(), st.integers(1, 7))
def test_one_array_is_written_in_one_way(drawn, factor):
    shape, numbers, den = drawn
    once = encode_packed(numbers, shape=shape, den=den)
    assert encode_packed([n * factor for n in numbers], shape=shape, den=den * factor) == once
    assert encode_packed([-n for n in numbers], shape=shape, den=-den) == once


# bytes, offset and the digits of [0, 255], [0, 256], [-1, 254], [-1, 255]: each at the edge of a width
EDGES = [
    ([0, 255], "0x1", "0x0", "00ff"),
    ([0, 256], "0x2", "0x0", "00000100"),
    ([-1, 254], "0x1", "0x1", "00ff"),
    ([-1, 255], "0x2", "0x1", "00000100"),
    ([7, 7], "0x1", "0x0", "0707"),
    ([0, 0], "0x1", "0x0", "0000"),
    ([-2, -2], "0x1", "0x2", "0000"),
]


@pytest.mark.parametrize(("numbers", "width", "offset", "digits"), EDGES)
def test_the_canonical_form(numbers, width, offset, digits):
    packed = {"bytes": width, "den": "0x1", "digits": digits, "offset": offset, "shape": ["0x2"]}
    assert encode_packed(numbers, shape=(2,)) == packed
    assert list(decode_packed(packed, "a").numbers) == numbers


GOOD = {"bytes": "0x1", "den": "0x3", "digits": "0005", "offset": "0x1", "shape": ["0x1", "0x2"]}

REFUSED = {
    "wider than needed": {"bytes": "0x2", "digits": "00000005"},
    "an offset that is too large": {"digits": "0105", "offset": "0x2"},
    "not in lowest terms": {"den": "0x5", "digits": "0105", "offset": "0x0", "shape": ["0x1", "0x2"]}
    | {"digits": "0a05"},
    "a digit too few": {"digits": "000"},
    "an entry too many": {"digits": "000506"},
    "upper case": {"digits": "000A"},
    "a blank": {"digits": "00 5"},
    "a digit of another script": {"digits": "000\u0665"},
    "no digits": {"digits": 5},
    "a negative offset": {"offset": "-0x1"},
    "no denominator": {"den": "0x0"},
    "no shape": {"shape": []},
    "an empty side": {"shape": ["0x0"], "digits": ""},
    "five sides": {"shape": ["0x1", "0x1", "0x1", "0x1", "0x2"]},
    "a side over the cap": {"shape": ["0x100001"]},
    "positions over the cap": {"shape": ["0x1000", "0x1001"]},
    "a width of nothing": {"bytes": "0x0", "digits": ""},
    "a width over the cap": {"bytes": "0x20001"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_form_is_malformed(name):
    decode_packed(GOOD, "a")
    with pytest.raises(MalformedCertificate):
        decode_packed(GOOD | REFUSED[name], "a")


def test_the_shape_that_is_asked_for():
    decode_packed(GOOD, "a", shape=(1, 2))
    with pytest.raises(MalformedCertificate, match=r"must have the shape \(2, 1\), not \(1, 2\)"):
        decode_packed(GOOD, "a", shape=(2, 1))


@pytest.mark.parametrize("key", GOOD)
def test_every_key_is_needed(key):
    with pytest.raises(MalformedCertificate, match=key):
        decode_packed({k: v for k, v in GOOD.items() if k != key}, "a")


@pytest.mark.parametrize(
    ("numbers", "options", "reason"),
    [
        ([1, 2], {"shape": (3,)}, "has 3 entries, not 2"),
        ([1], {"shape": (1,), "den": 0}, "non-zero denominator"),
        ([1], {"shape": ()}, "outside the caps"),
        ([], {"shape": (0,)}, "outside the caps"),
        ([1], {"shape": (1, 1, 1, 1, 1)}, "outside the caps"),
        ([1 << 2**20], {"shape": (1,)}, "exceeds the format's cap"),
    ],
)
def test_what_cannot_be_written(numbers, options, reason):
    with pytest.raises(SciBarriersError, match=reason):
        encode_packed(numbers, **options)


def certificate(claim):
    return Certificate(kind="minimiser", claim=claim, evidence={}, provenance={}, digest="")


def reference(name, data):
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest()}


PACKED = encode_packed([1, -2, 3], shape=(3,))
DATA, DIGEST = packed_file(PACKED)
NAME = "mask" + ARRAY_SUFFIX


def test_a_file_takes_the_place_that_names_it():
    asked = []
    filled = with_files(
        certificate({"x": [{"file": NAME, "sha256": DIGEST}]}), lambda name: (asked.append(name), DATA)[1]
    )
    assert filled.claim == {"x": [PACKED]} and asked == [NAME]


def test_a_certificate_without_files_asks_for_none():
    plain = certificate({"x": []})
    assert with_files(plain, None) is plain


@pytest.mark.parametrize(
    "name",
    [
        "../a.array.json",
        "a/b.array.json",
        "a.json",
        ".array.json",
        "a\u202e.array.json",
        "a\\b.array.json",
        "a.array.json\n",
    ],
)
def test_only_plain_names_are_files(name):
    with pytest.raises(MalformedCertificate, match="is not a plain file name"):
        array_files(certificate({"x": {"file": name, "sha256": DIGEST}}))


@pytest.mark.parametrize("digest", ["", DIGEST.upper(), DIGEST + "0", DIGEST + "\n", "0x" + DIGEST[2:]])
def test_only_digests_are_digests(digest):
    with pytest.raises(MalformedCertificate, match="is not a SHA-256 digest"):
        array_files(certificate({"x": {"file": NAME, "sha256": digest}}))


def test_points_may_be_called_file_and_sha256():
    """Names of points are free: an object with these keys names a file only where both are strings."""
    points = {"points": {"file": {"rows": "0x1"}, "sha256": [DIGEST]}}
    plain = certificate(points)
    assert array_files(plain) == {} and with_files(plain, missing) is plain


def test_a_file_may_stand_below_a_point_called_file():
    filled = with_files(
        certificate({"file": reference(NAME, DATA), "sha256": [reference(NAME, DATA)]}), lambda name: DATA
    )
    assert filled.claim == {"file": PACKED, "sha256": [PACKED]}


def missing(name):
    raise FileNotFoundError(2, "No such file or directory", name)


OTHER = canonical_bytes(encode_packed([1], shape=(1,))) + b"\n"
SPACED = (json.dumps(PACKED) + "\n").encode()


@pytest.mark.parametrize(
    ("named", "read", "reason"),
    [
        (DATA, missing, "not beside the certificate"),
        (DATA, lambda name: OTHER, "does not have the digest"),
        (SPACED, lambda name: SPACED, "not canonical"),
        (b"[]\n", lambda name: b"[]\n", "must be an object"),
        (b"{}\n", lambda name: b"{}\n", "lacks the key"),
    ],
)
def test_a_file_that_is_not_the_array_is_malformed(named, read, reason):
    with pytest.raises(MalformedCertificate, match=reason):
        with_files(certificate({"x": reference(NAME, named)}), read)


def test_two_digests_of_one_file_are_malformed():
    both = [reference(NAME, DATA), reference(NAME, OTHER)]
    with pytest.raises(MalformedCertificate, match="two digests"):
        array_files(certificate({"x": both}))


def test_the_number_of_files_is_capped():
    many = [reference(f"{i}{ARRAY_SUFFIX}", DATA) for i in range(17)]
    assert len(array_files(certificate({"x": many[:16]}))) == 16
    with pytest.raises(MalformedCertificate, match="more than 16"):
        array_files(certificate({"x": many}))
