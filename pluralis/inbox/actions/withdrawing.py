"""Our reposts of somebody who is erased: taken back first, asked for again later, or left to a person's hand.

A repost shows their words under our name. What the network does not take now is asked for again by a job that knows
the post's id and nothing else of the person, and that is gone once it is done.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from pluralis import jobs
from pluralis.inbox.actions.reposting import end_repost, page_of
from pluralis.inbox.models import Contact, Repost
from pluralis.inbox.proposing import reference_of
from pluralis.inbox.reposting import ask_about, ask_network
from pluralis.networks.contract import Reference
from pluralis.publishing.actions import charge_write
from pluralis.teams import audit
from pluralis.teams.errors import Conflict
from pluralis.teams.models import Account, Membership

AT_ONCE = 5
"""How many are taken back while a person waits; each may take eight seconds where a network hangs."""

NOT_NOW = ("not_now", "unconfirmed")
"""What the network may take a little later."""

MENDED_BY_PEOPLE = ("disconnected", "quarantined")
"""What ends when somebody connects or releases the account again."""

AGAIN = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 720, 1440, 1440, 1440))
"""When a repost that stands is asked for again: after the press, then after each try. Five days in all."""


@dataclass(frozen=True, slots=True)
class LeftRepost:
    """A repost that a person takes back on the network's ``page``, and ``why`` the program does not."""

    account: Account
    page: str
    why: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What became of the reposts: how many were ended, and which (by id) are left to a person."""

    ended: int = 0
    left: tuple[tuple[UUID, LeftRepost], ...] = ()

    @property
    def left_ids(self) -> set[UUID]:
        return {repost_id for repost_id, _left in self.left}


def standing_reposts(contact: Contact) -> QuerySet[Repost]:
    """Return our reposts of what a contact wrote, those that stand, newest first. What they deleted is gone."""
    found = Repost.objects.filter(
        team=contact.team_id, message__conversation__contact=contact, state=Repost.State.DONE,
        message__deleted_at__isnull=True,
    )  # fmt: skip
    return found.select_related("account__team", "message__conversation", "message__account")


def withdraw_reposts(*, actor: Membership, contact: Contact, now: datetime) -> Withdrawal:
    """Take back what stands, outside any transaction, and say what only a person can.

    The rest stands as it did, for :func:`ask_later`: after :data:`AT_ONCE` tries, and of an account whose network
    does not take it now. An account that let nothing go is not asked again.
    """
    ended = tries = 0
    late: set[UUID] = set()
    closed: dict[UUID, str] = {}
    left: dict[UUID, LeftRepost] = {}
    for repost in standing_reposts(contact):
        account_id = repost.account_id
        why = closed.get(account_id)
        if why is None and account_id not in late and tries < AT_ONCE:
            tries += 1
            error = _take_back(actor, repost, now)
            ended += error is None
            if error is not None and error.code in NOT_NOW:
                late.add(account_id)
            elif error is not None:
                why = str(error.happened)
                closed |= {account_id: why} if error.code != "refused" else {}
        if why is not None:
            left[repost.id] = LeftRepost(repost.account, page_of(repost.account, repost.message), why)
    return Withdrawal(ended, tuple(left.items()))


def _take_back(actor: Membership, repost: Repost, now: datetime) -> Conflict | None:
    try:
        price = ask_network(repost.account, repost.message, at=None)
    except Conflict as error:
        return error
    end_repost(actor=actor, repost=repost, price=price, by_hand=False, now=now)
    return None


def ask_later(contact: Contact, without: Collection[UUID], now: datetime) -> int:
    """Let jobs take back what still stands, in the caller's transaction; returns how many. ``without``: those that
    are left to a person."""
    standing = standing_reposts(contact).exclude(id__in=without)
    rows = [
        {"account_id": str(each.account_id), "remote_id": reference.remote_id,
         "reposted_at": each.reposted_at.isoformat(), "tries": 1}
        for each in standing if (reference := reference_of(each.message)) is not None
    ]  # fmt: skip
    jobs.defer_many("take_back_left_repost", queue=jobs.UPKEEP, at=now + AGAIN[0], arguments=rows)
    return len(rows)


def take_back_left(*, account_id: str, remote_id: str, reposted_at: str, tries: int, now: datetime) -> str:
    """Take back a repost of somebody who is erased; returns ``ended``, ``later``, ``left`` or ``gone``.

    After the last of :data:`AGAIN` it is left to people: the audit log says on which account, and when it was made.
    """
    account = Account.objects.select_related("team").filter(id=account_id).first()
    if account is None:
        return "gone"
    try:
        price = ask_about(account, Reference(remote_id), at=None)
    except Conflict as error:
        if error.code in (*NOT_NOW, *MENDED_BY_PEOPLE) and tries < len(AGAIN):
            jobs.defer("take_back_left_repost", queue=jobs.UPKEEP, at=now + AGAIN[tries], account_id=account_id,
                       remote_id=remote_id, reposted_at=reposted_at, tries=tries + 1)  # fmt: skip
            return "later"
        audit.note("inbox.repost.left", team_id=account.team_id, about=account, now=now, reposted_at=reposted_at)
        return "left"
    with transaction.atomic():
        charge_write(account, price, now)
        audit.note("inbox.repost.taken_back", team_id=account.team_id, about=account, now=now,
                   reposted_at=reposted_at)  # fmt: skip
    return "ended"
