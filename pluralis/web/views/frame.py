"""What the frame itself does: the way home, team and account switch, duty, language, light and dark."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.teams import actions
from pluralis.teams.access import access_account, access_membership, may
from pluralis.teams.models import User
from pluralis.web.gates import SeatedRequest, SignedRequest, back, seated, signed_in
from pluralis.web.middleware import LANGUAGE_COOKIE
from pluralis.web.places import PLACES, url_or_none

YEAR = 365 * 24 * 3600


@seated
def home(request: SeatedRequest) -> HttpResponseBase:
    """Lead to the first place of the rail that the day begins with: the inbox, else writing, else the settings."""
    order = ("inbox", "write", "calendar", "settings")
    first = next(url for name in order if (url := url_or_none(name)) and _may_enter(request, name))
    return redirect(first)


def _may_enter(request: SeatedRequest, name: str) -> bool:
    place = next(place for place in PLACES if place.name == name)
    return place.needs is None or may(request.membership, place.needs)


@require_POST
@signed_in
def switch_team(request: SignedRequest) -> HttpResponseBase:
    """Sit down at the desk of another of one's teams."""
    seat = access_membership(request.user, request.POST.get("team", ""))
    request.session["team"] = str(seat.team_id)
    request.session.pop("account", None)
    return redirect("home")


@require_POST
@seated
def switch_account(request: SeatedRequest) -> HttpResponseBase:
    """Narrow the pages to one account, or to none for all."""
    wanted = request.POST.get("account", "")
    if wanted:
        request.session["account"] = str(access_account(request.membership, wanted).id)
    else:
        request.session.pop("account", None)
    return redirect(back(request))


@seated
def account_choices(request: SeatedRequest) -> HttpResponseBase:
    """The accounts that pages can be narrowed to, for the menu of a team that has many."""
    return render(request, "frame/account_choices.html")


@require_POST
@seated
def duty(request: SeatedRequest) -> HttpResponseBase:
    """Go on duty, or end it."""
    on = request.POST.get("on") == "1"
    actions.set_duty(actor=request.membership, on=on, now=timezone.now())
    messages.success(request, _("You are on duty. New messages come to you.") if on else _("Your duty has ended."))
    return redirect(back(request))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Speak another language: kept in the profile of a person, in this browser for a stranger."""
    language = request.POST.get("language", "")
    response = redirect(back(request))
    if language not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, User):
        actions.change_profile(actor=request.user, now=timezone.now(), language=language)
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    translation.activate(language)
    return response


@require_POST
@signed_in
def choose_theme(request: SignedRequest) -> HttpResponseBase:
    """Light, dark, or as the system."""
    actions.change_profile(actor=request.user, now=timezone.now(), theme=request.POST.get("theme", "system"))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(back(request))
