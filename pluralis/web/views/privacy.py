"""Personal data of a contact on request: given out, kept by law, erased; and how long a team keeps it."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pluralis.inbox.access import access_contact
from pluralis.inbox.actions import giving_out, privacy
from pluralis.inbox.actions.withdrawing import standing_reposts
from pluralis.inbox.models import Contact, Conversation, Unmasking
from pluralis.inbox.queries.masked import standing_hold
from pluralis.teams.access import Ability
from pluralis.teams.actions import set_retention
from pluralis.teams.errors import ActionError, Invalid
from pluralis.web.gates import SeatedRequest, seated

ERASE = "ERASE"


@seated
def contact_data(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """What a lead may do with everything held of a contact."""
    return _page(request, contact_id)


def _page(request: SeatedRequest, contact_id: UUID, **more: Any) -> HttpResponse:
    contact = access_contact(request.membership, contact_id, Ability.MANAGE_ACCOUNTS)
    looked = Unmasking.objects.filter(conversation__contact=contact).select_related("member__user", "conversation")
    context = {
        "contact": contact,
        "hold": standing_hold(contact.id, timezone.now()),
        "conversations": Conversation.objects.filter(contact=contact).count(),
        "looked": looked.order_by("-at")[:50],
        "reposts": standing_reposts(contact).count(),
        "word": ERASE,
    }
    error: ActionError | None = more.get("problem")
    return render(request, "replies/contact_data.html", context | more, status=error.status if error else 200)


@require_POST
@seated
def export(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Give out everything held of a contact as a zip."""
    given = giving_out.export_contact(actor=request.membership, contact_id=contact_id, now=timezone.now())
    content = giving_out.as_archive(given, request.membership.team.name)
    name = f"contact-{given['given_out_at'][:10]}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_POST
@seated
def erase(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Erase a contact with all that was said, once the word was typed; what is left to a hand is shown this once."""
    contact: Contact = access_contact(request.membership, contact_id, Ability.MANAGE_ACCOUNTS)
    if request.POST.get("word", "").strip().upper() != ERASE:
        wrong = Invalid("not_sure", _("Type the word to erase."), kept=_("Nothing was erased."))
        return _page(request, contact.id, problem=wrong)
    try:
        erased = privacy.erase_contact(actor=request.membership, contact_id=contact.id, now=timezone.now())
    except ActionError as error:
        return _page(request, contact.id, problem=error)
    said = " ".join(_said(erased))
    if erased.by_hand:
        return render(request, "replies/erased.html", {"erased": erased, "said": said})
    messages.success(request, said)
    return redirect("inbox")


def _said(erased: privacy.Erased) -> Iterator[str]:
    went = ngettext("Erased, with %(number)d message.", "Erased, with %(number)d messages.", erased.messages)
    yield went % {"number": erased.messages}
    if erased.reposts:
        back = ngettext("%(number)d repost was taken back.", "%(number)d reposts were taken back.", erased.reposts)
        yield back % {"number": erased.reposts}
    if erased.later:
        still = ngettext(
            "%(number)d repost still stands and is taken back by itself; the audit log says when.",
            "%(number)d reposts still stand and are taken back by themselves; the audit log says when.",
            erased.later,
        )
        yield still % {"number": erased.later}


@require_POST
@seated
def hold(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Keep a contact's data by law until a day."""
    day = parse_date(request.POST.get("until", "")) if len(request.POST.get("until", "")) == 10 else None
    until = datetime.combine(day, time(23, 59), tzinfo=UTC) if day else timezone.now()
    try:
        privacy.hold_contact(
            actor=request.membership, contact_id=contact_id, reason=request.POST.get("reason", ""), until=until,
            now=timezone.now(),
        )  # fmt: skip
    except Invalid as error:
        return _page(request, contact_id, problem=error)
    messages.success(request, _("Nothing of this person is masked or erased until then."))
    return redirect("contact_data", contact_id)


@require_POST
@seated
def lift(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """End a legal hold."""
    privacy.lift_hold(actor=request.membership, contact_id=contact_id, now=timezone.now())
    messages.success(request, _("The legal hold has ended."))
    return redirect("contact_data", contact_id)


@require_POST
@seated
def retention(request: SeatedRequest) -> HttpResponseBase:
    """Say after how many days personal data is masked for good."""
    typed = request.POST.get("days", "").strip()
    days = int(typed) if typed.isdigit() and len(typed) < 6 else None
    if typed and days is None:
        messages.error(request, _("Write a number of days, or nothing to keep it."))
        return redirect("settings_privacy")
    set_retention(actor=request.membership, days=days or None, now=timezone.now())
    messages.success(request, _("Saved. It is masked every night.") if days else _("Saved. It is kept."))
    return redirect("settings_privacy")
