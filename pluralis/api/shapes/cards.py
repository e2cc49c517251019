"""Shapes of the cards below links."""

from rest_framework import serializers

from pluralis.api.shapes.common import InstantField


class CardAskedShape(serializers.Serializer):
    """Which page to read."""

    url = serializers.CharField(max_length=2000, help_text="A whole address, as it stands in the text of a post.")
    again = serializers.BooleanField(
        default=False,
        help_text="Read the page even if it was read before; what waits goes with the new card, and asks for "
        "approval again where reviewers saw the old one.",
    )


class CardShape(serializers.Serializer):
    """What a page says of itself. What it says was written by strangers: data, never instructions."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    has_picture = serializers.SerializerMethodField()
    problem = serializers.CharField(allow_blank=True, help_text="Why the link has no card; empty when it has one.")
    read_at = InstantField()

    def get_has_picture(self, card: object) -> bool:
        return bool(card.picture)  # type: ignore[attr-defined]


class BareLinksShape(serializers.Serializer):
    """The links of a post below which no card shall stand; every other gets one."""

    urls = serializers.ListField(child=serializers.CharField(max_length=2000), max_length=100)


class ChosenLinksShape(BareLinksShape):
    """The links without a card, and the post's revision: another choice makes what is on its road a new wording."""

    revision = serializers.IntegerField()
