"""The reply box: three kinds with the proposal chosen, each measured as it stands. Nothing here writes."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from pluralis.core.replies import CommunityForm, Measured, Proposal, ReplyKind, ready_text, riskier
from pluralis.core.replies.ready import TEXTS
from pluralis.inbox.initials import signed_text
from pluralis.inbox.models import Conversation, Message
from pluralis.inbox.proposing import Reading, read_for_answer
from pluralis.networks.contract import HandOver, Relates, RemoteProfile
from pluralis.posts.drafts import Draft, one_text
from pluralis.posts.queries import SegmentCheck, check_segment
from pluralis.teams.models import Membership
from pluralis.teams.queries import network_of, public_access_of
from pluralis.web.reply_words import FORMS, ICONS, KINDS, READERS, REASONS, WARNINGS, WAYS_OUT


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind in the box."""

    value: str
    label: Any
    readers: Any
    icon: str
    key: int
    proposed: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class FormShown:
    """One form of a reply for everyone: its text and length now, and whether a person must finish it by hand."""

    value: str
    label: Any
    measured: Measured
    by_hand: HandOver | None
    checked: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the box: text, kind and form as they were sent."""

    text: str = ""
    kind: str = ""
    form: str = ""
    by: Membership | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "Typed":
        """Read a request; what is no kind or form of ours counts as none chosen."""
        kind, form = request.POST.get("kind", ""), request.POST.get("form", "")
        return cls(
            text=request.POST.get("text", "").replace("\r\n", "\n"),
            by=getattr(request, "membership", None),
            kind=kind if kind in list(ReplyKind) else "",
            form=form if form in list(CommunityForm) else "",
        )


def box(found: Conversation, reading: Reading | None, typed: Typed) -> dict[str, Any]:
    """Return what the reply box shows for a message to answer. No query."""
    if reading is None:
        return {"reply": None}
    message = reading.message
    proposal = reading.propose()
    chosen = ReplyKind(typed.kind) if typed.kind else proposal.kind
    reply = {
        "kinds": [_choice(kind, number, proposal, chosen) for number, kind in enumerate(ReplyKind, start=1)],
        "forms": _forms(reading, typed),
        "proposal": proposal,
        "reason": REASONS[proposal.reason],
        "chosen": chosen.value,
        "only_private": message.kind == "direct",
        "ready": _ready(proposal, message),
        "asks_network": proposal.kind is ReplyKind.PRIVATE and reading.relation is None,
    }
    return {"reply": reply, **way(reading, proposal), **preview(reading, found, typed, chosen)}


def previewed(found: Conversation, message: Message, typed: Typed) -> dict[str, Any]:
    """Return what is said of the answer as it stands now. Three queries."""
    reading = read_for_answer(found, message, timezone.now())
    return preview(reading, found, typed, ReplyKind(typed.kind) if typed.kind else reading.propose(typed.text).kind)


def preview(reading: Reading, found: Conversation, typed: Typed, chosen: ReplyKind) -> dict[str, Any]:
    """Return length, findings, form and warning of an answer. No query."""
    if reading.message.kind == "direct":
        chosen = ReplyKind.PRIVATE
    proposal = reading.propose(typed.text)
    form = _chosen_form(reading, typed) if chosen is ReplyKind.COMMUNITY else None
    shown = form.measured.text if form and typed.text.strip() else typed.text
    risky = bool(typed.text.strip()) and riskier(chosen, proposal.kind) and not _is_ready(typed.text, reading)
    return {
        "check": _check(found, _signed(found, shown, typed, chosen), chosen),
        "form": form if typed.text.strip() else None,
        "proposal_now": proposal,
        "reason_now": REASONS[proposal.reason],
        "warning": WARNINGS[chosen] if risky else "",
        "proposed_label": KINDS[proposal.kind],
        "account": found.account,
    }


def way(reading: Reading, proposal: Proposal) -> dict[str, Any]:
    """Return what is known of writing privately to this person, and the way out where it is barred. No query."""
    situation = replace(reading.situation(), arrived_privately=False)
    known = reading.relation
    return {
        "way": {
            "known": known,
            "may": situation.may_message,
            "way_out": proposal.way_out.value,
            "words": WAYS_OUT.get(proposal.way_out, ""),
            "invite": ready_text("write_to_us", reading.message.language),
            "follow_page": _follow_page(reading),
        }
    }


def _follow_page(reading: Reading) -> str:
    """Return the network's page where a person follows them; programs never do. No query."""
    connector, profile = network_of(reading.account).connector, reading.message.profile
    if not isinstance(connector, Relates) or profile is None:
        return ""
    theirs = RemoteProfile(profile.remote_id, profile.handle, profile.display_name, profile.url)
    return connector.follow_page(public_access_of(reading.account), theirs)


def _choice(kind: ReplyKind, number: int, proposal: Proposal, chosen: ReplyKind) -> Choice:
    return Choice(kind.value, KINDS[kind], READERS[kind], ICONS[kind], number, kind is proposal.kind, kind is chosen)


def _forms(reading: Reading, typed: Typed) -> list[FormShown]:
    first = CommunityForm(typed.form) if typed.form else reading.forms[0]
    return [
        FormShown(
            form.value,
            FORMS[form],
            reading.in_form(form, typed.text),
            reading.by_hand(form, typed.text),
            form is first,
        )
        for form in reading.forms
    ]


def _chosen_form(reading: Reading, typed: Typed) -> FormShown:
    return next(form for form in _forms(reading, typed) if form.checked)


def _ready(proposal: Proposal, message: Message) -> list[str]:
    """Return the ready texts that fit, in the customer's language: an open invitation to go on privately."""
    if proposal.kind is not ReplyKind.PRIVATE or message.kind == "direct":
        return []
    name = "delete_yours" if proposal.delete_advised else "continue_privately"
    return [ready_text(name, message.language)]


def _is_ready(text: str, reading: Reading) -> bool:
    return text.strip() in {ready_text(name, reading.message.language) for name in TEXTS}


def _signed(found: Conversation, text: str, typed: Typed, kind: ReplyKind) -> str:
    """Return the answer with the initials it will carry, so that they are counted."""
    if typed.by is None:
        return text
    return signed_text(text, found.account, typed.by, private=kind is ReplyKind.PRIVATE)


def _check(found: Conversation, text: str, kind: ReplyKind) -> SegmentCheck | None:
    if not text.strip():
        return None
    draft: Draft = replace(one_text(text), visibility="direct" if kind is ReplyKind.PRIVATE else "public")
    return check_segment(text, [], found.account, draft)
