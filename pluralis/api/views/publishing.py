"""Deliveries, their parts, and the order to stop everything."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.publishing import (
    AgainShape,
    BetweenShape,
    DeliveryShape,
    LinkShape,
    MoveShape,
    PartShape,
    StoppedShape,
    StopShape,
    WholePartShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.inbox.queries.private_answers import hide_private_answers
from pluralis.publishing import actions, queries
from pluralis.publishing.access import access_delivery, access_part
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.access import Ability, access_account, require
from pluralis.teams.models import Membership, Scope


def with_parts(actor: Membership, deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return deliveries with their parts as the shape shows them to the actor. At most five queries."""
    found = list(deliveries)
    prefetch_related_objects(found, "account", "post", "parts__upload")
    for delivery in found:
        parts = sorted(delivery.parts.all(), key=lambda part: part.position)
        for part in parts:
            part.account = delivery.account
        delivery.shown_parts = parts  # type: ignore[attr-defined]
    hide_private_answers(actor, [part for each in found for part in each.shown_parts], timezone.now())  # type: ignore[attr-defined]
    return found


def shown(actor: Membership, delivery: Delivery) -> dict[str, Any]:
    """Return one delivery as its shape shows it to the actor."""
    return dict(DeliveryShape(with_parts(actor, [delivery])[0]).data)


def shown_part(actor: Membership, part: Part) -> dict[str, Any]:
    """Return one part as its shape shows it to the actor. At most one query more."""
    hide_private_answers(actor, [part], timezone.now())
    return dict(PartShape(part).data)


class Deliveries(SeatedView):
    """What is planned and was sent."""

    @extend_schema(
        operation_id="list_deliveries", tags=["deliveries"], summary="List deliveries between two instants",
        description="Cancelled parts are left out.",
        parameters=[BetweenShape], responses=DeliveryShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = self.read(BetweenShape, request.query_params)
        accounts = [access_account(self.actor, wanted["account"]).id] if "account" in wanted else []
        parts = queries.calendar_between(self.actor, wanted["start"], wanted["end"], accounts)
        hide_private_answers(self.actor, parts, timezone.now())
        return Response(DeliveryShape(_grouped(parts), many=True).data)


def _grouped(parts: list[Part]) -> list[Delivery]:
    deliveries: dict[UUID, Delivery] = {}
    for part in parts:
        delivery = deliveries.setdefault(part.delivery_id, part.delivery)
        delivery.account = part.account
        delivery.shown_parts = [*getattr(delivery, "shown_parts", []), part]  # type: ignore[attr-defined]
    return list(deliveries.values())


class OneDelivery(SeatedView):
    """A delivery."""

    @extend_schema(
        operation_id="read_delivery", tags=["deliveries"], summary="Read a delivery", responses=DeliveryShape
    )
    def get(self, request: Request, delivery_id: UUID) -> Response:
        return Response(shown(self.actor, access_delivery(self.actor, delivery_id)))


class Move(SeatedView):
    """Planning for another time."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="move_delivery", tags=["deliveries"], summary="Plan a delivery for another time",
        request=MoveShape, responses=DeliveryShape,
    )  # fmt: skip
    def post(self, request: Request, delivery_id: UUID) -> Response:
        to = self.read(MoveShape)["at"]
        moved = actions.move_delivery(actor=self.actor, delivery_id=delivery_id, to=to, now=timezone.now())
        return Response(shown(self.actor, moved))


class Cancel(SeatedView):
    """Taking back."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="cancel_delivery", tags=["deliveries"], summary="Take back what has not been sent",
        request=None, responses=DeliveryShape,
    )  # fmt: skip
    def post(self, request: Request, delivery_id: UUID) -> Response:
        done = actions.cancel_delivery(actor=self.actor, delivery_id=delivery_id, now=timezone.now())
        return Response(shown(self.actor, done))


class OnePart(SeatedView):
    """A part with its history."""

    @extend_schema(
        operation_id="read_part", tags=["parts"], summary="Read a part with every attempt", responses=WholePartShape
    )
    def get(self, request: Request, part_id: UUID) -> Response:
        part = access_part(self.actor, part_id)
        hide_private_answers(self.actor, [part], timezone.now())
        part.history = queries.history_of(part)  # type: ignore[attr-defined]
        return Response(WholePartShape(part).data)


class Again(SeatedView):
    """Trying again."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="try_part_again", tags=["parts"], summary="Let a held, missed or refused part go on",
        description="A part in doubt is never sent again by hand: it may already stand on the network.",
        request=AgainShape, responses=PartShape,
    )  # fmt: skip
    def post(self, request: Request, part_id: UUID) -> Response:
        now = timezone.now()
        at = self.read(AgainShape).get("at", now)
        return Response(shown_part(self.actor, actions.try_again(actor=self.actor, part_id=part_id, at=at, now=now)))


class Link(SeatedView):
    """Settling a doubt: it is there."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="link_part", tags=["parts"], summary="Say where a part in doubt stands on the network",
        request=LinkShape, responses=PartShape,
    )  # fmt: skip
    def post(self, request: Request, part_id: UUID) -> Response:
        found = self.read(LinkShape)
        part = actions.link_by_hand(actor=self.actor, part_id=part_id, now=timezone.now(), **found)
        return Response(shown_part(self.actor, part))


class LetBe(SeatedView):
    """Settling a doubt: leave it."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="let_part_be", tags=["parts"], summary="Close a part; it is not sent again",
        request=None, responses=PartShape,
    )  # fmt: skip
    def post(self, request: Request, part_id: UUID) -> Response:
        return Response(shown_part(self.actor, actions.let_be(actor=self.actor, part_id=part_id, now=timezone.now())))


class Stop(SeatedView):
    """The order to stop everything."""

    scopes = {"GET": Scope.READ, "POST": Scope.PUBLISH}

    @extend_schema(operation_id="read_stop", tags=["stop"], summary="Is everything stopped?", responses=StoppedShape)
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(self._state(None))

    @extend_schema(
        operation_id="stop_everything", tags=["stop"], summary="Hold everything on all accounts",
        request=StopShape, responses=StoppedShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        reason = self.read(StopShape)["reason"]
        return Response(self._state(actions.stop_everything(actor=self.actor, reason=reason, now=timezone.now())))

    def _state(self, held: int | None) -> dict[str, Any]:
        order = actions.active_stop(self.actor.team_id)
        state = {"stopped": order is not None, "reason": order.reason if order else "", "held": held,
                 "ordered_at": order.ordered_at if order else None}  # fmt: skip
        return dict(StoppedShape(state).data)


class Lift(Stop):
    """The end of the order."""

    scopes = {"POST": Scope.PUBLISH}
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="lift_stop", tags=["stop"], summary="End the stop",
        description="What was held stays held until a person looks at each.", request=None, responses=StoppedShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        actions.lift_stop(actor=self.actor, now=timezone.now())
        return Response(self._state(None))
