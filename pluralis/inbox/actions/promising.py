"""Promises kept in step with what happens: due instants when somebody waits, and what they got in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from pluralis.core.promises import Hours, due_at, open_time
from pluralis.core.states import ConversationState
from pluralis.inbox.models import Alarm, AlarmRule, Conversation, Promise
from pluralis.teams.changes import note_change
from pluralis.teams.hours import Promised, hours_rows, promised_by
from pluralis.teams.models import Account, Membership

PROMISED = ["answer_due_at", "resolve_due_at", "alarm_at"]
# What was written long before it was heard (a new account's history, an outage) is shown as late, and rings nobody.
OLD_NEWS = timedelta(hours=24)
MOST_AGAIN = 20_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised at an account, and after how many minutes it rings."""

    promised: Promised
    alarm_minutes: int | None = None
    outside_hours: bool = False

    @property
    def alarm_hours(self) -> Hours:
        """The hours whose minutes count for ringing."""
        return Hours() if self.outside_hours else self.promised.hours


class TeamTerms:
    """The terms of every account of a team. Two queries."""

    def __init__(self, team_id: UUID) -> None:
        self._hours = hours_rows(team_id)
        self._alarms: Mapping[UUID | None, AlarmRule] = {
            each.account_id: each for each in AlarmRule.objects.filter(team=team_id)
        }

    def of(self, account: Account) -> Terms:
        """Return what stands for an account: its own, else the team's."""
        rule = self._alarms.get(account.id) or self._alarms.get(None)
        promised = promised_by(account, self._hours)
        return Terms(promised, rule.minutes, rule.outside_hours) if rule else Terms(promised)


def promise(account: Account, waiting: Sequence[Conversation], now: datetime) -> None:
    """Reckon when each conversation is due, on the rows at hand; the caller saves :data:`PROMISED`. Three queries."""
    terms = TeamTerms(account.team_id).of(account)
    for each in waiting:
        set_due(each, terms, account.created_at, now)
    Promise.objects.bulk_create((_begun(account, each) for each in waiting), ignore_conflicts=True)


def set_due(conversation: Conversation, terms: Terms, not_before: datetime, now: datetime) -> None:
    """Reckon the due instants of one conversation that waits, on the row at hand. No query."""
    since = max(conversation.waiting_since or now, not_before)
    promised = terms.promised
    conversation.answer_due_at = _due(since, promised.answer_minutes, promised.hours)
    if conversation.resolve_due_at is None:
        conversation.resolve_due_at = _due(since, promised.resolve_minutes, promised.hours)
    old = now - since > OLD_NEWS
    conversation.alarm_at = None if old else _due(since, terms.alarm_minutes, terms.alarm_hours)


def _due(since: datetime, minutes: int | None, hours: Hours) -> datetime | None:
    return due_at(since, minutes, hours) if minutes else None


def _begun(account: Account, conversation: Conversation) -> Promise:
    return Promise(
        team_id=conversation.team_id,
        account=account,
        conversation=conversation,
        label=conversation.label,
        opened_at=max(conversation.waiting_since or conversation.last_message_at, account.created_at),
        answer_due_at=conversation.answer_due_at,
        resolve_due_at=conversation.resolve_due_at,
    )


def keep_answered(conversation: Conversation, by: Membership | None, at: datetime, now: datetime) -> None:
    """Note that we answered: nothing is due any more; the first answer is what the figures count. Saves the row."""
    conversation.answer_due_at = conversation.alarm_at = None
    conversation.save(update_fields=["answer_due_at", "alarm_at"])
    end_alarm(conversation, now)
    for kept in _open_promises(conversation).filter(answered_at__isnull=True):
        kept.answered_at, kept.answered_by, kept.label = at, by, conversation.label
        kept.answer_seconds = _seconds(kept, at)
        kept.save(update_fields=["answered_at", "answered_by", "answer_seconds", "label"])


def keep_resolved(conversation: Conversation, by: Membership, now: datetime) -> None:
    """Note that a conversation is resolved: nothing is due any more. Saves the row."""
    conversation.answer_due_at = conversation.resolve_due_at = conversation.alarm_at = None
    conversation.save(update_fields=PROMISED)
    end_alarm(conversation, now)
    for kept in _open_promises(conversation):
        kept.resolved_at, kept.resolved_by, kept.label = now, by, conversation.label
        kept.resolve_seconds = _seconds(kept, now)
        kept.save(update_fields=["resolved_at", "resolved_by", "resolve_seconds", "label"])


def keep_withdrawn(conversation: Conversation, now: datetime) -> None:
    """Note that nobody asks any more: nothing is due, and what was promised counts in no figure. Saves the row."""
    conversation.answer_due_at = conversation.resolve_due_at = conversation.alarm_at = None
    conversation.save(update_fields=PROMISED)
    end_alarm(conversation, now)
    _open_promises(conversation).filter(answered_at__isnull=True).delete()


def keep_reopened(conversation: Conversation) -> None:
    """Take a resolution back, on the row at hand: the promise it had ended runs on, and who had no answer waits."""
    last = conversation.promises.order_by("-opened_at", "-id").first()
    if last is None or last.resolved_at is None:
        return
    last.resolved_at = last.resolved_by = last.resolve_seconds = None
    last.save(update_fields=["resolved_at", "resolved_by", "resolve_seconds"])
    conversation.resolve_due_at = last.resolve_due_at
    if last.answered_at is None:
        conversation.waiting_since, conversation.answer_due_at = last.opened_at, last.answer_due_at
    conversation.save(update_fields=["resolve_due_at", "waiting_since", "answer_due_at"])


def end_alarm(conversation: Conversation, now: datetime) -> None:
    """Stop the ringing about a conversation, if it rings."""
    if Alarm.objects.filter(conversation=conversation, ended_at__isnull=True).update(ended_at=now):
        note_change(conversation.team_id, "alarms")


def reckon_again(*, team_id: UUID, now: datetime) -> None:
    """Hear that hours, promises or alarms changed: who waits now is due by the new ones.

    It rings for those whose limit passes from now on. Whoever has waited longer already rings nobody: a whole
    inbox would ring at once (:func:`pluralis.inbox.queries.teamwork.waiting_longer` shows them).
    """
    waiting = Conversation.objects.select_related("account").filter(
        team=team_id, state=ConversationState.OPEN, waiting_since__isnull=False
    )
    terms, changed = TeamTerms(team_id), []
    for each in waiting.order_by("-last_message_at")[:MOST_AGAIN]:
        each.resolve_due_at, before = None, each.alarm_at
        set_due(each, terms.of(each.account), each.account.created_at, now)
        if each.alarm_at is not None and each.alarm_at <= now and not (before is not None and before <= now):
            each.alarm_at = None
        changed.append(each)
    Conversation.objects.bulk_update(changed, PROMISED, batch_size=500)
    note_change(team_id, "inbox")


def _open_promises(conversation: Conversation) -> QuerySet[Promise]:
    """Return what is promised here, and in conversations that were merged into this one."""
    here = [conversation.id, *Conversation.objects.filter(merged_into=conversation).values_list("id", flat=True)]
    return Promise.objects.filter(conversation__in=here, resolved_at__isnull=True).select_related("account")


def _seconds(kept: Promise, until: datetime) -> int:
    """Return the open time that passed since a promise began, in seconds."""
    hours = promised_by(kept.account, hours_rows(kept.team_id)).hours
    return int(open_time(kept.opened_at, max(until, kept.opened_at), hours).total_seconds())
