"""Write: what is typed is never lost, goes out once, and is checked before it does."""

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from pluralis.core.findings import Severity
from pluralis.posts.actions import add_picture, save_post
from pluralis.posts.drafts import DraftSegment, DraftVersion
from pluralis.posts.models import Media, Post, PostState
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.models import Account, Membership, Role
from pluralis.web.composing import draft_of
from tests.apps.cast import Cast, draft, schedule, write

Browser = Callable[[Membership], Client]


def form(text: str, *accounts: Account, **more: object) -> dict[str, object]:
    """What the composer sends."""
    ids = [str(account.id) for account in accounts]
    return {"key": uuid.uuid4().hex, "text": text, "pictures": "", "accounts": ids, "do": "schedule", **more}


def test_a_post_goes_out_in_ten_seconds_and_can_be_taken_back(cast: Cast, account: Account, browser: Browser) -> None:
    client = browser(cast.alice)
    page = client.post(reverse("write"), form("We open today.", account), follow=True).content.decode()
    part = Part.objects.get(account=account)
    assert timedelta(seconds=5) < part.due_at - timezone.now() <= timedelta(seconds=10)
    [undo] = re.findall(r'action="([^"]+/undo)"', page)
    client.post(undo)
    part.refresh_from_db()
    assert part.state == "cancelled"


def test_a_double_click_plans_it_once(cast: Cast, account: Account, browser: Browser) -> None:
    client, typed = browser(cast.alice), form("We open today.", account)
    client.post(reverse("write"), typed)
    client.post(reverse("write"), typed)
    assert Delivery.objects.filter(team=cast.alice.team_id).count() == 1


def test_a_wall_clock_is_read_in_the_readers_zone(cast: Cast, account: Account, browser: Browser) -> None:
    cast.alice.user.zone = "Asia/Kuala_Lumpur"
    cast.alice.user.save()
    tomorrow = (timezone.now() + timedelta(days=1)).date()
    typed = form("We open today.", account, when="at", at=f"{tomorrow}T09:00", missed_policy="late")
    browser(cast.alice).post(reverse("write"), typed)
    delivery = Delivery.objects.get(account=account)
    assert (delivery.planned_at.hour, delivery.planned_at.minute) == (1, 0)
    assert (delivery.zone, delivery.missed_policy) == ("Asia/Kuala_Lumpur", "late")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"when": "at", "at": "2020-01-01T09:00"}, "This time has passed"),
        ({"when": "at", "at": "tomorrow"}, "No day and time is chosen"),
        ({"accounts": []}, "No account is chosen"),
    ],
)
def test_a_refused_post_is_kept_and_stays_in_the_form(
    cast: Cast, account: Account, browser: Browser, more: dict[str, object], said: str
) -> None:
    answer = browser(cast.alice).post(reverse("write"), form("We keep this sentence.", account) | more)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html and "We keep this sentence.</textarea>" in html
    assert Post.objects.get(team=cast.alice.team_id).state == "draft"
    assert not Delivery.objects.exists()


