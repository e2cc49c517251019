"""What can go wrong with the embedded server; every message says what was kept and what to do next."""


class EmbeddedError(Exception):
    """The embedded server cannot do what was asked; the data folder was left as it was."""


class AlreadyRunning(EmbeddedError):
    """Another server works on this data folder."""


class OtherMajorVersion(EmbeddedError):
    """The data folder was written by another major version of PostgreSQL."""

    def __init__(self, found: int, wanted: int) -> None:
        self.found, self.wanted = found, wanted
        super().__init__(
            f"The database was written by PostgreSQL {found}, and this version brings PostgreSQL {wanted}. "
            "Nothing was changed. Run `pluralis upgrade` once; it keeps the old folder."
        )
