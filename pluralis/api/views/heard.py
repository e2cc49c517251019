"""How completely the accounts were heard: seen until when, and what is missing."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pluralis.api.shapes.heard import HeardOfShape, HeardShape
from pluralis.api.views.base import SeatedView
from pluralis.inbox.queries import heard
from pluralis.teams.access import access_account


class HeardSoFar(SeatedView):
    """What the foot of the inbox tells."""

    @extend_schema(
        operation_id="read_heard", tags=["conversations"], summary="Read how completely the accounts were heard",
        description="Connected accounts that the caller may see; gaps while they are open, and for a week once given"
                    " up.",
        parameters=[HeardOfShape], responses=HeardShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked = self.read(HeardOfShape, request.query_params).get("account")
        account_id = access_account(self.actor, asked).id if asked else None
        return Response(HeardShape(heard(self.actor, timezone.now(), account_id)).data)
