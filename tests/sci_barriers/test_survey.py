"""The survey: verdicts decided exactly, a ledger that loses nothing, and reports that say what happened."""

import contextlib
import importlib.util
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq

from exact_base.rationals import power_of_ten
from sci_barriers import Candidate, DataError, UsageError, load_candidate, sequential_algorithm
from sci_barriers.players.running import Run
from sci_barriers.survey import cells
from sci_barriers.survey.cells import VERDICTS, judge, run_cell
from sci_barriers.survey.ledger import Ledger
from sci_barriers.survey.plan import plan
from sci_barriers.survey.report import document, html, markdown
from sci_barriers.survey.versions import versions_of

pytestmark = pytest.mark.usefixtures("empty_directory")

SMALL = {"rows": 2, "columns": 3}
SURVEY = ("survey", "exact", "memoriser", "--problem", "lasso", "--digits", "3", "--precisions", "10,50")


def member(n=10, order=1, solver="exact", digits=3, problem="lasso"):
    (cell,) = [
        cell
        for cell in plan(solvers=[solver], problems=[problem], digits=[digits], precisions=[n], orders=[order], **SMALL)
        if cell.kind == "member"
    ]
    return cell


def answering(answer):
    """A player that answers with a function of the cell's instance."""
    return Candidate("stub", sequential_algorithm(lambda data: answer()))


def off_by(cell, distance):
    """The answer that is exactly this far from the minimiser."""
    point = cell.omega.member(i=cell.order, q=cell.n).centroid()
    point[2 - cell.order] += distance
    return point


# --- verdicts --------------------------------------------------------------------------------------


def test_right_means_right_to_two_relative_digits_and_not_a_hair_more():
    cell = member()
    # two relative digits are the narrower of the two: the minimiser is about 1.5·10^-3 long
    edge = cell.omega.member(i=cell.order, q=cell.n).height * power_of_ten(-2)
    assert edge < power_of_ten(-3)
    assert judge(cell, answering(lambda: off_by(cell, edge)))["verdict"] == "right"
    assert judge(cell, answering(lambda: off_by(cell, edge + power_of_ten(-200))))["verdict"] == "silently wrong"
    assert judge(cell, answering(lambda: off_by(cell, power_of_ten(-3))))["verdict"] == "silently wrong"


def test_a_wrong_answer_with_a_warning_is_warned():
    cell = member()

    def doubtful():
        warnings.warn("not sure", stacklevel=1)
        return np.zeros(3)

    outcome = judge(cell, answering(doubtful))
    assert outcome["verdict"] == "warned" and outcome["warnings"] == ["UserWarning: not sure"]


@pytest.mark.parametrize(("n", "verdict"), [(33, "silently wrong"), (34, "float64-blind")])
def test_float64_blind_begins_where_float64_holds_one_number(n, verdict):
    cell = member(n=n, digits=6)
    alpha = cell.omega.alpha
    raised = alpha + fmpq(1, 2**n)
    as_float = [int(v.p) / int(v.q) for v in (alpha, raised)]
    assert (as_float[0] == as_float[1]) == (verdict == "float64-blind")
    outcome = judge(cell, answering(lambda: np.zeros(3)))
    assert outcome["verdict"] == verdict
    assert outcome["float64_separates"] == (verdict == "silently wrong")


def test_no_answer_is_failed_with_the_reason():
    outcome = judge(member(), answering(lambda: [float("nan")] * 3))
    assert outcome["verdict"] == "failed" and "got nan" in outcome["reason"] and outcome["status"] == "unusable"
    assert "distance" not in outcome


@pytest.mark.parametrize("problem", ["lasso", "sqrt-lasso", "bpdn"])
@pytest.mark.parametrize("digits", [1, 3, 6])
@pytest.mark.parametrize("order", [1, 2])
def test_the_data_determine_the_answer(problem, digits, order):
    """Exact arithmetic is right on every member, however close the columns; so every cell can be won."""
    for n in (10, 50, 100):
        cell = member(n=n, order=order, digits=digits, problem=problem)
        outcome = judge(cell, load_candidate("exact", problem=problem))
        assert outcome["verdict"] == "right" and outcome["support"] == [order]
        outcome = judge(cell, load_candidate("memoriser", problem=problem))
        assert outcome["verdict"] == "right" and outcome["distance"] == "0" and outcome["relative_digits"] == "all"
        assert outcome["objective_excess"] == "0"


