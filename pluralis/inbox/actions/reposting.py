"""Reposting what somebody wrote: shown among an account's own posts, in their words. A person decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.inbox.access import access_message
from pluralis.inbox.actions.offering import take_praise
from pluralis.inbox.models import Message, Repost
from pluralis.inbox.proposing import reference_of
from pluralis.inbox.reposting import ask_network, check_affordable, check_may_speak, check_may_stand
from pluralis.networks.contract import Price, Reposts
from pluralis.networks.metering import PricesReposts
from pluralis.publishing.actions import charge_write
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, valid_id
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Forbidden, Invalid, NotFound
from pluralis.teams.ids import new_id
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import network_of, public_access_of


@dataclass(frozen=True, slots=True)
class RepostWay:
    """How a message is reposted from an account: the network's page for a person, and what a program's call costs."""

    account: Account
    page: str
    price: Price | None


def repost_message(*, actor: Membership, message_id: UUID, account_id: UUID, by_hand: bool, now: datetime) -> Repost:
    """Repost a message from an account, and keep who did it; its praise offered to that account is taken with it.

    The network is asked now, outside any transaction; doing it twice is the same as once, and what stands already
    comes back as it stands. With ``by_hand`` a person did it on the page of :func:`repost_way`. Raises
    :class:`Conflict` with what to do where the message, the account, the budget or the network does not let it.
    """
    message, account = _sides(actor, message_id, account_id)
    if by_hand:
        _check_by_hand(actor, account)
    check_may_stand(message, now)
    check_may_speak(account, by_hand=by_hand)
    standing = Repost.objects.filter(message=message, account=account, state=Repost.State.DONE).first()
    if standing is not None:
        take_praise(actor=actor, message=message, account=account, now=now)
        return standing
    price = None if by_hand else _repost_there(account, message, now)
    with transaction.atomic():
        made, fresh = Repost.objects.get_or_create(
            message=message, account=account, state=Repost.State.DONE,
            defaults={"id": new_id(), "team_id": actor.team_id, "by_hand": by_hand, "reposted_by": actor,
                      "reposted_at": now},
        )  # fmt: skip
        charge_write(account, price, now)
        take_praise(actor=actor, message=message, account=account, now=now)
        if fresh:
            audit.note("inbox.message.reposted", team_id=actor.team_id, actor=actor, about=message, now=now,
                       account=account.id, by_hand=by_hand)  # fmt: skip
            _tell(made)
    return made


def take_back_repost(*, actor: Membership, repost_id: UUID, by_hand: bool, now: datetime) -> Repost:
    """End a repost; pressed twice is pressed once. Possible while everything is stopped: it only takes away."""
    found = access_repost(actor, repost_id)
    if found.state != Repost.State.DONE:
        return found
    if by_hand:
        _check_by_hand(actor, found.account)
    price = None if by_hand else ask_network(found.account, found.message, at=None)
    end_repost(actor=actor, repost=found, price=price, by_hand=by_hand, now=now)
    found.refresh_from_db()
    return found


@transaction.atomic
def end_repost(*, actor: Membership, repost: Repost, price: Price | None, by_hand: bool, now: datetime) -> None:
    """Note that a repost has ended on its network, and what the call cost; ended already is fine."""
    standing = Repost.objects.filter(id=repost.id, state=Repost.State.DONE)
    ended = standing.update(state=Repost.State.TAKEN_BACK, taken_back_by=actor, taken_back_at=now)
    charge_write(repost.account, price, now)
    if ended:
        audit.note("inbox.message.repost_taken_back", team_id=actor.team_id, actor=actor, about=repost.message,
                   now=now, account=repost.account_id, by_hand=by_hand)  # fmt: skip
        _tell(repost)


def repost_way(*, actor: Membership, message_id: UUID, account_id: UUID, now: datetime) -> RepostWay:
    """Return how an account reposts a message. Raises what :func:`repost_message` raises, as far as we can tell."""
    message, account = _sides(actor, message_id, account_id)
    check_may_stand(message, now)
    check_may_speak(account, by_hand=True)
    return RepostWay(account, page_of(account, message), price_of_repost(account))


def page_of(account: Account, message: Message) -> str:
    """Return the network's page where a person reposts a message or takes that back. No query."""
    connector, reference = network_of(account).connector, reference_of(message)
    if not isinstance(connector, Reposts) or reference is None:
        return message.url
    return connector.repost_page(public_access_of(account), reference) or message.url


def price_of_repost(account: Account, *, back: bool = False) -> Price | None:
    """Return what a repost costs by today's list, ``None`` where it is free. No query."""
    connector = network_of(account).connector
    if not isinstance(connector, PricesReposts):
        return None
    return connector.price_of_repost(public_access_of(account), back=back)


def access_repost(actor: Membership, repost_id: UUID | str) -> Repost:
    """Return a repost of an account the actor may answer from."""
    found = Repost.objects.select_related("account__team", "message__conversation", "reposted_by__user")
    repost = found.filter(team=actor.team_id, id=valid_id(repost_id)).first()
    if repost is None:
        raise NotFound("repost")
    access_account(actor, repost.account_id, Ability.ANSWER)
    return repost


def may_repost_by_hand(actor: Membership, account: Account) -> bool:
    """Say whether the member knows the account's sign-in: their own account, or trusted with it by an owner."""
    return actor.may_post_by_hand or account.member_id == actor.id


def _sides(actor: Membership, message_id: UUID, account_id: UUID) -> tuple[Message, Account]:
    message = access_message(actor, message_id, Ability.ANSWER)
    account = access_account(actor, account_id, Ability.ANSWER)
    if (account.network, account.host) != (message.account.network, message.account.host):
        raise Invalid("other_network", _("This account is on another network."), kept=_("Nothing was done."))
    return message, account


def _repost_there(account: Account, message: Message, now: datetime) -> Price | None:
    check_affordable(account, price_of_repost(account), now)
    return ask_network(account, message, at=now)


def _check_by_hand(actor: Membership, account: Account) -> None:
    if not may_repost_by_hand(actor, account):
        raise Forbidden("post_by_hand")


def _tell(repost: Repost) -> None:
    conversation = repost.message.conversation_id
    note_change(repost.team_id, f"conversation:{conversation}", f"inbox:{repost.account_id}", "inbox")
