"""Who is on duty when: weekly shifts in each member's own zone, what differs from them, and what is handed over."""

from django.db import models

from pluralis.teams.fields import IdField
from pluralis.teams.models.people import Membership, Team


class Shift(models.Model):
    """A stretch of every week, told by a wall clock in ``zone``; where it ends before it starts, it ends next day.

    ``weekday`` counts from Monday as 0; ``valid_until`` is its last day.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="shifts")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    zone = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["weekday", "starts", "id"]


class DutyChange(models.Model):
    """What differs from the weekly shifts between two instants: somebody is away, or on duty besides.

    A swap is two rows with one ``swap_id``: one is away, the other is there.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="duty_changes")
    on = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    swap_id = models.UUIDField(null=True, blank=True)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "ends_at"], name="duty_changes_by_end")]
        ordering = ["starts_at", "id"]


class DutyNote(models.Model):
    """What somebody tells those who are on duty after them."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="duty_notes")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "-created_at"], name="duty_notes_newest")]
        ordering = ["-created_at", "-id"]


class DutyNoteSeen(models.Model):
    """Who has read a hand-over note, and when: a note that nobody reads would be no hand-over."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    note = models.ForeignKey(DutyNote, models.CASCADE, related_name="seen")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "member"], name="one_reading_of_a_duty_note")]
