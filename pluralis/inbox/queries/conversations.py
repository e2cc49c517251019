"""What is read about the inbox: lists, counts, a conversation with everything in it. Queries are counted in tests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from pluralis.core.folding import fold
from pluralis.core.states import ConversationState
from pluralis.inbox.actions.ingest import ours_above
from pluralis.inbox.models import Conversation, Cursor, Gap, Message
from pluralis.publishing.models import Part
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the inbox is shown. ``mine`` is what the actor holds, ``words`` a search over texts and people."""

    state: str = ConversationState.OPEN
    account_id: UUID | None = None
    mine: bool = False
    unassigned: bool = False
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of conversations, newest first; ``older_than`` asks for the next one, ``None`` at the end."""

    conversations: list[Conversation]
    older_than: tuple[datetime, UUID] | None


def inbox_page(actor: Membership, wanted: Filter, older_than: tuple[datetime, UUID] | None = None) -> Page:
    """Return a page of the inbox. One query, with the people and accounts in it."""
    found = _filtered(actor, wanted).select_related("account", "contact", "assigned_to__user")
    if older_than is not None:
        at, last_id = older_than
        found = found.filter(Q(last_message_at__lt=at) | Q(last_message_at=at, id__lt=last_id))
    rows = list(found.order_by("-last_message_at", "-id")[: PAGE + 1])
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], (more.last_message_at, more.id) if more else None)


def counts(actor: Membership) -> dict[str, int]:
    """Return how many conversations stand in each state, and how many are the actor's. One query."""
    states = {each.value: Count("id", filter=Q(state=each)) for each in ConversationState}
    mine = Count("id", filter=Q(assigned_to=actor) & ~Q(state=ConversationState.RESOLVED))
    return _visible(actor).aggregate(**states, mine=mine)


def _visible(actor: Membership) -> QuerySet[Conversation]:
    return Conversation.objects.filter(team=actor.team_id, account__in=accounts_of(actor, released=True))


def _filtered(actor: Membership, wanted: Filter) -> QuerySet[Conversation]:
    found = _visible(actor)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.account_id is not None:
        found = found.filter(account=wanted.account_id)
    if wanted.mine:
        found = found.filter(assigned_to=actor)
    if wanted.unassigned:
        found = found.filter(assigned_to__isnull=True)
    if wanted.label:
        found = found.filter(label=wanted.label)
    if wanted.words.strip():
        found = found.filter(_says(actor, wanted.words))
    return found


def _says(actor: Membership, words: str) -> Q:
    """Match conversations that hold the words, or whose person's name or handle begins with them."""
    folded = fold(words.replace("\x00", ""))
    # Written as the index is, so that the index serves it; the words are a parameter.
    match = RawSQL("to_tsvector('simple', search_text) @@ plainto_tsquery('simple', %s)", [folded], BooleanField())
    saying = Message.objects.filter(match, team=actor.team_id)
    handle = folded.lstrip("@")
    people = Q(contact__profiles__handle__istartswith=handle) | Q(contact__name__istartswith=handle)
    by_person = Conversation.objects.filter(people, team=actor.team_id).values("id")
    return Q(id__in=saying.values("conversation_id")) | Q(id__in=by_person)


@dataclass(frozen=True, slots=True)
class Whole:
    """A conversation with everything in it, oldest first; ``ours`` are the posts of ours it answers."""

    conversation: Conversation
    messages: list[Message]
    ours: list[Part]


def whole_conversation(conversation: Conversation) -> Whole:
    """Return a conversation's messages with their people and the state of our answers. Two queries."""
    messages = conversation.messages.select_related("profile", "author__user", "part").order_by("created_at", "id")
    return Whole(conversation, list(messages), ours_above(conversation))


def last_incoming(conversation: Conversation) -> Message | None:
    """Return the message an answer answers. One query."""
    incoming = conversation.messages.filter(direction="in").select_related("profile")
    return incoming.order_by("-created_at", "-id").first()


def earlier_conversations(conversation: Conversation, size: int = 10) -> list[Conversation]:
    """Return what else this person wrote to us, newest first. One query."""
    if conversation.contact_id is None:
        return []
    others = Conversation.objects.filter(team=conversation.team_id, contact=conversation.contact_id)
    return list(others.exclude(id=conversation.id).select_related("account").order_by("-last_message_at")[:size])


def seen_until(account_ids: Iterable[UUID]) -> list[Cursor]:
    """Return how far each stream was read, and why one cannot be. One query."""
    return list(
        Cursor.objects.filter(account__in=list(account_ids)).select_related("account").order_by("account", "stream")
    )


def open_gaps(team_id: UUID) -> list[Gap]:
    """Return stretches that could not be read yet. One query."""
    return list(Gap.objects.filter(team=team_id, filled_at__isnull=True).select_related("account"))
