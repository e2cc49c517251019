"""What is looked for: every message's words for searching, and what we look for on the networks."""

from typing import Any

from django.db import models

from pluralis.inbox.models.conversations import Conversation, Message
from pluralis.teams.fields import IdField
from pluralis.teams.models import Account, Membership, Team


class VectorField(models.Field):  # type: ignore[type-arg]  # no generic class when it runs
    """PostgreSQL's ``tsvector``. Written by the database alone, and never read by Python."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


@VectorField.register_lookup
class Holds(models.Lookup):
    """``words__holds="'a' & 'b'"``: whether the words answer a question in PostgreSQL's own form."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        words, params = self.process_lhs(compiler, connection)
        return f"{words} @@ %s::tsquery", [*params, self.rhs]


class SearchEntry(models.Model):
    """The words of one message, each behind a mark of its team, in a table narrow enough to stay in memory.

    A trigger of the database writes it from ``Message.search_text`` (:func:`pluralis.core.searching.indexed`), so
    that no writer of messages can forget it. The mark keeps one team's words from slowing another's search.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="search_entry")
    team = models.ForeignKey(Team, models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="search_entries")
    at = models.DateTimeField()
    words = VectorField()

    class Meta:
        indexes = [models.Index(fields=["team", "-at", "-message"], name="search_newest")]


class NetworkSearch(models.Model):
    """Words or a hashtag that are looked for on a network, read through one account as a stream of its own.

    A hashtag begins with ``#``. ``labels`` are the kinds of message that wait for an answer when they are found;
    everything else is only shown. ``most_a_day`` is how many posts it may bring in a UTC day, which bounds its price.
    ``paused_at`` rests it, ``ended_at`` ends it.
    """

    id = IdField()
    team = models.ForeignKey(Team, models.CASCADE)
    account = models.ForeignKey(Account, models.CASCADE, related_name="searches")
    words = models.CharField(max_length=200)
    stream = models.CharField(max_length=32)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    labels = models.JSONField(default=list, db_default=[], blank=True)
    most_a_day = models.PositiveIntegerField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "stream"], name="one_search_per_stream"),
            models.UniqueConstraint(
                fields=["account", "words"], name="one_search_of_these_words", condition=models.Q(ended_at=None)
            ),
        ]
