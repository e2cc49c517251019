"""Finds every message of the desk: in our code, our templates, what connectors declare, and allauth's pages."""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import allauth
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from pluralis.networks.registry import networks

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pluralis"
LOCALE = PACKAGE / "locale"
ALLAUTH = Path(allauth.__file__).parent
LANGUAGES = ("en", "fr", "es", "ms")

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The parts of allauth that this desk has switched on; the rest of its messages no page of ours can show.
OF_ALLAUTH = (
    "account/**/*.py",
    "mfa/**/*.py",
    "core/**/*.py",
    "templates/account/**/*",
    "templates/mfa/**/*",
)
NOT_OF_ALLAUTH = re.compile(
    r"/(tests?|migrations|phone|management|idp)/|phone|by_passkey|signup_form|email_change\.html|usersession"
    r"|account/(admin|models)|mfa/(apps|models)"
)

# Words of Django's own that its catalogue of a language has wrong: noon is no night in Malay.
MENDED = {"ms": ("AM", "PM")}

Found = tuple[str, str | tuple[str, str], str | None]


def messages_of_ours() -> Iterator[Found]:
    """Yield (place, message or (singular, plural), context) for everything this repository says to a person."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from _in_python(path, str(path.relative_to(ROOT)))
    for path in sorted((PACKAGE / "web" / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from _in_template(path, str(path.relative_to(ROOT)))
    for network in networks().values():
        for field in network.connector.fields:
            for text in (field.label, field.help):
                if text:
                    yield f"network {network.name}", text, None


@cache
def messages_of_allauth() -> tuple[Found, ...]:
    """Return the messages of allauth's pages that we did not replace by our own."""
    found: list[Found] = []
    for pattern in OF_ALLAUTH:
        for path in sorted(ALLAUTH.glob(pattern)):
            place = f"allauth/{path.relative_to(ALLAUTH)}"
            ours = (
                PACKAGE / "web" / "templates" / path.relative_to(ALLAUTH / "templates")
                if "templates" in place
                else None
            )
            if NOT_OF_ALLAUTH.search(str(path)) or (ours and ours.exists()):
                continue
            if path.suffix == ".py":
                found += _in_python(path, place)
            elif path.suffix in {".html", ".txt"}:
                found += _in_template(path, place)
    return tuple(found)


def _in_python(path: Path, place: str) -> Iterator[Found]:
    yield from _read(path.read_bytes(), place)


def _in_template(path: Path, place: str) -> Iterator[Found]:
    code = templatize(path.read_text(encoding="utf-8"))
    # What is left of the markup is no code, and its indentation means nothing.
    lines = "\n".join(line.strip() for line in code.splitlines())
    yield from _read(lines.encode(), place)


def _read(code: bytes, place: str) -> Iterator[Found]:
    for _line, function, texts, _comments in extract_python(BytesIO(code), KEYWORDS, [], {"encoding": "utf-8"}):
        given: tuple[Any, ...] = tuple(texts) if isinstance(texts, tuple | list) else (texts,)
        yield from _message(str(function), [one for one in given if one is not None], place)


def _message(function: str, words: list[str], place: str) -> Iterator[Found]:
    contextual = function.lstrip("n").startswith("pgettext")
    plural = function.startswith("n")
    needed = 1 + contextual + plural
    if len(words) < needed or not all(words[:needed]):
        return
    context = words.pop(0) if contextual else None
    yield place, (words[0], words[1]) if plural else words[0], context


def template_catalogue(found: Iterable[Found]) -> Catalog:
    """Return a catalogue of the messages with their places, without translations."""
    catalogue = Catalog(project="Pluralis", charset="utf-8")
    for place, message, context in found:
        # A place without its line: a catalogue must not change because a line was added above.
        catalogue.add(message, locations=[(place, None)], context=context, flags=_flags(message))  # type: ignore[list-item]
    return catalogue


def _flags(message: str | tuple[str, str]) -> list[str]:
    text = message if isinstance(message, str) else message[1]
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", text) else []


def theirs(language: str) -> Catalog:
    """Return allauth's own catalogue of a language; empty where it has none, as for Malay."""
    path = ALLAUTH / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as lines:
        return read_po(lines, locale=language)


def wanted(language: str) -> Catalog:
    """Return everything our catalogue of a language must hold: all of ours, and what allauth leaves untranslated."""
    catalogue = template_catalogue(messages_of_ours())
    known = theirs(language)
    for place, message, context in messages_of_allauth():
        singular = message if isinstance(message, str) else message[0]
        translated = known.get(singular, context)
        if language != "en" and (translated is None or not translated.string or translated.fuzzy):
            catalogue.add(message, locations=[(place, None)], context=context, flags=_flags(message))  # type: ignore[list-item]
    for message in MENDED.get(language, ()):
        catalogue.add(message, locations=[("django/utils/dateformat.py", None)])  # type: ignore[list-item]
    return catalogue


def configure() -> None:
    """Let Django's template reader work without an instance behind it."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    if not settings.configured:
        settings.configure(USE_I18N=True)
