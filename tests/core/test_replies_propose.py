"""Which kind of reply is proposed, and why: the rules in the order in which they outrank each other."""

import json
from pathlib import Path

import pytest

from pluralis.core import privacy
from pluralis.core.replies import Reason, ReplyKind, Situation, WayOut, propose, ready_text, riskier
from pluralis.core.replies.ready import TEXTS

DIALOGUES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "fixtures" / "replies.jsonl").read_text().splitlines()
]
PRIVATE, OPEN, COMMUNITY = ReplyKind.PRIVATE, ReplyKind.OPEN, ReplyKind.COMMUNITY


def situation(text: str, language: str = "en", **more: object) -> Situation:
    return Situation(messages=[text], language=language, given=privacy.find(text, language=language), **more)


@pytest.mark.parametrize("row", [row for row in DIALOGUES if row["set"] == "build"], ids=lambda row: row["id"])
def test_the_kind_of_every_dialogue_to_build_on_is_right(row: dict) -> None:
    given = [found for text in row["messages"] for found in privacy.find(text, language=row["language"])]
    found = propose(
        Situation(
            row["messages"], row["language"], given, row["draft"], privacy.find(row["draft"]), row["asked_lately"]
        )
    )
    assert found.kind == row["expected"], row["why"]


def test_there_are_a_hundred_dialogues_sixty_to_build_on_and_all_kinds_in_every_language() -> None:
    assert len(DIALOGUES) == 100
    assert sum(row["set"] == "build" for row in DIALOGUES) == 60
    for language in ("en", "fr", "es", "ms"):
        for which in ("build", "kept"):
            rows = [row for row in DIALOGUES if row["language"] == language and row["set"] == which]
            assert {row["expected"] for row in rows} == {"private", "open", "community"}


@pytest.mark.parametrize(
    ("text", "more", "kind", "reason"),
    [
        ("When do you open?", {}, COMMUNITY, Reason.HOURS),
        ("When do you open?", {"arrived_privately": True}, PRIVATE, Reason.ARRIVED_PRIVATELY),
        ("Is it true that you close? Mail dana.ray@mail.example", {}, PRIVATE, Reason.DATA_GIVEN),
        ("Is it true that you close?", {}, COMMUNITY, Reason.RUMOUR),
        ("Is it true that your cream gave people a rash?", {}, COMMUNITY, Reason.RUMOUR),
        ("Your cream gave me a rash", {}, PRIVATE, Reason.HEALTH),
        ("Is your network down in York?", {}, COMMUNITY, Reason.OUTAGE),
        ("Where is my parcel?", {}, PRIVATE, Reason.DATA_NEEDED),
        ("Where is my parcel?", {"asked_lately": 9}, PRIVATE, Reason.DATA_NEEDED),
        ("How do I change my password?", {"asked_lately": 9}, COMMUNITY, Reason.ASKED_OFTEN),
        ("Do you ship to Norway?", {}, OPEN, Reason.ONE_PERSON),
        ("Do you ship to Norway?", {"asked_lately": 1}, OPEN, Reason.ONE_PERSON),
        ("Do you ship to Norway?", {"asked_lately": 2}, COMMUNITY, Reason.ASKED_OFTEN),
        ("We love you", {"asked_lately": 8}, OPEN, Reason.ONE_PERSON),
        ("", {}, OPEN, Reason.ONE_PERSON),
    ],
)
def test_each_rule_has_its_place(text: str, more: dict, kind: ReplyKind, reason: Reason) -> None:
    found = propose(situation(text, **more))
    assert (found.kind, found.reason) == (kind, reason)


def test_an_answer_that_holds_personal_data_belongs_in_private() -> None:
    draft = "We wrote to dana.ray@mail.example yesterday."
    found = propose(situation("Do you ship to Norway?", draft=draft, answering=privacy.find(draft)))
    assert (found.kind, found.reason) == (PRIVATE, Reason.DATA_IN_ANSWER)


def test_an_answer_that_asks_for_a_number_belongs_in_private() -> None:
    found = propose(situation("Do you ship to Norway?", draft="Please send us your order number."))
    assert found.reason is Reason.DATA_IN_ANSWER


def test_who_showed_data_in_public_is_advised_to_delete_it_and_who_wrote_privately_is_not() -> None:
    text = "call me on +44 7700 900482"
    assert propose(situation(text)).delete_advised
    assert not propose(situation(text, arrived_privately=True)).delete_advised


@pytest.mark.parametrize(
    ("may", "follows", "may_follow", "way_out"),
    [
        (True, False, False, WayOut.NONE),
        (None, False, False, WayOut.NONE),
        (False, True, True, WayOut.FOLLOW_BACK),
        (False, True, False, WayOut.ELSEWHERE),
        (False, False, True, WayOut.INVITE),
        (False, None, False, WayOut.INVITE),
    ],
)
def test_where_we_may_not_write_first_there_is_a_way_out(
    may: bool | None, follows: bool | None, may_follow: bool, way_out: WayOut
) -> None:
    found = propose(situation("Where is my parcel?", may_message=may, they_follow=follows, may_follow=may_follow))
    assert found.way_out is way_out


def test_an_open_reply_needs_no_way_out() -> None:
    assert propose(situation("We love you", may_message=False)).way_out is WayOut.NONE


def test_an_unknown_language_is_read_with_the_words_of_all() -> None:
    assert propose(Situation(["vous êtes ouverts dimanche ?"], "other")).reason is Reason.HOURS
    assert propose(Situation(["bungkusan saya belum sampai"], "id")).reason is Reason.DATA_NEEDED


def test_more_readers_are_riskier_and_fewer_are_not() -> None:
    assert riskier(OPEN, PRIVATE)
    assert riskier(COMMUNITY, OPEN)
    assert not riskier(PRIVATE, COMMUNITY)
    assert not riskier(OPEN, OPEN)


@pytest.mark.parametrize("name", TEXTS)
def test_every_ready_text_differs_in_the_four_languages_and_holds_no_personal_data(name: str) -> None:
    texts = {language: ready_text(name, language, handle="@help") for language in ("en", "fr", "es", "ms")}
    assert len(set(texts.values())) == 4
    assert ready_text(name, "de", handle="help") == texts["en"]
    assert ready_text(name, "id", handle="help") == texts["ms"]
    assert not any(privacy.find(text) for text in texts.values())
    assert not any("{" in text for text in texts.values())


def test_hostile_texts_take_no_time() -> None:
    for text in ("my " * 20_000, "où est " * 9_000, "@" * 50_000, "\u202e" * 9_000, "is your " + "a " * 20_000):
        assert propose(Situation([text])).kind in ReplyKind
