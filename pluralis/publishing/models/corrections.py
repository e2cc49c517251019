"""What is done to posts that are out: taken down, or given other words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.publishing.models.parts import Part
from pluralis.teams.fields import IdField
from pluralis.teams.models import Membership, Team


class Correction(models.Model):
    """One change to a part that stands on its network: asked for by a person, done once or found done.

    Both kinds may be repeated without harm: what is gone stays gone, and the same words again change nothing. So a
    correction in doubt is simply looked at and done again, never left open.
    """

    class Kind(models.TextChoices):
        TAKE_DOWN = "take_down", _("Take down")
        EDIT = "edit", _("Change the words")

    class State(models.TextChoices):
        WANTED = "wanted", _("On its way")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.WANTED)
    text = models.TextField(blank=True)
    before = models.TextField(blank=True)
    asked_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part"], name="one_correction_at_a_time", condition=models.Q(state="wanted")
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="corrections_due", condition=models.Q(state="wanted"))]
