"""Word lists of the voice rules, kept as data so that a rule can be changed without reading code."""

from functools import cache

from pluralis.core.data import load_json


@cache
def word_list(language: str, name: str) -> frozenset[str]:
    """Return one list of ``artefacts/voice_<language>.json``; ``KeyError`` if it has no such list."""
    return frozenset(word for line in load_json(f"voice_{language}.json")[name] for word in line.split())


@cache
def word_map(language: str, name: str) -> dict[str, str]:
    """Return one map of ``artefacts/voice_<language>.json``, from a word to what stands for it."""
    entries: dict[str, str] = load_json(f"voice_{language}.json")[name]
    return entries
