"""The format's own functions: what they write is canonical, what they read is refused for one clear reason."""

import hashlib
import json
import os
import stat
import unicodedata
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks.certificate import reading
from proofs_checks.certificate.reading import (
    MalformedCertificate,
    SciBarriersError,
    canonical_bytes,
    common_divisor,
    decode_integer,
    decode_matrix,
    decode_rational,
    parse,
    parse_manifest,
    printable,
    quote,
    read,
)
from proofs_checks.certificate.writing import (
    build,
    check_bundle_target,
    encode_integer,
    encode_matrix,
    encode_rational,
    write_atomic,
    write_bundle,
)
from tests.proofs_checks import builders
from tests.proofs_checks.builders import F
from tests.proofs_checks.cases.minimiser import LASSO

integers = st.integers(-(2**80), 2**80)
nonzero = integers.filter(bool)
SMALL = build("gap", claim={}, evidence={}, provenance={})


@given(integers)
def test_integer_round_trip(n):
    assert decode_integer(encode_integer(n), "n") == n


@given(integers, nonzero)
def test_rational_round_trip(num, den):
    value = F(num, den)
    assert encode_rational(num, den) == builders.rat(value)
    assert decode_rational(encode_rational(num, den), "x") == (value.numerator, value.denominator)


@given(st.integers(1, 3), st.integers(1, 3), nonzero, st.data())
def test_matrix_round_trip(rows, cols, den, data):
    numerators = st.tuples(*[st.integers(-3, 3) | integers] * 4)
    cells = {(i, j): data.draw(numerators) for i in range(rows) for j in range(cols)}
    entries = data.draw(st.permutations([(i, j, z) for (i, j), z in cells.items()]))
    encoded = encode_matrix(rows=rows, cols=cols, den=den, entries=entries)
    by_hand = [[tuple(F(v, den) for v in cells[i, j]) for j in range(cols)] for i in range(rows)]
    assert canonical_bytes(encoded) == builders.canonical(builders.matrix(by_hand))
    matrix = decode_matrix(encoded, "matrix", rows=rows, cols=cols)
    assert (matrix.rows, matrix.cols) == (rows, cols)
    for position, cell in cells.items():
        got = matrix.entries.get(position, (0, 0, 0, 0))
        assert [F(v, matrix.den) for v in got] == [F(v, den) for v in cell]


@given(st.integers(0, 40), st.lists(integers))
def test_common_divisor(power, numbers):
    for den in (2**power, 3**power, 6**power):
        assert common_divisor(den, numbers) == gcd(den, *numbers)


@given(st.dictionaries(st.text(), st.text()))
def test_build_and_parse(provenance):
    provenance = {k: v for k, v in provenance.items() if k.isprintable() and v.isprintable()}
    data = build("gap", claim={"x": ["0x1"]}, evidence={}, provenance=provenance)
    assert data == builders.seal(builders.envelope("gap", {"x": ["0x1"]}, {}, provenance))
    parsed = parse(data)
    assert (parsed.kind, parsed.claim, parsed.evidence, parsed.provenance) == ("gap", {"x": ["0x1"]}, {}, provenance)


