"""The rules a profile adds to "we": banned and preferred words, sign-off, emoji, hashtags, reading level."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pluralis.core.findings import Finding
from pluralis.core.voice.profile import FEW_EMOJI, FEW_HASHTAGS, VoiceProfile

_HASHTAG = re.compile(r"(?<!\w)[#＃]\w*[^\W\d]\w*")
# One emoji as a reader sees it: a flag, a keycap, or a picture with its skin tones and joined pictures.
_PICTURE = (
    "[\u203c\u2049\u2139\u2190-\u21ff\u231a-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\U0001f000-\U0001faff]"
)
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    f"|{_PICTURE}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?(?:\u200d{_PICTURE}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?)*"
)
_SENTENCE_END = re.compile(r"[.!?…]+(?:\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def applies(profile: VoiceProfile) -> bool:
    """Return whether the profile asks for more than "we"."""
    return bool(
        profile.banned
        or profile.preferred
        or profile.sign_off
        or profile.emoji != "any"
        or profile.hashtags != "any"
        or profile.reading_level is not None
    )


def findings(text: str, profile: VoiceProfile) -> list[Finding]:
    """Return what these rules say about a text, in no particular order."""
    return [
        *_words(text, profile),
        *_sign_off(text, profile),
        *_emoji(text, profile),
        *_hashtags(text, profile),
        *_reading_level(text, profile),
    ]


def _finding(
    profile: VoiceProfile, rule: str, place: tuple[int, int], text: str, suggestion: str | None = None
) -> Finding:
    start, end = place
    severity = profile.severity(rule)
    return Finding(start, end, text[start:end], rule, severity, suggestion, f"voice.{rule}")


def _words(text: str, profile: VoiceProfile) -> Iterator[Finding]:
    instead = {word.lower(): new for word, new in profile.preferred.items()}
    banned = frozenset(word.lower() for word in profile.banned)
    pattern = _any_of(tuple(sorted(banned | set(instead), key=lambda word: (-len(word), word))))
    for match in pattern.finditer(text) if pattern else ():
        low = match[0].lower()
        rule = "banned_word" if low in banned else "preferred_word"
        yield _finding(profile, rule, match.span(), text, instead.get(low))


@lru_cache(maxsize=256)
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    known = [re.escape(phrase) for phrase in phrases if phrase.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)", re.IGNORECASE) if known else None


def _sign_off(text: str, profile: VoiceProfile) -> Iterator[Finding]:
    wanted = profile.sign_off.strip()
    if wanted and not text.rstrip().endswith(wanted):
        end = len(text.rstrip())
        yield _finding(profile, "sign_off", (end, end), text, f" {wanted}" if end else wanted)


def _emoji(text: str, profile: VoiceProfile) -> Iterator[Finding]:
    if profile.emoji == "any" or text.isascii():
        return
    allowed = FEW_EMOJI if profile.emoji == "few" else 0
    for count, match in enumerate(_EMOJI.finditer(text), start=1):
        if count > allowed:
            yield _finding(profile, "emoji", match.span(), text, "")


def _hashtags(text: str, profile: VoiceProfile) -> Iterator[Finding]:
    if profile.hashtags == "any":
        return
    places = [match.span() for match in _HASHTAG.finditer(text)]
    if profile.hashtags == "required" and not places:
        yield _finding(profile, "hashtag", (len(text), len(text)), text)
    allowed = {"few": FEW_HASHTAGS, "none": 0}.get(profile.hashtags, len(places))
    for place in places[allowed:]:
        yield _finding(profile, "hashtag", place, text)


def _reading_level(text: str, profile: VoiceProfile) -> Iterator[Finding]:
    if profile.reading_level is None:
        return
    start = 0
    for match in [*_SENTENCE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        words = [word.span() for word in _WORD.finditer(text, start, end)]
        if len(words) > profile.reading_level:
            yield _finding(profile, "reading_level", (words[0][0], words[-1][1]), text)
        start = match.end() if match else end
