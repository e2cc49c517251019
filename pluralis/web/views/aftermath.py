"""After a stop or an outage: one page with what became of each post, and how each goes on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pluralis.inbox.queries.private_answers import hide_private_answers
from pluralis.publishing import actions, queries
from pluralis.publishing.access import access_part
from pluralis.publishing.queries.missed_repeats import missed_repeats
from pluralis.teams.access import Ability, may
from pluralis.teams.errors import Invalid
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.views.write import instant_of


@seated
def aftermath(request: SeatedRequest) -> HttpResponseBase:
    """What was missed, is held, went out late, was skipped, or is in doubt."""
    found = queries.aftermath_of(request.membership, timezone.now())
    hide_private_answers(request.membership, found.parts, timezone.now())
    context = {
        "found": found,
        "unplanned": missed_repeats(request.membership, timezone.now()),
        "may_change": may(request.membership, Ability.PUBLISH),
        "zone": str(timezone.get_current_timezone()),
        "now": timezone.now(),
        "earliest": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "calendar/aftermath.html", context)


@require_POST
@seated
def bring_back(request: SeatedRequest) -> HttpResponseBase:
    """Let one or the chosen posts go as planned, now or at a time, or take them back."""
    actor, now = request.membership, timezone.now()
    one = request.POST.get("as_planned") or request.POST.get("release") or request.POST.get("cancel")
    chosen = [one] if one else request.POST.getlist("delivery")
    if "cancel" in request.POST or request.POST.get("do") == "cancel":
        done = actions.cancel_deliveries(actor=actor, delivery_ids=chosen, now=now)
        said = ngettext("%(count)d post is taken back.", "%(count)d posts are taken back.", done.done)
    else:
        at = _at(request) if request.POST.get("do") == "move" else None
        as_planned = "as_planned" in request.POST or request.POST.get("do") == "as_planned"
        done = actions.release_deliveries(actor=actor, delivery_ids=chosen, at=at, as_planned=as_planned, now=now)
        said = ngettext("%(count)d post goes on.", "%(count)d posts go on.", done.done)
    if done.done:
        messages.success(request, said % {"count": done.done})
    for words in dict.fromkeys(words for _id, words in done.refused):
        messages.error(request, words)
    return redirect("aftermath")


def _at(request: SeatedRequest) -> datetime:
    at = instant_of(request.POST.get("at", ""))
    if at is None:
        raise Invalid("no_time", _("No day and time is chosen."), kept=_("It stays where it was."))
    return at


@require_POST
@seated
def take_down(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Delete a message, or the whole thread, on its network."""
    whole = request.POST.get("whole") == "1"
    asked = actions.take_down(actor=request.membership, part_id=part_id, whole=whole, now=timezone.now())
    said = ngettext("%(count)d message is being taken down.", "%(count)d messages are being taken down.", len(asked))
    messages.success(request, said % {"count": len(asked)})
    return redirect("part", part_id)


@require_POST
@seated
def correct(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Give a message that is out other words."""
    text = request.POST.get("text", "")
    actions.correct_words(actor=request.membership, part_id=part_id, text=text, now=timezone.now())
    messages.success(request, _("The new words are on their way."))
    return redirect("part", part_id)


@require_POST
@seated
def follow_up(request: SeatedRequest, part_id: UUID) -> HttpResponseBase:
    """Write an answer to our own post, on the account it stands on."""
    part = access_part(request.membership, part_id)
    post = actions.follow_up(actor=request.membership, part_id=part_id, now=timezone.now())
    return redirect(f"{reverse('write_post', args=[post.id])}?account={part.account_id}")


def what_may_be_done(request: SeatedRequest, part: Any) -> dict[str, Any]:
    """Return what the page of a part that is out offers. Two queries."""
    if part.state != "sent":
        return {"corrections": queries.corrections_of(part)}
    return {
        "corrections": queries.corrections_of(part),
        "is_out": True,
        "may_edit": actions.may_edit(part.account),
        "in_thread": queries.out_in_thread(part) > 1,
    }
