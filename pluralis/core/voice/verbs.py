"""The verb tables, packed in an artefact: which forms only "I" has, and how each becomes "we"."""

from functools import cache

from pluralis.core.data import load_json


@cache
def plural_changes(language: str, name: str) -> dict[str, str]:
    """Return every form of a table with its change: *hablo* -> ``"1amos"``, cut one letter and add *amos*.

    The changes are shared strings, so that a table of ten thousand forms stays near one megabyte.
    """
    table = load_json(f"voice_{language}_verbs.json")[name]
    return {form: change for change, forms in table.items() for form in forms.split()}


@cache
def verb_list(language: str, name: str) -> frozenset[str]:
    """Return a plain list of a verb table: its infinitives, its orders, or the forms that are nouns too."""
    return frozenset(load_json(f"voice_{language}_verbs.json")[name].split())


def changed(form: str, change: str) -> str:
    """Return the form with a packed change applied."""
    cut = int(change[0])
    return form[: len(form) - cut] + change[1:]


@cache
def words_of(language: str, name: str) -> frozenset[str]:
    """Return one list of ``voice_<language>_words.json``."""
    return frozenset(load_json(f"voice_{language}_words.json")[name].split())
