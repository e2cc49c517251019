"""Corrections teach a team's sorting: kept at once, learnt as a batch, refused when worse, and taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pluralis.core import triage
from pluralis.inbox.actions import ask_lesson, correct_label, learn_lesson, use_lesson
from pluralis.inbox.actions.learning import examples_of
from pluralis.inbox.learnt import model_of
from pluralis.inbox.models import Conversation, Correction, Lesson, Message
from pluralis.inbox.queries import lessons_of, taught
from pluralis.networks.fake.x import FakeX
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.ids import new_id
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast
from tests.apps.inbox.test_three_replies import heard

pytestmark = pytest.mark.django_db(transaction=True)

OWN_WORDS = ("the zorblax blinks", "zorblax went dark", "our zorblax hums", "zorblax flickers", "a zorblax sleeps")


def teach(cast: Cast, account: Account, number: int = 150, label: str = "complaint") -> None:
    """Correct many messages in the company's own words, and some that were right."""
    now = timezone.now()
    talk = Conversation.objects.create(
        team=account.team, account=account, key="taught", last_message_at=now, created_at=now
    )
    texts = [f"{OWN_WORDS[each % 5]} in room {each}" for each in range(number)]
    rows = [
        Message(id=new_id(), team=account.team, account=account, conversation=talk, kind="mention", text=text,
                language="en", triage={"label": "other"}, created_at=now, received_at=now)
        for text in texts
    ]  # fmt: skip
    Message.objects.bulk_create(rows)
    Correction.objects.bulk_create(
        Correction(id=new_id(), team=account.team, message=row, proposed="other", member=cast.bob, corrected_at=now,
                   label="question" if label == "mixed" and place % 2 else label.replace("mixed", "spam"))
        for place, row in enumerate(rows)
    )  # fmt: skip


def lesson(cast: Cast) -> Lesson:
    asked = ask_lesson(actor=cast.alice, now=timezone.now())
    return learn_lesson(asked.id, timezone.now())


def test_a_correction_is_shown_at_once_and_remembers_what_was_proposed(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "thank you, wonderful service!")
    proposed = message.triage["label"]
    correct_label(actor=cast.bob, message_id=message.id, label="complaint", now=timezone.now())
    correct_label(actor=cast.bob, message_id=message.id, label="spam", now=timezone.now())
    message.refresh_from_db()
    kept = Correction.objects.get()
    assert (message.triage["label"], message.conversation.label) == ("spam", "spam")
    assert (kept.proposed, kept.label, kept.member_id) == (proposed, "spam", cast.bob.id)
    assert AuditEntry.objects.filter(action="inbox.message.corrected").count() == 2


def test_only_the_newest_message_gives_its_conversation_the_label(cast: Cast, account: Account, x: FakeX) -> None:
    first = heard(account, x, "when do you open?")
    Message.objects.create(
        team=account.team, account=account, conversation=first.conversation, kind="reply", text="Hello?",
        triage={"label": "question"}, created_at=first.created_at + timedelta(hours=1), received_at=timezone.now(),
    )  # fmt: skip
    before = first.conversation.label
    correct_label(actor=cast.bob, message_id=first.id, label="spam", now=timezone.now())
    assert Conversation.objects.get(id=first.conversation_id).label == before


def test_a_label_that_does_not_exist_and_an_answer_of_ours_are_refused(
    cast: Cast, account: Account, x: FakeX
) -> None:
    message = heard(account, x, "when do you open?")
    with pytest.raises(Invalid):
        correct_label(actor=cast.bob, message_id=message.id, label="hater", now=timezone.now())
    Message.objects.filter(id=message.id).update(direction="out")
    with pytest.raises(Invalid):
        correct_label(actor=cast.bob, message_id=message.id, label="spam", now=timezone.now())
    with pytest.raises(NotFound):
        correct_label(actor=cast.charlie, message_id=message.id, label="spam", now=timezone.now())
    assert not Correction.objects.exists()


