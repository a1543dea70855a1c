"""The command in a process of its own, what it says where it refuses, and the files that it is tried on."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.proofs_checks.cases import barrier, control, gap, minimiser, training_data

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "minimiser": minimiser.LASSO_ROOT,
    "gap": gap.LASSO,
    "training-data": training_data.TWO,
    "barrier": barrier.CENTROID,
    "control": control.OK,
    "inaccurate": control.EDGE_INACCURATE,
    "invalid": minimiser.REJECT["bpdn-wrong-side"][1],
    "malformed": b"\x00\x01",
}


def process(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "proofs_checks", *arguments],
        capture_output=True,
        env=environment,
        check=False,
        **options,
    )


def refused(command, *arguments):
    """What a usage error says, of which nothing else is printed."""
    code, out, err = command(*arguments)
    assert code == 2
    if "--json" not in arguments:
        assert out == "" and err.count("\n") == 1
        return err
    found = json.loads(out)
    assert (found["verdict"], found["result"], found["error"]["exit_code"], err) == (None, None, 2, "")
    return found["error"]["message"]
