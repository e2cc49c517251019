"""Saved replies, what was answered before, and the FAQ: kept, checked, and read by the right people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pluralis.inbox.access import access_open_faq, access_saved_reply
from pluralis.inbox.actions import (
    Words,
    note_use,
    publish_entry,
    put_entry_aside,
    put_reply_aside,
    save_entry,
    save_reply,
    set_page,
    withdraw_entry,
    words_from,
)
from pluralis.inbox.models import EVERY_QUESTION, AnsweredQuestion, Contact, FaqEntry, Message, SavedReply, TermCount
from pluralis.inbox.queries import (
    asked_before,
    asked_most,
    faq_of,
    languages_of,
    public_entries,
    ready_replies,
    saved_replies_of,
)
from pluralis.networks.fake.x import FakeX
from pluralis.posts.models import Post
from pluralis.publishing.tasks import publish_part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role
from tests.apps.cast import Cast, connect, make_user
from tests.apps.inbox.test_three_replies import heard, reply

pytestmark = pytest.mark.django_db(transaction=True)


def settled(cast: Cast, account: Account, x: FakeX, question: str, answer: str, author: str = "dana") -> Message:
    """Dana asks, Bob answers, and the answer stands on the network."""
    message = heard(account, x, question, author)
    kept = reply(cast.bob, message, answer, kind="open")
    publish_part(str(kept.part_id))
    return kept


def keep(actor: Membership, name: str = "Hours", saved: SavedReply | None = None, **texts: str) -> SavedReply:
    texts = texts or {"en": "Hello {name}, we open at nine."}
    return save_reply(actor=actor, name=name, texts=texts, saved=saved, account_id=None, now=timezone.now())


def enter(actor: Membership, account: Account, question: str, answer: str, language: str = "en") -> FaqEntry:
    words = Words(language, question, answer)
    now = timezone.now()
    return save_entry(actor=actor, account_id=account.id, words=words, entry=None, message_id=None, now=now)


# What was answered before.


def test_an_answer_that_stands_is_found_by_the_same_question_in_other_words(
    cast: Cast, account: Account, x: FakeX
) -> None:
    settled(cast, account, x, "where is my parcel? It was due on Monday", "We look it up: one moment.")
    [found] = asked_before(cast.bob, "my package has not been delivered, due Monday", "en", account)
    assert (found.source, found.answer) == ("answered", "We look it up: one moment.")


def test_an_answer_that_is_still_on_its_way_is_not_offered(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "where is my parcel? It was due on Monday")
    reply(cast.bob, message, "We look it up.", kind="open")
    assert asked_before(cast.bob, "where is my parcel", "en", account) == []


def test_thanks_are_no_question(cast: Cast, account: Account, x: FakeX) -> None:
    settled(cast, account, x, "ok thanks!", "You are welcome.")
    assert not AnsweredQuestion.objects.exists()


def test_another_team_finds_nothing(cast: Cast, account: Account, x: FakeX) -> None:
    settled(cast, account, x, "where is my parcel? It was due on Monday", "We look it up.")
    theirs = connect(cast.charlie, x, "Rival")
    assert asked_before(cast.charlie, "where is my parcel, it was due on Monday", "en", theirs) == []


def test_personal_data_is_masked_in_what_is_offered(cast: Cast, account: Account, x: FakeX) -> None:
    settled(cast, account, x, "where is my parcel? mail me at dana@example.org", "We look it up.")
    [found] = asked_before(cast.bob, "where is my parcel", "en", account)
    assert "dana@example.org" not in found.question and "[EMAIL]" in found.question


def test_the_same_answer_is_offered_once(cast: Cast, account: Account, x: FakeX) -> None:
    for author in ("dana", "dora", "dima"):
        settled(cast, account, x, "is there an outage in Leeds?", f"We know of it and mend it, @{author}.", author)
    found = asked_before(cast.bob, "outage in Leeds?", "en", account)
    assert len({each.answer.split(",")[0] for each in found}) == 1


def test_terms_are_counted_once_per_question_with_the_whole_beside_them(
    cast: Cast, account: Account, x: FakeX
) -> None:
    settled(cast, account, x, "refund refund for my flight", "We refund it.")
    settled(cast, account, x, "a refund for the train please", "We do.", "dora")
    counts = dict(TermCount.objects.values_list("term", "count"))
    assert (counts["REFUND"], counts["FLIGHT"], counts[EVERY_QUESTION]) == (2, 1, 2)


def test_a_job_that_runs_twice_counts_nothing_twice(cast: Cast, account: Account, x: FakeX) -> None:
    kept = settled(cast, account, x, "refund for my flight", "We refund it.")
    publish_part(str(kept.part_id))
    assert TermCount.objects.get(term="REFUND").count == 1


def test_an_erased_question_leaves_no_answer_behind(cast: Cast, account: Account, x: FakeX) -> None:
    settled(cast, account, x, "refund for my flight", "We refund it.")
    Post.objects.update(message_id=None)
    Message.objects.filter(direction="in").delete()
    assert not AnsweredQuestion.objects.exists()


def test_a_question_about_nothing_costs_no_query(cast: Cast, account: Account, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert asked_before(cast.bob, "how can I do this?", "en", account) == []


def test_finding_takes_five_queries(cast: Cast, account: Account, x: FakeX, django_assert_num_queries) -> None:
    settled(cast, account, x, "refund for my flight", "We refund it.")
    with django_assert_num_queries(5):
        asked_before(cast.bob, "a refund for a flight", "en", account)


def test_a_row_of_another_team_cannot_be_tied_to_ours(cast: Cast, account: Account, x: FakeX) -> None:
    settled(cast, account, x, "refund for my flight", "We refund it.")
    row = AnsweredQuestion.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inbox_answeredquestion SET team_id = %s WHERE id = %s", [cast.charlie.team_id, row.id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# Saved replies.


def test_a_saved_reply_is_filled_for_the_person(cast: Cast, account: Account, x: FakeX) -> None:
    keep(cast.alice)
    message = heard(account, x, "when do you open?")
    [(_saved, text)] = ready_replies(cast.bob, message.conversation, "en")
    assert text == "Hello Dana, we open at nine."


def test_the_persons_language_comes_first_then_the_teams(cast: Cast, account: Account, x: FakeX) -> None:
    keep(cast.alice, en="We open at nine.", fr="Nous ouvrons à neuf heures.")
    conversation = heard(account, x, "when?").conversation
    assert [text for _s, text in ready_replies(cast.bob, conversation, "fr")] == ["Nous ouvrons à neuf heures."]
    assert [text for _s, text in ready_replies(cast.bob, conversation, "ms")] == ["We open at nine."]


@pytest.mark.parametrize(
    ("name", "texts", "field"),
    [
        ("", {"en": "We open."}, "name"),
        ("x" * 81, {"en": "We open."}, "name"),
        ("Hours", {"en": "   "}, "text"),
        ("Hours", {"en": "Hello {nmae}"}, "text_en"),
        ("Hours", {"fr": "Je vous rappelle demain."}, "text_fr"),
        ("Hours", {"en": "w" * 5001}, "text_en"),
    ],
)
def test_a_reply_that_cannot_be_saved_says_where(
    cast: Cast, account: Account, name: str, texts: dict[str, str], field: str
) -> None:
    account.voice = {"severities": {"first_person": "stop"}}
    account.save()
    now = timezone.now()
    with pytest.raises(Invalid) as refused:
        save_reply(actor=cast.alice, name=name, texts=texts, saved=None, account_id=account.id, now=now)
    assert field in refused.value.fields
    assert not SavedReply.objects.exists()


def test_two_replies_of_one_name_are_refused_and_a_name_put_aside_is_free(cast: Cast) -> None:
    first = keep(cast.alice)
    with pytest.raises(Invalid, match="name"):
        keep(cast.bob)
    put_reply_aside(actor=cast.alice, saved_id=first.id, aside=True, now=timezone.now())
    keep(cast.bob)
    assert [row.id for row in saved_replies_of(cast.alice, aside=True)] == [first.id]


def test_whoever_saves_second_is_told_so(cast: Cast) -> None:
    keep(cast.alice)
    mine, theirs = SavedReply.objects.get(), SavedReply.objects.get()
    keep(cast.bob, saved=theirs, en="We open at ten.")
    with pytest.raises(Conflict):
        keep(cast.alice, saved=mine, en="We open at eight.")
    assert SavedReply.objects.get().texts == {"en": "We open at ten."}


def test_the_most_used_stand_first(cast: Cast) -> None:
    keep(cast.alice, "A")
    often = keep(cast.alice, "B")
    note_use(actor=cast.bob, saved_id=often.id, now=timezone.now())
    assert [row.name for row in saved_replies_of(cast.bob)] == ["B", "A"]


def test_another_teams_reply_does_not_exist_and_a_writer_may_not_make_one(cast: Cast) -> None:
    saved = keep(cast.alice)
    with pytest.raises(NotFound):
        access_saved_reply(cast.charlie, saved.id)
    writer = Membership.objects.create(
        team=cast.alice.team, user=make_user("Wanda"), role=Role.WRITER, created_at=timezone.now()
    )
    with pytest.raises(Forbidden):
        keep(writer, "C")


# The FAQ.


def test_an_answer_becomes_an_entry_without_handles_initials_and_data(cast: Cast, account: Account, x: FakeX) -> None:
    kept = settled(
        cast, account, x, "can I get a refund? write to dana@example.org", "@dana We refund it within 14 days. ^BO"
    )
    found, words = words_from(actor=cast.bob, message_id=kept.id)
    assert words.question == "can I get a refund? write to [EMAIL]"
    assert words.answer == "We refund it within 14 days."
    assert words_from(actor=cast.bob, message_id=found.question_id)[1] == words


def test_an_answer_on_its_way_makes_no_entry(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "can I get a refund for my flight?")
    with pytest.raises(Conflict):
        words_from(actor=cast.bob, message_id=message.id)


def test_publishing_is_a_second_click_by_a_role_that_publishes(cast: Cast, account: Account) -> None:
    entry = enter(cast.bob, account, "When do you open?", "We open at nine.")
    page = set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now())
    assert public_entries(page, "en") == []
    with pytest.raises(Forbidden):
        publish_entry(actor=cast.bob, entry_id=entry.id, now=timezone.now())
    publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now())
    assert [each.question for each in public_entries(page, "en")] == ["When do you open?"]


@pytest.mark.parametrize(
    ("question", "answer", "field"),
    [
        ("What about @dana_d?", "We look.", "question"),
        ("How do I reach you?", "Write to bob.agent@example.org", "answer"),
        ("My number is +33 6 12 34 56 78, call?", "We call.", "question"),
    ],
)
def test_what_names_somebody_is_not_published(
    cast: Cast, account: Account, question: str, answer: str, field: str
) -> None:
    entry = enter(cast.alice, account, question, answer)
    with pytest.raises(Invalid) as refused:
        publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now())
    assert field in refused.value.fields
    assert FaqEntry.objects.get().state == "draft"


def test_our_own_handle_may_stand_on_the_page(cast: Cast, account: Account) -> None:
    entry = enter(cast.alice, account, "Who answers?", f"We do, as @{account.handle}.")
    assert publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now()).state == "published"


def test_a_public_entry_that_is_changed_is_checked_again(cast: Cast, account: Account) -> None:
    entry = enter(cast.alice, account, "Who answers?", "We do.")
    publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now())
    words, now = Words("en", "Who answers?", "Ask @dana_d"), timezone.now()
    entry.refresh_from_db()
    with pytest.raises(Invalid):
        save_entry(actor=cast.bob, account_id=account.id, words=words, entry=entry, message_id=None, now=now)
    assert FaqEntry.objects.get().answer == "We do."


def test_a_withdrawn_entry_and_one_put_aside_are_not_public(cast: Cast, account: Account) -> None:
    page = set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now())
    entry = enter(cast.alice, account, "Who answers?", "We do.")
    for change in (withdraw_entry, put_entry_aside):
        publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now())
        change(actor=cast.alice, entry_id=entry.id, now=timezone.now())
        assert public_entries(page, "en") == []
    assert faq_of(cast.alice, account) == []


def test_a_closed_page_is_not_there_and_keeps_its_address(cast: Cast, account: Account) -> None:
    page = set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now())
    assert access_open_faq(page.key) == page
    set_page(actor=cast.alice, account_id=account.id, opened=False, now=timezone.now())
    with pytest.raises(NotFound):
        access_open_faq(page.key)
    assert set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now()).key == page.key


def test_strangers_search_the_page_in_other_words(cast: Cast, account: Account) -> None:
    page = set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now())
    for question, answer in (("Where is my parcel?", "We show it under Orders."), ("When do you open?", "At nine.")):
        entry = enter(cast.alice, account, question, answer)
        publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now())
    assert [each.question for each in public_entries(page, "en", "package delivery")] == ["Where is my parcel?"]
    assert public_entries(page, "en", "zebra") == []
    assert languages_of(page) == ["en"]


def test_what_is_asked_again_and_again_is_named_until_it_has_an_entry(cast: Cast, account: Account, x: FakeX) -> None:
    for author in ("dana", "dora"):
        settled(cast, account, x, "is there an outage in Leeds?", f"We mend it, {author}.", author)
    settled(cast, account, x, "do you ship to Norway?", "We do.", "dima")
    [asked] = asked_most(cast.bob, account, timezone.now())
    assert asked.times == 2 and "outage" in asked.question
    assert asked_most(cast.bob, account, timezone.now() + timedelta(days=100)) == []
    enter(cast.bob, account, "Is there an outage in Leeds?", "We mend it.")
    assert asked_most(cast.bob, account, timezone.now()) == []


def test_everything_is_in_the_audit_log_by_id_and_never_by_words(cast: Cast, account: Account) -> None:
    keep(cast.alice)
    entry = enter(cast.alice, account, "Who answers?", "We do.")
    publish_entry(actor=cast.alice, entry_id=entry.id, now=timezone.now())
    set_page(actor=cast.alice, account_id=account.id, opened=True, now=timezone.now())
    entries = AuditEntry.objects.filter(action__startswith="inbox.")
    assert {each.action for each in entries} >= {
        "inbox.saved_reply.saved", "inbox.faq_entry.saved", "inbox.faq_entry.published", "inbox.faq_page.opened",
    }  # fmt: skip
    assert "Who answers" not in str([each.data for each in entries])


def test_a_contact_without_a_name_is_greeted_by_what_stands_in_braces(cast: Cast, account: Account, x: FakeX) -> None:
    keep(cast.alice)
    message = heard(account, x, "when do you open?")
    Contact.objects.update(name="")
    conversation = Message.objects.get(id=message.id).conversation
    assert ready_replies(cast.bob, conversation, "en")[0][1].startswith("Hello {name}")


def test_an_unknown_id_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        publish_entry(actor=cast.alice, entry_id=uuid4(), now=timezone.now())
