"""Answer times in figures: per member, kind and account, each number with its definition beside it."""

from datetime import timedelta
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from pluralis.inbox.queries.service_times import Row
from pluralis.inbox.queries.service_times import figures as rows_of
from pluralis.teams.access import Ability, access_account, accounts_of, require
from pluralis.teams.models import Membership
from pluralis.teams.queries import members_of
from pluralis.web import words
from pluralis.web.gates import SeatedRequest, seated

PERIODS = (7, 28, 90)


@seated
def figures(request: SeatedRequest) -> HttpResponseBase:
    """First answers and resolutions of the last days, and how much of what was promised was kept."""
    actor, now = request.membership, timezone.now()
    require(actor, Ability.VIEW)
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in PERIODS else 28
    since = now - timedelta(days=days)
    account = request.session.get("account")
    of = {
        group: rows_of(actor, group, since, now, now=now, account_id=_account_id(request, account))
        for group in ("whole", "member", "kind", "account")
    }
    names = _names(actor)
    tables = [
        (_("By member"), _named(of["member"], names)),
        (_("By kind"), _named(of["kind"], {kind: str(label) for kind, label in words.LABELS.items()})),
        (_("By account"), _named(of["account"], names)),
    ]
    context = {"whole": next(iter(of["whole"]), None), "tables": tables, "days": days, "periods": PERIODS}
    return render(request, "inbox/times.html", context)


def _account_id(request: SeatedRequest, chosen: str | None) -> Any:
    return access_account(request.membership, chosen).id if chosen else None


def _names(actor: Membership) -> dict[str, str]:
    named = {str(each.id): str(each.user) for each in members_of(actor.team_id)}
    return named | {str(each.id): f"@{each.handle}" for each in accounts_of(actor, released=True)}


def _named(rows: list[Row], names: dict[str, str]) -> list[tuple[str, Row]]:
    return [(names.get(str(row.key), _("Other")), row) for row in rows]