def test_key_order_is_by_code_point():
    assert canonical_bytes({"é": "", "z": "", "Z": "", "\U0001f600": "", "\uffff": ""}).decode() == (
        '{"Z":"","z":"","é":"","\uffff":"","\U0001f600":""}'
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: encode_rational(1, 0),
        lambda: encode_integer(2 ** (2**20)),
        lambda: encode_matrix(rows=1, cols=1, den=0, entries=[]),
        lambda: encode_matrix(rows=0, cols=1, den=1, entries=[]),
        lambda: encode_matrix(rows=65537, cols=1, den=1, entries=[]),
        lambda: encode_matrix(rows=65536, cols=65, den=1, entries=[]),
        lambda: encode_matrix(rows=1, cols=0, den=1, entries=[]),
        lambda: encode_matrix(rows=1, cols=65537, den=1, entries=[]),
        lambda: encode_matrix(rows=1, cols=1, den=1, entries=[(0, 1, (1, 0, 0, 0))]),
        lambda: encode_matrix(rows=1, cols=1, den=1, entries=[(1, 0, (1, 0, 0, 0))]),
        lambda: encode_matrix(rows=1, cols=1, den=1, entries=[(0, -1, (1, 0, 0, 0))]),
        lambda: encode_matrix(rows=1, cols=1, den=1, entries=[(-1, 0, (1, 0, 0, 0))]),
        lambda: encode_matrix(rows=1, cols=1, den=1, entries=[(0, 0, (1, 0, 0, 0))] * 2),
        lambda: build("theorem", claim={}, evidence={}, provenance={}),
        lambda: build("gap", claim={"x": 1}, evidence={}, provenance={}),
        lambda: build("gap", claim={"x": float("nan")}, evidence={}, provenance={}),
        lambda: build("gap", claim={"x": {1}}, evidence={}, provenance={}),
        lambda: build("gap", claim={}, evidence={}, provenance={"x": "\ud800"}),
        lambda: build("gap", claim={}, evidence={}, provenance={"x": None}),
    ],
)
def test_producers_are_told(call):
    with pytest.raises(SciBarriersError) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_number_at_the_cap():
    n = 2 ** (2**20) - 1
    assert decode_integer(encode_integer(n), "n") == n
    assert decode_integer(encode_integer(-n), "n") == -n
    for text in ("0x1" + "0" * 2**18, "-0x1" + "0" * 2**18):
        with pytest.raises(MalformedCertificate, match=r"n must be a hexadecimal integer of at most 2\^20 bits"):
            decode_integer(text, "n")


def test_matrix_at_the_cap():
    assert decode_matrix(encode_matrix(rows=65536, cols=64, den=1, entries=[]), "a").cols == 64


def test_nesting_at_the_cap():
    def nested(depth):
        return [] if depth == 1 else [nested(depth - 1)]

    build("gap", claim={"x": nested(14)}, evidence={}, provenance={})
    with pytest.raises(MalformedCertificate, match="nest deeper than 16"):
        build("gap", claim={"x": nested(15)}, evidence={}, provenance={})


@pytest.mark.parametrize("text", ['"' + '\\"' * 10**6, '"\\\\', "[]" * 10**6, '"[",' * 10**5, '{"a":"]]]]"}', "]" * 99])
def test_brackets_in_strings_and_hostile_text(text):
    with pytest.raises(MalformedCertificate) as caught:
        parse(text.encode())
    assert "\n" not in str(caught.value)


def test_brackets_in_strings_do_not_count():
    build("gap", claim={}, evidence={}, provenance={"x": '"[[[[[[[[[[[[[[[[[[[[\\"]{{\\\\"', "\\": "["})


@given(st.binary(max_size=200))
def test_random_bytes_are_malformed(data):
    with pytest.raises(MalformedCertificate):
        parse(data)


@given(st.integers(0, len(LASSO) - 1), st.integers(0, 255))
def test_any_changed_byte_is_malformed(position, byte):
    data = LASSO[:position] + bytes([byte]) + LASSO[position + 1 :]
    if data != LASSO:
        with pytest.raises(MalformedCertificate):
            parse(data)


def test_the_size_of_a_file_is_looked_at_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "large"
    with open(path, "wb") as file:
        file.truncate(reading.MAX_FILE_BYTES + 1)
    with pytest.raises(MalformedCertificate, match="larger than 64 MiB"):
        read(path)
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", len(LASSO) - 1)
    with pytest.raises(MalformedCertificate, match="larger"):
        parse(LASSO)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs /dev/zero")
def test_an_endless_file():
    with pytest.raises(OSError, match="not a regular file"):
        read("/dev/zero")


@pytest.mark.parametrize(
    ("value", "shown"),
    [({"a": 1}, "an object of 1"), ([1, 2], "a list of 2"), ("a\nb", r"'a\nb'"), (None, "None"), (True, "True")],
)
def test_quote(value, shown):
    assert quote(value) == shown


