"""A conversation as a member may read it. Pages and programs read conversations through here only."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile
from uuid import UUID

from pluralis.inbox.masking import hide, may_ask, sees_data
from pluralis.inbox.models import Conversation, LegalHold, Message, Unmasking
from pluralis.inbox.queries.conversations import Whole, whole_conversation
from pluralis.inbox.queries.following import show_changes
from pluralis.teams.models import Membership

MOST_UNANSWERED = 30


@dataclass(frozen=True, slots=True)
class Readable:
    """A conversation with everything in it, as far as the member may see it.

    ``hidden`` says that personal data is masked for them, ``may_look`` that they may ask to see it. ``answers_to`` is
    the message that an answer answers and ``unanswered`` what they wrote since our last one, oldest first: both as
    they were written, whoever reads, for reckoning with and never for showing.
    """

    whole: Whole
    hidden: bool
    may_look: bool
    answers_to: Message | None
    unanswered: list[Message]

    @property
    def messages(self) -> list[Message]:
        """The messages, oldest first."""
        return self.whole.messages


def read_conversation(actor: Membership, conversation: Conversation, now: datetime) -> Readable:
    """Return a conversation for a member. At most three queries, and one for former words where something was edited;
    nobody asks who may see data where there is none."""
    whole = whole_conversation(conversation)
    has_data = any(each.personal_data or each.edited_at for each in whole.messages)
    incoming = [each for each in whole.messages if each.direction == "in" and each.deleted_at is None]
    answers_to, unanswered = (copy(incoming[-1]) if incoming else None), _unanswered(whole.messages)
    sees = not has_data or sees_data(actor, conversation, now)
    hidden = not sees and hide(whole.messages)
    hidden = show_changes(whole.messages, masked=not sees) or hidden
    return Readable(whole, hidden, hidden and may_ask(actor, conversation), answers_to, unanswered)


def _unanswered(messages: Sequence[Message]) -> list[Message]:
    since = takewhile(lambda each: each.direction != "out", reversed(messages))
    return [copy(each) for each in islice(since, MOST_UNANSWERED) if each.deleted_at is None][::-1]


def who_looked(conversation: Conversation, most: int = 20) -> list[Unmasking]:
    """Return who asked to see a conversation's personal data, newest first. One query."""
    return list(conversation.unmaskings.select_related("member__user").order_by("-at")[:most])


def standing_hold(contact_id: UUID | None, now: datetime) -> LegalHold | None:
    """Return the legal hold that keeps a contact's data now. One query."""
    held = LegalHold.objects.filter(contact=contact_id, lifted_at__isnull=True, until__gt=now)
    return held.select_related("made_by__user").first()
