"""Calm before haters: a distance with an end, what is done on networks, evidence, incidents, security reports."""

import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from pluralis.inbox.access import access_evidence
from pluralis.inbox.actions import (
    approve_text,
    close_incident,
    end_distance,
    gather,
    keep_distance,
    leave_out,
    make_evidence,
    moderate,
    moderation_page,
    name_for_security,
    open_incident,
    write_text,
)
from pluralis.inbox.actions.contacts import join_contacts
from pluralis.inbox.evidence import make_pack, shown
from pluralis.inbox.models import (
    Contact,
    Conversation,
    Distance,
    Incident,
    IncidentConversation,
    LegalHold,
    Message,
    Moderation,
    Notice,
)
from pluralis.inbox.queries import (
    approved_text,
    distance_history,
    distances_of,
    gathered,
    incidents_of,
    like_conversations,
    moderations_of,
)
from pluralis.networks.fake.x import FakeX
from pluralis.publishing.tasks import publish_part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast
from tests.apps.inbox.test_three_replies import heard, reply

pytestmark = pytest.mark.django_db(transaction=True)

MONTH = timedelta(days=30)
HOLE = "I found a security vulnerability (SQL injection) in your login page, whom do I tell?"


def keep(cast: Cast, message: Message, days: int = 30) -> Distance:
    now, contact = timezone.now(), message.conversation.contact_id
    assert contact
    return keep_distance(
        actor=cast.alice, contact_id=contact, reason="Only insults", until=now + timedelta(days=days), now=now
    )


# A distance.


def test_every_reply_box_of_the_contact_is_closed_for_the_whole_team(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "you are all idiots")
    keep(cast, message)
    for kind in ("open", "private"):
        with pytest.raises(Conflict, match="Only insults"):
            reply(cast.bob, message, "We listen.", kind=kind)
    assert Conversation.objects.get().state == "resolved"


def test_new_messages_are_kept_and_leave_the_queue(cast: Cast, account: Account, x: FakeX) -> None:
    keep(cast, heard(account, x, "you are all idiots"))
    heard(account, x, "still idiots")
    assert Message.objects.filter(direction="in").count() == 2
    assert {each.state for each in Conversation.objects.all()} == {"resolved"}


def test_a_distance_ends_by_itself_and_is_then_to_be_looked_at(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "you are all idiots")
    made = keep(cast, message)
    over, standing = distances_of(cast.bob, timezone.now())
    assert (over, standing) == ([], [made])
    over, standing = distances_of(cast.bob, timezone.now() + 2 * MONTH)
    assert (over, standing) == ([made], [])
    Contact.objects.update(do_not_engage_until=timezone.now() - timedelta(minutes=1))
    assert reply(cast.bob, message, "We listen.", kind="open").direction == "out"


def test_a_lead_ends_it_and_the_decision_stays_on_record(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "you are all idiots")
    keep(cast, message)
    contact = Contact.objects.get()
    end_distance(actor=cast.alice, contact_id=contact.id, now=timezone.now())
    end_distance(actor=cast.alice, contact_id=contact.id, now=timezone.now())
    [row] = distance_history(contact)
    assert (row.reason, row.ended_by_id) == ("Only insults", cast.alice.id)
    actions = [each.action for each in AuditEntry.objects.filter(action__startswith="inbox.contact.distance")]
    assert sorted(actions) == ["inbox.contact.distance_ended", "inbox.contact.distance_kept"]


def test_who_was_joined_with_somebody_at_a_distance_can_be_engaged_with_again(
    cast: Cast, account: Account, x: FakeX
) -> None:
    kind = heard(account, x, "do you ship to Norway?", "dora").conversation.contact
    rude = heard(account, x, "you are all idiots").conversation.contact
    assert kind and rude
    now = timezone.now()
    keep_distance(actor=cast.alice, contact_id=rude.id, reason="Insults", until=now + MONTH, now=now)
    join_contacts(actor=cast.alice, contact_id=kind.id, other_id=rude.id, now=now)
    kind.refresh_from_db()
    assert kind.do_not_engage_until is not None
    end_distance(actor=cast.alice, contact_id=kind.id, now=now)
    kind.refresh_from_db()
    assert kind.do_not_engage_until is None
    assert not Distance.objects.filter(ended_at__isnull=True).exists()


