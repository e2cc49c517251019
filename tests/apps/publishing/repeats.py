"""What the tests of repeats and slots share: an account where repeats are free, and an order."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from pluralis.core.delivery import MissedPolicy
from pluralis.posts.models import Post
from pluralis.publishing.actions import RepeatOrder, repeat_post
from pluralis.publishing.models import Part, Recurrence
from pluralis.teams.models import Account, Membership
from tests.apps.cast import draft

MONDAY = datetime(2027, 3, 22, 6, 30, tzinfo=UTC)
"""07:30 in Paris, six days before its clocks go forward."""


def free_account(actor: Membership, handle: str = "norlune", **more: Any) -> Account:
    """Make an account on a network that lets a text come again; nothing is sent to it here."""
    return Account.objects.create(
        **{
            "team": actor.team, "network": "mastodon", "host": "https://example.social", "handle": handle,
            "remote_id": uuid.uuid4().hex, "zone": "Europe/Paris", "created_at": MONDAY, **more,
        }
    )  # fmt: skip


def write(actor: Membership, *texts: str, now: datetime = MONDAY, **options: Any) -> Post:
    """Save a post at a chosen instant."""
    from pluralis.posts.actions import create_post

    return create_post(actor=actor, draft=draft(*texts, **options), client_key=uuid.uuid4().hex, now=now)


def order(rule: str = "FREQ=DAILY", **more: Any) -> RepeatOrder:
    """Every day at 09:00 in Paris from Monday on, unless said otherwise."""
    return RepeatOrder(
        **{
            "rule": rule, "zone": "Europe/Paris", "starts_on": date(2027, 3, 22), "local_time": time(9),
            "missed_policy": MissedPolicy.SKIP, **more,
        }
    )  # fmt: skip


def repeat(
    actor: Membership, *accounts: Account, text: str = "We open at nine.", now: datetime = MONDAY, **more: Any
) -> Recurrence:
    """Let a new post repeat."""
    return repeat_post(
        actor=actor, post_id=write(actor, text, now=now).id, account_ids=[one.id for one in accounts],
        order=order(**more), client_key=uuid.uuid4().hex, now=now,
    )  # fmt: skip


def planned(recurrence: Recurrence, *states: str) -> list[Part]:
    """Return the parts of a repeat that are in one of the states, in the order of their time."""
    parts = Part.objects.filter(delivery__post__occurrences__recurrence=recurrence, state__in=states or ("waiting",))
    return list(parts.order_by("planned_at", "account_id"))


def walls(recurrence: Recurrence) -> list[str]:
    """Return the planned times as clocks in the repeat's zone show them."""
    from pluralis.core.schedule import zone_named

    zone = zone_named(recurrence.zone)
    return [part.planned_at.astimezone(zone).strftime("%d %H:%M") for part in planned(recurrence)]
