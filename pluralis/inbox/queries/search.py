"""Search: conversations in which something was said, or whose person is called so, the newest hit first.

Hits are read from the narrow table of words in small steps, newest first, so that neither a word that stands in
every tenth message nor one that stands in three costs more than a page. A conversation is shown once, at its newest
hit; the key of a page is its last hit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from pluralis.core.searching import Asked, asked
from pluralis.inbox.models import Conversation, SearchEntry
from pluralis.inbox.queries.filters import SHOWN, UNSHOWN, Filter, filtered
from pluralis.inbox.queries.people import named
from pluralis.teams.access import Ability, may
from pluralis.teams.models import Membership

STEP = 80
MOST_STEPS = 8
WALK = 15_000
"""So many of the newest messages are looked through for a common word before the index of words is asked."""
COMMON = 2_000
"""A word that the database believes in more messages than this is common."""
MARK = 6
"""Characters of a team's id before each of its words, as the database's trigger writes them."""

Key = tuple[datetime, UUID]
Row = tuple[datetime, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Search:
    """A search by somebody: the question to the texts, and the people who are called so."""

    actor: Membership
    wanted: Filter
    question: Asked
    people: list[UUID]

    @property
    def entries(self) -> QuerySet[SearchEntry]:
        """The messages that hold the words."""
        team, question = self.actor.team_id, self.question
        found = SearchEntry.objects.filter(words__holds=_tsquery(team, question), team=team)
        for phrase in question.phrases:
            text = Concat(Value(" "), "message__search_text", Value(" "), output_field=TextField())
            found = found.alias(said=text).filter(said__contains=f" {phrase} ")
        return found

    @property
    def everywhere(self) -> bool:
        """Whether every conversation of the team may be shown."""
        narrow = self.wanted.state or self.wanted.without_words.narrow
        return not narrow and may(self.actor, Ability.VIEW)


@dataclass(slots=True)
class Hits:
    """Hits of a page: the newest of each conversation in order; ``last`` is where to go on."""

    found: dict[UUID, Key] = field(default_factory=dict)
    last: Key | None = None


def search(
    actor: Membership, wanted: Filter, older_than: Key | None, size: int
) -> tuple[list[Conversation], Key | None]:
    """Return a page of conversations for ``wanted.words``, and where the next one begins.

    At most six queries for the first page: people, what the database believes of the words, texts by one or two
    ways, the people's conversations, and what is shown. A later page asks two more, and a page whose hits lie in few
    conversations asks again.
    """
    wide = Search(actor, wanted, asked(wanted.words), named(actor, wanted.words))
    hits, key = Hits(), older_than
    for _step in range(MOST_STEPS):
        rows = _rows(wide, key)
        full = _take(hits, rows, _shown_before(wide, {row[2] for row in rows}, older_than), size)
        if full or len(rows) < STEP:
            break
        key = rows[-1][:2]
    else:
        full = True
        hits.last = key
    return _in_order(hits.found), hits.last if full else None


def matching(actor: Membership, words: str) -> QuerySet[SearchEntry] | None:
    """Return the entries that hold the words; ``None`` where nothing is asked of texts."""
    question = asked(words)
    return None if question.nothing else Search(actor, Filter(state="", words=words), question, []).entries


def _rows(wide: Search, key: Key | None) -> list[Row]:
    """Return up to a step of hits before ``key``, of texts and of people, newest first."""
    rows: list[Row] = []
    if not wide.question.nothing and wide.everywhere and not wide.question.phrases:
        rows += _said(wide, key)
    elif not wide.question.nothing:
        said = wide.entries if wide.everywhere else wide.entries.filter(
            conversation__in=filtered(wide.actor, wide.wanted)
        )  # fmt: skip
        rows += _before(said, "at", "message_id", key).values_list("at", "message_id", "conversation_id")[:STEP]
    if wide.people:
        theirs = filtered(wide.actor, wide.wanted).filter(contact__in=wide.people)
        rows += _before(theirs, "last_message_at", "id", key).values_list("last_message_at", "id", "id")[:STEP]
    return sorted(rows, key=lambda row: row[:2], reverse=True)[:STEP]


_ORDER = "ORDER BY at DESC, message_id DESC"
_PLACE = "AND at <= %s AND (at < %s OR message_id < %s)"
_NEWEST = f"""
  SELECT at, message_id, conversation_id FROM (
    SELECT * FROM inbox_searchentry WHERE team_id = %s {{place}} {_ORDER} LIMIT {WALK}
  ) newest WHERE words @@ %s::tsquery {_ORDER} LIMIT {STEP}
