"""A private answer is masked wherever it stands for whoever may not see the conversation's personal data."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.actions import ingest, unmask_conversation
from pluralis.inbox.models import Conversation, Message
from pluralis.inbox.queries import exports
from pluralis.inbox.queries.private_answers import hide_private_answers, hide_private_posts
from pluralis.networks.contract import Batch, Incoming, Reference, RemoteProfile
from pluralis.posts.models import Post
from pluralis.posts.queries import post_with_words
from pluralis.publishing import queries
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Part
from pluralis.teams.models import Account, Membership, Role
from tests.api.conftest import program_of
from tests.apps.cast import Cast, make_user, schedule, write

pytestmark = pytest.mark.django_db
NOW = timezone.now
SECRET = "dana.ray@mail.example"
WORDS = f"We wrote to {SECRET}, Dana."


@pytest.fixture
def walid(cast: Cast) -> Membership:
    user = make_user("Walid")
    return Membership.objects.create(team=cast.alice.team, user=user, role=Role.LEAD, created_at=NOW())


@pytest.fixture
def message(cast: Cast, account: Account) -> Message:
    author = RemoteProfile(remote_id="id-dana", handle="dana", display_name="Dana")
    incoming = Incoming(
        reference=Reference(uuid4().hex), kind="direct", text="Where is my parcel?", author=author, created_at=NOW(),
        url="https://x.example/1",
    )  # fmt: skip
    ingest(account, "mentions", Batch([incoming], "1"), NOW())
    found = Message.objects.get()
    Conversation.objects.update(assigned_to=cast.alice)
    return found


@pytest.fixture
def post(cast: Cast, account: Account, message: Message) -> Post:
    made = write(cast.alice, WORDS)
    Post.objects.filter(id=made.id).update(
        visibility="direct", message_id=message.id, recipient={"remote_id": "id-dana", "handle": "dana"}
    )
    made.refresh_from_db()
    schedule(cast.alice, made, account, after=600)
    return made


def told(seat: Membership) -> str:
    parts = queries.queue_page(seat)
    hide_private_answers(seat, parts, NOW())
    return parts[0].text


def test_who_holds_the_conversation_reads_the_answer_and_others_do_not(
    cast: Cast, post: Post, walid: Membership
) -> None:
    assert told(cast.alice) == WORDS
    assert SECRET not in told(walid) and told(walid).startswith("We wrote to ")
    assert Part.objects.get().text == WORDS, "nothing is masked where it is kept"


def test_who_asked_to_see_the_data_reads_it_here_too(
    cast: Cast, post: Post, message: Message, walid: Membership
) -> None:
    unmask_conversation(actor=walid, conversation_id=message.conversation_id, now=NOW())
    assert told(walid) == WORDS
    parts = queries.queue_page(walid)
    hide_private_answers(walid, parts, NOW() + timedelta(minutes=16))
    assert SECRET not in parts[0].text


def test_an_answer_whose_conversation_is_gone_is_masked_for_everybody(cast: Cast, post: Post) -> None:
    Post.objects.update(message_id=None)
    assert SECRET not in told(cast.alice)


def test_what_everybody_can_read_is_not_masked(cast: Cast, account: Account, walid: Membership) -> None:
    reason = Confirmations(override_reason="our own address")
    schedule(cast.alice, write(cast.alice, f"Write to {SECRET}"), account, after=60, confirmed=reason)
    assert SECRET in told(walid)


def test_it_costs_a_query_only_where_there_is_a_private_answer(
    cast: Cast, post: Post, walid: Membership, django_assert_num_queries: object
) -> None:
    parts = queries.queue_page(walid)
    with django_assert_num_queries(1):  # type: ignore[operator]
        hide_private_answers(walid, parts, NOW())
    Post.objects.update(visibility="public")
    parts = queries.queue_page(walid)
    with django_assert_num_queries(0):  # type: ignore[operator]
        hide_private_answers(walid, parts, NOW())
    assert not hide_private_posts(walid, [post_with_words(post.id)], NOW())


PAGES = {
    "list": "/calendar", "day": "/calendar?view=day", "week": "/calendar?view=week", "month": "/calendar?view=month",
    "queue": "/calendar?view=queue",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_no_view_of_the_calendar_tells_it(page: str, cast: Cast, post: Post, walid: Membership) -> None:
    client, mine = Client(), Client()
    client.force_login(walid.user)
    mine.force_login(cast.alice.user)
    assert SECRET not in client.get(PAGES[page]).content.decode()
    shown = mine.get(PAGES[page]).content.decode()
    assert SECRET in shown or page not in ("list", "queue")


def test_the_pages_about_one_post_tell_it_to_nobody_else(cast: Cast, post: Post, walid: Membership) -> None:
    client, part = Client(), Part.objects.get()
    client.force_login(walid.user)
    page = client.get(reverse("part", args=[part.id])).content.decode()
    assert SECRET not in page and "Personal data is hidden." in page
    refused = client.get(reverse("write_post", args=[post.id]))
    assert refused.status_code == 409 and SECRET not in refused.content.decode()
    client.post(reverse("post_copy", args=[post.id]))
    assert Post.objects.count() == 1
    client.force_login(cast.alice.user)
    assert SECRET in client.get(reverse("part", args=[part.id])).content.decode()


def test_what_waits_after_an_outage_or_a_restore_does_not_tell_it(
    cast: Cast, account: Account, post: Post, walid: Membership
) -> None:
    Part.objects.update(state="held", hold_reason="restored", by_hand_url=f"https://x.example/?text={SECRET}")
    Account.objects.update(quarantined_at=NOW())
    client = Client()
    client.force_login(walid.user)
    for name in ("aftermath", "quarantine", "calendar"):
        assert SECRET not in client.get(reverse(name)).content.decode(), name


def test_no_program_reads_it_for_somebody_else(cast: Cast, post: Post, walid: Membership) -> None:
    part = Part.objects.get()
    Part.objects.update(by_hand_url=f"https://x.example/?text={SECRET}")
    day = part.planned_at - timedelta(days=1), part.planned_at + timedelta(days=1)
    between = {"start": day[0].isoformat(), "end": day[1].isoformat()}
    addresses = (f"posts/{post.id}", f"parts/{part.id}", f"deliveries/{part.delivery_id}")
    for seat, seen in ((walid, False), (cast.alice, True)):
        program = program_of(seat, "read")
        told = [program.get(each).content.decode() for each in addresses]
        told.append(program.get("deliveries", **between).content.decode())
        assert [SECRET in each for each in told] == [seen] * 4


def test_nothing_that_is_taken_home_tells_it(cast: Cast, post: Post) -> None:
    wanted = exports.Wanted(NOW() - timedelta(days=1), NOW() + timedelta(days=1))
    for kind in ("posts", "deliveries"):
        [row] = exports.KINDS[kind].rows(cast.alice, wanted)
        assert SECRET not in row["text"] and row["text"].startswith("We wrote to ")
