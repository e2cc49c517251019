"""The cases of the contract suite about what is made ready before a part's time: uploads, and cards below links."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pluralis.networks.contract import Attachment, Card, Outgoing, Uploaded, Uploads
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.pictures import avatar
from tests.films import mp4
from tests.networks.contract_steps import look, send
from tests.networks.harness import Harness, need, part, soon

NEWS = "https://norlune.example/news"


def picture(name: str = "alice") -> Attachment:
    return Attachment(avatar(name), "image/png", f"The face of {name}", 80, 80)


def uploader(harness: Harness) -> Uploads:
    need(harness, "images")
    if not isinstance(harness.connector, Uploads):
        pytest.skip("nothing can be uploaded ahead here")
    return harness.connector


def ahead(harness: Harness, outgoing: Outgoing) -> Outgoing:
    """Upload what the part needs and return it as it is sent then."""
    done = uploader(harness).upload(harness.access, outgoing, soon(10 * harness.slowness))
    return with_uploads(outgoing, done)


def with_uploads(outgoing: Outgoing, done: Sequence[Uploaded]) -> Outgoing:
    assert len(done) == len(outgoing.files)
    known = [replace(one, uploaded=each.reference) for one, each in zip(outgoing.files, done, strict=True)]
    count = len(outgoing.attachments)
    card = outgoing.card and replace(outgoing.card, picture=known[count] if known[count:] else None)
    return replace(outgoing, attachments=tuple(known[:count]), card=card)


def test_what_is_uploaded_ahead_is_not_public_and_kept_for_a_while(harness: Harness) -> None:
    done = uploader(harness).upload(harness.access, part(harness, "Soon", attachments=(picture(),)), soon())
    assert list(harness.standing()) == []
    assert [one.seconds >= 3600 for one in done] == [True]


def test_pictures_uploaded_ahead_stand_in_order_with_their_descriptions(harness: Harness) -> None:
    pictures = tuple(picture(name) for name in ("a", "b", "c"))
    outgoing = ahead(harness, part(harness, "Three", attachments=pictures))
    sent = send(harness, outgoing)
    assert list(harness.alt_texts(sent.reference.remote_id)) == [one.alt_text for one in pictures]
    assert sent.media_count == 3
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_a_film_uploaded_ahead_is_not_read_again(harness: Harness, tmp_path: Path) -> None:
    uploader(harness)
    path = tmp_path / "waves.mp4"
    path.write_bytes(mp4(frames=300_000))
    film = Attachment(b"", "video/mp4", "Waves", 64, 36, str(path), 3.0)
    outgoing = ahead(harness, part(harness, "The sea", attachments=(film,)))
    path.write_bytes(b"")
    sent = send(harness, outgoing)
    assert sent.media_count == 1
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_uploading_twice_publishes_nothing_twice(harness: Harness) -> None:
    outgoing = part(harness, "Once", attachments=(picture(),))
    first, second = ahead(harness, outgoing), ahead(harness, outgoing)
    sent = send(harness, second)
    assert list(harness.standing()) == [sent.reference.remote_id]
    assert look(harness, first) == [sent.reference.remote_id]


def test_a_post_never_goes_without_its_picture_when_the_network_lost_it(harness: Harness) -> None:
    outgoing = part(harness, "With a picture", attachments=(picture(),))
    known = ahead(harness, outgoing)
    harness.forget_uploads()
    try:
        sent = send(harness, known)
    except NotNow as error:
        assert error.upload_again
        assert list(harness.standing()) == []
        sent = send(harness, outgoing)
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["The face of alice"]
    assert list(harness.standing()) == [sent.reference.remote_id]


def test_what_the_network_does_not_take_is_refused_ahead_too(harness: Harness) -> None:
    broken = part(harness, "Broken", attachments=(Attachment(b"this is no picture", "image/png", "nothing"),))
    with pytest.raises(Refused):
        uploader(harness).upload(harness.access, broken, soon())


def test_an_upload_that_is_late_has_done_nothing(harness: Harness) -> None:
    with pytest.raises(NotNow):
        uploader(harness).upload(harness.access, part(harness, "Late", attachments=(picture(),)), Deadline.after(-1))


@pytest.mark.parametrize("mood", ["drop", "error_before", "nonsense"])
def test_an_upload_that_fails_is_not_now(harness: Harness, mood: str) -> None:
    need(harness, "moods")
    connector = uploader(harness)
    harness.mood(mood, "upload")
    with pytest.raises(NotNow):
        connector.upload(harness.access, part(harness, "Soon", attachments=(picture(),)), soon())
    harness.calm()
    assert list(harness.standing()) == []


def carded(harness: Harness, **more: object) -> Outgoing:
    if harness.connector.limits(harness.access).card is None:
        pytest.skip("the network builds its cards itself, or shows none")
    card = Card(NEWS, "Norlune opens in Ipoh", "Our first shop in Malaysia", **more)  # type: ignore[arg-type]
    return part(harness, f"Have you heard? {NEWS}", card=card)


@pytest.mark.parametrize("early", [False, True])
def test_a_card_stands_below_its_link_with_its_picture(harness: Harness, early: bool) -> None:
    outgoing = carded(harness, picture=picture())
    sent = send(harness, ahead(harness, outgoing) if early else outgoing)
    assert harness.card(sent.reference.remote_id) == (NEWS, "Norlune opens in Ipoh", True)
    assert sent.media_count == 0
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_a_card_needs_no_picture(harness: Harness) -> None:
    sent = send(harness, carded(harness))
    assert harness.card(sent.reference.remote_id) == (NEWS, "Norlune opens in Ipoh", False)


def test_a_post_with_a_card_that_is_sent_twice_stands_once_where_it_has_a_key(harness: Harness) -> None:
    outgoing = carded(harness, picture=picture())
    if not outgoing.key:
        pytest.skip("posts have no key here")
    first, second = send(harness, ahead(harness, outgoing)), send(harness, outgoing)
    assert first.reference == second.reference
    assert list(harness.standing()) == [first.reference.remote_id]


def test_pictures_and_quotes_come_before_the_card(harness: Harness) -> None:
    need(harness, "images")
    outgoing = replace(carded(harness), attachments=(picture(),))
    sent = send(harness, outgoing)
    assert list(harness.alt_texts(sent.reference.remote_id)) == ["The face of alice"]
    assert sent.media_count == 1