"""  # noqa: S608 - our own words only
_BY_WORDS = f"""
  WITH said AS MATERIALIZED (
    SELECT at, message_id, conversation_id FROM inbox_searchentry WHERE team_id = %s AND words @@ %s::tsquery
  ) SELECT * FROM said WHERE true {{place}} {_ORDER} LIMIT {STEP}
"""  # noqa: S608 - our own words only
_BELIEVED = "EXPLAIN (FORMAT JSON) SELECT 1 FROM inbox_searchentry WHERE team_id = %s AND words @@ %s::tsquery"


def _said(wide: Search, key: Key | None) -> list[Row]:
    """Return the newest messages that hold the words, of the whole team.

    A common word is found among the newest messages at once, a seldom one by the index of words. Left to itself
    the database looks through years for a word that was common once and is no longer said.
    """
    team: Any = wide.actor.team_id
    question: Any = _tsquery(wide.actor.team_id, wide.question)
    at: list[Any] = [key[0], key[0], key[1]] if key else []
    place = _PLACE if key else ""
    rows: list[Row]
    with connection.cursor() as cursor:
        cursor.execute(_BELIEVED, [team, question])
        if cursor.fetchone()[0][0]["Plan"]["Plan Rows"] > COMMON:
            cursor.execute(_NEWEST.format(place=place), [team, *at, question])
            rows = cursor.fetchall()
            if len(rows) == STEP:
                return rows
        cursor.execute(_BY_WORDS.format(place=place), [team, question, *at])
        rows = cursor.fetchall()
        return rows


def _before(found: QuerySet[Any], at: str, tie: str, key: Key | None) -> QuerySet[Any]:
    if key is not None:
        # The first bound is for the index, which then begins where the page does.
        place = Q(**{f"{at}__lt": key[0]}) | Q(**{at: key[0], f"{tie}__lt": key[1]})
        found = found.filter(place, **{f"{at}__lte": key[0]})
    return found.order_by(f"-{at}", f"-{tie}")


def _take(hits: Hits, rows: Iterable[Row], shown: set[UUID], size: int) -> bool:
    """Add hits to the page; says whether it is full and more may follow."""
    for at, tie, conversation_id in rows:
        if conversation_id in shown or conversation_id in hits.found:
            continue
        if len(hits.found) == size:
            return True
        hits.found[conversation_id] = hits.last = (at, tie)
    return False


def _shown_before(wide: Search, candidates: set[UUID], since: Key | None) -> set[UUID]:
    """Return those of the candidates that an earlier page showed: they have a newer hit."""
    if since is None or not candidates:
        return set()
    shown: set[UUID] = set()
    if not wide.question.nothing:
        newer = Q(at__gt=since[0]) | Q(at=since[0], message_id__gte=since[1])
        shown |= set(
            wide.entries.filter(newer, conversation__in=candidates).values_list("conversation_id", flat=True)
        )
    if wide.people:
        later = Q(last_message_at__gt=since[0]) | Q(last_message_at=since[0], id__gte=since[1])
        theirs = Conversation.objects.filter(later, id__in=candidates, contact__in=wide.people)
        shown |= set(theirs.values_list("id", flat=True))
    return shown


def _tsquery(team_id: UUID, question: Asked) -> str:
    """Return the question as PostgreSQL reads it. Words hold letters and digits only, so nothing needs escaping."""
    mark = str(team_id)[-MARK:]
    pieces = [f"'{mark}{each}'" for each in question.words]
    pieces += [f"'{mark}{each}':*" for each in question.beginnings]
    pieces += [f"!'{mark}{each}'" for each in question.without]
    return " & ".join(pieces)


def _in_order(found: dict[UUID, Key]) -> list[Conversation]:
    rows = Conversation.objects.filter(id__in=list(found)).select_related(*SHOWN).defer(*UNSHOWN)
    by_id = {each.id: each for each in rows}
    return [by_id[each] for each in found if each in by_id]
