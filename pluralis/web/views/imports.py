"""Import: a file of posts handed in, laid out, checked row by row, planned, and taken back if need be."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pluralis.config.streaming import streamed
from pluralis.core.delivery import MissedPolicy
from pluralis.core.exporting import CSV, TYPES, lines
from pluralis.core.importing import FIELDS, MOST_BYTES, MOST_ROWS, Unreadable, letters
from pluralis.core.importing.dates import NoDate, read_moment
from pluralis.core.importing.examples import LAYOUTS, example
from pluralis.core.importing.separated import DELIMITERS
from pluralis.publishing import actions
from pluralis.publishing.access import access_import
from pluralis.publishing.actions import Decisions, Reading
from pluralis.publishing.import_order import order_in
from pluralis.publishing.import_words import unreadable
from pluralis.publishing.models import Delivery, Import, ImportState
from pluralis.publishing.queries.imports import (
    PAGE,
    SHOWN,
    counts_of,
    imports_of,
    problems_of,
    refused_rows,
    rows_of,
    same_file_before,
)
from pluralis.teams.access import Ability, accounts_of, may, require, valid_id
from pluralis.teams.errors import ActionError, Invalid
from pluralis.web.forms import zone_choices
from pluralis.web.gates import SeatedRequest, seated

FIELD_NAMES: dict[str, Any] = {
    "": gettext_lazy("Leave it out"),
    "text": gettext_lazy("Text"),
    "when": gettext_lazy("Day, with or without its time"),
    "clock": gettext_lazy("Time of day"),
    "zone": gettext_lazy("Time zone"),
    "account": gettext_lazy("Account"),
    "link": gettext_lazy("Link"),
    "picture": gettext_lazy("Picture"),
    "alt": gettext_lazy("Description of the picture"),
    "language": gettext_lazy("Language"),
}
LAYOUT_NAMES: dict[str, Any] = {
    "plain": gettext_lazy("A table with names of its own"),
    "hootsuite": gettext_lazy("Hootsuite, bulk composer"),
    "buffer": gettext_lazy("Buffer, bulk upload"),
}
SHOWN_NAMES: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "problems": gettext_lazy("With problems"),
    "good": gettext_lazy("Ready"),
    "left_out": gettext_lazy("Left out"),
    "failed": gettext_lazy("Not taken"),
}
DELIMITER_NAMES: dict[str, Any] = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tabulator"),
    "|": gettext_lazy("Upright line"),
    "\n": gettext_lazy("None: one text a line"),
}


@seated
def imports(request: SeatedRequest) -> HttpResponseBase:
    """The files handed in so far, and the place to drop the next one."""
    require(request.membership, Ability.WRITE)
    if request.method == "POST":
        return _take(request)
    return _index(request)


def _index(request: SeatedRequest, error: ActionError | None = None) -> HttpResponseBase:
    context = {
        "imports": imports_of(request.membership),
        "key": uuid.uuid4().hex,
        "problem": error,
        "most_mb": MOST_BYTES // 2**20,
        "most_rows": MOST_ROWS,
        "layouts": [(layout, LAYOUT_NAMES[layout]) for layout in LAYOUTS],
    }
    return render(request, "imports/index.html", context, status=error.status if error else 200)


def _take(request: SeatedRequest) -> HttpResponseBase:
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid("no_file", _("No file was chosen."), next_step=_("Choose a table: CSV or a spreadsheet."))
        if (sent.size or 0) > MOST_BYTES:
            raise unreadable(Unreadable("too_large", most=MOST_BYTES // 2**20))
        one = actions.start_import(
            actor=request.membership,
            file_name=sent.name or "",
            content=sent.read(),
            client_key=request.POST.get("key", "")[:64] or uuid.uuid4().hex,
            now=timezone.now(),
        )
    except ActionError as error:
        return _index(request, error)
    return redirect("import_one", one.id)


@seated
def import_one(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """One file: what each column is, what is wrong with which row, how far it is, what became of it."""
    one = access_import(request.membership, import_id)
    if one.state == ImportState.MAPPING or (
        one.state == ImportState.CHECKED and request.GET.get("step") == "columns"
    ):
        return _mapping(request, one)
    return render(request, "imports/one.html", _rows(request, one))


def _mapping(request: SeatedRequest, one: Import, error: ActionError | None = None) -> HttpResponseBase:
    post = request.POST
    fields = post.getlist("fields") or one.choices.get("fields") or one.shape["guess"]
    order = order_in(one, fields)
    chosen = post.getlist("accounts") or one.choices.get("accounts") or _session_account(request)
    context = {
        "one": one,
        "columns": _columns(one, fields),
        "field_names": [(field, FIELD_NAMES[field]) for field in sorted(FIELDS, key=list(FIELD_NAMES).index)],
        "order": order,
        "chosen_order": post.get("order") or one.choices.get("order", "") if order.must_ask else "",
        "readings": _readings(order.example) if order.must_ask else [],
        "zones": zone_choices(),
        "zone": post.get("zone") or one.choices.get("zone") or str(timezone.get_current_timezone()),
        "accounts": list(accounts_of(request.membership)),
        "chosen": set(chosen),
        "drafts": bool(post.get("drafts")) if post else one.choices.get("drafts", False),
        "same_texts": bool(post.get("same_texts")) if post else one.choices.get("same_texts", False),
        "missed_policies": Delivery.Missed.choices,
        "missed_policy": post.get("missed_policy") or one.choices.get("missed_policy", MissedPolicy.ASK),
        "delimiters": [(sign, DELIMITER_NAMES[sign]) for sign in (*DELIMITERS, "\n")],
        "layout": LAYOUT_NAMES[one.shape["layout"]],
        "before": same_file_before(one),
        "may_publish": may(request.membership, Ability.PUBLISH),
        "may_override": may(request.membership, Ability.OVERRIDE),
        "problem": error,
    }
    return render(request, "imports/mapping.html", context, status=error.status if error else 200)


def _session_account(request: SeatedRequest) -> list[str]:
    """The account pages are narrowed to, or the only one there is."""
    if request.session.get("account"):
        return [request.session["account"]]
    accounts = list(accounts_of(request.membership)[:2])
    return [str(accounts[0].id)] if len(accounts) == 1 else []


def _columns(one: Import, fields: Sequence[str]) -> list[dict[str, Any]]:
    rows = list(one.rows.order_by("number")[:60])
    return [
        {
            "letter": letters(index),
            "name": name,
            "field": fields[index] if index < len(fields) else "",
            "samples": _samples(rows, index),
        }
        for index, name in enumerate(one.shape["names"])
    ]


def _samples(rows: Sequence[Any], index: int) -> list[str]:
    cells = [row.cells[index].strip() for row in rows if index < len(row.cells)]
    return list(dict.fromkeys(filter(None, cells)))[:3]


def _readings(cell: str) -> list[tuple[str, Any]]:
    """Return both readings of a day, as a person can tell them apart."""
    found = []
    for order in ("dmy", "mdy"):
        try:
            found.append((order, date_format(read_moment(cell, "00:00", order), "DATE_FORMAT")))
        except NoDate:
            found.append((order, ""))
    return found


def _rows(request: SeatedRequest, one: Import) -> dict[str, Any]:
    counts = counts_of(one)
    usual = "failed" if one.state == ImportState.SAVED and counts["failed"] else "all"
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else usual
    page = Paginator(rows_of(one, shown or "all"), PAGE).get_page(request.GET.get("page"))
    accounts = {str(account.id): account for account in accounts_of(request.membership, released=True)}
    for row in page:
        row.said = problems_of(one, row)  # type: ignore[attr-defined]
        theirs = row.plan.get("accounts", ())
        row.accounts = [accounts[each] for each in theirs if each in accounts]  # type: ignore[attr-defined]
        at = row.plan.get("at")
        row.at = datetime.fromisoformat(at) if at else None  # type: ignore[attr-defined]
    return {
        "one": one,
        "page": page,
        "shown": shown,
        "filters": [(name, SHOWN_NAMES[name], counts[name]) for name in SHOWN if counts[name] or name == "all"],
        "counts": counts,
        "zone": str(timezone.get_current_timezone()),
        "busy": one.state in (ImportState.CHECKING, ImportState.SAVING),
        "choosing": one.state == ImportState.CHECKED,
        "missing": sorted(_missing(one)),
        "before": same_file_before(one) if one.state == ImportState.CHECKED else None,
        "may_take_back": one.created_by_id == request.membership.id or may(request.membership, Ability.PUBLISH),
    }


def _missing(one: Import) -> set[str]:
    """The pictures the rows name and nobody has handed in."""
    if one.state != ImportState.CHECKED:
        return set()
    found = one.rows.filter(bad=True).values_list("problems", flat=True)[:5000]
    return {values["value"] for problems in found for _column, code, values in problems if code == "missing_picture"}


@require_POST
@seated
def import_read(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Read the file another way."""
    reading = Reading(
        request.POST.get("encoding", "")[:40], request.POST.get("delimiter", "")[:1], request.POST.get("sheet", "")
    )
    actions.read_again(actor=request.membership, import_id=import_id, reading=reading, now=timezone.now())
    return redirect("import_one", import_id)


