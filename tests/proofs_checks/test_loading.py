"""What `load` gives of a certificate: the numbers of the file as plain Python, and nothing vouched for."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from proofs_checks import MalformedCertificate, load, verify_path
from proofs_checks.certificate.writing import build, encode_packed, packed_file
from proofs_checks.loading import Complex, Root
from tests.proofs_checks.builders import matrix, rat
from tests.proofs_checks.cases import claim_audit

F = Fraction
ACCEPTED = sorted((Path(__file__).parent.parent / "corpus" / "accept").rglob("*.cert.json"))
ARRAY, DIGEST = packed_file(encode_packed([1, -2, 3, 4], shape=(2, 2), den=2))


@pytest.fixture
def loaded(tmp_path):
    def made(claim, evidence=None):
        data = build("minimiser", claim=claim, evidence=evidence or {}, provenance={"solver": "0x5"})
        (tmp_path / "x.cert.json").write_bytes(data)
        return load(tmp_path / "x.cert.json")

    return made


HALF = F(1, 2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0x1f", 31),
        ("-0x2", -2),
        ("lasso", "lasso"),
        ("0x", "0x"),
        (None, None),
        (True, True),
        (rat(HALF), HALF),
        (["0x2", "0x4"], [2, 4]),  # no lowest terms, no rational
        (["0x1", "0x2", "0x3"], [1, 2, 3]),
        ([], []),
        ({"a": [rat(2), {"b": "0x0"}]}, {"a": [F(2), {"b": 0}]}),
        (matrix([[1, 0], [HALF, -3]]), [[1, 0], [HALF, -3]]),
        (
            matrix([[(1, HALF, 0, 0), (0, 0, 1, 0), (1, 0, 0, 2)]]),
            [[Root(F(1), HALF, 3), Complex(F(0), F(1)), Complex(F(1), Root(F(0), F(2), 3))]],
        ),
        (encode_packed([1, 2, 3, 4, 5, 6], shape=(1, 2, 3), den=2), [[[HALF, 1, F(3, 2)], [2, F(5, 2), 3]]]),
        (encode_packed([-1], shape=(1,)), [-1]),
    ],
)
def test_values(loaded, value, expected):
    found = loaded({"root": "0x3", "x": value}, {"y": [value, None]})
    assert found.claim == {"root": 3, "x": expected} and found.evidence == {"y": [expected, None]}
    assert type(found.claim["x"]) is type(expected)
    assert (found.kind, found.provenance) == ("minimiser", {"solver": "0x5"})


@pytest.mark.parametrize("field", ["householder", "reads", "seeds", "unhalted"])
def test_two_integers_are_no_rational_where_a_list_of_integers_stands(loaded, field):
    assert loaded({field: ["0x1", "0x2"]}).claim == {field: [1, 2]}
    assert loaded({"step": ["0x1", "0x2"]}).claim == {"step": HALF}


def test_names_stay_names(loaded):
    assert loaded({"point": "0x1", "to": "0x2"}).claim == {"point": "0x1", "to": "0x2"}


def plain(value):
    """Every leaf of what was loaded."""
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from plain(item)
    else:
        yield value


def test_every_kind_is_loaded():
    kinds = set()
    for path in ACCEPTED:
        found = load(path)
        kinds.add(found.kind)
        leaves = list(plain([found.claim, found.evidence]))
        assert {type(leaf) for leaf in leaves} <= {int, F, str, bool, type(None), Root, Complex}
        assert not any(isinstance(leaf, str) and leaf.startswith(("0x", "-0x")) for leaf in leaves)
        assert found.sha256 == json.loads(path.read_bytes())["sha256"]
        assert len(repr(found)) < 200 and found._repr_html_().startswith("<table>")
    assert len(kinds) >= 18


def test_a_file_beside_it_is_read(loaded, tmp_path):
    (tmp_path / "a.array.json").write_bytes(ARRAY)
    named = {"file": "a.array.json", "sha256": DIGEST}
    assert loaded({"x": named}).claim == {"x": [[HALF, -1], [F(3, 2), 2]]}
    (tmp_path / "a.array.json").unlink()
    with pytest.raises(MalformedCertificate, match="not beside the certificate"):
        loaded({"x": named})


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"x": matrix([[1]]) | {"den": "0x0"}}, "claim.x.den must be at least 1"),
        ({"x": {"y": encode_packed([1], shape=(1,)) | {"digits": "1"}}}, "claim.x.y.digits must be 2"),
        ({"root": "three"}, "claim.root must be a hexadecimal integer"),
    ],
)
def test_what_has_no_form_is_malformed(loaded, claim, reason):
    with pytest.raises(MalformedCertificate, match=reason):
        loaded(claim)


def test_nothing_is_verified(tmp_path):
    path = tmp_path / "x.cert.json"
    path.write_bytes(claim_audit.REJECT[next(iter(claim_audit.REJECT))][1])
    assert verify_path(path).verdict == "invalid"
    assert load(path).kind == "claim-audit" and "not verified" in repr(load(path)) and "verified" in load.__doc__


def test_html_of_others_is_escaped(tmp_path):
    data = build("minimiser", claim={"<script>": "0x1"}, evidence={}, provenance={"<b>\u202e": "x"})
    (tmp_path / "x.cert.json").write_bytes(data)
    shown = load(tmp_path / "x.cert.json")._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "<b>" not in shown and "\u202e" not in shown
