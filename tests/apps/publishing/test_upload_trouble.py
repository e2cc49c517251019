"""A file that could not be uploaded ahead of time is shown, told to who can replace it, and tried again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pluralis.inbox.actions import see_notices
from pluralis.inbox.models import Notice
from pluralis.inbox.queries.teamwork import notices_for
from pluralis.networks.fake.network import FakeNetwork
from pluralis.posts.models import Media
from pluralis.publishing.actions import edit_scheduled
from pluralis.publishing.ahead import parts_to_prepare, prepare_part
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Part, Upload
from pluralis.publishing.queries import queue_page
from pluralis.publishing.tasks import publish_part
from pluralis.publishing.uploads import upload_trouble
from pluralis.teams.models import Account, Membership, Role
from tests.api.conftest import program_of
from tests.apps.cast import Cast, connect, make_user, schedule
from tests.apps.publishing.ahead import fake, picture, take, write
from tests.apps.publishing.test_uploading import come_due, draft_with, part, posted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def network() -> Iterator[FakeNetwork]:
    with fake("x") as opened:
        yield opened


@pytest.fixture
def account(cast: Cast, network: FakeNetwork) -> Account:
    return connect(cast.alice, network)


@pytest.fixture
def writer(cast: Cast) -> Membership:
    return Membership.objects.create(
        team=cast.alice.team, user=make_user("Wendy"), role=Role.WRITER, initials="WE", created_at=timezone.now()
    )


def spoil() -> None:
    """Let the file of the one picture be no picture any more, as a broken disk or a hasty tool would."""
    Path(Media.objects.get().file.path).write_bytes(b"this is no picture")


@pytest.fixture
def refused(writer: Membership, account: Account) -> Part:
    """Wendy's planned post whose picture the network refused ahead of its time."""
    schedule(writer, write(writer, "Look at this.", take(writer, picture())), account, after=600.0)
    spoil()
    assert not prepare_part(str(part().id))
    return part()


@pytest.fixture
def put_off(cast: Cast, account: Account, network: FakeNetwork) -> Part:
    """A planned post whose picture could not be uploaded at the first try."""
    schedule(cast.alice, write(cast.alice, "Look at this.", take(cast.alice, picture())), account, after=600.0)
    network.moods.set("error_before", "upload", times=1)
    assert not prepare_part(str(part().id))
    return part()


def told(*members: Membership) -> list[int]:
    return [len(notices_for(one)) for one in members]


def page(client: Client, member: Membership, name: str, *args: object, **asked: str) -> str:
    client.force_login(member.user)
    return client.get(reverse(name, args=args), asked).content.decode()


def test_the_author_and_the_lead_hear_at_once_of_a_refused_file_and_nobody_else(
    cast: Cast, writer: Membership, refused: Part
) -> None:
    assert told(writer, cast.alice, cast.bob, cast.charlie) == [1, 1, 0, 0]
    [notice] = notices_for(writer)
    assert (notice.kind, notice.part_id) == (Notice.Kind.UPLOAD_REFUSED, refused.id)
    upload = upload_trouble(refused)
    assert upload is not None and upload.refused and upload.problem and upload.failed_at


def test_they_are_told_once_and_the_files_are_tried_again_when_due(
    writer: Membership, refused: Part, network: FakeNetwork
) -> None:
    assert parts_to_prepare(timezone.now()) == [] and not prepare_part(str(refused.id))
    assert told(writer) == [1]
    come_due()
    publish_part(str(refused.id))
    assert (part().state, posted(network)) == ("refused", 0)
    assert upload_trouble(part()) is None, "the part itself says now why"


def test_what_may_work_the_next_time_is_shown_and_told_to_nobody(cast: Cast, put_off: Part) -> None:
    assert told(cast.alice) == [0]
    upload = upload_trouble(put_off)
    assert upload is not None and not upload.refused
    assert prepare_part(str(put_off.id))
    assert upload_trouble(part()) is None


def test_another_picture_takes_the_trouble_away_and_is_made_ready_afresh(writer: Membership, refused: Part) -> None:
    other, post = take(writer, picture(9), "Other waves"), refused.delivery.post
    edit_scheduled(
        actor=writer, post_id=post.id, draft=draft_with("Look at this.", other.id), revision=post.revision,
        confirmed=Confirmations(), now=timezone.now(),
    )  # fmt: skip
    assert upload_trouble(part()) is None
    assert parts_to_prepare(timezone.now()) == [refused.id]
    assert prepare_part(str(refused.id))


def test_other_words_leave_the_trouble_where_it_is(writer: Membership, refused: Part) -> None:
    media_id, post = refused.segment.pictures.get().media_id, refused.delivery.post
    edit_scheduled(
        actor=writer, post_id=post.id, draft=draft_with("Other words.", media_id), revision=post.revision,
        confirmed=Confirmations(), now=timezone.now(),
    )  # fmt: skip
    assert upload_trouble(part()) is not None
    assert told(writer) == [1]


def test_the_page_says_what_happened_what_was_kept_and_what_to_do(client: Client, cast: Cast, refused: Part) -> None:
    said = page(client, cast.alice, "part", refused.id)
    assert "The network refuses a file of this post" in said and "kept as it is planned" in said
    assert reverse("write_post", args=[refused.delivery.post_id]) in said
    assert told(cast.alice) == [0], "whoever opened the page has seen it"
    assert see_notices(actor=cast.alice, now=timezone.now()) == 0


def test_its_row_is_marked_on_the_calendar(client: Client, cast: Cast, refused: Part) -> None:
    for view in ("list", "queue", "week", "month"):
        assert "The network refuses a file" in page(client, cast.alice, "calendar", view=view), view


def test_the_bell_leads_to_the_post(client: Client, writer: Membership, refused: Part) -> None:
    assert reverse("part", args=[refused.id]) in page(client, writer, "notices")


def test_a_file_that_is_only_late_is_marked_and_waits_by_itself(client: Client, cast: Cast, put_off: Part) -> None:
    assert "A file is not uploaded yet" in page(client, cast.alice, "calendar", view="queue")
    assert "tried again by itself" in page(client, cast.alice, "part", put_off.id)


def test_the_marks_of_a_queue_cost_no_query_of_their_own(
    cast: Cast, refused: Part, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(1):
        assert [bool(upload_trouble(one)) for one in queue_page(cast.alice)] == [True]


def test_a_program_sees_it_too(cast: Cast, refused: Part) -> None:
    program = program_of(cast.alice)
    told_to_program = program.get(f"parts/{refused.id}").json()
    assert told_to_program["upload_refused"] is True and told_to_program["upload_problem"]
    Upload.objects.update(refused=False, problem="")
    again = program.get(f"parts/{refused.id}").json()
    assert (again["upload_refused"], again["upload_problem"]) == (False, "")
