"""Who follows one of our accounts and is not followed back: as far as their networks told us, and why it matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from pluralis.core.conversation import FOUND
from pluralis.core.following_back import Follower, Reason, reasons, worth
from pluralis.core.replies import ReplyKind
from pluralis.inbox.metering import RELATIONS
from pluralis.inbox.models import Distance, FollowBack, Message, Moderation, Profile, ProfileRelation, Reply
from pluralis.networks.contract import Price, Relates, RemoteProfile
from pluralis.networks.metering import PricesReads
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of, public_access_of

LATELY = timedelta(days=90)
"""How far back what somebody wrote counts, and what a network told of them is believed."""
MOST_READ, MOST_SHOWN, MOST_DECIDED = 5_000, 1_000, 20
UNWELCOME = ("abuse", "spam")
_READ = (
    "profile", "seen_at", "may_message", "wrote", "praised", "private_wanted", "profile__handle",
    "profile__followers", "profile__contact__tags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worth:
    """Somebody worth following back from an account: why, strongest first, and the page where a person does it."""

    account: Account
    profile: Profile
    reasons: tuple[Reason, ...]
    seen_at: datetime
    page: str


def follow_accounts(actor: Membership) -> list[Account]:
    """Return the actor's accounts on networks that tell who follows whom, by handle. One query."""
    found = [each for each in accounts_of(actor) if isinstance(network_of(each).connector, Relates)]
    return sorted(found, key=lambda each: each.handle.casefold())


@dataclass(frozen=True, slots=True)
class Followers:
    """The most worthwhile people of an account, and how many there are in all."""

    people: list[Worth]
    how_many: int


def worth_following(account: Account, now: datetime, most: int = MOST_SHOWN) -> Followers:
    """Return who follows an account and is not followed back, the most worthwhile first. Two queries.

    Left out: whom the team keeps at a distance or ever did something against, whoever wrote abuse or spam, who has
    left the network, and about whom somebody has decided already.
    """
    ranked = [(reasons(_known(row)), row) for row in _followers(account, now).values(*_READ)[:MOST_READ]]
    ranked.sort(key=lambda pair: (-worth(pair[0]), pair[1]["profile__handle"]))
    shown = ranked[:most]
    profiles = Profile.objects.in_bulk([row["profile"] for _why, row in shown])
    people = [
        Worth(account, profile, why, row["seen_at"], page_of(account, profile))
        for why, row in shown
        if (profile := profiles.get(row["profile"])) is not None
    ]
    return Followers(people, len(ranked))


def _followers(account: Account, now: datetime) -> QuerySet[ProfileRelation]:
    since = now - LATELY
    theirs = Q(profile__message__account=account, profile__message__direction="in")
    lately = theirs & Q(profile__message__created_at__gte=since) & ~Q(profile__message__kind__in=FOUND)
    praise = lately & Q(profile__message__triage__label="praise")
    wanted = Reply.objects.filter(
        message__profile=OuterRef("profile"),
        message__account=account,
        proposed=ReplyKind.PRIVATE.value,
        at__gte=since,
    ).exclude(kind=ReplyKind.PRIVATE.value)
    known = ProfileRelation.objects.filter(account=account, they_follow=True, we_follow=False, seen_at__gte=since)
    counted = known.filter(*_welcome("profile")).annotate(
        wrote=Count("profile__message", filter=lately),
        praised=Count("profile__message", filter=praise),
        unwelcome=Count("profile__message", filter=Q(profile__message__triage__label__in=UNWELCOME)),
        private_wanted=Exists(wanted),
    )
    return counted.filter(unwelcome=0).order_by("-seen_at", "-id")


def _welcome(profile: str) -> tuple[Any, ...]:
    """Return the conditions that the team engages with somebody and has decided nothing about following them.

    For rows with an ``account`` and a ``profile``. What they wrote is asked for elsewhere: here it would read all
    messages.
    """
    person, contact = OuterRef(profile), OuterRef(f"{profile}__contact")
    return (
        Q(**{f"{profile}__gone_at__isnull": True, f"{profile}__contact__do_not_engage_until__isnull": True}),
        ~Exists(Distance.objects.filter(contact=contact, ended_at__isnull=True)),
        ~Exists(Moderation.objects.filter(profile=person)),
        ~Exists(FollowBack.objects.filter(profile=person, account=OuterRef("account"))),
    )


def _known(row: Mapping[str, Any]) -> Follower:
    return Follower(
        wrote=row["wrote"],
        praised=row["praised"],
        tags=row["profile__contact__tags"],
        followers=row["profile__followers"],
        private_wanted=row["may_message"] is False and row["private_wanted"],
    )


def page_of(account: Account, profile: Profile) -> str:
    """Return the network's page where a person follows somebody; programs never do. No query."""
    connector = network_of(account).connector
    if not isinstance(connector, Relates):
        return profile.url
    theirs = RemoteProfile(profile.remote_id, profile.handle, profile.display_name, profile.url)
    return connector.follow_page(public_access_of(account), theirs) or profile.url


def writers_to_ask(account: Account, now: datetime, most: int, fresh: timedelta) -> list[Profile]:
    """Return the most frequent writers of the last month whose relation is not known, or older than ``fresh``.

    Who was never asked about comes first. Never somebody the team does not engage with, whoever wrote abuse or spam,
    nor one already decided about. Two queries.
    """
    told = ProfileRelation.objects.filter(account=account, profile=OuterRef("profile"))
    wrote = Message.objects.filter(
        team=account.team_id, account=account, direction="in", created_at__gte=now - timedelta(days=30),
        profile__isnull=False,
    ).exclude(kind__in=FOUND)  # fmt: skip
    asked = wrote.filter(~Exists(told.filter(seen_at__gte=now - fresh))).filter(*_welcome("profile"))
    ranked = asked.values("profile").annotate(wrote=Count("id"), known=Exists(told)).order_by("known", "-wrote")
    ids = [row["profile"] for row in ranked[: 4 * most]]
    bad = Message.objects.filter(profile=OuterRef("id"), direction="in", triage__label__in=UNWELCOME)
    found = Profile.objects.filter(~Exists(bad)).in_bulk(ids)
    return [found[each] for each in ids if each in found][:most]


@dataclass(frozen=True, slots=True)
class Told:
    """How much is known of an account's followers: of how many people, and when a network was last asked."""

    people: int
    last: datetime | None


def told_of(account: Account, now: datetime) -> Told:
    """Return of how many people an account's network told lately. One query."""
    known = ProfileRelation.objects.filter(account=account, seen_at__gte=now - LATELY)
    found = known.aggregate(people=Count("id"), last=Max("seen_at"))
    return Told(found["people"], found["last"])


def decided_lately(account: Account, most: int = MOST_DECIDED) -> Sequence[FollowBack]:
    """Return what was decided about an account's followers, newest first. One query."""
    rows = FollowBack.objects.filter(account=account).select_related("profile__contact", "decided_by__user")
    return list(rows.order_by("-decided_at", "-id")[:most])


def price_of_asking(account: Account, people: int) -> Price | None:
    """Return what asking about people costs at most, ``None`` where it is free or not known. No query."""
    connector = network_of(account).connector
    if not isinstance(connector, PricesReads):
        return None
    return connector.price_of_reads(public_access_of(account), RELATIONS, people)
