"""What members are told about reviews: on the page, and by mail where a mail server is configured."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from pluralis import jobs
from pluralis.posts.models import Notice, Review
from pluralis.teams.changes import note_change
from pluralis.teams.models import Membership


def notify(members: Iterable[Membership], kind: str, review: Review, by_name: str, now: datetime) -> None:
    """Leave a notice for each member once, in the caller's transaction; mails leave after it is committed."""
    rows = [
        Notice(team_id=review.team_id, member=member, kind=kind, review=review, by_name=by_name[:120], at=now)
        for member in {member.id: member for member in members}.values()
    ]
    Notice.objects.bulk_create(rows)
    if rows:
        note_change(review.team_id, "reviews")
    if "console" not in settings.EMAIL_BACKEND:
        jobs.defer_many(
            "mail_notice", queue=jobs.UPKEEP, at=None, arguments=({"notice_id": str(row.id)} for row in rows)
        )


def read_notices(*, actor: Membership, now: datetime, review: Review | None = None) -> int:
    """Mark the actor's notices as read, all or those about one review; returns how many were new."""
    unread = Notice.objects.filter(member=actor, read_at__isnull=True)
    if review is not None:
        unread = unread.filter(review=review)
    return unread.update(read_at=now)
