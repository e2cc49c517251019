"""How members look at the inbox: saved views, columns side by side, and how far each has read."""

from django.db import models

from pluralis.inbox.models.conversations import Conversation
from pluralis.teams.fields import IdField
from pluralis.teams.models import Membership, Team


class SavedView(models.Model):
    """A filter with a name; without an ``owner`` the whole team has it."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    owner = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="saved_views")
    name = models.CharField(max_length=60)
    wanted = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Column(models.Model):
    """A saved view in a member's row of columns."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="columns")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="columns")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "view"], name="one_column_per_view")]


class ReadMark(models.Model):
    """How far a member has read a conversation; what came later is unread."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="read_marks")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="read_marks")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "member"], name="one_mark_per_reader")]
