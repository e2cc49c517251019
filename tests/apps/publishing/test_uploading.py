"""Pictures and films lie on the network before their part is due; whatever goes wrong, the part goes out once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from pluralis.networks.fake.network import FakeNetwork
from pluralis.posts.actions import describe_picture
from pluralis.publishing import uploading
from pluralis.publishing.actions import edit_scheduled, stop_everything
from pluralis.publishing.ahead import parts_to_prepare, prepare_part
from pluralis.publishing.checks import Confirmations
from pluralis.publishing.models import Part, Upload
from pluralis.publishing.tasks import prepare_due_parts, publish_part
from pluralis.publishing.uploads import AHEAD, MOST_TRIES
from pluralis.teams.models import Account
from tests.apps.cast import Cast, connect, schedule
from tests.apps.cast import write as write_words
from tests.apps.publishing.ahead import fake, picture, take, write
from tests.films import mp4

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 600.0


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(params=["x", "mastodon", "bluesky"])
def network(request: pytest.FixtureRequest) -> Iterator[FakeNetwork]:
    with fake(request.param) as opened:
        yield opened


@pytest.fixture
def account(cast: Cast, network: FakeNetwork) -> Account:
    return connect(cast.alice, network)


@pytest.fixture
def jobs_of() -> Callable[[str], int]:
    """Count the jobs of one kind for the one part that are in the engine."""

    def count(name: str) -> int:
        with connection.cursor() as cursor:
            asked = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND args->>'part_id' = %s"
            cursor.execute(asked, [name, str(part().id)])
            return int(cursor.fetchone()[0])

    return count


def uploads_on(network: FakeNetwork) -> int:
    return len(network.world.media)


def part() -> Part:
    return Part.objects.get()


def come_due() -> None:
    Part.objects.update(due_at=timezone.now(), planned_at=timezone.now())


def publish() -> Part:
    come_due()
    publish_part(str(part().id))
    return part()


def posted(network: FakeNetwork) -> int:
    return len(network.ledger.entries(action="post"))


def shown(network: FakeNetwork) -> list[str]:
    """The descriptions of the pictures of the one post that stands."""
    [post] = [one for one in network.world.posts.values() if one.draft.media]
    return [network.world.media[one].alt_text for one in post.draft.media]


def plan(cast: Cast, account: Account, *contents: bytes, after: float = SOON) -> None:
    media = [take(cast.alice, content, f"Picture {number}") for number, content in enumerate(contents)]
    schedule(cast.alice, write(cast.alice, "Look at this.", *media), account, after=after)


def test_pictures_lie_there_before_their_time_and_are_not_uploaded_again(
    cast: Cast, account: Account, network: FakeNetwork
) -> None:
    plan(cast, account, picture(1), picture(2))
    assert prepare_part(str(part().id))
    assert (uploads_on(network), posted(network)) == (2, 0)
    assert publish().state == "sent"
    assert (uploads_on(network), posted(network)) == (2, 1)
    assert shown(network) == ["Picture 0", "Picture 1"]


def test_a_film_has_a_deadline_of_its_own_and_is_not_sent_within_its_posts(
    cast: Cast, account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []
    after = uploading.Deadline.after
    monkeypatch.setattr(uploading.Deadline, "after", lambda seconds: given.append(seconds) or after(seconds))
    plan(cast, account, mp4(frames=400_000))
    assert prepare_part(str(part().id))
    assert 600.0 in given
    assert publish().state == "sent"
    assert (uploads_on(network), posted(network)) == (1, 1)


def test_a_film_that_is_due_and_not_there_yet_is_uploaded_first_and_then_sent(
    cast: Cast, account: Account, network: FakeNetwork, jobs_of: Callable[[str], int]
) -> None:
    plan(cast, account, mp4(frames=1000))
    assert publish().state == "waiting"
    assert (posted(network), jobs_of("prepare_part")) == (0, 2)
    prepare_part(str(part().id))
    assert jobs_of("publish_part") >= 1
    publish_part(str(part().id))
    assert (part().state, posted(network)) == ("sent", 1)


def test_a_film_that_cannot_be_uploaded_ahead_is_sent_as_ever_and_says_why(
    cast: Cast, account: Account, network: FakeNetwork
) -> None:
    plan(cast, account, mp4(frames=1000))
    network.moods.set("error_before", "upload")
    come_due()
    for _ in range(MOST_TRIES):
        assert not prepare_part(str(part().id))
    publish_part(str(part().id))
    assert part().state == "waiting" and part().reason
    network.moods.clear()
    assert publish().state == "sent"
    assert posted(network) == 1


@pytest.mark.parametrize("mood", ["drop", "error_before", "nonsense"])
def test_a_failed_upload_is_no_error(cast: Cast, account: Account, network: FakeNetwork, mood: str) -> None:
    plan(cast, account, picture())
    network.moods.set(mood, "upload", times=1)
    assert not prepare_part(str(part().id))
    upload = Upload.objects.get()
    assert (upload.tries, upload.files, upload.token) == (1, [], None) and upload.problem
    assert publish().state == "sent"
    assert (posted(network), shown(network)) == (1, ["Picture 0"])


def test_a_worker_killed_in_between_loses_and_doubles_nothing(
    cast: Cast, account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(cast, account, picture())

    def die(*_values: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(uploading, "keep_upload", die)
        with pytest.raises(SystemExit):
            prepare_part(str(part().id))
    assert Upload.objects.get().token is not None
    assert parts_to_prepare(timezone.now()) == [part().id]
    assert prepare_part(str(part().id))
    assert publish().state == "sent"
    assert (posted(network), shown(network)) == (1, ["Picture 0"])


def test_what_the_network_lost_is_uploaded_again_by_the_send(
    cast: Cast, account: Account, network: FakeNetwork
) -> None:
    plan(cast, account, picture())
    prepare_part(str(part().id))
    network.world.media.clear()
    if network.name == "bluesky":
        network.repository._blobs.clear()  # type: ignore[attr-defined]
    first = publish()
    if first.state == "waiting":
        assert posted(network) == 0
        first = publish()
    assert (first.state, posted(network), shown(network)) == ("sent", 1, ["Picture 0"])


def test_what_the_network_cleared_away_by_its_own_clock_is_uploaded_again_and_goes_out_once(
    cast: Cast, account: Account, network: FakeNetwork
) -> None:
    plan(cast, account, picture())
    prepare_part(str(part().id))
    network.clock.skew += (network.world.uploads_last + timedelta(minutes=1)).total_seconds()
    first = publish()
    if network.name == "mastodon":  # it is asked before: many versions would publish the words alone
        assert first.state == "sent"
    else:
        assert (first.state, posted(network), Upload.objects.get().files) == ("waiting", 0, [])
        assert publish().state == "sent"
    assert (uploads_on(network), posted(network), shown(network)) == (2, 1, ["Picture 0"])


def test_what_the_network_still_keeps_is_not_uploaded_again(
    cast: Cast, account: Account, network: FakeNetwork
) -> None:
    plan(cast, account, picture())
    prepare_part(str(part().id))
    network.clock.skew += (network.world.uploads_last - timedelta(minutes=1)).total_seconds()
    assert publish().state == "sent"
    assert (uploads_on(network), posted(network)) == (1, 1)


def test_an_upload_that_expired_is_not_used(cast: Cast, account: Account, network: FakeNetwork) -> None:
    plan(cast, account, picture())
    prepare_part(str(part().id))
    Upload.objects.update(expires_at=timezone.now())
    assert parts_to_prepare(timezone.now()) == [part().id]
    assert publish().state == "sent"
    assert (uploads_on(network), posted(network)) == (2, 1)


def test_another_description_is_uploaded_with_its_picture(cast: Cast, account: Account, network: FakeNetwork) -> None:
    plan(cast, account, picture())
    prepare_part(str(part().id))
    media = part().segment.pictures.get().media
    describe_picture(actor=cast.alice, media=media, alt_text="Other words", decorative=False)
    assert publish().state == "sent"
    assert shown(network) == ["Other words"]


def test_other_words_keep_the_upload(cast: Cast, account: Account, network: FakeNetwork) -> None:
    plan(cast, account, picture())
    prepare_part(str(part().id))
    post = part().delivery.post
    media_id = part().segment.pictures.get().media_id
    edit_scheduled(
        actor=cast.alice, post_id=post.id, draft=draft_with("Other words.", media_id), revision=post.revision,
        confirmed=Confirmations(), now=timezone.now(),
    )  # fmt: skip
    assert publish().state == "sent"
    assert (uploads_on(network), posted(network)) == (1, 1)


def draft_with(text: str, media_id):  # type: ignore[no-untyped-def]
    from pluralis.posts.drafts import Draft, DraftSegment, DraftVersion

    return Draft((DraftVersion((DraftSegment(text, (media_id,)),)),), language="en")


def test_only_what_is_due_soon_and_may_go_is_made_ready(cast: Cast, account: Account, network: FakeNetwork) -> None:
    plan(cast, account, picture(), after=SOON)
    now = timezone.now()
    assert parts_to_prepare(now) == [part().id]
    assert parts_to_prepare(now - AHEAD) == []
    Account.objects.update(paused_at=now)
    assert parts_to_prepare(now) == [] and not prepare_part(str(part().id))
    Account.objects.update(paused_at=None, quarantined_at=now)
    assert parts_to_prepare(now) == [] and not prepare_part(str(part().id))
    Account.objects.update(quarantined_at=None)
    stop_everything(actor=cast.alice, reason="An accident", now=now)
    assert parts_to_prepare(now) == [] and not prepare_part(str(part().id))
    assert uploads_on(network) == 0


def test_words_alone_cost_nothing_ahead_and_no_query_when_they_are_sent(
    cast: Cast, account: Account, network: FakeNetwork, django_assert_num_queries: Callable
) -> None:
    from pluralis.publishing.composing import compose
    from pluralis.publishing.sending import due_with

    schedule(cast.alice, write_words(cast.alice, "Only words."), account)
    assert parts_to_prepare(timezone.now() - timedelta(minutes=1)) == []
    [due] = due_with(str(part().id), set())
    with django_assert_num_queries(0):
        assert compose(due, due.planned_at).files == ()


def test_the_look_ahead_is_one_query_and_defers_each_part_once(
    cast: Cast, account: Account, network: FakeNetwork, django_assert_num_queries: Callable,
    jobs_of: Callable[[str], int],
) -> None:  # fmt: skip
    plan(cast, account, picture(), after=AHEAD.total_seconds() + 60)
    assert jobs_of("prepare_part") == 0
    Part.objects.update(due_at=F("due_at") - timedelta(minutes=5))
    wanted = [part().id]
    with django_assert_num_queries(1):
        assert parts_to_prepare(timezone.now()) == wanted
    assert prepare_due_parts(0) == 1
    assert jobs_of("prepare_part") == 1
    prepare_part(str(part().id))
    assert prepare_due_parts(0) == 0


def test_two_workers_do_not_upload_the_same(cast: Cast, account: Account, network: FakeNetwork) -> None:
    from pluralis.teams.ids import new_id
    from pluralis.teams.locks import locks

    plan(cast, account, picture())
    other = new_id()
    locks.hold(other)
    Upload.objects.create(team_id=part().team_id, part=part(), token=other)
    assert not prepare_part(str(part().id))
    assert uploads_on(network) == 0
    locks.release(other)
    assert prepare_part(str(part().id))
