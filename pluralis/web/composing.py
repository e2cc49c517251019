"""From what the composer's form sends to a draft, and back to what the form shows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict

from pluralis.core.findings import Finding
from pluralis.networks.contract import Poll
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Media
from pluralis.posts.polls import stored_poll
from pluralis.posts.queries import SegmentCheck, draft_segments_for, preview
from pluralis.teams.access import valid_id
from pluralis.teams.models import Account


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """One message in the form: its text, pictures and poll."""

    text: str
    media: tuple[Media, ...] = ()
    poll: Poll | None = None

    @property
    def poll_value(self) -> str:
        """The poll as the form carries it."""
        return json.dumps(stored_poll(self.poll)) if self.poll else ""

    @property
    def media_ids(self) -> str:
        """The pictures as the form carries them."""
        return " ".join(str(one.id) for one in self.media)


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """The messages for one account, or for all that have none of their own."""

    account: Account | None
    segments: tuple[ShownSegment, ...]


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """What one account would send; ``version`` names whose words they are, ``""`` for everybody's.

    ``same_as`` is an account shown above with the very same findings, which need not be read twice; ``media`` are
    the pictures of each message by its position.
    """

    account: Account
    checks: tuple[SegmentCheck, ...]
    version: str
    same_as: Account | None = None
    media: dict[int, tuple[Media, ...]] = field(default_factory=dict)


def draft_of(data: QueryDict, **rest: Any) -> Draft:
    """Return the draft a form holds. Browsers send line ends as CR LF; networks count them as one."""
    versions = [DraftVersion(_segments(data, ""))]
    for account_id in dict.fromkeys(data.getlist("version")):
        segments = _segments(data, f":{account_id}")
        if any(not _is_empty(one) for one in segments):
            versions.append(DraftVersion(segments, valid_id(account_id)))
    return Draft(versions=tuple(versions), language=data.get("language", ""), **rest)


def _segments(data: QueryDict, suffix: str) -> tuple[DraftSegment, ...]:
    texts, pictures = data.getlist(f"text{suffix}"), data.getlist(f"pictures{suffix}")
    polls = data.getlist(f"poll{suffix}")
    pictures += [""] * (len(texts) - len(pictures))
    polls += [""] * (len(texts) - len(polls))
    found = [
        DraftSegment(text.replace("\r\n", "\n"), tuple(valid_id(one) for one in ids.split()), _poll(poll))
        for text, ids, poll in zip(texts, pictures, polls, strict=False)
    ]
    # A message left empty at the end of a thread is one that was not wanted after all.
    while len(found) > 1 and _is_empty(found[-1]):
        found.pop()
    return tuple(found) or (DraftSegment(""),)


def _is_empty(segment: DraftSegment) -> bool:
    return not (segment.text.strip() or segment.media_ids or segment.poll)


def _poll(typed: str) -> Poll | None:
    """Return the poll that a form carries; ``None`` for none, and for what our own pages never send."""
    try:
        told = json.loads(typed) if typed else None
        if not isinstance(told, dict):
            return None
        options = tuple(one.strip() for one in told["options"] if one.strip())
        return Poll(options, int(told["minutes"]), told.get("multiple") is True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def pictures_of(draft: Draft, team_id: UUID) -> dict[UUID, Media]:
    """Return the pictures a draft names, of this team only. One query, none without pictures."""
    ids = {each for version in draft.versions for segment in version.segments for each in segment.media_ids}
    return Media.objects.filter(team=team_id).in_bulk(list(ids)) if ids else {}


def shown(draft: Draft, accounts: Iterable[Account], media: dict[UUID, Media]) -> list[ShownVersion]:
    """Return a draft as the form shows it."""
    by_id = {account.id: account for account in accounts}
    return [
        ShownVersion(
            by_id.get(version.account_id) if version.account_id else None,
            tuple(ShownSegment(one.text, _seen(one, media), one.poll) for one in version.segments),
        )
        for version in draft.versions
        if version.account_id is None or version.account_id in by_id
    ]


def _seen(segment: DraftSegment, media: dict[UUID, Media]) -> tuple[Media, ...]:
    return tuple(media[each] for each in segment.media_ids if each in media)


def previews(draft: Draft, accounts: Iterable[Account], media: dict[UUID, Media]) -> list[ShownPreview]:
    """Return what each account would send, measured and checked."""
    accounts = list(accounts)
    own = {version.account_id for version in draft.versions}
    checks = preview(draft, accounts, media)
    first: dict[tuple[tuple[Finding, ...], ...], Account] = {}
    found = []
    for account in accounts:
        findings = tuple(check.findings for check in checks[account.id])
        same_as = first.setdefault(findings, account)
        found.append(
            ShownPreview(
                account,
                checks[account.id],
                str(account.id) if account.id in own else "",
                same_as if same_as.id != account.id and any(findings) else None,
                {at: _seen(one, media) for at, one in enumerate(draft_segments_for(draft, account.id))},
            )
        )
    return found
