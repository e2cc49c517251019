"""Read less often where reading is paid by use, as far as the promised answers allow; or as often as before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.inbox.metering import OVER_BUDGET, POLL_PLAN
from pluralis.inbox.models import Cursor
from pluralis.inbox.queries.reads import Proposal, proposals_of
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, Membership


def apply_poll_plan(*, actor: Membership, account_id: UUID, now: datetime) -> Proposal:
    """Use the plan that keeps the account's promise; returns it. Raises :class:`Conflict` without a promise."""
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account.id)
        proposal = proposals_of([account]).get(account.id)
        if proposal is None:
            raise Conflict("no_promise", _("Nothing is promised for this account, or reading is free there."),
                           kept=_("Nothing was changed."),
                           next_step=_("Set business hours and a promised time to answer first."))  # fmt: skip
        _keep(account, {"zone": proposal.zone, "minutes": list(proposal.minutes)})
        audit.note("inbox.polling.planned", team_id=actor.team_id, actor=actor, about=account, now=now,
                   answer_minutes=proposal.answer_minutes)  # fmt: skip
        note_change(actor.team_id, "costs")
    return proposal


def drop_poll_plan(*, actor: Membership, account_id: UUID, now: datetime) -> None:
    """Read as often as without a plan, and at once. Done twice is done once."""
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account.id)
        if POLL_PLAN not in account.settings:
            return
        _keep(account, None)
        Cursor.objects.filter(account=account, next_poll_at__gt=now, failures=0).update(next_poll_at=now)
        audit.note("inbox.polling.unplanned", team_id=actor.team_id, actor=actor, about=account, now=now)
        note_change(actor.team_id, "costs")


def plan_polls_again(*, team_id: UUID, **_more: Any) -> None:
    """Hear that hours or promises changed: every plan in use follows them, and ends where nothing is promised."""
    planned = Account.objects.select_for_update().filter(team=team_id, settings__has_key=POLL_PLAN)
    accounts = list(planned.order_by("id"))
    proposals = proposals_of(accounts)
    for account in accounts:
        proposal = proposals.get(account.id)
        _keep(account, {"zone": proposal.zone, "minutes": list(proposal.minutes)} if proposal else None)


def read_as_before(*, team_id: UUID, now: datetime) -> None:
    """Hear that a budget changed: what was read sparingly because it was spent is read again at once."""
    sparing = Cursor.objects.filter(team=team_id, reason=OVER_BUDGET, failures=0)
    sparing.update(next_poll_at=now, reason="")


def _keep(account: Account, plan: dict[str, Any] | None) -> None:
    account.settings = {name: value for name, value in account.settings.items() if name != POLL_PLAN}
    if plan is not None:
        account.settings[POLL_PLAN] = plan
    account.save(update_fields=["settings"])
