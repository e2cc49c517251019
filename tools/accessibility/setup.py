"""Bring along axe-core, which judges whether a page can be used by everybody, from npm into `.tools/axe`."""

import hashlib
import shutil
from pathlib import Path

from tools.node.setup import Missing, Node

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / ".tools" / "axe"
_MINUTES = 5


def ensure(home: Path = HOME) -> Path:
    """Return the script that a page is judged with, installed on first use; raises Missing."""
    script = home / "axe.min.js"
    stamp = home / "stamp"
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not script.exists() or not stamp.exists() or stamp.read_text() != wanted:
        _install(home, script)
        stamp.write_text(wanted)
    return script


def _install(home: Path, script: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, home / name)
    Node.ensure().npm("ci", "--ignore-scripts", folder=home, minutes=_MINUTES)
    packed = home / "node_modules" / "axe-core" / "axe.min.js"
    if not packed.exists():
        raise Missing("the package axe-core holds no axe.min.js")
    shutil.copy(packed, script)
    shutil.rmtree(home / "node_modules")
