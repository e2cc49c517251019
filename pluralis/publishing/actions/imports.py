"""Files of posts, as a person works on them: handed in, laid out, chosen from, saved, taken back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from pluralis import jobs
from pluralis.core.delivery import MissedPolicy
from pluralis.core.importing import DAY_FIRST, FIELDS, MONTH_FIRST, Table, Unreadable, guess_columns, read_table
from pluralis.core.importing.columns import TEXT
from pluralis.core.schedule.clock import zone_named
from pluralis.core.schedule.errors import RuleError
from pluralis.core.states import PartState
from pluralis.posts.actions import add_picture
from pluralis.posts.models import Post, PostState
from pluralis.publishing.access import access_import
from pluralis.publishing.import_order import order_in
from pluralis.publishing.import_words import unreadable
from pluralis.publishing.models import Import, ImportContent, ImportRow, ImportState, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, accounts_of, may, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Membership

OPEN = (ImportState.MAPPING, ImportState.CHECKING, ImportState.CHECKED)
NOT_OUT = (PartState.WAITING, PartState.HELD, PartState.MISSED, PartState.REFUSED)
MOST_PICTURES = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read where it does not tell: empty means as it seems."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person says about a file. ``account_ids`` is where posts go when their row does not say.

    ``order`` is needed only where the days can be read two ways. ``drafts`` keeps the rows as drafts without a
    time; ``same_texts`` says that texts which repeat are meant; ``override_reason`` lets *stop* findings pass, for
    who may override.
    """

    fields: tuple[str, ...]
    zone: str
    account_ids: tuple[UUID, ...] = ()
    order: str = ""
    drafts: bool = False
    same_texts: bool = False
    override_reason: str = ""
    missed_policy: MissedPolicy = field(default=MissedPolicy.ASK)


def start_import(*, actor: Membership, file_name: str, content: bytes, client_key: str, now: datetime) -> Import:
    """Take a file in and lay it out; nothing of it is a post yet. The same ``client_key`` again is the same import.

    Raises :class:`Invalid` for a file that cannot be read at all, with what to do.
    """
    require(actor, Ability.WRITE)
    table = _read(content, Reading())
    one = Import(
        team_id=actor.team_id,
        created_by=actor,
        client_key=client_key,
        file_name=file_name[-255:].replace("\x00", ""),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        created_at=now,
        updated_at=now,
    )
    _lay_out(one, actor, table)
    try:
        with transaction.atomic():
            one.save(force_insert=True)
            ImportContent.objects.create(imported=one, team_id=one.team_id, content=content)
            _write_rows(one, table)
            _note(actor, one, "handed_in", now, rows=one.rows_total, size=one.size_bytes, sha256=one.sha256)
    except IntegrityError:
        twin = Import.objects.filter(team=actor.team_id, client_key=client_key).first()
        if twin is None:
            raise
        return twin
    return one


def read_again(*, actor: Membership, import_id: UUID, reading: Reading, now: datetime) -> Import:
    """Read the same file another way (its letters, its delimiter, another sheet) and lay it out anew."""
    with transaction.atomic():
        one = _lock(actor, import_id, OPEN)
        content = ImportContent.objects.get(imported=one).content
        table = _read(bytes(content), reading)
        one.rows.all().delete()
        one.state, one.updated_at = ImportState.MAPPING, now
        _lay_out(one, actor, table, settled=bool(reading.encoding))
        one.save()
        _write_rows(one, table)
        note_change(one.team_id, f"import:{one.id}")
    return one


def add_import_pictures(
    *, actor: Membership, import_id: UUID, files: Iterable[tuple[str, bytes]], now: datetime
) -> Import:
    """Take in the pictures that the rows name, by their file names. Raises :class:`Invalid` for one that is none."""
    with transaction.atomic():
        one = _lock(actor, import_id, OPEN)
        for name, content in files:
            if len(one.pictures) >= MOST_PICTURES:
                raise Invalid("too_many_pictures", _("An import takes at most %(most)d pictures.")
                              % {"most": MOST_PICTURES})  # fmt: skip
            media = add_picture(actor=actor, content=content, alt_text="", now=now)
            one.pictures[name.replace("\x00", "").casefold()[-200:]] = str(media.id)
        one.updated_at = now
        one.save(update_fields=["pictures", "updated_at"])
        if one.state != ImportState.MAPPING:
            _check_anew(one, now)
    return one


