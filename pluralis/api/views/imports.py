"""Files of posts: handed in, laid out, checked, planned and taken back; and the team's data as files."""

import hashlib
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.imports import (
    ChooseShape,
    ChosenShape,
    ColumnsShape,
    ExportShape,
    FileShape,
    ImportShape,
    PicturesShape,
    ReadingShape,
    RowShape,
    RowsShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.config.streaming import streamed
from pluralis.core.delivery import MissedPolicy
from pluralis.core.exporting import TYPES, written
from pluralis.core.importing import MOST_BYTES, Unreadable
from pluralis.inbox.queries.exports import KINDS, Wanted
from pluralis.publishing import actions
from pluralis.publishing.access import access_import
from pluralis.publishing.actions import Decisions, Reading
from pluralis.publishing.import_words import unreadable
from pluralis.publishing.models import Import
from pluralis.publishing.queries.imports import PAGE, imports_of, rows_of
from pluralis.teams.access import Ability, require
from pluralis.teams.actions import note_export
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Scope


def shown(one: Import) -> dict[str, Any]:
    """Return an import as its shape shows it."""
    return dict(ImportShape(one).data)


class Imports(SeatedView):
    """Files handed in."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_imports", tags=["imports"], summary="List the files of posts, newest first",
        responses=ImportShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.WRITE)
        return Response(ImportShape(imports_of(self.actor), many=True).data)

    @extend_schema(
        operation_id="start_import", tags=["imports"], summary="Hand in a file of posts", parameters=[KEY],
        description="Nothing of it is a post yet: say what its columns are, look at every row's problems, then save.",
        request={"multipart/form-data": FileShape}, responses={201: ImportShape},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        sent = self.read(FileShape)["file"]
        if sent.size > MOST_BYTES:
            raise unreadable(Unreadable("too_large", most=MOST_BYTES // 2**20))
        content = sent.read()

        def work(key: str) -> tuple[int, Any]:
            one = actions.start_import(
                actor=self.actor, file_name=sent.name or "", content=content, client_key=key, now=timezone.now()
            )
            return 201, shown(one)

        return once(request, {"sha256": hashlib.sha256(content).hexdigest(), "name": sent.name}, work)


class OneImport(SeatedView):
    """A file."""

    @extend_schema(
        operation_id="read_import", tags=["imports"], summary="How far a file of posts is", responses=ImportShape
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        return Response(shown(access_import(self.actor, import_id)))


class ReadAgain(SeatedView):
    """Reading it another way."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="read_import_again", tags=["imports"], summary="Read the same file another way",
        request=ReadingShape, responses=ImportShape,
    )  # fmt: skip
    def post(self, request: Request, import_id: UUID) -> Response:
        reading = Reading(**self.read(ReadingShape))
        one = actions.read_again(actor=self.actor, import_id=import_id, reading=reading, now=timezone.now())
        return Response(shown(one))


class DecideColumns(SeatedView):
    """What the columns are."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="decide_import_columns", tags=["imports"], summary="Say what each column is",
        description="Every row is checked then. What the file does not tell (letters, order of day and month) is "
        "asked for with 422.",
        request=ColumnsShape, responses=ImportShape,
    )  # fmt: skip
    def post(self, request: Request, import_id: UUID) -> Response:
        values = self.read(ColumnsShape)
        decisions = Decisions(
            fields=tuple(values.pop("fields")),
            account_ids=tuple(values.pop("account_ids")),
            missed_policy=MissedPolicy(values.pop("missed_policy")),
            **values,
        )
        one = actions.decide(actor=self.actor, import_id=import_id, decisions=decisions, now=timezone.now())
        return Response(shown(one))


class ImportPictures(SeatedView):
    """A picture that rows name."""

    scopes = {"POST": Scope.WRITE}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="add_import_picture", tags=["imports"], summary="Add a picture that rows name by its file name",
        request={"multipart/form-data": PicturesShape}, responses=ImportShape,
    )  # fmt: skip
    def post(self, request: Request, import_id: UUID) -> Response:
        sent = self.read(PicturesShape)["file"]
        sent.seek(0)
        one = actions.add_import_pictures(
            actor=self.actor, import_id=import_id, files=[(sent.name or "", sent.read())], now=timezone.now()
        )
        return Response(shown(one))


class ImportRows(SeatedView):
    """The rows of a file."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(
        operation_id="list_import_rows", tags=["imports"], summary="Rows with every problem, a hundred a page",
        parameters=[RowsShape], responses=RowShape(many=True),
    )  # fmt: skip
    def get(self, request: Request, import_id: UUID) -> Response:
        one = access_import(self.actor, import_id)
        wanted = self.read(RowsShape, request.query_params)
        pages = Paginator(rows_of(one, wanted["show"]), PAGE)
        rows = pages.page(wanted["page"]) if wanted["page"] in pages.page_range else []
        return Response(RowShape(rows, many=True, context={"one": one}).data)

    @extend_schema(
        operation_id="choose_import_rows", tags=["imports"], summary="Take rows in or leave them out",
        request=ChooseShape, responses=ChosenShape,
    )  # fmt: skip
    def post(self, request: Request, import_id: UUID) -> Response:
        values = self.read(ChooseShape)
        count = actions.choose_rows(
            actor=self.actor, import_id=import_id, numbers=values.get("numbers"), chosen=values["chosen"],
            now=timezone.now(),
        )  # fmt: skip
        return Response(ChosenShape({"rows_chosen": count}).data)


class SaveImport(SeatedView):
    """Planning the rows."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="save_import", tags=["imports"], summary="Plan every chosen row, in the background",
        description="A row is one post for ever, however often this is called.", request=None, responses=ImportShape,
    )  # fmt: skip
    def post(self, request: Request, import_id: UUID) -> Response:
        return Response(shown(actions.save_import(actor=self.actor, import_id=import_id, now=timezone.now())))


class TakeBack(SeatedView):
    """Undoing."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="take_import_back", tags=["imports"], summary="Take back what has not gone out",
        description="What is out or on its way stays and is counted.", request=None, responses=ImportShape,
    )  # fmt: skip
    def post(self, request: Request, import_id: UUID) -> Response:
        return Response(shown(actions.take_back(actor=self.actor, import_id=import_id, now=timezone.now())))


class Exports(SeatedView):
    """The team's data as files."""

    @extend_schema(
        operation_id="export", tags=["exports"], summary="Posts, deliveries, attempts or messages as CSV or JSON",
        description="`what` is posts, deliveries, attempts or messages. Noted in the audit log.",
        parameters=[ExportShape],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR), (200, "application/json"): OpenApiTypes.STR},
    )  # fmt: skip
    def get(self, request: Request, what: str) -> StreamingHttpResponse:
        if what not in KINDS:
            raise NotFound("export")
        values = self.read(ExportShape, request.query_params)
        wanted = Wanted(values["start"], values["end"], values["account"])
        span = (wanted.start, wanted.end)
        note_export(actor=self.actor, what=what, span=span, account_ids=wanted.account_ids, now=timezone.now())
        rows = KINDS[what].rows(self.actor, wanted)
        pieces = written(rows, KINDS[what].columns, values["kind"])
        return streamed(pieces, name=f"{what}.{values['kind']}", content_type=TYPES[values["kind"]])
