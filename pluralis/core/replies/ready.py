"""Ready texts in the customer's language; the person may change every word before it goes out."""

from pluralis.core.data import load_json

TEXTS = ("continue_privately", "delete_yours", "write_to_us", "invite_to_support")
_SAME = {"id": "ms", "ms/id": "ms"}


def ready_text(name: str, language: str, *, handle: str = "") -> str:
    """Return one of :data:`TEXTS` in ``language``, in English where there is none; ``KeyError`` for another name."""
    texts: dict[str, str] = load_json("replies_texts.json")[name]
    return texts.get(_SAME.get(language, language), texts["en"]).replace("{handle}", handle.lstrip("@"))
