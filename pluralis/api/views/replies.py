"""Answers by kind, cases outside, offers, figures, and what is held of a contact."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.replies import (
    AskRelationShape,
    BalanceShape,
    CaseShape,
    ErasedShape,
    HandOverShape,
    HoldShape,
    MakeOfferShape,
    OfferShape,
    ProposalShape,
    ProposeShape,
    RelationShape,
    UnmaskShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.core.replies import ReplyKind, ready_text
from pluralis.inbox.access import access_conversation
from pluralis.inbox.actions import giving_out, handing_over, offering, privacy, relating
from pluralis.inbox.models import Offer
from pluralis.inbox.proposing import Reading, read_for_answer
from pluralis.inbox.queries import last_incoming
from pluralis.inbox.queries.figures import WEEKS, figures_of, open_offers, shopfront_of
from pluralis.inbox.reading import masked_text
from pluralis.teams.access import Ability, accounts_of, require, valid_id
from pluralis.teams.errors import NotFound
from pluralis.teams.models import AccountKind, Scope


class Propose(SeatedView):
    """Which kind of reply fits."""

    scopes = {"POST": Scope.READ}

    @extend_schema(
        operation_id="propose_reply", tags=["conversations"], summary="Propose private, open or for everyone",
        description="Nothing is stored.", request=ProposeShape, responses=ProposalShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        conversation = access_conversation(self.actor, conversation_id, Ability.ANSWER)
        message = last_incoming(conversation)
        if message is None:
            raise NotFound("message")
        reading = read_for_answer(conversation, message, timezone.now())
        return Response(ProposalShape(_proposal(reading, self.read(ProposeShape)["text"])).data)


def _proposal(reading: Reading, text: str) -> dict[str, Any]:
    found = reading.propose(text)
    private = found.kind is ReplyKind.PRIVATE and reading.message.kind != "direct"
    name = "delete_yours" if found.delete_advised else "continue_privately"
    return {
        "kind": found.kind.value,
        "reason": found.reason.value,
        "way_out": found.way_out.value,
        "delete_advised": found.delete_advised,
        "ready_text": ready_text(name, reading.message.language) if private else "",
        "forms": [_form(reading, form, text) for form in reading.forms],
    }


def _form(reading: Reading, form: Any, text: str) -> dict[str, Any]:
    measured, by_hand = reading.in_form(form, text), reading.by_hand(form, text)
    return {
        "form": form.value,
        "text": measured.text,
        "room": measured.room,
        "fits": measured.length.fits,
        "by_hand": by_hand.reason if by_hand else "",
    }


class Relation(SeatedView):
    """May we write to them privately?"""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="ask_relation", tags=["conversations"], summary="Ask whether they take private messages",
        description="The network is asked once a day: some networks are paid for it.",
        request=AskRelationShape, responses=RelationShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        again = self.read(AskRelationShape)["again"]
        now = timezone.now()
        known = relating.ask_relation(actor=self.actor, conversation_id=conversation_id, now=now, again=again)
        return Response(RelationShape(known).data if known else RelationShape(_NOTHING).data)


_NOTHING = {"may_message": None, "they_follow": None, "we_follow": None, "seen_at": None}


class Unmask(SeatedView):
    """Seeing personal data."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="unmask_conversation", tags=["conversations"], summary="See personal data for 15 minutes",
        description="That the member looked is kept.", request=None, responses=UnmaskShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        now = timezone.now()
        looked = privacy.unmask_conversation(actor=self.actor, conversation_id=conversation_id, now=now)
        return Response(UnmaskShape(looked).data)


class Case(SeatedView):
    """Going on outside."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="hand_over_conversation", tags=["conversations"], summary="Go on outside under a case number",
        request=HandOverShape, responses=CaseShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        values = self.read(HandOverShape)
        now = timezone.now()
        case = handing_over.hand_over(actor=self.actor, conversation_id=conversation_id, now=now, **values)
        return Response(CaseShape(case).data)


class CloseCase(SeatedView):
    """Done outside."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="close_case", tags=["conversations"], summary="Close the open case of a conversation",
        request=None, responses=CaseShape,
    )  # fmt: skip
    def post(self, request: Request, conversation_id: UUID) -> Response:
        now = timezone.now()
        return Response(
            CaseShape(handing_over.close_case(actor=self.actor, conversation_id=conversation_id, now=now)).data
        )


