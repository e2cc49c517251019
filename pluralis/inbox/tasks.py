"""Thin job functions of the inbox: one unit of work, then return."""

from uuid import UUID

from pluralis import jobs
from pluralis.inbox import alarming, filling, following, listening
from pluralis.inbox.actions import expire_claims, following_back, raise_alarms, wake_snoozed
from pluralis.inbox.actions.alarms import forget_old_calls
from pluralis.inbox.actions.following import empty_deleted
from pluralis.inbox.actions.handing_over import remind_of_cases
from pluralis.inbox.actions.learning import learn_lesson
from pluralis.inbox.actions.presence import forget_presences
from pluralis.inbox.actions.privacy import mask_old
from pluralis.inbox.actions.withdrawing import take_back_left
from pluralis.teams.models import Team
from pluralis.teams.queries import database_now


@jobs.task("poll_due_streams", queue=jobs.LISTEN, every="* * * * * */5")
def poll_due_streams(timestamp: int) -> int:
    """Put a job for every stream that is due into the engine."""
    due = listening.due_streams(database_now())
    for cursor in due:
        jobs.defer("poll_stream", queue=jobs.LISTEN, cursor_id=str(cursor.id))
    return len(due)


@jobs.task("poll_stream", queue=jobs.LISTEN)
def poll_stream(cursor_id: str) -> int:
    """Read one stream of one account."""
    return listening.poll_stream(cursor_id)


@jobs.task("fill_gaps", queue=jobs.UPKEEP, every="* * * * *")
def fill_gaps(timestamp: int) -> int:
    """Put a job for every gap that can be read on into the engine."""
    due = filling.due_gaps(database_now())
    for gap in due:
        jobs.defer("fill_gap", queue=jobs.LISTEN, gap_id=str(gap.id))
    return len(due)


@jobs.task("fill_gap", queue=jobs.LISTEN)
def fill_gap(gap_id: str) -> int:
    """Read on in one gap."""
    return filling.fill_gap(gap_id)


@jobs.task("look_again", queue=jobs.UPKEEP, every="* * * * *")
def look_again(timestamp: int) -> int:
    """Put a job for every account with messages to look at again into the engine."""
    due = following.due_accounts(database_now())
    for account in due:
        jobs.defer("look_again_at_account", queue=jobs.LISTEN, account_id=str(account.id))
    return len(due)


@jobs.task("look_again_at_account", queue=jobs.LISTEN)
def look_again_at_account(account_id: str) -> int:
    """Ask whether messages still stand as they did; says how many were changed or are gone."""
    found = following.look_again(account_id)
    return found.edited + found.deleted


@jobs.task("remind_of_cases", queue=jobs.UPKEEP, every="* * * * *")
def bring_back_cases(timestamp: int) -> int:
    """Bring back what was handed over to e-mail, telephone or an appointment, when its reminder is due."""
    return remind_of_cases(now=database_now())


@jobs.task("ask_who_follows", queue=jobs.UPKEEP, every="41 2 * * *")
def ask_who_follows(timestamp: int) -> int:
    """Put a job for every account whose network tells for nothing who follows it into the engine."""
    accounts = following_back.asked_each_night()
    for account in accounts:
        jobs.defer("ask_who_follows_account", queue=jobs.LISTEN, account_id=str(account.id))
    return len(accounts)


@jobs.task("ask_who_follows_account", queue=jobs.LISTEN)
def ask_who_follows_account(account_id: str) -> int:
    """Ask about the most frequent writers of one account; says about how many the network told."""
    return following_back.ask_tonight(account_id, database_now())


@jobs.task("mask_old_personal_data", queue=jobs.UPKEEP, every="37 3 * * *")
def mask_old_personal_data(timestamp: int) -> int:
    """Mask personal data that is older than its team keeps it."""
    now = database_now()
    empty_deleted(now)
    return sum(mask_old(team, now) for team in Team.objects.filter(settings__retention_days__gt=0))


@jobs.task("wake_snoozed_conversations", queue=jobs.UPKEEP, every="* * * * *")
def wake_snoozed_conversations(timestamp: int) -> int:
    """Bring back what was put off until now."""
    return wake_snoozed(now=database_now())


@jobs.task("expire_claims", queue=jobs.UPKEEP, every="* * * * *")
def expire_idle_claims(timestamp: int) -> int:
    """Give back to the team what its holder let lie."""
    return expire_claims(now=database_now())


@jobs.task("raise_alarms", queue=jobs.UPKEEP, every="* * * * * */15")
def ring(timestamp: int) -> int:
    """Ring about who waited too long."""
    return raise_alarms(now=database_now())


@jobs.task("call_alarm_webhook", queue=jobs.UPKEEP)
def call_alarm_webhook(call_id: str) -> str:
    """Tell one webhook of one alarm, once."""
    return alarming.call_webhook(call_id)


@jobs.task("forget_old_alarms", queue=jobs.UPKEEP, every="23 3 * * *")
def forget_old_alarms(timestamp: int) -> int:
    """Remove what was told of alarms long ago, and who looked at what an hour ago."""
    now = database_now()
    return forget_old_calls(now=now) + forget_presences(now=now)


@jobs.task("take_back_left_repost", queue=jobs.UPKEEP)
def take_back_left_repost(account_id: str, remote_id: str, reposted_at: str, tries: int) -> str:
    """Take back one repost of somebody who was erased, which its network did not take then."""
    return take_back_left(
        account_id=account_id, remote_id=remote_id, reposted_at=reposted_at, tries=tries, now=database_now()
    )


@jobs.task("learn_lesson", queue=jobs.UPKEEP)
def learn_from_corrections(lesson_id: str) -> bool:
    """Learn from a team's corrections; says whether the sorting got better."""
    return learn_lesson(UUID(lesson_id), database_now()).in_use
