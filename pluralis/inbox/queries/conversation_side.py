"""What lies beside a conversation: a dozen small tables in which mostly nothing is, read by one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pluralis.inbox.models import (
    AwaitedProfile,
    ContactFact,
    Conversation,
    ConversationLink,
    FormerHandle,
    HandOver,
    Note,
    Offer,
    Presence,
    Profile,
    ProfileRelation,
    Repost,
    Trace,
)
from pluralis.inbox.queries.conversations import Known
from pluralis.inbox.queries.teamwork import MOST_TRACES, SHOWN_TRACES, mergeable
from pluralis.teams.models import Account, Membership
from pluralis.teams.together import as_rows, read_together

EARLIER, MERGEABLE = 10, 10
_LOOKED_THROUGH = 40
_SHOWN = (
    "account_id", "assigned_to_id", "excerpt", "state", "last_message_at", "message_count", "private",
    "merged_into_id",
)  # fmt: skip
_OF_CONTACT = "FROM inbox_{table} WHERE contact_id = %(contact)s"

QUESTIONS = {
    "notes": "SELECT * FROM inbox_note WHERE conversation_id = %(conversation)s ORDER BY created_at, id",
    "traces": """SELECT * FROM inbox_trace WHERE conversation_id = %(conversation)s AND kind = ANY(%(shown)s)
      ORDER BY at DESC, id DESC LIMIT %(most)s""",
    "presences": """SELECT * FROM inbox_presence
      WHERE conversation_id = %(conversation)s AND until > %(now)s AND member_id <> %(member)s""",
    "links": """SELECT * FROM inbox_conversationlink
      WHERE source_id = %(conversation)s OR target_id = %(conversation)s ORDER BY made_at""",
    "cases": "SELECT * FROM inbox_handover WHERE conversation_id = %(conversation)s AND closed_at IS NULL LIMIT 1",
    "offers": """SELECT offered.* FROM inbox_offer offered JOIN inbox_message about ON about.id = offered.message_id
      WHERE about.conversation_id = %(conversation)s AND offered.state = 'open' ORDER BY offered.offered_at""",
    "reposts": """SELECT shown.* FROM inbox_repost shown JOIN inbox_message about ON about.id = shown.message_id
      WHERE about.conversation_id = %(conversation)s AND shown.state = 'done' ORDER BY shown.reposted_at""",
    "relations": """SELECT * FROM inbox_profilerelation WHERE account_id = %(account)s AND profile_id IN
      (SELECT profile_id FROM inbox_message WHERE conversation_id = %(conversation)s)""",
    "unseen": """SELECT id FROM inbox_notice
      WHERE member_id = %(member)s AND conversation_id = %(conversation)s AND seen_at IS NULL LIMIT 1""",
    "profiles": f"SELECT * {_OF_CONTACT.format(table='profile')} ORDER BY seen_at",
    "handles": """SELECT * FROM inbox_formerhandle WHERE profile_id IN
      (SELECT id FROM inbox_profile WHERE contact_id = %(contact)s)""",
    "facts": f"SELECT * {_OF_CONTACT.format(table='contactfact')} ORDER BY name",
    "awaited": f"SELECT * {_OF_CONTACT.format(table='awaitedprofile')}",
    "fact_names": """SELECT name FROM inbox_contactfact WHERE team_id = %(team)s
      GROUP BY name ORDER BY max(made_at) DESC LIMIT 20""",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What else belongs to a conversation: where it came from and went on, its open case, what was offered of it.

    ``reposts`` are those that stand.
    """

    came_from: list[ConversationLink]
    went_on: list[ConversationLink]
    case: HandOver | None
    offers: list[Offer]
    reposts: list[Repost]


