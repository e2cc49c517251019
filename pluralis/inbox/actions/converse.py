"""Answering: the words go the road of every post, and the conversation waits once they stand on the network."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.conversation import after_answer
from pluralis.core.replies import ReplyKind
from pluralis.core.searching import indexed
from pluralis.core.states import ConversationState
from pluralis.inbox.access import access_conversation, access_message
from pluralis.inbox.actions.claiming import already_claimed, hold_to_answer
from pluralis.inbox.actions.promising import keep_answered
from pluralis.inbox.actions.replying import (
    draft_of,
    kind_of,
    link_conversations,
    note_override,
    note_reply,
    place_answer,
    speaking_account,
)
from pluralis.inbox.initials import signed_text
from pluralis.inbox.models import Conversation, ConversationLink, Message, Reply
from pluralis.inbox.reading import personal_data_in
from pluralis.posts.actions import create_post
from pluralis.publishing.actions import Plan, schedule_post
from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, NotFound
from pluralis.teams.models import Membership


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was typed: to which message, in which words, for whom.

    ``kind`` is *private*, *open* or *community* and outranks ``private``; ``form`` is the form of a reply for
    everyone. ``account_id`` names another account of ours that answers, on the same network.
    """

    message_id: UUID
    text: str
    private: bool = False
    media_ids: tuple[UUID, ...] = ()
    language: str = ""
    kind: str = ""
    form: str = ""
    account_id: UUID | None = None


def answer(
    *, actor: Membership, conversation_id: UUID, given: Answer, plan: Plan, client_key: str, now: datetime
) -> Message:
    """Send an answer along the same road as every post; it stands in the conversation at once, marked as on its way.

    The same ``client_key`` again returns the same answer. Raises what scheduling raises, and :class:`Conflict`
    when somebody else has claimed the conversation or the contact is closed.
    """
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    message = access_message(actor, given.message_id, Ability.ANSWER)
    if message.conversation_id != conversation.id:
        raise NotFound("message")
    with transaction.atomic():
        # Two who answer at once come one after the other, so that the second is asked.
        Conversation.objects.select_for_update(no_key=True).only("id").get(id=conversation.id)
        conversation = access_conversation(actor, conversation.id, Ability.ANSWER)
        _check_may_answer(actor, conversation, now)
        account = speaking_account(actor, conversation, given.account_id)
        kind = kind_of(given.kind, given.private, message)
        placed = place_answer(conversation, message, kind, given.form, account, now)
        text = signed_text(given.text, account, actor, private=placed.kind is ReplyKind.PRIVATE)
        draft = draft_of(placed, text, given.media_ids, given.language)
        post = create_post(actor=actor, draft=draft, client_key=client_key, now=now)
        delivery = schedule_post(
            actor=actor, post_id=post.id, account_ids=[account.id], plan=plan, client_key=client_key, now=now
        )[0]
        part = delivery.parts.get(position=0)
        kept = _show(actor, placed.conversation, message, part, now)
        note_reply(placed, part, actor=actor, now=now)
        note_override(placed, part, plan.confirmed.override_reason, actor=actor, now=now)
        link_conversations(conversation, placed.conversation, ConversationLink.Why.PRIVATE, actor=actor, now=now)
        hold_to_answer(conversation, actor, now)
        if placed.conversation.id != conversation.id:
            # What goes on in private is theirs too: else a colleague finds it open and answers beside them.
            hold_to_answer(placed.conversation, actor, now)
        _note(actor, conversation, "answered", now, part=kept.part_id, kind=placed.kind.value,
              proposed=placed.proposal.kind.value)  # fmt: skip
    return kept


def _check_may_answer(actor: Membership, conversation: Conversation, now: datetime) -> None:
    contact = conversation.contact
    if contact is not None and contact.do_not_engage_until is not None and contact.do_not_engage_until > now:
        raise Conflict(
            "do_not_engage",
            _("Your team decided not to answer this person: %(reason)s") % {"reason": contact.do_not_engage_reason},
            kept=_("What you typed is kept."),
            next_step=_("A lead can end this on the contact."),
        )
    if conversation.assigned_to_id not in (None, actor.id):
        raise already_claimed(conversation)


def _show(actor: Membership, conversation: Conversation, message: Message, part: Part, now: datetime) -> Message:
    kept, _created = Message.objects.get_or_create(
        part=part,
        defaults={
            "team_id": actor.team_id,
            "account_id": part.account_id,
            "conversation": conversation,
            "author": actor,
            "personal_data": personal_data_in(part.text, part.account),
            "direction": "out",
            "kind": _kind_shown(part),
            "text": part.text,
            "search_text": indexed(part.text),
            "in_reply_to_id": message.remote_id or "",
            "created_at": now,
            "received_at": now,
        },
    )
    return kept


def _kind_shown(part: Part) -> str:
    post = part.delivery.post
    if post.visibility == "direct":
        return "direct"
    return "reply" if post.reply_to else "community"


def answer_was_sent(*, part: Part, now: datetime) -> None:
    """Hear that a part stands on the network: an answer makes it their turn."""
    message = Message.objects.select_related("conversation").filter(part=part).first()
    if message is None:
        return
    message.remote_id, message.url = part.remote_id, part.url
    # A network's own instant may be whole seconds, or of a clock behind ours: no answer stands before its question.
    message.created_at = max(part.sent_at or now, message.received_at)
    message.reference = {"remote_id": part.remote_id, "extra": part.remote}
    message.save(update_fields=["remote_id", "url", "created_at", "reference"])
    _their_turn(message.conversation_id, message, now, shown=1)
    asked = Reply.objects.filter(part=part).values_list("message__conversation_id", flat=True).first()
    if asked is not None and asked != message.conversation_id:
        # Answered privately, or from another account: what they asked where all could read it waits too.
        _their_turn(asked, message, now, shown=0)


def _their_turn(conversation_id: UUID, message: Message, now: datetime, *, shown: int) -> None:
    conversation = Conversation.objects.select_for_update().get(id=conversation_id)
    conversation.state = after_answer(ConversationState(conversation.state))
    conversation.waiting_since = None
    conversation.last_message_at = max(conversation.last_message_at, message.created_at)
    conversation.message_count += shown
    conversation.save(update_fields=["state", "waiting_since", "last_message_at", "message_count"])
    keep_answered(conversation, message.author, message.created_at, now)
    topics = (f"conversation:{conversation.id}", f"inbox:{conversation.account_id}", "inbox")
    note_change(conversation.team_id, *topics)


def answer_changed(*, part: Part, now: datetime) -> None:
    """Hear that something happened to a part that is an answer: its conversation shows it."""
    conversation_id = Message.objects.filter(part=part).values_list("conversation_id", flat=True).first()
    if conversation_id is not None:
        note_change(part.team_id, f"conversation:{conversation_id}")


def _note(actor: Membership, conversation: Conversation, what: str, now: datetime, **data: object) -> None:
    audit.note(f"inbox.conversation.{what}", team_id=actor.team_id, actor=actor, about=conversation, now=now, **data)
    note_change(actor.team_id, f"conversation:{conversation.id}", f"inbox:{conversation.account_id}", "inbox")