class Offers(SeatedView):
    """What is offered to the accounts."""

    @extend_schema(
        operation_id="list_offers", tags=["conversations"], summary="List what is offered, newest first",
        responses=OfferShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(OfferShape([_masked(each) for each in open_offers(self.actor)], many=True).data)


def _masked(offer: Offer) -> Offer:
    offer.shown = masked_text(offer.message.text, offer.message.personal_data)  # type: ignore[attr-defined]
    return offer


class MakeOffer(SeatedView):
    """Offering a message by hand."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="offer_message", tags=["conversations"], summary="Offer a message to another account",
        request=MakeOfferShape, responses=OfferShape,
    )  # fmt: skip
    def post(self, request: Request, message_id: UUID) -> Response:
        about, now = self.read(MakeOfferShape)["about"], timezone.now()
        offer = offering.offer_message(actor=self.actor, message_id=message_id, about=about, now=now)
        return Response(OfferShape(_masked(offer)).data)


class DeclineOffer(SeatedView):
    """Declining."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="decline_offer", tags=["conversations"], summary="Decline an offer",
        description="To take one, answer its message with the account it is offered to.",
        request=None, responses=OfferShape,
    )  # fmt: skip
    def post(self, request: Request, offer_id: UUID) -> Response:
        now = timezone.now()
        offer = offering.decide_offer(actor=self.actor, offer_id=valid_id(offer_id), taken=False, now=now)
        return Response(OfferShape(_masked(offer)).data)


class Balance(SeatedView):
    """What goes to one and to all."""

    @extend_schema(
        operation_id="read_balance", tags=["conversations"], summary="Read balance and front window of each account",
        responses=BalanceShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        now = timezone.now()
        accounts = accounts_of(self.actor).exclude(kind=AccountKind.EMPLOYEE)
        return Response(BalanceShape([_balance(account, now) for account in accounts], many=True).data)


def _balance(account: Any, now: Any) -> dict[str, Any]:
    whole, front = figures_of(account, now).whole, shopfront_of(account)
    counted = {
        name: getattr(whole, name) for name in ("private", "open", "community", "posts", "reposts", "announcements")
    }
    return counted | {
        "account": account,
        "weeks": WEEKS,
        "share_to_one": whole.share_to_one,
        "window_posts": len(front.shown),
        "window_burdened": front.burdened,
        "window_reposts": front.reposts,
    }


class ExportContact(SeatedView):
    """Giving out what is held of a contact."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="export_contact", tags=["contacts"], summary="Give out everything held of a contact",
        description="Leads only. That it was given out is kept.", request=None, responses=OpenApiTypes.OBJECT,
    )  # fmt: skip
    def post(self, request: Request, contact_id: UUID) -> Response:
        now = timezone.now()
        return Response(giving_out.export_contact(actor=self.actor, contact_id=contact_id, now=now))


class EraseContact(SeatedView):
    """Erasing a contact."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="erase_contact", tags=["contacts"], summary="Erase a contact with all that was said",
        description="Leads only. Our reposts of theirs are taken back first, or named to be taken back by hand: they "
        "are told this once. 409 under a legal hold, and while an answer to them is on its way.",
        request=None, responses=ErasedShape,
    )  # fmt: skip
    def post(self, request: Request, contact_id: UUID) -> Response:
        now = timezone.now()
        erased = privacy.erase_contact(actor=self.actor, contact_id=contact_id, now=now)
        told = {"messages": erased.messages, "reposts": erased.reposts, "reposts_later": erased.later}
        return Response(ErasedShape(told | {"reposts_by_hand": erased.by_hand}).data)


class HoldContact(SeatedView):
    """Keeping a contact's data by law."""

    scopes = {"POST": Scope.WRITE, "DELETE": Scope.WRITE}

    @extend_schema(
        operation_id="hold_contact", tags=["contacts"], summary="Keep a contact's data by law",
        request=HoldShape, responses=HoldShape,
    )  # fmt: skip
    def post(self, request: Request, contact_id: UUID) -> Response:
        values = self.read(HoldShape)
        held = privacy.hold_contact(actor=self.actor, contact_id=contact_id, now=timezone.now(), **values)
        return Response(HoldShape(held).data)

    @extend_schema(
        operation_id="lift_hold", tags=["contacts"], summary="End a contact's legal hold", responses={204: None},
    )  # fmt: skip
    def delete(self, request: Request, contact_id: UUID) -> Response:
        privacy.lift_hold(actor=self.actor, contact_id=contact_id, now=timezone.now())
        return Response(status=204)
