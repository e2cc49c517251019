"""First answers and resolutions in figures: medians, ninetieth percentiles and the share within what was promised.

Counted are promises: each begins with the first message of somebody who waits, ends when it is resolved, and was
answered when our first answer stood on the network. Times are open time of the account as its hours were then.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one group; times in seconds, ``None`` where nothing was counted.

    ``key`` is a member's id, a kind of message or an account's id, ``None`` for the whole.
    """

    key: Any
    count: int
    answered: int
    answer_median: float | None
    answer_p90: float | None
    answer_promised: int
    answer_kept: int
    resolved: int
    resolve_median: float | None
    resolve_p90: float | None
    resolve_promised: int
    resolve_kept: int

    @property
    def answer_share(self) -> float | None:
        """The share answered within the promise, of those whose promise has been kept or broken by now."""
        return self.answer_kept / self.answer_promised if self.answer_promised else None

    @property
    def resolve_share(self) -> float | None:
        """The same for resolutions."""
        return self.resolve_kept / self.resolve_promised if self.resolve_promised else None


_GROUPS = {"whole": "NULL::text", "member": "answered_by_id", "kind": "label", "account": "account_id"}
# Settled is a promise that was kept, or whose instant has passed: who may still be answered in time is not counted.
_FIGURES = """
  SELECT {group} AS key, count(*), count(answered_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY answer_seconds),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY answer_seconds),
    count(*) FILTER (WHERE answer_due_at IS NOT NULL AND (answered_at IS NOT NULL OR answer_due_at < %(now)s)),
    count(*) FILTER (WHERE answered_at <= answer_due_at),
    count(resolved_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY resolve_seconds),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY resolve_seconds),
    count(*) FILTER (WHERE resolve_due_at IS NOT NULL AND (resolved_at IS NOT NULL OR resolve_due_at < %(now)s)),
    count(*) FILTER (WHERE resolved_at <= resolve_due_at)
  FROM inbox_promise
  WHERE team_id = %(team)s AND account_id = ANY(%(accounts)s) AND opened_at >= %(since)s AND opened_at < %(until)s
  {more} GROUP BY 1 ORDER BY 2 DESC, 1
"""


def figures(
    actor: Membership, group: str, since: datetime, until: datetime, *, now: datetime, account_id: UUID | None = None
) -> list[Row]:
    """Return figures by *whole*, *member* (who gave the first answer), *kind* or *account*. Two queries.

    What nobody has answered belongs to no member. ``KeyError`` for another group.
    """
    accounts = [each.id for each in accounts_of(actor, released=True) if account_id in (None, each.id)]
    more = "AND answered_by_id IS NOT NULL" if group == "member" else ""
    sql = _FIGURES.format(group=_GROUPS[group], more=more)
    values = {"team": actor.team_id, "accounts": accounts, "since": since, "until": until, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Row(*row) for row in cursor.fetchall()]
