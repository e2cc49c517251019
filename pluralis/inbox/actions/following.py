"""What networks tell of messages that we have already: changed by their authors, deleted, or as they were."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from pluralis.core.following import is_stale, next_look
from pluralis.core.states import ConversationState
from pluralis.inbox.actions.promising import keep_withdrawn
from pluralis.inbox.actions.rows import update_rows
from pluralis.inbox.actions.tracing import trace
from pluralis.inbox.learnt import model_of
from pluralis.inbox.metering import is_metered
from pluralis.inbox.models import AnsweredQuestion, Conversation, LegalHold, Message, MessageRevision
from pluralis.inbox.reading import MessageReading, clean, masked_text, read_words
from pluralis.networks.contract import Incoming
from pluralis.networks.hearing import Follows, Standing
from pluralis.teams import audit
from pluralis.teams.changes import note_changes
from pluralis.teams.models import Account
from pluralis.teams.queries import network_of, privacy_of

MOST_SHOWN = 50
_LOOKED = ["followed_at", "follow_at"]
_EDITED = ["text", "search_text", "language", "triage", "personal_data", "media", "reference", "edited_at", *_LOOKED]
_DELETED = ["text", "search_text", "triage", "personal_data", "media", "deleted_at", *_LOOKED]
_TOLD = [
    "kind", "label", "urgency", "language", "excerpt", "personal_data", "waiting_since", "state", "snoozed_until",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Followed:
    """What a look brought: how many messages were changed and how many are gone."""

    edited: int = 0
    deleted: int = 0


def follows(account: Account) -> Follows | None:
    """Return the connector of an account that can look again at messages, ``None`` where none can. No query."""
    connector = network_of(account).connector
    return connector if isinstance(connector, Follows) else None


def first_looks(account: Account, now: datetime) -> Callable[[str, datetime], datetime | None]:
    """Return what tells when a message that has just come, of a kind and an age, is looked at again. No query."""
    connector, paid = follows(account), is_metered(account)
    followed = frozenset(connector.followed) if connector is not None else frozenset()

    def first(kind: str, written_at: datetime) -> datetime | None:
        return next_look(written_at=written_at, now=now, is_open=True, paid=paid) if kind in followed else None

    return first


def edits_in(account: Account, messages: Sequence[Incoming]) -> dict[UUID, Standing]:
    """Return what a page tells of messages that we have under an earlier id: they were edited. At most one query."""
    by_earlier = {earlier: each for each in messages for earlier in each.earlier}
    if not by_earlier:
        return {}
    known = Message.objects.filter(account=account, remote_id__in=by_earlier).values_list("id", "remote_id")
    return {key: _standing(by_earlier[remote_id]) for key, remote_id in known if remote_id is not None}


def _standing(incoming: Incoming) -> Standing:
    return Standing(
        text=incoming.text,
        media=incoming.media,
        language=incoming.language,
        reference=incoming.reference,
        edited_at=incoming.created_at,
    )


def record_looks(account: Account, told: Mapping[UUID, Standing], now: datetime) -> Followed:
    """Take over how messages stand, by their id; the same told again changes nothing.

    An edit keeps the former words as a revision and is read anew: language, sorting, personal data. A deletion
    empties the message, save where a legal hold keeps its words for the evidence; our answers stay.
    """
    readings = _readings(account, told)
    with transaction.atomic():
        _hold([key for key, each in told.items() if each.gone or key in readings])
        rows = Message.objects.select_for_update(of=("self",)).filter(account=account, id__in=told, direction="in")
        messages = list(rows.select_related("conversation").order_by("id"))
        gone = [each for each in messages if told[each.id].gone and each.deleted_at is None]
        edited = [each for each in messages if each.id in readings and _differs(each, told[each.id])]
        paid = is_metered(account)
        for each in messages:
            _looked(each, now, gone=told[each.id].gone, paid=paid)
        _edit(edited, told, readings, now)
        _delete(gone, now)
        same = {each.id for each in messages} - {each.id for each in [*gone, *edited]}
        update_rows([each for each in messages if each.id in same], _LOOKED)
        _bring_up_to_date(account, [*gone, *edited], now)
    return Followed(len(edited), len(gone))


def _hold(message_ids: Sequence[UUID]) -> None:
    """Lock the conversations of messages, before the messages as everybody does. One query, none without messages."""
    if message_ids:
        held = Conversation.objects.select_for_update(of=("self",)).filter(messages__in=message_ids)
        list(held.order_by("id").values_list("id", flat=True))


def _readings(account: Account, told: Mapping[UUID, Standing]) -> dict[UUID, MessageReading]:
    """Read those whose words differ, before the transaction that holds their rows."""
    words = {key: each for key, each in told.items() if not each.gone}
    known = Message.objects.filter(account=account, id__in=words)
    changed = [each for each in known.only("id", "text", "masked_at", "deleted_at") if _differs(each, words[each.id])]
    if not changed:
        return {}
    rules, model = privacy_of(account.team), model_of(account.team_id)
    return {
        each.id: read_words(words[each.id].text, words[each.id].language, account.language, rules, model)
        for each in changed
    }


def _differs(message: Message, standing: Standing) -> bool:
    """Whether a message says something else now. What we have masked ourselves can no longer be compared."""
    if standing.gone or message.masked_at is not None or message.deleted_at is not None:
        return False
    return clean(standing.text) != message.text


def _looked(message: Message, now: datetime, *, gone: bool, paid: bool) -> None:
    is_open = message.conversation.state in (ConversationState.OPEN, ConversationState.SNOOZED)
    again = next_look(written_at=message.created_at, now=now, is_open=is_open, paid=paid)
    message.followed_at, message.follow_at = now, None if gone or message.deleted_at else again


def _edit(
    messages: Sequence[Message], told: Mapping[UUID, Standing], readings: Mapping[UUID, MessageReading], now: datetime
) -> None:
    MessageRevision.objects.bulk_create(
        MessageRevision(
            team_id=each.team_id, message=each, text=each.text, personal_data=each.personal_data, seen_at=now
        )
        for each in messages
    )
    for each in messages:
        standing, reading = told[each.id], readings[each.id]
        each.text, each.search_text, each.language = reading.text, reading.search_text, reading.language
        each.triage, each.personal_data = reading.triage, reading.personal_data
        each.media = [{"url": one.url, "type": one.content_type, "alt": one.alt_text} for one in standing.media]
        each.edited_at = standing.edited_at or now
        if standing.reference is not None:
            each.reference = {
                "remote_id": standing.reference.remote_id, "extra": dict(standing.reference.extra),
            }  # fmt: skip
        audit.note("inbox.message.edited", team_id=each.team_id, about=each, now=now)
    update_rows(messages, _EDITED)


def _delete(messages: Sequence[Message], now: datetime) -> None:
    held = held_messages([each.id for each in messages], now)
    AnsweredQuestion.objects.filter(question__in=messages).delete()
    MessageRevision.objects.filter(message__in=[each.id for each in messages if each.id not in held]).delete()
    for each in messages:
        each.deleted_at, each.search_text = now, ""
        if each.id not in held:
            each.text, each.media, each.triage, each.personal_data = "", [], {}, []
        audit.note("inbox.message.deleted", team_id=each.team_id, about=each, now=now, held=each.id in held)
    update_rows(messages, _DELETED)


def held_messages(message_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Return which of the messages a legal hold keeps now. One query, none without messages."""
    if not message_ids:
        return set()
    holds = LegalHold.objects.filter(contact=OuterRef("conversation__contact"), lifted_at__isnull=True, until__gt=now)
    held = Message.objects.filter(Exists(holds), id__in=message_ids)
    return set(held.values_list("id", flat=True))


