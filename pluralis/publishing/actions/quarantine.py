"""Quarantine: a database that is behind what was already sent does not send before people have looked.

The highest attempt number and the installation's id are also kept in a file outside the database. A database
behind that file, another server, a changed timeline, a restored backup or a copy: then nothing is sent or
refreshed, and a lead releases each account after its timeline was compared.
"""

import logging
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import NotSupportedError, ProgrammingError, connection, transaction
from django.utils.translation import gettext as _

from pluralis.config import instance
from pluralis.core.matching import Sample, in_window, is_same
from pluralis.core.states import HoldReason, PartState
from pluralis.networks.contract import RemotePost
from pluralis.publishing.access import lock_part
from pluralis.publishing.actions.record import settle_as_sent
from pluralis.publishing.models import Attempt, Instance, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, Membership, Team

log = logging.getLogger(__name__)


def check_instance(*, now: datetime) -> list[str]:
    """Compare the database with the file outside it, at every start; enters quarantine and returns the reasons."""
    known = instance.ensure(settings.ENVIRONMENT.data_dir)
    row = Instance.objects.filter(id=1).first()
    seen = observe(row)
    if row is None:
        # Two workers may start on a new database at once; one of them makes the row.
        Instance.objects.get_or_create(id=1, defaults={"instance_id": UUID(known.instance_id)})
        reasons = known.reasons_for_quarantine(seen) if known.highest_attempt else []
    else:
        reasons = known.reasons_for_quarantine(seen)
    if reasons:
        enter_quarantine(reasons=reasons, backup_at=None, now=now)
    instance.remember_database(settings.ENVIRONMENT.data_dir, seen.system_identifier, seen.timeline)
    return reasons


def observe(row: Instance | None) -> instance.Instance:
    """Return what the database says of itself: identifiers, timeline, highest attempt. Two queries."""
    identifier, timeline = _marks_of_server()
    return instance.Instance(str(row.instance_id) if row else "", identifier, timeline, _highest_attempt())


def _highest_attempt() -> int:
    return Attempt.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _marks_of_server() -> tuple[str, int]:
    """Return the server's own identifier and timeline; "" and 0 where a hosted server shows them to nobody."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier::text, timeline_id FROM pg_control_system(), pg_control_checkpoint()"
            )
            identifier, timeline = cursor.fetchone()
    except (ProgrammingError, NotSupportedError) as problem:
        log.warning("the server does not say which one it is, so a copy is known by its attempts alone: %s", problem)
        return "", 0
    return identifier, timeline


@transaction.atomic
def enter_quarantine(*, reasons: list[str], backup_at: datetime | None, now: datetime) -> int:
    """Hold everything of every account until a lead releases it; returns how many accounts."""
    Instance.objects.update_or_create(
        id=1,
        defaults={"quarantined_at": now, "quarantine_reason": "; ".join(reasons)[:64], "backup_at": backup_at},
        create_defaults={
            "instance_id": uuid4(), "quarantined_at": now, "quarantine_reason": "; ".join(reasons)[:64],
            "backup_at": backup_at,
        },
    )  # fmt: skip
    accounts = Account.objects.filter(quarantined_at__isnull=True, released_at__isnull=True).update(
        quarantined_at=now
    )
    # A part that was on its way when the backup was made is in doubt, whoever held it then.
    Part.objects.filter(state=PartState.SENDING).update(
        state=PartState.UNCONFIRMED, in_doubt=True, reason="restored", look_again_at=now
    )
    Part.objects.filter(state=PartState.WAITING, due_at__lte=now).update(
        state=PartState.HELD, hold_reason=HoldReason.RESTORED
    )
    for team_id in Team.objects.values_list("id", flat=True):
        audit.note("publishing.quarantine.entered", team_id=team_id, now=now, reasons=reasons)
        note_change(team_id, "stop", "calendar", "accounts")
    return accounts


def settle_from_timeline(*, account: Account, posts: list[RemotePost], now: datetime) -> int:
    """Bind parts that the network already shows to their posts, oldest first; returns how many."""
    count = 0
    posts = _free(account, posts)
    for part in _unsettled(account):
        match = next((post for post in posts if _is_part(part, post)), None)
        if match is None:
            continue
        posts.remove(match)
        with transaction.atomic():
            held = lock_part(part.id)
            if held.state in (PartState.HELD, PartState.UNCONFIRMED):
                settle_as_sent(held, match, now)
                count += 1
    return count


def _free(account: Account, posts: list[RemotePost]) -> list[RemotePost]:
    """Return the posts that no part is bound to."""
    shown = [post.reference.remote_id for post in posts]
    bound = set(Part.objects.filter(account=account, remote_id__in=shown).values_list("remote_id", flat=True))
    return [post for post in posts if post.reference.remote_id not in bound]


def _unsettled(account: Account) -> list[Part]:
    states = (PartState.HELD, PartState.UNCONFIRMED, PartState.WAITING)
    parts = Part.objects.filter(account=account, state__in=states).select_related("delivery__post")
    held = list(parts.order_by("planned_at", "position"))
    for part in held:
        if part.state == PartState.WAITING:
            Part.objects.filter(id=part.id, state=PartState.WAITING).update(
                state=PartState.HELD, hold_reason=HoldReason.RESTORED
            )
    return held


def _is_part(part: Part, post: RemotePost) -> bool:
    pictures = part.segment.pictures.count() if part.segment else 0
    answered = (part.delivery.post.reply_to or {}).get("remote_id") if part.position == 0 else post.reply_to_id
    theirs = Sample(post.text, post.reply_to_id, post.media_count, post.created_at)
    return is_same(Sample(part.text, answered, pictures), theirs) and in_window(theirs, part.created_at)


def release_account(*, actor: Membership, account_id: UUID, now: datetime) -> Account:
    """Let one account send again after a look at it; its held parts stay held until they are let go one by one."""
    require(actor, Ability.STOP)
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    if account.quarantined_at is None:
        raise Conflict("not_quarantined", _("This account is not in quarantine."))
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(quarantined_at=None)
        if not Account.objects.filter(quarantined_at__isnull=False, released_at__isnull=True).exists():
            _leave_quarantine()
        audit.note("publishing.quarantine.released", team_id=actor.team_id, actor=actor, about=account, now=now)
        note_change(actor.team_id, "stop", "accounts", f"account:{account.id}")
    account.refresh_from_db()
    return account


def _leave_quarantine() -> None:
    """The last account was looked at: from now on the database as it is counts as the newest there is."""
    Instance.objects.filter(id=1).update(quarantined_at=None, quarantine_reason="", backup_at=None)
    highest = _highest_attempt()
    # After the commit, or a release that is rolled back would leave no trace of what was sent.
    transaction.on_commit(lambda: instance.accept_attempts(settings.ENVIRONMENT.data_dir, highest))
