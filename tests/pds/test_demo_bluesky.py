"""`make demo-bluesky FILE=posts.csv` as a person runs it: refused rows, a kill in the middle, the same file again."""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from tests import postgres
from tests.shared import shared_data

pytestmark = pytest.mark.pds

LANGUAGES = ("en", "fr", "es", "ms")
EACH = 50
EXACT = {"missing": 0, "doubled": 0, "different": 0, "extra": 0}
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Run:
    """One start of the command: what it has printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    reader: Thread | None = None
    started: float = field(default_factory=time.monotonic)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.seconds.append(round(time.monotonic() - self.started))
            self.lines.append(line.rstrip("\n"))

    def told(self, count: int = 30) -> str:
        """Return its last lines, each with the second it came in, for whoever reads why it took so long."""
        last = list(zip(self.seconds, self.lines, strict=False))[-count:]
        return "\n".join(f"{second} s: {line}" for second, line in last)

    @property
    def addresses(self) -> dict[str, str]:
        found = (re.fullmatch(r"row ([\d.]+): (https://\S+)", line) for line in self.lines)
        return {match[1]: match[2] for match in found if match}

    @property
    def refused(self) -> dict[int, str]:
        found = (re.fullmatch(r"row (\d+): refused, (.+)", line) for line in self.lines)
        return {int(match[1]): match[2] for match in found if match}

    @property
    def figures(self) -> dict[str, int]:
        return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", self.lines[-1])}

    def wait_for_addresses(self, count: int, seconds: float) -> None:
        until = time.monotonic() + seconds
        while len(self.addresses) < count:
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < until, self.told()
            time.sleep(0.05)

    def end(self, seconds: float) -> int:
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} s:\n{self.told()}") from None
        if code == 0 and self.reader is not None:
            # Its last words may still be on their way to us.
            self.reader.join(30)
        return code


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path, for the database's socket, that the system user can reach."""
    made = postgres.new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def start(folder: Path) -> Iterator[object]:
    """Start the command on a file; whatever still runs at the end is ended."""
    runs: list[tuple[Run, Thread]] = []
    # The command brings its own database and settings, as from a shell.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO"))}

    def go(file: Path, *words: str) -> Run:
        command = [sys.executable, "-m", "tools.demo_bluesky", str(file), "--folder", str(folder / "demo"), *words]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        run = Run(process)
        run.reader = Thread(target=run.read, daemon=True)
        run.reader.start()
        runs.append((run, run.reader))
        return run

    yield go
    for run, reader in runs:
        run.process.terminate()
        run.process.wait(60)
        reader.join(10)


def write_file(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ("text", "at", "zone", "image", "alt"), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def real_texts() -> list[str]:
    """Return 50 real texts of each language, evenly spread over the file."""
    by_language: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in shared_data("text/sentiment.dev.tsv").read_text(encoding="utf-8").split("\n")[1:]:
        fields = line.split("\t")
        if len(fields) == 5 and fields[1] in by_language:
            by_language[fields[1]].append(fields[4])
    return [text for texts in by_language.values() for text in texts[:: len(texts) // EACH][:EACH]]


def dressed(number: int, text: str, folder: Path) -> dict[str, str]:
    """Return a row: every tenth has a picture, others a link, a mention or an emoji, five are threads."""
    match number % 10:
        case 0:
            Image.effect_noise((40, 30), 50 + number).save(folder / f"{number}.png")
            return {"text": text, "image": f"{number}.png", "alt": f"Grain, number {number}"}
        case 3:
            text += f" https://example.org/é/{number}?q=1"
        case 5:
            text = f"@dana.test {text}"
        case 7:
            text = f"👩‍👩‍👧‍👦🇲🇾 {text}"
    if number % 40 == 1:
        text += f"\n---\nThe second message of {number}\n---\nThe third message of {number}"
    return {"text": text}


def rest_of(started: dict[str, str], file: Path) -> set[str]:
    with file.open(newline="", encoding="utf-8") as stream:
        wanted = {
            f"{number}.{position + 1}" if position else str(number)
            for number, row in enumerate(csv.DictReader(stream), start=2)
            for position in range(row["text"].count("\n---\n") + 1)
        }
    return wanted - started.keys()


IMPOSSIBLE = [
    ({"text": "long " * 61}, "the text is too long: 305 of 300"),
    ({"text": "Yesterday", "at": "2020-01-01 10:00"}, "has passed"),
    ({"text": "Elsewhere", "at": "2036-01-01 10:00", "zone": "Mars/Base"}, "there is no time zone 'Mars/Base'"),
    ({"text": "Someday", "at": "someday"}, "is no date and time"),
    ({"text": "   "}, "there is no text"),
    ({"text": "A picture", "image": "absent.png"}, "there is no file absent.png"),
    ({"text": "A picture", "image": "posts.csv"}, "posts.csv: "),
]


def test_rows_that_cannot_go_are_refused_with_their_number_and_the_rest_stands(start, folder):
    rows = [{"text": "The first 🙂"}, *(row for row, _why in IMPOSSIBLE), {"text": "The last\n---\nof two"}]
    file = write_file(folder / "posts.csv", rows)
    run = start(file, "--lose-every", "0")
    assert run.end(240) == 0, run.told()
    assert run.figures == EXACT | {"meant": 3, "refused": len(IMPOSSIBLE), "answers_lost": 0}
    assert run.addresses.keys() == {"2", "10", "10.2"}
    for number, (_row, why) in enumerate(IMPOSSIBLE, start=3):
        assert why in run.refused[number]
    # Nothing but rows and figures: the worker ends before its database and says nothing.
    assert len(run.lines) == len(run.addresses) + len(run.refused) + 1, run.lines


def test_two_hundred_real_texts_stand_once_each_after_lost_answers_and_a_kill(start, folder):
    rows = [dressed(number, text, folder) for number, text in enumerate(real_texts())]
    assert len(rows) == len(LANGUAGES) * EACH
    file = write_file(folder / "posts.csv", rows)
    first = start(file)
    first.wait_for_addresses(60, seconds=300)
    os.killpg(first.process.pid, signal.SIGKILL)
    assert first.end(10) == -signal.SIGKILL
    second = start(file)
    assert second.end(900) == 0, second.told()
    figures = second.figures
    assert EXACT.items() <= figures.items()
    assert figures["answers_lost"] > 20
    missing = rest_of(second.addresses, file)
    assert {int(number.split(".")[0]) for number in missing} == second.refused.keys()
    assert figures["meant"] == len(rows) + 10 - len(missing)
    assert first.addresses.items() <= second.addresses.items()
