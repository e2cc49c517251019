"""Shapes of files of posts, their rows, and of exports."""

from typing import Any

from rest_framework import serializers

from pluralis.api.shapes.common import InstantField, ZoneField
from pluralis.core.delivery import MissedPolicy
from pluralis.core.exporting import CSV, FORMATS
from pluralis.core.importing import FIELDS
from pluralis.publishing.models import Delivery, Import, ImportRow, ImportState
from pluralis.publishing.queries.imports import SHOWN, problems_of

COLUMN_KINDS = [(each, each or "left out") for each in FIELDS]


class FileShape(serializers.Serializer):
    """A file as it is handed in."""

    file = serializers.FileField(help_text="CSV or a spreadsheet (.xlsx, .xls, .ods), at most 20 MB.")


class PicturesShape(serializers.Serializer):
    """One picture that rows name by its file name."""

    file = serializers.ImageField()


class LayoutShape(serializers.Serializer):
    """How a file was read. ``guess`` is what each column seems to be; more than one encoding means: choose."""

    kind = serializers.CharField()
    layout = serializers.CharField(help_text="plain, hootsuite or buffer")
    encoding = serializers.CharField()
    encodings = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    delimiter = serializers.CharField()
    sheet = serializers.CharField()
    sheets = serializers.ListField(child=serializers.CharField())
    header = serializers.BooleanField()
    names = serializers.ListField(child=serializers.CharField())
    guess = serializers.ListField(child=serializers.CharField())


class ImportShape(serializers.Serializer):
    """A file of posts, and how far it is."""

    id = serializers.UUIDField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(ImportState.choices)
    shape = LayoutShape()
    rows_total = serializers.IntegerField()
    rows_checked = serializers.IntegerField()
    rows_chosen = serializers.IntegerField(help_text="Chosen and without a problem that stops them.")
    rows_saved = serializers.IntegerField()
    rows_failed = serializers.IntegerField()
    taken_back = serializers.DictField(child=serializers.IntegerField())
    created_at = InstantField()
    finished_at = InstantField(allow_null=True)


class ReadingShape(serializers.Serializer):
    """How to read the file instead; left out: as it seems."""

    encoding = serializers.CharField(default="", allow_blank=True, max_length=40)
    delimiter = serializers.CharField(default="", allow_blank=True, max_length=1, trim_whitespace=False)
    sheet = serializers.CharField(default="", allow_blank=True, max_length=200)


class ColumnsShape(serializers.Serializer):
    """What each column is, and how the file is meant. ``order`` is needed where days can be read two ways."""

    fields_ = serializers.ListField(child=serializers.ChoiceField(COLUMN_KINDS), max_length=60)
    zone = ZoneField(default="UTC")
    account_ids = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=50)
    order = serializers.ChoiceField([("", "as it seems"), ("dmy", "day"), ("mdy", "month")], default="")
    drafts = serializers.BooleanField(default=False)
    same_texts = serializers.BooleanField(default=False, help_text="Texts that repeat are meant.")
    override_reason = serializers.CharField(default="", allow_blank=True, max_length=300)
    missed_policy = serializers.ChoiceField(Delivery.Missed.choices, default=MissedPolicy.ASK.value)

    def get_fields(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class ProblemShape(serializers.Serializer):
    """What is said about a row."""

    column = serializers.CharField(help_text="The column's letter; empty: the whole row.")
    code = serializers.CharField(help_text="Stable, for programs.")
    happened = serializers.CharField()
    advice = serializers.CharField()
    stops = serializers.BooleanField()


class RowShape(serializers.Serializer):
    """One row: what it would be, and every problem with it."""

    number = serializers.IntegerField()
    chosen = serializers.BooleanField()
    state = serializers.ChoiceField(ImportRow.State.choices)
    texts = serializers.SerializerMethodField()
    at = serializers.SerializerMethodField()
    post_id = serializers.UUIDField(allow_null=True)
    problems = serializers.SerializerMethodField()

    def get_texts(self, row: ImportRow) -> list[str]:
        return list(row.plan.get("texts", ()))

    def get_at(self, row: ImportRow) -> str | None:
        at: str | None = row.plan.get("at")
        return at

    def get_problems(self, row: ImportRow) -> list[dict[str, Any]]:
        one: Import = self.context["one"]
        return [dict(ProblemShape(each).data) for each in problems_of(one, row)]


class RowsShape(serializers.Serializer):
    """Which rows are asked for."""

    show = serializers.ChoiceField([(each, each) for each in SHOWN], default="all")
    page = serializers.IntegerField(default=1, min_value=1, max_value=1000)


class ChooseShape(serializers.Serializer):
    """Rows to take in or to leave out; without numbers: all."""

    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10**6), required=False, max_length=20_000
    )
    chosen = serializers.BooleanField()


class ChosenShape(serializers.Serializer):
    """How many rows are chosen now."""

    rows_chosen = serializers.IntegerField()


class ExportShape(serializers.Serializer):
    """Which rows, and how they are written."""

    start = InstantField()
    end = InstantField()
    account = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=50)
    kind = serializers.ChoiceField([(each, each) for each in FORMATS], default=CSV)