def test_a_second_decision_takes_the_place_of_the_first(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "you are all idiots")
    keep(cast, message, 7)
    longer = keep(cast, message, 90)
    assert Distance.objects.get(ended_at__isnull=True) == longer
    assert Contact.objects.get().do_not_engage_until == longer.until


@pytest.mark.parametrize(("reason", "days"), [("", 30), ("  ", 30), ("Insults", -1), ("Insults", 400)])
def test_it_needs_a_reason_and_an_end_within_a_year(
    cast: Cast, account: Account, x: FakeX, reason: str, days: int
) -> None:
    contact = heard(account, x, "you are all idiots").conversation.contact
    assert contact
    now = timezone.now()
    with pytest.raises(Invalid):
        keep_distance(
            actor=cast.alice, contact_id=contact.id, reason=reason, until=now + timedelta(days=days), now=now
        )


def test_only_a_lead_decides_and_another_team_sees_nothing(cast: Cast, account: Account, x: FakeX) -> None:
    contact = heard(account, x, "you are all idiots").conversation.contact
    assert contact
    now = timezone.now()
    wish = {"contact_id": contact.id, "reason": "Insults", "until": now + MONTH, "now": now}
    with pytest.raises(Forbidden):
        keep_distance(actor=cast.bob, **wish)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        keep_distance(actor=cast.charlie, **wish)  # type: ignore[arg-type]


# On the networks.


def test_what_the_program_can_do_is_done_on_the_network_and_kept(cast: Cast, account: Account, x: FakeX) -> None:
    profile = heard(account, x, "you are all idiots").profile
    assert profile
    now = timezone.now()
    for _again in range(2):
        moderate(
            actor=cast.alice, profile_id=profile.id, account_id=account.id, action="mute", by_hand=False, now=now
        )
    contact = Contact.objects.get()
    assert [(each.action, each.by_hand) for each in moderations_of(contact)] == [("mute", False)] * 2
    assert AuditEntry.objects.filter(action="inbox.profile.muted").count() == 2


def test_what_no_program_may_do_is_led_to_the_page_and_noted(cast: Cast, account: Account, x: FakeX) -> None:
    profile = heard(account, x, "you are all idiots").profile
    assert profile
    now = timezone.now()
    sides = {"actor": cast.alice, "profile_id": profile.id, "account_id": account.id, "action": "block"}
    with pytest.raises(Conflict, match="only people"):
        moderate(**sides, by_hand=False, now=now)  # type: ignore[arg-type]
    assert not Moderation.objects.exists()
    assert profile.handle in moderation_page(**sides)  # type: ignore[arg-type]
    moderate(**sides, by_hand=True, now=now)  # type: ignore[arg-type]
    assert Moderation.objects.get().by_hand is True


@pytest.mark.parametrize("action", ["shout", "", "hide"])
def test_there_is_nothing_else_to_do(cast: Cast, account: Account, x: FakeX, action: str) -> None:
    profile = heard(account, x, "you are all idiots").profile
    assert profile
    with pytest.raises(Invalid):
        moderate(actor=cast.alice, profile_id=profile.id, account_id=account.id, action=action, by_hand=True,
                 now=timezone.now())  # fmt: skip


# Evidence.


def opened(pack: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(pack))


def test_a_pack_holds_the_words_their_pictures_and_hashes_that_fit(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "you idiots, call me on +44 7700 900482 \u202egnorw")
    now = timezone.now()
    contact = Contact.objects.get()
    made = make_evidence(actor=cast.alice, contact_id=contact.id, message_ids=(), until=now + MONTH, now=now)
    archive = opened(made.file.read())
    [row] = json.loads(archive.read("messages.json"))["messages"]
    assert row["text"] == message.text and "900482" in row["text"]
    assert row["sha256_of_text"] == sha256(message.text.encode()).hexdigest()
    for line in archive.read("hashes.txt").decode().splitlines():
        wanted, name = line.split("  ")
        assert sha256(archive.read(name)).hexdigest() == wanted
    assert archive.read("evidence.pdf").startswith(b"%PDF")
    assert archive.read("pictures/0001.png").startswith(b"\x89PNG")


