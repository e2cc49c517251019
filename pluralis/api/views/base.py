"""What every view of the API shares: in whose seat it acts, and reading a request by its shape."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from pluralis.api.authentication import Caller
from pluralis.api.permissions import ScopeMissing
from pluralis.teams.models import Membership, Scope


class SeatedView(APIView):
    """A view for members. ``scopes`` names for each method what a token must have been made for."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ}
    request: Request

    @property
    def caller(self) -> Caller:
        """Who calls; permissions made sure that somebody does."""
        caller: Caller = self.request.auth
        return caller

    @property
    def actor(self) -> Membership:
        """In whose seat."""
        return self.caller.membership

    def need(self, scope: Scope) -> None:
        """Refuse a token that was not made for this, where the method alone does not tell."""
        if scope not in self.caller.scopes:
            raise ScopeMissing(scope)

    def read(self, shape: type[serializers.Serializer], data: Any = None) -> dict[str, Any]:
        """Return the body (or other data) as values of a shape; an error of shape says where."""
        given = shape(data=self.request.data if data is None else data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        return values
