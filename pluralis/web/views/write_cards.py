"""What Write shows below a link where the network builds no card, and how its writer has it read or leaves it out."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from pluralis.posts.access import access_post
from pluralis.posts.drafts import Draft
from pluralis.posts.models import Post
from pluralis.posts.queries import draft_segments_for
from pluralis.publishing.access import access_card
from pluralis.publishing.actions import card_for
from pluralis.publishing.cards import bare_links, card_link, latest_cards, limits_of
from pluralis.publishing.models import Card
from pluralis.teams.access import valid_id
from pluralis.teams.models import Account
from pluralis.web.composing import ShownPreview
from pluralis.web.gates import SeatedRequest, seated
from pluralis.web.ranges import serve_stored

# Slow pages must not hold every thread of the desk.
_reading = threading.BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class CardLook:
    """A link that gets a card: what is known of its page (``None``: not read yet), and whether it shall have none.

    ``first`` is where it is chosen, if several accounts show the same link.
    """

    url: str
    card: Card | None
    bare: bool
    first: bool


def cards_of(
    request: SeatedRequest, draft: Draft, shown: Sequence[ShownPreview], post: Post | None = None
) -> dict[str, Any]:
    """Return the cards of a draft by account and number of the message. Two queries where there is any, else none."""
    links = {one.account.id: _links(draft, one.account) for one in shown}
    urls = [url for each in links.values() for url in each.values()]
    if not urls:
        return {"cards": {}}
    known = latest_cards(request.membership.team_id, urls)
    if request.method == "POST" or post is None:
        bare = set(request.POST.getlist("bare_link"))
    else:
        bare = bare_links([post.id]).get(post.id, set())
    looks: dict[UUID, dict[int, CardLook]] = {}
    seen: set[str] = set()
    for account_id, each in links.items():
        for number, url in each.items():
            look = CardLook(url, known.get(url), url in bare, url not in seen)
            looks.setdefault(account_id, {})[number] = look
            seen.add(url)
    return {"cards": looks}


def cards_to_read(request: SeatedRequest, draft: Draft, shown: Sequence[ShownPreview], post: Post) -> dict[str, Any]:
    """Return the cards of a post for somebody who only looks: nothing to choose, and no page that nobody has read.
    Two queries where there is any, else none."""
    found: dict[UUID, dict[int, CardLook]] = cards_of(request, draft, shown, post)["cards"]
    return {
        "cards": {
            account: {number: replace(look, first=False) for number, look in each.items() if look.card or look.bare}
            for account, each in found.items()
        }
    }


def _links(draft: Draft, account: Account) -> dict[int, str]:
    found: dict[int, str] = {}
    if limits_of(account).card is None:
        return found
    for number, segment in enumerate(draft_segments_for(draft, account.id)):
        quote = bool(draft.quote) and number == 0
        link = card_link(segment.text, pictures=bool(segment.media_ids), quote=quote, visibility=draft.visibility)
        if link is not None:
            found[number] = link
    return found


@require_POST
@seated
def read_card(request: SeatedRequest) -> HttpResponseBase:
    """Read the page behind a link for its card; the previews show it then. 503 while many are being read.

    Another card changes a post that is on its road: the page that edits it (``post``, at ``revision``) hears of the
    new revision, unless somebody else saved the post meanwhile.
    """
    if not _reading.acquire(blocking=False):
        return HttpResponse(status=503, headers={"Retry-After": "2"})
    try:
        card_for(
            actor=request.membership, url=request.POST.get("url", ""), now=timezone.now(),
            again=request.POST.get("again") == "1",
        )  # fmt: skip
    finally:
        _reading.release()
    return _new_revision(request)


def _new_revision(request: SeatedRequest) -> HttpResponseBase:
    held, typed = request.POST.get("post", ""), request.POST.get("revision", "")
    if not held or not typed.isdigit():
        return HttpResponse(status=204)
    revision = access_post(request.membership, valid_id(held)).revision
    return JsonResponse({"revision": revision}) if revision == int(typed) + 1 else HttpResponse(status=204)


@seated
def card_picture(request: SeatedRequest, card_id: UUID) -> HttpResponseBase:
    """Show the picture of a card to members of its team, as a picture and as nothing else."""
    card = access_card(request.membership, card_id)
    response = serve_stored(request, card.picture, "image/jpeg", str(card.id))
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
