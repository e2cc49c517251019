"""Quarantine: after a restored backup each account is compared with its network before it may send again."""

from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pluralis.inbox.queries.private_answers import hide_private_answers
from pluralis.publishing import actions
from pluralis.publishing.comparing import compare_with_network
from pluralis.publishing.queries import held_after_restore, instance_row
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.web.gates import SeatedRequest, seated


@seated
def quarantine(request: SeatedRequest) -> HttpResponseBase:
    """The accounts that may not send yet, each with what waits on it."""
    held = held_after_restore(request.membership)
    hide_private_answers(request.membership, chain.from_iterable(held.values()), timezone.now())
    accounts = accounts_of(request.membership).filter(quarantined_at__isnull=False)
    shown: list[dict[str, Any]] = [{"account": one, "parts": held.get(one.id, [])} for one in accounts]
    context = {"shown": shown, "instance": instance_row(), "releases": may(request.membership, Ability.STOP)}
    return render(request, "settings/quarantine.html", context)


@require_POST
@seated
def compare(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Look at the network what of this account is out already."""
    result = compare_with_network(actor=request.membership, account_id=account_id, now=timezone.now())
    said = ngettext(
        "%(number)d post stands there already and will not be sent again.",
        "%(number)d posts stand there already and will not be sent again.",
        result.found,
    ) % {"number": result.found}
    if result.complete:
        messages.success(request, said)
    else:
        messages.warning(request, said + " " + _("Not all of the time in question could be read: look yourself."))
    return redirect("quarantine")


@require_POST
@seated
def release(request: SeatedRequest, account_id: UUID) -> HttpResponseBase:
    """Let one account send again; what was held waits on the calendar for a person."""
    found = actions.release_account(actor=request.membership, account_id=account_id, now=timezone.now())
    messages.success(
        request, _("@%(handle)s may send again. What was held waits on the calendar.") % {"handle": found.handle}
    )
    return redirect("quarantine")
