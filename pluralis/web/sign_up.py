"""Who may sign up: the first person of an installation, and whoever holds an open invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from pluralis.teams import actions
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Invitation, User

INVITATION = "invitation"


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up by invitation after the first owner."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return not User.objects.exists() or invitation_in(request) is not None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Somebody who came by an invitation goes on to their seat."""
        token = request.session.get(INVITATION)
        return reverse("invitation", args=[token]) if token and invitation_in(request) else reverse("home")

    get_signup_redirect_url = get_login_redirect_url

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Let a new person begin in the language they signed up in, without typing the password again at once."""
        user.language = getattr(request, "LANGUAGE_CODE", "")
        saved = super().save_user(request, user, form, commit)
        # allauth notes this at sign-in only, so that connecting the first account asked for the password again.
        record_authentication(request, saved, method="password", email=saved.email)
        return saved


def invitation_in(request: HttpRequest) -> Invitation | None:
    """Return the open invitation this browser came with, if any."""
    token = request.session.get(INVITATION)
    if not token:
        return None
    try:
        return actions.open_invitation(token, timezone.now())
    except NotFound:
        del request.session[INVITATION]
        return None
