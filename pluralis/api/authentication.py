"""Who calls: a program with a token of one seat, or a person's browser with its session."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from pluralis.teams.access import access_membership
from pluralis.teams.actions import use_token
from pluralis.teams.models import Membership, Scope, User

TEAM_HEADER = "X-Team"


@dataclass(frozen=True, slots=True)
class Caller:
    """In whose seat a request is made, and how far the way in reaches; a session reaches as far as the role."""

    membership: Membership
    scopes: frozenset[str]


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer plr_...``: the token names the person and the team."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        scheme, _space, words = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = use_token(words=words.strip(), now=timezone.now())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token does not open anything, or no longer."))
        return token.membership.user, Caller(token.membership, frozenset(token.scopes))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Pluralis"'


class DeskSession(SessionAuthentication):
    """The session of the desk, with its protection against forged forms; other sites may not call at all.

    ``X-Team`` names the team; without it the one chosen at the desk is meant, else the person's first.
    """

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise exceptions.PermissionDenied(_("Another site sent this request."))
        user: User = found[0]
        return user, Caller(self._seat(request, user), frozenset(Scope.values))

    def _seat(self, request: Request, user: User) -> Membership:
        wanted = request.headers.get(TEAM_HEADER)
        seat: Membership | None = getattr(request._request, "membership", None)
        return seat if seat is not None and wanted is None else access_membership(user, wanted)
