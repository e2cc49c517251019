"""The command line: help, wrong usage, and what the machine may cost."""

import subprocess
import sys

import pytest

from pluralis.cli import CommandError
from pluralis.cli import main as shell
from pluralis.cli.doctor import connections_needed


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "pluralis.cli.main", *words], capture_output=True, text=True)


def test_help_names_every_command_with_a_word_about_it() -> None:
    answer = run("--help")
    assert answer.returncode == 0
    for name in ("up", "web", "worker", "migrate", "backup", "restore", "doctor", "upgrade"):
        assert name in shell.commands()
        assert f"\n    {name} " in answer.stdout


@pytest.mark.parametrize("words", [[], ["nonsense"], ["up", "--nonsense"]])
def test_wrong_usage_is_refused_with_code_two(words: list[str]) -> None:
    answer = run(*words)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_a_refusal_is_a_sentence_and_no_stack_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(arguments: object) -> int:
        raise CommandError("the disk is full. Nothing was changed.")

    monkeypatch.setattr("pluralis.cli.doctor.run", refuse)
    monkeypatch.setattr("pluralis.cli.doctor.NEEDS_INSTANCE", False)
    assert shell.main(["doctor"]) == 1
    assert capsys.readouterr().err == "pluralis doctor: the disk is full. Nothing was changed.\n"


BUDGETS = {
    (1, 1, 20, 10): 40,
    (2, 4, 20, 10): 106,
    (1, 1, 20, 40): 50,
    (0, 1, 5, 10): 14,
}


@pytest.mark.parametrize("sizes", BUDGETS)
def test_the_connections_of_all_processes_are_added_up(sizes: tuple[int, int, int, int]) -> None:
    web, workers, pool, concurrency = sizes
    assert connections_needed(web=web, workers=workers, pool=pool, concurrency=concurrency) == BUDGETS[sizes]
