"""What is said about one draft: the shapes that other programs read."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pluralis.cli.check.lines import Draft
from pluralis.core import privacy, triage, voice
from pluralis.core.findings import Finding, Severity
from pluralis.core.language import identify
from pluralis.core.text import CountingRule, measure

PARTS = ("language", "lengths", "voice", "personal_data", "triage")
_PLACES = 4


def report_on(
    draft: Draft, parts: frozenset[str], rules: Mapping[str, CountingRule], *, explain: bool = False
) -> tuple[dict[str, Any], bool]:
    """Return the report on a draft, and whether it must not be published as it stands.

    ``parts`` is a subset of :data:`PARTS`, ``rules`` the counting rule of each network by name. Offsets are in
    code points of the draft's text. A language that the draft names is believed by every part; the part
    ``language`` still answers for itself, with that name as its prior.
    """
    found = identify(draft.text, [draft.language] if draft.language else None)
    code = draft.language or found.code
    report: dict[str, Any] = {"id": draft.id}
    if "language" in parts:
        report["language"] = {"code": found.code, "score": round(found.score, _PLACES)}
    stopped = False
    if "lengths" in parts:
        report["lengths"], stopped = _lengths(draft, rules)
    if "voice" in parts:
        checked = voice.check(draft.text, language=code, profile=_profile(draft.account_kind))
        report["voice"] = [_place(finding) for finding in checked.findings]
        report["rewritten"] = checked.rewritten
        stopped |= any(finding.severity is Severity.STOP for finding in checked.findings)
    if "personal_data" in parts:
        data = privacy.find(draft.text, language=code)
        report["personal_data"] = [_datum(one) for one in data]
        stopped |= any(privacy.severity(one, public=True) is Severity.STOP for one in data)
    if "triage" in parts:
        report["triage"] = _triage(triage.classify(draft.text, language=code), explain)
    return report, stopped


@cache
def _profile(kind: str) -> voice.VoiceProfile:
    return voice.VoiceProfile.for_account(kind)


def _lengths(draft: Draft, rules: Mapping[str, CountingRule]) -> tuple[dict[str, Any], bool]:
    """Measure for every network; too long stops only on the network that the draft is for."""
    lengths: dict[str, Any] = {}
    too_long = False
    for name, rule in rules.items():
        length = measure(draft.text, rule)
        lengths[name] = {rule.unit: length.count}
        if rule.byte_limit is not None:
            lengths[name]["bytes"] = length.bytes
        lengths[name]["limit"] = length.limit
        too_long |= name == draft.network and not length.fits
    return lengths, too_long


def _place(finding: Finding) -> dict[str, Any]:
    return {
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "suggestion": finding.suggestion,
    }


def _datum(data: privacy.PersonalData) -> dict[str, Any]:
    return {"start": data.start, "end": data.end, "type": data.type.value, "strength": data.strength}


def _triage(answer: triage.Triage, explain: bool) -> dict[str, Any]:
    shape = {
        "label": answer.label,
        "sentiment": answer.sentiment,
        "abuse": answer.abuse,
        "unsure": answer.unsure,
        "scores": dict(answer.scores),
    }
    if explain:
        shape |= {
            "labels": list(answer.labels),
            "urgency": answer.urgency,
            "escalate": answer.escalate,
            "reasons": list(answer.reasons),
        }
    return shape
