"""Whether a message may be reposted from an account, and asking its network for it."""

from datetime import datetime
from typing import NoReturn

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pluralis.inbox.models import Message
from pluralis.inbox.proposing import reference_of
from pluralis.networks.contract import Price, Reference, Reposts
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused, Unconfirmed
from pluralis.networks.metering import PricesReposts
from pluralis.publishing.actions import active_stop
from pluralis.publishing.spending import purse_of
from pluralis.teams.actions import disconnect_account, ensure_fresh, mark_stale
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Account, Credential
from pluralis.teams.queries import access_of, network_of, public_access_of

ASK_SECONDS = 8.0
NOTHING_DONE = gettext_lazy("Nothing was reposted.")


def barred(message: Message, now: datetime) -> Conflict | Invalid | None:
    """Return why a message may not be shown to everybody, ``None`` where it may. Reads message and conversation."""
    contact = message.conversation.contact
    if message.direction != "in" or reference_of(message) is None:
        return Invalid("cannot_repost", _("Only what somebody wrote to you can be reposted."), kept=NOTHING_DONE)
    if message.deleted_at is not None:
        return _conflict("message_deleted", _("They have deleted this message meanwhile."),
                         _("There is nothing left to show."))  # fmt: skip
    if message.kind == "direct" or message.conversation.private:
        return _conflict("private", _("They wrote this privately: it is not for everybody."),
                         _("Ask them whether they would say it in public."))  # fmt: skip
    if message.personal_data:
        return _conflict("personal_data", _("This message holds personal data, which a repost would spread."),
                         _("Thank them, and ask whether they would say it again without."))  # fmt: skip
    if contact is not None and contact.do_not_engage_until is not None and contact.do_not_engage_until > now:
        reason = contact.do_not_engage_reason
        return _conflict("do_not_engage", _("Your team decided not to engage with this person: %(reason)s")
                         % {"reason": reason}, _("A lead can end this on the contact."))  # fmt: skip
    return None


def check_may_stand(message: Message, now: datetime) -> None:
    """Raise why a message may not be shown to everybody. One query where its contact is not at hand."""
    error = barred(message, now)
    if error is not None:
        raise error


def check_may_speak(account: Account, *, by_hand: bool) -> None:
    """Raise why nothing may be said from an account now. One query.

    What no program can do without its keys, a person still can by hand.
    """
    if active_stop(account.team_id) is not None:
        raise _conflict("stopped", _("Everything is stopped."), _("Whoever may lift the stop does so first."))
    if account.quarantined_at is not None:
        raise _quarantined(account)
    if account.paused_at is not None:
        raise _conflict("paused", _("@%(handle)s is paused.") % {"handle": account.handle},
                        _("End the pause in Settings, Accounts."))  # fmt: skip
    if not account.connected and not by_hand:
        raise _disconnected(account)


def check_affordable(account: Account, price: Price | None, now: datetime) -> None:
    """Raise when a price would pass the month's budget. No query where it is free, else those of ``purse_of``."""
    left = purse_of(account, now).left if price is not None else None
    if price is not None and left is not None and price.amount > left:
        by_hand = _("A person reposts it on the network's page for nothing, or a lead raises the budget.")
        raise _conflict("over_budget", _("This would pass the month’s budget."), by_hand)


def ask_network(account: Account, message: Message, *, at: datetime | None) -> Price | None:
    """Repost on the network as done at ``at``, or with ``None`` take it back; returns what the call cost.

    Outside any transaction. Raises :class:`Conflict` with what to do next.
    """
    reference = reference_of(message)
    if reference is None:
        raise _by_hand()
    return ask_about(account, reference, at=at)


def ask_about(account: Account, reference: Reference, *, at: datetime | None) -> Price | None:
    """Do what :func:`ask_network` does, for a post of which no message is held."""
    connector = network_of(account).connector
    if not isinstance(connector, Reposts):
        raise _by_hand()
    if account.quarantined_at is not None:
        raise _quarantined(account)
    if not account.connected:
        raise _disconnected(account)
    try:
        _ask_with_fresh_keys(account, connector, reference, at)
    except (NetworkError, SealBroken, Credential.DoesNotExist) as error:
        _instruct(account, error)
    if not isinstance(connector, PricesReposts):
        return None
    return connector.price_of_repost(public_access_of(account), back=at is None)


def _ask_with_fresh_keys(account: Account, connector: Reposts, reference: Reference, at: datetime | None) -> None:
    """Ask, and once more with renewed keys where ours are no longer taken: then nothing was done."""
    try:
        _ask(account, connector, reference, at)
    except NotNow as error:
        if not error.refresh:
            raise
        mark_stale(account.id)
        _ask(account, connector, reference, at)


def _ask(account: Account, connector: Reposts, reference: Reference, at: datetime | None) -> None:
    access = access_of(account, ensure_fresh(account))
    if at is None:
        connector.take_back_repost(access, reference, Deadline.after(ASK_SECONDS))
    else:
        connector.repost(access, reference, at, Deadline.after(ASK_SECONDS))


def _instruct(account: Account, error: Exception) -> NoReturn:
    """Raise what a person does about an answer of the network; the connector's reasons stay as it words them."""
    if isinstance(error, Refused) and error.by_hand:
        raise _by_hand() from None
    if isinstance(error, Refused):
        raise Conflict("refused", _("The network refused it: %(why)s") % {"why": error}, kept=_("Nothing was done."),
                       next_step=_("Look at the post on the network's page.")) from None  # fmt: skip
    if isinstance(error, NotNow):
        raise Conflict("not_now", _("The network does not take it now."), kept=_("Nothing was done."),
                       next_step=_later(error.until)) from None  # fmt: skip
    if isinstance(error, Unconfirmed):
        raise Conflict("unconfirmed", _("The network gave no clear answer."),
                       kept=_("It may or may not have been done."),
                       next_step=_("Press again: doing it twice is the same as once.")) from None  # fmt: skip
    assert isinstance(error, Disconnected | SealBroken | Credential.DoesNotExist)
    disconnect_account(account, getattr(error, "reason", str(error)))
    raise _disconnected(account) from None


def _later(until: datetime | None) -> str:
    if until is None:
        return _("Try again in a few minutes.")
    return _("Try again after %(time)s.") % {"time": date_format(timezone.localtime(until), "TIME_FORMAT")}


def _quarantined(account: Account) -> Conflict:
    return Conflict("quarantined", _("@%(handle)s is in quarantine.") % {"handle": account.handle},
                    kept=_("Nothing was done."),
                    next_step=_("A lead compares its timeline and releases it."))  # fmt: skip


def _disconnected(account: Account) -> Conflict:
    return Conflict("disconnected", _("@%(handle)s is not connected.") % {"handle": account.handle},
                    kept=_("Nothing was done."),
                    next_step=_("Connect it again in Settings, Accounts, or do it by hand."))  # fmt: skip


def _by_hand() -> Conflict:
    page = _("Whoever may post by hand does it on the network's page, then marks it as done.")
    only_people = _("This network lets only people do that.")
    return Conflict("by_hand", only_people, kept=_("Nothing was done."), next_step=page)


def _conflict(code: str, happened: str, next_step: str | Promise) -> Conflict:
    return Conflict(code, happened, kept=NOTHING_DONE, next_step=next_step)