def test_the_same_messages_at_the_same_instant_give_the_same_pack(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, "you idiots")
    contact, now = Contact.objects.get(), timezone.now()
    whole = Message.objects.select_related("profile", "account").filter(id=message.id)
    assert make_pack(contact, whole, now, "Alice", "UTC") == make_pack(contact, whole, now, "Alice", "UTC")


def test_what_they_wrote_is_held_by_law_until_the_day(cast: Cast, account: Account, x: FakeX) -> None:
    heard(account, x, "you idiots")
    contact, now = Contact.objects.get(), timezone.now()
    made = make_evidence(actor=cast.alice, contact_id=contact.id, message_ids=(), until=now + MONTH, now=now)
    assert LegalHold.objects.get(lifted_at__isnull=True).until == made.kept_until == now + MONTH


def test_a_pack_is_for_leads_of_the_team_only(cast: Cast, account: Account, x: FakeX) -> None:
    heard(account, x, "you idiots")
    contact, now = Contact.objects.get(), timezone.now()
    made = make_evidence(actor=cast.alice, contact_id=contact.id, message_ids=(), until=now + MONTH, now=now)
    assert access_evidence(cast.alice, made.id) == made
    with pytest.raises(Forbidden):
        access_evidence(cast.bob, made.id)
    with pytest.raises(NotFound):
        access_evidence(cast.charlie, made.id)


def test_who_wrote_nothing_gives_no_pack(cast: Cast, account: Account) -> None:
    contact = Contact.objects.create(team=account.team, name="Nobody", created_at=timezone.now())
    now = timezone.now()
    with pytest.raises(Invalid):
        make_evidence(actor=cast.alice, contact_id=contact.id, message_ids=(), until=now + MONTH, now=now)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("déjà vu – ça", "déjà vu – ça"), ("a\u202eb", "a[U+202E]b"), ("سلام", "[U+0633][U+0644][U+0627][U+0645]"),
     ("\x00", "[U+0000]"), ("two\nlines", "two\nlines")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_written_by_its_number(text: str, drawn: str) -> None:
    assert shown(text) == drawn


# Reports of security holes.


def test_a_report_of_a_hole_goes_to_the_named_person_at_once(cast: Cast, account: Account, x: FakeX) -> None:
    name_for_security(actor=cast.alice, member_id=cast.bob.id, now=timezone.now())
    account = Account.objects.select_related("team").get(id=account.id)
    message = heard(account, x, HOLE)
    assert message.triage["escalate"] == "security"
    assert message.conversation.assigned_to_id == cast.bob.id
    assert Notice.objects.get(member=cast.bob).kind == "security"


def test_without_a_named_person_it_is_sorted_like_everything_else(cast: Cast, account: Account, x: FakeX) -> None:
    message = heard(account, x, HOLE)
    assert message.conversation.assigned_to_id is None and not Notice.objects.exists()


