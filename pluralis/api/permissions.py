"""Whether the way in reaches far enough. What the role allows is decided by the actions, as at the desk."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from pluralis.api.authentication import Caller
from pluralis.teams.errors import ActionError

if TYPE_CHECKING:  # the views ask for the permissions while they are being imported
    from pluralis.api.views.base import SeatedView


class ScopeMissing(ActionError):
    """The token was made for less than this."""

    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(
            "scope_missing",
            _("This token may not do this: it lacks the scope “%(scope)s”.") % {"scope": scope},
            kept=_("Nothing was changed."),
            next_step=_("Make a token with this scope in the settings."),
        )


class SeatAndScope(BasePermission):
    """Let in whoever has a seat, as far as the scopes of the token reach; views name one scope per method."""

    def has_permission(self, request: Request, view: "SeatedView") -> bool:
        caller = request.auth
        if not isinstance(caller, Caller):
            return False
        scope = view.scopes.get(request.method or "")
        if scope is not None and scope not in caller.scopes:
            raise ScopeMissing(scope)
        return True
