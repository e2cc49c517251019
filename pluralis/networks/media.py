"""What travels beside the words: pictures, films and cards, and what a network takes of them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

FILM = "video/"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or film to publish: its bytes, media type, size in pixels and text for those who cannot see it.

    A film is too large to be held in memory: it lies in the file ``path``, and ``content`` is empty.
    ``seconds`` is how long it runs, ``None`` where that is not known. ``uploaded`` is where it lies on the network
    already (:attr:`Uploaded.reference`), ``None`` when it is still to be uploaded.
    """

    content: bytes
    content_type: str
    alt_text: str
    width: int = 0
    height: int = 0
    path: str = ""
    seconds: float | None = None
    uploaded: Mapping[str, Any] | None = None

    @property
    def is_film(self) -> bool:
        """Whether it moves and may sound; an animated GIF is a picture."""
        return self.content_type.startswith(FILM)

    @property
    def size(self) -> int:
        """Its bytes, counted."""
        return Path(self.path).stat().st_size if self.path else len(self.content)

    def open(self) -> BinaryIO:
        """Return its bytes as a stream that is read once; the caller closes it. Raises ``OSError``."""
        return Path(self.path).open("rb") if self.path else io.BytesIO(self.content)


@dataclass(frozen=True, slots=True)
class FilmLimits:
    """What a film may be where a post takes one: alone, with no picture beside it, as every network here demands.

    ``seconds`` is ``None`` where the network sets no end. ``described`` says that it keeps the words for those who
    cannot see it.
    """

    bytes: int
    seconds: int | None
    types: tuple[str, ...]
    described: bool


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that lies on the network and is not public yet. ``reference`` is plain JSON that only its connector
    reads; ``seconds`` is how long the network keeps a file that no post names, counted from the upload's end.
    """

    reference: Mapping[str, Any]
    seconds: int


@dataclass(frozen=True, slots=True)
class Card:
    """What stands below a link: the page's own title and description, and a picture of it."""

    url: str
    title: str
    description: str = ""
    picture: Attachment | None = None


@dataclass(frozen=True, slots=True)
class CardLimits:
    """What a card may hold where the network builds none itself: characters of the words, bytes of the picture."""

    title: int
    description: int
    picture_bytes: int
