"""Keeping somebody at a distance, what was done on the networks, evidence, and incidents that many write about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.inbox.models.conversations import Contact, Conversation, Profile
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class Distance(models.Model):
    """A decision not to engage with a contact, from one instant to another, with its reason. Never removed."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="distances")
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField()
    set_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], name="one_distance_at_a_time", condition=models.Q(ended_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["team", "until"], name="distances_to_review", condition=models.Q(ended_at=None))
        ]


class Moderation(models.Model):
    """Something done to a profile on its network: by the program, or by a person's hand on the network's page."""

    class Action(models.TextChoices):
        MUTE = "mute", _("Mute")
        BLOCK = "block", _("Block")
        REPORT = "report", _("Report")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="moderations")
    action = models.CharField(max_length=16, choices=Action)
    by_hand = models.BooleanField(default=False)
    done_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["-done_at", "-id"]


class Evidence(models.Model):
    """A pack of what a contact wrote, as it stood: its hash, and until when the law has it kept."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=500)
    sha256 = models.CharField(max_length=64)
    messages = models.PositiveIntegerField()
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    kept_until = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]


class Incident(models.Model):
    """One thing that many write about: like conversations, and one text that a lead approved for all of them."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    approved_revision = models.PositiveIntegerField(null=True, blank=True)
    approved_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-opened_at"], name="incidents_newest")]

    @property
    def approved(self) -> bool:
        return bool(self.text) and self.approved_revision == self.revision


class IncidentConversation(models.Model):
    """A conversation that belongs to an incident; ``answered_at`` once somebody sent the text into it."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="gathered")
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="incident")
    added_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
