"""Mails the desk sends by itself. They say what somebody did and hold one link; nothing of a message."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from pluralis.inbox.models import AlarmCall
from pluralis.posts.models import Notice
from pluralis.teams.models import Invitation


def mail_invitation(invitation: Invitation, link: str) -> bool:
    """Mail the link of an invitation in the team's language; return whether a mail server took it.

    An installation without a mail server (``console:``) sends nothing: the page shows the link to pass on.
    """
    if "console" in settings.EMAIL_BACKEND:
        return False
    with translation.override(invitation.team.language):
        context = {"invitation": invitation, "link": link}
        subject = " ".join(render_to_string("welcome/mail_subject.txt", context).split())
        body = render_to_string("welcome/mail_body.txt", context)
    try:
        return bool(send_mail(subject, body, None, [invitation.email]))
    except (SMTPException, OSError):
        return False


def mail_notice(notice: Notice) -> bool:
    """Mail what somebody did in a review, in the reader's language; return whether a mail server took it."""
    person = notice.member.user
    if "console" in settings.EMAIL_BACKEND or not person.is_active:
        return False
    with translation.override(person.language or notice.member.team.language):
        link = settings.SITE_URL + reverse("review", args=[notice.review_id])
        context = {"notice": notice, "link": link, "team": notice.member.team.name}
        subject = " ".join(render_to_string("review/mail_subject.txt", context).split())
        body = render_to_string("review/mail_body.txt", context)
    try:
        return bool(send_mail(subject, body, None, [person.email]))
    except (SMTPException, OSError):
        return False


def mail_alarm(call: AlarmCall) -> bool:
    """Mail that somebody has waited too long, in the team's language; return whether a mail server took it.

    It holds the account, since when, and a link; nothing of what was written.
    """
    if "console" in settings.EMAIL_BACKEND:
        return False
    alarm = call.alarm
    with translation.override(alarm.team.language), timezone.override(alarm.team.zone):
        link = settings.SITE_URL + reverse("conversation", args=[alarm.conversation_id])
        context = {"alarm": alarm, "link": link}
        subject = " ".join(render_to_string("inbox/alarm_subject.txt", context).split())
        body = render_to_string("inbox/alarm_body.txt", context)
    return bool(send_mail(subject, body, None, [call.target]))
