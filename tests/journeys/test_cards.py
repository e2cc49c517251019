"""A writer sees the card of a link before the post goes out: read while they write, read again, left out."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from pluralis.publishing.models import BareLink
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, make_cast
from tests.apps.publishing.ahead import Site, fake, site
from tests.journeys.desk import inspect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def account(cast: Cast) -> Iterator[Account]:
    with fake("bluesky") as network:
        yield connect(cast.alice, network)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as opened:
        yield opened


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (360, "fr")])
@pytest.mark.usefixtures("account")
def test_the_card_of_a_link_is_seen_changed_and_left_out(
    cast: Cast, web: Site, open_browser: Callable[..., Page], width: int, language: str
) -> None:
    cast.alice.user.language = language
    cast.alice.user.save()
    link = web.put("/ipoh", "Norlune opens its first shop in Ipoh and everybody is invited", "/shop.jpg")
    page = open_browser(cast.alice, width=width, language=language)
    page.goto(reverse("write"))
    page.locator("[data-text]").first.fill(f"Norlune : {link}")
    card = page.locator(".link-card")
    expect(card).to_contain_text("Norlune opens its first shop")
    assert web.asked == ["/ipoh", "/shop.jpg"]
    card.scroll_into_view_if_needed()
    inspect(page, f"card-{width}")
    web.put("/ipoh", "Norlune opens on Sunday")
    page.locator("[data-card-again]").click()
    expect(card).to_contain_text("Norlune opens on Sunday")
    page.locator("[data-card-off]").check()
    expect(page.locator(".link-card-words")).to_have_count(0)
    inspect(page, f"card-off-{width}")
    page.locator('button[name=do][value="draft"]').click()
    page.wait_for_url("**/write/*-*")
    assert BareLink.objects.get().url == link
