"""The command `proofs-checks`: verify certificates and bundles, or show what they say."""

from __future__ import annotations

import argparse
import errno
import math
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import takewhile
from typing import Any, NoReturn

from proofs_checks import __version__
from proofs_checks.answers import answer, failure
from proofs_checks.certificate.arrays import with_files
from proofs_checks.certificate.reading import VERSION, MalformedCertificate, parse, printable
from proofs_checks.checker.core.rules import OutOfTime, limited
from proofs_checks.checker.core.verify import EXIT_CODES, NO_MEMORY, TIME_LIMIT, Report, worst
from proofs_checks.checking import limited_memory, report, tasks
from proofs_checks.explain import explain
from proofs_checks.processes import outcomes
from proofs_checks.sources import Loose, NothingToCheck, Source, certificates, source

_REFUSED = 1
_USAGE = 2
_INTERRUPTED = 130
_CLOSED = 141
_MOST_JOBS = 256


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code (docs/format.md, "Verdicts and exit codes")."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if argv is None else list(argv)
    as_json = "--json" in takewhile(lambda argument: argument != "--", given)
    command = "proofs-checks"
    try:
        arguments = _parser().parse_args(given)
        command = arguments.command
        return int(arguments.run(arguments))
    except _Wrong as error:
        return _failed(error.command, f"{error}; see {error.command} --help", _USAGE, as_json)
    except _Closed:
        return _CLOSED
    except _NoOutput as error:
        return _failed(command, f"cannot write the output: {error}", _USAGE, as_json=False)
    except NothingToCheck as error:
        return _failed(command, str(error), _USAGE, as_json)
    except OSError as error:
        name = os.fsdecode(error.filename or "")
        return _failed(command, f"cannot read {name or repr(name)}: {error.strerror or error}", _USAGE, as_json)
    except KeyboardInterrupt:
        return _failed(command, "interrupted", _INTERRUPTED, as_json)


class _Wrong(Exception):
    """The arguments are not those of a command."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(message)
        self.command = command


class _NoOutput(Exception):
    """What was found out could not be written."""


class _Closed(Exception):
    """Nobody reads the output any more."""


def _failed(command: str, message: str, exit_code: int, as_json: bool) -> int:
    """Say in one line, or in one object, why there is no verdict."""
    line = printable(message)
    if as_json:
        try:
            _print([failure(command, line, exit_code)])
        except _Closed:
            return _CLOSED
        except _NoOutput:
            as_json = False
    if not as_json and sys.stderr is not None:
        print(f"proofs-checks: {line}", file=sys.stderr)
    return exit_code


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all errors of this project."""

    def error(self, message: str) -> NoReturn:
        raise _Wrong(self.prog, message)

    def _print_message(self, message: str, file: object = None) -> None:
        """Print help or a version, of which argparse would not say that nobody can read it."""
        _print(message.splitlines())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="proofs-checks",
        description="Check certificates, and print what they prove.",
        epilog=(
            "Exit codes: 0 valid, 1 invalid, 2 usage, 3 undecided, 4 malformed, the worst of several; 130 interrupted; "
            "141 nobody reads the output."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"proofs-checks {__version__} (format {VERSION})")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="check certificates, and print what they prove", allow_abbrev=False)
    show = commands.add_parser(
        "explain", help="print what certificates say, without checking their claims", allow_abbrev=False
    )
    for command, run in ((verify, _verify), (show, _explain)):
        command.set_defaults(run=run, command=command.prog)
        command.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help="a *.cert.json file, a bundle, a directory of these, or a *.zip file of them",
        )
        command.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        command.add_argument(
            "--time-limit",
            type=_seconds,
            default=float(TIME_LIMIT),
            metavar="S",
            help=f"seconds for each file (default {TIME_LIMIT})",
        )
        command.add_argument(
            "--memory-limit",
            type=_mebibytes,
            default=4096,
            metavar="MIB",
            help="address space of each process, where the system has such a limit (default 4096)",
        )
    verify.add_argument("--quiet", action="store_true", help="print only what is not valid, and not what is proved")
    verify.add_argument(
        "--jobs",
        type=_jobs,
        default=1,
        metavar="N",
        help="files that are checked at the same time, each in a process of its own, where processes can fork",
    )
    verify.add_argument(
        "--require",
        type=_verdicts,
        metavar="WORD,...",
        help=f"exit with 0 if the worst verdict is one of these, and with 1 if not: {', '.join(EXIT_CODES)}",
    )
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 10**8:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds between 0 and 10^8")
    return seconds


def _mebibytes(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 9 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of MiB")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 9 or not 1 <= int(text) <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes from 1 to {_MOST_JOBS}")
    return int(text)