def test_only_an_owner_names_somebody_of_the_own_team(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        name_for_security(actor=cast.bob, member_id=cast.bob.id, now=timezone.now())
    with pytest.raises(NotFound):
        name_for_security(actor=cast.alice, member_id=cast.charlie.id, now=timezone.now())


# An incident.


def many(account: Account, x: FakeX) -> list[Conversation]:
    """Three ask about one outage, one about something else."""
    for author, text in (
        ("dana", "no network in Leeds, is there an outage?"),
        ("dora", "outage in Leeds again?"),
        ("dima", "Leeds is down, what happens?"),
        ("dani", "do you sell gift vouchers?"),
    ):
        heard(account, x, text, author)
    return list(Conversation.objects.order_by("created_at", "id"))


def test_like_conversations_are_offered_and_others_are_not(cast: Cast, account: Account, x: FakeX) -> None:
    many(account, x)
    found = like_conversations(cast.bob, "outage in Leeds", timezone.now())
    assert len(found) == 3
    assert all("voucher" not in each.excerpt for each in found)
    assert like_conversations(cast.charlie, "outage in Leeds", timezone.now()) == []


def test_one_text_is_approved_sent_by_a_person_into_each_and_all_are_resolved(
    cast: Cast, account: Account, x: FakeX
) -> None:
    first, second, third, _other = many(account, x)
    now = timezone.now()
    incident = open_incident(actor=cast.bob, name="Leeds", conversation_ids=[first.id], now=now)
    assert (
        gather(actor=cast.bob, incident_id=incident.id, conversation_ids=[first.id, second.id, third.id], now=now)
        == 2
    )
    incident = write_text(actor=cast.bob, incident_id=incident.id, text="We mend it.", revision=1, now=now)
    assert approved_text(first) is None
    with pytest.raises(Forbidden):
        approve_text(actor=cast.bob, incident_id=incident.id, revision=incident.revision, now=now)
    approve_text(actor=cast.alice, incident_id=incident.id, revision=incident.revision, now=now)
    assert approved_text(first) == incident
    asked = Message.objects.get(conversation=first, direction="in")
    publish_part(str(reply(cast.bob, asked, "We mend it.", kind="open").part_id))
    assert approved_text(first) is None and approved_text(second) is not None
    assert [row.answered_at is not None for row in gathered(cast.bob, incident)] == [False, False, True]
    assert close_incident(actor=cast.bob, incident_id=incident.id, now=timezone.now()) == 3
    assert {each.state for each in (first, second, third) if not each.refresh_from_db()} == {"resolved"}


def test_any_change_of_the_text_asks_for_approval_again(cast: Cast, account: Account, x: FakeX) -> None:
    now = timezone.now()
    made = open_incident(actor=cast.alice, name="Leeds", conversation_ids=(), now=now)
    made = write_text(actor=cast.alice, incident_id=made.id, text="We mend it.", revision=1, now=now)
    approve_text(actor=cast.alice, incident_id=made.id, revision=2, now=now)
    write_text(actor=cast.bob, incident_id=made.id, text="We mend it soon.", revision=2, now=now)
    assert Incident.objects.get().approved is False
    with pytest.raises(Conflict):
        approve_text(actor=cast.alice, incident_id=made.id, revision=2, now=now)
    with pytest.raises(Conflict):
        write_text(actor=cast.alice, incident_id=made.id, text="Old page", revision=2, now=now)


def test_a_conversation_belongs_to_one_incident_and_can_be_left_out(cast: Cast, account: Account, x: FakeX) -> None:
    first, *_others = many(account, x)
    now = timezone.now()
    one = open_incident(actor=cast.bob, name="Leeds", conversation_ids=[first.id], now=now)
    later = now + timedelta(seconds=1)
    two = open_incident(actor=cast.bob, name="York", conversation_ids=[first.id], now=later)
    assert IncidentConversation.objects.get().incident == one
    leave_out(actor=cast.bob, incident_id=one.id, conversation_id=first.id, now=now)
    assert gather(actor=cast.bob, incident_id=two.id, conversation_ids=[first.id], now=now) == 1
    assert [each.name for each in incidents_of(cast.bob)] == ["York", "Leeds"]


def test_a_closed_incident_is_not_changed_and_another_teams_does_not_exist(cast: Cast, account: Account) -> None:
    now = timezone.now()
    made = open_incident(actor=cast.alice, name="Leeds", conversation_ids=(), now=now)
    close_incident(actor=cast.alice, incident_id=made.id, now=now)
    with pytest.raises(Conflict):
        write_text(actor=cast.alice, incident_id=made.id, text="Late", revision=1, now=now)
    with pytest.raises(NotFound):
        gather(actor=cast.charlie, incident_id=made.id, conversation_ids=(), now=now)
