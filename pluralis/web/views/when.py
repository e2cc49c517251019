"""When a post goes out: the ways besides *now* and *at a time*, and what is told before the button is pressed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.core.schedule import Edge, RuleError, instant_at, occurrences, parse_rule, summary, zone_named
from pluralis.posts.models import Post
from pluralis.publishing import queries
from pluralis.publishing.actions import add_to_queue, repeat_post
from pluralis.publishing.actions.slots import LOOK_AHEAD, free_slots
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.rule_words import refused_rule
from pluralis.teams.access import Ability, accounts_of, require, valid_id
from pluralis.teams.errors import ActionError
from pluralis.teams.models import Account
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.repeat_form import RepeatFields, fields_of, order_of

SHOWN = 5


def repeat_fields(request: SeatedRequest, accounts: list[Account]) -> RepeatFields:
    """Return the fields of the repeat as they stand in the composer's form."""
    zone = accounts[0].zone if accounts else str(timezone.get_current_timezone())
    return fields_of(request.POST, zone)


def queue(
    request: SeatedRequest, post: Post, chosen: list[Account], key: str, confirmed: Confirmations
) -> HttpResponseBase:
    """Put a post into the next free slot of each chosen account."""
    deliveries = add_to_queue(
        actor=request.membership,
        post_id=post.id,
        account_ids=[one.id for one in chosen],
        confirmed=confirmed,
        client_key=key,
        now=timezone.now(),
    )
    names = ", ".join(f"@{one.account.handle}" for one in deliveries)
    messages.success(request, _("In the queue of %(accounts)s.") % {"accounts": names})
    return redirect("calendar")


def repeat(
    request: SeatedRequest, post: Post, chosen: list[Account], key: str, confirmed: Confirmations
) -> HttpResponseBase:
    """Let a post repeat; its first times are planned at once."""
    order = order_of(
        repeat_fields(request, chosen),
        missed_policy=request.POST.get("missed_policy", ""),
        override_reason=confirmed.override_reason,
    )
    made = repeat_post(
        actor=request.membership,
        post_id=post.id,
        account_ids=[one.id for one in chosen],
        order=order,
        client_key=key,
        now=timezone.now(),
    )
    messages.success(request, _("It repeats from now on. The next two weeks are planned."))
    return redirect("repeat", made.id)


WAYS = {"queue": queue, "repeat": repeat}


@require_POST
@seated
def preview(request: SeatedRequest) -> HttpResponseBase:
    """What the chosen time means: the next slots or dates, a clock change, what is close to it. Nothing is stored."""
    require(request.membership, Ability.WRITE)
    wanted = [valid_id(one) for one in request.POST.getlist("accounts")]
    chosen = list(accounts_of(request.membership).filter(id__in=wanted))
    way = {"queue": _queue, "repeat": _repeat, "at": _at}.get(request.POST.get("when", ""))
    context: dict[str, Any] = way(request, chosen) if way else {}
    at = context.get("first_at")
    if at is not None:
        context["close"] = queries.close_to(
            request.membership, at, [one.id for one in chosen], besides=_post(request)
        )
    return render(request, "write/when.html", context | {"zone": str(timezone.get_current_timezone())})


def _post(request: SeatedRequest) -> UUID | None:
    typed = request.POST.get("post", "")
    return valid_id(typed) if typed else None


def _queue(request: SeatedRequest, chosen: list[Account]) -> dict[str, Any]:
    now, found = timezone.now(), []
    for account in chosen:
        try:
            found.append((account, next(iter(free_slots(account, now, now + LOOK_AHEAD)), None)))
        except RuleError:
            found.append((account, None))
    first = next((slot.at for _account, slot in found if slot is not None), None)
    return {"slots": found, "no_account": not chosen, "first_at": first}


def _repeat(request: SeatedRequest, chosen: list[Account]) -> dict[str, Any]:
    try:
        order = order_of(repeat_fields(request, chosen))
        times = occurrences(order.repeat, timezone.now(), SHOWN)
        said = summary(parse_rule(order.rule), order.repeat.start, get_language() or "en")
    except RuleError as error:
        return {"refused": refused_rule(error)}
    except ActionError as error:
        return {"refused": error}
    needed = queries.own_text_needed(chosen)
    return {
        "said": said,
        "times": times,
        "repeat_zone": order.zone,
        "over": not times,
        "own_text": needed,
        "texts": 1 + len(order.texts),
        "first_at": times[0].at if times else None,
    }


def _at(request: SeatedRequest, chosen: list[Account]) -> dict[str, Any]:
    try:
        wall = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError:
        return {}
    if wall.tzinfo is not None:
        return {"first_at": wall}
    zone = zone_named(str(timezone.get_current_timezone()))
    moment = instant_at(wall, zone)
    shown = moment.at.astimezone(zone)
    return {
        "edge": moment.edge if moment.edge is not Edge.NONE else None,
        "shown_at": shown,
        "first_at": moment.at,
        "is_past": moment.at < timezone.now() - timedelta(minutes=2),
        "elsewhere": [(account, moment.at) for account in chosen if _differs(account.zone, shown)],
    }


def _differs(zone: str, shown: datetime) -> bool:
    """Say whether another zone's clock shows another time."""
    try:
        return shown.astimezone(zone_named(zone)).utcoffset() != shown.utcoffset()
    except RuleError:
        return False
