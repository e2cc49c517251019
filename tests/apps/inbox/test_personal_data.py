"""Personal data at rest: who sees it, how long it is kept, given out and erased on request, held by law."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from pluralis.core.searching import indexed
from pluralis.inbox.actions import (
    Answer,
    answer,
    as_archive,
    claim_conversation,
    erase_contact,
    export_contact,
    hold_contact,
    ingest,
    lift_hold,
    mask_old,
    unmask_conversation,
)
from pluralis.inbox.masking import LOOK
from pluralis.inbox.models import Contact, Conversation, LegalHold, Message, Profile, Reply, Unmasking
from pluralis.inbox.queries import Filter, inbox_page
from pluralis.inbox.queries.masked import read_conversation
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.publishing.actions import Plan
from pluralis.publishing.models import Part
from pluralis.teams.actions import set_retention
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry, Membership, Role, Team
from tests.apps.cast import Cast, make_user

pytestmark = pytest.mark.django_db

SECRET = "dana.ray@mail.example"
TEXT = f"Please write to {SECRET} about my parcel"


def account_of(cast: Cast, handle: str = "Norlune", kind: str = "main") -> Account:
    return Account.objects.create(
        team=cast.alice.team, network="x", host="https://api.x.example", remote_id=handle, handle=handle, kind=kind,
        created_at=timezone.now(),
    )  # fmt: skip


def incoming(text: str = TEXT, *, remote_id: str = "", at: datetime | None = None, who: str = "dana") -> Incoming:
    author = RemoteProfile(remote_id=f"id-{who}", handle=who, display_name=who.title())
    return Incoming(
        reference=Reference(remote_id or uuid4().hex), kind="mention", text=text, author=author,
        created_at=at or timezone.now(), url="https://x.example/1",
    )  # fmt: skip


def hear(account: Account, *messages: Incoming) -> list[Message]:
    ingest(account, "mentions", Batch(messages, "1"), timezone.now())
    ids = [each.reference.remote_id for each in messages]
    return list(Message.objects.filter(remote_id__in=ids).order_by("created_at"))


def seat(cast: Cast, role: Role) -> Membership:
    return Membership.objects.create(
        team=cast.alice.team, user=make_user(role.value), role=role, created_at=timezone.now()
    )


@pytest.fixture
def account(cast: Cast) -> Account:
    return account_of(cast)


@pytest.fixture
def message(account: Account) -> Message:
    return hear(account, incoming())[0]


def shown(actor: Membership, message: Message, now: datetime | None = None) -> str:
    conversation = Conversation.objects.select_related("account").get(id=message.conversation_id)
    return read_conversation(actor, conversation, now or timezone.now()).messages[0].text


def test_the_conversation_is_marked_and_lists_never_show_the_data(cast: Cast, message: Message) -> None:
    conversation = Conversation.objects.get()
    assert conversation.personal_data
    assert conversation.excerpt == "Please write to [EMAIL] about my parcel"
    assert SECRET not in str(vars(inbox_page(cast.alice, Filter()).conversations[0]))


def test_personal_data_cannot_be_searched_for_and_the_other_words_can(cast: Cast, message: Message) -> None:
    assert inbox_page(cast.bob, Filter(state="", words="parcel")).conversations != []
    assert inbox_page(cast.bob, Filter(state="", words="dana.ray")).conversations == []
    assert "mail" not in message.search_text.split()


@pytest.mark.parametrize("role", list(Role))
def test_who_does_not_hold_the_conversation_reads_it_masked(cast: Cast, message: Message, role: Role) -> None:
    assert shown(seat(cast, role), message) == "Please write to [EMAIL] about my parcel"


def test_who_holds_the_conversation_reads_all_of_it(cast: Cast, message: Message) -> None:
    claim_conversation(actor=cast.bob, conversation_id=message.conversation_id, now=timezone.now())
    assert shown(cast.bob, message) == TEXT
    assert SECRET not in shown(cast.alice, message)


def test_who_asks_sees_it_for_a_quarter_of_an_hour_and_that_is_noted_by_ids_only(
    cast: Cast, message: Message
) -> None:
    now = timezone.now()
    for _twice in range(2):
        unmask_conversation(actor=cast.bob, conversation_id=message.conversation_id, now=now)
    assert shown(cast.bob, message, now) == TEXT
    assert SECRET not in shown(cast.bob, message, now + LOOK)
    assert SECRET not in shown(cast.alice, message, now)
    assert Unmasking.objects.count() == 1
    entry = AuditEntry.objects.get(action="inbox.conversation.unmasked")
    assert (entry.actor, entry.object_id, entry.data) == (cast.bob.user, message.conversation_id, {})


@pytest.mark.parametrize("role", [Role.VIEWER, Role.WRITER])
def test_who_does_not_answer_may_not_ask_to_see_it(cast: Cast, message: Message, role: Role) -> None:
    with pytest.raises(Forbidden):
        unmask_conversation(actor=seat(cast, role), conversation_id=message.conversation_id, now=timezone.now())


def test_charlie_reaches_nothing_of_it(cast: Cast, message: Message) -> None:
    contact, now = Contact.objects.get(), timezone.now()
    with pytest.raises(NotFound):
        unmask_conversation(actor=cast.charlie, conversation_id=message.conversation_id, now=now)
    for action in (export_contact, erase_contact, lift_hold):
        with pytest.raises(NotFound):
            action(actor=cast.charlie, contact_id=contact.id, now=now)


@pytest.mark.parametrize(
    ("stored", "queries"),
    [
        ({}, 2),  # the messages, and who may see their data
        ({"personal_data": []}, 1),
        ({"in_reply_to_id": "77"}, 3),  # and the post of ours that they answer
    ],
)
def test_reading_a_conversation_takes_at_most_three_queries(
    cast: Cast, message: Message, stored: dict, queries: int, django_assert_num_queries
) -> None:
    Message.objects.filter(id=message.id).update(**stored)
    conversation = Conversation.objects.select_related("account").get()
    with django_assert_num_queries(queries):
        read_conversation(cast.bob, conversation, timezone.now())


def test_what_an_answer_is_reckoned_from_is_not_masked(cast: Cast, message: Message) -> None:
    read = read_conversation(cast.bob, Conversation.objects.select_related("account").get(), timezone.now())
    assert read.hidden
    assert read.messages[0].text != message.text
    assert [each.text for each in read.unanswered] == [message.text]
    assert read.answers_to.text == message.text


def keep(cast: Cast, days: int | None) -> Team:
    set_retention(actor=cast.alice, days=days, now=timezone.now())
    return Team.objects.get(id=cast.alice.team_id)


def test_old_personal_data_is_masked_for_good_and_younger_is_not(cast: Cast, account: Account) -> None:
    now = timezone.now()
    old, young = hear(account, incoming(at=now - timedelta(days=31)), incoming(at=now - timedelta(days=29)))
    team = keep(cast, 30)
    assert mask_old(team, now) == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.text == "Please write to [EMAIL] about my parcel"
    assert (old.personal_data, old.masked_at, old.search_text) == ([], now, indexed(old.text))
    assert young.text == TEXT
    assert mask_old(team, now) == 0
    entry = AuditEntry.objects.get(action="inbox.messages.masked")
    assert entry.data == {"messages": 1, "days": 30}


def test_a_team_that_said_nothing_keeps_what_it_has(cast: Cast, account: Account) -> None:
    hear(account, incoming(at=timezone.now() - timedelta(days=4000)))
    assert mask_old(keep(cast, None), timezone.now()) == 0


@pytest.mark.parametrize("days", [0, 6, 3651, -1])
def test_a_team_cannot_choose_to_keep_it_for_no_time(cast: Cast, days: int) -> None:
    with pytest.raises(Invalid):
        keep(cast, days)


def test_an_agent_does_not_choose_how_long_it_is_kept(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        set_retention(actor=cast.bob, days=30, now=timezone.now())


def test_a_legal_hold_keeps_it_until_its_end(cast: Cast, account: Account) -> None:
    now = timezone.now()
    hear(account, incoming(at=now - timedelta(days=90)))
    contact, team = Contact.objects.get(), keep(cast, 30)
    end = now + timedelta(days=5)
    hold_contact(actor=cast.alice, contact_id=contact.id, reason="A court case", until=end, now=now)
    assert mask_old(team, now) == 0
    with pytest.raises(Conflict) as refused:
        erase_contact(actor=cast.alice, contact_id=contact.id, now=now)
    assert refused.value.code == "legal_hold"
    assert mask_old(team, end + timedelta(seconds=1)) == 1


def test_a_legal_hold_can_be_ended_and_a_second_takes_the_place_of_the_first(cast: Cast, message: Message) -> None:
    now, contact = timezone.now(), Contact.objects.get()
    for days in (5, 9):
        until = now + timedelta(days=days)
        hold_contact(actor=cast.alice, contact_id=contact.id, reason="Court", until=until, now=now)
    assert LegalHold.objects.filter(lifted_at__isnull=True).count() == 1
    lift_hold(actor=cast.alice, contact_id=contact.id, now=now)
    assert erase_contact(actor=cast.alice, contact_id=contact.id, now=now).messages == 1


@pytest.mark.parametrize(("reason", "days"), [("", 5), ("Court", -1), ("Court", 5000)])
def test_a_legal_hold_needs_its_reason_and_its_end(cast: Cast, message: Message, reason: str, days: int) -> None:
    now, contact = timezone.now(), Contact.objects.get()
    with pytest.raises(Invalid):
        hold_contact(
            actor=cast.alice, contact_id=contact.id, reason=reason, until=now + timedelta(days=days), now=now
        )


def test_everything_held_of_a_person_is_given_out_in_one_file(cast: Cast, message: Message) -> None:
    contact = Contact.objects.get()
    given = export_contact(actor=cast.alice, contact_id=contact.id, now=timezone.now())
    archive = zipfile.ZipFile(io.BytesIO(as_archive(given, "Norlune")))
    read = json.loads(archive.read("contact.json"))
    assert read["profiles"][0]["handle"] == "dana"
    assert read["conversations"][0]["messages"][0]["text"] == TEXT
    assert b"Norlune" in archive.read("README.txt")
    entry = AuditEntry.objects.get(action="inbox.contact.exported")
    assert (entry.object_id, entry.data) == (contact.id, {})


def test_an_agent_neither_gives_out_nor_erases(cast: Cast, message: Message) -> None:
    contact = Contact.objects.get()
    for action in (export_contact, erase_contact):
        with pytest.raises(Forbidden):
            action(actor=cast.bob, contact_id=contact.id, now=timezone.now())


def stand(parts: QuerySet[Part]) -> None:
    """Let parts stand on the network, by the moves the database allows."""
    parts.update(state="sending")
    parts.update(state="sent", sent_at=timezone.now())


def say(cast: Cast, message: Message) -> Message:
    now = timezone.now()
    given = Answer(message_id=message.id, text="We write to you, Dana.", language="en", kind="private")
    return answer(
        actor=cast.bob, conversation_id=message.conversation_id, given=given, plan=Plan(at=now),
        client_key=uuid4().hex, now=now,
    )  # fmt: skip


def test_an_erased_person_leaves_nothing_behind_but_keyed_hashes(cast: Cast, account: Account) -> None:
    message = hear(account, incoming(remote_id="77"))[0]
    part_id = say(cast, message).part_id
    stand(Part.objects.filter(id=part_id))
    contact = Contact.objects.get()
    assert erase_contact(actor=cast.alice, contact_id=contact.id, now=timezone.now()).messages == 2
    for model in (Contact, Profile, Conversation, Message, Reply):
        assert not model.objects.exists()
    part = Part.objects.select_related("segment", "delivery__post").get()
    assert (part.text, part.segment.text, part.delivery.post.recipient) == ("", "", None)
    entry = AuditEntry.objects.get(action="inbox.contact.erased")
    counted = {"messages": 2, "conversations": 2, "reposts": 0, "reposts_later": 0, "reposts_by_hand": 0}
    assert (entry.object_id, entry.data) == (contact.id, counted)
    assert "dana" not in json.dumps(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_later_poll_brings_back_neither_the_message_nor_an_older_one(cast: Cast, account: Account) -> None:
    hear(account, incoming(remote_id="77"))
    erase_contact(actor=cast.alice, contact_id=Contact.objects.get().id, now=timezone.now())
    old = timezone.now() - timedelta(days=3)
    assert hear(account, incoming(remote_id="77"), incoming(remote_id="55", at=old)) == []
    assert not Profile.objects.exists()


def test_what_an_erased_person_writes_afterwards_is_a_new_beginning(cast: Cast, account: Account) -> None:
    hear(account, incoming(remote_id="77"))
    erase_contact(actor=cast.alice, contact_id=Contact.objects.get().id, now=timezone.now())
    assert len(hear(account, incoming("Hello again", at=timezone.now() + timedelta(seconds=1)))) == 1


def test_nobody_is_erased_while_an_answer_to_them_is_on_its_way(cast: Cast, message: Message) -> None:
    say(cast, message)
    with pytest.raises(Conflict) as refused:
        erase_contact(actor=cast.alice, contact_id=Contact.objects.get().id, now=timezone.now())
    assert refused.value.code == "answer_on_its_way"
    assert Message.objects.count() == 2


def test_others_are_untouched_when_somebody_is_erased(cast: Cast, account: Account) -> None:
    hear(account, incoming(who="dana"), incoming(who="erin"))
    erase_contact(actor=cast.alice, contact_id=Contact.objects.get(name="Dana").id, now=timezone.now())
    assert [each.name for each in Contact.objects.all()] == ["Erin"]
    assert Message.objects.count() == 1
