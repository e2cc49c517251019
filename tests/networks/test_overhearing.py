"""Looking again at what others wrote, and looking for words: tried on every connector of ours, over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pluralis.networks.contract import Access, Batch, Gap, Incoming, Reference
from pluralis.networks.deadline import Deadline
from pluralis.networks.errors import NotNow, Refused
from pluralis.networks.fake.world import Draft, Post
from pluralis.networks.hearing import Follows, Searches, SearchTerms
from tests.networks.harness import NAMES, Harness, open_harness, soon

TAG = SearchTerms.of("#norlunedown")
WORDS = SearchTerms.of("fibre  outage")


@pytest.fixture(params=NAMES)
def harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    with open_harness(request.param) as opened:
        yield opened


def post_of(harness, remote_id: str) -> Post:
    repository = getattr(harness.network, "repository", None)
    return repository.find(remote_id) if repository else harness.network.world.posts[remote_id]


def say(harness, text: str, handle: str = "dana", **more) -> str:
    author = harness.network.world.add_profile(handle, handle.title(), followers=120)
    post = harness.network.world.write(author.id, Draft(text, **more))
    repository = getattr(harness.network, "repository", None)
    return repository.uri(post) if repository else post.id


def edit(harness, remote_id: str, text: str) -> None:
    harness.network.edit_by_hand(post_of(harness, remote_id).id, text)


def look(harness, *remote_ids: str):
    assert isinstance(harness.connector, Follows)
    return harness.connector.look_again(harness.access, [Reference(one) for one in remote_ids], soon())


def find(harness, terms: SearchTerms, cursor: str | None = None) -> Batch:
    assert isinstance(harness.connector, Searches)
    return harness.connector.search(harness.access, terms, cursor, soon())


def find_all(harness, terms: SearchTerms, cursor: str | None) -> tuple[list[Incoming], str | None]:
    """Read a search to its end, as the inbox does."""
    found: list[Incoming] = []
    for _ in range(20):
        batch = find(harness, terms, cursor)
        found += batch.messages
        if not batch.more or batch.cursor in (None, cursor):
            return found, batch.cursor
        cursor = batch.cursor
    pytest.fail("a search does not end")


def test_what_stands_reads_word_for_word_as_it_was_heard(harness: Harness) -> None:
    texts = ["is there an outage? & <b>why</b>", "https://norlune.example/aide\n\nmerci @norlune", "新しいお店"]
    ids = [harness.mention(text) for text in texts]
    heard = harness.connector.fetch(harness.access, "mentions", None, soon())
    standing = look(harness, *ids)
    assert {one.reference.remote_id: one.text for one in heard.messages} == {
        remote_id: one.text for remote_id, one in standing.items()
    }
    assert not any(one.gone or one.edited_at for one in standing.values())


def test_an_edit_is_the_same_message_with_other_words(harness: Harness) -> None:
    remote_id = harness.mention("the line is dead")
    edit(harness, remote_id, f"@{harness.access.handle.partition('@')[0]} the line is back")
    edit(harness, post_of(harness, remote_id).history[-1] if harness.name == "x" else remote_id, "@norlune all well")
    (told,) = look(harness, remote_id).values()
    assert told.text.endswith("all well")
    assert not told.gone


def test_what_its_author_deleted_is_gone_and_the_rest_stands(harness: Harness) -> None:
    gone, stays = harness.mention("delete me"), harness.mention("keep me")
    harness.remove(gone)
    told = look(harness, gone, stays)
    assert (told[gone].gone, told[gone].text) == (True, "")
    assert not told[stays].gone


def test_an_edited_message_that_was_deleted_is_gone(harness: Harness) -> None:
    remote_id = harness.mention("delete me later")
    edit(harness, remote_id, "@norlune delete me now")
    harness.remove(remote_id)
    assert look(harness, remote_id)[remote_id].gone


@pytest.mark.parametrize("mood", ["error_before", "drop_before", "limit", "nonsense", "cut"])
def test_a_network_in_a_bad_mood_says_nothing_is_gone(harness: Harness, mood: str) -> None:
    remote_id = harness.mention("still here")
    harness.mood(mood, "figures")
    with pytest.raises(NotNow):
        look(harness, remote_id)


def test_ids_of_another_network_are_not_asked_for(harness: Harness) -> None:
    assert look(harness, "../../etc/passwd") == {}


def test_as_many_as_a_call_takes_are_told(harness: Harness) -> None:
    ids = [harness.mention(f"message {number}") for number in range(harness.connector.at_once)]
    assert set(look(harness, *ids)) == set(ids)


def test_a_hashtag_finds_what_strangers_wrote_and_nothing_of_ours(harness: Harness) -> None:
    say(harness, "something else entirely")
    wanted = say(harness, "No internet since noon #NorluneDown")
    say(harness, "not that tag #norlunedownhill")
    say(harness, "ours #norlunedown", handle="norlune")
    batch = find(harness, TAG)
    assert [(one.reference.remote_id, one.kind) for one in batch.messages] == [(wanted, "hashtag")]
    assert batch.messages[0].author.handle.startswith("dana")


def test_a_search_goes_on_where_it_was(harness: Harness) -> None:
    say(harness, "one #norlunedown")
    first = find(harness, TAG)
    assert find_all(harness, TAG, first.cursor)[0] == []
    later = [say(harness, f"later {number} #norlunedown") for number in range(3)]
    found, cursor = find_all(harness, TAG, first.cursor)
    assert [one.reference.remote_id for one in found] == later
    assert find_all(harness, TAG, cursor)[0] == []


def test_what_names_us_is_a_mention_however_it_was_found(harness: Harness) -> None:
    if harness.name == "bluesky":
        pytest.skip("the fake writes no facets: see the reply below")
    harness.mention("are you down? #norlunedown")
    assert [one.kind for one in find(harness, TAG).messages] == ["mention"]


def test_what_answers_us_is_a_reply_however_it_was_found(harness: Harness) -> None:
    ours = say(harness, "We open on Sunday", handle="norlune")
    say(harness, "and Monday? #norlunedown", reply_to=post_of(harness, ours).id)
    assert [one.kind for one in find(harness, TAG).messages] == ["reply"]


def test_words_are_found_where_the_network_finds_words(harness: Harness) -> None:
    wanted = say(harness, "Fibre OUTAGE in Nantes again")
    say(harness, "an outage of water")
    assert isinstance(harness.connector, Searches)
    if "words" not in harness.connector.search_forms(harness.access):
        with pytest.raises(Refused):
            find(harness, WORDS)
        return
    assert [(one.reference.remote_id, one.kind) for one in find(harness, WORDS).messages] == [(wanted, "search")]


def test_what_a_gap_left_out_of_a_search_is_read_back(harness: Harness) -> None:
    sent = [say(harness, f"number {number} #norlunedown") for number in range(13)]
    harness.mood("paged", "search", size=5)
    found: set[str] = set()
    place = ""
    for _ in range(10):
        older = harness.connector.search_older(harness.access, TAG, Gap(sent[0], sent[12]), place, soon())
        found |= {one.reference.remote_id for one in older.messages}
        place = older.place
        if older.met or older.ended:
            break
    assert set(sent[1:12]) <= found <= set(sent[1:])


def test_more_than_a_poll_reads_is_a_gap_or_read_on(harness: Harness) -> None:
    first = find(harness, TAG)
    say(harness, "the first #norlunedown")
    cursor = find_all(harness, TAG, first.cursor)[1]
    sent = {say(harness, f"number {number} #norlunedown") for number in range(30)}
    harness.mood("paged", "search", size=5)
    found: set[str] = set()
    gaps: list[Gap] = []
    for _ in range(20):
        batch = find(harness, TAG, cursor)
        found |= {one.reference.remote_id for one in batch.messages}
        gaps += [batch.gap] if batch.gap else []
        if not batch.more or batch.cursor == cursor:
            break
        cursor = batch.cursor
    assert found <= sent
    assert found == sent or gaps


def test_a_server_without_app_view_offers_no_search() -> None:
    with open_harness("bluesky") as harness:
        bare = replace(harness.access, settings={**harness.access.settings, "app_view": "no"})
        assert harness.connector.search_forms(harness.access) == ("words", "hashtag")
        assert harness.connector.search_forms(bare) == ()


def test_x_begins_anew_with_a_gap_when_its_cursor_is_older_than_a_week() -> None:
    with open_harness("x") as harness:
        wanted = say(harness, "new #norlunedown")
        batch = find(harness, TAG, "5")
        assert [one.reference.remote_id for one in batch.messages] == [wanted]
        assert batch.gap is not None
        assert batch.gap.newer_than == "5"


def test_x_tells_which_messages_an_edit_was_before() -> None:
    with open_harness("x") as harness:
        remote_id = harness.mention("the line is dead")
        edit(harness, remote_id, "@norlune the line is back")
        (heard,) = harness.connector.fetch(harness.access, "mentions", None, soon()).messages
        assert (heard.earlier, heard.text) == ((remote_id,), "@norlune the line is back")


def hear_privately(harness, text: str) -> Reference:
    remote_id = harness.message(text)
    heard = harness.connector.fetch(harness.access, "messages", None, soon()).messages
    return next(one.reference for one in heard if one.reference.remote_id == remote_id)


def test_bluesky_tells_of_direct_messages_that_our_side_shows_no_longer() -> None:
    with open_harness("bluesky") as harness:
        assert "direct" in harness.connector.followed
        gone, stays = (hear_privately(harness, text) for text in ("my number is 4711", "thank you"))
        public = harness.mention("still here")
        chat, dana = harness.network.chat, harness.network.world.find_profile("dana")
        chat.hidden |= {(harness.us.id, gone.remote_id), (dana.id, stays.remote_id)}
        asked = [gone, Reference(public), stays, Reference("777")]
        told = harness.connector.look_again(harness.access, asked, soon())
        assert {key: one.gone for key, one in told.items()} == {
            gone.remote_id: True, public: False, stays.remote_id: False,
        }  # fmt: skip
        assert told[stays.remote_id].text == "thank you", "what Dana deletes, she deletes for herself"
        again = harness.connector.fetch(harness.access, "messages", "0", soon()).messages
        assert [one.reference.remote_id for one in again] == [stays.remote_id], "what is gone comes in no more"
        harness.mood("error_before", "messages")
        assert set(harness.connector.look_again(harness.access, asked, soon())) == {public}


def test_a_private_mention_on_mastodon_is_followed_like_every_status() -> None:
    with open_harness("mastodon") as harness:
        changed = say(harness, "@norlune my number is 4711", visibility="direct")
        gone = say(harness, "@norlune and my name", visibility="direct")
        heard = harness.connector.fetch(harness.access, "mentions", None, soon()).messages
        assert {one.kind for one in heard} == {"direct"} and "direct" in harness.connector.followed
        edit(harness, changed, "@norlune never mind")
        harness.remove(gone)
        told = look(harness, changed, gone)
        assert (told[changed].text.endswith("never mind"), told[gone].gone) == (True, True)
        assert told[changed].edited_at is not None


def test_private_messages_on_x_are_not_looked_at() -> None:
    with open_harness("x") as harness:
        assert "direct" not in harness.connector.followed


@pytest.mark.parametrize(
    ("typed", "form", "words"),
    [
        ("#Fibre", "hashtag", "Fibre"),
        ("#two words", "words", "#two words"),
        ("  norlune  lent ", "words", "norlune lent"),
    ],
)
def test_one_word_behind_the_sign_is_a_hashtag(typed: str, form: str, words: str) -> None:
    assert (SearchTerms.of(typed).form, SearchTerms.of(typed).words) == (form, words)


def test_looking_keeps_to_its_deadline(harness: Harness) -> None:
    remote_id = harness.mention("still here")
    with pytest.raises(NotNow):
        harness.connector.look_again(harness.access, [Reference(remote_id)], Deadline.after(0))


def test_credentials_that_are_refused_never_make_a_message_gone(harness: Harness) -> None:
    remote_id = harness.mention("still here")
    wrong: Access = replace(harness.access, credentials=harness.wrong_credentials())
    with pytest.raises(Exception) as failed:
        harness.connector.look_again(wrong, [Reference(remote_id)], soon())
    assert not isinstance(failed.value, Refused)
