"""Queue slots: the hours at which an account speaks, what was put into them, and what refills empty ones."""

from django.db import models

from pluralis.posts.models import Post
from pluralis.publishing.models.parts import Delivery
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class QueueSlot(models.Model):
    """A weekday (0 is Monday) and a wall clock, in the zone of the account."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField()
    local_time = models.TimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "weekday", "local_time"], name="one_slot_per_time"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="slot_weekday"),
        ]
        ordering = ["weekday", "local_time"]


class Evergreen(models.Model):
    """A post that may come again: it refills empty slots of an account, in turn with the others.

    ``waiting_code`` says why it does not: its network wants a new text each time, or a check refused it.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="evergreens")
    post = models.ForeignKey(Post, models.CASCADE, related_name="evergreens")
    responsible = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    resumed_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    waiting_code = models.CharField(max_length=32, blank=True)
    waiting_words = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "post"], name="one_evergreen_per_post")]


class QueuedDelivery(models.Model):
    """A delivery that took a queue slot; it may change places with the others of its account."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="queued")
    created_at = models.DateTimeField()


class SlotFill(models.Model):
    """A slot that was refilled by the program: once for each local time, whoever looks and how often."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    local = models.CharField(max_length=16)
    evergreen = models.ForeignKey(Evergreen, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "local"], name="one_fill_per_slot")]
