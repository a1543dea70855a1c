"""What `--json` prints, of every command and of every error: one object (docs/format.md, "Answers in JSON")."""

from __future__ import annotations

import json
from typing import Any

FORMAT = "sci-barriers-answer"
VERSION = 1


def answer(command: str, verdict: str | None, result: dict[str, Any]) -> str:
    """Return the answer of a command that has one."""
    return _text(command, verdict, result, None)


def failure(command: str, message: str, exit_code: int) -> str:
    """Return the answer of a command that has none, and why."""
    return _text(command, None, None, {"message": message, "exit_code": exit_code})


def _text(command: str, verdict: str | None, result: dict[str, Any] | None, error: dict[str, Any] | None) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "command": command,
            "verdict": verdict,
            "files": [],  # the commands of the checker write none
            "result": result,
            "error": error,
        }
    )
