"""The one door: a text and a profile in, findings and the text in the plural out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pluralis.core.findings import Finding, Severity
from pluralis.core.voice import labels, style
from pluralis.core.voice.english import English
from pluralis.core.voice.french import French
from pluralis.core.voice.lists import word_list
from pluralis.core.voice.malay import Malay
from pluralis.core.voice.matches import Edit, Grammar, Match, apply, merged
from pluralis.core.voice.profile import VoiceProfile
from pluralis.core.voice.quoted import is_inside, quoted_places
from pluralis.core.voice.spanish import Spanish
from pluralis.core.voice.words import Words, is_odd, split

_MALAY = Malay()
GRAMMARS: dict[str, Grammar] = {
    "en": English(),
    "fr": French(),
    "es": Spanish(),
    "ms": _MALAY,
    "id": _MALAY,
    "ms/id": _MALAY,
}
_WORD = re.compile(r"[^\W_]+")
_PERSON = frozenset({"first_person", "first_person_verb"})
_DEFAULT = VoiceProfile()


@dataclass(frozen=True, slots=True)
class VoiceResult:
    """Every finding in order of place, and the whole text in the plural.

    ``rewritten`` is ``None`` when there is nothing to rewrite, or when a rewriting would still be stopped.
    """

    findings: tuple[Finding, ...]
    rewritten: str | None


_NOTHING = VoiceResult((), None)


def check(text: str, *, language: str | None, profile: VoiceProfile = _DEFAULT) -> VoiceResult:
    """Return what the rules of this profile say about a text; never raises, whatever the text.

    ``language`` is a code of :mod:`pluralis.core.language` (en fr es ms id ms/id); for any other, or ``None``,
    the language of the profile whose own pronouns stand in the text is taken. Time is linear in the length.
    """
    findings = _findings(text, language, profile)
    if not findings:
        return _NOTHING
    return VoiceResult(tuple(findings), _rewritten(text, findings, language, profile))


def _findings(text: str, language: str | None, profile: VoiceProfile) -> list[Finding]:
    findings = _person(text, language, profile) if profile.required else []
    if style.applies(profile):
        findings += style.findings(text, profile)
        findings.sort(key=lambda finding: (finding.start, finding.end))
    return findings


def _person(text: str, language: str | None, profile: VoiceProfile) -> list[Finding]:
    lowered = text.lower()
    tokens = set(_WORD.findall(lowered))
    odd = is_odd(text)
    words: Words | None = None
    if odd:
        words = split(text)
        tokens = set(words.low)
        lowered = words.text.lower()
    grammar = _grammar(language, tokens, profile)
    if grammar is None:
        return []
    if not grammar.may_speak(lowered, tokens):
        return []
    words = words or split(text)
    matches = merged(grammar.find(words, profile))
    return _as_findings(words, labels.without_labels(words, matches, profile), profile) if matches else []


# A text said to be in another language must show so many common words before one of ours is taken instead.
_ENOUGH = 3
_OWN_WORDS = {code: word_list("labels", f"common_{code}") for code in ("en", "fr", "es", "ms")}


def _grammar(language: str | None, tokens: set[str], profile: VoiceProfile) -> Grammar | None:
    """Return the rules to read a text by, or ``None`` for a text in a language that has none here."""
    if language in GRAMMARS:
        return GRAMMARS[language]
    code, common = guessed(tokens, profile.languages)
    return GRAMMARS[code] if language is None or common >= _ENOUGH else None


def guessed(tokens: set[str], languages: Sequence[str]) -> tuple[str, int]:
    """Return which language of a profile has most of its commonest words in a text, and how many of them."""
    known = [{"id": "ms", "ms/id": "ms"}.get(code, code) for code in languages]
    known = [code for code in known if code in _OWN_WORDS] or ["en"]
    best = max(known, key=lambda code: len(_OWN_WORDS[code] & tokens))
    return best, len(_OWN_WORDS[best] & tokens)


def _as_findings(words: Words, matches: list[Match], profile: VoiceProfile) -> list[Finding]:
    quoted = quoted_places(words.text) if matches else []
    return [_as_finding(words, match, quoted, profile) for match in matches]


def _as_finding(words: Words, match: Match, quoted: list[tuple[int, int]], profile: VoiceProfile) -> Finding:
    start, end = words.typed_place(match.start, match.end)
    suggestion = apply(words.text, match.edits, match.start, match.end) if match.edits else None
    rule, reason = match.rule, match.reason
    if rule in _PERSON and is_inside(quoted, match.start, match.end):
        rule, reason, suggestion = "quoted", "voice.quoted", None
    return Finding(start, end, words.typed[start:end], rule, profile.severity(rule), suggestion, reason)


def _rewritten(text: str, findings: list[Finding], language: str | None, profile: VoiceProfile) -> str | None:
    """Return the text with every proposal applied, checked once more so that no proposal leaves an "I" behind."""
    rewritten = text
    for _ in range(3):
        edits = _edits(findings)
        if not edits:
            break
        rewritten = apply(rewritten, edits, 0, len(rewritten))
        findings = _findings(rewritten, language, profile)
    if rewritten == text or _edits(findings) or any(one.severity is Severity.STOP for one in findings):
        return None
    return rewritten


def _edits(findings: Sequence[Finding]) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    for finding in findings:
        if finding.suggestion is None or (finding.severity is Severity.HINT and finding.rule not in _PERSON):
            continue
        if not edits or finding.start >= edits[-1].end:
            edits.append(Edit(finding.start, finding.end, finding.suggestion))
    return tuple(edits)
