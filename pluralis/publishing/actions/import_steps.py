"""Files of posts, as the program works on them: one chunk of rows at a time, so that a kill loses nothing.

Each step takes the import's row, does one chunk and writes how far it came, in one transaction. Killed before the
commit nothing of the chunk exists and the step is done again; killed after it the next step goes on behind it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import translation

from pluralis import jobs
from pluralis.core.delivery import MissedPolicy
from pluralis.core.importing import Choices, KnownAccount, PlannedRow, Problem, Record, Surroundings, read_row
from pluralis.core.importing.columns import TEXT
from pluralis.core.text import canonical
from pluralis.posts.actions import create_many, describe_picture
from pluralis.posts.models import Media, Post
from pluralis.publishing.actions.imports import OPEN
from pluralis.publishing.actions.schedule import Plan
from pluralis.publishing.actions.schedule_many import Order, schedule_many
from pluralis.publishing.checking_rows import Ground, check_row, draft_of_row, repeated
from pluralis.publishing.checks import ON_ITS_WAY, SAME_TEXT, Confirmations
from pluralis.publishing.models import Import, ImportContent, ImportRow, ImportState, Part
from pluralis.teams.access import Ability, accounts_of, may
from pluralis.teams.changes import note_change
from pluralis.teams.errors import ActionError
from pluralis.teams.models import LANGUAGES, Account, Membership
from pluralis.teams.queries import network_of

CHUNK = 250
STALLED = timedelta(seconds=60)
KEPT = timedelta(days=30)
"""How long the cells of an import stay after it is done: to mend what was not taken."""

Row = ImportRow

# One statement for a chunk: bulk_update took a third of the whole import's time (bench/imports.py).
_CHECKED = """
  UPDATE publishing_importrow AS row SET plan = new.plan::jsonb, problems = new.problems::jsonb, bad = new.bad
  FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bool[]) AS new (id, plan, problems, bad) WHERE row.id = new.id
"""
_SAVED = """
  UPDATE publishing_importrow AS row SET state = new.state, post_id = new.post_id, problems = new.problems::jsonb
  FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[]) AS new (id, state, post_id, problems)
  WHERE row.id = new.id
"""


@dataclass(frozen=True, slots=True)
class _Bench:
    """All that the rows of one import are read against."""

    one: Import
    choices: Choices
    around: Surroundings
    ground: Ground


@transaction.atomic
def check_rows(import_id: UUID | str, now: datetime) -> bool:
    """Check the next rows of an import; returns whether more remain. Somebody else at it: nothing is done."""
    one = _take(import_id, ImportState.CHECKING)
    if one is None or one.created_by is None:
        return False
    rows = list(one.rows.order_by("number")[one.rows_checked : one.rows_checked + CHUNK])
    bench = _bench(one, one.created_by, now)
    for row in rows:
        _check(row, bench)
    _keep(_CHECKED, rows, lambda row: (row.id, json.dumps(row.plan), json.dumps(row.problems), row.bad))
    one.rows_checked += len(rows)
    one.updated_at = now
    more = one.rows_checked < one.rows_total
    if more:
        jobs.defer("check_import_rows", queue=jobs.UPKEEP, import_id=str(one.id))
    else:
        _mark_repeated(one, now)
        one.state = ImportState.CHECKED
        one.rows_chosen = one.rows.filter(chosen=True, bad=False).count()
    one.save(update_fields=["rows_checked", "rows_chosen", "state", "updated_at"])
    note_change(one.team_id, f"import:{one.id}")
    return more


def _keep(statement: str, rows: Sequence[Row], values: Callable[[Row], tuple[Any, ...]]) -> None:
    """Write what became of rows. One query."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(each) for each in zip(*map(values, rows), strict=True)])


def _take(import_id: UUID | str, state: ImportState) -> Import | None:
    found = Import.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "created_by__user", "created_by__team", "team"
    )
    return found.filter(id=import_id, state=state).first()


def _bench(one: Import, actor: Membership, now: datetime) -> _Bench:
    accounts = {str(account.id): account for account in accounts_of(actor)}
    chosen = one.choices
    choices = Choices(
        tuple(chosen["fields"]), chosen["order"], chosen["zone"], tuple(chosen["accounts"]), chosen["drafts"]
    )
    known = [_known(account) for account in accounts.values()]
    around = Surroundings(known, one.pictures, [code for code, _name in LANGUAGES], now)
    media = Media.objects.filter(team=one.team_id).in_bulk([UUID(each) for each in one.pictures.values()])
    columns = tuple(column for column, field in enumerate(choices.fields) if field == TEXT)
    ground = Ground(accounts, {str(key): value for key, value in media.items()}, columns,
                    bool(chosen["override_reason"]))  # fmt: skip
    return _Bench(one, choices, around, ground)