def _verdicts(text: str) -> list[str]:
    words = text.split(",")
    for word in words:
        if word not in EXIT_CODES:
            raise argparse.ArgumentTypeError(f"{word!r} is not a verdict: {', '.join(EXIT_CODES)}")
    return words


def _sources(arguments: argparse.Namespace) -> list[Source]:
    """Return what there is to check; a path that cannot be opened is an error before anything is printed."""
    for path in arguments.paths:
        os.stat(path)
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    found: list[Source] = []
    for path in arguments.paths:
        try:
            with limited_memory(arguments.memory_limit), limited(arguments.time_limit):
                item = source(path)
        except OutOfTime as error:
            item = Report(path, "undecided", reason=str(error))
        except MemoryError:
            item = Report(path, "undecided", reason=NO_MEMORY)
        found.append(item)
    return found


def _verify(arguments: argparse.Namespace) -> int:
    limits = {"time_limit": arguments.time_limit, "mebibytes": arguments.memory_limit}
    sources = _sources(arguments)
    found = outcomes((task for item in sources for task in tasks(item, **limits)), arguments.jobs)
    reports = []
    for item in sources:
        reports.append(report(item, found))
        if not arguments.json:
            _print(_lines(reports[-1], quiet=arguments.quiet))
    verdict = worst([each.verdict for each in reports])
    if arguments.json:
        _print([answer(arguments.command, verdict, {"reports": [asdict(each) for each in reports]})])
    if arguments.require is not None:
        return 0 if verdict in arguments.require else _REFUSED
    return EXIT_CODES[verdict]


def _lines(found: Report, *, quiet: bool = False) -> Iterator[str]:
    if quiet and found.verdict == "valid":
        return
    kind = f" ({found.kind})" if found.kind else ""
    yield f"{found.name}: {found.verdict}{kind}" + (f": {found.reason}" if found.reason else "")
    if found.statement:
        yield f"  {found.statement.title}"
        yield from (f"    {line}" for line in found.statement.lines)
    if found.not_checked:
        yield f"  not checked: {found.not_checked}"
    for part in found.parts:
        yield from _lines(part, quiet=quiet)


def _explain(arguments: argparse.Namespace) -> int:
    sources = _sources(arguments)
    alone = len(sources) == 1 and isinstance(sources[0], Loose | Report)
    files, verdicts = [], []
    for certificate in (each for item in sources for each in certificates(item)):
        said = _said(certificate, arguments)
        verdicts.append(said["verdict"] or "valid")
        if arguments.json:
            files.append(said)
        elif said["verdict"] is not None:
            _print([f"{said['name']}: {said['verdict']}: {said['reason']}"])
        else:
            _print([*([] if alone else [f"{said['name']}:"]), *said["lines"]])
    code = EXIT_CODES[worst(verdicts)]
    if arguments.json:
        _print([answer(arguments.command, worst(verdicts) if code else None, {"checked": False, "files": files})])
    return code


def _said(item: Loose | Report, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what a certificate says, with the verdict None, or why it cannot be read, with its verdict."""
    said: dict[str, Any] = {"name": item.name, "verdict": None, "reason": None, "kind": None, "sha256": None}
    if isinstance(item, Report):
        return said | {"verdict": item.verdict, "reason": item.reason, "lines": []}
    try:
        with limited_memory(arguments.memory_limit), limited(arguments.time_limit):
            certificate = parse(item.read())
            lines = [printable(line) for line in explain(with_files(certificate, item.beside))]
            return said | {"kind": certificate.kind, "sha256": certificate.digest, "lines": lines}
    except MalformedCertificate as error:
        verdict, reason = "malformed", str(error)
    except OutOfTime as error:
        verdict, reason = "undecided", str(error)
    except MemoryError:
        verdict, reason = "undecided", NO_MEMORY
    return said | {"verdict": verdict, "reason": reason, "lines": []}


def _print(lines: Iterable[str]) -> None:
    """Print to standard output, where nothing of a file can be more than a part of its line.

    On a terminal a line is wrapped at spaces. What follows is indented by an odd number of spaces, as no line of its
    own is, so that no text of others can stand where a verdict stands.
    """
    if sys.stdout is None:  # closed before the start
        raise _NoOutput(os.strerror(errno.EBADF))
    try:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in lines:
            print(_wrapped(printable(line), width))
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered must not fail once more when the interpreter exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise _Closed from None
        raise _NoOutput(error.strerror or error) from None


def _wrapped(line: str, width: int | None) -> str:
    if width is None or len(line) <= width or line.startswith("{"):  # JSON stays one line
        return line
    indent = len(line) - len(line.lstrip(" "))
    rest = " " * (indent + 3)
    return "\n".join(
        textwrap.wrap(line, max(width, 20), subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
    )
