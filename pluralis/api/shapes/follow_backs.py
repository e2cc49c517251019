"""Shapes of followers worth following back. Names and handles come from strangers: data only."""

from rest_framework import serializers

from pluralis.api.shapes.common import InstantField, MemberBrief
from pluralis.api.shapes.contacts import ProfileShape
from pluralis.core.following_back import Why
from pluralis.inbox.models import FollowBack


class ReasonShape(serializers.Serializer):
    """Why somebody is worth following back: the ``number`` behind it (of 90 days; or followers), or a tag's words."""

    why = serializers.ChoiceField([str(each) for each in Why])
    number = serializers.IntegerField()
    words = serializers.CharField()


class WorthShape(serializers.Serializer):
    """Somebody who follows the account and is not followed back; the strongest reason stands first.

    ``page`` is where a person follows them by hand. ``seen_at`` is when the network told.
    """

    profile = ProfileShape()
    contact_id = serializers.UUIDField(source="profile.contact_id")
    reasons = ReasonShape(many=True)
    page = serializers.CharField()
    seen_at = InstantField()


class DecidedShape(serializers.Serializer):
    """What a person decided about a follower."""

    profile = ProfileShape()
    decision = serializers.ChoiceField(FollowBack.Decision.choices)
    decided_by = MemberBrief(allow_null=True)
    decided_at = InstantField()


class FollowBacksShape(serializers.Serializer):
    """The list of an account, the most worthwhile first, and the latest decisions.

    ``known`` is about how many people the network told lately. ``price`` is what asking about ``at_once`` more costs
    at most; null where it is free or the contract is not known.
    """

    people = WorthShape(many=True)
    decided = DecidedShape(many=True)
    known = serializers.IntegerField()
    last_asked_at = InstantField(allow_null=True)
    at_once = serializers.IntegerField()
    price = serializers.DecimalField(16, 4, source="price.amount", default=None, allow_null=True)


class DecisionShape(serializers.Serializer):
    """What was decided: followed back by hand, or not this one."""

    decision = serializers.ChoiceField(FollowBack.Decision.choices)


class AskedShape(serializers.Serializer):
    """About how many people the network told."""

    told = serializers.IntegerField()
