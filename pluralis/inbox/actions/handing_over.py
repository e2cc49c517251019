"""A conversation goes on outside: by e-mail, by telephone, at an appointment; a reminder brings it back."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pluralis.core.states import ConversationState
from pluralis.inbox.access import access_conversation
from pluralis.inbox.models import Conversation, HandOver
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Membership

LONGEST = timedelta(days=366)
# Letters and digits that nobody mistakes for another on the telephone.
_CLEAR = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_OPEN, _SNOOZED, _RESOLVED = ConversationState.OPEN, ConversationState.SNOOZED, ConversationState.RESOLVED


def hand_over(
    *, actor: Membership, conversation_id: UUID, channel: str, remind_at: datetime, now: datetime
) -> HandOver:
    """Let a conversation go on outside under a case number; it sleeps until ``remind_at`` or until they write.

    A conversation has one open case; handing it over again changes the channel and the reminder.
    """
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    if channel not in HandOver.Channel.values:
        raise Invalid("unknown_channel", _("There is no such way."), fields={"channel": _("Choose one of the list.")})
    if not now < remind_at <= now + LONGEST:
        raise Invalid("bad_time", _("The reminder needs a time within a year."),
                      fields={"remind_at": _("Choose a later time.")})  # fmt: skip
    with transaction.atomic():
        locked = Conversation.objects.select_for_update().get(id=conversation.id)
        case = _case(locked, actor, channel, remind_at, now)
        if locked.state in (_OPEN, ConversationState.WAITING):
            locked.state, locked.snoozed_until = _SNOOZED, remind_at
            locked.save(update_fields=["state", "snoozed_until"])
        audit.note("inbox.conversation.handed_over", team_id=actor.team_id, actor=actor, about=conversation, now=now,
                   channel=channel, case=case.case_number)  # fmt: skip
        _tell(conversation)
    return case


def close_case(*, actor: Membership, conversation_id: UUID, now: datetime) -> HandOver:
    """Say that the matter outside is done: the case is closed and the conversation open again, to be told."""
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    with transaction.atomic():
        case = HandOver.objects.select_for_update().filter(conversation=conversation, closed_at__isnull=True).first()
        if case is None:
            raise NotFound("case")
        case.closed_at, case.closed_by = now, actor
        case.save(update_fields=["closed_at", "closed_by"])
        Conversation.objects.filter(id=conversation.id, state=_SNOOZED).update(state=_OPEN, snoozed_until=None)
        audit.note("inbox.conversation.case_closed", team_id=actor.team_id, actor=actor, about=conversation, now=now,
                   case=case.case_number)  # fmt: skip
        _tell(conversation)
    return case


def remind_of_cases(*, now: datetime) -> int:
    """Bring back the conversations whose reminder is due, resolved ones too; returns how many."""
    due = HandOver.objects.filter(remind_at__lte=now, reminded_at__isnull=True, closed_at__isnull=True)
    count = 0
    for case in due.select_related("conversation").order_by("remind_at")[:500]:
        with transaction.atomic():
            if not HandOver.objects.filter(id=case.id, reminded_at__isnull=True).update(reminded_at=now):
                continue
            asleep = Conversation.objects.filter(id=case.conversation_id, state__in=(_SNOOZED, _RESOLVED))
            asleep.update(state=_OPEN, snoozed_until=None, waiting_since=now)
            audit.note("inbox.conversation.case_reminded", team_id=case.team_id, about=case.conversation, now=now,
                       case=case.case_number)  # fmt: skip
            _tell(case.conversation)
            count += 1
    return count


def _case(
    conversation: Conversation, actor: Membership, channel: str, remind_at: datetime, now: datetime
) -> HandOver:
    standing = HandOver.objects.filter(conversation=conversation, closed_at__isnull=True).first()
    if standing is not None:
        standing.channel, standing.remind_at, standing.reminded_at = channel, remind_at, None
        standing.save(update_fields=["channel", "remind_at", "reminded_at"])
        return standing
    for _try in range(5):
        try:
            with transaction.atomic():
                return HandOver.objects.create(
                    team_id=conversation.team_id, conversation=conversation, channel=channel,
                    case_number=_number(now), remind_at=remind_at, made_by=actor, made_at=now,
                )  # fmt: skip
        except IntegrityError:
            continue
    raise Conflict("no_case_number", _("No free case number was found."), next_step=_("Try again."))


def _number(now: datetime) -> str:
    """Return a number that can be said on the telephone and tells nothing of how many there are: 26-K7QF-3M2."""
    drawn = "".join(secrets.choice(_CLEAR) for _ in range(7))
    return f"{now:%y}-{drawn[:4]}-{drawn[4:]}"


def _tell(conversation: Conversation) -> None:
    topics = (f"conversation:{conversation.id}", f"inbox:{conversation.account_id}", "inbox")
    note_change(conversation.team_id, *topics)
