"""What every answer carries, whose language and zone it speaks, and for which team a person sits at the desk."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from pluralis.teams.access import access_membership
from pluralis.teams.errors import NotFound
from pluralis.teams.models import Membership

Next = Callable[[HttpRequest], HttpResponseBase]

# Nothing inline, nothing from elsewhere, no plug-ins, no frames around us. ``blob:`` shows a picture that was
# chosen but not yet sent. The walk to a network leaves from a page of our own, so no form needs another origin.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# ``same-origin`` tells other sites nothing, as ``no-referrer`` does; the latter would also make browsers send
# ``Origin: null`` with our own forms (Fetch standard, "append a request Origin header"), which the protection
# against forged forms must refuse. The OAuth callback, whose address holds a code, sets ``no-referrer`` itself.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
LANGUAGE_COOKIE = "pluralis-language"


class SecurityHeaders:
    """Set the headers above on every answer that did not set them itself, and keep pages out of shared caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
            # The same address may answer with a page or with a fragment of it.
            patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response


class Compressed(GZipMiddleware):
    """Compress pages, styles, scripts and signs; never the event stream, and nothing that is compressed already.

    Django adds a random length to every page, so that its size tells nothing about a secret in it (BREACH).
    """

    BETTER_LEFT = ("text/event-stream", "image/png", "image/jpeg", "image/webp", "image/gif", "font/")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "")
        if response.status_code == 206 or kind.startswith(self.BETTER_LEFT):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


class PersonLocale:
    """Speak the person's language and tell times in their zone.

    The language is the person's choice, else the cookie of an earlier choice in this browser, else what the
    browser asks for, else English.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language), timezone.override(zone_of(request)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response


def language_of(request: HttpRequest) -> str:
    """Return one of the four languages of the desk."""
    known = dict(settings.LANGUAGES)
    chosen = getattr(request.user, "language", "") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in known else translation.get_language_from_request(request)


def zone_of(request: HttpRequest) -> ZoneInfo:
    """Return the person's time zone, UTC for strangers and for a zone that no longer exists."""
    try:
        return ZoneInfo(getattr(request.user, "zone", "") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class PageAbove:
    """Lead whoever asks for an address that only takes forms to the page above it, where the form stands.

    Such an address stays in the browser when an answer was shown at it: it is read again, or opened after signing
    in. ``/settings/team/invite`` leads to ``/settings/team``, ``/inbox/…/answer`` to ``/inbox/…``. Programs keep
    their 405.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        wants_a_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not wants_a_page or request.path.startswith("/api/"):
            return response
        return redirect(page_above(request.path))


def page_above(path: str) -> str:
    """Return the nearest address above ``path`` that exists; ``/`` always does."""
    while path := path.rstrip("/").rpartition("/")[0]:
        if is_valid_path(path):
            return path
    return "/"


class CurrentTeam:
    """Set ``request.membership``: the seat chosen in the team menu, else the first one, else ``None``."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.membership = seat_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def seat_of(request: HttpRequest) -> Membership | None:
    """Return the person's seat in the team they last chose; a seat that was taken away falls back to the first."""
    if not request.user.is_authenticated:
        return None
    chosen = request.session.get("team")
    try:
        return access_membership(request.user, chosen)
    except NotFound:
        if chosen is None:
            return None
    del request.session["team"]
    request.session.pop("account", None)
    return seat_of(request)
