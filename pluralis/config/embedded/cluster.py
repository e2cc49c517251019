"""One data folder and the server that works on it.

What it keeps: the data folder is private (0700) and belongs to an unprivileged user, the only way in is a
Unix socket with `peer` authentication, nothing listens on TCP, and fsync is on. Written after
PostgreSQL's own `pg_ctl`: a server is ready when line 8 of `postmaster.pid` says so.
"""

import os
import pwd
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from pluralis.config.embedded import sockets, system_user
from pluralis.config.embedded.binaries import Binaries
from pluralis.config.embedded.errors import AlreadyRunning, EmbeddedError, OtherMajorVersion

SUPERUSER = "postgres"
OWNER = "pluralis_owner"
APP = "pluralis_app"

_PORT = 5432
_START_SECONDS = 60.0
_STALE_LOCK_SECONDS = 5.0
_STOP_SECONDS = 20.0
_LOG_LIMIT = 4_000_000
_STALE = ("lock file", "pre-existing shared memory")
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u ",
    "password_encryption": "scram-sha-256",
    "idle_in_transaction_session_timeout": "10min",
}


@dataclass
class Cluster:
    """A data folder with its server.

    `folder` is ours alone: `data` (PostgreSQL's own folder), `server.log`, and the socket when the path
    is short enough. `durable=False` turns fsync off and is only for tests.
    """

    folder: Path
    binaries: Binaries
    durable: bool = True
    extra_people: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        return sockets.socket_folder(self.folder, _PORT)

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def major_on_disk(self) -> int:
        """The major version that wrote the data folder."""
        return int((self.data / "PG_VERSION").read_text().strip().split(".")[0])

    @property
    def pid(self) -> int | None:
        """The process id of a living server on this folder, whoever started it."""
        pid = _number(self._pid_file_lines()[:1])
        return pid if pid and _is_postgres(pid) else None

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """Return a connection URL over the private socket."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='')}&port={_PORT}"

    def start(self) -> None:
        """Initialise the folder when it is new, start the server and wait until it answers.

        Raises OtherMajorVersion, AlreadyRunning, or EmbeddedError with the end of the server's log.
        """
        user = system_user.server_user()
        self._prepare_folders(user)
        if not self.initialised:
            self._initialise(user)
        if self.major_on_disk != self.binaries.major:
            raise OtherMajorVersion(self.major_on_disk, self.binaries.major)
        self._forget_a_reused_pid()
        give_up = time.monotonic() + _STALE_LOCK_SECONDS
        while True:
            self._refuse_a_second_server()
            if self._try_to_start(user):
                return
            if time.monotonic() > give_up:
                raise AlreadyRunning(f"{self.data} is still locked; see {self.log}. Nothing was changed.")
            time.sleep(0.25)

    def stop(self) -> None:
        """Stop the server we started: connections are cut, what was committed is on disk."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(_STOP_SECONDS)

    def alive(self) -> bool:
        """Tell whether the server we started still runs."""
        return self._process is not None and self._process.poll() is None

    def run(self, program: str, *arguments: str, timeout: float = 600) -> str:
        """Run one of PostgreSQL's programs as the server's user and return what it printed."""
        return self._run(system_user.server_user(), program, *arguments, timeout=timeout)

    def _refuse_a_second_server(self) -> None:
        """Raise AlreadyRunning when a living server says that it is ready; a dying one is waited for."""
        if self.pid is not None and self._pid_file_lines()[7:8] == ["ready   "]:
            raise AlreadyRunning(
                f"Another PostgreSQL server (process {self.pid}) works on {self.data}. "
                "Nothing was changed. Stop it first, or use another data folder."
            )

    def initialise(self, *, checksums: bool = True) -> None:
        """Make the folder and an empty database in it, without starting the server."""
        user = system_user.server_user()
        self._prepare_folders(user)
        self._initialise(user, checksums=checksums)

    def _prepare_folders(self, user: pwd.struct_passwd) -> None:
        system_user.give_to(user, self.folder)
        sockets.make(self.socket_folder, user)

    def _initialise(self, user: pwd.struct_passwd, *, checksums: bool = True) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedError(f"{self.data} is neither empty nor a database. Nothing was changed.")
        self._run(user, "initdb", *self._initdb_arguments(checksums=checksums))
        # Written last, so that a folder without it is known to be half-made.
        write_as(user, self.data / "pg_ident.conf", self._ident_map(user))
        write_as(user, self.data / "pg_hba.conf", "local all all peer map=pluralis\n")

    def _initdb_arguments(self, *, checksums: bool) -> list[str]:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if self.binaries.major < 17:  # the builtin provider came with 17
            locale = ["--locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        # Without a word, 18 makes checksums and older ones do not.
        sums = [f"--{'' if checksums else 'no-'}data-checksums"] if checksums or self.binaries.major >= 18 else []
        who = [f"--username={SUPERUSER}", "--auth=peer"]
        return [f"--pgdata={self.data}", "--encoding=UTF8", *locale, *who, *sums, *sync]

    def _ident_map(self, user: pwd.struct_passwd) -> str:
        people = dict.fromkeys((user.pw_name, *self.extra_people))
        lines = (f"pluralis {who} {role}\n" for who in people for role in (SUPERUSER, OWNER, APP))
        return "".join(lines)

    def _try_to_start(self, user: pwd.struct_passwd) -> bool:
        """Start once; return False when a stale lock stood in the way, so that it may be tried again."""
        self._trim_log()
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own absolute path
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.defpath, "TZ": "UTC", "LC_ALL": "C"},
                # Not in our process group: Ctrl-C is for the supervisor, which stops the server last.
                start_new_session=True,
                **system_user.popen_as(user),
            )
        if self._wait_until_ready(self._process):
            return True
        said = self._log_since(before)
        if any(sign in said for sign in _STALE):
            return False
        raise EmbeddedError(f"PostgreSQL did not start. Its log ({self.log}) ends with:\n{said[-2000:]}")

    def _command(self) -> list[str]:
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self.socket_folder),
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            # Also without fsync: a server killed in a test must not forget what it said was committed.
            "synchronous_commit": "on",
            **self.settings,
        }
        pairs = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.binaries.program("postgres"), "-D", str(self.data), *pairs]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        give_up = time.monotonic() + _START_SECONDS
        while process.poll() is None:
            lines = self._pid_file_lines()
            if _number(lines[:1]) == process.pid and lines[7:8] and lines[7].strip() == "ready":
                return True
            if time.monotonic() > give_up:
                self.stop()
                raise EmbeddedError(f"PostgreSQL was not ready after {_START_SECONDS:.0f} s; see {self.log}.")
            time.sleep(0.02)
        return False

    def _forget_a_reused_pid(self) -> None:
        """Remove `postmaster.pid` when its number now belongs to a process that is no PostgreSQL.

        After a reboot or in a new container small numbers come again, and PostgreSQL would wait for ever.
        """
        pid = _number(self._pid_file_lines()[:1])
        if pid and not _is_postgres(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _trim_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))

    def _log_since(self, position: int) -> str:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _run(self, user: pwd.struct_passwd, program: str, *arguments: str, timeout: float = 600) -> str:
        answer = subprocess.run(  # noqa: S603 - our own absolute path
            [self.binaries.program(program), *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=self.folder,
            env={"PATH": os.defpath, "TZ": "UTC", "LC_ALL": "C"},
            check=False,
            **system_user.popen_as(user),
        )
        if answer.returncode:
            raise EmbeddedError(f"{program} failed: {answer.stderr.strip()[-2000:]}")
        return str(answer.stdout)


def write_as(user: pwd.struct_passwd, path: Path, text: str) -> None:
    """Write a private file that belongs to the server's user."""
    path.write_text(text)
    path.chmod(0o600)
    if system_user.running_as_root():
        os.chown(path, user.pw_uid, user.pw_gid)


def _number(lines: list[str]) -> int | None:
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _is_postgres(pid: int) -> bool:
    """Tell whether a living process is a PostgreSQL server, as far as the system lets us see."""
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except FileNotFoundError:
        return not Path("/proc/self").exists() and _answers_to_signals(pid)


def _answers_to_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