def _known(account: Account) -> KnownAccount:
    return KnownAccount(str(account.id), account.handle, account.network, network_of(account).title)


def _check(row: Row, bench: _Bench) -> None:
    """Write into the row what it would be and what is wrong with it. No query."""
    given = tuple(_as_problem(each) for each in row.problems if each[1] in _OF_THE_FILE)
    planned = read_row(Record(row.number, tuple(row.cells), given), bench.choices, bench.around)
    if bench.choices.drafts:
        planned.accounts = ()
    draft = draft_of_row(planned, bench.one.pictures)
    planned.problems += check_row(planned, draft, bench.ground)
    row.plan = {
        "texts": list(planned.texts), "at": planned.at.isoformat() if planned.at else None, "zone": planned.zone,
        "accounts": list(planned.accounts), "pictures": list(planned.pictures), "alts": list(planned.alts),
        "language": planned.language,
    }  # fmt: skip
    described = _without_needless(planned)
    row.problems = [[each.column, each.code, dict(each.values)] for each in described]
    row.bad = any(each.stops for each in described)


_OF_THE_FILE = frozenset({"open_quote", "null", "cell_too_long", "formula_value", "formula_empty"})


def _without_needless(planned: PlannedRow) -> list[Problem]:
    """Leave out that a picture lacks its description where the row brings one along."""
    lacks = len(planned.alts) < len(planned.pictures) or not all(planned.alts)
    return [each for each in planned.problems if each.code != "no_alt_text" or lacks]


def _as_problem(stored: Sequence[object]) -> Problem:
    column, code, values = stored
    return Problem(str(code), column, values)  # type: ignore[arg-type]


def _mark_repeated(one: Import, now: datetime) -> None:
    """Mark the rows that say what another row, or a planned post, says on the same account. Three queries at most."""
    if one.choices["same_texts"]:
        return
    plans = list(one.rows.order_by("number").values_list("number", "plan__texts", "plan__accounts"))
    twins = repeated(plans)
    accounts = {account for _number, _texts, theirs in plans for account in theirs}
    standing = Part.objects.filter(
        account__in=accounts, team=one.team_id, state__in=ON_ITS_WAY, planned_at__gte=now - SAME_TEXT
    )
    known = {
        (str(account), canonical(text)) for account, text in standing.values_list("account_id", "text").iterator()
    }
    again = {
        number for number, texts, theirs in plans
        if any((account, canonical(text)) in known for account in theirs for text in texts)
    }  # fmt: skip
    rows = list(one.rows.filter(number__in=[*twins, *again]))
    for row in rows:
        if row.number in twins:
            row.problems.append([None, "same_as_row", {"row": twins[row.number]}])
        else:
            row.problems.append([None, "same_as_planned", {}])
        row.bad = True
    _keep(_CHECKED, rows, lambda row: (row.id, json.dumps(row.plan), json.dumps(row.problems), row.bad))


@transaction.atomic
def save_rows(import_id: UUID | str, now: datetime) -> bool:
    """Plan the next chosen rows of an import by the normal road; returns whether more remain."""
    one = _take(import_id, ImportState.SAVING)
    if one is None:
        return False
    actor = one.created_by
    rows = list(_waiting(one)[:CHUNK])
    if actor is None or not may(actor, Ability.WRITE):
        for row in rows:
            _refuse(row, None)
    else:
        with translation.override(actor.user.language or actor.team.language):
            _save(one, actor, rows, now)
    _keep(_SAVED, rows, lambda row: (row.id, row.state, row.post_id, json.dumps(row.problems)))
    one.rows_saved += sum(row.state == Row.State.SAVED for row in rows)
    one.rows_failed += sum(row.state == Row.State.FAILED for row in rows)
    one.updated_at = now
    more = _waiting(one).exists()
    if more:
        jobs.defer("save_import_rows", queue=jobs.UPKEEP, import_id=str(one.id))
    else:
        one.state, one.finished_at = ImportState.SAVED, now
        ImportContent.objects.filter(imported=one).delete()
    one.save(update_fields=["rows_saved", "rows_failed", "state", "updated_at", "finished_at"])
    note_change(one.team_id, f"import:{one.id}", "imports")
    return more


