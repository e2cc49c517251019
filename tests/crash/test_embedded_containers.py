"""What `Dockerfile` and `compose.yaml` would run, run outside a container with the same variables.

Containers cannot run where Pluralis is developed; this is what can be shown without them.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pluralis.cli.main import commands
from pluralis.config.embedded import APP, OWNER, Cluster
from pluralis.config.environment import declared
from tests import postgres

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = [name for name, service in COMPOSE["services"].items() if "command" in service]


def test_every_command_of_the_compose_file_exists() -> None:
    assert {COMPOSE["services"][name]["command"][0] for name in OURS} == {"migrate", "web", "worker"}
    assert {"migrate", "web", "worker", "healthy"} <= set(commands())
    assert COMPOSE["services"]["web"]["healthcheck"]["test"][-1] == "healthy"


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_a_service_is_a_setting(name: str) -> None:
    settings = {one.metadata["name"] for one in declared()}
    assert set(COMPOSE["services"][name]["environment"]) <= settings


def test_the_image_copies_what_is_there_and_does_not_run_as_root() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert DOCKERFILE.index("USER pluralis") < DOCKERFILE.index("ENTRYPOINT")


def test_only_the_migration_gets_the_owners_password() -> None:
    holders = [name for name in OURS if "DATABASE_OWNER_URL" in COMPOSE["services"][name]["environment"]]
    assert holders == ["migrate"]


@pytest.fixture
def server(short_folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL of somebody's own: no role and no database of ours in it yet."""
    programs = postgres.readable_binaries(short_folder)
    cluster = postgres.cluster_for_tests(short_folder / "pg", programs)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def environ(server: Cluster, short_folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    return kept | {
        "PLURALIS_DATA_DIR": str(short_folder / "state"),
        "DATABASE_URL": server.url("pluralis", APP),
        "PORT": str(port),
        "SITE_URL": "https://desk.example.org",
    }


def run(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pluralis.cli.main", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=180)


@pytest.mark.crash
def test_roles_migrate_web_worker_and_the_health_check_work_together(
    server: Cluster, environ: dict[str, str]
) -> None:
    superuser = {
        "PATH": f"{server.binaries.folder}:{os.defpath}",
        "PGHOST": str(server.socket_folder),
        "PGUSER": "postgres",
        "OWNER_PASSWORD": "it's; a \\ secret",
        "APP_PASSWORD": "another",
    }
    roles = subprocess.run(
        ["sh", str(ROOT / "docs" / "how-to" / "roles.sh")], env=superuser, capture_output=True, text=True
    )
    assert roles.returncode == 0, roles.stderr
    migrated = run(environ | {"DATABASE_OWNER_URL": server.url("pluralis", OWNER)}, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert run(environ, "healthy").returncode == 1, "nothing runs yet"
    children = [
        subprocess.Popen([sys.executable, "-m", "pluralis.cli.main", name], env=environ, stderr=subprocess.DEVNULL)
        for name in ("web", "worker")
    ]
    try:
        give_up = time.monotonic() + 60
        while (answer := run(environ, "healthy")).returncode and time.monotonic() < give_up:
            time.sleep(0.5)
        assert answer.returncode == 0, answer.stdout
        doctor = run(environ, "doctor")
        assert "well  rights: few, as it should be" in doctor.stdout
        assert "FIX" not in "".join(
            line for line in doctor.stdout.splitlines() if "fsync" not in line and "sync" not in line
        )
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        codes = [child.wait(timeout=60) for child in children]
    assert all(code in (0, -signal.SIGTERM) for code in codes)
