"""What a team keeps of the people outside: facts with their ground, former handles, profiles joined by hand."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pluralis.inbox.models.conversations import Contact, Profile
from pluralis.teams.fields import IdField
from pluralis.teams.models import Membership, Team


class Ground(models.TextChoices):
    """Why we may link a person to what our own books say of them. Without one nothing is stored."""

    TOLD = "told", pgettext_lazy("why a fact is known", "They told us")
    PUBLIC = "public", pgettext_lazy("why a fact is known", "It is public")
    OPT_IN = "opt_in", pgettext_lazy("why a fact is known", "They agreed")


class ContactFact(models.Model):
    """A free field of a contact, such as a customer number; ``folded`` is what is searched."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)
    ground = models.CharField(max_length=16, choices=Ground)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "name"], name="one_fact_per_name")]
        indexes = [
            models.Index(
                fields=["team", "folded"], name="facts_by_beginning", opclasses=["uuid_ops", "varchar_pattern_ops"]
            )
        ]


class FormerHandle(models.Model):
    """What a profile was called before: people rename, their id stays."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="former_handles")
    handle = models.CharField(max_length=255)
    until = models.DateTimeField()


class AwaitedProfile(models.Model):
    """A handle of the company's own list that has not written yet: whoever comes under it is this contact."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="awaited_profiles")
    network = models.CharField(max_length=32)
    handle = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "network", "handle"], name="one_contact_awaits_a_handle")
        ]


class ContactJoin(models.Model):
    """Two contacts that a person found to be one: what came from ``other``, so that it can be separated again."""

    class State(models.TextChoices):
        JOINED = "joined", _("Joined")
        SEPARATED = "separated", _("Separated")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="joins")
    other = models.ForeignKey(Contact, models.CASCADE, related_name="joined_into")
    state = models.CharField(max_length=16, choices=State, default=State.JOINED)
    profile_ids = models.JSONField(default=list)
    brought = models.JSONField(default=dict)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["other"], name="one_join_at_a_time", condition=models.Q(state="joined"))
        ]
