"""What can be reached: for every input the certificate is valid, and the network is as near to the truth as it says."""

import json

import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.errors import BudgetError, ProtocolError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import exact_array, norm2, sign, sqrt, zeros
from proofs_checks import verify_bytes
from proofs_checks.checker import verify_path
from sci_barriers import DataError, OmegaClass, OmegaUnion, UsageError, reach, reads_certificate
from sci_barriers.certificates.no_reads import no_reads_certificate
from sci_barriers.certificates.reads import reach_certificates
from sci_barriers.data.inputs import Input
from sci_barriers.data.oracles import NoisyInstanceOracle, NoisyOracle
from sci_barriers.data.sampled import LimitedOracle, SampledOracle
from sci_barriers.data.structured import CommonOracle, InstanceOracle
from sci_barriers.data.training_data import QueryAccess, StreamAccess, Triple
from sci_barriers.data.validity import check_training_data
from sci_barriers.networks.soft import SoftNetwork
from sci_barriers.omega.known import known_of
from sci_barriers.reads.algorithms import from_one_datum, sufficient_precision, until_known
from sci_barriers.reads.reaching import without_reads
from sci_barriers.reads.remaining import Remaining
from tests.proofs_checks.builders import seal

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")
SIZES = [(1, 2), (1, 5), (3, 4), (5, 9), (21, 22)]


def input_of(union, where):
    """The member of (family, i, q), i = 0 for the tie."""
    family, i, q = where
    omega = union.strong if family == "strong" else union.weak
    return omega.tie() if i == 0 else omega.member(i=i, q=omega.q0 + q)


def is_left(result):
    i, q, omega = result.index, result.exponent, result.instance.omega
    return any(
        part.omega == omega and part.index == i and part.least <= q and (part.most is None or q <= part.most)
        for part in result.left
    )


def check(result):
    """Everything that must hold of a result: by the independent checker, and by the distance to the true minimisers."""
    report = verify_bytes(reads_certificate(result))
    assert (report.verdict, report.reason) == ("valid", None)
    assert is_left(result)
    for k in range(1, result.union.samples + 1):
        error2 = result.union.distance2(result.instance, k, result.network(result.union.data(k)))
        assert error2 <= result.error2 <= power_of_ten(-2 * result.digits)
    return report


unions = st.builds(
    lambda problem, size, digits, disguise, samples: OmegaUnion.create(
        problem,
        digits=digits,
        rows=size[0],
        columns=size[1],
        disguise=disguise,
        samples=samples if size[0] > 1 else 0,
    ),
    st.sampled_from(PROBLEMS),
    st.sampled_from([(1, 2), (1, 4), (2, 3), (3, 4), (2, 5), (4, 6)]),
    st.integers(3, 7),
    st.booleans(),
    st.integers(0, 3),
)


@st.composite
def members(draw, union):
    family = draw(st.sampled_from(["strong", "weak"]))
    i = draw(st.integers(0 if family == "strong" else 1, union.strong.ties))
    return input_of(union, (family, i, draw(st.integers(0, 30))))