def test_a_company_own_word_is_learnt_and_new_messages_are_sorted_by_it(
    cast: Cast, account: Account, x: FakeX
) -> None:
    text = "my zorblax flickers"
    assert triage.classify(text, language="en").label != "complaint"
    teach(cast, account)
    done = lesson(cast)
    assert (done.refusal, done.in_use) == ("", True)
    assert done.after > done.before and done.held_back > 0
    assert heard(account, x, text).triage["label"] == "complaint"


def test_another_teams_sorting_learns_nothing_from_it(cast: Cast, account: Account) -> None:
    teach(cast, account)
    lesson(cast)
    assert model_of(cast.alice.team_id) is not None
    assert model_of(cast.charlie.team_id) is None


def test_too_few_corrections_are_said_and_nothing_changes(cast: Cast, account: Account) -> None:
    teach(cast, account, 20)
    done = lesson(cast)
    assert (done.refusal, done.in_use, done.overlay) == ("too_few", False, None)
    assert taught(cast.alice).needed == 80


def test_labels_that_mean_nothing_are_refused(cast: Cast, account: Account) -> None:
    now = timezone.now()
    teach(cast, account, 150, "mixed")
    # The same words under two labels in turn: no text tells them apart.
    for place, each in enumerate(Correction.objects.order_by("id")):
        label = triage.LABELS[(place * 7 + place // 5) % len(triage.LABELS)]
        Correction.objects.filter(id=each.id).update(label=label, corrected_at=now)
    done = lesson(cast)
    assert done.refusal in ("not_learnable", "worse", "contradicts", "unlearns")
    assert model_of(cast.alice.team_id) is None


def test_there_is_a_way_back_to_an_earlier_lesson_and_to_the_sorting_as_it_came(cast: Cast, account: Account) -> None:
    teach(cast, account)
    first, second = lesson(cast), lesson(cast)
    assert [each.in_use for each in lessons_of(cast.alice)] == [True, False]
    use_lesson(actor=cast.alice, lesson_id=first.id, now=timezone.now())
    assert Lesson.objects.get(in_use=True) == first
    use_lesson(actor=cast.alice, lesson_id=None, now=timezone.now())
    assert model_of(cast.alice.team_id) is None
    assert Lesson.objects.get(id=second.id).overlay is not None


def test_a_refused_lesson_cannot_be_used(cast: Cast, account: Account) -> None:
    refused = lesson(cast)
    with pytest.raises(Conflict):
        use_lesson(actor=cast.alice, lesson_id=refused.id, now=timezone.now())


def test_asking_twice_is_one_lesson_and_a_job_that_runs_twice_learns_once(cast: Cast, account: Account) -> None:
    teach(cast, account)
    first = ask_lesson(actor=cast.alice, now=timezone.now())
    assert ask_lesson(actor=cast.alice, now=timezone.now()) == first
    done = learn_lesson(first.id, timezone.now()).done_at
    assert learn_lesson(first.id, timezone.now() + timedelta(hours=1)).done_at == done


def test_an_agent_corrects_and_a_lead_teaches(cast: Cast, account: Account) -> None:
    with pytest.raises(Forbidden):
        ask_lesson(actor=cast.bob, now=timezone.now())
    other = ask_lesson(actor=cast.charlie, now=timezone.now())
    with pytest.raises(NotFound):
        use_lesson(actor=cast.alice, lesson_id=other.id, now=timezone.now())


def test_masked_words_are_not_learnt_from(cast: Cast, account: Account) -> None:
    teach(cast, account, 10)
    Message.objects.update(masked_at=timezone.now())
    assert examples_of(cast.alice.team_id) == []


def test_two_lessons_of_a_team_are_never_in_use(cast: Cast) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        for _ in range(2):
            Lesson.objects.create(id=new_id(), team=cast.alice.team, in_use=True, asked_at=now)
