"""Points the settings at this run's own database before Django reads them.

Loaded with `-p tests.plugin`. The address is known at once; the server starts when the first test asks for
the database, so tests of `core` never wait for it. `TEST_DATABASE_URL` names another server instead (a role
that may create databases), which is how the suite runs against Debian's PostgreSQL 15.
"""

import os
import shutil

import pytest
from hypothesis import settings

from tests import groups, postgres

GROUP = "group"
COUNTED = {"journeys": "journey", "crash": "crash", "pds": "pds"}
_started = pytest.StashKey[postgres.Cluster | None]()
_NOT_FROM_OUTSIDE = ("DEMO", "DEBUG", "BIND", "PORT", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "LOG_LEVEL")

# How many examples a property is tried on; `HYPOTHESIS_PROFILE=thorough` where there is time. No deadline: a busy
# machine is no fault of the code.
settings.register_profile("quick", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def _point_settings_here() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ or postgres.FOLDER not in os.environ:
        os.environ[postgres.FOLDER] = str(postgres.new_folder())
    url = postgres.run_url()
    os.environ |= {
        "PLURALIS_DATA_DIR": f"{os.environ[postgres.FOLDER]}/state",
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "DATABASE_DIRECT_URL": url,
        "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
        "FIELD_KEYS": "dGVzdHMtb25seS1rZXktMzItYnl0ZXMtbG9uZy4uLi4=",
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
    for name in _NOT_FROM_OUTSIDE:
        os.environ.pop(name, None)


# At import, because pytest-django reads the settings in the first hook there is.
_point_settings_here()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Under xdist the controller starts the server, so that it outlives every worker."""
    if getattr(session.config.option, "numprocesses", None) and not _is_worker(session.config):
        start(session.config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests that start or kill servers to one worker, one after the other (`--dist loadgroup`).

    The journeys are two groups of their own, those on a whole installation and those on the tests' own server, and
    come last: the browser's event loop runs in their process until its end, and whatever came after it would find
    itself inside a loop.
    """
    items.sort(key=_is_journey)
    for item in items:
        # Markers, not keywords: a test may have the name of a group in its own name.
        marked = [name for name in groups.ONE_AT_A_TIME if item.get_closest_marker(name)]
        item.user_properties += [(GROUP, name) for name in marked]
        if _is_journey(item):
            whole = "stack" in getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("journeys" if whole else "journeys on a page"))
        elif marked:
            item.add_marker(pytest.mark.xdist_group("one at a time"))


def _is_journey(item: pytest.Item) -> bool:
    return "journeys" in item.path.parts


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    groups.skip_or_fail(item)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say, just above pytest's own last line, how many tests of each heavy group really ran."""
    ran = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])]
    counts = [
        f"{name}={sum((GROUP, marker) in one.user_properties for one in ran)}" for name, marker in COUNTED.items()
    ]
    skipped = len(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line(" ".join([*counts, f"skipped={skipped}"]))


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster = config.stash.get(_started, None)
    if cluster is not None:
        cluster.stop()
    if not _is_worker(config):
        shutil.rmtree(os.environ[postgres.FOLDER], ignore_errors=True)


def start(config: pytest.Config) -> None:
    """Start this run's server unless it runs already; it is stopped at the end of the run."""
    cluster = postgres.start_for_this_run()
    if cluster is not None:
        config.stash[_started] = cluster


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
