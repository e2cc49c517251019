"""Who looked at masked personal data, and whose data must be kept for now."""

from django.db import models

from pluralis.inbox.models.conversations import Contact, Conversation
from pluralis.teams.fields import IdField
from pluralis.teams.models import Membership, Team


class Unmasking(models.Model):
    """A member looked at the personal data of a conversation; until ``until`` they see it. Kept as a log."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="unmaskings")
    member = models.ForeignKey(Membership, models.CASCADE)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["conversation", "member", "-until"], name="who_looked")]


class LegalHold(models.Model):
    """What a contact wrote must be kept until an instant: nothing of it is masked or erased before."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="legal_holds")
    reason = models.TextField()
    until = models.DateTimeField()
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], name="one_legal_hold", condition=models.Q(lifted_at__isnull=True)
            )
        ]
