"""A backup taken from one instance and put in place on another: rows and media come back, keys do not."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres

pytestmark = pytest.mark.crash
_CLEAN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL", "SECRET_KEY", "FIELD_KEYS", "DEMO")
# Runs as the instance's own user, so that peer authentication lets it in.
_AS_INSTANCE = """
import os, sys
from pluralis.cli import privileges
if privileges.running_as_root():
    os.environ.update(privileges.become_system_user(os.environ))
import django
from pluralis.cli.database import database_running
os.environ["DJANGO_SETTINGS_MODULE"] = "pluralis.config.settings"
with database_running(os.environ):
    django.setup()
    from datetime import UTC, datetime
    from pluralis.publishing.models import Instance
    from pluralis.teams.fields import seal
    from pluralis.teams.models import Account, Credential, Team, User
    now = datetime.now(UTC)
    exec(sys.argv[1])
"""
_FILL = """
team = Team.objects.create(name="Norlune\\tand\\nmore", created_at=now)
User.objects.create_user("alice@example.org", "a long pass phrase", name="Alice é \U0001f9a9")
account = Account.objects.create(
    team=team, network="x", host="x.com", remote_id="1", handle="norlune", created_at=now)
Credential.objects.create(
    account=account, sealed=seal(account.id, {"token": "canary-of-the-token"}), updated_at=now)
media = os.path.join(os.environ["PLURALIS_DATA_DIR"], "media", "a1")
os.makedirs(media)
open(os.path.join(media, "b2.webp"), "wb").write(b"RIFF-picture")
"""
_READ = """
import json
print(json.dumps({
    "team": Team.objects.get().name,
    "people": list(User.objects.values_list("email", "name")),
    "connected": Account.objects.get().connected,
    "quarantined": Account.objects.get().quarantined_at is not None,
    "instance_quarantined": Instance.objects.filter(quarantined_at__isnull=False).exists(),
}))
"""


class Installation:
    """An instance in a folder of its own, used through the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        kept = {name: value for name, value in os.environ.items() if name not in _CLEAN}
        self.environ = kept | {"PLURALIS_DATA_DIR": str(self.data)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pluralis.cli.main", *words]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=300)

    def well(self, *words: str) -> str:
        answer = self.run(*words)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def python(self, code: str) -> str:
        command = [sys.executable, "-c", _AS_INSTANCE, code]
        answer = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=120)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout


@pytest.fixture(scope="module")
def folders() -> Iterator[list[Path]]:
    made = [postgres.new_folder() for _ in range(3)]
    yield made
    subprocess.run(["rm", "-rf", *map(str, made)], check=True)


@pytest.fixture(scope="module")
def original(folders: list[Path]) -> Installation:
    """An instance with a person, a team, a connected account and a picture."""
    one = Installation(folders[0])
    one.well("migrate")
    one.python(_FILL)
    return one


@pytest.fixture(scope="module")
def backup(original: Installation) -> Path:
    path = original.folder / "desk.backup"
    said = original.well("backup", str(path))
    assert "The keys are not in it" in said
    assert str(original.data / "keys.json") in said
    return path


def test_a_backup_is_private_and_never_written_over(original: Installation, backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    again = original.run("backup", str(backup))
    assert again.returncode == 1
    assert "already there" in again.stderr


def test_a_backup_holds_no_key_no_password_and_no_open_token(original: Installation, backup: Path) -> None:
    content = backup.read_bytes()
    keys = json.loads((original.data / "keys.json").read_text())
    for secret in (keys["secret_key"], *keys["field_keys"], "a long pass phrase", "canary-of-the-token"):
        assert secret.encode() not in content
    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert "media/a1/b2.webp" in names
    assert not [name for name in names if "procrastinate" in name or "session" in name or "keys" in name]


def test_a_restore_elsewhere_brings_everything_back_in_quarantine(folders: list[Path], backup: Path) -> None:
    other = Installation(folders[1])
    said = other.well("restore", str(backup))
    assert "1 accounts are in quarantine" in said
    assert "1 accounts are disconnected" in said, "its keys are not on this machine"
    found = json.loads(other.python(_READ))
    assert found == {
        "team": "Norlune\tand\nmore",
        "people": [["alice@example.org", "Alice é \U0001f9a9"]],
        "connected": False,
        "quarantined": True,
        "instance_quarantined": True,
    }
    assert (other.data / "media" / "a1" / "b2.webp").read_bytes() == b"RIFF-picture"


def test_with_the_old_keys_beside_it_accounts_stay_connected(
    folders: list[Path], original: Installation, backup: Path
) -> None:
    third = Installation(folders[2])
    keys = json.loads((original.data / "keys.json").read_text())
    third.environ |= {"SECRET_KEY": keys["secret_key"], "FIELD_KEYS": ",".join(keys["field_keys"])}
    said = third.well("restore", str(backup))
    assert "disconnected" not in said
    assert json.loads(third.python(_READ))["connected"] is True


def test_a_restore_over_data_keeps_what_was_there(original: Installation, backup: Path) -> None:
    original.python("Team.objects.update(name='after the backup')")
    said = original.well("restore", str(backup))
    assert "What was there before is kept: the database pluralis_before_" in said
    assert json.loads(original.python(_READ))["team"] == "Norlune\tand\nmore"
    assert len(list(original.data.glob("media-before-*/a1/b2.webp"))) == 1


def test_attempt_numbers_go_on_after_the_highest_ever_used(original: Installation, backup: Path) -> None:
    known = json.loads((original.data / "instance.json").read_text())
    original.python(
        "from pluralis.config import instance; from pathlib import Path;"
        "instance.raise_highest_attempt(Path(os.environ['PLURALIS_DATA_DIR']), 4200)"
    )
    original.well("restore", str(backup))
    after = json.loads((original.data / "instance.json").read_text())
    assert (after["instance_id"], after["highest_attempt"]) == (known["instance_id"], 4200)
    number = original.python(
        "from django.db import connection\n"
        "with connection.cursor() as c: c.execute(\"SELECT nextval('publishing_attempt_id_seq')\");"
        " print(c.fetchone()[0])"
    )
    assert int(number) == 4201


def test_a_damaged_backup_changes_nothing(original: Installation, backup: Path) -> None:
    before = original.python(_READ)
    damaged = original.folder / "damaged.backup"
    content = bytearray(backup.read_bytes())
    place = content.index(b"alice@example.org")
    content[place : place + 5] = b"mallo"
    damaged.write_bytes(content)
    answer = original.run("restore", str(damaged))
    assert answer.returncode == 1
    assert "Nothing was changed" in answer.stderr
    assert original.python(_READ) == before
