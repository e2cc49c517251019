"""The parts that templates use: what they show, and that nothing from outside can break out of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from pluralis.core.findings import Finding, Severity
from pluralis.core.privacy.model import DataType
from pluralis.core.states import ConversationState, HoldReason, PartState
from pluralis.core.voice.profile import DEFAULT_SEVERITIES
from pluralis.web import words
from pluralis.web.states import CONVERSATIONS, HOLD_REASONS, PARTS
from tests.web.conftest import refused_by_policy

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "\u202emoc.live",
    "javascript:alert(1)",
]


def show(source: str, **context: object) -> str:
    return Template("{% load desk %}" + source).render(Context(context))


def found(text: str, piece: str, severity: Severity = Severity.WARN) -> Finding:
    start = text.index(piece)
    return Finding(start, start + len(piece), piece, "first_person", severity, "we")


def test_a_finding_is_underlined_where_it_stands() -> None:
    text = "🎉 I think so"
    html = show("{% marked text findings %}", text=text, findings=[found(text, "I")])
    assert html == ('🎉 <mark class="finding is-warn" data-finding="0" data-start="2" data-end="3">I</mark> think so')


def test_of_two_findings_that_overlap_the_longer_first_one_is_marked_and_no_text_is_lost() -> None:
    text = "call me on 0612"
    findings = [found(text, "me on 0612", Severity.STOP), found(text, "me"), found(text, "0612")]
    html = show("{% marked text findings %}", text=text, findings=findings)
    assert html.count("<mark") == 1 and ">me on 0612</mark>" in html and html.startswith("call ")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_write_stays_text(text: str) -> None:
    finding = Finding(0, len(text), text, "first_person", Severity.STOP, text)
    html = show(
        '{% marked text findings %}{{ text|person }}{% avatar text "x" text "lg" %}{% ring 3 280 text %}'
        '{% state "part" text %}{{ text|part_reason }}{{ text|hold_reason }}'
        '{% include "components/findings.html" with findings=findings %}',
        text=text,
        findings=[finding],
    )
    assert refused_by_policy(html) == []
    assert "<script" not in html and "<img" not in html and "14" not in html


def test_a_foreign_name_cannot_turn_the_line_around() -> None:
    assert show("{{ name|person }}", name="\u202eevil") == "<bdi>\u202eevil</bdi>"


def test_an_avatar_shows_no_picture_from_another_site() -> None:
    assert "<img" not in show("{% avatar 'Dana Díaz' '' picture %}", picture="https://example.org/a.png")
    assert "<img" in show("{% avatar 'Dana Díaz' '' picture %}", picture="/media/1")
    assert ">DD</text>" in show("{% avatar 'Dana Díaz' %}")
    assert ">?</text>" in show("{% avatar '🎉' %}")


@pytest.mark.parametrize(
    ("used", "tone", "shown"),
    [(10, "", ">X<"), (260, "is-near", ">20<"), (280, "is-near", ">0<"), (300, "is-over", ">-20<")],
)
def test_a_ring_warns_before_the_limit_and_says_by_how_much(used: int, tone: str, shown: str) -> None:
    html = show('{% ring used 280 "X" %}', used=used)
    assert f'class="length-ring {tone}"' in html and f"X: {used} of 280 used" in html
    assert shown in html + "<"


def test_a_time_is_told_in_the_readers_zone() -> None:
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    with timezone.override("Asia/Kuala_Lumpur"):
        assert (
            show("{% moment at 'exact' %}", at=at)
            == '<time datetime="2026-07-02T06:30:00+08:00">2 Jul 2026, 06:30</time>'
        )
    assert show("{% moment at %}", at=None) == ""


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        (PartState, PARTS),
        (ConversationState, CONVERSATIONS),
        (HoldReason, HOLD_REASONS),
    ],
)
def test_everything_core_declares_has_its_words(declared: type, shown: dict[str, object]) -> None:
    assert set(declared) == set(shown)  # type: ignore[call-overload]


def test_every_rule_of_voice_and_privacy_has_its_words() -> None:
    assert set(DEFAULT_SEVERITIES) <= set(words.RULES)
    assert {f"privacy.{one.value.lower()}" for one in DataType} <= set(words.PERSONAL_DATA)


def test_relative_times_keep_the_exact_one() -> None:
    html = show("{% moment at %}", at=timezone.now() - timedelta(hours=1))
    assert "data-relative" in html and "datetime=" in html
