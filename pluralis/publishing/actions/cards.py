"""Read pages for cards, and choose which part carries which: always before its claim, never after."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pluralis import jobs
from pluralis.core.states import PartState
from pluralis.core.text.facets import first_link
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NetworkError
from pluralis.networks.pages import Page, read_page
from pluralis.networks.transport import fetch_url
from pluralis.posts.access import access_post
from pluralis.posts.models import Post
from pluralis.publishing.access import access_delivery
from pluralis.publishing.actions.schedule import ability_for
from pluralis.publishing.card_pictures import card_picture
from pluralis.publishing.cards import LONGEST_LINK, bare_links, latest_cards, link_of, set_known_cards
from pluralis.publishing.models import BareLink, Card, Part
from pluralis.teams import audit
from pluralis.teams.access import Ability, may, require
from pluralis.teams.changes import note_change
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Membership
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


def card_for(*, actor: Membership, url: str, now: datetime, again: bool = False) -> Card:
    """Return the card of a link, its page read if it was not yet, or ``again``.

    Read again by somebody who may publish, parts that wait go with the new card. A page that cannot be read gives a
    card that says why, or when it was read before, that one. Raises :class:`Invalid` for what is no link.
    """
    require(actor, Ability.WRITE)
    if first_link(url) != url or len(url.encode()) > LONGEST_LINK:
        raise Invalid("no_link", _("This is no address of a web page."), fields={"url": _("Give a whole address.")})
    known = latest_cards(actor.team_id, [url]).get(url)
    if known is not None and not again and (not known.problem or known.read_at > now - TRY_AGAIN):
        return known
    card = read_card(actor.team_id, url)
    if card.problem and known is not None and not known.problem:
        return known
    card.save(force_insert=True)
    if known is not None and not card.problem and may(actor, Ability.PUBLISH):
        _give_instead(card)
    return card


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


def _give_instead(card: Card) -> None:
    """Let waiting parts that carry an older card of the same link carry this one."""
    older = Part.objects.filter(team=card.team_id, card__url=card.url).exclude(card=card)
    _free(older).update(card=card)
    note_change(card.team_id, "posts")


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


def choose_bare_links(*, actor: Membership, post_id: UUID, urls: Iterable[str], now: datetime) -> None:
    """Say below which links of a post no card shall stand; every other gets one again. Parts that wait follow."""
    post = access_post(actor, post_id)
    require(actor, Ability.WRITE)
    wanted = {url for url in urls if 0 < len(url.encode()) <= LONGEST_LINK}
    if bare_links([post.id]).get(post.id, set()) == wanted:
        return
    with transaction.atomic():
        Post.objects.select_for_update().get(id=post.id)
        BareLink.objects.filter(post=post).exclude(url__in=wanted).delete()
        rows = [BareLink(team_id=post.team_id, post=post, url=url) for url in wanted]
        BareLink.objects.bulk_create(rows, ignore_conflicts=True)
        waiting = _free(Part.objects.filter(delivery__post=post)).select_for_update(of=("self",))
        parts = list(waiting.select_related("account", "delivery__post", "segment", "card"))
        for delivery_id in {part.delivery_id for part in parts}:
            access_delivery(actor, delivery_id, ability_for(post))
        carry_cards(parts)
        audit.note("publishing.post.cards_chosen", team_id=post.team_id, actor=actor, about=post, now=now,
                   without=len(wanted))  # fmt: skip
        note_change(post.team_id, "posts", f"post:{post.id}")


def carry_cards(parts: Iterable[Part]) -> None:
    """Let locked parts that wait carry the newest cards of their links, in the caller's transaction."""
    free: Collection[Part] = [
        part for part in parts if part.state in FREE and not part.in_doubt and part.first_claimed_at is None
    ]
    for part in set_known_cards(free):
        part.save(update_fields=["card"])


def forget_cards(now: datetime) -> int:
    """Remove cards that no part carries, with their pictures; returns how many."""
    old = Card.objects.filter(read_at__lt=now - KEPT, parts__isnull=True)
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
