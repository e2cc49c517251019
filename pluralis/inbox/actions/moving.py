"""Whose turn it is, as a person says: resolved, open again, put off until later."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pluralis.core.states import ConversationState, IllegalMove, check_conversation_move
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.promising import TeamTerms, end_alarm, keep_reopened, keep_resolved, set_due
from pluralis.inbox.actions.tracing import notify, trace
from pluralis.inbox.models import Conversation, Notice
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership

_S = ConversationState


def resolve_conversation(*, actor: Membership, conversation_id: UUID, now: datetime) -> Conversation:
    """Close a conversation until somebody writes again."""
    return _move(actor, conversation_id, _S.RESOLVED, now)


def reopen_conversation(*, actor: Membership, conversation_id: UUID, now: datetime) -> Conversation:
    """Open a conversation again; who had no answer yet waits as before."""
    return _move(actor, conversation_id, _S.OPEN, now)


def snooze_conversation(*, actor: Membership, conversation_id: UUID, until: datetime, now: datetime) -> Conversation:
    """Put a conversation off; it comes back at ``until``, or when they write."""
    if until <= now:
        raise Invalid("in_the_past", _("This time has passed."), next_step=_("Choose a later time."))
    return _move(actor, conversation_id, _S.SNOOZED, now, until)


def _move(
    actor: Membership, conversation_id: UUID, to: ConversationState, now: datetime, until: datetime | None = None
) -> Conversation:
    access_conversation(actor, conversation_id, Ability.ANSWER)
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update(of=("self",)).get(id=conversation_id)
        before = ConversationState(conversation.state)
        if before == to and to is not _S.SNOOZED:
            return conversation
        if before != to:
            _check_move(before, to)
        _carry_out(actor, conversation, to, now, until)
        trace(conversation, str(to), now=now, actor=actor, **({"until": until} if until else {}))
        _note(actor, conversation, str(to), now)
    return conversation


def _carry_out(
    actor: Membership, conversation: Conversation, to: ConversationState, now: datetime, until: datetime | None
) -> None:
    was_resolved = conversation.state == _S.RESOLVED
    conversation.state, conversation.snoozed_until = to, until
    if conversation.assigned_to_id == actor.id:
        conversation.acted_at = now
    if to is _S.RESOLVED:
        conversation.waiting_since = None
        keep_resolved(conversation, actor, now)
    elif to is _S.SNOOZED:
        conversation.alarm_at = None
        end_alarm(conversation, now)
    elif was_resolved:
        keep_reopened(conversation)
    conversation.save(update_fields=["state", "snoozed_until", "waiting_since", "alarm_at", "acted_at"])


def _check_move(before: ConversationState, to: ConversationState) -> None:
    try:
        check_conversation_move(before, to)
    except IllegalMove:
        raise Conflict("conversation_state", _("Somebody else has already moved this conversation."),
                       kept=_("Nothing was changed."), next_step=_("Look at it again.")) from None  # fmt: skip


def wake_snoozed(*, now: datetime) -> int:
    """Bring back the conversations whose time has come; returns how many. Who put it off is told."""
    due = Conversation.objects.select_related("account").filter(state=_S.SNOOZED, snoozed_until__lte=now)
    return sum(_wake(conversation, now) for conversation in due.order_by("snoozed_until")[:1000])


@transaction.atomic
def _wake(conversation: Conversation, now: datetime) -> int:
    asleep = Conversation.objects.filter(id=conversation.id, state=_S.SNOOZED, snoozed_until__lte=now)
    if not asleep.update(state=_S.OPEN, snoozed_until=None, waiting_since=Coalesce(F("waiting_since"), now)):
        return 0
    conversation.refresh_from_db()
    due = conversation.answer_due_at
    set_due(conversation, TeamTerms(conversation.team_id).of(conversation.account), conversation.created_at, now)
    # A promise that was running goes on running; whoever put it off has not kept it by that.
    conversation.answer_due_at = due or conversation.answer_due_at
    conversation.save(update_fields=["answer_due_at", "alarm_at", "resolve_due_at"])
    trace(conversation, "woken", now=now)
    if conversation.assigned_to_id:
        notify(conversation.assigned_to_id, Notice.Kind.BACK, team_id=conversation.team_id, now=now,
               conversation=conversation)  # fmt: skip
    note_change(conversation.team_id, f"conversation:{conversation.id}", f"inbox:{conversation.account_id}", "inbox")
    return 1


def _note(actor: Membership, conversation: Conversation, what: str, now: datetime, **data: object) -> None:
    audit.note(f"inbox.conversation.{what}", team_id=actor.team_id, actor=actor, about=conversation, now=now, **data)
    note_change(actor.team_id, f"conversation:{conversation.id}", f"inbox:{conversation.account_id}", "inbox")