@dataclass(frozen=True, slots=True)
class Card:
    """What the team knows of the person: profiles (with their former handles), facts, profiles that have not written.

    ``fact_names`` are the names of facts that the team uses, the newest first.
    """

    profiles: list[Profile]
    facts: list[ContactFact]
    awaited: list[AwaitedProfile]
    fact_names: list[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything beside the messages of a conversation, as one member sees it at an instant."""

    notes: list[Note]
    traces: list[Trace]
    presences: list[Presence]
    around: Around
    card: Card
    relations: dict[UUID, ProfileRelation]
    has_notice: bool


def beside_conversation(
    actor: Membership,
    conversation: Conversation,
    now: datetime,
    members: Iterable[Membership] = (),
    accounts: Iterable[Account] = (),
) -> Beside:
    """Return what lies beside a conversation. One query, and one more where another conversation belongs to it.

    ``members`` and ``accounts`` are those of the team that are at hand; who is not among them is read when asked for.
    """
    found = read_together(QUESTIONS, _values(actor, conversation, now))
    seats = {each.id: each for each in members}
    notes, traces = as_rows(Note, found["notes"]), as_rows(Trace, found["traces"])[::-1]
    presences = as_rows(Presence, found["presences"])
    for note in notes:
        _join(note, "author", seats)
    for trace in traces:
        _join(trace, "actor", seats)
    for presence in presences:
        _join(presence, "member", seats)
    return Beside(
        notes=notes,
        traces=traces,
        presences=sorted(presences, key=lambda each: (each.doing != "typing", str(each.member.user))),
        around=_around(conversation, found, {each.id: each for each in accounts}, seats),
        card=_card(found),
        relations={each.profile_id: each for each in as_rows(ProfileRelation, found["relations"])},
        has_notice=bool(found["unseen"]),
    )


def _values(actor: Membership, conversation: Conversation, now: datetime) -> dict[str, object]:
    return {
        "conversation": conversation.id, "contact": conversation.contact_id, "account": conversation.account_id,
        "team": actor.team_id, "member": actor.id, "now": now, "shown": list(SHOWN_TRACES), "most": MOST_TRACES,
    }  # fmt: skip


def _join(
    row: Note | Trace | Presence | Offer | Repost, name: str, known: Mapping[UUID, Membership | Account]
) -> None:
    """Put what is known into a relation of a row, so that nobody asks for it."""
    other = known.get(getattr(row, f"{name}_id"))
    if other is not None:
        setattr(row, name, other)


def _around(
    conversation: Conversation,
    found: Mapping[str, list[dict[str, object]]],
    accounts: Mapping[UUID, Account],
    seats: Mapping[UUID, Membership],
) -> Around:
    links, offers = as_rows(ConversationLink, found["links"]), as_rows(Offer, found["offers"])
    reposts = as_rows(Repost, found["reposts"])
    for offer in offers:
        _join(offer, "account", accounts)
    for repost in reposts:
        _join(repost, "account", accounts)
        _join(repost, "reposted_by", seats)
    ends = {each for link in links for each in (link.source_id, link.target_id)} - {conversation.id}
    others = Conversation.objects.select_related("account").in_bulk(ends) if ends else {}
    for link in links:
        link.source = others.get(link.source_id, conversation)
        link.target = others.get(link.target_id, conversation)
    return Around(
        came_from=[each for each in links if each.target_id == conversation.id],
        went_on=[each for each in links if each.source_id == conversation.id],
        case=next(iter(as_rows(HandOver, found["cases"])), None),
        offers=offers,
        reposts=reposts,
    )


def _card(found: Mapping[str, list[dict[str, object]]]) -> Card:
    profiles = as_rows(Profile, found["profiles"])
    handles: dict[UUID, list[FormerHandle]] = {each.id: [] for each in profiles}
    for handle in as_rows(FormerHandle, found["handles"]):
        handles[handle.profile_id].append(handle)
    for profile in profiles:
        # As prefetch_related leaves it, for who reads a person by Django's own queries.
        profile._prefetched_objects_cache = {"former_handles": handles[profile.id]}  # type: ignore[attr-defined]
    return Card(
        profiles,
        as_rows(ContactFact, found["facts"]),
        as_rows(AwaitedProfile, found["awaited"]),
        [str(each["name"]) for each in found["fact_names"]],
    )


@dataclass(frozen=True, slots=True)
class Others:
    """Other conversations of the same person, newest first; ``mergeable`` are on the same account."""

    earlier: list[Conversation]
    mergeable: list[Conversation]


def others_of(conversation: Conversation, known: Known) -> Others:
    """Return what else this person wrote to us. One query, two where they wrote on more than forty occasions."""
    if conversation.contact_id is None:
        return Others([], [])
    found = Conversation.objects.filter(team=conversation.team_id, contact=conversation.contact_id)
    newest = found.exclude(id=conversation.id).only(*_SHOWN).order_by("-last_message_at")
    rows = list(newest[:_LOOKED_THROUGH])
    known.join(rows)
    same = [
        each for each in rows
        if each.account_id == conversation.account_id and each.private == conversation.private
        and each.merged_into_id is None
    ]  # fmt: skip
    if len(rows) == _LOOKED_THROUGH and len(same) < MERGEABLE:
        same = mergeable(conversation, MERGEABLE)
    return Others(rows[:EARLIER], same[:MERGEABLE])
