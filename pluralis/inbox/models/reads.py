"""What was read from networks that are paid by use, counted by day."""

from django.db import models

from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Team


class ReadCount(models.Model):
    """How many calls one stream of an account took on one UTC day, and how many items came with them."""

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    day = models.DateField()
    stream = models.CharField(max_length=32)
    calls = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day", "stream"], name="one_count_per_day")]
