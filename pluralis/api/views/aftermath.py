"""What did not go as planned, and what is out and should not be."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.aftermath import (
    AftermathShape,
    BringBackShape,
    BroughtBackShape,
    CorrectionShape,
    NewWordsShape,
    TakeDownShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.inbox.queries.private_answers import hide_private_answers
from pluralis.publishing import actions, queries
from pluralis.publishing.queries.missed_repeats import missed_repeats
from pluralis.teams.models import Membership, Scope


class Aftermath(SeatedView):
    """What did not go as planned."""

    scopes = {"GET": Scope.READ, "POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="read_aftermath", tags=["stop"], summary="What became of each post after a stop or an outage",
        responses=AftermathShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        found = queries.aftermath_of(self.actor, timezone.now())
        hide_private_answers(self.actor, found.parts, timezone.now())
        return Response(AftermathShape(_with_repeats(self.actor, found)).data)

    @extend_schema(
        operation_id="bring_posts_back", tags=["stop"], summary="Let held and missed posts go on, or take them back",
        description="Each is a step of its own: one that cannot go stops no other.",
        request=BringBackShape, responses=BroughtBackShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        values, now = self.read(BringBackShape), timezone.now()
        ids = values["delivery_ids"]
        if values["do"] == "cancel":
            done = actions.cancel_deliveries(actor=self.actor, delivery_ids=ids, now=now)
        else:
            done = actions.release_deliveries(
                actor=self.actor, delivery_ids=ids, at=values.get("at"), as_planned=values["as_planned"], now=now
            )
        refused = [{"delivery_id": each, "why": why} for each, why in done.refused]
        return Response(BroughtBackShape({"done": done.done, "refused": refused}).data)


def _with_repeats(actor: Membership, found: queries.Aftermath) -> dict[str, Any]:
    names = [each.name for each in fields(found)]
    return {name: getattr(found, name) for name in names} | {"unplanned": missed_repeats(actor, timezone.now())}


class TakeDown(SeatedView):
    """Deleting on the network."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="take_part_down", tags=["parts"], summary="Take a message that is out down, or its whole thread",
        description="Asked twice is asked once. The network is asked until it says yes or no.",
        request=TakeDownShape, responses=CorrectionShape(many=True),
    )  # fmt: skip
    def post(self, request: Request, part_id: UUID) -> Response:
        whole = self.read(TakeDownShape)["whole"]
        asked = actions.take_down(actor=self.actor, part_id=part_id, whole=whole, now=timezone.now())
        return Response(CorrectionShape(asked, many=True).data)


class Correct(SeatedView):
    """Other words for what is out."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="correct_part", tags=["parts"], summary="Change the words of a message that is out",
        description="Only where the network lets programs do that (409 `no_edit` elsewhere).",
        request=NewWordsShape, responses=CorrectionShape,
    )  # fmt: skip
    def post(self, request: Request, part_id: UUID) -> Response:
        text = self.read(NewWordsShape)["text"]
        made = actions.correct_words(actor=self.actor, part_id=part_id, text=text, now=timezone.now())
        return Response(CorrectionShape(made).data)
