"""A backup file may be hostile: it is checked as a whole before anything is changed."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from pluralis.cli import CommandError
from pluralis.cli.archive import reading
from pluralis.cli.archive.manifest import Manifest, Member, key_fingerprints

ROOM = 1 << 30
ROWS = b"1\tone\n"
PICTURE = b"RIFF"


def member(content: bytes) -> Member:
    return Member(len(content), hashlib.sha256(content).hexdigest())


def manifest(**changes: Any) -> Manifest:
    whole = {
        "created_at": "2026-11-22T09:00:00+00:00",
        "version": "0.1.0",
        "instance_id": "one",
        "highest_attempt": 7,
        "keys": [],
        "migrations": {"teams": ["0001_initial"]},
        "columns": {"teams_team": ["id", "name"]},
        "sequences": {},
        "members": {"tables/teams_team.copy": member(ROWS), "media/a1/b2.webp": member(PICTURE)},
    }
    return Manifest(**(whole | changes))


def archive(*entries: tuple[tarfile.TarInfo | str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as target:
        for name, content in entries:
            entry = tarfile.TarInfo(name) if isinstance(name, str) else name
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return file


def good(**changes: Any) -> list[tuple[tarfile.TarInfo | str, bytes]]:
    return [
        ("tables/teams_team.copy", ROWS),
        ("media/a1/b2.webp", PICTURE),
        ("manifest.json", manifest(**changes).dump()),
    ]


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def test_a_whole_backup_is_read_back(tmp_path: Path) -> None:
    backup = reading.check(archive(*good()), ROOM)
    assert b"".join(backup.rows("teams_team")) == ROWS
    assert backup.unpack_media(tmp_path) == 1
    assert (tmp_path / "a1" / "b2.webp").read_bytes() == PICTURE
    assert (tmp_path / "a1" / "b2.webp").stat().st_mode & 0o777 == 0o600


HOSTILE_NAMES = [
    "../evil",
    "media/../../evil",
    "/etc/passwd",
    "media//etc/passwd",
    "media/./a",
    "media/a\\..\\b",
    "media/.hidden",
    "media/" + "a/" * 12 + "a",
    "media/" + "a" * 300,
    "media/a\nb",
    "media",
    "tables/teams_team.copy/../x",
    'tables/x"; DROP TABLE y; --.copy',
    "tables/TEAMS.copy",
    "restore.sql",
    "keys.json",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_that_is_not_ours_is_refused(name: str) -> None:
    members = manifest().members | {name: member(b"x")}
    with pytest.raises(CommandError, match="Nothing was changed"):
        reading.check(archive((name, b"x"), *good(members=members)), ROOM)


@pytest.mark.parametrize(
    "entry",
    [
        special("media/a", tarfile.SYMTYPE, "/etc/passwd"),
        special("media/a", tarfile.LNKTYPE, "/etc/passwd"),
        special("media/a", tarfile.CHRTYPE),
        special("media/a", tarfile.FIFOTYPE),
        special("media/a", tarfile.DIRTYPE),
    ],
    ids=["symbolic link", "hard link", "device", "pipe", "folder"],
)
def test_only_plain_files_are_taken(entry: tarfile.TarInfo) -> None:
    with pytest.raises(CommandError, match="not a plain file"):
        reading.check(archive((entry, b""), *good()), ROOM)


def test_a_file_that_was_cut_short_is_refused() -> None:
    with pytest.raises(CommandError, match="cut short"):
        reading.check(archive(*good()[:-1]), ROOM)


@pytest.mark.parametrize("keep", [100, 700, 1500])
def test_a_file_cut_in_the_middle_is_refused(keep: int) -> None:
    with pytest.raises(CommandError, match="Nothing was changed"):
        reading.check(io.BytesIO(archive(*good()).getvalue()[:keep]), ROOM)


def test_a_changed_row_is_found() -> None:
    entries = [("tables/teams_team.copy", b"1\tTWO\n"), *good()[1:]]
    with pytest.raises(CommandError, match="differs from what its manifest says"):
        reading.check(archive(*entries), ROOM)


def test_a_member_twice_is_refused() -> None:
    with pytest.raises(CommandError, match="twice"):
        reading.check(archive(good()[0], *good()), ROOM)


def test_a_member_the_manifest_does_not_know_is_refused() -> None:
    with pytest.raises(CommandError, match="differs"):
        reading.check(archive(("media/extra.webp", b"x"), *good()), ROOM)


def test_more_than_the_disk_holds_is_refused_before_it_is_written() -> None:
    with pytest.raises(CommandError, match="are free"):
        reading.check(archive(*good()), room=10)


def test_a_later_format_is_refused_with_advice() -> None:
    with pytest.raises(CommandError, match="format 9"):
        reading.check(archive(*good(format=9)), ROOM)


DAMAGED = [b"", b"{}", b"[]", b'{"format": 1}', b'{"format": 1, "members": {"a": 1}}', b"\xff"]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_manifest_of_another_shape_is_refused(content: bytes) -> None:
    with pytest.raises(CommandError, match="Nothing was changed"):
        reading.check(archive(*good()[:-1], ("manifest.json", content)), ROOM)


@pytest.mark.parametrize(
    "change",
    [{"columns": {"teams_team": "id"}}, {"migrations": {"teams": [1]}}, {"sequences": {"a": "1"}}],
    ids=["columns", "migrations", "sequences"],
)
def test_a_list_that_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="not a backup"):
        reading.check(archive(*good(**change)), ROOM)


def test_a_manifest_with_more_fields_than_ours_is_refused() -> None:
    content = json.loads(manifest().dump()) | {"run_sql": "DROP TABLE teams_team"}
    with pytest.raises(CommandError, match="not a backup"):
        reading.check(archive(*good()[:-1], ("manifest.json", json.dumps(content).encode())), ROOM)


def test_text_that_is_no_archive_is_refused() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        reading.check(io.BytesIO(b"hello" * 1000), ROOM)


def test_the_mark_of_a_key_tells_keys_apart_and_not_the_key() -> None:
    marks = key_fingerprints(("first", "second"))
    assert len(set(marks)) == 2
    assert all(len(mark) == 16 and "first" not in mark for mark in marks)