def test_the_measures_are_exact():
    cell = member()
    distance = fmpq(1, 128)
    outcome = judge(cell, answering(lambda: off_by(cell, distance)))
    assert outcome["distance_squared"] == str(distance**2) and outcome["distance"] == "0.007812"
    assert outcome["relative_digits"] == -1


def test_control_and_game_keep_their_own_words():
    chosen = plan(solvers=["exact"], problems=["lasso"], digits=[3], precisions=[10], **SMALL)
    found = {cell.kind: judge(cell, load_candidate("exact", problem="lasso")) for cell in chosen}
    assert found["control"]["verdict"] == "ok"
    assert found["game"]["verdict"] == "barrier" and found["game"]["exponent"] == 60
    assert {outcome["verdict"] for outcome in found.values()} <= set(VERDICTS)


def test_what_cannot_be_judged_is_undecided(monkeypatch):
    def broken(cell, player, *, objective):
        raise DataError("this should not happen")

    monkeypatch.setattr(cells, "judge", broken)
    assert run_cell(member()) == {"verdict": "undecided", "reason": "this should not happen"}


def test_a_solver_that_cannot_be_loaded_has_failed(empty_directory):
    (empty_directory / "fine.py").write_text("def solve(A, y, lam): return [0.0] * A.shape[1]\n")
    cell = replace(member(), solver="fine.py:missing", scaling="half", versions=versions_of("fine.py:missing"))
    outcome = run_cell(cell)
    assert outcome["verdict"] == "failed" and outcome["status"] == "not loaded" and "missing" in outcome["reason"]
    assert run_cell(cell) == outcome


def test_a_cell_is_not_run_with_other_versions():
    with pytest.raises(UsageError, match=r"with numpy 0\.1, but here is sci-barriers"):
        run_cell(replace(member(), versions="numpy 0.1"))


# --- the plan --------------------------------------------------------------------------------------


def test_the_plan_covers_everything_once():
    chosen = plan(digits=[1, 3], precisions=[10, 20, 30])
    assert len({cell.key for cell in chosen}) == len(chosen)
    pairs = {(cell.solver, cell.problem) for cell in chosen}
    per_solver = {pair: [cell for cell in chosen if (cell.solver, cell.problem) == pair] for pair in pairs}
    assert {len(found) for found in per_solver.values()} == {2 * (2 + 2 * 3)}
    assert {("exact", "bpdn"), ("ista", "lasso"), ("chambolle-pock", "sqrt-lasso")} <= set(per_solver)
    assert ("ista", "bpdn") not in per_solver


@pytest.mark.parametrize(("n", "precision"), [(10, 60), (40, 60), (50, 70), (1000, 1020)])
def test_the_solver_reads_beyond_the_difference(n, precision):
    assert member(n=n).precision == precision


def test_every_input_is_in_the_key():
    cell = member()
    other = {"solver": "ista", "n": 11, "order": 2, "versions": "", "seconds": 1.0, "rows": 1, "scaling": "half"}
    keys = {cell.key, *(replace(cell, **{name: value}).key for name, value in other.items())}
    assert len(keys) == 1 + len(other)


def test_the_source_of_an_unregistered_solver_counts(empty_directory):
    file = empty_directory / "mine.py"
    file.write_text("a = 1\n")
    before = versions_of("mine.py:a")
    versions_of.cache_clear()
    file.write_text("a = 2\n")
    assert versions_of("mine.py:a") != before
    assert re.search(r"python 3\.\d+\.\d+.*numpy \d.*source [0-9a-f]{16}$", before)
    assert "scikit-learn" in versions_of("sklearn-lasso")


# --- the ledger ------------------------------------------------------------------------------------