def decide(*, actor: Membership, import_id: UUID, decisions: Decisions, now: datetime) -> Import:
    """Say what each column is and how the file is meant; every row is then checked, in the background.

    Raises :class:`Invalid` with every open question: no column of texts, days that can be read two ways, letters
    that can, an unknown zone.
    """
    with transaction.atomic():
        one = _lock(actor, import_id, OPEN)
        open_questions = _questions(one, actor, decisions)
        if open_questions:
            raise Invalid(
                "open_questions",
                _("Something about the file must be said first."),
                kept=_("The file is kept."),
                next_step=_("Answer what is marked."),
                fields=open_questions,
            )
        one.choices = {
            "fields": list(decisions.fields), "zone": decisions.zone, "order": decisions.order,
            "accounts": [str(each) for each in decisions.account_ids], "drafts": _as_drafts(actor, decisions),
            "same_texts": decisions.same_texts, "missed_policy": decisions.missed_policy.value,
            "override_reason": decisions.override_reason if may(actor, Ability.OVERRIDE) else "",
        }  # fmt: skip
        _check_anew(one, now)
    return one


def choose_rows(
    *, actor: Membership, import_id: UUID, numbers: Iterable[int] | None, chosen: bool, now: datetime
) -> int:
    """Take rows in or leave them out, all of them with ``numbers`` ``None``; returns how many are chosen now."""
    with transaction.atomic():
        one = _lock(actor, import_id, (ImportState.CHECKED,))
        rows = one.rows.all() if numbers is None else one.rows.filter(number__in=list(numbers))
        rows.update(chosen=chosen)
        one.rows_chosen = one.rows.filter(chosen=True, bad=False).count()
        one.save(update_fields=["rows_chosen"])
        note_change(one.team_id, f"import:{one.id}")
    return one.rows_chosen


def save_import(*, actor: Membership, import_id: UUID, now: datetime) -> Import:
    """Begin to plan every chosen row that has no problem; goes on in the background until all are done.

    Pressed twice is pressed once: a row is one post for ever.
    """
    with transaction.atomic():
        one = _lock(actor, import_id, (ImportState.CHECKED, ImportState.SAVING, ImportState.SAVED))
        if one.state == ImportState.CHECKED:
            if not one.rows_chosen:
                raise Invalid("no_rows", _("No row without a problem is chosen."), kept=_("The file is kept."),
                              next_step=_("Mend the file and hand it in again, or choose other rows."))  # fmt: skip
            one.state, one.updated_at = ImportState.SAVING, now
            one.save(update_fields=["state", "updated_at"])
            jobs.defer("save_import_rows", queue=jobs.UPKEEP, import_id=str(one.id))
            _note(actor, one, "saved", now, rows=one.rows_chosen)
    return one


def take_back(*, actor: Membership, import_id: UUID, now: datetime) -> Import:
    """Undo a whole import: what has not gone out is taken back, what is out or on its way stays and is counted.

    While rows are still being saved this ends it.
    """
    with transaction.atomic():
        one = _lock(actor, import_id, (ImportState.SAVING, ImportState.SAVED))
        if one.created_by_id != actor.id:
            require(actor, Ability.PUBLISH)
        posts = ImportRow.objects.filter(imported=one, post__isnull=False).values("post_id")
        parts = Part.objects.filter(delivery__post__in=posts)
        cancelled = parts.filter(state__in=NOT_OUT).update(state=PartState.CANCELLED)
        left = _left_by_state(parts)
        alive = Part.objects.filter(delivery__post=OuterRef("id")).exclude(state=PartState.CANCELLED)
        gone = Post.objects.filter(id__in=posts).exclude(Exists(alive))
        gone.update(state=PostState.DISCARDED, updated_at=now)
        one.state, one.updated_at, one.finished_at = ImportState.UNDONE, now, now
        one.taken_back = {"cancelled": cancelled, **left}
        one.save(update_fields=["state", "updated_at", "finished_at", "taken_back"])
        _note(actor, one, "taken_back", now, **one.taken_back)
        note_change(one.team_id, "calendar", "posts")
    return one


def discard_import(*, actor: Membership, import_id: UUID, now: datetime) -> None:
    """Forget a file of which nothing was saved."""
    with transaction.atomic():
        one = _lock(actor, import_id, OPEN)
        _note(actor, one, "discarded", now)
        one.delete()


