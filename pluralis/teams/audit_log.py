"""The audit log as people read it: newest first, narrowed by who, what and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from pluralis.teams.access import Ability, require
from pluralis.teams.models import AuditEntry, Membership

PAGE = 50
PIECE = 1000
PROGRAM = "program"
"""Names nobody: what the program did by itself."""

COLUMNS = ("id", "at", "person", "action", "object_type", "object_id", "data")
THINGS = (
    "inbox.alarm", "inbox.contact", "inbox.contacts", "inbox.conversation", "inbox.faq_entry", "inbox.faq_page",
    "inbox.incident", "inbox.lesson", "inbox.message", "inbox.messages", "inbox.note", "inbox.offer", "inbox.polling",
    "inbox.profile", "inbox.reply", "inbox.repost", "inbox.routing", "inbox.saved_reply", "inbox.search",
    "inbox.view", "posts.link", "posts.post",
    "posts.review", "publishing.budget", "publishing.correction", "publishing.delivery", "publishing.evergreen",
    "publishing.import", "publishing.part", "publishing.post",
    "publishing.quarantine", "publishing.queue", "publishing.recurrence",
    "publishing.slot", "publishing.slots", "publishing.stop", "teams.account", "teams.duty", "teams.export",
    "teams.hours", "teams.member", "teams.roster", "teams.team", "teams.token",
)  # fmt: skip
"""What entries are about: the first two words of their names. A test holds them to the documented entries."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: of whom (the id of a person, :data:`PROGRAM`, or everybody), about what (one of
    :data:`THINGS`, or a whole name), from ``start`` to before ``end``; behind the entry ``before``."""

    person: str = ""
    action: str = ""
    start: datetime | None = None
    end: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries, newest first, and behind which one the next page begins (``None``: there is none)."""

    entries: Sequence[AuditEntry]
    following: int | None


def log_page(actor: Membership, asked: Asked, size: int = PAGE) -> LogPage:
    """Return a page of the log, for owners and leads. One query."""
    found = list(_entries(actor, asked)[: size + 1])
    more = len(found) > size
    return LogPage(found[:size], found[size - 1].id if more else None)


def log_rows(actor: Membership, asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield every entry that is asked for as a plain row of :data:`COLUMNS`. One query for each thousand."""
    while True:
        page = log_page(actor, asked, PIECE)
        yield from (_row(entry) for entry in page.entries)
        if page.following is None:
            return
        asked = replace(asked, before=page.following)


def _row(entry: AuditEntry) -> dict[str, Any]:
    told = " ".join(f"{name}={value}" for name, value in sorted(entry.data.items()))
    return {
        "id": entry.id, "at": entry.at, "person": str(entry.actor) if entry.actor else "", "action": entry.action,
        "object_type": entry.object_type, "object_id": entry.object_id, "data": told,
    }  # fmt: skip


def _entries(actor: Membership, asked: Asked) -> QuerySet[AuditEntry]:
    require(actor, Ability.MANAGE_ACCOUNTS)
    found = AuditEntry.objects.filter(team=actor.team_id).select_related("actor")
    if asked.person == PROGRAM:
        found = found.filter(actor=None)
    elif asked.person:
        found = found.filter(actor=UUID(asked.person))
    if asked.action:
        whole = asked.action.count(".") > 1
        found = found.filter(action=asked.action) if whole else found.filter(action__startswith=f"{asked.action}.")
    if asked.start is not None:
        found = found.filter(at__gte=asked.start)
    if asked.end is not None:
        found = found.filter(at__lt=asked.end)
    if asked.before is not None:
        found = found.filter(id__lt=asked.before)
    return found.order_by("-id")
