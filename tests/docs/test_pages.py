"""The reader of the pages reads what it says."""

from pathlib import Path

from tests.docs.pages import all_blocks, blocks_of, coded, everything, pages

PAGE = "# A\n\n`one two` and `three`.\n\n```sh runnable exit=1\nfalse\n```\n\n```json output\n{}\n```\n"


def test_a_fence_gives_its_language_its_marks_and_the_block_after_it() -> None:
    first, second = blocks_of(PAGE, Path("a.md"))
    assert (first.language, first.marks, first.body) == ("sh", ("runnable", "exit=1"), "false\n")
    assert first.following == second
    assert second.following is None


def test_code_marks_give_the_whole_and_its_first_word_but_nothing_of_a_fence() -> None:
    assert coded(PAGE) == {"one two", "one", "three"}


def test_the_pages_of_every_kind_are_read() -> None:
    names = {page.name for page in pages()}
    assert {"README.md", "CHANGELOG.md", "promises.md", "glossary.md", "install.md", "voice_card.md"} <= names
    assert len(everything()) > 50_000
    assert len(all_blocks()) > 10
