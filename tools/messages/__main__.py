"""`python -m tools.messages`: renew all catalogues and compile them. `check`: only say what is missing. `compile`."""

import sys

from tools.compile_catalogues import main as compile_catalogues
from tools.messages.extract import LANGUAGES, configure


def main(arguments: list[str]) -> int:
    """Return 1 when a message has no translation, so that it can stand in a script."""
    if arguments == ["compile"]:
        compile_catalogues()
        return 0
    configure()
    from tools.messages import catalogues

    faults: list[str] = []
    for language in LANGUAGES:
        if arguments != ["check"]:
            catalogues.renew(language)
        if language != "en":
            faults += catalogues.problems(language)
    if arguments != ["check"]:
        compile_catalogues()
    print("\n".join(faults) or "Every message has its words in every language.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