def _waiting(one: Import) -> QuerySet[Row]:
    return one.rows.filter(chosen=True, bad=False, state=Row.State.PENDING).order_by("number")


class _SomeRefused(Exception):
    """Rolls a chunk back: what was refused must leave nothing behind, not even a line in the audit log."""

    def __init__(self, refused: dict[str, ActionError]) -> None:
        super().__init__(len(refused))
        self.refused = refused


def _save(one: Import, actor: Membership, rows: Sequence[Row], now: datetime) -> None:
    """Plan the rows, or keep them as drafts; those the road refuses at the last moment are marked with its reason."""
    by_key = {f"import:{one.id.hex}:{row.number}": row for row in rows}
    _describe(one, actor, rows)
    while by_key:
        try:
            posts = _together(one, actor, by_key, now)
        except _SomeRefused as some:
            for key, error in some.refused.items():
                _refuse(by_key.pop(key), error)
            continue
        for key, row in by_key.items():
            row.state, row.post = Row.State.SAVED, posts[key]
        return


@transaction.atomic
def _together(one: Import, actor: Membership, by_key: dict[str, Row], now: datetime) -> dict[str, Post]:
    """Save and plan all the rows or none. Raises :class:`_SomeRefused` with those that cannot go."""
    drafts = {key: draft_of_row(_planned(row), one.pictures) for key, row in by_key.items()}
    try:
        posts = create_many(actor=actor, drafts=drafts, now=now)
    except ActionError as error:
        raise _SomeRefused(dict.fromkeys(by_key, error)) from error
    if not one.choices["drafts"]:
        orders = [_order(one, key, posts[key], row) for key, row in by_key.items()]
        outcome = schedule_many(actor=actor, orders=orders, now=now)
        refused = {key: error for key, error in outcome.items() if error is not None}
        if refused:
            raise _SomeRefused(refused)
    return posts


def _order(one: Import, key: str, post: Post, row: Row) -> Order:
    planned, chosen = _planned(row), one.choices
    confirmed = Confirmations(same_text=True, override_reason=chosen["override_reason"])
    if not chosen["same_texts"]:
        confirmed = replace(confirmed, same_text=False)
    assert planned.at is not None
    plan = Plan(planned.at, planned.zone, MissedPolicy(chosen["missed_policy"]), confirmed=confirmed)
    return Order(post, tuple(UUID(each) for each in planned.accounts), plan, key)


def _planned(row: Row) -> PlannedRow:
    kept = row.plan
    return PlannedRow(
        tuple(kept["texts"]),
        datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        kept["zone"],
        tuple(kept["accounts"]),
        tuple(kept["pictures"]),
        tuple(kept["alts"]),
        kept["language"],
    )


def _describe(one: Import, actor: Membership, rows: Sequence[Row]) -> None:
    """Give the pictures of the rows the descriptions that stand beside them, where they have none yet."""
    wanted = {
        one.pictures[name]: alt
        for row in rows
        for name, alt in zip(row.plan["pictures"], row.plan["alts"], strict=False)
        if alt and name in one.pictures
    }
    for media in Media.objects.filter(team=one.team_id, id__in=wanted, alt_text=""):
        describe_picture(actor=actor, media=media, alt_text=wanted[str(media.id)], decorative=False)


def _refuse(row: Row, error: ActionError | None) -> None:
    row.state = Row.State.FAILED
    reasons = dict.fromkeys(str(each) for each in (error.fields.values() if error and error.fields else ()))
    why = " ".join(reasons) or (str(error.happened) if error else "")
    row.problems = [*row.problems, [None, "refused_at_saving", {"value": why}]]


def resume_imports(now: datetime) -> int:
    """Wake the imports whose step was lost with its worker; returns how many."""
    jobs_of = {ImportState.CHECKING: "check_import_rows", ImportState.SAVING: "save_import_rows"}
    stalled = Import.objects.filter(state__in=jobs_of, updated_at__lt=now - STALLED)
    for one in stalled:
        jobs.defer(jobs_of[ImportState(one.state)], queue=jobs.UPKEEP, import_id=str(one.id))
    return len(stalled)


def forget_imports(now: datetime) -> int:
    """Forget what the files said some time after they were done; what became of each row stays. Returns how many."""
    old = Import.objects.filter(updated_at__lt=now - KEPT)
    Import.objects.filter(id__in=old, state__in=OPEN).delete()
    return Row.objects.filter(imported__in=old).exclude(cells=[]).update(cells=[], plan={}, problems=[])
