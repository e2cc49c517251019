"""Ingest: a page of a stream becomes messages in conversations, with its cursor, in one transaction.

A batch is a handful of queries whatever its size; the same page again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from pluralis.core.conversation import FOUND, Place, after_incoming, conversation_key
from pluralis.core.folding import fold
from pluralis.core.states import ConversationState
from pluralis.inbox.actions.following import edits_in, first_looks, record_looks
from pluralis.inbox.actions.found import raise_found, search_of, without_ours
from pluralis.inbox.actions.known_people import awaited_contacts, keep_former_handles
from pluralis.inbox.actions.offering import offer_by_rule
from pluralis.inbox.actions.promising import PROMISED, promise
from pluralis.inbox.actions.reporting import hand_security_reports
from pluralis.inbox.actions.routing import ROUTED, route
from pluralis.inbox.actions.rows import update_rows
from pluralis.inbox.learnt import model_of
from pluralis.inbox.models import Contact, Conversation, Cursor, Gap, Message, NetworkSearch, Profile, Tombstone
from pluralis.inbox.reading import MessageReading, read_message
from pluralis.networks.contract import Batch, Incoming, RemoteProfile
from pluralis.publishing.models import Part
from pluralis.teams.changes import note_changes
from pluralis.teams.models import Account
from pluralis.teams.queries import privacy_of

MOST_TOPICS = 100


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a page brought: how many messages were new, in which conversations."""

    new: int
    conversations: tuple[UUID, ...]


def ingest(account: Account, stream: str, batch: Batch, now: datetime) -> Ingested:
    """Store a page. Readings are made before the transaction, which holds the account's inbox for its length."""
    messages = _unedited(account, batch.messages, now)
    readings = _readings(account, messages)
    with transaction.atomic():
        result = _store_fresh(account, messages, readings, now, search_of(account, stream))
        _keep_cursor(account, stream, batch, now)
    return result


def ingest_older(account: Account, messages: Sequence[Incoming], now: datetime, stream: str = "") -> Ingested:
    """Store what lay in a gap of a stream; no cursor moves. What is known already changes nothing."""
    messages = _unedited(account, messages, now)
    readings = _readings(account, messages)
    with transaction.atomic():
        return _store_fresh(account, messages, readings, now, search_of(account, stream))


def _unedited(account: Account, messages: Sequence[Incoming], now: datetime) -> Sequence[Incoming]:
    """Take over what a page tells of messages that we have under an earlier id, and return the others."""
    edits = edits_in(account, messages)
    if not edits:
        return messages
    record_looks(account, edits, now)
    newest = {each.reference.remote_id for each in edits.values() if each.reference is not None}
    return [each for each in messages if each.reference.remote_id not in newest]


def _readings(account: Account, messages: Sequence[Incoming]) -> dict[str, MessageReading]:
    rules, model = privacy_of(account.team), model_of(account.team_id)
    return {each.reference.remote_id: read_message(each, account.language, rules, model) for each in messages}


def _store_fresh(
    account: Account,
    messages: Sequence[Incoming],
    readings: Mapping[str, MessageReading],
    now: datetime,
    search: NetworkSearch | None,
) -> Ingested:
    _hold_inbox(account)
    raised = raise_found(account, messages, now)
    if raised:
        promise(account, raised, now)
        route(account, raised, now)
        update_rows(raised, [*_ADVANCED, *PROMISED, *ROUTED])
    fresh = _fresh(account, without_ours(account, messages) if search is not None else messages)
    return _store(account, fresh, readings, now, search) if fresh else Ingested(0, ())


def _hold_inbox(account: Account) -> None:
    """One ingest per team and network at a time: two streams may show one message, two accounts one new person."""
    with connection.cursor() as cursor:
        place = f"inbox:{account.team_id}:{account.network}:{account.host}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [place])