def test_the_ledger_keeps_and_forgets(empty_directory):
    path = empty_directory / "ledger.sqlite"
    one, two = member(n=10), member(n=20)
    with Ledger(path) as ledger:
        ledger.add(two, {"verdict": "right", "reason": ""})
        ledger.add(one, {"verdict": "failed", "reason": ""})
        ledger.add(one, {"verdict": "right", "reason": "é\ud800"})
    with Ledger(path) as ledger:
        found = ledger.outcomes([one, two, member(n=30)])
        assert list(found) == [one, two] and found[one]["reason"] == "é\ud800"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found[one]["finished"])
    with Ledger(path, fresh=True) as ledger:
        assert ledger.outcomes([one, two]) == {}


GOOD = {"verdict": "right", "reason": "", "warnings": ["x"], "solver_status": {"a": "b"}}


@pytest.mark.parametrize(
    "outcome",
    [
        *("[]", "null", "7", '"right"', "{}", "{", "", "[" * 100_000, "9" * 5000, None, b"\xff", 1.5),
        *(json.dumps(GOOD | change) for change in ({"verdict": "fine"}, {"verdict": ["right"]}, {"reason": None})),
        *(
            json.dumps(GOOD | change)
            for change in ({"warnings": "x"}, {"notes": [1]}, {"solver_status": [], "took": 1})
        ),
    ],
)
def test_an_outcome_that_is_none_is_one_line(call, outcome):
    path = Path("survey") / "ledger.sqlite"
    path.parent.mkdir()
    cell = member()
    with Ledger(path) as ledger:
        ledger.add(cell, GOOD)
        assert ledger.outcomes([cell])[cell]["verdict"] == "right"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("alter table cells rename to old")
        connection.execute("create table cells (key, inputs, outcome, finished)")
        connection.execute("insert into cells select * from old")
        connection.execute("update cells set outcome = ?", (outcome,))
    cells = ("--digits", "3", "--precisions", "10", "--orders", "1", "--size", "2", "3")
    code, out, err = call("survey", "exact", "--problem", "lasso", *cells)
    assert code == 2 and out == "" and err.count("\n") == 1
    assert "cannot read the ledger survey/ledger.sqlite" in err and "--fresh-ledger" in err


def test_a_ledger_that_cannot_be_removed_is_one_line(empty_directory):
    (empty_directory / "ledger.sqlite").mkdir()
    with pytest.raises(UsageError, match="cannot remove the ledger"):
        Ledger(empty_directory / "ledger.sqlite", fresh=True)


@pytest.mark.parametrize("content", [b"not a database" * 100, None])
def test_something_else_is_no_ledger(empty_directory, content):
    path = empty_directory / "ledger.sqlite"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("pragma user_version = 9")
        connection.close()
    else:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="--fresh-ledger"):
        Ledger(path)
    Ledger(path, fresh=True).__exit__(None, None, None)


ENDLESS = "with recursive t(n) as (select 1 union all select n + 1 from t) select n, n, n, n from t where n < 0"


@pytest.mark.parametrize(
    "hostile",
    [
        f"create view cells (key, inputs, outcome, finished) as {ENDLESS}",
        "create table cells (key, inputs, outcome, finished);"
        f"create trigger more after insert on cells begin insert into cells {ENDLESS}; end",
    ],
)
def test_a_ledger_that_runs_queries_is_none(empty_directory, hostile):
    path = empty_directory / "ledger.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(hostile)
    with pytest.raises(UsageError, match="views or triggers"):
        Ledger(path)


# --- the command -----------------------------------------------------------------------------------


def test_a_survey_from_end_to_end(call, empty_directory):
    code, out, err = call(*SURVEY, "--size", "2", "3")
    assert code == 0 and err == ""
    assert "✓ ✓" in out and "survey/survey.html" in out and "barrier" in out
    names = {"ledger.sqlite", "survey.json", "survey.md", "survey.html"}
    assert set(os.listdir("survey")) == names
    data = json.loads(Path("survey/survey.json").read_text(encoding="utf-8"))
    assert [cell["verdict"] for cell in data["cells"]] == ["ok", "barrier", *["right"] * 4] * 2
    assert data["cells"][0]["command"].startswith("sci-barriers challenge exact --problem lasso --digits 3 --size 2 3")
    # again: nothing is run, and the reports are the same
    before = {name: (empty_directory / "survey" / name).read_bytes() for name in names - {"ledger.sqlite"}}
    assert call(*SURVEY, "--size", "2", "3")[0] == 0
    assert before == {name: (empty_directory / "survey" / name).read_bytes() for name in before}
    # the command of a cell repeats it
    cell = data["cells"][-1]
    assert call(*cell["command"].split()[1:], "--json")[0] == 0
    repeated = json.loads(Path("one-cell/survey.json").read_text(encoding="utf-8"))["cells"]
    ours = {"took", "finished"}
    assert {k: v for k, v in repeated[-1].items() if k not in ours} == {k: v for k, v in cell.items() if k not in ours}


