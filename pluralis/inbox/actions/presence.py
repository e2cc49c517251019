"""Who looks at a conversation and who writes in it, for as long as their page says so."""

from datetime import datetime, timedelta
from uuid import UUID

from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions.claiming import touch
from pluralis.inbox.actions.following import look_because_shown
from pluralis.inbox.models import Presence
from pluralis.teams.access import Ability, may
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership

LASTS = timedelta(seconds=45)
LOOKING, TYPING, GONE = "looking", "typing", "gone"
DOING = (LOOKING, TYPING, GONE)


def be_present(*, actor: Membership, conversation_id: UUID, doing: str, now: datetime) -> bool:
    """Say what one does with a conversation; it holds for 45 seconds. Returns whether others see a difference.

    Only a difference is told to other pages: a page that repeats itself every twenty seconds is silent.
    """
    conversation = access_conversation(actor, conversation_id)
    mine = Presence.objects.filter(conversation=conversation, member=actor)
    before = mine.filter(until__gt=now).values_list("doing", flat=True).first()
    if doing == GONE:
        mine.delete()
    else:
        values = {"team_id": actor.team_id, "doing": doing, "until": now + LASTS}
        Presence.objects.update_or_create(conversation=conversation, member=actor, defaults=values)
        if doing == TYPING and may(actor, Ability.ANSWER):
            touch(conversation.id, actor, now)
    after = None if doing == GONE else doing
    if before is None and after is not None:
        look_because_shown(conversation, now)
    if before != after:
        note_change(actor.team_id, f"presence:{conversation.id}")
    return before != after


def forget_presences(*, now: datetime) -> int:
    """Remove what expired more than an hour ago; returns how many rows went."""
    return Presence.objects.filter(until__lt=now - timedelta(hours=1)).delete()[0]
