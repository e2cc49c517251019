"""Pictures on X: no post without an acknowledged description, nothing public before the post."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from pluralis import failpoints
from pluralis.networks.contract import Attachment
from pluralis.networks.errors import NotNow, Refused, Unconfirmed
from pluralis.networks.fake.http import Response
from pluralis.networks.fake.pictures import avatar, picture_size
from pluralis.networks.x import media
from tests.networks.harness import part, soon
from tests.networks.harness_x import XHarness, open_harness


@pytest.fixture
def opened() -> Iterator[XHarness]:
    with open_harness() as harness:
        yield harness


@pytest.fixture
def passed() -> Iterator[list[str]]:
    names: list[str] = []
    failpoints.set_hook(names.append)
    yield names
    failpoints.set_hook(None)


def picture(alt_text: str = "Une fleur", kind: str = "PNG", pixels: int = 40) -> Attachment:
    content = BytesIO()
    Image.effect_noise((pixels, pixels), 90).convert("RGB").save(content, kind)
    return Attachment(content.getvalue(), f"image/{kind.lower()}", alt_text, pixels, pixels)


def actions(opened: XHarness) -> list[str]:
    return [f"{request.method} {request.path.rsplit('/', 1)[-1]}" for request, _ in opened.network.exchanges]


def test_the_fail_points_of_a_picture_are_passed_in_order(opened: XHarness, passed: list[str]) -> None:
    opened.connector.send(opened.access, part(opened, "Look", attachments=(picture(),)), soon())
    assert passed == [
        "send.before_upload", "send.after_upload", "send.after_metadata",
        "send.before_write", "send.after_write", "send.after_answer",
    ]  # fmt: skip


def test_a_post_without_pictures_passes_only_the_points_of_the_write(opened: XHarness, passed: list[str]) -> None:
    opened.connector.send(opened.access, part(opened, "No picture"), soon())
    assert passed == ["send.before_write", "send.after_write", "send.after_answer"]


@pytest.mark.parametrize("mood", ["error_before", "drop", "drop_before", "nonsense", "error_after", "cut", "limit"])
@pytest.mark.parametrize("endpoint", ["upload", "metadata"])
def test_without_an_acknowledged_picture_nothing_is_posted(opened: XHarness, endpoint: str, mood: str) -> None:
    opened.mood(mood, endpoint)
    with pytest.raises(NotNow):
        opened.connector.send(opened.access, part(opened, "Look", attachments=(picture(),)), soon())
    assert list(opened.standing()) == []


def test_an_acknowledgement_of_another_picture_is_none(opened: XHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    finish = opened.network.finish

    def answer_for_another(plan):  # type: ignore[no-untyped-def]
        response = finish(plan)
        return Response.of_json({"data": {"id": "17"}}) if plan.request.path.endswith("/metadata") else response

    monkeypatch.setattr(opened.network, "finish", answer_for_another)
    with pytest.raises(NotNow, match="acknowledge"):
        opened.connector.send(opened.access, part(opened, "Look", attachments=(picture(),)), soon())
    assert list(opened.standing()) == []


def test_a_picture_without_words_needs_no_description(opened: XHarness) -> None:
    sent = opened.connector.send(opened.access, part(opened, "Look", attachments=(picture(""),)), soon())
    assert list(opened.alt_texts(sent.reference.remote_id)) == [""]
    assert actions(opened) == ["POST upload", "POST tweets"]


def test_a_film_of_pictures_goes_in_pieces(opened: XHarness) -> None:
    opened.connector.send(opened.access, part(opened, "It moves", attachments=(picture(kind="GIF"),)), soon())
    assert actions(opened)[:3] == ["POST initialize", "POST append", "POST finalize"]


def test_a_large_picture_goes_in_pieces_and_arrives_whole(opened: XHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "PIECE", 1000)
    large = picture(pixels=60)
    assert len(large.content) > 3000
    sent = opened.connector.send(opened.access, part(opened, "Large", attachments=(large,)), soon())
    (media_id,) = opened.network.world.posts[sent.reference.remote_id].draft.media
    assert opened.network.world.media[media_id].content == large.content
    assert actions(opened).count("POST append") == -(-len(large.content) // 1000)


def test_the_setting_chunked_sends_every_picture_in_pieces(opened: XHarness) -> None:
    access = replace(opened.access, settings={**opened.access.settings, "upload": "chunked"})
    opened.connector.send(access, part(opened, "Small", attachments=(picture(),)), soon())
    assert "POST initialize" in actions(opened)


def test_a_picture_in_the_works_is_waited_for(opened: XHarness) -> None:
    opened.network.processing_seconds = 150  # at a hundredth of its length
    sent = opened.connector.send(opened.access, part(opened, "Wait", attachments=(picture(),)), soon(10))
    assert opened.standing() == [sent.reference.remote_id]
    assert actions(opened).count("GET upload") >= 1


def test_a_picture_that_takes_longer_than_the_deadline_is_not_now(opened: XHarness) -> None:
    opened.network.processing_seconds = 100_000
    with pytest.raises(NotNow):
        opened.connector.send(opened.access, part(opened, "Wait", attachments=(picture(),)), soon(0.6))
    assert list(opened.standing()) == []


def test_a_description_that_is_too_long_is_refused(opened: XHarness) -> None:
    with pytest.raises(Refused) as refused:
        opened.connector.send(opened.access, part(opened, "Look", attachments=(picture("a" * 1001),)), soon())
    assert "attachments" in refused.value.fields
    opened.network.exchanges.clear()  # 2.159 itself forbids what was just tried


def test_after_the_pictures_a_lost_answer_is_unconfirmed(opened: XHarness) -> None:
    opened.mood("drop", "post")
    with pytest.raises(Unconfirmed):
        opened.connector.send(opened.access, part(opened, "Look", attachments=(picture(),)), soon())
    assert len(opened.standing()) == 1


def test_a_picture_for_a_private_message_is_uploaded_as_one(opened: XHarness) -> None:
    more = {"visibility": "direct", "recipient": opened.dana()[0], "attachments": (picture(),)}
    opened.connector.send(opened.access, part(opened, "", **more), soon())
    (message,) = opened.network.world.messages.values()
    assert len(message.media) == 1
    bodies = [request.body for request, _ in opened.network.exchanges if request.path == "/2/media/upload"]
    assert b"dm_image" in bodies[0]


def test_an_avatar_is_a_picture_and_the_same_for_the_same_name() -> None:
    assert picture_size(avatar("alice")) == (80, 80)
    assert avatar("alice") == avatar("alice") != avatar("bob")
    assert picture_size(b"nothing") is None