@pytest.mark.slow
def test_json_is_one_object_and_nothing_else(call, empty_directory):
    (empty_directory / "slow.py").write_text("import time\ndef solve(A, y, lam): time.sleep(60)\n")
    command = ("survey", "slow.py:solve", "--scaling", "half", "--problem", "lasso", "--digits", "1", "--json")
    code, out, err = call(*command, "--precisions", "10", "--orders", "2", "--size", "1", "2", "--time-limit", "2")
    data = json.loads(out)["result"]
    assert code == 0 and err == "" and out.count("\n") == 1
    assert {cell["verdict"] for cell in data["cells"]} == {"failed"} and len(data["cells"]) == 3
    assert {cell["status"] for cell in data["cells"]} == {"timed out"}
    assert data["cells"][-1]["command"].endswith(
        "--precisions 10 --orders 2 --size 1 2 --time-limit 2 --scaling half --out one-cell --fresh-ledger"
    )


@pytest.mark.slow_for("arguments13-no Dask scheduler can be reached at nonsense")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--digits", "1,x"), "--digits must be integers"),
        (("--digits", ""), "--digits must be integers"),
        (("--precisions", "0,10"), "--precisions must be positive"),
        (("--orders", "3"), "1 <= i <= 2"),
        (("--size", "3", "3"), "1 <= m < N"),
        (("--jobs", "0"), "--jobs"),
        (("--time-limit", "0"), "time limit"),
        (("--problem", "ridge"), "ridge"),
        (("ista", "--problem", "bpdn"), "ista does not solve bpdn"),
        (("nobody",), "unknown solver 'nobody'"),
        (("gone.py:solve", "--scaling", "half"), "there is no file gone.py"),
        (("exact", "--out", "no/where"), "does not exist"),
        (("exact", "--out", "."), "was not written by an earlier run"),
        (("exact", "--scheduler", "nonsense"), "no Dask scheduler can be reached at nonsense"),
    ],
)
def test_usage_errors_are_one_line(call, arguments, message):
    Path("survey.md").touch()
    if "--scheduler" in arguments:
        pytest.importorskip("distributed")
    code, out, err = call("survey", *arguments)
    assert code == 2 and out == "" and err.count("\n") == 1 and message in err


def test_without_dask_it_says_what_to_install(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = call(*SURVEY, "--scheduler", "tcp://127.0.0.1:1")
    assert code == 2 and "pip install 'sci-barriers[distributed]'" in err


def test_undecided_exits_3(call, monkeypatch):
    undecided = ((cell, {"verdict": "undecided", "reason": "x"}) for cell in [member(n=10), member(n=50)])
    monkeypatch.setattr("sci_barriers.commands.survey.run_here", lambda left, jobs: undecided)
    command = [*SURVEY[:1], "exact", *SURVEY[3:]]
    assert call(*command, "--size", "2", "3")[0] == 3


# --- the reports -----------------------------------------------------------------------------------


def test_hostile_text_stays_text():
    cell = replace(member(), solver="</script><b>|`x`")
    data = document({cell: {"verdict": "failed", "reason": "<img src=x onerror=alert(1)> | \ud800"}})
    page = html(data)
    assert page.count("</script>") == html({**data, "cells": []}).count("</script>")
    assert "<img" not in page and "<b>" not in page
    text = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL).group(1)
    assert json.loads(text)["cells"][0]["reason"] == data["cells"][0]["reason"]
    table = markdown({cell: {"verdict": "failed", "reason": "a|b"}})
    assert r"\</script\>\<b\>\|\`x\`" in table and r"a\|b" in table
    assert data["cells"][0]["command"].startswith("sci-barriers survey '</script><b>|`x`' ")


