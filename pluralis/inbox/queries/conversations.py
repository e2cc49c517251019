"""What is read about the inbox: lists, counts, a conversation with everything in it. Queries are counted in tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from pluralis.core.states import ConversationState
from pluralis.inbox.actions.ingest import ours_above
from pluralis.inbox.models import Conversation, Gap, Message
from pluralis.inbox.queries.filters import SHOWN, UNSHOWN, Filter, filtered, visible
from pluralis.inbox.queries.search import matching, search
from pluralis.publishing.models import Part
from pluralis.teams.models import Account, Membership
from pluralis.teams.together import Kept

PAGE = 30
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of conversations, newest first; ``older_than`` asks for the next one, ``None`` at the end.

    Where words are looked for, the order and the key are those of the newest hit in each.
    """

    conversations: list[Conversation]
    older_than: tuple[datetime, UUID] | None


class Known:
    """The members and accounts of a team that a page has read already."""

    def __init__(self, members: Sequence[Membership], accounts: Sequence[Account]) -> None:
        self._members = {each.id: each for each in members}
        self._accounts = {each.id: each for each in accounts}

    def join(self, rows: Sequence[Conversation]) -> None:
        """Put what is known into the rows. No query, one where an account is not known: it may be of the past."""
        unknown = {each.account_id for each in rows} - self._accounts.keys()
        if unknown:
            self._accounts |= Account.objects.in_bulk(unknown)
        for each in rows:
            each.account = self._accounts[each.account_id]
            if each.assigned_to_id in self._members:
                each.assigned_to = self._members[each.assigned_to_id]


def inbox_page(
    actor: Membership,
    wanted: Filter,
    older_than: tuple[datetime, UUID] | None = None,
    size: int = PAGE,
    known: Known | None = None,
) -> Page:
    """Return a page of the inbox. One query, with the people and accounts in it; a search takes some more.

    What of the members and accounts is ``known`` is not read again with every row; a row with somebody else, such as
    an account that was given up, has them read.
    """
    if wanted.words.strip():
        return Page(*search(actor, wanted, older_than, size))
    found = filtered(actor, wanted)
    found = (
        found.select_related(*SHOWN).defer(*UNSHOWN)
        if known is None
        else found.select_related("contact").defer(*(name for name in UNSHOWN if name.startswith("contact__")))
    )
    if older_than is not None:
        at, last_id = older_than
        # The first bound is for the index, which then begins where the page does.
        place = Q(last_message_at__lt=at) | Q(last_message_at=at, id__lt=last_id)
        found = found.filter(place, last_message_at__lte=at)
    rows = list(found.order_by("-last_message_at", "-id")[: size + 1])
    if known is not None:
        known.join(rows)
    more = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], (more.last_message_at, more.id) if more else None)


def counts(actor: Membership) -> dict[str, int]:
    """Return how many conversations stand in each state but resolved, and how many are the actor's. One query."""
    found = {each.value: 0 for each in ConversationState if each is not ConversationState.RESOLVED} | {"mine": 0}
    for state, number, mine in _BY_STATE.rows(actor):
        found[state] = number
        found["mine"] += mine
    return found


def _by_state(actor: Membership) -> QuerySet[Conversation, Any]:
    unresolved = visible(actor).exclude(state=ConversationState.RESOLVED).order_by()
    number, mine = Count("state"), Count("state", filter=Q(assigned_to=actor))
    return unresolved.values("state").annotate(number=number, mine=mine).values_list("state", "number", "mine")


_BY_STATE = Kept(_by_state)


def count_each(actor: Membership, wanted: Sequence[Filter], most: int = MOST_COUNTED) -> list[int]:
    """Return how many conversations each filter shows, up to ``most`` (then it is *most or more*). One query.

    Everything that filters commonly ask for stands in the index ``conversations_counted``.
    """
    if not wanted:
        return []
    pieces: list[str] = []
    values: list[Any] = []
    for each in wanted:
        found = filtered(actor, each)
        entries = matching(actor, each.words) if each.words.strip() else None
        if entries is not None:
            found = found.filter(id__in=entries.values("conversation_id"))
        sql, params = found.order_by().values("id")[:most].query.sql_with_params()
        pieces.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - the query is Django's own
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(pieces)}", values)
        return [int(number) for number in cursor.fetchone()]


@dataclass(frozen=True, slots=True)
class Whole:
    """A conversation with everything in it, oldest first; ``ours`` are the posts of ours it answers."""

    conversation: Conversation
    messages: list[Message]
    ours: list[Part]


def whole_conversation(conversation: Conversation) -> Whole:
    """Return a conversation's messages with their people and the state of our answers. At most two queries.

    The second one is for posts of ours, where a message answers anything at all.
    """
    found = conversation.messages.select_related("profile", "author__user", "part").order_by("created_at", "id")
    messages = list(found)
    answering = any(each.in_reply_to_id for each in messages)
    return Whole(conversation, messages, ours_above(conversation) if answering else [])


def last_incoming(conversation: Conversation) -> Message | None:
    """Return the message an answer answers: the last that stands. One query."""
    incoming = conversation.messages.filter(direction="in", deleted_at__isnull=True).select_related("profile")
    return incoming.order_by("-created_at", "-id").first()


def earlier_conversations(conversation: Conversation, size: int = 10) -> list[Conversation]:
    """Return what else this person wrote to us, newest first. One query."""
    if conversation.contact_id is None:
        return []
    others = Conversation.objects.filter(team=conversation.team_id, contact=conversation.contact_id)
    return list(others.exclude(id=conversation.id).select_related("account").order_by("-last_message_at")[:size])


def open_gaps(team_id: UUID) -> list[Gap]:
    """Return stretches that could not be read yet. One query."""
    return list(
        Gap.objects.filter(team=team_id, filled_at__isnull=True, given_up_at__isnull=True).select_related("account")
    )
