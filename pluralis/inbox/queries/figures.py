"""How much is said to one and to all, and what a visitor of an account sees. Definitions: core.replies.shopfront."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pluralis.core.replies import SHOPFRONT, Balance, ReplyKind, Shopfront, Written, balance, shopfront
from pluralis.inbox.models import Offer, Reply, Repost
from pluralis.inbox.reading import masked_text
from pluralis.publishing.models import Part
from pluralis.teams.access import accounts_of
from pluralis.teams.models import Account, AccountKind, Membership

WEEKS = 4
MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Week:
    """One week's balance; ``begins_at`` is its first instant."""

    begins_at: datetime
    balance: Balance


@dataclass(frozen=True, slots=True)
class Figures:
    """The balance of an account over the last weeks, week by week and in all, and how often proposals were kept."""

    account: Account
    whole: Balance
    weeks: list[Week]
    proposed: int
    kept: int


def figures_of(account: Account, now: datetime, weeks: int = WEEKS) -> Figures:
    """Return an account's balance of the last weeks, oldest week first. Three queries."""
    begins = now - timedelta(weeks=weeks)
    sent = Part.objects.filter(account=account, state="sent", sent_at__gte=begins).order_by("-sent_at")
    rows = sent.values_list("sent_at", "text", "is_reply", "as_reply__kind", "delivery__post__visibility",
                            "delivery__post__language")[:MOST_READ]  # fmt: skip
    read = [
        (at, _written(text, is_reply, kind, visibility, language, account.language))
        for at, text, is_reply, kind, visibility, language in rows
        if at is not None
    ]
    read += _reposts(account, begins=begins)
    chosen = Reply.objects.filter(part__account=account, at__gte=begins).values_list("kind", "proposed")
    pairs = list(chosen[:MOST_READ])
    return Figures(
        account=account,
        whole=balance(written for _at, written in read),
        weeks=[_week(read, begins + timedelta(weeks=number)) for number in range(weeks)],
        proposed=len(pairs),
        kept=sum(kind == proposed for kind, proposed in pairs),
    )


def _week(read: list[tuple[datetime, Written]], begins: datetime) -> Week:
    ends = begins + timedelta(weeks=1)
    return Week(begins, balance(written for at, written in read if begins <= at < ends))


def _written(
    text: str, is_reply: bool, kind: str | None, visibility: str, language: str, account_language: str
) -> Written:
    """Return a part of ours; an answer from before kinds were kept is private or open by who could read it."""
    if kind:
        as_what: ReplyKind | None = ReplyKind(kind)
    elif visibility == "direct":
        as_what = ReplyKind.PRIVATE
    else:
        as_what = ReplyKind.OPEN if is_reply else None
    return Written(text, language or account_language, as_what)


def shopfront_of(account: Account) -> Shopfront:
    """Return what a visitor of the account sees among its last public posts and reposts. Two queries."""
    public = Part.objects.filter(account=account, state="sent").exclude(delivery__post__visibility="direct")
    rows = public.order_by("-sent_at").values_list(
        "sent_at", "text", "is_reply", "as_reply__kind", "delivery__post__visibility", "delivery__post__language"
    )[:SHOPFRONT]
    own = [
        (at, _written(text, is_reply, kind, visibility, language, account.language))
        for at, text, is_reply, kind, visibility, language in rows
        if at is not None
    ]
    shown = sorted(own + _reposts(account, most=SHOPFRONT), key=lambda one: one[0], reverse=True)
    return shopfront([written for _at, written in shown])


def _reposts(
    account: Account, *, begins: datetime | None = None, most: int = MOST_READ
) -> list[tuple[datetime, Written]]:
    """Return what the account reposted and still shows, newest first, without personal data. One query.

    What its author deleted is gone from the network, and what was taken back is not said any more.
    """
    found = Repost.objects.filter(account=account, state=Repost.State.DONE, message__deleted_at__isnull=True)
    found = found.filter(reposted_at__gte=begins) if begins is not None else found
    rows = found.order_by("-reposted_at").values_list("reposted_at", "message__text", "message__personal_data")
    return [(at, Written(masked_text(text, data), repost=True)) for at, text, data in rows[:most]]


def shopfronts(actor: Membership) -> list[tuple[Account, Shopfront]]:
    """Return the shopfront of every main account the actor sees. One query, and two for each account."""
    mains = accounts_of(actor).filter(kind=AccountKind.MAIN)
    return [(account, shopfront_of(account)) for account in mains]


def open_offers(actor: Membership, most: int = 100) -> list[Offer]:
    """Return what is offered to the accounts the actor sees, newest first. One query."""
    offers = Offer.objects.filter(team=actor.team_id, state=Offer.State.OPEN, account__in=accounts_of(actor))
    found = offers.select_related("account", "message__profile", "message__account", "message__conversation__contact")
    return list(found.order_by("-offered_at")[:most])
