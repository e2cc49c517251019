"""Settings of answering: opening hours, days off, promised times, alarms, initials, for the team and per account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.ics import DayOff
from pluralis.inbox import actions as inbox_actions
from pluralis.inbox.initials import initials_rule
from pluralis.inbox.models import AlarmRule
from pluralis.inbox.queries.teamwork import waiting_longer
from pluralis.teams import actions
from pluralis.teams.access import Ability, access_account, accounts_of, may, require
from pluralis.teams.actions.initials import set_initials
from pluralis.teams.errors import Invalid
from pluralis.teams.hours import hours_rows
from pluralis.teams.models import Account
from pluralis.web.answering_form import AlarmForm, CalendarForm, DayOffForm, HoursForm, InitialsForm, hours_initial
from pluralis.web.gates import SeatedRequest, seated

TEAM = "team"
MOST_CALENDAR = 2 * 1024 * 1024


@seated
def answering(request: SeatedRequest) -> HttpResponseBase:
    """What stands for the team, and which accounts differ."""
    actor = request.membership
    require(actor, Ability.VIEW)
    rows = hours_rows(actor.team_id)
    alarms = {each.account_id: each for each in AlarmRule.objects.filter(team=actor.team_id)}
    lines = [
        {"account": each, "own_hours": each.id in rows, "own_alarm": each.id in alarms,
         "hours": rows.get(each.id) or rows.get(None), "alarm": alarms.get(each.id) or alarms.get(None),
         "signed": bool(initials_rule(each).roles)}
        for each in accounts_of(actor)
    ]  # fmt: skip
    context = {"lines": lines, "hours": rows.get(None), "alarm": alarms.get(None)}
    return render(request, "settings/answering.html", context)


@seated
def one(request: SeatedRequest, whose: str) -> HttpResponseBase:
    """The hours, days off, alarm and initials of the team or of one account."""
    return _page(request, whose)


def _whose(request: SeatedRequest, whose: str) -> Account | None:
    require(request.membership, Ability.VIEW)
    return None if whose == TEAM else access_account(request.membership, whose)


def _page(request: SeatedRequest, whose: str, **more: Any) -> HttpResponseBase:
    actor, account = request.membership, _whose(request, whose)
    rows = hours_rows(actor.team_id)
    own = rows.get(account.id if account else None)
    row = own or rows.get(None)
    alarms = {each.account_id: each for each in AlarmRule.objects.filter(team=actor.team_id)}
    own_alarm = alarms.get(account.id if account else None)
    zone = account.zone if account else actor.team.zone
    context: dict[str, Any] = {
        "whose": whose,
        "account": account,
        "own_hours": own,
        "own_alarm": own_alarm,
        "closed": [each for each in (row.closed if row else []) if parse_date(each["day"])],
        "form": HoursForm(initial=hours_initial(row, zone)),
        "day_form": DayOffForm(),
        "calendar_form": CalendarForm(),
        "alarm_form": AlarmForm(initial=_alarm_of(own_alarm or alarms.get(None))),
        "longer": _waiting_longer(request, account),
        "manages": may(actor, Ability.MANAGE_ACCOUNTS),
    }
    if account:
        rule = initials_rule(account)
        key = account.settings.get("legend_key", "")
        context |= {
            "initials_form": InitialsForm(
                initial={"roles": rule.roles, "private": rule.private, "legend": bool(key)}
            ),
            "legend_url": settings.SITE_URL + reverse("legend", args=[key]) if key else "",
        }
    refused = any(getattr(form, "is_bound", False) for form in more.values())
    return render(request, "settings/answering_one.html", context | more, status=422 if refused else 200)


def _waiting_longer(request: SeatedRequest, account: Account | None) -> int:
    """How many people the alarm does not ring for, since they were late already when it was set."""
    longer = waiting_longer(request.membership, timezone.now())
    return (longer if account is None else longer.filter(account=account)).count()


def _alarm_of(rule: AlarmRule | None) -> dict[str, Any]:
    names = ("minutes", "outside_hours", "mail_on_duty", "mail_to", "webhook_url")
    return {name: getattr(rule, name) for name in names} if rule else {}


@require_POST
@seated
def hours(request: SeatedRequest, whose: str) -> HttpResponseBase:
    """Save hours and promised times; who waits now is due by them."""
    account, form = _whose(request, whose), HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, whose, form=form)
    typed = form.cleaned_data
    wished = actions.WishedHours(typed["zone"], form.week(), typed["answer_minutes"], typed["resolve_minutes"])
    actions.set_hours(actor=request.membership, account_id=account.id if account else None, wished=wished,
                      now=timezone.now())  # fmt: skip
    messages.success(request, _("The hours are saved. Whoever waits now is due by them."))
    return redirect("settings_answering_one", whose)


@require_POST
@seated
def days(request: SeatedRequest, whose: str) -> HttpResponseBase:
    """Add a day off, take one back, or read a calendar file of them."""
    account = _whose(request, whose)
    this: dict[str, Any] = {
        "actor": request.membership, "account_id": account.id if account else None, "now": timezone.now(),
    }  # fmt: skip
    if opened := parse_date(request.POST.get("open", "")):
        actions.open_on(**this, day=opened)
    elif "file" in request.FILES:
        return _import(request, whose, this)
    else:
        form = DayOffForm(request.POST)
        if not form.is_valid():
            return _page(request, whose, day_form=form)
        actions.close_on(**this, days=[DayOff(form.cleaned_data["day"], form.cleaned_data["name"])])
    messages.success(request, _("The days off are saved."))
    return redirect("settings_answering_one", whose)


def _import(request: SeatedRequest, whose: str, this: dict[str, Any]) -> HttpResponseBase:
    form = CalendarForm(request.POST, request.FILES)
    held = request.FILES["file"]
    text = held.read(MOST_CALENDAR).decode("utf-8", "replace") if form.is_valid() else ""  # type: ignore[union-attr]
    try:
        _row, number = actions.import_days_off(**this, calendar=text, first=timezone.localdate())
    except Invalid as error:
        form.add_error("file", str(error))
        return _page(request, whose, calendar_form=form)
    messages.success(request, _("%(number)d days off were read from the file.") % {"number": number})
    return redirect("settings_answering_one", whose)


@require_POST
@seated
def alarm(request: SeatedRequest, whose: str) -> HttpResponseBase:
    """Save when it rings and who is told; a new webhook's secret is shown once."""
    account, form = _whose(request, whose), AlarmForm(request.POST)
    if not form.is_valid():
        return _page(request, whose, alarm_form=form)
    try:
        _rule, secret = inbox_actions.set_alarm(
            actor=request.membership, account_id=account.id if account else None,
            wished=inbox_actions.WishedAlarm(**form.cleaned_data), now=timezone.now(),
        )  # fmt: skip
    except Invalid as error:
        for name, text in error.fields.items():
            form.add_error(name if name in form.fields else None, str(text) or str(error))
        return _page(request, whose, alarm_form=form)
    messages.success(request, _("The alarm is saved. It counts from now on."))
    return _page(request, whose, secret=secret) if secret else redirect("settings_answering_one", whose)


