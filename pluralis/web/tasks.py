"""Thin job functions of the desk: mails that tell of something on it."""

from pluralis import jobs
from pluralis.posts.models import Notice
from pluralis.web.mail import mail_notice as send


@jobs.task("mail_notice", queue=jobs.UPKEEP)
def mail_notice(notice_id: str) -> bool:
    """Mail one notice about a review; one that was read meanwhile is not mailed."""
    notice = Notice.objects.select_related("member__user", "member__team", "review").filter(id=notice_id).first()
    return notice is not None and notice.read_at is None and send(notice)
