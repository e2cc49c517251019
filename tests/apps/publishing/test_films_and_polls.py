"""Films and polls on the whole road: handed in, scheduled, published once, found again after a doubt."""

import io

import pytest
from django.utils import timezone

from pluralis.networks.contract import Poll
from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import add_media, copy_post, create_post
from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion
from pluralis.posts.models import Media, Post
from pluralis.posts.queries import draft_from, post_with_words
from pluralis.publishing.looking import reconcile_part
from pluralis.publishing.models import Part
from pluralis.publishing.tasks import prepare_part, publish_part
from pluralis.teams.errors import Invalid
from pluralis.teams.models import Account
from tests.apps.cast import Cast, schedule
from tests.films import PLACE, mp4

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = Poll(("Nantes", "Ipoh"), 1440)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def take(cast: Cast, content: bytes, alt_text: str = "Waves") -> Media:
    return add_media(actor=cast.alice, content=io.BytesIO(content), alt_text=alt_text, now=timezone.now())


def write(cast: Cast, text: str, *media: Media, poll: Poll | None = None) -> Post:
    draft = Draft((DraftVersion((DraftSegment(text, tuple(one.id for one in media), poll),)),), language="en")
    return create_post(actor=cast.alice, draft=draft, client_key=text[:60], now=timezone.now())


def publish() -> Part:
    prepare_part(str(Part.objects.get().id))
    publish_part(str(Part.objects.get().id))
    return Part.objects.get()


def test_a_film_goes_out_once_and_without_its_place(cast: Cast, account: Account, x: FakeX) -> None:
    content = mp4(frames=5_000_000)
    schedule(cast.alice, write(cast, "The sea today.", take(cast, content)), account)
    part = publish()
    assert part.state == "sent"
    [media_id] = x.world.posts[part.remote_id].draft.media
    arrived = x.world.media[media_id]
    assert (arrived.content_type, len(arrived.content)) == ("video/mp4", len(content))
    assert PLACE not in arrived.content
    assert arrived.content[-5_000_000:] == content[-5_000_000:]


def test_a_film_whose_answer_never_came_is_found_and_not_sent_again(cast: Cast, account: Account, x: FakeX) -> None:
    x.moods.set("drop", "post", times=1)
    schedule(cast.alice, write(cast, "The sea today.", take(cast, mp4())), account)
    assert publish().state == "unconfirmed"
    Part.objects.update(look_again_at=Part.objects.get().claimed_at)
    reconcile_part(str(Part.objects.get().id))
    assert Part.objects.get().state == "sent"
    assert len(x.ledger.entries(action="post")) == 1


def test_a_film_too_long_for_the_network_is_not_scheduled(cast: Cast, account: Account) -> None:
    post = write(cast, "An hour of sea.", take(cast, mp4(3600)))
    with pytest.raises(Invalid) as refused:
        schedule(cast.alice, post, account)
    assert [str(one) for one in refused.value.fields.values()] == ["The film is too long for this network."]


def test_what_is_only_advice_about_a_film_stops_nothing(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast, "The sea today.", take(cast, mp4(0), alt_text="")), account)
    assert publish().state == "sent"


def test_a_poll_goes_out_with_its_words(cast: Cast, account: Account, x: FakeX) -> None:
    schedule(cast.alice, write(cast, "Where next?", poll=ASKED), account)
    part = publish()
    assert part.state == "sent"
    assert x.world.posts[part.remote_id].draft.poll == ASKED.options


def test_a_poll_that_does_not_fit_is_not_scheduled(cast: Cast, account: Account) -> None:
    post = write(cast, "Where next?", poll=Poll(("Nantes",), 1440))
    with pytest.raises(Invalid, match="cannot go out"):
        schedule(cast.alice, post, account)


def test_a_copy_asks_the_same(cast: Cast) -> None:
    post = write(cast, "Where next?", poll=ASKED)
    twin = copy_post(actor=cast.alice, post_id=post.id, client_key="twin", now=timezone.now())
    assert draft_from(post_with_words(twin.id)).versions[0].segments[0].poll == ASKED
