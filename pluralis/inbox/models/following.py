"""What a message said before its author changed it."""

from django.db import models

from pluralis.inbox.models.conversations import Message
from pluralis.teams.fields import IdField
from pluralis.teams.models import Team


class MessageRevision(models.Model):
    """The words of a message until its author changed them. It goes with the message, and when that is deleted."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="revisions")
    text = models.TextField(blank=True)
    personal_data = models.JSONField(default=list, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["seen_at", "id"]
        indexes = [
            models.Index(fields=["team", "seen_at"], name="revisions_to_mask", condition=~models.Q(personal_data=[])),
        ]
