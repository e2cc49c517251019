"""Export: posts, deliveries, attempts and messages as a file, of a span of days and some accounts."""

from datetime import date, datetime, time, timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pluralis.config.streaming import streamed
from pluralis.core.exporting import CSV, FORMATS, TYPES, written
from pluralis.inbox.queries.exports import KINDS, Wanted
from pluralis.teams import actions
from pluralis.teams.access import accounts_of, valid_id
from pluralis.web.gates import SeatedRequest, seated

WHAT: dict[str, tuple[Any, Any]] = {
    "posts": (
        _("Posts"),
        _("What was written, with state, author and accounts. Threads are parted as an import reads them."),
    ),
    "deliveries": (
        _("Deliveries"),
        _("What was planned and sent: a row for each message, with its state, time and address."),
    ),
    "attempts": (_("Attempts"), _("Every try and how it ended.")),
    "messages": (_("Messages"), _("What came in and was answered. Personal data stays masked.")),
}
SPAN = timedelta(days=30)


class ExportForm(forms.Form):
    """What, in which form, of which days."""

    what = forms.ChoiceField(choices=[(name, name) for name in KINDS])
    kind = forms.ChoiceField(choices=[(name, name) for name in FORMATS])
    first = forms.DateField()
    last = forms.DateField()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return found


@seated
def exports(request: SeatedRequest) -> HttpResponseBase:
    """What can be taken home."""
    return _page(request, None)


def _page(request: SeatedRequest, form: ExportForm | None) -> HttpResponseBase:
    today = timezone.localdate()
    data = form.data if form else {}
    context = {
        "kinds": [(name, *WHAT[name]) for name in KINDS],
        "what": data.get("what", "posts"),
        "kind": data.get("kind", CSV),
        "first": data.get("first", (today - SPAN).isoformat()),
        "last": data.get("last", today.isoformat()),
        "accounts": list(accounts_of(request.membership, released=True)),
        "form": form,
        "zone": str(timezone.get_current_timezone()),
    }
    return render(request, "exports/index.html", context, status=422 if form else 200)


@require_POST
@seated
@reauthentication_required  # type: ignore[untyped-decorator]
def export_file(request: SeatedRequest) -> HttpResponseBase:
    """The file. That it was taken stands in the audit log."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    what, kind = form.cleaned_data["what"], form.cleaned_data["kind"]
    wanted = Wanted(
        _midnight(form.cleaned_data["first"]),
        _midnight(form.cleaned_data["last"] + timedelta(days=1)),
        [valid_id(each) for each in request.POST.getlist("accounts")],
    )
    actions.note_export(
        actor=request.membership,
        what=what,
        span=(wanted.start, wanted.end),
        account_ids=wanted.account_ids,
        now=timezone.now(),
    )
    rows = KINDS[what].rows(request.membership, wanted)
    name = f"{what}-{form.cleaned_data['first']:%Y%m%d}-{form.cleaned_data['last']:%Y%m%d}.{kind}"
    return streamed(written(rows, KINDS[what].columns, kind), name=name, content_type=TYPES[kind])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
