"""From draft to approved by role: who is asked, whose word counts, and what a change does to it."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from pluralis.core.review import ReviewRule, ReviewState
from pluralis.core.states import HoldReason, PartState
from pluralis.networks.fake.x import FakeX
from pluralis.posts.actions import add_comment, discard_post, read_notices, save_post
from pluralis.posts.models import Notice, Post, PostState, Review, Revision
from pluralis.publishing import queries
from pluralis.publishing.actions import (
    Answer,
    ReviewWish,
    approve_review,
    claim_part,
    edit_scheduled,
    plan_approved,
    send_back,
    submit_post,
    try_again,
    withdraw_review,
)
from pluralis.publishing.approvals import unapproved
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Delivery, Part
from pluralis.teams.actions import set_review_rule
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, connect, draft, make_user, schedule, write

NOW = timezone.now
TOMORROW = timedelta(days=1)


def seat(cast: Cast, name: str, role: str) -> Membership:
    user = make_user(name)
    return Membership.objects.create(team=cast.alice.team, user=user, role=role, created_at=NOW())


def ask(actor: Membership, account: Account, approvals: int = 1, **more: object) -> Account:
    """Let an account ask for approvals."""
    return set_review_rule(actor=actor, account_id=account.id, rule=ReviewRule(approvals, **more), now=NOW())


def hand_in(actor: Membership, post: Post, *accounts: Account, **more: object) -> Review:
    wish = ReviewWish(tuple(one.id for one in accounts), **{"at": NOW() + TOMORROW, **more})
    return submit_post(actor=actor, post_id=post.id, wish=wish, now=NOW())


def approve(actor: Membership, review: Review, **more: object) -> Review:
    return approve_review(actor=actor, review_id=review.id, answer=Answer(**more), now=NOW())


def change(actor: Membership, post: Post, text: str) -> None:
    post.refresh_from_db()
    save_post(actor=actor, post_id=post.id, draft=draft(text), revision=post.revision, now=NOW())


def test_an_approved_post_plans_itself_at_the_wished_time(cast: Cast, account: Account) -> None:
    post = write(cast.bob, "We open at nine.")
    review = hand_in(cast.bob, post, account, note="For the shop")
    assert Post.objects.get().state == PostState.SUBMITTED
    assert [one.kind for one in queries.unread_notices(cast.alice)] == [Notice.Kind.ASKED]
    done = approve(cast.alice, review)
    assert (done.state, done.trouble) == (ReviewState.APPROVED, "")
    (delivery,) = Delivery.objects.all()
    assert delivery.planned_at == review.wished_at
    post.refresh_from_db()
    assert (post.state, post.approved_revision) == (PostState.SCHEDULED, 1)
    assert [one.kind for one in queries.unread_notices(cast.bob)] == [Notice.Kind.APPROVED]
    assert queries.unread_notices(cast.alice) == [], "who has answered is not asked any more"


def test_an_agent_plans_nothing_alone_and_a_lead_neither_where_the_account_asks(cast: Cast, account: Account) -> None:
    ask(cast.alice, account)
    with pytest.raises(Forbidden):
        schedule(cast.bob, write(cast.bob, "We open at nine."), account)
    with pytest.raises(Conflict) as refused:
        schedule(cast.alice, write(cast.alice, "We open at ten."), account)
    assert refused.value.code == "needs_approval"
    assert not Delivery.objects.exists()


def test_nobody_approves_their_own_words_unless_the_account_allows_it(cast: Cast, account: Account) -> None:
    ask(cast.alice, account)
    post = write(cast.alice, "We open at nine.")
    review = hand_in(cast.alice, post, account)
    with pytest.raises(Conflict) as refused:
        approve(cast.alice, review)
    assert refused.value.code == "own_words"
    ask(cast.alice, account, own=True)
    assert approve(cast.alice, review).state == ReviewState.APPROVED
    schedule(cast.alice, write(cast.alice, "We open at ten."), account)


def test_an_approver_who_changes_the_text_has_become_its_writer(cast: Cast, account: Account) -> None:
    ask(cast.alice, account)
    post = write(cast.bob, "We open at nine.")
    review = hand_in(cast.bob, post, account)
    change(cast.alice, post, "We open at ten.")
    review.refresh_from_db()
    post.refresh_from_db()
    assert (review.state, post.state) == (ReviewState.CHANGED, PostState.DRAFT)
    with pytest.raises(Conflict) as late:
        approve(cast.alice, review)
    assert late.value.code == "post_changed"
    again = hand_in(cast.bob, post, account)
    with pytest.raises(Conflict) as own:
        approve(cast.alice, again)
    assert own.value.code == "own_words"
    assert approve(seat(cast, "Siti", Role.LEAD), again).state == ReviewState.APPROVED


def test_two_approvals_are_two_people(cast: Cast, account: Account) -> None:
    siti = seat(cast, "Siti", Role.LEAD)
    ask(cast.alice, account, approvals=2)
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    approve(cast.alice, review)
    assert approve(cast.alice, review).state == ReviewState.OPEN
    assert queries.waiting_for(cast.alice) == []
    assert [one.id for one in queries.waiting_for(siti)] == [review.id]
    assert approve(siti, review).state == ReviewState.APPROVED
    assert Delivery.objects.count() == 1
    assert AuditEntry.objects.filter(action="posts.review.approved").count() == 2


def test_only_those_who_are_named_count_where_somebody_is_named(cast: Cast, account: Account) -> None:
    walid = seat(cast, "Walid", Role.WRITER)
    ask(cast.alice, account, members=(str(walid.id),))
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    with pytest.raises(Forbidden):
        approve(cast.alice, review)
    assert approve(walid, review).state == ReviewState.APPROVED


@pytest.mark.parametrize("role", [Role.AGENT, Role.WRITER, Role.VIEWER])
def test_a_role_that_does_not_approve_changes_nothing(role: str, cast: Cast, account: Account) -> None:
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    other = seat(cast, "Omar", role)
    for act in (lambda: approve(other, review), lambda: back(other, review)):
        with pytest.raises(Forbidden):
            act()
    assert not Delivery.objects.exists()


def back(actor: Membership, review: Review, comment: str = "Say when.") -> Review:
    return send_back(actor=actor, review_id=review.id, comment=comment, now=NOW())


def test_charlie_finds_no_review_and_names_no_account_of_ours(cast: Cast, account: Account) -> None:
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    for act in (
        lambda: approve(cast.charlie, review),
        lambda: back(cast.charlie, review),
        lambda: withdraw_review(actor=cast.charlie, review_id=review.id, now=NOW()),
        lambda: add_comment(actor=cast.charlie, review_id=review.id, text="Hello", now=NOW()),
        lambda: hand_in(cast.charlie, write(cast.charlie, "Ours."), account),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.waiting_for(cast.charlie) == []


def test_a_post_that_was_sent_back_is_a_draft_with_a_reason(cast: Cast, account: Account) -> None:
    post = write(cast.bob, "We open at nine.")
    review = hand_in(cast.bob, post, account)
    with pytest.raises(Invalid):
        back(cast.alice, review, "  ")
    assert back(cast.alice, review).state == ReviewState.SENT_BACK
    post.refresh_from_db()
    assert post.state == PostState.DRAFT
    assert [one.kind for one in queries.unread_notices(cast.bob)] == [Notice.Kind.SENT_BACK]
    assert read_notices(actor=cast.bob, now=NOW()) == 1
    with pytest.raises(Conflict):
        approve(cast.alice, review)


def test_handing_in_twice_is_handing_in_once(cast: Cast, account: Account) -> None:
    post = write(cast.bob, "We open at nine.")
    assert hand_in(cast.bob, post, account).id == hand_in(cast.bob, post, account).id
    assert Notice.objects.count() == 1


def test_taking_back_and_discarding_end_the_request(cast: Cast, account: Account) -> None:
    first, second = write(cast.bob, "We open at nine."), write(cast.bob, "We open at ten.")
    one, other = hand_in(cast.bob, first, account), hand_in(cast.bob, second, account)
    assert withdraw_review(actor=cast.bob, review_id=one.id, now=NOW()).state == ReviewState.WITHDRAWN
    discard_post(actor=cast.bob, post_id=second.id, now=NOW())
    other.refresh_from_db()
    first.refresh_from_db()
    assert (other.state, first.state) == (ReviewState.WITHDRAWN, PostState.DRAFT)


def test_what_can_never_go_out_is_refused_when_it_is_handed_in(cast: Cast, account: Account) -> None:
    with pytest.raises(Invalid) as long:
        hand_in(cast.bob, write(cast.bob, "word " * 100), account)
    assert any("too_long" in name for name in long.value.fields)
    with pytest.raises(Invalid):
        hand_in(cast.bob, write(cast.bob, "We open."), account, at=NOW() - TOMORROW)
    with pytest.raises(Invalid):
        hand_in(cast.bob, write(cast.bob, "We open."))
    assert not Review.objects.exists()


def test_a_time_that_has_passed_is_asked_for_again(cast: Cast, account: Account) -> None:
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    Review.objects.filter(id=review.id).update(wished_at=NOW() - timedelta(hours=1))
    done = approve(cast.alice, review)
    assert (done.state, done.trouble) == (ReviewState.APPROVED, "time_passed")
    assert not Delivery.objects.exists()
    assert Notice.Kind.NOT_PLANNED in {one.kind for one in queries.unread_notices(cast.bob)}
    at = NOW() + TOMORROW
    with pytest.raises(Invalid):
        plan_approved(actor=cast.bob, review_id=review.id, at=NOW() - TOMORROW, override_reason="", now=NOW())
    planned = plan_approved(actor=cast.bob, review_id=review.id, at=at, override_reason="", now=NOW())
    assert (planned.trouble, Delivery.objects.get().planned_at) == ("", at)
    with pytest.raises(Conflict):
        plan_approved(actor=cast.bob, review_id=review.id, at=at, override_reason="", now=NOW())


def test_a_finding_that_stops_passes_only_with_a_reason_from_who_may(cast: Cast, account: Account) -> None:
    post = write(cast.bob, "I am happy, write to ana@mail.example.org.")
    review = hand_in(cast.bob, post, account)
    with pytest.raises(Invalid) as stopped:
        approve(cast.alice, review)
    assert any(name.startswith("rule:") for name in stopped.value.fields)
    approve(cast.alice, review, override_reason="Ana asked us to publish it")
    (override,) = post.overrides.all()
    assert override.reason == "Ana asked us to publish it"
    assert override.name == "Alice" and override.rules
    assert AuditEntry.objects.filter(action="posts.post.overridden").count() == 1
    assert Delivery.objects.count() == 1


def test_a_change_after_approval_holds_until_somebody_approves_it(cast: Cast, account: Account) -> None:
    ask(cast.alice, account)
    post = write(cast.bob, "We open at nine.")
    approve(cast.alice, hand_in(cast.bob, post, account, at=None))
    post.refresh_from_db()
    edit(cast.bob, post, "We open at ten.")
    (review,) = Review.objects.filter(state=ReviewState.OPEN)
    part = Part.objects.get()
    assert claim_part(part.id, worker="w") is None
    part.refresh_from_db()
    assert (part.state, part.hold_reason) == (PartState.HELD, HoldReason.CHANGED)
    with pytest.raises(Conflict):
        try_again(actor=cast.alice, part_id=part.id, at=NOW(), now=NOW())
    before, changes = queries.changes_since_approval(review)
    assert before is not None and before.revision == 1
    assert [piece.text for piece in changes[0].pieces if piece.kind != "same"] == ["nine", "ten"]
    approve(cast.alice, review, at=NOW())
    part.refresh_from_db()
    assert (part.state, part.text) == (PartState.WAITING, "We open at ten.")
    assert claim_part(part.id, worker="w") is not None


def edit(actor: Membership, post: Post, text: str) -> None:
    Delivery.objects.update(created_by=actor)
    edit_scheduled(
        actor=actor, post_id=post.id, draft=draft(text), revision=post.revision,
        confirmed=Confirmations(same_text=True), now=NOW(),
    )  # fmt: skip


def test_white_space_and_capitals_keep_an_approval_where_the_account_says_so(cast: Cast, account: Account) -> None:
    ask(cast.alice, account, trivial=True)
    post = write(cast.bob, "We open at nine.")
    approve(cast.alice, hand_in(cast.bob, post, account))
    post.refresh_from_db()
    edit(cast.bob, post, "We open  at Nine.")
    assert not Review.objects.filter(state=ReviewState.OPEN).exists()
    assert Delivery.objects.get().post_revision == 2
    post.refresh_from_db()
    edit(cast.bob, post, "We open at ten.")
    assert Review.objects.filter(state=ReviewState.OPEN).count() == 1
    assert Delivery.objects.get().post_revision == 2


def test_an_approval_holds_for_the_accounts_it_was_given_for(cast: Cast, account: Account, x: FakeX) -> None:
    other = connect(cast.alice, x, handle="NorluneHelp", kind="support")
    for one in (account, other):
        ask(cast.alice, one)
    post = write(cast.bob, "We open at nine.")
    approve(cast.alice, hand_in(cast.bob, post, account))
    with pytest.raises(Conflict) as refused:
        schedule(cast.alice, post, other)
    assert refused.value.code == "needs_approval"


def test_answers_to_people_are_not_held_up(cast: Cast, account: Account) -> None:
    asking = ask(cast.alice, account)
    post = write(cast.bob, "We open at nine.")
    assert unapproved(post, [asking], cast.bob) == [asking]
    post.message_id = uuid4()
    assert unapproved(post, [asking], cast.bob) == []


def test_every_wording_is_kept_with_who_wrote_it(cast: Cast) -> None:
    post = write(cast.bob, "We open at nine.")
    change(cast.alice, post, "We open at ten.")
    kept = Revision.objects.order_by("revision").values_list("revision", "saved_by")
    assert list(kept) == [(1, cast.bob.id), (2, cast.alice.id)]
    assert len(set(Revision.objects.values_list("digest", flat=True))) == 2


def test_who_is_named_in_a_remark_hears_of_it(cast: Cast, account: Account) -> None:
    siti = seat(cast, "Siti Aminah", Role.VIEWER)
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    Notice.objects.all().delete()
    add_comment(actor=cast.alice, review_id=review.id, text="@Siti, is nine right?", now=NOW())
    assert [one.kind for one in queries.unread_notices(siti)] == [Notice.Kind.MENTIONED]
    assert [one.kind for one in queries.unread_notices(cast.bob)] == [Notice.Kind.COMMENTED]
    assert queries.unread_notices(cast.alice) == []


def test_a_rule_names_people_of_the_team_and_enough_of_them(cast: Cast, account: Account) -> None:
    with pytest.raises(NotFound):
        ask(cast.alice, account, members=(str(cast.charlie.id),))
    with pytest.raises(Invalid):
        ask(cast.alice, account, approvals=2, members=(str(cast.alice.id),))
    with pytest.raises(Forbidden):
        ask(cast.bob, account)
    with pytest.raises(NotFound):
        ask(cast.charlie, account)


@pytest.mark.django_db(transaction=True)
def test_two_approvers_in_the_same_second_plan_it_once(cast: Cast, account: Account) -> None:
    siti = seat(cast, "Siti", Role.LEAD)
    review = hand_in(cast.bob, write(cast.bob, "We open at nine."), account)
    start, said = threading.Barrier(2), []

    def decide(actor: Membership) -> None:
        try:
            start.wait(10)
            said.append(approve(actor, review).state)
        except Conflict as late:
            said.append(late.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(actor,)) for actor in (cast.alice, siti)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(said) == [ReviewState.APPROVED, "review_closed"]
    assert Delivery.objects.count() == 1
