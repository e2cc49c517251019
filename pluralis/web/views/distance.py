"""Calm before haters: keeping a distance, what is done on networks, evidence, and incidents."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from pluralis.inbox import actions, queries
from pluralis.inbox.access import access_contact, access_conversation, access_evidence, access_incident
from pluralis.inbox.models import Moderation
from pluralis.teams.access import Ability, accounts_of, may, require, valid_id
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership
from pluralis.teams.queries import members_of
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.timetable import day_of

SPANS = (("7", gettext_lazy("a week")), ("30", gettext_lazy("a month")), ("90", gettext_lazy("three months")))


@seated
def distances(request: SeatedRequest) -> HttpResponseBase:
    """Everybody who is kept at a distance; those whose time is up stand first, to be looked at."""
    require(request.membership, Ability.VIEW)
    over, standing = queries.distances_of(request.membership, timezone.now())
    context = {
        "over": over,
        "standing": standing,
        "may_decide": may(request.membership, Ability.OVERRIDE),
        "may_name": may(request.membership, Ability.MANAGE_TEAM),
        "named": actions.named_for_security(request.membership.team),
        "members": members_of(request.membership.team_id),
    }
    return render(request, "distance/index.html", context)


@seated
def contact(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """One person: whether the team engages with them, what was done, and the evidence kept."""
    found = access_contact(request.membership, contact_id)
    profiles = list(found.profiles.order_by("network"))
    now, history = timezone.now(), queries.distance_history(found)
    context = {
        "contact": found,
        "closed": found.do_not_engage_until is not None and found.do_not_engage_until > now,
        "over": any(one.ended_at is None and one.until <= now for one in history),
        "history": history,
        "profiles": [_choices(request.membership, profile) for profile in profiles],
        "done": queries.moderations_of(found),
        "packs": queries.evidence_of(found),
        "spans": SPANS,
        "may_decide": may(request.membership, Ability.OVERRIDE),
        "may_pack": may(request.membership, Ability.MANAGE_ACCOUNTS),
    }
    return render(request, "distance/contact.html", context)


def _choices(actor: Membership, profile: Any) -> dict[str, Any]:
    """What may be done to a profile from each of our accounts on its network: by the program, or by hand."""
    accounts = accounts_of(actor).filter(network=profile.network, host=profile.host)
    rows = [
        {"account": account, "actions": [(value, label, value in actions.offered(account))
                                         for value, label in Moderation.Action.choices]}
        for account in accounts
    ]  # fmt: skip
    return {"profile": profile, "rows": rows}


@require_POST
@seated
def keep(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Keep a person at a distance for some days, with the reason."""
    days = request.POST.get("days", "")
    until = timezone.now() + timedelta(days=int(days) if days.isdigit() and len(days) < 4 else 0)
    reason = request.POST.get("reason", "")
    actions.keep_distance(
        actor=request.membership, contact_id=contact_id, reason=reason, until=until, now=timezone.now()
    )
    messages.success(request, _("Nobody on the team can answer this person by mistake now."))
    return redirect("distance_contact", contact_id)


