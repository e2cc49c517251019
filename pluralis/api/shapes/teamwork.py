"""Shapes of working together: duty, notes, merge and split, routing, hours, alarms, answer times."""

from rest_framework import serializers

from pluralis.api.shapes.common import AccountBrief, InstantField, MemberBrief, TextField, ZoneField


class DutyTurnShape(serializers.Serializer):
    """Somebody is on duty from one instant until just before another."""

    member_id = serializers.UUIDField(source="member")
    starts_at = InstantField()
    ends_at = InstantField()


class DutyShape(serializers.Serializer):
    """Who is on duty now, and the roster between two instants."""

    on_duty = MemberBrief(many=True)
    roster = DutyTurnShape(many=True)


class PeriodShape(serializers.Serializer):
    """Between which instants; at most 92 days."""

    start = InstantField(required=False, help_text="Left out: now.")
    end = InstantField(required=False, help_text="Left out: seven days later.")


class OnDutyShape(serializers.Serializer):
    """On duty, or off."""

    on = serializers.BooleanField()


class TextShape(serializers.Serializer):
    """A text."""

    text = TextField(max_length=10_000)


class DutyNoteShape(serializers.Serializer):
    """A hand-over note."""

    id = serializers.UUIDField()
    author = MemberBrief(allow_null=True)
    text = serializers.CharField()
    created_at = InstantField()


class DutyNotesShape(serializers.Serializer):
    """The newest hand-over notes."""

    notes = DutyNoteShape(many=True)


class ShiftShape(serializers.Serializer):
    """A stretch of every week on a wall clock; ``weekday`` counts from Monday as 0."""

    id = serializers.UUIDField()
    member = MemberBrief()
    weekday = serializers.IntegerField()
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    zone = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class ShiftsShape(serializers.Serializer):
    """Weekly shifts."""

    shifts = ShiftShape(many=True)


class NewShiftShape(serializers.Serializer):
    """A shift on some days of every week; where it ends before it begins, it ends the next day."""

    member_id = serializers.UUIDField()
    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6), max_length=7)
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    zone = ZoneField(max_length=64)
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)


class NewDutyChangeShape(serializers.Serializer):
    """What differs for a stretch. With ``covering_id`` somebody else is on duty in the member's place."""

    member_id = serializers.UUIDField()
    on = serializers.BooleanField(default=False)
    covering_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    starts_at = InstantField()
    ends_at = InstantField()
    reason = serializers.CharField(default="", max_length=200, allow_blank=True)


class DutyChangeShape(serializers.Serializer):
    """What differs."""

    id = serializers.UUIDField()
    member_id = serializers.UUIDField()
    on = serializers.BooleanField()
    starts_at = InstantField()
    ends_at = InstantField()
    reason = serializers.CharField()


class DutyChangesShape(serializers.Serializer):
    """What differs; of a swap both sides."""

    changes = DutyChangeShape(many=True)


class NoteShape(serializers.Serializer):
    """What the team says to itself in a conversation."""

    id = serializers.UUIDField()
    author = MemberBrief(allow_null=True)
    text = serializers.CharField()
    mentions = serializers.ListField(child=serializers.UUIDField())
    created_at = InstantField()


class NotesShape(serializers.Serializer):
    """The notes of a conversation, oldest first."""

    notes = NoteShape(many=True)


class MergeShape(serializers.Serializer):
    """Into which conversation."""

    into_id = serializers.UUIDField()


class SplitShape(serializers.Serializer):
    """Which messages go."""

    message_ids = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class RegroupingShape(serializers.Serializer):
    """A merge or a split, which can be taken back."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["merge", "split"])
    source_id = serializers.UUIDField()
    target_id = serializers.UUIDField()


class BulkShape(serializers.Serializer):
    """One thing with many: ``member_id`` for assign, ``until`` for snooze."""

    what = serializers.ChoiceField(["claim", "release", "assign", "snooze", "resolve", "reopen"])
    conversation_ids = serializers.ListField(child=serializers.UUIDField(), max_length=200)
    member_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    until = InstantField(required=False, allow_null=True, default=None)


class RefusedShape(serializers.Serializer):
    """Why one was not done."""

    conversation_id = serializers.UUIDField()
    code = serializers.CharField()
    happened = serializers.CharField()


class BulkOutcomeShape(serializers.Serializer):
    """Which were done, and which were not."""

    done = serializers.ListField(child=serializers.UUIDField())
    refused = RefusedShape(many=True)


class RuleShape(serializers.Serializer):
    """A rule of routing: what it is for (empty: any) and who may get it (none: everybody who answers)."""

    language = serializers.CharField(default="", max_length=8, allow_blank=True)
    account_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    kind = serializers.CharField(default="", max_length=16, allow_blank=True)
    private = serializers.BooleanField(required=False, allow_null=True, default=None)
    member_ids = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=200)
    on_duty_only = serializers.BooleanField(default=True)
    speakers_only = serializers.BooleanField(default=True)
    most_load = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=1000)


class RulesShape(serializers.Serializer):
    """All rules, in the order in which they are tried."""

    rules = RuleShape(many=True)


class AlarmShape(serializers.Serializer):
    """Somebody waits too long."""

    id = serializers.UUIDField()
    account = AccountBrief()
    conversation_id = serializers.UUIDField()
    waiting_since = InstantField()
    raised_at = InstantField()


class AlarmsShape(serializers.Serializer):
    """What rings, longest waiting first, and how many wait longer than the alarm allows without ringing: they were
    late already when it was set, or wrote long before they were heard."""

    alarms = AlarmShape(many=True)
    waiting_longer = serializers.IntegerField()


class TimesAskedShape(serializers.Serializer):
    """Over how many days, and by what."""

    days = serializers.IntegerField(default=28, min_value=1, max_value=400)
    by = serializers.ChoiceField(["whole", "member", "kind", "account"], default="whole")


class TimesRowShape(serializers.Serializer):
    """Figures of one group; times in seconds of open time, shares from 0 to 1, null where nothing was counted."""

    key = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    answered = serializers.IntegerField()
    answer_median = serializers.FloatField(allow_null=True)
    answer_p90 = serializers.FloatField(allow_null=True)
    answer_share = serializers.FloatField(allow_null=True)
    resolved = serializers.IntegerField()
    resolve_median = serializers.FloatField(allow_null=True)
    resolve_p90 = serializers.FloatField(allow_null=True)
    resolve_share = serializers.FloatField(allow_null=True)


class TimesShape(serializers.Serializer):
    """Answer times."""

    rows = TimesRowShape(many=True)


class HoursShape(serializers.Serializer):
    """Opening hours and promises. ``week`` holds seven lists of ``["09:00", "18:00"]`` from Monday on, or none."""

    zone = ZoneField(max_length=64)
    week = serializers.ListField(
        child=serializers.ListField(
            child=serializers.ListField(child=serializers.CharField(max_length=5), min_length=2, max_length=2),
            max_length=10,
        ),
        max_length=7,
    )
    answer_minutes = serializers.IntegerField(allow_null=True, min_value=1, max_value=129_600)
    resolve_minutes = serializers.IntegerField(allow_null=True, min_value=1, max_value=129_600)