@given(st.data(), unions, st.sampled_from([2, 3]), st.sampled_from(["query", "stream"]), st.integers(-1, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_network_is_right_on_the_input_and_on_all_with_its_data(data, union, statement, access, seed):
    instance = data.draw(members(union))
    oracle = NoisyInstanceOracle(instance, seed=seed) if seed >= 0 else InstanceOracle(instance)
    result = reach(union, instance, statement=statement, oracle=oracle, access=access, data=5)
    check(result)
    assert result.digits == union.strong.digits - statement + 1
    if statement == 3:
        assert result.triples <= 5 * (1 if access == "query" else union.samples)


@given(st.data(), st.sampled_from(PROBLEMS), st.integers(0, 10**6), st.sampled_from([(1, 3), (2, 3)]))
@settings(max_examples=12, deadline=None)
def test_dense_noise_in_everything(data, problem, seed, size):
    """Data of an oracle that knows nothing of the class: A_n, y_kn and the minimisers are off in all entries."""
    union = OmegaUnion.create(
        problem, digits=3, rows=size[0], columns=size[1], samples=size[0] - 1, disguise=size[0] > 1
    )
    instance = data.draw(members(union))
    oracle = NoisyOracle(
        instance.exact_problem().matrix,
        [union.data(k) for k in range(1, union.samples + 1)],
        problem=problem,
        parameter=union.strong.parameter,
        seed=seed,
    )
    for statement in (2, 3):
        check(reach(union, instance, statement=statement, oracle=oracle))


@pytest.mark.slow
@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_sizes_and_digits(problem, size):
    for digits in (3, 4, 6, 12):
        union = OmegaUnion.create(problem, digits=digits, rows=size[0], columns=size[1], samples=min(size[0] - 1, 2))
        for where in (("strong", 0, 0), ("weak", 2, 4)):
            instance = input_of(union, where)
            check(reach(union, instance, statement=2))
            for data in (1, 2, 7):
                check(reach(union, instance, statement=3, data=data, access="stream"))


def test_many_columns():
    union = OmegaUnion.create("lasso", digits=6, rows=64, columns=127, samples=2)
    assert union.strong.ties == 64
    result = reach(union, input_of(union, ("weak", 64, 9)), statement=2)
    assert "member (64, q), q = 10, of the weak family" in check(result).statement.lines[-2]


# --- what a read leaves --------------------------------------------------------------------------------------------


@given(st.data(), unions, st.integers(1, 14), st.lists(st.integers(-9, 9), min_size=40, max_size=40))
@settings(max_examples=25, deadline=None)
def test_what_is_left_contains_everything_within_the_bound(data, union, n, noise):
    """By the definition: whoever has ‖A_n - A‖ <= 2^-n is left, whatever the approximation is."""
    assume(union.strong.columns <= 5)
    instance, omega = data.draw(members(union)), union.strong
    difference = zeros((omega.rows, omega.columns))
    for place, value in zip(range(difference.size), noise, strict=False):
        difference.flat[place] = fmpq(value, 40) * power_of_two(-n)
    matrix = instance.omega.matrix(instance.a, fmpq(int(float_root(instance.c2) * 2**20), 2**20)) + difference
    remaining, everyone = Remaining(union), []
    for family in union.families:
        everyone += [(family, 0, 0, family.tie())] if family.family == "strong" else []
        everyone += [
            (family, i, q, family.member(i=i, q=q))
            for i in range(1, omega.ties + 1)
            for q in range(family.q0, family.q0 + 18)
        ]
    own = [
        (family, i, q)
        for family, i, q, member in everyone
        if operator_norm_at_most(matrix - family.matrix(member.a, sqrt(member.c2)), power_of_two(-n))
    ]
    try:
        remaining.narrow(n, matrix)
    except DataError:
        assert own == []
        return
    for family, i, q in own:
        assert any(
            part.omega == family and part.index == i and part.least <= q and (part.most is None or q <= part.most)
            for part in remaining.left
        )


def float_root(value):
    return (int(value.p) / int(value.q)) ** 0.5


@given(st.data(), unions, st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_it_halts_as_the_theorem_says(data, union, seed):
    """Statement 2 with the samples of the default size, for which n_0 is 1: the family at once, the column at q + 6."""
    instance = data.draw(members(union))
    result = reach(union, instance, statement=2, oracle=NoisyInstanceOracle(instance, seed=seed), access="stream")
    bound = 1 if instance.omega.family == "strong" else result.exponent + 6
    assert result.reads[-1][0] <= bound
    # and one datum less would not have been enough
    before = Remaining(union)
    for n, matrix in result.reads[:-1]:
        before.narrow(n, matrix)
    assert before.error2(before.network()) > power_of_ten(-2 * result.digits)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_common_oracle_gets_the_centroid(problem):
    union = OmegaUnion.create(problem, digits=4, rows=3, columns=6)
    result = reach(union, union.strong.tie(), statement=2, oracle=CommonOracle(union.strong))
    assert set(result.network.first) == {union.strong.height(union.strong.alpha) / 4}
    assert [n for n, _ in result.reads] == [1]
    assert result.error2 < power_of_ten(-6) < 2 * union.strong.height(union.strong.alpha) ** 2 * 10**2


def test_a_small_alpha_needs_a_finer_datum():
    """ε close to 1 makes α small, so that at n = 1 the families look alike."""
    union = OmegaUnion.create("bpdn", digits=3, rows=2, columns=3, parameter="9999/10000", samples=1)
    assert union.strong.alpha < 1 and sufficient_precision(union) > 1
    for where in (("strong", 0, 0), ("strong", 1, 2), ("weak", 1, 2)):
        for statement in (2, 3):
            check(reach(union, input_of(union, where), statement=statement))
    with pytest.raises(BudgetError, match="which a stream reaches after"):
        reach(union, union.strong.tie(), statement=3, access="stream", data=1)
    check(reach(union, union.strong.tie(), statement=3, access="stream", data=sufficient_precision(union)))


FLAT = {"digits": 3, "rows": 2, "columns": 3, "parameter": "999/1000", "alpha": "1/2", "samples": [[5]]}


class FirstAnswer:
    """Answers n = 1 with another matrix than an honest oracle."""

    samples = 1

    def __init__(self, instance, rows):
        self.honest, self.rows = InstanceOracle(instance), exact_array(rows)

    def read(self, *, k, n):
        triple = self.honest.read(k=k, n=n)
        return triple if n > 1 else Triple(k=k, n=n, matrix=self.rows, data=triple.data, point=triple.point)


def test_an_answer_of_less_than_full_row_rank_is_refused_for_bpdn():
    """c is 0.04, so that 0 is within 2^-1 of A; but with it no y near the second sample is feasible."""
    union = OmegaUnion.create("bpdn", **FLAT)
    member = input_of(union, ("weak", 1, 0))
    honest = reach(union, member, statement=2)
    check(honest)
    with pytest.raises(DataError, match="less than full row rank"):
        reach(union, member, statement=2, oracle=FirstAnswer(member, [[0] * 3] * 2))
    check(reach(union, member, statement=2, oracle=FirstAnswer(member, [[0, 0, "1/4"], ["1/4", 0, 0]])))
    forged = json.loads(reads_certificate(honest))
    forged["claim"]["reads"][0][1] |= {"den": "0x1", "entries": []}
    report = verify_bytes(seal(forged))
    assert report.reason == "feasible: read 1, of precision 1, has less than full row rank"


def test_large_samples_need_a_finer_datum():
    union = OmegaUnion.create("lasso", digits=3, rows=3, columns=4, samples=[[10**7, -1], [0, "1/3"]])
    assert sufficient_precision(union) > 5
    for where in (("strong", 1, 3), ("weak", 2, 1)):
        for statement in (2, 3):
            check(reach(union, input_of(union, where), statement=statement))


@pytest.mark.parametrize("statement", [2, 3])
def test_samples_for_which_no_data_suffice_are_refused(statement):
    """1/c is bounded by roots of 64 bits: no precision of the data makes up for that."""
    union = OmegaUnion.create("sqrt-lasso", digits=3, rows=2, columns=3, samples=[[10**24]])
    with pytest.raises(UsageError, match="smaller ones"):
        reach(union, union.strong.tie(), statement=statement)


# --- the network and the samples -----------------------------------------------------------------------------------


@given(unions, st.data())
@settings(max_examples=30, deadline=None)
def test_the_layers_are_the_network(union, data):
    numbers = st.fractions(-100, 100, max_denominator=50).map(lambda x: fmpq(x.numerator, x.denominator))
    omega = union.strong
    first, y = zeros(omega.ties), zeros(omega.rows)
    first[:] = [data.draw(numbers) for _ in first]
    y[:] = [data.draw(numbers) for _ in y]
    gain = data.draw(numbers.filter(lambda x: x > 0))
    network = SoftNetwork(omega, first, gain)
    lead, *rest = omega.disguised(y)
    theta = {"bpdn": omega.parameter, "lasso": omega.parameter * gain / 2, "sqrt-lasso": fmpq(0)}[omega.problem]
    soft = [sign(t) * max(abs(t) - theta, fmpq(0)) for t in rest]
    assert list(network(y)) == [lead * z for z in first] + [gain * t for t in soft]
    assert network.relu.widths == (omega.rows, 2 * omega.rows, omega.columns)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("disguise", [False, True])
def test_the_samples_are_answered_validly(problem, disguise):
    """By the check that knows nothing of the class: the minimisers of y_k are what docs/reads.md says."""
    union = OmegaUnion.create(problem, digits=3, rows=3, columns=5, samples=3, disguise=disguise)
    for instance in (union.strong.tie(), union.weak.member(i=2, q=6)):
        problem_ = instance.exact_problem()
        truth = Input.create(
            problem_.matrix,
            [union.data(k) for k in range(1, 5)],
            problem=problem,
            parameter=union.strong.parameter,
        )
        for base in (InstanceOracle(instance), NoisyInstanceOracle(instance, seed=1)):
            oracle = SampledOracle(union, base)
            triples = [oracle.read(k=k, n=n) for k in range(1, 5) for n in (1, 9)]
            valid = check_training_data(truth, triples)
            assert len(valid.triples) == 8


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_distance_is_to_the_minimisers_of_the_sample(problem):
    union = OmegaUnion.create(problem, digits=3, rows=3, columns=6, samples=[[700, 0], [0, -300]])
    # d = 4 and c = 2 alpha for the tie
    tie, d = union.strong.tie(), 4
    for k in (2, 3):
        (lead, rest), c = union.parts(k), 2 * union.strong.alpha
        theta = {"bpdn": fmpq(1, 2), "lasso": fmpq(1, 4) / c, "sqrt-lasso": fmpq(0)}[problem]
        point = zeros(6)
        point[d:] = [sign(t) * (abs(t) - theta) / c if t else fmpq(0) for t in rest]
        point[0] = lead * tie.height
        assert union.distance2(tie, k, point) == 0
        point[5] += fmpq(1, 7)
        point[1] += fmpq(1, 9)
        assert union.distance2(tie, k, point) > fmpq(1, 49)


def test_without_reads():
    union = OmegaUnion.create("sqrt-lasso", digits=4, rows=3, columns=6)
    result = without_reads(union, digits=2)
    assert result.trivial and result.reads == ()
    report = verify_bytes(reads_certificate(result))
    assert report.verdict == "valid"
    assert "network that is 0 has 2 digits" in report.statement.lines[-1]
    with pytest.raises(UsageError, match="zero network"):
        without_reads(union, digits=3)
    with pytest.raises(UsageError, match="zero network"):
        without_reads(OmegaUnion.create("sqrt-lasso", digits=4, rows=3, columns=6, samples=1), digits=2)


@given(unions.filter(lambda union: union.extra))
@settings(max_examples=20, deadline=None)
def test_something_has_to_be_read(union):
    """The solutions of two members with one y are as far apart as the certificate says, by the distances themselves."""
    digits = union.strong.digits - 2
    assert verify_bytes(no_reads_certificate(union, digits=digits)).verdict == "valid"
    q = max(family.q0 for family in union.families)
    strong, weak = (family.member(i=1, q=q) for family in union.families)
    network = reach(union, strong, statement=2).network
    far = max(union.distance2(weak, k, network(union.data(k))) for k in range(2, union.samples + 1))
    assert far > 4 * power_of_ten(-2 * digits)


def test_too_small_samples_do_not_show_it():
    union = OmegaUnion.create("bpdn", digits=3, rows=2, columns=3, samples=[["1/2"]])
    with pytest.raises(UsageError, match="take larger ones"):
        no_reads_certificate(union, digits=1)
    assert reach_certificates(reach(union, union.strong.tie(), statement=3)).keys() == {"reads.cert.json"}
    with pytest.raises(UsageError, match="take larger ones"):
        no_reads_certificate(OmegaUnion.create("bpdn", digits=3, rows=2, columns=3), digits=1)


# --- the command ---------------------------------------------------------------------------------------------------

REACH = ("reads", "--problem", "sqrt-lasso", "--digits", "4", "--size", "3", "5")


def test_the_command_prints_and_writes_a_bundle(call, empty_directory):
    code, out, err = call(*REACH, "--family", "weak", "--member", "2", "9", "--noise", "3", "--disguise")
    assert code == 0 and err == ""
    assert "weak (2, q)" in out and "reached  3 digits" in out and "no algorithm reaches 4 digits" in out
    assert verify_path("sqrt-lasso-K4-reads").verdict == "valid"
    names = {path.name for path in (empty_directory / "sqrt-lasso-K4-reads").iterdir()}
    assert names == {"manifest.json", "no-reads.cert.json", "reads.cert.json"}
    code, out, _ = call(*REACH, "--statement", "3", "--size", "1", "3", "--out", "one-row")
    assert code == 0 and "(--samples, for m >= 2)" in out
    # again, over the bundle, with other certificates
    code, out, _ = call(*REACH, "--statement", "3", "--samples", "0")
    assert code == 0 and "the network that is 0 has 2 digits" in out
    names = {path.name for path in (empty_directory / "sqrt-lasso-K4-reads").iterdir()}
    assert names == {"manifest.json", "reads.cert.json", "zero-network.cert.json"}
    assert verify_path("sqrt-lasso-K4-reads").verdict == "valid"


def test_the_command_prints_json(call, empty_directory):
    code, out, err = call(*REACH, "--statement", "3", "--data", "2", "--access", "stream", "--json", "--out", "x")
    answer = json.loads(out)
    data = answer["result"]
    assert code == 0 and err == "" and out.count("\n") == 1
    assert data["digits_reached"] == 2 and data["precisions"] == [1] and data["triples"] == 3
    assert data["input"] == {"family": "strong", "index": 0, "exponent": 0}
    assert data["left"][0] == {"family": "strong", "index": 0, "least": 0, "most": 0}
    assert (answer["verdict"], answer["files"]) == ("reached", ["x"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--statement", "4"), "statements 2 and 3"),
        (("--data", "2"), "--data is for statement 3"),
        (("--statement", "3", "--data", "0"), "L must be"),
        (("--family", "weak"), "--member I Q"),
        (("--member", "9", "9"), "1 <= i <= 3"),
        (("--member", "1", "0"), "exponent q >="),
        (("--samples", "-1"), "count >= 0"),
        (("--digits", "2"), "K > 2"),
        (("--size", "1", "3", "--samples", "2"), "m >= 2"),
        (("--parameter", "nan"), "not a number"),
        (("--out", "taken"), "not a bundle"),
        (("--out", "missing/x"), "does not exist"),
        (("--noise", "x"), "noise"),
    ],
)
def test_bad_options_are_one_line(call, empty_directory, arguments, message):
    (empty_directory / "taken").mkdir()
    code, out, err = call(*REACH, *arguments)
    assert code == 2 and out == "" and message in err and err.count("\n") == 1
    assert [path.name for path in empty_directory.iterdir()] == ["taken"]


# --- bad input -----------------------------------------------------------------------------------------------------


def test_a_further_read_is_refused():
    union = OmegaUnion.create("lasso", digits=3, rows=3, columns=5)
    oracle = LimitedOracle(InstanceOracle(union.weak.member(i=1, q=9)), triples=1)
    data = QueryAccess(known_of(union), oracle)
    from_one_datum(data)
    with pytest.raises(BudgetError, match="1 datum was given"):
        data.read(2)
    # K - 1 digits are not to be had from three data of this input
    limited = LimitedOracle(InstanceOracle(union.weak.member(i=1, q=9)), triples=3)
    with pytest.raises(BudgetError, match="3 data were given"):
        until_known(StreamAccess(known_of(union), limited))


def test_data_of_no_member_are_refused():
    union = OmegaUnion.create("lasso", digits=3, rows=1, columns=3)
    other = OmegaClass.create("lasso", digits=3, rows=1, columns=3, alpha=600)
    with pytest.raises(DataError, match="no member of the class"):
        reach(union, union.strong.tie(), statement=2, oracle=InstanceOracle(other.tie()))
    with pytest.raises(DataError, match="from that of the input"):
        reach(union, union.strong.tie(), statement=3, oracle=InstanceOracle(union.weak.member(i=1, q=3)))
    with pytest.raises(ProtocolError, match="both families"):
        until_known(QueryAccess(known_of(union.strong), InstanceOracle(union.strong.tie())))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"samples": -1}, "count >= 0"),
        ({"samples": 10**7}, "take fewer"),
        ({"rows": 1, "samples": 1}, "m >= 2"),
        ({"rows": 1, "samples": [[]]}, "no extra samples for m = 1|rational entries"),
        ({"samples": [[0, 0]]}, "not all zero"),
        ({"samples": [[1, 2], [2, 1], [1, 2]]}, "are equal"),
        ({"samples": [[1, float("nan")]]}, "cannot be read"),
        ({"samples": [[1]]}, "cannot be read"),
        ({"problem": "bpdn", "samples": [[1, 2]]}, "one non-zero entry"),
        ({"parameter": 38, "samples": [[1, 2]]}, "smaller λ"),
        ({"digits": 1}, "K >= 2"),
        ({"columns": 5000}, "at most 4096 columns"),
        ({"alpha": 1}, "out of range"),
    ],
)
def test_classes_that_do_not_exist(arguments, message):
    create = {"problem": "sqrt-lasso", "digits": 3, "rows": 3, "columns": 5} | arguments
    with pytest.raises(UsageError, match=message):
        OmegaUnion.create(create.pop("problem"), **create)


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
@pytest.mark.parametrize("rows", [2, 3, 5, 9])
def test_chosen_samples_are_different(problem, rows):
    union = OmegaUnion.create(problem, digits=3, rows=rows, columns=11, samples=25)
    assert len({tuple(sample) for sample in union.extra}) == 25


