"""What people taught the sorting: their corrections of labels, and what came of each batch."""

from django.db import models

from pluralis.inbox.models.conversations import Message
from pluralis.teams.fields import IdField
from pluralis.teams.models import Membership, Team


class Correction(models.Model):
    """The label a person gave a message, and the one the program had proposed. The newest counts."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    message = models.OneToOneField(Message, models.CASCADE, related_name="correction")
    proposed = models.CharField(max_length=16)
    label = models.CharField(max_length=16)
    member = models.ForeignKey(Membership, models.SET_NULL, null=True)
    corrected_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "-corrected_at"], name="corrections_newest")]


class Lesson(models.Model):
    """One batch of corrections and what it did: accepted with its weights, or refused with the reason.

    ``before`` and ``after`` are macro-F1 (0 to 1) on the part of the corrections that was held back,
    ``reference_before`` and ``reference_after`` on the packaged reference messages. ``overlay`` holds weights of
    words, never texts. At most one lesson of a team is ``in_use``; none means the model as shipped.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    overlay = models.JSONField(null=True, blank=True)
    in_use = models.BooleanField(default=False)
    examples = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)
    before = models.FloatField(default=0)
    after = models.FloatField(default=0)
    reference_before = models.FloatField(default=0)
    reference_after = models.FloatField(default=0)
    refusal = models.CharField(max_length=16, blank=True)
    asked_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], name="one_lesson_in_use", condition=models.Q(in_use=True))
        ]
        indexes = [models.Index(fields=["team", "-asked_at"], name="lessons_newest")]
