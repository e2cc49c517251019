"""The parts of the desk that templates use by name. Each is shown in docs/reference/components.md."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pluralis.core.findings import Finding
from pluralis.networks.registry import networks
from pluralis.posts.models import Post
from pluralis.posts.queries import ADVICE
from pluralis.publishing import uploads
from pluralis.publishing.models import Part, Upload
from pluralis.teams.models import Account
from pluralis.web import assets, words
from pluralis.web.states import FAMILIES, HOLD_REASONS, Look
from pluralis.web.templatetags.translating import translate

register = template.Library()
register.tag("translate", translate)
RING_LENGTH = 56.549  # the circumference of a circle of radius 9


@register.simple_tag
def asset(name: str) -> str:
    """``{% asset "app.css" %}``: the address of a built file."""
    return assets.address(name)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """``{% icon "send" %}``: a sign beside a word; hidden from screen readers, the word speaks."""
    return _icon(assets.address("icons.svg"), name, classes)


# A list of fifty people shows the same few signs hundreds of times.
@lru_cache(maxsize=1024)
def _icon(sheet: str, name: str, classes: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', classes, sheet, name
    )


@register.simple_tag
def network_icon(name: str, classes: str = "") -> SafeString:
    """``{% network_icon account.network %}``: the network's sign with its name for screen readers."""
    known = networks().get(name)
    sign = f"network-{known.icon}" if known else ""
    drawn = icon(sign if sign in assets.icons() else "globe", classes)
    return format_html('{}<span class="sr-only">{}</span>', drawn, network_title(name))


@register.filter
def network_title(name: str) -> str:
    """The network's own spelling of its name; the stored word where it is no longer registered."""
    known = networks().get(name)
    return known.title if known else name


def _initials(name: str) -> str:
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2]) if words else "?"
    return letters.upper()


HUES = ("#0f766e", "#b45309", "#6d28d9", "#be123c", "#0369a1", "#4d7c0f", "#c2410c", "#475569")


def initials_svg(name: str) -> SafeString:
    """Initials as a picture of its own, for where a face cannot be had."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect fill="{}" width="100" height="100"/>'
        '<text x="50" y="65" fill="#fff" font-family="sans-serif" font-size="40" text-anchor="middle">{}</text>'
        "</svg>",
        HUES[crc32(name.encode()) % len(HUES)],
        _initials(name),
    )


@register.filter
def face(shown: Any) -> str:
    """``{{ profile|face }}``: our own address of a profile's or account's picture, ``""`` where it names none."""
    if not getattr(shown, "avatar_url", ""):
        return ""
    return reverse("account_avatar" if isinstance(shown, Account) else "avatar", args=[shown.id])


@register.simple_tag
def avatar(name: str, network: str = "", picture: str = "", size: str = "") -> SafeString:
    """``{% avatar account.display_name account.network picture "lg" %}``: a face, or initials on one of eight hues.

    Only pictures from our own address are shown: the page's policy refuses all others, and strangers' servers
    must not learn who looks.
    """
    return _avatar(assets.address("icons.svg"), name, network, picture, size)


@lru_cache(maxsize=4096)
def _avatar(_sheet: str, name: str, network: str, picture: str, size: str) -> SafeString:
    if picture.startswith("/"):
        face = format_html('<img src="{}" alt="" loading="lazy" decoding="async">', picture)
    else:
        face = format_html(
            '<svg class="avatar-face" viewBox="0 0 100 100" aria-hidden="true">'
            '<rect class="hue-{}" width="100" height="100"/><text x="50" y="65">{}</text></svg>',
            crc32(name.encode()) % 8,
            _initials(name),
        )
    sign = format_html('<span class="avatar-network">{}</span>', network_icon(network)) if network else ""
    return format_html('<span class="avatar {}">{}{}</span>', f"avatar-{size}" if size else "", face, sign)


@register.simple_tag
def state(family: str, value: str) -> SafeString:
    """``{% state "part" part.state %}``: the badge of a part, post, conversation or severity."""
    look = FAMILIES[family].get(str(value)) or Look(value, "dot")
    tone = f"is-{look.tone}" if look.tone else ""
    return format_html('<span class="state {}">{}{}</span>', tone, icon(look.icon), look.label)


@register.filter
def elsewhere(part: Part) -> str:
    """``{{ part|elsewhere }}``: the hour by the clock it was planned with, ``""`` where that is the reader's."""
    try:
        there = part.planned_at.astimezone(ZoneInfo(part.delivery.zone))
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    if there.utcoffset() == timezone.localtime(part.planned_at).utcoffset():
        return ""
    return _("%(time)s in %(zone)s") % {"time": date_format(there, "D H:i"), "zone": part.delivery.zone}


