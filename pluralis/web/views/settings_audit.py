"""The audit log: who did what when, for owners and leads; and as a file."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pluralis.config.streaming import streamed
from pluralis.core.exporting import CSV, FORMATS, TYPES, written
from pluralis.teams import actions
from pluralis.teams.access import Ability, require
from pluralis.teams.audit_log import COLUMNS, PROGRAM, THINGS, Asked, LogPage, log_page, log_rows
from pluralis.teams.models import AuditEntry
from pluralis.teams.queries import members_of
from pluralis.web.audit_words import THING_WORDS
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.timetable import day_of

PAGES = {
    "part": "part", "review": "review", "post": "write_post", "account": "settings_account", "recurrence": "repeat",
}  # fmt: skip
"""Where what an entry is about can be looked at: things that are never removed."""


@seated
def audit_log(request: SeatedRequest) -> HttpResponseBase:
    """The log, narrowed by the words of the address."""
    require(request.membership, Ability.MANAGE_ACCOUNTS)
    page = log_page(request.membership, _asked(request.GET))
    words = {name: request.GET[name] for name in ("person", "action", "first", "last") if request.GET.get(name)}
    context = {
        "rows": [_told(entry) for entry in page.entries],
        "older_url": _older(page, words),
        "members": [(str(seat.user_id), str(seat.user)) for seat in members_of(request.membership.team_id)],
        "program": PROGRAM,
        "things": sorted(((thing, str(THING_WORDS[thing])) for thing in THINGS), key=lambda one: one[1].casefold()),
        "chosen": words,
        "zone": str(timezone.get_current_timezone()),
    }
    return render(request, "settings/audit.html", context)


@require_POST
@seated
@reauthentication_required  # type: ignore[untyped-decorator]
def audit_file(request: SeatedRequest) -> HttpResponseBase:
    """The same entries as a file. That it was taken stands in the log."""
    actor, now = request.membership, timezone.now()
    require(actor, Ability.MANAGE_ACCOUNTS)
    asked = _asked(request.POST)
    kind = request.POST.get("kind", CSV)
    kind = kind if kind in FORMATS else CSV
    span = (asked.start or actor.team.created_at, asked.end or now)
    actions.note_export(actor=actor, what="audit", span=span, account_ids=[], now=now)
    rows = log_rows(actor, asked)
    return streamed(written(rows, COLUMNS, kind), name=f"audit-{now:%Y%m%d}.{kind}", content_type=TYPES[kind])


def _asked(typed: Any) -> Asked:
    """Return what an address or form asks for; what cannot be read narrows nothing."""
    person, action, before = typed.get("person", ""), typed.get("action", ""), typed.get("before", "")
    first, last = day_of(typed.get("first", "")), day_of(typed.get("last", ""))
    return Asked(
        person=person if person == PROGRAM or _is_id(person) else "",
        action=action if action in THINGS or ".".join(action.split(".")[:2]) in THINGS else "",
        start=_midnight(first) if first else None,
        end=_midnight(last + timedelta(days=1)) if last else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


def _is_id(typed: str) -> bool:
    try:
        UUID(typed)
    except ValueError:
        return False
    return True


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _older(page: LogPage, words: dict[str, str]) -> str:
    if page.following is None:
        return ""
    return f"{reverse('settings_audit')}?{urlencode(words | {'before': str(page.following)})}"


def _told(entry: AuditEntry) -> dict[str, Any]:
    name = PAGES.get(entry.object_type)
    thing = ".".join(entry.action.split(".")[:2])
    return {
        "entry": entry,
        "thing": THING_WORDS.get(thing, thing),
        "url": reverse(name, args=[entry.object_id]) if name and entry.object_id else "",
        "data": [(key, value) for key, value in sorted(entry.data.items()) if value not in ("", None, [])],
    }
