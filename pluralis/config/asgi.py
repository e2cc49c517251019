"""The web application: Django, served by uvicorn, and the one connection that hears of changes for its live pages."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pluralis.config.settings")
_django = get_asgi_application()

from django.conf import settings  # noqa: E402 - after Django is set up

from pluralis.config import health  # noqa: E402
from pluralis.config.settling import settle  # noqa: E402
from pluralis.publishing.queries import demo_problem  # noqa: E402
from pluralis.web.live import changes, listener_problem  # noqa: E402

health.register("listener", listener_problem)
if settings.DEMO:
    health.register("demo", demo_problem)
settle()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer one request; the first one, such as a load balancer's for `/healthz`, starts the listener."""
    changes().start()
    await _django(scope, receive, send)
