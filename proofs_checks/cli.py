"""The command `proofs-checks`: verify certificates and bundles, or show what a file says."""

from __future__ import annotations

import argparse
import errno
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from proofs_checks import __version__
from proofs_checks.certificate.arrays import with_files
from proofs_checks.certificate.reading import VERSION, MalformedCertificate, parse, printable, read
from proofs_checks.checker.core.rules import OutOfTime, limited
from proofs_checks.checker.core.verify import EXIT_CODES, NO_MEMORY, TIME_LIMIT, Report, verify_path, worst
from proofs_checks.explain import explain

_USAGE = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code (docs/format.md, "Verdicts and exit codes")."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code: int = arguments.run(arguments)
    except _NoOutput as error:
        _complain(f"cannot write the output: {error}")
        return _USAGE
    except OSError as error:
        name = os.fsdecode(error.filename or "")
        _complain(f"cannot read {name or repr(name)}: {error.strerror or error}")
        return _USAGE
    except KeyboardInterrupt:
        _complain("interrupted")
        return _INTERRUPTED
    return code


class _NoOutput(Exception):
    """What was found out could not be written."""


def _complain(message: str) -> None:
    print(f"proofs-checks: {printable(message)}", file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all errors of this project."""

    def error(self, message: str) -> NoReturn:
        self.exit(_USAGE, f"{printable(f'{self.prog}: {message}; see {self.prog} --help')}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="proofs-checks",
        description="Check certificates, and print what they prove.",
        epilog="Exit codes: 0 valid, 1 invalid, 2 usage, 3 undecided, 4 malformed; the worst of several.",
    )
    parser.add_argument("--version", action="version", version=f"proofs-checks {__version__} (format {VERSION})")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="check files and bundles, and print what they prove")
    verify.add_argument("paths", nargs="+", metavar="PATH", help="a *.cert.json file or a bundle")
    verify.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    verify.set_defaults(run=_verify)
    show = commands.add_parser("explain", help="print what a file says, without checking its claim")
    show.add_argument("file", metavar="FILE", help="a *.cert.json file")
    show.set_defaults(run=_explain)
    for command in (verify, show):
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
            help="address space of this process, where the system has such a limit (default 4096)",
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


@contextmanager
def _limited_memory(mebibytes: int) -> Iterator[None]:
    """Let a file that asks for more memory end as undecided (a MemoryError), and not the machine."""
    try:
        import resource
    except ImportError:  # not a POSIX system
        yield
        return
    soft, hard = before = resource.getrlimit(resource.RLIMIT_AS)
    allowed = [bound for bound in (soft, hard, mebibytes * 2**20) if bound != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):  # macOS has the limit, and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (min(allowed), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, before)


def _verify(arguments: argparse.Namespace) -> int:
    for path in arguments.paths:  # before anything is printed
        os.stat(path)
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    reports = []
    for path in arguments.paths:
        with _limited_memory(arguments.memory_limit):
            reports.append(verify_path(path, arguments.time_limit))
        if not arguments.json:
            _print(_lines(reports[-1]))
    verdict = worst([report.verdict for report in reports])
    if arguments.json:
        _print([json.dumps({"verdict": verdict, "reports": [asdict(report) for report in reports]})])
    return EXIT_CODES[verdict]


def _lines(report: Report) -> Iterator[str]:
    kind = f" ({report.kind})" if report.kind else ""
    yield f"{report.name}: {report.verdict}{kind}" + (f": {report.reason}" if report.reason else "")
    if report.statement:
        yield f"  {report.statement.title}"
        yield from (f"    {line}" for line in report.statement.lines)
        yield f"  not checked: {report.not_checked}"
    for part in report.parts:
        yield from _lines(part)


def _explain(arguments: argparse.Namespace) -> int:
    verdict, reason = "valid", ""
    try:
        with _limited_memory(arguments.memory_limit), limited(arguments.time_limit):
            folder = Path(arguments.file).parent
            certificate = parse(read(arguments.file))
            lines = list(explain(with_files(certificate, lambda name: read(folder / name, follow_links=False))))
    except MalformedCertificate as error:
        verdict, reason = "malformed", str(error)
    except OutOfTime as error:
        verdict, reason = "undecided", str(error)
    except MemoryError:
        verdict, reason = "undecided", NO_MEMORY
    _print(lines if verdict == "valid" else [f"{arguments.file}: {verdict}: {reason}"])
    return EXIT_CODES[verdict]


def _print(lines: Iterable[str]) -> None:
    """Print to standard output, where nothing of a file can be more than a part of its line.

    When the reader of the output has gone, go on in silence, as the exit code still counts.
    """
    if sys.stdout is None:  # closed before the start
        raise _NoOutput(os.strerror(errno.EBADF))
    try:
        for line in lines:
            print(printable(line))
        sys.stdout.flush()
    except OSError as error:
        # What is still buffered must not fail once more when the interpreter exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise _NoOutput(error.strerror or error) from None
