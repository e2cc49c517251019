"""How a message was answered: which kind of reply, what belongs together, what was handed over or offered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.core.replies import ReplyKind
from pluralis.inbox.models.conversations import Conversation, Message, Profile
from pluralis.publishing.models import Part
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team

KINDS = [
    (ReplyKind.PRIVATE.value, _("Private")),
    (ReplyKind.OPEN.value, _("Open")),
    (ReplyKind.COMMUNITY.value, _("For everyone")),
]
"""Who reads a reply: one person, whoever follows the exchange, everybody."""


class Reply(models.Model):
    """One answer and its kind: what was proposed and why, what a person chose, in which form it went out."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    message = models.ForeignKey(Message, models.CASCADE, related_name="replies")
    part = models.OneToOneField(Part, models.CASCADE, related_name="as_reply")
    author = models.ForeignKey(Membership, models.SET_NULL, null=True)
    kind = models.CharField(max_length=16, choices=KINDS)
    form = models.CharField(max_length=16)
    proposed = models.CharField(max_length=16, choices=KINDS)
    reason = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "-at"], name="replies_newest")]


class ConversationLink(models.Model):
    """Two conversations about one matter: ``target`` went on from ``source`` in private or on another account."""

    class Why(models.TextChoices):
        PRIVATE = "private", _("Went on in private")
        SUPPORT = "support", _("Went on at support")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    source = models.ForeignKey(Conversation, models.CASCADE, related_name="went_on")
    target = models.ForeignKey(Conversation, models.CASCADE, related_name="came_from")
    why = models.CharField(max_length=16, choices=Why)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="one_link_of_two_conversations")]


class HandOver(models.Model):
    """A conversation that goes on outside, under a case number, until a reminder brings it back."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        TELEPHONE = "telephone", _("Telephone")
        APPOINTMENT = "appointment", _("Appointment")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="handed_over")
    channel = models.CharField(max_length=16, choices=Channel)
    case_number = models.CharField(max_length=32)
    remind_at = models.DateTimeField()
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "case_number"], name="one_case_per_number"),
            models.UniqueConstraint(
                fields=["conversation"], name="one_open_case", condition=models.Q(closed_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"],
                name="cases_to_remind_of",
                condition=models.Q(reminded_at__isnull=True, closed_at__isnull=True),
            )
        ]


class Offer(models.Model):
    """A message shown to another account: a question to support, praise to the main account. A person decides."""

    class About(models.TextChoices):
        SUPPORT = "support", _("A question for support")
        PRAISE = "praise", _("Praise worth repeating")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        DECLINED = "declined", _("Declined")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    message = models.ForeignKey(Message, models.CASCADE, related_name="offers")
    account = models.ForeignKey(Account, models.CASCADE, related_name="offers")
    about = models.CharField(max_length=16, choices=About)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    offered_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField()
    decided_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "account", "about"], name="one_offer_to_an_account")
        ]
        indexes = [models.Index(fields=["account", "state", "-offered_at"], name="offers_to_an_account")]


class ProfileRelation(models.Model):
    """How an account stood to a profile when the network was last asked; asking may cost money."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="relations")
    may_message = models.BooleanField(null=True)
    they_follow = models.BooleanField(null=True)
    we_follow = models.BooleanField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "profile"], name="one_relation")]
