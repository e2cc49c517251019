"""Ringing when nobody answered: the rules, the ringing itself, and what became of each mail and webhook."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from pluralis import jobs
from pluralis.core.states import ConversationState
from pluralis.inbox.actions.promising import reckon_again
from pluralis.inbox.models import Alarm, AlarmCall, AlarmRule, Conversation
from pluralis.networks.addresses import ForbiddenAddress, Origin, check_origin
from pluralis.teams import audit
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.fields import seal, unseal
from pluralis.teams.models import Membership
from pluralis.teams.queries import on_duty

MOST_MINUTES = 60 * 24 * 30
MOST_ADDRESSES = 20
MOST_AT_ONCE = 500
# Seconds before the second and later tries of a webhook; after the last one it has failed.
RETRIES = (30, 120, 600, 3600)
KEEP_CALLS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WishedAlarm:
    """When to ring and whom to tell. No minutes: never. ``webhook_url`` is told by POST, signed."""

    minutes: int | None = None
    outside_hours: bool = False
    mail_on_duty: bool = False
    mail_to: Sequence[str] = ()
    webhook_url: str = ""


def set_alarm(
    *, actor: Membership, account_id: UUID | None, wished: WishedAlarm, now: datetime
) -> tuple[AlarmRule, str]:
    """Say when an account rings (without an account, the team). Returns the rule, and the webhook's secret if it is
    new: it is stored sealed and shown this once."""
    require(actor, Ability.MANAGE_ACCOUNTS)
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS) if account_id else None
    _check_wished(wished)
    with transaction.atomic():
        rules = AlarmRule.objects.select_for_update().filter(team=actor.team_id, account=account)
        rule = rules.first() or AlarmRule(team_id=actor.team_id, account=account)
        secret = secrets.token_urlsafe(32) if wished.webhook_url and rule.webhook_url != wished.webhook_url else ""
        rule.minutes, rule.outside_hours, rule.mail_on_duty = (
            wished.minutes,
            wished.outside_hours,
            wished.mail_on_duty,
        )
        rule.mail_to, rule.webhook_url, rule.updated_at = list(wished.mail_to), wished.webhook_url, now
        if secret:
            rule.sealed_secret = seal(rule.id, {"secret": secret})
        rule.save()
        audit.note("inbox.alarm.changed", team_id=actor.team_id, actor=actor, about=rule, now=now,
                   webhook=bool(wished.webhook_url))  # fmt: skip
        reckon_again(team_id=actor.team_id, now=now)
    return rule, secret


@transaction.atomic
def follow_team_alarm(*, actor: Membership, account_id: UUID, now: datetime) -> None:
    """Let an account ring as the team does again."""
    account = access_account(actor, account_id, Ability.MANAGE_ACCOUNTS)
    AlarmRule.objects.filter(team=actor.team_id, account=account).delete()
    audit.note("inbox.alarm.changed", team_id=actor.team_id, actor=actor, about=account, now=now)
    reckon_again(team_id=actor.team_id, now=now)


def secret_of(rule: AlarmRule) -> str:
    """Return the secret a rule's webhook is signed with; empty where there is none."""
    return unseal(rule.id, rule.sealed_secret)["secret"] if rule.sealed_secret else ""


def raise_alarms(*, now: datetime) -> int:
    """Ring about every conversation whose alarm has come; returns how many rang. Each rings once."""
    due = Conversation.objects.filter(alarm_at__lte=now).order_by("alarm_at")
    return sum(_ring(each, now) for each in due[:MOST_AT_ONCE])


@transaction.atomic
def _ring(conversation: Conversation, now: datetime) -> bool:
    still = Conversation.objects.filter(id=conversation.id, alarm_at=conversation.alarm_at)
    if not still.update(alarm_at=None):
        return False
    if conversation.state != ConversationState.OPEN or conversation.waiting_since is None:
        return False
    alarm, new = Alarm.objects.get_or_create(
        conversation=conversation, ended_at=None,
        defaults={"team_id": conversation.team_id, "account_id": conversation.account_id, "raised_at": now,
                  "waiting_since": conversation.waiting_since},
    )  # fmt: skip
    if new:
        audit.note("inbox.alarm.raised", team_id=alarm.team_id, about=conversation, now=now)
        _call(alarm, now)
        note_change(alarm.team_id, "alarms", "inbox")
    return new


