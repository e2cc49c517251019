"""The conformance cases of twitter-text, read as data from the shared folder, never copied here.

All of them hold for configuration version 3, except those in ``CONTRADICT_VERSION_3``. Cases about HTML (links
drawn around entities) are compared by the entities they show: drawing is the templates' work.
"""

import html
import re
import unicodedata
from typing import Any

import pytest
import yaml

from pluralis.core.text import Entity, counting_rule, entities, highlight, measure, overflow_start
from tests.shared import FOLDER, shared_data

CONTRADICT_VERSION_3 = {
    (
        "WeightedTweetsCounterTest",
        "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
    ): (
        "written for version 2, which weighs each part of an emoji sequence; the same text stands with 4 among the "
        "cases with emoji parsing"
    ),
}
# Of the group "tweets" and of single entities: whole texts of 140 signs were the limit before version 2.
BEFORE_VERSION_2 = {
    ("tweets", "Invalid Tweet: 141 characters"): "the limit of version 3 is 280",
}
LINKED = {
    "usernames": ("mention", "list"),
    "lists": ("mention", "list"),
    "hashtags": ("hashtag",),
    "urls": ("url",),
    "cashtags": ("cashtag",),
    "all": ("url", "mention", "list", "hashtag"),
}
# The group "json" of the same file draws entities that the network sent along; nothing is detected in it.
FORBIDDEN = re.compile("[\ufffe\ufeff\uffff]")
WITHOUT_SCHEME = re.compile(r"(?!https?://)", re.IGNORECASE)


def _cases(file: str, *groups: str) -> list[Any]:
    path = FOLDER / "twitter-text" / file
    if not path.exists():
        reason = f"the shared test data is not beside this checkout: {path.name}"
        return [pytest.param("", {}, id="absent", marks=pytest.mark.skip(reason=reason))]
    tests = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["tests"]
    return [
        pytest.param(group, case, id=f"{group}-{number}-{case['description'][:40]}")
        for group in (groups or tests)
        for number, case in enumerate(tests[group])
    ]


def _found(text: str, *kinds: str) -> list[Entity]:
    return [entity for entity in entities(text) if entity.kind in kinds]


def _with_places(text: str, kind: str, name: str) -> list[dict[str, Any]]:
    return [{name: entity.value, "indices": [entity.start, entity.end]} for entity in _found(text, kind)]


@pytest.mark.parametrize(
    ("group", "case"),
    _cases("extract.yml", "urls", "tco_urls_with_params", "hashtags", "hashtags_from_astral", "cashtags"),
)
def test_entities_are_extracted(group: str, case: dict[str, Any]) -> None:
    kind = {"hashtags": "hashtag", "hashtags_from_astral": "hashtag", "cashtags": "cashtag"}.get(group, "url")
    assert [entity.value for entity in _found(case["text"], kind)] == case["expected"]


@pytest.mark.parametrize(("group", "case"), _cases("tlds.yml"))
def test_top_level_domains_are_known(group: str, case: dict[str, Any]) -> None:
    assert [entity.value for entity in _found(case["text"], "url")] == case["expected"]


@pytest.mark.parametrize(("group", "case"), _cases("extract.yml", "mentions"))
def test_mentions_are_extracted(group: str, case: dict[str, Any]) -> None:
    assert [entity.value for entity in _found(case["text"], "mention", "list")] == case["expected"]


@pytest.mark.parametrize(
    ("group", "case"), _cases("extract.yml", "urls_with_indices", "hashtags_with_indices", "cashtags_with_indices")
)
def test_entities_are_extracted_with_their_places(group: str, case: dict[str, Any]) -> None:
    name = group.partition("s_with")[0]
    assert _with_places(case["text"], name, name) == case["expected"]


@pytest.mark.parametrize(
    ("group", "case"), _cases("extract.yml", "mentions_with_indices", "mentions_or_lists_with_indices")
)
def test_mentions_and_lists_are_extracted_with_their_places(group: str, case: dict[str, Any]) -> None:
    found = []
    for entity in _found(case["text"], "mention", "list"):
        name, slash, slug = entity.value.partition("/")
        found.append({"screen_name": name, "list_slug": slash + slug, "indices": [entity.start, entity.end]})
    expected = [{"list_slug": "", **mention} for mention in case["expected"]]
    assert found == expected


