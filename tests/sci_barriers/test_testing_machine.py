"""The state machine of reads: it passes what is right, and each fault it watches for is found."""

import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from exact_base.rationals import power_of_two
from sci_barriers import SolverError, sequential_algorithm
from sci_barriers.data.oracles import HonestOracle
from sci_barriers.data.structured import InstanceOracle
from sci_barriers.data.training_data import Triple
from sci_barriers.testing import ExactOracle, class_problems, known_problems, reading_machine, well_posed

RIGHT = settings(max_examples=25, stateful_step_count=8, deadline=None)
SEARCH = settings(
    max_examples=200,
    stateful_step_count=8,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@sequential_algorithm
def patient(data):
    """Read ever finer data until one column is left, but give up at precision 60."""
    for n in range(1, 61):
        point = data.read_to(n).point
        if sum(1 for entry in point if entry) == 1:
            break
    return point


def test_the_oracles_of_this_package_pass():
    run_state_machine_as_test(reading_machine(), settings=RIGHT)
    run_state_machine_as_test(reading_machine(access="stream"), settings=RIGHT)


@pytest.mark.slow_but("query-3")
@pytest.mark.parametrize(("access", "examples"), [("query", 3), ("query", 25), ("stream", 25)])
def test_an_adaptive_algorithm_passes(access, examples):
    drawn = settings(RIGHT, max_examples=examples)
    machine = reading_machine(
        patient,
        problems=class_problems("lasso"),
        oracle=lambda known: InstanceOracle(known.instance),
        access=access,
    )
    run_state_machine_as_test(machine, settings=drawn)
    promised = reading_machine("memoriser", problems=well_posed(), oracle=ExactOracle, digits=9, access=access)
    run_state_machine_as_test(promised, settings=drawn)


class Changed:
    """An exact oracle with one fault."""

    samples = 1

    def __init__(self, known, change):
        self.oracle, self.change, self.calls = ExactOracle(known), change, 0

    def read(self, *, k, n):
        self.calls += 1
        triple = self.oracle.read(k=k, n=n)
        return self.change(triple, self.calls)


def shifted(triple, *, matrix=0, data=0, point=0, k=0):
    def moved(array, by):
        result = array.copy()
        result.flat[0] = result.flat[0] + by
        return result

    return Triple(
        k=triple.k + k,
        n=triple.n,
        matrix=moved(triple.matrix, matrix),
        data=moved(triple.data, data),
        point=moved(triple.point, point),
    )


def bound(triple):
    return power_of_two(-triple.n)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t, _: shifted(t, data=2 * bound(t)), "‖y_kn - y_k‖"),
        (lambda t, _: shifted(t, matrix=2 * bound(t)), "‖A_n - A‖"),
        (lambda t, _: shifted(t, point=2 * bound(t)), "dist"),
        (lambda t, calls: shifted(t, point=bound(t) / calls), "two ways"),
        (lambda t, _: shifted(t, k=1), "answered"),
        (lambda t, calls: t if t.n < 20 else shifted(t, point=fmpq(1)), "dist"),
    ],
)
def test_each_fault_of_an_oracle_is_found(change, message):
    machine = reading_machine(problems=well_posed("lasso"), oracle=lambda known: Changed(known, change))
    with pytest.raises(AssertionError, match=message):
        run_state_machine_as_test(machine, settings=SEARCH)


def test_a_fault_that_the_algorithm_swallows_is_found():
    @sequential_algorithm
    def careless(data):
        try:
            return data.read(30).point
        except AssertionError:
            return [0] * data.known.columns

    machine = reading_machine(
        careless,
        problems=well_posed("lasso"),
        oracle=lambda known: Changed(known, lambda t, _: t if t.n < 30 else shifted(t, point=fmpq(1))),
    )
    with pytest.raises(AssertionError, match="dist"):
        run_state_machine_as_test(machine, settings=SEARCH)


def remember():
    calls = []

    @sequential_algorithm
    def reads_more_each_time(data):
        calls.append(None)
        for n in range(1, 2 + len(calls)):
            point = data.read(n).point
        return point

    return reads_more_each_time


def waver():
    calls = []

    @sequential_algorithm
    def answers_otherwise(data):
        calls.append(None)
        return data.read(1).point * fmpq(len(calls))

    return answers_otherwise


@sequential_algorithm
def raises(data):
    data.read(3)
    raise ValueError("no")


@pytest.mark.parametrize(
    ("algorithm", "digits", "message"),
    [
        (remember(), None, "on the same data it read"),
        (waver(), None, "on the same data it answered"),
        (raises, None, "ValueError: no"),
        (raises, 1, "ValueError: no"),
        (sequential_algorithm(lambda data: [0] * data.known.columns), 3, "does not reach 3 digits"),
    ],
)
def test_each_fault_of_an_algorithm_is_found(algorithm, digits, message):
    machine = reading_machine(algorithm, problems=well_posed("lasso"), oracle=ExactOracle, digits=digits)
    with pytest.raises(AssertionError, match=message):
        run_state_machine_as_test(machine, settings=SEARCH)


def test_an_oracle_without_an_answer_is_no_fault():
    class Silent:
        samples = 1

        def __init__(self, known):
            self.oracle = ExactOracle(known)

        def read(self, *, k, n):
            if n < 20:
                raise SolverError("no feasible point")
            return self.oracle.read(k=k, n=n)

    machine = reading_machine("memoriser", problems=well_posed("bpdn"), oracle=Silent, precision=10)
    run_state_machine_as_test(machine, settings=RIGHT)


@pytest.mark.slow
def test_honest_oracles_by_hand():
    def honest(known):
        p = known.problem
        return HonestOracle(p.matrix, [p.data], problem=p.name, parameter=p.parameter, weights=p.weights)

    rational = known_problems("lasso", complex_=False).filter(lambda known: known.problem.is_rational)
    machine = reading_machine("memoriser", problems=rational, oracle=honest)
    run_state_machine_as_test(machine, settings=RIGHT)