def empty_deleted(now: datetime) -> int:
    """Empty what was kept of deleted messages for a legal hold that has ended; returns how many."""
    kept = Message.objects.filter(deleted_at__isnull=False).exclude(text="").values_list("id", flat=True)
    ids = list(kept[:5_000])
    free = set(ids) - held_messages(ids, now)
    with transaction.atomic():
        MessageRevision.objects.filter(message__in=free).delete()
        nothing: dict[str, Any] = {"text": "", "media": [], "triage": {}, "personal_data": []}
        return Message.objects.filter(id__in=free).update(**nothing)


def _bring_up_to_date(account: Account, changed: Sequence[Message], now: datetime) -> None:
    """Let the conversations of changed messages say what their messages say now, and tell their pages."""
    if not changed:
        return
    ids = sorted({each.conversation_id for each in changed})
    conversations = Conversation.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id")
    for conversation in conversations:
        waited = conversation.waiting_since is not None
        somebody = _summarise(conversation)
        if not somebody or (waited and conversation.waiting_since is None):
            _let_go(conversation, now)
        conversation.save(update_fields=_TOLD)
    topics = [f"conversation:{each}" for each in ids[:100]]
    note_changes(account.team_id, [f"inbox:{account.id}", "inbox", *topics])


def _summarise(conversation: Conversation) -> bool:
    """Take kind, label and first words from the newest message that stands; says whether one does. One query."""
    rows = conversation.messages.filter(deleted_at__isnull=True).order_by("-created_at", "-id")
    standing = list(rows.only("direction", "kind", "text", "language", "triage", "personal_data", "created_at"))
    incoming = [each for each in standing if each.direction == "in"]
    conversation.personal_data = any(each.personal_data for each in standing)
    if not incoming:
        conversation.label, conversation.urgency, conversation.excerpt = "", 0, ""
    else:
        newest = incoming[0]
        conversation.kind, conversation.language = newest.kind[:16], newest.language
        conversation.label = str(newest.triage.get("label", ""))[:16]
        conversation.urgency = float(newest.triage.get("urgency", 0.0))
        conversation.excerpt = masked_text(newest.text, newest.personal_data)[:280]
    if conversation.waiting_since is not None:
        conversation.waiting_since = _waits_since(standing)
    return bool(incoming)


def _waits_since(newest_first: Iterable[Message]) -> datetime | None:
    """Return since when somebody waits: their first standing message after our last one."""
    since = None
    for each in newest_first:
        if each.direction == "out":
            break
        since = each.created_at
    return since


def _let_go(conversation: Conversation, now: datetime) -> None:
    """Close what waited for an answer when all that asked for one is gone."""
    if conversation.state not in (ConversationState.OPEN, ConversationState.SNOOZED):
        return
    conversation.state, conversation.snoozed_until = ConversationState.RESOLVED, None
    keep_withdrawn(conversation, now)
    trace(conversation, "withdrawn", now=now)


def look_because_shown(conversation: Conversation, now: datetime) -> int:
    """Let the messages of a conversation that somebody opens be looked at next; returns how many. Two queries."""
    connector = follows(conversation.account)
    if connector is None:
        return 0
    rows = conversation.messages.filter(direction="in", deleted_at__isnull=True, remote_id__isnull=False)
    newest = rows.filter(kind__in=connector.followed).order_by("-created_at", "-id")
    paid = is_metered(conversation.account)
    times = newest.values_list("id", "followed_at", "received_at")[:MOST_SHOWN]
    stale = [key for key, followed, received in times if is_stale(followed or received, now=now, paid=paid)]
    return Message.objects.filter(id__in=stale).update(follow_at=now) if stale else 0
