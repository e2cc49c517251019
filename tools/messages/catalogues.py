"""Reads, renews and judges the catalogues."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from tools.messages.extract import LOCALE, wanted

SAME = LOCALE / "same-as-source.txt"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language; an empty one where there is no file yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Pluralis", charset="utf-8")
    with path.open("rb") as lines:
        return read_po(lines, locale=language)


def renew(language: str) -> Catalog:
    """Bring a catalogue in step with the sources and write it: new messages empty, lost ones dropped."""
    catalogue = read(language)
    catalogue.update(wanted(language), no_fuzzy_matching=True, keep_user_comments=True)
    catalogue.obsolete.clear()
    write(catalogue, language)
    return catalogue


def write(catalogue: Catalog, language: str) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The date of a run would make every catalogue differ from the one before.
    catalogue.header_comment = f"# {language}: Pluralis, Apache-2.0"
    catalogue.revision_date = catalogue.creation_date = NO_DATE
    with path.open("wb") as lines:
        write_po(lines, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False)


def same_as_source() -> set[tuple[str, str]]:
    """Return (language, message) pairs that rightly read as the English: names, formats, words both have."""
    pairs = set()
    for line in SAME.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            languages, _tab, message = line.partition("\t")
            pairs |= {(language, message) for language in languages.split(",")}
    return pairs


def problems(language: str) -> Iterator[str]:
    """Yield what is wrong with a catalogue, one sentence each: missing, fuzzy, equal, broken placeholders."""
    catalogue, same = read(language), same_as_source()
    for needed in wanted(language):
        if not needed.id:
            continue
        found = catalogue.get(needed.id, needed.context)
        yield from (f"{language}: {text}: {_name(needed)!r}" for text in _faults(language, needed, found, same))


def _faults(language: str, needed: Message, found: Message | None, same: set[tuple[str, str]]) -> Iterator[str]:
    strings = _strings(found)
    if found is None or not strings or not all(strings):
        yield "missing"
        return
    if found.fuzzy:
        yield "fuzzy"
    name = _name(needed)
    if any(text == name for text in strings) and (language, name) not in same and re.search(r"[^\W\d_]{2}", name):
        yield "equal to its source"
    expected = set(PLACEHOLDER.findall(name)) | (
        set(PLACEHOLDER.findall(needed.id[1])) if needed.pluralizable else set()
    )
    for text in strings:
        used = set(PLACEHOLDER.findall(text))
        if used - expected or (expected - used and not needed.pluralizable):
            yield "other placeholders"


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message | None) -> tuple[str, ...]:
    if message is None or message.string is None:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)
