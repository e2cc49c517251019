"""What was found by a search, beside what was written to us."""

from collections.abc import Sequence
from datetime import datetime

from pluralis.core.conversation import FOUND, after_incoming
from pluralis.core.states import ConversationState
from pluralis.inbox.models import Conversation, Message, NetworkSearch
from pluralis.inbox.searching import is_search
from pluralis.networks.contract import Incoming
from pluralis.teams.models import Account


def search_of(account: Account, stream: str) -> NetworkSearch | None:
    """Return the search behind a stream, resting or not, ``None`` for every other stream. At most one query."""
    if not is_search(stream):
        return None
    return NetworkSearch.objects.filter(account=account, stream=stream).first()


def without_ours(account: Account, messages: Sequence[Incoming]) -> Sequence[Incoming]:
    """Return what none of the team's own accounts wrote. One query."""
    place = Account.objects.filter(team=account.team_id, network=account.network, host=account.host)
    ours = set(place.values_list("remote_id", flat=True))
    return [each for each in messages if each.author.remote_id not in ours]


def raise_found(account: Account, messages: Sequence[Incoming], now: datetime) -> list[Conversation]:
    """Hear that messages which a search had found were written to us: they wait for an answer after all.

    Returns the conversations that open, changed on the rows at hand for the caller to save. One query where there is
    nothing of the kind.
    """
    kinds = {each.reference.remote_id: each.kind for each in messages if each.kind not in FOUND}
    if not kinds:
        return []
    found = list(Message.objects.filter(account=account, remote_id__in=kinds, kind__in=FOUND))
    if not found:
        return []
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact").order_by("id")
    conversations = rows.in_bulk({each.conversation_id for each in found})
    for message in found:
        message.kind = kinds[message.remote_id or ""]
        message.save(update_fields=["kind"])
        _open(conversations[message.conversation_id], message, now)
    return [each for each in conversations.values() if each.state == ConversationState.OPEN]


def _open(conversation: Conversation, message: Message, now: datetime) -> None:
    until = conversation.contact.do_not_engage_until if conversation.contact is not None else None
    closed = until is not None and until > now
    conversation.state = after_incoming(ConversationState(conversation.state), do_not_engage=closed)
    conversation.kind = message.kind
    if conversation.state == ConversationState.OPEN:
        conversation.waiting_since = conversation.waiting_since or message.created_at
