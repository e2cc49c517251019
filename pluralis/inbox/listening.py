"""Poll: read one page of one stream of one account, and store it. The only input of the inbox from a network."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef, Q

from pluralis.core.delivery import back_off
from pluralis.inbox.actions import ingest
from pluralis.inbox.metering import (
    OVER_BUDGET,
    PAUSE_OVER_BUDGET,
    Tally,
    count_reads,
    is_over_budget,
    planned_pause,
)
from pluralis.inbox.models import Cursor
from pluralis.inbox.searching import PREFIX, is_search, read_page, rest_of
from pluralis.networks.contract import Batch
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow
from pluralis.publishing.actions.claim import spread
from pluralis.teams.actions import disconnect_account, ensure_fresh, mark_stale
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Account, Credential
from pluralis.teams.queries import access_of, database_now, network_of

log = logging.getLogger(__name__)
FETCH_SECONDS = 25.0
POLL_SECONDS = 60
MOST_PAGES = 50


def due_streams(now: datetime, most: int = 500) -> list[Cursor]:
    """Return the streams to poll now, each taken for one minute; new accounts get their cursors first."""
    _make_cursors()
    due = Cursor.objects.filter(Q(next_poll_at__isnull=True) | Q(next_poll_at__lte=now), account__connected=True)
    taken = []
    for cursor in due.filter(account__quarantined_at__isnull=True).order_by("next_poll_at")[:most]:
        held = Cursor.objects.filter(id=cursor.id, next_poll_at=cursor.next_poll_at)
        if held.update(next_poll_at=now + timedelta(seconds=60)):
            taken.append(cursor)
    return taken


def _make_cursors() -> None:
    # A search may have begun before the account was ever read: its cursor is not one of the account's own.
    own = Cursor.objects.filter(account=OuterRef("id")).exclude(stream__startswith=PREFIX)
    for account in Account.objects.filter(~Exists(own), connected=True):
        Cursor.objects.bulk_create(
            (Cursor(team_id=account.team_id, account=account, stream=each)
             for each in network_of(account).connector.streams),
            ignore_conflicts=True,
        )  # fmt: skip


def poll_stream(cursor_id: UUID | str) -> int:
    """Read a stream to its end, page by page; returns how many messages were new. Never raises for the network."""
    cursor = Cursor.objects.select_related("account").filter(id=cursor_id).first()
    if cursor is None or _rests(cursor):
        return 0
    tally = Tally()
    try:
        return _read_to_the_end(cursor, tally)
    finally:
        count_reads(cursor, tally)


def _rests(cursor: Cursor) -> bool:
    """Let a search that has brought enough for today begin anew tomorrow, and one whose budget is spent once there is
    more, without what is written until then."""
    rest = rest_of(cursor, database_now())
    if rest is not None:
        Cursor.objects.filter(id=cursor.id).update(next_poll_at=rest.until, value=None, reason=rest.reason)
    return rest is not None


def _read_to_the_end(cursor: Cursor, tally: Tally) -> int:
    new = 0
    try:
        for _page in range(MOST_PAGES):
            batch = _fetch(cursor)
            tally.add(len(batch.messages))
            new += ingest(cursor.account, cursor.stream, batch, database_now()).new
            if not batch.more or batch.cursor in (None, cursor.value):
                break
            cursor.value = batch.cursor
    except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
        _postpone(cursor, error)
        return new
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("stream %s of account %s failed in an unforeseen way", cursor.stream, cursor.account_id)
        _postpone(cursor, error)
        return new
    _plan_next(cursor)
    return new


def _fetch(cursor: Cursor) -> Batch:
    if is_search(cursor.stream):
        return read_page(cursor, Deadline.after(FETCH_SECONDS))
    access = access_of(cursor.account, ensure_fresh(cursor.account))
    connection.close_if_unusable_or_obsolete()
    connector = network_of(cursor.account).connector
    return connector.fetch(access, cursor.stream, cursor.value, Deadline.after(FETCH_SECONDS))


def _plan_next(cursor: Cursor) -> None:
    now = database_now()
    seconds = float(cursor.account.settings.get("poll_seconds", POLL_SECONDS))
    pause = planned_pause(cursor.account, now) or timedelta(seconds=seconds)
    if is_over_budget(cursor.account):
        # Nobody who writes goes unheard: read on, as seldom as anybody may have to wait.
        pause = max(pause, PAUSE_OVER_BUDGET)
        Cursor.objects.filter(id=cursor.id).update(next_poll_at=now + pause, reason=OVER_BUDGET)
        return
    Cursor.objects.filter(id=cursor.id).update(next_poll_at=now + pause)


def _postpone(cursor: Cursor, error: Exception) -> None:
    """Come back later; a network that no longer accepts our keys disconnects the account."""
    now = database_now()
    reason = getattr(error, "reason", str(error))
    until = getattr(error, "until", None) if isinstance(error, NotNow) else None
    if isinstance(error, NotNow) and error.refresh:
        mark_stale(cursor.account_id)
    failures = cursor.failures + 1
    again_at = until or now + back_off(failures, spread())
    Cursor.objects.filter(id=cursor.id).update(
        failures=failures, reason=reason[:500], polled_at=now, next_poll_at=again_at
    )
    if isinstance(error, NotNow) and error.whole_app:
        _spare_the_app(cursor, again_at)
    log.info("stream %s of account %s cannot be read now: %s", cursor.stream, cursor.account_id, reason)
    if isinstance(error, Disconnected | SealBroken | Credential.DoesNotExist):
        disconnect_account(cursor.account, reason)


def _spare_the_app(cursor: Cursor, until: datetime) -> None:
    """Let every account of the same app wait: the limit is of the app key, and asking on makes it longer."""
    same_app = Cursor.objects.filter(account__network=cursor.account.network, account__host=cursor.account.host)
    same_app.filter(Q(next_poll_at__isnull=True) | Q(next_poll_at__lt=until)).update(next_poll_at=until)
