"""Where each solver stops being right: every solver, problem, K and size of perturbation. See docs/survey.md."""

from sci_barriers.survey.cells import VERDICTS, Cell, Outcome, run_cell
from sci_barriers.survey.ledger import Ledger
from sci_barriers.survey.plan import plan

__all__ = ["VERDICTS", "Cell", "Ledger", "Outcome", "plan", "run_cell"]
