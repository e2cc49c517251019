"""The secrets of an instance on one machine: `keys.json` in the data folder, mode 0600, never in a backup."""

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pluralis.config.files import write_private

FILE = "keys.json"


class KeysError(Exception):
    """The keys cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Keys:
    """The signing key and the Fernet keys (newest first)."""

    secret_key: str
    field_keys: tuple[str, ...]

    @classmethod
    def read(cls, data_dir: Path) -> "Keys":
        """Read the file; raises KeysError when it is missing, unreadable, damaged or open to others."""
        path = data_dir / FILE
        try:
            if path.stat().st_mode & 0o077:
                raise KeysError(f"{path} can be read by other users. Run: chmod 600 {path}")
            found = json.loads(path.read_text())
            return cls(found["secret_key"], tuple(found["field_keys"]))
        except FileNotFoundError:
            raise KeysError(
                f"SECRET_KEY and FIELD_KEYS are not set and there is no {path}. "
                "`pluralis up` writes that file on its first start; on many machines set both variables."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise KeysError(f"{path} cannot be read ({problem}). Put the copy you kept back in its place.") from None

    @classmethod
    def ensure(cls, data_dir: Path) -> "Keys":
        """Return the keys of this instance, made on the first start."""
        if not (data_dir / FILE).exists():
            keys = cls(secrets.token_urlsafe(48), (new_field_key(),))
            content = {"secret_key": keys.secret_key, "field_keys": list(keys.field_keys)}
            write_private(data_dir / FILE, json.dumps(content, indent=1))
        return cls.read(data_dir)

    @staticmethod
    def problems_of(field_keys: tuple[str, ...]) -> list[str]:
        """Return what is wrong with Fernet keys: each is 32 bytes in url-safe base64."""
        if not field_keys:
            return ["FIELD_KEYS must name at least one key."]
        return [
            f"FIELD_KEYS: key {n} is no Fernet key." for n, key in enumerate(field_keys, 1) if not _is_fernet(key)
        ]


def new_field_key() -> str:
    """Return a new Fernet key (the format of the Fernet specification: 32 random bytes, url-safe base64)."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _is_fernet(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False
