"""The command line: one module of this package per command.

A command is a module here with `add_parser(subparsers)` and `run(arguments) -> int` (the exit code). It says
`NEEDS_INSTANCE = True` when it touches the data folder or the database: then, started as root, the process
first becomes the unprivileged system user (a function `before_leaving_root(arguments)` may open files and
returns the words to go on with). Only the module of the command asked for is imported.
"""

import argparse
import pkgutil
import sys
from importlib import import_module
from types import ModuleType

from pluralis import cli
from pluralis.config.embedded import EmbeddedError
from pluralis.config.environment import SettingsError
from pluralis.config.instance import InstanceError
from pluralis.config.keys import KeysError

_NO_COMMANDS = {"main", "privileges", "database", "archive"}
# Each of these carries its own advice; a stack trace would hide it.
_SPOKEN = (SettingsError, EmbeddedError, KeysError, InstanceError, cli.CommandError)


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 refused with a message, 2 wrong usage."""
    words = sys.argv[1:] if argv is None else argv
    modules = _modules_for(words)
    arguments = _parser(modules).parse_args(words)
    module = modules[arguments.command]
    try:
        if getattr(module, "NEEDS_INSTANCE", False):
            _leave_root(module, arguments, words)
        return int(module.run(arguments))
    except _SPOKEN as problem:
        print(f"pluralis {arguments.command}: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _leave_root(module: ModuleType, arguments: argparse.Namespace, words: list[str]) -> None:
    """Become the system user when we are root; a command may open files with root's rights first."""
    from pluralis.cli import privileges

    if privileges.running_as_root():
        open_first = getattr(module, "before_leaving_root", None)
        privileges.leave_root(open_first(arguments) if open_first else words)


def commands() -> list[str]:
    """Return the names of all commands, as they are typed."""
    names = (found.name for found in pkgutil.iter_modules(cli.__path__))
    return sorted(name.replace("_", "-") for name in names if name not in _NO_COMMANDS)


def _modules_for(words: list[str]) -> dict[str, ModuleType]:
    """Import the module of the command that was typed, or all of them to show help."""
    known = commands()
    wanted = [words[0]] if words and words[0] in known else known
    return {name: import_module(f"pluralis.cli.{name.replace('-', '_')}") for name in wanted}


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pluralis", description="The desk from which a team runs its company's accounts."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules.values():
        module.add_parser(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
