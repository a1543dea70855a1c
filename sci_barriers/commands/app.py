"""The program `sci-barriers`: challenge solvers, certify what can and cannot be computed, replay a certificate.

Exit codes: 0 done, 1 a replay differs or the verdict is not a required one, 2 usage, 3 undecided, 4 malformed file.
"""

from __future__ import annotations

from typing import NoReturn

from exact_base.terminal import add_command, application, run_program
from sci_barriers.checks.findings import VERDICTS as CHECK_VERDICTS
from sci_barriers.checks.paths import VERDICTS as PATH_VERDICTS
from sci_barriers.checks.supports import VERDICTS as SUPPORT_VERDICTS
from sci_barriers.commands.audit_claims import VERDICTS, audit_claims_command
from sci_barriers.commands.breakdown import breakdown_command
from sci_barriers.commands.budget import budget_command
from sci_barriers.commands.challenge import challenge_command
from sci_barriers.commands.check import check_command
from sci_barriers.commands.doctor import doctor_command
from sci_barriers.commands.network_exists import network_exists_command
from sci_barriers.commands.path import path_command
from sci_barriers.commands.randomised import randomised_command
from sci_barriers.commands.reads import reads_command
from sci_barriers.commands.replay import replay_command
from sci_barriers.commands.solvers import solvers_command
from sci_barriers.commands.support import support_command
from sci_barriers.commands.survey import survey_command
from sci_barriers.commands.table1 import table1_command
from sci_barriers.commands.theorem2 import theorem2_command

__all__ = ["app", "main"]

app = application(
    "sci-barriers",
    about="Certify what no algorithm can compute to K digits. Exit codes: 0 done; 1 a replay differs, or the "
    "verdict is not one that --require names; 2 usage; 3 undecided; 4 malformed file; 130 interrupted; 141 nobody "
    "reads.",
)
add_command(app, "check", check_command, verdicts=CHECK_VERDICTS)
add_command(app, "path", path_command, verdicts=PATH_VERDICTS)
add_command(app, "support", support_command, verdicts=SUPPORT_VERDICTS)
add_command(app, "challenge", challenge_command, verdicts=("barrier", "undecided"))
add_command(app, "solvers", solvers_command)
add_command(app, "replay", replay_command, verdicts=("same", "different", "undecided"))
add_command(app, "table1", table1_command, verdicts=VERDICTS)
add_command(app, "audit-claims", audit_claims_command, verdicts=VERDICTS)
add_command(app, "survey", survey_command, verdicts=("decided", "undecided"))
add_command(app, "network-exists", network_exists_command, old="exists")
add_command(app, "reads", reads_command, verdicts=("reached", "undecided"), old="reach")
add_command(app, "budget", budget_command, verdicts=("barrier", "undecided"))
add_command(app, "breakdown", breakdown_command)
add_command(app, "randomised", randomised_command, verdicts=("barrier", "evidence", "undecided"))
add_command(app, "theorem2", theorem2_command, verdicts=("certified", "undecided"))
add_command(app, "doctor", doctor_command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    run_program(app, "sci-barriers", arguments)


if __name__ == "__main__":
    main()
