"""Make an evidence pack of what a contact wrote, and keep it as long as the law wants."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.inbox.access import access_contact
from pluralis.inbox.actions.privacy import hold_contact
from pluralis.inbox.evidence import make_pack
from pluralis.inbox.models import Evidence, Message
from pluralis.teams import audit
from pluralis.teams.access import Ability, accounts_of
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.ids import new_id
from pluralis.teams.models import Membership

MOST = 500
"""Messages of one pack; the newest."""


def make_evidence(
    *, actor: Membership, contact_id: UUID, message_ids: Sequence[UUID], until: datetime, now: datetime
) -> Evidence:
    """Pack messages of a contact (without any named: the newest 500), and hold what they wrote until an instant.

    The pack shows words unmasked, as they stood: evidence that hides is none. Raises :class:`Invalid` when there is
    nothing to pack, and what :func:`hold_contact` raises for its end.
    """
    contact = access_contact(actor, contact_id, Ability.MANAGE_ACCOUNTS)
    theirs = Message.objects.filter(
        team=actor.team_id, direction="in", profile__contact=contact, account__in=accounts_of(actor, released=True)
    )
    chosen = theirs.filter(id__in=list(message_ids)) if message_ids else theirs
    newest = list(chosen.select_related("profile", "account").order_by("-created_at", "-id")[:MOST])
    if not newest:
        raise Invalid("nothing_to_pack", _("This person has not written anything that could be packed."))
    pack = make_pack(contact, newest[::-1], now, str(actor.user), actor.team.zone)
    with transaction.atomic():
        hold_contact(actor=actor, contact_id=contact.id, reason=_("Evidence"), until=until, now=now)
        made = Evidence(
            id=new_id(), team_id=actor.team_id, contact=contact, sha256=hashlib.sha256(pack).hexdigest(),
            messages=len(newest), made_by=actor, made_at=now, kept_until=until,
        )  # fmt: skip
        made.file.save(f"{made.id}.zip", ContentFile(pack), save=False)
        made.save(force_insert=True)
        audit.note("inbox.contact.evidence_made", team_id=actor.team_id, actor=actor, about=contact, now=now,
                   evidence=made.id, sha256=made.sha256, messages=made.messages)  # fmt: skip
        note_change(actor.team_id, f"contact:{contact.id}")
    return made