@require_POST
@seated
def end(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Engage with a person again."""
    actions.end_distance(actor=request.membership, contact_id=contact_id, now=timezone.now())
    messages.success(request, _("The reply boxes for this person are open again."))
    return redirect("distance_contact", contact_id)


@require_POST
@seated
def moderate(request: SeatedRequest, profile_id: UUID) -> HttpResponseBase:
    """Mute, block or report: by the program where the network lets it, else note that a person did it by hand."""
    action, account_id = request.POST.get("action", ""), valid_id(request.POST.get("account", ""))
    by_hand = request.POST.get("by_hand") == "1"
    done = actions.moderate(
        actor=request.membership, profile_id=profile_id, account_id=account_id, action=action, by_hand=by_hand,
        now=timezone.now(),
    )  # fmt: skip
    said = _("Noted: done by hand.") if by_hand else _("Done on the network.")
    messages.success(request, said)
    return redirect("distance_contact", done.profile.contact_id)


@seated
def by_hand(request: SeatedRequest, profile_id: UUID) -> HttpResponseBase:
    """Name the account that must be signed in, lead to the network's page, and take down that it was done."""
    action, account_id = request.GET.get("action", ""), valid_id(request.GET.get("account", ""))
    if action not in Moderation.Action.values:
        raise Invalid("no_action", _("There is no such thing to do."))
    page = actions.moderation_page(
        actor=request.membership, profile_id=profile_id, account_id=account_id, action=action
    )
    account = accounts_of(request.membership).get(id=account_id)
    context = {"page": page, "action": action, "label": Moderation.Action(action).label, "account": account,
               "profile_id": profile_id}  # fmt: skip
    return render(request, "distance/by_hand.html", context)


@require_POST
@seated
def pack(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Make an evidence pack, kept until a day."""
    day = day_of(request.POST.get("until", ""))
    until = timezone.make_aware(datetime.combine(day, time(23, 59))) if day else timezone.now()
    made = actions.make_evidence(
        actor=request.membership, contact_id=contact_id, message_ids=(), until=until, now=timezone.now()
    )
    said = ngettext("%(number)d message is packed.", "%(number)d messages are packed.", made.messages)
    messages.success(request, said % {"number": made.messages})
    return redirect("distance_contact", contact_id)


@seated
def evidence(request: SeatedRequest, evidence_id: UUID) -> HttpResponseBase:
    """Hand an evidence pack out, to those who may make one."""
    found = access_evidence(request.membership, evidence_id)
    name = f"evidence-{found.made_at:%Y-%m-%d}-{found.sha256[:8]}.zip"
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@seated
def name_security(request: SeatedRequest) -> HttpResponseBase:
    """Name who gets reports of security holes."""
    chosen = request.POST.get("member", "")
    member_id = valid_id(chosen) if chosen else None
    actions.name_for_security(actor=request.membership, member_id=member_id, now=timezone.now())
    messages.success(request, _("Kept."))
    return redirect("distances")


@seated
def incidents(request: SeatedRequest) -> HttpResponseBase:
    """Every incident; a new one begins with a conversation, or empty."""
    require(request.membership, Ability.VIEW)
    if request.method == "POST":
        return _begin(request)
    begun = request.GET.get("conversation", "")
    context: dict[str, Any] = {
        "incidents": queries.incidents_of(request.membership),
        "may_answer": may(request.membership, Ability.ANSWER),
        "begun": access_conversation(request.membership, begun, Ability.ANSWER) if begun else None,
    }
    return render(request, "distance/incidents.html", context)


def _begin(request: SeatedRequest) -> HttpResponseBase:
    chosen = [valid_id(one) for one in request.POST.getlist("conversation")]
    made = actions.open_incident(
        actor=request.membership, name=request.POST.get("name", ""), conversation_ids=chosen, now=timezone.now()
    )
    messages.success(request, _("The incident is open. Gather what is about the same."))
    return redirect("incident", made.id)


@seated
def incident(request: SeatedRequest, incident_id: UUID) -> HttpResponseBase:
    """One incident: its text, its conversations, and open ones that are about the same."""
    found = access_incident(request.membership, incident_id)
    rows = queries.gathered(request.membership, found)
    words = " ".join([found.name, *(row.conversation.excerpt for row in rows[:5])])
    context = {
        "incident": found,
        "rows": rows,
        "answered": sum(row.answered_at is not None for row in rows),
        "like": [] if found.closed_at else queries.like_conversations(request.membership, words, timezone.now()),
        "may_answer": may(request.membership, Ability.ANSWER),
        "may_approve": may(request.membership, Ability.APPROVE),
    }
    return render(request, "distance/incident.html", context)


@require_POST
@seated
def incident_do(request: SeatedRequest, incident_id: UUID, wanted: str) -> HttpResponseBase:
    """Write or approve the text, gather or leave out conversations, or resolve all together."""
    do = {"text": _text, "approve": _approve, "gather": _gather, "leave-out": _leave_out, "close": _close}.get(wanted)
    if do is None:
        raise Http404
    messages.success(request, do(request, incident_id))
    return redirect("incident", incident_id)


def _revision(request: SeatedRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdigit() and len(typed) < 9 else 0


def _text(request: SeatedRequest, incident_id: UUID) -> str:
    words, now = request.POST.get("text", ""), timezone.now()
    actor, revision = request.membership, _revision(request)
    actions.write_text(actor=actor, incident_id=incident_id, text=words, revision=revision, now=now)
    return _("Kept. A lead approves it before it is sent.")


def _approve(request: SeatedRequest, incident_id: UUID) -> str:
    actor, revision = request.membership, _revision(request)
    actions.approve_text(actor=actor, incident_id=incident_id, revision=revision, now=timezone.now())
    return _("Approved. It stands beside the reply box of each conversation.")


def _gather(request: SeatedRequest, incident_id: UUID) -> str:
    chosen = [valid_id(one) for one in request.POST.getlist("conversation")]
    count = actions.gather(
        actor=request.membership, incident_id=incident_id, conversation_ids=chosen, now=timezone.now()
    )
    return ngettext("%(number)d conversation gathered.", "%(number)d conversations gathered.", count) % {
        "number": count
    }


def _leave_out(request: SeatedRequest, incident_id: UUID) -> str:
    left = valid_id(request.POST.get("conversation", ""))
    actions.leave_out(actor=request.membership, incident_id=incident_id, conversation_id=left, now=timezone.now())
    return _("Left out.")


def _close(request: SeatedRequest, incident_id: UUID) -> str:
    count = actions.close_incident(actor=request.membership, incident_id=incident_id, now=timezone.now())
    return ngettext("%(number)d conversation resolved.", "%(number)d conversations resolved.", count) % {
        "number": count
    }
