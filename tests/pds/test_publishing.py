"""Publishing to the real Bluesky server: what we meant is what stands there, byte for byte, once."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from pluralis.networks.bluesky.connector import BlueskyConnector
from pluralis.networks.contract import Attachment, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Refused
from tests.shared import shared_data

pytestmark = pytest.mark.pds

connector = BlueskyConnector()


def picture(seed: int = 0, size: tuple[int, int] = (40, 30)) -> Attachment:
    made = io.BytesIO()
    Image.effect_noise(size, 50 + seed).save(made, "PNG")
    return Attachment(made.getvalue(), "image/png", f"Grain, number {seed}", *size)


def marked(record):
    """Return what each facet marks: the bytes it covers, and where it leads."""
    data = record["value"]["text"].encode()
    found = []
    for facet in record["value"].get("facets", []):
        index, feature = facet["index"], facet["features"][0]
        covered = data[index["byteStart"] : index["byteEnd"]].decode()
        kind = feature["$type"].partition("#")[2]
        found.append((covered, kind, feature.get("uri") or feature.get("did") or feature.get("tag")))
    return found


def test_a_post_stands_under_its_key_with_its_text_and_time(alice, part, send):
    outgoing = part("Bonjour à tous")
    sent = send(alice, outgoing)
    assert sent.record["value"]["text"] == "Bonjour à tous"
    assert sent.record["uri"] == f"at://{alice.profile_id}/app.bsky.feed.post/{outgoing.key}"
    assert (sent.post.reference.remote_id, sent.post.reference.extra["cid"]) == (
        sent.record["uri"],
        sent.record["cid"],
    )
    written = datetime.fromisoformat(sent.record["value"]["createdAt"])
    assert abs(written - outgoing.created_at) < timedelta(milliseconds=1)
    assert sent.post.url == f"https://bsky.app/profile/{alice.profile_id}/post/{outgoing.key}"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "👩‍👩‍👧‍👦 ",
        "🇲🇾🇫🇷 ",
        "e\u0301te\u0301 ",
        "नमस्ते ",
        "\u202eabc\u202c ",
        "𝔘𝔫𝔦 ",
        "line\nline\r\nline ",
        "\u00a0« oui »\u00a0 ",
    ],
)
def test_links_mentions_and_hashtags_are_marked_after_whatever_stands_before_them(before, alice, dana, part, send):
    text = f"{before}https://example.org/é?x=1 @dana.test #Été end"
    sent = send(alice, part(text))
    assert sent.record["value"]["text"] == text
    assert marked(sent.record) == [
        ("https://example.org/é?x=1", "link", "https://example.org/é?x=1"),
        ("@dana.test", "mention", dana.profile_id),
        ("#Été", "tag", "Été"),
    ]


def test_a_mention_of_nobody_stays_plain_text(alice, part, send):
    sent = send(alice, part("hello @nobody-here.test and @dana.test"))
    assert [covered for covered, _, _ in marked(sent.record)] == ["@dana.test"]


def test_pictures_stand_with_their_bytes_descriptions_and_shape(pds, alice, part, send):
    pictures = (picture(1), picture(2))
    sent = send(alice, part("two pictures", attachments=pictures))
    images = sent.record["value"]["embed"]["images"]
    assert [image["alt"] for image in images] == ["Grain, number 1", "Grain, number 2"]
    assert images[0]["aspectRatio"] == {"width": 40, "height": 30}
    for image, ours in zip(images, pictures, strict=True):
        assert pds.blob(alice.profile_id, image["image"]["ref"]["$link"]) == ours.content
    assert sent.post.media_count == 2


def test_a_picture_beyond_the_servers_limit_is_refused_at_its_field(pds, alice, part):
    noise = Attachment(b"\x89PNG\r\n\x1a\n" + bytes(700_000), "image/png", "too large for this server")
    outgoing = part("too much", attachments=(noise,))
    with pytest.raises(Refused) as caught:
        connector.send(alice, outgoing, Deadline.after(20))
    assert "attachments" in caught.value.fields
    assert outgoing.key not in pds.records(alice.profile_id)


def test_a_picture_beyond_the_networks_limit_is_refused_before_anything_is_uploaded(alice, part):
    noise = Attachment(bytes(1_000_001), "image/png", "too large for any server")
    with pytest.raises(Refused, match="one megabyte"):
        connector.send(alice, part("too much", attachments=(noise,)), Deadline.after(20))


def test_an_answer_names_its_parent_and_the_root_of_the_thread(alice, dana, part, send):
    question = send(dana, part("Where is my parcel?")).post
    answer = send(alice, part("On its way", reply_to=question.reference))
    assert answer.record["value"]["reply"]["parent"]["uri"] == question.reference.remote_id
    assert answer.record["value"]["reply"]["root"]["uri"] == question.reference.remote_id
    thanks = send(dana, part("Thank you", reply_to=answer.post.reference))
    assert thanks.record["value"]["reply"] == {
        "root": {"uri": question.reference.remote_id, "cid": question.reference.extra["cid"]},
        "parent": {"uri": answer.post.reference.remote_id, "cid": answer.post.reference.extra["cid"]},
    }


def test_an_answer_to_a_bare_address_reads_what_it_needs(alice, dana, part, send):
    question = send(dana, part("Is the shop open?")).post
    first = send(dana, part("Hello?", reply_to=question.reference)).post
    answer = send(alice, part("It is", reply_to=Reference(first.reference.remote_id)))
    assert answer.record["value"]["reply"]["root"]["uri"] == question.reference.remote_id
    assert answer.record["value"]["reply"]["parent"]["cid"] == first.reference.extra["cid"]


def test_an_answer_to_a_post_that_is_gone_is_refused(alice, dana, part, send):
    question = send(dana, part("Never mind")).post
    connector.delete(dana, question.reference, Deadline.after(20))
    with pytest.raises(Refused) as caught:
        connector.send(alice, part("What?", reply_to=Reference(question.reference.remote_id)), Deadline.after(20))
    assert "reply_to" in caught.value.fields


def test_a_thread_of_four_hangs_together(pds, alice, part, send):
    root = parent = None
    posts = []
    for number in range(1, 5):
        post = send(alice, part(f"{number}/4", reply_to=parent, root=root)).post
        root, parent = root or post.reference, post.reference
        posts.append(post)
    records = pds.records(alice.profile_id)
    chain = [records[post.reference.remote_id.rsplit("/", 1)[1]]["value"].get("reply") for post in posts]
    assert chain[0] is None
    assert [link["root"]["uri"] for link in chain[1:]] == [posts[0].reference.remote_id] * 3
    assert [link["parent"]["uri"] for link in chain[1:]] == [post.reference.remote_id for post in posts[:3]]
    assert [post.reply_to_id for post in posts] == [None, *(post.reference.remote_id for post in posts[:3])]


def test_a_quote_with_pictures_carries_both(alice, dana, part, send):
    praise = send(dana, part("Best service ever")).post
    sent = send(alice, part("Thank you!", quote=praise.reference, attachments=(picture(3),)))
    embed = sent.record["value"]["embed"]
    assert embed["record"]["record"]["uri"] == praise.reference.remote_id
    assert len(embed["media"]["images"]) == sent.post.media_count == 1


def test_the_language_is_named(alice, part, send):
    assert send(alice, part("Selamat pagi", language="ms")).record["value"]["langs"] == ["ms"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("x" * 300, True),
        ("x" * 301, False),
        ("👩‍👩‍👧‍👦" * 120, True),
        ("👩‍👩‍👧‍👦" * 121, False),
        ("e\u0301" * 300, True),
    ],
)
def test_the_server_and_our_rule_agree_on_what_fits(text, fits, alice, part, send):
    from pluralis.core.text import measure

    assert measure(text, connector.limits(None).counting).fits is fits
    if fits:
        assert send(alice, part(text)).record["value"]["text"] == text
        return
    with pytest.raises(Refused) as caught:
        connector.send(alice, part(text), Deadline.after(20))
    assert "text" in caught.value.fields


def test_what_no_server_can_keep_is_replaced_and_the_marks_stay_in_place(alice, part, send):
    sent = send(alice, part("half a pair \ud83d, a NUL \x00 and https://example.org"))
    assert sent.record["value"]["text"] == "half a pair \ufffd, a NUL  and https://example.org"
    assert marked(sent.record) == [("https://example.org", "link", "https://example.org")]


def test_a_post_taken_down_is_gone_and_taking_it_down_again_is_fine(pds, alice, part, send):
    outgoing = part("a slip of the pen")
    post = send(alice, outgoing).post
    connector.delete(alice, post.reference, Deadline.after(20))
    connector.delete(alice, post.reference, Deadline.after(20))
    assert outgoing.key not in pds.records(alice.profile_id)


def test_nobody_elses_post_can_be_taken_down(alice, dana, part, send):
    post = send(dana, part("mine")).post
    with pytest.raises(Refused):
        connector.delete(alice, post.reference, Deadline.after(20))


def test_blocking_twice_is_blocking_once(pds, alice, dana):
    for _ in range(2):
        connector.moderate(alice, "block", dana.profile_id, Deadline.after(20))
    blocks = pds.records(alice.profile_id, "app.bsky.graph.block")
    assert [block["value"]["subject"] for block in blocks.values()] == [dana.profile_id]


def test_reposting_twice_is_reposting_once_and_taking_it_back_leaves_nothing(pds, alice, dana, part, send):
    praise = send(dana, part("you are wonderful!")).post.reference
    for _ in range(2):
        connector.repost(alice, praise, datetime.now(UTC), Deadline.after(20))
    [record] = pds.records(alice.profile_id, "app.bsky.feed.repost").values()
    assert record["value"]["subject"] == {"uri": praise.remote_id, "cid": praise.extra["cid"]}
    for _ in range(2):
        connector.take_back_repost(alice, praise, Deadline.after(20))
    assert pds.records(alice.profile_id, "app.bsky.feed.repost") == {}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ms"])
def test_real_texts_stand_as_they_were_written(language, alice, part, send):
    """Rows of the shared corpus, the longest and oddest among them, with every facet inside the text."""
    from pluralis.core.text import measure

    rows = shared_data("text/voice.dev.tsv").read_text(encoding="utf-8").splitlines()[1:]
    texts = [row.split("\t") for row in rows]
    chosen = [cells[-1] for cells in texts if language in cells]
    rule = connector.limits(None).counting
    fitting = [text for text in chosen if measure(text, rule).fits]
    assert len(fitting) > 20
    for text in sorted(fitting, key=lambda text: len(text.encode()) - len(text))[-12:]:
        sent = send(alice, part(text, language=language))
        assert sent.record["value"]["text"] == text.lstrip("\ufeff")
        for covered, kind, leads in marked(sent.record):
            assert covered
            assert kind != "tag" or covered[1:] == leads


def test_a_byte_order_mark_in_front_is_dropped_so_that_no_mark_moves(alice, part, send):
    sent = send(alice, part("\ufeff\ufeffsee https://example.org"))
    assert sent.record["value"]["text"] == "see https://example.org"
    assert marked(sent.record) == [("https://example.org", "link", "https://example.org")]


def test_keys_of_one_instant_are_valid_and_different(alice, part, send):
    now = datetime.now(UTC)
    keys = {connector.choose_key(now, bytes([number]) * 16) for number in range(5)}
    assert len(keys) == 5
    for key in keys:
        send(alice, part(f"key {key}", key=key))