def test_quote_is_short():
    assert len(quote("é" * 10**6)) < 450


# --- files and bundles -------------------------------------------------------------------------------------------


def test_write_atomic(tmp_path):
    path = tmp_path / "a.cert.json"
    write_atomic(path, b"one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.cert.json"]


def test_write_atomic_honours_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_write_atomic_leaves_nothing_behind(tmp_path, monkeypatch):
    path = tmp_path / "a.cert.json"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError("no space left")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
            patch.setattr(reading.os, name, fail)
            write_atomic(path, b"new")
    assert os.listdir(tmp_path) == ["a.cert.json"]
    assert path.read_bytes() == b"old"


def test_write_bundle(tmp_path):
    target = tmp_path / "bundle"
    write_bundle(target, {"a.cert.json": SMALL, "b.cert.json": LASSO})
    assert sorted(os.listdir(target)) == ["a.cert.json", "b.cert.json", "manifest.json"]
    assert parse_manifest((target / "manifest.json").read_bytes()) == {
        "a.cert.json": hashlib.sha256(SMALL).hexdigest(),
        "b.cert.json": hashlib.sha256(LASSO).hexdigest(),
    }
    write_bundle(str(target) + "/", {"c.cert.json": SMALL})
    assert sorted(os.listdir(target)) == ["c.cert.json", "manifest.json"]
    assert os.listdir(tmp_path) == ["bundle"]


def test_write_bundle_spares_other_directories(tmp_path):
    target = tmp_path / "mine"
    target.mkdir()
    for names in ([], ["precious.txt"], ["manifest.json", "precious.txt"], ["a.cert.json"]):
        for name in names:
            (target / name).touch()
        before = sorted(os.listdir(target))
        with pytest.raises(SciBarriersError, match="is not a bundle"):
            write_bundle(target, {"a.cert.json": SMALL})
        assert sorted(os.listdir(target)) == before
        for name in before:
            (target / name).unlink()


def test_write_bundle_spares_files_and_links(tmp_path):
    (tmp_path / "file").write_text("precious")
    write_bundle(tmp_path / "bundle", {"a.cert.json": SMALL})
    (tmp_path / "link").symlink_to(tmp_path / "bundle")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    for name, fragment in (("file", "is not a bundle"), ("link", "is a link"), ("broken", "is a link")):
        with pytest.raises(SciBarriersError, match=fragment):
            write_bundle(tmp_path / name, {"a.cert.json": SMALL})


def test_whether_a_bundle_may_be_written_is_known_before(tmp_path, monkeypatch):
    """The question and the writing answer alike, and the question changes nothing."""
    (tmp_path / "file").write_text("precious")
    write_bundle(tmp_path / "bundle", {"a.cert.json": SMALL})
    write_bundle(tmp_path / "more", {"a.cert.json": SMALL})
    (tmp_path / "more" / "precious.txt").touch()
    (tmp_path / "link").symlink_to(tmp_path / "bundle")
    before = sorted(tmp_path.rglob("*"))
    check_bundle_target(tmp_path / "bundle")
    check_bundle_target(tmp_path / "new")
    for name in ("file", "link", "more", "nowhere/new", "file/new"):
        with pytest.raises(SciBarriersError) as asked:
            check_bundle_target(tmp_path / name)
        with pytest.raises(SciBarriersError) as written:
            write_bundle(tmp_path / name, {"a.cert.json": SMALL})
        assert str(asked.value) == str(written.value)
    monkeypatch.setattr(os, "access", lambda *_: False)  # a superuser may write everywhere
    with pytest.raises(SciBarriersError, match="cannot be written"):
        check_bundle_target(tmp_path / "new")
    assert sorted(tmp_path.rglob("*")) == before


# --- text of others --------------------------------------------------------------------------------------------