@pytest.mark.parametrize(("group", "case"), _cases("extract.yml", "replies"))
def test_a_reply_begins_with_a_mention(group: str, case: dict[str, Any]) -> None:
    first = next(iter(entities(case["text"])), None)
    replied = first and first.kind == "mention" and not case["text"][: first.start].strip()
    assert (first.value if first and replied else None) == case["expected"]


@pytest.mark.parametrize(
    ("group", "case"),
    _cases(
        "validate.yml",
        "WeightedTweetsCounterTest",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    ),
)
def test_weighted_lengths_agree(group: str, case: dict[str, Any]) -> None:
    if reason := CONTRADICT_VERSION_3.get((group, case["description"])):
        pytest.skip(reason)
    text, expected = case["text"], case["expected"]
    length = measure(text, counting_rule("weighted"))
    assert length.count == expected["weightedLength"]
    assert length.count * 1000 // length.limit == expected["permillage"]
    assert (length.count > 0 and length.fits and not FORBIDDEN.search(text)) == expected["valid"]
    assert _last_valid(text) == expected["validRangeEnd"]
    assert _units(text) - 1 == expected["displayRangeEnd"]


def _units(text: str) -> int:
    """Length in UTF-16, in which those cases give their places."""
    return len(text.encode("utf-16-le")) // 2


def _last_valid(text: str) -> int:
    """Place in UTF-16 of the last sign that fits, shifted as the reference does by what composing saved."""
    composed = unicodedata.normalize("NFC", text)
    end = overflow_start(text, counting_rule("weighted"))
    end = len(composed) if end == len(text) else end
    if forbidden := FORBIDDEN.search(composed):
        end = min(end, forbidden.start())
    return _units(composed[:end]) - 1 + _units(text) - _units(composed)


@pytest.mark.parametrize(("group", "case"), _cases("validate.yml", "tweets"))
def test_texts_are_valid_by_length(group: str, case: dict[str, Any]) -> None:
    if reason := BEFORE_VERSION_2.get((group, case["description"])):
        pytest.skip(reason)
    length = measure(case["text"], counting_rule("weighted"))
    assert (length.count > 0 and length.fits) == case["expected"]


@pytest.mark.parametrize(
    ("group", "case"), _cases("validate.yml", "usernames", "lists", "hashtags", "urls_without_protocol")
)
def test_a_text_that_is_one_entity_as_a_whole_is_valid(group: str, case: dict[str, Any]) -> None:
    kind = {"usernames": "mention", "lists": "list", "hashtags": "hashtag"}.get(group, "url")
    whole = [(entity.start, entity.end) for entity in _found(case["text"], kind)] == [(0, len(case["text"]))]
    assert whole == case["expected"]


@pytest.mark.parametrize(("group", "case"), _cases("hit_highlighting.yml"))
def test_hits_are_highlighted(group: str, case: dict[str, Any]) -> None:
    assert highlight(case["text"], [tuple(hit) for hit in case["hits"]]) == case["expected"]


@pytest.mark.parametrize(("group", "case"), _cases("autolink.yml", *LINKED))
def test_the_entities_that_are_linked_are_found(group: str, case: dict[str, Any]) -> None:
    wanted = LINKED[group]
    linked = [
        case["text"][entity.start : entity.end].lstrip("@＠")
        for entity in entities(case["text"])
        # Only links with a scheme are drawn as links; without one they are shortened all the same.
        if entity.kind in wanted and not (entity.kind == "url" and WITHOUT_SCHEME.match(entity.value))
    ]
    assert linked == [html.unescape(shown) for shown in re.findall(r"<a [^>]*>(.*?)</a>", case["expected"])]


def test_every_exception_names_a_case_that_exists() -> None:
    path = shared_data("twitter-text/validate.yml")
    tests = yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
    for group, description in [*CONTRADICT_VERSION_3, *BEFORE_VERSION_2]:
        assert description in [case["description"] for case in tests[group]]
