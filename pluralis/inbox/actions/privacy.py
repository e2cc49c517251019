"""Personal data at rest: looked at, masked in time, kept for a while by law, and erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from pluralis.core.searching import indexed
from pluralis.inbox.access import access_contact, access_conversation
from pluralis.inbox.actions.ingest import fingerprint, person_fingerprint
from pluralis.inbox.actions.withdrawing import LeftRepost, ask_later, withdraw_reposts
from pluralis.inbox.masking import LOOK
from pluralis.inbox.models import Contact, Conversation, LegalHold, Message, MessageRevision, Tombstone, Unmasking
from pluralis.inbox.reading import masked_text
from pluralis.posts.models import Post, Segment
from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.changes import note_change, note_changes
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership, Team

AT_ONCE = 500
LONGEST_HOLD = timedelta(days=3660)
_UNFINISHED = ("waiting", "sending", "unconfirmed", "held")


def unmask_conversation(*, actor: Membership, conversation_id: UUID, now: datetime) -> Unmasking:
    """Let a member see a conversation's personal data for a quarter of an hour; that they looked is kept."""
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    with transaction.atomic():
        standing = Unmasking.objects.filter(conversation=conversation, member=actor, until__gt=now).first()
        if standing is not None:
            return standing
        looked = Unmasking.objects.create(
            team_id=actor.team_id, conversation=conversation, member=actor, at=now, until=now + LOOK
        )
        audit.note("inbox.conversation.unmasked", team_id=actor.team_id, actor=actor, about=conversation, now=now)
    return looked


def hold_contact(*, actor: Membership, contact_id: UUID, reason: str, until: datetime, now: datetime) -> LegalHold:
    """Keep what a contact wrote, by law, until an instant. A second hold takes the place of the first."""
    contact = access_contact(actor, contact_id, Ability.MANAGE_ACCOUNTS)
    if not reason.strip():
        raise Invalid("no_reason", _("A legal hold needs its reason."), fields={"reason": _("Say why.")})
    if not now < until <= now + LONGEST_HOLD:
        raise Invalid(
            "bad_end", _("A legal hold needs an end, within ten years."), fields={"until": _("Choose a later day.")}
        )
    with transaction.atomic():
        Contact.objects.select_for_update().only("id").get(id=contact.id)
        LegalHold.objects.filter(contact=contact, lifted_at__isnull=True).update(lifted_at=now, lifted_by=actor)
        held = LegalHold.objects.create(
            team_id=actor.team_id,
            contact=contact,
            reason=reason.strip()[:500],
            until=until,
            made_by=actor,
            made_at=now,
        )
        audit.note("inbox.contact.held", team_id=actor.team_id, actor=actor, about=contact, now=now, until=until)
    return held


def lift_hold(*, actor: Membership, contact_id: UUID, now: datetime) -> None:
    """End a contact's legal hold; ended already is fine."""
    contact = access_contact(actor, contact_id, Ability.MANAGE_ACCOUNTS)
    with transaction.atomic():
        held = LegalHold.objects.filter(contact=contact, lifted_at__isnull=True)
        if held.update(lifted_at=now, lifted_by=actor):
            audit.note("inbox.contact.hold_lifted", team_id=actor.team_id, actor=actor, about=contact, now=now)


def mask_old(team: Team, now: datetime) -> int:
    """Mask personal data that is older than the team keeps it; returns in how many messages.

    What stands under a legal hold is passed over. Our own private answers are masked on our side too.
    """
    days = team.settings.get("retention_days")
    if not isinstance(days, int) or days <= 0:
        return 0
    count = 0
    while masked := _mask_some(team, now - timedelta(days=days), now):
        count += masked
    if count:
        audit.note("inbox.messages.masked", team_id=team.id, now=now, messages=count, days=days)
        note_change(team.id, "inbox")
    return count


@transaction.atomic
def _mask_some(team: Team, before: datetime, now: datetime) -> int:
    held = LegalHold.objects.filter(contact=OuterRef("conversation__contact"), lifted_at__isnull=True, until__gt=now)
    old = Message.objects.filter(~Q(personal_data=[]), ~Exists(held), team=team, created_at__lt=before)
    messages = list(old.select_for_update(skip_locked=True, of=("self",)).order_by("created_at")[:AT_ONCE])
    for message in messages:
        message.text = masked_text(message.text, message.personal_data)
        message.search_text = indexed(message.text)
        message.personal_data, message.masked_at = [], now
    Message.objects.bulk_update(messages, ["text", "search_text", "personal_data", "masked_at"])
    _mask_revisions(team, before, now)
    for message in messages:
        if message.part_id is not None:
            _reword(message.part_id, message.text)
    return len(messages)