@given(
    st.text() | st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me"))),
    st.none() | st.integers(0, 9),
)
def test_what_is_printable_stands_as_it_is(text, limit):
    shown = printable(text, limit)
    assert shown.isprintable() and printable(shown) == shown
    for c in shown:
        assert unicodedata.bidirectional(c) not in ("R", "AL", "AN", "NSM", "LRE", "RLE", "PDF", "LRO", "RLO")
        assert unicodedata.category(c)[0] not in "CM"
    if limit is not None and len(text) > limit:
        assert shown.endswith(f"... ({len(text)} characters)")


@pytest.mark.parametrize("text", ["", "plain text, a\\b", "größe λ ‖A‖ <= 2⁻⁴ √2", "解.py", "é"])
def test_text_that_is_left_alone(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("\x9b31m", r"\x9b31m"),
        ("\x00\x07\x7f\x85", r"\x00\x07\x7f\x85"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
        ("a\u200bb\u200d\ufeff\u00ad", r"a\u200bb\u200d\ufeff\xad"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\udc80\ud83d", r"\udc80\ud83d"),
        ("\u00a0\u3000", r"\xa0\u3000"),
        ("\u05d0\u0661", r"\u05d0\u0661"),
        ("e\u0301\u0336\ufe0f", r"e\u0301\u0336\ufe0f"),
        ("\u0915\u093e", "\u0915" + r"\u093e"),
        ("\u115f\u3164\u2800", r"\u115f\u3164\u2800"),
        ("a\U0001d159b", r"a\U0001d159b"),  # a note without a head
        ("\U000e0041\U000f0000", r"\U000e0041\U000f0000"),
    ],
)
def test_text_that_is_escaped(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    "name",
    [
        "a.json",
        "../a.cert.json",
        "a/b.cert.json",
        ".cert.json",
        "",
        "a\\b.cert.json",
        "a\x85.cert.json",
        "\u202ea.cert.json",
    ],
)
def test_write_bundle_refuses_names(tmp_path, name):
    with pytest.raises(SciBarriersError, match="is not a plain file name"):
        write_bundle(tmp_path / "bundle", {name: SMALL})
    assert os.listdir(tmp_path) == []


def test_write_bundle_refuses_an_empty_bundle(tmp_path):
    with pytest.raises(SciBarriersError, match="at least one"):
        write_bundle(tmp_path / "bundle", {})


def test_write_bundle_keeps_the_old_bundle_when_it_fails(tmp_path, monkeypatch):
    target = tmp_path / "bundle"
    write_bundle(target, {"a.cert.json": SMALL})
    calls = []

    def fail_second(source, destination, rename=os.rename):
        calls.append(source)
        if len(calls) == 2:
            raise OSError("interrupted")
        rename(source, destination)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="interrupted"):
        patch.setattr(reading.os, "rename", fail_second)
        write_bundle(target, {"b.cert.json": SMALL})
    assert sorted(os.listdir(target)) == ["a.cert.json", "manifest.json"]
    assert os.listdir(tmp_path) == ["bundle"]


MANIFEST = {"format": "sci-barriers-bundle", "version": "0x1", "files": {"a.cert.json": "0" * 64}}


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        ({"format": "bundle"}, "not of format"),
        ({"version": "0x2"}, "not of format"),
        ({"files": {}}, "at least one"),
        ({"files": []}, "at least one"),
        ({"files": {"../a.cert.json": "0" * 64}}, "plain file name"),
        ({"files": {"a.cert.json": "0" * 63}}, "not a SHA-256"),
        ({"files": {"a.cert.json": "A" * 64}}, "not a SHA-256"),
        ({"files": {"a.cert.json": None}}, "not a SHA-256"),
        ({"note": ""}, "unknown key"),
    ],
)
def test_manifests(change, fragment):
    parse_manifest(canonical_bytes(MANIFEST) + b"\n")
    with pytest.raises(MalformedCertificate, match=fragment):
        parse_manifest(canonical_bytes({**MANIFEST, **change}) + b"\n")
    with pytest.raises(MalformedCertificate):
        parse_manifest(json.dumps(MANIFEST).encode())
