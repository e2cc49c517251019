"""People outside and saved views: list, read, tag, keep facts, join, separate."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.contacts import (
    ContactChangeShape,
    ContactFilterShape,
    ContactPageShape,
    ContactShape,
    FactShape,
    JoinShape,
    NewViewShape,
    ViewShape,
    ViewsShape,
)
from pluralis.api.views.base import SeatedView
from pluralis.inbox import queries
from pluralis.inbox.access import access_contact
from pluralis.inbox.actions import contacts as actions
from pluralis.inbox.actions import views as view_actions
from pluralis.inbox.queries import Filter
from pluralis.inbox.queries.views import views_of
from pluralis.teams.access import Ability, require
from pluralis.teams.models import Scope


class Contacts(SeatedView):
    """The people."""

    @extend_schema(
        operation_id="list_contacts", tags=["contacts"], summary="List people, the newest first",
        description="With `words`: who begins like this by name, handle or number, at most a hundred.",
        parameters=[ContactFilterShape], responses=ContactPageShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        wanted = self.read(ContactFilterShape, request.query_params)
        page = queries.people_page(self.actor, **wanted)
        return Response(ContactPageShape({"contacts": page.contacts, "next": page.after}).data)


class OneContact(SeatedView):
    """One person."""

    scopes = {"GET": Scope.READ, "PATCH": Scope.WRITE}

    @extend_schema(
        operation_id="read_contact", tags=["contacts"], summary="Read what is kept of a person",
        responses=ContactShape,
    )  # fmt: skip
    def get(self, request: Request, contact_id: UUID) -> Response:
        return Response(ContactShape(access_contact(self.actor, contact_id)).data)

    @extend_schema(
        operation_id="change_contact", tags=["contacts"], summary="Change tags and note",
        request=ContactChangeShape, responses=ContactShape,
    )  # fmt: skip
    def patch(self, request: Request, contact_id: UUID) -> Response:
        values, now = self.read(ContactChangeShape), timezone.now()
        access_contact(self.actor, contact_id, Ability.ANSWER)
        if "tags" in values:
            actions.set_tags(actor=self.actor, contact_id=contact_id, tags=values["tags"], now=now)
        if "note" in values:
            actions.write_about(actor=self.actor, contact_id=contact_id, note=values["note"], now=now)
        return Response(ContactShape(access_contact(self.actor, contact_id)).data)


class _Sorting(SeatedView):
    scopes = {"POST": Scope.WRITE}

    def shown(self, contact_id: UUID) -> Response:
        return Response(ContactShape(access_contact(self.actor, contact_id)).data)


class Fact(_Sorting):
    """A free field."""

    @extend_schema(
        operation_id="keep_fact", tags=["contacts"], summary="Keep or forget a fact of a person",
        request=FactShape, responses=ContactShape,
    )  # fmt: skip
    def post(self, request: Request, contact_id: UUID) -> Response:
        said: dict[str, Any] = {"ground": "", **self.read(FactShape)}
        actions.set_fact(actor=self.actor, contact_id=contact_id, now=timezone.now(), **said)
        return self.shown(contact_id)


class Join(_Sorting):
    """Two are one."""

    @extend_schema(
        operation_id="join_contacts", tags=["contacts"], summary="Say that two contacts are one person",
        request=JoinShape, responses=ContactShape,
    )  # fmt: skip
    def post(self, request: Request, contact_id: UUID) -> Response:
        other = self.read(JoinShape)["contact_id"]
        actions.join_contacts(actor=self.actor, contact_id=contact_id, other_id=other, now=timezone.now())
        return self.shown(contact_id)


class Separate(_Sorting):
    """One is two."""

    @extend_schema(
        operation_id="separate_profile", tags=["contacts"], summary="Take a profile out of its contact again",
        request=None, responses=ContactShape,
    )  # fmt: skip
    def post(self, request: Request, profile_id: UUID) -> Response:
        home = actions.separate_profile(actor=self.actor, profile_id=profile_id, now=timezone.now())
        return self.shown(home.id)


class Views(SeatedView):
    """Saved views."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(
        operation_id="list_views", tags=["conversations"], summary="List saved views with their counts",
        responses=ViewsShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        views = views_of(self.actor)
        numbers = queries.count_each(self.actor, [Filter.from_words(each.wanted) for each in views])
        rows = [_view(each, number) for each, number in zip(views, numbers, strict=True)]
        return Response(ViewsShape({"views": rows}).data)

    @extend_schema(
        operation_id="save_view", tags=["conversations"], summary="Keep a view",
        description="Under a name in use it takes the old one's place, so the same request again changes nothing.",
        request=NewViewShape, responses=ViewShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        values = self.read(NewViewShape)
        wanted = Filter.from_words(values.pop("wanted"))
        kept = view_actions.save_view(actor=self.actor, wanted=wanted, now=timezone.now(), **values)
        (number,) = queries.count_each(self.actor, [wanted])
        return Response(ViewShape(_view(kept, number)).data)


class OneView(SeatedView):
    """One saved view."""

    scopes = {"DELETE": Scope.WRITE}

    @extend_schema(
        operation_id="remove_view", tags=["conversations"], summary="Remove a view; no message goes with it",
        request=None, responses={204: None},
    )  # fmt: skip
    def delete(self, request: Request, view_id: UUID) -> Response:
        view_actions.remove_view(actor=self.actor, view_id=view_id, now=timezone.now())
        return Response(status=204)


def _view(view: Any, number: int) -> dict[str, Any]:
    return {"id": view.id, "name": view.name, "shared": view.owner_id is None, "wanted": view.wanted, "count": number}