def _mask_revisions(team: Team, before: datetime, now: datetime) -> None:
    """Mask what messages said before their authors changed them, long ago and under no legal hold."""
    holds = LegalHold.objects.filter(
        contact=OuterRef("message__conversation__contact"), lifted_at__isnull=True, until__gt=now
    )
    rows = MessageRevision.objects.filter(~Q(personal_data=[]), ~Exists(holds), team=team, seen_at__lt=before)
    revisions = list(rows.order_by("seen_at")[:AT_ONCE])
    for each in revisions:
        each.text, each.personal_data = masked_text(each.text, each.personal_data), []
    MessageRevision.objects.bulk_update(revisions, ["text", "personal_data"])


def _reword(part_id: UUID, text: str) -> None:
    """Let our copy of what went out say ``text``; what is still on its way is left alone."""
    for part in Part.objects.filter(id=part_id, state__in=("sent", "deleted")):
        Part.objects.filter(id=part.id).update(text=text)
        Segment.objects.filter(id=part.segment_id).update(text=text)


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: how many messages, how many reposts of theirs, how many of those are asked for ``later`` by a job,
    and which only a person can take back, each on its page."""

    messages: int
    reposts: int
    later: int
    by_hand: tuple[LeftRepost, ...]


def erase_contact(*, actor: Membership, contact_id: UUID, now: datetime) -> Erased:
    """Erase a contact with all that they wrote and we answered; our reposts of theirs are taken back first.

    Their ids stay as keyed hashes, so that no later poll brings back what was erased. Asks networks, so that it is
    called outside any transaction. Raises :class:`Conflict` under a legal hold, and while an answer to them is on
    its way.
    """
    contact = access_contact(actor, contact_id, Ability.MANAGE_ACCOUNTS)
    _check_may_erase(contact, now)
    withdrawn = withdraw_reposts(actor=actor, contact=contact, now=now)
    with transaction.atomic():
        Contact.objects.select_for_update().only("id").get(id=contact.id)
        _check_may_erase(contact, now)
        later = ask_later(contact, withdrawn.left_ids, now)
        conversations = list(Conversation.objects.filter(contact=contact).select_related("account"))
        messages = list(Message.objects.filter(conversation__in=conversations).select_related("account"))
        _bury(contact, messages, now)
        _forget_answers([each.id for each in messages])
        topics = [f"conversation:{each.id}" for each in conversations]
        Message.objects.filter(id__in=[each.id for each in messages]).delete()
        Conversation.objects.filter(id__in=[each.id for each in conversations]).delete()
        erased_id = contact.id
        audit.note("inbox.contact.erased", team_id=actor.team_id, actor=actor, about=contact, now=now,
                   messages=len(messages), conversations=len(conversations), reposts=withdrawn.ended,
                   reposts_later=later, reposts_by_hand=len(withdrawn.left))  # fmt: skip
        Contact.objects.filter(id=erased_id).delete()
        note_changes(actor.team_id, ["inbox", *topics[:100]])
    return Erased(len(messages), withdrawn.ended, later, tuple(left for _id, left in withdrawn.left))


def _check_may_erase(contact: Contact, now: datetime) -> None:
    held = LegalHold.objects.filter(contact=contact, lifted_at__isnull=True, until__gt=now).first()
    if held is not None:
        raise Conflict(
            "legal_hold",
            _("What this person wrote must be kept by law until %(day)s.") % {"day": held.until.date().isoformat()},
            kept=_("Nothing was erased."),
            next_step=_("Erase it then, or end the hold first."),
        )
    answers = Part.objects.filter(as_reply__message__conversation__contact=contact, state__in=_UNFINISHED)
    if answers.exists():
        raise Conflict(
            "answer_on_its_way",
            _("An answer to this person is still on its way."),
            kept=_("Nothing was erased."),
            next_step=_("Wait until it stands, or cancel it on the calendar."),
        )


def _bury(contact: Contact, messages: Iterable[Message], now: datetime) -> None:
    """Leave keyed hashes: of every message, and of the person, for what was written before today."""
    prints = {fingerprint(each.account, each.remote_id) for each in messages if each.remote_id}
    prints |= {person_fingerprint(each.network, each.host, each.remote_id) for each in contact.profiles.all()}
    for one in sorted(prints):
        Tombstone.objects.update_or_create(team_id=contact.team_id, fingerprint=one, defaults={"erased_at": now})


def _forget_answers(message_ids: list[UUID]) -> None:
    """Empty our own copies of what we answered them; what stands on the network is the network's."""
    parts = Part.objects.filter(Q(as_reply__message__in=message_ids) | Q(message__in=message_ids))
    ids = list(parts.values_list("id", "segment_id", "delivery__post_id"))
    Part.objects.filter(id__in=[part for part, _segment, _post in ids]).update(text="")
    Segment.objects.filter(id__in=[segment for _part, segment, _post in ids if segment]).update(text="")
    nothing: Any = None
    Post.objects.filter(id__in=[post for _part, _segment, post in ids]).update(
        reply_to=nothing, quote=nothing, recipient=nothing, message_id=None
    )
