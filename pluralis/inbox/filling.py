"""Gaps: what a poll could not read is read afterwards, page by page, until it is whole or given up with the reason.

Whatever a network answers, the reading of a gap ends: after :data:`MOST_PAGES` pages, when a page comes twice, when
the list ended :data:`MOST_ENDS` times before it came to what we knew, or when it failed for :data:`MOST_TIME`.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from pluralis.core.delivery import back_off
from pluralis.inbox.actions.ingest import ingest_older
from pluralis.inbox.metering import OVER_BUDGET, PAUSE_OVER_BUDGET, Tally, count_reads, is_over_budget
from pluralis.inbox.models import Gap
from pluralis.inbox.searching import is_search, read_older, rest_of
from pluralis.networks import contract
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, NotNow, Refused
from pluralis.networks.hearing import Backfills, Older
from pluralis.publishing.actions.claim import spread
from pluralis.teams.actions import ensure_fresh, mark_stale
from pluralis.teams.changes import note_changes
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Credential
from pluralis.teams.queries import access_of, database_now, network_of

log = logging.getLogger(__name__)
FETCH_SECONDS = 25.0
PAGES_AT_ONCE = 5
MOST_PAGES = 200
MOST_ENDS = 3
MOST_TIME = timedelta(days=7)
TAKEN = timedelta(minutes=5)
NO_WAY, SAME_PAGE, TOO_MUCH, NO_LONGER = "no_way", "same_page", "too_much", "no_longer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of a gap stands: the network's place, pages read, the last page's print, early ends."""

    at: str = ""
    pages: int = 0
    last: str = ""
    ends: int = 0

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Read a stored place."""
        return cls(**json.loads(text)) if text else cls()

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    def after(self, older: Older) -> "Place":
        """Return the place once a page was read."""
        return replace(self, at=older.place, pages=self.pages + 1, last=_print(older))

    def is_stuck(self, older: Older) -> bool:
        """Whether the network sends us round in a circle."""
        return bool(self.at and older.place == self.at) or (bool(older.messages) and _print(older) == self.last)


def _print(older: Older) -> str:
    return sha256(" ".join(each.reference.remote_id for each in older.messages).encode()).hexdigest()[:16]


def due_gaps(now: datetime, most: int = 50) -> list[Gap]:
    """Return the gaps to read on now, longest waiting first, each taken for five minutes."""
    still_open = Gap.objects.filter(filled_at__isnull=True, given_up_at__isnull=True)
    heard = still_open.filter(account__connected=True, account__quarantined_at__isnull=True)
    due = heard.filter(Q(try_at__isnull=True) | Q(try_at__lte=now)).order_by("try_at", "noticed_at")
    return [
        gap
        for gap in due[:most]
        if Gap.objects.filter(id=gap.id, try_at=gap.try_at, filled_at=None).update(try_at=now + TAKEN)
    ]


def fill_gap(gap_id: UUID | str) -> int:
    """Read on in a gap, at most :data:`PAGES_AT_ONCE` pages; returns how many messages were new.

    Never raises for the network: what fails is tried again later, each time after a longer wait.
    """
    found = Gap.objects.select_related("account__team").filter(id=gap_id, filled_at=None, given_up_at=None)
    gap = found.first()
    if gap is None:
        return 0
    rest = rest_of(gap, database_now())
    if rest is not None and rest.reason == OVER_BUDGET:
        Gap.objects.filter(id=gap.id).update(try_at=rest.until)
        return 0
    if rest is not None:
        _end(gap, given_up=TOO_MUCH)
        return 0
    connector = network_of(gap.account).connector
    known = is_search(gap.stream) or (isinstance(connector, Backfills) and gap.stream in connector.read_back)
    if not known:
        _end(gap, given_up=NO_WAY)
        return 0
    before, tally = gap.found, Tally()
    try:
        _read_on(gap, connector, tally)
    except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
        _try_later(gap, error)
    finally:
        count_reads(gap, tally)
    if is_over_budget(gap.account):
        still_open = Gap.objects.filter(id=gap.id, filled_at=None, given_up_at=None)
        still_open.update(try_at=database_now() + PAUSE_OVER_BUDGET)
    return gap.found - before


def _read_on(gap: Gap, connector: Any, tally: Tally) -> None:
    wanted = contract.Gap(gap.newer_than or None, gap.older_than or None)
    for _page in range(PAGES_AT_ONCE):
        place = Place.parse(gap.place)
        older = _older(gap, connector, wanted, place.at)
        tally.add(len(older.messages))
        gap.found += ingest_older(gap.account, older.messages, database_now(), gap.stream).new
        reached = place.after(older)
        gap.place = str(reached)
        if older.met:
            return _end(gap)
        if older.ended:
            return _begin_again(gap, reached)
        if place.is_stuck(older):
            return _end(gap, given_up=SAME_PAGE)
        if reached.pages >= MOST_PAGES:
            return _end(gap, given_up=TOO_MUCH)
        Gap.objects.filter(id=gap.id).update(place=gap.place, found=gap.found)
    Gap.objects.filter(id=gap.id).update(try_at=database_now(), tries=0, reason="")
    return None


def _older(gap: Gap, connector: Any, wanted: contract.Gap, place: str) -> Older:
    if is_search(gap.stream):
        return read_older(gap, wanted, place, Deadline.after(FETCH_SECONDS))
    access = access_of(gap.account, ensure_fresh(gap.account))
    connection.close_if_unusable_or_obsolete()
    found: Older = connector.fetch_older(access, gap.stream, wanted, place, Deadline.after(FETCH_SECONDS))
    return found


def _begin_again(gap: Gap, reached: Place) -> None:
    """The list ended too early: a network may show more later, and after the third time it does not."""
    if reached.ends + 1 >= MOST_ENDS:
        return _end(gap, given_up=NO_LONGER)
    gap.place = str(Place(pages=reached.pages, ends=reached.ends + 1))
    return _wait(gap, database_now() + back_off(reached.ends + 1, spread()), NO_LONGER)


def _try_later(gap: Gap, error: Exception) -> None:
    now = database_now()
    reason = str(getattr(error, "reason", error))
    log.info("a gap of account %s cannot be read now: %s", gap.account_id, reason)
    if now - gap.noticed_at > MOST_TIME:
        return _end(gap, given_up=reason)
    if isinstance(error, NotNow) and error.refresh:
        mark_stale(gap.account_id)
    if isinstance(error, Refused):  # the name of a page may have expired
        place = Place.parse(gap.place)
        gap.place = str(Place(pages=place.pages, ends=place.ends))
    until = error.until if isinstance(error, NotNow) else None
    return _wait(gap, until or now + back_off(gap.tries + 1, spread()), reason)


def _wait(gap: Gap, until: datetime, reason: str) -> None:
    waiting = {"try_at": until, "tries": gap.tries + 1, "reason": reason[:255]}
    _keep(gap, waiting)


def _end(gap: Gap, given_up: str = "") -> None:
    """Close a gap: whole, or given up with the reason."""
    ended = {"given_up_at" if given_up else "filled_at": database_now(), "reason": given_up[:255]}
    _keep(gap, {"try_at": None, **ended})


@transaction.atomic
def _keep(gap: Gap, values: Mapping[str, Any]) -> None:
    Gap.objects.filter(id=gap.id).update(place=gap.place, found=gap.found, **values)
    note_changes(gap.team_id, [f"inbox:{gap.account_id}", "inbox"])
