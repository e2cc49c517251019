"""What is read about files of posts: those of a team, and the rows of one with what is said of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from pluralis.core.importing import ADVICE, letters
from pluralis.publishing.import_words import said
from pluralis.publishing.models import Import, ImportRow
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Membership

PAGE = 100
SHOWN = {
    "all": Q(),
    "problems": Q(bad=True),
    "good": Q(bad=False),
    "left_out": Q(chosen=False),
    "failed": Q(state=ImportRow.State.FAILED),
}
"""Which rows may be asked for."""


@dataclass(frozen=True, slots=True)
class SaidProblem:
    """A problem as a person reads it: at which cell, what happened, what to do, and whether it stops the row."""

    column: str
    name: str
    happened: str
    advice: str
    stops: bool
    code: str


def imports_of(actor: Membership, size: int = 50) -> list[Import]:
    """Return the imports the actor may see, newest first. One query."""
    found = Import.objects.filter(team=actor.team_id).select_related("created_by__user")
    if not may(actor, Ability.VIEW):
        found = found.filter(created_by=actor)
    return list(found.order_by("-created_at")[:size])


def same_file_before(one: Import) -> Import | None:
    """Return an earlier import of the very same file from which posts were made. One query."""
    earlier = Import.objects.filter(team=one.team_id, sha256=one.sha256, created_at__lt=one.created_at)
    return earlier.filter(rows_saved__gt=0).exclude(state="undone").order_by("-created_at").first()


def rows_of(one: Import, shown: str) -> QuerySet[ImportRow]:
    """Return the rows of an import, by their number; ``shown`` is one of :data:`SHOWN`. No query yet."""
    return one.rows.filter(SHOWN.get(shown, Q())).order_by("number")


def counts_of(one: Import) -> dict[str, int]:
    """Return how many rows each word of :data:`SHOWN` shows. One query."""
    return one.rows.aggregate(**{name: Count("id", filter=wanted) for name, wanted in SHOWN.items()})


def problems_of(one: Import, row: ImportRow) -> list[SaidProblem]:
    """Return what is said about a row, what stops it first. No query."""
    names: Sequence[str] = one.shape.get("names", ())
    found = []
    for column, code, values in row.problems:
        happened, advice = said(code, values)
        at = letters(column) if column is not None else ""
        name = names[column] if column is not None and column < len(names) else ""
        found.append(SaidProblem(at, name, happened, advice, code not in ADVICE, code))
    return sorted(found, key=lambda each: not each.stops)


def refused_rows(one: Import) -> Iterator[list[str]]:
    """Yield the rows that were not saved as a table: their cells as they stood, then every problem. One query."""
    width = len(one.shape.get("names", ()))
    yield [*one.shape.get("names", ()), "#", "!"]
    wanted = one.rows.filter(Q(bad=True) | Q(state=ImportRow.State.FAILED)).order_by("number")
    for row in wanted.iterator(chunk_size=1000):
        cells: list[Any] = [*row.cells, *[""] * (width - len(row.cells))]
        words = " ".join(f"{each.column} {each.happened} {each.advice}".strip() for each in problems_of(one, row))
        yield [*cells, str(row.number), words]
