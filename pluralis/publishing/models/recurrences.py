"""Repeats: a rule by wall clock, the post it repeats, the texts that take turns, and what became of each time."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.core.delivery import MissedPolicy
from pluralis.core.schedule import Repeat
from pluralis.posts.models import Post
from pluralis.publishing.models.parts import Delivery
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class Recurrence(models.Model):
    """A post that comes again by a rule. ``post`` is the template; each time goes out as a post of its own.

    ``responsible`` is in whose name it is planned. ``resumed_at`` is when a person last let it go: a stop ordered
    after that holds it until a person lets it go again. ``decided_until`` is the instant up to which every
    occurrence was planned, skipped or missed. ``waiting_code`` says why it does not go on by itself.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    post = models.ForeignKey(Post, models.CASCADE, related_name="recurrences")
    client_key = models.CharField(max_length=96)
    rule = models.CharField(max_length=500)
    zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    local_time = models.TimeField()
    exceptions = models.JSONField(default=list, blank=True)
    missed_policy = models.CharField(max_length=8, choices=Delivery.Missed, default=MissedPolicy.SKIP)
    late_limit = models.DurationField(default=timedelta(hours=2))
    override_reason = models.TextField(blank=True)
    responsible = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    resumed_at = models.DateTimeField()
    decided_until = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    waiting_code = models.CharField(max_length=32, blank=True)
    waiting_words = models.TextField(blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "client_key"], name="one_recurrence_per_client_key"),
        ]
        indexes = [
            models.Index(
                fields=["decided_until"],
                name="recurrences_to_plan",
                condition=models.Q(ended_at__isnull=True, paused_at__isnull=True),
            )
        ]

    @property
    def repeat(self) -> Repeat:
        """The rule as core reads it."""
        start = datetime.combine(self.starts_on, self.local_time)
        return Repeat(self.rule, start, self.zone, frozenset(self.exceptions))


class RecurrenceAccount(models.Model):
    """An account on which a repeat goes out."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    recurrence = models.ForeignKey(Recurrence, models.CASCADE, related_name="seats")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recurrence", "account"], name="one_seat_per_account")]


class RecurrenceText(models.Model):
    """A text written by a person for one time of a repeat; they are used in turn."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    recurrence = models.ForeignKey(Recurrence, models.CASCADE, related_name="texts")
    position = models.PositiveIntegerField()
    text = models.TextField()
    uses = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recurrence", "position"], name="one_text_per_position")]
        ordering = ["position"]


class Occurrence(models.Model):
    """One time of a repeat. ``local`` is its name by the rule's wall clock and never changes, so that no second
    planner, restart or edit makes it twice; ``planned_at`` is when it goes out, moved or not."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SKIPPED = "skipped", _("Skipped")
        MISSED = "missed", _("Missed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    recurrence = models.ForeignKey(Recurrence, models.CASCADE, related_name="occurrences")
    local = models.CharField(max_length=16)
    planned_at = models.DateTimeField()
    edge = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    tries = models.PositiveIntegerField(default=0)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="occurrences")
    text = models.ForeignKey(RecurrenceText, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recurrence", "local"], name="one_occurrence_per_local_time"),
        ]
        indexes = [models.Index(fields=["recurrence", "planned_at"], name="occurrences_in_order")]