def test_runs_that_do_not_exist():
    union = OmegaUnion.create("lasso", digits=3, rows=3, columns=5)
    tie = union.strong.tie()
    for arguments, message in (
        ({"statement": 1}, "statements 2 and 3"),
        ({"statement": 3, "data": 0}, "L must be"),
        ({"statement": 2, "access": "batch"}, "access model"),
    ):
        with pytest.raises(UsageError, match=message):
            reach(union, tie, **arguments)
    with pytest.raises(UsageError, match="K > 2"):
        two = OmegaUnion.create("lasso", digits=2, rows=3, columns=5)
        reach(two, two.strong.tie(), statement=2)
    with pytest.raises(UsageError, match="member of one of the families"):
        reach(union, OmegaClass.create("lasso", digits=4, rows=3, columns=5).tie(), statement=2)
    with pytest.raises(UsageError, match="strong family"):
        OmegaUnion(union.weak)


def test_the_certificate_holds_what_was_read():
    union = OmegaUnion.create("sqrt-lasso", digits=3, rows=2, columns=3, samples=1)
    result = reach(union, union.weak.member(i=2, q=5), statement=2, access="stream")
    claim = json.loads(reads_certificate(result))["claim"]
    assert [n for n, _ in claim["reads"]] == [hex(n) for n in range(1, len(result.reads) + 1)]
    assert result.triples == 2 * len(result.reads)
    assert norm2(result.network.first) > 0 and claim["gain"] is not None
