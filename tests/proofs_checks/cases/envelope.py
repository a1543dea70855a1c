"""The file itself, whatever its kind: a certificate that is fine but for its form."""

import json

from tests.proofs_checks.builders import canonical, changed, envelope, seal
from tests.proofs_checks.cases.minimiser import LASSO

_OBJ = json.loads(LASSO)
_TEXT = LASSO.decode()


def _with(**fields):
    return seal({**_OBJ, **fields})


def _nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


ACCEPT = {
    "provenance": _with(provenance={"producer": "by hand", "note": 'quotes ", backslash \\, é, newline \n'}),
}

REJECT = {}

MALFORMED = {
    "file-empty": ("not JSON", b""),
    "file-newline-only": ("not JSON", b"\n"),
    "object-empty": ("file lacks the key", b"{}\n"),
    "claim-and-evidence-empty": ("claim lacks the key", seal(envelope("minimiser", {}, {}))),
    "file-truncated": ("do not match", LASSO[:200]),
    "file-twice": ("not JSON", LASSO + LASSO),
    "no-final-newline": ("not canonical", LASSO[:-1]),
    "two-final-newlines": ("not canonical", LASSO + b"\n"),
    "carriage-return": ("not canonical", LASSO[:-1] + b"\r\n"),
    "byte-order-mark": ("not JSON", b"\xef\xbb\xbf" + LASSO),
    "utf-16": ("not JSON", _TEXT.encode("utf-16")),
    "invalid-utf-8": ("not JSON", LASSO.replace(b"lasso", b"las\xffso")),
    "binary": ("not JSON", bytes(range(256))),
    "lone-surrogate": ("surrogates not allowed", LASSO.replace(b'"provenance":{}', b'"provenance":{"x":"\\ud800"}')),
    "escape-not-needed": ("not canonical", LASSO.replace(b"lasso", b"la\\u0073so")),
    "white-space": ("not canonical", json.dumps(_OBJ, sort_keys=True).encode() + b"\n"),
    "keys-unsorted": (
        "not canonical",
        json.dumps(dict(reversed(_OBJ.items())), separators=(",", ":")).encode() + b"\n",
    ),
    "key-twice": ("given twice", LASSO.replace(b'"unique":true', b'"unique":true,"unique":true')),
    "key-twice-at-the-top": ("given twice", LASSO.replace(b'"version":"0x1"', b'"version":"0x1","version":"0x1"')),
    "key-unknown": ("unknown key 'note'", _with(note="")),
    "key-missing": ("lacks the key provenance", changed(LASSO, ["provenance"], ...)),
    "key-missing-sha256": ("lacks the key sha256", canonical({k: v for k, v in _OBJ.items() if k != "sha256"}) + b"\n"),
    "number-integer": ("a JSON number", LASSO.replace(b'"0x1"', b"1")),
    "number-float": ("a JSON number", LASSO.replace(b'"0x1"', b"1.0")),
    "number-nan": ("a JSON number", LASSO.replace(b'"0x1"', b"NaN")),
    "number-infinity": ("a JSON number", LASSO.replace(b'"0x1"', b"-Infinity")),
    "number-overflow": ("a JSON number", LASSO.replace(b'"0x1"', b"1e400")),
    "number-of-5000-digits": ("a JSON number", LASSO.replace(b'"0x1"', b"1" * 5000)),
    "number-upper-case": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "0X0"})),
    "number-leading-zero": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "0x00"})),
    "number-negative-zero": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "-0x0"})),
    "number-plus": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "+0x1"})),
    "number-empty": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "0x"})),
    "number-underscore": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "0x1_0"})),
    "number-newline": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "0x0\n"})),
    "number-other-digits": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "0x\u0661"})),
    "number-decimal": ("must be a hexadecimal integer", _with(claim={**_OBJ["claim"], "root": "10"})),
    "nesting-17": ("nest deeper than 16", seal({**_OBJ, "claim": {"x": _nested(15)}})),
    "nesting-100000": ("nest deeper than 16", b"[" * 100000 + b"]" * 100000),
    "brackets-crossed": ("not JSON", b'{"a":[}]'),
    "digest-wrong": ("not the digest", LASSO.replace(b'"sha256":"', b'"sha256":"0')[: len(LASSO) + 1]),
    "digest-of-other-content": ("not the digest", LASSO.replace(b'"unique":true', b'"unique":false')),
    "digest-null": ("not the digest", canonical({**_OBJ, "sha256": None}) + b"\n"),
    "format-other": ("format is 'certificate'", _with(format="certificate")),
    "version-2": ("version is '0x2'", _with(version="0x2")),
    "kind-unknown": ("kind must be one of", _with(kind="theorem")),
    "kind-list": ("kind must be one of", _with(kind=["minimiser"])),
    "claim-list": ("claim must be an object", _with(claim=[])),
    "provenance-nested": ("must be a string", _with(provenance={"x": {}})),
    "provenance-string": ("provenance must be an object", _with(provenance="me")),
    "kind-of-another": ("claim lacks the key gap", _with(kind="gap")),
}
