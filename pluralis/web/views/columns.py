"""Columns side by side, each a saved view that keeps itself up to date; and the saved views themselves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from pluralis.inbox import queries
from pluralis.inbox.actions import views as actions
from pluralis.inbox.models import Column
from pluralis.inbox.queries import Filter
from pluralis.inbox.queries.views import columns_of, mark_shown, views_of
from pluralis.teams.access import Ability, require, valid_id
from pluralis.teams.errors import NotFound
from pluralis.web.gates import SeatedRequest, back, seated
from pluralis.web.inbox_list import counted, filter_context, query_of

ROWS = 20


@seated
def columns(request: SeatedRequest) -> HttpResponseBase:
    """All columns of the member."""
    require(request.membership, Ability.VIEW)
    own = columns_of(request.membership)
    standing = {each.view_id for each in own}
    free = [view for view in views_of(request.membership) if view.id not in standing]
    shown = [_shown(request, each, number, len(own)) for number, each in enumerate(own)]
    return render(request, "columns/index.html", {"columns": shown, "free": free, "beginning": _beginning()})


@seated
def column(request: SeatedRequest, column_id: UUID) -> HttpResponseBase:
    """One column, for its reading again."""
    require(request.membership, Ability.VIEW)
    own = columns_of(request.membership)
    for number, each in enumerate(own):
        if each.id == column_id:
            return render(request, "columns/column.html", {"one": _shown(request, each, number, len(own))})
    raise NotFound("column")


def _shown(request: SeatedRequest, each: Column, number: int, last: int) -> dict[str, Any]:
    wanted = Filter.from_words(each.view.wanted)
    page = queries.inbox_page(request.membership, wanted, size=ROWS)
    mark_shown(request.membership, page.conversations, timezone.now())
    return {
        "column": each,
        "page": page,
        "count": counted(queries.count_each(request.membership, [wanted])[0]),
        "query": query_of(wanted),
        "first": number == 0,
        "last": number == last - 1,
    }


def _beginning() -> list[tuple[str, str]]:
    """The columns somebody may begin with: key and name."""
    return [
        ("open", pgettext("ready-made view", "Open")),
        ("mine", pgettext("ready-made view", "Mine")),
        ("late", pgettext("ready-made view", "Late")),
        ("complaints", pgettext("ready-made view", "Complaints")),
    ]


READY = {
    "open": Filter(),
    "mine": Filter(state="", mine=True),
    "late": Filter(late=True),
    "complaints": Filter(label="complaint"),
}


@require_POST
@seated
def begin(request: SeatedRequest) -> HttpResponseBase:
    """Make the ready-made views and a column of each."""
    for key, name in _beginning():
        view = actions.save_view(
            actor=request.membership, name=name, wanted=READY[key], shared=False, now=timezone.now()
        )
        actions.add_column(actor=request.membership, view_id=view.id)
    return redirect("columns")


@require_POST
@seated
def add(request: SeatedRequest) -> HttpResponseBase:
    """Put a view beside the others."""
    actions.add_column(actor=request.membership, view_id=valid_id(request.POST.get("view", "")))
    return redirect("columns")


@require_POST
@seated
def take_away(request: SeatedRequest, column_id: UUID) -> HttpResponseBase:
    """Take a column away; its view stays."""
    actions.remove_column(actor=request.membership, column_id=column_id)
    return redirect("columns")


@require_POST
@seated
def order(request: SeatedRequest) -> HttpResponseBase:
    """Put the columns into the order that they were dragged to."""
    require(request.membership, Ability.VIEW)
    named = [valid_id(each) for each in request.POST.getlist("column")]
    actions.order_columns(actor=request.membership, column_ids=named)
    return HttpResponse(status=204)


@require_POST
@seated
def move(request: SeatedRequest, column_id: UUID) -> HttpResponseBase:
    """Move a column one place to the left or to the right."""
    ids = [each.id for each in columns_of(request.membership)]
    if column_id not in ids:
        raise NotFound("column")
    at = ids.index(column_id)
    to = at - 1 if request.POST.get("to") == "left" else at + 1
    if 0 <= to < len(ids):
        ids[at], ids[to] = ids[to], ids[at]
        actions.order_columns(actor=request.membership, column_ids=ids)
    return redirect(f"{reverse('columns')}#column-{column_id}")


@seated
def choose(request: SeatedRequest) -> HttpResponseBase:
    """The form that narrows the inbox, with what can be chosen."""
    require(request.membership, Ability.VIEW)
    return render(request, "inbox/filter.html", filter_context(request))


@require_POST
@seated
def save(request: SeatedRequest) -> HttpResponseBase:
    """Keep what the list shows now as a view."""
    wanted = Filter.from_words(QueryDict(request.POST.get("query", "")[:2000]))
    view = actions.save_view(
        actor=request.membership,
        name=request.POST.get("name", ""),
        wanted=wanted,
        shared=request.POST.get("shared") == "1",
        now=timezone.now(),
    )
    messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
    return redirect(f"{reverse('inbox')}?{query_of(Filter.from_words(view.wanted))}")


@require_POST
@seated
def remove(request: SeatedRequest, view_id: UUID) -> HttpResponseBase:
    """Forget a view."""
    actions.remove_view(actor=request.membership, view_id=view_id, now=timezone.now())
    messages.success(request, _("The view is removed. No message went with it."))
    return redirect(back(request, reverse("inbox")))
