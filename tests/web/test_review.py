"""Review at the desk: what waits for whom, one post with what changed, and the account's own rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from pluralis.core.review import ReviewRule, ReviewState
from pluralis.posts.actions import save_post
from pluralis.posts.models import ApprovalLink, Notice, Post, PostState, Review
from pluralis.publishing import queries
from pluralis.publishing.actions import ReviewWish, submit_post
from pluralis.publishing.models import Delivery
from pluralis.teams.actions import set_review_rule
from pluralis.teams.models import Account, Membership
from pluralis.web.tasks import mail_notice
from tests.apps.cast import Cast, draft, write
from tests.web.conftest import refused_by_policy

Open = Callable[[Membership], Client]


@pytest.fixture
def review(cast: Cast, account: Account) -> Review:
    """A post of Bob's that waits for Alice's word, for tomorrow."""
    return hand_in(cast, account, write(cast.bob, "We open at nine."))


def hand_in(cast: Cast, account: Account, post: Post) -> Review:
    now = timezone.now()
    wish = ReviewWish((account.id,), now + timedelta(days=1), note="For the shop in Lyon")
    return submit_post(actor=cast.bob, post_id=post.id, wish=wish, now=now)


def test_what_waits_for_alice_stands_on_her_page_and_in_the_rail(cast: Cast, review: Review, browser: Open) -> None:
    page = browser(cast.alice).get(reverse("reviews")).content.decode()
    assert "We open at nine." in page and 'class="rail-count"' in page
    assert refused_by_policy(page) == []
    bob = browser(cast.bob).get(reverse("reviews")).content.decode()
    assert "You handed in" in bob and 'class="rail-count"' not in bob


@pytest.mark.parametrize("when", ["queue", "repeat"])
def test_a_slot_or_a_repeat_is_not_handed_in_as_now_and_the_words_are_kept(
    cast: Cast, account: Account, browser: Open, when: str
) -> None:
    form = {"text": "We open at ten.", "accounts": [str(account.id)], "when": when, "do": "submit", "key": "k1"}
    answer = browser(cast.bob).post(reverse("write"), form)
    assert answer.status_code == 422 and b"let it repeat or put it in the queue" in answer.content
    assert b"We open at ten." in answer.content and Post.objects.get().state == PostState.DRAFT
    assert not Review.objects.exists()


def test_a_post_is_handed_in_from_write_and_approved_on_its_page(cast: Cast, account: Account, browser: Open) -> None:
    bob, alice = browser(cast.bob), browser(cast.alice)
    at = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "We open at ten.", "accounts": [str(account.id)], "when": "at", "at": at, "do": "submit",
            "key": "k1", "language": "en", "note": "Please look"}  # fmt: skip
    assert 'value="submit"' in bob.get(reverse("write")).content.decode()
    answer = bob.post(reverse("write"), form)
    found = Review.objects.get()
    assert answer.headers["Location"] == reverse("review", args=[found.id])
    page = alice.get(answer.headers["Location"]).content.decode()
    assert "Please look" in page and "We open at ten." in page and "Approve" in page
    done = alice.post(reverse("review_approve", args=[found.id]), {"comment": "Good."})
    assert done.headers["Location"] == reverse("reviews")
    assert Delivery.objects.get().planned_at.strftime("%Y-%m-%dT%H:%M") == at
    assert "Good." in bob.get(reverse("review", args=[found.id])).content.decode()


def test_what_is_missing_for_handing_in_is_said_beside_the_form(cast: Cast, browser: Open) -> None:
    answer = browser(cast.bob).post(reverse("write"), {"text": "We open.", "do": "submit", "key": "k", "when": "now"})
    assert answer.status_code == 422
    assert "No account is chosen." in answer.content.decode()
    assert Post.objects.get().state == PostState.DRAFT


def test_an_account_that_asks_for_approval_is_said_with_the_way_on(
    cast: Cast, account: Account, browser: Open
) -> None:
    set_review_rule(actor=cast.alice, account_id=account.id, rule=ReviewRule(1), now=timezone.now())
    form = {"text": "We open.", "accounts": [str(account.id)], "when": "now", "do": "schedule", "key": "k"}
    answer = browser(cast.alice).post(reverse("write"), form)
    assert answer.status_code == 409
    assert "Hand it in for review" in answer.content.decode()


def test_what_changed_is_told_word_by_word_and_to_screen_readers(
    cast: Cast, account: Account, review: Review, browser: Open
) -> None:
    post = review.post
    save_post(actor=cast.bob, post_id=post.id, draft=draft("We open at ten."), revision=1, now=timezone.now())
    again = hand_in(cast, account, Post.objects.get())
    page = browser(cast.alice).get(reverse("review", args=[again.id])).content.decode()
    assert '<del><span class="sr-only">removed: </span>nine</del>' in page
    assert '<ins><span class="sr-only">added: </span>ten</ins>' in page
    old = browser(cast.alice).get(reverse("review", args=[review.id])).content.decode()
    assert "changed after this" in old and "formaction" not in old


def test_sent_back_with_a_remark_and_the_remark_is_needed(cast: Cast, review: Review, browser: Open) -> None:
    alice, address = browser(cast.alice), reverse("review_send_back", args=[review.id])
    alice.post(address, {"comment": ""})
    assert Review.objects.get().state == ReviewState.OPEN
    alice.post(address, {"comment": "When?"})
    assert Review.objects.get().state == ReviewState.SENT_BACK
    page = browser(cast.bob).get(reverse("reviews")).content.decode()
    assert "sent your post back" in page
    browser(cast.bob).post(reverse("reviews_read"))
    assert queries.unread_count(cast.bob) == 0


def test_reading_a_review_reads_its_notices(cast: Cast, review: Review, browser: Open) -> None:
    assert queries.unread_count(cast.alice) == 1
    browser(cast.alice).get(reverse("review", args=[review.id]))
    assert queries.unread_count(cast.alice) == 0


def test_a_remark_names_somebody_and_stays_plain_text(cast: Cast, review: Review, browser: Open) -> None:
    browser(cast.alice).post(reverse("review_comment", args=[review.id]), {"text": "@Bob <b>when</b>?"})
    page = browser(cast.bob).get(reverse("review", args=[review.id])).content.decode()
    assert "@Bob &lt;b&gt;when&lt;/b&gt;?" in page
    assert Notice.objects.filter(member=cast.bob, kind=Notice.Kind.MENTIONED).exists()


def test_taken_back_from_its_reviewers(cast: Cast, review: Review, browser: Open) -> None:
    answer = browser(cast.bob).post(reverse("review_withdraw", args=[review.id]))
    assert answer.headers["Location"] == reverse("write_post", args=[review.post_id])
    assert Review.objects.get().state == ReviewState.WITHDRAWN


def test_an_approved_post_whose_time_passed_gets_a_new_one(cast: Cast, review: Review, browser: Open) -> None:
    Review.objects.update(wished_at=timezone.now() - timedelta(hours=2))
    alice = browser(cast.alice)
    alice.post(reverse("review_approve", args=[review.id]), {})
    page = alice.get(reverse("review", args=[review.id])).content.decode()
    assert "Approved, but not planned yet." in page
    at = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    browser(cast.bob).post(reverse("review_plan", args=[review.id]), {"at": at})
    assert Delivery.objects.count() == 1


def test_a_link_is_shown_once_and_ended_by_a_press(cast: Cast, review: Review, browser: Open) -> None:
    alice = browser(cast.alice)
    page = alice.post(reverse("review_link", args=[review.id]), {"recipient": "Norlune Ltd", "days": "3"})
    assert "/approve/" in page.content.decode()
    assert "/approve/" not in alice.get(reverse("review", args=[review.id])).content.decode()
    alice.post(reverse("review_link_revoke", args=[ApprovalLink.objects.get().id]))
    assert ApprovalLink.objects.get().revoked_at is not None
    assert browser(cast.bob).post(reverse("review_link", args=[review.id]), {"recipient": "Me"}).status_code == 403


def test_the_rule_of_an_account_is_set_by_a_lead_and_read_by_all(cast: Cast, account: Account, browser: Open) -> None:
    address = reverse("settings_review", args=[account.id])
    alice = browser(cast.alice)
    assert alice.post(address, {"approvals": "2", "members": [str(cast.alice.id)]}).status_code == 422
    alice.post(address, {"approvals": "1", "own": "on", "members": [str(cast.alice.id)]})
    account.refresh_from_db()
    assert ReviewRule.from_dict(account.settings["review"]) == ReviewRule(1, (str(cast.alice.id),), own=True)
    assert "1 approval" in alice.get(reverse("settings_account", args=[account.id])).content.decode()
    assert browser(cast.bob).post(address, {"approvals": "0"}).status_code == 403
    assert browser(cast.charlie).get(address).status_code == 404


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_mail_tells_what_was_done_and_holds_one_link(cast: Cast, review: Review) -> None:
    notice = Notice.objects.get(member=cast.alice)
    assert mail_notice(str(notice.id)) is True
    (sent,) = mail.outbox
    assert "Bob asks for your approval" in sent.subject
    assert f"/review/{review.id}" in sent.body and "nine" not in sent.body
    Notice.objects.update(read_at=timezone.now())
    assert mail_notice(str(notice.id)) is False


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_notice_wakes_its_mail_where_a_mail_server_is_configured(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    deferred: list[str] = []
    monkeypatch.setattr("pluralis.jobs.defer_many", lambda name, **_rest: deferred.append(name))
    hand_in(cast, account, write(cast.bob, "We open at nine."))
    assert "mail_notice" in deferred
