"""The command line; see `main`."""


class CommandError(Exception):
    """A command was refused; the message says what was kept and what to do next."""
