"""Shapes of deliveries, their parts, and the order to stop."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, ZoneField
from pluralis.core.delivery import MissedPolicy
from pluralis.core.states import PartState
from pluralis.publishing.models import Delivery, Part
from pluralis.publishing.uploads import upload_trouble

PART_STATES = [(one.value, one.value) for one in PartState]


class ConfirmShape(serializers.Serializer):
    """The questions that were answered with yes."""

    confirm_same_text = serializers.BooleanField(default=False, help_text="The same text again within 24 hours.")
    confirm_second_answer = serializers.BooleanField(default=False, help_text="A second answer to one message.")
    override_reason = serializers.CharField(
        default="", allow_blank=True, max_length=500, help_text="Why a *stop* finding may go out; leads only."
    )


class ScheduleShape(ConfirmShape):
    """Which accounts send a post, when, and what happens when that hour is missed."""

    account_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    at = InstantField(required=False, help_text="Left out: in ten seconds, so that it can be taken back.")
    zone = ZoneField(default="UTC", help_text="Where the wall clock was read.")
    missed_policy = serializers.ChoiceField(Delivery.Missed.choices, default=MissedPolicy.ASK.value)
    late_limit_minutes = serializers.IntegerField(default=120, min_value=1, max_value=7 * 24 * 60)
    by_hand_account_ids = serializers.ListField(
        child=serializers.UUIDField(), default=list, max_length=50,
        help_text="Where a person sends what costs a program much more, such as a post with a link on X.",
    )  # fmt: skip


class PartShape(serializers.Serializer):
    """One message of a delivery: one write on the network."""

    id = serializers.UUIDField()
    delivery_id = serializers.UUIDField()
    position = serializers.IntegerField()
    text = serializers.CharField()
    state = serializers.ChoiceField(PART_STATES)
    hold_reason = serializers.CharField()
    reason = serializers.CharField()
    planned_at = InstantField()
    due_at = InstantField()
    sent_at = InstantField(allow_null=True)
    remote_id = serializers.CharField(allow_null=True)
    url = serializers.CharField()
    by_hand_url = serializers.CharField()
    upload_problem = serializers.SerializerMethodField(
        help_text="Why its pictures or film could not be uploaded ahead of time; empty when nothing is wrong. It is "
        "tried again when the part is due."
    )
    upload_refused = serializers.SerializerMethodField(
        help_text="The network said no to a file for good: replace it before the part is due."
    )

    def get_upload_problem(self, part: Part) -> str:
        trouble = upload_trouble(part)
        return trouble.problem if trouble else ""

    def get_upload_refused(self, part: Part) -> bool:
        trouble = upload_trouble(part)
        return trouble.refused if trouble else False


class DeliveryShape(serializers.Serializer):
    """One post on one account."""

    id = serializers.UUIDField()
    post_id = serializers.UUIDField()
    account = AccountBrief()
    planned_at = InstantField()
    zone = serializers.CharField()
    missed_policy = serializers.ChoiceField(Delivery.Missed.choices)
    late_limit_minutes = serializers.SerializerMethodField()
    parts = PartShape(many=True, source="shown_parts")

    def get_late_limit_minutes(self, delivery: Delivery) -> int:
        return delivery.late_limit // timedelta(minutes=1)


class BetweenShape(serializers.Serializer):
    """Which days are asked for."""

    start = InstantField(help_text="The first instant.")
    end = InstantField(help_text="The first instant that is no longer asked for; at most 366 days later.")
    account = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not timedelta(0) < attrs["end"] - attrs["start"] <= timedelta(days=366):
            raise serializers.ValidationError({"end": "between one moment and 366 days after the start"})
        return attrs


class AttemptResultShape(serializers.Serializer):
    """How a try ended, or what a later look said of it."""

    outcome = serializers.CharField()
    at = InstantField()


class AttemptShape(serializers.Serializer):
    """One try."""

    number = serializers.IntegerField(source="id")
    at = InstantField()
    results = AttemptResultShape(many=True)


class WholePartShape(PartShape):
    """A part with every attempt, oldest first."""

    history = AttemptShape(many=True)


class MoveShape(serializers.Serializer):
    """To when."""

    at = InstantField()


class AgainShape(serializers.Serializer):
    """When to try again; left out: now."""

    at = InstantField(required=False)


class LinkShape(serializers.Serializer):
    """Where a part in doubt stands on the network: a person has seen it there."""

    remote_id = serializers.CharField(max_length=500)
    url = serializers.URLField(max_length=1000)


class StopShape(serializers.Serializer):
    """Why everything is stopped."""

    reason = serializers.CharField(default="", allow_blank=True, max_length=500)


class StoppedShape(serializers.Serializer):
    """Whether a stop stands over the team; ``held`` counts the parts that this order held."""

    stopped = serializers.BooleanField()
    reason = serializers.CharField()
    ordered_at = InstantField(allow_null=True)
    held = serializers.IntegerField(allow_null=True)
