"""From one major PostgreSQL to the next: the rows come along, the old folder stays, a failure changes nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pluralis.config.embedded.binaries import MAJOR
from tests import postgres

pytestmark = pytest.mark.crash
OLD = 16
_CLEAN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL", "SECRET_KEY", "FIELD_KEYS", "DEMO")
# Runs as the instance's own user, so that peer authentication lets it in.
_BEGIN = """
import os, sys
from pluralis.cli import privileges
if privileges.running_as_root():
    os.environ.update(privileges.become_system_user(os.environ))
from pathlib import Path
from pluralis.config import state
from pluralis.config.embedded.place import cluster_in
from pluralis.cli.database import database_running
data = state.data_dir_of(os.environ)
state.prepare(data, os.environ)
os.environ["DJANGO_SETTINGS_MODULE"] = "pluralis.config.settings"
"""
_FILL = (
    _BEGIN
    + f"""
from dataclasses import replace
from pluralis.config.embedded.binaries import copy_beside
from pluralis.config.embedded.roles import ensure_database, ensure_roles
old = replace(cluster_in(data), binaries=copy_beside(data / "server", {OLD}))
old.start()
try:
    ensure_roles(old)
    ensure_database(old)
    with database_running(os.environ):
        from pluralis.cli.migrate import migrate
        from pluralis.config.environment import Environment
        os.environ["DATABASE_URL"] = Environment.from_environ(os.environ).database_owner_url
        migrate(check=False)
        from datetime import UTC, datetime
        from pluralis.teams.models import Team, User
        Team.objects.create(name="Norlune é", created_at=datetime.now(UTC))
        User.objects.create_user("alice@example.org", "a long pass phrase", name="Alice")
        from django.db import connection
        connection.close()
        connection.close_pool()
finally:
    old.stop()
"""
)
_READ = (
    _BEGIN
    + """
import django
with database_running(os.environ):
    django.setup()
    from django.db import connection
    from pluralis.teams.models import Team, User
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        print(cursor.fetchone()[0].split(".")[0], Team.objects.get().name, User.objects.get().name)
    connection.close()
    connection.close_pool()
"""
)


class Installation:
    """An instance on the PostgreSQL of a version long ago, used through the command line."""

    def __init__(self, data: Path) -> None:
        self.data = data
        kept = {name: value for name, value in os.environ.items() if name not in _CLEAN}
        self.environ = kept | {"PLURALIS_DATA_DIR": str(data)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=400)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "pluralis.cli.main", *words)

    def python(self, code: str) -> str:
        answer = self.run("-c", code)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout.strip().splitlines()[-1] if answer.stdout.strip() else ""

    def majors(self) -> dict[str, str]:
        """Return the version of each database folder."""
        return {
            path.parent.parent.name.partition("-before")[0]: path.read_text().strip()
            for path in sorted(self.data.glob("postgres*/data/PG_VERSION"))
        }


@pytest.fixture
def instance() -> Iterator[Installation]:
    folder = postgres.new_folder()
    one = Installation(folder / "data")
    one.python(_FILL)
    yield one
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_an_upgrade_brings_every_row_along_and_keeps_the_old_folder(instance: Installation) -> None:
    refused = instance.command("migrate")
    assert refused.returncode == 1
    assert "pluralis upgrade" in refused.stderr
    done = instance.command("upgrade")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"PostgreSQL {OLD} -> {MAJOR}" in done.stdout
    assert instance.python(_READ) == f"{MAJOR} Norlune é Alice"
    assert instance.majors() == {"postgres": str(MAJOR), f"postgres-{OLD}": str(OLD)}
    assert instance.command("migrate", "--check").returncode == 0
    again = instance.command("upgrade")
    assert "Nothing was changed" in again.stdout


def test_an_upgrade_without_the_old_programs_changes_nothing_and_says_what_to_do(instance: Installation) -> None:
    (instance.data / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    refused = instance.command("upgrade")
    assert refused.returncode == 1
    assert "PostgreSQL 14" in refused.stderr
    assert "Restore a backup" in refused.stderr
    assert instance.majors() == {"postgres": "14"}
