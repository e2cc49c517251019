"""What goes out: deliveries, their parts, every attempt, and what holds them."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.core.delivery import MissedPolicy
from pluralis.core.states import PartState
from pluralis.posts.models import Post, Segment
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team

STATES = [(state.value, state.value) for state in PartState]


class Delivery(models.Model):
    """One post on one account."""

    class Missed(models.TextChoices):
        LATE = MissedPolicy.LATE.value, _("Publish late")
        ASK = MissedPolicy.ASK.value, _("Ask me")
        SKIP = MissedPolicy.SKIP.value, _("Skip it")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    post = models.ForeignKey(Post, models.CASCADE, related_name="deliveries")
    account = models.ForeignKey(Account, models.CASCADE, related_name="deliveries")
    client_key = models.CharField(max_length=96)
    planned_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC")
    missed_policy = models.CharField(max_length=8, choices=Missed, default=Missed.ASK)
    late_limit = models.DurationField(default=timedelta(hours=2))
    post_revision = models.PositiveIntegerField()
    by_hand = models.BooleanField(default=False, db_default=False)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "client_key", "account"], name="one_delivery_per_client_key")
        ]


class Part(models.Model):
    """One segment of one delivery: exactly one write on the network. This row is the truth, a job a wake-up."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="parts")
    account = models.ForeignKey(Account, models.CASCADE, related_name="parts")
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    state = models.CharField(max_length=16, choices=STATES, default=PartState.WAITING)
    hold_reason = models.CharField(max_length=16, blank=True)
    reason = models.TextField(blank=True)
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    woken_for = models.DateTimeField(null=True, blank=True)
    is_reply = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True)
    tries = models.PositiveIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    first_claimed_at = models.DateTimeField(null=True, blank=True)
    in_doubt = models.BooleanField(default=False)
    look_again_at = models.DateTimeField(null=True, blank=True)
    by_hand_url = models.TextField(blank=True)
    remote_id = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001 - unique only where known
    remote = models.JSONField(default=dict, blank=True)
    url = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    card = models.ForeignKey(  # only parts that have one pay for its index
        "publishing.Card", models.RESTRICT, null=True, blank=True, related_name="parts", db_index=False
    )
    protocol = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "remote_id"], name="one_part_per_remote_post"),
            models.UniqueConstraint(fields=["delivery", "position"], name="one_part_per_position"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="parts_due", condition=models.Q(state="waiting")),
            models.Index(
                fields=["account", "due_at"], name="parts_due_of_account", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["account"], name="parts_on_their_way", condition=models.Q(state="sending")),
            models.Index(fields=["look_again_at"], name="parts_in_doubt", condition=models.Q(state="unconfirmed")),
            models.Index(fields=["team", "planned_at"], name="parts_on_the_calendar"),
            models.Index(fields=["sent_at"], name="parts_sent", condition=models.Q(sent_at__isnull=False)),
            models.Index(fields=["card"], name="parts_with_a_card", condition=models.Q(card__isnull=False)),
        ]


class Attempt(models.Model):
    """One try, written before the call and never changed. ``id`` is the instance-wide attempt number."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.CASCADE, db_constraint=False)
    part = models.ForeignKey(Part, models.CASCADE, related_name="attempts")
    token = models.UUIDField(unique=True)
    worker = models.CharField(max_length=128)
    at = models.DateTimeField()


class AttemptResult(models.Model):
    """How a try ended, or what a later look at the network said of it. Never changed."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.CASCADE, db_constraint=False)
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="results")
    outcome = models.CharField(max_length=24)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()


class StopOrder(models.Model):
    """Stop everything: while one of a team stands, nothing of it is sent."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    ordered_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    lifted_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], name="one_stop_order_at_a_time", condition=models.Q(lifted_at__isnull=True)
            )
        ]


class Worker(models.Model):
    """A worker process that said it lives; only for people to see, never to decide that it is dead."""

    id = IdField()
    host = models.CharField(max_length=255)
    pid = models.IntegerField()
    queues = models.CharField(max_length=255)
    version = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class Instance(models.Model):
    """The one row about this installation: its id, and whether it is in quarantine."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    instance_id = models.UUIDField()
    quarantined_at = models.DateTimeField(null=True, blank=True)
    quarantine_reason = models.CharField(max_length=64, blank=True)
    backup_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_instance")]