def test_words_mended_after_a_refusal_go_out_and_not_the_refused_ones(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client, typed = browser(cast.alice), form("Call us on +33 6 12 34 56 78.", account)
    refused = client.post(reverse("write"), typed)
    post = Post.objects.get(team=cast.alice.team_id)
    assert f'action="{reverse("write_post", args=[post.id])}"' in refused.content.decode()
    client.post(reverse("write_post", args=[post.id]), typed | {"text": "Write to us.", "revision": post.revision})
    assert Part.objects.get(account=account).segment.text == "Write to us."


def test_going_back_to_a_form_and_writing_on_changes_the_post_it_made(
    cast: Cast, account: Account, browser: Browser
) -> None:
    client, typed = browser(cast.alice), form("We open at nine.", account, do="draft")
    for text in ("We open at nine.", "We open at ten."):
        client.post(reverse("write"), typed | {"text": text})
    assert Post.objects.get(team=cast.alice.team_id).versions.get().segments.get().text == "We open at ten."
    refused = client.post(reverse("write"), typed | {"text": "We open at noon."})
    assert refused.status_code == 409
    assert "We open at noon.</textarea>" in refused.content.decode()


def test_text_that_cannot_be_stored_is_not_lost_from_the_page(cast: Cast, account: Account, browser: Browser) -> None:
    answer = browser(cast.alice).post(reverse("write"), form("x" * 100_001, account))
    assert answer.status_code == 422 and b"x" * 100_001 in answer.content
    assert not Post.objects.exists()


def test_personal_data_stops_a_post_and_a_lead_overrides_with_a_reason(
    cast: Cast, account: Account, browser: Browser
) -> None:
    alice, text = browser(cast.alice), "Call Dana on +33 6 12 34 56 78."
    answer = alice.post(reverse("write"), form(text, account))
    assert answer.status_code == 422 and b'name="override_reason"' in answer.content
    assert not Delivery.objects.exists()
    alice.post(reverse("write"), form(text, account, override_reason="her own number, on her wish"))
    assert Delivery.objects.count() == 1


def test_two_browsers_do_not_overwrite_each_other(cast: Cast, account: Account, browser: Browser) -> None:
    post = write(cast.alice, "First words")
    address = reverse("write_post", args=[post.id])
    browser(cast.alice).post(address, form("Alice's words", do="draft", revision="1"))
    answer = browser(cast.bob).post(address, form("Bob's words", do="draft", revision="1"))
    assert answer.status_code == 409
    assert b"Somebody else saved this post" in answer.content and b"Bob&#x27;s words</textarea>" in answer.content


def test_an_own_version_goes_to_its_account_only(cast: Cast, account: Account, browser: Browser) -> None:
    own = {"version": str(account.id), f"text:{account.id}": ["Other words", "A second message", ""]}
    browser(cast.alice).post(reverse("write"), form("Words for all", account, **own))
    assert [part.text for part in Part.objects.order_by("position")] == ["Other words", "A second message"]


def test_a_planned_post_gets_new_words(cast: Cast, account: Account, browser: Browser) -> None:
    post = write(cast.alice, "Old words")
    schedule(cast.alice, post, account, after=3600)
    post.refresh_from_db()
    address = reverse("write_post", args=[post.id])
    assert b"Old words</textarea>" in browser(cast.alice).get(address).content
    browser(cast.alice).post(address, form("New words", account, revision=str(post.revision)))
    assert Part.objects.get().text == "New words"


def test_the_preview_shows_length_findings_and_a_way_to_mend(cast: Cast, account: Account, browser: Browser) -> None:
    html = browser(cast.alice).post(reverse("write_preview"), form("I think so", account)).content.decode()
    assert 'aria-label="X: 10 of 280 used"' in html
    assert f'<mark class="finding is-{Severity.WARN}" data-finding="0" data-start="0" data-end="1">I</mark>' in html
    assert re.search(r'data-fix="We"[^>]*data-start="0" data-end="1"', html)
    assert not Post.objects.exists()


def test_the_preview_of_another_teams_account_is_empty(cast: Cast, account: Account, browser: Browser) -> None:
    html = browser(cast.charlie).post(reverse("write_preview"), form("I think so", account)).content.decode()
    assert "Norlune" not in html and "<mark" not in html


def test_who_may_not_write_cannot_even_look(cast: Cast, browser: Browser) -> None:
    Membership.objects.filter(id=cast.bob.id).update(role=Role.VIEWER)
    assert browser(cast.bob).get(reverse("write")).status_code == 403
    assert browser(cast.bob).post(reverse("write_preview"), form("x")).status_code == 403


def test_an_agent_keeps_a_draft_but_does_not_publish(cast: Cast, account: Account, browser: Browser) -> None:
    bob = browser(cast.bob)
    assert b'value="schedule"' not in bob.get(reverse("write")).content
    answer = bob.post(reverse("write"), form("We open today.", account))
    assert answer.status_code == 403 and b"We open today.</textarea>" in answer.content
    assert not Delivery.objects.exists()
    assert b"We open today." in bob.get(reverse("drafts")).content


def png() -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    picture.seek(0)
    picture.name = "red.png"
    return picture


def test_a_picture_is_taken_in_described_and_shown_to_its_team_only(
    cast: Cast, account: Account, browser: Browser
) -> None:
    alice = browser(cast.alice)
    said = alice.post(reverse("pictures"), {"picture": png()}).json()
    alice.post(said["describe_url"], {"alt_text": "A red square"})
    assert Media.objects.get().alt_text == "A red square"
    shown = alice.get(said["url"])
    assert shown["Content-Type"] == "image/png" and "sandbox" in shown["Content-Security-Policy"]
    assert browser(cast.charlie).get(said["url"]).status_code == 404
    assert browser(cast.charlie).post(said["describe_url"], {"alt_text": "x"}).status_code == 404
    preview = alice.post(reverse("write_preview"), form("Look", account, pictures=said["id"])).content.decode()
    assert f'src="{said["url"]}" alt="A red square"' in preview
    alice.post(reverse("write"), form("Look", account, pictures=said["id"]))
    assert Part.objects.get().segment.pictures.get().media_id == Media.objects.get().id


def test_what_is_no_picture_is_refused_in_words(cast: Cast, browser: Browser) -> None:
    fake = io.BytesIO(b"<svg onload=alert(1)>")
    fake.name = "x.png"
    answer = browser(cast.alice).post(reverse("pictures"), {"picture": fake})
    assert answer.status_code == 422 and "cannot be used" in answer.json()["error"]


def test_line_ends_of_browsers_count_as_one(rf: object) -> None:
    request = rf.post("/", {"text": "one\r\ntwo"})  # type: ignore[attr-defined]
    assert draft_of(request.POST).versions[0].segments[0].text == "one\ntwo"


def test_a_description_of_a_planned_post_tells_its_page_the_new_revision(cast: Cast, browser: Browser) -> None:
    media = add_picture(actor=cast.alice, content=png().getvalue(), alt_text="Red", now=timezone.now())
    post = write(cast.alice, "Look.")
    drawn = replace(draft("Look."), versions=(DraftVersion((DraftSegment("Look.", (media.id,)),)),))
    save_post(actor=cast.alice, post_id=post.id, draft=drawn, revision=1, now=timezone.now())
    Post.objects.update(state=PostState.APPROVED)
    client = browser(cast.alice)
    address, said = reverse("describe", args=[media.id]), {"post": str(post.id), "revision": "2"}
    assert client.post(address, {"alt_text": "A red door", **said}).json() == {"revision": 3}
    behind = client.post(address, {"alt_text": "A red gate", **said})
    assert behind.status_code == 204, "somebody else saved meanwhile: the page must not learn of their revision"
    assert f'data-post="{post.id}"' in client.get(reverse("write_post", args=[post.id])).content.decode()
