"""What a team writes down of the people outside: tags, facts with their ground, a note, and who is one person."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.folding import fold
from pluralis.inbox.access import access_contact
from pluralis.inbox.models import Contact, ContactFact, ContactJoin, Conversation, Ground, Message, Profile
from pluralis.teams import audit
from pluralis.teams.access import Ability, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Membership

SUGGESTED_TAGS = ("VIP", "partner", "journalist", "customer", "competitor")
SUGGESTED_FACTS = ("Customer number", "Booking", "Company", "Telephone")
MOST_TAGS, LONGEST_TAG = 20, 40
MOST_FACTS, LONGEST_FACT, LONGEST_FACT_NAME = 30, 200, 40
LONGEST_NOTE = 10_000


def set_tags(*, actor: Membership, contact_id: UUID, tags: Iterable[str], now: datetime) -> Contact:
    """Give a contact these tags and no others; the spelling that the team uses already is kept."""
    contact = access_contact(actor, contact_id, Ability.ANSWER)
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(id=contact.id)
        contact.tags = clean_tags(tags)
        contact.save(update_fields=["tags"])
        _note(actor, contact, "tagged", now)
    cache.delete(f"tags:{actor.team_id}")
    return contact


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Return tags as they are kept: short, without blanks around, each once whatever its case."""
    kept: dict[str, str] = {}
    for tag in tags:
        words = " ".join(tag.replace("\x00", "").split())[:LONGEST_TAG]
        if words:
            kept.setdefault(fold(words), words)
    return list(kept.values())[:MOST_TAGS]


def write_about(*, actor: Membership, contact_id: UUID, note: str, now: datetime) -> Contact:
    """Keep what the team should know of a contact. It never leaves the desk."""
    contact = access_contact(actor, contact_id, Ability.ANSWER)
    with transaction.atomic():
        contact.note = note.replace("\x00", "").strip()[:LONGEST_NOTE]
        contact.save(update_fields=["note"])
        _note(actor, contact, "written_about", now)
    return contact


def set_fact(
    *, actor: Membership, contact_id: UUID, name: str, value: str, ground: str, now: datetime
) -> ContactFact | None:
    """Keep a fact of a contact, such as a customer number, with why we may; an empty value forgets it."""
    contact = access_contact(actor, contact_id, Ability.ANSWER)
    name = " ".join(name.replace("\x00", "").split())[:LONGEST_FACT_NAME]
    value = " ".join(value.replace("\x00", "").split())[:LONGEST_FACT]
    if not name:
        raise Invalid("no_name", _("The fact needs a name."), fields={"name": _("Such as: customer number")})
    with transaction.atomic():
        if not value:
            ContactFact.objects.filter(contact=contact, name=name).delete()
            _note(actor, contact, "fact_forgotten", now)
            return None
        _check_ground(ground)
        kept = keep_fact(actor, contact, (name, value, ground), now)
        _note(actor, contact, "fact_kept", now)
    return kept


def keep_fact(actor: Membership, contact: Contact, said: tuple[str, str, str], now: datetime) -> ContactFact:
    """Write a checked fact (name, value, ground) in the caller's transaction."""
    name, value, ground = said
    fact, _made = ContactFact.objects.update_or_create(
        contact=contact,
        name=name,
        defaults={
            "team_id": actor.team_id, "value": value, "folded": fold(value)[:LONGEST_FACT], "ground": ground,
            "made_by": actor, "made_at": now,
        },
    )  # fmt: skip
    return fact


def _check_ground(ground: str) -> None:
    if ground not in Ground.values:
        raise Invalid(
            "no_ground",
            _("Say why we may know this."),
            kept=_("Nothing was changed."),
            next_step=_("Choose one: they told us, it is public, they agreed."),
            fields={"ground": _("Choose one.")},
        )


