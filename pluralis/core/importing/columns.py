"""Which column is what: guessed from its name, then from what stands in it; a person corrects it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pluralis.core.folding import fold
from pluralis.core.importing.dates import looks_like_date, looks_like_time
from pluralis.core.importing.tables import Record

TEXT, LINK, WHEN, CLOCK, ZONE, ACCOUNT, PICTURE, ALT, LANGUAGE, IGNORED = FIELDS = (
    "text", "link", "when", "clock", "zone", "account", "picture", "alt", "language", "",
)  # fmt: skip
"""What a column may be. ``when`` is the day, with or without its time; ``clock`` the time alone. Several columns
of ``text`` are the messages of a thread, several of ``picture`` the pictures of the first message."""

MANY = frozenset({TEXT, PICTURE, ALT})
PLAIN, HOOTSUITE, BUFFER = "plain", "hootsuite", "buffer"

_NAMES: Mapping[str, str] = {
    name: field
    for field, names in {
        TEXT: "text post message tweet content caption copy status body texte contenu publication texto contenido "
        "mensaje publicacion teks mesej kandungan siaran toot skeet segment",
        LINK: "link url links lien enlace pautan web|address",
        WHEN: "when at date datetime day scheduled schedule date|time date|and|time posting|time publish|date "
        "scheduled|at publish|at scheduled|time planned planned|at date|heure jour quand date|de|publication fecha "
        "cuando dia fecha|y|hora date|et|heure jour|et|heure tarikh masa|siaran bila tarikh|masa",
        CLOCK: "time hour heure hora masa waktu clock",
        ZONE: "zone timezone time|zone tz fuseau fuseau|horaire zona zona|horaria zon|waktu zon|masa",
        ACCOUNT: "account accounts profile profiles handle compte comptes profil cuenta cuentas perfil akaun network "
        "reseau red rangkaian channel channels",
        PICTURE: "picture image photo media file image|url picture|url media|url images pictures fichier imagen "
        "foto archivo gambar fail attachment video|url",
        ALT: "alt alt|text image|alt description image|description picture|description texte|alternatif "
        "texto|alternativo teks|alternatif",
        LANGUAGE: "language lang langue idioma bahasa",
        IGNORED: "tags id state note notes",
    }.items()
    for name in names.replace("|", "_").split()
}  # fmt: skip
_NUMBERED = re.compile(r"[\s_-]*#?[0-9]{1,2}$")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table is laid out: its bulk format, whether the first row names the columns, and what each is."""

    layout: str
    header: bool
    names: tuple[str, ...]
    fields: tuple[str, ...]


def guess_columns(records: Sequence[Record], handles: Collection[str] = ()) -> Columns:
    """Return the likeliest layout of a table. ``handles`` are our accounts, by which their column is known."""
    first, width = records[0], max(len(record.cells) for record in records)
    named = [_field_named(cell) for cell in first.cells]
    if _is_hootsuite(records):
        return Columns(HOOTSUITE, False, ("",) * width, (WHEN, TEXT, LINK, *("",) * width)[:width])
    header = any(field is not None for field in named) and not any(looks_like_date(cell) for cell in first.cells)
    names = tuple(first.cells) + ("",) * (width - len(first.cells)) if header else ("",) * width
    body = records[1:201] if header else records[:200]
    layout = BUFFER if header and {fold(name) for name in names} >= {"text", "posting time"} else PLAIN
    return Columns(layout, header, names, fields_of(names, body, handles))


def fields_of(names: Sequence[str], body: Sequence[Record], handles: Collection[str]) -> tuple[str, ...]:
    """Return what each column is; what cannot be told is ignored rather than taken for something."""
    fields: list[str | None] = [_field_named(name) for name in names]
    for column, field in enumerate(fields):
        if field is None and not names[column].strip():
            cells = [record.cells[column] for record in body if column < len(record.cells) and record.cells[column]]
            fields[column] = _field_held(cells, handles)
    _one_of_each(fields)
    if TEXT not in fields:
        _longest_is_text(fields, body)
    return tuple(field or IGNORED for field in fields)


def _field_named(name: str) -> str | None:
    folded = re.sub(r"[\s_\-/&()]+", "_", fold(name)).strip("_")
    if not folded or len(folded) > 40:
        return None
    return _NAMES.get(folded, _NAMES.get(_NUMBERED.sub("", folded).rstrip("_")))


def _field_held(cells: Sequence[str], handles: Collection[str]) -> str | None:
    """Return what the cells of a column without a name are, when nearly all of them agree."""
    known = {handle.casefold() for handle in handles}

    def share(test: object) -> float:
        return sum(map(bool, map(test, cells))) / max(1, len(cells))  # type: ignore[call-overload]

    if share(lambda cell: looks_like_date(cell)) > 0.8:
        return WHEN
    if share(looks_like_time) > 0.8:
        return CLOCK
    if share(lambda cell: _URL.fullmatch(cell.strip())) > 0.8:
        return LINK
    if share(lambda cell: cell.strip().lstrip("@").casefold() in known) > 0.8:
        return ACCOUNT
    return None


def _one_of_each(fields: list[str | None]) -> None:
    """Let only the first column be what a row can have once."""
    seen: set[str] = set()
    for column, field in enumerate(fields):
        if field and field not in MANY and field in seen:
            fields[column] = IGNORED
        elif field:
            seen.add(field)
    # A lone column of times whose cells hold the day too is what *when* is.
    if CLOCK in seen and WHEN not in seen:
        fields[fields.index(CLOCK)] = WHEN


def _longest_is_text(fields: list[str | None], body: Sequence[Record]) -> None:
    lengths = {
        column: sum(len(record.cells[column]) for record in body if column < len(record.cells))
        for column, field in enumerate(fields)
        if not field
    }
    if lengths:
        fields[max(lengths, key=lambda column: lengths[column])] = TEXT


def _is_hootsuite(records: Sequence[Record]) -> bool:
    """Say whether every row is a day with its time, a text, and perhaps a link: Hootsuite's bulk composer.

    Two or three columns without names, days with slashes (its help page *Bulk scheduling posts*).
    """
    for record in records[:200]:
        cells = record.cells
        if not 2 <= len(cells) <= 3 or not re.match(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} ", cells[0].strip()):
            return False
        if len(cells) == 3 and cells[2].strip() and not _URL.fullmatch(cells[2].strip()):
            return False
    return True