def _call(alarm: Alarm, now: datetime) -> None:
    rule = rule_for(alarm)
    if rule is None:
        return
    mails = [*rule.mail_to, *([seat.user.email for seat in on_duty(alarm.team_id)] if rule.mail_on_duty else [])]
    wanted = [(AlarmCall.Channel.MAIL, each) for each in dict.fromkeys(mails)]
    wanted += [(AlarmCall.Channel.WEBHOOK, rule.webhook_url)] if rule.webhook_url else []
    for channel, target in wanted:
        call = AlarmCall.objects.create(
            team_id=alarm.team_id, alarm=alarm, channel=channel, target=target, next_at=now, created_at=now
        )
        _defer(call)


def _defer(call: AlarmCall) -> None:
    job = "mail_alarm" if call.channel == AlarmCall.Channel.MAIL else "call_alarm_webhook"
    jobs.defer(job, queue=jobs.UPKEEP, at=call.next_at, call_id=str(call.id))


def rule_for(alarm: Alarm) -> AlarmRule | None:
    """Return the rule an alarm rang by: the account's, else the team's. One query."""
    rules = {each.account_id: each for each in AlarmRule.objects.filter(team=alarm.team_id)}
    return rules.get(alarm.account_id) or rules.get(None)


@dataclass(frozen=True, slots=True)
class Try:
    """How one try of a call went: the answer's ``status`` (0 without one), what was ``said``, how many ``ms``."""

    ok: bool
    status: int = 0
    said: str = ""
    ms: int = 0
    for_good: bool = False


@transaction.atomic
def record_try(*, call_id: UUID, outcome: Try, now: datetime) -> AlarmCall:
    """Write down a try; a failed one is tried again up to four times, unless it failed for good."""
    call = AlarmCall.objects.select_for_update().get(id=call_id)
    tried = {"at": now.isoformat(), "status": outcome.status, "said": outcome.said[:300], "ms": outcome.ms}
    call.tries = [*call.tries, tried]
    call.next_at = None
    if outcome.ok:
        call.state = AlarmCall.State.DONE
    elif outcome.for_good or len(call.tries) > len(RETRIES):
        call.state = AlarmCall.State.FAILED
    else:
        call.next_at = now + timedelta(seconds=RETRIES[len(call.tries) - 1])
        _defer(call)
    call.save(update_fields=["tries", "next_at", "state"])
    return call


def forget_old_calls(*, now: datetime) -> int:
    """Remove what was told of alarms more than ninety days ago; returns how many rows went."""
    return Alarm.objects.filter(ended_at__lt=now - KEEP_CALLS).delete()[0]


def _check_wished(wished: WishedAlarm) -> None:
    if wished.minutes is not None and not 1 <= wished.minutes <= MOST_MINUTES:
        raise Invalid("out_of_range", _("It rings after a minute at the earliest and 30 days at the latest."),
                      fields={"minutes": _("Between 1 and 43,200.")})  # fmt: skip
    if len(wished.mail_to) > MOST_ADDRESSES:
        raise Invalid("too_many", _("These are too many addresses."), fields={"mail_to": _("At most 20.")})
    for address in wished.mail_to:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Invalid("no_address", _("This is no e-mail address."), fields={"mail_to": address[:80]}) from error
    if wished.webhook_url:
        _check_url(wished.webhook_url)


def _check_url(url: str) -> None:
    try:
        check_origin(Origin.of_url(url))
    except ForbiddenAddress as error:
        raise Invalid(
            "no_webhook",
            _("This address cannot be called."),
            kept=_("Nothing was changed."),
            next_step=_("Give an https address on the public internet."),
            fields={"webhook_url": error.reason},
        ) from error
