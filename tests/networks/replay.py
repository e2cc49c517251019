"""Feeds real messages of others through a fake network as incoming mentions.

For the inbox too: :func:`write_mentions` talks to the admin API, so the fake may be another process.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx2

from tests.shared import shared_data


@dataclass(frozen=True)
class Row:
    """One labelled message: ``label`` is ``neg``, ``neu`` or ``pos``."""

    id: str
    label: str
    text: str


def airline_rows(count: int = 500) -> list[Row]:
    """Return the first ``count`` rows of the shared airline data, or skip and say why."""
    with shared_data("text/airline.dev.tsv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = [Row(row["id"], row["label"], row["text"].replace("@user", "").strip()) for row in reader]
    return rows[:count]


def write_mentions(origin: str, secret: str, to: str, rows: Sequence[Row]) -> Iterator[str]:
    """Let somebody outside write each row to the account ``to``; yield the new posts' ids, in order."""
    with httpx2.Client(base_url=origin, headers={"fake-secret": secret}, trust_env=False) as admin:
        for number, row in enumerate(rows):
            body = {"to": to, "from": f"passenger_{number % 97}", "text": row.text}
            answer = admin.post("/_fake/mentions", json=body)
            assert answer.status_code == 201, answer.text
            yield answer.json()["id"]
