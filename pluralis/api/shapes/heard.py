"""Shapes of how completely the accounts were heard."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField


class HeardAccountShape(serializers.Serializer):
    """One account: ``until`` is when its slowest stream was read to its end, null while one never was."""

    account = AccountBrief()
    until = InstantField(allow_null=True)
    reason = serializers.CharField(help_text="Why it cannot be read now; it is tried again by itself.")


class HeardGapShape(serializers.Serializer):
    """A stretch of messages that was not read: it is being read, or was given up for ``reason``."""

    account = AccountBrief()
    stream = serializers.CharField()
    noticed_at = InstantField()
    found = serializers.IntegerField(help_text="Messages of it that were found since.")
    given_up_at = InstantField(allow_null=True)
    reason = serializers.CharField()


class HeardShape(serializers.Serializer):
    """All accounts together: ``until`` is the earliest of theirs, ``whole`` that nothing is missing before it."""

    until = InstantField(allow_null=True)
    whole = serializers.BooleanField()
    accounts = HeardAccountShape(many=True)
    gaps = HeardGapShape(many=True)


class HeardOfShape(serializers.Serializer):
    """Of which account it is asked."""

    account = serializers.UUIDField(required=False, help_text="Left out: all connected accounts.")
