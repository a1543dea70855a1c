"""The screen, the data of --json and the page: what readers see of a finding."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from exact_base.rationals import exact_number
from exact_base.scalars import sqrt
from sci_barriers.checks.findings import Found, nearest_float, relative_digits, verdict_of
from sci_barriers.checks.page import fragment, page
from sci_barriers.checks.questions import Claimed, listed
from sci_barriers.checks.report import facts, found_data, lines, number

NAMES = ("age", "<b>&", "名前" * 20, "x" * 70, "s1")
FOUND = Found(
    "LassoCV of scikit-learn in a Pipeline after StandardScaler",
    "1/(2m) ‖r‖² + alpha ‖w‖₁, alpha = 0.0789184",
    442,
    NAMES,
    4,
    (fmpq(1, 3), fmpq(-200, 7), fmpq(0), fmpq(0), fmpq(5)),
    (fmpq(1, 3) + fmpq(1, 10**9), fmpq(-200, 7) + fmpq(1, 50), fmpq(1, 10**5), fmpq(0), fmpq(5)),
    "yes",
    intercept=fmpq(152),
    given_intercept=fmpq(152) + fmpq(1, 10**12),
    excess=(fmpq(1, 10**5), fmpq(1, 10**5)),
    multiple=fmpq(884),
    superfluous=(2,),
    claimed=Claimed("a dual gap of 0.581 after 193 of at most 1000 iterations", fmpq(581, 1000)),
    notes=("the means are taken as they are", "a second note"),
)
SOLVED = replace(
    FOUND, given=None, unique="no", interchangeable=((0, 1), (2, 4)), superfluous=(), excess=None, claimed=None
)
EXACT = replace(FOUND, given=FOUND.point, superfluous=(), excess=(fmpq(0), fmpq(0)))
ZERO = replace(FOUND, point=(fmpq(0),) * 5, given=(fmpq(0),) * 5, superfluous=(), claimed=None)
ROOTS = replace(FOUND, point=(sqrt(fmpq(2)), *FOUND.point[1:]), intercept=None, given_intercept=None)
KINDS = {
    "found": FOUND,
    "solved": SOLVED,
    "exact": EXACT,
    "zero": ZERO,
    "roots": ROOTS,
    "open": replace(FOUND, unique="open"),
    "infeasible": replace(FOUND, excess=None, infeasible="s1 below 0"),
    "unknown": replace(FOUND, excess=None),
    "far": replace(FOUND, given=(fmpq(10**9),) * 5),
    "not zero": replace(ZERO, given=FOUND.given),
}
each = pytest.mark.parametrize("found", KINDS.values(), ids=KINDS)


@each
def test_a_screen_has_80_columns_and_few_lines(found):
    shown = lines(found)
    assert len(shown) <= 34 and all(cell_len(line) <= 80 and line == line.rstrip() for line in shown)
    assert shown[0].startswith(found.subject)


@each
@pytest.mark.parametrize("width", [20, 45, 79])
def test_a_narrow_screen_has_the_same_words(found, width):
    shown = lines(found, width=width)
    assert all(cell_len(line) <= width and line == line.rstrip() for line in shown)
    words = "".join("".join(shown).split())
    for label, text in facts(found):
        assert "".join((f"{label}: {text}" if label else text).split()) in words
    if found.given is not None and found.errors[1] != 0:
        assert f"<b>&:given{number(found.given[1])},exact{number(found.point[1])}" in words


@each
def test_json_has_the_same_and_is_valid(found):
    data = json.loads(json.dumps(found_data(found), allow_nan=False))
    assert data["columns"] == len(data["coefficients"]) == 5
    assert data["facts"] == [text for _, text in facts(found)]
    if found.given is not None and found.distance2 != 0:
        low, high = (exact_number(data["distance"].get(end, data["distance"]["exact"])) for end in ("low", "high"))
        assert low * low <= found.distance2 <= high * high and high <= low * fmpq(10**19 + 10, 10**19)


def test_the_words_are_those_of_the_numbers():
    said = dict(facts(FOUND))
    assert FOUND.verdict == "inaccurate" and "3 digits, not 4" in said["distance"]
    assert said["support"].startswith("wrong: ") and "is in, and in no minimiser" in said["support"]
    assert "884 times" in said["objective"] and "indeed no further" in said["library says"]
    assert dict(facts(EXACT))["distance"] == "0: the coefficients are exact" and EXACT.words == "ok"
    assert dict(facts(EXACT))["objective"] == "the least there is"
    assert SOLVED.words == "solved, not unique"
    assert "age and <b>& are interchangeable" in dict(facts(SOLVED))["minimiser"]
    assert dict(facts(KINDS["not zero"]))["distance"].endswith("the minimiser is 0: no digit is right")
    assert dict(facts(ZERO))["support"] == "right: no column is in"
    assert dict(facts(ZERO))["minimisers"].endswith("all coefficients 0")
    assert ZERO.verdict == "ok" and KINDS["not zero"].verdict == "inaccurate"
    missing = dict(facts(replace(FOUND, superfluous=(), missing=(0, 4))))["support"]
    assert missing == "wrong: age and s1 are out, and must be in"


def test_a_claim_that_is_wrong_is_called_so():
    lying = replace(FOUND, claimed=Claimed("a gap of 0", fmpq(0)))
    assert "further above the minimum than that" in dict(facts(lying))["library says"]
    rounded = replace(EXACT, claimed=lying.claimed, excess=lying.excess)
    assert dict(facts(rounded))["library says"].endswith("above the minimum by the error of the intercept alone")
    vague = replace(FOUND, claimed=Claimed("11 iterations"))
    assert dict(facts(vague))["library says"] == "11 iterations"


@pytest.mark.parametrize(
    ("names", "indices", "said"),
    [
        (("column 1", "column 2", "column 3"), (0, 2), "columns 1 and 3"),
        (("column 1", "column 2", "column 3"), (0, 1, 2), "columns 1, 2 and 3"),
        (("column 1", "column 2", "column 3"), (1,), "column 2"),
        (("a", "column 2"), (0, 1), "a and column 2"),
        (tuple(f"x{j}" for j in range(9)), tuple(range(9)), "x0, x1, x2, x3, x4, x5 and 3 more"),
    ],
)
def test_columns_are_listed_by_their_names(names, indices, said):
    assert listed(names, indices) == said


# --- digits ----------------------------------------------------------------------------------------


@given(st.integers(1, 10**30), st.integers(1, 10**30), st.integers(1, 40))
def test_digits_are_those_of_the_definition(a, b, digits):
    distance2, size2 = fmpq(a) ** 2, fmpq(b) ** 2
    reached = relative_digits(distance2, size2)
    assert reached == 0 or fmpq(a) <= fmpq(b, 10**reached)
    assert fmpq(a) > fmpq(b, 10 ** (reached + 1))
    assert verdict_of(distance2, size2, digits) == ("ok" if a * 10**digits <= b else "inaccurate")


@given(st.floats(-1e6, 1e6))
def test_the_nearest_float_of_a_float_is_itself(value):
    assert nearest_float(fmpq(*value.as_integer_ratio())) == value
    assert nearest_float(sqrt(fmpq(2))) == 2**0.5


# --- the page --------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page that have to be closed, and what they would load or run."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.names = [], [], set()

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        self.wrong += [name for name, _ in attributes if name in ("src", "href", "style") or name.startswith("on")]
        if tag not in ("meta", "path", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in ("meta", "path", "rect"):
            self.open.pop()

    def handle_endtag(self, tag):
        self.wrong += [] if self.open.pop() == tag else [tag]


@each
@pytest.mark.parametrize("make", [page, fragment])
def test_a_page_is_whole_and_loads_and_runs_nothing(found, make):
    text = make(found)
    tags = Tags()
    tags.feed(text)
    assert tags.open == [] and tags.wrong == [] and not tags.names & {"script", "link", "img", "iframe", "b>"}
    assert "@@" not in text and not re.search(r"url\(|@import", text)
    assert "&lt;b&gt;&amp;" in text and "<b>&" not in text
    assert found.words in text and ("<svg" in text) == (found.given is not None)
    if make is page:
        assert "default-src 'none'" in text and "What is certified" in text and "What is not" in text


def test_a_page_of_many_columns_shows_those_that_matter():
    count = 3000
    point = tuple(fmpq(j % 7 == 0) for j in range(count))
    given = tuple(value + fmpq(1, 10**6 + j) * (j % 5 == 0) for j, value in enumerate(point))
    text = page(replace(FOUND, names=tuple(f"c{j}" for j in range(count)), point=point, given=given, superfluous=()))
    assert "2500 other columns not shown" in text and len(text) < 200_000
    assert "more, with smaller errors" in text and '<th scope="row">c0</th>' in text
