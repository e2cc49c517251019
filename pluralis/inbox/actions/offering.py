"""A message is shown to another account: a question to support, praise to the main account. A person decides."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from pluralis.inbox.access import access_message
from pluralis.inbox.actions.converse import Answer, answer
from pluralis.inbox.models import Message, Offer
from pluralis.publishing.actions import Plan
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, accounts_of, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Conflict, Invalid, NotFound
from pluralis.teams.models import Account, AccountKind, Membership, Team

SUPPORT_LABELS = ("question", "complaint")
RULES = ("support", "praise")
_ABOUT = Offer.About


def rules_of(team: Team) -> dict[str, bool]:
    """Return which offers a team's rules make by themselves; all of them until somebody says otherwise."""
    chosen = team.settings.get("offers") or {}
    return {rule: bool(chosen.get(rule, True)) for rule in RULES}


@transaction.atomic
def set_rules(*, actor: Membership, now: datetime, **chosen: bool) -> None:
    """Say which offers the rules make: ``support``, ``praise``."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    team = Team.objects.select_for_update().get(id=actor.team_id)
    kept = {rule: bool(chosen.get(rule, standing)) for rule, standing in rules_of(team).items()}
    team.settings = {**team.settings, "offers": kept}
    team.save(update_fields=["settings"])
    audit.note("teams.team.changed", team_id=team.id, actor=actor, about=team, now=now, fields=["offers"])
    note_change(team.id, "team")


def wanted_account(account: Account, about: str, among: Iterable[Account]) -> Account | None:
    """Return to whom a message on ``account`` is offered: the account of the other part on the same network."""
    kind = AccountKind.SUPPORT if about == _ABOUT.SUPPORT else AccountKind.MAIN
    for other in among:
        same_place = (other.network, other.host) == (account.network, account.host)
        if other.kind == kind and other.id != account.id and same_place and other.released_at is None:
            return other
    # The main account itself may repost what praises it.
    return account if about == _ABOUT.PRAISE and account.kind == AccountKind.MAIN else None


def offer_by_rule(account: Account, messages: Sequence[Message], now: datetime) -> int:
    """Offer what the team's rules name, in the transaction that stored the messages; returns how many.

    One query for the accounts and one to write, and none where no message is of a kind that is offered.
    """
    rules = rules_of(account.team)
    wished = [(each, about) for each in messages if (about := _about(account, each, rules))]
    if not wished:
        return 0
    among = list(Account.objects.filter(team=account.team_id, released_at__isnull=True))
    offers = [
        Offer(team_id=account.team_id, message=each, account=to, about=about, offered_at=now)
        for each, about in wished
        if (to := wanted_account(account, about, among)) is not None
    ]
    Offer.objects.bulk_create(offers, ignore_conflicts=True)
    return len(offers)


def _about(account: Account, message: Message, rules: dict[str, bool]) -> str:
    """Return what a message is offered as, ``""`` for most. What is private or holds personal data is not praise."""
    label = message.triage.get("label")
    if rules["support"] and account.kind == AccountKind.MAIN and label in SUPPORT_LABELS and not _is_private(message):
        return _ABOUT.SUPPORT.value
    if rules["praise"] and label == "praise" and not message.personal_data and not _is_private(message):
        return _ABOUT.PRAISE.value
    return ""


def _is_private(message: Message) -> bool:
    return message.kind == "direct"


def offer_message(*, actor: Membership, message_id: UUID, about: str, now: datetime) -> Offer:
    """Offer a message by hand. Offered before, it is open again."""
    message = access_message(actor, message_id, Ability.ANSWER)
    if about not in _ABOUT.values or message.direction != "in" or _is_private(message):
        raise Invalid("cannot_offer", _("This cannot be offered to another account."), kept=_("Nothing was changed."))
    to = wanted_account(message.account, about, accounts_of(actor))
    if to is None:
        raise Conflict(
            "nobody_to_offer",
            _("There is no account of that part on this network."),
            kept=_("Nothing was changed."),
            next_step=_("Connect one, or give one of yours that part."),
        )
    with transaction.atomic():
        offer, _created = Offer.objects.update_or_create(
            message=message, account=to, about=about,
            defaults={"team_id": message.team_id, "state": Offer.State.OPEN, "offered_by": actor, "offered_at": now,
                      "decided_by": None, "decided_at": None},
        )  # fmt: skip
        _note(offer, actor, "offered", now)
    return offer


def decide_offer(*, actor: Membership, offer_id: UUID, taken: bool, now: datetime) -> Offer:
    """Take an offer or decline it; of two who decide at once, the second is told."""
    offer = access_offer(actor, offer_id)
    state = Offer.State.TAKEN if taken else Offer.State.DECLINED
    with transaction.atomic():
        open_one = Offer.objects.filter(id=offer.id, state=Offer.State.OPEN)
        if not open_one.update(state=state, decided_by=actor, decided_at=now):
            raise Conflict(
                "offer_decided", _("Somebody else has already decided this."), kept=_("Nothing was changed.")
            )
        _note(offer, actor, state.value, now)
    offer.refresh_from_db()
    return offer


def take_offer(
    *, actor: Membership, offer_id: UUID, given: Answer, plan: Plan, client_key: str, now: datetime
) -> Message:
    """Take an offer by answering its message, in one: it is taken exactly when the answer is on its road."""
    offer = access_offer(actor, offer_id)
    with transaction.atomic():
        decide_offer(actor=actor, offer_id=offer.id, taken=True, now=now)
        return answer(
            actor=actor, conversation_id=offer.message.conversation_id, given=given, plan=plan,
            client_key=client_key, now=now,
        )  # fmt: skip


@transaction.atomic
def take_praise(*, actor: Membership, message: Message, account: Account, now: datetime) -> None:
    """Take the open offer of a message's praise to an account: it was reposted."""
    open_ones = Offer.objects.filter(message=message, account=account, about=_ABOUT.PRAISE, state=Offer.State.OPEN)
    for offer in open_ones.select_for_update(of=("self",)).select_related("message"):
        offer.state, offer.decided_by, offer.decided_at = Offer.State.TAKEN, actor, now
        offer.save(update_fields=["state", "decided_by", "decided_at"])
        _note(offer, actor, "taken", now)


def main_account(account: Account, among: Iterable[Account]) -> Account:
    """Return who reposts what ``account`` heard: the main account of its network; itself where there is none."""
    if account.kind == AccountKind.MAIN:
        return account
    return wanted_account(account, _ABOUT.PRAISE, among) or account


def access_offer(actor: Membership, offer_id: UUID) -> Offer:
    """Return an offer to an account the actor may answer from."""
    found = Offer.objects.select_related("message__conversation", "message__profile", "account", "message__account")
    offer = found.filter(team=actor.team_id, id=offer_id).first()
    if offer is None:
        raise NotFound("offer")
    access_account(actor, offer.account_id, Ability.ANSWER)
    return offer


def _note(offer: Offer, actor: Membership, what: str, now: datetime) -> None:
    audit.note(
        f"inbox.offer.{what}", team_id=offer.team_id, actor=actor, about=offer, now=now, about_what=offer.about
    )
    note_change(offer.team_id, f"conversation:{offer.message.conversation_id}", f"inbox:{offer.account_id}", "inbox")
