"""The public page behind an approval link: reading shows one wording, a deliberate answer decides.

It has no session, no script and no address of anything else. Mail scanners and link previews open links, so that
opening one changes nothing.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pluralis.core.review import ReviewState
from pluralis.posts.actions import open_link
from pluralis.posts.models import ApprovalLink, Media
from pluralis.publishing import queries
from pluralis.publishing.actions import answer_by_link
from pluralis.publishing.cards import CARD_PICTURE
from pluralis.teams.errors import ActionError, NotFound
from pluralis.web.public_preview import ShownWording, shown_wording
from pluralis.web.ranges import serve_stored

MOST_MISSES, MISSES_SECONDS = 30, 600
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


# The address itself is the secret: who does not know it cannot forge a form to it, and a cookie would be a session.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show one wording to whoever holds the link; take their answer."""
    if _too_many_misses(request):
        return _closed(request, 429)
    link = open_link(token, timezone.now())
    if link is None:
        _note_miss(request)
        return _closed(request, 404)
    error = None
    if request.method == "POST":
        try:
            _answer(request, token)
            return _with_headers(redirect("approval", token))
        except NotFound:
            return _closed(request, 404)
        except ActionError as refused:
            error = refused
    return _page(request, link, error)


@require_safe
def approval_picture(request: HttpRequest, token: str, media_id: UUID) -> HttpResponseBase:
    """Show a picture of the wording behind a link, and no other."""
    link = open_link(token, timezone.now())
    wording = queries.wording_of(link.review) if link is not None else None
    if link is None or wording is None or str(media_id) not in _media_ids(wording.content):
        return _closed(request, 404)
    found = Media.objects.filter(team=link.team_id, id=media_id).first()
    if found is None:
        return _closed(request, 404)
    return _as_picture(serve_stored(request, found.file, found.content_type, found.sha256))


@require_safe
def approval_card(request: HttpRequest, token: str, card_id: UUID) -> HttpResponseBase:
    """Show the picture of a card of the wording behind a link, and no other."""
    link = open_link(token, timezone.now())
    shown = _shown(link) if link is not None else []
    cards = (message.card for one in shown for message in one.messages if message.card is not None)
    found = next((card.picture for card in cards if card.picture is not None and card.picture.id == card_id), None)
    if found is None:
        return _closed(request, 404)
    return _as_picture(serve_stored(request, found.picture, CARD_PICTURE, str(found.id)))


def _answer(request: HttpRequest, token: str) -> None:
    answer_by_link(
        words=token,
        approves=request.POST.get("do") == "approve",
        name=request.POST.get("name", ""),
        comment=request.POST.get("comment", ""),
        now=timezone.now(),
    )


def _page(request: HttpRequest, link: ApprovalLink, error: ActionError | None) -> HttpResponseBase:
    said = link.verdicts.first()
    with timezone.override(ZoneInfo(link.team.zone)):
        context = {
            "link": link,
            "review": link.review,
            "said": said,
            "changed": said is None and link.review.state != ReviewState.OPEN,
            "shown": _shown(link),
            "error": error,
            "name": request.POST.get("name", ""),
            "comment": request.POST.get("comment", ""),
            "address": request.path,
            "zone": link.team.zone,
        }
        response = render(request, "review/approval.html", context, status=error.status if error else 200)
    return _with_headers(response)


def _shown(link: ApprovalLink) -> list[ShownWording]:
    """Return the words the link was made for, also when the post has others by now."""
    wording = queries.wording_of(link.review)
    accounts = [wish.account for wish in link.review.wishes.select_related("account").order_by("id")]
    return shown_wording(wording.content, accounts, link.team_id) if wording is not None else []


def _media_ids(content: dict[str, Any]) -> set[str]:
    return {each for version in content["versions"] for segment in version["segments"] for each in segment["media"]}


def _closed(request: HttpRequest, status: int) -> HttpResponseBase:
    return _with_headers(render(request, "review/approval_closed.html", {"status": status}, status=status))


def _as_picture(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _with_headers(response)


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _address_key(request: HttpRequest) -> str:
    return f"approval-misses:{request.META.get('REMOTE_ADDR', '')}"


def _too_many_misses(request: HttpRequest) -> bool:
    return (cache.get(_address_key(request)) or 0) >= MOST_MISSES


def _note_miss(request: HttpRequest) -> None:
    key = _address_key(request)
    cache.add(key, 0, MISSES_SECONDS)
    cache.incr(key)
