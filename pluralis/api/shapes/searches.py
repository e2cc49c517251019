"""Shapes of searches on the networks."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField
from pluralis.core.triage import LABELS
from pluralis.inbox.actions.searches import GREATEST_A_DAY, LEAST_A_DAY, LONGEST


class SearchShape(serializers.Serializer):
    """A search: what it looks for and how far it is. ``found`` counts conversations, ``items`` this month's posts.

    ``price`` is what those posts cost at most; null where reading is free or the contract is not known.
    """

    id = serializers.UUIDField(source="search.id")
    words = serializers.CharField(source="search.words", help_text="A hashtag begins with #.")
    account = AccountBrief(source="search.account")
    labels = serializers.ListField(child=serializers.CharField(), source="search.labels")
    most_a_day = serializers.IntegerField(source="search.most_a_day", allow_null=True)
    paused_at = InstantField(source="search.paused_at", allow_null=True)
    made_at = InstantField(source="search.made_at")
    seen_until = InstantField(allow_null=True)
    reason = serializers.CharField(
        help_text="Why it cannot be read now; *enough_today* when it brought its most, *over_budget* when the "
        "month's budget is spent."
    )
    found = serializers.IntegerField()
    items = serializers.IntegerField()
    price = serializers.DecimalField(16, 4, source="price.amount", default=None, allow_null=True)


class NewSearchShape(serializers.Serializer):
    """What shall be looked for, and which labels of what is found wait for an answer."""

    account_id = serializers.UUIDField()
    words = serializers.CharField(max_length=LONGEST, help_text="A single word behind # is a hashtag.")
    labels = serializers.ListField(child=serializers.ChoiceField(LABELS), default=list)
    most_a_day = serializers.IntegerField(
        min_value=LEAST_A_DAY, max_value=GREATEST_A_DAY, default=None, allow_null=True,
        help_text="Posts of a UTC day, where reading has its price.",
    )  # fmt: skip
