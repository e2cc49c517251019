"""Cards below links, where a network builds none itself: read a page, see its picture, leave a card out."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.cards import BareLinksShape, CardAskedShape, CardShape, ChosenLinksShape
from pluralis.api.views.base import SeatedView
from pluralis.posts.access import access_post
from pluralis.posts.models import Post
from pluralis.publishing.actions import card_for, choose_bare_links
from pluralis.publishing.cards import bare_links
from pluralis.teams.models import Scope


class Cards(SeatedView):
    """Reading pages."""

    scopes = {"POST": Scope.WRITE}

    @extend_schema(
        operation_id="read_link_card", tags=["posts"], summary="Read the page behind a link for its card",
        description="Do this before a post is scheduled at once; what is planned is read some minutes ahead anyway.",
        request=CardAskedShape, responses=CardShape,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        values = self.read(CardAskedShape)
        card = card_for(actor=self.actor, url=values["url"], again=values["again"], now=timezone.now())
        return Response(CardShape(card).data)


class BareLinks(SeatedView):
    """Which links of a post get no card."""

    scopes = {"GET": Scope.READ, "PUT": Scope.WRITE}

    @extend_schema(
        operation_id="read_bare_links", tags=["posts"], summary="The links of a post that get no card",
        responses=ChosenLinksShape,
    )  # fmt: skip
    def get(self, request: Request, post_id: UUID) -> Response:
        return self._told(access_post(self.actor, post_id))

    @extend_schema(
        operation_id="choose_bare_links", tags=["posts"], summary="Say which links of a post get no card",
        description="The whole list; what waits follows it. A post on its road becomes a new wording: its revision "
        "grows, and where somebody must see it first it is held until they approve it.",
        request=BareLinksShape, responses=ChosenLinksShape,
    )  # fmt: skip
    def put(self, request: Request, post_id: UUID) -> Response:
        urls = self.read(BareLinksShape)["urls"]
        return self._told(choose_bare_links(actor=self.actor, post_id=post_id, urls=urls, now=timezone.now()))

    def _told(self, post: Post) -> Response:
        urls = sorted(bare_links([post.id]).get(post.id, ()))
        return Response(ChosenLinksShape({"urls": urls, "revision": post.revision}).data)
