"""Prints a table: dialogues of a set, right proposals, and the same for "always open" and for one keyword rule.

Run without a word it reads the 60 dialogues to build on; with ``kept`` the 40 that were kept apart.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pluralis.core import privacy
from pluralis.core.replies import ReplyKind, Situation, propose

DIALOGUES = Path(__file__).parents[2] / "tests" / "fixtures" / "replies.jsonl"
KEYWORDS = re.compile(
    r"\d{4,}|account|order|refund|compte|commande|rembours|cuenta|pedido|devoluci|akaun|pesanan|bayaran",
    re.IGNORECASE,
)
Rule = Callable[[dict[str, Any]], str]


def dialogues(which: str) -> list[dict[str, Any]]:
    """Return the dialogues of a set, ``build`` or ``kept``."""
    rows = [json.loads(line) for line in DIALOGUES.read_text().splitlines()]
    return [row for row in rows if row["set"] == which]


def ours(row: dict[str, Any]) -> str:
    """Return the kind the product proposes."""
    given = [found for text in row["messages"] for found in privacy.find(text, language=row["language"])]
    answering = privacy.find(row["draft"], language=row["language"])
    situation = Situation(
        messages=row["messages"],
        language=row["language"],
        given=given,
        draft=row["draft"],
        answering=answering,
        asked_lately=row["asked_lately"],
    )
    return propose(situation).kind.value


def always_open(row: dict[str, Any]) -> str:
    """Return what most tools do: an answer under the message."""
    return ReplyKind.OPEN.value


def keywords(row: dict[str, Any]) -> str:
    """Return private for a number or one of a dozen words, for everyone when it was asked before, else open."""
    if KEYWORDS.search(" ".join(row["messages"])):
        return ReplyKind.PRIVATE.value
    return (ReplyKind.COMMUNITY if row["asked_lately"] else ReplyKind.OPEN).value


def right(rows: Iterable[dict[str, Any]], rule: Rule) -> int:
    """Count the dialogues whose proposed kind is the expected one."""
    return sum(rule(row) == row["expected"] for row in rows)


def exposed(rows: Iterable[dict[str, Any]], rule: Rule) -> int:
    """Count the worst mistake: something that belongs in private is proposed for others to read."""
    return sum(row["expected"] == "private" and rule(row) != "private" for row in rows)


def main() -> None:
    """Print the table."""
    which = "kept" if "kept" in sys.argv[1:] else "build"
    rows = dialogues(which)
    print(f"| {which}, {len(rows)} dialogues | right | private proposed as public | en | fr | es | ms |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, rule in (("always open", always_open), ("keyword rule", keywords), ("Pluralis", ours)):
        by_language = [[row for row in rows if row["language"] == code] for code in ("en", "fr", "es", "ms")]
        cells = [f"{right(some, rule)}/{len(some)}" for some in by_language]
        share = right(rows, rule) / len(rows)
        print(f"| {name} | {share:.1%} | {exposed(rows, rule)} | {' | '.join(cells)} |")
    if "-v" in sys.argv and which == "build":
        for row in rows:
            if ours(row) != row["expected"]:
                print(row["id"], "proposed", ours(row), "expected", row["expected"], row["messages"])


if __name__ == "__main__":
    main()
