"""`pluralis check`: what the text engine says about drafts, for people, scripts and pre-publish hooks."""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Console

from pluralis import cli
from pluralis.cli.check.lines import KINDS, LANGUAGES, BadLine, Defaults, Draft, read_drafts
from pluralis.cli.check.report import PARTS, report_on
from pluralis.cli.check.screen import LONG, progress, show
from pluralis.core.text import CountingRule

Write = Callable[[Draft, dict[str, Any]], None]
_ALLOCATIONS = 100_000

_EPILOG = """\
A line is a text, or a JSON object {"id", "text", "account_kind", "language"?, "network"?}. Written is one JSON
object per line, or a readable form when the output is a terminal. Exit code: 0 nothing stops, 1 a finding of
severity stop (personal data in public, a banned word, a text too long for the network that its line names) or a
file that cannot be read, 2 wrong usage; with --strict also a bad line where nothing stops.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "check",
        help="check drafts: language, lengths, voice, personal data, triage",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="files to read; none or - is standard input")
    parser.add_argument("-o", "--output", metavar="FILE", help="write JSON lines here instead of standard output")
    for part in PARTS:
        words = part.replace("_", " ")
        parser.add_argument(f"--{part.replace('_', '-')}", action="store_true", help=f"say only this: {words}")
    parser.add_argument("--explain", action="store_true", help="add to triage: labels, urgency, escalate, reasons")
    parser.add_argument("--json", action="store_true", help="write JSON lines on a terminal too")
    parser.add_argument("--input", choices=("auto", "lines", "json"), default="auto", help="what a line is")
    parser.add_argument("--account-kind", choices=KINDS, default="main", help="of lines that name none")
    parser.add_argument("--text-language", choices=LANGUAGES, help="of lines that name none; else it is found")
    parser.add_argument("--network", help="network of lines that name none: too long a text then stops")
    parser.add_argument("--strict", action="store_true", help="a bad line makes the exit code 2")


def run(arguments: argparse.Namespace) -> int:
    """Check every line and return 1 when one must not be published as it stands, else 0."""
    rules = counting_rules()
    if arguments.network and arguments.network not in rules:
        raise cli.CommandError(f"unknown network {arguments.network!r}; known: {', '.join(rules)}")
    defaults = Defaults(
        arguments.account_kind, arguments.text_language, arguments.network, arguments.input, tuple(rules)
    )
    chosen = frozenset(part for part in PARTS if getattr(arguments, part)) or frozenset(PARTS)
    with ExitStack() as stack:
        stack.callback(gc.set_threshold, *gc.get_threshold())
        look_for_cycles_seldom()
        sources = [_opened(name, stack) for name in arguments.files or ["-"]]
        write, explain = _writer(arguments, stack)
        work = _Work(defaults, chosen, rules, write, explain or arguments.explain)
        _check_all(sources, work, arguments)
    return 2 if arguments.strict and work.bad and not work.stopped else int(work.stopped)


class _Work:
    """What holds for all lines, and what has come of them so far."""

    def __init__(
        self,
        defaults: Defaults,
        parts: frozenset[str],
        rules: Mapping[str, CountingRule],
        write: Write,
        explain: bool,
    ) -> None:
        self.defaults, self.parts, self.rules, self.write = defaults, parts, rules, write
        self.explain = explain
        self.stopped = False
        self.bad = 0

    def check(self, name: str, lines: Iterator[bytes]) -> None:
        for number, draft in read_drafts(lines, self.defaults):
            if isinstance(draft, BadLine):
                self.bad += 1
                print(f"{name}, line {number}: {draft}; left out", file=sys.stderr)
                continue
            report, stopped = report_on(draft, self.parts, self.rules, explain=self.explain)
            self.write(draft, report)
            self.stopped |= stopped


def look_for_cycles_seldom() -> None:
    """Have Python look for reference cycles seldom: a report makes none, and the looks cost a quarter of the time."""
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])


def counting_rules() -> dict[str, CountingRule]:
    """Return the counting rule of each network that is installed, by its name."""
    from pluralis.networks.registry import networks

    return {name: network.connector.limits(None).counting for name, network in networks().items()}


def _check_all(sources: list[tuple[str, BinaryIO]], work: _Work, arguments: argparse.Namespace) -> None:
    total = sum(Path(name).stat().st_size for name, _ in sources if name != "standard input")
    to_file = arguments.output is not None or not sys.stdout.isatty()
    wanted = to_file and total >= LONG and sys.stderr.isatty()
    with progress(total, sys.stderr, wanted) as report_bytes:
        done = 0
        for name, stream in sources:
            for_bar = _counted(stream, done, report_bytes)
            work.check(name, for_bar)
            done += Path(name).stat().st_size if name != "standard input" else 0


def _counted(stream: BinaryIO, before: int, report_bytes: Callable[[int], None]) -> Iterator[bytes]:
    done = before
    for line in stream:
        done += len(line)
        report_bytes(done)
        yield line


def _opened(name: str, stack: ExitStack) -> tuple[str, BinaryIO]:
    if name == "-":
        return "standard input", sys.stdin.buffer
    try:
        return name, stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise cli.CommandError(f"{name} cannot be read: {error.strerror}; nothing was checked") from error


def _writer(arguments: argparse.Namespace, stack: ExitStack) -> tuple[Write, bool]:
    """Return what writes a report, and whether it is for a person, who is told the reasons too."""
    if arguments.output:
        try:
            stream = stack.enter_context(Path(arguments.output).open("wb"))  # noqa: SIM115 - the stack closes it
        except OSError as error:
            words = f"{arguments.output} cannot be written: {error.strerror}; nothing was checked"
            raise cli.CommandError(words) from error
        return lambda draft, report: _write_json(stream, report), False
    if sys.stdout.isatty() and not arguments.json:
        console = Console(highlight=False)
        return lambda draft, report: show(console, draft, report), True
    return lambda draft, report: _write_json(sys.stdout.buffer, report), False


def _write_json(stream: BinaryIO, report: dict[str, Any]) -> None:
    try:
        line = json.dumps(report, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # An unpaired surrogate has no UTF-8 form; escaped it is still the same text for the reader.
        line = json.dumps(report).encode()
    stream.write(line + b"\n")