@register.filter
def hold_reason(value: str) -> str:
    """Why a part is held and what to do, in the reader's language."""
    return str(HOLD_REASONS.get(value, value))


@register.simple_tag
def ring(used: int, limit: int, label: str = "") -> SafeString:
    """``{% ring 212 280 "X" %}``: how much of a limit is used; a number appears when 20 or fewer are left."""
    left = limit - used
    share = min(1.0, used / limit) if limit else 0.0
    tone = "is-over" if left < 0 else "is-near" if left <= 20 else ""
    said = _("%(label)s: %(used)d of %(limit)d used") % {"label": label, "used": used, "limit": limit}
    return format_html(
        '<span class="length-ring {}" role="img" aria-label="{}"><svg viewBox="0 0 24 24" aria-hidden="true">'
        '<circle class="ring-track" cx="12" cy="12" r="9"/>'
        '<circle class="ring-fill" cx="12" cy="12" r="9" stroke-dasharray="{} {}"/></svg>{}</span>',
        tone,
        said,
        f"{share * RING_LENGTH:.2f}",
        RING_LENGTH,
        left if left <= 20 else label,
    )


@register.simple_tag
def moment(value: datetime | None, style: str = "relative") -> SafeString:
    """``{% moment message.created_at %}``: a time in the reader's zone. Styles: relative, exact, clock, day.

    Relative times count on in the browser and keep the exact time as their title.
    """
    if value is None:
        return mark_safe("")
    local = timezone.localtime(value)
    return _moment(local.isoformat(), local, style, get_language() or "")


# A list shows the same instants each time somebody looks at it.
@lru_cache(maxsize=8192)
def _moment(iso: str, local: datetime, style: str, _language: str) -> SafeString:
    formats = {"clock": "TIME_FORMAT", "day": "DATE_FORMAT"}
    text = date_format(local, formats.get(style, "SHORT_DATETIME_FORMAT"))
    relative = mark_safe(" data-relative") if style == "relative" else ""
    return format_html('<time datetime="{}"{}>{}</time>', iso, relative, text)


@register.filter
def person(value: str) -> SafeString:
    """``{{ profile.display_name|person }}``: a name from outside, kept from turning the line around."""
    return format_html("<bdi>{}</bdi>", value)


