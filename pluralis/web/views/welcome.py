"""Coming in: the first team of an installation, and the seat that an invitation keeps."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pluralis.teams import actions
from pluralis.teams.errors import ActionError
from pluralis.teams.models import Membership, Team
from pluralis.web.forms import GUESS, SeatForm, TeamForm
from pluralis.web.gates import refusal, signed_in
from pluralis.web.sign_up import INVITATION


@signed_in
def welcome(request: HttpRequest) -> HttpResponseBase:
    """Found the installation's first team; on one that has teams, tell a person without a seat what to do."""
    if getattr(request, "membership", None) is not None:
        return redirect("home")
    if Team.objects.exists():
        return render(request, "welcome/no_seat.html")
    form = TeamForm(request.POST or None, initial={"language": translation.get_language(), "zone": "UTC"})
    form.fields["zone"].widget.attrs |= GUESS
    if request.method == "POST" and form.is_valid():
        seat = actions.found_team(user=request.user, now=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
        actions.change_profile(actor=request.user, now=timezone.now(), zone=form.cleaned_data["zone"])  # type: ignore[arg-type]
        request.session["team"] = str(seat.team_id)
        messages.success(request, _("%(team)s has its desk. Connect an account to begin.") % {"team": seat.team.name})
        return redirect("settings_accounts")
    return render(request, "welcome/team.html", {"form": form})


def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show who invites whom to what; taking the seat is a second, deliberate step."""
    try:
        found = actions.open_invitation(token, timezone.now())
        newcomer = _newcomer(request, found.team)
        if request.method == "POST" and request.user.is_authenticated and (newcomer is None or newcomer.is_valid()):
            if newcomer is not None:
                actions.change_profile(actor=request.user, now=timezone.now(), **newcomer.cleaned_data)
            seat = actions.accept_invitation(user=request.user, token=token, now=timezone.now())
            request.session.pop(INVITATION, None)
            request.session["team"] = str(seat.team_id)
            messages.success(request, _("Welcome to %(team)s.") % {"team": seat.team.name})
            return redirect("home")
    except ActionError as error:
        return refusal(request, error)
    request.session[INVITATION] = token
    return render(request, "welcome/invitation.html", {"invitation": found, "form": newcomer})


def _newcomer(request: HttpRequest, team: Team) -> SeatForm | None:
    """Return what is asked of somebody who never sat at a desk: a name for the colleagues, and where they work."""
    user = request.user
    if not user.is_authenticated or Membership.objects.filter(user=user).exists():
        return None
    at_first = {"name": user.name, "zone": team.zone}
    return SeatForm(at_first | request.POST.dict() if request.method == "POST" else None, initial=at_first)
