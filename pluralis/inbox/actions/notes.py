"""What the team says to itself in a conversation."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.mentions import Named, mentioned
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.claiming import touch
from pluralis.inbox.actions.tracing import notify
from pluralis.inbox.models import Conversation, Note, Notice
from pluralis.teams import audit
from pluralis.teams.access import Ability, may, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Forbidden, Invalid, NotFound
from pluralis.teams.models import Membership
from pluralis.teams.queries import members_of

LONGEST_NOTE = 10_000


@transaction.atomic
def add_note(*, actor: Membership, conversation_id: UUID, text: str, now: datetime) -> Note:
    """Write a note that never leaves the team; whoever it calls with an @ is told, if they may see it."""
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    words = text.replace("\x00", "").strip()[:LONGEST_NOTE]
    if not words:
        raise Invalid(
            "nothing_to_say", _("The note is empty."), fields={"text": _("Write what the team should know.")}
        )
    called = _called(actor, conversation, words)
    note = Note.objects.create(
        team_id=actor.team_id, conversation=conversation, author=actor, text=words,
        mentions=[str(each) for each in called], created_at=now,
    )  # fmt: skip
    for each in called:
        notify(each, Notice.Kind.MENTIONED, team_id=actor.team_id, now=now, conversation=conversation, actor=actor)
    touch(conversation.id, actor, now)
    audit.note("inbox.note.written", team_id=actor.team_id, actor=actor, about=note, now=now)
    note_change(actor.team_id, f"conversation:{conversation.id}")
    return note


@transaction.atomic
def remove_note(*, actor: Membership, note_id: UUID, now: datetime) -> Conversation:
    """Take one's own note back."""
    note = Note.objects.select_related("conversation").filter(team=actor.team_id, id=valid_id(note_id)).first()
    if note is None:
        raise NotFound("note")
    conversation = access_conversation(actor, note.conversation_id, Ability.ANSWER)
    if note.author_id != actor.id:
        raise Forbidden(Ability.ANSWER)
    audit.note("inbox.note.removed", team_id=actor.team_id, actor=actor, about=note, now=now)
    note.delete()
    note_change(actor.team_id, f"conversation:{conversation.id}")
    return conversation


def _called(actor: Membership, conversation: Conversation, text: str) -> list[UUID]:
    seats = [
        each for each in members_of(actor.team_id)
        if may(each, Ability.VIEW) or conversation.account.member_id == each.id
    ]  # fmt: skip
    people = [Named(each.id, each.user.name or each.user.email.split("@")[0], each.initials) for each in seats]
    return [each for each in mentioned(text, people) if isinstance(each, UUID)]
