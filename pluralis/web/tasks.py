"""Thin job functions of the desk: mails that tell of something on it."""

from smtplib import SMTPException

from django.conf import settings

from pluralis import jobs
from pluralis.inbox.actions.alarms import Try, record_try
from pluralis.inbox.models import AlarmCall
from pluralis.posts.models import Notice
from pluralis.teams.queries import database_now
from pluralis.web.mail import mail_alarm as send_alarm
from pluralis.web.mail import mail_notice as send


@jobs.task("mail_notice", queue=jobs.UPKEEP)
def mail_notice(notice_id: str) -> bool:
    """Mail one notice about a review; one that was read meanwhile is not mailed."""
    notice = Notice.objects.select_related("member__user", "member__team", "review").filter(id=notice_id).first()
    return notice is not None and notice.read_at is None and send(notice)


@jobs.task("mail_alarm", queue=jobs.UPKEEP)
def mail_alarm(call_id: str) -> str:
    """Mail one alarm to one address; a server that fails is tried again."""
    calls = AlarmCall.objects.select_related("alarm__team", "alarm__account", "alarm__conversation__contact")
    call = calls.get(id=call_id)
    if call.state != AlarmCall.State.WAITING:
        return str(call.state)
    return str(record_try(call_id=call.id, outcome=_mailed(call), now=database_now()).state)


def _mailed(call: AlarmCall) -> Try:
    if "console" in settings.EMAIL_BACKEND:
        return Try(False, said="no mail server is set", for_good=True)
    try:
        taken = send_alarm(call)
    except (SMTPException, OSError) as error:
        return Try(False, said=type(error).__name__)
    return Try(taken, said="" if taken else "the mail server did not take it")
