"""Asking a network how we stand to somebody, before a private answer is written."""

from datetime import datetime, timedelta
from uuid import UUID

from pluralis.inbox.access import access_conversation
from pluralis.inbox.metering import RELATIONS, Stream, Tally, count_reads
from pluralis.inbox.models import Profile, ProfileRelation
from pluralis.inbox.proposing import FRESH
from pluralis.networks.contract import Relates, Relation
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError, Refused
from pluralis.teams.access import Ability
from pluralis.teams.actions import ensure_fresh
from pluralis.teams.fields import SealBroken
from pluralis.teams.models import Account, Credential, Membership
from pluralis.teams.queries import access_of, network_of

ASK_SECONDS = 6.0
AGAIN = timedelta(seconds=20)
"""Asked again sooner than this, what is known is returned: a person who presses twice pays once."""


def ask_relation(
    *, actor: Membership, conversation_id: UUID, now: datetime, again: bool = False
) -> ProfileRelation | None:
    """Return how the account stands to who wrote last; asked of the network once a day, or ``again`` by hand.

    ``None`` where nobody can tell: the network has no such question, or does not answer now.
    """
    conversation = access_conversation(actor, conversation_id, Ability.ANSWER)
    newest = conversation.messages.filter(direction="in", profile__isnull=False).select_related("profile")
    message = newest.order_by("-created_at", "-id").first()
    if message is None or message.profile is None:
        return None
    known = ProfileRelation.objects.filter(account=conversation.account_id, profile=message.profile_id).first()
    if known is not None and now - known.seen_at < (AGAIN if again else FRESH):
        return known
    told = ask_network(conversation.account, message.profile, now)
    return keep_relation(conversation.account, message.profile, told, now) if told is not None else known


def ask_network(account: Account, profile: Profile, now: datetime) -> Relation | None:
    """Ask how an account stands to a profile, ``None`` where nobody can tell now. Counted where it has its price.

    Somebody the network knows no more has left it, until they write again.
    """
    connector = network_of(account).connector
    if not isinstance(connector, Relates) or not account.connected or account.quarantined_at is not None:
        return None
    try:
        access = access_of(account, ensure_fresh(account))
        told = connector.relation(access, profile.remote_id, Deadline.after(ASK_SECONDS))
        count_reads(Stream(account, RELATIONS), Tally(calls=1, items=1))
    except Refused:
        Profile.objects.filter(id=profile.id, gone_at__isnull=True).update(gone_at=now)
        return Relation(may_message=False)
    except (NetworkError, SealBroken, Credential.DoesNotExist):
        return None
    return told


def keep_relation(account: Account, profile: Profile, told: Relation, now: datetime) -> ProfileRelation:
    """Write down what a network told of an account and a profile."""
    kept, _created = ProfileRelation.objects.update_or_create(
        account=account,
        profile=profile,
        defaults={
            "team_id": account.team_id,
            "may_message": told.may_message,
            "they_follow": told.they_follow,
            "we_follow": told.we_follow,
            "seen_at": now,
        },
    )
    return kept
