"""The cases of the contract suite about what travels beside the words: pictures, films and polls."""

from pathlib import Path

import pytest

from pluralis.networks.contract import Attachment, Poll
from pluralis.networks.errors import Refused
from pluralis.networks.fake.pictures import avatar
from tests.films import mp4
from tests.networks.contract_steps import look, send
from tests.networks.harness import Harness, need, part


def test_a_picture_travels_with_its_description(harness: Harness) -> None:
    need(harness, "images")
    picture = Attachment(avatar("alice"), "image/png", "Une fleur & son reflet", 80, 80)
    outgoing = part(harness, "New look", attachments=(picture,))
    sent = send(harness, outgoing)
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["Une fleur & son reflet"]
    assert look(harness, outgoing) == [sent.reference.remote_id]
    assert look(harness, part(harness, "New look")) == [] or outgoing.key


def test_four_pictures_keep_their_order(harness: Harness) -> None:
    need(harness, "images")
    pictures = tuple(Attachment(avatar(name), "image/png", name, 80, 80) for name in ("a", "b", "c", "d"))
    sent = send(harness, part(harness, "Four", attachments=pictures))
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["a", "b", "c", "d"]


def test_a_film_travels_alone_with_its_description_where_the_network_keeps_one(
    harness: Harness, tmp_path: Path
) -> None:
    need(harness, "images")
    limits = harness.connector.limits(harness.access).film
    assert limits is not None
    assert "video/mp4" in limits.types
    path = tmp_path / "waves.mp4"
    path.write_bytes(mp4(frames=300_000))
    film = Attachment(b"", "video/mp4", "Waves", 64, 36, str(path), 3.0)
    outgoing = part(harness, "Look at the sea", attachments=(film,))
    sent = send(harness, outgoing)
    assert sent.media_count == 1
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["Waves" if limits.described else ""]
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_a_poll_stands_below_its_words_or_is_refused_where_there_are_none(harness: Harness) -> None:
    limits = harness.connector.limits(harness.access).poll
    asked = Poll(("Nantes", "Kuala Lumpur"), 1440)
    outgoing = part(harness, "Where shall we open next?", poll=asked)
    if limits is None:
        with pytest.raises(Refused):
            send(harness, outgoing)
        assert list(harness.standing()) == []
        return
    assert limits.least_minutes <= asked.minutes <= limits.most_minutes
    sent = send(harness, outgoing)
    assert tuple(harness.poll(sent.reference.remote_id)) == asked.options
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_a_poll_beyond_the_limits_is_refused_and_nothing_stands(harness: Harness) -> None:
    limits = harness.connector.limits(harness.access).poll
    if limits is None:
        pytest.skip("no polls here")
    tall = Poll(tuple(str(number) for number in range(limits.options + 1)), limits.least_minutes)
    wide = Poll(("no", "y" * (limits.characters + 1)), limits.least_minutes)
    long = Poll(("no", "yes"), limits.most_minutes + 60)
    for asked in (tall, wide, long):
        with pytest.raises(Refused):
            send(harness, part(harness, "Well?", poll=asked))
    assert list(harness.standing()) == []


def test_what_is_no_film_is_refused_and_nothing_stands(harness: Harness, tmp_path: Path) -> None:
    need(harness, "images")
    path = tmp_path / "none.mp4"
    path.write_bytes(b"this is no film")
    with pytest.raises(Refused):
        send(harness, part(harness, "Broken", attachments=(Attachment(b"", "video/mp4", "none", path=str(path)),)))
    assert list(harness.standing()) == []


def test_what_is_no_picture_is_refused_and_nothing_stands(harness: Harness) -> None:
    need(harness, "images")
    broken = Attachment(b"this is no picture", "image/png", "nothing")
    with pytest.raises(Refused) as refused:
        send(harness, part(harness, "Broken", attachments=(broken,)))
    assert refused.value.reason
    assert list(harness.standing()) == []
