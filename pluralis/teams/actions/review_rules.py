"""What an account asks for before a post goes out on it: how many approvals, and whose."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.review import MOST_APPROVALS, ReviewRule
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid, NotFound
from pluralis.teams.models import Account, Membership


def set_review_rule(*, actor: Membership, account_id: UUID | str, rule: ReviewRule, now: datetime) -> Account:
    """Set how many approvals a post needs on an account and whose count. Owners and leads.

    What is planned already stays planned; the rule holds for whatever is planned or changed from now on.
    """
    access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    require(actor, Ability.MANAGE_ACCOUNTS)
    if not 0 <= rule.approvals <= MOST_APPROVALS:
        raise Invalid("approvals", _("Choose 0 to %(most)d approvals.") % {"most": MOST_APPROVALS})
    known = {str(each) for each in Membership.objects.filter(team=actor.team_id).values_list("id", flat=True)}
    if not set(rule.members) <= known:
        raise NotFound("member")
    if rule.members and len(set(rule.members)) < rule.approvals:
        raise Invalid(
            "too_few_reviewers",
            _("There are fewer people to approve than approvals needed."),
            kept=_("Nothing was changed."),
            next_step=_("Name more people, or ask for fewer approvals."),
            fields={"members": _("Name more people, or ask for fewer approvals.")},
        )
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id, team=actor.team_id)
        account.settings = {**account.settings, "review": rule.to_dict()}
        account.save(update_fields=["settings"])
        said = rule.to_dict() | {"members": len(rule.members)}
        audit.note("teams.account.review_rule", team_id=actor.team_id, actor=actor, about=account, now=now, **said)
        note_change(actor.team_id, "accounts", f"account:{account.id}")
    return account
