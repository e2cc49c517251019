"""Columns and constraints that every app uses: our id, sealed secrets, and foreign keys inside one team."""

import json
import re
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import migrations, models

from pluralis.teams.ids import new_id


class IdField(models.UUIDField):  # type: ignore[type-arg]  # no generic class when it runs
    """The primary key of every table: a version 7 UUID, never a number that can be counted."""

    def __init__(self, **options: Any) -> None:
        options.update(primary_key=True, default=new_id, editable=False)
        super().__init__(**options)


def storable(value: Any) -> Any:
    """Return a value of somebody else's as PostgreSQL can keep it: NUL goes, half a surrogate pair becomes U+FFFD.

    Texts inside dictionaries and lists are made storable too; what is no text comes back as it is.
    """
    if isinstance(value, str):
        return _UNKEPT.sub(lambda found: "" if found[0] == "\0" else "\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list | tuple) else value


_UNKEPT = re.compile("[\0\ud800-\udfff]")


class SealBroken(Exception):
    """A secret cannot be opened: its key is gone, or it was sealed for another owner."""


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def seal(owner_id: object, values: dict[str, str]) -> bytes:
    """Encrypt ``values`` with the newest key. ``owner_id`` lies inside, so that a moved secret does not open."""
    return _keys().encrypt(json.dumps({"owner": str(owner_id), "values": values}).encode())


def unseal(owner_id: object, sealed: bytes | memoryview) -> dict[str, str]:
    """Decrypt what :func:`seal` made for ``owner_id``; :class:`SealBroken` otherwise."""
    try:
        content = json.loads(_keys().decrypt(bytes(sealed)))
    except InvalidToken as error:
        raise SealBroken("no key of this installation opens this secret") from error
    if content["owner"] != str(owner_id):
        raise SealBroken("this secret was sealed for another owner")
    values: dict[str, str] = content["values"]
    return values


def reseal(sealed: bytes | memoryview) -> bytes:
    """Encrypt again with the newest key, without looking at the content."""
    return _keys().rotate(bytes(sealed))


def same_team(table: str, column: str, target: str) -> migrations.RunSQL:
    """Return the migration step that ties ``table.column`` to a row of the *same team* in ``target``.

    A plain foreign key would let a row of one team point at another's; the composite one cannot. Django has no
    composite foreign keys yet, so this is SQL; ``target`` needs :func:`team_key` first.
    """
    name = f"{table}_{column}_same_team"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (team_id, {column}) "
        f"REFERENCES {target} (team_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def team_key(table: str) -> migrations.RunSQL:
    """Return the migration step that makes ``(team_id, id)`` of ``table`` a key others can point at."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_team_key UNIQUE (team_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_team_key",
    )


def append_only(table: str) -> migrations.RunSQL:
    """Return the migration step after which rows of ``table`` can be added and read, never changed or removed.

    The owner role may still remove rows (erasing a team); the role the program runs as may not.
    """
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('pluralis.erasing', true) = 'on' THEN RETURN OLD; END IF;
          RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
        """,
        f"DROP TRIGGER {table}_append_only ON {table}; DROP FUNCTION {table}_append_only();",
    )
