"""Other words for a post that is out: the contract of ``Edits``, for every connector that has it, over real HTTP."""

from collections.abc import Iterator

import pytest

from pluralis.networks.contract import Attachment, Edits
from pluralis.networks.errors import NetworkError, NotNow, Refused
from pluralis.networks.fake.pictures import avatar
from pluralis.networks.registry import networks
from tests.networks.harness import part, soon
from tests.networks.harness_mastodon import MastodonHarness, open_harness


@pytest.fixture
def harness() -> Iterator[MastodonHarness]:
    with open_harness() as one:
        yield one


def test_the_connectors_that_edit_are_those_whose_networks_can() -> None:
    assert {name for name, one in networks().items() if isinstance(one.connector, Edits)} == {"mastodon"}


def test_a_post_gets_other_words_once_and_twice_is_as_once(harness: MastodonHarness) -> None:
    sent = harness.connector.send(harness.access, part(harness, "We open at nine."), soon())
    for _again in range(2):
        harness.connector.edit(harness.access, sent.reference, part(harness, "We open at ten."), soon())
    assert harness.standing_text(sent.reference.remote_id) == "We open at ten."
    assert list(harness.standing()) == [sent.reference.remote_id]
    changed = [entry.detail["changed"] for entry in harness.network.ledger.entries(action="edit")]
    assert changed == [True, False]


def test_its_pictures_stay_with_their_descriptions(harness: MastodonHarness) -> None:
    picture = Attachment(avatar("alice"), "image/png", "A flower", 80, 80)
    sent = harness.connector.send(harness.access, part(harness, "Look", attachments=(picture,)), soon())
    harness.connector.edit(harness.access, sent.reference, part(harness, "Look here"), soon())
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["A flower"]


def test_a_post_that_is_gone_or_a_text_that_is_too_long_is_refused(harness: MastodonHarness) -> None:
    sent = harness.connector.send(harness.access, part(harness, "We open at nine."), soon())
    with pytest.raises(Refused):
        harness.connector.edit(harness.access, sent.reference, part(harness, "word " * 200), soon())
    assert harness.standing_text(sent.reference.remote_id) == "We open at nine."
    harness.remove(sent.reference.remote_id)
    with pytest.raises(Refused):
        harness.connector.edit(harness.access, sent.reference, part(harness, "We open at ten."), soon())


@pytest.mark.parametrize("mood", ["error_before", "drop_before", "limit", "drop"])
def test_what_is_not_known_may_be_asked_again(harness: MastodonHarness, mood: str) -> None:
    sent = harness.connector.send(harness.access, part(harness, "We open at nine."), soon())
    harness.mood(mood, "edit", times=1)
    with pytest.raises(NetworkError) as failed:
        harness.connector.edit(harness.access, sent.reference, part(harness, "We open at ten."), soon())
    assert not isinstance(failed.value, Refused)
    assert isinstance(failed.value, NotNow)
    harness.calm()
    harness.connector.edit(harness.access, sent.reference, part(harness, "We open at ten."), soon())
    assert harness.standing_text(sent.reference.remote_id) == "We open at ten."