def test_the_page_asks_for_nothing():
    page = html(document({}))
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|src=|href=|@import|url\(", page)


def test_every_verdict_has_a_glyph_and_a_style():
    page = html(document({}))
    for word in VERDICTS:
        assert document({})["verdicts"][word]["glyph"]
        assert f".{word.replace(' ', '-')}" in page


# --- interruptions ---------------------------------------------------------------------------------

SLOW = "import time\ndef solve(A, y, lam):\n    time.sleep(0.3)\n    return [0.0] * A.shape[1]\n"
COMMAND = (
    *("survey", "slow.py:solve", "--scaling", "half", "--problem", "lasso", "--size", "1", "2"),
    *("--digits", "1,2", "--precisions", "10,20,30"),
)
CELLS = 2 * (2 + 2 * 3)


@pytest.fixture
def start(root, monkeypatch):
    """A function that starts a survey of its own; whatever is left at the end is ended."""
    monkeypatch.setenv("PYTHONPATH", str(root))
    Path("slow.py").write_text(SLOW)
    command = [sys.executable, "-m", "sci_barriers", *COMMAND]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with contextlib.ExitStack() as started:

        def begin():
            survey = started.enter_context(subprocess.Popen(command, start_new_session=True, **pipes))
            started.callback(survey.kill)
            return survey

        yield begin


def rows():
    """What a stranger reads in the ledger: the finished cells, or none while there is no ledger."""
    try:
        with sqlite3.connect("file:survey/ledger.sqlite?mode=ro", uri=True) as connection:
            found = dict(connection.execute("select key, finished || outcome from cells"))
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        connection.close()
    except sqlite3.OperationalError:
        return {}
    return found


def descendants(pid):
    """The processes below one, by their parents."""
    parents = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_what_is_finished_survives_and_the_rest_is_done_later(start, number):
    survey = start()
    wait_for(lambda: len(rows()) >= 3)
    below = descendants(survey.pid)
    assert len(below) >= 2
    survey.send_signal(number)
    _, err = survey.communicate(timeout=20)
    if number == signal.SIGINT:
        assert survey.returncode == 130 and err == "sci-barriers: interrupted\n"
    wait_for(lambda: not any(map(running, below)))
    before = rows()
    assert 3 <= len(before) < CELLS
    again = start()
    _, err = again.communicate(timeout=60)
    assert again.returncode == 0 and err == ""
    after = rows()
    assert len(after) == CELLS and before.items() <= after.items()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_lost_process_is_an_error_that_tells_to_go_on(start):
    survey = start()
    wait_for(lambda: len(rows()) >= 2)
    children = [pid for pid in descendants(survey.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(children[0], signal.SIGKILL)
    _, err = survey.communicate(timeout=30)
    assert survey.returncode == 2 and "the same command goes on from there" in err and err.count("\n") == 1


# --- Dask ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # its own, about this machine
@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="needs the extra distributed")
def test_a_dask_cluster_finds_the_same(call):
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
        command = (*SURVEY, "--size", "2", "3")
        assert call(*command, "--out", "there", "--scheduler", cluster.scheduler_address)[0] == 0
    assert call(*command, "--out", "here")[0] == 0
    found = {}
    for place in ("there", "here"):
        found[place] = json.loads(Path(place, "survey.json").read_text(encoding="utf-8"))["cells"]
        for cell in found[place]:
            del cell["took"], cell["finished"]
    assert found["there"] == found["here"]


def test_a_run_is_what_the_isolation_returns():
    """The verdict uses the output and the silence of a run, and nothing else."""
    cell = member()

    class Player:
        name, versions, conditions = "stub", "", {}

        def run(self, data):
            return Run(off_by(cell, fmpq(1)), "", reported={"status": "optimal_inaccurate"})

    outcome = judge(cell, Player())
    assert outcome["verdict"] == "warned" and not outcome["quiet"]