def join_contacts(*, actor: Membership, contact_id: UUID, other_id: UUID, now: datetime) -> Contact:
    """Make two contacts one person: what ``other`` has comes to ``contact``, profiles and conversations too."""
    contact = access_contact(actor, contact_id, Ability.ANSWER)
    other = access_contact(actor, other_id, Ability.ANSWER)
    if contact.id == other.id or contact.joined or other.joined:
        raise Conflict("already_one", _("These two are one already."), kept=_("Nothing was changed."))
    with transaction.atomic():
        locked = Contact.objects.select_for_update().filter(id__in=[contact.id, other.id]).order_by("id")
        by_id = {each.id: each for each in locked}
        contact, other = by_id[contact.id], by_id[other.id]
        profiles = [str(each) for each in other.profiles.values_list("id", flat=True)]
        ContactJoin.objects.create(
            team_id=actor.team_id, contact=contact, other=other, profile_ids=profiles, made_by=actor, made_at=now,
            brought=_bring(contact, other),
        )  # fmt: skip
        other.profiles.update(contact=contact)
        Conversation.objects.filter(contact=other).update(contact=contact)
        other.joined = True
        other.save(update_fields=["joined"])
        _note(actor, contact, "joined", now, other=other.id)
    return contact


def _bring(contact: Contact, other: Contact) -> dict[str, object]:
    """Bring over what is kept of ``other``; returns what came, so that it can go again."""
    tags = [tag for tag in other.tags if fold(tag) not in {fold(own) for own in contact.tags}]
    facts = [str(each.id) for each in other.facts.exclude(name__in=contact.facts.values("name"))]
    ContactFact.objects.filter(id__in=facts).update(contact=contact)
    until = max(filter(None, [contact.do_not_engage_until, other.do_not_engage_until]), default=None)
    closed = until != contact.do_not_engage_until
    if closed:
        contact.do_not_engage_until, contact.do_not_engage_reason = until, other.do_not_engage_reason
    contact.tags = [*contact.tags, *tags][:MOST_TAGS]
    contact.save(update_fields=["tags", "do_not_engage_until", "do_not_engage_reason"])
    return {"tags": tags, "facts": facts, "closed": closed}


def separate_profile(*, actor: Membership, profile_id: UUID, now: datetime) -> Contact:
    """Take a profile, with its conversations, out of its contact again; returns whom it belongs to now.

    Who was joined by hand is again who they were; any other profile becomes a contact of its own.
    """
    profile = Profile.objects.filter(team=actor.team_id, id=valid_id(profile_id)).select_related("contact").first()
    if profile is None:
        raise NotFound("profile")
    contact = access_contact(actor, profile.contact_id, Ability.ANSWER)
    if contact.profiles.count() < 2:
        raise Conflict("only_profile", _("This is the only profile of this person."), kept=_("Nothing was changed."))
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(id=contact.id)
        join = _join_of(contact, profile)
        home = _home(contact, join, now) if join else _fresh_contact(profile, now)
        moving = [valid_id(each) for each in join.profile_ids] if join else [profile.id]
        Profile.objects.filter(id__in=moving, contact=contact).update(contact=home)
        theirs = Message.objects.filter(profile__in=moving).values("conversation_id")
        Conversation.objects.filter(contact=contact, id__in=theirs).update(contact=home)
        _note(actor, contact, "separated", now, other=home.id)
    return home


def _join_of(contact: Contact, profile: Profile) -> ContactJoin | None:
    standing = contact.joins.filter(state=ContactJoin.State.JOINED).select_related("other")
    return next((each for each in standing if str(profile.id) in each.profile_ids), None)


def _home(contact: Contact, join: ContactJoin, now: datetime) -> Contact:
    home = join.other
    home.joined = False
    home.save(update_fields=["joined"])
    ContactFact.objects.filter(id__in=join.brought.get("facts", []), contact=contact).update(contact=home)
    brought = set(join.brought.get("tags", []))
    contact.tags = [tag for tag in contact.tags if tag not in brought]
    if join.brought.get("closed"):
        contact.do_not_engage_until, contact.do_not_engage_reason = None, ""
    contact.save(update_fields=["tags", "do_not_engage_until", "do_not_engage_reason"])
    join.state = ContactJoin.State.SEPARATED
    join.save(update_fields=["state"])
    return home


def _fresh_contact(profile: Profile, now: datetime) -> Contact:
    name = profile.display_name or profile.handle
    return Contact.objects.create(team_id=profile.team_id, name=name, search_name=fold(name)[:255], created_at=now)


def _note(actor: Membership, contact: Contact, what: str, now: datetime, **data: object) -> None:
    audit.note(f"inbox.contact.{what}", team_id=actor.team_id, actor=actor, about=contact, now=now, **data)
    note_change(actor.team_id, f"contact:{contact.id}")
