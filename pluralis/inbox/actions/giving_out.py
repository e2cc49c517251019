"""A contact's data on request: everything we hold of a person, in one file that they and a program can read."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any
from uuid import UUID

from pluralis.inbox.access import access_contact
from pluralis.inbox.models import Contact, Conversation, Message, Profile
from pluralis.teams import audit
from pluralis.teams.access import Ability
from pluralis.teams.models import Membership

README = """Everything that {team} holds about this person, given out on {day}.

contact.json: the person, their profiles, and every message in order. Times are UTC. "in" was written by the person,
"out" by the team.
"""


def export_contact(*, actor: Membership, contact_id: UUID, now: datetime) -> dict[str, Any]:
    """Return everything held of a contact as plain values. Twelve queries; that it was given out is noted by id."""
    contact = access_contact(actor, contact_id, Ability.MANAGE_ACCOUNTS)
    given = {
        "given_out_at": now.isoformat(),
        "contact": _contact(contact),
        "profiles": [_profile(each) for each in _profiles(contact)],
        "facts": [{"name": each.name, "value": each.value} for each in contact.facts.order_by("name")],
        "conversations": [_conversation(each) for each in _conversations(contact)],
    }
    audit.note("inbox.contact.exported", team_id=actor.team_id, actor=actor, about=contact, now=now)
    return given


def as_archive(given: dict[str, Any], team: str) -> bytes:
    """Return the export as a zip of one JSON file and a few words about it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contact.json", json.dumps(given, ensure_ascii=False, indent=1))
        archive.writestr("README.txt", README.format(team=team, day=given["given_out_at"][:10]))
    return held.getvalue()


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "id": str(contact.id),
        "name": contact.name,
        "tags": contact.tags,
        "note": contact.note,
        "known_since": contact.created_at.isoformat(),
    }


def _profiles(contact: Contact) -> list[Profile]:
    found = contact.profiles.prefetch_related("relations__account", "follow_backs__account")
    return list(found.order_by("network", "handle"))


def _profile(profile: Profile) -> dict[str, Any]:
    shown = ("network", "host", "remote_id", "handle", "display_name", "url", "bio", "followers", "following")
    told = {name: getattr(profile, name) for name in shown}
    told["follow_state"] = [
        {"account": each.account.handle, "follows_it": each.they_follow, "followed_by_it": each.we_follow,
         "asked_at": each.seen_at.isoformat()}
        for each in profile.relations.all()
    ]  # fmt: skip
    told["follow_decisions"] = [
        {"account": each.account.handle, "decision": each.decision, "at": each.decided_at.isoformat()}
        for each in profile.follow_backs.all()
    ]
    return told


def _conversations(contact: Contact) -> list[Conversation]:
    found = Conversation.objects.filter(contact=contact).select_related("account")
    return list(found.prefetch_related("messages__reposts__account").order_by("created_at"))


def _conversation(conversation: Conversation) -> dict[str, Any]:
    messages = sorted(conversation.messages.all(), key=lambda each: (each.created_at, each.id))
    return {
        "account": conversation.account.handle,
        "network": conversation.account.network,
        "private": conversation.private,
        "messages": [_message(each) for each in messages],
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "direction": message.direction,
        "at": message.created_at.isoformat(),
        "text": message.text,
        "url": message.url,
        "media": message.media,
        "reposts": [
            {"account": each.account.handle, "state": each.state, "at": each.reposted_at.isoformat(),
             "taken_back_at": each.taken_back_at.isoformat() if each.taken_back_at else None}
            for each in message.reposts.all()
        ],
    }  # fmt: skip
