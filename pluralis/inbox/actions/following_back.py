"""Following people back: asking who follows us, and keeping what a person decided. Programs never follow."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from pluralis.inbox.access import access_profile
from pluralis.inbox.actions.relating import ask_network, keep_relation
from pluralis.inbox.metering import RELATIONS, is_metered, is_over_budget
from pluralis.inbox.models import FollowBack, Profile, ReadCount
from pluralis.inbox.queries.follow_backs import writers_to_ask
from pluralis.networks.contract import Relates
from pluralis.networks.deadline import Deadline
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of

A_NIGHT, AT_ONCE = 40, 10
"""About how many people an account's network is asked each night, and each time somebody presses the button."""
PAID_A_DAY = 50
"""How many people may be asked about in a UTC day with the button, where each has its price."""
FRESH = timedelta(days=7)
"""How long an answer stands before somebody is asked about again."""
LONGEST_SECONDS = 25.0


def ask_about_writers(*, actor: Membership, account_id: UUID, now: datetime) -> int:
    """Ask now about the people who wrote most and are not known yet; returns about how many the network told.

    Raises :class:`Conflict` where the account cannot ask, and where it costs: has asked enough today, or has spent
    its month's budget.
    """
    account = access_account(actor, account_id, Ability.ANSWER)
    if not _can_ask(account):
        raise Conflict("cannot_ask", _("This account cannot ask its network now."), kept=_("Nothing was asked."),
                       next_step=_("Look at the account under Settings."))  # fmt: skip
    if is_over_budget(account):
        raise Conflict("over_budget", _("The month’s budget is spent."),
                       kept=_("Nothing was asked, and nothing paid."),
                       next_step=_("Ask next month, or let a lead raise the budget."))  # fmt: skip
    most = min(AT_ONCE, _left_today(account, now))
    if not most:
        raise Conflict("enough_today", _("This account has asked about enough people today."),
                       kept=_("Nothing was asked, and nothing paid."), next_step=_("Go on tomorrow."))  # fmt: skip
    return read_relations(account, now, most)


def asked_each_night() -> list[Account]:
    """Return the accounts whose networks are asked each night: those where asking is free. One query."""
    found = Account.objects.filter(connected=True, quarantined_at__isnull=True, released_at__isnull=True)
    return [each for each in found.order_by("id") if _can_ask(each) and not is_metered(each)]


def ask_tonight(account_id: UUID | str, now: datetime) -> int:
    """Ask about the most frequent writers of one account; returns about how many the network told."""
    account = Account.objects.select_related("team").get(id=account_id)
    return read_relations(account, now, A_NIGHT) if _can_ask(account) and not is_metered(account) else 0


def read_relations(account: Account, now: datetime, most: int) -> int:
    """Ask about up to ``most`` people, one after the other, for some seconds; the first silence ends it."""
    deadline, told = Deadline.after(LONGEST_SECONDS), 0
    for profile in writers_to_ask(account, now, most, FRESH):
        relation = ask_network(account, profile, now) if deadline.remaining > 0 else None
        if relation is None:
            break
        keep_relation(account, profile, relation, now)
        told += 1
    return told


def _can_ask(account: Account) -> bool:
    able = isinstance(network_of(account).connector, Relates)
    return able and account.connected and account.quarantined_at is None and account.released_at is None


def _left_today(account: Account, now: datetime) -> int:
    if not is_metered(account):
        return AT_ONCE
    day = now.astimezone(UTC).date()
    counted = ReadCount.objects.filter(account=account, stream=RELATIONS, day=day).aggregate(came=Sum("items"))
    return max(0, PAID_A_DAY - (counted["came"] or 0))


def decide_follow_back(
    *, actor: Membership, account_id: UUID, profile_id: UUID, decision: str, now: datetime
) -> FollowBack:
    """Keep that somebody was followed back by hand, or is not to be; said again it changes nothing.

    Raises :class:`Invalid` for another word, or a profile of another network.
    """
    account, profile = _sides(actor, account_id, profile_id)
    if decision not in FollowBack.Decision.values:
        raise Invalid("no_decision", _("There is no such thing to do."), kept=_("Nothing was changed."))
    with transaction.atomic():
        Profile.objects.select_for_update().get(id=profile.id)
        kept = FollowBack.objects.filter(account=account, profile=profile).select_related("decided_by__user").first()
        if kept is not None and kept.decision == decision:
            return kept
        kept, _new = FollowBack.objects.update_or_create(
            account=account, profile=profile,
            defaults={"team_id": actor.team_id, "decision": decision, "decided_by": actor, "decided_at": now},
        )  # fmt: skip
        followed = decision == FollowBack.Decision.DONE
        audit.note("inbox.profile.followed_back" if followed else "inbox.profile.not_followed_back",
                   team_id=actor.team_id, actor=actor, about=profile, now=now, account=account.id)  # fmt: skip
        note_change(actor.team_id, "follow_backs")
    return kept


@transaction.atomic
def undo_follow_back(*, actor: Membership, account_id: UUID, profile_id: UUID, now: datetime) -> bool:
    """Take a decision back; says whether there was one."""
    account, profile = _sides(actor, account_id, profile_id)
    gone, _rows = FollowBack.objects.filter(account=account, profile=profile).delete()
    if gone:
        audit.note("inbox.profile.follow_undecided", team_id=actor.team_id, actor=actor, about=profile, now=now,
                   account=account.id)  # fmt: skip
        note_change(actor.team_id, "follow_backs")
    return bool(gone)


def _sides(actor: Membership, account_id: UUID, profile_id: UUID) -> tuple[Account, Profile]:
    account = access_account(actor, account_id, Ability.ANSWER)
    profile = access_profile(actor, profile_id)
    if (account.network, account.host) != (profile.network, profile.host):
        raise Invalid("other_network", _("This account is on another network."), kept=_("Nothing was changed."))
    return account, profile
