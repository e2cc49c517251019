"""The version before and this one side by side through the migrations: both publish, both answer, nothing doubles."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from pluralis.config.embedded import OWNER, Cluster
from pluralis.config.embedded.roles import ensure_database, ensure_roles
from tests import postgres
from tests.catalogue import Facts, schema_of

pytestmark = pytest.mark.crash
ROOT = Path(__file__).resolve().parents[2]
BEFORE = "v0.1.0"
EACH = 14
"""Posts that each version orders at a time."""

ORDER = """
import sys, django
django.setup()
from datetime import timedelta
from pluralis.posts.actions import create_post
from pluralis.posts.drafts import one_text
from pluralis.publishing.actions import Plan, schedule_post
from pluralis.teams.models import Account, Membership
from pluralis.teams.queries import database_now
who, count, now = sys.argv[1], int(sys.argv[2]), database_now()
actor = Membership.objects.filter(role="owner").select_related("user", "team").first()
accounts = list(Account.objects.filter(connected=True).order_by("id"))
for number in range(count):
    post = create_post(actor=actor, draft=one_text(f"Rolling {who} {number}"), client_key=f"w{who}{number}", now=now)
    schedule_post(actor=actor, post_id=post.id, account_ids=[accounts[number % len(accounts)].id],
                  plan=Plan(at=now + timedelta(seconds=0.4 * number)), client_key=f"p{who}{number}", now=now)
"""
SESSION = """
import django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from pluralis.teams.models import Membership
user = Membership.objects.filter(role="owner").first().user
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session.create()
print(session.session_key)
"""


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True, text=True).stdout.strip()


def commit_before() -> str:
    """Return the commit of the version before: its tag, else the commit that dated it; or skip."""
    try:
        if git("rev-parse", "--is-shallow-repository") == "true":
            pytest.skip("a shallow clone does not hold the version before: git fetch --unshallow --tags")
        if git("tag", "--list", BEFORE):
            return git("rev-parse", f"{BEFORE}^{{commit}}")
        dated = git("log", "-1", "--format=%H", "--grep", "^Date the first version$")
        return dated or pytest.skip(f"neither the tag {BEFORE} nor the commit that dated it is in this history")
    except (OSError, subprocess.CalledProcessError) as problem:
        pytest.skip(f"without git and its history there is no version before: {problem}")


@dataclass
class Release:
    """One version of the program, in a folder of its own, on the database that both share."""

    tree: Path
    environ: dict[str, str]
    stack: ExitStack

    def run(self, *words: str) -> str:
        """Run one of its commands, or Python's, to the end."""
        done = subprocess.run(
            [sys.executable, *words], cwd=self.tree, env=self.environ, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{self.tree.name} {words[:3]}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout.strip()

    def command(self, *words: str) -> str:
        return self.run("-m", "pluralis.cli.main", *words)

    def start(self, *words: str) -> None:
        """Start one of its programs; it is stopped at the end."""
        log = (Path(self.environ["PLURALIS_DATA_DIR"]).parent / f"{self.tree.name}-{words[0]}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "pluralis.cli.main", *words],
            cwd=self.tree, env=self.environ, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        self.stack.callback(stop, process)

    def order(self, who: str) -> None:
        """Order posts with this version's own code."""
        self.run("-c", ORDER, who, str(EACH))

    def page(self, path: str, session: str = "") -> tuple[int, str]:
        """Return the status of a page of this version's web process, and where it led to."""
        address = f"http://localhost:{self.environ['PORT']}{path}"
        request = urllib.request.Request(address, headers={"Cookie": f"pluralis={session}"} if session else {})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, urlsplit(answer.geturl()).path

    def await_page(self) -> None:
        """Wait until the web process answers."""
        give_up = time.monotonic() + 240
        while True:
            try:
                self.page("/healthz")
                return
            except OSError:
                assert time.monotonic() < give_up, f"{self.tree.name} does not answer"
                time.sleep(0.2)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=40)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Pair:
    """Both versions on one database, and what stands where."""

    old: Release
    new: Release
    url: str
    cluster: Cluster

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement).fetchall()

    def accepted(self) -> Counter[str]:
        """Return how often each of our texts was accepted, by the networks' own ledgers."""
        told = json.loads((Path(self.old.environ["PLURALIS_DATA_DIR"]) / "network.json").read_text())
        texts: Counter[str] = Counter()
        for port in told["ports"].values():
            address = f"http://127.0.0.1:{port}/_fake/ledger?action=post"
            request = urllib.request.Request(address, headers={"Fake-Secret": told["secret"]})
            with urllib.request.urlopen(request, timeout=60) as answer:
                entries = json.load(answer)["entries"]
            ours = (one["detail"].get("text", "") for one in entries)
            texts.update(text for text in ours if text.startswith("Rolling"))
        return texts

    def await_sent(self, count: int) -> None:
        """Wait until so many of our parts are sent."""
        give_up = time.monotonic() + 300
        while (states := self.states()).get("sent", 0) < count:
            assert time.monotonic() < give_up, f"not all was sent: {states}"
            time.sleep(0.5)

    def tables(self) -> Facts:
        """Return what this database says of its tables: those of the version before, brought up to date."""
        with psycopg.connect(self.url) as connection:
            return schema_of(connection)

    def fresh_tables(self) -> Facts:
        """Return the same of an empty database that the new version alone has migrated."""
        ensure_database(self.cluster, "fresh")
        url = self.cluster.url("fresh", OWNER)
        names = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL")
        Release(ROOT, self.new.environ | dict.fromkeys(names, url), self.new.stack).command("migrate")
        with psycopg.connect(url) as connection:
            return schema_of(connection)

    def states(self) -> dict[object, int]:
        rows = self.query("SELECT state FROM publishing_part WHERE text LIKE 'Rolling%'")
        return dict(Counter(state for (state,) in rows))


