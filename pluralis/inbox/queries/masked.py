"""A conversation as a member may read it. Pages and programs read conversations through here only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pluralis.inbox.masking import hide, may_ask, sees_data
from pluralis.inbox.models import Conversation, ConversationLink, HandOver, LegalHold, Message, Offer, Unmasking
from pluralis.inbox.queries.conversations import Whole, whole_conversation
from pluralis.teams.models import Membership


@dataclass(frozen=True, slots=True)
class Readable:
    """A conversation with everything in it, as far as the member may see it.

    ``hidden`` says that personal data is masked for them, ``may_look`` that they may ask to see it.
    """

    whole: Whole
    hidden: bool
    may_look: bool

    @property
    def messages(self) -> list[Message]:
        """The messages, oldest first."""
        return self.whole.messages


def read_conversation(actor: Membership, conversation: Conversation, now: datetime) -> Readable:
    """Return a conversation for a member. Three queries."""
    whole = whole_conversation(conversation)
    sees = sees_data(actor, conversation, now)
    hidden = False if sees else hide(whole.messages)
    return Readable(whole, hidden, hidden and may_ask(actor, conversation))


@dataclass(frozen=True, slots=True)
class Around:
    """What else belongs to a conversation: where it came from and went on, its open case, what was offered of it."""

    came_from: list[ConversationLink]
    went_on: list[ConversationLink]
    case: HandOver | None
    offers: list[Offer]


def around(conversation: Conversation) -> Around:
    """Return what belongs to a conversation. Four queries."""
    links = ConversationLink.objects.select_related("source__account", "target__account").order_by("made_at")
    cases = HandOver.objects.filter(conversation=conversation, closed_at__isnull=True)
    offers = Offer.objects.filter(message__conversation=conversation, state=Offer.State.OPEN)
    return Around(
        came_from=list(links.filter(target=conversation)),
        went_on=list(links.filter(source=conversation)),
        case=cases.select_related("made_by__user").first(),
        offers=list(offers.select_related("account", "message").order_by("offered_at")),
    )


def who_looked(conversation: Conversation, most: int = 20) -> list[Unmasking]:
    """Return who asked to see a conversation's personal data, newest first. One query."""
    return list(conversation.unmaskings.select_related("member__user").order_by("-at")[:most])


def standing_hold(contact_id: UUID | None, now: datetime) -> LegalHold | None:
    """Return the legal hold that keeps a contact's data now. One query."""
    held = LegalHold.objects.filter(contact=contact_id, lifted_at__isnull=True, until__gt=now)
    return held.select_related("made_by__user").first()
