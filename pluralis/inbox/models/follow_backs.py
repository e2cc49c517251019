"""What a person decided about somebody who follows one of our accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.inbox.models.conversations import Profile
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class FollowBack(models.Model):
    """A decision about following a profile back from an account: done by hand on the network, or not wanted.

    Taking it back removes the row; the audit log keeps both.
    """

    class Decision(models.TextChoices):
        DONE = "done", _("Followed back")
        DISMISSED = "dismissed", _("Not this one")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="follow_backs")
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="follow_backs")
    decision = models.CharField(max_length=16, choices=Decision)
    decided_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "profile"], name="one_follow_decision")]
        indexes = [models.Index(fields=["account", "-decided_at"], name="follow_decisions_newest")]