@require_POST
@seated
def import_decide(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Take what was said about the columns; every row is checked from now on."""
    one = access_import(request.membership, import_id)
    data = request.POST
    policy = data.get("missed_policy", "")
    decisions = Decisions(
        fields=tuple(data.getlist("fields")),
        zone=data.get("zone", ""),
        account_ids=tuple(valid_id(each) for each in data.getlist("accounts")),
        order=data.get("order", ""),
        drafts=bool(data.get("drafts")),
        same_texts=bool(data.get("same_texts")),
        override_reason=data.get("override_reason", "").strip()[:300],
        missed_policy=MissedPolicy(policy) if policy in Delivery.Missed.values else MissedPolicy.ASK,
    )
    try:
        actions.decide(actor=request.membership, import_id=one.id, decisions=decisions, now=timezone.now())
    except Invalid as error:
        return _mapping(request, one, error)
    return redirect("import_one", one.id)


@require_POST
@seated
def import_pictures(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Take in the pictures the rows name."""
    files = [(each.name or "", each.read()) for each in request.FILES.getlist("pictures")]
    actions.add_import_pictures(actor=request.membership, import_id=import_id, files=files, now=timezone.now())
    messages.success(request, _("%(count)d pictures were added.") % {"count": len(files)})
    return redirect("import_one", import_id)


@require_POST
@seated
def import_choose(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Take rows in or leave them out: one, or all."""
    given = request.POST.getlist("row")
    numbers = None if "all" in given else [int(each) for each in given if each.isdigit() and len(each) < 9]
    chosen = bool(request.POST.get("chosen"))
    actions.choose_rows(
        actor=request.membership, import_id=import_id, numbers=numbers, chosen=chosen, now=timezone.now()
    )
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("import_one", import_id)


@require_POST
@seated
def import_save(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Plan every chosen row."""
    actions.save_import(actor=request.membership, import_id=import_id, now=timezone.now())
    return redirect("import_one", import_id)


@require_POST
@seated
def import_undo(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Take the whole import back."""
    actions.take_back(actor=request.membership, import_id=import_id, now=timezone.now())
    messages.success(request, _("The import is taken back."))
    return redirect("import_one", import_id)


@require_POST
@seated
def import_discard(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """Forget a file of which nothing was saved."""
    actions.discard_import(actor=request.membership, import_id=import_id, now=timezone.now())
    messages.success(request, _("The file is forgotten. Nothing of it was planned."))
    return redirect("imports")


@seated
def import_refused(request: SeatedRequest, import_id: UUID) -> HttpResponseBase:
    """The rows that were not taken, with what is wrong, to mend and hand in again."""
    one = access_import(request.membership, import_id)
    return _download(refused_rows(one), "to-mend.csv")


@seated
def import_example(request: SeatedRequest, layout: str) -> HttpResponseBase:
    """A small file to start from."""
    account = accounts_of(request.membership).first()
    handle = f"@{account.handle}" if account else "@handle"
    wanted = layout if layout in LAYOUTS else LAYOUTS[0]
    return _download(example(wanted, timezone.localdate(), handle), f"example-{wanted}.csv")


def _download(rows: Iterable[Sequence[str]], name: str) -> StreamingHttpResponse:
    """Return rows whose first names the columns as a CSV file."""
    return streamed(lines(rows), name=name, content_type=TYPES[CSV])
