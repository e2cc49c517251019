"""Shapes of posts: what is written, and what a check says of it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pluralis.api.shapes.common import InstantField, TextField
from pluralis.posts.drafts import (
    LONGEST_OPTION,
    LONGEST_POLL,
    MOST_OPTIONS,
    MOST_PICTURES,
    MOST_SEGMENTS,
    Draft,
    DraftSegment,
    DraftVersion,
)
from pluralis.posts.models import PostState
from pluralis.posts.polls import read_poll
from pluralis.teams.models import LANGUAGES

# Wider than these an answer would be public; narrower ones are made by answering a private message.
VISIBILITIES = ("public", "unlisted", "private")
SPOKEN = [*LANGUAGES, ("", "")]


class PollShape(serializers.Serializer):
    """What a message asks. How many answers and how long they may be is told by the check of each account."""

    options = serializers.ListField(child=TextField(max_length=LONGEST_OPTION), max_length=MOST_OPTIONS)
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_POLL, help_text="How long it runs.")
    multiple = serializers.BooleanField(default=False, help_text="Whether several answers may be chosen.")


class SegmentShape(serializers.Serializer):
    """One message: its text, its pictures or film in order, and what it asks."""

    text = TextField(allow_blank=True)
    media_ids = serializers.ListField(
        child=serializers.UUIDField(), default=list, help_text=f"At most {MOST_PICTURES}."
    )
    poll = PollShape(allow_null=True, default=None)


class VersionShape(serializers.Serializer):
    """The messages for one account, or for all that have none of their own."""

    account_id = serializers.UUIDField(allow_null=True, default=None)
    segments = SegmentShape(many=True, help_text=f"1 to {MOST_SEGMENTS}; several make a thread.")


class DraftShape(serializers.Serializer):
    """A whole post as it is written. The first version is for all accounts."""

    versions = VersionShape(many=True)
    language = serializers.ChoiceField(SPOKEN, default="", help_text="Empty: found out from the text.")
    visibility = serializers.ChoiceField(VISIBILITIES, default="public")


class SaveShape(DraftShape):
    """A changed post, with the revision that the change started from."""

    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class CheckShape(DraftShape):
    """A draft to be checked for some accounts. Nothing is stored."""

    account_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)


class PostShape(serializers.Serializer):
    """A saved post."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(PostState.choices)
    revision = serializers.IntegerField()
    language = serializers.CharField()
    visibility = serializers.CharField()
    author = serializers.CharField(source="author.user.__str__", default=None, allow_null=True)
    versions = serializers.SerializerMethodField()
    created_at = InstantField()
    updated_at = InstantField()

    @extend_schema_field(VersionShape(many=True))
    def get_versions(self, post: Any) -> list[dict[str, Any]]:
        ordered = sorted(post.versions.all(), key=lambda one: one.account_id is not None)
        return [_version(one) for one in ordered]


def _version(version: Any) -> dict[str, Any]:
    segments = [
        {"text": one.text, "media_ids": [str(picture.media_id) for picture in one.pictures.all()], "poll": one.poll}
        for one in version.segments.all()
    ]
    return {"account_id": str(version.account_id) if version.account_id else None, "segments": segments}


class MediaShape(serializers.Serializer):
    """A picture or film of the team."""

    id = serializers.UUIDField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt_text = serializers.CharField()
    decorative = serializers.BooleanField()
    seconds = serializers.FloatField(allow_null=True, help_text="How long a film runs; null where it does not tell.")
    codec = serializers.CharField(help_text="How a film is packed; empty for pictures.")
    uncleaned = serializers.BooleanField(help_text="Whether a film may still tell where it was taken.")
    created_at = InstantField()


class UploadShape(serializers.Serializer):
    """A picture or film with its words for those who cannot see it."""

    file = serializers.FileField()
    alt_text = serializers.CharField(default="", allow_blank=True)
    decorative = serializers.BooleanField(default=False)


class DescriptionShape(serializers.Serializer):
    """What people are told of a picture who cannot see it."""

    alt_text = serializers.CharField(allow_blank=True, max_length=10_000)
    decorative = serializers.BooleanField(default=False)


class FindingShape(serializers.Serializer):
    """One place in a text that a rule speaks about; offsets are code points, the end exclusive."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    rule = serializers.CharField()
    severity = serializers.ChoiceField(["stop", "warn", "hint"])
    suggestion = serializers.CharField(allow_null=True)
    reason = serializers.CharField()


class LengthShape(serializers.Serializer):
    """How long a text is, in the unit of the network."""

    count = serializers.IntegerField()
    limit = serializers.IntegerField()
    bytes = serializers.IntegerField()
    byte_limit = serializers.IntegerField(allow_null=True)
    fits = serializers.BooleanField()


class ProblemShape(serializers.Serializer):
    """What is wrong with a whole message; ``number`` is the picture's, or the limit."""

    code = serializers.CharField()
    number = serializers.IntegerField()


class SegmentCheckShape(serializers.Serializer):
    """What one account would send as one message, measured and checked."""

    text = serializers.CharField()
    length = LengthShape()
    findings = FindingShape(many=True)
    problems = serializers.SerializerMethodField()
    rewritten = serializers.CharField(allow_null=True)
    blocked = serializers.BooleanField()

    @extend_schema_field(ProblemShape(many=True))
    def get_problems(self, check: Any) -> list[dict[str, Any]]:
        return [{"code": code, "number": number} for code, number in check.problems]


class AccountCheckShape(serializers.Serializer):
    """What one account would send."""

    account_id = serializers.UUIDField()
    segments = SegmentCheckShape(many=True)


def draft_of(values: dict[str, Any], **rest: Any) -> Draft:
    """Return the draft that a request of the shape :class:`DraftShape` holds."""
    versions = tuple(
        DraftVersion(
            tuple(
                DraftSegment(one["text"], tuple(one["media_ids"]), read_poll(one["poll"]))
                for one in version["segments"]
            ),
            version["account_id"],
        )
        for version in values["versions"]
    )
    return Draft(**rest | {"versions": versions, "language": values["language"], "visibility": values["visibility"]})
