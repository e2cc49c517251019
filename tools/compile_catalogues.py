"""Compile every message catalogue with Babel, so that nobody needs gettext's msgfmt."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "pluralis" / "locale"


def compile_catalogue(source: Path) -> Path:
    """Write the `.mo` file beside a `.po` file and return its path; fuzzy entries are left out."""
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=source.parents[1].name)
    target = source.with_suffix(".mo")
    with target.open("wb") as compiled:
        write_mo(compiled, catalogue)
    return target


def main() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compile_catalogue(source)


if __name__ == "__main__":
    main()
