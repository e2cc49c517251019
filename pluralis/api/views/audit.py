"""The audit log for programs of owners and leads."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.common import InstantField
from pluralis.api.views.base import SeatedView
from pluralis.teams.audit_log import PROGRAM, Asked, log_page
from pluralis.teams.models import Scope


class AuditAskedShape(serializers.Serializer):
    """Which entries."""

    person = serializers.UUIDField(required=False, help_text="Of one person, by their user id.")
    by_program = serializers.BooleanField(default=False, help_text="Only what the program did by itself.")
    action = serializers.RegexField(
        r"^[a-z_]+\.[a-z_]+(\.[a-z_]+)?$", default="", allow_blank=True, max_length=64,
        help_text="A name such as `posts.review.approved`, or its first two words.",
    )  # fmt: skip
    start = InstantField(required=False)
    end = InstantField(required=False)
    before = serializers.IntegerField(required=False, min_value=1, max_value=2**62, help_text="`next` of a page.")


class AuditEntryShape(serializers.Serializer):
    """One entry: ids and hashes, never the words of messages."""

    id = serializers.IntegerField()
    at = InstantField()
    person_id = serializers.UUIDField(source="actor_id", allow_null=True, help_text="Null: the program by itself.")
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.UUIDField(allow_null=True)
    data = serializers.DictField()


class AuditPageShape(serializers.Serializer):
    """A page of the log, newest first; `next` asks for the next one as `before`, null at the end."""

    entries = AuditEntryShape(many=True)
    next = serializers.IntegerField(allow_null=True)


class AuditLog(SeatedView):
    """The audit log."""

    scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="list_audit", tags=["team"], summary="Who did what in the team's name",
        parameters=[AuditAskedShape], responses=AuditPageShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = self.read(AuditAskedShape, request.query_params)
        person = PROGRAM if wanted["by_program"] else str(wanted.get("person", ""))
        asked = Asked(person, wanted["action"], wanted.get("start"), wanted.get("end"), wanted.get("before"))
        page = log_page(self.actor, asked)
        return Response(AuditPageShape({"entries": page.entries, "next": page.following}).data)
