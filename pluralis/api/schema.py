"""What the OpenAPI document says of every operation: the two ways in, and the shape of errors."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from pluralis.api.authentication import TEAM_HEADER
from pluralis.api.idempotency import HEADER
from pluralis.api.shapes.common import ErrorShape

ERRORS = {
    "400": "The request has not the right shape.",
    "401": "Nobody is signed in, or the token opens nothing.",
    "403": "The role, or the token's scopes, do not allow this.",
    "404": "There is no such thing for this person.",
    "409": "Somebody was faster, or it is too late for this.",
    "422": "What was given cannot be used; `fields` says why.",
}
KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, required=True,
    description="A new random key for each new command; the same key again gives the same answer for 24 hours.",
)  # fmt: skip
TEAM = OpenApiParameter(
    TEAM_HEADER, {"type": "string", "format": "uuid"}, OpenApiParameter.HEADER,
    description="Which of a person's teams is meant; a token names its team itself.",
)  # fmt: skip


class Schema(AutoSchema):
    """Adds to every operation what is true of all of them."""

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), TEAM]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        found = super()._get_response_bodies(direction)
        for code, words in ERRORS.items():
            answer = OpenApiResponse(ErrorShape, description=words)
            found.setdefault(code, self._get_response_for_code(answer, code, direction=direction))  # type: ignore[no-untyped-call]
        return found


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names a token."""

    target_class = "pluralis.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of the settings, page “API tokens”."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document names the session of the desk."""

    target_class = "pluralis.api.authentication.DeskSession"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "pluralis"}
