"""Shapes of what did not go as planned, and of corrections to what is out."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, TextField
from pluralis.api.shapes.publishing import PartShape
from pluralis.publishing.models import Correction


class AffectedShape(serializers.Serializer):
    """One post on one account that did not go as planned, with its parts that did not."""

    delivery_id = serializers.UUIDField(source="delivery.id")
    account = AccountBrief(source="first.account")
    parts = PartShape(many=True)


class MissedRepeatShape(serializers.Serializer):
    """A repeat of which times passed unplanned; `local` names the last one, for `send_missed_repeat_time`."""

    recurrence_id = serializers.UUIDField(source="recurrence.id")
    local = serializers.CharField(source="last.local")
    planned_at = InstantField(source="last.planned_at")
    number = serializers.IntegerField(help_text="How many times passed unplanned in the last two weeks.")
    text = serializers.CharField()
    accounts = AccountBrief(many=True)


class AftermathShape(serializers.Serializer):
    """What became of each post: *hanging* is being sent by a worker that hangs."""

    missed = AffectedShape(many=True)
    held = AffectedShape(many=True)
    late = AffectedShape(many=True)
    skipped = AffectedShape(many=True)
    unconfirmed = AffectedShape(many=True)
    hanging = AffectedShape(many=True)
    unplanned = MissedRepeatShape(many=True)


class BringBackShape(serializers.Serializer):
    """Which held or missed deliveries go on (now, or at an instant) or are taken back."""

    delivery_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)
    do = serializers.ChoiceField([("release", "release"), ("cancel", "cancel")])
    at = InstantField(required=False, help_text="When they go out; left out: now.")
    as_planned = serializers.BooleanField(
        default=False, help_text="Each goes out at its own time, and is refused where that has passed."
    )


class NotBroughtBackShape(serializers.Serializer):
    """A delivery that could not be dealt with, and why."""

    delivery_id = serializers.UUIDField()
    why = serializers.CharField()


class BroughtBackShape(serializers.Serializer):
    """How many were dealt with, and why the others were not."""

    done = serializers.IntegerField()
    refused = NotBroughtBackShape(many=True)


class TakeDownShape(serializers.Serializer):
    """The one message, or the whole thread with what of it still waits."""

    whole = serializers.BooleanField(default=False)


class NewWordsShape(serializers.Serializer):
    """Other words for a message that is out."""

    text = TextField(max_length=100_000)


class CorrectionShape(serializers.Serializer):
    """One change to a part that is out."""

    id = serializers.UUIDField()
    part_id = serializers.UUIDField()
    kind = serializers.ChoiceField(Correction.Kind.choices)
    state = serializers.ChoiceField(Correction.State.choices)
    text = serializers.CharField()
    reason = serializers.CharField()
    asked_at = InstantField()
    done_at = InstantField(allow_null=True)
