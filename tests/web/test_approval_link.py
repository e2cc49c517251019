"""The page behind an approval link: one wording, no session, no script; reading decides nothing."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.core.review import ReviewState
from pluralis.posts.actions import make_link, revoke_link, save_post
from pluralis.posts.actions.approval_links import MOST_TRIES
from pluralis.posts.models import ApprovalLink, Review, Verdict
from pluralis.publishing.actions import ReviewWish, submit_post
from pluralis.publishing.models import Delivery
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, draft, write
from tests.web.conftest import refused_by_policy


@pytest.fixture(autouse=True)
def _no_misses() -> None:
    cache.clear()


@pytest.fixture
def review(cast: Cast, account: Account) -> Review:
    now = timezone.now()
    write(cast.alice, "Another post, which no client may read.")
    post = write(cast.bob, "We open at nine.")
    wish = ReviewWish((account.id,), now + timedelta(days=1), note="An internal word")
    return submit_post(actor=cast.bob, post_id=post.id, wish=wish, now=now)


@pytest.fixture
def words(cast: Cast, review: Review) -> str:
    now = timezone.now()
    _link, words = make_link(
        actor=cast.alice, review_id=review.id, recipient="Norlune Ltd", expires_at=now + timedelta(days=3), now=now
    )
    return words


def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def test_opening_the_link_shows_the_words_and_changes_nothing(words: str, review: Review) -> None:
    client = stranger()
    for _again in range(3):
        answer = client.get(reverse("approval", args=[words]))
        assert answer.status_code == 200
    client.head(reverse("approval", args=[words]))
    page = answer.content.decode()
    assert "We open at nine." in page and "@Norlune" in page
    assert not Verdict.objects.exists()
    assert Review.objects.get().state == ReviewState.OPEN
    assert answer.cookies == {}
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_has_no_script_and_tells_nothing_else_of_the_team(words: str, review: Review, cast: Cast) -> None:
    page = stranger().get(reverse("approval", args=[words])).content.decode()
    assert "<script" not in page and refused_by_policy(page) == []
    for secret in ("Another post", "An internal word", "Alice", "Bob", str(review.id), str(cast.alice.team_id)):
        assert secret not in page
    assert set(re.findall(r'(?:href|src|action)="([^"]+)"', page)) >= {f"/approve/{words}"}
    assert not [one for one in re.findall(r'href="([^"]+)"', page) if "/static/" not in one]


def test_a_client_approves_and_the_post_plans_itself(words: str, review: Review, cast: Cast) -> None:
    client, address = stranger(), reverse("approval", args=[words])
    answer = client.post(address, {"do": "approve", "name": " Dana   Client ", "comment": "Lovely."})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert "You approved these words" in client.get(address).content.decode()
    assert Delivery.objects.get().planned_at == review.wished_at
    verdict = Verdict.objects.get()
    assert (verdict.name, verdict.member) == ("Dana Client", None)
    entry = AuditEntry.objects.get(action="posts.review.approved")
    assert entry.actor is None and entry.data["by"] == "link"
    client.post(address, {"do": "changes", "name": "Dana", "comment": "No!"})
    assert Verdict.objects.count() == 1, "an answer is given once"


def test_a_client_asks_for_changes_with_a_word(words: str, cast: Cast) -> None:
    client, address = stranger(), reverse("approval", args=[words])
    refused = client.post(address, {"do": "changes", "name": "Dana", "comment": " "})
    assert refused.status_code == 422 and "Dana" in refused.content.decode()
    client.post(address, {"do": "changes", "name": "Dana", "comment": "Say ten."})
    assert Review.objects.get().state == ReviewState.SENT_BACK
    assert "Say ten." in client.get(address).content.decode()


def test_a_name_is_needed(words: str) -> None:
    answer = stranger().post(reverse("approval", args=[words]), {"do": "approve", "name": "", "comment": "Yes"})
    assert answer.status_code == 422 and "Your name is missing." in answer.content.decode()
    assert not Verdict.objects.exists()


def test_new_words_void_the_link_and_are_not_shown_by_it(words: str, review: Review, cast: Cast) -> None:
    new = draft("A price of 9 euros, still secret.")
    save_post(actor=cast.bob, post_id=review.post_id, draft=new, revision=1, now=timezone.now())
    client, address = stranger(), reverse("approval", args=[words])
    page = client.get(address).content.decode()
    assert "still secret" not in page and "decided or changed meanwhile" in page
    assert client.post(address, {"do": "approve", "name": "Dana"}).status_code == 409
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("how", ["unknown", "revoked", "expired"])
def test_a_dead_link_looks_like_one_that_never_was(how: str, words: str, cast: Cast) -> None:
    link = ApprovalLink.objects.get()
    if how == "revoked":
        revoke_link(actor=cast.alice, link_id=link.id, now=timezone.now())
    if how == "expired":
        ApprovalLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    tried = words[:-2] + "AA" if how == "unknown" else words
    for answer in (
        stranger().get(reverse("approval", args=[tried])),
        stranger().post(reverse("approval", args=[tried]), {"do": "approve", "name": "Dana"}),
    ):
        assert answer.status_code == 404
        page = answer.content.decode()
        assert "This link leads nowhere" in page and "nine" not in page and "Norlune" not in page
    assert not Verdict.objects.exists()


def test_only_the_hash_of_a_link_is_stored(words: str) -> None:
    link = ApprovalLink.objects.get()
    assert words not in str(list(ApprovalLink.objects.values())) and len(link.token_hash) == 64
    assert words not in str(list(AuditEntry.objects.values()))


def test_too_many_answers_close_a_link(words: str) -> None:
    client, address = stranger(), reverse("approval", args=[words])
    for _try in range(MOST_TRIES):
        assert client.post(address, {"do": "approve", "name": ""}).status_code == 422
    assert client.post(address, {"do": "approve", "name": "Dana"}).status_code == 409
    assert not Verdict.objects.exists()


def test_guessing_is_slowed_down(db: None) -> None:
    cache.clear()
    client = stranger()
    seen = {client.get(reverse("approval", args=[f"guess-{number}"])).status_code for number in range(40)}
    assert seen == {404, 429}


def test_pictures_of_other_posts_are_not_shown_by_it(words: str, cast: Cast) -> None:
    from io import BytesIO

    from PIL import Image

    from pluralis.posts.actions import add_picture

    held = BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    media = add_picture(actor=cast.alice, content=held.getvalue(), alt_text="A field", now=timezone.now())
    assert stranger().get(reverse("approval_picture", args=[words, media.id])).status_code == 404