def _fresh(account: Account, messages: Sequence[Incoming]) -> list[Incoming]:
    """Return the messages that are not known, not erased, and not our own, each once, oldest first."""
    by_id = {each.reference.remote_id: each for each in messages if each.author.remote_id != account.remote_id}
    known = set(Message.objects.filter(account=account, remote_id__in=by_id).values_list("remote_id", flat=True))
    prints = {fingerprint(account, remote_id): remote_id for remote_id in by_id}
    people = {person_fingerprint(account.network, account.host, each.author.remote_id) for each in by_id.values()}
    buried = Tombstone.objects.filter(team=account.team_id, fingerprint__in=[*prints, *people])
    erased = dict(buried.values_list("fingerprint", "erased_at"))
    known |= {prints[each] for each in erased if each in prints}
    known |= {key for key, each in by_id.items() if _is_of_the_erased(account, each, erased)}
    return sorted((each for key, each in by_id.items() if key not in known), key=lambda each: each.created_at)


def _is_of_the_erased(account: Account, incoming: Incoming, erased: Mapping[str, datetime]) -> bool:
    """Whether an erased person wrote it before they were erased; what they write afterwards is a new beginning."""
    erased_at = erased.get(person_fingerprint(account.network, account.host, incoming.author.remote_id))
    return erased_at is not None and incoming.created_at <= erased_at


def person_fingerprint(network: str, host: str, remote_id: str) -> str:
    """Return the keyed hash under which an erased person is remembered."""
    return sha256(f"{settings.SECRET_KEY}:person:{network}:{host}:{remote_id}".encode()).hexdigest()


def fingerprint(account: Account, remote_id: str) -> str:
    """Return the keyed hash under which an erased message is remembered."""
    key = f"{settings.SECRET_KEY}:{account.network}:{account.host}:{remote_id}"
    return sha256(key.encode()).hexdigest()


def _store(
    account: Account,
    messages: list[Incoming],
    readings: Mapping[str, MessageReading],
    now: datetime,
    search: NetworkSearch | None,
) -> Ingested:
    profiles = _profiles(account, [each.author for each in messages], now)
    conversations, made = _conversations(account, messages, profiles, now)
    labels = frozenset(search.labels) if search is not None else frozenset()
    waited = {each.id for each in conversations.values() if each.waiting_since is not None}
    rows, first_look = [], first_looks(account, now)
    for each in messages:
        conversation, reading = conversations[each.reference.remote_id], readings[each.reference.remote_id]
        profile = profiles[each.author.remote_id]
        row = _row(account, conversation, profile, each, reading, now)
        row.follow_at = first_look(each.kind, each.created_at)
        rows.append(row)
        _advance(conversation, profile, each, reading, now, asks=each.kind not in FOUND or reading.label in labels)
        if search is not None and not conversation.found_by_id and conversation.message_count == 1:
            conversation.found_by = search
    changed = list({each.id: each for each in conversations.values()}.values())
    waiting = [each for each in changed if each.waiting_since is not None and each.id not in waited]
    if waiting:
        promise(account, waiting, now)
        route(account, waiting, now)
    hand_security_reports(account, rows, changed, now)
    # Each is written once, as it stands in the end: foreign keys are looked at when all is written.
    new = {each.id for each in made}
    Conversation.objects.bulk_create(made)
    update_rows([each for each in changed if each.id not in new], [*_ADVANCED, *PROMISED, *ROUTED])
    Message.objects.bulk_create(rows)
    offer_by_rule(account, rows, now)
    topics = [f"inbox:{account.id}", "inbox", "arrived"]
    topics += [f"conversation:{each.id}" for each in changed[:MOST_TOPICS]]
    note_changes(account.team_id, topics)
    return Ingested(len(rows), tuple(each.id for each in changed))


def _profiles(account: Account, authors: Sequence[RemoteProfile], now: datetime) -> dict[str, Profile]:
    """Return a profile for every author, made or brought up to date; each new person gets a contact of this team."""
    wanted = {each.remote_id: each for each in authors}
    same_place = Profile.objects.select_related("contact").filter(
        team=account.team_id, network=account.network, host=account.host
    )
    found = {each.remote_id: each for each in same_place.filter(remote_id__in=wanted)}
    before = {key: each.handle for key, each in found.items()}
    changed = [found[key] for key, seen in wanted.items() if key in found and _refresh(found[key], seen, now)]
    if changed:
        update_rows(changed, [*_SHOWN, "seen_at", "gone_at"])
        keep_former_handles(changed, before, now)
    known = awaited_contacts(account, [seen for key, seen in wanted.items() if key not in found])
    contacts, profiles = [], []
    for key, seen in wanted.items():
        if key in found:
            continue
        contact = known.get(key) or _new_contact(account.team_id, seen, now)
        profile = Profile(team_id=account.team_id, contact=contact, network=account.network, host=account.host,
                          remote_id=key, seen_at=now)  # fmt: skip
        _refresh(profile, seen, now)
        if key not in known:
            contacts.append(contact)
        profiles.append(profile)
    Contact.objects.bulk_create(contacts)
    Profile.objects.bulk_create(profiles)
    return found | {each.remote_id: each for each in profiles}


