"""The community: four languages, every kind of message, the same for the same seed, and it answers."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from pluralis.core.text import counting_rule, measure
from pluralis.networks.fake import Clock
from pluralis.networks.fake.community import Community, lines
from pluralis.networks.fake.world import Draft, Post, Window, World

LANGUAGES = ("en", "fr", "es", "ms")
KINDS = ("question", "thanks", "complaint", "personal", "insult", "influencer", "spam")


class Story:
    """A world whose clock stands until it is moved."""

    def __init__(self, seed: int = 1, per_minute: float = 0.0) -> None:
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.world = World(Clock(source=lambda: self.at), lambda at: int(at.timestamp() * 1000))
        self.brand = self.world.add_profile("Norlune", "Norlune", role="brand")
        self.community = Community(self.world, [self.brand], seed=seed, per_minute=per_minute)

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.at += timedelta(seconds=0.25)
            self.community.tick()

    def heard(self) -> list[Post]:
        return self.world.posts_mentioning(self.brand.id, Window())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*KINDS, "followup"])
def test_every_kind_is_there_in_every_language(language: str, kind: str) -> None:
    found = [line for line in lines() if (line.language, line.kind) == (language, kind)]
    assert len(found) >= (2 if kind in ("question", "thanks", "complaint", "followup") else 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_some_in_every_language_write_in_private(language: str) -> None:
    assert any(line.private for line in lines() if line.language == language)


def test_no_line_is_written_twice_or_longer_than_a_post() -> None:
    assert not [text for text, count in Counter(line.text for line in lines()).items() if count > 1]
    story = Story()
    story.community.fill(150, within=timedelta(days=2))
    for post in story.heard():
        assert measure(post.text, counting_rule("weighted")).fits
        assert "{" not in post.text
        assert "@Norlune" in post.text


def test_every_handle_could_stand_on_x() -> None:
    handles = [person.handle for person in Story().community.people]
    assert len(set(map(str.casefold, handles))) == len(handles)
    assert [handle for handle in handles if not re.fullmatch(r"[A-Za-z0-9_]{1,15}", handle)] == []


def test_personal_data_is_of_many_forms_and_nobodys() -> None:
    story = Story()
    story.community.fill(300, within=timedelta(days=2))
    texts = " ".join(post.text for post in story.heard())
    for shape in (r"NL-\d{4}-\d{4}", r"\+\d\d[\d -]{8,}", r"[\w.]+@example\.(?:org|com|net)"):
        assert re.search(shape, texts)
    assert not re.search(r"@(?!example\.)[\w-]+\.(?:com|org|net|fr|es|my)\b", texts)


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    def told(seed: int) -> list[tuple[str, str]]:
        story = Story(seed)
        story.community.fill(60, within=timedelta(days=3))
        return [(story.world.profiles[post.author_id].handle, post.text) for post in story.heard()]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_every_line_comes_before_any_comes_again() -> None:
    story = Story()
    opening = [line for line in lines() if line.kind != "followup"]
    drawn = [story.community._draw() for _ in opening]
    assert sorted(line.text for line in drawn) == sorted(line.text for line in opening)


def test_history_lies_before_now_oldest_first() -> None:
    story = Story()
    story.community.fill(40, within=timedelta(days=3))
    times = [post.created_at for post in story.heard()]
    assert times == sorted(times, reverse=True)
    assert story.at - timedelta(days=3) <= times[-1] < times[0] <= story.at


def test_people_speak_their_language_and_play_their_part() -> None:
    story = Story()
    story.community.fill(300, within=timedelta(days=3))
    by_text = {post.text: story.world.profiles[post.author_id] for post in story.heard()}
    assert {person.role for person in by_text.values()} == {"customer", "influencer", "rude", "spammer"}
    insult = next(person for text, person in by_text.items() if "clowns" in text)
    assert insult.role == "rude"
    influencers = [person.followers for person in story.community.people if person.role == "influencer"]
    customers = [person.followers for person in story.community.people if person.role == "customer"]
    assert min(influencers) > 10 * max(customers)
    for post in story.heard():
        author = story.world.profiles[post.author_id]
        assert author.role == "spammer" or author.language == post.draft.language


def test_a_lively_community_writes_about_as_often_as_told() -> None:
    story = Story(per_minute=30)
    story.pass_time(240)
    written = len(story.heard()) + len(story.world.messages)
    assert 80 < written < 165


def test_a_quiet_community_writes_nothing() -> None:
    story = Story()
    story.pass_time(240)
    assert story.heard() == []


def test_some_answer_our_reply_after_a_while_under_it() -> None:
    story = Story()
    story.community.answer_probability = 1.0
    asked = story.world.write(story.community.people[0].id, Draft("@Norlune help?"))
    reply = story.world.write(story.brand.id, Draft("Gladly.", reply_to=asked.id))
    story.pass_time(5)
    assert reply.replies == 0
    story.pass_time(60)
    (answer,) = [post for post in story.heard() if post.draft.reply_to == reply.id]
    assert answer.author_id == asked.author_id
    assert answer.conversation_id == asked.id


def test_nobody_answers_a_plain_post_and_the_rude_never_do() -> None:
    story = Story()
    story.community.answer_probability = 1.0
    rude = next(person for person in story.community.people if person.role == "rude")
    insult = story.world.write(rude.id, Draft("@Norlune clowns"))
    story.world.write(story.brand.id, Draft("We are sorry.", reply_to=insult.id))
    story.world.write(story.brand.id, Draft("Open on Sunday."))
    story.pass_time(120)
    assert len(story.heard()) == 1
