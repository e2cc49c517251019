"""What the network really accepted: the oracle of every crash test.

The fake writes an entry in the instant it accepts a write, before it answers, drops or lies. The product never
reads it. With a path, each entry is also appended to a file as one JSON line, so that it outlives the fake.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar


@dataclass(slots=True)
class Entry:
    """One accepted write. ``answer`` is what the client got of it: a status, ``drop``, ``cut`` or ``""`` (not yet).

    ``account`` is the profile's handle, ``action`` the name of the endpoint, ``remote_id`` what it made,
    ``detail`` what a test wants to compare (text, reply target, media, key), ``raw`` the request's bytes.
    """

    number: int
    at: datetime
    account: str
    action: str
    remote_id: str
    detail: dict[str, Any]
    raw: bytes
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON, the raw bytes in base64."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "account": self.account,
            "action": self.action,
            "remote_id": self.remote_id,
            "detail": self.detail,
            "raw": base64.b64encode(self.raw).decode(),
            "answer": self.answer,
        }


class Ledger:
    """An append-only list of entries, numbered from 1; the numbers go on after a restart."""

    KEPT: ClassVar[tuple[str, ...]] = ("_number",)

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[Entry] = []
        self._lock = Lock()
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None
        self._number = 0

    def write(self, at: datetime, account: str, action: str, remote_id: str, **more: Any) -> Entry:
        """Append an accepted write; ``more`` is its detail, except ``raw``, the request's bytes."""
        raw = more.pop("raw", b"")
        with self._lock:
            self._number += 1
            entry = Entry(self._number, at, account, action, remote_id, more, raw)
            self._entries.append(entry)
            if self._file:
                self._file.write(json.dumps(entry.as_dict()) + "\n")
        return entry

    def entries(self, *, after: int = 0, account: str = "", action: str = "") -> list[Entry]:
        """Return the entries numbered above ``after``, of one account and action where given."""
        with self._lock:
            first = self._number - len(self._entries) + 1
            found = self._entries[max(0, after - first + 1) :]
        return [
            entry
            for entry in found
            if (not account or entry.account == account) and (not action or entry.action == action)
        ]

    @property
    def last(self) -> int:
        """The number of the newest entry, 0 when there is none."""
        return self._number

    def forget(self) -> None:
        """Drop every entry from memory; numbers go on."""
        with self._lock:
            self._entries.clear()

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
