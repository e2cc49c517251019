"""Who is kept at a distance, what was done to them, and what many write about."""

from datetime import datetime, timedelta
from uuid import UUID

from pluralis.core.questions import ALIKE, Weights, likeness, terms_of
from pluralis.core.states import ConversationState
from pluralis.inbox.models import (
    Contact,
    Conversation,
    Distance,
    Evidence,
    Incident,
    IncidentConversation,
    Message,
    Moderation,
)
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Membership

LIKE = max(ALIKE, 0.3)
MOST_COMPARED = 1_000
LOOK_BACK = timedelta(days=3)


def distances_of(actor: Membership, now: datetime) -> tuple[list[Distance], list[Distance]]:
    """Return who is kept at a distance: those whose time is up, to be looked at, and the rest. One query."""
    rows = Distance.objects.filter(team=actor.team_id, ended_at__isnull=True)
    found = list(rows.select_related("contact", "set_by__user").order_by("until")[:500])
    return [each for each in found if each.until <= now], [each for each in found if each.until > now]


def distance_history(contact: Contact) -> list[Distance]:
    """Return every decision about a contact, newest first. One query."""
    return list(contact.distances.select_related("set_by__user", "ended_by__user").order_by("-since"))


def moderations_of(contact: Contact) -> list[Moderation]:
    """Return what was done to a contact's profiles, newest first. One query."""
    rows = Moderation.objects.filter(profile__contact=contact)
    return list(rows.select_related("profile", "account", "done_by__user")[:50])


def evidence_of(contact: Contact) -> list[Evidence]:
    """Return the packs made about a contact, newest first. One query."""
    return list(contact.evidence.select_related("made_by__user"))


def incidents_of(actor: Membership) -> list[Incident]:
    """Return the team's incidents, open ones first, newest first. One query."""
    rows = Incident.objects.filter(team=actor.team_id).select_related("opened_by__user")
    return sorted(rows.order_by("-opened_at")[:50], key=lambda each: each.closed_at is not None)


def approved_text(conversation: Conversation) -> Incident | None:
    """Return a conversation's open incident, if its text is approved and was not sent here yet. One query."""
    row = IncidentConversation.objects.filter(
        conversation=conversation, answered_at__isnull=True, incident__closed_at__isnull=True
    )
    found = row.select_related("incident").first()
    return found.incident if found is not None and found.incident.approved else None


def gathered(actor: Membership, incident: Incident) -> list[IncidentConversation]:
    """Return an incident's conversations on accounts the actor may see, unanswered first, oldest first. One query."""
    rows = incident.gathered.filter(conversation__account__in=accounts_of(actor, released=True))
    rows = rows.select_related("conversation__account", "conversation__contact", "answered_by__user")
    return sorted(rows, key=lambda each: (each.answered_at is not None, each.conversation.last_message_at))


def like_conversations(actor: Membership, text: str, now: datetime, most: int = 50) -> list[Conversation]:
    """Return open conversations of the last three days whose newest message is about the same. Two queries.

    The newest 1,000 are compared; those that belong to an incident already are left out.
    """
    terms = terms_of(text)
    rows = Message.objects.filter(
        team=actor.team_id, direction="in", created_at__gte=now - LOOK_BACK,
        account__in=list(accounts_of(actor)), conversation__state=ConversationState.OPEN,
        conversation__incident__isnull=True,
    ).order_by("-created_at")  # fmt: skip
    about = {
        conversation_id: terms_of(words)
        for conversation_id, words in reversed(rows.values_list("conversation_id", "text")[:MOST_COMPARED])
    }
    weights = _weights(about)
    scored = sorted(((likeness(terms, found, weights), each) for each, found in about.items()), reverse=True)
    near = [each for score, each in scored if score >= LIKE][:most]
    whole = Conversation.objects.filter(id__in=near).select_related("account", "contact").in_bulk()
    return [whole[each] for each in near if each in whole]


def _weights(about: dict[UUID, list[str]]) -> Weights:
    counts: dict[str, int] = {}
    for terms in about.values():
        for term in terms:
            counts[term] = counts.get(term, 0) + 1
    return Weights(counts, len(about))
