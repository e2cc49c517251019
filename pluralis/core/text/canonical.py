"""One form for texts that are the same to a reader, to compare what was sent with what a network shows."""

import html
import re
import unicodedata

# An ampersand escaped once more on the way: "&amp;lt;" for a "<" that was sent as "&lt;".
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;|#0*38;|#x0*26;)+", re.IGNORECASE)
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical(text: str) -> str:
    """Return ``text`` with HTML entities resolved, composed (NFC), and each run of white space as one blank.

    No-break spaces of all widths are white space (French typography puts them before ``; : ! ?``), invisible
    ones disappear, white space at both ends too. An unpaired surrogate becomes U+FFFD, as on the wire. Tags,
    shortened links and mentions added in front are the connector's to undo: it knows what its network adds.
    """
    text = html.unescape(_ESCAPED_AMPERSAND.sub("&", text)) if "&" in text else text
    text = _SURROGATE.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))
    return _SPACE.sub(" ", text).strip()
