"""People: who wrote to us, found by the beginning of a name or handle; what the team keeps of one of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.inbox import queries
from pluralis.inbox.access import access_contact
from pluralis.inbox.actions import contact_list
from pluralis.inbox.actions import contacts as actions
from pluralis.inbox.models import Contact, Ground
from pluralis.inbox.queries.conversation_side import Card
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import ActionError, NotFound
from pluralis.teams.models import Membership
from pluralis.web.gates import SeatedRequest, back, seated


@seated
def people(request: SeatedRequest) -> HttpResponseBase:
    """The list of people."""
    require(request.membership, Ability.VIEW)
    words, tag = request.GET.get("words", "")[:100], request.GET.get("tag", "")[:40]
    page = queries.people_page(request.membership, words=words, tag=tag, after=_after(request))
    context = {
        "page": page,
        "words": words,
        "tag": tag,
        "tags": queries.tags_in_use(request.membership.team_id),
        "may_change": may(request.membership, Ability.ANSWER),
    }
    return render(request, "people/index.html", context)


def _after(request: SeatedRequest) -> UUID | None:
    try:
        return valid_id(request.GET["after"]) if request.GET.get("after") else None
    except NotFound:
        return None


@seated
def person(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """One person: profiles, what is kept, and everything they wrote."""
    contact = access_contact(request.membership, contact_id)
    wanted = request.GET.get("join", "")[:100]
    others = [one for one in queries.people_page(request.membership, words=wanted).contacts if one != contact]
    context = card_context(request.membership, contact) | {
        "contact": contact,
        "history": queries.history(request.membership, contact.id, 50),
        "alike": queries.same_name(request.membership, contact),
        "join": wanted,
        "may_see_data": may(request.membership, Ability.MANAGE_ACCOUNTS),
        "others": others[:10] if wanted else [],
    }
    return render(request, "people/person.html", context)


def card_context(actor: Membership, contact: Contact | None, card: Card | None = None) -> dict[str, Any]:
    """Return what stands beside a conversation of somebody, and on their page. Five queries, with a card none.

    And one a minute for the tags in use.
    """
    if contact is None:
        return {"profiles": []}
    card = card or Card(
        profiles=list(contact.profiles.prefetch_related("former_handles").order_by("seen_at")),
        facts=list(contact.facts.order_by("name")),
        awaited=list(contact.awaited_profiles.all()),
        fact_names=queries.fact_names(actor.team_id),
    )
    return {
        "profiles": card.profiles,
        "facts": card.facts,
        "awaited": card.awaited,
        "grounds": Ground.choices,
        "suggested_tags": list(dict.fromkeys([*queries.tags_in_use(actor.team_id), *actions.SUGGESTED_TAGS])),
        "suggested_facts": list(dict.fromkeys([*card.fact_names, *_usual_facts()])),
        "may_change": may(actor, Ability.ANSWER),
    }


def _usual_facts() -> list[str]:
    return [_("Customer number"), _("Booking"), _("Company"), _("Telephone")]


@require_POST
@seated
def tag(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Add a tag, or take one away."""
    contact = access_contact(request.membership, contact_id, Ability.ANSWER)
    gone = request.POST.get("remove", "")
    tags = [*(each for each in contact.tags if each != gone), request.POST.get("add", "")]
    actions.set_tags(actor=request.membership, contact_id=contact.id, tags=tags, now=timezone.now())
    return redirect(_back(request, contact_id))


@require_POST
@seated
def note(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Keep the note about somebody."""
    said = request.POST.get("note", "").replace("\r\n", "\n")
    actions.write_about(actor=request.membership, contact_id=contact_id, note=said, now=timezone.now())
    messages.success(request, _("Kept."))
    return redirect(_back(request, contact_id))


@require_POST
@seated
def fact(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Keep a fact with its ground, or forget it."""
    actions.set_fact(
        actor=request.membership,
        contact_id=contact_id,
        name=request.POST.get("name", ""),
        value=request.POST.get("value", ""),
        ground=request.POST.get("ground", ""),
        now=timezone.now(),
    )
    return redirect(_back(request, contact_id))


@require_POST
@seated
def join(request: SeatedRequest, contact_id: UUID) -> HttpResponseBase:
    """Say that two are one person."""
    other = valid_id(request.POST.get("other", ""))
    actions.join_contacts(actor=request.membership, contact_id=contact_id, other_id=other, now=timezone.now())
    messages.success(request, _("One person now. Separate them beside the profile if that was wrong."))
    return redirect("person", contact_id)


@require_POST
@seated
def separate(request: SeatedRequest, profile_id: UUID) -> HttpResponseBase:
    """Take a profile out of a person again."""
    home = actions.separate_profile(actor=request.membership, profile_id=profile_id, now=timezone.now())
    messages.success(request, _("Separated, with their conversations."))
    return redirect("person", home.id)


@seated
def bring(request: SeatedRequest) -> HttpResponseBase:
    """Bring the company's own list of people."""
    require(request.membership, Ability.ANSWER)
    context: dict[str, Any] = {"grounds": Ground.choices}
    status = 200
    if request.method == "POST":
        given = request.FILES.get("file")
        content = given.read() if given is not None else request.POST.get("text", "").encode()
        try:
            context["result"] = contact_list.import_contacts(
                actor=request.membership, content=content, now=timezone.now()
            )
        except ActionError as error:
            context["problem"], status = error, error.status
    return render(request, "people/bring.html", context, status=status)


def _back(request: SeatedRequest, contact_id: UUID) -> str:
    return back(request, reverse("person", args=[contact_id]))