def _new_contact(team_id: UUID, seen: RemoteProfile, now: datetime) -> Contact:
    name = (seen.display_name or seen.handle).replace("\x00", "")[:255]
    return Contact(team_id=team_id, name=name, search_name=fold(name)[:255], created_at=now)


_SHOWN = ("handle", "search_handle", "display_name", "url", "avatar_url", "bio", "followers", "following")


def _refresh(profile: Profile, seen: RemoteProfile, now: datetime) -> bool:
    """Take over what the network shows now; returns whether anything differs."""
    before = tuple(getattr(profile, name) for name in _SHOWN)
    profile.handle = seen.handle.replace("\x00", "")[:255]
    profile.search_handle = fold(profile.handle)[:255]
    profile.display_name = seen.display_name.replace("\x00", "")[:255]
    profile.url, profile.avatar_url = seen.url[:1000], seen.avatar_url[:1000]
    profile.bio = seen.bio.replace("\x00", "") or profile.bio
    profile.followers = seen.followers if seen.followers is not None else profile.followers
    profile.following = seen.following if seen.following is not None else profile.following
    back, profile.seen_at, profile.gone_at = profile.gone_at is not None, now, None
    return back or before != tuple(getattr(profile, name) for name in _SHOWN)


def _conversations(
    account: Account, messages: Sequence[Incoming], profiles: Mapping[str, Profile], now: datetime
) -> tuple[dict[str, Conversation], list[Conversation]]:
    """Return the conversation of every message, by remote id, and those that are new, which the caller stores."""
    by_parent = _by_parent(account, messages)
    keys = {each.reference.remote_id: conversation_key(_place(each)) for each in messages}
    found = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
    by_key = {each.key: each for each in found.filter(account=account, key__in=set(keys.values()))}
    by_key |= _merged(by_key)
    result: dict[str, Conversation] = {}
    made: list[Conversation] = []
    for each in messages:
        key, author = keys[each.reference.remote_id], profiles[each.author.remote_id]
        parent = result.get(each.in_reply_to_id or "") or by_parent.get(each.in_reply_to_id or "")
        if parent is not None and parent.contact_id == author.contact_id and not _is_private(each):
            result[each.reference.remote_id] = parent
            continue
        if key not in by_key:
            by_key[key] = _new_conversation(account, key, author, each, now)
            made.append(by_key[key])
        result[each.reference.remote_id] = by_key[key]
    return result, made


def _merged(by_key: Mapping[str, Conversation]) -> dict[str, Conversation]:
    """Return the conversations into which those of these keys were merged: that is where more of them goes."""
    gone = {key: each.merged_into_id for key, each in by_key.items() if each.merged_into_id is not None}
    if not gone:
        return {}
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
    targets = rows.in_bulk(set(gone.values()))
    return {key: targets[target] for key, target in gone.items() if target is not None}


def _by_parent(account: Account, messages: Sequence[Incoming]) -> dict[str, Conversation]:
    """Return the conversations of messages and answers that are being answered."""
    parents = {each.in_reply_to_id for each in messages if each.in_reply_to_id}
    known = Message.objects.select_related("conversation__contact").filter(account=account, remote_id__in=parents)
    return {each.remote_id or "": each.conversation for each in known}


def _place(incoming: Incoming) -> Place:
    return Place(
        remote_id=incoming.reference.remote_id,
        author_id=incoming.author.remote_id,
        private=_is_private(incoming),
        in_reply_to_id=incoming.in_reply_to_id,
        thread=incoming.conversation,
    )


