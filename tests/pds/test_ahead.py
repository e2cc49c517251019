"""The real Bluesky server: blobs that lie there before their post, and the card that a record brings along."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Attachment, Card
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow
from tests.films import mp4

pytestmark = pytest.mark.pds

connector = BlueskyConnector()
NEWS = "https://norlune.com/news"


def picture(seed: int = 0) -> Attachment:
    made = io.BytesIO()
    Image.effect_noise((40, 30), 50 + seed).save(made, "PNG")
    return Attachment(made.getvalue(), "image/png", f"Grain, number {seed}", 40, 30)


def ahead(access, outgoing):
    return connector.upload(access, outgoing, Deadline.after(20))


def test_pictures_uploaded_ahead_stand_in_the_record(alice, part, send):
    outgoing = part("Two pictures", attachments=(picture(1), picture(2)))
    done = ahead(alice, outgoing)
    known = tuple(
        replace(one, uploaded=told.reference, content=b"")
        for one, told in zip(outgoing.attachments, done, strict=True)
    )
    sent = send(alice, replace(outgoing, attachments=known))
    images = sent.record["value"]["embed"]["images"]
    assert [one["alt"] for one in images] == ["Grain, number 1", "Grain, number 2"]
    assert [one["image"] for one in images] == [told.reference["blob"] for told in done]


def test_uploaded_ahead_or_not_it_is_the_same_record(alice, part, send):
    outgoing = part("Once", attachments=(picture(3),))
    [told] = ahead(alice, outgoing)
    first = send(alice, replace(outgoing, attachments=(replace(picture(3), uploaded=told.reference),)))
    second = send(alice, outgoing)
    assert first.record == second.record
    assert first.post.reference == second.post.reference


def test_a_film_is_uploaded_ahead(alice, part, send, tmp_path: Path):
    path = tmp_path / "sea.mp4"
    path.write_bytes(mp4(frames=50_000))
    film = Attachment(b"", "video/mp4", "Waves", 64, 36, str(path), 3.0)
    [told] = ahead(alice, part("The sea", attachments=(film,)))
    sent = send(alice, part("The sea", attachments=(replace(film, uploaded=told.reference),)))
    assert sent.record["value"]["embed"]["video"] == told.reference["blob"]


def test_a_blob_that_the_server_does_not_have_is_not_now_and_nothing_stands(pds, alice, part):
    blob = ahead(alice, part("x", attachments=(picture(4),)))[0].reference["blob"]
    lost = {**blob, "ref": {"$link": "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}}
    outgoing = part("Lost", attachments=(replace(picture(4), uploaded={"blob": lost}),))
    with pytest.raises(NotNow) as refused:
        connector.send(alice, outgoing, Deadline.after(20))
    assert refused.value.upload_again
    assert connector.find(alice, outgoing, outgoing.created_at, Deadline.after(20)).posts == ()


@pytest.mark.parametrize("shown", [True, False])
def test_a_card_stands_below_its_link(alice, part, send, shown):
    card = Card(NEWS, "Norlune à Ipoh", "Première boutique", picture(5) if shown else None)
    outgoing = part(f"Bientôt : {NEWS}", card=card)
    sent = send(alice, outgoing)
    embed = sent.record["value"]["embed"]
    assert embed["$type"] == "app.bsky.embed.external"
    assert (embed["external"]["uri"], embed["external"]["title"]) == (NEWS, "Norlune à Ipoh")
    assert ("thumb" in embed["external"]) is shown
    assert send(alice, outgoing).record == sent.record
