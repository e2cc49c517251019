"""Read pages for cards, and give them to the parts that carry them: always before their claim, never after.

What a person chooses of them is in ``card_choices``.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pluralis import jobs
from pluralis.core.states import PartState
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError
from pluralis.networks.pages import Page, read_page
from pluralis.networks.transport import fetch_url
from pluralis.posts.models import Post, PostState
from pluralis.publishing.card_pictures import card_picture
from pluralis.publishing.cards import bare_links, latest_cards, link_of, set_known_cards
from pluralis.publishing.models import Card, Part
from pluralis.teams.queries import database_now

log = logging.getLogger(__name__)

PAGE_SECONDS, PICTURE_SECONDS = 5.0, 4.0
PICTURE_BYTES = 6 * 1024 * 1024
TITLE, DESCRIPTION = 300, 1000
"""Characters that are kept of a page's words; a network may take fewer."""

TRY_AGAIN = timedelta(minutes=5)
"""How long a page that could not be read is left alone."""

KEPT = timedelta(days=7)
"""How long a card is kept that no part carries."""

FREE = (PartState.WAITING, PartState.HELD, PartState.MISSED)
"""Where a part may still be given another card, if nothing of it can stand on the network."""


def read_card(team_id: UUID, url: str) -> Card:
    """Return an unsaved card of what the page says now; one with ``problem`` when it cannot be read. Never raises."""
    card = Card(team_id=team_id, url=url)
    try:
        page = read_page(url, Deadline.after(PAGE_SECONDS), title=TITLE, description=DESCRIPTION)
    except NetworkError as error:
        card.problem, card.read_at = error.reason[:200] or "unreadable", database_now()
        return card
    card.title, card.description = page.title, page.description
    _add_picture(card, page)
    card.read_at = database_now()
    return card


def _add_picture(card: Card, page: Page) -> None:
    """Read the page's picture; a card without one is a card all the same."""
    if not page.picture:
        return
    try:
        found = fetch_url(page.picture, Deadline.after(PICTURE_SECONDS), limit=PICTURE_BYTES)
        content, card.width, card.height = card_picture(found.content)
    except (NetworkError, ValueError) as error:
        log.info("the picture of a card could not be read: %s", error)
        return
    card.picture.save(f"{card.id}.jpg", ContentFile(content), save=False)


def _free(parts: QuerySet[Part]) -> QuerySet[Part]:
    return parts.filter(state__in=FREE, in_doubt=False, first_claimed_at__isnull=True)


def give_card(part: Part) -> bool:
    """Give a waiting part the card of its link, the page read if nobody has; returns whether it carries one now.

    Reads the network outside any transaction. What was claimed or changed meanwhile is left as it is.
    """
    link = link_of(part)
    if link is None or link in bare_links([part.delivery.post_id]).get(part.delivery.post_id, ()):
        return False
    if part.card is not None and part.card.url == link:
        return True
    card = latest_cards(part.team_id, [link]).get(link)
    if card is None or (card.problem and card.read_at < database_now() - TRY_AGAIN):
        jobs.lend_connection()
        card = read_card(part.team_id, link)
        card.save(force_insert=True)
    if card.problem:
        return False
    given = _free(Part.objects.filter(id=part.id, text=part.text)).update(card=card)
    part.card = card if given else part.card
    return bool(given)


def carry_cards(parts: Iterable[Part]) -> None:
    """Let locked parts that wait carry the newest cards of their links, in the caller's transaction."""
    free: Collection[Part] = [
        part for part in parts if part.state in FREE and not part.in_doubt and part.first_claimed_at is None
    ]
    for part in set_known_cards(free):
        part.save(update_fields=["card"])


def forget_cards(now: datetime) -> int:
    """Remove cards that no part carries, with their pictures; returns how many.

    Those that reviewers were shown stay until the post is planned: read anew, a page might say what nobody approved.
    """
    asked = Post.objects.filter(
        team=OuterRef("team"), state__in=(PostState.SUBMITTED, PostState.APPROVED),
        versions__segments__text__contains=OuterRef("url"),
    )  # fmt: skip
    old = Card.objects.filter(~Exists(asked), read_at__lt=now - KEPT, parts__isnull=True)
    count = 0
    for card in old[:5_000]:
        with transaction.atomic():
            if Part.objects.filter(card=card).exists():
                continue
            card.delete()
        if card.picture:
            card.picture.delete(save=False)
        count += 1
    return count
