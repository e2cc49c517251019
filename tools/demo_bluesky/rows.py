"""The rows of posts.csv: read, checked beforehand, refused with their number and the reason.

Columns: ``text`` (messages of a thread are parted by a line with ``---``), and if wanted ``at`` (ISO date and time;
empty: now), ``zone`` (of ``at``), ``image`` (a file beside the CSV) and ``alt``.
"""

import csv
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pluralis.core.text import CountingRule, measure
from pluralis.posts.pictures import read_picture
from pluralis.teams.errors import Invalid

PARTING = re.compile(r"^---$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One post to be: its line's number in the file, its messages, when, and its picture's bytes."""

    number: int
    texts: tuple[str, ...]
    at: datetime
    zone: str
    picture: bytes | None
    alt: str


@dataclass(frozen=True)
class Refusal:
    """A row that cannot go, and why."""

    number: int
    why: str


def file_key(file: Path) -> str:
    """Return the name of a file's content: the same file again is the same import."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:24]


def read_rows(file: Path, rule: CountingRule, now: datetime) -> tuple[list[Row], list[Refusal]]:
    """Return the rows that can go and those that cannot. The number is the record's, the header being 1."""
    good: list[Row] = []
    bad: list[Refusal] = []
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as stream:
        for number, record in enumerate(csv.DictReader(stream), start=2):
            try:
                good.append(_row(number, record, file.parent, rule, now))
            except ValueError as problem:
                bad.append(Refusal(number, str(problem)))
    return good, bad


def _row(number: int, record: dict[str, str], folder: Path, rule: CountingRule, now: datetime) -> Row:
    texts = tuple(part.strip("\r\n") for part in PARTING.split(record.get("text") or ""))
    picture = _picture(folder, record.get("image") or "")
    for text in texts:
        _check_text(text, rule, picture)
    zone = (record.get("zone") or "").strip() or "UTC"
    return Row(
        number, texts, _instant(record.get("at") or "", zone, now), zone, picture, (record.get("alt") or "").strip()
    )


def _check_text(text: str, rule: CountingRule, picture: bytes | None) -> None:
    if not text.strip() and picture is None:
        raise ValueError("there is no text")
    if "\x00" in text or "\ufffd" in text:
        raise ValueError("the text holds characters that cannot be read (is the file UTF-8?)")
    length = measure(text, rule)
    if not length.fits:
        raise ValueError(f"the text is too long: {length.count} of {length.limit} characters, {length.bytes} bytes")


def _instant(at: str, zone: str, now: datetime) -> datetime:
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"there is no time zone {zone!r}") from None
    if not at.strip():
        return now
    try:
        wall = datetime.fromisoformat(at.strip())
    except ValueError:
        raise ValueError(f"{at!r} is no date and time; write 2026-12-24 09:30") from None
    instant = (wall if wall.tzinfo else wall.replace(tzinfo=place)).astimezone(UTC)
    if instant < now:
        raise ValueError(f"{at} in {zone} has passed")
    return instant


def _picture(folder: Path, name: str) -> bytes | None:
    if not name.strip():
        return None
    path = folder / name.strip()
    if not path.is_file():
        raise ValueError(f"there is no file {name}")
    content = path.read_bytes()
    try:
        read_picture(content)
    except Invalid as problem:
        raise ValueError(f"{name}: {problem.happened}") from None
    return content
