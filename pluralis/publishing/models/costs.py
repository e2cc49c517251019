"""What publishing costs where a network is paid by use: what was charged, and how much may be."""

from django.db import models

from pluralis.publishing.models.parts import Part
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class Charge(models.Model):
    """What a network took for one write of ours, by the dated list of the day it was sent. Never changed.

    A write that is no post, such as a repost, has no part.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    part = models.OneToOneField(Part, models.CASCADE, null=True, blank=True, related_name="charge")
    line = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=12, decimal_places=4)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "at"], name="charges_of_a_month")]


class Overrun(models.Model):
    """A lead's word that one post goes out although its price passes a budget, with the reason."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    part = models.OneToOneField(Part, models.CASCADE, related_name="overrun")
    member = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    reason = models.TextField()
    at = models.DateTimeField()


class Budget(models.Model):
    """How much a month may cost: of one account, or with no account of the whole team."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    warned_for = models.DateField(null=True, blank=True)
    overridden_for = models.DateField(null=True, blank=True)
    changed_by = models.ForeignKey(Membership, models.SET_NULL, null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "account"], name="one_budget_each", nulls_distinct=False)
        ]
