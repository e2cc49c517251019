"""Write the tables the text engine reads: emoji, top-level domains, and letters of hashtags.

Run by a developer when Unicode or a list has a new version, never at run time:

    python -m tools.text.tables --emoji <emoji.json> --domains <regexp folder> --letters <unicodedata module>

Sources: ``emoji.json`` of the PyPI package *emoji* (BSD licence, restates Unicode's ``emoji-test.txt``); the
top-level domains and letter classes that X publishes in *twitter-text* 3.1.0 (Apache 2.0); letters, marks and
digits of the Unicode database through the PyPI package *unicodedata2*.
"""

import argparse
import importlib
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

ARTEFACTS = Path(__file__).resolve().parents[2] / "pluralis" / "core" / "artefacts"
COMPONENT, FULLY_QUALIFIED = 1, 2
LAST_CODE_POINT = 0x10FFFF
KEYCAP = "\u20e3"


def emoji_sequences(table: dict[str, dict[str, object]]) -> list[str]:
    """Return fully qualified emoji and components (skin tones, hair), shortest first, without keycaps.

    Keycaps begin with a digit, ``#`` or ``*``; the engine knows them by their shape.
    """
    wanted = (text for text, facts in table.items() if facts["status"] in (COMPONENT, FULLY_QUALIFIED))
    kept = (text for text in wanted if KEYCAP not in text)
    return sorted(kept, key=lambda text: (len(text), text))


def top_level_domains(sources: Iterable[str]) -> list[str]:
    """Return the alternatives of the regular expressions in X's sources, lower case, sorted."""
    found: set[str] = set()
    for source in sources:
        body = source[source.index("_regexSupplant") :]
        for piece in re.findall(r"'([^']*)'", body):
            found.update(re.findall(r"[^|()?:=+@$\[\]\\^\s]+", piece))
    return sorted(name for name in found if len(name) > 1 and not re.search(r"[-A-Z]", name))


def character_class(wanted: Callable[[int], bool]) -> str:
    """Return the inside of a regular expression's set that holds every code point which is wanted."""
    pieces: list[str] = []
    start: int | None = None
    for code in range(LAST_CODE_POINT + 2):
        inside = code <= LAST_CODE_POINT and wanted(code)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            pieces.append(chr(start) if start == code - 1 else f"{chr(start)}-{chr(code - 1)}")
            start = None
    return "".join(pieces)


def letter_classes(unicode_data: ModuleType) -> dict[str, str]:
    """Return the classes of letters with marks, and of decimal digits, with the version they come from."""
    category = unicode_data.category
    return {
        "unicode": unicode_data.unidata_version,
        "letters": character_class(lambda code: category(chr(code))[0] in "LM"),
        "digits": character_class(lambda code: category(chr(code)) == "Nd"),
    }


def _write_lines(name: str, comment: str, lines: Iterable[str]) -> None:
    text = f"# {comment}\n" + "\n".join(lines) + "\n"
    (ARTEFACTS / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Read the sources named on the command line and write the three files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emoji", type=Path, required=True)
    parser.add_argument("--domains", type=Path, required=True)
    parser.add_argument("--letters", default="unicodedata2")
    chosen = parser.parse_args()
    table = json.loads(chosen.emoji.read_text(encoding="utf-8"))
    newest = max(float(str(facts["E"])) for facts in table.values())
    _write_lines("emoji.txt", f"Emoji {newest:g}, restated from emoji-test.txt", emoji_sequences(table))
    sources = [(chosen.domains / f"{name}.js").read_text(encoding="utf-8") for name in ("validGTLD", "validCCTLD")]
    _write_lines("tld.txt", "Top-level domains of twitter-text 3.1.0", top_level_domains(sources))
    classes = letter_classes(importlib.import_module(chosen.letters))
    (ARTEFACTS / "counting_letters.json").write_text(json.dumps(classes, ensure_ascii=True, indent=1) + "\n")


if __name__ == "__main__":
    main()
