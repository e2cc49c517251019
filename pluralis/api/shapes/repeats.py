"""Shapes of repeats, their coming times, queue slots and evergreen posts."""

from datetime import datetime, timedelta
from typing import Any

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, TextField
from pluralis.api.shapes.publishing import ConfirmShape
from pluralis.core.delivery import MissedPolicy
from pluralis.core.schedule import Edge
from pluralis.publishing.actions import RepeatOrder
from pluralis.publishing.models import Delivery, Recurrence

EDGES = [(one.value, one.value or "none") for one in Edge]
STATES = [(one, one) for one in ("planned", "skipped", "later")]


class RepeatRuleShape(serializers.Serializer):
    """A rule (RFC 5545) on the clocks of a zone."""

    rule = serializers.CharField(max_length=500, help_text="Such as FREQ=WEEKLY;BYDAY=MO,TH. Daily or rarer.")
    zone = serializers.CharField(max_length=64, help_text="Whose clocks: such as Europe/Paris.")
    start = serializers.CharField(max_length=16, help_text="The wall clock it starts at: 2031-11-23T09:00.")
    exceptions = serializers.ListField(
        child=serializers.CharField(max_length=16), default=list, max_length=366,
        help_text="Local days (2031-12-24) or times (2031-12-24T09:00) that are left out.",
    )  # fmt: skip

    def validate_start(self, value: str) -> datetime:
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - a wall clock has no zone of its own
        except ValueError:
            raise serializers.ValidationError("a wall clock without an offset, such as 2031-11-23T09:00") from None


class OrderShape(RepeatRuleShape):
    """How a post repeats, and where."""

    account_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    texts = serializers.ListField(
        child=TextField(max_length=20_000), default=list, max_length=200,
        help_text="Further texts, used in turn after the post's own; written by people, never generated.",
    )  # fmt: skip
    missed_policy = serializers.ChoiceField(Delivery.Missed.choices, default=MissedPolicy.ASK.value)
    late_limit_minutes = serializers.IntegerField(default=120, min_value=1, max_value=7 * 24 * 60)
    override_reason = serializers.CharField(default="", allow_blank=True, max_length=500)


class NewRepeatShape(OrderShape):
    """A new repeat of a saved post."""

    post_id = serializers.UUIDField()


class TimeShape(serializers.Serializer):
    """One time by the rule alone."""

    local = serializers.CharField(help_text="Its name: the rule's own wall clock.")
    at = InstantField()
    clock_change = serializers.ChoiceField(
        EDGES, source="edge", allow_blank=True,
        help_text="skipped: goes out right after the gap. doubled: goes out the first time.",
    )  # fmt: skip


class ComingShape(TimeShape):
    """One coming time of a repeat. *later* is not made yet."""

    state = serializers.ChoiceField(STATES)
    post_id = serializers.UUIDField(allow_null=True)
    moved = serializers.BooleanField()


class PreviewShape(serializers.Serializer):
    """What a rule does."""

    summary = serializers.CharField(help_text="In the member's language.")
    times = TimeShape(many=True)


class RepeatShape(serializers.Serializer):
    """A repeat."""

    id = serializers.UUIDField()
    post_id = serializers.UUIDField()
    rule = serializers.CharField()
    zone = serializers.CharField()
    start = serializers.SerializerMethodField()
    exceptions = serializers.ListField(child=serializers.CharField())
    missed_policy = serializers.ChoiceField(Delivery.Missed.choices)
    accounts = serializers.SerializerMethodField()
    texts_left = serializers.IntegerField(help_text="How many texts were not used yet.")
    paused_at = InstantField(allow_null=True)
    ended_at = InstantField(allow_null=True)
    waiting_code = serializers.CharField(help_text="Why it does not go on by itself; empty when it does.")
    waiting_words = serializers.CharField()

    def get_start(self, recurrence: Recurrence) -> str:
        return recurrence.repeat.start.strftime("%Y-%m-%dT%H:%M")

    def get_accounts(self, recurrence: Recurrence) -> list[dict[str, Any]]:
        return [dict(AccountBrief(seat.account).data) for seat in recurrence.seats.all()]


class WholeRepeatShape(RepeatShape):
    """A repeat with its coming times."""

    coming = ComingShape(many=True)


class LocalShape(serializers.Serializer):
    """Which time of a repeat."""

    local = serializers.CharField(max_length=16)


class MoveLocalShape(LocalShape):
    """Which time goes where."""

    at = InstantField()


class TextsShape(serializers.Serializer):
    """The texts that wait for their turn."""

    texts = serializers.ListField(child=TextField(max_length=20_000), max_length=200)


class SlotShape(serializers.Serializer):
    """A weekday (0 is Monday) and a wall clock in the account's zone."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    time = serializers.TimeField(source="local_time", format="%H:%M", input_formats=["%H:%M"])


class SlotsShape(serializers.Serializer):
    """The slots of an account, on the clocks of its zone."""

    zone = serializers.CharField(read_only=True)
    slots = SlotShape(many=True)


class QueueShape(ConfirmShape):
    """Which accounts take a post into their next free slot."""

    account_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)


class ArrangeShape(serializers.Serializer):
    """Every queued delivery of the account once, in the new order."""

    delivery_ids = serializers.ListField(child=serializers.UUIDField(), max_length=2000)


class EvergreenShape(serializers.Serializer):
    """A post that refills empty slots."""

    id = serializers.UUIDField(read_only=True)
    post_id = serializers.UUIDField()
    uses = serializers.IntegerField(read_only=True)
    last_used_at = InstantField(read_only=True, allow_null=True)
    waiting_code = serializers.CharField(read_only=True)
    waiting_words = serializers.CharField(read_only=True)


def order_from(values: dict[str, Any]) -> RepeatOrder:
    """Return the order of a request."""
    return RepeatOrder(
        rule=values["rule"],
        zone=values["zone"],
        starts_on=values["start"].date(),
        local_time=values["start"].time(),
        exceptions=tuple(values["exceptions"]),
        texts=tuple(values.get("texts", ())),
        missed_policy=MissedPolicy(values.get("missed_policy", MissedPolicy.ASK)),
        late_limit=timedelta(minutes=values.get("late_limit_minutes", 120)),
        override_reason=values.get("override_reason", "").strip(),
    )
