"""The readable form of a report, for a person at a terminal, and the progress of a long file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from pluralis.cli.check.lines import Draft

LONG = 200_000
"""From so many bytes on a file is long enough to show how far the work is."""

_COLOURS = {"stop": "bold red", "warn": "yellow", "hint": "cyan"}
_DATA = "bold magenta"


def show(console: Console, draft: Draft, report: dict[str, Any]) -> None:
    """Print a report: the text with its findings marked where they stand, then a line for each part."""
    console.print(Text(f"{report['id']}  ", style="dim") + _marked(draft.text, report))
    for line in _lines(report):
        console.print(Text("    ") + line)


def _marked(text: str, report: dict[str, Any]) -> Text:
    marked = Text(text.encode("utf-8", "replace").decode())
    for finding in report.get("voice", []):
        marked.stylize(_COLOURS[finding["severity"]] + " underline", finding["start"], finding["end"])
    for data in report.get("personal_data", []):
        marked.stylize(_DATA + " underline", data["start"], data["end"])
    return marked


def _lines(report: dict[str, Any]) -> Iterator[Text]:
    if "language" in report:
        language = report["language"]
        yield _line("language", f"{language['code']} ({language['score']:.0%})")
    if "lengths" in report:
        yield _lengths(report["lengths"])
    for finding in report.get("voice", []):
        proposed = f" -> {finding['suggestion']}" if finding["suggestion"] else ""
        words = f"{finding['severity']}: {finding['text']} ({finding['rule']}){proposed}"
        yield _line("voice", words, _COLOURS[finding["severity"]])
    if report.get("rewritten"):
        yield _line("as we", report["rewritten"], "green")
    for data in report.get("personal_data", []):
        yield _line("personal", f"{data['type']} at {data['start']}-{data['end']}", _DATA)
    if "triage" in report:
        yield _triage(report["triage"])


def _line(name: str, words: str, style: str = "") -> Text:
    return Text(f"{name:<10}", style="dim") + Text(words.encode("utf-8", "replace").decode(), style=style)


def _lengths(lengths: dict[str, dict[str, int]]) -> Text:
    line = _line("lengths", "")
    for name, counts in lengths.items():
        count = next(iter(counts.values()))
        style = "bold red" if count > counts["limit"] else ""
        line += Text(f"{name} {count}/{counts['limit']}  ", style=style)
    return line


def _triage(triage: dict[str, Any]) -> Text:
    words = f"{' + '.join(triage['labels'])}, {triage['sentiment']}, abuse {triage['abuse']:.2f}"
    if triage["unsure"]:
        words += ", unsure"
    style = "bold red" if triage["abuse"] >= 0.5 else ""
    line = _line("triage", words, style)
    if triage["escalate"]:
        line += Text(f"  at once: {triage['escalate']}", style="bold red")
    return line


@contextmanager
def progress(total: int, stream: TextIO, wanted: bool) -> Iterator[Any]:
    """Give a function to call with the bytes read so far; it draws a bar on ``stream`` when ``wanted``."""
    if not wanted:
        yield lambda done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("checking", total=total)
        yield lambda done: bar.update(task, completed=done)
