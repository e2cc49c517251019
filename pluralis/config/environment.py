"""The settings of an instance, read from environment variables and from nowhere else.

Each setting stands once, below, with its documentation beside it; `docs/reference/settings.md` is this
table in words and a test compares the two. A wrong or missing value stops the start with one message that
names every problem, never with a guess.

The two secrets (`SECRET_KEY`, `FIELD_KEYS`) may come from the file `keys.json` in the data folder instead,
which `pluralis up` writes on the first start; on many machines they must be given.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pluralis.config.embedded import APP, OWNER
from pluralis.config.embedded.place import cluster_in
from pluralis.config.keys import Keys, KeysError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class SettingsError(Exception):
    """One or more settings are wrong or missing; the message has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"Pluralis cannot start with these settings:\n{lines}\nSee docs/reference/settings.md.")


def setting(name: str, parse: Callable[[str], Any], about: str, default: Any = MISSING) -> Any:
    """Declare a setting: its variable, how its text is read, what it means, and its value when unset."""
    metadata = {"name": name, "parse": parse, "about": about}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def as_text(text: str) -> str:
    return text.strip()


def as_flag(text: str) -> bool:
    if text.strip().lower() in _TRUE | _FALSE:
        return text.strip().lower() in _TRUE
    raise ValueError("must be 1 or 0")


def as_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def as_folder(text: str) -> Path:
    if not Path(text).is_absolute():
        raise ValueError("must be an absolute path")
    return Path(text)


def as_port(text: str) -> int:
    if not text.strip().isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("must be a number from 1 to 65535")
    return int(text)


def as_count(text: str) -> int:
    if not text.strip().isdigit() or not 1 <= int(text) <= 200:
        raise ValueError("must be a whole number from 1 to 200")
    return int(text)


def as_megabytes(text: str) -> int:
    if not text.strip().isdigit() or not 1 <= int(text) <= 512:
        raise ValueError("must be a whole number of megabytes from 1 to 512")
    return int(text)


def as_level(text: str) -> str:
    if text.strip().upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.strip().upper()


def as_database(text: str) -> str:
    if urlsplit(text).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must begin with postgresql://")
    return text.strip()


def as_site(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("must look like https://desk.example.org, without a path")
    return text.strip().rstrip("/")


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All settings of this process; see `from_environ`."""

    data_dir: Path = setting(
        "PLURALIS_DATA_DIR",
        as_folder,
        "Folder for everything this instance keeps on this machine: the embedded database, media, keys and the "
        "instance file. Private to its user (0700). Unset: /var/lib/pluralis as root, else pluralis in the "
        "user's state folder (XDG_STATE_HOME, or ~/.local/state); `make up` uses var/ in the checkout when it "
        "is not started as root.",
    )
    secret_key: str = setting(
        "SECRET_KEY",
        as_text,
        "Signs sessions and links; at least 32 characters, the same on every machine. Unset: from keys.json in "
        "the data folder.",
    )
    field_keys: tuple[str, ...] = setting(
        "FIELD_KEYS",
        as_list,
        "Fernet keys that encrypt credentials, newest first, separated by commas, the same on every machine. "
        "Unset: from keys.json in the data folder.",
    )
    database_url: str = setting(
        "DATABASE_URL",
        as_database,
        "Where the application reads and writes, as the role without rights to change tables: "
        "postgresql://user:password@host/name, PostgreSQL 15 or later, encoding UTF8. Unset: the embedded server.",
    )
    database_owner_url: str = setting(
        "DATABASE_OWNER_URL",
        as_database,
        "The same database as the role that owns the tables; only migrations use it. Unset: DATABASE_URL.",
    )
    database_direct_url: str = setting(
        "DATABASE_DIRECT_URL",
        as_database,
        "The same database without a pooler in between, for LISTEN, jobs and session locks. Unset: DATABASE_URL.",
    )
    site_url: str = setting(
        "SITE_URL",
        as_site,
        "The address people type, such as https://desk.example.org. Unset: http://localhost:PORT.",
    )
    allowed_hosts: tuple[str, ...] = setting(
        "ALLOWED_HOSTS",
        as_list,
        "Host names that are answered, separated by commas. Unset: the host of SITE_URL, localhost, 127.0.0.1 "
        "and [::1].",
    )
    bind: str = setting(
        "BIND",
        as_text,
        "Address the web server listens on. A demo listens on loopback only.",
        "127.0.0.1",
    )
    port: int = setting("PORT", as_port, "Port the web server listens on.", 8000)
    debug: bool = setting("DEBUG", as_flag, "Show details of errors in the browser; never in production.", False)
    demo: bool = setting(
        "DEMO",
        as_flag,
        "Fill a new instance with a company, its accounts and a lively fake network on this machine. `make up` "
        "sets it; set DEMO=0 for real use.",
        False,
    )
    email_url: str = setting(
        "EMAIL_URL",
        as_text,
        "Mail server: smtp://user:password@host:587?tls=1, or console: to print mails instead of sending them.",
        "console:",
    )
    email_from: str = setting("EMAIL_FROM", as_text, "Sender of mails.", "Pluralis <pluralis@localhost>")
    log_level: str = setting("LOG_LEVEL", as_level, "DEBUG, INFO, WARNING or ERROR.", "INFO")
    database_pool: int = setting(
        "DATABASE_POOL",
        as_count,
        "Database connections one process keeps at most; a request that finds none free waits for one.",
        20,
    )
    worker_concurrency: int = setting(
        "WORKER_CONCURRENCY",
        as_count,
        "Jobs one worker process works on at the same time; each may hold a database connection.",
        10,
    )
    film_max_mb: int = setting(
        "FILM_MAX_MB",
        as_megabytes,
        "Megabytes of the largest film that may be handed in, at most 512; films are kept in the media folder, "
        "never in memory.",
        100,
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Environment":
        """Read every setting; raises SettingsError with all problems at once.

        Reads `keys.json` when the secrets are not given; writes nothing.
        """
        problems: list[str] = []
        given = _parse_all(cls, environ, problems)
        _fill_data_dir(given, environ, problems)
        if not problems:
            _fill_addresses(given)
            _fill_databases(given)
            _fill_secrets(given, problems)
        if not problems:
            problems += _contradictions(given)
        if problems:
            raise SettingsError(problems)
        return cls(**given)

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded server in the data folder."""
        return self.database_url == cluster_in(self.data_dir).url("pluralis", APP)

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"


def declared() -> list[Field[Any]]:
    """Return the settings in the order they are documented."""
    return list(fields(Environment))


def default_data_dir(environ: Mapping[str, str]) -> Path | None:
    """Return where data go when nobody said; None for a user without a home."""
    if os.geteuid() == 0:
        return Path("/var/lib/pluralis")
    if state := environ.get("XDG_STATE_HOME"):
        return Path(state) / "pluralis"
    home = environ.get("HOME")
    return Path(home) / ".local" / "state" / "pluralis" if home else None


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's DATABASES entry for a `postgresql://` address.

    The socket's folder or host may stand in the query (`?host=`), as libpq allows; other query parameters
    become OPTIONS.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    port = options.pop("port", None) or parts.port or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port),
        "OPTIONS": options,
    }


