"""The cases that every connector must pass, over real HTTP, whatever its network.

Imported by ``test_contract_suite.py`` (our networks) and by third parties, who bring a fixture ``harness``.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from pluralis.networks.contract import Access, Measures, Moderates, Relates
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import Disconnected, NetworkError, NotNow, Refused, Unconfirmed
from tests.networks.contract_attachments import *  # noqa: F403 (cases of this suite)
from tests.networks.contract_reposts import *  # noqa: F403 (cases of this suite)
from tests.networks.contract_steps import look, send
from tests.networks.contract_uploads import *  # noqa: F403 (cases of this suite)
from tests.networks.harness import Harness, need, part, reference, soon, with_credentials

TEXTS = {
    "plain": "Our shops are open on Sunday.",
    "ampersand and angle brackets": "Terms & conditions: 3 < 5 > 2, &amp; stays &amp;",
    "emoji sequence": "Merci à toute l'équipe 👩‍🔧👍🏽 🇲🇾",
    "French no-break spaces": "Une panne\u202f? Réponse\u00a0: nous cherchons\u00a0!",
    "link": "Tout savoir : https://norlune.example/aide?ligne=fixe&pas=2#suite et merci",
    "link at the end": "Voir https://norlune.example/aide",
    "two links": "https://norlune.example/a et https://norlune.example/b",
    "line breaks": "Hours:\n\nMon-Fri 9-18\nSat 9-12",
    "decomposed accents": "Cafe\u0301 du coin",
    "hashtag": "Nouvelle boutique à Nantes #Norlune #été2026",
    "CJK": "新しいお店がオープンしました。",
    "quotes and backslashes": 'She said "it works" \\ done',
    "Malay": "Kami sedang menyiasat gangguan di Ipoh.",
}
SPOILT = ("drop", "cut", "error_after", "nonsense")


# Sending in good times


def test_a_post_stands_once_with_its_exact_text(harness: Harness) -> None:
    sent = send(harness, part(harness, "Our shops are open on Sunday."))
    assert list(harness.standing()) == [sent.reference.remote_id]
    assert harness.standing_text(sent.reference.remote_id) == "Our shops are open on Sunday."
    assert sent.url.startswith(("http://", "https://"))
    assert sent.visibility == "public"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_was_sent_is_found_again_as_the_same_post(harness: Harness, text: str) -> None:
    outgoing = part(harness, text)
    sent = send(harness, outgoing)
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_a_part_that_was_never_sent_is_not_found(harness: Harness) -> None:
    send(harness, part(harness, "Something else."))
    assert look(harness, part(harness, "Never sent.")) == []


def test_two_parts_with_one_text_are_two_posts(harness: Harness) -> None:
    first, second = part(harness, "Good morning"), part(harness, "Good morning")
    ids = {send(harness, first).reference.remote_id, send(harness, second).reference.remote_id}
    assert set(harness.standing()) == ids
    assert len(ids) == 2


def test_a_thread_hangs_together(harness: Harness) -> None:
    first = send(harness, part(harness, "One of two"))
    outgoing = part(harness, "Two of two", reply_to=first.reference, root=first.reference)
    second = send(harness, outgoing)
    assert second.reply_to_id == first.reference.remote_id
    assert look(harness, outgoing) == [second.reference.remote_id]


def test_a_reply_to_somebody_outside_is_found_under_its_target(harness: Harness) -> None:
    need(harness, "mentions")
    target = reference(harness, harness.mention("is there an outage?"))
    outgoing = part(harness, "We are looking into it & will tell you.", reply_to=target)
    sent = send(harness, outgoing)
    assert sent.reply_to_id == target.remote_id
    assert look(harness, outgoing) == [sent.reference.remote_id]
    assert look(harness, part(harness, outgoing.text)) == [] or harness.connector.choose_key(
        datetime.now(UTC), b"0" * 16
    )


def test_a_private_message_reaches_only_its_recipient(harness: Harness) -> None:
    need(harness, "direct")
    remote_id, handle = harness.dana()
    more = {"visibility": "direct", "recipient": remote_id, "recipient_handle": handle}
    outgoing = part(harness, "Your refund & receipt are on the way.", **more)
    sent = send(harness, outgoing)
    assert sent.visibility == "direct"
    assert [text for text in harness.dana_heard() if "refund" in text] != []
    assert sent.reference.remote_id not in harness.standing()
    assert sent.reference.remote_id in look(harness, outgoing)


def test_text_that_no_database_holds_does_not_break_the_connector(harness: Harness) -> None:
    try:
        send(harness, part(harness, "half \ud83d a pair and \x00 nothing"))
    except Refused:
        assert list(harness.standing()) == []
    else:
        assert len(harness.standing()) == 1


def test_a_text_of_five_megabytes_is_refused_or_not_now_and_nothing_stands(harness: Harness) -> None:
    with pytest.raises((Refused, NotNow)):
        send(harness, part(harness, "long " * 1_000_000))
    assert list(harness.standing()) == []


def test_a_reply_to_a_post_that_is_gone_is_refused(harness: Harness) -> None:
    need(harness, "mentions")
    target = reference(harness, harness.mention("never mind"))
    harness.remove(target.remote_id)
    with pytest.raises(Refused):
        send(harness, part(harness, "Hello?", reply_to=target))
    assert list(harness.standing()) == []


def test_a_post_is_taken_down_and_twice_is_as_once(harness: Harness) -> None:
    sent = send(harness, part(harness, "Oops"))
    harness.connector.delete(harness.access, sent.reference, soon())
    assert list(harness.standing()) == []
    harness.connector.delete(harness.access, sent.reference, soon())


def test_a_key_depends_on_nothing_but_instant_and_entropy(harness: Harness) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    choose = harness.connector.choose_key
    assert choose(now, b"a" * 16) == choose(now, b"a" * 16)
    if choose(now, b"a" * 16):
        assert choose(now, b"a" * 16) != choose(now, b"b" * 16)


def test_the_limits_are_those_of_a_real_network(harness: Harness) -> None:
    for access in (None, harness.access):
        limits = harness.connector.limits(access)
        assert limits.counting.limit >= 100
        assert limits.images >= 1
        assert limits.image_bytes >= 100_000
        assert "image/png" in limits.image_types
        assert limits.alt_text >= 100


# Sending in bad times


@pytest.mark.parametrize("mood", SPOILT)
def test_after_a_spoilt_answer_the_part_is_unconfirmed_and_found(harness: Harness, mood: str) -> None:
    need(harness, "moods")
    harness.mood(mood, "post", nth=1)
    outgoing = part(harness, "Said once & only once")
    with pytest.raises(Unconfirmed):
        send(harness, outgoing)
    assert len(harness.standing()) == 1
    assert look(harness, outgoing) == list(harness.standing())


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_before_acceptance_is_unconfirmed_all_the_same(harness: Harness, status: int) -> None:
    need(harness, "moods")
    harness.mood("error_before", "post", nth=1, status=status)
    outgoing = part(harness, "Not accepted")
    with pytest.raises(Unconfirmed):
        send(harness, outgoing)
    assert list(harness.standing()) == look(harness, outgoing) == []


def test_an_answer_after_the_deadline_is_unconfirmed(harness: Harness) -> None:
    need(harness, "moods")
    harness.mood("late", "post", nth=1, seconds=300)
    began = time.monotonic()
    with pytest.raises(Unconfirmed):
        send(harness, part(harness, "Too late"), seconds=0.5)
    assert time.monotonic() - began < 1.5
    assert len(harness.standing()) == 1


def test_a_dropped_connection_before_acceptance_is_unconfirmed(harness: Harness) -> None:
    need(harness, "moods")
    harness.mood("drop_before", "post", nth=1)
    with pytest.raises(Unconfirmed):
        send(harness, part(harness, "Gone on the way"))
    assert list(harness.standing()) == []


def test_a_deadline_that_has_passed_lets_nothing_out(harness: Harness) -> None:
    with pytest.raises(NotNow):
        harness.connector.send(harness.access, part(harness, "Too late"), Deadline.after(-1))
    assert list(harness.standing()) == []


def test_a_server_that_is_not_there_is_not_now(harness: Harness) -> None:
    nowhere = Access("http://127.0.0.1:1", "1", "x", harness.access.credentials, harness.access.settings)
    with pytest.raises(NotNow):
        harness.connector.send(nowhere, part(harness, "Anybody?"), soon())


def test_a_told_limit_is_not_now_until_its_reset(harness: Harness) -> None:
    need(harness, "moods")
    harness.mood("limit", "post", nth=1, seconds=120)
    with pytest.raises(NotNow) as told:
        send(harness, part(harness, "Slow down"))
    assert told.value.until is not None
    assert timedelta(seconds=100) < told.value.until - datetime.now(UTC) < timedelta(seconds=140)
    assert list(harness.standing()) == []


def test_a_limit_of_the_whole_app_stops_the_other_accounts_too(harness: Harness) -> None:
    need(harness, "moods")
    harness.mood("limit_app", "mentions", nth=1, seconds=120)
    with pytest.raises(NotNow) as told:
        harness.connector.fetch(harness.access, "mentions", None, soon())
    assert told.value.until is not None
    assert told.value.whole_app or harness.name != "x"


@pytest.mark.parametrize("mood", ["limit_silent", "limit_after", "limit"])
def test_doing_what_the_error_says_after_a_429_leaves_one_post(harness: Harness, mood: str) -> None:
    need(harness, "moods")
    harness.mood(mood, "post", nth=1, seconds=1)
    outgoing = part(harness, "Exactly one")
    try:
        send(harness, outgoing)
    except NotNow:
        send(harness, outgoing)
    except Unconfirmed:
        if not look(harness, outgoing):
            send(harness, outgoing)
    assert len(harness.standing()) == 1


def test_a_redirect_is_not_followed(harness: Harness) -> None:
    need(harness, "moods")
    harness.mood("redirect", "post", nth=1, address="/2/tweets" if harness.name == "x" else "/api/v1/statuses")
    with pytest.raises(Unconfirmed):
        send(harness, part(harness, "Follow me"))
    assert list(harness.standing()) == []


def test_a_server_that_closes_idle_connections_does_no_harm(harness: Harness) -> None:
    need(harness, "moods")
    harness.mood("idle", "*")
    for number in range(3):
        send(harness, part(harness, f"Post {number}"))
        time.sleep(0.02)
    assert len(harness.standing()) == 3


def test_credentials_that_are_not_accepted_ask_for_a_person_or_a_refresh(harness: Harness) -> None:
    need(harness, "wrong_keys")
    access = with_credentials(harness.access, harness.wrong_credentials())
    with pytest.raises((Disconnected, NotNow)) as failed:
        harness.connector.send(access, part(harness, "Who am I"), soon())
    if isinstance(failed.value, NotNow):
        assert failed.value.refresh
    assert list(harness.standing()) == []


def test_no_error_and_no_access_shows_a_secret(harness: Harness) -> None:
    need(harness, "moods")
    secrets = [value for value in harness.access.credentials.values() if len(value) > 8]
    shown = repr(harness.access)
    for mood in ("error_before", "nonsense", "redirect", "unauthorised", "limit", "drop"):
        harness.calm()
        harness.mood(mood, "post")
        with pytest.raises(NetworkError) as failed:
            send(harness, part(harness, "Psst"))
        shown += repr(failed.value) + str(failed.value) + failed.value.reason
    assert secrets
    assert not any(secret in shown for secret in secrets)


# Looking


def test_a_lagging_timeline_shows_the_post_later(harness: Harness) -> None:
    need(harness, "moods", "lag")
    harness.mood("lag", "timeline", seconds=60)
    outgoing = part(harness, "Wait for it")
    sent = send(harness, outgoing)
    assert look(harness, outgoing) == []
    time.sleep(0.7)
    assert look(harness, outgoing) == [sent.reference.remote_id]


def test_a_paged_timeline_is_read_to_its_end(harness: Harness) -> None:
    need(harness, "moods", "lag")
    outgoing = part(harness, "The first of thirteen")
    first = send(harness, outgoing)
    for number in range(12):
        send(harness, part(harness, f"Another {number}"))
    harness.mood("paged", "timeline", size=5)
    assert look(harness, outgoing) == [first.reference.remote_id]


@pytest.mark.parametrize("mood", ["error_before", "drop_before", "nonsense", "limit"])
def test_a_timeline_that_cannot_be_read_proves_nothing(harness: Harness, mood: str) -> None:
    need(harness, "moods", "lag")
    send(harness, part(harness, "There"))
    harness.mood(mood, "timeline")
    with pytest.raises(NotNow):
        look(harness, part(harness, "There"))


# Hearing


def test_a_mention_arrives_with_text_author_and_time(harness: Harness) -> None:
    need(harness, "mentions")
    before = datetime.now(UTC) - timedelta(seconds=5)
    remote_id = harness.mention("is 3 < 5 & 7? https://dana.example/a?b=1&c=2")
    (message,) = harness.connector.fetch(harness.access, "mentions", None, soon()).messages
    assert message.reference.remote_id == remote_id
    assert "is 3 < 5 & 7? https://dana.example/a?b=1&c=2" in message.text
    assert (message.kind, re.split("[.@]", message.author.handle)[0]) == ("mention", "dana")
    assert message.author.remote_id == harness.dana()[0]
    assert before < message.created_at < datetime.now(UTC) + timedelta(seconds=5)
    assert message.url.startswith(("http://", "https://"))


def test_an_answer_to_our_post_is_a_reply(harness: Harness) -> None:
    need(harness, "mentions")
    ours = send(harness, part(harness, "Shops open on Sunday."))
    remote_id = harness.mention("from what time?", reply_to=ours.reference.remote_id)
    (message,) = harness.connector.fetch(harness.access, "mentions", None, soon()).messages
    assert (message.reference.remote_id, message.kind) == (remote_id, "reply")
    assert message.in_reply_to_id == ours.reference.remote_id


def test_our_own_posts_are_not_messages_to_us(harness: Harness) -> None:
    need(harness, "mentions")
    first = send(harness, part(harness, "One"))
    send(harness, part(harness, "Two", reply_to=first.reference, root=first.reference))
    assert harness.connector.fetch(harness.access, "mentions", None, soon()).messages == ()


def test_every_mention_comes_once_however_they_fall_between_polls(harness: Harness) -> None:
    need(harness, "mentions")
    sent: list[str] = []
    heard: list[str] = []
    batch = harness.connector.fetch(harness.access, "mentions", None, soon())
    for burst in (1, 0, 7, 130, 2, 0, 45):
        sent += [harness.mention(f"question {number}") for number in range(burst)]
        more = True
        while more:
            batch = harness.connector.fetch(harness.access, "mentions", batch.cursor, soon())
            heard += [message.reference.remote_id for message in batch.messages]
            more = batch.more
    assert heard == sent


def test_the_same_cursor_gives_the_same_messages_again(harness: Harness) -> None:
    need(harness, "mentions")
    start = harness.connector.fetch(harness.access, "mentions", None, soon()).cursor
    harness.mention("one")
    harness.mention("two")
    reads = [harness.connector.fetch(harness.access, "mentions", start, soon()) for _ in range(2)]
    assert reads[0].messages == reads[1].messages
    assert len(reads[0].messages) == 2
    assert reads[0].cursor == reads[1].cursor


def test_a_poll_that_fails_says_not_now(harness: Harness) -> None:
    need(harness, "mentions", "moods")
    for mood in ("limit", "limit_silent", "error_before", "drop", "nonsense", "redirect"):
        harness.calm()
        harness.mood(mood, "mentions")
        with pytest.raises(NotNow):
            harness.connector.fetch(harness.access, "mentions", None, soon())


def test_a_private_message_arrives_as_one(harness: Harness) -> None:
    need(harness, "direct")
    stream = "messages" if "messages" in harness.connector.streams else "mentions"
    remote_id = harness.message("my number is 3 < 5 & so on")
    (message,) = harness.connector.fetch(harness.access, stream, None, soon()).messages
    assert (message.reference.remote_id, message.kind, message.visibility) == (remote_id, "direct", "direct")
    assert "my number is 3 < 5 & so on" in message.text
    assert message.author.remote_id == harness.dana()[0]


# Measuring, moderating, connecting


def test_figures_are_read_for_what_stands_and_left_out_for_what_is_gone(harness: Harness) -> None:
    need(harness, "figures")
    assert isinstance(harness.connector, Measures)
    kept, gone = (send(harness, part(harness, text)).reference for text in ("Kept", "Gone"))
    harness.remove(gone.remote_id)
    figures = harness.connector.snapshot(harness.access, [kept, gone], soon())
    assert set(figures) == {kept.remote_id}
    assert figures[kept.remote_id]["likes"] == 0


def test_muting_twice_is_as_once_and_what_is_impossible_is_for_a_person(harness: Harness) -> None:
    need(harness, "mute")
    connector = harness.connector
    assert isinstance(connector, Moderates)
    for _ in range(2):
        connector.moderate(harness.access, "mute", harness.dana()[0], soon())
    for action in {"mute", "block", "report"} - set(connector.moderation):
        with pytest.raises(Refused) as refused:
            connector.moderate(harness.access, action, harness.dana()[0], soon())
        assert refused.value.by_hand


def test_the_profile_behind_the_keys_is_read(harness: Harness) -> None:
    profile = harness.connector.read_profile(harness.access, soon()).profile
    assert profile is not None
    assert profile.remote_id == harness.access.profile_id
    assert profile.handle.casefold() == harness.access.handle.casefold()


def test_wrong_keys_are_refused_and_name_their_fields(harness: Harness) -> None:
    need(harness, "wrong_keys")
    connector = harness.connector
    names = {field.name for field in connector.fields}
    for values in ({}, harness.wrong_credentials()):
        with pytest.raises(Refused) as refused:
            connector.connect_with_keys(harness.access.host, values, soon())
        assert refused.value.fields
        assert set(refused.value.fields) <= names


def test_a_person_connects_by_oauth(harness: Harness) -> None:
    need(harness, "oauth")
    assert harness.app
    host, back = harness.access.host, "http://localhost:8000/callback"
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    address = harness.connector.authorise_url(host, harness.app, back, "the-state", challenge)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (asked["state"], asked["code_challenge"], asked["code_challenge_method"]) == (
        "the-state",
        challenge,
        "S256",
    )
    said = harness.approve(address)
    assert said["state"] == "the-state"
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    with pytest.raises((Refused, Disconnected)):
        harness.connector.exchange(host, harness.app, back, "wrong", verifier, soon())
    grant = harness.connector.exchange(host, harness.app, back, said["code"], verifier, soon())
    assert grant.profile is not None
    assert grant.profile.remote_id == harness.access.profile_id
    access = with_credentials(harness.access, grant.credentials)
    harness.connector.send(access, part(harness, "Signed in"), soon())
    assert len(harness.standing()) == 1
    assert grant.credentials["access_token"] not in repr(grant)


# How we stand to somebody


def test_who_takes_our_messages_can_be_asked_before_writing(harness: Harness) -> None:
    need(harness, "direct")
    if not isinstance(harness.connector, Relates):
        pytest.skip(f"{harness.name}: tells nothing about people")
    relation = harness.connector.relation(harness.access, harness.dana()[0], soon())
    assert relation.may_message in (True, None)
    assert set(harness.connector.community_forms) <= {"dot_mention", "question", "quote_post"}
