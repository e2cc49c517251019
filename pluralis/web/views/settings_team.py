"""Settings of a team: its name, its members and their roles, and the seats kept for new ones."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.teams import actions, queries
from pluralis.teams.access import Ability, access_member, may
from pluralis.web.forms import ROLE_HELP, ROLES, InvitationForm, MemberForm, TeamForm
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.mail import mail_invitation


@seated
def team(request: SeatedRequest) -> HttpResponseBase:
    """The team, its members and the open invitations."""
    return render(request, "settings/team.html", _page(request))


def _page(request: SeatedRequest, **more: Any) -> dict[str, Any]:
    team = request.membership.team
    return {
        "members": queries.members_of(team.id),
        "invitations": queries.invitations_of(team.id, timezone.now()),
        "manages": may(request.membership, Ability.MANAGE_TEAM),
        "form": TeamForm(initial={"name": team.name, "language": team.language, "zone": team.zone}),
        "invitation_form": InvitationForm(),
        "roles": [(label, ROLE_HELP[value]) for value, label in ROLES],
    } | more


@require_POST
@seated
def change_team(request: SeatedRequest) -> HttpResponseBase:
    """Rename the team, or move it to another language or zone."""
    form = TeamForm(request.POST)
    if not form.is_valid():
        return render(request, "settings/team.html", _page(request, form=form), status=422)
    actions.change_team(actor=request.membership, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The team is saved."))
    return redirect("settings_team")


@require_POST
@seated
def invite(request: SeatedRequest) -> HttpResponseBase:
    """Keep a seat and show its link, once: only its hash is stored."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return render(request, "settings/team.html", _page(request, invitation_form=form), status=422)
    invitation, token = actions.invite_member(actor=request.membership, now=timezone.now(), **form.cleaned_data)
    link = settings.SITE_URL + reverse("invitation", args=[token])
    mailed = mail_invitation(invitation, link)
    return render(request, "settings/team.html", _page(request, new=invitation, link=link, mailed=mailed))


@require_POST
@seated
def withdraw(request: SeatedRequest, invitation_id: str) -> HttpResponseBase:
    """Take a kept seat back."""
    actions.withdraw_invitation(actor=request.membership, invitation_id=invitation_id, now=timezone.now())
    messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("settings_team")


@seated
def member(request: SeatedRequest, member_id: str) -> HttpResponseBase:
    """One member: their role, initials and what they may do by hand."""
    seat = access_member(request.membership, member_id)
    now = {name: getattr(seat, name) for name in ("role", "initials", "may_post_by_hand")}
    form = MemberForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        actions.change_member(
            actor=request.membership, membership_id=seat.id, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("%(name)s is saved.") % {"name": seat.user})
        return redirect("settings_team")
    context = {
        "member": seat,
        "form": form,
        "manages": may(request.membership, Ability.MANAGE_TEAM),
        "roles": [(label, ROLE_HELP[value]) for value, label in ROLES],
    }
    return render(request, "settings/member.html", context)


@require_POST
@seated
def remove(request: SeatedRequest, member_id: str) -> HttpResponseBase:
    """Take a seat away; what the person wrote stays."""
    seat = access_member(request.membership, member_id)
    actions.remove_member(actor=request.membership, membership_id=seat.id, now=timezone.now())
    messages.success(request, _("%(name)s no longer has a seat in the team.") % {"name": seat.user})
    return redirect("home" if seat.id == request.membership.id else "settings_team")
