"""Is this instance well? `/healthz` answers with one line per part.

Parts register a check: a function that returns None when all is well, or a sentence that says what is not.
The answer names parts and sentences only: no address, no version, no data.
"""

from collections.abc import Callable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

WORKER_SILENT_SECONDS = 30

_checks: dict[str, Callable[[], str | None]] = {}
_migrated = False


def register(part: str, check: Callable[[], str | None]) -> None:
    """Add a part to `/healthz`; a second registration under the same name replaces the first."""
    _checks[part] = check


def problems() -> dict[str, str | None]:
    """Return what is wrong with each part, None where nothing is."""
    answers: dict[str, str | None] = {"database": _database()}
    if answers["database"] is None:
        answers |= {name: _answer_of(check) for name, check in _all_checks().items()}
    return answers


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is well, 503 when one is not; for load balancers and `pluralis up`."""
    found = problems()
    well = not any(found.values())
    return JsonResponse({"ok": well, "parts": found}, status=200 if well else 503)


def _all_checks() -> dict[str, Callable[[], str | None]]:
    return {"migrations": _migrations, "worker": _worker, **_checks}


def _answer_of(check: Callable[[], str | None]) -> str | None:
    try:
        return check()
    except Exception as problem:
        return f"the check failed: {type(problem).__name__}"


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as problem:
        return f"not reached: {type(problem).__name__}"
    return None


def _migrations() -> str | None:
    """Missing migrations are looked for until none is; after that they cannot be missing any more."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "some are missing: run `pluralis migrate`"
        _migrated = True
    return None


def _worker() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        silent = cursor.fetchone()[0]
    if silent is None:
        return "no worker runs"
    if silent > WORKER_SILENT_SECONDS:
        return f"no worker was heard of for {silent:.0f} s"
    return None
