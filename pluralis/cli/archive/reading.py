"""Reading a backup that may be hostile: everything is checked before anything is changed."""

import hashlib
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from pluralis import cli
from pluralis.cli.archive import manifest as manifests
from pluralis.cli.archive.manifest import Manifest, Member

_BLOCK = 1 << 20
_MOST_MEMBERS = 5_000_000
# Room for the rows' indexes and the write-ahead log beside the rows themselves.
_ROOM = 3
_TABLE = re.compile(r"tables/([a-z][a-z0-9_]{0,62})\.copy")
_MEDIA_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True)
class Backup:
    """A checked backup: its manifest, and the file to read rows and media from."""

    manifest: Manifest
    archive: tarfile.TarFile

    def rows(self, table: str) -> Iterator[bytes]:
        """Yield the rows of a table in blocks."""
        yield from _blocks(self._content(f"tables/{table}.copy"))

    def unpack_media(self, folder: Path) -> int:
        """Write the media below a new, private folder; returns how many there were."""
        names = [name for name in self.manifest.members if name.startswith("media/")]
        for name in names:
            target = folder / name.removeprefix("media/")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("xb") as file:
                file.writelines(_blocks(self._content(name)))
            target.chmod(0o600)
        return len(names)

    def _content(self, name: str) -> IO[bytes]:
        content = self.archive.extractfile(name)
        if content is None:
            raise _refusal(f"{name!r} is not a file")
        return content


def check(file: BinaryIO, room: int) -> Backup:
    """Read the whole file once and return it as a backup, or raise CommandError; nothing is written.

    Refused are: names that are not ours (so no path can lead outside), links, devices and sparse files, a
    member twice, members that the manifest does not know or whose size or hash differs, a missing manifest
    (a file cut short), and more bytes than there is `room` (bytes free on disk) for.
    """
    try:
        file.seek(0)
        archive = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 - stays open for the restore
        found = _measure_all(archive, room)
        if manifests.NAME not in found:
            raise _refusal("it was cut short: its last part is missing")
        content = archive.extractfile(manifests.NAME)
        manifest = manifests.load(content.read() if content else b"")
    except (tarfile.TarError, EOFError, OSError, UnicodeError) as problem:
        raise _refusal(f"it cannot be read: {problem}") from None
    del found[manifests.NAME]
    _compare(manifest, found)
    return Backup(manifest, archive)


def _measure_all(archive: tarfile.TarFile, room: int) -> dict[str, Member]:
    found: dict[str, Member] = {}
    needed = 0
    for entry in archive:
        needed += entry.size * _ROOM
        _check_entry(entry)
        if entry.name in found or len(found) > _MOST_MEMBERS:
            raise _refusal(f"{entry.name!r} is there twice, or there are too many")
        if needed > room:
            raise _refusal(f"it needs over {needed >> 20} MB and {room >> 20} MB are free")
        found[entry.name] = _measure(archive.extractfile(entry))
    return found


def _check_entry(entry: tarfile.TarInfo) -> None:
    if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.issparse():
        raise _refusal(f"{entry.name!r} is not a plain file")
    if entry.name == manifests.NAME and entry.size > manifests.MOST_BYTES:
        raise _refusal("its manifest is too large")
    if not _is_our_name(entry.name):
        raise _refusal(f"{entry.name!r} is not a name of ours")


def _is_our_name(name: str) -> bool:
    if name == manifests.NAME or _TABLE.fullmatch(name):
        return True
    parts = PurePosixPath(name).parts
    named = len(parts) > 1 and parts[0] == "media" and "/".join(parts) == name
    return named and len(parts) < 10 and all(_MEDIA_PART.fullmatch(part) for part in parts[1:])


def _compare(manifest: Manifest, found: dict[str, Member]) -> None:
    if found != manifest.members:
        names = sorted(
            name for name in found.keys() | manifest.members.keys() if found.get(name) != manifest.members.get(name)
        )
        raise _refusal(f"{names[0]!r} differs from what its manifest says")
    if {f"tables/{table}.copy" for table in manifest.columns} != {name for name in found if _TABLE.fullmatch(name)}:
        raise _refusal("its tables differ from what its manifest says")


def _measure(content: IO[bytes] | None) -> Member:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(content) if content else ():
        digest.update(block)
        size += len(block)
    return Member(size, digest.hexdigest())


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    while block := content.read(_BLOCK):
        yield block


def _refusal(reason: str) -> cli.CommandError:
    return cli.CommandError(f"This backup is refused: {reason}. Nothing was changed.")
