"""Reading what is to be checked: plain lines or JSON lines, one text each; a bad line never stops the rest."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pluralis.core import language
from pluralis.core.voice.profile import AccountKind

KINDS: tuple[str, ...] = get_args(AccountKind)
LANGUAGES = (*language.CODES, language.MERGED)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TEXT_FIELDS = ("account_kind", "language", "network")


class BadLine(ValueError):
    """A line that cannot be checked; the message says why, in words for the person who wrote the file."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One text to check. ``id`` is the writer's own, or the number of the line."""

    id: Any
    text: str
    account_kind: str
    language: str | None = None
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every line that does not say otherwise; ``form`` is *auto*, *lines* or *json*."""

    account_kind: str = "main"
    language: str | None = None
    network: str | None = None
    form: str = "auto"
    networks: tuple[str, ...] = ()


def read_drafts(lines: Iterable[bytes], defaults: Defaults) -> Iterator[tuple[int, Draft | BadLine]]:
    """Yield the number of each line that is not blank, from 1, with its draft or what is wrong with it."""
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
        if not content.strip():
            continue
        try:
            yield number, read_draft(content, number, defaults)
        except BadLine as problem:
            yield number, problem


def read_draft(line: bytes, number: int, defaults: Defaults) -> Draft:
    """Return the draft on one line; :class:`BadLine` when it is not UTF-8, not JSON or has a wrong field."""
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BadLine(f"it is not UTF-8 (byte {error.start + 1})") from error
    is_json = defaults.form == "json" or (defaults.form == "auto" and text.lstrip().startswith("{"))
    if not is_json:
        return Draft(number, text, defaults.account_kind, defaults.language, defaults.network)
    return _from_fields(_fields(text), number, defaults)


def _fields(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"it is not JSON ({error})") from error
    if not isinstance(fields, dict):
        raise BadLine('it is JSON, but not an object with the field "text"')
    return fields


def _from_fields(fields: dict[str, Any], number: int, defaults: Defaults) -> Draft:
    if not isinstance(fields.get("text"), str):
        raise BadLine('the field "text" is missing or is no text')
    for name in _TEXT_FIELDS:
        if not isinstance(fields.get(name), str | None):
            raise BadLine(f'the field "{name}" is no text')
    draft = Draft(
        id=fields.get("id", number),
        text=fields["text"],
        account_kind=fields.get("account_kind") or defaults.account_kind,
        language=fields.get("language") or defaults.language,
        network=fields.get("network") or defaults.network,
    )
    _refuse_unknown("account_kind", draft.account_kind, KINDS)
    _refuse_unknown("language", draft.language, LANGUAGES)
    _refuse_unknown("network", draft.network, defaults.networks)
    return draft


def _refuse_unknown(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and known and value not in known:
        raise BadLine(f'unknown {name} "{value}"; known: {", ".join(known)}')