def _left_by_state(parts: Any) -> dict[str, int]:
    """Return how many parts are out (or were), and how many nobody can call back now."""
    states = list(parts.exclude(state=PartState.CANCELLED).values_list("state", flat=True))
    out = sum(state in (PartState.SENT, PartState.DELETED) for state in states)
    return {"out": out, "on_the_way": len(states) - out}


def _read(content: bytes, reading: Reading) -> Table:
    try:
        return read_table(content, encoding=reading.encoding, delimiter=reading.delimiter, sheet=reading.sheet)
    except Unreadable as problem:
        raise unreadable(problem) from problem


def _lay_out(one: Import, actor: Membership, table: Table, *, settled: bool = False) -> None:
    columns = guess_columns(table.records, [account.handle for account in accounts_of(actor)])
    one.shape = {
        "kind": table.kind, "encoding": table.encoding, "delimiter": table.delimiter, "sheet": table.sheet,
        "sheets": list(table.sheets), "mixed_line_ends": table.mixed_line_ends, "layout": columns.layout,
        "encodings": [] if settled else [[guess.encoding, guess.sample] for guess in table.encodings],
        "header": columns.header, "names": [name[:120] for name in columns.names], "guess": list(columns.fields),
    }  # fmt: skip
    one.choices = {}
    one.rows_total = len(table.records) - columns.header
    one.rows_checked = one.rows_chosen = 0


def _write_rows(one: Import, table: Table) -> None:
    body = table.records[1:] if one.shape["header"] else table.records
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                team_id=one.team_id, imported=one, number=record.number, cells=list(record.cells),
                problems=[[each.column, each.code, dict(each.values)] for each in record.problems],
            )
            for record in body
        ),
        batch_size=1000,
    )  # fmt: skip


def _questions(one: Import, actor: Membership, decisions: Decisions) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if len(decisions.fields) != len(one.shape["names"]) or not set(decisions.fields) <= set(FIELDS):
        found["fields"] = _("Say of each column what it is.")
    elif TEXT not in decisions.fields:
        found["fields"] = _("Say which column holds the texts.")
    if len(one.shape["encodings"]) > 1:
        found["encoding"] = _("Choose the line whose letters look right.")
    if not decisions.drafts and decisions.order not in (DAY_FIRST, MONTH_FIRST):
        order = order_in(one, decisions.fields)
        if order.must_ask:
            found["order"] = _("Does %(example)s begin with the day or the month?") % {"example": order.example}
    try:
        zone_named(decisions.zone)
    except RuleError:
        found["zone"] = _("There is no such time zone.")
    for account_id in decisions.account_ids:
        access_account(actor, account_id, Ability.WRITE)
    if not decisions.drafts and not may(actor, Ability.PUBLISH):
        found["drafts"] = _("Your role keeps drafts; a writer or lead plans them.")
    return found


def _as_drafts(actor: Membership, decisions: Decisions) -> bool:
    return decisions.drafts or not may(actor, Ability.PUBLISH)


def _check_anew(one: Import, now: datetime) -> None:
    if not one.choices.get("order"):
        one.choices["order"] = order_in(one, one.choices["fields"]).order
    one.state, one.updated_at, one.rows_checked, one.rows_chosen = ImportState.CHECKING, now, 0, 0
    one.save(update_fields=["state", "updated_at", "rows_checked", "rows_chosen", "choices"])
    jobs.defer("check_import_rows", queue=jobs.UPKEEP, import_id=str(one.id))
    note_change(one.team_id, f"import:{one.id}")


def _lock(actor: Membership, import_id: UUID, states: tuple[ImportState, ...]) -> Import:
    one = access_import(actor, import_id)
    one = Import.objects.select_for_update(of=("self",)).select_related("created_by").get(id=one.id)
    if one.state not in states:
        raise Conflict(
            "import_state",
            _("The import is at another step by now."),
            kept=_("Nothing was changed."),
            next_step=_("Look at it again."),
        )
    return one


def _note(actor: Membership, one: Import, what: str, now: datetime, **data: Any) -> None:
    audit.note(f"publishing.import.{what}", team_id=actor.team_id, actor=actor, about=one, now=now, **data)
    note_change(one.team_id, f"import:{one.id}", "imports")