def _parse_all(cls: type, environ: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for one in fields(cls):
        text = environ.get(one.metadata["name"], "")
        if not text.strip():
            continue
        try:
            given[one.name] = one.metadata["parse"](text)
        except ValueError as problem:
            problems.append(f"{one.metadata['name']} {problem}.")
    return given


def _fill_data_dir(given: dict[str, Any], environ: Mapping[str, str], problems: list[str]) -> None:
    if "data_dir" not in given and not any("PLURALIS_DATA_DIR" in problem for problem in problems):
        folder = default_data_dir(environ)
        if folder is None:
            problems.append("PLURALIS_DATA_DIR is needed, because this user has no home folder.")
        given["data_dir"] = folder


def _fill_addresses(given: dict[str, Any]) -> None:
    port = given.get("port", 8000)
    site = given.setdefault("site_url", f"http://localhost:{port}")
    usual = (urlsplit(site).hostname or "", "localhost", "127.0.0.1", "[::1]")
    given.setdefault("allowed_hosts", tuple(dict.fromkeys(usual)))


def _fill_databases(given: dict[str, Any]) -> None:
    if "database_url" not in given:
        cluster = cluster_in(given["data_dir"])
        given["database_url"] = cluster.url("pluralis", APP)
        given["database_owner_url"] = cluster.url("pluralis", OWNER)
    given.setdefault("database_owner_url", given["database_url"])
    given.setdefault("database_direct_url", given["database_url"])


def _fill_secrets(given: dict[str, Any], problems: list[str]) -> None:
    if "secret_key" in given and "field_keys" in given:
        return
    try:
        keys = Keys.read(given["data_dir"])
    except KeysError as problem:
        problems.append(str(problem))
        return
    given.setdefault("secret_key", keys.secret_key)
    given.setdefault("field_keys", keys.field_keys)


def _contradictions(given: dict[str, Any]) -> list[str]:
    found = []
    if len(given["secret_key"]) < 32:
        found.append("SECRET_KEY must have at least 32 characters.")
    if given.get("demo") and given.get("bind", "127.0.0.1") not in {"127.0.0.1", "::1", "localhost"}:
        found.append("DEMO=1 listens on loopback only; remove BIND or set DEMO=0.")
    found += Keys.problems_of(given["field_keys"])
    return found
