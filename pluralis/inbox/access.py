"""The only way from a person and an id to a conversation, a message or a contact."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from pluralis.inbox.models import (
    Contact,
    Conversation,
    Evidence,
    FaqEntry,
    FaqPage,
    Incident,
    Lesson,
    Message,
    Profile,
    SavedReply,
    SavedView,
)
from pluralis.teams.access import Ability, accounts_of, require, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Membership


def access_conversation(
    actor: Membership, conversation_id: UUID | str, ability: Ability = Ability.VIEW
) -> Conversation:
    """Return a conversation on an account the actor may see."""
    found = Conversation.objects.select_related("account", "contact", "assigned_to__user").filter(
        team=actor.team_id, id=valid_id(conversation_id), account__in=accounts_of(actor, released=True)
    )
    conversation = found.first()
    if conversation is None:
        raise NotFound("conversation")
    if conversation.account.member_id != actor.id:
        require(actor, ability)
    return conversation


def access_message(actor: Membership, message_id: UUID | str, ability: Ability = Ability.VIEW) -> Message:
    """Return a message of a conversation the actor may see."""
    found = Message.objects.select_related("conversation", "account", "profile").filter(
        team=actor.team_id, id=valid_id(message_id)
    )
    message = found.first()
    if message is None:
        raise NotFound("message")
    access_conversation(actor, message.conversation_id, ability)
    return message


def access_contact(actor: Membership, contact_id: UUID | str, ability: Ability = Ability.VIEW) -> Contact:
    """Return a contact of the actor's team."""
    contact = Contact.objects.filter(team=actor.team_id, id=valid_id(contact_id)).first()
    if contact is None:
        raise NotFound("contact")
    require(actor, ability)
    return contact


def access_profile(actor: Membership, profile_id: UUID | str) -> Profile:
    """Return somebody outside who wrote to an account the actor may see."""
    heard = Message.objects.filter(profile=OuterRef("id"), account__in=accounts_of(actor, released=True))
    found = Profile.objects.filter(Exists(heard), team=actor.team_id, id=valid_id(profile_id)).first()
    if found is None:
        raise NotFound("profile")
    return found


def access_view(actor: Membership, view_id: UUID | str) -> SavedView:
    """Return a view of the actor's own, or one of the whole team."""
    found = SavedView.objects.filter(
        Q(owner=actor) | Q(owner__isnull=True), team=actor.team_id, id=valid_id(view_id)
    ).first()
    if found is None:
        raise NotFound("view")
    require(actor, Ability.VIEW)
    return found


def access_saved_reply(actor: Membership, saved_id: UUID | str) -> SavedReply:
    """Return a saved reply of the team, for one of the actor's accounts or for all."""
    found = SavedReply.objects.select_related("account").filter(
        Q(account__isnull=True) | Q(account__in=accounts_of(actor)), team=actor.team_id, id=valid_id(saved_id)
    )
    row = found.first()
    if row is None:
        raise NotFound("saved reply")
    require(actor, Ability.VIEW)
    return row


def access_faq_entry(actor: Membership, entry_id: UUID | str) -> FaqEntry:
    """Return an entry of the FAQ of an account the actor may see."""
    found = FaqEntry.objects.select_related("account").filter(
        team=actor.team_id, id=valid_id(entry_id), account__in=accounts_of(actor)
    )
    row = found.first()
    if row is None:
        raise NotFound("entry")
    require(actor, Ability.VIEW)
    return row


def access_open_faq(key: str) -> FaqPage:
    """Return the public page with this address, for anybody; one that is closed or given up is not there."""
    pages = FaqPage.objects.select_related("account__team").filter(key=key, open=True, account__released_at=None)
    page = pages.first()
    if page is None:
        raise NotFound("page")
    return page


def access_lesson(actor: Membership, lesson_id: UUID | str) -> Lesson:
    """Return a lesson of the actor's team."""
    found = Lesson.objects.filter(team=actor.team_id, id=valid_id(lesson_id)).first()
    if found is None:
        raise NotFound("lesson")
    return found


def access_incident(actor: Membership, incident_id: UUID | str) -> Incident:
    """Return an incident of the actor's team."""
    found = Incident.objects.filter(team=actor.team_id, id=valid_id(incident_id)).first()
    if found is None:
        raise NotFound("incident")
    require(actor, Ability.VIEW)
    return found


def access_evidence(actor: Membership, evidence_id: UUID | str) -> Evidence:
    """Return an evidence pack of the actor's team, to those who may make one."""
    found = Evidence.objects.select_related("contact").filter(team=actor.team_id, id=valid_id(evidence_id)).first()
    if found is None:
        raise NotFound("evidence")
    require(actor, Ability.MANAGE_ACCOUNTS)
    return found
