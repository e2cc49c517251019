"""Cards below links where the network builds none: read before the part's time, seen by the writer, never changed."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from pluralis.networks.fake.bluesky import FakeBluesky
from pluralis.networks.fake.x import FakeX
from pluralis.publishing.actions import card_for, choose_bare_links, edit_scheduled, forget_cards
from pluralis.publishing.actions.cards import TRY_AGAIN
from pluralis.publishing.actions.claim import claim_part
from pluralis.publishing.ahead import parts_to_prepare, prepare_part
from pluralis.publishing.card_pictures import MOST_BYTES, card_picture
from pluralis.publishing.cards import card_link
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.composing import compose
from pluralis.publishing.looking import reconcile_part
from pluralis.publishing.models import BareLink, Card, Part
from pluralis.publishing.tasks import publish_part
from pluralis.teams.errors import Invalid, NotFound
from pluralis.teams.locks import locks
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, draft, schedule
from tests.apps.cast import write as write_words
from tests.apps.publishing.ahead import Site, fake, picture, site, take, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    with fake("bluesky") as opened:
        assert isinstance(opened, FakeBluesky)
        yield opened


@pytest.fixture
def account(cast: Cast, bluesky: FakeBluesky) -> Account:
    return connect(cast.alice, bluesky)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as opened:
        yield opened


def part() -> Part:
    return Part.objects.select_related("account", "delivery__post", "segment", "card").get()


def publish() -> Part:
    Part.objects.update(due_at=timezone.now(), planned_at=timezone.now())
    publish_part(str(part().id))
    return part()


def embeds(bluesky: FakeBluesky) -> list[dict]:
    posts = [value for (kind, _did, _key), value in bluesky.repository.records.items() if kind.endswith("post")]
    return [value.get("embed") for value in posts]


def plan(cast: Cast, account: Account, text: str, after: float = 600.0) -> Part:
    schedule(cast.alice, write_words(cast.alice, text), account, after=after)
    return part()


def test_the_page_is_read_before_the_time_and_the_card_stands_below_the_link(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    link = web.put("/ipoh", "Norlune in Ipoh", "/shop.jpg")
    plan(cast, account, f"We open: {link}")
    assert parts_to_prepare(timezone.now()) == [part().id]
    prepare_part(str(part().id))
    assert web.asked == ["/ipoh", "/shop.jpg"]
    assert parts_to_prepare(timezone.now()) == []
    assert publish().state == "sent"
    [embed] = embeds(bluesky)
    external = embed["external"]
    assert (external["uri"], external["title"]) == (link, "Norlune in Ipoh")
    assert external["description"] == "All about Norlune in Ipoh"
    assert external["thumb"]["mimeType"] == "image/jpeg"
    assert web.asked == ["/ipoh", "/shop.jpg"]


def test_what_the_writer_saw_is_what_goes_out_also_at_once(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    link = web.put("/a", "As it was")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    web.put("/a", "As it is now")
    plan(cast, account, f"Look: {link}", after=0)
    assert publish().state == "sent"
    assert embeds(bluesky)[0]["external"]["title"] == "As it was"


def test_a_page_that_cannot_be_read_gives_no_card_and_holds_nothing_up(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    plan(cast, account, f"Look: {web.origin}/nothing")
    prepare_part(str(part().id))
    prepare_part(str(part().id))
    assert web.asked == ["/nothing"]
    assert Card.objects.get().problem
    assert publish().state == "sent"
    assert embeds(bluesky) == [None]


def test_a_page_is_not_read_between_the_claim_and_the_send(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    link = web.put("/late", "Too late")
    plan(cast, account, f"Look: {link}", after=0)
    assert publish().state == "sent"
    assert (web.asked, embeds(bluesky)) == ([], [None])


def test_a_page_that_comes_back_is_read_again_before_the_time(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    plan(cast, account, f"Look: {web.origin}/soon")
    prepare_part(str(part().id))
    web.put("/soon", "Here it is")
    Card.objects.update(read_at=timezone.now() - TRY_AGAIN - timedelta(seconds=1))
    prepare_part(str(part().id))
    assert part().card is not None and part().card.title == "Here it is"


def test_sent_twice_it_is_the_same_record_even_if_the_page_changes(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    link = web.put("/ipoh", "Before", "/shop.jpg")
    plan(cast, account, f"We open: {link}")
    prepare_part(str(part().id))
    bluesky.moods.set("drop_before", "put", times=1)
    bluesky.moods.set("drop", "post", times=1)
    first = publish()
    frozen = compose(first, first.first_claimed_at).card
    web.put("/ipoh", "After")
    card_for(actor=cast.alice, url=link, now=timezone.now(), again=True)
    assert compose(part(), first.first_claimed_at).card == frozen
    for _ in range(4):
        if part().state == "unconfirmed":
            Part.objects.update(look_again_at=part().claimed_at)
            reconcile_part(str(part().id))
        elif part().state == "waiting":
            publish()
    assert part().state == "sent"
    assert [embed["external"]["title"] for embed in embeds(bluesky)] == ["Before"]


def test_a_card_that_changed_after_it_was_composed_is_composed_again(cast: Cast, account: Account, web: Site) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    plan(cast, account, f"Look: {link}", after=0)
    known = part()
    web.put("/a", "Two")
    card_for(actor=cast.alice, url=link, now=timezone.now(), again=True)
    claim = claim_part(known.id, worker="test")
    assert claim is not None
    locks.release(claim.token)
    card = compose(claim.part, claim.created_at).card
    assert card is not None and card.title == "Two"


def test_read_again_waiting_parts_go_with_the_new_card_and_those_on_their_way_do_not(
    cast: Cast, account: Account, web: Site
) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    plan(cast, account, f"Look: {link}")
    web.put("/a", "Two")
    card_for(actor=cast.alice, url=link, now=timezone.now(), again=True)
    assert part().card.title == "Two"
    Part.objects.update(first_claimed_at=timezone.now())
    web.put("/a", "Three")
    card_for(actor=cast.alice, url=link, now=timezone.now(), again=True)
    assert part().card.title == "Two"


def test_a_page_that_cannot_be_read_again_keeps_its_card(cast: Cast, account: Account, web: Site) -> None:
    link = web.put("/a", "One")
    first = card_for(actor=cast.alice, url=link, now=timezone.now())
    web.pages.clear()
    assert card_for(actor=cast.alice, url=link, now=timezone.now(), again=True) == first
    assert Card.objects.count() == 1


def test_a_writer_switches_the_card_off_and_on_again(
    cast: Cast, account: Account, bluesky: FakeBluesky, web: Site
) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    post = plan(cast, account, f"Look: {link}").delivery.post
    choose_bare_links(actor=cast.alice, post_id=post.id, urls=[link], now=timezone.now())
    assert part().card is None and parts_to_prepare(timezone.now()) == []
    prepare_part(str(part().id))
    assert part().card is None
    choose_bare_links(actor=cast.alice, post_id=post.id, urls=[], now=timezone.now())
    assert part().card is not None and not BareLink.objects.exists()
    choose_bare_links(actor=cast.alice, post_id=post.id, urls=[link], now=timezone.now())
    assert publish().state == "sent"
    assert embeds(bluesky) == [None]


def test_a_switch_set_before_the_post_is_planned_holds(cast: Cast, account: Account, web: Site) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    post = write_words(cast.alice, f"Look: {link}")
    choose_bare_links(actor=cast.alice, post_id=post.id, urls=[link], now=timezone.now())
    schedule(cast.alice, post, account, after=600)
    assert part().card is None


def test_other_words_carry_the_card_of_their_own_link(cast: Cast, account: Account, web: Site) -> None:
    first, second = web.put("/a", "One"), web.put("/b", "Two")
    for link in (first, second):
        card_for(actor=cast.alice, url=link, now=timezone.now())
    post = plan(cast, account, f"Look: {first}").delivery.post
    for number, (text, title) in enumerate(
        [(f"Look: {second}", "Two"), ("Nothing.", None), (f"Back: {first}", "One")]
    ):
        edit_scheduled(
            actor=cast.alice, post_id=post.id, draft=draft(text), revision=post.revision + number,
            confirmed=Confirmations(), now=timezone.now(),
        )  # fmt: skip
        assert (part().card and part().card.title) == title


def test_pictures_stand_in_the_cards_place(cast: Cast, account: Account, bluesky: FakeBluesky, web: Site) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    schedule(cast.alice, write(cast.alice, f"Look: {link}", take(cast.alice, picture())), account, after=600)
    prepare_part(str(part().id))
    assert publish().state == "sent"
    [embed] = embeds(bluesky)
    assert embed["$type"] == "app.bsky.embed.images"


def test_no_card_is_read_where_the_network_builds_its_own(cast: Cast, x: FakeX, web: Site) -> None:
    link = web.put("/a", "One")
    account = connect(cast.alice, x)
    plan(cast, account, f"Look: {link}")
    assert parts_to_prepare(timezone.now()) == []
    prepare_part(str(part().id))
    assert web.asked == [] and part().card is None


NO_CARD = {
    "no link": ("Good morning.", {}),
    "pictures": ("See https://norlune.example/a", {"pictures": True}),
    "a quote": ("See https://norlune.example/a", {"quote": True}),
    "private": ("See https://norlune.example/a", {"visibility": "direct"}),
    "an endless address": (f"See https://norlune.example/{'a' * 2100}", {}),
}


@pytest.mark.parametrize(("text", "more"), NO_CARD.values(), ids=NO_CARD)
def test_which_messages_get_none(text: str, more: dict) -> None:
    assert card_link(text, **{"pictures": False, **more}) is None


def test_the_first_of_several_links_gets_it() -> None:
    found = card_link("See norlune.com/a and https://b.example/", pictures=False)
    assert found == "https://norlune.com/a"


@pytest.mark.parametrize(
    "url", ["", "hello", "javascript:x()", "ftp://a.example/", "https://a.example/ b", "x" * 3000]
)
def test_what_is_no_link_is_refused(cast: Cast, url: str) -> None:
    with pytest.raises(Invalid):
        card_for(actor=cast.alice, url=url, now=timezone.now())


def test_a_link_into_the_house_is_not_read(cast: Cast) -> None:
    card = card_for(actor=cast.alice, url="http://127.0.0.1.nip.example/", now=timezone.now())
    assert card.problem
    assert card_for(actor=cast.alice, url="http://127.0.0.1.nip.example/", now=timezone.now()) == card


def test_cards_are_a_teams_own(cast: Cast, account: Account, web: Site) -> None:
    link = web.put("/a", "One")
    card_for(actor=cast.alice, url=link, now=timezone.now())
    card_for(actor=cast.charlie, url=link, now=timezone.now())
    assert Card.objects.values("team").distinct().count() == 2
    post = write_words(cast.alice, f"Look: {link}")
    with pytest.raises(NotFound):
        choose_bare_links(actor=cast.charlie, post_id=post.id, urls=[link], now=timezone.now())


def test_cards_that_nobody_carries_are_removed_with_their_pictures(cast: Cast, account: Account, web: Site) -> None:
    used, unused = web.put("/a", "One", "/shop.jpg"), web.put("/b", "Two", "/shop.jpg")
    for link in (used, unused):
        card_for(actor=cast.alice, url=link, now=timezone.now())
    plan(cast, account, f"Look: {used}")
    gone = Card.objects.get(url=unused)
    assert forget_cards(timezone.now()) == 0
    assert forget_cards(timezone.now() + timedelta(days=8)) == 1
    assert [card.url for card in Card.objects.all()] == [used]
    assert not gone.picture.storage.exists(gone.picture.name)


def test_scheduling_words_without_links_asks_nothing_of_cards(
    cast: Cast, account: Account, django_assert_max_num_queries: Callable
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    post = write_words(cast.alice, "Only words.")
    with CaptureQueriesContext(connection) as asked:
        schedule(cast.alice, post, account)
    assert not [
        one for one in asked.captured_queries if "publishing_card" in one["sql"] and "INSERT" not in one["sql"]
    ]


@pytest.mark.parametrize(("size", "kind"), [((2400, 1600), "PNG"), ((64, 64), "GIF"), ((300, 2000), "WEBP")])
def test_a_cards_picture_is_written_anew_and_small(size: tuple[int, int], kind: str) -> None:
    content, width, height = card_picture(picture(size=size, kind=kind))
    assert len(content) <= MOST_BYTES and max(width, height) <= 1200
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (width, height))


@pytest.mark.parametrize("content", [b"", b"<svg/>", picture(size=(1, 1)), picture()[:200]])
def test_what_is_no_picture_gives_none(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        card_picture(content)


def test_a_card_without_a_picture_is_a_card(cast: Cast, web: Site) -> None:
    web.pages["/odd.svg"] = ("image/svg+xml", b"<svg/>")
    card = card_for(actor=cast.alice, url=web.put("/a", "One", "/odd.svg"), now=timezone.now())
    assert (card.title, bool(card.picture), card.problem) == ("One", False, "")
