"""Queue slots of an account, the queue in them, and the evergreen posts that refill empty ones."""

import secrets
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.publishing import DeliveryShape
from pluralis.api.shapes.repeats import ArrangeShape, EvergreenShape, QueueShape, SlotsShape
from pluralis.api.views.base import SeatedView
from pluralis.api.views.publishing import with_parts
from pluralis.publishing import actions, queries
from pluralis.publishing.checks import Confirmations
from pluralis.teams.access import access_account
from pluralis.teams.models import Account, Membership, Scope


def shown(account: Account) -> dict[str, Any]:
    """Return the slots of an account as their shape shows them."""
    return dict(SlotsShape({"zone": account.zone, "slots": queries.slots_of(account)}).data)


def queue_of(actor: Membership, account_id: UUID) -> list[dict[str, Any]]:
    """Return what waits in the slots of an account, soonest first."""
    parts = queries.slot_queue(access_account(actor, account_id), timezone.now())
    deliveries = with_parts(actor, (part.delivery for part in parts))
    return list(DeliveryShape(deliveries, many=True).data)


class Slots(SeatedView):
    """The hours at which an account speaks."""

    scopes = {"GET": Scope.READ, "PUT": Scope.PUBLISH}

    @extend_schema(operation_id="read_slots", tags=["slots"], summary="Read the queue slots", responses=SlotsShape)
    def get(self, request: Request, account_id: UUID) -> Response:
        return Response(shown(access_account(self.actor, account_id)))

    @extend_schema(
        operation_id="set_slots", tags=["slots"], summary="Make exactly these the queue slots",
        description="What is planned in a slot that goes stays planned.", request=SlotsShape, responses=SlotsShape,
    )  # fmt: skip
    def put(self, request: Request, account_id: UUID) -> Response:
        wanted = [(one["weekday"], one["local_time"]) for one in self.read(SlotsShape)["slots"]]
        actions.set_slots(actor=self.actor, account_id=account_id, slots=wanted, now=timezone.now())
        return Response(shown(access_account(self.actor, account_id)))


class AddToQueue(SeatedView):
    """The next free slot."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="add_to_queue", tags=["slots"], summary="Put a post into the next free slot of each account",
        parameters=[KEY], request=QueueShape, responses={201: DeliveryShape(many=True)},
    )  # fmt: skip
    def post(self, request: Request, post_id: UUID) -> Response:
        values = self.read(QueueShape)

        def work(key: str) -> tuple[int, Any]:
            deliveries = actions.add_to_queue(
                actor=self.actor,
                post_id=post_id,
                account_ids=values["account_ids"],
                confirmed=Confirmations(
                    values["confirm_same_text"], values["confirm_second_answer"], values["override_reason"].strip()
                ),
                client_key=key,
                now=timezone.now(),
            )
            return 201, DeliveryShape(with_parts(self.actor, deliveries), many=True).data

        return once(request, request.data, work)


class Queue(SeatedView):
    """What waits in the slots."""

    scopes = {"GET": Scope.READ, "PUT": Scope.PUBLISH}

    @extend_schema(
        operation_id="read_queue", tags=["slots"], summary="Read what waits in the slots, soonest first",
        responses=DeliveryShape(many=True),
    )  # fmt: skip
    def get(self, request: Request, account_id: UUID) -> Response:
        return Response(queue_of(self.actor, account_id))

    @extend_schema(
        operation_id="arrange_queue", tags=["slots"], summary="Give the times of the queue out in another order",
        description="The order before, sent again, is the undo.", request=ArrangeShape,
        responses=DeliveryShape(many=True),
    )  # fmt: skip
    def put(self, request: Request, account_id: UUID) -> Response:
        order = self.read(ArrangeShape)["delivery_ids"]
        actions.arrange_queue(actor=self.actor, account_id=account_id, order=order, now=timezone.now())
        return Response(queue_of(self.actor, account_id))


class Shuffle(SeatedView):
    """Chance."""

    scopes = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="shuffle_queue", tags=["slots"], summary="Deal the times of the queue out anew", request=None,
        responses=DeliveryShape(many=True),
    )  # fmt: skip
    def post(self, request: Request, account_id: UUID) -> Response:
        actions.shuffle_queue(actor=self.actor, account_id=account_id, seed=secrets.randbits(32), now=timezone.now())
        return Response(queue_of(self.actor, account_id))


class Evergreens(SeatedView):
    """What may come again."""

    scopes = {"GET": Scope.READ, "POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="list_evergreens", tags=["slots"], summary="List the evergreen posts of an account",
        responses=EvergreenShape(many=True),
    )  # fmt: skip
    def get(self, request: Request, account_id: UUID) -> Response:
        return Response(EvergreenShape(queries.evergreens_of(access_account(self.actor, account_id)), many=True).data)

    @extend_schema(
        operation_id="mark_evergreen", tags=["slots"], summary="Let a post refill empty slots",
        request=EvergreenShape, responses=EvergreenShape,
    )  # fmt: skip
    def post(self, request: Request, account_id: UUID) -> Response:
        made = actions.mark_evergreen(
            actor=self.actor,
            post_id=self.read(EvergreenShape)["post_id"],
            account_id=account_id,
            now=timezone.now(),
        )
        return Response(EvergreenShape(made).data)


class OneEvergreen(SeatedView):
    """Taking it off the list."""

    scopes = {"DELETE": Scope.PUBLISH}

    @extend_schema(
        operation_id="unmark_evergreen", tags=["slots"], summary="Take a post off the evergreen list",
        request=None, responses={204: None},
    )  # fmt: skip
    def delete(self, request: Request, evergreen_id: UUID) -> Response:
        actions.unmark_evergreen(actor=self.actor, evergreen_id=evergreen_id, now=timezone.now())
        return Response(status=204)
