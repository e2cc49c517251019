"""Look again: whether what others wrote still stands, in batches, often at first and then less and less."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Exists, OuterRef, Value, When

from pluralis.core.delivery import back_off
from pluralis.core.following import next_look
from pluralis.core.states import ConversationState
from pluralis.inbox.actions.following import Followed, follows, record_looks
from pluralis.inbox.actions.rows import update_rows
from pluralis.inbox.metering import Stream, Tally, count_reads, is_metered, is_over_budget
from pluralis.inbox.models import Message, ReadCount
from pluralis.networks.contract import Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow
from pluralis.networks.hearing import Standing
from pluralis.publishing.actions.claim import spread
from pluralis.teams.actions import disconnect_account, ensure_fresh, mark_stale
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Account, Credential
from pluralis.teams.queries import access_of, database_now, network_of

log = logging.getLogger(__name__)
FETCH_SECONDS = 25.0
MOST_CALLS = 5
TAKEN = timedelta(minutes=10)
PAID_LOOKS_A_DAY = 200
"""How many messages of an account are looked at in a UTC day where each has its price."""
LOOKS = "looks"
"""The stream under which looks are counted where reading has its price."""


def due_accounts(now: datetime, most: int = 500) -> list[Account]:
    """Return the accounts with messages to look at now. One query."""
    due = Message.objects.filter(account=OuterRef("id"), follow_at__lte=now)
    heard = Account.objects.filter(connected=True, quarantined_at__isnull=True)
    return list(heard.filter(Exists(due)).order_by("id")[:most])


def look_again(account_id: UUID | str) -> Followed:
    """Look at an account's due messages, at most :data:`MOST_CALLS` calls; returns what was changed and deleted.

    What is open comes first, and the newest of it. Never raises for the network: what fails is tried later.
    """
    account = Account.objects.select_related("team").get(id=account_id)
    connector = follows(account)
    brought = Followed()
    for _call in range(MOST_CALLS if connector is not None and account.connected else 0):
        most = min(connector.at_once if connector else 0, _left_today(account))
        if not most:
            _rest_until_tomorrow(account)
            break
        messages = _take(account, most)
        if not messages:
            break
        try:
            told = _ask(account, messages)
        except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
            _postpone(account, error)
            break
        found = record_looks(account, told, database_now())
        _rest_untold([each for each in messages if each.id not in told], is_metered(account))
        brought = Followed(brought.edited + found.edited, brought.deleted + found.deleted)
        if len(messages) < most:
            break
    return brought


def _left_today(account: Account) -> int:
    """Return how many messages may be looked at today: where looks have a price, a day has a bound, and none is paid
    for once the month's budget is spent. One query, and those of the budget."""
    if not is_metered(account):
        return MOST_CALLS * 1_000
    if is_over_budget(account):
        return 0
    day = database_now().astimezone(UTC).date()
    counted = ReadCount.objects.filter(account=account, stream=LOOKS, day=day).values_list("items", flat=True).first()
    return max(0, PAID_LOOKS_A_DAY - (counted or 0))


def _rest_until_tomorrow(account: Account) -> None:
    """Leave what is due for the next UTC day, when what is open and new comes first again."""
    now = database_now()
    tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    Message.objects.filter(account=account, follow_at__lte=now).update(follow_at=tomorrow)


@transaction.atomic
def _take(account: Account, most: int) -> list[Message]:
    """Take the most urgent due messages for ten minutes, so that no other worker asks for them too."""
    now = database_now()
    urgent = Case(When(conversation__state=ConversationState.OPEN, then=Value(0)), default=Value(1))
    due = Message.objects.filter(account=account, follow_at__lte=now).order_by(urgent, "-created_at")
    rows = due.select_for_update(skip_locked=True, of=("self",))
    messages = list(rows.only("id", "reference", "remote_id", "created_at")[:most])
    Message.objects.filter(id__in=[each.id for each in messages]).update(follow_at=now + TAKEN)
    return messages


def _ask(account: Account, messages: Sequence[Message]) -> Mapping[UUID, Standing]:
    access = access_of(account, ensure_fresh(account))
    connection.close_if_unusable_or_obsolete()
    connector = network_of(account).connector
    asked = {each.id: _reference(each) for each in messages}
    told = connector.look_again(access, list(asked.values()), Deadline.after(FETCH_SECONDS))  # type: ignore[attr-defined]
    tally = Tally()
    tally.add(sum(1 + (each.edited_at is not None) for each in told.values() if not each.gone))
    count_reads(Stream(account, LOOKS), tally)
    return {key: told[one.remote_id] for key, one in asked.items() if one.remote_id in told}


def _rest_untold(messages: Sequence[Message], paid: bool) -> None:
    """Ask about what the network said nothing of when a closed conversation would be, not each ten minutes."""
    now = database_now()
    for each in messages:
        each.follow_at = next_look(written_at=each.created_at, now=now, is_open=False, paid=paid)
    update_rows(messages, ["follow_at"])


def _reference(message: Message) -> Reference:
    stored = message.reference or {}
    return Reference(str(stored.get("remote_id") or message.remote_id), dict(stored.get("extra") or {}))


def _postpone(account: Account, error: Exception) -> None:
    """Leave all of the account's due messages for later; a network that refuses our keys disconnects it."""
    now = database_now()
    reason = str(getattr(error, "reason", error))
    until = error.until if isinstance(error, NotNow) else None
    if isinstance(error, NotNow) and error.refresh:
        mark_stale(account.id)
    again_at = until or now + back_off(3, spread())
    Message.objects.filter(account=account, follow_at__lte=now + TAKEN).update(follow_at=again_at)
    log.info("messages of account %s cannot be looked at now: %s", account.id, reason)
    if isinstance(error, Disconnected | SealBroken | Credential.DoesNotExist):
        disconnect_account(account, reason)
