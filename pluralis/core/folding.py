"""Text for searching: without accents and case, so that *Ecole* finds *école*. Done here, not in the database,
which has no extension for it."""

import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


def fold(text: str) -> str:
    """Return ``text`` in lower case, without marks, white space folded to single blanks."""
    plain = unicodedata.normalize("NFKD", text.lower()).translate(_LETTERS)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())
