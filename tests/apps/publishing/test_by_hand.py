"""What only people may send: handed over, looked for in the timeline, bound to one post, or asked about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pluralis.networks.fake.world import Draft
from pluralis.networks.fake.x import FakeX
from pluralis.publishing import looking, sending
from pluralis.publishing.actions import NOT_FOUND, let_be, link_by_url, open_by_hand
from pluralis.publishing.models import Part
from pluralis.teams.errors import Conflict, Forbidden, Invalid, NotFound
from pluralis.teams.models import Account, AuditEntry
from tests.apps.cast import Cast, schedule, write

NOW = timezone.now
# Looking closes connections that have grown useless, as a worker does between transactions.
pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Thank you for the tea, @stranger."


@pytest.fixture
def part(cast: Cast, account: Account) -> Part:
    """A part that names a stranger, which X forbids to programs: held, with X's own page to finish it."""
    schedule(cast.alice, write(cast.alice, WORDS), account)
    part = Part.objects.get()
    sending.publish_part(str(part.id), worker="test")
    part.refresh_from_db()
    assert (part.state, part.hold_reason) == ("held", "by_hand")
    return part


def post_by_hand(x: FakeX, text: str = WORDS) -> str:
    """A person presses the button on X; return the id of the post."""
    profile = x.world.find_profile("Norlune")
    assert profile is not None
    return x.world.write(profile.id, Draft(text)).id


def looked(part: Part, since: object = None) -> Part:
    looking.look_for_by_hand(str(part.id), since or NOW())  # type: ignore[arg-type]
    part.refresh_from_db()
    return part


def test_it_is_found_in_the_timeline_and_becomes_sent(cast: Cast, part: Part, x: FakeX) -> None:
    open_by_hand(actor=cast.alice, part_id=part.id, now=NOW())
    remote_id = post_by_hand(x)
    assert (looked(part).state, part.remote_id) == ("sent", remote_id)
    assert part.url.endswith(f"/status/{remote_id}")
    assert AuditEntry.objects.filter(action="publishing.part.opened_by_hand").count() == 1


@pytest.mark.parametrize("text", ["Thank you for the tea.", "Thank you for the tea, @stranger. Really."])
def test_other_words_are_another_post(cast: Cast, part: Part, x: FakeX, text: str) -> None:
    open_by_hand(actor=cast.alice, part_id=part.id, now=NOW())
    post_by_hand(x, text)
    assert looked(part).state == "held"
    assert part.look_again_at is not None and part.look_again_at > NOW()


def test_of_two_equal_posts_a_person_must_say_which(cast: Cast, part: Part, x: FakeX) -> None:
    post_by_hand(x)
    post_by_hand(x)
    assert looked(part).state == "held"


def test_a_post_that_is_already_another_parts_is_not_taken_twice(
    cast: Cast, account: Account, part: Part, x: FakeX
) -> None:
    post_by_hand(x)
    assert looked(part).state == "sent"
    schedule(cast.alice, write(cast.alice, "Another text."), account)
    second = Part.objects.exclude(id=part.id).get()
    Part.objects.filter(id=second.id).update(state="held", hold_reason="by_hand", text=WORDS)
    assert looked(second).state == "held"


def test_after_ten_minutes_a_person_is_asked_and_nobody_looks_any_more(part: Part) -> None:
    looked(part, NOW() - timedelta(minutes=11))
    assert (part.state, part.reason, part.look_again_at) == ("held", NOT_FOUND, None)


def test_a_network_that_is_away_is_asked_again(cast: Cast, part: Part) -> None:
    open_by_hand(actor=cast.alice, part_id=part.id, now=NOW())
    Account.objects.update(host="http://127.0.0.1:9")
    assert looked(part).state == "held" and part.look_again_at is not None


def test_opening_twice_begins_one_look(cast: Cast, part: Part) -> None:
    for _ in range(2):
        open_by_hand(actor=cast.alice, part_id=part.id, now=NOW())
    assert AuditEntry.objects.filter(action="publishing.part.opened_by_hand").count() == 1


def test_only_who_knows_the_sign_in_opens_it(cast: Cast, part: Part) -> None:
    with pytest.raises(Forbidden):
        open_by_hand(actor=cast.bob, part_id=part.id, now=NOW())
    with pytest.raises(NotFound):
        open_by_hand(actor=cast.charlie, part_id=part.id, now=NOW())
    cast.alice.may_post_by_hand = False
    with pytest.raises(Forbidden):
        open_by_hand(actor=cast.alice, part_id=part.id, now=NOW())


def test_what_waits_is_not_opened_by_hand(cast: Cast, account: Account) -> None:
    schedule(cast.alice, write(cast.alice, "A usual text."), account, after=60)
    with pytest.raises(Conflict):
        open_by_hand(actor=cast.alice, part_id=Part.objects.get().id, now=NOW())


def test_what_was_closed_is_not_bound_any_more(cast: Cast, part: Part, x: FakeX) -> None:
    open_by_hand(actor=cast.alice, part_id=part.id, now=NOW())
    let_be(actor=cast.alice, part_id=part.id, now=NOW())
    post_by_hand(x)
    assert looked(part).state == "cancelled"


def test_a_copied_address_links_it(cast: Cast, part: Part, x: FakeX) -> None:
    remote_id = post_by_hand(x, "Thank you for the tea, dear @stranger.")
    url = f"{x.origin}/Norlune/status/{remote_id}"
    link_by_url(actor=cast.alice, part_id=part.id, url=url, now=NOW())
    part.refresh_from_db()
    assert (part.state, part.remote_id, part.url) == ("sent", remote_id, url)


@pytest.mark.parametrize("url", ["https://x.com/Norlune/status/1", "{origin}/Rival/status/1", "{origin}/Norlune", ""])
def test_an_address_elsewhere_is_refused_with_the_profile_it_should_be(
    cast: Cast, part: Part, x: FakeX, url: str
) -> None:
    with pytest.raises(Invalid, match="not the address of a post by @Norlune"):
        link_by_url(actor=cast.alice, part_id=part.id, url=url.format(origin=x.origin), now=NOW())
    part.refresh_from_db()
    assert part.state == "held"
