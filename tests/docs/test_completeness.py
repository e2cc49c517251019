"""What the program has, the documentation names; and what it names in its tables, the program has."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from pluralis import failpoints
from pluralis.cli.main import commands
from pluralis.config.environment import declared
from pluralis.config.wiring import EVENTS
from pluralis.core.delivery import MissedPolicy
from pluralis.core.states import CONVERSATION_MOVES, PART_MOVES, ConversationState, HoldReason, PartState
from pluralis.networks import contract, errors, registry
from tests.docs.pages import ROOT, coded, everything, names_in, read, rows_of

PROMISES = "docs/explanation/promises.md"
COMMANDS = "docs/reference/commands.md"
NETWORKS = "docs/reference/networks.md"
ROADS = ("docs/explanation/publishing-road.md", "docs/explanation/inbox-road.md")


def first_cells(page: str, heading: str) -> set[str]:
    return {name for row in rows_of(page, heading) for name in re.findall(r"`([^`]+)`", row[0])}


# Commands, settings, make targets


def test_every_command_has_its_line_and_no_line_is_left_over() -> None:
    assert {line.split()[1] for line in first_cells(COMMANDS, "## pluralis")} == set(commands())


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE)) - {"tools"}


def test_every_make_target_has_its_line_and_no_line_is_left_over() -> None:
    assert {line.split()[1] for line in first_cells(COMMANDS, "## make")} == make_targets()


def test_every_make_target_says_in_the_makefile_what_it_does() -> None:
    told = set(re.findall(r"^([a-z][a-z-]*):.*## \S", read("Makefile"), re.MULTILINE))
    assert make_targets() - told <= {"help"}


def test_every_setting_has_its_line() -> None:
    assert first_cells("docs/reference/settings.md", "# Settings") == {one.metadata["name"] for one in declared()}


def test_every_option_of_a_command_stands_on_a_page() -> None:
    options = set()
    for path in (ROOT / "pluralis" / "cli").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").split("add_argument(")[1:]:
            if "SUPPRESS" not in line.split(")\n")[0]:
                options |= set(re.findall(r'"(--[a-z-]+)"', line.split(")\n")[0]))
    missing = {option for option in options if option not in everything()}
    assert missing == set()


# States, reasons, fail-points


def moves_told(heading: str) -> dict[str, set[str]]:
    """Return the moves that the page's table names, by state."""
    return {row[0].strip("`"): set(re.findall(r"`([a-z]+)`", row[3])) for row in rows_of(PROMISES, heading)}


@pytest.mark.parametrize(
    ("heading", "moves"),
    [("## The states of a part", PART_MOVES), ("## The states of a conversation", CONVERSATION_MOVES)],
)
def test_the_page_tells_every_state_and_exactly_its_moves(heading: str, moves: dict) -> None:
    assert moves_told(heading) == {str(state): {str(each) for each in after} for state, after in moves.items()}


def test_the_words_of_the_desk_for_a_state_are_the_ones_it_shows() -> None:
    from pluralis.web.states import CONVERSATIONS, PARTS

    for heading, shown in (("## The states of a part", PARTS), ("## The states of a conversation", CONVERSATIONS)):
        told = {row[0].strip("`"): row[1] for row in rows_of(PROMISES, heading)}
        assert told == {str(state): str(look.label) for state, look in shown.items()}


def test_every_reason_for_holding_has_its_line() -> None:
    table = read(PROMISES).split("| Reason for holding |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z_]+)`", table, re.MULTILINE)) == {str(reason) for reason in HoldReason}


def test_every_fail_point_has_its_line() -> None:
    table = read(PROMISES).split("| Place | Where it is |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `([a-z_.]+)`", table, re.MULTILINE) == list(failpoints.NAMES)


def test_every_missed_policy_is_told_to_who_writes() -> None:
    from pluralis.publishing.models import Delivery

    page = read("docs/how-to/write-and-schedule.md")
    assert set(Delivery.Missed.values) == set(MissedPolicy)
    for label in Delivery.Missed.labels:
        assert f"| {label} |" in page


# Entry points, capabilities, events, jobs


def test_every_entry_point_stands_on_a_page() -> None:
    scripts = tomllib.loads(read("pyproject.toml"))["project"]["scripts"]
    assert {*scripts, registry.GROUP} <= coded(everything())


def test_every_capability_with_its_calls_stands_in_the_reference() -> None:
    tree = ast.parse(Path(contract.__file__).read_text(encoding="utf-8"))
    named = names_in(NETWORKS)
    capabilities = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name != "Connector"]
    for node in capabilities:
        if any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases):
            calls = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]
            assert {node.name, *calls} <= named, node.name


def test_every_instruction_of_a_connector_stands_in_the_reference() -> None:
    kinds = {kind.__name__ for kind in errors.NetworkError.__subclasses__() if kind.__module__ == errors.__name__}
    table = read(NETWORKS).split("| Instruction | Raise it when |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == kinds


def test_every_event_stands_in_the_design() -> None:
    assert set(EVENTS) <= names_in("docs/explanation/design.md")


def jobs() -> set[str]:
    found = set()
    for path in (ROOT / "pluralis").rglob("*.py"):
        found |= set(re.findall(r'@jobs\.task\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))
    return found


def test_every_job_stands_in_the_table_of_a_road() -> None:
    told = {name for road in ROADS for name in re.findall(r"^\| `([a-z_]+)` \|", read(road), re.MULTILINE)}
    assert told | upkeep_told() == jobs()


def upkeep_told() -> set[str]:
    """Return the jobs that belong to no road and stand with the data they clean."""
    return {name for name in jobs() if name in names_in("docs/explanation/data.md")}


def test_the_states_of_the_glossary_are_not_told_twice() -> None:
    glossary = names_in("docs/reference/glossary.md")
    assert not glossary & {str(state) for state in (*PartState, *ConversationState)}
