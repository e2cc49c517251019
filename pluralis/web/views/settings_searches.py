"""Settings of searches: words and hashtags that are looked for on the networks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pluralis.inbox.actions import searches as actions
from pluralis.inbox.actions.views import add_column, save_view
from pluralis.inbox.queries import Filter
from pluralis.inbox.queries.searches import places_of, search_named, searches_of
from pluralis.teams.access import Ability, may, require, valid_id
from pluralis.teams.errors import Invalid
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.search_form import SearchForm


@seated
def searches(request: SeatedRequest) -> HttpResponseBase:
    """The searches that run and rest, with what they brought."""
    return _page(request)


def _page(request: SeatedRequest, form: SearchForm | None = None) -> HttpResponseBase:
    actor = request.membership
    require(actor, Ability.VIEW)
    places = places_of(actor)
    context: dict[str, Any] = {
        "searches": searches_of(actor, timezone.now()),
        "places": places,
        "form": form or SearchForm(places=places),
        "may_begin": any(each.forms for each in places),
        "manages": may(actor, Ability.MANAGE_ACCOUNTS),
    }
    return render(request, "settings/searches.html", context, status=422 if form else 200)


@require_POST
@seated
def begin(request: SeatedRequest) -> HttpResponseBase:
    """Look for something from now on."""
    actor = request.membership
    require(actor, Ability.MANAGE_ACCOUNTS)
    form = SearchForm(request.POST, places=places_of(actor))
    if not form.is_valid():
        return _page(request, form)
    typed = form.cleaned_data
    wished = actions.WishedSearch(
        valid_id(typed["account"]), typed["words"], tuple(typed["labels"]), typed.get("most_a_day")
    )
    try:
        search = actions.begin_search(actor=actor, wished=wished, now=timezone.now())
    except Invalid as error:
        form.add_error(None, str(error.happened))
        for name, told in error.fields.items():
            form.add_error(name if name in form.fields else None, str(told))
        return _page(request, form)
    messages.success(request, _("“%(words)s” is looked for from now on.") % {"words": search.words})
    return redirect("settings_searches")


@require_POST
@seated
def change(request: SeatedRequest, search_id: UUID) -> HttpResponseBase:
    """Let a search rest, or go on."""
    act = actions.resume_search if request.POST.get("do") == "resume" else actions.pause_search
    search = act(actor=request.membership, search_id=search_id, now=timezone.now())
    said = _("“%(words)s” rests.") if search.paused_at else _("“%(words)s” is looked for again.")
    messages.success(request, said % {"words": search.words})
    return redirect("settings_searches")


@require_POST
@seated
def end(request: SeatedRequest, search_id: UUID) -> HttpResponseBase:
    """End a search; what it found stays in the inbox."""
    search = actions.end_search(actor=request.membership, search_id=search_id, now=timezone.now())
    said = _("“%(words)s” is no longer looked for. What was found stays.") % {"words": search.words}
    messages.success(request, said, extra_tags=reverse("settings_search_back", args=[search.id]))
    return redirect("settings_searches")


@require_POST
@seated
def back(request: SeatedRequest, search_id: UUID) -> HttpResponseBase:
    """Take the end of a search back."""
    actions.bring_back_search(actor=request.membership, search_id=search_id, now=timezone.now())
    address = reverse("settings_searches")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@require_POST
@seated
def column(request: SeatedRequest, search_id: UUID) -> HttpResponseBase:
    """Put what a search finds beside the other columns of whoever asks, as a view of theirs."""
    actor = request.membership
    require(actor, Ability.VIEW)
    search = search_named(actor, search_id)
    wanted = Filter(state="", search_id=search.id)
    view = save_view(actor=actor, name=search.words, wanted=wanted, shared=False, now=timezone.now())
    add_column(actor=actor, view_id=view.id)
    return redirect("columns")
