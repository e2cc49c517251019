"""How a team shares its inbox: routing, notes, who is looking, what was promised, and what rings when it is late."""

from django.db import models

from pluralis.inbox.models.conversations import Conversation
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class RoutingRule(models.Model):
    """To whom a new conversation goes when it is like this; the first rule that fits decides. Empty means any.

    Without ``members`` it is for whoever is on duty. ``most_load`` is how many open conversations somebody may hold.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    position = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, blank=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    private = models.BooleanField(null=True, blank=True)
    speakers_only = models.BooleanField(default=True)
    on_duty_only = models.BooleanField(default=True)
    most_load = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]


class RuleMember(models.Model):
    """One of the members a routing rule names."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    rule = models.ForeignKey(RoutingRule, models.CASCADE, related_name="named")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "member"], name="one_naming_per_rule")]


class Note(models.Model):
    """What the team says to itself in a conversation; it never leaves. ``mentions`` are ids of members."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    mentions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["conversation", "created_at"], name="notes_in_order")]
        ordering = ["created_at", "id"]


class Notice(models.Model):
    """What a member should know: they were mentioned, were handed something, or something came back to them."""

    class Kind(models.TextChoices):
        MENTIONED = "mentioned"
        ASSIGNED = "assigned"
        TAKEN_OVER = "taken_over"
        EXPIRED = "expired"
        BACK = "back"
        COVERING = "covering"
        SECURITY = "security"
        UPLOAD_REFUSED = "upload_refused"

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True)
    part = models.ForeignKey("publishing.Part", models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-created_at"], name="notices_unseen", condition=models.Q(seen_at=None))
        ]
        ordering = ["-created_at", "-id"]


class Trace(models.Model):
    """One line of what happened to a conversation inside the team: claimed, taken over, routed, merged."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="traces")
    actor = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=24)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["conversation", "at"], name="traces_in_order")]
        ordering = ["at", "id"]


class Presence(models.Model):
    """Who has a conversation open, or writes in it, until ``until``; a page that goes silent expires by itself."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="presences")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    doing = models.CharField(max_length=8)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "member"], name="one_presence_per_member")]


class Regrouping(models.Model):
    """A merge or a split, with what is needed to take it back."""

    class Kind(models.TextChoices):
        MERGE = "merge"
        SPLIT = "split"

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.ForeignKey(Conversation, models.CASCADE, related_name="left_by")
    target = models.ForeignKey(Conversation, models.CASCADE, related_name="joined_by")
    message_ids = models.JSONField(default=list)
    note_ids = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)


class Promise(models.Model):
    """What somebody who wrote was promised and got, from their first message until it was resolved.

    The due instants are kept as they were reckoned when the message came: hours that change later change no past.
    ``answer_seconds`` and ``resolve_seconds`` are open time that passed.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="promises")
    label = models.CharField(max_length=16, blank=True)
    opened_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    answer_seconds = models.PositiveIntegerField(null=True, blank=True)
    resolve_due_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    resolve_seconds = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], name="one_promise_at_a_time", condition=models.Q(resolved_at=None)
            )
        ]
        indexes = [models.Index(fields=["team", "opened_at"], name="promises_by_opening")]


class AlarmRule(models.Model):
    """When an account rings: nobody answered for ``minutes``. The row without an account is the team's own."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.OneToOneField(Account, models.CASCADE, null=True, blank=True, related_name="alarm_rule")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    outside_hours = models.BooleanField(default=False)
    mail_on_duty = models.BooleanField(default=False)
    mail_to = models.JSONField(default=list, blank=True)
    webhook_url = models.CharField(max_length=1000, blank=True)
    sealed_secret = models.BinaryField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], name="one_alarm_rule_of_a_team", condition=models.Q(account__isnull=True)
            )
        ]


class Alarm(models.Model):
    """One ringing: somebody had waited since ``waiting_since``; it ends when they are answered or it is resolved."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="alarms")
    waiting_since = models.DateTimeField()
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], name="one_alarm_at_a_time", condition=models.Q(ended_at=None)
            )
        ]
        indexes = [
            models.Index(fields=["team", "raised_at"], name="alarms_ringing", condition=models.Q(ended_at=None)),
            models.Index(fields=["team", "-raised_at"], name="alarms_newest"),
        ]


class AlarmCall(models.Model):
    """One telling of an alarm by mail or webhook. ``tries`` holds each try: ``at``, ``status``, ``said``, ``ms``."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        WEBHOOK = "webhook"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="calls")
    channel = models.CharField(max_length=8, choices=Channel)
    target = models.CharField(max_length=1000)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="alarm_calls_due", condition=models.Q(state="waiting")),
            models.Index(fields=["team", "-created_at"], name="alarm_calls_newest"),
        ]
