"""What a Mastodon instance tells us of others: kinds, pages, gaps, private conversations."""

from urllib.parse import parse_qs, urlsplit

import pytest

from pluralis.networks import addresses
from pluralis.networks.fake.world import Draft
from pluralis.networks.mastodon import NETWORK
from tests.networks.harness import part, soon
from tests.networks.harness_mastodon import open_harness
from tests.networks.instances import access_to, notification, status, told, told_instances
from tests.networks.wire import wire

connector = NETWORK.connector


@pytest.fixture
def harness():
    with open_harness() as opened:
        yield opened


@pytest.fixture
def instance():
    with told_instances() as start:
        yield start


def test_notifications_of_other_kinds_and_misshapen_ones_hold_nothing_up(instance):
    items = [
        notification(9),
        {"id": "8", "type": "favourite", "status": status(1)},
        {"id": "7", "type": "mention"},
        {"id": "6", "type": "mention", "status": {"id": "6"}},
        {"id": "5", "type": "mention", "status": status(5, created_at="yesterday")},
        notification(4, content="<p>first</p>"),
        "nonsense",
        {"type": "mention", "status": status(2)},
    ]
    _, access = instance(told(items))
    batch = connector.fetch(access, "mentions", None, soon())
    assert [message.reference.remote_id for message in batch.messages] == ["4", "9"]
    assert batch.cursor == "9"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, "mention"),
        ({"in_reply_to_id": "1", "in_reply_to_account_id": "7"}, "reply"),
        ({"in_reply_to_id": "1", "in_reply_to_account_id": "8"}, "mention"),
        ({"visibility": "direct", "in_reply_to_account_id": "7"}, "direct"),
    ],
)
def test_the_kind_of_a_message_follows_from_whom_it_answers_and_who_may_see_it(more, kind, instance):
    _, access = instance(told([notification(1, **more)]))
    (message,) = connector.fetch(access, "mentions", None, soon()).messages
    assert message.kind == kind
    assert message.recipient_id == ("7" if kind == "direct" else None)


def test_a_quote_names_what_it_quotes(instance):
    quoting = notification(1, "quote", quote={"state": "accepted", "quoted_status": status(99)})
    _, access = instance(told([quoting]))
    (message,) = connector.fetch(access, "mentions", None, soon()).messages
    assert (message.kind, message.quoted_id) == ("quote", "99")


def test_a_warning_stands_before_the_text_and_pictures_keep_their_words(instance):
    media = [
        {"id": "1", "type": "image", "url": "https://x.example/a.png", "description": "A bill"},
        {"type": "image"},
    ]
    _, access = instance(told([notification(1, spoiler_text="money", media_attachments=media)]))
    (message,) = connector.fetch(access, "mentions", None, soon()).messages
    assert message.text == "money\n\nhi"
    assert [(one.url, one.alt_text) for one in message.media] == [("https://x.example/a.png", "A bill")]


def paging(requests, existing, *, knows_min_id):
    """Answer like an instance with these notification ids, with or without ``min_id``."""

    def play(connection, request):
        asked = parse_qs(urlsplit(request.split(b" ")[1].decode()).query)
        requests.append(asked)
        low = int(asked.get("since_id", ["0"])[0])
        high = int(asked.get("max_id", [str(10**9)])[0])
        first = int(asked["min_id"][0]) if "min_id" in asked else None
        if first is not None and knows_min_id:
            page = sorted(number for number in existing if number > first)[:40]
        else:
            page = sorted((number for number in existing if low < number < high), reverse=True)[:40]
        connection.sendall(told([notification(number) for number in page]))

    return play


@pytest.mark.parametrize("knows_min_id", [True, False])
def test_a_long_absence_is_caught_up_also_on_a_server_without_min_id(knows_min_id):
    requests = []
    with wire(paging(requests, range(1, 301), knows_min_id=knows_min_id)) as there:
        before = addresses.allow_private_origins([there.origin])
        access = access_to(there)
        cursor, heard, more = "20", [], True
        while more:
            batch = connector.fetch(access, "mentions", cursor, soon())
            assert batch.gap is None
            heard += [int(message.reference.remote_id) for message in batch.messages]
            cursor, more = batch.cursor, batch.more
        addresses.allow_private_origins(before)
    assert heard == list(range(21, 301))
    assert len(requests) <= 20


def test_what_lies_too_far_back_is_named_as_a_gap():
    with wire(paging([], range(1, 2001), knows_min_id=False)) as there:
        before = addresses.allow_private_origins([there.origin])
        access = access_to(there)
        batch = connector.fetch(access, "mentions", "20", soon())
        addresses.allow_private_origins(before)
    assert batch.gap is not None
    assert batch.gap.newer_than == "20"
    assert batch.gap.older_than == batch.messages[0].reference.remote_id
    assert batch.cursor == "2000"


def test_two_private_messages_between_two_looks_both_arrive(harness):
    cursor = connector.fetch(harness.access, "messages", None, soon()).cursor
    dana = harness.dana()[0]
    first = harness.network.world.write(dana, Draft("@norlune my number", visibility="direct"))
    second = harness.network.world.write(dana, Draft("@norlune is 12", visibility="direct", reply_to=first.id))
    batch = connector.fetch(harness.access, "messages", cursor, soon())
    assert [message.reference.remote_id for message in batch.messages] == [first.id, second.id]
    assert {message.kind for message in batch.messages} == {"direct"}
    assert connector.fetch(harness.access, "messages", batch.cursor, soon()).messages == ()


def test_our_own_private_answer_is_no_message_to_us(harness):
    cursor = connector.fetch(harness.access, "messages", None, soon()).cursor
    direct = part(harness, "hello", visibility="direct", recipient=harness.dana()[0], recipient_handle="dana")
    connector.send(harness.access, direct, soon())
    batch = connector.fetch(harness.access, "messages", cursor, soon())
    assert batch.messages == ()
    assert batch.cursor != cursor


def test_an_answer_to_a_private_message_stays_with_the_person(harness):
    harness.message("my contract number is 12")
    (message,) = connector.fetch(harness.access, "messages", None, soon()).messages
    direct = part(
        harness, "Thank you", visibility="direct", recipient=message.author.remote_id,
        recipient_handle=message.author.handle, reply_to=message.reference,
    )  # fmt: skip
    assert connector.send(harness.access, direct, soon()).visibility == "direct"
    assert list(harness.dana_heard()) == ["@dana Thank you"]
