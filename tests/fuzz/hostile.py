"""Random files that nobody should trust, made from a generator: bytes, JSON, almost certificates, hostile strings."""

import json

from proofs_checks.certificate.reading import KINDS
from tests.fuzz.edits import at, places
from tests.proofs_checks.builders import seal

TOKENS = [
    *(b"NaN", b"1e400", b"-Infinity", b"null", b"{}", b"[]", b"{", b"]", b'"', b",", b":", b"\\", b"\\ud800", b"\x00"),
    *(b"\xff", b"\xc0\x80", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae"),
    *(b'"0x1"', b'"-0x1"', b'"rows":"0x10000",', b'"den":"0x0",'),
]
TEXTS = (
    "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x9b31m", "\x85", "\x00", "\x07", "\x7f", "\r\n",
    "\u202e", "\u2066\u2069", "\u200f\u200e", "\u061c", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u2029",
    "\u0301" * 50, "\ufe0f", "\U000e0041", "\U000f0000", "\u05d0\u05d1", "\u0661", "\u3164",
    "\u115f", "\u2800", "\u3000",
    "[/a]", "[bold red]", ":warning:", "{0}", "%s%n", "$(reboot)", "`x`", "<script>", "../../x", "/etc/passwd",
    "valid", "\nx.cert.json: valid (barrier)", "  not checked: nothing", "rule 1: ", "x" * 5000, "\x1b" * 3000, "",
    "0x1", "-0x0", "NaN", "\U0001f600", "größe", "λ", "\u0430",
)  # fmt: skip
SURROGATES = ("\udc80", "\ud83d", "\udfff\ud800")
WORDS = (
    "format", "version", "kind", "claim", "evidence", "provenance", "sha256", "sci-barriers-certificate", "0x1",
    "problem", "matrix", "rows", "cols", "den", "entries", "transcript", "output", "class", "digits", "index", "point",
)  # fmt: skip
MATRIX = ("rows", "cols", "den", "entries")


def text(rng):
    """A string: hostile, of the format, or of any characters."""
    return rng.choice(
        (
            lambda: rng.choice(TEXTS),
            lambda: rng.choice(TEXTS) + rng.choice(WORDS),
            lambda: rng.choice(WORDS),
            lambda: hex(rng.randrange(-(2**20), 2**70)),
            lambda: "".join(map(chr, rng.choices([*range(0xD800), *range(0xE000, 0x10000)], k=rng.randrange(8)))),
            lambda: "".join(chr(rng.randrange(0x10000, 0x110000)) for _ in range(rng.randrange(4))),
        )
    )()


def value(rng, depth=0, numbers=False):
    """A JSON value, sometimes deep; numbers are no part of the format."""
    kind = rng.randrange(8)
    if depth > 18 or kind < 3:
        return text(rng)
    if kind < 5:
        return {text(rng): value(rng, depth + 1, numbers) for _ in range(rng.randrange(4))}
    if kind == 5:
        return [value(rng, depth + 1, numbers) for _ in range(rng.randrange(4))]
    if kind == 6:
        return {name: rng.choice([text(rng), "0x1", "0x2", []]) for name in MATRIX}
    return rng.choice([None, True, False, *([rng.random(), rng.randrange(10**9), float("nan")] if numbers else [])])


def random_bytes(rng, _):
    """Bytes of no kind."""
    return rng.choice((lambda: rng.randbytes(rng.randrange(300)), lambda: b"".join(rng.choices(TOKENS, k=40))))()


def random_json(rng, _):
    """JSON, canonical or not."""
    found = value(rng, numbers=True)
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=rng.random() < 0.5).encode() + b"\n"


def near_grammar(rng, known):
    """A certificate with tokens put anywhere, or the envelope of one around random claims."""
    if rng.random() < 0.5:
        data = rng.choice(known)
        for _ in range(rng.randrange(1, 4)):
            where = rng.randrange(len(data))
            data = data[:where] + rng.choice(TOKENS) + data[where + rng.randrange(12) :]
        return data
    body = {name: {text(rng): value(rng, 3) for _ in range(rng.randrange(5))} for name in ("claim", "evidence")}
    provenance = {text(rng): text(rng) for _ in range(rng.randrange(5))}
    head = {"format": "sci-barriers-certificate", "version": "0x1", "kind": rng.choice(KINDS)}
    return seal({**head, **body, "provenance": provenance})


def hostile_strings(rng, known):
    """A valid certificate with hostile strings and keys anywhere, and its digest made anew."""
    obj = json.loads(rng.choice(known))
    for _ in range(rng.randrange(1, 4)):
        obj["provenance"][rng.choice(("producer", "solver", "name", text(rng)))] = text(rng)
    if rng.random() < 0.8:
        for _ in range(rng.randrange(1, 6)):
            paths = [("claim", *p) for p in places(obj["claim"])] + [("evidence", *p) for p in places(obj["evidence"])]
            path = rng.choice(paths or [("claim",)])
            parent, key = at(obj, path[:-1]), path[-1]
            if isinstance(parent, dict) and len(path) > 1 and rng.random() < 0.5:
                parent[text(rng)] = parent.pop(key) if rng.random() < 0.5 else value(rng, 14)
            else:
                parent[key] = text(rng) if len(path) > 1 else {text(rng): text(rng)}
    if rng.random() < 0.1:
        obj["kind"] = text(rng)
    if rng.random() < 0.1:  # escapes are not canonical, and say what bytes cannot
        obj["provenance"][rng.choice(SURROGATES)] = rng.choice(SURROGATES)
        return json.dumps(obj, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return seal(obj)


FAMILIES = {
    "bytes": random_bytes,
    "JSON": random_json,
    "near the grammar": near_grammar,
    "hostile strings": hostile_strings,
}


def file_name(rng):
    """A name for a file, hostile one time in three."""
    if rng.random() < 0.67:
        return "x.cert.json"
    name = text(rng).replace("/", "_").replace("\x00", "_")
    return name.encode()[:100].decode("utf-8", "ignore") + rng.choice(("", SURROGATES[0])) + ".cert.json"
