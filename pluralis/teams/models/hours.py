"""When somebody answers at an account, and how soon it is promised."""

from django.db import models

from pluralis.teams.fields import IdField
from pluralis.teams.models.people import Account, Team


class ServiceHours(models.Model):
    """Business hours, holidays and promised times of an account; the row without one is the team's own.

    ``week`` holds seven lists from Monday on, each of ``["09:00", "18:00"]``; no list at all means always open.
    ``closed`` holds the days on which nobody answers, ``{"day": "2026-12-24", "name": ...}``, typed or read from a
    calendar file. Promised times are minutes of open time.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.OneToOneField(Account, models.CASCADE, null=True, blank=True, related_name="service_hours")
    zone = models.CharField(max_length=64, default="UTC")
    week = models.JSONField(default=list, blank=True)
    closed = models.JSONField(default=list, blank=True)
    answer_minutes = models.PositiveIntegerField(null=True, blank=True)
    resolve_minutes = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], name="one_row_of_hours_of_a_team", condition=models.Q(account__isnull=True)
            )
        ]
