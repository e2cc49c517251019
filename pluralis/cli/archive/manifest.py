"""The last member of a backup: what it holds, with sizes and SHA-256 of every member."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pluralis import cli

FORMAT = 1
NAME = "manifest.json"
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Member:
    """Size in bytes and SHA-256 (hex) of one member."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What a backup says of itself.

    `migrations` names, per app, every migration the database had; `columns` the columns of each table in the
    order of its rows; `sequences` the last value of each. `keys` are fingerprints, from which no key follows.
    """

    created_at: str
    version: str
    instance_id: str
    highest_attempt: int
    keys: list[str]
    migrations: dict[str, list[str]]
    columns: dict[str, list[str]]
    sequences: dict[str, int]
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    def dump(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def load(content: bytes) -> Manifest:
    """Read a manifest strictly: every field there, of the right shape, nothing else; raises CommandError."""
    try:
        found = json.loads(content)
        if found.get("format") != FORMAT:
            raise cli.CommandError(
                f"This backup has format {found.get('format')}; this version reads {FORMAT}. Nothing was changed. "
                "Restore it with the version that wrote it."
            )
        members = {name: Member(int(one["size"]), str(one["sha256"])) for name, one in found["members"].items()}
        manifest = Manifest(**{**found, "members": members})
        _check_shapes(manifest)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise cli.CommandError(f"This is not a backup of Pluralis ({problem}). Nothing was changed.") from None
    return manifest


def key_fingerprints(field_keys: tuple[str, ...]) -> list[str]:
    """Return a short mark of each key: enough to see that keys and backup belong together."""
    return [hashlib.sha256(b"pluralis key mark" + key.encode()).hexdigest()[:16] for key in field_keys]


def _check_shapes(manifest: Manifest) -> None:
    lists: list[dict[str, Any]] = [manifest.migrations, manifest.columns]
    for names in lists:
        for key, values in names.items():
            if not isinstance(values, list) or not all(isinstance(value, str) for value in [key, *values]):
                raise ValueError("a list of names is not one")
    if not all(isinstance(value, int) for value in [*manifest.sequences.values(), manifest.highest_attempt]):
        raise ValueError("a number is not one")
