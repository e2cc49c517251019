"""Searches on the networks: begun, rested, gone on with, ended."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.idempotency import once
from pluralis.api.schema import KEY
from pluralis.api.shapes.searches import NewSearchShape, SearchShape
from pluralis.api.views.base import SeatedView
from pluralis.inbox.actions import searches as actions
from pluralis.inbox.models import NetworkSearch
from pluralis.inbox.queries.searches import searches_of
from pluralis.teams.access import Ability, require
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Membership, Scope


class Searches(SeatedView):
    """The searches that run and rest."""

    scopes = {"GET": Scope.READ, "POST": Scope.WRITE}

    @extend_schema(
        operation_id="list_searches", tags=["searches"], summary="List searches on the networks",
        responses=SearchShape(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        require(self.actor, Ability.VIEW)
        return Response(SearchShape(searches_of(self.actor, timezone.now()), many=True).data)

    @extend_schema(
        operation_id="begin_search", tags=["searches"], summary="Look for words or a hashtag from now on",
        description="What is found arrives in the inbox with kind *search* or *hashtag* and counts as resolved, save "
        "what has one of the labels. The same words again return the search that stands.",
        parameters=[KEY], request=NewSearchShape, responses={201: SearchShape},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        wished = actions.WishedSearch(**self.read(NewSearchShape))

        def work(_key: str) -> tuple[int, Any]:
            search = actions.begin_search(actor=self.actor, wished=wished, now=timezone.now())
            return 201, _shown(self.actor, search)

        return once(request, request.data, work)


def _shown(actor: Membership, search: NetworkSearch) -> dict[str, Any]:
    found = next((each for each in searches_of(actor, timezone.now()) if each.search.id == search.id), None)
    if found is None:  # ended by somebody else in the meantime
        raise NotFound("search")
    shown: dict[str, Any] = SearchShape(found).data
    return shown


class PauseSearch(SeatedView):
    """Letting a search rest."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="pause_search", tags=["searches"], summary="Let a search rest",
        description="What is written meanwhile is not looked for afterwards.", request=None, responses=SearchShape,
    )  # fmt: skip
    def post(self, request: Request, search_id: UUID) -> Response:
        search = actions.pause_search(actor=self.actor, search_id=search_id, now=timezone.now())
        return Response(_shown(self.actor, search))


class ResumeSearch(SeatedView):
    """Going on with a search."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="resume_search", tags=["searches"], summary="Go on with a search that rests", request=None,
        responses=SearchShape,
    )  # fmt: skip
    def post(self, request: Request, search_id: UUID) -> Response:
        search = actions.resume_search(actor=self.actor, search_id=search_id, now=timezone.now())
        return Response(_shown(self.actor, search))


class EndSearch(SeatedView):
    """Ending a search."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="end_search", tags=["searches"], summary="End a search; what it found stays", request=None,
        responses={204: None},
    )  # fmt: skip
    def post(self, request: Request, search_id: UUID) -> Response:
        actions.end_search(actor=self.actor, search_id=search_id, now=timezone.now())
        return Response(status=204)


class BringBackSearch(SeatedView):
    """Taking the end of a search back."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="bring_back_search", tags=["searches"], summary="Take the end of a search back", request=None,
        responses=SearchShape,
    )  # fmt: skip
    def post(self, request: Request, search_id: UUID) -> Response:
        search = actions.bring_back_search(actor=self.actor, search_id=search_id, now=timezone.now())
        return Response(_shown(self.actor, search))
