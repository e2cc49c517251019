"""Shapes that every part of the API shares: instants, zones, texts and errors."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FIRST_YEAR, LAST_YEAR = 2000, 2200


class InstantField(serializers.DateTimeField):
    """An instant: ISO 8601 with its offset from UTC. A wall clock without one could mean many instants."""

    default_error_messages = {
        "naive": _("Give the offset from UTC, such as 2026-11-22T09:30:00+01:00."),
        "far": _("Give a year between 2000 and 2200."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.fail("far")
        return value.astimezone(UTC)


class TextField(serializers.CharField):
    """A text as it was typed: white space and odd characters reach the actions, which say what is wrong with them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"trim_whitespace": False})
        # DRF's own two validators would refuse a null or half a symbol before the action can say what was kept.
        self.validators: list[Any] = [one for one in self.validators if not type(one).__name__.startswith("Prohibit")]


class ZoneField(serializers.CharField):
    """A named time zone, such as Europe/Paris."""

    default_error_messages = {"zone": _("There is no such time zone.")}

    def to_internal_value(self, data: Any) -> str:
        name: str = super().to_internal_value(data)
        if name not in available_timezones():
            self.fail("zone")
        return name


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class WordsField(serializers.DictField):
    """Texts by name."""

    child = serializers.CharField()


class ErrorShape(serializers.Serializer):
    """Every error of the API."""

    code = serializers.CharField(help_text="Stable, for programs.")
    happened = serializers.CharField(help_text="What happened, in the person's language.")
    kept = serializers.CharField(help_text="What was kept.")
    next_step = serializers.CharField(help_text="What to do next.")
    fields = WordsField(help_text="What is wrong, by place.")


class AccountBrief(serializers.Serializer):
    """An account in few words."""

    id = serializers.UUIDField()
    network = serializers.CharField()
    handle = serializers.CharField()


class MemberBrief(serializers.Serializer):
    """A member in few words."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="user.__str__")
    initials = serializers.CharField()
