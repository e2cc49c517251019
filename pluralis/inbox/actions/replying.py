"""The place of an answer: which kind it is, where it stands, and that it can stand nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from pluralis.core.replies import CommunityForm, Proposal, ReplyKind
from pluralis.inbox.models import Conversation, ConversationLink, Message, Reply
from pluralis.inbox.proposing import community_text, read_for_answer
from pluralis.inbox.reading import masked_text, personal_data_in
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Account, Membership


def kind_of(given_kind: str, private: bool, message: Message) -> ReplyKind:
    """Return the kind of an answer as asked for. A private message is answered privately, whatever is asked.

    Raises :class:`Invalid` for an unknown kind, and for an open answer to a private message.
    """
    if given_kind and given_kind not in list(ReplyKind):
        raise Invalid("unknown_kind", _("There is no such kind of reply."), kept=_("What you typed is kept."))
    kind = ReplyKind(given_kind) if given_kind else ReplyKind.PRIVATE if private else ReplyKind.OPEN
    if message.kind != "direct":
        return kind
    if given_kind and kind is not ReplyKind.PRIVATE:
        raise Invalid(
            "private_stays_private",
            _("They wrote to us privately, so the answer is private too."),
            kept=_("What you typed is kept."),
            next_step=_("Answer privately. What is for everyone belongs in a post of its own."),
        )
    return ReplyKind.PRIVATE


@dataclass(frozen=True, slots=True)
class Placed:
    """An answer before it is written: to which message, of which kind and form, from where, shown where."""

    message: Message
    account: Account
    kind: ReplyKind
    form: str
    conversation: Conversation
    proposal: Proposal


def place_answer(
    conversation: Conversation, message: Message, kind: ReplyKind, form: str, account: Account, now: datetime
) -> Placed:
    """Return where an answer belongs; a private one to a public message gets a conversation of its own.

    Raises :class:`Conflict` when its author has deleted the message meanwhile.
    """
    if message.deleted_at is not None:
        raise Conflict("message_deleted", _("They have deleted this message meanwhile."),
                       kept=_("What you typed is kept."),
                       next_step=_("Answer another message of theirs, or close the conversation."))  # fmt: skip
    proposal = read_for_answer(conversation, message, now).propose()
    form = _form(form).value if kind is ReplyKind.COMMUNITY else ""
    return Placed(message, account, kind, form, place_of(conversation, message, kind, now), proposal)


def draft_of(placed: Placed, text: str, media_ids: Sequence[UUID] = (), language: str = "") -> Draft:
    """Return the answer as a draft whose place is fixed.

    Raises :class:`Invalid` when the place it needs is not known: an answer never lands on the main timeline
    because something was missing. Only a reply for everyone stands there, because it was chosen.
    """
    message = placed.message
    if placed.kind is ReplyKind.COMMUNITY:
        form = CommunityForm(placed.form)
        text = community_text(placed.account, message, form, text).text if text.strip() else text
    return Draft(
        versions=(DraftVersion((DraftSegment(text, tuple(media_ids)),)),),
        language=language,
        message_id=message.id,
        **_place(placed, message.reference or None),
    )


def _place(placed: Placed, reference: dict[str, object] | None) -> dict[str, Any]:
    profile = placed.message.profile
    if placed.kind is ReplyKind.PRIVATE:
        if profile is None:
            raise _no_place(_("It is not known to whom a private answer would go."))
        recipient = {"remote_id": profile.remote_id, "handle": profile.handle}
        return {"visibility": "direct", "reply_to": reference, "recipient": recipient}
    if placed.kind is ReplyKind.COMMUNITY and placed.form != CommunityForm.QUOTE_POST:
        return {}
    if reference is None:
        raise _no_place(_("The network has not told which post this belongs to."))
    return {"quote": reference} if placed.kind is ReplyKind.COMMUNITY else {"reply_to": reference}


def place_of(conversation: Conversation, message: Message, kind: ReplyKind, now: datetime) -> Conversation:
    """Return the conversation in which the answer stands: a private answer to a public message has one of its own."""
    if kind is not ReplyKind.PRIVATE or conversation.private or message.profile is None:
        return conversation
    place, _created = Conversation.objects.get_or_create(
        account_id=conversation.account_id,
        key=f"direct:{message.profile.remote_id}"[:500],
        defaults={
            "team_id": conversation.team_id,
            "contact_id": conversation.contact_id,
            "private": True,
            "kind": "direct",
            "state": "waiting",
            "language": conversation.language,
            "excerpt": conversation.excerpt,
            "last_message_at": now,
            "created_at": now,
        },
    )
    return place


def link_conversations(
    source: Conversation, target: Conversation, why: ConversationLink.Why, *, actor: Membership, now: datetime
) -> None:
    """Note that ``target`` goes on with the matter of ``source``; noted already is fine."""
    if source.id != target.id:
        ConversationLink.objects.get_or_create(
            source=source, target=target,
            defaults={"team_id": source.team_id, "why": why, "made_by": actor, "made_at": now},
        )  # fmt: skip


def note_reply(placed: Placed, part: Part, *, actor: Membership, now: datetime) -> Reply:
    """Keep which kind an answer is, beside what was proposed; the same part again keeps the first note."""
    kept, _created = Reply.objects.get_or_create(
        part=part,
        defaults={
            "team_id": part.team_id,
            "message": placed.message,
            "author": actor,
            "kind": placed.kind.value,
            "form": placed.form,
            "proposed": placed.proposal.kind.value,
            "reason": placed.proposal.reason.value,
            "at": now,
        },
    )
    return kept


def note_override(placed: Placed, part: Part, reason: str, *, actor: Membership, now: datetime) -> None:
    """Keep why a public answer with personal data went out all the same; the reason itself names no such data."""
    found = personal_data_in(part.text, part.account)
    if not reason or not found or placed.kind is ReplyKind.PRIVATE:
        return
    plain = masked_text(reason, personal_data_in(reason, part.account))[:200]
    audit.note("inbox.reply.overridden", team_id=part.team_id, actor=actor, about=part, now=now,
               rules=["personal_data"], reason=plain)  # fmt: skip


def _form(form: str) -> CommunityForm:
    return CommunityForm(form) if form in list(CommunityForm) else CommunityForm.DOT_MENTION


def _no_place(happened: str) -> Invalid:
    return Invalid(
        "no_place", happened, kept=_("What you typed is kept."), next_step=_("Answer on the network itself.")
    )


def speaking_account(actor: Membership, conversation: Conversation, account_id: UUID | None) -> Account:
    """Return the account that answers: the one that was written to, or another of ours on the same network.

    Raises :class:`Invalid` for one on another network or instance: it cannot reach the message.
    """
    if account_id is None or account_id == conversation.account_id:
        return conversation.account
    account = access_account(actor, account_id, Ability.ANSWER)
    asked = conversation.account
    if (account.network, account.host) != (asked.network, asked.host) or conversation.private:
        raise Invalid(
            "cannot_reach",
            _("@%(handle)s cannot answer there.") % {"handle": account.handle},
            kept=_("What you typed is kept."),
            next_step=_("Answer as @%(handle)s and invite them over.") % {"handle": asked.handle},
        )
    return account
