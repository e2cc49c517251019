"""What somebody outside wrote, shown among an account's own posts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pluralis.inbox.models.conversations import Message
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class Repost(models.Model):
    """A message that an account reposted: by the program, or by a person's hand on the network's page.

    At most one stands for a message and an account; what was taken back stays as a row.
    """

    class State(models.TextChoices):
        DONE = "done", _("Reposted")
        TAKEN_BACK = "taken_back", _("Taken back")

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE, db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="reposts")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.DONE)
    by_hand = models.BooleanField(default=False)
    reposted_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    reposted_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "account"], name="one_standing_repost", condition=models.Q(state="done")
            )
        ]
        ordering = ["-reposted_at", "-id"]
