"""Merging conversations that are one, splitting one that is two, and taking either back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from pluralis.core.states import ConversationState
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.tracing import trace
from pluralis.inbox.models import Conversation, Message, Note, Regrouping
from pluralis.inbox.reading import masked_text
from pluralis.teams import audit
from pluralis.teams.access import Ability, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.ids import new_id
from pluralis.teams.models import Membership

_KEPT = ("state", "label", "urgency", "personal_data", "excerpt", "waiting_since", "answer_due_at", "resolve_due_at",
         "alarm_at", "snoozed_until", "assigned_to_id", "assigned_at", "contact_id", "language")  # fmt: skip
_INSTANTS = {"waiting_since", "answer_due_at", "resolve_due_at", "alarm_at", "snoozed_until", "assigned_at"}
_SAVED = [name.removesuffix("_id") for name in _KEPT]


@transaction.atomic
def merge_conversations(*, actor: Membership, conversation_id: UUID, into_id: UUID, now: datetime) -> Regrouping:
    """Put all of one conversation into another of the same account; what is due soonest and who holds it stay.

    What is written to the first from now on arrives in the second. Raises :class:`Invalid` for two accounts, or
    for a private and a public one: an answer must never land where it was not meant.
    """
    source, target = _two(actor, conversation_id, into_id)
    _check_mergeable(source, target)
    moved = [str(each) for each in source.messages.values_list("id", flat=True)]
    notes = [str(each) for each in source.notes.values_list("id", flat=True)]
    before = {"source": _kept(source), "target": _kept(target)}
    Message.objects.filter(conversation=source).update(conversation=target)
    Note.objects.filter(conversation=source).update(conversation=target)
    Conversation.objects.filter(merged_into=source).update(merged_into=target)
    _take_over(target, source)
    source.state, source.merged_into = ConversationState.RESOLVED, target
    source.waiting_since = source.answer_due_at = source.alarm_at = None
    source.message_count = 0
    source.save(update_fields=["state", "merged_into", "waiting_since", "answer_due_at", "alarm_at", "message_count"])
    _recount(target)
    made = _make(actor, Regrouping.Kind.MERGE, source, target, now)
    made.message_ids, made.note_ids, made.before = moved, notes, before
    made.save(update_fields=["message_ids", "note_ids", "before"])
    trace(target, "merged", now=now, actor=actor, messages=len(moved), regrouping=made.id)
    _note(actor, made, "merged", now)
    return made


@transaction.atomic
def split_conversation(
    *, actor: Membership, conversation_id: UUID, message_ids: Sequence[UUID], now: datetime
) -> Regrouping:
    """Move chosen messages into a conversation of their own, which is open and held by nobody."""
    source = _locked(access_conversation(actor, conversation_id, Ability.ANSWER).id)
    chosen = list(source.messages.filter(id__in=list(message_ids)).select_related("profile").order_by("created_at"))
    first = next((each for each in chosen if each.direction == "in"), None)
    staying = source.messages.exclude(id__in=[each.id for each in chosen]).filter(direction="in")
    if first is None or not staying.exists():
        raise Invalid(
            "nothing_to_split",
            _("At least one message of theirs must go, and one must stay."),
            kept=_("Nothing was changed."),
            next_step=_("Choose the messages that are about something else."),
        )
    before = {"source": _kept(source)}
    target = _new_from(source, first, now)
    Message.objects.filter(id__in=[each.id for each in chosen]).update(conversation=target)
    for each in (source, target):
        _recount(each)
    made = _make(actor, Regrouping.Kind.SPLIT, source, target, now)
    made.message_ids, made.before = [str(each.id) for each in chosen], before
    made.save(update_fields=["message_ids", "before"])
    trace(source, "split", now=now, actor=actor, messages=len(chosen), regrouping=made.id, other=target.id)
    trace(target, "split_off", now=now, actor=actor, other=source.id)
    _note(actor, made, "split", now)
    return made


@transaction.atomic
def undo_regrouping(*, actor: Membership, regrouping_id: UUID, now: datetime) -> Conversation:
    """Take a merge or a split back: every message is where it was. What came in since stays where it arrived.

    Taking back is no move between states: both stand as they stood, unless somebody wrote in the meantime.
    """
    made = Regrouping.objects.select_for_update().filter(team=actor.team_id, id=valid_id(regrouping_id)).first()
    if made is None:
        raise NotFound("regrouping")
    source, target = _two(actor, made.source_id, made.target_id)
    if made.undone_at is not None:
        return source
    merge = made.kind == Regrouping.Kind.MERGE
    if (source.merged_into_id != target.id) if merge else target.merged_into_id is not None:
        raise Conflict("regrouped_again", _("They have been regrouped since."), kept=_("Nothing was changed."),
                       next_step=_("Take the later change back first."))  # fmt: skip
    quiet = not Message.objects.filter(conversation__in=[source, target], received_at__gt=made.made_at).exists()
    back = Message.objects.filter(conversation=target)
    (back.filter(id__in=made.message_ids) if merge else back).update(conversation=source)
    Note.objects.filter(conversation=target, id__in=made.note_ids).update(conversation=source)
    _stand_as_before(made, source, target, quiet)
    made.undone_at = now
    made.save(update_fields=["undone_at"])
    trace(source, "regrouping_undone", now=now, actor=actor)
    _note(actor, made, "regrouping_undone", now)
    return source


def _stand_as_before(made: Regrouping, source: Conversation, target: Conversation, quiet: bool) -> None:
    if made.kind == Regrouping.Kind.MERGE:
        source.merged_into = None
        _restore(source, made.before["source"])
        if quiet:
            _restore(target, made.before["target"])
    else:
        target.merged_into, target.state = source, ConversationState.RESOLVED
        target.waiting_since = target.answer_due_at = target.alarm_at = None
        target.save(update_fields=["merged_into", *_SAVED])
        if quiet:
            _restore(source, made.before["source"])
    for each in (source, target):
        _recount(each)


def _two(actor: Membership, first_id: UUID, second_id: UUID) -> tuple[Conversation, Conversation]:
    """Return both, locked in the order of their ids, so that two who merge crosswise do not wait for each other."""
    for each in (first_id, second_id):
        access_conversation(actor, each, Ability.ANSWER)
    found = {each.id: each for each in _lock([valid_id(first_id), valid_id(second_id)])}
    if len(found) != 2:
        raise Invalid("same_conversation", _("A conversation cannot be merged with itself."))
    return found[valid_id(first_id)], found[valid_id(second_id)]


def _lock(ids: Iterable[UUID]) -> list[Conversation]:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("account", "contact")
    return list(rows.filter(id__in=list(ids)).order_by("id"))


def _locked(conversation_id: UUID) -> Conversation:
    return _lock([conversation_id])[0]


def _check_mergeable(source: Conversation, target: Conversation) -> None:
    if source.account_id != target.account_id:
        raise Invalid("two_accounts", _("They were written to two accounts."), kept=_("Nothing was changed."),
                      next_step=_("An answer goes out from one account: answer each there."))  # fmt: skip
    if source.private != target.private:
        raise Invalid("private_and_public", _("One is private and the other public."), kept=_("Nothing was changed."),
                      next_step=_("Keep them apart, so that no private word is answered in public."))  # fmt: skip
    if source.merged_into_id or target.merged_into_id:
        raise Conflict("merged_already", _("Somebody else has merged it already."), kept=_("Nothing was changed."),
                       next_step=_("Look at it again."))  # fmt: skip


def _take_over(target: Conversation, source: Conversation) -> None:
    """Let the target stand where the more pressing of the two stood."""
    if ConversationState.OPEN in (source.state, target.state):
        target.state, target.snoozed_until = ConversationState.OPEN, None
    for name in ("waiting_since", "answer_due_at", "resolve_due_at", "alarm_at"):
        known = [each for each in (getattr(source, name), getattr(target, name)) if each is not None]
        setattr(target, name, min(known, default=None))
    target.personal_data = target.personal_data or source.personal_data
    target.urgency = max(target.urgency, source.urgency)
    if target.assigned_to_id is None:
        target.assigned_to_id, target.assigned_at = source.assigned_to_id, source.assigned_at
    target.save(update_fields=_SAVED)


def _recount(conversation: Conversation) -> None:
    """Bring what the list shows in step with the messages."""
    newest = conversation.messages.order_by("-created_at", "-id").first()
    incoming = conversation.messages.filter(direction="in").order_by("-created_at", "-id").first()
    conversation.message_count = conversation.messages.count()
    if newest is not None:
        conversation.last_message_at = newest.created_at
    if incoming is not None:
        conversation.excerpt = masked_text(incoming.text, incoming.personal_data)[:280]
        conversation.language = incoming.language
    conversation.save(update_fields=["message_count", "last_message_at", "excerpt", "language"])


def _new_from(source: Conversation, first: Message, now: datetime) -> Conversation:
    waits = source.state == ConversationState.OPEN
    return Conversation.objects.create(
        team_id=source.team_id, account_id=source.account_id, key=f"split:{new_id()}",
        contact_id=first.profile.contact_id if first.profile else source.contact_id,
        private=source.private, label=str(first.triage.get("label", ""))[:16], urgency=source.urgency,
        personal_data=source.personal_data, language=first.language,
        waiting_since=first.created_at if waits else None,
        answer_due_at=source.answer_due_at if waits else None,
        last_message_at=first.created_at, created_at=now,
    )  # fmt: skip


def _kept(conversation: Conversation) -> dict[str, Any]:
    values = {name: getattr(conversation, name) for name in _KEPT}
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
        for name, value in values.items()
    }


def _restore(conversation: Conversation, kept: dict[str, Any]) -> None:
    for name in _KEPT:
        value = kept.get(name)
        setattr(conversation, name, parse_datetime(value) if name in _INSTANTS and value else value)
    conversation.save(update_fields=["merged_into", *_SAVED])


def _make(actor: Membership, kind: str, source: Conversation, target: Conversation, now: datetime) -> Regrouping:
    return Regrouping.objects.create(
        team_id=actor.team_id, kind=kind, source=source, target=target, made_by=actor, made_at=now
    )


def _note(actor: Membership, made: Regrouping, what: str, now: datetime) -> None:
    audit.note(f"inbox.conversation.{what}", team_id=actor.team_id, actor=actor, about=made, now=now,
               source=made.source_id, target=made.target_id)  # fmt: skip
    note_change(actor.team_id, "inbox", f"conversation:{made.source_id}", f"conversation:{made.target_id}")
