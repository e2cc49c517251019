"""What is read about working together: notes and traces, who is looking, notices, alarms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from pluralis.core.states import ConversationState
from pluralis.inbox.models import (
    Alarm,
    AlarmCall,
    AlarmRule,
    Conversation,
    Message,
    Note,
    Notice,
    Presence,
    RoutingRule,
    Trace,
)
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership

# What the messages themselves tell, or nobody asks for afterwards.
SHOWN_TRACES = (
    "claimed", "taken_over", "released", "assigned", "expired", "routed", "queued", "snoozed", "woken", "resolved",
    "open", "merged", "split", "split_off", "regrouping_undone",
)  # fmt: skip
MOST_TRACES = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a conversation in time: ``kind`` is message, note or trace."""

    at: datetime
    kind: str
    item: Message | Note | Trace


def notes_of(conversation: Conversation) -> list[Note]:
    """Return a conversation's notes, oldest first. One query."""
    return list(conversation.notes.select_related("author__user"))


def traces_of(conversation: Conversation) -> list[Trace]:
    """Return what happened to a conversation inside the team, oldest first. One query."""
    found = conversation.traces.filter(kind__in=SHOWN_TRACES).select_related("actor__user")
    return list(found.order_by("-at", "-id")[:MOST_TRACES])[::-1]


def in_time(messages: list[Message], notes: list[Note], traces: list[Trace]) -> list[Entry]:
    """Return messages, notes and traces in the order in which they were. No query.

    A trace that tells of a message's own arrival stands behind it: what the program did follows what came.
    """
    entries = [Entry(each.created_at, "message", each) for each in messages]
    entries += [Entry(each.created_at, "note", each) for each in notes]
    entries += [Entry(each.at, "trace", each) for each in traces]
    order = {"message": 0, "note": 1, "trace": 2}
    return sorted(entries, key=lambda entry: (entry.at, order[entry.kind]))


def others_here(actor: Membership, conversation: Conversation, now: datetime) -> list[Presence]:
    """Return who else has the conversation open or writes in it, writers first. One query."""
    here = Presence.objects.filter(conversation=conversation, until__gt=now).exclude(member=actor)
    return sorted(
        here.select_related("member__user"), key=lambda each: (each.doing != "typing", str(each.member.user))
    )


def unseen_notices(actor: Membership) -> QuerySet[Notice]:
    """Return one's notices that are not seen yet. No query yet."""
    return Notice.objects.filter(member=actor, seen_at__isnull=True)


def notices_for(actor: Membership, size: int = 20) -> list[Notice]:
    """Return one's notices that are not seen yet, newest first. One query."""
    found = unseen_notices(actor)
    wanted = ("actor__user", "conversation__contact", "part__account")
    return list(found.select_related(*wanted).order_by("-created_at", "-id")[:size])


def ringing_alarms(actor: Membership) -> QuerySet[Alarm]:
    """Return the alarms that ring on accounts the actor may see. No query yet."""
    return Alarm.objects.filter(team=actor.team_id, ended_at__isnull=True, account__in=accounts_of(actor))


def ringing(actor: Membership, size: int = 50) -> list[Alarm]:
    """Return the alarms that ring on accounts the actor may see, longest waiting first. One query."""
    found = ringing_alarms(actor)
    return list(found.select_related("account", "conversation__contact").order_by("waiting_since")[:size])


def waiting_longer(actor: Membership, now: datetime) -> QuerySet[Conversation]:
    """Return who has waited longer than an alarm allows and does not ring, on accounts the actor may see: they were
    late already when it was set, or wrote long before they were heard. Two queries, and the one to come."""
    rules = {each.account_id: each.minutes for each in AlarmRule.objects.filter(team=actor.team_id)}
    by_minutes: dict[int, list[UUID]] = {}
    for account_id in accounts_of(actor).values_list("id", flat=True) if rules else ():
        minutes = rules[account_id] if account_id in rules else rules.get(None)
        if minutes:
            by_minutes.setdefault(minutes, []).append(account_id)
    late = Q(pk__in=[])
    for minutes, accounts in by_minutes.items():
        late |= Q(account__in=accounts, waiting_since__lte=now - timedelta(minutes=minutes))
    rings = Alarm.objects.filter(conversation=OuterRef("id"), ended_at__isnull=True)
    found = Conversation.objects.filter(late, team=actor.team_id, state=ConversationState.OPEN, alarm_at__isnull=True)
    return found.filter(~Exists(rings)).select_related("account", "contact").order_by("waiting_since")


def late_conversations(actor: Membership, now: datetime) -> QuerySet[Conversation]:
    """Return the conversations whose promised answer is late, for lists to go on from. The index serves it."""
    found = Conversation.objects.filter(team=actor.team_id, state=ConversationState.OPEN, answer_due_at__lt=now)
    return found.filter(account__in=accounts_of(actor))


def calls_of(actor: Membership, size: int = 50) -> list[AlarmCall]:
    """Return what was told of alarms, newest first. One query."""
    found = AlarmCall.objects.filter(team=actor.team_id, alarm__account__in=accounts_of(actor))
    return list(found.select_related("alarm__account", "alarm__conversation").order_by("-created_at")[:size])


def rules_of(team_id: UUID) -> list[RoutingRule]:
    """Return the rules of routing with the members they name, in their order. Two queries."""
    return list(
        RoutingRule.objects.filter(team=team_id).select_related("account").prefetch_related("named__member__user")
    )


def mergeable(conversation: Conversation, size: int = 10) -> list[Conversation]:
    """Return what this conversation could be merged with: the same person on the same account. One query."""
    if conversation.contact_id is None:
        return []
    others = Conversation.objects.filter(
        team=conversation.team_id, account=conversation.account_id, contact=conversation.contact_id,
        private=conversation.private, merged_into__isnull=True,
    ).exclude(id=conversation.id)  # fmt: skip
    return list(others.order_by("-last_message_at")[:size])


def told_of(entry: Entry) -> dict[str, Any]:
    """Return an entry that is a trace as plain values."""
    item = entry.item
    return {"kind": item.kind, "data": item.data} if isinstance(item, Trace) else {}
