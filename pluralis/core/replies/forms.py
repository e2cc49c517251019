"""The forms of a reply for everyone, measured so that it fits with room for others to share it."""

from dataclasses import dataclass
from enum import StrEnum

from pluralis.core.privacy import PersonalData, mask
from pluralis.core.text import CountingRule, Length, count_graphemes, measure, overflow_start

ROOM_SHARE = 7
"""One part in seven is left for those who share by hand: 20 of the former 140, 40 of 280."""


class CommunityForm(StrEnum):
    """How everybody gets to read it: a mention with a dot in front, the question in the text, or a quote post."""

    DOT_MENTION = "dot_mention"
    QUESTION = "question"
    QUOTE_POST = "quote_post"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The question that an answer for everyone repeats: who asked, in which words, what of it is personal data."""

    handle: str
    text: str
    found: tuple[PersonalData, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A text in its form and its length; ``room`` units are left for others, ``roomy`` says that is enough."""

    text: str
    length: Length
    room: int
    roomy: bool


def room_to_share(rule: CountingRule) -> int:
    """Return how many units of the network's measure a text for everyone leaves to those who share it."""
    return min(rule.limit // ROOM_SHARE, 40)


def community_text(form: CommunityForm, answer: str, quoted: Quoted, rule: CountingRule) -> Measured:
    """Return an answer in its form. The question gives way to the answer: it is cut until both fit with room.

    Personal data in the question is masked, whatever becomes of it. An answer that is too long by itself comes
    back with a length that does not fit; nothing of the answer is ever cut.
    """
    answer = answer.strip()
    if form is CommunityForm.DOT_MENTION:
        return _measured(_with_dot(answer, quoted.handle), rule)
    if form is CommunityForm.QUOTE_POST:
        return _measured(answer, rule)
    return _measured(_with_question(answer, quoted, rule), rule)


def _with_dot(answer: str, handle: str) -> str:
    name = f"@{handle.lstrip('@')}"
    bare = answer.removeprefix(".")
    return f".{bare}" if bare.casefold().startswith(name.casefold()) else f".{name} {answer}"


def _with_question(answer: str, quoted: Quoted, rule: CountingRule) -> str:
    credit = f"(via @{quoted.handle.lstrip('@')})"
    question = " ".join(_without_addressees(mask(quoted.text, quoted.found)).split())
    bare = f"{answer} {credit}"
    room = rule.limit - room_to_share(rule) - measure(f"“”\n{bare}", rule).count
    shown = _cut(question, room, rule)
    return f"“{shown}”\n{bare}" if shown else bare


def _without_addressees(text: str) -> str:
    """Return a question without the handles in front: they would notify everybody once more."""
    words = text.split()
    while words and words[0].startswith(("@", ".@")):
        words.pop(0)
    return " ".join(words)


def _cut(question: str, room: int, rule: CountingRule) -> str:
    """Return as much of the question as ``room`` units hold, in whole words; ``""`` when hardly any would stay."""
    if not question or room < 20:
        return ""
    narrow = CountingRule(rule.unit, room, None, rule.url_length, rule.mention_without_domain)
    if measure(question, narrow).fits:
        return question
    narrower = CountingRule(rule.unit, room - 1, None, rule.url_length, rule.mention_without_domain)
    kept = question[: overflow_start(question, narrower)]
    whole = kept.rpartition(" ")[0].rstrip(",;:.-–— ")
    return f"{whole}…" if count_graphemes(whole) >= 10 else ""


def _measured(text: str, rule: CountingRule) -> Measured:
    length = measure(text, rule)
    return Measured(text, length, max(0, length.left), length.left >= room_to_share(rule))
