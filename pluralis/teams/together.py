"""Several questions in one: small tables read by one statement, and counts whose SQL is put together once.

Every question costs a page about a millisecond before the database has done anything, most of it for putting the SQL
together. A page that looks into a dozen tables where mostly nothing lies asks once.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model, QuerySet

from pluralis.teams.models import Membership, Role

Row = TypeVar("Row", bound=Model)


class Kept:
    """A query about a member whose SQL is put together once for each role.

    ``question`` is put to a member who stands for all of a role; what in the SQL is that member's is then filled in
    with whose page it is. It must depend on the member's ids and role alone, never on the instant.
    """

    def __init__(self, question: Callable[[Membership], "QuerySet[Any, Any]"]) -> None:
        self._question = question
        self._kept: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, actor: Membership) -> list[tuple[Any, ...]]:
        """Return what the database answers for a member, as it comes. One query."""
        sql, values = self.statement(actor)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def statement(self, actor: Membership) -> tuple[str, list[Any]]:
        """Return the SQL and its values for a member. No query."""
        sql, values = self._kept.get(actor.role) or self._put_together(actor.role)
        own = {_SEAT: actor.id, _TEAM: actor.team_id, _USER: actor.user_id}
        return sql, [own.get(each, each) if isinstance(each, UUID) else each for each in values]

    def _put_together(self, role: str) -> tuple[str, tuple[Any, ...]]:
        anybody = Membership(id=_SEAT, team_id=_TEAM, user_id=_USER, role=Role(role))
        self._kept[role] = kept = self._question(anybody).query.sql_with_params()
        return kept


class Counts:
    """How many rows each of several questions about a member finds, in one query; see :class:`Kept` for questions."""

    def __init__(self, **questions: Callable[[Membership], "QuerySet[Any, Any]"]) -> None:
        self._questions = {name: Kept(each) for name, each in questions.items()}

    def of(self, actor: Membership) -> dict[str, int]:
        """Return the number of rows by question. One query."""
        pieces, values = [], []
        for each in self._questions.values():
            sql, own = each.statement(actor)
            pieces.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - the query is Django's own
            values += own
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(pieces)}", values)
            return dict(zip(self._questions, cursor.fetchone(), strict=True))


_SEAT, _TEAM, _USER = (UUID(int=0x5EA7 << 112 | each) for each in range(3))


def read_together(questions: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of several questions by their names, each row by the names of its columns. One query.

    A question is a ``SELECT`` with named places for ``values``. Instants, ids and the like come as JSON writes them;
    :func:`as_rows` makes models of them.
    """
    pieces = ", ".join(f"(SELECT json_agg(together) FROM ({sql}) together)" for sql in questions.values())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {pieces}", dict(values))
        return {name: rows or [] for name, rows in zip(questions, cursor.fetchone(), strict=True)}


def as_rows(model: type[Row], found: list[dict[str, Any]]) -> list[Row]:
    """Return whole rows that :func:`read_together` read as models, as a query of theirs would. No query."""
    fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
    names = [each.attname for each in fields]
    return [
        model.from_db(connection.alias, names, [each.to_python(row[str(each.column)]) for each in fields])
        for row in found
    ]