@register.simple_tag
def marked(text: str, findings: Iterable[Finding]) -> SafeString:
    """``{% marked segment.text findings %}``: the text with every finding underlined where it stands.

    Overlapping findings: the first one wins, as the list beside the text shows them all.
    """
    pieces, at = [], 0
    for number, finding in enumerate(sorted(findings, key=lambda one: (one.start, -one.end))):
        if finding.start < at:
            continue
        pieces.append(escape(text[at : finding.start]))
        pieces.append(_marked_piece(text, finding, number))
        at = finding.end
    pieces.append(escape(text[at:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _marked_piece(text: str, finding: Finding, number: int) -> SafeString:
    return format_html(
        '<mark class="finding is-{}" data-finding="{}" data-start="{}" data-end="{}">{}</mark>',
        finding.severity,
        number,
        finding.start,
        finding.end,
        text[finding.start : finding.end],
    )


@register.filter
def widget_kind(bound_field: BoundField) -> str:
    """The kind of control of a form field: text, select, textarea, checkbox, radio, password, file or hidden."""
    widget = bound_field.field.widget
    named = {
        "CheckboxInput": "checkbox",
        "Select": "select",
        "Textarea": "textarea",
        "RadioSelect": "radio",
        "PasswordInput": "password",
        "HiddenInput": "hidden",
        "CheckboxSelectMultiple": "checkboxes",
    }
    return named.get(type(widget).__name__, getattr(widget, "input_type", None) or "text")


@register.simple_tag
def control(bound_field: BoundField, **attrs: str) -> SafeString:
    """``{% control form.email autocomplete="email" %}``: the field's control in our look, tied to help and errors."""
    kind = widget_kind(bound_field)
    classes = {"select": "select", "textarea": "textarea", "checkbox": "checkbox"}.get(kind, "input")
    known: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    described = []
    if bound_field.help_text:
        described.append(f"{bound_field.auto_id}-help")
    if bound_field.errors:
        described.append(f"{bound_field.auto_id}-errors")
        known["aria-invalid"] = "true"
    if described:
        known["aria-describedby"] = " ".join(described)
    own = bound_field.field.widget.attrs.get("class", "")
    return bound_field.as_widget(attrs=known | {"class": f"{classes} {own}".strip()})


@register.simple_tag
def colon() -> str:
    """Return the colon after a label; French keeps it on the line of what stands before it."""
    return "\u00a0:" if (get_language() or "").startswith("fr") else ":"


@register.simple_tag
def severity_icon(severity: str) -> SafeString:
    """The sign of a severity, with its word for screen readers."""
    look = FAMILIES["severity"][str(severity)]
    return format_html('{}<span class="sr-only">{}</span>', icon(look.icon), look.label)


@register.filter
def finding_words(finding: Finding) -> str:
    """What a finding says, in the reader's language."""
    return words.words_of(finding)


@register.filter
def problem_words(code: str, number: int = 0) -> str:
    """What is wrong with a whole message."""
    return words.problem_of(code, number)


@register.filter
def running_time(seconds: float) -> str:
    """How long a film runs, in minutes and seconds."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


@register.filter
def is_advice(code: str) -> bool:
    """Whether a problem is told and stops nothing."""
    return code in ADVICE


@register.filter
def outcome_words(code: str) -> str:
    """How an attempt ended."""
    return str(words.OUTCOMES.get(code, code))


@register.filter
def part_reason(reason: str) -> str:
    """Why a part stands where it stands: the network's own words, or ours for a known code."""
    return words.reason_of(reason)


@register.filter
def upload_trouble(part: Part) -> Upload | None:
    """``{{ part|upload_trouble }}``: the upload of a part that failed before its time; nothing where all is well."""
    return uploads.upload_trouble(part)


@register.filter
def gap_reason(reason: str) -> str:
    """Why a gap is not whole: the network's own words, or ours for a known code."""
    return str(words.GAPS.get(reason, reason))


@register.simple_tag
def triage_label(label: str) -> SafeString | str:
    """The tag of a message's kind; nothing for messages of no special kind."""
    known = words.LABELS.get(label)
    return format_html('<span class="tag">{}</span>', known) if known else ""


@register.filter
def kind_words(label: str) -> str:
    """``{{ message.triage.label|kind_words }}``: the word for a message's kind."""
    return str(words.SORTS.get(label, words.SORTS["other"]))


@register.simple_tag
def kinds() -> list[tuple[str, Any]]:
    """``{% kinds as choices %}``: every kind a person may give a message, with its word."""
    return list(words.SORTS.items())


@register.filter
def part_tone(part: Part) -> str:
    """The tone of a part on the calendar."""
    trouble = upload_trouble(part)
    if trouble is not None and trouble.refused:
        return "bad"
    look = FAMILIES["part"].get(part.state)
    return look.tone if look and look.tone else "plain"


@register.simple_tag
def part_state_words(part: Part) -> SafeString | str:
    """The state of a part for screen readers, where only a colour and its place show it."""
    trouble = upload_trouble(part)
    if trouble is not None and trouble.refused:
        return format_html('<span class="sr-only">{} </span>', _("The network refuses a file"))
    look = FAMILIES["part"].get(part.state)
    return format_html('<span class="sr-only">{} </span>', look.label) if look else ""


@register.filter
def first_words(post: Post) -> str:
    """``{{ post|first_words }}``: how a post begins, to name it in a list and in a heading."""
    wording = next((one for one in post.versions.all() if one.account_id is None), None)
    segments = list(wording.segments.all()) if wording is not None else []
    text = " ".join(segments[0].text.split()) if segments else ""
    return Truncator(text).chars(90) if text else _("Nothing written yet.")


@register.filter
def host_of(url: str) -> str:
    """``{{ url|host_of }}``: whose address it is, as people say it."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def at_key(values: dict[Any, Any], key: object) -> Any:
    """``{{ values|at_key:account.id }}``: what stands in a dictionary under a key; nothing where there is none."""
    return values.get(key, values.get(str(key))) if isinstance(values, dict) else None