@pytest.fixture
def pair() -> Iterator[Pair]:
    """The version before with its demo on a fresh database, and this one beside it, nothing of it started yet."""
    commit = commit_before()
    folder = postgres.new_folder()
    cluster = postgres.cluster_for_tests(folder / "pg", postgres.readable_binaries(folder))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster.start()
        stack.callback(cluster.stop)
        ensure_roles(cluster, may_create_databases=True)
        ensure_database(cluster)
        environ = environ_of(folder, cluster.url("pluralis", OWNER))
        old = Release(folder / "before", environ | {"PORT": str(free_port())}, stack)
        new = Release(ROOT, environ | {"PORT": str(free_port())}, stack)
        old.tree.mkdir()
        packed = subprocess.run(["git", "-C", ROOT, "archive", commit, "pluralis"], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", old.tree], input=packed.stdout, check=True)
        yield Pair(old, new, environ["DATABASE_URL"], cluster)


def environ_of(folder: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLURALIS", "DATABASE"))}
    return kept | {
        "PLURALIS_DATA_DIR": str(folder / "data"),
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "DATABASE_DIRECT_URL": url,
        "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
        "FIELD_KEYS": "dGVzdHMtb25seS1rZXktMzItYnl0ZXMtbG9uZy4uLi4=",
        "DJANGO_SETTINGS_MODULE": "pluralis.config.settings",
        "DEMO": "1",
    }


def test_old_and_new_publish_side_by_side_through_the_migrations_and_the_old_pages_still_answer(pair: Pair) -> None:
    old, new = pair.old, pair.new
    old.command("migrate")
    old.start("network")
    old.command("demo")
    session = old.run("-c", SESSION)
    for program in ("web", "worker"):
        old.start(program)
    old.await_page()
    old.order("first")
    # The new version migrates while the old one is at work, and comes up beside it.
    new.command("migrate")
    # Made by every single migration from the first version on, or by the squashed ones: the same tables.
    here, fresh = pair.tables(), pair.fresh_tables()
    assert here - fresh == fresh - here == set()
    for program in ("web", "worker"):
        new.start(program)
    new.await_page()
    old.order("second")
    new.order("third")
    pair.await_sent(3 * EACH)
    texts = pair.accepted()
    assert len(texts) == 3 * EACH
    assert set(texts.values()) == {1}
    assert len(pair.query(BOTH_WORKERS)) == 2, "only one version published"
    for release in (old, new):
        for path in ("/calendar", "/inbox"):
            assert release.page(path, session) == (200, path)


BOTH_WORKERS = """
SELECT DISTINCT attempt.worker FROM publishing_attempt attempt JOIN publishing_part part ON part.id = attempt.part_id
WHERE part.text LIKE 'Rolling%'
"""
