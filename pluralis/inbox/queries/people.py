"""What is read about the people outside: found by the beginning of a name, a handle or a number, listed, shown."""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from pluralis.core.folding import fold
from pluralis.inbox.models import Contact, ContactFact, Conversation, Profile
from pluralis.inbox.queries.filters import visible
from pluralis.teams.models import Membership

PEOPLE = 50
MOST_NAMED = 100
SHORTEST = 1


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of contacts with their profiles; ``after`` asks for the next one, ``None`` at the end."""

    contacts: list[Contact]
    after: UUID | None


def named(actor: Membership, typed: str, most: int = MOST_NAMED) -> list[UUID]:
    """Return the contacts whose handle, name or number begins as typed, accents and case aside. One query."""
    begins = fold(typed.replace("\x00", "")).lstrip("@").strip()
    if len(begins) < SHORTEST:
        return []
    team = actor.team_id
    handles = Profile.objects.filter(team=team, search_handle__startswith=begins).values_list("contact_id")
    names = Contact.objects.filter(team=team, search_name__startswith=begins, joined=False).values_list("id")
    facts = ContactFact.objects.filter(team=team, folded__startswith=begins).values_list("contact_id")
    both = handles[:most].union(names[:most], facts[:most])
    return [each for (each,) in both]


def people_page(actor: Membership, *, words: str = "", tag: str = "", after: UUID | None = None) -> PeoplePage:
    """Return contacts, the newest first, or those that begin with ``words`` by name. At most three queries."""
    found = Contact.objects.filter(team=actor.team_id, joined=False)
    if tag:
        found = found.filter(tags__contains=[tag])
    if words.strip():
        found = found.filter(id__in=named(actor, words)).order_by("search_name", "id")
        rows = list(_with_last(found)[:MOST_NAMED])
        return PeoplePage(rows, None)
    if after is not None:
        found = found.filter(id__lt=after)
    rows = list(_with_last(found.order_by("-id"))[: PEOPLE + 1])
    return PeoplePage(rows[:PEOPLE], rows[PEOPLE - 1].id if len(rows) > PEOPLE else None)


def _with_last(found: QuerySet[Contact]) -> QuerySet[Contact]:
    last = Conversation.objects.filter(contact=OuterRef("id")).order_by("-last_message_at", "-id")
    return found.annotate(last_wrote=Subquery(last.values("last_message_at")[:1])).prefetch_related("profiles")


_TAGS = """
  SELECT tag FROM (SELECT tags FROM inbox_contact WHERE team_id = %s AND tags <> '[]' LIMIT 5000) tagged,
    jsonb_array_elements_text(tagged.tags) AS tag
  GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 30
"""


def tags_in_use(team_id: UUID) -> list[str]:
    """Return the tags of the team's contacts, the most used first. One query a minute."""
    known: list[str] | None = cache.get(f"tags:{team_id}")
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(_TAGS, [team_id])
            known = [tag for (tag,) in cursor.fetchall()]
        cache.set(f"tags:{team_id}", known, 60)
    return known


def fact_names(team_id: UUID, most: int = 20) -> list[str]:
    """Return the names of free fields in use, the newest first. One query."""
    named = ContactFact.objects.filter(team=team_id).values("name").annotate(last=Max("made_at"))
    return [each["name"] for each in named.order_by(F("last").desc())[:most]]


def history(actor: Membership, contact_id: UUID, size: int = 20, but: UUID | None = None) -> list[Conversation]:
    """Return a contact's conversations on every account the actor may see, newest first. One query."""
    found = visible(actor).filter(contact=contact_id)
    if but is not None:
        found = found.exclude(id=but)
    return list(found.select_related("account").order_by("-last_message_at", "-id")[:size])


def same_name(actor: Membership, contact: Contact, most: int = 5) -> list[Contact]:
    """Return other contacts who may be the same person: same name, or the same handle elsewhere. One query."""
    handles = [each.search_handle for each in contact.profiles.all() if each.search_handle]
    alike = Q(profiles__search_handle__in=handles)
    if contact.search_name:
        alike |= Q(search_name=contact.search_name)
    found = Contact.objects.filter(alike, team=actor.team_id, joined=False).exclude(id=contact.id)
    return list(found.distinct().prefetch_related("profiles")[:most])
