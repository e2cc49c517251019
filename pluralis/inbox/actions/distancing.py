"""Do not engage: a decision about a person, with its reason and its end; and what is done to them on a network."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.core.states import ConversationState
from pluralis.inbox.access import access_contact, access_profile
from pluralis.inbox.models import Contact, ContactJoin, Conversation, Distance, Moderation, Profile
from pluralis.networks.contract import Moderates, RemoteProfile
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account
from pluralis.teams.actions import ensure_fresh
from pluralis.teams.changes import note_changes
from pluralis.teams.errors import Conflict, Invalid
from pluralis.teams.fields import SealBroken
from pluralis.teams.ids import new_id
from pluralis.teams.models import Account, Credential, Membership
from pluralis.teams.queries import access_of, network_of, public_access_of

LONGEST = timedelta(days=366)
ASK_SECONDS = 8.0
_OPEN = (ConversationState.OPEN, ConversationState.WAITING, ConversationState.SNOOZED)


def keep_distance(*, actor: Membership, contact_id: UUID, reason: str, until: datetime, now: datetime) -> Distance:
    """Close every reply box for a contact, for the whole team, until an instant.

    Their conversations leave the queue, and new messages join them there without coming back; nothing is hidden. A
    decision that stands already is ended and the new one takes its place. Raises :class:`Invalid` without a reason,
    or for an end that has passed or lies more than a year ahead.
    """
    contact = access_contact(actor, contact_id, Ability.OVERRIDE)
    if not reason.strip():
        raise Invalid("no_reason", _("Your team will ask why."), fields={"reason": _("Say why, in a sentence.")})
    if not now < until <= now + LONGEST:
        raise Invalid("bad_end", _("This needs an end, within a year."), fields={"until": _("Choose a later day.")})
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(id=contact.id)
        _end_standing(contact, actor, now)
        made = Distance.objects.create(
            id=new_id(), team_id=actor.team_id, contact=contact, reason=reason.strip()[:500], since=now, until=until,
            set_by=actor,
        )  # fmt: skip
        contact.do_not_engage_until, contact.do_not_engage_reason = until, made.reason
        contact.save(update_fields=["do_not_engage_until", "do_not_engage_reason"])
        left = _leave_the_queue(contact)
        audit.note("inbox.contact.distance_kept", team_id=actor.team_id, actor=actor, about=contact, now=now,
                   until=until, conversations=left)  # fmt: skip
        _tell(contact)
    return made


def end_distance(*, actor: Membership, contact_id: UUID, now: datetime) -> None:
    """Engage with a contact again. Their conversations stay where they are until they write or are opened."""
    contact = access_contact(actor, contact_id, Ability.OVERRIDE)
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(id=contact.id)
        if not _end_standing(contact, actor, now) and contact.do_not_engage_until is None:
            return
        contact.do_not_engage_until, contact.do_not_engage_reason = None, ""
        contact.save(update_fields=["do_not_engage_until", "do_not_engage_reason"])
        audit.note("inbox.contact.distance_ended", team_id=actor.team_id, actor=actor, about=contact, now=now)
        _tell(contact)


def _end_standing(contact: Contact, actor: Membership, now: datetime) -> int:
    # Who was joined with somebody by hand brought their decision along.
    people = [contact.id, *contact.joins.filter(state=ContactJoin.State.JOINED).values_list("other_id", flat=True)]
    standing = Distance.objects.filter(contact__in=people, ended_at__isnull=True)
    return standing.update(ended_at=now, ended_by=actor)


def _leave_the_queue(contact: Contact) -> int:
    standing = Conversation.objects.filter(contact=contact, state__in=_OPEN)
    return standing.update(
        state=ConversationState.RESOLVED, waiting_since=None, snoozed_until=None, answer_due_at=None, alarm_at=None
    )


def _tell(contact: Contact) -> None:
    ids = Conversation.objects.filter(contact=contact).values_list("id", flat=True)[:100]
    note_changes(contact.team_id, ["inbox", f"contact:{contact.id}", *(f"conversation:{each}" for each in ids)])


def moderate(
    *, actor: Membership, profile_id: UUID, account_id: UUID, action: str, by_hand: bool, now: datetime
) -> Moderation:
    """Mute, block or report a profile from one of our accounts, and keep that it was done.

    Where the network has an interface for it the program does it now, outside any transaction; doing it twice is the
    same as once. Otherwise a person does it on :func:`moderation_page` and says so with ``by_hand``. Raises
    :class:`Conflict` when the network does not take it now, with what to do.
    """
    profile, account = _sides(actor, profile_id, account_id)
    if action not in Moderation.Action.values:
        raise Invalid("no_action", _("There is no such thing to do."), kept=_("Nothing was done."))
    if not by_hand:
        _ask_network(account, profile, action)
    with transaction.atomic():
        done = Moderation.objects.create(
            id=new_id(), team_id=actor.team_id, account=account, profile=profile, action=action, by_hand=by_hand,
            done_by=actor, done_at=now,
        )  # fmt: skip
        audit.note(f"inbox.profile.{PAST[action]}", team_id=actor.team_id, actor=actor, about=profile, now=now,
                   account=account.id, by_hand=by_hand)  # fmt: skip
        note_changes(actor.team_id, [f"contact:{profile.contact_id}"])
    return done


PAST = {"mute": "muted", "block": "blocked", "report": "reported"}


def moderation_page(*, actor: Membership, profile_id: UUID, account_id: UUID, action: str) -> str:
    """Return the network's page where a person does what no program may, signed in as the account."""
    profile, account = _sides(actor, profile_id, account_id)
    connector = network_of(account).connector
    if not isinstance(connector, Moderates):
        return profile.url
    return connector.moderation_page(public_access_of(account), action, _remote(profile)) or profile.url


def offered(account: Account) -> tuple[str, ...]:
    """Return what the program can do to a profile from an account by itself; the rest is done by hand."""
    connector = network_of(account).connector
    return connector.moderation if isinstance(connector, Moderates) and account.connected else ()


def _sides(actor: Membership, profile_id: UUID, account_id: UUID) -> tuple[Profile, Account]:
    profile = access_profile(actor, profile_id)
    account = access_account(actor, account_id, Ability.OVERRIDE)
    if (account.network, account.host) != (profile.network, profile.host):
        raise Invalid("other_network", _("This account is on another network."), kept=_("Nothing was done."))
    return profile, account


def _ask_network(account: Account, profile: Profile, action: str) -> None:
    connector = network_of(account).connector
    if action not in offered(account) or not isinstance(connector, Moderates):
        raise _by_hand()
    try:
        access = access_of(account, ensure_fresh(account))
        connector.moderate(access, action, profile.remote_id, Deadline.after(ASK_SECONDS))
    except Refused as refused:
        if refused.by_hand:
            raise _by_hand() from None
        raise Conflict("refused", _("The network refused it: %(why)s") % {"why": refused},
                       kept=_("Nothing was done."),
                       next_step=_("Do it on the network's page.")) from None  # fmt: skip
    except (NotNow, Disconnected, NetworkError, SealBroken, Credential.DoesNotExist):
        raise Conflict("not_now", _("The network does not answer now."), kept=_("It may or may not have been done."),
                       next_step=_("Try again: doing it twice is the same as once.")) from None  # fmt: skip


def _by_hand() -> Conflict:
    return Conflict("by_hand", _("This network lets only people do that."), kept=_("Nothing was done."),
                    next_step=_("Open the page, do it there, then mark it as done."))  # fmt: skip


def _remote(profile: Profile) -> RemoteProfile:
    return RemoteProfile(profile.remote_id, profile.handle, profile.display_name, profile.url)
