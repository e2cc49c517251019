"""The cast of every test: Alice leads, Bob is on duty, Charlie is of another team, Dana writes from outside."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from pluralis.networks.addresses import allow_private_origins
from pluralis.networks.fake.network import FakeNetwork
from pluralis.networks.fake.server import FakeServer
from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import create_post
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Post
from pluralis.publishing.actions import Plan, schedule_post
from pluralis.publishing.models import Delivery
from pluralis.teams.actions import Wish, connect_with_keys, found_team
from pluralis.teams.models import Account, Membership, Role, User


@dataclass
class Cast:
    """Two teams with their people."""

    alice: Membership
    bob: Membership
    charlie: Membership


def make_user(name: str, **more: object) -> User:
    """Make a person who can sign in with the password *correct horse battery*."""
    return User.objects.create_user(
        email=f"{name.lower()}-{uuid.uuid4().hex[:8]}@example.org",
        password="correct horse battery",
        name=name,
        **more,
    )


def make_cast(now: datetime | None = None) -> Cast:
    """Found Norlune (Alice leads it as owner, Bob is an agent on duty) and Charlie's other team."""
    now = now or timezone.now()
    alice = found_team(user=make_user("Alice"), name="Norlune", language="en", zone="Europe/Paris", now=now)
    bob = Membership.objects.create(
        team=alice.team, user=make_user("Bob"), role=Role.AGENT, initials="BO", on_duty_since=now, created_at=now
    )
    charlie = found_team(user=make_user("Charlie"), name="Rival", language="en", zone="UTC", now=now)
    return Cast(alice, bob, charlie)


@contextmanager
def fake_x(**options: object) -> Iterator[FakeX]:
    """Run a fake X on loopback and let the product reach exactly that origin."""
    network = FakeX(**{"seed": 7, **options})
    with FakeServer(network) as server:
        before = allow_private_origins([server.origin])
        try:
            yield network
        finally:
            allow_private_origins(before)


def connect(actor: Membership, network: FakeNetwork, handle: str = "Norlune", kind: str = "main") -> Account:
    """Open a profile on the fake and connect it with its keys, as a person would."""
    profile = network.world.find_profile(handle) or network.world.add_profile(handle, handle)
    values = dict(network.open_account(profile).values)
    wish = Wish(network=network.name, host=network.origin, kind=kind)
    return connect_with_keys(actor=actor, wish=wish, values=values, now=timezone.now())


def draft(*texts: str, **options: object) -> Draft:
    """Return a draft of one or several messages, the same for every account."""
    segments = tuple(DraftSegment(text) for text in texts)
    return Draft(versions=(DraftVersion(segments),), **{"language": "en", **options})


def write(actor: Membership, *texts: str, **options: object) -> Post:
    """Save a post."""
    key = str(uuid.uuid4())
    return create_post(actor=actor, draft=draft(*texts, **options), client_key=key, now=timezone.now())


def schedule(
    actor: Membership, post: Post, *accounts: Account, after: float = 0.0, **options: object
) -> list[Delivery]:
    """Put a post on its road, due ``after`` seconds from now."""
    now = timezone.now()
    plan = Plan(at=now + timedelta(seconds=after), **options)
    ids = [account.id for account in accounts]
    key = str(uuid.uuid4())
    return schedule_post(actor=actor, post_id=post.id, account_ids=ids, plan=plan, client_key=key, now=now)