def _is_private(incoming: Incoming) -> bool:
    return incoming.kind == "direct"


def _new_conversation(account: Account, key: str, author: Profile, incoming: Incoming, now: datetime) -> Conversation:
    return Conversation(
        team_id=account.team_id,
        account=account,
        key=key[:500],
        contact_id=author.contact_id,
        private=_is_private(incoming),
        kind=incoming.kind[:16],
        last_message_at=incoming.created_at,
        created_at=now,
    )


_ADVANCED = [
    "state", "kind", "label", "urgency", "personal_data", "language", "excerpt", "message_count", "waiting_since",
    "last_message_at", "snoozed_until",
]  # fmt: skip


def _advance(
    conversation: Conversation,
    profile: Profile,
    incoming: Incoming,
    reading: MessageReading,
    now: datetime,
    *,
    asks: bool,
) -> None:
    """Bring a conversation to where it stands after a message; what does not ask for an answer opens nothing."""
    closed = profile.contact.do_not_engage_until is not None and profile.contact.do_not_engage_until > now
    # What somebody at a distance begins anew leaves the queue as well as what they go on with.
    aside = (closed or not asks) and not conversation.message_count
    before = ConversationState.RESOLVED if aside else conversation.state
    state = after_incoming(ConversationState(before), do_not_engage=closed, asks=asks)
    conversation.state = state
    conversation.message_count += 1
    conversation.personal_data = conversation.personal_data or bool(reading.personal_data)
    if incoming.created_at >= conversation.last_message_at:  # what a gap brings late is not what was said last
        conversation.kind = incoming.kind[:16]
        conversation.label, conversation.urgency = reading.label[:16], reading.urgency
        conversation.language, conversation.excerpt = reading.language, reading.masked[:280]
    conversation.last_message_at = max(conversation.last_message_at, incoming.created_at)
    if state is ConversationState.OPEN and asks:
        conversation.waiting_since = conversation.waiting_since or incoming.created_at
        conversation.snoozed_until = None


def _row(
    account: Account,
    conversation: Conversation,
    profile: Profile,
    incoming: Incoming,
    reading: MessageReading,
    now: datetime,
) -> Message:
    return Message(
        team_id=account.team_id,
        account=account,
        conversation=conversation,
        profile=profile,
        kind=incoming.kind,
        remote_id=incoming.reference.remote_id,
        reference=_reference(incoming),
        in_reply_to_id=(incoming.in_reply_to_id or "")[:500],
        text=reading.text,
        search_text=reading.search_text,
        url=incoming.url[:1000],
        media=[{"url": each.url, "type": each.content_type, "alt": each.alt_text} for each in incoming.media],
        language=reading.language,
        triage=reading.triage,
        personal_data=reading.personal_data,
        created_at=incoming.created_at,
        received_at=now,
    )


def _reference(incoming: Incoming) -> dict[str, Any]:
    return {"remote_id": incoming.reference.remote_id, "extra": dict(incoming.reference.extra)}


def _keep_cursor(account: Account, stream: str, batch: Batch, now: datetime) -> None:
    kept, _created = Cursor.objects.get_or_create(team_id=account.team_id, account=account, stream=stream)
    kept.value = batch.cursor or kept.value
    kept.polled_at, kept.failures, kept.reason = now, 0, ""
    if not batch.more:
        kept.seen_until = now
    kept.save(update_fields=["value", "polled_at", "failures", "reason", "seen_until"])
    if batch.gap is not None:
        Gap.objects.get_or_create(
            team_id=account.team_id,
            account=account,
            stream=stream,
            newer_than=batch.gap.newer_than or "",
            older_than=batch.gap.older_than or "",
            defaults={"noticed_at": now},
        )


def ours_above(conversation: Conversation) -> list[Part]:
    """Return our own posts that a conversation's messages answer directly. One query."""
    answered = conversation.messages.exclude(in_reply_to_id="").values("in_reply_to_id")
    return list(
        Part.objects.filter(account=conversation.account_id, remote_id__in=answered, is_reply=False).order_by(
            "sent_at"
        )
    )
