"""What a row of an import would be on each of its accounts: the checks of the road, before anything is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pluralis.core.findings import Severity
from pluralis.core.importing import PlannedRow, Problem
from pluralis.core.text import canonical
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Media
from pluralis.posts.queries import SegmentCheck, check_segment
from pluralis.teams.models import Account
from pluralis.teams.queries import network_of


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are checked against: the accounts and pictures by id, and whether *stop* findings are overridden."""

    accounts: Mapping[str, Account]
    media: Mapping[str, Media]
    columns: tuple[int, ...]
    """The columns that hold the messages, so that a problem stands at its cell."""
    overrides: bool = False


def draft_of_row(row: PlannedRow, pictures: Mapping[str, str]) -> Draft:
    """Return the post a row would be; its pictures belong to the first message."""
    ids = tuple(UUID(pictures[name]) for name in row.pictures if name in pictures)
    texts = row.texts or ("",)
    segments = tuple(DraftSegment(text, ids if not number else ()) for number, text in enumerate(texts))
    return Draft(versions=(DraftVersion(segments),), language=row.language)


def check_row(row: PlannedRow, draft: Draft, ground: Ground) -> Iterator[Problem]:
    """Yield what the road would refuse or advise, once for each reason. No query."""
    accounts = [ground.accounts[each] for each in row.accounts if each in ground.accounts]
    seen: set[tuple[str, int | None, str]] = set()
    for account in accounts:
        for number, segment in enumerate(draft.versions[0].segments):
            media = [ground.media[str(each)] for each in segment.media_ids if str(each) in ground.media]
            check = check_segment(segment.text, media, account, draft, segment.poll)
            for problem in _problems(check, account, _column(ground.columns, number), ground):
                key = (problem.code, problem.column, str(problem.values.get("network") or problem.values.get("rule")))
                if key not in seen:
                    seen.add(key)
                    yield problem
    yield from _same_words(draft, accounts, _column(ground.columns, 0))


def _column(columns: Sequence[int], number: int) -> int | None:
    return columns[min(number, len(columns) - 1)] if columns else None


def _problems(check: SegmentCheck, account: Account, column: int | None, ground: Ground) -> Iterator[Problem]:
    title = network_of(account).title
    if not check.length.fits:
        values: dict[str, str | int] = {"network": title, "over": -check.length.left, "limit": check.length.limit}
        yield Problem("too_long", column, values)
    for code, number in check.problems:
        if code != "nothing_to_say":
            yield Problem(
                code if code == "no_alt_text" else f"road_{code}", None, {"network": title, "count": number}
            )
    for finding in check.findings:
        if finding.severity is Severity.STOP:
            code = "rule_overridden" if ground.overrides else "rule"
            piece = check.text[finding.start : finding.end][:40]
            yield Problem(code, column, {"rule": finding.rule, "value": piece})


def _same_words(draft: Draft, accounts: Iterable[Account], column: int | None) -> Iterator[Problem]:
    """Two accounts of one owner with the same words, where the network forbids it."""
    first: dict[str, Account] = {}
    for account in accounts:
        if not network_of(account).same_text_days:
            continue
        twin = first.setdefault(account.network, account)
        if twin.id != account.id and any(one.text.strip() for one in draft.versions[0].segments):
            values = {"network": network_of(account).title, "one": twin.handle, "two": account.handle}
            yield Problem("same_words", column, values)


def repeated(rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> dict[int, int]:
    """Return which rows say on an account what an earlier row says there: number to earlier number.

    Rows are their number, their messages and their accounts.
    """
    first: dict[tuple[str, str], int] = {}
    found: dict[int, int] = {}
    for number, texts, accounts in rows:
        for account in accounts:
            for text in texts:
                before = first.setdefault((account, canonical(text)), number)
                if before != number:
                    found.setdefault(number, before)
    return found