@require_POST
@seated
def initials(request: SeatedRequest, whose: str) -> HttpResponseBase:
    """Save whose answers are signed, and whether there is a legend."""
    account = access_account(request.membership, whose)
    form = InitialsForm(request.POST)
    if not form.is_valid():
        return _page(request, whose, initials_form=form)
    set_initials(actor=request.membership, account_id=account.id, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The initials are saved."))
    return redirect("settings_answering_one", whose)


@require_POST
@seated
def follow(request: SeatedRequest, whose: str) -> HttpResponseBase:
    """Let an account follow the team's hours, or its alarm, again."""
    account = access_account(request.membership, whose)
    this = {"actor": request.membership, "account_id": account.id, "now": timezone.now()}
    if request.POST.get("what") == "alarm":
        inbox_actions.follow_team_alarm(**this)
    else:
        actions.follow_team_hours(**this)
    messages.success(request, _("@%(handle)s follows the team again.") % {"handle": account.handle})
    return redirect("settings_answering_one", whose)


@require_POST
@seated
def own_name(request: SeatedRequest) -> HttpResponseBase:
    """Agree, or no longer agree, that public legends show one's name beside one's initials."""
    shown = request.POST.get("shown") == "1"
    actions.show_name(actor=request.membership, shown=shown, now=timezone.now())
    messages.success(request, _("Your name stands on the legends.") if shown else _("Only your initials are shown."))
    return redirect("settings_profile")
