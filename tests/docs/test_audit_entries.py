"""Every entry the audit log can hold has its line, and no line names an entry that cannot be written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pluralis.core.states import PART_MOVES, ConversationState, PartState
from tests.docs.pages import ROOT, read

SECURITY = "docs/explanation/security.md"
# What may stand behind a beginning that is completed when it is written; `None`: the second word of the module's
# own `_note(actor, about, "word", ...)`.
COMPLETED: dict[str, set[str] | None] = {
    # Never into *sending*: that is the attempt. *cancelled* and *deleted* are noted as what the person did.
    "publishing.part.": {str(state) for after in PART_MOVES.values() for state in after}
    - {PartState.SENDING, PartState.CANCELLED, PartState.DELETED},
    "publishing.delivery.": None,
    "publishing.import.": None,
    "publishing.recurrence.": None,
    "publishing.evergreen.": None,
    "inbox.conversation.": None,
    "inbox.contact.": None,
    "inbox.faq_entry.": {"saved", "published", "withdrawn", "put_aside"},
    "inbox.incident.": None,
    "inbox.search.": None,
    "inbox.profile.": {"muted", "blocked", "reported"},
    "inbox.offer.": {"offered", "taken", "declined"},
    "posts.post.": {"draft", "discarded"},
}
MOVED = {str(ConversationState.OPEN), str(ConversationState.RESOLVED), str(ConversationState.SNOOZED)}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in (ROOT / "pluralis").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "audit.note(" in text:
            yield path, ast.parse(text)


def words(node: ast.expr) -> set[str]:
    """Return the texts an expression may be: a constant, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return words(node.body) | words(node.orelse)
    return set()


def noted(tree: ast.Module) -> set[str]:
    """Return the words a module gives to its own `_note`, also through a variable called `what`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_note":
            found |= words(node.args[2])
        if isinstance(node, ast.Assign) and [each.id for each in node.targets if isinstance(each, ast.Name)] == [
            "what"
        ]:
            found |= words(node.value)
    return found


def entries() -> set[str]:
    """Return every name that the code can write."""
    found = set()
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note":
                found |= _named(path, tree, node.args[0])
    return found


def _named(path: Path, tree: ast.Module, name: ast.expr) -> set[str]:
    if not isinstance(name, ast.JoinedStr):
        assert words(name), f"{path}: an entry whose name cannot be read: {ast.unparse(name)}"
        return words(name)
    begin = name.values[0]
    assert isinstance(begin, ast.Constant) and begin.value in COMPLETED, f"{path}: {ast.unparse(name)}"
    completed = COMPLETED[begin.value]
    moved = MOVED if begin.value == "inbox.conversation." else set()
    return {f"{begin.value}{word}" for word in (noted(tree) | moved if completed is None else completed)}


def told() -> set[str]:
    table = read(SECURITY).split("| Entry | When |")[1].split("\n\n")[0]
    return set(re.findall(r"`([a-z_]+\.[a-z_]+\.[a-z_]+)`", table))


def test_every_entry_has_its_line() -> None:
    assert entries() - told() == set()


def test_no_line_names_an_entry_that_nothing_writes() -> None:
    assert told() - entries() == set()


def test_an_entry_has_three_words() -> None:
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", name) for name in entries())
    assert len(entries()) > 30
