"""An incident: like messages gathered, one text approved, sent by a person into each, resolved together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.states import ConversationState
from pluralis.inbox.access import access_conversation, access_incident
from pluralis.inbox.actions.moving import resolve_conversation
from pluralis.inbox.models import Incident, IncidentConversation, Message
from pluralis.publishing.models import Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.ids import new_id
from pluralis.teams.models import Membership

LONGEST_TEXT = 3_000
MOST_GATHERED = 2_000


def open_incident(*, actor: Membership, name: str, conversation_ids: Sequence[UUID], now: datetime) -> Incident:
    """Open an incident with the conversations it began with. Raises :class:`Invalid` without a name."""
    require(actor, Ability.ANSWER)
    if not name.strip():
        raise Invalid("no_name", _("An incident needs a name."), fields={"name": _("For example: outage in Leeds.")})
    with transaction.atomic():
        made = Incident.objects.create(
            id=new_id(), team_id=actor.team_id, name=name.strip()[:120], opened_by=actor, opened_at=now
        )
        audit.note("inbox.incident.opened", team_id=actor.team_id, actor=actor, about=made, now=now)
        _gather(actor, made, conversation_ids, now)
    return made


def gather(*, actor: Membership, incident_id: UUID, conversation_ids: Sequence[UUID], now: datetime) -> int:
    """Add conversations to an open incident; those of another incident are left where they are. Returns how many."""
    incident = _open(actor, incident_id)
    with transaction.atomic():
        return _gather(actor, incident, conversation_ids, now)


def leave_out(*, actor: Membership, incident_id: UUID, conversation_id: UUID, now: datetime) -> None:
    """Take a conversation out of an incident: it was about something else."""
    incident = _open(actor, incident_id)
    with transaction.atomic():
        gone, _rows = IncidentConversation.objects.filter(incident=incident, conversation=conversation_id).delete()
        if gone:
            _note(actor, incident, "left_out", now, conversation=conversation_id)


def write_text(*, actor: Membership, incident_id: UUID, text: str, revision: int, now: datetime) -> Incident:
    """Write the text that is sent into every conversation. Any change asks for approval again."""
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise Invalid("bad_text", _("The text is empty or too long."), fields={"text": _("1 to 3,000 characters.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(id=_open(actor, incident_id).id)
        if incident.revision != revision:
            raise Conflict("changed", _("Somebody else changed the text meanwhile."),
                           kept=_("Theirs is saved, yours is still on your page."))  # fmt: skip
        incident.text, incident.revision = text.strip(), revision + 1
        incident.save(update_fields=["text", "revision"])
        _note(actor, incident, "written", now, revision=incident.revision)
    return incident


def approve_text(*, actor: Membership, incident_id: UUID, revision: int, now: datetime) -> Incident:
    """Approve the text as it stands at ``revision``, for those who send it."""
    require(actor, Ability.APPROVE)
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(id=_open(actor, incident_id).id)
        if incident.revision != revision or not incident.text:
            raise Conflict("changed", _("The text was changed meanwhile."), kept=_("Nothing was approved."),
                           next_step=_("Read it again."))  # fmt: skip
        incident.approved_revision, incident.approved_by = revision, actor
        incident.save(update_fields=["approved_revision", "approved_by"])
        _note(actor, incident, "approved", now, revision=revision)
    return incident


def answer_was_for_incident(*, part: Part, now: datetime) -> None:
    """Hear that an answer stands: a conversation of an open incident is answered. Two queries at most."""
    message = Message.objects.filter(part=part).only("conversation_id", "author_id").first()
    if message is None:
        return
    waiting = IncidentConversation.objects.filter(conversation=message.conversation_id, answered_at__isnull=True)
    waiting.update(answered_at=now, answered_by=message.author_id)


def close_incident(*, actor: Membership, incident_id: UUID, now: datetime) -> int:
    """Resolve every conversation of an incident that is not resolved, and close it; returns how many."""
    incident = _open(actor, incident_id)
    resolved = 0
    for each in incident.gathered.exclude(conversation__state=ConversationState.RESOLVED):
        resolve_conversation(actor=actor, conversation_id=each.conversation_id, now=now)
        resolved += 1
    with transaction.atomic():
        Incident.objects.filter(id=incident.id).update(closed_at=now)
        _note(actor, incident, "closed", now, resolved=resolved)
    return resolved


def _open(actor: Membership, incident_id: UUID) -> Incident:
    incident = access_incident(actor, incident_id)
    require(actor, Ability.ANSWER)
    if incident.closed_at is not None:
        raise Conflict("closed", _("This incident is closed."), kept=_("Nothing was changed."))
    return incident


def _gather(actor: Membership, incident: Incident, conversation_ids: Sequence[UUID], now: datetime) -> int:
    mine = [access_conversation(actor, each, Ability.ANSWER).id for each in dict.fromkeys(conversation_ids)]
    taken = set(IncidentConversation.objects.filter(conversation__in=mine).values_list("conversation_id", flat=True))
    fresh = [each for each in mine if each not in taken][:MOST_GATHERED]
    # Two who gather at once: whoever is second adds nothing twice.
    IncidentConversation.objects.bulk_create(
        (
            IncidentConversation(
                id=new_id(), team_id=actor.team_id, incident=incident, conversation_id=each, added_at=now
            )
            for each in fresh
        ),
        ignore_conflicts=True,
    )
    _note(actor, incident, "gathered", now, conversations=len(fresh))
    return len(fresh)


def _note(actor: Membership, incident: Incident, what: str, now: datetime, **data: object) -> None:
    audit.note(f"inbox.incident.{what}", team_id=actor.team_id, actor=actor, about=incident, now=now, **data)
    note_change(actor.team_id, f"incident:{incident.id}", "incidents")
